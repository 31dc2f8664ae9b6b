"""Neighbouring levels offer each other their plans: one that is lawful there and better is taken.

Plans are proven within a gap, so that a level with more money could otherwise come out dearer by a part of
that gap. A plan that is lawful at less money is mostly lawful at more; taking it makes the table monotone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from models.case import Case, Goal
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.program.matrix import Whole
from optimizer.settle.lattice import broken_rows, inside_bounds
from optimizer.study.whatif.evaluate import Handed, Ready, Run, RunOptions, settled_record
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
    if options.relaxed or options.engine != "highs" or case.first_goals:
        return list(records)
    work = _Polish(Ready(case), specs, records, handed, options)
    for line in _lines(specs):
        for way in (line, line[::-1]):
            for giver, taker in pairwise(way):
                work.offer(giver, taker)
    return [work.record(number) for number in range(len(records))]


def _lines(specs: Sequence[Spec]) -> list[list[int]]:
    """Runs that differ in one axis only, by rising level."""
    lines: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, spec in enumerate(specs):
        if spec.point is not None:
            for at in range(len(spec.point)):
                lines[at, *spec.point[:at], None, *spec.point[at + 1 :]].append(number)
    return [sorted(line, key=lambda n: specs[n].point or ()) for line in lines.values() if len(line) > 1]


class _Polish:
    """What every run has while plans are offered round; records are made once all have been."""

    def __init__(
        self,
        ready: Ready,
        specs: Sequence[Spec],
        records: Sequence[RunRecord],
        handed: Sequence[Handed | None],
        options: RunOptions,
    ) -> None:
        self.ready, self.specs, self.records, self.handed = ready, specs, records, list(handed)
        self.options = options
        self.values = [one.objective if one.status in _PLANS else None for one in records]
        self.taken: dict[int, tuple[Run, Whole]] = {}

    def offer(self, giver: int, taker: int) -> None:
        """Let `taker` have the plan of `giver` if that is lawful there and strictly better."""
        handed = self.handed[giver]
        if handed is None or not self._better(self.values[giver], self.values[taker]):
            return
        run = self.ready.run(self.records[taker].name, self.specs[taker].patches, self.options)
        x = handed.whole(len(run.program.lower))
        if x is None or not inside_bounds(run.program, x) or broken_rows(run.program, x):
            return
        value = run.program.goal.value(x)
        if self._better(value, self.values[taker]):
            self.values[taker], self.handed[taker], self.taken[taker] = value, handed, (run, x)

    def record(self, number: int) -> RunRecord:
        """The run's own record, or that of the plan it has taken, audited like any."""
        mine = self.records[number]
        if number not in self.taken:
            return mine
        found = settled_record(*self.taken[number], mine.bound, "neighbour")
        if found.status not in _PLANS or found.message:
            return mine
        return replace(found, note=mine.note, seconds=mine.seconds)

    def _better(self, one: Fraction | None, other: Fraction | None) -> bool:
        if one is None or other is None:
            return False
        return one < other if self.ready.case.goal is Goal.LEAST_COST else one > other
