"""The same thing paid twice: a project that gets its money again, a beneficiary of two exclusive measures."""

from __future__ import annotations

from collections.abc import Iterator

from models.catalogue import Check
from models.citation import Language, Text
from models.policy import Measure, NeedKind
from models.submission import Line
from optimizer.audit.practice.books import Books, Fine, Found, Hit, Open, contains, plain_name
from optimizer.audit.practice.matching import counted_twice
from optimizer.audit.practice.scope import no_details
from optimizer.audit.statement import not_applicable

_MASKS = ("*", "某", "×", "XX", "xx")


def funded_twice(books: Books, check: Check) -> Iterator[Found]:
    """`funded_twice`: one place, project, payee and amount has one line.

    Let through: funds that share or match the cost of one measure in one year, and years of a measure that is
    paid over years or falls due every year. A name that is only the measure's title names no project; behind
    the name of a region it names one of its year.
    """
    endings = check.words("endings")
    twice = counted_twice(books) if books.speaks("matching_twice") else frozenset()
    measures = (measure.title.zh for measure in books.case.measures.values())
    places = (books.case.regions[region].name for region in books.case.regions.ids)
    titles = frozenset(plain_name(title, endings) for title in measures)
    regions = frozenset(plain_name(name) for name in places)
    groups: dict[tuple[str | None, str, str, int, int | None], list[Line]] = {}
    named = False
    for index, line in enumerate(books.lines):
        name = plain_name(line.project, endings)
        named = named or bool(name)
        if name and name not in titles and line.amount > 0 and index not in twice:
            year = line.year if _of_a_year(name, titles, regions) else None
            key = (line.region, name, plain_name(line.payee), line.amount, year)
            groups.setdefault(key, []).append(line)
    if not named:
        yield Open(books.root, None, no_details("项目名称", "names of projects"))
    for lines in groups.values():
        again = _repeated(books, lines)
        if len(again) < 2:
            yield Fine(1)
            continue
        first = again[0]
        years = {line.year for line in again}
        yield Hit(
            region=first.region or books.root,
            year=first.year if len(years) == 1 else None,
            left=sum(line.amount for line in again),
            right=first.amount,
            about=Text(
                zh=f"项目「{first.project}」安排 {len(again)} 次（{_sources(books, again, zh=True)}）",
                en=f"project {first.project!r} is funded {len(again)} times "
                f"({_sources(books, again, zh=False)})",
            ),
            left_name=Text(zh="共安排", en="in all"),
            right_name=Text(zh="一次应为", en="once"),
            evidence=tuple(line.spot for line in again),
            explains=tuple(dict.fromkeys(f"cost.{line.measure}" for line in again)),
        )


def _of_a_year(name: str, titles: frozenset[str], regions: frozenset[str]) -> bool:
    """Whether a plain name is that of a region and the title of a measure: what the place does of it."""
    return any(name.endswith(title) and name.removesuffix(title) in regions for title in titles if title)


def _repeated(books: Books, lines: list[Line]) -> list[Line]:
    """The first line and those that cannot stand beside it (or beside each other)."""
    kept: list[Line] = []
    for line in lines:
        if not kept or any(not _lawful(books, one, line) for one in kept):
            kept.append(line)
    return kept


def _lawful(books: Books, one: Line, other: Line) -> bool:
    """Whether two lines of one project and amount are parts of one lawful payment."""
    if one.measure != other.measure or one.measure is None:
        return False
    measure = books.case.measures[one.measure]
    if one.year == other.year:
        return one.fund != other.fund and bool(measure.match or measure.shares)
    return _comes_again(books, measure)


def _comes_again(books: Books, measure: Measure) -> bool:
    yearly = any(books.case.needs[need].kind is NeedKind.ENTITLEMENT for need in measure.meets)
    return yearly or len(measure.profile) > 1 or bool(measure.upkeep) or measure.lifetime is not None


def _sources(books: Books, lines: list[Line], *, zh: bool) -> str:
    """Year and fund of every line."""
    words = []
    for line in lines:
        title = books.case.funds[line.fund].title if line.fund else Text(zh="?", en="?")
        year = "" if line.year is None else f"{line.year}年 " if zh else f"{line.year} "
        words.append(f"{year}{title.zh if zh else title.said(Language.EN)}")
    return "；".join(words) if zh else "; ".join(words)


def double_benefit(books: Books, check: Check) -> Iterator[Found]:
    """`double_benefit`: of the measures of an exclusion, a person or household of a place gets one.

    In the same year where the measures last for a time, else ever. Organisations and masked names do not
    count; the regions' sums are `exclusive`.
    """
    if not books.case.exclusions:
        yield Open(
            books.root, None, not_applicable("案例没有互斥的措施", "the case has no exclusive measures")
        )
        return
    named = [line for line in books.lines if _beneficiary(check, line)]
    if not named:
        yield Open(books.root, None, no_details("受益人姓名", "names of beneficiaries"))
        return
    for exclusion in books.case.exclusions.values():
        yearly = all(books.case.measures[measure].lifetime is not None for measure in exclusion.measures)
        got: dict[tuple[str | None, str, int | None], list[Line]] = {}
        for line in named:
            if line.measure in exclusion.measures and line.amount > 0:
                key = (line.region, plain_name(line.payee), line.year if yearly else None)
                got.setdefault(key, []).append(line)
        for (region, _, year), lines in got.items():
            by_measure: dict[str | None, int] = {}
            for line in lines:
                by_measure[line.measure] = by_measure.get(line.measure, 0) + line.amount
            if len(by_measure) < 2:
                yield Fine(1)
                continue
            years = {line.year for line in lines}
            title = exclusion.title
            yield Hit(
                region=region or books.root,
                year=year if yearly else lines[0].year if len(years) == 1 else None,
                left=sum(by_measure.values()),
                right=max(by_measure.values()),
                about=Text(
                    zh=f"「{lines[0].payee}」享受 {len(by_measure)} 项互斥措施（{title.zh}）",
                    en=f"{lines[0].payee!r} gets {len(by_measure)} exclusive measures "
                    f"({title.said(Language.EN)})",
                ),
                left_name=Text(zh="共得", en="in all"),
                right_name=Text(zh="至多一项", en="one at most"),
                evidence=tuple(line.spot for line in lines),
                citation=exclusion.citation,
            )


def _beneficiary(check: Check, line: Line) -> bool:
    if not line.payee or any(mask in line.payee for mask in _MASKS):
        return False
    return contains(line.payee, check.words("organisations")) is None
