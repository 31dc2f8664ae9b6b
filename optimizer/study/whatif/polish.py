"""Neighbouring levels offer each other their plans: one that is lawful there and better is taken.

Plans are proven within a gap, so that a level with more money could otherwise come out dearer by a part of
that gap. A plan that is lawful at less money is mostly lawful at more; taking it makes the table monotone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from models.case import Case, Goal
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.program.matrix import Whole
from optimizer.settle.lattice import broken_rows, inside_bounds
from optimizer.study.whatif.evaluate import Handed, Ready, RunOptions, settled_record
from optimizer.study.whatif.specs import Spec

_PLANS = (RunStatus.OPTIMAL, RunStatus.FEASIBLE)


def polish(
    case: Case,
    specs: Sequence[Spec],
    records: Sequence[RunRecord],
    handed: Sequence[Handed | None],
    options: RunOptions,
) -> list[RunRecord]:
    """The records, each with the best plan that any neighbour along any axis has to offer."""
    polished = list(records)
    if options.relaxed or options.engine != "highs" or case.first_goals:
        return polished
    work = _Polish(Ready(case), specs, polished, list(handed), options)
    for line in _lines(specs):
        for way in (line, line[::-1]):
            for giver, taker in pairwise(way):
                work.offer(giver, taker)
    return polished


def _lines(specs: Sequence[Spec]) -> list[list[int]]:
    """Runs that differ in one axis only, by rising level."""
    lines: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, spec in enumerate(specs):
        if spec.point is not None:
            for at in range(len(spec.point)):
                lines[at, *spec.point[:at], None, *spec.point[at + 1 :]].append(number)
    return [sorted(line, key=lambda n: specs[n].point or ()) for line in lines.values() if len(line) > 1]


class _Polish:
    """The records while plans are offered round."""

    def __init__(
        self,
        ready: Ready,
        specs: Sequence[Spec],
        records: list[RunRecord],
        handed: list[Handed | None],
        options: RunOptions,
    ) -> None:
        self.ready, self.specs, self.records, self.handed = ready, specs, records, handed
        self.options = options

    def offer(self, giver: int, taker: int) -> None:
        """Let `taker` have the plan of `giver` if that is lawful there and strictly better."""
        mine, theirs = self.records[taker], self.records[giver]
        if mine.status not in _PLANS or theirs.status not in _PLANS or not self._better(theirs, mine):
            return
        handed = self.handed[giver]
        run = self.ready.run(mine.name, self.specs[taker].patches, self.options)
        x: Whole | None = None if handed is None else handed.whole(len(run.program.lower))
        if x is None or not inside_bounds(run.program, x) or broken_rows(run.program, x):
            return
        found = settled_record(run, x, mine.bound, "neighbour")
        if found.status in _PLANS and self._better(found, mine) and not found.message:
            self.records[taker] = replace(found, note=mine.note, seconds=mine.seconds)
            self.handed[taker] = handed

    def _better(self, one: RunRecord, other: RunRecord) -> bool:
        if one.objective is None or other.objective is None:
            return False
        if self.ready.case.goal is Goal.LEAST_COST:
            return one.objective < other.objective
        return one.objective > other.objective
