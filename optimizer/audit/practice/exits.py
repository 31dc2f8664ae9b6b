"""Exits that are declared while a guarantee (housing, schooling, insurance, water ...) is still open."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from models.allocation import Item
from models.catalogue import Check
from models.citation import Citation, Language, Text
from models.policy import ConditionKind, Counts, Need, NeedKind
from models.rules.tree import Comparison
from models.submission import Spot
from optimizer.audit.practice.books import Books, Found, Hit, Open
from optimizer.audit.statement import Exact, not_applicable


def early_exit(books: Books, check: Check) -> Iterator[Found]:
    """`early_exit`: met >= the need, for every guarantee of a region that is declared out, in that year.

    Declared out: it leaves a standard's list, or all its poor persons are out. A guarantee is a backlog that
    is tagged so, holds back exits, or is a condition of the standard (then with the share of that condition).
    Persons whom `holds` keeps back are that statement's business.
    """
    covers = books.allocation.covers
    unknown = books.ledger.unknown({Item.UNITS})
    if Item.LEAVES not in covers and Item.EXITS not in covers:
        unknown = books.ledger.unknown({Item.LEAVES, Item.EXITS})
    if unknown is not None:
        yield Open(books.root, None, unknown)
        return
    tagged = [
        need
        for need in books.case.needs.values()
        if need.kind is NeedKind.BACKLOG and (need.tags & frozenset(check.words("tags")) or need.holds)
    ]
    seen = False
    for region, standard, year in books.allocation.leaves:
        if region in books.case.regions and standard in books.case.standards and year in books.case.years:
            seen = True
            yield from _left_list(books, region, standard, year, tagged)
    if Item.EXITS in covers:
        for region, year in _emptied(books):
            for need in tagged:
                if not need.holds:
                    seen = True
                    yield from _open(books, region, year, need, Fraction(1), None)
    if not seen:
        yield Open(books.root, None, not_applicable("没有宣布退出的地区", "no region is declared out"))


def _left_list(books: Books, region: str, standard: str, year: int, tagged: list[Need]) -> Iterator[Found]:
    """The guarantees of a region that leaves the list; its standard's conditions come first."""
    done = set()
    for condition in books.case.standards[standard].conditions:
        if condition.kind is ConditionKind.NEED and condition.need is not None:
            done.add(condition.need)
            share = Fraction(1) if condition.share is None else condition.share
            need = books.case.needs[condition.need]
            rule = f"leave.{standard}.{condition.id}"
            yield from _open(books, region, year, need, share, condition.citation, rule)
    for need in tagged:
        if need.id not in done:
            yield from _open(books, region, year, need, Fraction(1), None)


def _open(
    books: Books, region: str, year: int, need: Need, share: Fraction, citation: Citation | None, *rules: str
) -> Iterator[Found]:
    wanted = _needed(books, region, need.id, year)
    if wanted is None:
        return
    yield Hit(
        region=region,
        year=year,
        left=books.ledger.met[need.id, year].get(region, 0),
        right=share * wanted,
        about=Text(zh=f"已宣布退出，{need.title.zh}", en=f"declared out, {need.title.said(Language.EN)}"),
        left_name=Text(zh="已落实", en="met"),
        right_name=Text(zh="应落实", en="to be met"),
        compare=Comparison.AT_LEAST,
        unit=need.unit,
        evidence=_declared(books, region, year),
        citation=citation,
        explains=rules,
    )


def _declared(books: Books, region: str, year: int) -> tuple[Spot, ...]:
    """The cells that say who has left there by the end of the year."""
    inside = frozenset(books.case.regions.subtree(region))
    cells = books.submission.exit_cells.items()
    return tuple(spot for (where, when), spots in cells if where in inside and when <= year for spot in spots)


def _needed(books: Books, region: str, need: str, year: int) -> Exact | None:
    """The region's own row, or else the rows below it together; None where there are none."""
    own = books.case.need(region, need, year)
    if own is not None:
        return own
    below = [books.case.need(inside, need, year) for inside in books.case.regions.subtree(region)]
    known = [amount for amount in below if amount is not None]
    return sum(known) if known else None


def _emptied(books: Books) -> Iterator[tuple[str, int]]:
    """Each region with poor persons, and the first year at whose end all of them are out."""
    groups = [group.id for group in books.case.groups.values() if group.counts is Counts.PERSONS]
    for region in books.case.regions.ids:
        for year in books.case.years:
            stock = sum(books.ledger.stock_by[group, year].get(region, 0) for group in groups)
            out = sum(books.ledger.out[group, year].get(region, 0) for group in groups)
            if stock and out >= stock:
                yield region, year
                break
