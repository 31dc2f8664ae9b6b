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
from models.policy import Measure
from optimizer.present.principal import pool_of, pools, principal


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


def accounts(case: Case, allocation: Allocation) -> list[Account]:
    """Every fund, pool and year with money in it, in the order of the case's files."""
    found = []
    spent = _spent(case, allocation)
    recovered: dict[tuple[str, str, int], int] = defaultdict(int)
    for back in principal(case, allocation):
        recovered[back.fund, back.pool, back.year] += back.fen
    for fund in case.funds:
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
    recovered: Mapping[tuple[str, str, int], int],
) -> Account:
    return Account(
        fund=fund,
        pool=pool,
        year=year,
        carried_in=allocation.carried.get((pool, fund, year - 1), 0) if year > case.first_year else 0,
        brought=allocation.brought.get((pool, fund, year), 0),
        recovered=recovered.get((fund, pool, year), 0),
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
