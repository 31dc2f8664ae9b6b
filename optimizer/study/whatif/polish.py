"""Neighbouring levels offer each other their plans: one that is lawful there and better is taken.

Plans are proven within a gap, so that a level with more money could otherwise come out dearer by a part of
that gap. A plan that is lawful at less money is mostly lawful at more; taking it makes the table monotone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from models.case import Case, Goal
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.settle.lattice import broken_rows, inside_bounds
from optimizer.study.whatif.crew import Crew, Done, Taken, Task, answered
from optimizer.study.whatif.evaluate import Handed, Ready, RunOptions
from optimizer.study.whatif.specs import Spec
from optimizer.study.whatif.supervision import supervised

#: So many plans are audited here; for more, others are asked.
FEW = 4

_PLANS = (RunStatus.OPTIMAL, RunStatus.FEASIBLE)


def polish(
    case: Case,
    specs: Sequence[Spec],
    records: Sequence[RunRecord],
    handed: Sequence[Handed | None],
    options: RunOptions,
    crew: Callable[[], Crew],
) -> list[RunRecord]:
    """The records, each with the best plan that any neighbour along any axis has to offer.

    `crew` audits what is taken, where that is more than a few.
    """
    if options.relaxed or options.engine != "highs" or case.first_goals:
        return list(records)
    work = _Polish(Ready(case), specs, records, handed, options)
    for line in _lines(specs):
        for way in (line, line[::-1]):
            for giver, taker in pairwise(way):
                work.offer(giver, taker)
    return work.audited(crew)


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
        self.taken: set[int] = set()

    def offer(self, giver: int, taker: int) -> None:
        """Let `taker` have the plan of `giver` if that is lawful there and strictly better."""
        handed = self.handed[giver]
        if handed is None or not self._better(self.values[giver], self.values[taker]):
            return
        program = self.ready.run(self.records[taker].name, self.specs[taker].patches, self.options).program
        x = handed.whole(len(program.lower))
        if x is None or not inside_bounds(program, x) or broken_rows(program, x):
            return
        value = program.goal.value(x)
        if self._better(value, self.values[taker]):
            self.values[taker], self.handed[taker] = value, handed
            self.taken.add(taker)

    def audited(self, crew: Callable[[], Crew]) -> list[RunRecord]:
        """The records; what was taken is audited like any plan, and left where the audit is not clean."""
        records = list(self.records)

        def task(number: int) -> Task:
            mine = self.records[number]
            patches = self.specs[number].patches
            return Task(number, mine.name, patches, self.handed[number], taken=Taken(mine.bound))

        def keep(done: Done) -> None:
            mine, found = self.records[done.number], done.record
            if found.status in _PLANS and not found.message:
                records[done.number] = replace(found, note=mine.note, seconds=mine.seconds)

        numbers = sorted(self.taken)
        if len(numbers) > FEW:
            supervised(crew, numbers, task, keep, lambda number: None, lambda: None)
        else:
            for number in numbers:
                keep(answered(self.ready, task(number), self.options))
        return records

    def _better(self, one: Fraction | None, other: Fraction | None) -> bool:
        if one is None or other is None:
            return False
        return one < other if self.ready.case.goal is Goal.LEAST_COST else one > other
