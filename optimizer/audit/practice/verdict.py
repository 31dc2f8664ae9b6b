"""From what a check found to findings: violations, each reason not to judge once, a word when all is well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from models.catalogue import Check
from models.citation import Language, Text
from models.finding import Finding, State
from models.policy import Severity
from models.rules.tree import Comparison
from optimizer.audit.practice.books import Books, Fine, Found, Hit, Open
from optimizer.audit.statement import Statement, found, not_applicable

CheckFunction = Callable[[Books, Check], Iterator[Found]]
#: A finding, and the rules of the case that would say the same of its place and year.
Explained = tuple[Finding, tuple[str, ...]]


def judged(books: Books, check: Check, run: CheckFunction, severity: Severity) -> Iterator[Explained]:
    """What a check has to say, in the order of its findings; never nothing."""
    if check.off is not None:
        off = not_applicable(f"未要求核对：{check.off.zh}", f"not wanted: {check.off.said(Language.EN)}")
        yield _undecided(books, check, Open(books.root, None, off), 1, severity), ()
        return
    fine, broken = 0, 0
    reasons: dict[tuple[State, str], list[Open]] = {}
    for one in run(books, check):
        if isinstance(one, Fine):
            fine += one.number
        elif isinstance(one, Open):
            reasons.setdefault((one.why.state, one.why.why.zh), []).append(one)
        else:
            finding = _finding(books, check, one, severity)
            if finding.state is State.VIOLATED:
                broken += 1
                yield finding, one.explains
            else:
                fine += 1
    for places in reasons.values():
        yield _undecided(books, check, places[0], len(places), severity), ()
    if not broken and fine:
        yield _well(books, check, fine, severity), ()
    elif not broken and not reasons:
        nothing = not_applicable("表中没有可核对的内容", "there is nothing in the table to look at")
        yield _undecided(books, check, Open(books.root, None, nothing), 1, severity), ()


def _finding(books: Books, check: Check, hit: Hit, severity: Severity) -> Finding:
    statement = Statement(
        rule=check.rule,
        title=hit.about,
        left=hit.left_name,
        compare=hit.compare,
        right=hit.right_name,
        unit=hit.unit,
        citation=hit.citation or check.citation,
        severity=severity,
    )
    verdict = found(statement, books.case.regions[hit.region], hit.year, (hit.left, hit.right))
    if verdict.state is not State.VIOLATED:
        return verdict
    head = Text(
        zh=f"{check.title.zh}。{verdict.message.zh}",
        en=f"{check.title.said(Language.EN)}. {verdict.message.said(Language.EN)}",
    )
    return replace(verdict, words=head, evidence=hit.evidence, remedy=check.remedy)


def _undecided(books: Books, check: Check, one: Open, places: int, severity: Severity) -> Finding:
    """Why nothing was judged: at its place, or for several places together at the root."""
    alone = places == 1
    region = books.case.regions[one.region if alone else books.root]
    why = one.why.why
    more = ("", "") if alone else (f"（{places} 处）", f" ({places} places)")
    year = one.year if alone else None
    return _said(
        check,
        severity,
        one.why.state,
        region.id,
        year,
        Text(
            zh=f"{check.title.zh}：{why.zh}{more[0]}",
            en=f"{check.title.said(Language.EN)}: {why.said(Language.EN)}{more[1]}",
        ),
    )


def _well(books: Books, check: Check, number: int, severity: Severity) -> Finding:
    zh = f"{check.title.zh}：核对 {number:,} 项，未发现问题"
    en = f"{check.title.said(Language.EN)}: {number:,} looked at, none found"
    finding = _said(check, severity, State.PASS, books.root, None, Text(zh=zh, en=en))
    none = Fraction(0)
    return replace(finding, left=none, right=none, margin=none)


def _said(
    check: Check, severity: Severity, state: State, region: str, year: int | None, message: Text
) -> Finding:
    return Finding(
        rule=check.rule,
        severity=severity,
        state=state,
        region=region,
        year=year,
        left=None,
        compare=Comparison.EQUAL,
        right=None,
        margin=None,
        unit="finding",
        words=message,
        citation=check.citation,
    )
