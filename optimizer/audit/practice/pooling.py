"""Pooled agriculture funds: are they used as one, or each by its old channel, or not at all?"""

from __future__ import annotations

from collections.abc import Iterator

from models.allocation import Item
from models.catalogue import Check
from models.citation import Language, Text
from models.policy import Supply
from models.region import Level
from models.rules.tree import Comparison
from models.submission import Line
from optimizer.audit.practice.books import Books, Found, Hit, Open
from optimizer.audit.practice.scope import no_details
from optimizer.audit.statement import not_applicable

#: Where the money comes from: fund and document.
Source = tuple[str, str]


def pooling(books: Books, check: Check) -> Iterator[Found]:
    """`pooling`: a pool is spent, and not each source on one measure that no other source pays.

    A source is a fund with the document that passed it down. Where a fund has a spending floor,
    `floor` speaks of what is not spent.
    """
    funds = [fund for fund in books.case.funds if fund in books.funds(check.words("tags"))]
    if not funds:
        yield Open(books.root, None, not_applicable("没有整合资金", "there is no pooled fund"))
        return
    yield from _unused(books, funds)
    yield from _old_channels(books, check, frozenset(funds))


def _unused(books: Books, funds: list[str]) -> Iterator[Found]:
    """Pools with money of which nothing is spent in a year of the table."""
    for name in funds:
        fund = books.case.funds[name]
        if fund.spending_floor is not None:
            why = not_applicable(f"已由 floor.{name} 核对", f"floor.{name} speaks of it")
            yield Open(books.root, None, why)
            continue
        if fund.supply is not Supply.GIVEN and Item.BROUGHT not in books.allocation.covers:
            continue
        for pool in books.ledger.places.pools[name]:
            for year in books.years:
                brought = books.ledger.brought(pool, name, year)
                spent = books.ledger.spent.get((pool, name, year), 0)
                yield Hit(
                    region=pool,
                    year=year,
                    left=spent,
                    right=0 if spent else brought,
                    about=Text(
                        zh=f"{fund.title.zh} 整合后是否使用",
                        en=f"use of the pooled {fund.title.said(Language.EN)}",
                    ),
                    left_name=Text(zh="支出", en="spent"),
                    right_name=Text(zh="已整合", en="pooled"),
                    compare=Comparison.AT_LEAST,
                )


def _old_channels(books: Books, check: Check, funds: frozenset[str]) -> Iterator[Found]:
    """Places where every source pays one measure and every measure is paid by one source."""
    places: dict[tuple[str, int], list[Line]] = {}
    for line in books.lines:
        if line.fund in funds and line.amount > 0 and line.measure and line.year is not None:
            region = line.region or books.root
            places.setdefault((books.at_level(region, Level.COUNTY) or region, line.year), []).append(line)
    if not places:
        yield Open(books.root, None, no_details("整合资金的明细", "details of pooled funds"))
    for (region, year), lines in places.items():
        paid: dict[Source, set[str]] = {}
        payers: dict[str, set[Source]] = {}
        for line in lines:
            source = (line.fund or "", line.document)
            paid.setdefault(source, set()).add(line.measure or "")
            payers.setdefault(line.measure or "", set()).add(source)
        least = check.number("least_sources")
        if len(paid) < least:
            why = not_applicable(
                f"整合资金的来源(资金、文号)不足{least}个",
                f"fewer than {least} sources (fund, document) are told apart",
            )
            yield Open(region, year, why)
            continue
        apart = all(len(measures) == 1 for measures in paid.values())
        apart = apart and all(len(sources) == 1 for sources in payers.values())
        total = sum(line.amount for line in lines)
        yield Hit(
            region=region,
            year=year,
            left=total if apart else 0,
            right=0,
            about=Text(
                zh=f"整合资金 {len(paid)} 个来源各自只用于一项措施",
                en=f"each of {len(paid)} sources of pooled money pays one measure of its own",
            ),
            left_name=Text(zh="按原渠道使用", en="by old channels"),
            right_name=Text(zh="允许", en="allowed"),
            evidence=tuple(line.spot for line in lines) if apart else (),
        )
