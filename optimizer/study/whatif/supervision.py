"""Many tasks through a crew whose workers may die: what is waiting, what is tried again, how far it is.

A worker that dies costs the task it was on; that task is tried `ATTEMPTS` times in all and then given up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from optimizer.study.whatif.crew import ATTEMPTS, Crew, Done, Task

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


Report = Callable[[SweepProgress], None]


def telling(report: Report | None, found: Mapping[int, object], total: int) -> Callable[[], None]:
    """What tells how far it is; what is in `found` now was there before."""
    started, resumed = time.monotonic(), len(found)

    def tell() -> None:
        if report is not None:
            seconds = time.monotonic() - started
            made = len(found) - resumed
            left = seconds / made * (total - len(found)) if made else None
            report(SweepProgress(len(found), total, resumed, seconds, left))

    return tell


@contextmanager
def once(crew: Callable[[], Crew]) -> Iterator[Callable[[], Crew]]:
    """One crew for several rounds of work: made when it is first asked for, closed in the end."""
    made: list[Crew] = []

    def hands() -> Crew:
        if not made:
            made.append(crew())
        return made[0]

    try:
        yield hands
    finally:
        for one in made:
            one.close()


def supervised(
    crew: Callable[[], Crew],
    numbers: Sequence[int],
    task: Callable[[int], Task | None],
    keep: Callable[[Done], None],
    give_up: Callable[[int], None],
    tell: Callable[[], None],
) -> int:
    """Have the tasks of these numbers done; how often a worker died.

    `crew` is called only when there is something to do; who calls closes it (`once`). `task`: None while it
    has to wait for the answer to another.
    """
    if not numbers:
        return 0
    waiting, tried, running, crashed = list(numbers), dict.fromkeys(numbers, 0), 0, 0
    hands = crew()
    while waiting or running:
        ready = (made for number in waiting if (made := task(number)) is not None)
        for made in list(islice(ready, hands.free)):
            hands.give(made)
            waiting.remove(made.number)
            running += 1
        for done in hands.take(TICK):
            running -= 1
            if done.record is not None:
                keep(done)
                continue
            crashed += done.deaths
            tried[done.number] += done.deaths
            if tried[done.number] < ATTEMPTS:
                waiting.insert(0, done.number)
            else:
                give_up(done.number)
        tell()
    return crashed
