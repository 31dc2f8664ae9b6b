"""Where else an amount of a fund stands: rules that take it as a figure, through `given(...)`.

Moving such an amount moves more than the money: a rule's right side or even its factors change with it. What
changes is found by building the program of the changed case and comparing, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.case import Case, Supplied
from models.policy import Fund, Supply
from models.rules.questions import nodes
from models.rules.tree import Name, Quantity
from optimizer.program import Program, build
from optimizer.program.frame import Frame
from optimizer.program.matrix import Real, Whole

#: Fen by which an amount is moved to see what follows.
STEP = 1_000_000


@dataclass(frozen=True, eq=False)
class Follows:
    """Rows whose bounds follow an amount, by so much a fen. Not `simple`: more than bounds follow it."""

    rows: Whole
    weights: Real
    simple: bool


NOTHING = Follows(np.zeros(0, dtype=np.int64), np.zeros(0), True)


def taken_as_figure(case: Case, fund: Fund) -> frozenset[int]:
    """The years whose amount of the fund some rule takes as a figure of its own."""
    if fund.supply is not Supply.GIVEN:
        return frozenset()
    asked = [
        node
        for rule in case.rules.values()
        for _, side, _ in rule.parts
        for node in nodes(side)
        if isinstance(node, Quantity) and node.name is Name.GIVEN
    ]
    if not asked:
        return frozenset()
    frame = Frame(case)
    return frozenset(
        year
        for year in case.years
        if any(frame.matching(node.where, fund=fund, year=year).any() for node in asked)
    )


def follows(case: Case, program: Program, fund: Fund, pools: tuple[str, ...], year: int) -> Follows:
    """What follows the amount of a fund in a year; only worked out where there is one pool."""
    if len(pools) != 1:
        return Follows(NOTHING.rows, NOTHING.weights, False)
    one, two = (_built(case, fund, pools[0], year, times * STEP) for times in (1, 2))
    first, second = _difference(program, one), _difference(program, two)
    if first is None or second is None or not np.allclose(2 * first, second, rtol=1e-9, atol=1e-6):
        return Follows(NOTHING.rows, NOTHING.weights, False)
    rows = np.flatnonzero(first)
    return Follows(rows, first[rows] / STEP, True)


def _built(case: Case, fund: Fund, pool: str, year: int, more: int) -> Program:
    supplied = dict(case.tables.supplied)
    amount = (supplied[fund.id, pool, year].most or 0) + more
    supplied[fund.id, pool, year] = Supplied(amount, amount)
    tables = type(case.tables)(**{**vars(case.tables), "supplied": supplied})
    return build(case.model_copy(update={"tables": tables}), tight=False)


def _difference(before: Program, after: Program) -> Real | None:
    """By how much the bounds of each row move, in the row's own steps; None where its factors change too."""
    same = np.array_equal(before.row_start, after.row_start) and np.array_equal(before.column, after.column)
    if not same:
        return None
    old, new = _multipliers(before), _multipliers(after)
    counts = np.diff(before.row_start)
    if not np.allclose(
        before.value / np.repeat(old, counts), after.value / np.repeat(new, counts), rtol=1e-12, atol=0.0
    ):
        return None
    shift: Real = -(after.constant / new - before.constant / old) * old
    return np.where(np.abs(shift) > 1e-9 * np.maximum(1.0, np.abs(before.constant)), shift, 0.0)


def _multipliers(program: Program) -> Real:
    return np.concatenate([block.multiplier for block in program.rows]).astype(np.float64)
