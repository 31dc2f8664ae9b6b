"""One LP that is asked again and again: bounds or goal change, the matrix stays, a basis is the start.

`Session` holds a Problem (whole numbers relaxed) in HiGHS. Every answer is judged like any other; what a warm
start cannot answer is asked once more in the ordinary way.
With the same numbers and the same basis it gives the same answer, whatever it was asked before.
"""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimizer.solve.engine import require
from optimizer.solve.highs import STEPS, held, read_answer
from optimizer.solve.problem import (
    FloatArray,
    Options,
    Outcome,
    Problem,
    ProblemError,
    SolveError,
    Stop,
    check,
)
from optimizer.solve.run import solve
from optimizer.solve.scale import scaled, transposed
from optimizer.solve.verdict import judge
from optimizer.solve.watch import Ended, watch

if TYPE_CHECKING:
    import highspy

Codes = NDArray[np.int8]
Index = NDArray[np.int32]

#: An LP is optimal when objective and dual bound agree to this.
GAP = 1e-7
#: A combination of rows contradicts the bounds when it misses them by this times its largest weight.
CONTRADICTION = 1e-7
#: Entries of such a combination below this times the largest are the solver's noise.
NOISE = 1e-9
#: HiGHS: dual simplex with Devex prices, 2.8 times as fast here as its default prices.
WARM: dict[str, str | int] = {"solver": "simplex", "simplex_strategy": 1,
                              "simplex_dual_edge_weight_strategy": 1}  # fmt: skip
#: Where bounds were only taken away, or the goal is another, the last point still holds and only its prices
#: do not: primal simplex.
#: Without moving bounds a little, which costs more pivots to undo than it saves.
LOOSER: dict[str, str | int | float] = {
    **WARM, "simplex_strategy": 4, "primal_simplex_bound_perturbation_multiplier": 0.0
}  # fmt: skip
COLD: dict[str, str | int] = {"solver": "ipx", "run_crossover": "on", "ipm_iteration_limit": STEPS}


@dataclass(frozen=True, eq=False)
class Basis:
    """Where each column and row stands: 0 at its lower bound, 1 basic, 2 at its upper, 3 free, 4 other."""

    columns: Codes
    rows: Codes

    def packed(self) -> bytes:
        """The basis as few bytes."""
        width = len(self.columns).to_bytes(8, "little")
        return width + zlib.compress(self.columns.tobytes() + self.rows.tobytes())

    @classmethod
    def unpacked(cls, packed: bytes) -> Basis:
        """The basis of such bytes."""
        width = int.from_bytes(packed[:8], "little")
        codes = np.frombuffer(zlib.decompress(packed[8:]), dtype=np.int8)
        return cls(codes[:width], codes[width:])

    @classmethod
    def empty(cls, problem: Problem) -> Basis:
        """Where nothing has been decided yet: every row basic, every column at a bound of it. Starting there
        is starting from nothing, without presolve."""
        columns = np.full(problem.columns, 3, dtype=np.int8)
        columns[np.isfinite(problem.upper)] = 2
        columns[np.isfinite(problem.lower)] = 0
        return cls(columns, np.ones(problem.rows, dtype=np.int8))

    def fits(self, problem: Problem) -> bool:
        """Whether it is a basis of a problem of this size."""
        return len(self.columns) == problem.columns and len(self.rows) == problem.rows


@dataclass(frozen=True, eq=False)
class Corner:
    """A basis as HiGHS itself has it: quick to take and to give back, and of no use outside this process."""

    held: highspy.HighsBasis
    columns: int
    rows: int

    def fits(self, problem: Problem) -> bool:
        """Whether it is a basis of a problem of this size."""
        return self.columns == problem.columns and self.rows == problem.rows


class Session:
    """An LP held by HiGHS. Raises ProblemError for numbers that no engine reads rightly."""

    def __init__(self, problem: Problem) -> None:
        require("highs")
        self.problem = replace(problem, integer=np.zeros(problem.columns, dtype=np.bool_))
        check(self.problem)
        self._scaled = scaled(self.problem)
        self._solver: Any = None  # highspy's stubs lack half of what it can do
        self._given: tuple[Basis, highspy.HighsBasis] | None = None
        self._there = False  # whether HiGHS holds the basis of the last answer
        self._hold()

    def change(
        self,
        *,
        lower: FloatArray | None = None,
        upper: FloatArray | None = None,
        row_lower: FloatArray | None = None,
        row_upper: FloatArray | None = None,
    ) -> None:
        """Other bounds, in the caller's units; those that are None stay."""
        old = self.problem
        new = replace(
            old,
            lower=old.lower if lower is None else lower,
            upper=old.upper if upper is None else upper,
            row_lower=old.row_lower if row_lower is None else row_lower,
            row_upper=old.row_upper if row_upper is None else row_upper,
        )
        check(new)
        inner = replace(
            self._scaled,
            lower=new.lower / new.column_scale,
            upper=new.upper / new.column_scale,
            row_lower=new.row_lower / new.row_scale,
            row_upper=new.row_upper / new.row_scale,
        )
        held_before = self._scaled
        self.problem, self._scaled = new, inner
        columns = _moved(held_before.lower, inner.lower, held_before.upper, inner.upper)
        if len(columns):
            told = self._solver.changeColsBounds(
                len(columns), columns, inner.lower[columns], inner.upper[columns]
            )
            _accept("changeColsBounds", told)
        rows = _moved(held_before.row_lower, inner.row_lower, held_before.row_upper, inner.row_upper)
        if len(rows):
            told = self._solver.changeRowsBounds(
                len(rows), rows, inner.row_lower[rows], inner.row_upper[rows]
            )
            _accept("changeRowsBounds", told)

    def aim(self, cost: FloatArray) -> None:
        """Minimise `cost @ x + offset` (the caller's units) from now on; the points stay what they are, so
        that the last answer is a start for `looser`. ProblemError for a cost that is no finite number."""
        if cost.shape != self.problem.cost.shape or not np.isfinite(cost).all():
            raise ProblemError("a goal needs one finite number for each column")
        inner = cost * self.problem.column_scale / self.problem.cost_scale
        moved = np.flatnonzero(inner != self._scaled.cost).astype(np.int32)
        self.problem, self._scaled = replace(self.problem, cost=cost), replace(self._scaled, cost=inner)
        if len(moved):
            _accept("changeColsCost", self._solver.changeColsCost(len(moved), moved, inner[moved]))

    def solve(
        self, basis: Basis | None = None, *, keep: bool = False, limit: float | None = None
    ) -> tuple[Outcome, Basis | None]:
        """Solve from `basis`, or from what the last solve left (`keep`), or from nothing.

        The basis that comes back is that of the answer; None where there is none to start from.
        """
        outcome = self._answered(basis, keep, limit, looser=False)
        return outcome, self.basis() if self._there else None

    def answer(
        self,
        basis: Basis | Corner | None = None,
        *,
        keep: bool = False,
        limit: float | None = None,
        looser: bool = False,
    ) -> Outcome:
        """The same without the basis of the answer, which takes as long to read as many a solve.

        `looser`: the start keeps to the bounds as they are now, because only some were taken away since, or
        only the goal is another.
        """
        return self._answered(basis, keep, limit, looser=looser)

    def _answered(
        self, basis: Basis | Corner | None, keep: bool, limit: float | None, *, looser: bool
    ) -> Outcome:
        started = time.monotonic()
        self._there = False
        warm = keep or (basis is not None and basis.fits(self.problem))
        if not keep:
            _accept("clearSolver", self._solver.clearSolver())
            if basis is not None and warm:
                _accept("setBasis", self._solver.setBasis(self._as_highs(basis)))
        self._set((LOOSER if looser else WARM) if warm else COLD)
        # HiGHS counts the seconds of all runs of a solver together.
        until = math.inf if limit is None else self._solver.getRunTime() + max(limit, 0.0)
        self._set({"time_limit": until})
        watched = watch(self._solver.run, self._solver.cancelSolve, limit, None)
        if watched.ended is Ended.TOLD_INTERRUPT:
            raise KeyboardInterrupt
        if watched.result is None:
            # It still runs, and is left behind with its model: whoever asks on asks another one.
            self._hold()
            note, seconds = "HiGHS did not stop when told to", time.monotonic() - started
            return Outcome("highs", Stop.TIME_LIMIT, None, None, None, None, seconds, note)
        answer = read_answer(self._solver, self._scaled, watched.result)
        outcome = judge(self.problem, Options(gap=GAP), "highs", answer, time.monotonic() - started)
        self._there = outcome.stop is Stop.OPTIMAL or (
            outcome.stop is Stop.INFEASIBLE and self.contradiction() is not None
        )
        return outcome if self._there else self._again(outcome, started, limit)

    def _as_highs(self, basis: Basis | Corner) -> highspy.HighsBasis:
        """The basis as HiGHS takes it; the last one is kept, because many questions start from the same."""
        if isinstance(basis, Corner):
            return basis.held
        if self._given is None or self._given[0] is not basis:
            self._given = (basis, to_highs(basis))
        return self._given[1]

    def _again(self, first: Outcome, started: float, limit: float | None) -> Outcome:
        """Whatever is not clear is asked in the ordinary way, which confirms what it says."""
        left = None if limit is None else limit - (time.monotonic() - started)
        second = solve(self.problem, Options(gap=GAP, time_limit=left))
        note = f"{second.message} (after a warm start: {first.message})"
        return replace(second, message=note)

    def basis(self) -> Basis | None:
        """The basis that HiGHS holds now."""
        found = self._solver.getBasis()
        if not found.valid:
            return None
        return Basis(
            np.fromiter((int(code) for code in found.col_status), dtype=np.int8, count=self.problem.columns),
            np.fromiter((int(code) for code in found.row_status), dtype=np.int8, count=self.problem.rows),
        )

    def corner(self) -> Corner | None:
        """The basis of the last answer, unconverted; None where HiGHS does not hold one."""
        found = self._solver.getBasis() if self._there else None
        if found is None or not found.valid:
            return None
        return Corner(found, self.problem.columns, self.problem.rows)

    def slack(self, column: int) -> tuple[float, float] | None:
        """After an answer `infeasible`: by how much the bounds contradict each other (below 0, in the
        engine's units), and by how much a unit more of the column, where it is held, would change that."""
        weights = self.contradiction() if self._there else None
        if weights is None:
            return None
        each = transposed(self._scaled, weights)[column]
        return _most(self._scaled, weights), float(each)

    def contradiction(self) -> FloatArray | None:
        """Weights of rows (the engine's units) whose combination no point within the bounds can satisfy.

        Recomputed here from the arrays: None where HiGHS has no such weights or they prove nothing.
        """
        status, there, weights = self._solver.getDualRay()
        if status.name != "kOk" or not there or not len(weights):
            return None
        found = np.array(weights, dtype=np.float64)
        largest = float(np.abs(found).max(initial=0.0))
        if not np.isfinite(largest) or largest == 0:
            return None
        found = np.where(np.abs(found) < NOISE * largest, 0.0, found / largest)
        for ray in (found, -found):
            if _most(self._scaled, ray) < -CONTRADICTION:
                return ray
        return None

    def basic(self) -> NDArray[np.int64]:
        """What each position of the basis matrix holds: a column (>= 0), or row i as -1 - i."""
        status, index = self._solver.getBasicVariables()
        _accept("getBasicVariables", status)
        return np.asarray(index, dtype=np.int64)

    def solved_with_basis(self, right: FloatArray, *, transpose: bool) -> FloatArray:
        """B^-1 right, or its transpose, in the engine's units and in floats."""
        ask = self._solver.getBasisTransposeSolve if transpose else self._solver.getBasisSolve
        status, values = ask(right)[:2]
        _accept("getBasisSolve", status)
        return np.array(values, dtype=np.float64)

    def _hold(self) -> None:
        self._solver = held(self._scaled)
        self._set({"threads": 1, "random_seed": 0})

    def _set(self, settings: Mapping[str, str | int | float]) -> None:
        for name, value in settings.items():
            _accept(f"setOptionValue {name}={value}", self._solver.setOptionValue(name, value))


def _most(problem: Problem, weights: FloatArray) -> float:
    """The most that weights x (A x - activity) can be within all bounds; it is 0 at every solution."""
    reduced = transposed(problem, weights)
    reduced[np.abs(reduced) < NOISE * max(1.0, float(np.abs(reduced).max(initial=0.0)))] = 0.0
    total = 0.0
    for numbers, lower, upper in (
        (reduced, problem.lower, problem.upper),
        (-weights, problem.row_lower, problem.row_upper),
    ):
        side = np.where(numbers > 0, upper, lower)
        used = numbers != 0
        if not np.isfinite(side[used]).all():
            return np.inf
        total += float(numbers[used] @ side[used])
    return total


def _moved(lower: FloatArray, new_lower: FloatArray, upper: FloatArray, new_upper: FloatArray) -> Index:
    return np.flatnonzero((lower != new_lower) | (upper != new_upper)).astype(np.int32)


def to_highs(basis: Basis) -> highspy.HighsBasis:
    """The basis as HiGHS takes it."""
    import highspy

    codes = [highspy.HighsBasisStatus(code) for code in range(5)]
    out = highspy.HighsBasis()
    out.col_status = [codes[code] for code in basis.columns.tolist()]
    out.row_status = [codes[code] for code in basis.rows.tolist()]
    out.valid = True
    return out


def _accept(what: str, status: highspy.HighsStatus) -> None:
    if status.name == "kError":
        raise SolveError(f"HiGHS refused {what}")
