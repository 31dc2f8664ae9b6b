"""Other good plans: different ones at nearly the same cost, and the least and most a region could get.

Every alternative is settled and audited like any plan. It is found by moving money away from where the plans
before it spend (hop, skip and jump: Brill, Chang and Hopkins 1982), within the cost that is allowed. The
range of a region is a proven outer one: the bound of the relaxed program, so that no plan within the cost
gives less or more; plans with whole lots may not reach its ends.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from models.allocation import Allocation
from models.case import Case
from models.region import Level
from optimizer.program import Program
from optimizer.program.change import extended
from optimizer.solve import FloatArray, Options, Outcome, Problem, Stop, solve
from optimizer.solve.session import Session
from optimizer.study.closeness import cells
from optimizer.study.planning import NOISE, RELATIVE_NOISE, Planned, PlanOptions, make_plan
from optimizer.study.preference import judged, public_money, spent_terms, within_cost

#: How close to its bound the difference between plans is brought: any different plan will do.
NEAR = 0.05
#: A plan that moves less than this part of the money is the same plan.
SAME = Fraction(1, 1000)


@dataclass(frozen=True)
class Alternative:
    """A plan and the part of its money that is spent elsewhere than in the plan it is nearest to."""

    planned: Planned
    moved: Fraction


@dataclass(frozen=True)
class Range:
    """Public fen of all years in a region: no plan within the cost gives less or more. `now`: the plan's."""

    region: str
    least: int | None
    now: int
    most: int | None
    """None where the solver gave no bound in time."""


@dataclass(frozen=True)
class Alternatives:
    """The best plan, others within the cost, and the ranges of the regions."""

    best: Planned
    within: Fraction
    others: tuple[Alternative, ...]
    ranges: tuple[Range, ...]
    complete: bool
    """False where time ran out, or no further different plan was found."""


def find_alternatives(
    case: Case, options: PlanOptions, count: int, within: Fraction, level: Level | None = None
) -> Alternatives:
    """`count` other plans within `(1 + within)` of the least cost, as different as can be found."""
    best = make_plan(case, options)
    if best.plan.allocation is None:
        return Alternatives(best, within, (), (), complete=False)
    program = within_cost(best, within)
    others = tuple(_others(case, best, program, options, count, within))
    ranges = tuple(region_ranges(case, best, program, options, level or case.regions.usual_level))
    return Alternatives(best, within, others, ranges, complete=len(others) == count)


def _others(
    case: Case, best: Planned, program: Program, options: PlanOptions, count: int, within: Fraction
) -> Iterator[Alternative]:
    found = [best.plan.allocation]
    for _ in range(count):
        wished = extended(program, (), (), _used(case, program, [a for a in found if a is not None]))
        again = make_plan(case, replace(options, second=None, gap=max(options.gap, NEAR)), program=wished)
        if again.plan.allocation is None or not again.clean:
            return
        moved = min(difference(again.plan.allocation, other) for other in found if other is not None)
        if moved < SAME:
            return
        found.append(again.plan.allocation)
        yield Alternative(judged(best, again, options, within), moved)


def _used(case: Case, program: Program, plans: list[Allocation]) -> Mapping[int, int]:
    """Column of money -> in how many of the plans that place, measure and year has any."""
    spent = [set(cells(plan)) for plan in plans]
    cost: dict[int, int] = {}
    for measure in case.measures:
        for fund in case.funds:
            block = program.columns.get(f"money.{measure}.{fund}")
            if block is None:
                continue
            for i, region in enumerate(block.regions):
                for j, year in enumerate(block.years):
                    often = sum((program.regions[region], measure, year) in cell for cell in spent)
                    if often:
                        cost[int(block.index[i, j])] = often
    return cost


def difference(one: Allocation, other: Allocation) -> Fraction:
    """The part of the money (0 to 1) that one of two plans spends at another place, measure or year."""
    left, right = cells(one), cells(other)
    moved = sum(abs(left.get(cell, 0) - right.get(cell, 0)) for cell in {*left, *right})
    whole = sum(left.values()) + sum(right.values())
    return Fraction(moved, whole) if whole else Fraction(0)


def region_ranges(
    case: Case, best: Planned, program: Program, options: PlanOptions, level: Level
) -> Iterator[Range]:
    """The least and most public money of every region of the level, by two relaxed solves each."""
    if best.plan.allocation is None:
        return
    regions = [region.id for region in case.regions if region.level is level]
    now = public_money(case, best.plan.allocation, level)
    relaxed = replace(program, integer=np.zeros(len(program.integer), dtype=np.bool_))
    problem = extended(relaxed, (), (), {}).problem()
    ask = _one_session(problem) if options.engine == "highs" else _each_anew(problem, options)
    deadline = None if options.time_limit is None else time.monotonic() + options.time_limit
    for region in regions:
        spent = [part.column for part in spent_terms(case, program, {region: 0})]
        columns = np.unique(np.concatenate(spent)) if spent else np.zeros(0, dtype=np.int64)
        if not len(columns):
            continue
        ends = []
        for sign in (1.0, -1.0):
            left = None if deadline is None else deadline - time.monotonic()
            cost = np.zeros(problem.columns)
            cost[columns] = sign
            ends.append(None if left is not None and left <= 0 else _whole(ask(cost, left)))
        least = None if ends[0] is None else max(0, ends[0])
        yield Range(region, least, now.get(region, 0), None if ends[1] is None else -ends[1])


#: A goal for the columns, seconds left -> its least value.
Ask = Callable[[FloatArray, float | None], Outcome]


def _one_session(problem: Problem) -> Ask:
    """One question after the other from where the last one ended: a sixth of the time of each anew."""
    session = Session(problem)
    keep = False

    def ask(cost: FloatArray, left: float | None) -> Outcome:
        nonlocal keep
        session.aim(cost)
        outcome = session.answer(keep=keep, limit=left, looser=keep)
        keep = outcome.stop is Stop.OPTIMAL
        return outcome

    return ask


def _each_anew(problem: Problem, options: PlanOptions) -> Ask:
    """Every question from nothing: other engines cannot be asked again."""

    def ask(cost: FloatArray, left: float | None) -> Outcome:
        asked = Options(engine=options.engine, gap=0.0, time_limit=left, seed=options.seed)
        return solve(replace(problem, cost=cost), asked)

    return ask


def _whole(outcome: Outcome) -> int | None:
    """A whole number of fen that the goal is never below; None without a bound."""
    if outcome.bound is None or not math.isfinite(outcome.bound):
        return None
    return math.ceil(outcome.bound - max(NOISE, abs(outcome.bound) * RELATIVE_NOISE))
