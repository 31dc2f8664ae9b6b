"""The same audit once more, slowly: one row at a time with the standard library, for a differential test.

It shares nothing with `optimizer.execution` but the case. Rows as dictionaries of text; results as sets of
(check, what it is about, left, right).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from models.case import Case

Found = set[tuple[object, ...]]


@dataclass(frozen=True)
class Payment:
    """One readable row."""

    line: int
    cells: tuple[str, ...]
    date: datetime.date
    region: str
    measure: str
    fund: str
    payee: str
    fen: int
    received: datetime.date | None
    passed: datetime.date | None
    contract: str
    contract_fen: int | None


def day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def fen(text: str) -> int | None:
    if not text or text.strip("-0123456789.") or text.endswith("."):
        return None
    try:
        value = Decimal(text) * 100
    except InvalidOperation:
        return None
    return int(value) if value == value.to_integral_value() else None


def read(rows: Sequence[Sequence[str]]) -> tuple[list[Payment], Found]:
    """Rows (date, region, measure, fund, payee, amount, received, passed, contract, contract amount)."""
    payments: list[Payment] = []
    bad: Found = set()
    for line, cells in enumerate(rows, start=2):
        date, amount = day(cells[0]), fen(cells[5])
        if date is None:
            bad.add(("unreadable", line, "date"))
        if amount is None:
            bad.add(("unreadable", line, "amount"))
        if not cells[4]:
            bad.add(("unreadable", line, "payee"))
        if date is None or amount is None:
            continue
        payments.append(
            Payment(
                line, tuple(cells), date, cells[1], cells[2], cells[3], cells[4], amount,
                day(cells[6]), day(cells[7]), cells[8], fen(cells[9]),
            )
        )  # fmt: skip
    return payments, bad


def repeated(payments: Sequence[Payment]) -> dict[int, list[Payment]]:
    """The first line of each row that comes again -> its repetitions."""
    first: dict[tuple[str, ...], int] = {}
    again: dict[int, list[Payment]] = defaultdict(list)
    for one in payments:
        if one.cells in first:
            again[first[one.cells]].append(one)
        else:
            first[one.cells] = one.line
    return again


def kept(payments: Sequence[Payment]) -> list[Payment]:
    """What beneficiaries kept."""
    gone = {one.line for copies in repeated(payments).values() for one in copies}
    standing: dict[tuple[object, ...], list[Payment]] = defaultdict(list)
    for one in sorted(payments, key=lambda p: (p.date, p.fen < 0, p.line)):
        key = (one.payee, one.region, one.fund, one.measure, abs(one.fen))
        if not one.payee:
            continue
        if one.fen > 0:
            standing[key].append(one)
        elif one.fen < 0 and standing[key]:
            gone.add(standing[key].pop().line)
    return [p for p in payments if p.fen > 0 and p.payee and not p.contract and p.line not in gone]


def rows_and_payees(case: Case, payments: Sequence[Payment]) -> Found:
    found: Found = set()
    years: dict[int, int] = defaultdict(int)
    for one in payments:
        if one.date.year not in case.years:
            years[one.date.year] += one.fen
    found |= {("outside_years", year, amount) for year, amount in years.items()}
    for first, copies in repeated(payments).items():
        found.add(("duplicate_row", first, sum(abs(one.fen) for one in copies)))
    nets: dict[tuple[str, ...], int] = defaultdict(int)
    back: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for one in payments:
        key = (one.payee, one.region, one.fund, one.measure)
        nets[key] += one.fen
        if one.fen < 0:
            back[key].append(one.line)
    found |= {("reversal", min(back[key]), net) for key, net in nets.items() if net < 0}
    own = kept(payments)
    same: dict[tuple[object, ...], list[Payment]] = defaultdict(list)
    for one in own:
        same[one.payee, one.measure, one.date.year].append(one)
    for many in same.values():
        if len(many) > 1:
            sizes = [one.fen for one in many]
            found.add(("twice", min(one.line for one in many), sum(sizes), max(sizes)))
    for exclusion in case.exclusions.values():
        yearly = exclusion.need == "schooling"
        by: dict[tuple[object, ...], dict[str, list[Payment]]] = defaultdict(lambda: defaultdict(list))
        for one in own:
            if one.measure in exclusion.measures:
                by[one.payee, one.date.year if yearly else None][one.measure].append(one)
        for measures in by.values():
            if len(measures) > 1:
                totals = [sum(one.fen for one in many) for many in measures.values()]
                first = min(one.line for many in measures.values() for one in many)
                found.add(("exclusive", first, sum(totals), max(totals)))
    return found


def amounts_and_time(
    case: Case, payments: Sequence[Payment], plan: dict[tuple[str, str, str, int], int], as_of: datetime.date
) -> Found:
    """The plan has money at jia and yi; every place of the ledger is one of them or below jia."""
    found: Found = set()
    county = {"dong": "jia", "xi": "jia", "jia": "jia", "yi": "yi"}
    paid: dict[tuple[str, str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in payments:
        if one.date.year in case.years:
            paid[county[one.region], one.measure, one.fund][one.date.year] += one.fen
    for (region, measure, fund), years in paid.items():
        left = 0
        for year in case.years:
            may = plan.get((region, measure, fund, year), 0) + left
            if years[year] > may:
                found.add(("above_plan", region, measure, fund, year, years[year], may))
            left = max(0, may - years[year])
    contracts: dict[str, list[Payment]] = defaultdict(list)
    for one in payments:
        if one.contract:
            contracts[one.contract].append(one)
    for contract, many in contracts.items():
        prices = [one.contract_fen for one in many if one.contract_fen is not None]
        if prices and sum(one.fen for one in many) > max(prices):
            found.add(("above_contract", contract, sum(one.fen for one in many), max(prices)))
    batches: dict[tuple[object, ...], list[Payment]] = defaultdict(list)
    for one in payments:
        if one.received is not None:
            batches[one.region, one.fund, one.received, one.passed].append(one)
    for (place, source, received, passed), many in batches.items():
        end = passed or min(one.date for one in many)
        if isinstance(end, datetime.date) and isinstance(received, datetime.date):
            days = (end - received).days
            if days > 30:
                found.add(("pass_down", place, source, min(one.line for one in many), days))
    return found | _money_in_time(case, payments, plan, as_of, county)


def _money_in_time(
    case: Case,
    payments: Sequence[Payment],
    plan: dict[tuple[str, str, str, int], int],
    as_of: datetime.date,
    county: dict[str, str],
) -> Found:
    found: Found = set()
    floors = {"special": Decimal("0.92"), "pooled": Decimal("0.8"), "own": Decimal("0.5")}
    for region in ("jia", "yi"):
        for fund in case.funds:
            came = {
                year: sum(a for (r, _, f, y), a in plan.items() if (r, f, y) == (region, fund, year))
                for year in case.years
            }
            out = dict.fromkeys(range(1900, 2200), 0)
            for one in payments:
                if county[one.region] == region and one.fund == fund and one.date <= as_of:
                    out[one.date.year] += one.fen
            for year in case.years:
                if not came[year]:
                    continue
                older = sum(came[y] for y in case.years if y < year)
                by_end = sum(a for y, a in out.items() if y <= year)
                used = min(came[year], max(0, by_end - older))
                least = -int(-floors[fund] * came[year] // 1) if fund in floors else 0
                if fund in floors and as_of >= datetime.date(year, 12, 31) and used < least:
                    found.add(("spending_floor", region, fund, year, used, least))
                left = came[year] - min(came[year], max(0, sum(out.values()) - older))
                age = as_of.year - year - (0 if (as_of.month, as_of.day) == (12, 31) else 1)
                if fund != "self" and left > 0 and age >= 1:
                    found.add(("idle_one" if age == 1 else "idle_two", region, fund, year, left))
    return found
