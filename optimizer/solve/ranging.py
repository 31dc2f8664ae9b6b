"""How far a column can be moved while the optimum keeps its slope, and how far it can be moved at all.

HiGHS's own ranging looks at one basis, which in a degenerate problem says less than there is to say. A dual
solution says more: it stays optimal just where some feasible point keeps to the bounds that it prices.
`Stretch` holds those points, and moves the column over them by primal simplex, from the basis that the duals
belong to: a few pivots for each question, however large the problem.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.solve.problem import FloatArray, Outcome, Problem, Stop
from optimizer.solve.scale import activities
from optimizer.solve.session import Basis, Codes, Corner, Session, to_highs

#: Prices below this, in the engine's units, are none: HiGHS leaves 1e-13 where there is nothing to pay.
NONE = 1e-9
#: Where a basis says that something stands (`Basis`).
LOWER, BASIC, UPPER, FREE = 0, 1, 2, 3


class Ranging(Session):
    """A Session in which single columns are held elsewhere and that knows how far they can go."""

    def blocked(self, column: int, by: float) -> float | None:
        """After an answer `infeasible` with the column (its bounds around 0) held at `by`: how far from 0
        towards `by` it can go at most; None where HiGHS has no proof to work it out from.

        The weights that contradict the bounds at `by` say something at every place of the column: what they
        leave falls in proportion, and where nothing is left there is no point any more.
        """
        found = self.slack(column)
        if found is None or by == 0.0:
            return None
        missing, each = found
        here = by / self.problem.column_scale[column]
        at_zero = missing - each * here
        if at_zero <= 0.0:
            return 0.0
        return float(by * min(1.0, at_zero / (at_zero - missing)))


class Stretch(Session):
    """The feasible points that keep to all bounds that a dual solution prices."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(replace(problem, cost=np.zeros(problem.columns), offset=0.0, cost_scale=1.0))
        self._cost_scale = problem.cost_scale
        self._whole = self.problem
        self._sides: tuple[Codes, Codes] | None = None
        self._last: FloatArray | None = None
        self._held: tuple[int, tuple[float, float]] | None = None

    def along(self, row_duals: FloatArray, reduced_costs: FloatArray) -> None:
        """Keep to what these duals (the caller's units) price, from now on."""
        whole = self._whole
        columns = reduced_costs * whole.column_scale / self._cost_scale
        rows = row_duals * whole.row_scale / self._cost_scale
        at, row_at = (
            _priced(columns, whole.lower, whole.upper),
            _priced(rows, whole.row_lower, whole.row_upper),
        )
        self._sides, self._held = (at, row_at), None
        self.change(
            lower=np.where(at == UPPER, whole.upper, whole.lower),
            upper=np.where(at == LOWER, whole.lower, whole.upper),
            row_lower=np.where(row_at == UPPER, whole.row_upper, whole.row_lower),
            row_upper=np.where(row_at == LOWER, whole.row_lower, whole.row_upper),
        )

    def farthest(
        self, column: int, near: float, far: float, basis: Basis | Corner | None, limit: float | None
    ) -> float | None:
        """How far the column can go from `near` towards `far`; None where that is not known in time."""
        lower, upper = self.problem.lower.copy(), self.problem.upper.copy()
        if self._held is not None:
            # Only now: HiGHS forgets a basis with the bounds that it belongs to.
            moved, (low, high) = self._held
            lower[moved], upper[moved] = low, high
        kept = lower[column], upper[column]
        lower[column], upper[column] = min(near, far), max(near, far)
        self.change(lower=lower, upper=upper)
        aim = np.zeros(self.problem.columns)
        aim[column] = (-1.0 if far > near else 1.0) / self.problem.column_scale[column]
        self.aim(aim)
        outcome: Outcome = self.answer(basis, limit=limit, looser=True)
        self._last, self._held = outcome.values, (column, kept)
        if outcome.stop is not Stop.OPTIMAL or outcome.values is None:
            return None
        return float(outcome.values[column])

    def end(self) -> Corner | None:
        """The basis of the last answer as one of the whole problem: what is priced stands at its priced
        bound, which a basis with both bounds there no longer tells."""
        if self.corner() is None or self._sides is None or self._last is None:
            return None
        whole, basic, columns = self._whole, self.basic(), self._whole.columns
        at = _standing(self._sides[0], self._last, whole.lower, whole.upper)
        row_at = _standing(self._sides[1], activities(whole, self._last), whole.row_lower, whole.row_upper)
        at[basic[basic >= 0]] = BASIC
        row_at[-1 - basic[basic < 0]] = BASIC
        return Corner(to_highs(Basis(at, row_at)), columns, self._whole.rows)


def _priced(prices: FloatArray, lower: FloatArray, upper: FloatArray) -> Codes:
    """Which bound is priced, as a basis has it; FREE where none is."""
    side = np.where(prices > 0, lower, upper)
    found = np.where(prices > 0, LOWER, UPPER)
    return np.where((np.abs(prices) > NONE) & np.isfinite(side), found, FREE).astype(np.int8)


def _standing(sides: Codes, values: FloatArray, lower: FloatArray, upper: FloatArray) -> Codes:
    """Where everything stands that is not basic: at its priced bound, else at the nearer one."""
    near = np.where(values - lower <= upper - values, LOWER, UPPER)
    near = np.where(np.isfinite(lower) | np.isfinite(upper), near, FREE)
    return np.where(sides != FREE, sides, near).astype(np.int8)
