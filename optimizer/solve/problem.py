"""The words of this room: a Problem in arrays, the Options to solve it with, and the Outcome that comes back.

Everything here is plain data. `check` refuses a Problem that a solver would misread in silence, such as one
with a NaN cost, and names the row or column.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32] | NDArray[np.int64]

#: Solvers read 1e20 as infinity: a finite number of that size or more would change its meaning.
INFINITE = 1e20
#: HiGHS refuses coefficients of this size or more with a return code only ...
LARGEST = 1e15
#: ... and drops smaller ones than this without a word. Both hold for the scaled coefficients.
SMALLEST = 1e-9


class SolveError(Exception):
    """Any error of this room."""


class ProblemError(SolveError):
    """The problem or the options cannot be solved as they stand; the message names the row or column."""


class EngineUnavailable(SolveError):
    """The engine asked for is unknown, not installed, too old or known to be wrong."""


class EnginesDisagree(SolveError):
    """Two engines contradict each other about the same problem."""


class Stop(StrEnum):
    """Why an engine stopped. OPTIMAL only when objective and bound are within the gap asked for.

    ENOUGH: a solution is as good as `Options.enough` asked, whatever better ones there are.
    """

    OPTIMAL = "optimal"
    ENOUGH = "enough"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    TIME_LIMIT = "time_limit"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Problem:
    """Minimise cost @ x + offset subject to row_lower <= A x <= row_upper, lower <= x <= upper.

    A has m rows and n columns and is stored by rows (CSR). The engine works with x / column_scale, divides
    each row by its row_scale and the objective by cost_scale; callers see unscaled numbers only.
    """

    cost: FloatArray  # (n,)
    offset: float
    lower: FloatArray  # (n,) -inf allowed
    upper: FloatArray  # (n,) +inf allowed
    integer: BoolArray  # (n,)
    row_start: IntArray  # (m + 1,)
    column: IntArray  # (nonzeros,)
    value: FloatArray  # (nonzeros,)
    row_lower: FloatArray  # (m,) -inf allowed
    row_upper: FloatArray  # (m,) +inf allowed
    column_scale: FloatArray  # (n,) ones if none; 1 for integer columns
    row_scale: FloatArray  # (m,) ones if none
    cost_scale: float = 1.0

    @property
    def columns(self) -> int:
        """Number of columns, n."""
        return len(self.cost)

    @property
    def rows(self) -> int:
        """Number of rows, m."""
        return len(self.row_lower)

    @property
    def is_mip(self) -> bool:
        """Whether some column must be whole."""
        return bool(self.integer.any())


@dataclass(frozen=True)
class Progress:
    """How far a running solve is, in unscaled units of the objective."""

    seconds: float
    incumbent: float | None
    bound: float | None


@dataclass(frozen=True)
class Options:
    """How to solve: gap is relative, time_limit in seconds, start a known feasible point (MIP start).

    `progress` is called from the calling thread, about twice a second. Without `confirm` an engine's word
    that nothing is feasible is taken as it is: for the many tries of a search that confirms its result.
    `strict` asks for the smallest tolerances an engine has (HiGHS only), far below one fen: for the question
    whether anything is feasible when the ordinary answer cannot be made whole. `enough` is an objective for
    whoever has a bound already: a whole-number solve may stop at the first solution that is no dearer (HiGHS;
    other engines go on).
    """

    engine: str = "highs"
    gap: float = 1e-3
    time_limit: float | None = None
    seed: int = 0
    threads: int = 1
    progress: Callable[[Progress], None] | None = None
    start: FloatArray | None = None
    confirm: bool = True
    strict: bool = False
    enough: float | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came back, unscaled. `values` satisfies the problem within the tolerance of `verdict`, or is None.

    `bound` is a lower bound on the minimum within the engine's tolerances; gap = (objective - bound) /
    |objective|. Duals exist for LPs only: reduced_costs = cost - A' row_duals.
    """

    engine: str
    stop: Stop
    values: FloatArray | None
    objective: float | None
    bound: float | None
    gap: float | None
    seconds: float
    message: str
    row_duals: FloatArray | None = None
    reduced_costs: FloatArray | None = None


def check(problem: Problem) -> None:
    """Refuse with ProblemError what an engine would refuse late, drop or misread."""
    _check_shapes(problem)
    _check_numbers(problem)
    _check_bounds("column", problem.lower, problem.upper)
    _check_bounds("row", problem.row_lower, problem.row_upper)
    _check_duplicates(problem)


def check_options(problem: Problem, options: Options) -> None:
    """Refuse options that no engine could follow."""
    if not (math.isfinite(options.gap) and options.gap >= 0):
        raise ProblemError(f"gap must be a number >= 0, not {options.gap}")
    if options.time_limit is not None and math.isnan(options.time_limit):
        raise ProblemError("time limit must be a number of seconds, not NaN")
    if options.threads < 1:
        raise ProblemError(f"threads must be at least 1, not {options.threads}")
    if not 0 <= options.seed < 2**31 - 1:
        raise ProblemError(f"seed must be from 0 to {2**31 - 2}, not {options.seed}")
    if options.enough is not None and not math.isfinite(options.enough):
        raise ProblemError(f"what is enough must be a number, not {options.enough}")
    if options.start is not None:
        if options.start.shape != (problem.columns,):
            raise ProblemError(
                f"start has shape {options.start.shape}, the problem has {problem.columns} columns"
            )
        _refuse("start of column", ~np.isfinite(options.start), options.start, "is not finite")


def _check_shapes(problem: Problem) -> None:
    n, m, nonzeros = problem.columns, problem.rows, len(problem.value)
    expected = dict.fromkeys(("cost", "lower", "upper", "integer", "column_scale"), n)
    expected |= dict.fromkeys(("row_lower", "row_upper", "row_scale"), m)
    expected |= {"row_start": m + 1, "column": nonzeros, "value": nonzeros}
    for name, length in expected.items():
        array: NDArray[np.generic] = getattr(problem, name)
        if array.shape != (length,):
            raise ProblemError(f"{name} has shape {array.shape}, expected ({length},)")
        kind = "b" if name == "integer" else "iu" if name in ("column", "row_start") else "f"
        if array.dtype.kind not in kind:
            raise ProblemError(f"{name} holds {array.dtype}, which is the wrong kind of number")
    if nonzeros >= 2**31:
        raise ProblemError(f"{nonzeros} coefficients are more than 32-bit solvers can index")
    start = problem.row_start
    if start[0] != 0 or start[-1] != nonzeros:
        raise ProblemError(f"row_start runs from {start[0]} to {start[-1]}, expected 0 to {nonzeros}")
    _refuse("row", np.diff(start) < 0, start[1:], "row_start falls:")
    outside = (problem.column < 0) | (problem.column >= n)
    if outside.any():
        entry = int(outside.argmax())
        raise ProblemError(
            f"row {row_of(problem, entry)} names column {problem.column[entry]}, there are {n} columns"
        )


def _check_numbers(problem: Problem) -> None:
    _refuse("cost of column", ~np.isfinite(problem.cost), problem.cost, "is not finite")
    for what, scale in (
        ("column_scale of column", problem.column_scale),
        ("row_scale of row", problem.row_scale),
    ):
        _refuse(what, ~(np.isfinite(scale) & (scale > 0)), scale, "is not a positive number")
    _refuse("column_scale of column", problem.integer & (problem.column_scale != 1.0), problem.column_scale,
            "must be 1 for an integer column")  # fmt: skip
    if not math.isfinite(problem.offset):
        raise ProblemError(f"offset {problem.offset} is not finite")
    if not (math.isfinite(problem.cost_scale) and problem.cost_scale > 0):
        raise ProblemError(f"cost_scale {problem.cost_scale} is not a positive number")
    if not np.isfinite(problem.value).all():
        entry = int((~np.isfinite(problem.value)).argmax())
        raise ProblemError(
            f"row {row_of(problem, entry)}, column {problem.column[entry]}: "
            f"coefficient {problem.value[entry]} is not finite"
        )


def _check_bounds(what: str, lower: FloatArray, upper: FloatArray) -> None:
    _refuse(f"lower bound of {what}", np.isnan(lower) | (lower == math.inf), lower, "is not a lower bound")
    _refuse(f"upper bound of {what}", np.isnan(upper) | (upper == -math.inf), upper, "is not an upper bound")
    for side, bound in (("lower", lower), ("upper", upper)):
        huge = np.isfinite(bound) & (np.abs(bound) >= INFINITE)
        _refuse(f"{side} bound of {what}", huge, bound, "would be read as infinite; use inf or another unit")
    crossed = lower > upper
    if crossed.any():
        number = int(crossed.argmax())
        raise ProblemError(
            f"{what} {number}: lower bound {lower[number]} is above upper bound {upper[number]}"
        )


def _check_duplicates(problem: Problem) -> None:
    """A column twice in one row: HiGHS would return an error code and leave the row out."""
    rising = np.diff(problem.column.astype(np.int64)) > 0
    first = problem.row_start[1:-1]
    rising[first[(first > 0) & (first < len(problem.column))] - 1] = True
    if rising.all():
        return
    lengths = np.diff(problem.row_start)
    key = np.repeat(np.arange(problem.rows, dtype=np.int64), lengths) * problem.columns + problem.column
    key.sort()
    twice = key[1:] == key[:-1]
    if twice.any():
        row, column = divmod(int(key[int(twice.argmax())]), problem.columns)
        raise ProblemError(f"row {row} names column {column} more than once; add the coefficients up first")


def row_of(problem: Problem, entry: int) -> int:
    """The row that holds the stored coefficient number `entry`."""
    return int(np.searchsorted(problem.row_start, entry, side="right")) - 1


def _refuse(what: str, bad: BoolArray, values: NDArray[np.generic], why: str) -> None:
    if bad.any():
        number = int(bad.argmax())
        raise ProblemError(f"{what} {number}: {values[number]} {why}")
