"""A basis in exact arithmetic: what a float solver found, computed again in rationals and proven.

The solver's factors of the basis give digits; each round adds some forty bits to them (iterative refinement),
the residuals are whole numbers. The rationals are then read off with a common denominator and put into the
equations: they hold exactly or the basis is refused. Nothing that comes out of here rests on a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from optimizer.program import Program
from optimizer.solve import FloatArray
from optimizer.solve.session import Basis, Session

#: Bits after the point while digits are gathered: few first, many where denominators are large.
BITS = (320, 1280)
#: Bits that a round of refinement adds at least.
ROUND = 20


class NotExact(Exception):
    """The basis does not stand up to exact arithmetic; the message says why."""


@dataclass(frozen=True)
class Line:
    """value + slope x (level - at): the objective as it is minimised, in fen (or the goal's unit)."""

    at: Fraction
    value: Fraction
    slope: Fraction

    def __call__(self, level: Fraction) -> Fraction:
        """The value at a level."""
        return self.value + self.slope * (level - self.at)


@dataclass(frozen=True)
class Optimal:
    """A basis that is optimal for every level in [first, last] (None: without end), proven exactly."""

    line: Line
    first: Fraction | None
    last: Fraction | None

    def texts(self) -> list[str | None]:
        """As rationals in texts; `from_texts` reads them back."""
        line = self.line
        return [
            None if end is None else str(end)
            for end in (line.at, line.value, line.slope, self.first, self.last)
        ]

    @classmethod
    def from_texts(cls, texts: Sequence[str | None]) -> Optimal:
        """The basis of such texts."""
        at, value, slope, first, last = (None if text is None else Fraction(text) for text in texts)
        return cls(Line(at or Fraction(0), value or Fraction(0), slope or Fraction(0)), first, last)

    def holds(self, at: Fraction) -> bool:
        """Whether it is optimal at a level."""
        return (self.first is None or self.first <= at) and (self.last is None or at <= self.last)


@dataclass(frozen=True)
class Point:
    """Basic columns and activities of basic rows, times the denominator."""

    values: dict[tuple[str, int], int]
    denominator: int


class Exact:
    """The whole-number program with one column, `level`, whose value is the parameter."""

    def __init__(self, program: Program, level: int, lower: FloatArray, upper: FloatArray) -> None:
        self.program, self.level = program, level
        self.lower, self.upper = _ends(lower), _ends(upper)
        self.row_lower, self.row_upper = _ends(program.row_lower), _ends(program.row_upper)
        sign = -1 if program.goal.maximise else 1
        self.cost = [sign * value for value in program.goal.cost.tolist()]
        rows = np.repeat(np.arange(len(program.constant)), np.diff(program.row_start))
        order = np.argsort(program.column, kind="stable")
        self._rows_of = rows[order].tolist()
        self._values_of = program.value[order].tolist()
        counts = np.bincount(program.column, minlength=len(self.cost))
        self._start_of = np.concatenate([[0], np.cumsum(counts)]).tolist()
        self.scale = program.problem()

    def column(self, j: int) -> Iterable[tuple[int, int]]:
        """(row, coefficient) of a column."""
        start, end = self._start_of[j], self._start_of[j + 1]
        return zip(self._rows_of[start:end], self._values_of[start:end], strict=True)

    def optimal(self, session: Session, at: Fraction) -> Optimal:
        """What the basis that the session holds proves. Raises NotExact.

        Its line is a bound at every level, and the value from `first` to `last`; `at` lies there unless
        the floats were off.
        """
        basis, solved = self._solved(session)
        y, denominator = solved.duals()
        reduced = self._reduced_costs(y, denominator)
        multiplier = self.program.goal.multiplier
        total = self._dual_value(reduced, y, denominator, at)
        line = Line(at, total / multiplier, Fraction(reduced[self.level], denominator) / multiplier)
        point = solved.point(basis.columns.tolist(), basis.rows.tolist(), at)
        if solved.objective(point) != total:
            raise NotExact("cost and bound differ in exact arithmetic")
        first, last = self._reach(solved, point, at)
        return Optimal(line, first, last)

    def prices(self, session: Session) -> tuple[list[int], int]:
        """The row prices of the basis that the session holds, times their denominator. Raises NotExact."""
        return self._solved(session)[1].duals()

    def value(self, session: Session) -> Fraction:
        """The optimal value that the basis proves, the level being a column like any other."""
        basis, solved = self._solved(session)
        y, denominator = solved.duals()
        reduced = self._reduced_costs(y, denominator)
        level, self.level = self.level, -1
        try:
            total = self._dual_value([*reduced, 0], y, denominator, Fraction(0))
            point = solved.point(basis.columns.tolist(), basis.rows.tolist(), Fraction(0))
        finally:
            self.level = level
        if solved.objective(point) != total:
            raise NotExact("cost and bound differ in exact arithmetic")
        self._check_inside(point)
        return total / self.program.goal.multiplier

    def _solved(self, session: Session) -> tuple[Basis, _Solves]:
        basis = session.basis()
        if basis is None:
            raise NotExact("the solver has no basis")
        return basis, _Solves(self, session, session.basic())

    def _check_inside(self, point: Point) -> None:
        for name, whole in point.values.items():
            lower, upper = self.ends(*name)
            if (lower is not None and whole < lower * point.denominator) or (
                upper is not None and whole > upper * point.denominator
            ):
                raise NotExact("a column leaves its bounds in exact arithmetic")

    def _reduced_costs(self, y: list[int], denominator: int) -> list[int]:
        """cost - A' y of every column, times the denominator."""
        return [
            c * denominator - sum(value * y[row] for row, value in self.column(j))
            for j, c in enumerate(self.cost)
        ]

    def _dual_value(self, reduced: list[int], y: list[int], denominator: int, at: Fraction) -> Fraction:
        """The dual objective at the level `at`: a bound by itself. Every price must rest on a bound."""
        total = 0
        for prices, lower, upper in ((reduced, self.lower, self.upper), (y, self.row_lower, self.row_upper)):
            for k, price in enumerate(prices):
                if price == 0 or (prices is reduced and k == self.level):
                    continue
                end = lower[k] if price > 0 else upper[k]
                if end is None:
                    raise NotExact(f"the price of {k} rests on no bound")
                total += price * end
        return (total + reduced[self.level] * at) / denominator

    def _reach(self, solved: _Solves, point: Point, at: Fraction) -> tuple[Fraction | None, Fraction | None]:
        """For which levels the basis keeps every column and row within its bounds."""
        if solved.has_level:
            return at, at
        moves = solved.direction()
        first: Fraction | None = None
        last: Fraction | None = None
        for name, whole in point.values.items():
            move = moves.values[name]
            for bound, sign in zip(self.ends(*name), (1, -1), strict=True):
                if bound is None:
                    continue
                room = sign * (whole - bound * point.denominator)
                if move == 0:
                    if room < 0:
                        raise NotExact("a column leaves its bounds in exact arithmetic")
                    continue
                turn = at - Fraction(room * moves.denominator, sign * move * point.denominator)
                if sign * move > 0:
                    first = turn if first is None else max(first, turn)
                else:
                    last = turn if last is None else min(last, turn)
        if first is not None and last is not None and first > last:
            raise NotExact("the basis is feasible at no level")
        return first, last

    def ends(self, kind: str, k: int) -> tuple[int | None, int | None]:
        """The bounds of a column or a row's activity."""
        if kind == "column":
            return self.lower[k], self.upper[k]
        return self.row_lower[k], self.row_upper[k]


class _Solves:
    """Exact solves with one basis: `index[p] >= 0` is a column, -1 - i the activity of row i."""

    def __init__(self, exact: Exact, session: Session, index: NDArray[np.int64]) -> None:
        self.exact, self.session = exact, session
        self.index = index.tolist()
        self.basic_rows = {-1 - k for k in self.index if k < 0}
        self.basic_columns = [(p, k) for p, k in enumerate(self.index) if k >= 0]
        problem = exact.scale
        self.row_scale, self.column_scale = problem.row_scale, problem.column_scale
        self.cost_scale = problem.cost_scale
        self.entries = {k: list(exact.column(k)) for _, k in self.basic_columns}
        self.held: dict[int, Fraction | int] = {}

    def duals(self) -> tuple[list[int], int]:
        """Row prices times their denominator: cost of every basic column is met, basic rows have none."""
        exact, height = self.exact, len(self.exact.row_lower)

        def residual(y: list[int], one: int) -> dict[int, int]:
            return {
                p: exact.cost[k] * one - sum(value * y[row] for row, value in self.entries[k])
                for p, k in self.basic_columns
            }

        def step(scaled: dict[int, float]) -> dict[int, float]:
            right = np.zeros(len(self.index))
            for p, k in self.basic_columns:
                right[p] = scaled[p] * self.column_scale[k] / self.cost_scale
            found = self.session.solved_with_basis(right, transpose=True)
            found = found * self.cost_scale / self.row_scale
            return {i: float(found[i]) for i in range(height) if i not in self.basic_rows}

        return _refined(height, residual, step)

    @property
    def has_level(self) -> bool:
        """Whether the level itself is basic, so that this basis says nothing of other levels."""
        return self.exact.level in self.entries

    def objective(self, point: Point) -> Fraction:
        """The cost of the point."""
        cost = self.exact.cost
        basic = sum(cost[k] * point.values["column", k] for _, k in self.basic_columns)
        held = sum((Fraction(cost[j] * value) for j, value in self.held.items() if cost[j]), Fraction(0))
        return Fraction(basic, point.denominator) + held

    def point(self, columns: list[int], rows: list[int], at: Fraction) -> Point:
        """Every basic column and row at the level."""
        exact = self.exact
        basic = {k for _, k in self.basic_columns}
        held: dict[int, Fraction | int] = {}
        for j, code in enumerate(columns):
            if j in basic:
                continue
            end = at if j == exact.level else exact.upper[j] if code == 2 else exact.lower[j]
            held[j] = 0 if end is None else end
        right: list[Fraction | int] = [0] * len(exact.row_lower)
        for i, code in enumerate(rows):
            if i not in self.basic_rows:
                end = exact.row_upper[i] if code == 2 else exact.row_lower[i]
                end = exact.row_lower[i] if end is None else end
                end = exact.row_upper[i] if end is None else end
                right[i] = 0 if end is None else end
        fixed: list[Fraction | int] = [0] * len(right)
        for j, value in held.items():
            if value:
                for row, coefficient in exact.column(j):
                    fixed[row] += coefficient * value
        self.held = held
        rest = [
            0 if i in self.basic_rows else a - b for i, (a, b) in enumerate(zip(right, fixed, strict=True))
        ]
        return self._values(rest, fixed)

    def direction(self) -> Point:
        """How every basic column and row moves per step of the level."""
        push: list[Fraction | int] = [0] * len(self.exact.row_lower)
        for row, coefficient in self.exact.column(self.exact.level):
            push[row] = coefficient
        right = [-value if i not in self.basic_rows else 0 for i, value in enumerate(push)]
        return self._values(right, push)

    def _values(self, right: list[Fraction | int], fixed: list[Fraction | int]) -> Point:
        """Basic columns that give `right` in the other rows, and the activities of the basic rows."""
        common = lcm(*(Fraction(value).denominator for value in [*right, *fixed]))
        whole = [int(value * common) for value in right]
        found, denominator = self._columns(whole)
        total = [int(value * common) * denominator for value in fixed]
        values: dict[tuple[str, int], int] = {}
        for _, k in self.basic_columns:
            values["column", k] = found[k]
            for row, coefficient in self.entries[k]:
                total[row] += coefficient * found[k]
        for i in self.basic_rows:
            values["row", i] = total[i]
        return Point(values, denominator * common)

    def _columns(self, right: list[int]) -> tuple[dict[int, int], int]:
        others = [i for i in range(len(right)) if i not in self.basic_rows]
        names = [k for _, k in self.basic_columns]
        place = {k: n for n, k in enumerate(names)}

        def residual(x: list[int], one: int) -> dict[int, int]:
            left = [value * one for value in right]
            for k in names:
                if x[place[k]]:
                    for row, coefficient in self.entries[k]:
                        left[row] -= coefficient * x[place[k]]
            return {i: left[i] for i in others}

        def step(scaled: dict[int, float]) -> dict[int, float]:
            rhs = np.zeros(len(right))
            for i, value in scaled.items():
                rhs[i] = value / self.row_scale[i]
            found = self.session.solved_with_basis(rhs, transpose=False)
            return {place[k]: float(found[p]) * self.column_scale[k] for p, k in self.basic_columns}

        x, denominator = _refined(len(names), residual, step)
        return {k: x[place[k]] for k in names}, denominator


def _refined(
    size: int,
    residual: Callable[[list[int], int], dict[int, int]],
    step: Callable[[dict[int, float]], dict[int, float]],
) -> tuple[list[int], int]:
    """The exact solution as whole numbers over one denominator, from approximate steps. Raises NotExact."""
    for bits in BITS:
        x = _digits(size, residual, step, bits)
        try:
            found, denominator = _rationals(x, bits)
        except NotExact:
            continue
        if not any(residual(found, denominator).values()):
            return found, denominator
    raise NotExact("the basis could not be solved in rationals")


def _digits(
    size: int,
    residual: Callable[[list[int], int], dict[int, int]],
    step: Callable[[dict[int, float]], dict[int, float]],
    bits: int,
) -> list[int]:
    """The solution times 2^bits, to the last digits."""
    one = 1 << bits
    x = [0] * size
    for _ in range(bits // ROUND):
        left = residual(x, one)
        largest = max((abs(value) for value in left.values()), default=0)
        if largest <= 1:
            break
        shift = max(0, largest.bit_length() - 900)
        unit = largest >> shift
        scaled = {k: (value >> shift) / unit for k, value in left.items()}
        moved = False
        for k, move in step(scaled).items():
            if move:
                top, bottom = move.as_integer_ratio()
                x[k] += top * largest // bottom
                moved = True
        if not moved:
            break
    return x


def _rationals(x: list[int], bits: int) -> tuple[list[int], int]:
    """Fractions near x / 2^bits with a common denominator that grows only where it must."""
    denominator, half, most = 1, 1 << bits - 1, bits * 3 // 8
    room = 1 << (bits - most)
    for value in x:
        scaled = value * denominator
        if abs(scaled - ((scaled + half) >> bits << bits)) <= room * denominator:
            continue
        found = Fraction(value, 1 << bits).limit_denominator(1 << most)
        denominator = lcm(denominator, found.denominator)
        if denominator.bit_length() > bits - most:
            raise NotExact("the denominators grow too large")
    return [(value * denominator + half) >> bits for value in x], denominator


def _ends(bounds: FloatArray) -> list[int | None]:
    """Bounds as whole numbers, None where there is none; every bound of a program is whole."""
    return [int(value) if np.isfinite(value) else None for value in bounds.tolist()]
