"""Change a finished program: add columns, rows and a last objective; fix columns; drop rows.

Columns stay where they are, so that a plan is read off a changed program as off the case's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.rules.tree import Comparison
from optimizer.program.matrix import MONEY_SCALE, ColumnBlock, Objective, Program, RowBlock, Term, Whole

_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class NewColumns:
    """`count` columns >= 0 of money (fen), or of whole things."""

    name: str
    count: int
    money: bool = True


@dataclass(frozen=True, eq=False)
class NewRows:
    """Rows `terms + constant  compare  0` in fen (or things); `terms` name columns, old or new."""

    rule: str
    compare: Comparison
    terms: Sequence[Term]
    constant: Whole
    auxiliary: bool = True
    """They only serve other rows or the goal: a conflict never names them."""
    money: bool = True


def numbering(program: Program, columns: Sequence[NewColumns]) -> Mapping[str, Whole]:
    """Column numbers that the new blocks will have."""
    found, start = {}, len(program.lower)
    for block in columns:
        found[block.name] = np.arange(start, start + block.count)
        start += block.count
    return found


def extended(
    program: Program,
    columns: Sequence[NewColumns],
    rows: Sequence[NewRows],
    cost: Mapping[int, int],
    *,
    money: bool = True,
) -> Program:
    """The program with new columns and rows, and `cost` (column -> coefficient) as its last objective.

    `money`: whether that objective counts fen.
    """
    wider = widened(program, columns, rows)
    objective = np.zeros(len(wider.lower), dtype=np.int64)
    objective[list(cost)] = list(cost.values())
    last = Objective(objective, 1, maximise=False, money=money)
    return replace(wider, objectives=(*wider.objectives, last))


def widened(program: Program, columns: Sequence[NewColumns], rows: Sequence[NewRows]) -> Program:
    """The program with new columns and rows and the objectives it has."""
    numbers = numbering(program, columns)
    added = sum(block.count for block in columns)
    money = np.concatenate([_NONE, *(np.full(block.count, block.money) for block in columns)])
    blocks = dict(program.columns)
    for block in columns:
        index = numbers[block.name].reshape(-1, 1)
        nowhere = np.zeros(block.count, dtype=np.int64)
        blocks[block.name] = ColumnBlock(block.name, nowhere, (0,), index, _NONE, block.money)
    wider = replace(
        program,
        columns=blocks,
        objectives=tuple(_widened(old, added) for old in program.objectives),
        lower=np.append(program.lower, np.zeros(added)),
        upper=np.append(program.upper, np.full(added, np.inf)),
        integer=np.append(program.integer, np.zeros(added, dtype=np.bool_)),
        money=np.append(program.money, money.astype(np.bool_)),
    )
    for new in rows:
        wider = _with_rows(wider, new)
    return wider


def _widened(objective: Objective, added: int) -> Objective:
    return replace(objective, cost=np.append(objective.cost, np.zeros(added, dtype=np.int64)))


def _with_rows(program: Program, new: NewRows) -> Program:
    count = len(new.constant)
    row = np.concatenate([part.row for part in new.terms])
    order = np.argsort(row, kind="stable")
    column = np.concatenate([part.column for part in new.terms])[order]
    value = np.concatenate([part.value for part in new.terms])[order]
    block = RowBlock(
        new.rule,
        len(program.constant),
        np.zeros(count, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        new.compare,
        np.ones(count, dtype=np.int64),
        new.constant,
        auxiliary=new.auxiliary,
        money=new.money,
    )
    bound = -new.constant.astype(np.float64)
    low = bound if new.compare is not Comparison.AT_MOST else np.full(count, -np.inf)
    high = bound if new.compare is not Comparison.AT_LEAST else np.full(count, np.inf)
    lengths = np.bincount(row, minlength=count)
    return replace(
        program,
        rows=(*program.rows, block),
        row_start=np.append(program.row_start, program.row_start[-1] + np.cumsum(lengths)),
        column=np.append(program.column, column),
        value=np.append(program.value, value),
        constant=np.append(program.constant, new.constant),
        row_lower=np.append(program.row_lower, low),
        row_upper=np.append(program.row_upper, high),
        row_scale=np.append(program.row_scale, np.full(count, MONEY_SCALE if new.money else 1.0)),
    )


def fixed(program: Program, column: Whole, value: Whole) -> Program:
    """The program in which these columns have these values."""
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[column] = upper[column] = value
    return replace(program, lower=lower, upper=upper)


def without_years(program: Program, before: int) -> Program:
    """The program without the rows of years before `before`; rows of all years together stay."""
    kept = np.concatenate([(block.year == 0) | (block.year >= before) for block in program.rows])
    lengths = np.diff(program.row_start)
    entries = np.repeat(kept, lengths)
    blocks, start = [], 0
    for block in program.rows:
        here = kept[block.start : block.start + len(block)]
        if here.any():
            blocks.append(
                replace(
                    block,
                    start=start,
                    region=block.region[here],
                    year=block.year[here],
                    multiplier=block.multiplier[here],
                    constant=block.constant[here],
                )
            )
            start += int(here.sum())
    return replace(
        program,
        rows=tuple(blocks),
        row_start=np.append(0, np.cumsum(lengths[kept])),
        column=program.column[entries],
        value=program.value[entries],
        constant=program.constant[kept],
        row_lower=program.row_lower[kept],
        row_upper=program.row_upper[kept],
        row_scale=program.row_scale[kept],
    )
