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
from optimizer.study.whatif.crew import Crew, Task
from optimizer.study.whatif.evaluate import Handed, RunOptions
from optimizer.study.whatif.polish import polish
from optimizer.study.whatif.specs import Spec
from optimizer.study.whatif.store import Store, key_of

#: A run is given up when this many workers have died on it.
ATTEMPTS = 3
#: Seconds between two looks at the workers.
TICK = 0.5


@dataclass(frozen=True)
class SweepProgress:
    """How far a sweep is: runs, of which `resumed` were there before; seconds so far and to come."""

    done: int
    total: int
    resumed: int
    seconds: float
    left: float | None


@dataclass(frozen=True)
class Swept:
    """All records in the order of the specs."""

    records: tuple[RunRecord, ...]
    resumed: int
    crashed: int
    seconds: float


Report = Callable[[SweepProgress], None]


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
    resumed, crashed = len(found), 0

    def tell() -> None:
        if report is not None:
            seconds = time.monotonic() - started
            made = len(found) - resumed
            left = seconds / made * (len(specs) - len(found)) if made else None
            report(SweepProgress(len(found), len(specs), resumed, seconds, left))

    tell()
    if len(found) < len(specs):
        hands = crew()
        try:
            crashed = _make(specs, keys, found, store, hands, tell)
        finally:
            hands.close()
    records = [replace(found[number][0], name=spec.name, note=spec.note) for number, spec in enumerate(specs)]
    handed = [found[number][1] for number in range(len(specs))]
    records = polish(case, specs, records, handed, options)
    return Swept(tuple(records), resumed, crashed, time.monotonic() - started)


def _make(
    specs: Sequence[Spec],
    keys: Sequence[str],
    found: dict[int, tuple[RunRecord, Handed | None]],
    store: Store,
    crew: Crew,
    tell: Callable[[], None],
) -> int:
    """Make the missing runs, parents first; how often a worker died."""
    waiting = [number for number in range(len(specs)) if number not in found]
    tried = dict.fromkeys(waiting, 0)
    crashed = 0
    running: set[int] = set()
    while waiting or running:
        ready = [n for n in waiting if n == 0 or specs[n].parent in found]
        for number in ready[: crew.free]:
            before = None if number == 0 else found[specs[number].parent][1]
            crew.give(Task(number, specs[number].name, specs[number].patches, before))
            waiting.remove(number)
            running.add(number)
        for done in crew.take(TICK):
            number = done.number
            running.discard(number)
            if done.record is not None:
                found[number] = done.record, done.handed
                store.put(keys[number], done.record, done.handed)
                continue
            crashed += 1
            tried[number] += 1
            if tried[number] < ATTEMPTS:
                waiting.insert(0, number)
            else:
                found[number] = _given_up(specs[number]), None
        tell()
    return crashed


def _given_up(spec: Spec) -> RunRecord:
    """The record of a run on which every worker died; not stored, so that a resumed sweep tries again."""
    message = f"{ATTEMPTS} worker processes ended while this run was being made"
    return RunRecord(spec.name, spec.patches, RunStatus.UNKNOWN, message=message)
