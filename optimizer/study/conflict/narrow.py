"""What of a contradiction is needed: LPs of the rows concerned and their proofs, statement by statement.

That rows contradict each other is shown by weights under which their sum cannot hold; what has no weight is
not needed, so that each "no" drops many statements at once. `Misses` asks how far what was changed has to be
missed, which interior point answers whatever its numbers are; `Narrow` opens and closes the rows of one LP,
and the dual simplex goes on from where it was. Divisible quantities only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from optimizer.program.matrix import Truth
from optimizer.solve import Options, Stop, solve
from optimizer.solve.session import Basis, Session
from optimizer.study.conflict.elastic import misses, with_columns
from optimizer.study.conflict.statements import Stated, Statement

#: Statements that stand and fall together: those of an id, or a single one.
Group = tuple[Statement, ...]
#: Whether groups can hold, None when that is not known in time; where they cannot, those that say so.
Possible = Callable[[list[Group]], tuple[bool | None, list[Group]]]
#: What must be missed by more than this (scaled units) cannot hold.
MISSED = 1e-6
#: Weights below this part of the largest are the solver's noise.
NOISE = 1e-9


class Misses:
    """The facts and some groups of statements: by how little have those that may be missed to be missed?

    Where the others cannot hold even so, any of them may be missed. `left` says how many seconds are left.
    """

    def __init__(self, stated: Stated, may: Collection[Group], left: Callable[[], float]) -> None:
        self._stated, self._left = stated, left
        self._may = {id(group) for group in may}

    def possible(self, groups: Collection[Group]) -> tuple[bool | None, list[Group]]:
        """As `Narrow.possible`: groups that were possible without those that may be missed stay possible."""
        may = [group for group in groups if id(group) in self._may]
        if not may:
            return True, []
        if (limit := self._left()) <= 0:
            return None, []
        rows = self._stated.rows_of([one for group in groups for one in group])
        at = self._stated.places(rows)
        problem = self._stated.only(rows, np.zeros(self._stated.problem.columns, dtype=np.bool_))
        elastic = with_columns(
            problem, *misses(problem, at[self._stated.rows_of([one for group in may for one in group])])
        )
        outcome = solve(elastic, Options(time_limit=limit, confirm=False))
        if outcome.stop is Stop.INFEASIBLE and len(may) < len(groups):
            self._may = {id(group) for group in groups}
            return self.possible(groups)
        if outcome.objective is None or outcome.bound is None or outcome.row_duals is None:
            return None, []
        if outcome.objective <= MISSED:
            return True, []
        if outcome.bound <= MISSED:
            return None, []
        weights = np.abs(outcome.row_duals * problem.row_scale)
        weighs = weights > NOISE * weights.max()
        return False, [group for group in groups if weighs[at[self._stated.rows_of(group)]].any()]


class Narrow:
    """The facts and some groups of statements of a program, of which fewer and fewer are asked for.

    `left` says how many seconds are left.
    """

    def __init__(self, stated: Stated, groups: Sequence[Group], left: Callable[[], float]) -> None:
        self._left = left
        rows = stated.rows_of([one for group in groups for one in group])
        self._problem = stated.only(rows, np.zeros(stated.problem.columns, dtype=np.bool_))
        at = stated.places(rows)
        self._rows = {id(group): at[stated.rows_of(group)] for group in groups}
        self._named: Truth = np.zeros(self._problem.rows, dtype=np.bool_)
        self._named[at[rows]] = True
        self._session = Session(self._problem)
        self._asked = False

    def possible(self, groups: Collection[Group]) -> tuple[bool | None, list[Group]]:
        """Whether the facts and these groups alone can hold, None when that is not known in time; where they
        cannot, those of them that contradict each other."""
        if (limit := self._left()) <= 0:
            return None, []
        open_rows = self._named.copy()
        for group in groups:
            open_rows[self._rows[id(group)]] = False
        self._session.change(
            row_lower=np.where(open_rows, -np.inf, self._problem.row_lower),
            row_upper=np.where(open_rows, np.inf, self._problem.row_upper),
        )
        first = None if self._asked else Basis.empty(self._session.problem)
        outcome = self._session.answer(first, keep=self._asked, limit=limit)
        self._asked = True
        if outcome.values is not None:
            return True, []
        if outcome.stop is not Stop.INFEASIBLE:
            return None, []
        weights = self._session.contradiction()
        if weights is None:
            return False, list(groups)
        return False, [group for group in groups if weights[self._rows[id(group)]].any()]


def narrowed(
    stated: Stated, groups: Sequence[Group], left: Callable[[], float], changed: Collection[str] = ()
) -> tuple[list[Group], bool] | None:
    """Of groups that contradict each other an irreducible part, and whether each of it was tried.

    Of what a proof names, what comes first is tried first. `changed`: ids that may be missed, where the
    others can hold without them. None when no contradiction is seen in time.
    """
    may = [group for group in groups if group[0].id in changed]
    # The simplex method from nothing may lose its way in a large case: half of the time is kept for the rest.
    found = None if may else _by_one_lp(stated, groups, lambda: left() / 2)
    if found is not None:
        return found
    misses = Misses(stated, may or groups, left)
    verdict, queue = misses.possible(groups)
    return None if verdict is not False else _reduced(misses.possible, queue)


def _by_one_lp(
    stated: Stated, groups: Sequence[Group], left: Callable[[], float]
) -> tuple[list[Group], bool] | None:
    verdict, queue = Narrow(stated, groups, left).possible(groups)
    # Most of the rows are gone now: without them each question is shorter.
    return None if verdict is not False else _reduced(Narrow(stated, queue, left).possible, queue)


def _reduced(possible: Possible, queue: list[Group]) -> tuple[list[Group], bool]:
    """What of groups that contradict each other is needed for that, and whether each was tried."""
    needed: list[Group] = []
    while queue:
        one, rest = queue[0], queue[1:]
        verdict, telling = possible(needed + rest)
        if verdict is None:
            return needed + queue, False
        if verdict:
            needed.append(one)
            queue = rest
        else:
            weigh = {id(group) for group in telling}
            queue = [group for group in rest if id(group) in weigh]
    return needed, True
