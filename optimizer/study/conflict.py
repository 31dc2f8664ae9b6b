"""Which rules, targets and funds contradict each other in a case that has no lawful plan.

A conflict is a set of statements (rows by id and year, fund amounts by `supply.f` and year) that cannot hold
together with the physical facts (accounts, costs, stocks), and, when `irreducible`, can once any of them is
dropped. A case may have several that share no statement: `find_conflicts` names them one after the other.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.program import Program
from optimizer.solve import Options, Problem, Stop, solve

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
#: Seconds for naming a conflict when the caller sets no limit.
PATIENCE = 60.0


#: Sets that are looked for when the caller does not say how many.
MOST = 4
#: A place belongs to a conflict when its rows weigh more than this in the contradiction.
WEIGHS = 1e-7


@dataclass(frozen=True)
class Member:
    """A statement of a conflict: its id, the years in which it is needed (none: it spans them all), and the
    regions at which it is (none: everywhere, or not known)."""

    id: str
    years: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """Targets and rules first, then funds, then the rest. `proven`: impossible together; `irreducible`:
    possible once any one is dropped, and every one was tried in time."""

    members: tuple[Member, ...]
    proven: bool
    irreducible: bool

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the members, each once."""
        return tuple(member.id for member in self.members)


@dataclass(frozen=True, eq=False)
class _Statement:
    """Something that can be dropped: rows, or columns whose bounds say how much money there is."""

    id: str
    year: int
    rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    columns: np.ndarray[tuple[int], np.dtype[np.int64]]


def find_conflict(program: Program, *, time_limit: float | None = None) -> Conflict:
    """A conflict of an infeasible program (built without `tight`, so that each row stands for itself); empty
    and unproven when time runs out before one is found."""
    found = find_conflicts(program, time_limit=time_limit, most=1)
    return found[0] if found else Conflict((), proven=False, irreducible=False)


def find_conflicts(
    program: Program, *, time_limit: float | None = None, most: int = MOST
) -> tuple[Conflict, ...]:
    """Conflicts that have no id in common, at most so many; none when time runs out before one is found."""
    deadline = time.monotonic() + (PATIENCE if time_limit is None else max(time_limit, 1.0))
    statements = _statements(program)
    whole = program.problem(whole_quantities=True)
    relaxed = replace(whole, integer=np.zeros(whole.columns, dtype=np.bool_))
    problem = whole if _possible(relaxed, statements, statements, deadline) else relaxed
    found: list[Conflict] = []
    gone: set[str] = set()
    while len(found) < most:
        left = [statement for statement in statements if statement.id not in gone]
        conflict = _one(program, problem, statements, left, deadline)
        if conflict is None:
            break
        found.append(conflict)
        gone.update(conflict.ids)
    return tuple(found)


def _one(
    program: Program,
    problem: Problem,
    statements: list[_Statement],
    left: list[_Statement],
    deadline: float,
) -> Conflict | None:
    """A conflict among the statements that are left; None where they can hold together, or time is up."""
    suspects = _suspects(problem, statements, left, deadline)
    if _possible(problem, statements, suspects, deadline) is not False:
        suspects = left
        if _possible(problem, statements, suspects, deadline) is not False:
            return None
    kept, complete = _filtered(problem, statements, suspects, deadline)
    if _possible(problem, statements, kept, deadline + PATIENCE, confirm=True) is not False:
        kept, complete = suspects, False
    return Conflict(_members(program, problem, statements, kept, deadline), True, complete)


def _members(
    program: Program,
    problem: Problem,
    statements: list[_Statement],
    kept: list[_Statement],
    deadline: float,
) -> tuple[Member, ...]:
    """The statements by id, with their years and, where few weigh in the contradiction, their regions."""
    years: dict[str, set[int]] = defaultdict(set)
    for statement in kept:
        years[statement.id].add(statement.year)
    places = _places(program, problem, statements, kept, deadline)
    members = [
        Member(id, () if 0 in when else tuple(sorted(when)), places.get(id, ())) for id, when in years.items()
    ]
    return tuple(sorted(members, key=lambda member: (_rank(member.id), member.id)))


def _places(
    program: Program,
    problem: Problem,
    statements: list[_Statement],
    kept: list[_Statement],
    deadline: float,
) -> dict[str, tuple[str, ...]]:
    """The regions whose rows alone already contradict each other; nothing where that cannot be shown."""
    weights = _weights(problem, statements, kept, deadline)
    if weights is None:
        return {}
    rows, columns = weights
    narrowed = [
        replace(part, rows=part.rows[rows[part.rows]], columns=part.columns[columns[part.columns]])
        for part in kept
    ]
    if any(not len(part.rows) + len(part.columns) for part in narrowed):
        return {}
    if _possible(problem, statements, narrowed, deadline) is not False:
        return {}
    at_row, at_column = _regions(program)
    found: dict[str, set[str]] = defaultdict(set)
    for part in narrowed:
        numbers = np.concatenate([at_row[part.rows], at_column[part.columns]])
        found[part.id].update(program.regions[int(number)] for number in numbers)
    return {id: tuple(region for region in program.regions if region in here) for id, here in found.items()}


def _regions(program: Program) -> tuple[np.ndarray, np.ndarray]:
    """The region (position) of every row and of every column."""
    rows = [block.region for block in program.rows]
    columns = [np.repeat(block.regions, len(block.years)) for block in program.columns.values()]
    return np.concatenate(rows), np.concatenate(columns)


def _statements(program: Program) -> list[_Statement]:
    rows: dict[tuple[str, int], list[np.ndarray[tuple[int], np.dtype[np.int64]]]] = defaultdict(list)
    for block in program.rows:
        if not block.auxiliary and not is_fact(block.rule):
            numbers = np.arange(block.start, block.start + len(block))
            for year in np.unique(block.year):
                rows[block.rule, int(year)].append(numbers[block.year == year])
    none = np.zeros(0, dtype=np.int64)
    statements = [_Statement(name, year, np.concatenate(parts), none) for (name, year), parts in rows.items()]
    for name, columns in program.columns.items():
        kind, _, fund = name.partition(".")
        if kind != "brought":
            continue
        for j, year in enumerate(columns.years):
            index = columns.index[:, j]
            if (np.isfinite(program.upper[index]) | (program.lower[index] > 0)).any():
                statements.append(_Statement(f"supply.{fund}", year, none, index))
    return statements


def is_fact(rule: str) -> bool:
    """Whether rows of this id are facts; a target or rule of the case may have a family's name as its id."""
    family, dot, _ = rule.partition(".")
    return bool(dot) and family in FACTS


def _rank(name: str) -> int:
    family = name.split(".")[0]
    return 0 if "." not in name else 1 if family == "supply" else 2


def _without(problem: Problem, statements: Iterable[_Statement], kept: Iterable[_Statement]) -> Problem:
    """The problem in which only what is kept of the statements holds."""
    rows = np.zeros(problem.rows, dtype=np.bool_)
    columns = np.zeros(problem.columns, dtype=np.bool_)
    for there, value in ((statements, True), (kept, False)):
        for statement in there:
            rows[statement.rows] = value
            columns[statement.columns] = value
    return replace(
        problem,
        row_lower=np.where(rows, -np.inf, problem.row_lower),
        row_upper=np.where(rows, np.inf, problem.row_upper),
        lower=np.where(columns, np.minimum(problem.lower, 0.0), problem.lower),
        upper=np.where(columns, np.inf, problem.upper),
    )


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
    free = _without(replace(problem, cost=np.zeros(problem.columns)), statements, kept)
    outcome = solve(free, Options(time_limit=left, confirm=confirm))
    if outcome.values is not None:
        return True
    return False if outcome.stop is Stop.INFEASIBLE else None


def _suspects(
    problem: Problem, statements: list[_Statement], left: list[_Statement], deadline: float
) -> list[_Statement]:
    """Statements with a price in the cheapest violation: its duals point at what contradicts itself."""
    weights = _weights(problem, statements, left, deadline)
    if weights is None:
        return left
    rows, columns = weights
    found = [part for part in left if rows[part.rows].any() or columns[part.columns].any()]
    return found or left


def _weights(
    problem: Problem, statements: list[_Statement], kept: list[_Statement], deadline: float
) -> tuple[np.ndarray, np.ndarray] | None:
    """Which rows and columns of the kept statements have a price in their cheapest violation."""
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    free = _without(replace(problem, integer=np.zeros(problem.columns, dtype=np.bool_)), statements, kept)
    elastic = _elastic(free, kept)
    outcome = solve(elastic, Options(time_limit=left))
    if outcome.row_duals is None or outcome.reduced_costs is None:
        return None
    columns = outcome.reduced_costs[: problem.columns] * elastic.column_scale[: problem.columns]
    return np.abs(outcome.row_duals * elastic.row_scale) > WEIGHS, np.abs(columns) > WEIGHS


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
    """Drop whatever is not needed for the contradiction; and whether every one left was tried in time.

    Statements go in runs that double while the rest still contradicts itself and halve when it does not:
    what stays was tried alone.
    """
    # Least telling statements go first, so that targets, rules and funds are what remains.
    queue = sorted(suspects, key=lambda item: (-_rank(item.id), item.id, item.year))
    needed: list[_Statement] = []
    complete, run = True, 1
    while queue:
        run = min(run, len(queue))
        rest = queue[run:]
        possible = _possible(problem, statements, needed + rest, deadline)
        if possible is False:
            queue, run = rest, 2 * run
        elif run > 1:
            run //= 2
        else:
            needed.append(queue[0])
            queue = rest
            complete = complete and possible is not None
    return needed, complete
