"""The one way to solve: check, scale, ask the engine, ask again where one answer is not enough, and judge.

`solve` takes a Problem and Options and returns an Outcome; `cross_check` asks a second engine and raises when
the two contradict each other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np

from optimizer.solve.engine import require
from optimizer.solve.problem import (
    EnginesDisagree,
    Options,
    Outcome,
    Problem,
    Progress,
    SolveError,
    Stop,
    check,
    check_options,
)
from optimizer.solve.scale import scaled
from optimizer.solve.verdict import FEASIBILITY, Answer, judge
from optimizer.solve.way import Way

Ask = Callable[[Problem, Options, Way, float | None], Answer]

#: Two engines may differ by this, relatively: twice what their tolerances on rows are worth.
AGREEMENT = 2 * FEASIBILITY
#: Without a time limit, confirming "infeasible" may take this many seconds, or ten times the first answer
#: if longer.
CONFIRMING = 60.0


def solve(problem: Problem, options: Options) -> Outcome:
    """Solve; raises ProblemError for numbers that no engine reads rightly and EngineUnavailable."""
    engine = require(options.engine)
    check(problem)
    check_options(problem, options)
    started = time.monotonic()
    if options.time_limit is not None and options.time_limit <= 0:
        return _without_values(engine.name, Stop.TIME_LIMIT, "no time was given", 0.0)
    if not problem.columns:
        return judge(problem, options, engine.name, _no_columns(problem), time.monotonic() - started)
    ask: Ask = import_module(engine.adapter).ask
    return _Question(
        problem, scaled(problem), _in_engine_units(problem, options), engine.name, ask, started
    ).answer()


@dataclass(frozen=True, eq=False)
class _Question:
    """One solve in progress: the problem in both units, and the engine to ask."""

    problem: Problem
    scaled: Problem
    options: Options
    engine: str
    ask: Ask
    started: float

    def answer(self) -> Outcome:
        answer, outcome = self.put(self.problem, self.scaled, Way.FIRST, self.left())
        if outcome.stop in (Stop.UNKNOWN, Stop.FAILED) and not answer.either and not self.late():
            answer, second = self.put(self.problem, self.scaled, Way.OTHER, self.left())
            note = f"{second.message} (asked again after: {outcome.message})"
            outcome = replace(second if _tells_more(second, outcome) else outcome, message=note)
        if outcome.stop is Stop.UNKNOWN and self.late() and not answer.either:
            return replace(outcome, stop=Stop.TIME_LIMIT)  # GLOP does not say that its time is up
        if outcome.stop is Stop.INFEASIBLE and not self.options.confirm:
            return outcome
        if answer.either or outcome.stop in (Stop.INFEASIBLE, Stop.UNBOUNDED):
            return self.confirm(answer, outcome)
        return outcome

    def confirm(self, answer: Answer, first: Outcome) -> Outcome:
        """Ask again without cost and presolve: only whether there is any solution at all is at stake."""
        limit = self.left()
        if limit is None:
            limit = max(CONFIRMING, 10 * first.seconds)
        if limit <= 0:
            return replace(
                first, stop=Stop.UNKNOWN, message=f"{first.message}; no time was left to confirm it"
            )
        zero = np.zeros(self.problem.columns)
        problem, in_units = (replace(p, cost=zero, offset=0.0) for p in (self.problem, self.scaled))
        _, second = self.put(problem, in_units, Way.AGAIN, limit)
        note = f"{first.message}; asked again without cost and presolve: {second.message}"
        result = _without_values(self.engine, Stop.UNKNOWN, note, second.seconds)
        if second.stop is Stop.INTERRUPTED:
            return replace(result, stop=Stop.INTERRUPTED)
        if second.stop is Stop.INFEASIBLE:
            return replace(result, stop=Stop.INFEASIBLE)
        if second.values is not None and (answer.either or first.stop is Stop.UNBOUNDED):
            return replace(result, stop=Stop.UNBOUNDED)
        if second.values is not None:
            objective = float(self.problem.cost @ second.values) + self.problem.offset
            note = f'{note}; a solution exists, so the first answer "{first.stop}" was wrong'
            return replace(result, values=second.values, objective=objective, message=note)
        return result

    def put(
        self, problem: Problem, in_units: Problem, way: Way, limit: float | None
    ) -> tuple[Answer, Outcome]:
        """Ask the engine once and judge what it says."""
        try:
            answer = self.ask(in_units, self.options, way, limit)
        except SolveError as error:
            answer = Answer(Stop.FAILED, str(error))
        return answer, judge(problem, self.options, self.engine, answer, time.monotonic() - self.started)

    def left(self) -> float | None:
        limit = self.options.time_limit
        return None if limit is None else limit - (time.monotonic() - self.started)

    def late(self) -> bool:
        left = self.left()
        return left is not None and left <= 0


def cross_check(problem: Problem, options: Options, first: Outcome, engine: str) -> Outcome:
    """The same problem by a second engine; raises EnginesDisagree when the two cannot both be right.

    Values of an Outcome are known to be a solution, so its objective may not lie below the other's bound, and
    the other may not say infeasible.
    """
    second = solve(problem, replace(options, engine=engine))
    for one, other in ((first, second), (second, first)):
        if one.objective is not None and other.stop is Stop.INFEASIBLE:
            raise EnginesDisagree(
                f"{one.engine} has a solution worth {one.objective}, {other.engine} says infeasible"
            )
        if one.stop is Stop.UNBOUNDED and other.stop in (Stop.OPTIMAL, Stop.INFEASIBLE):
            raise EnginesDisagree(
                f"{one.engine} says unbounded, {other.engine} says {other.stop}: {other.objective}"
            )
        if one.objective is None or other.bound is None:
            continue
        slack = AGREEMENT * max(abs(one.objective), abs(other.bound), problem.cost_scale)
        if one.objective < other.bound - slack:
            raise EnginesDisagree(
                f"{one.engine} has a solution worth {one.objective}, {other.engine} says that none is below "
                f"{other.bound} (its own is worth {other.objective}); they differ by more than {slack:.3g}"
            )
    return second


def _in_engine_units(problem: Problem, options: Options) -> Options:
    report, start = options.progress, options.start
    if options.enough is not None:
        options = replace(options, enough=options.enough / problem.cost_scale)
    if start is not None:
        options = replace(options, start=start / problem.column_scale)
    if report is None:
        return options

    def unscaled(progress: Progress) -> None:
        numbers = [
            None if n is None else n * problem.cost_scale for n in (progress.incumbent, progress.bound)
        ]
        report(Progress(progress.seconds, *numbers))

    return replace(options, progress=unscaled)


def _no_columns(problem: Problem) -> Answer:
    """Nothing to decide: every row is 0."""
    broken = (problem.row_lower > 0) | (problem.row_upper < 0)
    if broken.any():
        return Answer(Stop.INFEASIBLE, f"there are no columns, and row {int(broken.argmax())} forbids 0")
    bound = problem.offset / problem.cost_scale
    return Answer(Stop.OPTIMAL, "there are no columns", np.zeros(0), bound)


def _tells_more(second: Outcome, first: Outcome) -> bool:
    return second.stop not in (Stop.UNKNOWN, Stop.FAILED) or (
        first.values is None and second.values is not None
    )


def _without_values(engine: str, stop: Stop, message: str, seconds: float) -> Outcome:
    return Outcome(engine, stop, None, None, None, None, seconds, message)
