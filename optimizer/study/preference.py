"""Among plans of nearly the same cost, the one that is even between regions, or closest to another plan.

The goal of the case comes first: a preference may cost `within` of it and no more. Then comes the preference:

- even: the spread of public money per poor person between regions, highest less lowest, is least;
- stable: the money that differs from another plan, by region, measure and year, is least.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
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
from optimizer.program.change import NewColumns, NewRows, extended, numbering
from optimizer.program.matrix import Term, term
from optimizer.study.planning import Planned, PlanOptions, make_plan, relative_gap

#: How close to its bound a preference is brought, relatively; what is reached and the bound are both said.
NEAR = 0.01
#: (region, measure, year) -> fen
Cells = Mapping[tuple[str, str, int], int]


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


@dataclass(frozen=True)
class Preferred:
    """A plan with what it reaches of the preference, fen, and what nobody can beat within the cost."""

    planned: Planned
    reached: Fraction | None
    bound: Fraction | None
    before: Fraction | None
    """The same of the plan that knows no preference."""


def make_preferred(
    case: Case, options: PlanOptions, preference: Preference, best: Planned | None = None
) -> Preferred:
    """The preferred plan; the plan without preference where none was found in time."""
    first = make_plan(case, options) if best is None else best
    if first.x is None:
        return Preferred(first, None, None, None)
    program = within_cost(first, preference.within)
    wished = preferring(case, program, preference)
    asked = replace(options, second=None, gap=max(options.gap, NEAR))
    again = make_plan(case, asked, program=wished, since=first.since)
    before = _reached(case, preference, first.plan.allocation)
    if again.x is None or again.plan.allocation is None:
        return Preferred(first, before, again.plan.bound, before)
    plan = judged(first, again, options, preference.within)
    return Preferred(plan, _reached(case, preference, plan.plan.allocation), again.plan.bound, before)


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
    return _close(program, case, cells(preference.against))


def _heads(case: Case, level: Level) -> dict[str, int]:
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
    heads = _heads(case, level)
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


def cells(allocation: Allocation) -> Cells:
    """Money by region, measure and year, whatever fund pays."""
    found: dict[tuple[str, str, int], int] = {}
    for (region, measure, _, year), fen in allocation.money.items():
        found[region, measure, year] = found.get((region, measure, year), 0) + fen
    return found


def _close(program: Program, case: Case, before: Cells) -> Program:
    """Money of a cell - more + less = what it was; the sum of more and less is least."""
    terms: list[Term] = []
    constant: list[int] = []
    for measure in case.measures:
        blocks = [
            b for fund in case.funds if (b := program.columns.get(f"money.{measure}.{fund}")) is not None
        ]
        if not blocks:
            continue
        sites = np.unique(np.concatenate([block.regions for block in blocks]))
        years = blocks[0].years
        start = len(constant)
        for site in sites:
            constant += [-before.get((program.regions[site], measure, year), 0) for year in years]
        for block in blocks:
            row = start + np.searchsorted(sites, block.regions)[:, None] * len(years) + np.arange(len(years))
            terms.append(term(row, block.index, 1))
    rows = np.arange(len(constant))
    columns = [NewColumns("stable.more", len(rows)), NewColumns("stable.less", len(rows))]
    numbers = numbering(program, columns)
    terms += [term(rows, numbers["stable.more"], -1), term(rows, numbers["stable.less"], 1)]
    new = NewRows("stable", Comparison.EQUAL, terms, np.array(constant, dtype=np.int64))
    cost = {int(column): 1 for block in numbers.values() for column in block}
    return extended(program, columns, [new] if len(rows) else [], cost)


def _reached(case: Case, preference: Preference, allocation: Allocation | None) -> Fraction | None:
    """What an allocation is worth by the preference, fen, from its own lines."""
    if allocation is None:
        return None
    if preference.prefer is Prefer.STABLE and preference.against is not None:
        now, before = cells(allocation), cells(preference.against)
        return Fraction(sum(abs(now.get(c, 0) - before.get(c, 0)) for c in {*now, *before}))
    per_head = list(money_per_head(case, allocation, preference.level or case.regions.usual_level).values())
    return max(per_head) - min(per_head) if per_head else Fraction(0)


def money_per_head(case: Case, allocation: Allocation, level: Level) -> Mapping[str, Fraction]:
    """Public fen per poor person at the start, by region of the level that has any."""
    spent = public_money(case, allocation, level)
    return {region: Fraction(spent.get(region, 0), heads) for region, heads in _heads(case, level).items()}
