"""A session whose goal can change too: how far a bound can move while the optimum keeps its slope.

HiGHS's own ranging looks at one basis, which in a degenerate problem says less than there is to say. Here the
question is put as an LP: move the bound as far as the goal stays on the line.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.solve.problem import FloatArray, Problem, SolveError
from optimizer.solve.session import Session


class Ranging(Session):
    """A Session that can be given another goal, and other numbers in rows whose columns rise."""

    def aim(self, cost: FloatArray) -> None:
        """Minimise `cost @ x` (the caller's units) from now on."""
        inner = cost * self.problem.column_scale / self.problem.cost_scale
        moved = np.flatnonzero(inner != self._scaled.cost).astype(np.int32)
        self.problem = replace(self.problem, cost=cost)
        self._scaled = replace(self._scaled, cost=inner)
        if len(moved):
            status = self._solver.changeColsCost(len(moved), moved, inner[moved])
            if status.name == "kError":
                raise SolveError("HiGHS refused changeColsCost")

    def put(self, row: int, column: int, value: float) -> None:
        """Another number in one place of the matrix."""
        outer, inner = self.problem, self._scaled
        scaled = value * outer.column_scale[column] / outer.row_scale[row]
        self.problem = _with(outer, row, column, value)
        self._scaled = _with(inner, row, column, scaled)
        if self._solver.changeCoeff(row, column, scaled).name == "kError":
            raise SolveError("HiGHS refused changeCoeff")


def _with(problem: Problem, row: int, column: int, value: float) -> Problem:
    """The problem with that number in that place."""
    first, last = int(problem.row_start[row]), int(problem.row_start[row + 1])
    place = first + int(np.searchsorted(problem.column[first:last], column))
    if place < last and problem.column[place] == column:
        changed = problem.value.copy()
        changed[place] = value
        return replace(problem, value=changed)
    start = problem.row_start.copy()
    start[row + 1 :] += 1
    return replace(
        problem,
        row_start=start,
        column=np.insert(problem.column.astype(np.int64), place, column),
        value=np.insert(problem.value, place, value),
    )
