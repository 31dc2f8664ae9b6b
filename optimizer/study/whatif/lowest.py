"""Whole quantities that make do with as low a level as can be found: the plan beside a proven bound.

Asked for the least level anywhere, an engine comes upon plans far above the bound and seldom gets down
from there. So the level is held close above its bound first, where presolve leaves few quantities open; then
at the bound itself, with quantities near those that were found: one more here makes up for one fewer there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from optimizer.program import Program
from optimizer.program.matrix import Real, Whole
from optimizer.settle import SettleError, settle
from optimizer.solve import Options, solve
from optimizer.study.pace import Pace
from optimizer.study.whatif.level import least_level

#: How far above its bound the level may be at first, in turn (relatively; None: anywhere), and what that is
#: at least, in fen.
ROOMS = (1e-4, 1e-2, None)
LEAST_ROOM = 1_000_000
#: How far a quantity may go from where it was found, in turn; 0/1 decisions stay.
REACHES = (1, 3, 20, 100)
#: Where the bound is not reached: how much of the way down to it is left over, in turn.
PARTS = (0.0, 1 / 8, 1 / 2)
#: Seconds of the processor for one program at first, for one near quantities that are known, and for all.
BROAD, NEAR, PATIENCE = 30.0, 10.0, 100.0
#: Seconds of the processor for a cheap plan and again for settling it; how near to the cheapest it may be.
SETTLED, CHEAP = 40.0, 1e-3
#: A level is at its bound when it is less than this above it, in fen.
AT = 0.5


@dataclass(frozen=True)
class Found:
    """All columns of a program with a level, the quantities whole, and the level in floats of fen."""

    x: Real
    level: float


def lowest(program: Program, bound: int, *, seed: int = 0, patience: float = PATIENCE) -> Whole | None:
    """Quantities for a level as little above `bound` (fen) as can be found; None where none were.

    `program` has the level as its last column. What comes back are its other columns, money being 0.
    `patience` in seconds of the processor.
    """
    search = _Search(program, bound, seed, patience)
    found = search.broadly()
    if found is None:
        return None
    while found.level > bound + AT:
        nearer = search.nearer(found)
        if nearer is None:
            break
        found = nearer
    return np.where(program.money, 0, np.rint(found.x))[:-1].astype(np.int64)


class _Search:
    """The program with its level as the goal, and how much time there is for it."""

    def __init__(self, program: Program, bound: int, seed: int, patience: float) -> None:
        self.program, self.bound, self.seed = program, bound, seed
        self.problem = least_level(program).problem(whole_quantities=True)
        self.pace = Pace.begun()
        self._end = time.process_time() + patience

    def broadly(self) -> Found | None:
        """The first quantities within the narrowest room above the bound that has any."""
        for room in ROOMS:
            most = np.inf if room is None else self.bound + max(room * self.bound, LEAST_ROOM)
            found = self._asked(self.program.lower, self.program.upper, most, BROAD) or self._settled(most)
            if found is not None:
                return found
        return None

    def _settled(self, most: float) -> Found | None:
        """A cheap plan for a level up to `most`, made whole afterwards: what large cases take."""
        left = min(SETTLED, self._end - time.process_time())
        if left <= 0 or most == np.inf:
            return None
        upper = self.program.upper.copy()
        upper[-1] = min(upper[-1], np.floor(most))
        program = replace(self.program, upper=upper)
        asked = Options(gap=CHEAP, time_limit=self.pace.by_clock(left), seed=self.seed)
        outcome = solve(program.problem(), asked)
        if outcome.values is None:
            return None
        try:
            x = settle(program, outcome.values, asked).x.astype(np.float64)
        except SettleError:
            return None
        return Found(x, float(x[-1]))

    def nearer(self, found: Found) -> Found | None:
        """Quantities near those, for a lower level: the bound, or part of the way down to it."""
        held = ~self.program.money
        x = np.rint(found.x)
        for part in PARTS:
            most = self.bound + part * (found.level - self.bound)
            for reach in REACHES:
                reaches = np.where(self.program.integer, 0, reach)
                lower = np.where(held, np.maximum(self.program.lower, x - reaches), self.program.lower)
                upper = np.where(held, np.minimum(self.program.upper, x + reaches), self.program.upper)
                nearer = self._asked(lower, upper, most, NEAR)
                if nearer is not None:
                    return nearer
        return None

    def _asked(self, lower: Real, upper: Real, most: float, seconds: float) -> Found | None:
        """Quantities within the bounds for a level up to `most`; without one, for the least level in time."""
        left = min(seconds, self._end - time.process_time())
        if left <= 0:
            return None
        upper = upper.copy()
        upper[-1] = min(upper[-1], most)
        asked = Options(
            gap=0.0,
            time_limit=self.pace.by_clock(left),
            seed=self.seed,
            confirm=False,
            enough=self.bound + AT if most == np.inf else max(most, self.bound + AT),
        )
        outcome = solve(replace(self.problem, lower=lower, upper=upper), asked)
        if outcome.values is None or outcome.objective is None:
            return None
        return Found(outcome.values, outcome.objective)
