"""Settling in two steps: quantities to whole lots, members and 0/1 first, money to whole fen second.

Step 1 keeps the solver's own 0/1 decisions and lets every other quantity move to a whole number beside
its float (further, if need be) at least cost. Step 2 holds the quantities, solves for the money once more,
rounds it and repairs what rounding broke by a small whole-number program in fen around it. The result is
checked in exact arithmetic.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimizer.program import Program
from optimizer.program.matrix import Truth, Whole
from optimizer.settle.lattice import Broken, activities, broken_rows, inside_bounds
from optimizer.settle.trim import trimmed
from optimizer.solve import FloatArray, Options, Outcome, Problem, Stop, solve

#: How far from its float a quantity may be settled, tried in turn. 0: only what is not whole yet moves, to
#: either side; None: anything, anywhere.
REACHES: tuple[int | None, ...] = (0, 1, 3, 20, None)
#: How many fen (or 元, 万元 when rounding to those) an amount may move in the repair, tried in turn.
REPAIRS = (2, 20, 1000, 1_000_000)
#: Fen (or steps) by which money is made scarcer when the first try fails.
MARGIN = 100
#: A float this close to a whole number is that number.
NEARLY = 1e-6
#: Seconds for one whole-number program of the settling, when the caller sets no limit.
PATIENCE = 600.0


class SettleError(Exception):
    """No whole point was found; `broken` lists what could not be made to hold, where that is known."""

    def __init__(self, message: str, broken: list[Broken] | None = None) -> None:
        super().__init__(message)
        self.broken = broken or []


@dataclass(frozen=True, eq=False)
class Settled:
    """A whole point at which every row holds exactly."""

    x: Whole
    notes: tuple[str, ...]


def settle(program: Program, values: FloatArray, options: Options, *, grain: int = 1) -> Settled:
    """Whole columns near `values`; money in multiples of `grain` fen (1, 100 for 元, 1,000,000 for 万元).

    Each step is solved to within `options.gap`. Deterministic for given arguments unless a time limit cuts it
    short. Raises SettleError.
    """
    started = time.monotonic()
    problem = program.problem(whole_quantities=True)
    try:
        return _settled(program, problem, values, options, grain, started, REACHES)
    except SettleError as first:
        # A solver's tolerance is worth a few fen: ask again with that much less money to go round.
        cautious = _narrowed(program, problem, MARGIN * grain)
        try:
            return _settled(program, cautious, values, options, grain, started, (None,))
        except SettleError:
            raise first from None


def settle_money(program: Program, quantities: Whole, options: Options, *, grain: int = 1) -> Settled:
    """Money for quantities that are whole already: who pays what at least cost. Raises SettleError."""
    started = time.monotonic()
    held = np.where(program.money, 0, quantities)
    _divisible(program, held, grain)
    money = _money(program, held, options, started)
    x, steps = _repair(program, np.where(program.money, money, held), options, grain, started)
    return Settled(
        trimmed(program, x),
        ("quantities as they were", f"money moved by {steps} steps of {grain} fen at most"),
    )


def _settled(
    program: Program,
    problem: Problem,
    values: FloatArray,
    options: Options,
    grain: int,
    started: float,
    reaches: tuple[int | None, ...],
) -> Settled:
    quantities, reach = _quantities(program, problem, values, options, started, reaches)
    _divisible(program, quantities, grain)
    money = _money(program, quantities, options, started)
    x, steps = _repair(program, np.where(program.money, money, quantities), options, grain, started)
    how = "anew" if reach is None else f"within {reach} of the solver's"
    return Settled(
        trimmed(program, x),
        (f"quantities settled {how}", f"money moved by {steps} steps of {grain} fen at most"),
    )


def _narrowed(program: Program, problem: Problem, margin: int) -> Problem:
    """The problem with `margin` fen less in every pot that has them."""
    upper = problem.upper.copy()
    roomy = program.money & np.isfinite(upper) & (upper - problem.lower > margin)
    upper[roomy] -= margin
    return replace(problem, upper=upper)


def _limit(options: Options, started: float) -> float:
    if options.time_limit is None:
        return PATIENCE
    return max(0.5, options.time_limit - (time.monotonic() - started))


def _ask(problem: Problem, options: Options, started: float) -> Outcome:
    return solve(
        problem,
        # Whatever is not feasible is tried again with more room: no need to hear it twice.
        Options(
            gap=options.gap,
            time_limit=_limit(options, started),
            seed=options.seed,
            confirm=False,
        ),
    )


def _quantities(
    program: Program,
    problem: Problem,
    values: FloatArray,
    options: Options,
    started: float,
    reaches: tuple[int | None, ...],
) -> tuple[Whole, int | None]:
    """Whole quantities (money columns are 0), and how far from the solver's they had to go."""
    whole = ~program.money
    decided = program.integer
    base = np.floor(values + NEARLY)
    broken = values - base > NEARLY
    for reach in reaches:
        lower, upper = problem.lower.copy(), problem.upper.copy()
        if reach is not None:
            near = whole & ~decided
            down = base - max(reach - 1, 0)
            up = base + (reach if reach else broken)
            lower[near] = np.maximum(lower[near], down[near])
            upper[near] = np.minimum(upper[near], up[near])
            fixed = np.rint(values[decided])
            lower[decided] = upper[decided] = fixed
        outcome = _ask(replace(problem, lower=lower, upper=upper), options, started)
        if outcome.values is not None:
            return np.where(whole, np.rint(outcome.values), 0).astype(np.int64), reach
        if outcome.stop is Stop.INTERRUPTED:
            break
    raise SettleError(f"the plan's quantities could not be made whole ({outcome.message})")


def _money(program: Program, quantities: Whole, options: Options, started: float) -> FloatArray:
    """Money in fen, as floats, for quantities that are settled."""
    problem = program.problem()
    held = ~program.money
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[held] = upper[held] = quantities[held]
    fixed = replace(problem, lower=lower, upper=upper, integer=np.zeros(len(held), dtype=np.bool_))
    outcome = _ask(fixed, options, started)
    if outcome.values is None:
        raise SettleError(f"no money covers the settled quantities ({outcome.stop}: {outcome.message})")
    return outcome.values


def _divisible(program: Program, quantities: Whole, grain: int) -> None:
    """Refuse a grain that cannot be: an equality of money whose fixed part is not a multiple of it."""
    if grain == 1:
        return
    fixed = activities(program, quantities)
    wrong = []
    for block in program.rows:
        if not (block.money and block.compare.value == "="):
            continue
        for i in range(len(block)):
            amount, multiplier = int(fixed[block.start + i]), int(block.multiplier[i])
            if amount % (grain * multiplier):
                region = program.regions[int(block.region[i])]
                wrong.append(Broken(block.rule, region, int(block.year[i]), Fraction(amount, multiplier)))
    if wrong:
        raise SettleError(f"{len(wrong)} amounts are not whole multiples of {grain} fen", wrong)


def _repair(
    program: Program, values: FloatArray, options: Options, grain: int, started: float
) -> tuple[Whole, int]:
    """Money in whole steps of `grain`, moved as little as the rows allow; and how far it may have moved."""
    money = program.money
    step = np.where(money, grain, 1)
    base = np.rint(values / step).astype(np.int64) * step
    base = np.clip(base, program.lower, np.minimum(program.upper, 2.0**62)).astype(np.int64)
    if not broken_rows(program, base) and inside_bounds(program, base):
        return base, 0
    used: Truth = money & (base > 0)
    for reach in REPAIRS:
        for movable in (used, money):
            x = _repaired(program, base, movable, step, reach, options, started)
            if x is not None and not broken_rows(program, x) and inside_bounds(program, x):
                return x, reach
    broken = broken_rows(program, base)
    raise SettleError(f"{len(broken)} rows could not be made to hold in whole steps of {grain} fen", broken)


def _repaired(
    program: Program,
    base: Whole,
    movable: Truth,
    step: Whole,
    reach: int,
    options: Options,
    started: float,
) -> Whole | None:
    """The cheapest whole move of at most `reach` steps for each movable column that mends every row."""
    chosen = np.flatnonzero(movable)
    number = np.full(len(base), -1, dtype=np.int64)
    number[chosen] = np.arange(len(chosen))
    rows = np.repeat(np.arange(len(program.constant)), np.diff(program.row_start))
    entry = number[program.column] >= 0
    touched = np.unique(rows[entry])
    renumber = np.full(len(program.constant), -1, dtype=np.int64)
    renumber[touched] = np.arange(len(touched))
    activity = np.array(activities(program, base), dtype=object)[touched].astype(np.float64)
    row_start = np.concatenate([[0], np.cumsum(np.bincount(renumber[rows[entry]], minlength=len(touched)))])
    grain = step[chosen]
    down = np.ceil((program.lower[chosen] - base[chosen]) / grain)
    up = np.floor((program.upper[chosen] - base[chosen]) / grain)
    # A rule whose factors are amounts in fen has a large multiplier: times money, it reads as infinite.
    multiplier = np.concatenate([block.multiplier for block in program.rows])[touched].astype(np.float64)
    room = -activity / multiplier
    sense_low = np.isfinite(program.row_lower[touched])
    sense_high = np.isfinite(program.row_upper[touched])
    goal = program.goal
    sign = -1.0 if goal.maximise else 1.0
    moves = Problem(
        cost=sign * goal.cost[chosen] * grain / goal.multiplier,
        offset=0.0,
        lower=np.maximum(down, -reach),
        upper=np.minimum(up, reach),
        integer=np.ones(len(chosen), dtype=np.bool_),
        row_start=row_start.astype(np.int64),
        column=number[program.column[entry]],
        value=program.value[entry] * step[program.column[entry]] / multiplier[renumber[rows[entry]]],
        row_lower=np.where(sense_low, room, -np.inf),
        row_upper=np.where(sense_high, room, np.inf),
        column_scale=np.ones(len(chosen)),
        row_scale=np.ones(len(touched)),
    )
    outcome = _ask(moves, options, started)
    if outcome.values is None:
        return None
    x = base.copy()
    x[chosen] += np.rint(outcome.values).astype(np.int64) * grain
    return x
