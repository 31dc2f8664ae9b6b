"""Among whom a fund's money is divided, and what each of them measures: persons, villages, needs, costs.

In goes a Case; out come the regions that share each pool of a fund, and exact numbers about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from models.case import Case
from models.policy import Counts, NeedKind, Supply
from models.region import Level
from optimizer.audit.places import Places, upward

Numbers = Mapping[str, Fraction]


@dataclass(frozen=True)
class Pool:
    """Money of a fund that is divided: the region it is pooled at and those who share it, in file order."""

    fund: str
    region: str
    recipients: tuple[str, ...]


class Recipients:
    """The pools of a case that more than one region shares."""

    def __init__(self, case: Case, level: Level | None = None) -> None:
        self.case = case
        self.places = Places(case)
        self.level = level if level is not None else case.regions.usual_level

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """Pools above `level` with the regions of that level where the fund may be spent: at least two.

        An open fund has nothing that could be divided.
        """
        found = []
        for fund, pools in self.places.pools.items():
            if self.case.funds[fund].supply is Supply.OPEN:
                continue
            spent_in = {region for (_, payer), regions in self.places.flows.items() if payer == fund
                        for region in regions}  # fmt: skip
            reached = upward(self.case.regions, spent_in)
            for pool in pools:
                below = [
                    region
                    for region in self.case.regions.subtree(pool)
                    if self.case.regions[region].level is self.level and region in reached and region != pool
                    and self.places.pool_of[fund].get(region) == pool
                ]  # fmt: skip
                if len(below) > 1:
                    found.append(Pool(fund, pool, tuple(below)))
        return tuple(found)

    def amount(self, pool: Pool, year: int) -> int | None:
        """Fen that the pool can have in a year; 0 where there is no row, None where nobody knows it."""
        supplied = self.case.tables.supplied.get((pool.fund, pool.region, year))
        return 0 if supplied is None else supplied.most

    def _sums(self, amounts: Iterable[tuple[str, Fraction]]) -> Numbers:
        found: dict[str, Fraction] = {}
        for region, amount in amounts:
            for above in self.case.regions.ancestors(region):
                found[above] = found.get(above, Fraction(0)) + amount
        return found

    def members(self, counts: Counts, year: int) -> Numbers:
        """Region -> persons, or villages, in its subtree: at the start and entered up to the year."""
        groups = {group.id for group in self.case.groups.values() if group.counts is counts}
        return self._sums(
            (region, Fraction(members))
            for (region, group), members in self.case.stock_by(year).items()
            if group in groups
        )

    def gaps(self, year: int) -> Numbers:
        """Region -> members of the year times income gap of the first year, fen, in its subtree."""
        first = self.case.first_year
        return self._sums(
            (region, Fraction(members * (self.case.gap(group, region, first) or 0)))
            for (region, group), members in self.case.stock_by(year).items()
        )

    def needed(self, need: str, year: int) -> Numbers:
        """Region -> amount of the need in its subtree: all its rows, and what the newly poor have brought by
        the year."""
        rows = {key: amount for key, amount in self.case.tables.needs.items() if key[1] == need}
        regions = dict.fromkeys(region for region, _, _ in rows)
        brought = ((region, Fraction(self._brought(region, need, year))) for region in regions)
        return self._sums([*((region, Fraction(n)) for (region, _, _), n in rows.items()), *brought])

    def _brought(self, region: str, need: str, year: int) -> int:
        """Units that the newly poor of the region have brought along by the year."""
        tables = self.case.tables
        row = tables.needs.get((region, need, year), tables.needs.get((region, need, None)))
        return 0 if row is None else (self.case.need(region, need, year) or 0) - row

    @cached_property
    def cost(self) -> Numbers:
        """Region -> fen for everything it asks for, each thing by its cheapest measure; an estimate.

        Needs once (an entitlement in every year), income gaps in every year, both with those who have entered
        by then. Measures that nobody's money pays for cost nothing.
        """
        case = self.case
        parts: list[tuple[str, Fraction]] = []
        for region, need in dict.fromkeys((region, need) for region, need, _ in case.tables.needs):
            parts.append((region, self._need_bill(region, need)))
        for year in case.years:
            for (region, group), members in case.stock_by(year).items():
                gap = case.gap(group, region, case.first_year) or 0
                parts.append((region, self._cheapest_income(group, region) * gap * members))
        return self._sums(parts)

    def _need_bill(self, region: str, need: str) -> Fraction:
        """Fen for a need, with what newcomers bring: an entitlement year by year, a backlog once."""
        case = self.case
        if case.needs[need].kind is NeedKind.BACKLOG:
            whole = case.need(region, need, case.last_year) or 0
            return self._cheapest_need(need, region, case.first_year) * whole
        bill = (self._cheapest_need(need, region, y) * (case.need(region, need, y) or 0) for y in case.years)
        return sum(bill, Fraction(0))

    def _cheapest_need(self, need: str, region: str, year: int) -> Fraction:
        prices = [
            Fraction(cost) / measure.meets[need]
            for measure in self.case.measures.values()
            if measure.meets.get(need) and (cost := self.case.unit_cost(measure.id, region, year)) is not None
        ]
        return min(prices, default=Fraction(0))

    def _cheapest_income(self, group: str, region: str) -> Fraction:
        """Fen a year for one fen of income a year; a lasting measure is spread over its years."""
        case, prices = self.case, []
        for measure in case.measures.values():
            serves = measure.serves.get(group)
            cost = case.unit_cost(measure.id, region, case.first_year)
            if serves is None or serves.lift <= 0 or cost is None:
                continue
            lasts = min(measure.lifetime or len(case.years), len(case.years))
            prices.append(Fraction(cost, lasts * serves.lift) + Fraction(measure.upkeep, serves.lift))
        return min(prices, default=Fraction(0))
