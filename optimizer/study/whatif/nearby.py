"""Quantities close to another run's plan: most stay as they were, so that few have to be made whole.

First the relaxation with one more row (no dearer than its best by more than a sliver) and the least sum of
changes of quantities as its goal. Then whole-number programs in which only what changed there may move, at
first not far, or, where that is too tight, all of its kind. Each stops at the first answer that is close
enough to the relaxation: proving that no better one is near takes many times as long.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.program import Program
from optimizer.program.matrix import Truth, Whole
from optimizer.solve import Options, Problem, Stop, solve
from optimizer.solve.session import Basis, Session

#: A quantity that moves by less than this has not moved.
STILL = 1e-6
#: How far a quantity may go from where the relaxation has it: wide enough for one place to make up for
#: another and narrow enough to be searched in a second; or anywhere.
NEAR, FAR = 100, 2**40


def nearby(
    program: Program, known: Whole, best: float, room: float, options: Options, start: Basis | None
) -> tuple[Whole | None, Basis | None]:
    """Whole quantities (money columns are 0), within `room` (relative) of the objective `best` if can be.

    `best` is the relaxation's objective as it is minimised. None where nothing was found. From one run to the
    next only right-hand sides change, so that the basis that comes back is a good start for the next.
    """
    held = ~program.money
    session = Session(_distances(program.problem(), held, known, best, room))
    outcome, basis = session.solve(start, limit=options.time_limit)
    if outcome.values is None:
        return None, basis
    moved = outcome.values[: len(known)]
    changed = held & (np.abs(moved - known) > STILL)
    if not changed.any():
        return np.where(held, known, 0).astype(np.int64), basis
    down, up = np.floor(moved + STILL), np.ceil(moved - STILL)
    problem = program.problem(whole_quantities=True)
    enough = best + options.gap * max(abs(best), problem.cost_scale)
    alike = _of_a_kind(program, changed)
    for free, reach in ((changed, NEAR), (changed, FAR), (alike, FAR)):
        lower = np.where(held, np.maximum(program.lower, down - reach * free), program.lower)
        upper = np.where(held, np.minimum(program.upper, up + reach * free), program.upper)
        found = solve(
            replace(problem, lower=lower, upper=upper), replace(options, confirm=False, enough=enough)
        )
        if found.values is not None:
            return np.where(held, np.rint(found.values), 0).astype(np.int64), basis
        if found.stop is Stop.INTERRUPTED:
            break
    return None, basis


def _of_a_kind(program: Program, changed: Truth) -> Truth:
    """Every quantity of a block in which one has changed."""
    free = np.zeros_like(changed)
    for block in program.columns.values():
        index = block.index.ravel()
        if not block.money and changed[index].any():
            free[index] = True
    return free


def _distances(problem: Problem, held: Truth, known: Whole, best: float, room: float) -> Problem:
    """The problem with a column for each way up and down, a row for each distance and one for the cost."""
    moved = np.flatnonzero(held)
    count, width = len(moved), problem.columns
    up, down = width + np.arange(count), width + count + np.arange(count)
    priced = np.flatnonzero(problem.cost)
    column = np.concatenate([problem.column, np.stack([moved, up, down], axis=1).ravel(), priced])
    value = np.concatenate([problem.value, np.tile([1.0, -1.0, 1.0], count), problem.cost[priced]])
    start = problem.row_start[-1] + 3 * np.arange(1, count + 1)
    last = start[-1] if count else problem.row_start[-1]
    most = best + room * max(abs(best), problem.cost_scale)
    at = known[moved].astype(np.float64)
    return Problem(
        cost=np.concatenate([np.zeros(width), np.ones(2 * count)]),
        offset=0.0,
        lower=np.concatenate([problem.lower, np.zeros(2 * count)]),
        upper=np.concatenate([problem.upper, np.full(2 * count, np.inf)]),
        integer=np.zeros(width + 2 * count, dtype=np.bool_),
        row_start=np.concatenate([problem.row_start, start, [last + len(priced)]]),
        column=column,
        value=value,
        row_lower=np.concatenate([problem.row_lower, at, [-np.inf]]),
        row_upper=np.concatenate([problem.row_upper, at, [most]]),
        column_scale=np.concatenate([problem.column_scale, np.ones(2 * count)]),
        row_scale=np.concatenate([problem.row_scale, np.ones(count), [problem.cost_scale]]),
    )
