"""Do the figures of a table add up: every printed total, of a parent region too, against its details."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.catalogue import Check
from models.citation import Language, Text
from models.rules.tree import Comparison
from models.submission import Line
from optimizer.audit.practice.books import Books, Found, Hit, Open
from optimizer.audit.statement import not_applicable

#: What a total is about: region, measure, fund, year, subject; None: all of them.
Scope = tuple[str | None, str | None, str | None, int | None, str | None]


def sums(books: Books, check: Check) -> Iterator[Found]:
    """`sum`: a printed total = the sum of the details it is about (a region: of everything in it)."""
    totals = books.submission.totals
    if not totals:
        why = not_applicable("表中没有印出合计", "the table prints no totals")
        yield Open(books.root, None, why)
    known: dict[tuple[bool, ...], Mapping[Scope, tuple[int, int]]] = {}
    for total in totals:
        scope = _scope(books, total)
        asked = tuple(part is not None for part in scope)
        if asked not in known:
            known[asked] = _added(books, asked)
        amount, count = known[asked].get(scope, (0, 0))
        yield Hit(
            region=books.place(total.region),
            year=total.year,
            left=total.amount,
            right=amount,
            about=_about(books, total),
            left_name=Text(zh="表列合计", en="the table's total"),
            right_name=Text(zh=f"{count} 行明细之和", en=f"the sum of {count} details"),
            compare=Comparison.EQUAL,
            evidence=(total.spot,),
        )


def _scope(books: Books, line: Line) -> Scope:
    region = None if line.region == books.root else line.region
    return region, line.measure, line.fund, line.year, line.subject or None


def _added(books: Books, asked: tuple[bool, ...]) -> Mapping[Scope, tuple[int, int]]:
    """Scope -> sum and number of the details, for scopes that say just these parts."""
    found: dict[Scope, tuple[int, int]] = {}
    regions = books.case.regions
    for line in books.submission.details:
        places: list[str | None] = [None]
        if asked[0]:
            places = (
                list(regions.ancestors(line.region))
                if line.region and line.region in regions
                else [line.region]
            )
        rest = (line.measure, line.fund, line.year, line.subject or None)
        for place in places:
            parts = (place, *(part if wanted else None for part, wanted in zip(rest, asked[1:], strict=True)))
            scope: Scope = parts  # type: ignore[assignment]
            amount, count = found.get(scope, (0, 0))
            found[scope] = amount + line.amount, count + 1
    return found


def _about(books: Books, total: Line) -> Text:
    """What the total is about: measure and fund, or all of it."""
    case = books.case
    titles = [item.title for item in (case.measures.get(total.measure or ""),) if item]
    titles += [item.title for item in (case.funds.get(total.fund or ""),) if item]
    if not titles:
        return Text(zh="合计", en="total")
    return Text(
        zh=f"合计（{'、'.join(title.zh for title in titles)}）",
        en=f"total ({', '.join(title.said(Language.EN) for title in titles)})",
    )
