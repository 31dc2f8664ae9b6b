"""A sweep: all runs of a what-if, each stored as soon as it is finished, taken up again where it was left.

The order in which runs are made does not matter: each depends on its case, its patches and its parent only.
When all are there, plans of neighbouring levels are offered to each other (`polish`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from models.case import Case
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.study.whatif.crew import ATTEMPTS, Crew, Done, Task
from optimizer.study.whatif.evaluate import Handed, RunOptions
from optimizer.study.whatif.polish import polish
from optimizer.study.whatif.specs import Spec
from optimizer.study.whatif.store import Store, key_of
from optimizer.study.whatif.supervision import Report, once, supervised, telling


@dataclass(frozen=True)
class Swept:
    """All records in the order of the specs."""

    records: tuple[RunRecord, ...]
    resumed: int
    crashed: int
    seconds: float


def sweep(
    case: Case,
    specs: Sequence[Spec],
    options: RunOptions,
    store: Store,
    crew: Callable[[], Crew],
    report: Report | None = None,
) -> Swept:
    """Make what is not in the store yet. `crew` is called only when there is something to do."""
    started = time.monotonic()
    keys = [key_of(case, spec.patches, options) for spec in specs]
    found: dict[int, tuple[RunRecord, Handed | None]] = {}
    for number, key in enumerate(keys):
        if (known := store.get(key)) is not None:
            found[number] = known
    resumed = len(found)
    tell = telling(report, found, len(specs))

    def task(number: int) -> Task | None:
        spec = specs[number]
        if number and spec.parent not in found:
            return None
        if not number:
            return Task(number, spec.name, spec.patches, None)
        before, handed = found[spec.parent]
        return Task(number, spec.name, spec.patches, handed, before.conflict)

    def keep(done: Done) -> None:
        found[done.number] = done.record, done.handed
        store.put(keys[done.number], done.record, done.handed)

    def give_up(number: int) -> None:
        found[number] = _given_up(specs[number]), None

    tell()
    missing = [number for number in range(len(specs)) if number not in found]
    with once(crew) as hands:
        crashed = supervised(hands, missing, task, keep, give_up, tell)
        records = [
            replace(found[number][0], name=spec.name, note=spec.note) for number, spec in enumerate(specs)
        ]
        handed = [found[number][1] for number in range(len(specs))]
        records = polish(case, specs, records, handed, options, hands)
    return Swept(tuple(records), resumed, crashed, time.monotonic() - started)


def _given_up(spec: Spec) -> RunRecord:
    """The record of a run on which every worker died; not stored, so that a resumed sweep tries again."""
    message = f"{ATTEMPTS} worker processes ended while this run was being made"
    return RunRecord(spec.name, spec.patches, RunStatus.UNKNOWN, message=message)
