"""Many draws of a plan: by processes that may die, stored one by one, taken up again where they were left."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from models.allocation import Allocation
from models.case import Case
from optimizer.present.stress_report import Held, StressReport
from optimizer.study.uncertainty.draws import draw
from optimizer.study.uncertainty.outcome import Missed, Reserves, carried_out
from optimizer.study.whatif.crew import Crew, Done, Task
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.store import Store
from optimizer.study.whatif.supervision import Report, once, supervised, telling

#: Raised when draws come out otherwise than before: older stores are then made anew.
FORMAT = 3

#: Of a plan that counts on nothing beyond itself.
NO_RESERVES: Reserves = MappingProxyType({})

#: What a draw misses; None: no answer in time.
Answer = tuple[Missed, ...] | None


@dataclass(frozen=True)
class Stressed:
    """The answers in the order of the draws."""

    answers: tuple[Answer, ...]
    resumed: int
    crashed: int
    seconds: float


def work(
    allocation: Allocation, seed: int, case: Case, options: RunOptions, reserves: Reserves = NO_RESERVES
) -> Callable[[Task], Done]:
    """What a process does: a task's number is the number of the draw."""

    def answer(task: Task) -> Done:
        factors = draw(case, seed, task.number)
        found = carried_out(case, allocation, factors, time_limit=options.time_limit, reserves=reserves)
        return Done(task.number, packed(found.missed))

    return answer


def packed(answer: Answer) -> str:
    """An answer as text."""
    if answer is None:
        return json.dumps(None)
    return json.dumps([[miss.rule, miss.year, miss.share] for miss in answer])


def unpacked(text: str) -> Answer:
    """The answer of a text."""
    found = json.loads(text)
    return None if found is None else tuple(Missed(*miss) for miss in found)


def stress(
    draws: int,
    store: Store,
    key: str,
    crew: Callable[[], Crew],
    report: Report | None = None,
) -> Stressed:
    """Make the draws that are not in the store yet. `crew` is called only when there is something to do."""
    started = time.monotonic()
    found: dict[int, str] = {}
    for number in range(draws):
        known = store.text(f"{key}-{number}")
        if known is not None:
            found[number] = known
    resumed = len(found)
    missing = [number for number in range(draws) if number not in found]

    def keep(done: Done) -> None:
        found[done.number] = done.record
        store.keep(f"{key}-{done.number}", done.record)

    def give_up(number: int) -> None:
        found[number] = packed(None)  # not stored, so that another run tries again

    tell = telling(report, found, draws)
    with once(crew) as hands:
        crashed = supervised(hands, missing, lambda n: Task(n, str(n), (), None), keep, give_up, tell)
    answers = tuple(unpacked(found[number]) for number in range(draws))
    return Stressed(answers, resumed, crashed, time.monotonic() - started)


def key_of(
    case: Case,
    allocation: Allocation,
    seed: int,
    options: RunOptions,
    reserves: Reserves = NO_RESERVES,
) -> str:
    """The hash of everything that a draw is made of, but for its number."""
    lines = {
        "money": sorted((*key, fen) for key, fen in allocation.money.items()),
        "units": sorted((*key, str(units)) for key, units in allocation.units.items()),
    }
    facts = [FORMAT, case.sha256, lines, seed, options.time_limit]
    facts += [sorted((*key, fen) for key, fen in reserves.items())] if reserves else []
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def summed(
    case: Case,
    plan: str,
    seed: int,
    found: Stressed,
    out: str | None = None,
    reserves: Reserves = NO_RESERVES,
) -> StressReport:
    """The counts over all draws, by statement and year in the order of years."""
    answered = [answer for answer in found.answers if answer is not None]
    missed: dict[tuple[str, int], list[float]] = {}
    first: dict[tuple[str, int], int] = {}
    for answer in answered:
        for miss in answer:
            missed.setdefault((miss.rule, miss.year), []).append(miss.share)
        if answer:
            at = answer[0].rule, answer[0].year
            first[at] = first.get(at, 0) + 1
    statements = [
        Held(rule, year, len(shares), sum(shares) / len(shares), first.get((rule, year), 0))
        for (rule, year), shares in sorted(missed.items(), key=lambda item: (item[0][1], item[0][0]))
    ]
    return StressReport(
        case=case,
        plan=plan,
        draws=len(found.answers),
        seed=seed,
        unanswered=len(found.answers) - len(answered),
        whole=_count(answered),
        statements=tuple(statements),
        seconds=found.seconds,
        resumed=found.resumed,
        out=out,
        reserve=sum(reserves.values()),
    )


def _count(answered: Sequence[tuple[Missed, ...]]) -> int:
    return sum(not answer for answer in answered)
