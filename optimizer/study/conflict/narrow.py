"""What of a contradiction is needed: one LP of the rows concerned, opened and closed, and its proofs.

That rows contradict each other is shown by weights under which their sum cannot hold; what has no weight is
not needed. So each "no" drops many statements at once, and since only bounds of rows change, the dual simplex
goes on from where it was. Divisible quantities only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from optimizer.program.matrix import Truth
from optimizer.solve import Stop
from optimizer.solve.session import Basis, Session
from optimizer.study.conflict.statements import Stated, Statement

#: Statements that stand and fall together: those of an id, or a single one.
Group = tuple[Statement, ...]


class Narrow:
    """The facts and some groups of statements of a program, of which fewer and fewer are asked for.

    `left` says how many seconds are left.
    """

    def __init__(self, stated: Stated, groups: Sequence[Group], left: Callable[[], float]) -> None:
        self._left = left
        rows = stated.rows_of([one for group in groups for one in group])
        self._problem = stated.only(rows, np.zeros(stated.problem.columns, dtype=np.bool_))
        kept = np.ones(stated.problem.rows, dtype=np.bool_)
        kept[stated.rows_of(stated.statements)] = False
        kept[rows] = True
        at = np.cumsum(kept) - 1
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
    stated: Stated, groups: Sequence[Group], left: Callable[[], float]
) -> tuple[list[Group], bool] | None:
    """Of groups that contradict each other an irreducible part, and whether each of it was tried.

    Of what a proof names, what comes first is tried first. None when no contradiction is seen in time.
    """
    verdict, queue = Narrow(stated, groups, left).possible(groups)
    if verdict is not False:
        return None
    # Most of the rows are gone now: without them each question is shorter.
    narrow, needed = Narrow(stated, queue, left), list[Group]()
    verdict, telling = narrow.possible(queue)
    if verdict is False:
        queue = telling
    while queue:
        one, rest = queue[0], queue[1:]
        verdict, telling = narrow.possible(needed + rest)
        if verdict is None:
            return needed + queue, False
        if verdict:
            needed.append(one)
            queue = rest
        else:
            weigh = {id(group) for group in telling}
            queue = [group for group in rest if id(group) in weigh]
    return needed, True
