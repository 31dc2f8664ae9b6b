"""A handful of tiny problems with known answers, put to every installed engine: does it compute rightly here?

Each was worked by hand; the comment beside it says how.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from optimizer.solve.engine import engines
from optimizer.solve.problem import Options, Problem, SolveError, Stop
from optimizer.solve.run import solve


@dataclass(frozen=True)
class SelfTestResult:
    """One problem put to one engine."""

    engine: str
    case: str
    passed: bool
    message: str
    seconds: float


@dataclass(frozen=True, eq=False)
class SelfTestCase:
    """A problem and the answer it must get; objective is None where there is no solution."""

    name: str
    problem: Problem
    stop: Stop
    objective: float | None = None


def dense(
    cost: Sequence[float],
    rows: Sequence[tuple[Sequence[float], float, float]] = (),
    *,
    upper: Sequence[float] | None = None,
    integer: bool = False,
    offset: float = 0.0,
) -> Problem:
    """A small problem from rows of (coefficients, lower, upper); columns are >= 0 and unscaled."""
    count = len(cost)
    matrix = np.array([row for row, _, _ in rows], dtype=np.float64).reshape(len(rows), count)
    row, column = np.nonzero(matrix)
    return Problem(
        cost=np.array(cost, dtype=np.float64),
        offset=offset,
        lower=np.zeros(count),
        upper=np.full(count, inf) if upper is None else np.array(upper, dtype=np.float64),
        integer=np.full(count, integer),
        row_start=np.concatenate(([0], np.cumsum(np.count_nonzero(matrix, axis=1)))).astype(np.int64),
        column=column,
        value=matrix[row, column],
        row_lower=np.array([lower for _, lower, _ in rows], dtype=np.float64),
        row_upper=np.array([high for _, _, high in rows], dtype=np.float64),
        column_scale=np.ones(count),
        row_scale=np.ones(len(rows)),
        cost_scale=1.0,
    )


def selftest_cases() -> tuple[SelfTestCase, ...]:
    """The problems, with what a person gets on paper."""
    return (
        # x = 3 is all there is of the cheap one, y = 1 is left: 2*3 + 3*1 + 1.
        SelfTestCase(
            "lp", dense([2, 3], [([1, 1], 4, inf), ([1, 0], -inf, 3)], offset=1), Stop.OPTIMAL, 10.0
        ),
        # 2x + 2y >= 7 needs x + y = 4 in whole numbers: 2*3 + 3*1.
        SelfTestCase(
            "mip", dense([2, 3], [([2, 2], 7, inf), ([1, 0], -inf, 3)], integer=True), Stop.OPTIMAL, 9.0
        ),
        # x + y is at least 3.5 and at most 3.
        SelfTestCase("infeasible", dense([2, 3], [([2, 2], 7, inf), ([1, 1], -inf, 3)]), Stop.INFEASIBLE),
        # An even number is never 7.
        SelfTestCase("integer infeasible", dense([2, 3], [([2, 2], 7, 7)], integer=True), Stop.INFEASIBLE),
        # x may grow for ever and earns 2 each.
        SelfTestCase("unbounded", dense([-2, 3], [([2, -2], 7, inf)]), Stop.UNBOUNDED),
        # Nine rows through the one point (1, 1): -1 - 1.
        SelfTestCase(
            "degenerate",
            dense([-1, -1], [([a, 10 - a], -inf, 10) for a in range(1, 10)], upper=[1, 1]),
            Stop.OPTIMAL,
            -2.0,
        ),
        # x + y = 5 and x - y = 1 leave only (3, 2): 3 + 2*2.
        SelfTestCase("equalities", dense([1, 2], [([1, 1], 5, 5), ([1, -1], 1, 1)]), Stop.OPTIMAL, 7.0),
        # No rows: the column that earns goes to its upper bound: -2*3 + 4.
        SelfTestCase("no rows", dense([-2, 3], upper=[3, 4], offset=4), Stop.OPTIMAL, -2.0),
        # A row without columns that 0 satisfies, and nothing to pay.
        SelfTestCase("empty", dense([0], [([0], -1, 1)]), Stop.OPTIMAL, 0.0),
    )


def selftest(names: Sequence[str] | None = None, time_limit: float = 20.0) -> list[SelfTestResult]:
    """Put every problem to the engines named, or to all that are installed."""
    chosen = [e.name for e in engines() if e.installed] if names is None else names
    return [_try(name, case, time_limit) for name in chosen for case in selftest_cases()]


def _try(engine: str, case: SelfTestCase, time_limit: float) -> SelfTestResult:
    started = time.monotonic()
    try:
        outcome = solve(case.problem, Options(engine=engine, gap=1e-6, time_limit=time_limit))
    except SolveError as error:
        return SelfTestResult(engine, case.name, False, str(error), time.monotonic() - started)
    close = outcome.objective == case.objective or (
        outcome.objective is not None
        and case.objective is not None
        and abs(outcome.objective - case.objective) <= 1e-5
    )
    message = (
        f"{outcome.stop}, {outcome.objective}; expected {case.stop}, {case.objective} ({outcome.message})"
    )
    return SelfTestResult(engine, case.name, outcome.stop is case.stop and close, message, outcome.seconds)
