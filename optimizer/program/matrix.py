"""The program as data: blocks of columns, blocks of rows, and a sparse matrix of whole numbers.

A column counts whole steps (fen, members, lots). A row is `multiplier x (left - right)` of one statement
of docs/mathematics.md, so that every coefficient is whole; its constant part stands apart. Families add
whole blocks of arrays, never single entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.rules.tree import Comparison
from optimizer.solve.problem import Problem

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Truth = NDArray[np.bool_]

#: Fen in the unit the solver works in (万元).
MONEY_SCALE = 1_000_000.0
#: Largest whole number a coefficient or constant may have: sums of a few stay inside 64 bits.
LARGEST = 2**61


class ProgramError(Exception):
    """The case asks for something the program cannot express; the reader should have said so."""


#: What the names of columns begin with by which soft rows are missed: see `Builder.add_slack`.
SLACK = ("short.", "over.")


@dataclass(frozen=True, eq=False)
class ColumnBlock:
    """Columns of one kind: one for each of `regions` (positions) and each year of the horizon.

    `index[i, j]` is the column of region `regions[i]` in year `years[j]`; `position[r]` is i, or -1.
    """

    name: str
    regions: Whole
    years: tuple[int, ...]
    index: Whole
    position: Whole
    money: bool

    def __len__(self) -> int:
        return int(self.index.size)


@dataclass(frozen=True, eq=False)
class RowBlock:
    """Rows of one statement. `region` and `year` label each row; year 0 stands for "all years".

    `auxiliary` rows only link the solver's own 0/1 columns; the auditor knows nothing of them.
    """

    rule: str
    start: int
    region: Whole
    year: Whole
    compare: Comparison
    multiplier: Whole
    constant: Whole
    auxiliary: bool
    money: bool

    def __len__(self) -> int:
        return int(self.region.size)


@dataclass(frozen=True, eq=False)
class Term:
    """Entries of a row block: row number within the block, column, whole coefficient (before `factor`)."""

    row: Whole
    column: Whole
    value: Whole


@dataclass(frozen=True, eq=False)
class Objective:
    """Minimise (or maximise) `(cost @ x) / multiplier`."""

    cost: Whole
    multiplier: int
    maximise: bool
    money: bool

    def value(self, x: Whole) -> Fraction:
        """Its exact value at a whole x."""
        priced = np.flatnonzero(self.cost)
        total = sum(a * b for a, b in zip(self.cost[priced].tolist(), x[priced].tolist(), strict=True))
        return Fraction(total, self.multiplier)


@dataclass(frozen=True, eq=False)
class Program:
    """The last of `objectives` over whole x with `lower <= x <= upper` and the rows.

    The objectives before it come first: `reached` turns each into a row.
    Row i says: `value[row_start[i]:row_start[i+1]] @ x + constant[i]  compare  0`.
    """

    regions: tuple[str, ...]
    columns: dict[str, ColumnBlock]
    rows: tuple[RowBlock, ...]
    objectives: tuple[Objective, ...]
    lower: Real
    upper: Real
    integer: Truth
    money: Truth
    row_start: Whole
    column: Whole
    value: Whole
    constant: Whole
    row_lower: Real
    """Bounds of the activity without its constant."""
    row_upper: Real
    row_scale: Real
    settled_goals: int = 0
    """How many of the objectives have become rows."""

    @property
    def goal(self) -> Objective:
        """What is optimised last."""
        return self.objectives[-1]

    @property
    def slack(self) -> Whole:
        """The columns by which soft rows are missed."""
        chosen = [block.index.ravel() for name, block in self.columns.items() if name.startswith(SLACK)]
        return np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64)

    def problem(self, *, whole_quantities: bool = False, goal: Objective | None = None) -> Problem:
        """The copy in floats that a solver works on; `whole_quantities`: everything but money is whole."""
        objective = self.goal if goal is None else goal
        sign = -1.0 if objective.maximise else 1.0
        return Problem(
            cost=sign * objective.cost / objective.multiplier,
            offset=0.0,
            lower=self.lower,
            upper=self.upper,
            integer=~self.money if whole_quantities else self.integer,
            row_start=self.row_start,
            column=self.column,
            value=self.value.astype(np.float64),
            row_lower=self.row_lower,
            row_upper=self.row_upper,
            column_scale=np.where(self.money, MONEY_SCALE, 1.0),
            row_scale=self.row_scale,
            cost_scale=MONEY_SCALE if objective.money else 1.0,
        )

    def reached(self, number: int, value: float) -> Program:
        """The program in which the objective of this number stays at a solver's `value`.

        A whole step of room, and what the float may be off.
        """
        step = self.objectives[number].multiplier
        return self.limited(number, int(np.ceil(value * step * (1 + 1e-9))) + 1)

    def limited(self, number: int, limit: int) -> Program:
        """The program in which `cost @ x` of the objective of this number (negated: of one to maximise) is at
        most `limit`, exactly."""
        objective = self.objectives[number]
        sign = -1 if objective.maximise else 1
        column = np.flatnonzero(objective.cost)
        block = RowBlock(
            f"goal.{number + 1}",
            len(self.constant),
            np.zeros(1, dtype=np.int64),
            np.zeros(1, dtype=np.int64),
            Comparison.AT_MOST,
            np.ones(1, dtype=np.int64),
            np.array([-limit]),
            auxiliary=True,
            money=objective.money,
        )
        return replace(
            self,
            rows=(*self.rows, block),
            row_start=np.append(self.row_start, self.row_start[-1] + len(column)),
            column=np.append(self.column, column),
            value=np.append(self.value, sign * objective.cost[column]),
            constant=np.append(self.constant, -limit),
            row_lower=np.append(self.row_lower, -np.inf),
            row_upper=np.append(self.row_upper, float(limit)),
            row_scale=np.append(self.row_scale, MONEY_SCALE if objective.money else 1.0),
            settled_goals=max(self.settled_goals, number + 1),
        )

    def column_names(self) -> list[str]:
        """`block@region@year` for every column, in order."""
        names: list[str] = []
        for block in self.columns.values():
            names += [f"{block.name}@{self.regions[r]}@{t}" for r in block.regions for t in block.years]
        return names

    def row_names(self) -> list[str]:
        """`rule@region@year` for every row, in order."""
        names: list[str] = []
        for block in self.rows:
            names += [
                f"{block.rule}@{self.regions[r]}@{t or 'total'}"
                for r, t in zip(block.region, block.year, strict=True)
            ]
        return names


@dataclass
class Builder:
    """Collects blocks while a program is being built; `finish` sorts them into rows."""

    regions: tuple[str, ...]
    years: tuple[int, ...]
    columns: dict[str, ColumnBlock] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)
    """Fen per step of each slack block."""
    _lower: list[Real] = field(default_factory=list)
    _upper: list[Real] = field(default_factory=list)
    _integer: list[Truth] = field(default_factory=list)
    _rows: list[RowBlock] = field(default_factory=list)
    _terms: list[Sequence[Term]] = field(default_factory=list)
    _width: int = 0
    _height: int = 0

    def add_columns(
        self,
        name: str,
        regions: Whole,
        *,
        upper: Real | float = np.inf,
        lower: Real | float = 0.0,
        integer: bool = False,
        money: bool = False,
        years: tuple[int, ...] | None = None,
    ) -> ColumnBlock:
        """A block of columns; bounds broadcast to (regions, years)."""
        span = self.years if years is None else years
        shape = (len(regions), len(span))
        index = np.arange(self._width, self._width + shape[0] * shape[1], dtype=np.int64).reshape(shape)
        position = np.full(len(self.regions), -1, dtype=np.int64)
        position[regions] = np.arange(len(regions))
        block = ColumnBlock(name, regions, span, index, position, money)
        self.columns[name] = block
        self._width += len(block)
        self._lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), shape).ravel())
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), shape).ravel())
        self._integer.append(np.full(len(block), integer))
        return block

    @classmethod
    def over(cls, program: Program, years: tuple[int, ...]) -> Builder:
        """A builder with the columns of a program and no rows."""
        return cls(
            program.regions,
            years,
            columns=dict(program.columns),
            _lower=[program.lower],
            _upper=[program.upper],
            _integer=[program.integer],
            _width=len(program.lower),
        )

    @property
    def width(self) -> int:
        """How many columns there are."""
        return self._width

    def bounds(self) -> tuple[Real, Real]:
        """Lower and upper bounds of all columns so far, as fresh arrays."""
        return _joined(self._lower, np.float64), _joined(self._upper, np.float64)

    def add_rows(
        self,
        rule: str,
        region: Whole,
        year: Whole | int,
        compare: Comparison,
        terms: Sequence[Term],
        *,
        constant: Whole | int = 0,
        multiplier: Whole | int = 1,
        auxiliary: bool = False,
        money: bool = False,
    ) -> None:
        """A block of rows `multiplier x (left - right) = terms + constant  compare  0`."""
        count = len(region)
        if not count:
            return
        block = RowBlock(
            rule,
            self._height,
            np.asarray(region, dtype=np.int64),
            np.broadcast_to(np.asarray(year, dtype=np.int64), (count,)),
            compare,
            np.broadcast_to(np.asarray(multiplier, dtype=np.int64), (count,)),
            np.broadcast_to(np.asarray(constant, dtype=np.int64), (count,)),
            auxiliary,
            money,
        )
        self._rows.append(block)
        # Lowest column first: rows then list their columns in rising order, which engines read fastest.
        filled = (part for part in terms if len(part.row))
        self._terms.append(tuple(sorted(filled, key=lambda part: int(part.column[0]))))
        self._height += count

    def add_slack(
        self,
        name: str,
        label: Whole,
        compare: Comparison,
        multiplier: Whole | int,
        price: int,
        year: int,
        *,
        money: bool = False,
    ) -> list[Term]:
        """Columns by which soft rows may be missed, at `price` fen per unit: `short` and `over`."""
        terms = []
        row = np.arange(len(label))
        for kind, sign, senses in (
            ("short", 1, (Comparison.AT_LEAST, Comparison.EQUAL)),
            ("over", -1, (Comparison.AT_MOST, Comparison.EQUAL)),
        ):
            if compare in senses:
                block = self.add_columns(
                    f"{kind}.{name}.{len(self.columns)}", label, years=(year,), money=money
                )
                self.prices[block.name] = price
                terms.append(term(row, block.index[:, 0], sign * np.asarray(multiplier)))
        return terms

    def objective(self, cost: dict[str, Whole], multiplier: int, *, maximise: bool, money: bool) -> Objective:
        """An objective from whole coefficients by column block, broadcast to the block's shape."""
        full = np.zeros(self._width, dtype=np.int64)
        for name, amounts in cost.items():
            full[self.columns[name].index] = amounts
        return Objective(full, multiplier, maximise, money)

    def finish(self, objectives: tuple[Objective, ...]) -> Program:
        """The program of everything that was added."""
        row_start, column, value = _compressed(self._rows, self._terms, self._height)
        constant = _joined([block.constant for block in self._rows], np.int64)
        multiplier = _joined([block.multiplier for block in self._rows], np.int64)
        money_rows = _joined([np.full(len(block), block.money) for block in self._rows], np.bool_)
        sense = [np.full(len(block), _SENSE[block.compare]) for block in self._rows]
        kinds = _joined(sense, np.int64)
        bound = -constant.astype(np.float64)
        money = _joined([np.full(len(block), block.money) for block in self.columns.values()], np.bool_)
        if len(value) and max(abs(int(value.max())), abs(int(value.min()))) > LARGEST:
            raise ProgramError("a coefficient is too large for exact 64-bit arithmetic")
        return Program(
            regions=self.regions,
            columns=self.columns,
            rows=tuple(self._rows),
            objectives=objectives,
            lower=_joined(self._lower, np.float64),
            upper=_joined(self._upper, np.float64),
            integer=_joined(self._integer, np.bool_),
            money=money,
            row_start=row_start,
            column=column,
            value=value,
            constant=constant,
            row_lower=np.where(kinds >= 0, bound, -np.inf),
            row_upper=np.where(kinds <= 0, bound, np.inf),
            row_scale=multiplier * np.where(money_rows, MONEY_SCALE, 1.0),
        )


_SENSE = {Comparison.EQUAL: 0, Comparison.AT_LEAST: 1, Comparison.AT_MOST: -1}


def _joined(parts: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.zeros(0, dtype=kind)


def _compressed(
    blocks: Sequence[RowBlock], terms: Sequence[Sequence[Term]], height: int
) -> tuple[Whole, Whole, Whole]:
    """Compressed sparse rows from the blocks' terms, block by block.

    Within a block every term lists its rows in ascending order, mostly once each: entries are put in place by
    counting, term after term; only terms that repeat a row are sorted out by their running number.
    """
    counts = np.zeros(height + 1, dtype=np.int64)
    for block, parts in zip(blocks, terms, strict=True):
        for term in parts:
            counts[block.start + 1 : block.start + 1 + len(block)] += np.bincount(
                term.row, minlength=len(block)
            )
    row_start = np.cumsum(counts)
    column = np.empty(int(row_start[-1]), dtype=np.int64)
    value = np.empty(int(row_start[-1]), dtype=np.int64)
    for block, parts in zip(blocks, terms, strict=True):
        free = row_start[block.start : block.start + len(block)].copy()
        for term in parts:
            row, cols, vals = term.row, term.column, term.value
            steps = np.diff(row)
            if len(row) > 1 and (steps <= 0).any():
                if (steps < 0).any():
                    order = np.argsort(row, kind="stable")
                    row, cols, vals = row[order], cols[order], vals[order]
                first = np.flatnonzero(np.r_[True, np.diff(row) > 0])
                running = np.arange(len(row)) - np.repeat(first, np.diff(np.r_[first, len(row)]))
                place = free[row] + running
                free += np.bincount(row, minlength=len(block))
            else:
                place = free[row]
                free[row] += 1
            column[place] = cols
            value[place] = vals
    return row_start, column, value


def term(row: Whole, column: Whole, value: Whole | int) -> Term:
    """A Term from arrays of any equal shape; zero coefficients are dropped."""
    rows = np.broadcast_to(row, column.shape).ravel()
    values = np.broadcast_to(np.asarray(value, dtype=np.int64), column.shape).ravel()
    columns = column.ravel()
    if not values.all():
        keep = values != 0
        return Term(rows[keep], columns[keep], values[keep])
    return Term(rows, columns, values)


def merged(terms: Sequence[Term], index: Whole, to: Whole) -> list[Term]:
    """Terms whose row `index[i]` counts in row `to[i]`, often or never, with every (row, column) once."""
    if not terms or not len(index):
        return []
    row = np.concatenate([part.row for part in terms])
    column = np.concatenate([part.column for part in terms])
    value = np.concatenate([part.value for part in terms])
    order = np.argsort(index, kind="stable")
    copies = np.bincount(index, minlength=int(row.max(initial=0)) + 1)
    first_copy = np.cumsum(copies) - copies
    again = copies[row]
    running = np.arange(int(again.sum())) - np.repeat(np.cumsum(again) - again, again)
    place = np.repeat(first_copy[row], again) + running
    row = to[order][place]
    column, value = np.repeat(column, again), np.repeat(value, again)
    order = np.lexsort((column, row))
    row, column, value = row[order], column[order], value[order]
    first = np.flatnonzero(np.r_[True, (np.diff(row) != 0) | (np.diff(column) != 0)]) if len(row) else row
    total = np.add.reduceat(value, first) if len(row) else value
    return [term(row[first], column[first], total)]


def common(fractions: Sequence[Fraction]) -> int:
    """The common denominator of rates."""
    return lcm(*(fraction.denominator for fraction in fractions)) if fractions else 1


def times(fraction: Fraction, multiplier: int) -> int:
    """`fraction x multiplier`, which must be whole."""
    whole = fraction * multiplier
    if whole.denominator != 1:
        raise ProgramError(f"{fraction} x {multiplier} is not whole")
    return int(whole)
