"""Payments against what was agreed: the plan by place, measure, fund and year; projects; contracts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from models.catalogue import Check
from models.citation import Language, Text
from models.money import spelled
from optimizer.execution.names import plain
from optimizer.execution.verdicts import (
    LINES,
    MOST,
    Books,
    Hit,
    Result,
    Seen,
    collected,
    not_applicable,
    not_evaluated,
)

#: (region, measure or None where the ledger does not say, fund); ids.
Key = tuple[str, str | None, str]
Yearly = dict[Key, dict[int, int]]


@dataclass(frozen=True)
class _Above:
    key: Key
    year: int
    paid: int
    allowed: int


def above_plan(books: Books, check: Check) -> Result:
    """Paid <= planned for place, measure, fund, year, plus what earlier years left unpaid."""
    paid, planned = _paid(books), _planned(books)
    places = _Places(books, planned)
    keys = {(places.meet(key), key[1], key[2]) for key in paid}
    paid_in, planned_in = _gathered(books, paid, keys), _gathered(books, planned, keys)
    depth = {id: len(list(books.case.regions.ancestors(id))) for id in books.case.regions.ids}
    reported: dict[Key, int] = defaultdict(int)
    found: list[_Above] = []
    looked = 0
    for key in sorted(keys, key=lambda k: (-depth[k[0]], k[0], k[1] or "", k[2])):
        looked += len(paid_in[key])
        above = list(_above(books, key, paid_in[key], planned_in.get(key, {})))
        excess = sum(one.paid - one.allowed for one in above)
        below = sum(reported[at, key[1], key[2]] for at in books.case.regions.subtree(key[0]) if at != key[0])
        if excess > below:  # otherwise the places below have it all
            found += above
            reported[key] = excess - below
    order = {id: at for at, id in enumerate(books.case.regions.ids)}
    found.sort(key=lambda one: (one.year, order[one.key[0]], one.key[1] or "", one.key[2]))
    total = sum(one.paid - one.allowed for one in found)
    hits = [_above_hit(books, one) for one in found[:MOST]]
    return Seen(hits, looked, len(found), total)


def _above(books: Books, key: Key, paid: Mapping[int, int], planned: Mapping[int, int]) -> Iterator[_Above]:
    """The years in which more was paid than the plan and the unpaid rest of earlier years allow."""
    carries = not books.ledger.has("budget_year")
    rest = 0
    for year in books.case.years:
        allowed = planned.get(year, 0) + (rest if carries else 0)
        spent = paid.get(year, 0)
        if spent > allowed:
            yield _Above(key, year, spent, allowed)
        rest = max(0, allowed - spent)


def _paid(books: Books) -> Yearly:
    """Net payments by key and year; rows that the case does not know or that lie outside its years apart."""
    measured = books.ledger.measured
    case = books.case
    year = _year(books)
    measure = pl.col("measure") if measured else pl.lit(0)
    known = (pl.col("region") >= 0) & (pl.col("fund") >= 0) & (measure >= 0)
    sums = collected(
        books.table.filter(known)
        .group_by("region", measure.alias("measure"), "fund", year.alias("year"))
        .agg(pl.col("fen").sum())
        .filter(pl.col("year").is_between(case.first_year, case.last_year))
    )
    found: Yearly = defaultdict(dict)
    for region, number, fund, when, fen in sums.iter_rows():
        key = (
            case.regions.ids[region],
            books.ledger.measures.ids[number] if measured else None,
            books.ledger.funds.ids[fund],
        )
        found[key][when] = fen
    return found


def _year(books: Books) -> pl.Expr:
    """The year a payment counts in: its budget year where the ledger says one."""
    paid = pl.col("year").cast(pl.Int32)
    return pl.coalesce("budget_year", paid) if books.ledger.has("budget_year") else paid


def _planned(books: Books) -> Yearly:
    found: Yearly = defaultdict(dict)
    for (region, measure, fund, year), fen in books.plan.money.items():
        if region not in books.case.regions:
            continue
        years = found[region, measure if books.ledger.measured else None, fund]
        years[year] = years.get(year, 0) + fen
    return found


class _Places:
    """At which region a payment meets the plan: the nearest at or above it that the plan has money at."""

    def __init__(self, books: Books, planned: Yearly) -> None:
        self._regions = books.case.regions
        self._planned: dict[str | None, set[str]] = defaultdict(set)
        for region, measure, _ in planned:
            self._planned[measure].add(region)

    def meet(self, key: Key) -> str:
        """The region of the comparison; the payment's own where the plan has nothing at or above it."""
        there = self._planned[key[1]]
        return next((at for at in self._regions.ancestors(key[0]) if at in there), key[0])


def _gathered(books: Books, amounts: Yearly, keys: set[Key]) -> Yearly:
    """The amounts at and below the region of each key."""
    found: Yearly = defaultdict(lambda: defaultdict(int))
    for (region, measure, fund), years in amounts.items():
        for at in books.case.regions.ancestors(region):
            if (at, measure, fund) in keys:
                for year, fen in years.items():
                    found[at, measure, fund][year] += fen
    return found


def _above_hit(books: Books, one: _Above) -> Hit:
    region, measure, fund = one.key
    lines, count = _crossing(books, one)
    fund_title = books.case.funds[fund].title
    what_zh = f"「{books.case.measures[measure].title.zh}」" if measure else ""
    what_en = f" for {books.case.measures[measure].title.said(Language.EN)}" if measure else ""
    name = books.case.regions[region].name
    return Hit(
        region=region,
        year=one.year,
        left=one.paid,
        right=one.allowed,
        about=Text(
            zh=f"{name} {one.year} 年{fund_title.zh}支付{what_zh} {spelled(one.paid)} 元，"
            f"计划可支付 {spelled(one.allowed)} 元，超出 {spelled(one.paid - one.allowed)} 元",
            en=f"{name}, {one.year}, {fund_title.said(Language.EN)}{what_en}: paid {spelled(one.paid)} yuan, "
            f"the plan allows {spelled(one.allowed)}, {spelled(one.paid - one.allowed)} too much",
        ),
        lines=lines,
        count=count,
    )


def _crossing(books: Books, one: _Above) -> tuple[list[int], int]:
    """The lines, in order of date, from which on the payments exceed what is allowed; and their number."""
    region, measure, fund = one.key
    ledger = books.ledger
    within = [books.numbers[id] for id in books.case.regions.subtree(region)]
    chosen = pl.col("region").is_in(within) & (pl.col("fund") == ledger.funds.ids.index(fund))
    if measure is not None:
        chosen &= pl.col("measure") == ledger.measures.ids.index(measure)
    rows = collected(
        books.table.filter(chosen & (_year(books) == one.year))
        .select("date", "line", "fen")
        .sort("date", "line")
        .with_columns(pl.col("fen").cum_sum().alias("sum"))
        .filter((pl.col("sum") > one.allowed) & (pl.col("fen") > 0))
    )
    return rows["line"].head(LINES).to_list(), len(rows)


def above_project(books: Books, check: Check) -> Result:
    """Paid <= planned for every project, in the region at which its payments meet the plan."""
    if not books.projects:
        return not_applicable("计划没有列出项目", "the plan names no projects")
    if not books.ledger.has("project"):
        return not_evaluated("台账没有项目列", "the ledger has no column of projects")
    paid: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    within = (pl.col("region") >= 0) & _year(books).is_between(books.case.first_year, books.case.last_year)
    for row in _sums(books, "project", "region", only=within).iter_rows(named=True):
        key = plain(row["project"])
        paid[key, _meeting(books, key, books.case.regions.ids[row["region"]])].append(row)
    hits = []
    for (key, region), parts in paid.items():
        spent, planned = sum(part["fen"] for part in parts), _planned_for(books, key, region)
        if spent > planned:
            name = parts[0]["project"]
            about = _versus(f"项目 {name}", f"project {name}", spent, planned, "计划", "planned")
            lines = sorted(line for part in parts for line in part["lines"])[:LINES]
            count = sum(part["count"] for part in parts)
            whom = books.region(parts[0]["region"]) if None in books.projects.get(key, {}) else region
            hits.append(Hit(whom, None, spent, planned, about, lines, count))
    return Seen(hits, len(paid))


def _meeting(books: Books, project: str, region: str) -> str:
    """The region at which a payment for a project meets the plan: the nearest with money for it at or above.

    Where the plan has the project without saying for whom, all its payments meet at the top.
    """
    places = books.projects.get(project, {})
    if None in places:
        return books.case.regions.root
    return next((at for at in books.case.regions.ancestors(region) if at in places), region)


def _planned_for(books: Books, project: str, region: str) -> int:
    """Planned fen of the project at and below the region."""
    places = books.projects.get(project, {})
    return sum(places.get(at, 0) for at in (None, *books.case.regions.subtree(region)))


def _sums(books: Books, *keys: str, only: pl.Expr | None = None) -> pl.DataFrame:
    """Net payments by a text column, those without it left out; `only`: of these rows."""
    region = () if "region" in keys else (pl.col("region").first(),)
    named = pl.col(keys[0]).is_not_null()
    return collected(
        books.table.filter(named if only is None else named & only)
        .group_by(keys)
        .agg(
            pl.col("fen").sum(),
            pl.col("contract_fen").max(),
            pl.col("contract_fen").min().alias("least"),
            *region,
            pl.len().alias("count"),
            pl.col("line").top_k(LINES).sort().alias("lines"),
        )
        .sort(pl.col("lines").list.first())
    )


def _versus(zh: str, en: str, paid: int, limit: int, limit_zh: str, limit_en: str) -> Text:
    return Text(
        zh=f"{zh}支付 {spelled(paid)} 元，{limit_zh} {spelled(limit)} 元，超出 {spelled(paid - limit)} 元",
        en=f"{en}: paid {spelled(paid)} yuan, {limit_en} {spelled(limit)}, {spelled(paid - limit)} too much",
    )


def _contracts(books: Books) -> pl.DataFrame | None:
    """Sums by contract, or by project where contracts have no number; None without contract amounts."""
    if not books.ledger.has("contract_amount"):
        return None
    by = "contract" if books.ledger.has("contract") else "project"
    if not books.ledger.has(by):
        return None
    return _sums(books, by).filter(pl.col("contract_fen").is_not_null()).rename({by: "name"})


def above_contract(books: Books, check: Check) -> Result:
    """Paid <= the amount of the contract."""
    contracts = _contracts(books)
    if contracts is None:
        return not_evaluated("台账没有合同金额", "the ledger gives no contract amounts")
    found = contracts.filter(pl.col("fen") > pl.col("contract_fen"))
    hits = [
        Hit(
            region=books.region(row["region"]),
            year=None,
            left=row["fen"],
            right=row["contract_fen"],
            about=_versus(f"合同 {row['name']} ", f"contract {row['name']}", row["fen"], row["contract_fen"],
                          "合同金额", "the contract is for"),
            lines=row["lines"],
            count=row["count"],
        )
        for row in found.head(MOST).iter_rows(named=True)
    ]  # fmt: skip
    return Seen(hits, len(contracts), len(found), int((found["fen"] - found["contract_fen"]).sum()))


def contract_differs(books: Books, check: Check) -> Result:
    """One amount for each contract."""
    contracts = _contracts(books)
    if contracts is None:
        return not_evaluated("台账没有合同金额", "the ledger gives no contract amounts")
    found = contracts.filter(pl.col("least") != pl.col("contract_fen"))
    hits = [
        Hit(
            region=books.region(row["region"]),
            year=None,
            left=row["contract_fen"],
            right=row["least"],
            about=Text(
                zh=f"合同 {row['name']} 的金额从 {spelled(row['least'])} 元"
                f"到 {spelled(row['contract_fen'])} 元不等",
                en=f"contract {row['name']} is given as {spelled(row['least'])} "
                f"and as {spelled(row['contract_fen'])} yuan",
            ),
            lines=row["lines"],
            count=row["count"],
            cell="contract_amount",
        )
        for row in found.iter_rows(named=True)
    ]
    return Seen(hits, len(contracts))
