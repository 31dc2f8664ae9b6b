"""What one unit of a figure counts for when a repair weighs one change against another, in fen.

Money counts as itself. A unit of a need, of a measure or of capacity counts what the cheapest way to buy it
costs; a person, a village, a county counts its part of the whole bill of needs. These are weights for
choosing between changes and nothing else: what a repair costs is found by planning it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

from models.case import Case
from models.layers import borne
from models.policy import Counts, Entry

#: The least that a unit counts for: nothing is free to give up.
LEAST = Fraction(100)


class Worth:
    """The weights of a case."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def measure(self, measure: str) -> Fraction:
        """The cheapest price of a unit."""
        layers = self.case.measures[measure].layers
        prices = [
            borne(layers, fen) for (name, _, _), fen in self.case.tables.costs.items() if name == measure
        ]
        return max(Fraction(min(prices, default=0)), LEAST)

    def need(self, need: str) -> Fraction:
        """The cheapest way to meet one unit of a need."""
        ways = [
            self.measure(measure.id) / measure.meets[need]
            for measure in self.case.measures.values()
            if measure.meets.get(need)
        ]
        return max(min(ways, default=LEAST), LEAST)

    @cached_property
    def bill(self) -> Fraction:
        """What all needs cost at their cheapest and all incomes lack in the last year; newcomers count."""
        case, last = self.case, self.case.last_year
        needs = sum((self.need(need) * n for (_, need, _), n in case.tables.needs.items()), Fraction(0))
        gaps = sum((case.gap(group, region, last) or 0) * n for (region, group), n in self._stocks.items())
        return needs + self._brought + gaps

    @cached_property
    def _stocks(self) -> Mapping[tuple[str, str], int]:
        """Members by the last year, with all who have entered."""
        return self.case.stock_by(self.case.last_year)

    @cached_property
    def _brought(self) -> Fraction:
        """What it costs to meet what the newly poor bring along, by the last year."""
        new: dict[str, int] = {}
        for (_, group, _, how), members in self.case.tables.entrants.items():
            new[group] = new.get(group, 0) + (members if how is Entry.NEW else 0)
        return sum(
            (
                self.need(need.id) * rate * new.get(group, 0)
                for need in self.case.needs.values()
                for group, rate in need.brought_by.items()
            ),
            Fraction(0),
        )

    def _part(self, count: int) -> Fraction:
        return max(self.bill / count, LEAST) if count else LEAST

    def _stock(self, counts: Counts) -> int:
        groups = self.case.groups
        return sum(n for (_, group), n in self._stocks.items() if groups[group].counts is counts)

    @cached_property
    def person(self) -> Fraction:
        """A person's part of the bill."""
        return self._part(self._stock(Counts.PERSONS))

    @cached_property
    def village(self) -> Fraction:
        """A village's part of the bill."""
        return self._part(self._stock(Counts.VILLAGES) or len(self.case.regions.leaves))

    @cached_property
    def region(self) -> Fraction:
        """A region's part of the bill."""
        return self._part(len(self.case.regions.ids))

    def resource(self, resource: str) -> Fraction:
        """A unit of a resource: what the cheapest measure that uses it costs for each unit used."""
        ways = [
            self.measure(measure.id) / measure.uses[resource]
            for measure in self.case.measures.values()
            if measure.uses.get(resource)
        ]
        return max(min(ways, default=LEAST), LEAST)

    def unit(self, unit: str) -> Fraction:
        """One of whatever a rule compares."""
        if unit == "fen":
            return Fraction(1)
        if unit in ("person", "village", "region"):
            return {"person": self.person, "village": self.village}.get(unit, self.region)
        case = self.case
        prices = [self.measure(m.id) for m in case.measures.values() if m.unit == unit]
        prices += [self.need(need.id) for need in case.needs.values() if need.unit == unit]
        return max(min(prices, default=LEAST), LEAST)
