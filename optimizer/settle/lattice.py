"""Exact arithmetic on a program's rows at a whole point: activities, residuals, and which rows are broken."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.program import Program
from optimizer.program.matrix import Whole

#: Sums of products below this cannot overflow 64 bits.
SAFE = 2.0**62


@dataclass(frozen=True, slots=True)
class Broken:
    """One row that does not hold, and by how much (left - right, in the row's unit)."""

    rule: str
    region: str
    year: int
    excess: Fraction


def activities(program: Program, x: Whole) -> list[int] | Whole:
    """`value @ x + constant` of every row, exactly; Python integers where 64 bits might not do."""
    products = program.value * x[program.column]
    size = np.abs(program.value.astype(np.float64) * x[program.column])
    reach = _by_row(program, size) + np.abs(program.constant.astype(np.float64))
    if not len(reach) or float(reach.max()) < SAFE:
        return _by_row(program, products) + program.constant
    exact = []
    values, columns, start = program.value.tolist(), program.column.tolist(), program.row_start.tolist()
    point, constant = x.tolist(), program.constant.tolist()
    for i in range(len(constant)):
        entries = range(start[i], start[i + 1])
        exact.append(constant[i] + sum(values[k] * point[columns[k]] for k in entries))
    return exact


def _by_row(program: Program, entries: NDArray[Any]) -> NDArray[Any]:
    start = program.row_start
    total = np.zeros(len(start) - 1, dtype=entries.dtype)
    filled = np.flatnonzero(np.diff(start))
    if len(filled):
        total[filled] = np.add.reduceat(entries, start[filled])
    return total


def broken_rows(program: Program, x: Whole) -> list[Broken]:
    """Every row that does not hold at the whole point x (bounds of columns: `inside_bounds`)."""
    activity = activities(program, x)
    broken = []
    for block in program.rows:
        here = activity[block.start : block.start + len(block)]
        for i, value in enumerate(here):
            amount = int(value)
            if _holds(block.compare.value, amount):
                continue
            broken.append(
                Broken(
                    block.rule,
                    program.regions[int(block.region[i])],
                    int(block.year[i]),
                    Fraction(amount, int(block.multiplier[i])),
                )
            )
    return broken


def _holds(compare: str, amount: int) -> bool:
    if compare == "=":
        return amount == 0
    return amount >= 0 if compare == ">=" else amount <= 0


def inside_bounds(program: Program, x: Whole) -> bool:
    """Whether every column is within its bounds."""
    return bool(((x >= program.lower) & (x <= program.upper)).all())
