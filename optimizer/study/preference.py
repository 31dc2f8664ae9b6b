"""Among plans of nearly the same cost, the one that is even between regions, or closest to another plan.

The goal of the case comes first: a preference may cost `within` of it and no more. Then comes the preference:

- even: the spread of public money per poor person between regions, highest less lowest, is least;
- stable: the money that differs from another plan, by region, measure and year, is least; then the people
  that are out in other years than in it; then the money that another fund pays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np

from models.allocation import Allocation
from models.case import Case
from models.plan import Status
from models.policy import Counts
from models.region import Level
from models.rules.tree import Comparison
from optimizer.program import Program
from optimizer.program.change import NewColumns, NewRows, extended, fixed, numbering
from optimizer.program.matrix import Term, term
from optimizer.study.closeness import (
    close_money,
    close_payers,
    close_people,
    money_apart,
    payers_apart,
    people_apart,
)
from optimizer.study.planning import Planned, PlanOptions, make_plan, relative_gap

#: How close to its bound a preference is brought, relatively; what is reached and the bound are both said.
#: A quarter of it is for whole quantities: an even spread in whole lots is a riddle that 1 % makes endless.
NEAR = 0.04


class Prefer(StrEnum):
    """What decides between plans that cost nearly the same."""

    EVEN = "even"
    STABLE = "stable"


@dataclass(frozen=True)
class Preference:
    """`within`: what of the goal it may cost; `against` is the plan to stay close to (stable)."""

    prefer: Prefer
    within: Fraction = Fraction(0)
    level: Level | None = None
    against: Allocation | None = None
    since: int | None = None
    """Earlier years are history, in which nothing can be close or far (stable); None: there is none."""


@dataclass(frozen=True)
class Preferred:
    """A plan with what it reaches of the preference, fen, and what nobody can beat within the cost."""

    planned: Planned
    reached: Fraction | None
    bound: Fraction | None
    before: Fraction | None
    """The same of the plan that knows no preference."""
    apart: Apart | None = None
    """Stable: how far people and payers are from the other plan, and the same without the preference."""
    apart_before: Apart | None = None


@dataclass(frozen=True)
class Apart:
    """Who is out in other years than in another plan (`people_apart`), and fen that another fund pays."""

    people: int
    payers: int


def make_preferred(
    case: Case, options: PlanOptions, preference: Preference, best: Planned | None = None
) -> Preferred:
    """The preferred plan; the plan without preference where none was found in time."""
    first = make_plan(case, options) if best is None else best
    if first.x is None:
        return Preferred(first, None, None, None)
    program = within_cost(first, preference.within)
    asked = replace(options, second=None, gap=max(options.gap, NEAR))
    again = make_plan(case, asked, program=preferring(case, program, preference), since=first.since)
    before = _reached(case, preference, first.plan.allocation)
    away = _apart(case, preference, first.plan.allocation)
    if again.x is None or again.plan.allocation is None:
        return Preferred(first, before, again.plan.bound, before, away, away)
    bound = again.plan.bound
    if preference.prefer is Prefer.STABLE and preference.against is not None:
        again = _closer(case, again, asked, preference.against, preference.since)
    plan = judged(first, again, options, preference.within)
    made = plan.plan.allocation
    reached = _reached(case, preference, made)
    if bound is not None and reached is not None:
        bound = min(bound, reached)  # a solver's bound is true to its tolerance, which is some fen
    return Preferred(plan, reached, bound, before, _apart(case, preference, made), away)


def _closer(
    case: Case, again: Planned, asked: PlanOptions, against: Allocation, since: int | None
) -> Planned:
    """Of the plans whose money is as close as that of `again`: people as close as can be, then who pays."""
    if again.x is None:
        return again
    held = close_people(within_cost(again, Fraction(0)), case, against, since)
    again = _or_closer(again, make_plan(case, asked, program=held, since=again.since),
                       lambda made: people_apart(case, made, against, since))  # fmt: skip
    if again.x is None:
        return again
    # Quantities stay as they are from here on: only who pays for them is still open.
    quantities = np.flatnonzero(~again.program.money)
    held = fixed(within_cost(again, Fraction(0)), quantities, again.x[quantities])
    paid = make_plan(case, asked, program=close_payers(held, case, against, since), since=again.since)
    return _or_closer(again, paid, lambda made: payers_apart(made, against, since))


def _or_closer(one: Planned, other: Planned, apart: Callable[[Allocation], int]) -> Planned:
    """The other of two plans where it is closer and as clean, with the seconds of both; else the one."""
    first, second = one.plan.allocation, other.plan.allocation
    if first is None or second is None or (one.clean and not other.clean) or apart(second) >= apart(first):
        return one
    steps = dict.fromkeys((*one.plan.seconds, *other.plan.seconds))
    seconds = {step: round(sum(p.plan.seconds.get(step, 0.0) for p in (one, other)), 3) for step in steps}
    return replace(other, plan=replace(other.plan, seconds=seconds))


def _apart(case: Case, preference: Preference, allocation: Allocation | None) -> Apart | None:
    against, since = preference.against, preference.since
    if allocation is None or against is None or preference.prefer is not Prefer.STABLE:
        return None
    return Apart(people_apart(case, allocation, against, since), payers_apart(allocation, against, since))


def within_cost(first: Planned, within: Fraction) -> Program:
    """The program whose goal may be worse than the plan's by `within` of it."""
    if first.x is None:
        raise ValueError("there is no plan to stay close to")
    goal = first.program.goal
    value = goal.value(first.x)
    worst = (-value if goal.maximise else value) + abs(value) * within
    return first.program.limited(len(first.program.objectives) - 1, math.floor(worst * goal.multiplier))


def judged(first: Planned, again: Planned, options: PlanOptions, within: Fraction) -> Planned:
    """`again` with its cost held against the bound of the first: proven means within the gap and `within`."""
    if again.x is None:
        return again
    objective = first.program.goal.value(again.x[: len(first.program.lower)])
    gap = relative_gap(objective, first.plan.bound)
    lawful = again.plan.status is not Status.UNKNOWN and again.clean
    proven = lawful and gap is not None and gap <= Fraction(options.gap) + within
    plan = replace(
        again.plan,
        status=Status.OPTIMAL if proven else again.plan.status if not lawful else Status.FEASIBLE,
        objective=objective,
        bound=first.plan.bound,
        gap=gap,
        seconds={
            step: round(first.plan.seconds.get(step, 0.0) + again.plan.seconds.get(step, 0.0), 3)
            for step in dict.fromkeys((*first.plan.seconds, *again.plan.seconds))
        },
    )
    return replace(again, plan=plan, program=first.program)


def preferring(case: Case, program: Program, preference: Preference) -> Program:
    """The program with the preference as its last objective."""
    if preference.prefer is Prefer.EVEN:
        return _even(case, program, preference.level or case.regions.usual_level)
    if preference.against is None:
        raise ValueError("stable needs a plan to be close to")
    return close_money(program, case, preference.against, preference.since)


def heads_of(case: Case, level: Level) -> dict[str, int]:
    """Region of the level -> poor persons at the start and entered; regions without any are absent."""
    persons = {group.id for group in case.groups.values() if group.counts is Counts.PERSONS}
    found: dict[str, int] = {}
    tops = case.regions.tops(level)
    for (region, group), members in case.stock_by(case.last_year).items():
        if region in tops and group in persons and members:
            found[tops[region]] = found.get(tops[region], 0) + members
    return found


def public_money(case: Case, allocation: Allocation, level: Level) -> Mapping[str, int]:
    """Public fen of all years by region of the level; regions that get none are absent."""
    tops, public = case.regions.tops(level), case.public_funds
    found: dict[str, int] = {}
    for (region, _, fund, _), fen in allocation.money.items():
        if region in tops and fund in public:
            found[tops[region]] = found.get(tops[region], 0) + fen
    return found


def spent_terms(case: Case, program: Program, rows: Mapping[str, int]) -> list[Term]:
    """Public money of all years by row; `rows`: region -> row, counting the region's subtree."""
    row_of = np.full(len(program.regions), -1, dtype=np.int64)
    inside = {below: row for region, row in rows.items() for below in case.regions.subtree(region)}
    for position, region in enumerate(program.regions):
        row_of[position] = inside.get(region, -1)
    terms, public = [], case.public_funds
    for measure in case.measures:
        for fund in (id for id in case.funds if id in public):
            block = program.columns.get(f"money.{measure}.{fund}")
            if block is not None:
                here = row_of[block.regions]
                chosen = np.flatnonzero(here >= 0)
                terms.append(term(here[chosen][:, None], block.index[chosen], 1))
    return terms


def _even(case: Case, program: Program, level: Level) -> Program:
    """Money of a region <= heads x high, >= heads x low; high - low is least. Both are fen per person."""
    heads = heads_of(case, level)
    columns = [NewColumns("even.high", 1), NewColumns("even.low", 1)]
    numbers = numbering(program, columns)
    count = np.arange(len(heads))
    weights = np.array(list(heads.values()), dtype=np.int64)
    spent = spent_terms(case, program, {region: row for row, region in enumerate(heads)})
    none = np.zeros(len(heads), dtype=np.int64)
    rows = [
        NewRows("even.high", Comparison.AT_MOST,
                [*spent, Term(count, np.repeat(numbers["even.high"], len(heads)), -weights)], none),
        NewRows("even.low", Comparison.AT_LEAST,
                [*spent, Term(count, np.repeat(numbers["even.low"], len(heads)), -weights)], none),
    ]  # fmt: skip
    if not heads:
        rows = []
    return extended(
        program, columns, rows, {int(numbers["even.high"][0]): 1, int(numbers["even.low"][0]): -1}
    )


def _reached(case: Case, preference: Preference, allocation: Allocation | None) -> Fraction | None:
    """What an allocation is worth by the preference, fen, from its own lines."""
    if allocation is None:
        return None
    if preference.prefer is Prefer.STABLE and preference.against is not None:
        return Fraction(money_apart(allocation, preference.against, preference.since))
    per_head = list(money_per_head(case, allocation, preference.level or case.regions.usual_level).values())
    return max(per_head) - min(per_head) if per_head else Fraction(0)


def money_per_head(case: Case, allocation: Allocation, level: Level) -> Mapping[str, Fraction]:
    """Public fen per poor person at the start, by region of the level that has any."""
    spent = public_money(case, allocation, level)
    return {region: Fraction(spent.get(region, 0), heads) for region, heads in heads_of(case, level).items()}
