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

from optimizer.program import Program
from optimizer.program.matrix import Real, Truth, Whole
from optimizer.solve import Outcome, Problem, Stop
from optimizer.solve.ranging import Ranging
from optimizer.solve.session import Basis
from optimizer.study.explain.levers import RATE, Kind, Lever
from optimizer.study.explain.moves import Movable, Move, movable

#: Two values of the goal agree within this part of it, or within this many of its scaled units.
SAME, SAME_UNITS = 1e-9, 1e-6
#: A kink is reached when a piece is shorter than this part of the figure.
SHORT = 1e-9
#: Part of a range by which its end is looked at from inside.
HAIR = 1e-7
#: How far a figure is moved at most: this many times its own size.
FAR = 10.0
#: How far a fund is moved at least: this many times the money of all funds in the plan.
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
        self.line_row = self.moving.problem.rows
        self.session = Ranging(_with_line(self.moving.problem))
        self.cost = self.session.problem.cost
        outcome, basis = self.session.solve(limit=self.left())
        if outcome.values is None or outcome.reduced_costs is None or outcome.row_duals is None:
            raise ValueError(outcome.message)
        self.first: Outcome = outcome
        self.basis: Basis | None = basis
        self.value = float(outcome.objective or 0.0)
        self.duals: Real = outcome.row_duals
        self.reduced: Real = outcome.reduced_costs
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

    def at(self, number: int, by: float) -> tuple[float, float] | None:
        """The optimum and a slope with the lever moved by so much; None where nothing is feasible."""
        outcome = self._solve(self.cost, {int(self.moving.columns[number]): (by, by)}, np.inf)
        if outcome is None or outcome.objective is None or outcome.reduced_costs is None:
            return None
        return outcome.objective, float(outcome.reduced_costs[self.moving.columns[number]])

    def pieces(self, number: int) -> tuple[Piece, ...]:
        """One piece around the figure, or the one below and the one above where it stands at a kink."""
        slope, (least, most) = self.slope(number), self._reach(number)
        low, high = self._end(number, slope, -1, least), self._end(number, slope, 1, most)
        short = SHORT * max(1.0, abs(least), most)
        if high > short and -low > short:
            return (self._piece(number, slope, low, high),)
        found = []
        for side, far in ((-1, least), (1, most)):
            near = low if side < 0 else high
            if abs(far) <= short:
                continue
            if abs(near) > short:
                found.append(self._piece(number, slope, min(near, 0.0), max(near, 0.0)))
                continue
            steeper = self._beside(number, slope, side, far)
            if steeper is not None:
                end = self._end(number, steeper, side, far)
                found.append(self._piece(number, steeper, min(end, 0.0), max(end, 0.0)))
        return tuple(found) or (Piece(slope, 0.0, 0.0, False),)

    def stuck(self, number: int, pieces: Sequence[Piece]) -> int:
        """-1 where the figure can rise and not fall, 1 where it can fall and not rise, else 0.

        Not to be asked of a figure that is at its own end: nothing is less than no money.
        """
        if len(pieces) != 1 or self.late:
            return 0
        [piece], (least, most) = pieces, self._reach(number)
        near = 1e-6 * max(1.0, abs(least), most)
        for side, reached, far in ((-1, piece.low, least), (1, piece.high, most)):
            if reached == 0.0 and abs(far) > near and self.at(number, side * near) is None and not self.late:
                return side
        return 0

    def _reach(self, number: int) -> tuple[float, float]:
        lever = self.levers[number]
        if lever.unit == RATE and lever.kind in (Kind.TARGET, Kind.DUE):
            return -float(lever.value), max(0.0, 1.0 - float(lever.value))
        size = FAR * max(float(abs(lever.value)), 1.0 if lever.unit != "fen" else 1e8)
        if lever.kind is Kind.FUND:
            # No plan can use more of a fund than everything costs.
            size = max(size, ALL * self._bill)
        return (-size if lever.text or lever.value < 0 else -float(lever.value)), size

    def _piece(self, number: int, slope: float, low: float, high: float) -> Piece:
        least, most = self._reach(number)
        ends = [end for end in (low, high) if end != 0.0]
        # As far as was looked is on the line already: that is how it was found.
        checked = bool(ends) and all(
            end in (least, most) or self._on_line(number, slope, end) for end in ends
        )
        below = None if self.levers[number].text and low <= least * (1 - 1e-9) else low
        rate = self.levers[number].unit == RATE and self.levers[number].kind is not Kind.RULE
        limits = (below, None if high >= most * (1 - 1e-9) and not rate else high)
        return Piece(self.sign * slope, *limits, checked)

    def _on_line(self, number: int, slope: float, by: float, *, inside: float = HAIR) -> bool:
        """Whether the optimum there is what the slope says; a hair inside, because rounding may have moved
        the end itself past what is feasible."""
        there = by * (1 - inside)
        found = self.at(number, there)
        if found is None:
            return False
        return abs(found[0] - (self.value + slope * there)) <= self._tolerance(slope * there)

    def _tolerance(self, change: float = 0.0) -> float:
        scale = self.session.problem.cost_scale
        return max(SAME * abs(self.value), SAME_UNITS * scale, 1e-6 * abs(change))

    def _end(self, number: int, slope: float, side: int, far: float) -> float:
        """How far the lever can be moved to one side while the goal stays on the line of this slope."""
        if far == 0.0 or self._on_line(number, slope, far, inside=0.0):
            return far
        column = int(self.moving.columns[number])
        aim = np.zeros(len(self.cost))
        aim[column] = -side * self.session.problem.cost_scale
        self.session.put(self.line_row, column, -slope)
        bounds = (far, 0.0) if side < 0 else (0.0, far)
        outcome = self._solve(aim, {column: bounds}, self.value, any_point=True)
        self.session.put(self.line_row, column, 0.0)
        found = 0.0 if outcome is None or outcome.values is None else float(outcome.values[column])
        return min(max(found, bounds[0]), bounds[1])

    def _beside(self, number: int, slope: float, side: int, far: float) -> float | None:
        """The slope on the other side of the kink; None where the figure cannot be moved there at all."""
        by = side * min(abs(far), max(1e-3 * abs(far) / FAR, 1.0))
        for _ in range(PIECES):
            if self.late or abs(by) <= SHORT * max(1.0, abs(far)):
                return None
            found = self.at(number, by)
            if found is None:
                by /= 16
                continue
            value, there = found
            if abs(value - (self.value + there * by)) <= self._tolerance(there * by):
                return there
            if there == slope:
                return None
            by = (value - there * by - self.value) / (slope - there)
        return None

    def _solve(
        self,
        cost: Real,
        fixed: dict[int, tuple[float, float]],
        line: float,
        *,
        any_point: bool = False,
        least: dict[int, float] | None = None,
    ) -> Outcome | None:
        """Solve with some columns between other bounds and the goal's line at most so high; `any_point`: a
        point that is feasible will do, proven or not."""
        if self.late:
            return None
        problem = self.session.problem
        lower, upper = problem.lower.copy(), problem.upper.copy()
        lower[self.moving.columns] = 0.0
        upper[self.moving.columns] = 0.0
        for column, (low, high) in fixed.items():
            lower[column], upper[column] = low, high
        base = self.moving.problem.lower
        lower[: len(self.program.lower)] = base[: len(self.program.lower)]
        for column, amount in (least or {}).items():
            lower[column] = amount
        row_upper = problem.row_upper.copy()
        row_upper[self.line_row] = line
        self.session.aim(cost)
        self.session.change(lower=lower, upper=upper, row_upper=row_upper)
        outcome = self.session.answer(self.basis, limit=self.left())
        good = outcome.stop is Stop.OPTIMAL or (any_point and outcome.values is not None)
        return outcome if good else None

    def without(self, rows: Whole, columns: Whole) -> float | None:
        """The optimum when these rows say nothing, in the goal's direction of the problem."""
        if self.late:
            return None
        problem = self.session.problem
        keep = (problem.lower, problem.upper, problem.row_lower, problem.row_upper)
        lower, upper = problem.lower.copy(), problem.upper.copy()
        lower[self.moving.columns], upper[self.moving.columns] = 0.0, 0.0
        row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
        row_lower[rows], row_upper[rows] = -np.inf, np.inf
        row_upper[self.line_row] = np.inf
        self.session.aim(self.cost)
        self.session.change(lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)
        outcome = self.session.answer(self.basis, limit=self.left(), looser=True)
        self.session.change(lower=keep[0], upper=keep[1], row_lower=keep[2], row_upper=keep[3])
        return outcome.objective if outcome.stop is Stop.OPTIMAL else None

    def forced(self, column: int, least: float) -> float | None:
        """By how much the optimum gets worse when a column of the program must be at least so much."""
        outcome = self._solve(self.cost, {}, np.inf, least={column: least})
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


def _with_line(problem: Problem) -> Problem:
    """The problem with one more row, the goal itself, which says nothing until it is given a limit."""
    priced = np.flatnonzero(problem.cost)
    return replace(
        problem,
        row_start=np.append(problem.row_start, problem.row_start[-1] + len(priced)),
        column=np.append(problem.column.astype(np.int64), priced),
        value=np.append(problem.value, problem.cost[priced]),
        row_lower=np.append(problem.row_lower, -np.inf),
        row_upper=np.append(problem.row_upper, np.inf),
        row_scale=np.append(problem.row_scale, problem.cost_scale),
    )
