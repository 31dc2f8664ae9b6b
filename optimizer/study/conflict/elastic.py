"""Can these statements hold together, and which of the others hold with them? One LP that is asked again.

Every row of a statement gets a column by which it may be missed. A question closes those columns for the
statements that must hold, and the rest is missed as little as possible: if nothing is feasible they conflict,
else whatever is not missed holds with them. Only bounds change, so that each answer starts from the last.
Where whole numbers are at stake the same question is put as a whole-number program, the LP first.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from optimizer.program.matrix import Real, Truth, Whole
from optimizer.solve import Options, Outcome, Problem, Stop, solve
from optimizer.solve.session import Session
from optimizer.study.conflict.statements import Stated, Statement

#: A row counts as kept when it is missed by less than this (scaled units): rather none too many.
KEPT = 1e-9
#: Which statements hold besides those asked for need not be the most there can be: the gap of that question,
#: and the seconds of one.
GAP, ONE_TRY = 0.2, 20.0


@dataclass(frozen=True, eq=False)
class Answer:
    """`possible`: whether the statements asked for can hold; `missed`: which statements (all of the case) the
    point that shows it misses."""

    possible: bool
    missed: Truth


class Elastic:
    """The statements of a program, ready to be asked which can hold together.

    `integer`: the columns of the program that must be whole; none: the LP decides.
    """

    def __init__(self, stated: Stated, integer: Truth, deadline: float) -> None:
        self.stated = stated
        self.deadline = deadline
        """When (`time.monotonic`) no further question is put; may be moved between questions."""
        self.integer = integer
        self.asked = 0
        problem = stated.problem
        self._first = problem.columns
        rows, columns, values = misses(problem, stated.rows_of(stated.statements))
        self._session = Session(with_columns(problem, rows, columns, values))
        at = np.full(problem.rows, -1, dtype=np.int64)
        for number, statement in enumerate(stated.statements):
            at[statement.rows] = number
        self._statement: Whole = at[rows]

    def left(self) -> float:
        """Seconds that are left."""
        return self.deadline - time.monotonic()

    def ask(self, held: Collection[Statement]) -> Answer | None:
        """Whether these statements can hold together; None when time runs out before that is known."""
        wanted = {id(statement) for statement in held}
        closed = np.array([id(statement) in wanted for statement in self.stated.statements], dtype=np.bool_)
        self.asked += 1
        if (left := self.left()) <= 0:
            return None
        upper = self._session.problem.upper.copy()
        upper[self._first :] = np.where(closed[self._statement], 0.0, np.inf)
        self._session.change(upper=upper)
        outcome = self._session.answer(keep=self.asked > 1, limit=left)
        answer = self._read(outcome)
        if answer is None or not answer.possible or not self.integer.any() or self._is_whole(outcome):
            return answer
        return self._whole()

    def possible(self, held: Collection[Statement]) -> bool | None:
        """Whether these statements can hold together, no more; None when that is not known in time.

        Few of them are soon presolved away: that is faster than the large LP from its last answer.
        """
        limit = self.left() if not self.integer.any() else min(self.left(), ONE_TRY)
        return possible(self.stated, self.stated.rows_of(held), self.integer, limit)

    def _read(self, outcome: Outcome) -> Answer | None:
        if outcome.values is None:
            none = np.zeros(len(self.stated.statements), dtype=np.bool_)
            return Answer(False, none) if outcome.stop is Stop.INFEASIBLE else None
        missed = outcome.values[self._first :] > KEPT
        count = np.bincount(self._statement[missed], minlength=len(self.stated.statements))
        return Answer(True, count > 0)

    def _is_whole(self, outcome: Outcome) -> bool:
        if outcome.values is None:
            return False
        values = outcome.values[: self._first][self.integer]
        return bool((values == np.round(values)).all())

    def _whole(self) -> Answer | None:
        """The same question with the columns that must be whole."""
        more = np.zeros(len(self._statement), dtype=np.bool_)
        problem = replace(self._session.problem, integer=np.concatenate([self.integer, more]))
        limit = min(self.left(), ONE_TRY)
        return self._read(solve(problem, Options(gap=GAP, time_limit=max(limit, 0.0), confirm=False)))


def misses(problem: Problem, rows: Whole) -> tuple[Whole, Whole, Real]:
    """Entries (row, number of the new column, value) by which each side of these rows may be missed, at 1 a
    scaled unit."""
    under = rows[np.isfinite(problem.row_lower[rows])]
    over = rows[np.isfinite(problem.row_upper[rows])]
    missed = np.concatenate([under, over])
    signs = np.concatenate([np.ones(len(under)), -np.ones(len(over))])
    return missed, np.arange(len(missed)), signs * problem.row_scale[missed]


def with_columns(problem: Problem, row: Whole, column: Whole, value: Real) -> Problem:
    """The problem with new columns >= 0 (numbered from 0 here) that cost 1, and their entries."""
    count = int(column.max(initial=-1)) + 1
    rows = np.concatenate([np.repeat(np.arange(problem.rows), np.diff(problem.row_start)), row])
    columns = np.concatenate([problem.column, problem.columns + column])
    order = np.argsort(rows, kind="stable")
    return replace(
        problem,
        cost=np.concatenate([np.zeros(problem.columns), np.ones(count)]),
        lower=np.concatenate([problem.lower, np.zeros(count)]),
        upper=np.concatenate([problem.upper, np.full(count, np.inf)]),
        integer=np.zeros(problem.columns + count, dtype=np.bool_),
        row_start=np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=problem.rows))]).astype(
            np.int64
        ),
        column=columns[order].astype(np.int64),
        value=np.concatenate([problem.value, value])[order],
        column_scale=np.concatenate([problem.column_scale, np.ones(count)]),
    )


def possible(
    stated: Stated, rows: Whole, integer: Truth, seconds: float, *, confirm: bool = False
) -> bool | None:
    """Whether the facts and these rows alone can hold; None when that is not known in time.

    `confirm`: "no" is asked twice, the second time without presolve.
    """
    if seconds <= 0:
        return None
    problem = stated.only(rows, np.zeros_like(integer))
    priced = _with_cost(problem, stated)
    started = time.monotonic()
    outcome = solve(priced, Options(time_limit=seconds, confirm=confirm))
    if outcome.values is None:
        return False if outcome.stop is Stop.INFEASIBLE else None
    if not integer.any():
        return True
    left = seconds - (time.monotonic() - started)
    outcome = solve(replace(problem, integer=integer), Options(time_limit=max(left, 0.0), confirm=confirm))
    if outcome.values is not None:
        return True
    return False if outcome.stop is Stop.INFEASIBLE else None


def _with_cost(problem: Problem, stated: Stated) -> Problem:
    """The problem with the cost of the program, where that has a least: it shows interior point the way, and
    what can hold is known in half the time."""
    program = stated.program.problem()
    if (program.cost < 0).any() or not np.isfinite(problem.lower[program.cost > 0]).all():
        return problem
    return replace(problem, cost=program.cost, cost_scale=program.cost_scale)
