"""Where things can happen: sites, pools, flows, members and rows, as the case alone says.

In goes a Case; out come the sets that docs/mathematics.md calls by these names, in the order of regions.csv.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from models.case import Case
from models.policy import Supply
from models.region import RegionTree
from optimizer.audit.matching import Matcher, bound_to
from optimizer.audit.statement import Exact, Place


def roll_up(tree: RegionTree, amounts: Mapping[str, Exact]) -> dict[str, Exact]:
    """Region -> the sum over its subtree, for every region with an amount in its subtree."""
    sums: dict[str, Exact] = {}
    for region, amount in amounts.items():
        for above in tree.ancestors(region):
            sums[above] = sums.get(above, 0) + amount
    return sums


def upward(tree: RegionTree, regions: Iterable[str]) -> set[str]:
    """The regions and everything above them."""
    found: set[str] = set()
    for region in regions:
        for above in tree.ancestors(region):
            if above in found:
                break
            found.add(above)
    return found


class Places:
    """The places of one case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.matcher = Matcher(case)

    def in_order(self, regions: Iterable[str]) -> tuple[str, ...]:
        """The regions in file order."""
        chosen = frozenset(regions)
        return tuple(region for region in self.case.regions.ids if region in chosen)

    def times(self, regions: Iterable[str], years: Iterable[int] | None = None) -> list[Place]:
        """Each region in each year (None: of the horizon)."""
        chosen = self.case.years if years is None else tuple(years)
        return [(self.case.regions[region], year) for region in regions for year in chosen]

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """Region -> its place in file order."""
        return {region: rank for rank, region in enumerate(self.case.regions.ids)}

    @cached_property
    def sites(self) -> Mapping[str, tuple[str, ...]]:
        """Measure -> the regions that may buy it."""
        found = {}
        for measure in self.case.measures.values():
            let = self.matcher.regions(measure.where.condition, bound_to(measure=measure.id))
            if measure.level is None:
                candidates: Iterable[str] = self.case.regions.leaves
            else:
                candidates = (region.id for region in self.case.regions if region.level is measure.level)
            found[measure.id] = tuple(region for region in candidates if region in let)
        return found

    @cached_property
    def site_sets(self) -> Mapping[str, frozenset[str]]:
        """Measure -> its sites."""
        return {measure: frozenset(regions) for measure, regions in self.sites.items()}

    @cached_property
    def pools(self) -> Mapping[str, tuple[str, ...]]:
        """Fund -> regions with a row in the horizon; an open fund without rows: all of `pooled_at`."""
        rows: dict[str, set[str]] = {fund: set() for fund in self.case.funds}
        for fund, region, year in self.case.tables.supplied:
            if fund in rows and self.case.first_year <= year <= self.case.last_year:
                rows[fund].add(region)
        for fund, regions in rows.items():
            if not regions and self.case.funds[fund].supply is Supply.OPEN:
                level = self.case.funds[fund].pooled_at
                regions |= {region.id for region in self.case.regions if region.level is level}
        return {fund: self.in_order(regions) for fund, regions in rows.items()}

    @cached_property
    def pool_of(self) -> Mapping[str, Mapping[str, str]]:
        """Fund -> region -> the nearest pool at or above it; regions without one are absent."""
        found: dict[str, dict[str, str]] = {}
        for fund, pools in self.pools.items():
            own = frozenset(pools)
            nearest = (
                (region, next((above for above in self.case.regions.ancestors(region) if above in own), None))
                for region in self.case.regions.ids
            )
            found[fund] = {region: pool for region, pool in nearest if pool is not None}
        return found

    @cached_property
    def flows(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """(measure, fund) -> regions where the fund may pay for the measure; pairs with none are absent."""
        found = {}
        for measure in self.case.measures.values():
            for fund in self.case.funds.values():
                bound = bound_to(measure=measure.id, fund=fund.id)
                regions = self.site_sets[measure.id].intersection(self.pool_of[fund.id])
                for selector in (measure.payers, fund.pays, fund.where):
                    if regions and selector.condition is not None:
                        regions &= self.matcher.regions(selector.condition, bound)
                if regions:
                    found[measure.id, fund.id] = regions
        return found

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """Group -> the regions with a row in stocks.csv."""
        rows: dict[str, set[str]] = {group: set() for group in self.case.groups}
        for region, group in self.case.tables.stocks:
            rows[group].add(region)
        return {group: self.in_order(regions) for group, regions in rows.items()}

    @cached_property
    def needy(self) -> Mapping[str, tuple[str, ...]]:
        """Need -> the regions with a row in needs.csv, for any year."""
        rows: dict[str, set[str]] = {need: set() for need in self.case.needs}
        for region, need, _ in self.case.tables.needs:
            rows[need].add(region)
        return {need: self.in_order(regions) for need, regions in rows.items()}

    def needs_in(self, need: str, years: Iterable[int] | None = None) -> list[Place]:
        """Each region with a row for the need, in each year for which that row says something."""
        return [
            (region, year)
            for region, year in self.times(self.needy[need], years)
            if self.case.need(region.id, need, year) is not None
        ]

    @cached_property
    def listed(self) -> Mapping[str, tuple[str, ...]]:
        """Standard -> the regions it lists."""
        return {
            standard.id: self.in_order(self.matcher.regions(standard.where.condition, {}))
            for standard in self.case.standards.values()
        }

    @cached_property
    def standards_of(self) -> Mapping[str, tuple[str, ...]]:
        """Region -> the standards that list it; regions that none lists are absent."""
        found: dict[str, tuple[str, ...]] = {}
        for standard, regions in self.listed.items():
            for region in regions:
                found[region] = (*found.get(region, ()), standard)
        return found
