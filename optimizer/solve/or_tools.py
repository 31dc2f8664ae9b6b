"""OR-Tools: a scaled Problem in, an Answer out, through MathOpt; GLOP solves LPs and SCIP solves MIPs.

The model is handed over as one protocol buffer of whole arrays, not variable by variable.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.solve.problem import Options, Problem, Progress, SolveError, Stop
from optimizer.solve.verdict import Answer
from optimizer.solve.watch import PATIENCE, Ended, watch
from optimizer.solve.way import Way

if TYPE_CHECKING:
    from ortools.math_opt.python import mathopt

#: TerminationReason by name, for a run that no limit ended.
REASONS = {
    "OPTIMAL": Stop.OPTIMAL,
    "INFEASIBLE": Stop.INFEASIBLE,
    "UNBOUNDED": Stop.UNBOUNDED,
    "INFEASIBLE_OR_UNBOUNDED": Stop.UNKNOWN,
    "IMPRECISE": Stop.UNKNOWN,
    "FEASIBLE": Stop.UNKNOWN,
    "NO_SOLUTION_FOUND": Stop.UNKNOWN,
    "NUMERICAL_ERROR": Stop.FAILED,
    "OTHER_ERROR": Stop.FAILED,
}
#: Limit by name, for a run that one of them ended.
LIMITS = {
    "UNDETERMINED": Stop.UNKNOWN,
    "ITERATION": Stop.UNKNOWN,
    "TIME": Stop.TIME_LIMIT,
    "NODE": Stop.UNKNOWN,
    "SOLUTION": Stop.UNKNOWN,
    "MEMORY": Stop.FAILED,
    "OBJECTIVE": Stop.UNKNOWN,
    "NORM": Stop.UNKNOWN,
    "INTERRUPTED": Stop.INTERRUPTED,
    "SLOW_PROGRESS": Stop.UNKNOWN,
    "OTHER": Stop.UNKNOWN,
}
#: SCIP gets no interrupter, because registering one prints errors; it is waited for shortly and then left
#: behind.
SCIP_PATIENCE = 2.0
EITHER = "INFEASIBLE_OR_UNBOUNDED"


def ask(problem: Problem, options: Options, way: Way, limit: float | None) -> Answer:
    """Solve the scaled problem in one way within `limit` seconds."""
    from ortools.math_opt.python import mathopt
    from ortools.util.python.solve_interrupter import SolveInterrupter

    model = _model(problem)
    hints = _hints(model, options) if problem.is_mip else []
    interrupter = SolveInterrupter()
    report = options.progress

    def run() -> mathopt.SolveResult:
        return mathopt.solve(
            model,
            mathopt.SolverType.GSCIP if problem.is_mip else mathopt.SolverType.GLOP,
            params=_parameters(problem, options, way, limit),
            model_params=mathopt.ModelSolveParameters(solution_hints=hints),
            interrupter=None if problem.is_mip else interrupter,
        )

    def tick(seconds: float) -> None:
        if report is not None:
            report(Progress(seconds, None, None))

    try:
        patience = SCIP_PATIENCE if problem.is_mip else PATIENCE
        watched = watch(run, interrupter.interrupt, limit, tick, patience)
    except (RuntimeError, ValueError, AttributeError) as error:  # MathOpt 9.15 stumbles over its own error
        raise SolveError(f"OR-Tools: {error}") from error
    if watched.result is None:
        stop = Stop.INTERRUPTED if watched.ended is Ended.TOLD_INTERRUPT else Stop.TIME_LIMIT
        return Answer(stop, "OR-Tools did not stop when told to and was left behind")
    answer = _read(model, problem, watched.result)
    if answer.stop is Stop.INTERRUPTED and watched.ended is Ended.TOLD_TIME:
        return replace(answer, stop=Stop.TIME_LIMIT)
    return answer


def _model(problem: Problem) -> mathopt.Model:
    from ortools.math_opt import model_pb2
    from ortools.math_opt.python import mathopt

    proto = model_pb2.ModelProto()
    variables, rows, matrix = proto.variables, proto.linear_constraints, proto.linear_constraint_matrix
    variables.ids.extend(range(problem.columns))
    variables.lower_bounds.extend(problem.lower.tolist())
    variables.upper_bounds.extend(problem.upper.tolist())
    variables.integers.extend(problem.integer.tolist())
    rows.ids.extend(range(problem.rows))
    rows.lower_bounds.extend(problem.row_lower.tolist())
    rows.upper_bounds.extend(problem.row_upper.tolist())
    row = np.repeat(np.arange(problem.rows), np.diff(problem.row_start))
    order = np.lexsort((problem.column, row))
    matrix.row_ids.extend(row[order].tolist())
    matrix.column_ids.extend(problem.column[order].tolist())
    matrix.coefficients.extend(problem.value[order].tolist())
    priced = np.flatnonzero(problem.cost)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(problem.cost[priced].tolist())
    proto.objective.offset = problem.offset
    return mathopt.Model.from_model_proto(proto)


def _hints(model: mathopt.Model, options: Options) -> list[mathopt.SolutionHint]:
    from ortools.math_opt.python import mathopt

    if options.start is None:
        return []
    return [
        mathopt.SolutionHint(
            variable_values=dict(zip(model.variables(), options.start.tolist(), strict=True))
        )
    ]


def _parameters(problem: Problem, options: Options, way: Way, limit: float | None) -> mathopt.SolveParameters:
    from ortools.math_opt.python import mathopt

    settings: dict[str, Any] = {
        "threads": options.threads if problem.is_mip else 1,
        "random_seed": options.seed + (way is not Way.FIRST),
    }
    if limit is not None:
        settings["time_limit"] = datetime.timedelta(seconds=max(limit, 1e-3))
    if problem.is_mip:
        settings |= {"relative_gap_tolerance": options.gap, "absolute_gap_tolerance": 1e-9}
    elif way is Way.OTHER:
        settings["lp_algorithm"] = mathopt.LPAlgorithm.PRIMAL_SIMPLEX
    if way is Way.AGAIN:
        settings["presolve"] = mathopt.Emphasis.OFF
    return mathopt.SolveParameters(**settings)


def _read(model: mathopt.Model, problem: Problem, result: mathopt.SolveResult) -> Answer:
    termination = result.termination
    reason, limit = termination.reason.name, termination.limit
    table, name = (REASONS, reason) if limit is None else (LIMITS, limit.name)
    answer = Answer(
        table.get(name, Stop.UNKNOWN),
        f"OR-Tools: {reason}{'' if limit is None else ' by ' + name} {termination.detail}".rstrip(),
        either=reason == EITHER,
    )
    if result.has_primal_feasible_solution():
        answer = replace(answer, values=np.array(result.variable_values(list(model.variables()))))
    if problem.is_mip:
        return replace(answer, bound=termination.objective_bounds.dual_bound)
    if result.has_dual_feasible_solution():
        return replace(answer, row_duals=np.array(result.dual_values(list(model.linear_constraints()))))
    return answer
