"""From the caller's units to the engine's and back: a Problem in, the same Problem with all scales 1 out.

Engines work with absolute tolerances near 1e-7, so money in fen is handed to them in a larger unit.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.solve.problem import LARGEST, SMALLEST, FloatArray, IntArray, Problem, ProblemError, row_of


def scaled(problem: Problem) -> Problem:
    """The problem in the engine's units without explicit zeros; refuses coefficients that engines drop."""
    cost, lower, upper = problem.cost, problem.lower, problem.upper
    value, row_lower, row_upper = problem.value, problem.row_lower, problem.row_upper
    if (problem.column_scale != 1.0).any():
        cost = cost * problem.column_scale
        lower, upper = lower / problem.column_scale, upper / problem.column_scale
        value = value * problem.column_scale[problem.column]
    if (problem.row_scale != 1.0).any():
        value = value / np.repeat(problem.row_scale, np.diff(problem.row_start))
        row_lower, row_upper = row_lower / problem.row_scale, row_upper / problem.row_scale
    _check_sizes(problem, value)
    row_start, column, value = _without_zeros(problem, value)
    return replace(
        problem,
        cost=cost / problem.cost_scale,
        offset=problem.offset / problem.cost_scale,
        lower=lower,
        upper=upper,
        row_start=row_start,
        column=column,
        value=value,
        row_lower=row_lower,
        row_upper=row_upper,
        column_scale=np.ones(problem.columns),
        row_scale=np.ones(problem.rows),
        cost_scale=1.0,
    )


def unscaled_duals(problem: Problem, row_duals: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Row duals in the caller's units, and the reduced costs cost - A' row_duals that belong to them."""
    duals = row_duals * problem.cost_scale / problem.row_scale
    return duals, problem.cost - transposed(problem, duals)


def activities(problem: Problem, values: FloatArray) -> FloatArray:
    """A x, one number per row."""
    rows = np.repeat(np.arange(problem.rows), np.diff(problem.row_start))
    weights = problem.value * values[problem.column]
    return np.bincount(rows, weights=weights, minlength=problem.rows).astype(np.float64, copy=False)


def transposed(problem: Problem, duals: FloatArray) -> FloatArray:
    """A' y, one number per column."""
    weights = problem.value * np.repeat(duals, np.diff(problem.row_start))
    return np.bincount(problem.column, weights=weights, minlength=problem.columns).astype(
        np.float64, copy=False
    )


def _check_sizes(problem: Problem, value: FloatArray) -> None:
    size = np.abs(value)
    bad = (size >= LARGEST) | ((size <= SMALLEST) & (size > 0))
    if bad.any():
        entry = int(bad.argmax())
        raise ProblemError(
            f"row {row_of(problem, entry)}, column {problem.column[entry]}: coefficient "
            f"{problem.value[entry]} is {value[entry]} in the engine's units, "
            f"outside {SMALLEST} to {LARGEST}; choose other scales"
        )


def _without_zeros(problem: Problem, value: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    kept = value != 0.0
    if kept.all():
        return problem.row_start, problem.column, value
    before = np.concatenate(([0], np.cumsum(kept)))
    return before[problem.row_start], problem.column[kept], value[kept]
