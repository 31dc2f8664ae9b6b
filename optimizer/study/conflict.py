"""Which rules, targets and funds contradict each other in a case that has no lawful plan.

A conflict is a set of statements (blocks of rows by id, fund amounts by `supply.f`) that cannot hold together
with the physical facts (accounts, costs, stocks), and, when `irreducible`, can once any of them is dropped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from optimizer.program import Program
from optimizer.solve import Options, Problem, Stop, solve

#: Families that are facts or bookkeeping: never named, never dropped.
FACTS = ("account", "cost", "exits", "most", "need", "pays", "returned", "serves", "started", "stays")
#: Seconds for naming a conflict when the caller sets no limit.
PATIENCE = 60.0


@dataclass(frozen=True)
class Conflict:
    """Ids in conflict: targets and rules first, then funds, then the rest. `proven`: impossible together."""

    ids: tuple[str, ...]
    proven: bool
    irreducible: bool


@dataclass(frozen=True, eq=False)
class _Statement:
    """Something that can be dropped: rows, or columns whose upper bound says how much money there is."""

    id: str
    rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    columns: np.ndarray[tuple[int], np.dtype[np.int64]]


def find_conflict(program: Program, *, time_limit: float | None = None) -> Conflict:
    """A conflict of an infeasible program; empty and unproven when time runs out before one is found."""
    deadline = time.monotonic() + (PATIENCE if time_limit is None else max(time_limit, 1.0))
    statements = _statements(program)
    whole = program.problem(whole_quantities=True)
    relaxed = replace(whole, integer=np.zeros(whole.columns, dtype=np.bool_))
    problem = whole if _possible(relaxed, statements, statements, deadline) else relaxed
    suspects = _suspects(problem, statements, deadline)
    if _possible(problem, statements, suspects, deadline) is not False:
        suspects = statements
        if _possible(problem, statements, suspects, deadline) is not False:
            return Conflict((), proven=False, irreducible=False)
    kept, complete = _filtered(problem, statements, suspects, deadline)
    if _possible(problem, statements, kept, deadline + PATIENCE, confirm=True) is not False:
        kept, complete = suspects, False
    ids = tuple(sorted((statement.id for statement in kept), key=lambda name: (_rank(name), name)))
    return Conflict(ids, proven=True, irreducible=complete)


def _statements(program: Program) -> list[_Statement]:
    rows: dict[str, list[np.ndarray[tuple[int], np.dtype[np.int64]]]] = {}
    for block in program.rows:
        if not block.auxiliary and block.rule.split(".")[0] not in FACTS:
            rows.setdefault(block.rule, []).append(np.arange(block.start, block.start + len(block)))
    none = np.zeros(0, dtype=np.int64)
    statements = [_Statement(name, np.concatenate(parts), none) for name, parts in rows.items()]
    for name, columns in program.columns.items():
        kind, _, fund = name.partition(".")
        index = columns.index.ravel()
        if kind == "brought" and np.isfinite(program.upper[index]).any():
            statements.append(_Statement(f"supply.{fund}", none, index))
    return statements


def _rank(name: str) -> int:
    family = name.split(".")[0]
    return 0 if "." not in name else 1 if family == "supply" else 2


def _without(problem: Problem, dropped: list[_Statement]) -> Problem:
    row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
    upper = problem.upper.copy()
    for statement in dropped:
        row_lower[statement.rows] = -np.inf
        row_upper[statement.rows] = np.inf
        upper[statement.columns] = np.inf
    return replace(problem, row_lower=row_lower, row_upper=row_upper, upper=upper)


def _possible(
    problem: Problem,
    statements: list[_Statement],
    kept: list[_Statement],
    deadline: float,
    *,
    confirm: bool = False,
) -> bool | None:
    """Whether the kept statements alone can hold; None when time runs out before that is known."""
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    names = {statement.id for statement in kept}
    dropped = [statement for statement in statements if statement.id not in names]
    free = _without(replace(problem, cost=np.zeros(problem.columns)), dropped)
    outcome = solve(free, Options(time_limit=left, confirm=confirm))
    if outcome.values is not None:
        return True
    return False if outcome.stop is Stop.INFEASIBLE else None


def _suspects(problem: Problem, statements: list[_Statement], deadline: float) -> list[_Statement]:
    """Statements with a price in the cheapest violation: its duals point at what contradicts itself."""
    left = deadline - time.monotonic()
    if left <= 0:
        return statements
    elastic = _elastic(replace(problem, integer=np.zeros(problem.columns, dtype=np.bool_)), statements)
    outcome = solve(elastic, Options(time_limit=left))
    if outcome.row_duals is None or outcome.reduced_costs is None:
        return statements
    priced_rows = np.abs(outcome.row_duals * elastic.row_scale) > 1e-7
    at_most = (
        np.abs(outcome.reduced_costs[: problem.columns] * elastic.column_scale[: problem.columns]) > 1e-7
    )
    found = [
        statement
        for statement in statements
        if priced_rows[statement.rows].any() or at_most[statement.columns].any()
    ]
    return found or statements


def _elastic(problem: Problem, statements: list[_Statement]) -> Problem:
    """Least total violation of all rows that can be dropped, in scaled units; bounds of money stay."""
    soft = np.unique(np.concatenate([statement.rows for statement in statements] or [np.zeros(0, np.int64)]))
    under = soft[np.isfinite(problem.row_lower[soft])]
    over = soft[np.isfinite(problem.row_upper[soft])]
    rows = np.concatenate([np.repeat(np.arange(problem.rows), np.diff(problem.row_start)), under, over])
    slack = problem.columns + np.arange(len(under) + len(over))
    column = np.concatenate([problem.column, slack])
    signs = np.concatenate([problem.row_scale[under], -problem.row_scale[over]])
    value = np.concatenate([problem.value, signs])
    order = np.argsort(rows, kind="stable")
    row_start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=problem.rows))])
    extra = len(slack)
    return Problem(
        cost=np.concatenate([np.zeros(problem.columns), np.ones(extra)]),
        offset=0.0,
        lower=np.concatenate([problem.lower, np.zeros(extra)]),
        upper=np.concatenate([problem.upper, np.full(extra, np.inf)]),
        integer=np.zeros(problem.columns + extra, dtype=np.bool_),
        row_start=row_start.astype(np.int64),
        column=column[order],
        value=value[order],
        row_lower=problem.row_lower,
        row_upper=problem.row_upper,
        column_scale=np.concatenate([problem.column_scale, np.ones(extra)]),
        row_scale=problem.row_scale,
        cost_scale=1.0,
    )


def _filtered(
    problem: Problem, statements: list[_Statement], suspects: list[_Statement], deadline: float
) -> tuple[list[_Statement], bool]:
    """Drop whatever is not needed for the contradiction, one by one; and whether all were tried in time."""
    kept, complete = list(suspects), True
    # Least telling statements go first, so that targets, rules and funds are what remains.
    for statement in sorted(suspects, key=lambda item: (-_rank(item.id), item.id)):
        fewer = [other for other in kept if other is not statement]
        possible = _possible(problem, statements, fewer, deadline)
        if possible is False:
            kept = fewer
        complete = complete and possible is not None
    return kept, complete
