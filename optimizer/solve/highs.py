"""HiGHS: a scaled Problem in, an Answer out, through the array interface of highspy.

LPs start with interior point and crossover, MIPs with HiGHS' own choice. Every return code is checked,
because highspy raises nothing: a refused row would simply be missing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.solve.problem import FloatArray, Options, Problem, Progress, SolveError, Stop
from optimizer.solve.verdict import Answer
from optimizer.solve.watch import Ended, watch
from optimizer.solve.way import Way

if TYPE_CHECKING:
    import highspy

#: HighsModelStatus by name. A name that is not here is UNKNOWN.
STOPS = {
    "kNotset": Stop.FAILED,
    "kLoadError": Stop.FAILED,
    "kModelError": Stop.FAILED,
    "kPresolveError": Stop.FAILED,
    "kSolveError": Stop.FAILED,
    "kPostsolveError": Stop.FAILED,
    "kModelEmpty": Stop.OPTIMAL,
    "kOptimal": Stop.OPTIMAL,
    "kInfeasible": Stop.INFEASIBLE,
    "kUnboundedOrInfeasible": Stop.UNKNOWN,
    "kUnbounded": Stop.UNBOUNDED,
    "kObjectiveBound": Stop.UNKNOWN,
    "kObjectiveTarget": Stop.ENOUGH,
    "kTimeLimit": Stop.TIME_LIMIT,
    "kIterationLimit": Stop.UNKNOWN,
    "kUnknown": Stop.UNKNOWN,
    "kSolutionLimit": Stop.UNKNOWN,
    "kInterrupt": Stop.INTERRUPTED,
    "kMemoryLimit": Stop.FAILED,
    "kHighsInterrupt": Stop.INTERRUPTED,
}
EITHER = "kUnboundedOrInfeasible"

#: Interior point steps after which simplex is asked instead: a hundred are many, but at an optimum without
#: an interior (a goal held to the fen) HiGHS 1.16 goes round and round for ever.
STEPS = 1000
LP_SETTINGS: dict[Way, dict[str, str | int]] = {
    Way.FIRST: {"solver": "ipx", "run_crossover": "on", "ipm_iteration_limit": STEPS},
    Way.OTHER: {"solver": "simplex"},
    Way.AGAIN: {"solver": "simplex", "presolve": "off"},
}
# The first LP of a MIP by interior point too: simplex from scratch took nine times as long on 400 villages.
MIP_SETTINGS: dict[Way, dict[str, str]] = {
    Way.FIRST: {"mip_lp_solver": "ipx"},
    Way.OTHER: {},
    Way.AGAIN: {"presolve": "off"},
}


#: A fen is 1e-6 of the unit money is solved in, and the ordinary tolerance of whole-number programs as well.
STRICT: dict[str, float] = {
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "mip_feasibility_tolerance": 1e-9,
}


@dataclass
class _Best:
    """What the callbacks have seen so far, written by the engine's thread."""

    incumbent: float | None = None
    bound: float | None = None
    values: FloatArray | None = None


def ask(problem: Problem, options: Options, way: Way, limit: float | None) -> Answer:
    """Solve the scaled problem in one way within `limit` seconds."""
    solver = held(problem)
    best = _Best()
    _configure(solver, problem, options, way, limit)
    if options.start is not None and problem.is_mip:
        index = np.arange(problem.columns, dtype=np.int32)
        _accept("setSolution", solver.setSolution(problem.columns, index, options.start))
    solver.HandleUserInterrupt = True
    if problem.is_mip:
        _listen(solver, best)
    report = options.progress

    def tick(seconds: float) -> None:
        if report is not None:
            report(Progress(seconds, best.incumbent, best.bound))

    watched = watch(solver.run, solver.cancelSolve, limit, tick)
    if watched.result is None:
        stop = Stop.INTERRUPTED if watched.ended is Ended.TOLD_INTERRUPT else Stop.TIME_LIMIT
        return Answer(stop, "HiGHS did not stop when told to and was left behind", best.values, best.bound)
    answer = read_answer(solver, problem, watched.result)
    solver.clear()  # frees the model now: the callbacks keep the object itself alive until garbage collection
    if answer.stop is Stop.INTERRUPTED and watched.ended is Ended.TOLD_TIME:
        return replace(answer, stop=Stop.TIME_LIMIT)
    return answer


def held(problem: Problem) -> highspy.Highs:
    """A solver that holds the scaled problem and has not run yet."""
    solver = _silent_solver()
    _load(solver, problem)
    return solver


def _silent_solver() -> highspy.Highs:
    """A solver that prints nothing; HiGHS 1.16 prints its banner while highspy sets its callbacks up."""
    import highspy

    class Silent(highspy.Highs):
        def enableCallbacks(self) -> None:
            _accept("setOptionValue output_flag", self.setOptionValue("output_flag", False))
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Silent()  # type: ignore[no-untyped-call]


def _configure(
    solver: highspy.Highs, problem: Problem, options: Options, way: Way, limit: float | None
) -> None:
    settings: dict[str, Any] = {
        "threads": options.threads,
        "random_seed": options.seed + (way is not Way.FIRST),
    }
    if limit is not None:
        settings["time_limit"] = limit
    if options.strict:
        settings |= STRICT
    if problem.is_mip:
        settings |= {"mip_rel_gap": options.gap, "mip_abs_gap": 1e-9, **MIP_SETTINGS[way]}
        if options.enough is not None:
            settings["objective_target"] = options.enough
    else:
        settings |= LP_SETTINGS[way]
    for name, value in settings.items():
        _accept(f"setOptionValue {name}={value}", solver.setOptionValue(name, value))


def _load(solver: highspy.Highs, problem: Problem) -> None:
    """Hand the arrays over and compare what HiGHS holds with what was sent."""
    import highspy

    sent = (problem.columns, problem.rows, len(problem.value))
    status = solver.passModel(
        *sent,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        problem.offset,
        problem.cost,
        problem.lower,
        problem.upper,
        problem.row_lower,
        problem.row_upper,
        problem.row_start.astype(np.int32, copy=False),
        problem.column.astype(np.int32, copy=False),
        problem.value,
        problem.integer.astype(np.int32),
    )
    _accept("passModel", status)
    held = (solver.getNumCol(), solver.getNumRow(), solver.getNumNz())
    if held != sent:
        raise SolveError(f"HiGHS holds {held} columns, rows and coefficients, {sent} were sent")


def _listen(solver: highspy.Highs, best: _Best) -> None:
    def log(event: Any) -> None:
        best.incumbent = _finite(event.data_out.mip_primal_bound)
        best.bound = _finite(event.data_out.mip_dual_bound)

    def improved(event: Any) -> None:
        log(event)
        best.values = np.array(event.data_out.mip_solution, dtype=np.float64)

    solver.cbMipLogging += log
    solver.cbMipImprovingSolution += improved


def read_answer(solver: highspy.Highs, problem: Problem, status: highspy.HighsStatus) -> Answer:
    """What HiGHS says after a run, in its own units."""
    import highspy

    name = solver.getModelStatus().name
    stop = STOPS.get(name, Stop.UNKNOWN)
    message = f"HiGHS: {solver.modelStatusToString(solver.getModelStatus())}"
    if status == highspy.HighsStatus.kError:
        return Answer(Stop.FAILED, f"{message} (run returned an error)")
    info, solution = solver.getInfo(), solver.getSolution()
    values = np.array(solution.col_value, dtype=np.float64) if solution.value_valid else None
    if problem.is_mip:
        return Answer(stop, message, values, _finite(info.mip_dual_bound), either=name == EITHER)
    duals = np.array(solution.row_dual, dtype=np.float64) if solution.dual_valid else None
    return Answer(stop, message, values, row_duals=duals, either=name == EITHER)


def _accept(what: str, status: highspy.HighsStatus) -> None:
    if status.name == "kError":
        raise SolveError(f"HiGHS refused {what}")


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
