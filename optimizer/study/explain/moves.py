"""A program in which levers can be moved: one more column per move, tied to the bounds it shifts.

The columns of the program keep their numbers; those of the moves follow, then the rows that stand in for
bounds of columns. A move of 0 everywhere is the program as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.program import Program
from optimizer.program.matrix import MONEY_SCALE, Real, Whole
from optimizer.solve import Problem
from optimizer.study.explain.levers import Lever


@dataclass(frozen=True, eq=False)
class Move:
    """A lever that goes up (`sign` 1) or down (-1) by at most `most` of its unit."""

    lever: Lever
    sign: int
    most: float = np.inf


@dataclass(frozen=True, eq=False)
class Movable:
    """The problem with its moves: `column[k]` belongs to the k-th move; all of them are held at 0."""

    problem: Problem
    columns: Whole


def movable(program: Program, base: Problem, moves: Sequence[Move]) -> Movable:
    """`base` (a problem of the program) with a column for each move."""
    first = base.columns
    number = first + np.arange(len(moves))
    rows = [np.repeat(np.arange(base.rows), np.diff(base.row_start))]
    columns, values = [base.column.astype(np.int64)], [base.value]
    for k, move in enumerate(moves):
        rows.append(move.lever.rows)
        columns.append(np.full(len(move.lever.rows), number[k]))
        values.append(-move.sign * move.lever.row_weights)
    bounded = np.unique(np.concatenate([move.lever.columns for move in moves] or [np.zeros(0, np.int64)]))
    link = {int(column): base.rows + i for i, column in enumerate(bounded)}
    rows.append(base.rows + np.arange(len(bounded)))
    columns.append(bounded)
    values.append(np.ones(len(bounded)))
    for k, move in enumerate(moves):
        rows.append(np.array([link[int(column)] for column in move.lever.columns], dtype=np.int64))
        columns.append(np.full(len(move.lever.columns), number[k]))
        values.append(-move.sign * move.lever.column_weights)
    lower, upper = base.lower.copy(), base.upper.copy()
    given = [move.lever.columns for move in moves if not move.lever.loosens]
    fixed = np.isin(bounded, np.concatenate(given)) if given else np.zeros(len(bounded), dtype=np.bool_)
    link_lower = np.where(fixed, lower[bounded], -np.inf)
    link_upper = upper[bounded].copy()
    lower[bounded] = np.where(fixed, 0.0, lower[bounded])
    upper[bounded] = np.inf
    held = np.zeros(len(moves))
    scale = np.array([MONEY_SCALE if move.lever.unit == "fen" else 1.0 for move in moves])
    row_start, column, value = _by_row(rows, columns, values, base.rows + len(bounded))
    problem = replace(
        base,
        cost=np.concatenate([base.cost, held]),
        lower=np.concatenate([lower, held]),
        upper=np.concatenate([upper, held]),
        integer=np.concatenate([base.integer, np.zeros(len(moves), dtype=np.bool_)]),
        row_start=row_start,
        column=column,
        value=value,
        row_lower=np.concatenate([base.row_lower, link_lower]),
        row_upper=np.concatenate([base.row_upper, link_upper]),
        column_scale=np.concatenate([base.column_scale, scale.reshape(-1)]),
        row_scale=np.concatenate([base.row_scale, np.full(len(bounded), MONEY_SCALE)]),
    )
    return Movable(problem, number)


def _by_row(
    rows: list[Whole], columns: list[Whole], values: list[Real], height: int
) -> tuple[Whole, Whole, Real]:
    """Entries sorted into compressed rows."""
    row = np.concatenate(rows).astype(np.int64)
    order = np.argsort(row, kind="stable")
    row_start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=height))]).astype(np.int64)
    column = np.concatenate(columns).astype(np.int64)[order]
    return row_start, column, np.concatenate(values).astype(np.float64)[order]


def released(moving: Movable, moves: Sequence[Move]) -> Problem:
    """Least weighted change: every move may be made, at its lever's price, and nothing else costs."""
    problem = moving.problem
    cost, upper = np.zeros(problem.columns), problem.upper.copy()
    cost[moving.columns] = [float(move.lever.price) for move in moves]
    upper[moving.columns] = [move.most for move in moves]
    return replace(problem, cost=cost, offset=0.0, upper=upper, cost_scale=MONEY_SCALE)
