"""How a check speaks: both values, the files they stand in, what to do, for everything it looked at.

A check looks at many spots (a region in a year, with two exact values). Every spot that fails is a finding;
where none does, the tightest one stands for all of them, so that the report says what was checked and how
near it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from models.citation import Citation, Language, Text
from models.finding import Finding, State
from models.policy import Severity
from models.region import Region
from models.rules.tree import Comparison
from optimizer.audit.statement import (
    Exact,
    Statement,
    found,
    heading,
    margin_of,
    not_applicable,
    state_of,
)

#: A region, a year (None: in all years together), and the two values held against each other there.
Spot = tuple[Region, int | None, Exact, Exact]
#: The same words in Chinese and in English.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """A statement about the data, the files its two values stand in, and what to do where it fails."""

    statement: Statement
    files: str
    remedy: Pair


def asked(
    rule: str,
    title: Text,
    left: Pair,
    compare: Comparison,
    right: Pair,
    unit: str,
    *,
    files: str,
    remedy: Pair,
    citation: Citation | None = None,
    hard: bool = True,
) -> Check:
    """The check `check.<rule>`: `left` compares with `right`, both named in two languages."""
    statement = Statement(
        rule=f"check.{rule}",
        title=title,
        left=text(left),
        compare=compare,
        right=text(right),
        unit=unit,
        citation=citation,
        severity=Severity.HARD if hard else Severity.ADVISORY,
    )
    return Check(statement, files, remedy)


def text(pair: Pair) -> Text:
    """Both languages as one text."""
    return Text(zh=pair[0], en=pair[1])


def both(item: Text) -> Pair:
    """One text as both languages."""
    return item.zh, item.said(Language.EN)


def verdicts(check: Check, root: Region, spots: Iterable[Spot], why_none: Pair) -> Iterator[Finding]:
    """A finding for every spot that fails; if none does, for the tightest; without spots, `why_none`."""
    compare = check.statement.compare
    seen = failed = 0
    tightest: tuple[Exact, Spot] | None = None
    for spot in spots:
        seen += 1
        margin = margin_of(spot[2], compare, spot[3])
        if state_of(margin, compare) is State.VIOLATED:
            failed += 1
            yield _failing(check, spot)
        elif tightest is None or margin < tightest[0]:
            tightest = margin, spot
    if not seen:
        yield found(check.statement, root, None, not_applicable(*why_none))
    elif not failed and tightest is not None:
        yield _holding(check, tightest[1], seen)


def there_is(check: Check, root: Region, number: int) -> Iterator[Finding]:
    """The finding of a check `number > 0` about the case as a whole."""
    yield from verdicts(check, root, [(root, None, number, 0)], ("", ""))


def _found(check: Check, spot: Spot) -> Finding:
    region, year, left, right = spot
    finding = found(check.statement, region, year, (left, right))
    if check.statement.compare is not Comparison.MORE or right:
        return finding
    # Counted things are said plainly: "none" instead of "0, equal to 0, must be more".
    zh, en = heading(check.statement, region.name, year)
    name_zh, name_en = both(check.statement.left)
    said = (f"{name_zh} {left:,}", f"{left:,} {name_en}") if left else (f"没有{name_zh}", f"no {name_en}")
    return replace(finding, words=Text(zh=f"{zh}：{said[0]}", en=f"{en}: {said[1]}"))


def _failing(check: Check, spot: Spot) -> Finding:
    finding = _found(check, spot)
    zh, en = both(finding.message)
    remedy_zh, remedy_en = check.remedy
    return replace(
        finding,
        words=Text(zh=f"{zh}。见 {check.files}：{remedy_zh}", en=f"{en}. See {check.files}: {remedy_en}"),
    )


def _holding(check: Check, spot: Spot, seen: int) -> Finding:
    finding = _found(check, spot)
    zh, en = both(finding.message)
    if seen > 1:
        zh, en = (
            f"{zh}（共核对 {seen:,} 处，此处最紧）",
            f"{en} ({seen:,} places checked, this is the tightest)",
        )
    return replace(finding, words=Text(zh=zh, en=en))
