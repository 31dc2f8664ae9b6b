"""How far a linear form can go: bounds on what the rows of a program can add up to, from the data alone.

A rule that something lifts (`unless`) has a 0/1 column times the room its form needs. The room must be enough
for every lawful plan and should be little more: a column's own bound, the cost of all the units that needs
and capacities allow, the money a fund can have had by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from models.policy import Fund, Measure
from models.rules.tree import Comparison
from optimizer.program.choices import most_lots
from optimizer.program.frame import Frame
from optimizer.program.funds import fund_bounds
from optimizer.program.matrix import LARGEST, Builder, ProgramError, Real, Term, Truth, Whole
from optimizer.program.measures import outlay

#: Whole numbers below this are exact as floats, sums of a few of them included.
EXACT = 2.0**50


class Reaches:
    """Upper bounds of the columns of a program under construction; worked out when first asked for."""

    def __init__(self, build: Builder, frame: Frame) -> None:
        self._build = build
        self._frame = frame

    def room(self, terms: Sequence[Term], constant: Whole, compare: Comparison, what: str) -> Whole:
        """By how much each row `terms + constant  compare  0` can be missed: whole, at least 0.

        Raises ProgramError, naming `what`, for a row that nothing limits.
        """
        size = len(constant)
        sign = 1 if compare is Comparison.AT_MOST else -1
        row = np.concatenate([np.zeros(0, dtype=np.int64), *(part.row for part in terms)])
        column = np.concatenate([np.zeros(0, dtype=np.int64), *(part.column for part in terms)])
        value = np.concatenate([np.zeros(0, dtype=np.int64), *(part.value for part in terms)]) * sign
        total = sign * constant.astype(np.float64) + self._most(row, column, value, size)
        if not np.isfinite(total).all():
            raise ProgramError(f"{what}: nothing limits it; give a need, a capacity or amounts of money")
        if total.max(initial=0.0) > LARGEST:
            raise ProgramError(f"{what}: its figures are too large for exact 64-bit arithmetic")
        # Floats are exact up to 2^53; beyond, a step up keeps the room on the safe side.
        safe = np.where(total < EXACT, total, total * (1 + 1e-12))
        return np.maximum(np.ceil(safe), 0.0).astype(np.int64)

    def money(self, terms: Sequence[Term]) -> bool:
        """Whether the terms count fen."""
        return any(self._money[part.column].any() for part in terms)

    @cached_property
    def _money(self) -> Truth:
        mask = np.zeros(self._build.width, dtype=np.bool_)
        for block in self._build.columns.values():
            mask[block.index] = block.money
        return mask

    def _most(self, row: Whole, column: Whole, value: Whole, size: int) -> Real:
        """The most that the entries of each row can add up to."""
        lower, upper = self._bounds
        end = np.where(value > 0, upper[column], lower[column])
        with np.errstate(invalid="ignore"):
            each = np.where(value == 0, 0.0, value * end)
        alone = np.zeros(size)
        pool = np.where(value > 0, self._pool[column], -1)
        np.add.at(alone, row[pool < 0], each[pool < 0])
        pooled = pool >= 0
        if not pooled.any():
            return alone
        # Money of one pot and year: no more than there is of it, whatever it is spent on. Without `tight` the
        # amounts of money may still change, so that they count only where nothing else limits the row.
        keys, at = np.unique(np.stack([row[pooled], pool[pooled]]), axis=1, return_inverse=True)
        at = at.ravel()
        summed, dearest = np.zeros(keys.shape[1]), np.zeros(keys.shape[1])
        np.add.at(summed, at, each[pooled])
        np.maximum.at(dearest, at, value[pooled].astype(np.float64))
        there = dearest * self._pots[keys[1]]
        tight = np.minimum(summed, there) if self._frame.tight else np.where(summed < np.inf, summed, there)
        np.add.at(alone, keys[0], tight)
        return alone

    @cached_property
    def _bounds(self) -> tuple[Real, Real]:
        lower, upper = self._build.bounds()
        for group in self._frame.case.groups:
            out = self._build.columns[f"out.{group}"]
            for kind in ("returned", "revoked"):  # no more come back in a year than there can be
                back = self._build.columns.get(f"{kind}.{group}")
                if back is not None:
                    members = upper[out.index[out.position[back.regions]]].max(axis=1, initial=0.0)
                    upper[back.index] = np.minimum(upper[back.index], members[:, None])
        for measure in self._frame.case.measures.values():
            lots = self._lots(measure)
            units = self._build.columns[f"units.{measure.id}"]
            upper[units.index] = np.minimum(upper[units.index], lots[:, None])
            dearest = self._dearest(measure, lots)
            for fund in self._frame.case.funds:
                money = self._build.columns.get(f"money.{measure.id}.{fund}")
                if money is not None:
                    upper[money.index] = np.minimum(
                        upper[money.index], dearest[units.position[money.regions]]
                    )
        return lower, upper

    def _lots(self, measure: Measure) -> Real:
        """Most lots that each site may start in a year; infinite where nothing limits them."""
        try:
            return most_lots(self._frame, measure).astype(np.float64)
        except ProgramError:
            return np.full(len(self._frame.sites(measure)), np.inf)

    def _dearest(self, measure: Measure, lots: Real) -> Real:
        """Most fen that the measure can cost at each site in each year."""
        cost = np.zeros((len(lots), len(self._frame.years)))
        for _, year, amounts in outlay(self._frame, measure):
            per_lot = np.sum(amounts, axis=0)
            cost[:, year] += np.where(per_lot > 0, per_lot, 0) * np.where(per_lot > 0, lots, 0.0)
        return cost

    @cached_property
    def _pool(self) -> Whole:
        """For each column of money the number of its pot (fund, pool, year), else -1."""
        numbers = np.full(self._build.width, -1, dtype=np.int64)
        years, start = len(self._frame.years), 0
        for fund in self._frame.case.funds.values():
            pool_of = self._frame.pool_of(fund)
            for measure in self._frame.case.measures:
                money = self._build.columns.get(f"money.{measure}.{fund.id}")
                if money is not None:
                    first = start + pool_of[money.regions][:, None] * years
                    numbers[money.index] = first + np.arange(years)
            start += len(self._frame.pools(fund)) * years
        return numbers

    @cached_property
    def _pots(self) -> Real:
        """Most fen that each pot can have had: what came in, and what may have been carried over."""
        return np.concatenate(
            [np.zeros(0), *(self._pot(fund).ravel() for fund in self._frame.case.funds.values())]
        )

    def _pot(self, fund: Fund) -> Real:
        _, most, _ = fund_bounds(self._frame, fund)
        measures = self._frame.case.measures.values()
        if any(measure.recovers is not None and measure.recovers.into == fund.id for measure in measures):
            return np.full(most.shape, np.inf)
        return np.cumsum(most, axis=1) if fund.carry_over else most
