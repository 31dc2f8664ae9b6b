"""Plan the years that are left, after what has happened in the years before.

In go a case, what was executed before `start`, and perhaps the plan that was followed; out comes a plan whose
past is exactly what happened, overspending and shortfalls included, and whose future is lawful, cheapest, and
as close to the old plan as `within` allows. What the past broke stays broken: the audit shows it as history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

import numpy as np

from models.allocation import Allocation, Item
from models.case import Case
from models.citation import Text
from models.money import yuan
from models.policy import Supply
from optimizer.audit import audit
from optimizer.audit.ledger import Ledger
from optimizer.program import Program, build
from optimizer.program.change import fixed, without_years
from optimizer.study.closeness import who_is_out
from optimizer.study.planning import Planned, PlanOptions, make_plan, public_cost
from optimizer.study.preference import Prefer, Preference, Preferred, make_preferred

#: What must be known of the past; where money came from and went is worked out where it is not said.
NEEDED = (Item.MONEY, Item.UNITS, Item.EXITS, Item.LEAVES)


#: Lines of an allocation -> the collections of the case that their ids are from.
_IDS: Mapping[str, tuple[str, ...]] = {
    "money": ("regions", "measures", "funds"),
    "units": ("regions", "measures"),
    "exits": ("regions", "groups"),
    "leaves": ("regions", "standards"),
}


class ReplanError(ValueError):
    """What was executed cannot be taken over; `texts` say why, all of it."""

    def __init__(self, texts: tuple[Text, ...]) -> None:
        super().__init__("; ".join(text.zh for text in texts))
        self.texts = texts


@dataclass(frozen=True)
class Replanned:
    """The new plan; its allocation holds the past as it was executed."""

    planned: Planned
    start: int
    debts: Mapping[tuple[str, str], int]
    """(pool, fund) -> fen overspent before `start`: the first year that is planned pays them back."""
    closeness: Preferred | None = None
    """How close to the plan that was followed the new one is from `start` on, and what was possible."""


def replan(
    case: Case,
    executed: Allocation,
    start: int,
    options: PlanOptions,
    plan: Allocation | None = None,
    within: Fraction = Fraction(0),
) -> Replanned:
    """The plan from `start` on. Raises ReplanError where the past cannot be taken over."""
    past = complete(case, with_revoked(case, before(executed, start), start), start)
    program = without_years(build(case), start)
    program = fixed(program, *_columns(case, program, past, start))
    found = make_plan(case, options, program=program, since=start)
    closeness = None
    if plan is not None and found.x is not None:
        wanted = Preference(Prefer.STABLE, within, against=plan, since=start)
        closeness = make_preferred(case, options, wanted, best=found)
        found = closeness.planned
    return Replanned(_with_past(case, found, past, start), start, _debts(past, start), closeness)


def before(allocation: Allocation, year: int) -> Allocation:
    """The lines of earlier years."""
    return _lines(allocation, lambda when: when < year)


def with_revoked(case: Case, past: Allocation, start: int) -> Allocation:
    """The past with the exits that revoked.csv undoes, where the table has no line of them at all."""
    if past.revoked:
        return past
    known = {key: members for key, members in case.tables.revoked.items() if members and key[2] < start}
    return replace(past, revoked=known, covers=past.covers | {Item.REVOKED}) if known else past


def _lines(allocation: Allocation, wanted: Callable[[int], bool]) -> Allocation:
    kept: dict[str, Any] = {
        item.name: {key: value for key, value in getattr(allocation, item.name).items() if wanted(key[-1])}
        for item in fields(allocation)
        if item.name != "covers"
    }
    return Allocation(**kept, covers=allocation.covers)


def complete(case: Case, past: Allocation, start: int) -> Allocation:
    """The past with what came in, was carried and lapsed, where the table does not say it.

    What came in: the given amount, or as much as was spent. The rest is carried where the fund may carry,
    else it lapses. Overspending is carried as a debt.
    """
    problems = _problems(case, past, start)
    if problems:
        raise ReplanError(problems)
    # A file is about everything; where money was spent and none came in, it only left these lines out.
    silent = past.money and not (past.brought or past.carried or past.lapsed)
    if {Item.BROUGHT, Item.CARRIED, Item.LAPSED} <= past.covers and not silent:
        return past
    ledger = Ledger(case, past)
    brought: dict[tuple[str, str, int], int] = {}
    carried: dict[tuple[str, str, int], int] = {}
    lapsed: dict[tuple[str, str, int], int] = {}
    for fund in case.funds.values():
        back = ledger.recovered(fund.id)
        for pool in ledger.places.pools[fund.id]:
            left = 0
            for year in range(case.first_year, start):
                spent = ledger.spent.get((pool, fund.id, year), 0) - back.get((pool, year), 0)
                row = case.tables.supplied.get((fund.id, pool, year))
                most = None if row is None else row.most
                if fund.supply is Supply.GIVEN:
                    came = most or 0
                else:
                    limit = max(0, spent - left) if fund.supply is Supply.OPEN or most is None else most
                    came = max(0, min(spent - left, limit))
                rest = left + came - spent
                brought[pool, fund.id, year] = came
                left = rest if rest < 0 or fund.carry_over else 0
                carried[pool, fund.id, year] = left
                lapsed[pool, fund.id, year] = rest - left
    covers = past.covers | {Item.BROUGHT, Item.CARRIED, Item.LAPSED}
    return replace(past, brought=_kept(brought), carried=_kept(carried), lapsed=_kept(lapsed), covers=covers)


def _kept(amounts: dict[tuple[str, str, int], int]) -> dict[tuple[str, str, int], int]:
    return {key: fen for key, fen in amounts.items() if fen}


def _problems(case: Case, past: Allocation, start: int) -> tuple[Text, ...]:
    texts = []
    if not case.first_year < start <= case.last_year:
        texts.append(
            Text(
                zh=f"--from {start} 不在 {case.first_year + 1} 至 {case.last_year} 年之间",
                en=f"--from {start} is not between {case.first_year + 1} and {case.last_year}",
            )
        )
    needed = [item for item in NEEDED if item is not Item.LEAVES or case.standards]
    missing = [item.value for item in needed if item not in past.covers]
    if missing:
        texts.append(
            Text(
                zh=f"执行表没有给出 {'、'.join(missing)}；请加上这些行（没有发生的写 0）",
                en=f"the executed table says nothing of {', '.join(missing)}; "
                "add these lines (0 where nothing was)",
            )
        )
    unknown = {
        id
        for lines, collections in _IDS.items()
        for key in getattr(past, lines)
        for id, collection in zip(key, collections, strict=False)
        if id not in getattr(case, collection)
    }
    if unknown:
        listed = " ".join(sorted(unknown))
        texts.append(
            Text(
                zh=f"执行表里有案例没有的编号：{listed}；请更正编号，确有其事的先加进案例",
                en=f"ids that the case does not have: {listed}; correct them, or add them to the case",
            )
        )
    return (*texts, *_impossible(case, past, start))


def _impossible(case: Case, past: Allocation, start: int) -> Iterator[Text]:
    """What cannot have happened: amounts below 0, years before the case, more people out than there are."""
    lines = [
        (item, key, amount)
        for item in ("money", "units", "serves", "exits")
        for key, amount in getattr(past, item).items()
    ]
    below = [
        f"{item} {' '.join(map(str, key))} = {f'{yuan(amount)}元' if item == 'money' else amount}"
        for item, key, amount in lines
        if amount < 0
    ]
    if below:
        yield Text(
            zh=f"执行表里有 {len(below)} 个负数（{_some(below)}）；退回的钱请从该行减去",
            en=f"{len(below)} executed amounts are below 0 ({_some(below)}): take what was paid back off its "
            "line",
        )
    early = sorted({str(key[-1]) for _, key, _ in lines if key[-1] < case.first_year})
    if early:
        yield Text(
            zh=f"执行表里有案例年份（{case.first_year}年起）以前的行：{' '.join(early)}",
            en=f"executed lines are of years before the case, which begins in {case.first_year}: "
            f"{' '.join(early)}",
        )
    stock = case.stock_by(start - 1) if start - 1 in case.years else {}
    over = [
        f"{region} {kind.removeprefix('out.')} {year}: {out} > {stock.get((region, kind[4:]), 0)}"
        for (kind, region, year), out in who_is_out(case, past).items()
        if year == start - 1 and kind.startswith("out.") and out > stock.get((region, kind[4:]), 0)
    ]
    if over and stock:
        yield Text(
            zh=f"脱贫人数多于贫困人口（{_some(over)}）；请核对 exits 各行",
            en=f"more are out than were poor ({_some(over)}): check the lines of exits",
        )


def _some(texts: list[str], most: int = 3) -> str:
    """The first few, and how many more."""
    rest = len(texts) - most
    return ", ".join(texts[:most]) + (f", +{rest}" if rest > 0 else "")


def _columns(
    case: Case, program: Program, past: Allocation, start: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Every column of a past year with what it was."""
    values = _past_values(case, past, start)
    columns: list[int] = []
    amounts: list[int] = []
    placed: set[tuple[str, str, int]] = set()
    for name, block in program.columns.items():
        for j, year in enumerate(block.years):
            if not case.first_year <= year < start:
                continue
            for i, position in enumerate(block.regions):
                key = (name, program.regions[position], year)
                columns.append(int(block.index[i, j]))
                amounts.append(values.get(key, 0))
                placed.add(key)
    lost = [
        key for key, value in values.items() if value and key not in placed and key[0].startswith(_MUST_FIT)
    ]
    if lost:
        name, region, year = lost[0]
        what = name.partition(".")[2]
        raise ReplanError(
            (
                Text(
                    zh=f"执行表里有 {len(lost)} 行的措施或人群不在该地区（如 {year} 年 {region} 的 {what}）",
                    en=f"{len(lost)} executed lines name a measure or group that the region does not have "
                    f"(e.g. {what} in {region}, {year})",
                ),
            )
        )
    return np.array(columns, dtype=np.int64), np.array(amounts, dtype=np.int64)


#: Columns whose past counts later on: what they cannot hold cannot be taken over.
_MUST_FIT = ("units.", "out.", "left.")


def _past_values(case: Case, past: Allocation, start: int) -> dict[tuple[str, str, int], int]:
    """(column block, region, year) -> whole steps."""
    found: dict[tuple[str, str, int], int] = {}
    for (region, measure, fund, year), fen in past.money.items():
        found[f"money.{measure}.{fund}", region, year] = fen
    uneven = []
    for (region, measure, year), units in past.units.items():
        lots = units / case.measures[measure].lot
        if lots.denominator != 1:
            uneven.append((region, measure, year, units))
        else:
            found[f"units.{measure}", region, year] = int(lots)
    if uneven:
        region, measure, year, units = uneven[0]
        raise ReplanError(
            (
                Text(
                    zh=f"{len(uneven)} 处已实施数量不是整批（如 {year} 年 {region} 的 {measure}：{units}）",
                    en=f"{len(uneven)} executed quantities are no whole lots "
                    f"(e.g. {measure} in {region}, {year}: {units})",
                ),
            )
        )
    for (region, measure, group, year), served in past.serves.items():
        found[f"serves.{measure}.{group}", region, year] = int(served)
    for item, lines in (("brought", past.brought), ("carried", past.carried), ("lapsed", past.lapsed)):
        for (pool, fund, year), fen in lines.items():
            found[f"{item}.{fund}", pool, year] = fen
    _add_people(case, past, start, found)
    return found


def _add_people(case: Case, past: Allocation, start: int, found: dict[tuple[str, str, int], int]) -> None:
    back = {"returned": past.returned, "revoked": past.revoked}
    keys = {(region, group) for region, group, _ in (*past.exits, *past.returned, *past.revoked)}
    for region, group in keys:
        out = 0
        for year in range(case.first_year, start):
            out += past.exits.get((region, group, year), 0)
            for kind, lines in back.items():
                fallen = lines.get((region, group, year), 0)
                out -= fallen
                if fallen:
                    found[f"{kind}.{group}", region, year] = fallen
            found[f"out.{group}", region, year] = out
    for region, standard, left in past.leaves:
        for year in range(left, start):
            found[f"left.{standard}", region, year] = 1


def _debts(past: Allocation, start: int) -> dict[tuple[str, str], int]:
    return {
        (pool, fund): -fen
        for (pool, fund, year), fen in past.carried.items()
        if year == start - 1 and fen < 0
    }


def _with_past(case: Case, found: Planned, past: Allocation, start: int) -> Planned:
    """The plan with the past's own lines: also those that the program has no column for."""
    if found.plan.allocation is None:
        return found
    future = _lines(found.plan.allocation, lambda when: when >= start)
    lines: dict[str, Any] = {
        item.name: {**getattr(past, item.name), **getattr(future, item.name)}
        for item in fields(Allocation)
        if item.name != "covers"
    }
    allocation = Allocation(**lines)
    plan = replace(found.plan, allocation=allocation, cost=public_cost(case, allocation))
    return replace(found, plan=plan, audit=audit(case, allocation))
