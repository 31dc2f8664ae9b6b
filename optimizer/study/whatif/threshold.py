"""The least level of a fund at which everything still holds, to the fen.

First the exact least level of the program without whole numbers: below it nothing is possible, and that is
proven in rationals. Then the whole-number program with the level as its goal, and around its answer plans
that are settled and audited: one at the level, and the answer that there is none one fen below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from models.case import Case
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.program import Program, build
from optimizer.read import apply_patches
from optimizer.solve import Options, solve
from optimizer.study.planning import PlanOptions, make_plan
from optimizer.study.whatif.curve import extreme_level
from optimizer.study.whatif.evaluate import RunOptions, crossed, record_of
from optimizer.study.whatif.exact import NotExact
from optimizer.study.whatif.level import Level, least_level, level_of, with_level

#: Any plan will do: how far a probe may be from the best one.
ANY = 0.5
#: Seconds for the whole-number program when the caller sets no limit.
PATIENCE = 120.0
#: Probes in all: the steps outward grow tenfold, those inward halve.
PROBES = 120

_PLANS = (RunStatus.OPTIMAL, RunStatus.FEASIBLE)


@dataclass(frozen=True)
class LeastLevel:
    """`at`: the plan at `fen`; `below`: what one fen less gives. None where no level does.

    `relaxed` is the exact least level without whole numbers; `proven` says that one fen less is impossible,
    by exact arithmetic (`below_relaxed`) or by the solver's word.
    """

    level: Level
    fen: int | None
    relaxed: Fraction | None
    at: RunRecord | None
    below: RunRecord | None
    proven: bool

    @property
    def below_relaxed(self) -> bool:
        """Whether one fen less is below even the exact level without whole numbers."""
        return self.fen is not None and self.relaxed is not None and self.fen - 1 < self.relaxed


def least(case: Case, path: str, options: RunOptions) -> LeastLevel:
    """The least level of a fund. Raises WhatIfError, SolveError."""
    level = level_of(case, path)
    program = with_level(case, build(case), level)
    try:
        relaxed = extreme_level(program)
        known = relaxed is not None
    except NotExact:
        relaxed, known = None, True
    if not known:
        return LeastLevel(level, None, None, None, None, True)
    if options.relaxed:
        fen = None if relaxed is None else math.ceil(relaxed)
        return LeastLevel(level, fen, relaxed, None, None, relaxed is not None)
    search = _Search(case, level, options, low=-1 if relaxed is None else math.ceil(relaxed) - 1)
    fen = search.outward(_whole_level(program, options, relaxed))
    if fen is None:
        return LeastLevel(level, None, relaxed, None, None, False)
    fen = search.inward(fen)
    below = search.record(fen - 1) if fen > 0 else None
    impossible = below is None or below.status is RunStatus.INFEASIBLE
    proven = impossible or (relaxed is not None and fen - 1 < relaxed)
    return LeastLevel(level, fen, relaxed, search.best(fen), below, proven)


def _whole_level(program: Program, options: RunOptions, relaxed: Fraction | None) -> int:
    """Where to look first: the least level of the whole-number program, in floats."""
    asked = Options(gap=0.0, time_limit=options.time_limit or PATIENCE, seed=options.seed)
    found = solve(least_level(program).problem(whole_quantities=True), asked)
    start = 0 if relaxed is None else math.ceil(relaxed)
    return start if found.objective is None else max(start, round(found.objective))


@dataclass
class _Search:
    """Levels that are known to be impossible (up to `low`), and what was found at others."""

    case: Case
    level: Level
    options: RunOptions
    low: int

    def __post_init__(self) -> None:
        self.records: dict[int, RunRecord] = {}

    def record(self, fen: int, gap: float = ANY) -> RunRecord:
        """What planning says at a level of whole fen."""
        if fen not in self.records or gap < ANY:
            patches = self.level.patches(fen)
            case = apply_patches(self.case, patches)
            how = PlanOptions(
                gap=gap, time_limit=self.options.time_limit, seed=self.options.seed, conflict=False
            )
            program, name = build(case), f"{self.level.path}={fen}分"
            if (program.lower > program.upper).any():
                self.records[fen] = crossed(name, patches)
            else:
                planned = make_plan(case, how, program=program)
                self.records[fen] = record_of(name, patches, case, planned.plan, planned.audit)
        return self.records[fen]

    def possible(self, fen: int) -> bool:
        """Whether there is a settled, audited plan at the level."""
        found = self.record(fen)
        return found.status in _PLANS and not found.message

    def outward(self, start: int) -> int | None:
        """A level with a plan, from `start` up."""
        fen, step = start, 1
        while len(self.records) < PROBES:
            if self.possible(fen):
                return fen
            self.low = max(self.low, fen)
            fen, step = fen + step, step * 10
            if fen > 100 * max(self.level.total, 1) + start:
                return None
        return None

    def inward(self, fen: int) -> int:
        """The least level with a plan between `low` and `fen`."""
        while fen - self.low > 1 and len(self.records) < PROBES:
            middle = (self.low + fen) // 2
            if self.possible(middle):
                fen = middle
            else:
                self.low = middle
        return fen

    def best(self, fen: int) -> RunRecord:
        """The plan at the level, as good as was asked for."""
        found = self.record(fen, self.options.gap)
        return replace(found, name=self.level.path)
