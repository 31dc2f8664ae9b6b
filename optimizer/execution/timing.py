"""Money in time: passed down within the days allowed, spent within the year, not left idle.

Money is followed by account: the pool of a fund and the years its money came in. Payments use the oldest
money first, or that of their budget year where the ledger has such a column.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

import polars as pl

from models.allocation import Item
from models.catalogue import Check
from models.citation import Citation, Language, Text
from models.money import spelled
from models.policy import Fund
from models.rules.tree import Comparison
from optimizer.execution.verdicts import (
    LINES,
    Books,
    Hit,
    Result,
    Seen,
    collected,
    not_applicable,
    not_evaluated,
    rows_text,
)


def _batches(books: Books) -> pl.DataFrame:
    """One row per batch: region, fund, document, received, end (passed down, else first paid), fen, lines."""
    if "batches" not in books.memo:
        passed = pl.col("passed")
        books.memo["batches"] = collected(
            books.table.filter(pl.col("received").is_not_null())
            .group_by("region", "fund", "document", "received", "passed")
            .agg(
                pl.col("date").min().alias("first"),
                pl.col("fen").sum(),
                pl.len().alias("count"),
                pl.col("line").bottom_k(LINES).sort().alias("lines"),
            )
            .with_columns(pl.coalesce(passed, "first").alias("end"))
            .with_columns((pl.col("end") - pl.col("received")).dt.total_days().alias("days"))
            .sort(pl.col("lines").list.first())
        )
    return books.memo["batches"]


def pass_down(books: Books, check: Check) -> Result:
    """Days from receipt to pass-down (to first payment where no such date is given) <= the days allowed."""
    if not books.ledger.has("received"):
        return not_evaluated("台账没有收到日期", "the ledger gives no received dates")
    batches = _batches(books)
    allowed = int(check.number("days"))
    late = batches.filter(pl.col("days") > allowed)
    hits = [_late(books, row, allowed) for row in late.iter_rows(named=True)]
    silent = len(books.ledger.table) - int(batches["count"].sum())
    if silent == len(books.ledger.table) and silent:
        return not_evaluated("收到日期都是空的", "the received dates are all empty")
    without = (
        Text(zh=f"{silent:,} 行没有收到日期", en=f"{rows_text(silent)} without a received date")
        if silent
        else None
    )
    return Seen(hits, len(batches), None, sum(int(fen) for fen in late["fen"]), without)


def _late(books: Books, row: Mapping[str, Any], allowed: int) -> Hit:
    place, fund = books.region_name(row["region"]), books.fund_title(row["fund"])
    days, money = row["days"], spelled(row["fen"])
    document_zh = f"（{row['document']}）" if row["document"] else ""
    document_en = f" ({row['document']})" if row["document"] else ""
    ended_zh, ended_en = ("下达", "passed down") if row["passed"] else ("首笔支付", "first paid")
    return Hit(
        region=books.region(row["region"]),
        year=row["received"].year,
        left=days,
        right=allowed,
        about=Text(
            zh=f"{place}{fund.zh}{document_zh}，{row['received']} 收到，{row['end']} {ended_zh}，"
            f"历时 {days} 天，限 {allowed} 天，涉及 {money} 元",
            en=f"{place}, {fund.said(Language.EN)}{document_en}: received {row['received']}, "
            f"{ended_en} {row['end']}, {days} days, {allowed} allowed, {money} yuan",
        ),
        lines=row["lines"],
        count=row["count"],
        cell="passed" if row["passed"] else "received",
        unit="day",
    )


def dates_reversed(books: Books, check: Check) -> Result:
    """Nothing is passed down or paid before it was received."""
    if not books.ledger.has("received"):
        return not_evaluated("台账没有收到日期", "the ledger gives no received dates")
    batches = _batches(books)
    early = pl.min_horizontal("end", "first")
    found = batches.with_columns(early.alias("early")).filter(pl.col("early") < pl.col("received"))
    hits = [_reversed(books, row) for row in found.iter_rows(named=True)]
    return Seen(hits, len(batches))


def _reversed(books: Books, row: Mapping[str, Any]) -> Hit:
    place, fund = books.region_name(row["region"]), books.fund_title(row["fund"])
    by_passing = row["passed"] is not None and row["end"] == row["early"]
    did_zh, did_en = ("下达", "passed down") if by_passing else ("支付", "paid")
    money = spelled(row["fen"])
    return Hit(
        region=books.region(row["region"]),
        year=row["received"].year,
        left=(row["early"] - row["received"]).days,
        right=0,
        about=Text(
            zh=f"{place}{fund.zh}{row['received']} 收到，却在 {row['early']} {did_zh}，涉及 {money} 元",
            en=f"{place}, {fund.said(Language.EN)}: received {row['received']} but {did_en} {row['early']}, "
            f"{money} yuan",
        ),
        lines=row["lines"],
        count=row["count"],
        cell="received",
        compare=Comparison.AT_LEAST,
        unit="day",
    )


@dataclass(frozen=True)
class Account:
    """The money of a fund at a region (its pool, or one above that the ledger speaks of), fen by year."""

    region: str
    fund: Fund
    received: Mapping[int, int]
    paid: Mapping[tuple[int, int | None], int]
    """(year of payment, budget year or None) -> fen, to the day of audit."""

    def used(self, until: int | None = None) -> dict[int, int]:
        """How much of each year's money was paid by the end of the year `until` (None: the day of audit)."""
        used: dict[int, int] = defaultdict(int)
        loose = 0
        for (year, budget), fen in self.paid.items():
            if until is not None and year > until:
                continue
            if budget is None:
                loose += fen
            else:
                used[budget] += fen
        for year in sorted(self.received):
            if loose > 0:
                part = min(loose, max(0, self.received[year] - used[year]))
                used[year] += part
                loose -= part
        return used


def accounts(books: Books) -> list[Account]:
    """Every account of the plan, in the order of regions and funds."""
    case = books.case
    received: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    if Item.BROUGHT in books.plan.covers:
        for (pool, fund, year), fen in books.plan.brought.items():
            if pool in case.regions and fund in case.funds:
                received[pool, fund][year] += fen
    else:
        for (region, _, fund, year), fen in books.plan.money.items():
            if region in case.regions and fund in case.funds:
                received[_pool(books, region, case.funds[fund]), fund][year] += fen
    paid = _paid_by(books)
    tops = _tops(books, {*received, *paid})
    in_top: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for key, years in received.items():
        for year, fen in years.items():
            in_top[tops[key]][year] += fen
    paid_top: dict[tuple[str, str], dict[tuple[int, int | None], int]] = defaultdict(lambda: defaultdict(int))
    for key, payments in paid.items():
        for when, fen in payments.items():
            paid_top[tops[key]][when] += fen
    order = {id: at for at, id in enumerate(case.regions.ids)}
    funds = {id: at for at, id in enumerate(case.funds)}
    keys = sorted(in_top, key=lambda key: (order[key[0]], funds[key[1]]))
    return [Account(key[0], case.funds[key[1]], in_top[key], paid_top.get(key, {})) for key in keys]


def _pool(books: Books, region: str, fund: Fund) -> str:
    """The region that holds the fund's money: the nearest with a row in funds.csv, else at its level."""
    above = list(books.case.regions.ancestors(region))
    pools = {pool for (id, pool, _) in books.case.tables.supplied if id == fund.id}
    rows = next((at for at in above if at in pools), None)
    level = next((at for at in above if books.case.regions[at].level is fund.pooled_at), None)
    return rows or level or region


def _paid_by(books: Books) -> dict[tuple[str, str], dict[tuple[int, int | None], int]]:
    """(pool, fund) -> (year, budget year) -> net fen up to the day of audit."""
    rows = collected(
        books.table.filter((pl.col("region") >= 0) & (pl.col("fund") >= 0) & (pl.col("date") <= books.as_of))
        .group_by("region", "fund", pl.col("year"), "budget_year")
        .agg(pl.col("fen").sum())
    )
    found: dict[tuple[str, str], dict[tuple[int, int | None], int]] = defaultdict(lambda: defaultdict(int))
    pools: dict[tuple[int, int], str] = {}
    for region, number, year, budget, fen in rows.iter_rows():
        fund = books.case.funds[books.ledger.funds.ids[number]]
        if (region, number) not in pools:
            pools[region, number] = _pool(books, books.region(region), fund)
        found[pools[region, number], fund.id][year, budget] += fen
    return found


def _tops(books: Books, keys: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Where the ledger speaks of a region above the pools, its pools are looked at together."""
    regions = books.case.regions
    return {
        (region, fund): ([at for at in regions.ancestors(region) if (at, fund) in keys][-1], fund)
        for region, fund in keys
    }


def spending_floor(books: Books, check: Check) -> Result:
    """Paid of the year's money by the end of the year >= floor x what came in."""
    hits: list[Hit] = []
    looked = 0
    open_years: set[int] = set()
    for account in accounts(books):
        floor, citation = _floor(account.fund, check)
        if floor is None:
            continue
        for year, money in sorted(account.received.items()):
            if money <= 0:
                continue
            if books.as_of < datetime.date(year, 12, 31):
                open_years.add(year)
                continue
            looked += 1
            spent, least = account.used(year).get(year, 0), ceil(floor * money)
            if spent < least:
                hits.append(_below(books, account, year, (spent, least, money), floor, citation))
    years = "、".join(map(str, sorted(open_years)))
    unfinished = Text(
        zh=f"{years} 年到审计日 {books.as_of} 尚未结束；用 --as-of 指定年末之后的审计日",
        en=f"{years.replace('、', ', ')} not over by the day of audit, {books.as_of}; "
        "--as-of gives a later day",
    )
    if not looked and open_years:
        return not_evaluated(unfinished.zh, unfinished.en or "")
    if not looked:
        return not_applicable("没有规定支出进度的资金", "no fund has a floor of spending")
    return Seen(hits, looked, open=unfinished if open_years else None)


def _floor(fund: Fund, check: Check) -> tuple[Fraction | None, Citation | None]:
    """The case's own floor with its source, else the one for the fund's tags."""
    if fund.spending_floor is not None:
        return fund.spending_floor, fund.citation
    for name in ("special", "pooled"):
        if fund.tags & set(check.words(f"{name}_tags")):
            return check.number(name), None
    return None, None


def _below(
    books: Books,
    account: Account,
    year: int,
    money: tuple[int, int, int],
    floor: Fraction,
    citation: Citation | None,
) -> Hit:
    spent, least, came = money
    name, fund = books.case.regions[account.region].name, account.fund.title
    hundredths = spent * 10_000 // came
    share = f"{hundredths // 100}.{hundredths % 100:02d}"
    return Hit(
        region=account.region,
        year=year,
        left=spent,
        right=least,
        about=Text(
            zh=f"{name} {year} 年{fund.zh} {spelled(came)} 元，年末支出 {spelled(spent)} 元（{share}%），"
            f"应不低于 {floor * 100}%，差 {spelled(least - spent)} 元",
            en=f"{name}, {year}, {fund.said(Language.EN)} of {spelled(came)} yuan: {spelled(spent)} spent by "
            f"the end of the year ({share} %), at least {floor * 100} % due, "
            f"{spelled(least - spent)} short",
        ),
        compare=Comparison.AT_LEAST,
        citation=citation,
    )


def idle_two(books: Books, check: Check) -> Result:
    """Nothing is left of money whose year ended so many years before the day of audit."""
    return _idle(books, check, int(check.number("years")), None)


def idle_one(books: Books, check: Check) -> Result:
    """The same for one year; what is older is the check of two years'."""
    least = int(check.number("years"))
    return _idle(books, check, least, least + 1)


def _idle(books: Books, check: Check, least: int, below: int | None) -> Result:
    levels = set(check.words("levels"))
    hits: list[Hit] = []
    looked = 0
    for account in accounts(books):
        if account.fund.level.value not in levels:
            continue
        used = account.used()
        for year, money in sorted(account.received.items()):
            age = _age(year, books.as_of)
            if money <= 0 or age < least or (below is not None and age >= below):
                continue
            looked += 1
            left = money - used.get(year, 0)
            if left > 0:
                hits.append(_left_idle(books, account, year, left, money, age))
    if not looked:
        return not_applicable(
            f"到审计日 {books.as_of} 没有资金到这个年限",
            f"no money is that old on the day of audit, {books.as_of}",
        )
    return Seen(hits, looked)


def _age(year: int, day: datetime.date) -> int:
    """Full years from the end of a year to a day."""
    return day.year - year - (0 if (day.month, day.day) >= (12, 31) else 1)


def _left_idle(books: Books, account: Account, year: int, left: int, money: int, age: int) -> Hit:
    name, fund = books.case.regions[account.region].name, account.fund.title
    return Hit(
        region=account.region,
        year=year,
        left=left,
        right=0,
        about=Text(
            zh=f"{name} {year} 年{fund.zh} {spelled(money)} 元，到 {books.as_of} 仍有 "
            f"{spelled(left)} 元未支付，年末起已满 {age} 年",
            en=f"{name}, {year}, {fund.said(Language.EN)} of {spelled(money)} yuan: {spelled(left)} not "
            f"paid out by {books.as_of}, {age} full year{'s' if age > 1 else ''} after the end of that year",
        ),
    )
