"""Conflicts planted in an input, one after the other: what is infeasible, what is named, and what helps.

`python -m tests.bench.planted ruyuan [anhui ...] [--only TEXT] [--limit SECONDS]` prints a line for every
plant: targets one year earlier or raised, funds halved and gone, all funds of a level halved, rules that
contradict each other. A plant after which there is still a lawful plan is no conflict, and the line says so.
Without `--limit` the explanation has the time it has by default. Seconds are those of the processor in the
explanation alone, then those of the clock: on a busy machine the first tell what a quiet one would take.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from models.case import Case
from models.explanation import Explanation
from models.plan import Status
from models.policy import Severity, Supply
from optimizer.program import build
from optimizer.read import CaseErrors, read_case
from optimizer.study.conflict import Conflict, Member
from optimizer.study.explain.explain import ExplainOptions, explain
from optimizer.study.planning import PlanOptions, make_plan
from tests.study.conflict_checks import INPUTS, contradicted, holds, needed

#: Pairs of rules that contradict each other in every year: what they limit, at least so much, at most less.
PAIRS = (
    (
        "out(group.counts == persons)",
        "85% * stock(group.counts == persons)",
        "80% * stock(group.counts == persons)",
    ),
    ("spent()", "2亿元", "1亿元"),
    ("spent(fund.level == county)", "3000万元", "2000万元"),
    ("spent(fund.level == central)", "1000万元 + 10% * spent()", "10% * spent()"),
)
PAIR = frozenset({"planted-least", "planted-most"})


@dataclass(frozen=True)
class Plant:
    """What is changed, and the ids of which a conflict must name one (a pair: both)."""

    text: str
    patches: tuple[str, ...]
    ids: frozenset[str]
    pair: tuple[str, str, str] | None = None

    def case(self, name: str, folder: Path) -> Case:
        """The input with the plant in it."""
        if self.pair is None:
            return read_case(INPUTS / name, self.patches)
        plain = read_case(INPUTS / name)
        return contradicted(folder, name, plain.years[len(plain.years) // 2], *self.pair)


def plants(case: Case) -> Iterator[Plant]:
    """Everything that is planted in a case."""
    for target in case.targets.values():
        if target.severity is not Severity.HARD:
            continue
        for kind, figures in (("amount", target.amounts), ("share", target.shares)):
            years = sorted(figures)
            for year, later in pairwise(years):
                if figures[later] > figures[year]:
                    value = f"{figures[later] * 100}%" if kind == "share" else str(figures[later])
                    path = f"target.{target.id}[{year}].{kind}"
                    yield Plant(
                        f"{target.id} of {later} by {year}", (f"{path}={value}",), frozenset({target.id})
                    )
            if years and kind == "amount":
                path = f"target.{target.id}[{years[-1]}].amount"
                yield Plant(f"{target.id} raised by a tenth", (f"{path}=1.1x",), frozenset({target.id}))
    limited = [
        fund
        for fund in case.funds.values()
        if fund.supply is not Supply.OPEN and any(key[0] == fund.id for key in case.tables.supplied)
    ]
    for fund in limited:
        for times, word in (("0.5x", "halved"), ("0x", "gone")):
            ids = frozenset({f"supply.{fund.id}"})
            yield Plant(f"{fund.id} {word}", (f"fund.{fund.id}.amount={times}",), ids)
    for level in sorted({fund.level for fund in limited}):
        here = [fund.id for fund in limited if fund.level is level]
        patches = tuple(f"fund.{id}.amount=0.5x" for id in here)
        yield Plant(f"all {level.value} funds halved", patches, frozenset(f"supply.{id}" for id in here))
    for number, pair in enumerate(PAIRS, start=1):
        yield Plant(f"two rules, pair {number}", (), PAIR, pair)


@dataclass(frozen=True)
class Result:
    """What came of a plant: `faults` is empty where nothing is wrong."""

    status: Status
    sets: tuple[tuple[str, ...], ...]
    faults: tuple[str, ...]
    ways: tuple[str, ...]
    processor: float = 0.0
    seconds: float = 0.0


def tried(name: str, plant: Plant, *, time_limit: float | None = 60.0, most: int = 3) -> Result | None:
    """Explain the case with the plant and check what is said; None where the patch is refused.

    What a lawful plan is worth is not asked: where there is one, its status is all that comes back.
    """
    with TemporaryDirectory() as folder:
        try:
            case = plant.case(name, Path(folder))
        except CaseErrors:
            return None
        status = make_plan(case, PlanOptions(time_limit=time_limit, conflict=False)).plan.status
        if status is not Status.INFEASIBLE:
            return Result(status, (), (), ())
        started, used = time.monotonic(), time.process_time()
        found = explain(case, replace(ExplainOptions(), time_limit=time_limit, most=most))
        seconds, processor = time.monotonic() - started, time.process_time() - used
        faults = list(_faults(case, plant, found))
    ways = tuple(
        f"{way.kind.value}: {', '.join(change.patch for change in way.changes[:3])}" for way in found.repairs
    )
    sets = tuple(conflict.ids for conflict in found.conflicts)
    return Result(found.plan.status, sets, tuple(faults), ways, processor, seconds)


def _faults(case: Case, plant: Plant, found: Explanation) -> Iterator[str]:
    """Whatever is not as it must be."""
    if not found.conflicts:
        yield "no conflict named"
    named = [set(conflict.ids) for conflict in found.conflicts]
    pair = plant.pair is not None
    if named and not any(plant.ids <= ids if pair else plant.ids & ids for ids in named):
        yield "the planted statement is not named"
    program = build(case)
    for conflict in found.conflicts:
        if not conflict.irreducible:
            yield f"not shown irreducible: {conflict.ids}"
            continue
        members = tuple(Member(one.id) for one in conflict.members)
        try:
            needed(program, Conflict(members, proven=True, irreducible=True))
        except AssertionError as error:
            yield f"{conflict.ids}: {error}"
    if not found.repairs:
        yield "no way out"
        return
    try:
        holds(case, found.repairs[0])
    except AssertionError as error:
        yield f"the cheapest way does not hold: {str(error).splitlines()[0]}"


def report(name: str, plant: Plant, found: Result | None) -> list[str]:
    """Lines that say what came of a plant."""
    if found is None:
        return [f"{name}: {plant.text}: the patch is refused"]
    if found.status is not Status.INFEASIBLE:
        return [f"{name}: {plant.text}: a lawful plan is left ({found.status.value}), no conflict"]
    verdict = "; ".join(found.faults) or "in order"
    return [
        f"{name}: {plant.text}: {verdict} ({found.processor:.0f} s, {found.seconds:.0f} s by the clock)",
        f"    sets: {' | '.join(' + '.join(ids) for ids in found.sets)}",
        f"    ways: {' | '.join(found.ways)}",
    ]


def main(arguments: list[str]) -> None:
    """Write a line for every plant of the inputs named."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.planted")
    parser.add_argument("names", nargs="+")
    parser.add_argument("--only", default="")
    parser.add_argument("--limit", type=float)
    parser.add_argument("--most", type=int, default=ExplainOptions().most)
    asked = parser.parse_args(arguments)
    for name in asked.names:
        for plant in plants(read_case(INPUTS / name)):
            if asked.only in plant.text:
                found = tried(name, plant, time_limit=asked.limit, most=asked.most)
                sys.stdout.write("".join(f"{line}\n" for line in report(name, plant, found)))
                sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
