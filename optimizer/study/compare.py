"""Put two allocations side by side: money, exits and broken statements, and where a difference comes from.

In go two `Side`s: a case as it was read and an allocation of it; out come differences as exact numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from models.allocation import Allocation
from models.case import Case, Tables
from models.comparison import Attribution, Cause, Comparison, Pairs, Side, Step
from models.finding import State
from models.policy import Counts
from models.region import Level
from optimizer.audit import audit
from optimizer.study.planning import PlanOptions, make_plan, public_cost

_FIELDS: Mapping[Cause, tuple[str, ...]] = {
    Cause.DATA: ("first_year", "last_year", "regions", "attributes", "groups", "needs", "resources"),
    Cause.PRICE: ("measures",),
    Cause.MONEY: ("funds",),
    Cause.RULE: ("targets", "rules", "standards", "exclusions", "projects", "goal", "first_goals"),
}
_TABLES: Mapping[Cause, tuple[str, ...]] = {
    Cause.DATA: (
        *("stocks", "households", "entrants", "revoked", "needs", "gaps", "capacities", "limits"),
        "yearly",
    ),
    Cause.PRICE: ("costs",),
    Cause.MONEY: ("supplied",),
    Cause.RULE: (),
}


def compare(first: Side, second: Side, level: Level | None = None) -> Comparison:
    """The differences; `level` defaults to counties, or townships or villages where there is one county."""
    chosen = level if level is not None else second.case.regions.usual_level
    tops = {**first.case.regions.tops(chosen), **second.case.regions.tops(chosen)}

    def money(label: Callable[[tuple[str, str, str, int]], str]) -> Pairs:
        return _pairs(*(((label(key), fen) for key, fen in side.allocation.money.items())
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
        tuple(case.regions) if name == "regions" else getattr(case, name) for name in _FIELDS[cause]
    ]
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
    return case.model_copy(update=fields | {"tables": Tables(**tables)})


def _step(cause: Cause, case: Case, options: PlanOptions) -> Step:
    planned = make_plan(case, options)
    return Step(cause, planned.plan.status, planned.plan.cost)


def side(name: str, case: Case, allocation: Allocation) -> Side:
    """A side with its audit."""
    return Side(name, case, allocation, audit(case, allocation), public_cost(case, allocation))
