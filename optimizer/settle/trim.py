"""Shortfalls no larger than what is missing: within its gap a solver may leave a soft statement's column
above what the plan falls short by, and its price would count for nothing that is missed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.program import Program
from optimizer.program.matrix import Whole
from optimizer.settle.lattice import activities


def trimmed(program: Program, x: Whole) -> Whole:
    """The point with every shortfall at the least its rows allow; no other column moves, no row breaks."""
    slack = program.slack
    slack = slack[x[slack] > program.lower[slack]]
    if not len(slack):
        return x
    x = x.copy()
    activity = np.array(activities(program, x), dtype=object)
    rows = np.repeat(np.arange(len(program.constant)), np.diff(program.row_start))
    entries = np.flatnonzero(np.isin(program.column, slack))
    by_column: dict[int, list[tuple[int, int]]] = {int(column): [] for column in slack}
    in_row: dict[int, list[int]] = {}
    for entry in entries:
        row, column = int(rows[entry]), int(program.column[entry])
        by_column[column].append((row, int(program.value[entry])))
        in_row.setdefault(row, []).append(column)
    _cancel(program, x, activity, by_column, in_row)
    for column, terms in by_column.items():
        room = int(x[column] - program.lower[column])
        for row, value in terms:
            room = min(room, _room(program, row, value, int(activity[row])))
        _lower(x, activity, column, terms, room)
    return x


def _room(program: Program, row: int, value: int, activity: int) -> int:
    """By how much a column with this coefficient can fall before the row breaks; a large number for never."""
    equal = np.isfinite(program.row_lower[row]) and np.isfinite(program.row_upper[row])
    if equal:
        return 0
    against = value > 0 if np.isfinite(program.row_lower[row]) else value < 0
    return abs(activity) // abs(value) if against else 2**62


def _cancel(
    program: Program,
    x: Whole,
    activity: NDArray[np.object_],
    by_column: dict[int, list[tuple[int, int]]],
    in_row: dict[int, list[int]],
) -> None:
    """Too little and too much of one equality at a time: both fall by the smaller of them."""
    for row, pair in in_row.items():
        if len(pair) == 2 and np.isfinite(program.row_lower[row]) and np.isfinite(program.row_upper[row]):
            first, second = pair
            values = [value for column in pair for at, value in by_column[column] if at == row]
            alone = all(len(by_column[column]) == 1 for column in pair)
            if alone and values[0] == -values[1]:
                both = min(int(x[column] - program.lower[column]) for column in pair)
                _lower(x, activity, first, by_column[first], both)
                _lower(x, activity, second, by_column[second], both)


def _lower(
    x: Whole,
    activity: NDArray[np.object_],
    column: int,
    terms: list[tuple[int, int]],
    by: int,
) -> None:
    x[column] -= by
    for row, value in terms:
        activity[row] -= by * value
