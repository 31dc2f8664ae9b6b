"""Needs and what is met of them by the end of each year, from the units that an allocation buys.

A backlog is met to date; an entitlement falls due anew every year (docs/mathematics.md, "Met").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.allocation import Allocation
from models.case import Case
from models.policy import Measure, Need, NeedKind


@dataclass(frozen=True)
class MetNeed:
    """A need over the whole case in a year: what there is, and what is met (to date, for a backlog)."""

    need: str
    year: int
    needed: int
    met: Fraction


def met_needs(case: Case, allocation: Allocation) -> list[MetNeed]:
    """Every need and year, in the order of the case's files."""
    started = _started(case, allocation)
    return [
        MetNeed(need.id, year, _needed(case, need, year), _met(case, need, year, started))
        for need in case.needs.values()
        for year in case.years
    ]


def _started(case: Case, allocation: Allocation) -> Mapping[tuple[str, int], Fraction]:
    """(measure, year) -> units started anywhere."""
    sums: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for (_, measure, year), units in allocation.units.items():
        if measure in case.measures:
            sums[measure, year] += units
    return sums


def _needed(case: Case, need: Need, year: int) -> int:
    regions = {region for region, name, _ in case.tables.needs if name == need.id}
    return sum(case.need(region, need.id, year) or 0 for region in regions)


def _met(case: Case, need: Need, year: int, started: Mapping[tuple[str, int], Fraction]) -> Fraction:
    total = Fraction(0)
    for measure in case.measures.values():
        per_unit = measure.meets.get(need.id)
        if per_unit:
            total += per_unit * sum(
                (
                    started.get((measure.id, start), Fraction(0))
                    for start in _starts(case, need, measure, year)
                ),
                Fraction(0),
            )
    return total


def _starts(case: Case, need: Need, measure: Measure, year: int) -> range:
    """The years of start that count in a year."""
    latest = year - measure.lag
    first = case.first_year
    if need.kind is NeedKind.ENTITLEMENT and measure.lifetime is not None:
        first = max(first, latest - measure.lifetime + 1)
    return range(first, latest + 1)
