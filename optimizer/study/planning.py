"""Make a plan: build the program, solve, settle, audit; three verdicts that stay apart.

Why the solver stopped, what it returned, and what the auditor found each have their own place in `Planned`.
Nothing is called optimal unless the settled plan is within the gap of a proven bound and the audit is clean.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from models.allocation import Allocation
from models.case import Case
from models.finding import Audit
from models.plan import Plan, Status
from optimizer.audit import audit
from optimizer.program import Program, build
from optimizer.program.matrix import Whole
from optimizer.settle import Settled, SettleError, read_off, settle
from optimizer.solve import Options, Outcome, Progress, Stop, cross_check, solve
from optimizer.study.conflict import Conflict, find_conflict, touched

#: What the floats of a solver's bound may be off: in the goal's unit (fen), and relatively.
NOISE, RELATIVE_NOISE = 1e-3, 1e-9
#: Of the gap that is asked for, the solve may use half and each step of settling this much.
SETTLED = 0.25
#: Seconds that settling has at least, however short the time limit: an answer is worth making whole.
SETTLING = 10.0
#: Seconds for the second, whole-number attempt when the caller sets no limit.
PATIENCE = 120.0


@dataclass(frozen=True)
class PlanOptions:
    """How to plan. `grain` is the smallest amount of money in fen; `second` an engine for the cross-check."""

    engine: str = "highs"
    gap: float = 1e-3
    time_limit: float | None = None
    seed: int = 0
    grain: int = 1
    second: str | None = None
    settling: float | None = None
    """Seconds for settling, and no second attempt where it fails; None: the time limit, and ten at least."""
    conflict: bool = True
    """Whether an impossible case is asked what is in conflict."""
    progress: Callable[[Progress], None] | None = None


@dataclass(frozen=True)
class Planned:
    """A plan with what is known of it: an audit if there is an allocation, a conflict if it is infeasible."""

    plan: Plan
    audit: Audit | None
    conflict: Conflict | None
    program: Program
    notes: tuple[str, ...] = ()
    x: Whole | None = None
    """The columns of the program that the allocation was read off."""
    since: int | None = None
    """Findings of earlier years are history: they do not count against the plan."""

    @property
    def clean(self) -> bool:
        """Whether the auditor has nothing hard against the plan itself."""
        return self.audit is not None and clean_since(self.audit, self.since)


def clean_since(found: Audit, since: int | None) -> bool:
    """Whether nothing hard is violated or left unevaluated in `since` or later, or in all years together."""
    counted = (f for f in found.findings if since is None or f.year is None or f.year >= since)
    return Audit(tuple(counted)).clean


def make_plan(
    case: Case, options: PlanOptions, *, program: Program | None = None, since: int | None = None
) -> Planned:
    """The plan of a case. Raises ProgramError and SolveError (EnginesDisagree among them) for faults.

    A case that is impossible is no fault: it is a Planned with status `infeasible` and a conflict.
    `program`: the case's own, changed by a study; `since`: see `Planned`.
    """
    started = time.monotonic()
    whole_case = case if program is None else None
    program = build(case) if program is None else program
    seconds = {"build": _lap(started)}
    for number in range(program.settled_goals, len(program.objectives) - 1):
        first = _first_goal(program, number, options, started, seconds)
        if first.outcome.objective is None:
            return _without_plan(whole_case, program, first, options, seconds)
        program = program.reached(number, first.outcome.objective)
    best = _attempt(program, options, started, seconds, None)
    enough = options.settling is not None and best.settled is None
    if best.outcome.stop is Stop.OPTIMAL and not best.proven(program, options) and not enough:
        # Whole quantities cost more than the relaxation knows: let the engine itself decide about them.
        best = best.or_better(program, _attempt(program, options, started, seconds, best))
    if best.settled is None:
        return _without_plan(whole_case, program, best, options, seconds)
    return _with_plan(case, program, best, options, seconds, since)


def _lap(started: float) -> float:
    return round(time.monotonic() - started, 3)


@dataclass(frozen=True, eq=False)
class _Attempt:
    """One solve and what settling made of it; `bound` is the best known so far."""

    outcome: Outcome
    settled: Settled | None
    bound: Fraction | None
    trouble: str = ""

    def gap(self, program: Program) -> Fraction | None:
        """The gap of the settled plan."""
        objective = None if self.settled is None else program.goal.value(self.settled.x)
        return relative_gap(objective, self.bound)

    def proven(self, program: Program, options: PlanOptions) -> bool:
        """Whether the settled plan is within the gap of a bound that holds."""
        gap = self.gap(program)
        return gap is not None and gap <= Fraction(options.gap)

    def or_better(self, program: Program, other: _Attempt) -> _Attempt:
        """The better plan of the two with the better bound of the two."""
        bounds = [bound for bound in (self.bound, other.bound) if bound is not None]
        bound = (min(bounds) if program.goal.maximise else max(bounds)) if bounds else None
        if self.settled is None or other.settled is None:
            chosen = self if other.settled is None and other.outcome.stop is not Stop.INFEASIBLE else other
            return replace(chosen, bound=bound) if self.settled is None else replace(self, bound=bound)
        mine, theirs = (program.goal.value(plan.x) for plan in (self.settled, other.settled))
        better = theirs > mine if program.goal.maximise else theirs < mine
        return replace(other if better else self, bound=bound)


def _first_goal(
    program: Program, number: int, options: PlanOptions, started: float, seconds: dict[str, float]
) -> _Attempt:
    """How far a goal that comes first can be reached, in whole quantities."""
    left = None if options.time_limit is None else options.time_limit - (time.monotonic() - started)
    begun = time.monotonic()
    problem = program.problem(whole_quantities=True, goal=program.objectives[number])
    asked = Options(
        engine=options.engine, gap=0.0, time_limit=left, seed=options.seed, progress=options.progress
    )
    outcome = solve(problem, asked)
    seconds["solve"] = round(seconds.get("solve", 0.0) + _lap(begun), 3)
    return _Attempt(outcome, None, None)


def _attempt(
    program: Program,
    options: PlanOptions,
    started: float,
    seconds: dict[str, float],
    before: _Attempt | None,
) -> _Attempt:
    """Solve and settle: first with quantities relaxed, then (after `before`) with all of them whole."""
    problem = program.problem(whole_quantities=before is not None)
    limit = options.time_limit
    if limit is not None:
        limit = max(0.0, limit - (time.monotonic() - started)) if before is not None else limit
    elif before is not None:
        limit = PATIENCE
    asked = Options(
        engine=options.engine,
        gap=options.gap / 2,
        time_limit=limit,
        seed=options.seed,
        progress=options.progress,
        start=None if before is None or before.settled is None else before.settled.x.astype(np.float64),
        # What could not be made whole may have been feasible by the engine's tolerance only.
        strict=before is not None and before.settled is None,
    )
    begun = time.monotonic()
    outcome = solve(problem, asked)
    if options.second is not None:
        cross_check(problem, asked, outcome, options.second)
    seconds["solve"] = round(seconds.get("solve", 0.0) + _lap(begun), 3)
    begun = time.monotonic()
    settled, trouble = None, ""
    if outcome.values is not None:
        try:
            patience = None if options.time_limit is None else max(SETTLING, options.time_limit)
            patience = patience if options.settling is None else options.settling
            how = Options(gap=options.gap * SETTLED, seed=options.seed, time_limit=patience)
            settled = settle(program, outcome.values, how, grain=options.grain)
        except SettleError as error:
            trouble = str(error)
    seconds["settle"] = round(seconds.get("settle", 0.0) + _lap(begun), 3)
    return _Attempt(outcome, settled, safe_bound(program, outcome), trouble)


def _without_plan(
    case: Case | None, program: Program, best: _Attempt, options: PlanOptions, seconds: dict[str, float]
) -> Planned:
    """No plan, and why; `case` is None where the program is one that a study changed."""
    status = Status.INFEASIBLE if best.outcome.stop is Stop.INFEASIBLE else Status.UNKNOWN
    conflict = None
    if status is Status.INFEASIBLE and options.conflict:
        begun = time.monotonic()
        own = program if case is None else build(case, tight=False)
        changed = () if case is None else touched(case.patches)
        conflict = find_conflict(own, time_limit=options.time_limit, changed=changed)
        seconds["explain"] = _lap(begun)
    plan = Plan(
        status=status,
        allocation=None,
        cost=None,
        objective=None,
        bound=best.bound,
        gap=None,
        solver=best.outcome.engine,
        message="; ".join(part for part in (best.outcome.message, best.trouble) if part),
        seconds=seconds,
    )
    return Planned(plan, None, conflict, program)


def _with_plan(
    case: Case,
    program: Program,
    best: _Attempt,
    options: PlanOptions,
    seconds: dict[str, float],
    since: int | None,
) -> Planned:
    if best.settled is None:
        raise ValueError("there is nothing to publish")
    allocation = read_off(case, program, best.settled.x)
    begun = time.monotonic()
    found = audit(case, allocation)
    seconds["audit"] = _lap(begun)
    proven = best.proven(program, options) and clean_since(found, since)
    plan = Plan(
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        allocation=allocation,
        cost=public_cost(case, allocation),
        objective=program.goal.value(best.settled.x),
        bound=best.bound,
        gap=best.gap(program),
        solver=best.outcome.engine,
        message=best.outcome.message,
        seconds=seconds,
    )
    return Planned(plan, found, None, program, best.settled.notes, best.settled.x, since)


def safe_bound(program: Program, outcome: Outcome) -> Fraction | None:
    """What no lawful plan can beat, in the goal's unit.

    The solver's bound, made weaker by what its floats may be off, and then moved to the next value that a
    plan of whole steps can have.
    """
    if outcome.bound is None or not math.isfinite(outcome.bound):
        return None
    weaker = outcome.bound - max(NOISE, abs(outcome.bound) * RELATIVE_NOISE)
    step = program.goal.multiplier
    bound = Fraction(math.ceil(weaker * step), step)
    return -bound if program.goal.maximise else bound


def relative_gap(objective: Fraction | None, bound: Fraction | None) -> Fraction | None:
    """|objective - bound| / |objective|; 0 when they meet (rounding may put the bound past the objective)."""
    if objective is None or bound is None:
        return None
    if objective == 0:
        return Fraction(0) if bound == 0 else None
    return abs(objective - bound) / abs(objective)


def public_cost(case: Case, allocation: Allocation) -> int:
    """Fen paid by funds that count (cost weight above 0), each fen once whatever its weight."""
    public = case.public_funds
    return sum(fen for (_, _, fund, _), fen in allocation.money.items() if fund in public)
