"""Cuts for a relaxation: which weighted sums of rows, once rounded, rule out the point a solver has found.

The basis of that point expresses every column that is not whole by ends of other columns and rows (Gomory);
the weights of the rows in it are read off as small fractions. They are hints: `optimizer.proof` derives the
cut from them in whole numbers, and what it does not derive, or does not rule the point out, is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import numpy as np

from models.rules.tree import Comparison
from optimizer.program import Program, RowBlock
from optimizer.program.matrix import MONEY_SCALE, Truth
from optimizer.proof import Box, Cut, Round, Row, System, derived, with_cuts
from optimizer.solve import FloatArray, Outcome, Stop
from optimizer.solve.session import Basis, Session
from optimizer.study.proving.basis import Exact

#: Cuts of one round.
MOST = 300
#: A row whose price is less than this (goal per unit of the row) does not bear on the answer.
PRICE = 1e-9
#: A quantity nearer than this to a whole number is taken for it.
NEARLY = 1e-5
#: A cut adds up so many rows at most.
LONG = 100
#: Weights are fractions with denominators up to this, and a cut has a common one up to the other.
SMALL, COMMON = 10**6, 10**12
#: A weight is such a fraction when it is this near to it, relatively; less than the other is noise.
CLOSE, NOISE = 1e-10, 1e-11
#: A cut is worth its row when the point is that far beyond it (scaled, per length of the row).
DEEP = 1e-5
#: Largest coefficients of a cut over its smallest ones, scaled; and whole numbers that floats tell apart.
SPREAD, LARGEST = 1e7, 2**53


class Relaxation:
    """The LP of a program whose first columns and whose rows are those of a system.

    Bounds of the first columns are those of a box; further columns keep their own. `shared`: the columns
    that the last one adds to, where it stands for more of each of them.
    """

    def __init__(self, program: Program, shared: Sequence[int] = ()) -> None:
        self.program = program
        self.shared = np.array(shared, dtype=np.int64)
        self._exact = Exact(program, len(program.lower) - 1, program.lower, program.upper)
        self.session = Session(program.problem())
        self._started = False

    def solve(
        self, program: Program, box: Box, basis: Basis | None = None, *, limit: float | None = None
    ) -> tuple[Outcome, Basis | None]:
        """The answer within the box, with the bounds of rows and further columns that `program` has."""
        width = len(box.lower)
        self.session.change(
            lower=np.append(_floats(box.lower, -np.inf), program.lower[width:]),
            upper=np.append(_floats(box.upper, np.inf), program.upper[width:]),
            row_lower=program.row_lower,
            row_upper=program.row_upper,
        )
        keep = self._started and basis is None
        outcome, found = self.session.solve(basis, keep=keep, limit=limit)
        self._started = outcome.stop is Stop.OPTIMAL and found is not None
        return outcome, found

    def point(self, values: FloatArray, width: int) -> FloatArray:
        """The values of the first columns, with what the last one adds to them."""
        x = values[:width].copy()
        if len(self.shared):
            x[self.shared] += values[-1]
        return x

    def prices(self) -> tuple[list[int], int]:
        """The row prices of the last answer, times their denominator. Raises NotExact."""
        return self._exact.prices(self.session)


@dataclass(frozen=True, eq=False)
class Tightened:
    """A program with the rows of cuts, and the system and box (None: empty) that say the same."""

    program: Program
    system: System
    box: Box | None
    rounds: tuple[Round, ...] = ()

    def with_cuts(self, rounds: Sequence[Round]) -> Tightened:
        """The same with further cuts."""
        program, system, box = self.program, self.system, self.box
        for together in rounds:
            if box is None:
                break
            height = system.rows
            system, box = with_cuts(system, box, [together])
            rows = [Row(dict(system.row(i)), system.row_lower[i]) for i in range(height, system.rows)]
            program = with_rows(program, rows)
        return Tightened(program, system, box, (*self.rounds, *rounds))


def bearing(program: Program, row_duals: FloatArray) -> Truth:
    """The columns of rows that have a price: no other one can move the answer."""
    priced = np.abs(row_duals * program.row_scale) / MONEY_SCALE > PRICE
    rows = np.repeat(np.arange(len(program.constant)), np.diff(program.row_start))
    bears = np.zeros(len(program.lower), dtype=np.bool_)
    bears[program.column[priced[rows]]] = True
    return bears


def found_cuts(now: Tightened, relaxation: Relaxation, basis: Basis, outcome: Outcome, wide: bool) -> Round:
    """The cuts that the answer of a basis violates most; `wide`: of columns that do not bear on it, too."""
    if now.box is None or outcome.row_duals is None or outcome.values is None:
        return ()
    session, program, width = relaxation.session, relaxation.program, len(now.box.lower)
    x = relaxation.point(outcome.values, width)
    off = ~program.money[:width] & (np.abs(x - np.rint(x)) > NEARLY)
    if not wide:
        off &= bearing(program, outcome.row_duals)[:width]
    scale = session.problem.column_scale[:width]
    found: dict[tuple[tuple[int, int], ...], tuple[float, Cut]] = {}
    for place, j in enumerate(session.basic().tolist()):
        if not 0 <= j < width or not off[j]:
            continue
        cut = _cut(program, session, basis, place, j)
        if cut is None:
            continue
        row = derived(now.system, now.box, cut)
        depth = depth_of(row, x, scale)
        if depth > DEEP:
            found.setdefault(tuple(sorted(row.entries.items())), (depth, cut))
    deepest = sorted(found.values(), key=lambda one: -one[0])
    return tuple(cut for _, cut in deepest[:MOST])


def _cut(program: Program, session: Session, basis: Basis, place: int, j: int) -> Cut | None:
    """The row of the basis that says what column j is, as weights of the rows."""
    problem = session.problem
    right = np.zeros(len(program.constant))
    right[place] = problem.column_scale[j]
    weights = session.solved_with_basis(right, transpose=True)
    used = np.flatnonzero(np.abs(weights) > NOISE * float(np.abs(weights).max(initial=0.0)))
    if len(used) > LONG:
        return None
    parts: dict[int, Fraction] = {}
    common = 1
    for i in used.tolist():
        weight = float(weights[i])
        part = Fraction(weight).limit_denominator(SMALL)
        if abs(float(part) - weight) > CLOSE * max(1.0, abs(weight)):
            return None
        parts[i] = part / Fraction(float(problem.row_scale[i]))
        part = parts[i]
        common = lcm(common, part.denominator)
        if common > COMMON:
            return None
    inside = {int(k) for i in parts for k in program.column[program.row_start[i] : program.row_start[i + 1]]}
    return Cut(
        {i: int(part * common) for i, part in parts.items()},
        common,
        frozenset(k for k in inside if basis.columns[k] == 2),
        frozenset(i for i in parts if basis.rows[i] == 2),
    )


def depth_of(row: Row, x: FloatArray, scale: FloatArray) -> float:
    """How far the point is beyond a row, per length of the row; 0: not at all, or the row is no good."""
    if not _fits(row) or row.least is None:
        return 0.0
    columns = np.fromiter(row.entries.keys(), dtype=np.int64)
    values = np.fromiter(row.entries.values(), dtype=np.float64)
    scaled = np.abs(values * scale[columns])
    if scaled.max() > SPREAD * scaled.min():
        return 0.0
    return float((row.least - values @ x[columns]) / np.sqrt(scaled @ scaled))


def _fits(row: Row) -> bool:
    """Whether the row says something, in numbers that floats hold."""
    if row.least is None or not row.entries:
        return False
    return max(abs(row.least), *(abs(value) for value in row.entries.values())) < LARGEST


def with_rows(program: Program, rows: Sequence[Row]) -> Program:
    """The program with these rows at its end, which bind no whole solution.

    A row with numbers that floats do not hold has no bound here, so that only its place is kept.
    """
    used = [row if _fits(row) else Row({}, None) for row in rows]
    count = len(used)
    column = [np.array([*row.entries.keys()], dtype=np.int64) for row in used]
    value = [np.array([*row.entries.values()], dtype=np.int64) for row in used]
    least = np.array([row.least or 0 for row in used], dtype=np.int64)
    lower = np.array([-np.inf if row.least is None else float(row.least) for row in used])
    scale = program.problem().column_scale
    largest = [float(np.abs(v * scale[c]).max(initial=1.0)) for c, v in zip(column, value, strict=True)]
    zeros = np.zeros(count, dtype=np.int64)
    block = RowBlock(
        "cut", len(program.constant), zeros, zeros, Comparison.AT_LEAST, np.ones(count, dtype=np.int64),
        -least, auxiliary=True, money=False,
    )  # fmt: skip
    ends = program.row_start[-1] + np.cumsum([len(entries) for entries in column], dtype=np.int64)
    return replace(
        program,
        rows=(*program.rows, block),
        row_start=np.concatenate([program.row_start, ends]),
        column=np.concatenate([program.column, *column]),
        value=np.concatenate([program.value, *value]),
        constant=np.append(program.constant, -least),
        row_lower=np.append(program.row_lower, lower),
        row_upper=np.append(program.row_upper, np.full(count, np.inf)),
        row_scale=np.append(program.row_scale, largest),
    )


def _floats(ends: Sequence[int | None], missing: float) -> FloatArray:
    return np.array([missing if end is None else float(end) for end in ends])
