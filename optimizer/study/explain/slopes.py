"""The least cost over one figure at a time: its slope on both sides, and how far the slope holds.

The optimum of an LP is a convex, piecewise linear function of every figure on a right side. A dual value is
one of its slopes; where the figure stands at a kink there are two. `Slopes` finds both, and the end of each
straight piece as an LP of its own: move the figure as far as the goal stays on the line.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.explanation import Side
from optimizer.program import Program
from optimizer.program.matrix import Real, Truth, Whole
from optimizer.solve import Outcome, Problem, Stop
from optimizer.solve.ranging import NONE, Ranging, Stretch
from optimizer.solve.session import Corner
from optimizer.study.explain.levers import RATE, Kind, Lever
from optimizer.study.explain.moves import Movable, Move, movable

#: Two values of the goal agree within this part of it, or within this many of its scaled units.
SAME, SAME_UNITS = 1e-9, 1e-6
#: A kink is reached when a piece is shorter than this part of the figure.
SHORT = 1e-9
#: A figure that cannot be moved by this part of how far was looked cannot be moved at all.
STUCK = 1e-7
#: Part of a range by which its end is looked at from inside.
HAIR = 1e-7
#: How far a figure is moved at most: this many times its own size.
FAR = 10.0
#: How far a fund that has nothing yet is moved: this many times the money of all funds in the plan.
ALL = 2.0
#: Tries to find the slope next to a kink: each leaves a straight piece behind.
PIECES = 40


@dataclass(frozen=True)
class Piece:
    """One straight piece: the slope, and how far the figure can fall and rise from where it stands.

    None: no end was met as far as was looked.
    """

    slope: float
    low: float | None
    high: float | None
    checked: bool
    stuck: Side | None = None
    """Where the figure cannot go at all, because there is no plan then."""


@dataclass(frozen=True, eq=False)
class Line:
    """A line under the goal, and where it was found: the duals that prove it and the basis they belong to."""

    value: float
    slope: float
    row_duals: Real
    reduced_costs: Real
    basis: Corner | None


@dataclass(frozen=True, eq=False)
class End:
    """How far a lever moves along a line, and the basis there."""

    by: float
    basis: Corner | None
    proven: bool = False
    """Whether it needs no look: nothing can change on the way."""


_HERE = End(0.0, None)


class Slopes:
    """The optimum at the chosen whole numbers, ready to be asked about one lever after the other."""

    def __init__(
        self, program: Program, levers: Sequence[Lever], chosen: Whole | None, limit: float | None
    ) -> None:
        base = _at(program.problem(), chosen)
        self.program = program
        self.levers = tuple(levers)
        self.moving: Movable = movable(program, base, [Move(lever, 1) for lever in levers])
        self.deadline = None if limit is None else time.monotonic() + limit
        self.session = Ranging(self.moving.problem)
        outcome = self.session.answer(limit=self.left())
        if outcome.values is None or outcome.reduced_costs is None or outcome.row_duals is None:
            raise ValueError(outcome.message)
        self.first: Outcome = outcome
        self.value = float(outcome.objective or 0.0)
        self.duals: Real = outcome.row_duals
        self.reduced: Real = outcome.reduced_costs
        self.basis: Corner | None = self.session.corner()
        self._stretch = Stretch(self.moving.problem)
        self._along: Line | None = None
        self._base = Line(0.0, 0.0, outcome.row_duals, outcome.reduced_costs, self.basis)
        spent = [block.index.ravel() for name, block in program.columns.items() if name.startswith("money.")]
        self._bill = float(outcome.values[np.concatenate(spent)].sum()) if spent else 0.0

    def left(self) -> float | None:
        """Seconds that are left."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    @property
    def late(self) -> bool:
        """Whether time is up."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    @property
    def sign(self) -> float:
        """-1 where the goal is maximised: the problem then minimises its negative."""
        return -1.0 if self.program.goal.maximise else 1.0

    def slope(self, number: int) -> float:
        """A slope of the goal at the lever of this number, as the duals have it."""
        return float(self.reduced[self.moving.columns[number]])

    def pieces(self, number: int) -> tuple[Piece, ...]:
        """One piece around the figure, or the one below and the one above where it stands at a kink."""
        (least, most), line = self._reach(number), replace(self._base, slope=self.slope(number))
        low, high = self._end(number, line, -1, least), self._end(number, line, 1, most)
        short = SHORT * max(1.0, abs(least), most)
        if high.by > short and -low.by > short:
            return (self._piece(number, line, low, high),)
        found: list[Piece] = []
        stuck: list[Side] = []
        for side, far, near in ((-1, least, low), (1, most, high)):
            if abs(far) <= short:
                continue
            beside: Line | None = line
            if abs(near.by) <= short:
                beside = self._beside(number, line.slope, side, far)
                near = near if beside is None else self._end(number, beside, side, far)
            if beside is None:
                stuck.append(Side.LESS if side < 0 else Side.MORE)
            elif side < 0:
                found.append(self._piece(number, beside, near, _HERE))
            else:
                found.append(self._piece(number, beside, _HERE, near))
        if self.late or not stuck:
            return tuple(found) or (Piece(self.sign * line.slope, 0.0, 0.0, False),)
        if found:
            return (replace(found[0], stuck=stuck[0]),)
        # What cannot be moved has no price: any number is a slope there.
        return (Piece(0.0, 0.0, 0.0, True, Side.BOTH if len(stuck) == 2 else stuck[0]),)

    def _nothing(self, number: int) -> float:
        """A slope that is none: what the solver leaves of one."""
        problem, column = self.moving.problem, self.moving.columns[number]
        return NONE * problem.cost_scale / float(problem.column_scale[column])

    def _reach(self, number: int) -> tuple[float, float]:
        lever = self.levers[number]
        if lever.unit == RATE and lever.kind in (Kind.TARGET, Kind.DUE):
            return -float(lever.value), max(0.0, 1.0 - float(lever.value))
        size = FAR * max(float(abs(lever.value)), 1.0 if lever.unit != "fen" else 1e8)
        if lever.kind is Kind.FUND and not lever.value:
            # Ten times nothing is nothing; but no plan can use more of a fund than everything costs.
            size = max(size, ALL * self._bill)
        return (-size if lever.text or lever.value < 0 else -float(lever.value)), size

    def _piece(self, number: int, line: Line, low: End, high: End) -> Piece:
        least, most = self._reach(number)
        ends = [end for end in (low, high) if end.by != 0.0]
        checked = bool(ends) and all(self._on_line(number, line.slope, end) for end in ends)
        below = None if self.levers[number].text and low.by <= least * (1 - 1e-9) else low.by
        rate = self.levers[number].unit == RATE and self.levers[number].kind is not Kind.RULE
        limits = (below, None if high.by >= most * (1 - 1e-9) and not rate else high.by)
        return Piece(self.sign * line.slope, *limits, checked)

    def _on_line(self, number: int, slope: float, end: End) -> bool:
        """Whether the optimum there, solved anew, is what the slope says; else a hair inside, because
        rounding may have moved the end itself past what is feasible."""
        if end.proven:
            return True
        for there, basis in ((end.by, end.basis), (end.by * (1 - HAIR), None)):
            found = self._at(number, there, basis)
            if found is not None and self._same(found.value, slope * there):
                return True
        return False

    def _same(self, value: float, change: float) -> bool:
        """Whether the goal there has changed by so much."""
        scale = self.session.problem.cost_scale
        tolerance = max(SAME * abs(self.value), SAME_UNITS * scale, 1e-6 * abs(change))
        return abs(value - (self.value + change)) <= tolerance

    def _end(self, number: int, line: Line, side: int, far: float) -> End:
        """How far the lever can be moved to one side while the goal stays on the line."""
        if far == 0.0 or self.late:
            return _HERE
        if self.levers[number].loosens == side and abs(line.slope) <= self._nothing(number):
            # The goal is convex, and never worse when less is asked: without a price it stays what it is.
            return End(far, None, proven=True)
        if self._along is None or self._along.row_duals is not line.row_duals:
            self._stretch.along(line.row_duals, line.reduced_costs)
            self._along = line
        column = int(self.moving.columns[number])
        found = self._stretch.farthest(column, 0.0, far, line.basis, self.left())
        if found is None:
            return _HERE
        return End(min(max(found, min(far, 0.0)), max(far, 0.0)), self._stretch.end())

    def _beside(self, number: int, slope: float, side: int, far: float) -> Line | None:
        """The line on the other side of the kink; None where the figure cannot be moved there at all."""
        by = side * min(abs(far), max(1e-3 * abs(far) / FAR, 1.0))
        short = SHORT * max(1.0, abs(far))
        for _ in range(PIECES):
            if self.late or abs(by) <= short:
                return None
            found = self._at(number, by)
            if found is None:
                room = self.session.blocked(int(self.moving.columns[number]), by)
                if room is not None and abs(room) <= STUCK * max(1.0, abs(far)):
                    return None
                by = by / 16 if room is None else room / 2
            elif self._same(found.value, found.slope * by):
                return found
            elif found.slope == slope:
                return None
            else:
                by = (found.value - found.slope * by - self.value) / (slope - found.slope)
        return None

    def _at(self, number: int, by: float, basis: Corner | None = None) -> Line | None:
        """The optimum with the lever moved by so much, and the line there; None where nothing is feasible.

        `basis`: one of a point that is feasible there, if such a point is known.
        """
        column = int(self.moving.columns[number])
        outcome = self._solve({column: (by, by)}, basis)
        if outcome is None or outcome.objective is None:
            return None
        if outcome.reduced_costs is None or outcome.row_duals is None:
            return None
        slope, corner = float(outcome.reduced_costs[column]), self.session.corner()
        return Line(outcome.objective, slope, outcome.row_duals, outcome.reduced_costs, corner)

    def _solve(self, held: dict[int, tuple[float, float]], basis: Corner | None = None) -> Outcome | None:
        """Solve with some columns held elsewhere, from a basis that is feasible there or the first one."""
        if self.late:
            return None
        problem = self.moving.problem
        lower, upper = problem.lower.copy(), problem.upper.copy()
        for column, (low, high) in held.items():
            lower[column], upper[column] = low, high
        self.session.change(lower=lower, upper=upper)
        outcome = self.session.answer(basis or self.basis, limit=self.left(), looser=basis is not None)
        return outcome if outcome.stop is Stop.OPTIMAL else None

    def without(self, rows: Whole) -> float | None:
        """The optimum when these rows say nothing, in the goal's direction of the problem."""
        if self.late:
            return None
        problem = self.moving.problem
        row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
        row_lower[rows], row_upper[rows] = -np.inf, np.inf
        self.session.change(
            lower=problem.lower, upper=problem.upper, row_lower=row_lower, row_upper=row_upper
        )
        outcome = self.session.answer(self.basis, limit=self.left(), looser=True)
        self.session.change(row_lower=problem.row_lower, row_upper=problem.row_upper)
        return outcome.objective if outcome.stop is Stop.OPTIMAL else None

    def forced(self, column: int, least: float) -> float | None:
        """By how much the optimum gets worse when a column of the program must be at least so much."""
        most = float(self.moving.problem.upper[column])
        outcome = self._solve({column: (least, most)})
        return None if outcome is None or outcome.objective is None else outcome.objective - self.value

    def tight(self) -> Truth:
        """Which rows of the movable problem have nothing to spare at the optimum."""
        problem = self.moving.problem
        values = self.first.values
        if values is None:
            raise ValueError("there is no optimum")
        row = np.repeat(np.arange(problem.rows), np.diff(problem.row_start))
        weights = problem.value * values[problem.column]
        activity = np.bincount(row, weights=weights, minlength=problem.rows)
        room = np.minimum(activity - problem.row_lower, problem.row_upper - activity)
        return np.asarray(
            room <= 1e-7 * problem.row_scale * np.maximum(1.0, np.abs(activity / problem.row_scale))
        )


def _at(problem: Problem, chosen: Whole | None) -> Problem:
    """The problem with its whole-number columns at the chosen values; without any, as it is."""
    whole = problem.integer
    if chosen is None or not whole.any():
        return replace(problem, integer=np.zeros(problem.columns, dtype=np.bool_))
    at = chosen.astype(np.float64)
    return replace(
        problem,
        integer=np.zeros(problem.columns, dtype=np.bool_),
        lower=np.where(whole, at, problem.lower),
        upper=np.where(whole, at, problem.upper),
    )
