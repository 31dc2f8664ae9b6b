"""Is money spent on what it may be spent on: negative list, scope, eligible places, management fees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor

from models.catalogue import Check, Headings
from models.citation import Language, Text
from models.finding import State
from models.region import Level
from models.rules.tree import Comparison
from models.submission import Line
from optimizer.audit.matching import bound_to
from optimizer.audit.practice.books import Books, Fine, Found, Hit, Key, Open, contains
from optimizer.audit.statement import Undecided, not_applicable

_ALLOWED = Text(zh="允许", en="allowed")


def no_details(what_zh: str, what_en: str) -> Undecided:
    """The table does not say what the check reads."""
    zh = f"无法核对，表中没有{what_zh}"
    return Undecided(State.NOT_EVALUATED, Text(zh=zh, en=f"cannot be checked, the table gives no {what_en}"))


def negative_list(books: Books, check: Check) -> Iterator[Found]:
    """`negative_list`: no detail of the tagged funds whose project name has a word of the list."""
    funds = books.funds(check.words("tags"))
    if not funds:
        yield Open(books.root, None, not_applicable("没有这类资金", "there is no fund of this kind"))
        return
    words, unless = check.headings("words"), check.words("unless")
    named = [line for line in books.submission.details if _written(books, line)]
    if not named:
        yield Open(books.root, None, no_details("项目名称", "names of projects"))
    for line in named:
        text = _written(books, line)
        hit = None if contains(text, unless) else _heading(text, words)
        if line.fund not in funds or hit is None or line.amount <= 0:
            yield Fine(1)
            continue
        heading, word = hit
        yield Hit(
            region=books.place(line.region),
            year=line.year,
            left=line.amount,
            right=0,
            about=Text(
                zh=f"「{text}」属负面清单“{heading}”（{word}），{books.case.funds[line.fund].title.zh}",
                en=f"{text!r} is on the negative list, {heading} ({word}), paid by "
                f"{books.case.funds[line.fund].title.said(Language.EN)}",
            ),
            left_name=Text(zh="列支", en="spent"),
            right_name=_ALLOWED,
            evidence=(line.spot,),
            explains=(f"cost.{line.measure}",),
        )


def _written(books: Books, line: Line) -> str:
    """The project as written; the measure as written where the case does not know it."""
    unknown = line.measure if line.measure and line.measure not in books.case.measures else ""
    return " ".join(part for part in (line.project, unknown) if part)


def _heading(text: str, words: Headings) -> tuple[str, str] | None:
    for heading, listed in words.items():
        if word := contains(text, listed):
            return heading, word
    return None


def scope(books: Books, check: Check) -> Iterator[Found]:
    """`scope`: no money of a fund for a measure that it may not pay for, wherever it is."""
    yield from _unlawful(books, "scope")


def place(books: Books, check: Check) -> Iterator[Found]:
    """`place`: no money outside the places to which the fund or the measure is restricted."""
    yield from _unlawful(books, "place")


def _unlawful(books: Books, wanted: str) -> Iterator[Found]:
    """Amounts at keys where no flow is permitted, for one of the two reasons."""
    case, flows = books.case, books.ledger.places.flows
    for key, fen in books.money.items():
        region, measure, fund, year = key
        if region in flows.get((measure, fund), ()) or _reason(books, key) != wanted:
            yield Fine(1)
            continue
        source, item = case.funds[fund].title, case.measures[measure].title
        citation = case.funds[fund].citation if wanted == "place" else case.measures[measure].citation
        yield Hit(
            region=region,
            year=year,
            left=fen,
            right=0,
            about=Text(
                zh=f"{source.zh} 用于 {item.zh}",
                en=f"{source.said(Language.EN)} for {item.said(Language.EN)}",
            ),
            left_name=Text(zh="列支", en="spent"),
            right_name=_ALLOWED,
            compare=Comparison.EQUAL,
            evidence=books.cells([key]),
            citation=citation,
            explains=(f"payer.{measure}", f"cost.{measure}"),
        )


def _reason(books: Books, key: Key) -> str:
    """Why the fund may not pay there: `place`, `scope`, or empty where only the region's level is wrong."""
    region, measure, fund, _ = key
    case, places = books.case, books.ledger.places
    item, source = case.measures[measure], case.funds[fund]
    bound = bound_to(measure=measure, fund=fund)
    let = [
        places.matcher.regions(selector.condition, bound)
        for selector in (item.payers, source.pays, source.where)
        if selector.condition is not None
    ]
    if any(not regions for regions in let):
        return "scope"
    if any(region not in regions for regions in let) or region not in places.pool_of[fund]:
        return "place"
    at_level = (
        region in case.regions.leaves if item.level is None else case.regions[region].level is item.level
    )
    return "place" if at_level and region not in places.site_sets[measure] else ""


def management_fee(books: Books, check: Check) -> Iterator[Found]:
    """`management_fee`: fees <= cap x all money of the tagged funds, in a county (or above) and year."""
    funds = books.funds(check.words("tags"))
    if not funds:
        yield Open(books.root, None, not_applicable("没有这类资金", "there is no fund of this kind"))
        return
    cap = check.number("cap")
    fees: dict[tuple[str, int], list[Line]] = {}
    for line in books.lines:
        if line.fund in funds and line.year is not None and _is_fee(books, check, line):
            region = line.region or books.root
            fees.setdefault((books.at_level(region, Level.COUNTY) or region, line.year), []).append(line)
    if not fees and not any(_written(books, line) for line in books.lines):
        yield Open(books.root, None, no_details("项目名称", "names of projects"))
        return
    totals = _totals(books, funds)
    for (region, year), lines in fees.items():
        total = totals[region, year]
        yield Hit(
            region=region,
            year=year,
            left=sum(line.amount for line in lines),
            right=floor(cap * total),
            about=Text(zh="专项扶贫类资金", en="special poverty funds"),
            left_name=Text(zh="列支管理费", en="management fee"),
            right_name=Text(zh="上限", en="cap"),
            evidence=tuple(line.spot for line in lines),
        )
    yield Fine(len(books.lines))


def _totals(books: Books, funds: frozenset[str]) -> Mapping[tuple[str, int], int]:
    """(region, year) -> fen of these funds in the region and below."""
    found: dict[tuple[str, int], int] = {}
    for line in books.lines:
        if line.fund in funds and line.year is not None:
            for above in books.case.regions.ancestors(line.region or books.root):
                found[above, line.year] = found.get((above, line.year), 0) + line.amount
    return found


def _is_fee(books: Books, check: Check, line: Line) -> bool:
    measure = books.case.measures.get(line.measure or "")
    if measure is not None and measure.tags & frozenset(check.words("measure_tags")):
        return True
    text = line.project
    return contains(text, check.words("words")) is not None and contains(text, check.words("unless")) is None
