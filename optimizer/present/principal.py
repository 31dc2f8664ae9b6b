"""收回的本金: what of a plan's money comes back, to which fund, where and when, after its years too.

From the allocation and the case alone, apart from the auditor, who has his own books (`back.f`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from models.money import wan
from models.policy import Supply
from optimizer.present.words import said


def pools(case: Case, fund: str) -> tuple[str, ...]:
    """The regions with an amount in the horizon; an open fund without any: all regions of its level."""
    rows = {
        region
        for name, region, year in case.tables.supplied
        if name == fund and case.first_year <= year <= case.last_year
    }
    found = case.funds[fund]
    if not rows and found.supply is Supply.OPEN:
        rows = {region.id for region in case.regions if region.level is found.pooled_at}
    return tuple(region for region in case.regions.ids if region in rows)


def pool_of(case: Case, fund: str) -> Mapping[str, str]:
    """Region -> the nearest pool of the fund at or above it; regions without one are absent."""
    own = frozenset(pools(case, fund))
    found = {}
    for region in case.regions.ids:
        pool = next((above for above in case.regions.ancestors(region) if above in own), None)
        if pool is not None:
            found[region] = pool
    return found


@dataclass(frozen=True)
class Back:
    """Principal of a measure that comes back to a fund at a pool in a year, maybe after the horizon."""

    fund: str
    pool: str
    measure: str
    year: int
    fen: int


def principal(case: Case, allocation: Allocation) -> list[Back]:
    """All principal that comes back from what the plan starts: whole fen per lot, rounded down; by year."""
    sums: dict[tuple[int, str, str, str], int] = defaultdict(int)
    backs = {m.id: m.recovers for m in case.measures.values() if m.recovers}
    nearest = {back.into: pool_of(case, back.into) for back in backs.values()}
    for (region, measure, start), units in allocation.units.items():
        back = backs.get(measure)
        cost = None if back is None else case.unit_cost(measure, region, start)
        if back is None or cost is None or region not in nearest[back.into]:
            continue
        lot = case.measures[measure].lot
        per_lot = cost * lot * back.share
        key = (start + back.after, back.into, nearest[back.into][region], measure)
        sums[key] += int(units / lot * (per_lot.numerator // per_lot.denominator))
    return [
        Back(fund, pool, measure, year, fen)
        for (year, fund, pool, measure), fen in sorted(sums.items())
        if fen
    ]


def back_later(case: Case, allocation: Allocation | None) -> list[Back]:
    """The principal that comes back after the last year of the plan."""
    found = [] if allocation is None else principal(case, allocation)
    return [back for back in found if back.year > case.last_year]


def later_sentences(case: Case, allocation: Allocation | None, language: Language) -> list[str]:
    """One sentence for each fund to which principal comes back after the plan's last year."""
    found = back_later(case, allocation)
    sentences = []
    for fund in dict.fromkeys(back.fund for back in found):
        own = [back for back in found if back.fund == fund]
        years: dict[int, int] = defaultdict(int)
        for back in own:
            years[back.year] += back.fen
        comma = said(language, "、", ", ")
        title = case.funds[fund].title.said(language)
        from_ = comma.join(dict.fromkeys(case.measures[back.measure].title.said(language) for back in own))
        when = comma.join(
            said(language, f"{year}年{wan(fen)}万元", f"{wan(fen)} 万元 in {year}")
            for year, fen in years.items()
        )
        total = wan(sum(years.values()))
        sentences.append(
            said(
                language,
                f"规划期后收回本金{total}万元（{when}），转入{title}；来自{from_}",
                f"Principal of {total} 万元 comes back to {title} after the plan ({when}), from {from_}",
            )
        )
    return sentences
