"""Ways out of an infeasible case: which figures to move, how far, and what the plan then costs.

An elastic program finds the least change; whole figures are made of it; the changes are applied to the case
as `--set` would, and the case is planned. Only what gives a lawful plan is called a repair. Alternatives come
from asking again with some kinds of change ruled out, and without what earlier ways changed most.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from models.case import Case
from models.explanation import Change, ChangeKind, Repair
from models.plan import Plan, Status
from models.rules.tree import Comparison
from optimizer.program import Program, build
from optimizer.read import CaseErrors
from optimizer.read.patch import apply_patches
from optimizer.solve import Options, solve
from optimizer.study.explain.levers import RATE, Kind, Lever, levers
from optimizer.study.explain.moves import Move, movable, released
from optimizer.study.planning import PlanOptions, make_plan

#: Repairs that are looked for when the caller does not say how many.
MOST = 5
#: Moves below this part of their figure are noise of the solver.
NOISE = 1e-9
#: Parts of a rate that a repair may use: hundredths of a percent.
RATE_STEPS = 10_000
#: How a change is rounded outwards, one after the other, until there is a plan: the step of money in fen, and
#: by how much more than the least it is made.
STEPS: tuple[tuple[int, Fraction], ...] = (
    (1, Fraction(0)),
    (1_000_000, Fraction(0)),
    (1_000_000, Fraction(1, 200)),
    (1_000_000, Fraction(1, 20)),
)
#: A repair of so many changes is tried without each of them.
FEW = 6
#: Seconds for one solve or one plan among many.
ONE_TRY = 60.0
#: The gap to which the least change is found where whole numbers are in the way.
GAP = 1e-4

_FAMILIES: tuple[frozenset[Kind], ...] = (
    frozenset({Kind.FUND}),
    frozenset({Kind.TARGET, Kind.DUE}),
    frozenset({Kind.CAPACITY, Kind.RESOURCE}),
    frozenset({Kind.RULE}),
    frozenset({Kind.WAITS}),
)


@dataclass(frozen=True)
class Ways:
    """What was found, and whether everything was tried in time."""

    repairs: tuple[Repair, ...]
    complete: bool


@dataclass(frozen=True)
class _Search:
    """What stays the same while repairs are looked for."""

    case: Case
    program: Program
    levers: tuple[Lever, ...]
    deadline: float | None
    law: bool
    plan_options: PlanOptions

    def left(self) -> float | None:
        return None if self.deadline is None else self.deadline - time.monotonic()

    def late(self) -> bool:
        left = self.left()
        return left is not None and left <= 0


def repairs(
    case: Case,
    program: Program,
    free: Callable[[Lever], bool],
    *,
    deadline: float | None = None,
    most: int = MOST,
    law: bool = False,
) -> Ways:
    """Verified repairs that move only what `free` lets through, cheapest plan first."""
    able = tuple(lever for lever in levers(case, program) if lever.binds and lever.path and free(lever))
    options = PlanOptions(conflict=False)
    search = _Search(case, program, able, deadline, law, options)
    found: dict[frozenset[tuple[str, Fraction]], Repair] = {}
    for allowed in _alternatives(search, found, most):
        if search.late() or len(found) >= most:
            break
        repair = _repair(search, allowed)
        if repair is not None:
            found.setdefault(_key(repair), repair)
    ordered = sorted(found.values(), key=lambda repair: (repair.cost, repair.added, len(repair.changes)))
    return Ways(tuple(ordered), not search.late())


def _key(repair: Repair) -> frozenset[tuple[str, Fraction]]:
    return frozenset((change.patch.split("=", 1)[0], change.after) for change in repair.changes)


def _alternatives(
    search: _Search, found: dict[frozenset[tuple[str, Fraction]], Repair], most: int
) -> Iterator[tuple[Lever, ...]]:
    """Which levers may be moved, try by try: one family, all of them, then without what was moved most."""
    for family in _FAMILIES:
        yield tuple(lever for lever in search.levers if lever.kind in family)
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


@dataclass(frozen=True)
class _Moved:
    """A lever and its new value before it is made whole."""

    lever: Lever
    by: Fraction


def _repair(search: _Search, allowed: Sequence[Lever]) -> Repair | None:
    """The least change of the levers allowed, as a repair that has a plan; None where there is none.

    Quantities are relaxed first, which is quick and mostly right; then the choices that must be whole are.
    """
    moved: list[_Moved] = []
    for whole in (False, True) if search.program.integer.any() else (False,):
        before, moved = moved, _least(search.program, allowed, search, whole=whole)
        if not moved or (whole and before == moved):
            return None
        for grain, extra in STEPS:
            if search.late():
                return None
            new = _values(moved, grain, extra)
            attempt = _plan(search, new)
            if attempt is None:
                continue
            patched, plan = attempt
            if plan is not None:
                return _as_repair(search, *_needed(search, new, plan))
            # Some figures stand in several statements: what the first change was too little for is added.
            further = _least(build(patched, tight=False), _same(patched, allowed), search, whole=whole)
            if further:
                moved = _added(moved, further)
    return None


def _least(program: Program, allowed: Sequence[Lever], search: _Search, *, whole: bool) -> list[_Moved]:
    """The least weighted change that makes the program feasible; nothing where none does."""
    moves = [move for lever in allowed for move in _moves(lever)]
    if not moves:
        return []
    moving = movable(program, program.problem(), moves)
    problem = released(moving, moves)
    if not whole:
        problem = replace(problem, integer=np.zeros(problem.columns, dtype=np.bool_))
    outcome = solve(problem, Options(gap=GAP, time_limit=_limit(search.left()), confirm=False))
    if outcome.values is None:
        return []
    amounts = outcome.values[moving.columns]
    found: dict[int, Fraction] = {}
    for move, amount in zip(moves, amounts.tolist(), strict=True):
        if amount > NOISE * max(1.0, float(abs(move.lever.value))):
            key = id(move.lever)
            found[key] = found.get(key, Fraction(0)) + move.sign * Fraction(amount)
    return [_Moved(lever, found[id(lever)]) for lever in allowed if id(lever) in found]


def _limit(left: float | None) -> float:
    """Seconds for one solve: no single try takes all the time there is."""
    return ONE_TRY if left is None else max(0.0, min(left, ONE_TRY))


def _moves(lever: Lever) -> Iterator[Move]:
    """Up, down, or both; a figure does not fall below 0, and a share of a need does not pass 100 %."""
    if lever.loosens >= 0:
        yield Move(lever, 1)
    if lever.loosens <= 0:
        yield Move(lever, -1, np.inf if lever.kind is Kind.RULE else float(lever.value))


def _same(case: Case, allowed: Sequence[Lever]) -> list[Lever]:
    """The same levers of a patched case."""
    paths = {lever.path for lever in allowed}
    return [lever for lever in levers(case, build(case, tight=False)) if lever.path in paths]


def _added(moved: list[_Moved], further: list[_Moved]) -> list[_Moved]:
    """Two changes one after the other."""
    more = {part.lever.path: part for part in further}
    both = [
        replace(part, by=part.by + more.pop(part.lever.path).by) if part.lever.path in more else part
        for part in moved
    ]
    return both + list(more.values())


def _values(moved: Sequence[_Moved], grain: int, extra: Fraction) -> list[tuple[Lever, Fraction]]:
    """New values in whole steps, away from the old ones."""
    return [(part.lever, _whole(part.lever, part.by * (1 + extra), grain)) for part in moved]


def _whole(lever: Lever, by: Fraction, grain: int) -> Fraction:
    if lever.kind is Kind.WAITS:
        return Fraction(0)  # it is one or the other
    if lever.unit == RATE and lever.kind in (Kind.TARGET, Kind.DUE):
        step = Fraction(1, RATE_STEPS)
    elif lever.unit == "fen":
        step = Fraction(grain)
    else:
        step = Fraction(1)
    wanted = lever.value + by
    # What a solver's floats leave behind is not worth a whole step.
    noise = step / 1000 + abs(lever.value) * Fraction(NOISE)
    if by > 0:
        new = step * math.ceil((wanted - noise) / step)
    else:
        new = max(step * math.floor((wanted + noise) / step), Fraction(0))
        new = new if lever.kind is not Kind.RULE else step * math.floor((wanted + noise) / step)
    return new


def _plan(search: _Search, new: Sequence[tuple[Lever, Fraction]]) -> tuple[Case, Plan | None] | None:
    """The patched case and its plan, if it has a lawful one; None where the patches are refused."""
    try:
        patched = apply_patches(search.case, [lever.change(value) for lever, value in new])
    except CaseErrors:
        return None
    left = search.left()
    if left is not None and left <= 0:
        return None
    planned = make_plan(patched, replace(search.plan_options, time_limit=_limit(left)))
    broken = planned.audit is None or any(finding.broken for finding in planned.audit.findings)
    return patched, None if broken or planned.plan.cost is None else planned.plan


def _needed(
    search: _Search, new: list[tuple[Lever, Fraction]], plan: Plan
) -> tuple[list[tuple[Lever, Fraction]], Plan]:
    """Without the changes that are not needed, tried one by one where they are few: the lightest first."""
    if not 1 < len(new) <= FEW:
        return new, plan
    for change in sorted(new, key=lambda one: abs(one[1] - one[0].value) * one[0].price):
        fewer = [one for one in new if one is not change]
        attempt = _plan(search, fewer) if len(fewer) and not search.late() else None
        if attempt is not None and attempt[1] is not None:
            new, plan = fewer, attempt[1]
    return new, plan


def _as_repair(search: _Search, new: Sequence[tuple[Lever, Fraction]], plan: Plan) -> Repair:
    changes = tuple(_change(search.case, lever, value) for lever, value in new if value != lever.value)
    added = sum(
        (change.after - change.before for change in changes if change.kind is ChangeKind.FUND), Fraction(0)
    )
    if plan.cost is None:
        raise ValueError("a repair has a plan")
    return Repair(changes, plan.cost, int(added), plan.status is Status.OPTIMAL, search.law)


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
