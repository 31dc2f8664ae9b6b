"""Ways out of an infeasible case: which figures to move, how far, and what the plan then costs.

The least change (least.py) is made of figures that can be written, applied to the case as `--set` would, and
the case is planned. Only what gives a lawful plan is called a repair. Alternatives come from asking again:
more money, one statement of a conflict alone, one kind of change, all, and without what earlier ways changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from fractions import Fraction

import numpy as np

from models.case import Case
from models.explanation import Change, ChangeKind, Repair, RepairKind
from models.plan import Plan, Status
from models.rules.tree import Comparison
from optimizer.program import Program, build
from optimizer.read import CaseErrors
from optimizer.read.patch import apply_patches
from optimizer.solve import Options, Stop, solve
from optimizer.study.conflict import touched
from optimizer.study.explain.least import Moved, Rounding, added, fewer, figures, least, size
from optimizer.study.explain.levers import Kind, Lever, levers
from optimizer.study.pace import Pace
from optimizer.study.planning import PlanOptions, make_plan

#: Repairs that are looked for when the caller does not say how many.
MOST = 5
#: Statements of conflicts that are moved alone.
ALONE = 4
#: How changes are rounded outwards, one way after the other, until there is a plan. In a small case the least
#: will do; in a large one a plan at the last fen takes long, and figures of few digits are what is asked for.
EXACT = (
    Rounding(None),
    Rounding(3),
    Rounding(3, Fraction(1, 200)),
    Rounding(2, Fraction(1, 20)),
)
ROUND = (Rounding(3, Fraction(1, 500)), Rounding(2, Fraction(1, 10)), Rounding(2, Fraction(1, 3)))
#: Columns from which a program is large, and how many ways are then enough: mixtures of many changes take
#: minutes to find and say little beside ways that change one thing.
LARGE, ENOUGH = 5_000, 2
#: Seconds of the processor for one plan among many, for one least change in whole numbers, and for a look
#: before a plan.
ONE_TRY, ONE_LEAST, ONE_CHECK = 60.0, 20.0, 10.0
#: Seconds of the processor in which a plan must be made whole: what takes longer is too tight, and a plan
#: that a clock cut short would not come out the same again. On a slow machine so many times the building.
SETTLING, BUILDS = 40.0, 15.0
#: A change within this part of the least is as good as the least; steps back towards it while there is time.
NEAR, STEPS_BACK = Fraction(1, 50), 3
#: Statements and years that a way may change once there is another: nobody reads more.
MANY = 10
#: A repair of so many changes is tried without each of them.
FEW = 4
#: Times that a change is corrected where its figures stand in several statements.
CORRECTIONS = 3

#: A repair as the figures it changes and their new values.
Key = frozenset[tuple[str, Fraction]]
#: New values of figures, by path.
Values = tuple[tuple[str, Fraction], ...]

_MONEY, _PROMISES = frozenset({Kind.FUND}), frozenset({Kind.TARGET, Kind.DUE})
_LIMITS, _RULES = frozenset({Kind.CAPACITY, Kind.RESOURCE}), frozenset({Kind.RULE, Kind.WAITS})


@dataclass(frozen=True)
class Ways:
    """What was found, and whether everything was tried in time."""

    repairs: tuple[Repair, ...]
    complete: bool


@dataclass(frozen=True)
class _Offer:
    """How a repair was found: the least change, and how much more than that was too little and was enough."""

    moved: tuple[Moved, ...]
    short: Fraction
    enough: Fraction


@dataclass(frozen=True)
class _Search:
    """What stays the same while repairs are looked for."""

    case: Case
    program: Program
    levers: tuple[Lever, ...]
    named: tuple[str, ...]
    """Ids that stand in a conflict, in the order in which conflicts name them."""
    deadline: float | None
    law: bool
    pace: Pace
    building: float
    """The seconds that building the case took here, by the clock."""
    seen: set[frozenset[str]] = field(default_factory=set)
    """Which figures were moved together before: the same ones are not planned twice."""
    offers: dict[Key, _Offer] = field(default_factory=dict)
    """Of the repairs found, those for which a smaller change may do."""

    def left(self) -> float | None:
        return None if self.deadline is None else self.deadline - time.monotonic()

    def late(self) -> bool:
        left = self.left()
        return left is not None and left <= 0

    def limit(self, most: float) -> float:
        """Seconds by the clock for one solve of so many of the processor: no single try takes them all."""
        return self.within(self.pace.by_clock(most))

    def within(self, most: float) -> float:
        """So many seconds by the clock, or what is left."""
        left = self.left()
        return most if left is None else max(0.0, min(left, most))

    def settling(self) -> float:
        """Seconds by the clock in which a plan must be made whole."""
        return max(self.pace.by_clock(SETTLING), BUILDS * self.building)


Found = dict[Key, Repair]


def repairs(
    case: Case,
    program: Program,
    free: Callable[[Lever], bool],
    *,
    named: Collection[str] = (),
    deadline: float | None = None,
    most: int = MOST,
    law: bool = False,
    building: float = 0.0,
    pace: Pace | None = None,
) -> Ways:
    """Verified repairs that move only what `free` lets through, cheapest plan first.

    `program` is built without `tight`; `named`: ids that stand in conflicts, each tried alone; `building`:
    the seconds that building the case took here; `pace`: how busy the machine has been until now.
    """
    every = levers(case, program)
    able = tuple(one for one in every if one.binds and one.path and one.writable and free(one))
    pace = Pace.begun() if pace is None else pace
    search = _Search(case, program, able, tuple(named), deadline, law, pace, building)
    found: Found = {}
    for allowed in _alternatives(search, found, most):
        if search.late() or len(found) >= most:
            break
        repair = _repair(search, allowed, MANY if found else None)
        if repair is not None:
            found.setdefault(_key(repair), repair)
    complete = not search.late()
    closer = [_closer(search, repair) for repair in found.values()]
    ordered = sorted(closer, key=lambda repair: (repair.cost, repair.added, len(repair.changes)))
    return Ways(tuple(ordered), complete)


def _key(repair: Repair) -> Key:
    return frozenset((change.patch.split("=", 1)[0], change.after) for change in repair.changes)


def _alternatives(search: _Search, found: Found, most: int) -> Iterator[tuple[Lever, ...]]:
    """Which levers may be moved, try by try: the money that was just changed, what keeps the promises, one
    promise or rule alone or all of its kind, all levers, and those without what was moved most."""

    def of(kinds: frozenset[Kind], id: str | None = None) -> tuple[Lever, ...]:
        return tuple(one for one in search.levers if one.kind in kinds and id in (None, one.id))

    changed = touched(search.case.patches)
    yield tuple(one for one in of(_MONEY) if any(fnmatchcase(one.id, pattern) for pattern in changed))
    # Of all money the least change is spread over many pools, and in a large case that is slow to plan.
    aside = bool(found) and len(search.program.lower) > LARGE
    if not aside:
        yield of(_MONEY)
    yield of(_LIMITS)
    if not found:
        yield of(_MONEY | _LIMITS)
    for kinds in (_PROMISES, _RULES):
        before = len(found)
        for id in [id for id in search.named if of(kinds, id)][:ALONE]:
            yield of(kinds, id)
        if len(found) == before:
            yield of(kinds)
    if len(found) >= ENOUGH and len(search.program.lower) > LARGE:
        return
    if aside:
        yield of(_MONEY)
    yield search.levers
    without: set[str] = set()
    while len(found) < most:
        weights: dict[str, Fraction] = {}
        for repair in found.values():
            for change in repair.changes:
                weights[change.id] = weights.get(change.id, Fraction(0)) + abs(change.effect or Fraction(1))
        fresh = [id for id in sorted(weights, key=lambda id: -weights[id]) if id not in without]
        if not fresh:
            return
        without.add(fresh[0])
        yield tuple(lever for lever in search.levers if lever.id not in without)


def _repair(search: _Search, allowed: Sequence[Lever], many: int | None) -> Repair | None:
    """The least change of the levers allowed as a repair that has a plan; None where there is none, or none
    that changes at most `many` statements and years."""
    moved = _change_needed(search, allowed)
    if many is not None and len({(part.lever.id, part.lever.year) for part in moved}) > many:
        return None
    tried: set[Values] = set()
    short = Fraction(0)
    for rounding in ROUND if len(search.program.lower) > LARGE else EXACT:
        if not moved or search.late():
            return None
        moved, new, patched = _written(search, allowed, moved, rounding, tried)
        if patched is None:
            continue
        plan = _planned(search, patched)
        if plan is not None:
            fewest, plan = _needed(search, new, plan)
            repair = _as_repair(search, fewest, plan, moved)
            if len(fewest) == len(new) and not repair.least:
                search.offers[_key(repair)] = _Offer(tuple(moved), short, rounding.extra)
            return repair
        short = rounding.extra
    return None


def _written(
    search: _Search, allowed: Sequence[Lever], moved: list[Moved], rounding: Rounding, tried: set[Values]
) -> tuple[list[Moved], list[tuple[Lever, Fraction]], Case | None]:
    """The change, its figures as they can be written, and the case with them; no case where they were tried
    before, are refused, or leave nothing that is possible.

    Some figures stand in several statements, not always as a straight line: what the change was too little or
    too much for is added, and the same rounding is tried again.
    """
    new: list[tuple[Lever, Fraction]] = []
    for _ in range(CORRECTIONS):
        new = [one for one in figures(moved, rounding) if one[1] != one[0].value]
        values = tuple((lever.path, value) for lever, value in new)
        patched = None if values in tried else _patched(search, new)
        tried.add(values)
        if patched is None:
            break
        program = build(patched, tight=False)
        if _divisible(program, search):
            return moved, new, patched
        same = _same(patched, program, allowed)
        further = least(program, same, np.zeros_like(program.integer), search.limit(ONE_LEAST)).moved
        if not further:
            break
        moved = added(moved, further)
    return moved, new, None


def _closer(search: _Search, repair: Repair) -> Repair:
    """A repair that was rounded generously, brought closer to the least change while there is time."""
    offer = search.offers.get(_key(repair))
    if offer is None:
        return repair
    short, enough = offer.short, offer.enough
    for _ in range(STEPS_BACK):
        if search.late() or enough - short <= NEAR:
            break
        middle = (short + enough) / 2
        new = [one for one in figures(offer.moved, Rounding(3, middle)) if one[1] != one[0].value]
        patched = _patched(search, new)
        able = patched is not None and _divisible(build(patched, tight=False), search)
        plan = _planned(search, patched) if patched is not None and able else None
        if plan is None:
            short = middle
        else:
            enough, repair = middle, _as_repair(search, new, plan, offer.moved)
    return repair


def _change_needed(search: _Search, allowed: Sequence[Lever]) -> list[Moved]:
    """The least change: which figures by divisible quantities, how far by the choices that must be whole."""
    program, moved = search.program, None
    divisible = np.zeros_like(program.integer)
    for integer in (divisible, program.integer, ~program.money):
        if integer is not divisible and not integer.any():
            continue
        # Where divisible quantities already say which figures move, the choices only say how far.
        of = [part.lever for part in moved] if moved else allowed
        found = least(program, of, integer, search.limit(ONE_TRY if integer is divisible else ONE_LEAST))
        if found.moved is None and not found.late and moved and len(of) < len(allowed):
            found = least(program, allowed, integer, search.limit(ONE_LEAST))
        if found.moved is None:
            return moved or []
        moved = found.moved
        if integer is divisible:
            moved = fewer(program, moved, search.limit(ONE_LEAST))
        if moved and _paths(moved) in search.seen:
            return []
        if moved and integer is not divisible:
            break
    if moved:
        search.seen.add(_paths(moved))
    return moved or []


def _paths(moved: Sequence[Moved]) -> frozenset[str]:
    return frozenset(part.lever.path for part in moved)


def _divisible(program: Program, search: _Search) -> bool:
    """Whether the program may be feasible in divisible quantities: asked before the case is planned."""
    problem = program.problem()
    free = replace(problem, integer=np.zeros_like(problem.integer), cost=np.zeros(problem.columns))
    outcome = solve(free, Options(time_limit=search.limit(ONE_CHECK), confirm=False))
    return outcome.stop is not Stop.INFEASIBLE


def _same(patched: Case, program: Program, allowed: Sequence[Lever]) -> list[Lever]:
    """The same levers of a patched case."""
    paths = {lever.path for lever in allowed}
    return [lever for lever in levers(patched, program) if lever.path in paths]


def _patched(search: _Search, new: Sequence[tuple[Lever, Fraction]]) -> Case | None:
    """The case with the new figures; None where they are refused."""
    try:
        return apply_patches(search.case, [lever.change(value) for lever, value in new])
    except CaseErrors:
        return None


def _planned(search: _Search, patched: Case) -> Plan | None:
    """The lawful plan of a patched case, as `fenpei plan` makes it; None where there is none in time."""
    settling = search.settling()
    limit = max(search.limit(ONE_TRY), search.within(2 * settling))
    if limit <= 0:
        return None
    planned = make_plan(patched, PlanOptions(conflict=False, settling=settling, time_limit=limit))
    cut_short = planned.plan.seconds.get("settle", 0.0) >= settling
    # A hard rule that cannot be evaluated, growth on an amount of 0, is not known to be kept.
    return planned.plan if planned.clean and not cut_short and planned.plan.cost is not None else None


def _needed(
    search: _Search, new: list[tuple[Lever, Fraction]], plan: Plan
) -> tuple[list[tuple[Lever, Fraction]], Plan]:
    """Without the changes that are not needed, tried one by one where they are few: the lightest first."""
    if not 1 < len(new) <= FEW:
        return new, plan
    for change in sorted(new, key=lambda one: abs(one[1] - one[0].value) * one[0].price):
        rest = [one for one in new if one is not change]
        patched = _patched(search, rest) if rest and not search.late() else None
        if patched is None or not _divisible(build(patched, tight=False), search):
            continue
        found = _planned(search, patched)
        if found is not None:
            new, plan = rest, found
    return new, plan


def _as_repair(
    search: _Search, new: Sequence[tuple[Lever, Fraction]], plan: Plan, moved: Sequence[Moved]
) -> Repair:
    changes = tuple(_change(search.case, lever, value) for lever, value in new if value != lever.value)
    more = sum(
        (change.after - change.before for change in changes if change.kind is ChangeKind.FUND), Fraction(0)
    )
    if plan.cost is None:
        raise ValueError("a repair has a plan")
    proven = plan.status is Status.OPTIMAL
    near = size(new) <= (1 + NEAR) * size(figures(moved, Rounding(None)))
    return Repair(changes, plan.cost, int(more), proven, search.law, _kind(changes), near)


def _kind(changes: Sequence[Change]) -> RepairKind:
    """What becomes of the promises: all kept, later, or fewer."""
    promises = [change for change in changes if change.kind in (ChangeKind.TARGET, ChangeKind.DUE)]
    if promises:
        return RepairKind.LATER if all(change.by is not None for change in promises) else RepairKind.LESS
    rules = any(change.kind in (ChangeKind.RULE, ChangeKind.WAITS) for change in changes)
    return RepairKind.RULES if rules else RepairKind.KEEPS


def _change(case: Case, lever: Lever, value: Fraction) -> Change:
    return Change(
        id=lever.id,
        kind=ChangeKind(lever.kind.value),
        year=lever.year,
        region=lever.region,
        before=lever.value,
        after=value,
        unit=lever.unit,
        effect=(value - lever.value) * lever.effect if lever.effect else value - lever.value,
        counted=lever.counted or lever.unit,
        patch=lever.change(value),
        by=_by(case, lever),
    )


def _by(case: Case, lever: Lever) -> int | None:
    """The next year in which the same cumulative target or backlog asks for at least as much."""
    if lever.year is None or lever.loosens != -1:
        return None
    figures: dict[int, Fraction] = {}
    if lever.kind is Kind.TARGET:
        target = case.targets[lever.id]
        if not target.cumulative or target.compare is not Comparison.AT_LEAST:
            return None
        same = target.amounts if lever.year in target.amounts else target.shares
        figures = {year: Fraction(value) for year, value in same.items()}
    elif lever.kind is Kind.DUE:
        need = case.needs[lever.id.removeprefix("due.")]
        figures = dict(need.due) if need.kind.value == "backlog" else {}
    later = [year for year, value in figures.items() if year > lever.year and value >= lever.value]
    return min(later, default=None)
