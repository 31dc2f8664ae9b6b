"""Where else an amount of a fund stands: rules that take it as a figure, through `given(...)`.

Moving such an amount moves more than the money: a rule's right side or even its factors change with it. What
changes is found by building those rules alone, of the case and of the changed case, and comparing, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.case import Case, Supplied
from models.policy import Fund, Rule, Severity, Supply
from models.rules.questions import nodes
from models.rules.tree import Name, Quantity
from optimizer.program import Program
from optimizer.program.build import rules_alone
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
_UNKNOWN = Follows(NOTHING.rows, NOTHING.weights, False)


class Figures:
    """The amounts of a case that rules take as figures of their own. `program` is built without `tight`."""

    def __init__(self, case: Case, program: Program) -> None:
        self._case = case
        self._program = program
        self._asked = {
            rule.id: tuple(_given(rule))
            for rule in case.rules.values()
            if rule.severity is not Severity.ADVISORY and any(_given(rule))
        }

    def follows(self, fund: Fund, pools: tuple[str, ...], year: int) -> Follows:
        """What follows the amount of a fund in a year; only worked out where there is one pool."""
        ids = self._rules(fund, year)
        if not ids:
            return NOTHING
        if len(pools) != 1:
            return _UNKNOWN
        key = (fund.id, pools[0], year)
        if key not in self._case.tables.supplied:
            return NOTHING
        ids |= self._lifted
        before, one, two = (self._built(ids, {key: times * STEP}) for times in (0, 1, 2))
        first, second = _difference(before, one), _difference(before, two)
        if first is None or second is None or not np.allclose(2 * first, second, rtol=1e-9, atol=1e-6):
            return _UNKNOWN
        rows = np.flatnonzero(first)
        return Follows(self._numbers(before)[rows], first[rows] / STEP, True)

    def _rules(self, fund: Fund, year: int) -> frozenset[str]:
        """The rules that take the fund's amount of the year as a figure."""
        if fund.supply is not Supply.GIVEN:
            return frozenset()
        return frozenset(
            id
            for id, asked in self._asked.items()
            if any(self._frame.matching(node.where, fund=fund, year=year).any() for node in asked)
        )

    @cached_property
    def _frame(self) -> Frame:
        return Frame(self._case)

    @cached_property
    def _lifted(self) -> frozenset[str]:
        """Rules that something lifts (`unless`) and whose room there is for that depends on amounts."""
        lifted = frozenset(rule.id for rule in self._case.rules.values() if rule.unless)
        given = {id for id, fund in self._case.funds.items() if fund.supply is Supply.GIVEN}
        more = {key: STEP for key in self._case.tables.supplied if key[0] in given}
        if not lifted or _difference(self._built(lifted, {}), self._built(lifted, more)) is not None:
            return frozenset()
        return lifted

    def _built(self, ids: frozenset[str], more: dict[tuple[str, str, int], int]) -> Program:
        """These rules alone, with so many fen more in amounts."""
        supplied = dict(self._case.tables.supplied)
        for key, fen in more.items():
            amount = (supplied[key].most or 0) + fen
            supplied[key] = Supplied(amount, amount)
        tables = replace(self._case.tables, supplied=supplied)
        return rules_alone(self._program, self._case.model_copy(update={"tables": tables}), ids)

    def _numbers(self, alone: Program) -> Whole:
        """The rows of rules alone as rows of the whole program: the same blocks in the same order."""
        wanted = {block.rule for block in alone.rows}
        blocks = [block for block in self._program.rows if block.rule in wanted]
        if [(block.rule, len(block)) for block in blocks] != [(one.rule, len(one)) for one in alone.rows]:
            raise ValueError("rules alone have other rows than in the program")
        rows = [np.arange(block.start, block.start + len(block)) for block in blocks]
        # A rule that grows on an amount of 0 has no row at all.
        return np.concatenate([np.zeros(0, dtype=np.int64), *rows])


def _given(rule: Rule) -> Iterator[Quantity]:
    """The quantities of a rule that are amounts as figures."""
    for _, side, _ in rule.parts:
        for node in nodes(side):
            if isinstance(node, Quantity) and node.name is Name.GIVEN:
                yield node


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
    return np.concatenate([np.zeros(0), *(block.multiplier.astype(np.float64) for block in program.rows)])
