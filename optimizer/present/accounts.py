"""资金收支: what every fund has at every pool in every year, from the allocation and the case alone.

The terms are those of `account.f` in docs/mathematics.md; they are added up here apart from the auditor, who
has his own books.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.allocation import Allocation
from models.case import Case
from models.money import parts
from models.policy import Measure, Supply


@dataclass(frozen=True)
class Account:
    """One fund at one pool in one year, fen."""

    fund: str
    pool: str
    year: int
    carried_in: int
    brought: int
    recovered: int
    spent: int
    carried_out: int
    lapsed: int

    @property
    def moves(self) -> bool:
        """Whether any money is in it."""
        terms = (self.carried_in, self.brought, self.recovered, self.spent, self.carried_out, self.lapsed)
        return any(terms)

    @property
    def balance(self) -> int:
        """What came in less what went out: 0 where the account balances."""
        came = self.carried_in + self.brought + self.recovered
        return came - self.spent - self.carried_out - self.lapsed


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


def accounts(case: Case, allocation: Allocation) -> list[Account]:
    """Every fund, pool and year with money in it, in the order of the case's files."""
    found = []
    spent = _spent(case, allocation)
    for fund in case.funds:
        recovered = _recovered(case, allocation, fund)
        for pool in pools(case, fund):
            rows = [_account(case, allocation, fund, pool, year, spent, recovered) for year in case.years]
            if any(row.moves for row in rows):
                found += rows
    return found


def _account(
    case: Case,
    allocation: Allocation,
    fund: str,
    pool: str,
    year: int,
    spent: Mapping[tuple[str, str, int], int],
    recovered: Mapping[tuple[str, int], int],
) -> Account:
    return Account(
        fund=fund,
        pool=pool,
        year=year,
        carried_in=allocation.carried.get((pool, fund, year - 1), 0) if year > case.first_year else 0,
        brought=allocation.brought.get((pool, fund, year), 0),
        recovered=recovered.get((pool, year), 0),
        spent=spent.get((pool, fund, year), 0),
        carried_out=allocation.carried.get((pool, fund, year), 0),
        lapsed=allocation.lapsed.get((pool, fund, year), 0),
    )


def _spent(case: Case, allocation: Allocation) -> Mapping[tuple[str, str, int], int]:
    nearest = {fund: pool_of(case, fund) for fund in case.funds}
    sums: dict[tuple[str, str, int], int] = defaultdict(int)
    for (region, _, fund, year), fen in allocation.money.items():
        pool = nearest[fund].get(region)
        if pool is not None:
            sums[pool, fund, year] += fen
    return sums


def _recovered(case: Case, allocation: Allocation, fund: str) -> Mapping[tuple[str, int], int]:
    """(pool, year) -> fen of principal that comes back: whole fen per lot, rounded down."""
    sums: dict[tuple[str, int], int] = defaultdict(int)
    backs = {m.id: m.recovers for m in case.measures.values() if m.recovers and m.recovers.into == fund}
    nearest = pool_of(case, fund) if backs else {}
    for (region, measure, start), units in allocation.units.items():
        back = backs.get(measure)
        cost = None if back is None else case.unit_cost(measure, region, start)
        if back is None or cost is None or region not in nearest:
            continue
        lot = case.measures[measure].lot
        per_lot = cost * lot * back.share
        sums[nearest[region], start + back.after] += int(
            units / lot * (per_lot.numerator // per_lot.denominator)
        )
    return sums


@dataclass(frozen=True)
class Later:
    """Money that falls due after the horizon, which docs/mathematics.md says is reported and not planned."""

    measure: str
    year: int
    fen: int


def due_later(case: Case, allocation: Allocation) -> list[Later]:
    """Later parts of the cost of what was started in the horizon, without upkeep."""
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for (region, measure, start), units in allocation.units.items():
        known = case.measures[measure]
        cost = case.unit_cost(measure, region, start)
        if cost is None or start + len(known.profile) - 1 <= case.last_year:
            continue
        for offset, part in enumerate(_parts(cost, known)):
            if start + offset > case.last_year and part:
                sums[measure, start + offset] += int(units / known.lot) * part
    return [Later(measure, year, fen) for (measure, year), fen in sorted(sums.items())]


def _parts(cost: int, measure: Measure) -> Iterable[int]:
    lot: Fraction = cost * measure.lot
    return parts(int(lot), measure.profile) if lot.denominator == 1 else ()
