"""The least change of some figures that makes a case possible, and the same in figures that can be written.

An elastic program weighs the changes (worth.py). Quantities are divisible first; then as few figures as will
do are kept; then the choices that must be whole say how far those have to go.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimizer.program import Program
from optimizer.program.matrix import Truth
from optimizer.solve import Options, Stop, solve
from optimizer.study.explain.levers import RATE, Kind, Lever
from optimizer.study.explain.moves import Move, movable, released

#: Moves below this part of their figure are noise of the solver.
NOISE = 1e-9
#: Parts of a rate that a repair may use: hundredths of a percent.
RATE_STEPS = 10_000
#: Of so many figures each is tried to be left alone, as long as the others need not move this much further.
FEW, DEARER = 8, 1.5
#: The gap to which the least change is found where whole numbers are in the way.
GAP = 1e-2
#: An amount that is given is not made larger by less than this part of its change.
SLIGHT = Fraction(1, 100)
#: Fen in one yuan.
YUAN = 100
#: Fen in one 万元, the least step of a change that is written in few digits.
WAN = 1_000_000


@dataclass(frozen=True)
class Moved:
    """A lever and by how much it moves, before that is made a figure that can be written."""

    lever: Lever
    by: Fraction

    @property
    def weight(self) -> Fraction:
        """What the change counts for."""
        return abs(self.by) * self.lever.price


@dataclass(frozen=True)
class Rounding:
    """How a change is rounded outwards: to so many digits of its own size (None: to the smallest step), after
    it was made larger by `extra`."""

    digits: int | None
    extra: Fraction = Fraction(0)


@dataclass(frozen=True)
class Least:
    """The least change, None where none was found; `late` where that is because time ran out."""

    moved: list[Moved] | None
    late: bool = False


def least(program: Program, allowed: Sequence[Lever], integer: Truth, seconds: float) -> Least:
    """The least weighted change that makes the program feasible."""
    moves = [move for lever in allowed for move in _moves(lever)]
    if not moves or seconds <= 0:
        return Least(None, late=bool(moves))
    moving = movable(program, program.problem(), moves)
    problem = released(moving, moves)
    more = np.zeros(problem.columns - len(integer), dtype=np.bool_)
    problem = replace(problem, integer=np.concatenate([integer, more]))
    outcome = solve(problem, Options(gap=GAP, time_limit=seconds, confirm=False))
    if outcome.values is None:
        return Least(None, late=outcome.stop is not Stop.INFEASIBLE)
    found: dict[int, Fraction] = {}
    for move, amount in zip(moves, outcome.values[moving.columns].tolist(), strict=True):
        if amount > NOISE * max(1.0, float(abs(move.lever.value))):
            key = id(move.lever)
            found[key] = found.get(key, Fraction(0)) + move.sign * Fraction(amount)
    return Least([Moved(lever, found[id(lever)]) for lever in allowed if id(lever) in found])


def fewer(program: Program, moved: list[Moved], seconds: float) -> list[Moved]:
    """The change with as few figures as will do: each is left alone in turn, what weighs least first."""
    none = np.zeros_like(program.integer)
    if not 1 < len(moved) <= FEW:
        return moved
    for part in sorted(moved, key=lambda part: part.weight):
        others = [other.lever for other in moved if other.lever is not part.lever]
        if len(others) == len(moved) or not others:
            continue
        found = least(program, others, none, seconds).moved
        if found and sum(other.weight for other in found) <= DEARER * float(sum(one.weight for one in moved)):
            moved = found
    return moved


def _moves(lever: Lever) -> Iterator[Move]:
    """Up, down, or both; a figure does not fall below 0, and a share of a need does not pass 100 %."""
    if lever.loosens >= 0:
        yield Move(lever, 1)
    if lever.loosens <= 0:
        yield Move(lever, -1, np.inf if lever.kind is Kind.RULE else float(lever.value))


def added(moved: Sequence[Moved], further: Sequence[Moved]) -> list[Moved]:
    """Two changes one after the other."""
    more = {part.lever.path: part for part in further}
    both = [
        replace(part, by=part.by + more.pop(part.lever.path).by) if part.lever.path in more else part
        for part in moved
    ]
    return both + list(more.values())


def figures(moved: Sequence[Moved], rounding: Rounding) -> list[tuple[Lever, Fraction]]:
    """New values in whole steps, away from the old ones."""
    return [
        (part.lever, _figure(part.lever, part.by * (1 + used.extra), used))
        for part in moved
        for used in [_fitting(part.lever, rounding)]
    ]


def _fitting(lever: Lever, rounding: Rounding) -> Rounding:
    """Money that is given has to be spent: a round amount above what can be used helps no one."""
    if lever.kind is Kind.FUND and not lever.loosens:
        return Rounding(None, rounding.extra if rounding.extra > SLIGHT else Fraction(0))
    return rounding


def size(new: Sequence[tuple[Lever, Fraction]]) -> Fraction:
    """What a change counts for, all its figures together."""
    return sum((abs(value - lever.value) * lever.price for lever, value in new), Fraction(0))


def _figure(lever: Lever, by: Fraction, rounding: Rounding) -> Fraction:
    step = Fraction(1)
    if lever.kind is Kind.WAITS:
        return Fraction(0)  # yes or no: any part of it is all of it
    if lever.unit == RATE and lever.kind in (Kind.TARGET, Kind.DUE, Kind.RULE):
        step = Fraction(1, RATE_STEPS)
    elif rounding.digits is not None:
        step = _step(lever, abs(by), rounding.digits)
    wanted = lever.value + by
    # What a solver's floats leave behind is not worth a whole step.
    noise = step / 1000 + abs(lever.value) * Fraction(NOISE)
    if lever.unit == "fen" and step == 1 and abs(wanted - (whole := round(wanted / YUAN) * YUAN)) <= noise:
        # Prices are in whole yuan mostly: a few fen off is the solver's, and a few fen too little is no plan.
        return Fraction(whole)
    if by > 0:
        return step * math.ceil((wanted - noise) / step)
    new = step * math.floor((wanted + noise) / step)
    return new if lever.kind is Kind.RULE else max(new, Fraction(0))


def _step(lever: Lever, size: Fraction, digits: int) -> Fraction:
    """The step in which a change of this size has so many digits: money not below one 万元 if it is more."""
    power = len(str(int(size))) - digits
    step = Fraction(10 ** max(power, 0))
    return max(step, Fraction(WAN)) if lever.unit == "fen" and size > WAN else step
