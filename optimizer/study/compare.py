"""Put two allocations side by side: money, exits and broken statements, and where a difference comes from.

In go two `Side`s: a case as it was read and an allocation of it; out come differences as exact numbers.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from models.allocation import Allocation
from models.case import Case, Goal, Tables
from models.comparison import Attribution, Cause, Comparison, Pairs, Side, Step
from models.finding import State
from models.policy import Counts, Group
from models.region import Level
from optimizer.audit import audit
from optimizer.study.planning import PlanOptions, make_plan, public_cost

_FIELDS: Mapping[Cause, tuple[str, ...]] = {
    Cause.DATA: ("first_year", "last_year", "regions", "attributes", "groups", "needs", "resources"),
    Cause.ENTRANTS: (),
    Cause.PRICE: ("measures",),
    Cause.MONEY: ("funds",),
    Cause.RULE: ("targets", "rules", "standards", "exclusions", "projects", "goal", "first_goals"),
}
#: Fields of a group that say who comes back: they are taken over with the newcomers, not with the people.
_COMING = ("relapse", "revoked", "waits")
_TABLES: Mapping[Cause, tuple[str, ...]] = {
    Cause.DATA: ("stocks", "households", "needs", "gaps", "capacities", "limits", "yearly"),
    Cause.ENTRANTS: ("entrants", "revoked"),
    Cause.PRICE: ("costs",),
    Cause.MONEY: ("supplied",),
    Cause.RULE: (),
}


def compare(first: Side, second: Side, level: Level | None = None, since: int | None = None) -> Comparison:
    """The differences; `level` defaults to counties, or townships or villages where there is one county.

    `since`: money of that year and later only; everything else is of the whole plan.
    """
    chosen = level if level is not None else second.case.regions.usual_level
    tops = {**first.case.regions.tops(chosen), **second.case.regions.tops(chosen)}

    def money(label: Callable[[tuple[str, str, str, int]], str]) -> Pairs:
        return _pairs(*(((label(key), fen) for key, fen in side.allocation.money.items()
                         if since is None or key[3] >= since)
                        for side in (first, second)))  # fmt: skip

    def violated(side: Side) -> Iterable[tuple[str, int]]:
        return ((found.rule, 1) for found in side.audit.findings if found.state is State.VIOLATED)

    rules = _pairs(violated(first), violated(second))
    return Comparison(
        first,
        second,
        chosen,
        by_region=money(lambda key: tops.get(key[0], key[0])),
        by_measure=money(lambda key: key[1]),
        by_fund=money(lambda key: key[2]),
        by_year=dict(sorted(money(lambda key: str(key[3])).items())),
        out=_pairs(*(((tops.get(region, region), persons) for region, persons in _persons_out(side))
                     for side in (first, second))),
        rules={rule: pair for rule, pair in rules.items() if pair[0] != pair[1]},
    )  # fmt: skip


def _persons_out(side: Side) -> Iterable[tuple[str, int]]:
    persons = {group.id for group in side.case.groups.values() if group.counts is Counts.PERSONS}
    made = side.allocation
    for sign, lines in ((1, made.exits), (-1, made.returned), (-1, made.revoked)):
        for (region, group, _), members in lines.items():
            if group in persons:
                yield region, sign * members


def _pairs(first: Iterable[tuple[str, int]], second: Iterable[tuple[str, int]]) -> Pairs:
    left: dict[str, int] = defaultdict(int)
    right: dict[str, int] = defaultdict(int)
    for sums, amounts in ((left, first), (right, second)):
        for name, amount in amounts:
            sums[name] += amount
    return {name: (left[name], right[name]) for name in dict.fromkeys((*left, *right))}


def differing(first: Case, second: Case) -> tuple[Cause, ...]:
    """The causes in which two cases differ."""
    return tuple(cause for cause in Cause if _parts(first, cause) != _parts(second, cause))


def _parts(case: Case, cause: Cause) -> list[object]:
    fields: list[object] = [
        tuple(case.regions) if name == "regions" else getattr(case, name)
        for name in _FIELDS[cause]
        if name != "groups"
    ]
    coming = {id: {name: getattr(group, name) for name in _COMING} for id, group in case.groups.items()}
    if cause is Cause.ENTRANTS:
        fields.append(coming)
    if cause is Cause.DATA:
        plain = dict.fromkeys(_COMING)
        fields.append({id: group.model_copy(update=plain) for id, group in case.groups.items()})
    return fields + [getattr(case.tables, name) for name in _TABLES[cause]]


def attribute(first: Case, second: Case, options: PlanOptions) -> Attribution:
    """Plan the first case, then with one differing cause after the other as in the second.

    What is due to a cause depends on the order; it is that of `Cause`.
    """
    collections = ("groups", "needs", "measures", "funds", "resources", "attributes")
    same = all(set(getattr(first, name)) == set(getattr(second, name)) for name in collections)
    if not same or set(first.regions.ids) != set(second.regions.ids) or first.years != second.years:
        return Attribution(None, (), separable=False)
    asked = replace(options, conflict=False)
    start = _step(Cause.DATA, first, asked)
    steps, current = [], first
    for cause in differing(first, second):
        current = _taken_over(current, second, cause)
        steps.append(_step(cause, current, asked))
    return Attribution(start, tuple(steps))


def _taken_over(case: Case, second: Case, cause: Cause) -> Case:
    tables = {name: getattr(case.tables, name) for name in Tables.__dataclass_fields__}
    tables |= {name: getattr(second.tables, name) for name in _TABLES[cause]}
    fields: dict[str, object] = {name: getattr(second, name) for name in _FIELDS[cause]}
    if cause is Cause.DATA:
        fields["groups"] = _groups(people=second, coming=case)
    if cause is Cause.ENTRANTS:
        fields["groups"] = _groups(people=case, coming=second)
    return case.model_copy(update=fields | {"tables": Tables(**tables)})


def _groups(people: Case, coming: Case) -> dict[str, Group]:
    """The groups of the one case, in which those of the other come back."""
    return {
        id: group.model_copy(update={name: getattr(coming.groups[id], name) for name in _COMING})
        for id, group in people.groups.items()
    }


def _step(cause: Cause, case: Case, options: PlanOptions) -> Step:
    plan = make_plan(case, options).plan
    slack = None
    if case.goal is Goal.LEAST_COST and plan.objective is not None and plan.bound is not None:
        slack = math.ceil(abs(plan.objective - plan.bound))
    return Step(cause, plan.status, plan.cost, slack)


def side(name: str, case: Case, allocation: Allocation) -> Side:
    """A side with its audit."""
    return Side(name, case, allocation, audit(case, allocation), public_cost(case, allocation))
