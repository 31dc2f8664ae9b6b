"""What an engine's answer is worth: every number is checked again, in the caller's units.

An Answer (the engine's units, the engine's word) comes in, an Outcome goes out. A point that breaks a row, a
bound or wholeness is no solution, and "optimal" stands only where objective and bound say so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from optimizer.solve.problem import FloatArray, Options, Outcome, Problem, Stop
from optimizer.solve.scale import activities, unscaled_duals

#: A row or bound may be off by this times max(its scale, its side); the engines' own tolerance is 1e-6 of
#: the same.
FEASIBILITY = 5e-6
#: A whole number may be off by this.
WHOLENESS = 1e-5
#: A reduced cost below this times max(1, |cost|), in the engine's units, counts as zero where a bound is
#: infinite.
DUAL = 1e-6
#: Objective and bound closer than this, in the engine's units or relatively, are equal.
TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Answer:
    """What an engine said, in its own units. `either`: it cannot tell infeasible from unbounded."""

    stop: Stop
    message: str
    values: FloatArray | None = None
    bound: float | None = None
    row_duals: FloatArray | None = None
    either: bool = False


def judge(problem: Problem, options: Options, engine: str, answer: Answer, seconds: float) -> Outcome:
    """The answer re-checked against the unscaled problem."""
    stop, message = answer.stop, answer.message
    values, complaint = _believed(problem, answer)
    if complaint:
        message = f"{message}; {complaint}"
        stop = Stop.FAILED if stop in (Stop.OPTIMAL, Stop.ENOUGH) else stop
    objective = None if values is None else float(problem.cost @ values) + problem.offset
    row_duals, reduced_costs = _duals(problem, answer)
    bound = _bound(problem, answer, objective, row_duals, reduced_costs)
    gap = None if objective is None or bound is None else relative_gap(objective, bound)
    if stop is Stop.OPTIMAL and not proven(problem, options, objective, bound):
        stop = Stop.UNKNOWN
        message = f"{message}; called optimal, but objective {objective} and bound {bound} do not prove it"
    return Outcome(engine, stop, values, objective, bound, gap, seconds, message, row_duals, reduced_costs)


def relative_gap(objective: float, bound: float) -> float:
    """(objective - bound) / |objective|, never below 0."""
    return max(0.0, objective - bound) / max(abs(objective), 1e-9)


def proven(problem: Problem, options: Options, objective: float | None, bound: float | None) -> bool:
    """Whether objective and bound are as close as asked for."""
    if objective is None or bound is None:
        return False
    close = objective - bound <= TINY * problem.cost_scale
    return close or relative_gap(objective, bound) <= options.gap + TINY


def violation(problem: Problem, values: FloatArray) -> tuple[float, str]:
    """The largest violation as a multiple of its tolerance, and where it is; up to 1 is accepted."""
    worst = (0.0, "")
    for what, number, lower, upper, scale in (
        ("column", values, problem.lower, problem.upper, problem.column_scale),
        ("row", activities(problem, values), problem.row_lower, problem.row_upper, problem.row_scale),
    ):
        side = np.where(number < lower, lower, upper)
        off = np.maximum(lower - number, number - upper)
        tolerance = FEASIBILITY * np.maximum(scale, np.where(np.isfinite(side), np.abs(side), 0.0))
        worst = _worse(worst, off / tolerance, off, what)
    off = np.where(problem.integer, np.abs(values - np.round(values)), 0.0)
    return _worse(worst, off / WHOLENESS, off, "wholeness of column")


def dual_bound(problem: Problem, row_duals: FloatArray, reduced_costs: FloatArray) -> float | None:
    """The LP's dual objective; None where a dual points at a bound that does not exist."""
    scaled_cost = np.abs(problem.cost) * problem.column_scale / problem.cost_scale
    tolerance = DUAL * np.maximum(1.0, scaled_cost) * problem.cost_scale / problem.column_scale
    columns = _support(reduced_costs, problem.lower, problem.upper, tolerance)
    tolerance = np.full(problem.rows, DUAL * problem.cost_scale) / problem.row_scale
    rows = _support(row_duals, problem.row_lower, problem.row_upper, tolerance)
    bound = problem.offset + columns + rows
    return bound if math.isfinite(bound) else None


def _believed(problem: Problem, answer: Answer) -> tuple[FloatArray | None, str]:
    if answer.values is None or answer.stop in (Stop.INFEASIBLE, Stop.UNBOUNDED):
        return None, ""
    if not np.isfinite(answer.values).all():
        return None, f"column {int((~np.isfinite(answer.values)).argmax())} came back as no finite number"
    values = answer.values * problem.column_scale
    multiple, where = violation(problem, values)
    if multiple > 1:
        return None, f"the point that came back is no solution: {where}"
    return values, ""


def _duals(problem: Problem, answer: Answer) -> tuple[FloatArray | None, FloatArray | None]:
    if answer.row_duals is None or problem.is_mip or answer.stop is not Stop.OPTIMAL:
        return None, None
    if not np.isfinite(answer.row_duals).all():
        return None, None
    return unscaled_duals(problem, answer.row_duals)


def _bound(
    problem: Problem,
    answer: Answer,
    objective: float | None,
    row_duals: FloatArray | None,
    reduced_costs: FloatArray | None,
) -> float | None:
    """For an LP the dual objective by our own arithmetic, for a MIP the engine's word."""
    if row_duals is not None and reduced_costs is not None:
        bound = dual_bound(problem, row_duals, reduced_costs)
    elif answer.bound is not None and math.isfinite(answer.bound):
        bound = answer.bound * problem.cost_scale
    else:
        bound = None
    return bound if bound is None or objective is None else min(bound, objective)


def _support(duals: FloatArray, lower: FloatArray, upper: FloatArray, tolerance: FloatArray) -> float:
    side = np.where(duals > 0, lower, upper)
    missing = ~np.isfinite(side)
    if (missing & (np.abs(duals) > tolerance)).any():
        return -math.inf
    return float(np.sum(np.where(missing, 0.0, duals * np.where(missing, 0.0, side))))


def _worse(worst: tuple[float, str], multiples: FloatArray, off: FloatArray, what: str) -> tuple[float, str]:
    if not len(multiples):
        return worst
    at = int(multiples.argmax())
    if multiples[at] <= worst[0]:
        return worst
    return float(
        multiples[at]
    ), f"{what} {at} is off by {off[at]:.6g}, {multiples[at]:.3g} times the tolerance"
