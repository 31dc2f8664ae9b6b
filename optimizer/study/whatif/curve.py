"""The exact curve: least cost (or most of the goal) over the level of a fund.

The value of a linear program over its right-hand side is convex and piecewise linear. Lines are found by
solving where two known lines meet (Eisner and Severance): either the value is there what the lines say, and
the meeting point is a breakpoint, or a new line is found. Each line and its reach are proven in rationals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from models.case import Case
from optimizer.present.whatif_report import RunRecord
from optimizer.program import Program, build
from optimizer.solve import SolveError, Stop
from optimizer.solve.session import Session
from optimizer.study.proving.basis import Exact, Line, NotExact, Optimal
from optimizer.study.whatif.evaluate import Ready, RunOptions
from optimizer.study.whatif.level import Level, fixed_choices, least_level, with_level
from optimizer.study.whatif.notes import Notes
from optimizer.study.whatif.specs import WhatIfError

#: More lines than this are not looked for.
MOST_SOLVES = 4000
#: Plans in whole fen beside the curve.
MOST_PLANS = 9
#: Where to look in a gap when the first place proves nothing.
PLACES = (Fraction(1, 2), Fraction(1, 3), Fraction(3, 4))


@dataclass(frozen=True)
class Curve:
    """Lines from left to right, joined at `breaks`; `first` and `last` are where it begins and ends, fen.

    `exact` is False where some stretch could not be proven in rationals.
    """

    lines: tuple[Line, ...]
    breaks: tuple[Fraction, ...]
    first: Fraction
    last: Fraction
    exact: bool
    solves: int

    def __call__(self, level: Fraction) -> Fraction:
        """The value at a level between first and last, as it is minimised."""
        return max(line(level) for line in self.lines)


def extreme_level(program: Program, *, highest: bool = False) -> Fraction | None:
    """The least (or highest) level at which the program without whole numbers has a solution, exactly.

    None where there is no such level: nothing is feasible, or there is no highest. Raises NotExact.
    """
    goal = least_level(program, highest=highest)
    session = Session(goal.problem())
    outcome = session.answer()
    if outcome.stop in (Stop.INFEASIBLE, Stop.UNBOUNDED):
        return None
    if outcome.stop is not Stop.OPTIMAL:
        raise NotExact(f"the level was not found: {outcome.message}")
    found = Exact(goal, len(goal.lower) - 1, goal.lower, goal.upper).value(session)
    return -found if highest else found


def find_curve(program: Program, first: Fraction, last: Fraction, notes: Notes | None = None) -> Curve:
    """The curve of a program with a level (its last column) between two levels at which it is feasible."""
    search = _Search(program, notes, last - first)
    if first == last:
        found = search.look(first)
        if found is None:
            raise NotExact("the value at the level could not be proven")
        return Curve((found.line,), (), first, last, True, search.solves)
    left, right = search.at_end(first), search.at_end(last)
    start = first if left is None or left.last is None else left.last
    end = last if right is None or right.first is None else right.first
    search.cover(left, right, start, end)
    different = {(line.slope, line(first)): line for line in search.lines}
    lines = sorted(different.values(), key=lambda line: line.slope)
    breaks = [_meet(one, other) for one, other in pairwise(lines)]
    return Curve(
        tuple(lines),
        tuple(at for at in breaks if at is not None),
        first,
        last,
        not search.gaps,
        search.solves,
    )


def _meet(one: Line, other: Line) -> Fraction | None:
    """Where two lines have the same value."""
    if one.slope == other.slope:
        return None
    return one.at + (one.value - other(one.at)) / (other.slope - one.slope)


@dataclass
class _Search:
    """The lines found so far, and the session that finds them."""

    program: Program
    notes: Notes | None = None
    width: Fraction = Fraction(0)
    covered: Fraction = Fraction(0)
    lines: list[Line] = field(default_factory=list)
    gaps: list[tuple[Fraction, Fraction]] = field(default_factory=list)
    solves: int = 0

    def __post_init__(self) -> None:
        self.level = len(self.program.lower) - 1
        self.exact = Exact(self.program, self.level, self.program.lower, self.program.upper)
        self.session = Session(self.program.problem())
        self.started = False

    def look(self, at: Fraction) -> Optimal | None:
        """The optimal basis at a level; None where it could not be found or proven. Kept in the notes."""
        self.solves += 1
        if self.notes is None:
            return self._looked(at)
        share = int(100 * self.covered / self.width) if self.width else 0
        self.notes.tell(
            "计算曲线（已覆盖的百分比）", "finding the curve, per cent covered", min(99, share), 100
        )
        kept = self.notes.recall(f"line {at}")
        if kept is None:
            found = self._looked(at)
            self.notes.keep(f"line {at}", {} if found is None else found.texts())
            return found
        return Optimal.from_texts(kept) if kept else None

    def _looked(self, at: Fraction) -> Optimal | None:
        lower, upper = self.program.lower.copy(), self.program.upper.copy()
        lower[self.level] = upper[self.level] = float(at)
        self.session.change(lower=lower, upper=upper)
        for keep in (True, False) if self.started else (False,):
            outcome = self.session.answer(keep=keep)
            self.started = True
            if outcome.stop is not Stop.OPTIMAL:
                continue
            try:
                return self.exact.optimal(self.session, at)
            except NotExact:
                continue
        return None

    def at_end(self, at: Fraction) -> Optimal | None:
        """The optimal basis at an end of the curve, if it holds there; its line is kept."""
        found = self.look(at)
        if found is None or not found.holds(at):
            return None
        self.lines.append(found.line)
        return found

    def cover(self, left: Optimal | None, right: Optimal | None, start: Fraction, end: Fraction) -> None:
        """Find every line between two levels; `left` and `right` hold at its ends."""
        if start >= end:
            return
        if self.solves > MOST_SOLVES:
            self.gaps.append((start, end))
            return
        meet = None
        if left is not None and right is not None:
            if left.line(start) == right.line(start) and left.line.slope == right.line.slope:
                return
            meet = _meet(left.line, right.line)
        places = [start + (end - start) * part for part in PLACES]
        if meet is not None and start <= meet <= end:
            places.insert(0, meet)
        for at in places:
            found = self.look(at)
            if found is None:
                continue
            if found.holds(at) and at == meet and left is not None and found.line(at) == left.line(at):
                return
            low = start if found.first is None else max(start, found.first)
            high = end if found.last is None else min(end, found.last)
            if low >= high:
                continue
            self.lines.append(found.line)
            self.covered += high - low
            self.cover(left, found, start, low)
            self.cover(found, right, high, end)
            return
        self.gaps.append((start, end))


def curve_of(program: Program, first: Fraction, last: Fraction, notes: Notes | None = None) -> Curve | None:
    """The curve between two levels, cut to where it is feasible, or None. Raises NotExact."""
    kept = None if notes is None else notes.recall("ends")
    if kept is None:
        ends = extreme_level(program), extreme_level(program, highest=True)
        if notes is not None:
            notes.keep("ends", [None if end is None else str(end) for end in ends])
    else:
        ends = (
            None if kept[0] is None else Fraction(kept[0]),
            None if kept[1] is None else Fraction(kept[1]),
        )
    least, most = ends
    if least is None:
        return None
    first = max(first, least)
    last = last if most is None else min(last, most)
    return find_curve(program, first, last, notes) if first <= last else None


@dataclass(frozen=True)
class SolvedCurve:
    """The exact curve (None: nowhere feasible), and plans in whole fen at some levels.

    `chosen`: 0/1 and indivisible columns are held as in the plan of the case as it stands. `sign` is -1 where
    the goal is maximised: the curve is always of what is minimised.
    """

    curve: Curve | None
    chosen: bool
    sign: int
    solved: tuple[tuple[int, RunRecord], ...]


def solved_curve(
    case: Case, level: Level, first: int, last: int, options: RunOptions, notes: Notes | None = None
) -> SolvedCurve:
    """The curve of a case over a level from `first` to `last` fen. Raises WhatIfError, SolveError."""
    if first > last:
        raise WhatIfError("--from 大于 --to", "--from is above --to")
    if case.first_goals:
        raise WhatIfError(
            "有先后次序的目标没有单一的曲线；请用 --vary", "goals in order have no single curve; use --vary"
        )
    notes = Notes(case, f"curve {level.path} {first} {last}", options) if notes is None else notes
    plain = build(case)
    program = with_level(case, plain, level)
    chosen = False
    if program.integer.any():
        notes.tell("编制案例本身的方案", "planning the case as it stands", 0)
        asked = replace(options, relaxed=False, engine="highs")
        _, handed = notes.run(Ready(case), level.path, (), asked, None)
        x = None if handed is None else handed.whole(len(plain.lower))
        if x is not None:
            program, chosen = fixed_choices(program, x.tolist()), True
        else:
            program = replace(program, integer=np.zeros_like(program.integer))
    try:
        curve = curve_of(program, Fraction(first), Fraction(last), notes)
    except NotExact as error:
        raise SolveError(f"the curve could not be made exact: {error}") from error
    sign = -1 if program.goal.maximise else 1
    solved = () if options.relaxed else _solved(case, level, curve, first, last, options, notes)
    return SolvedCurve(curve, chosen, sign, solved)


def _solved(
    case: Case,
    level: Level,
    curve: Curve | None,
    first: int,
    last: int,
    options: RunOptions,
    notes: Notes,
) -> tuple[tuple[int, RunRecord], ...]:
    """Plans at the ends and at breakpoints (rounded up to a fen), as many as MOST_PLANS."""
    if curve is None:
        return ()
    inside = sorted({math.ceil(at) for at in (curve.first, *curve.breaks, curve.last)})
    inside = [fen for fen in inside if first <= fen <= last]
    if len(inside) > MOST_PLANS:
        step = (len(inside) - 1) / (MOST_PLANS - 1)
        inside = [inside[round(i * step)] for i in range(MOST_PLANS)]
    ready, handed = Ready(case), None
    found = []
    for number, fen in enumerate(inside):
        notes.tell("编制拐点处的方案", "plans at the breakpoints", number, len(inside))
        record, handed = notes.run(ready, f"{level.path}={fen}分", level.patches(fen), options, handed)
        found.append((fen, record))
    return tuple(found)
