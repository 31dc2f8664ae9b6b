"""The statements of a program: what can be dropped when a case asks for too much, and what cannot.

Every statement is a set of rows. Amounts of funds stand in the program as bounds of columns; here they become
rows as well, so that they can be dropped and be broken like anything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.program import Program
from optimizer.program.matrix import MONEY_SCALE, Truth, Whole
from optimizer.solve import Problem

#: Families that are facts or bookkeeping: never named, never dropped.
FACTS = (
    "account",
    "cost",
    "exits",
    "most",
    "need",
    "pays",
    "returned",
    "revoked",
    "serves",
    "started",
    "stays",
)


@dataclass(frozen=True, eq=False)
class Statement:
    """Something that can be dropped: the rows of an id in a year (0: of all years together)."""

    id: str
    year: int
    rows: Whole


@dataclass(frozen=True, eq=False)
class Stated:
    """A program as facts and statements.

    `problem` has no cost and no whole numbers; `bounded[k]` is the column whose bounds the k-th of its last
    rows holds. `position[n]` is the place in `ids` of statement n; `region[i]` belongs to row i.
    """

    program: Program
    problem: Problem
    bounded: Whole
    statements: tuple[Statement, ...]
    ids: tuple[str, ...]
    position: Whole
    region: Whole

    def rows_of(self, statements: Collection[Statement]) -> Whole:
        """The rows of some statements, ascending."""
        parts = [statement.rows for statement in statements]
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))

    def of(self, numbers: Collection[int]) -> list[Statement]:
        """The statements of some ids, given by their numbers."""
        chosen = set(numbers)
        return [one for one, at in zip(self.statements, self.position.tolist(), strict=True) if at in chosen]

    def only(self, rows: Whole, integer: Truth) -> Problem:
        """The facts and these rows, nothing else of what is stated: a matrix with fewer rows."""
        return replace(with_rows(self.problem, self._kept(rows)), integer=integer)

    def places(self, rows: Whole) -> Whole:
        """Where each row of the program stands in `only(rows)`, for those that do."""
        return np.cumsum(self._kept(rows)) - 1

    def _kept(self, rows: Whole) -> Truth:
        kept = np.ones(self.problem.rows, dtype=np.bool_)
        kept[self.rows_of(self.statements)] = False
        kept[rows] = True
        return kept


def stated(program: Program) -> Stated:
    """The statements of a program that was built without `tight`, so that each row stands for itself."""
    named: dict[tuple[str, int], list[Whole]] = defaultdict(list)
    for block in program.rows:
        if not block.auxiliary and not is_fact(block.rule):
            numbers = np.arange(block.start, block.start + len(block))
            for year in np.unique(block.year):
                named[block.rule, int(year)].append(numbers[block.year == year])
    region = [block.region for block in program.rows]
    bounded: list[Whole] = []
    height = len(program.row_lower)
    for name, columns in program.columns.items():
        kind, _, fund = name.partition(".")
        if kind != "brought":
            continue
        for j, year in enumerate(columns.years):
            index = columns.index[:, j]
            if (np.isfinite(program.upper[index]) | (program.lower[index] > 0)).any():
                named[f"supply.{fund}", year].append(np.arange(height, height + len(index)))
                height += len(index)
                bounded.append(index)
                region.append(columns.regions)
    statements = tuple(Statement(id, year, np.concatenate(parts)) for (id, year), parts in named.items())
    ids = tuple(dict.fromkeys(statement.id for statement in statements))
    number = {id: n for n, id in enumerate(ids)}
    columns_bounded = np.concatenate([np.zeros(0, dtype=np.int64), *bounded])
    return Stated(
        program,
        _bounds_as_rows(program, columns_bounded),
        columns_bounded,
        statements,
        ids,
        np.array([number[statement.id] for statement in statements], dtype=np.int64),
        np.concatenate([np.zeros(0, dtype=np.int64), *region]),
    )


def is_fact(rule: str) -> bool:
    """Whether rows of this id are facts; a target or rule of the case may have a family's name as its id."""
    family, dot, _ = rule.partition(".")
    return bool(dot) and family in FACTS


def touched(patches: Iterable[str]) -> tuple[str, ...]:
    """Patterns of the ids that `--set` patches change: what was just changed is what is asked about."""
    found: list[str] = []
    for patch in patches:
        kind, _, rest = patch.partition("=")[0].partition(".")
        item = rest.partition("[")[0].partition(".")[0]
        found += [pattern.format(item) for pattern in _PATCHED.get(kind, ())]
    return tuple(found)


#: The statements that a patch of a kind of item changes.
_PATCHED = {
    "target": ("{}",),
    "rule": ("{}",),
    "fund": ("supply.{}",),
    "need": ("due.{}", "holds.{}.*"),
    "capacity": ("capacity.{}",),
    "resource": ("resource.{}",),
}


def rank(id: str) -> int:
    """Targets and rules first, then funds, then what is due, then the rest: how much of it is policy."""
    family, dot, _ = id.partition(".")
    if not dot:
        return 0
    return {"supply": 1, "due": 2}.get(family, 3)


def _bounds_as_rows(program: Program, bounded: Whole) -> Problem:
    """The program's problem without cost, its money held by rows instead of bounds."""
    problem = program.problem()
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[bounded] = np.minimum(lower[bounded], 0.0)
    upper[bounded] = np.inf
    least = program.lower[bounded]
    return replace(
        problem,
        cost=np.zeros(problem.columns),
        integer=np.zeros(problem.columns, dtype=np.bool_),
        lower=lower,
        upper=upper,
        row_start=np.append(problem.row_start, problem.row_start[-1] + 1 + np.arange(len(bounded))),
        column=np.append(problem.column.astype(np.int64), bounded),
        value=np.append(problem.value, np.ones(len(bounded))),
        row_lower=np.append(problem.row_lower, np.where(least > 0, least, -np.inf)),
        row_upper=np.append(problem.row_upper, program.upper[bounded]),
        row_scale=np.append(problem.row_scale, np.full(len(bounded), MONEY_SCALE)),
        cost_scale=1.0,
    )


def with_rows(problem: Problem, kept: Truth) -> Problem:
    """The problem with some of its rows only."""
    lengths = np.diff(problem.row_start)
    entries = np.repeat(kept, lengths)
    return replace(
        problem,
        row_start=np.append(0, np.cumsum(lengths[kept])).astype(np.int64),
        column=problem.column[entries],
        value=problem.value[entries],
        row_lower=problem.row_lower[kept],
        row_upper=problem.row_upper[kept],
        row_scale=problem.row_scale[kept],
    )
