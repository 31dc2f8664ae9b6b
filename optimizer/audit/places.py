"""Where things can happen: sites, pools, flows, members and rows, as the case alone says.

In goes a Case; out come the sets that docs/mathematics.md calls by these names, in the order of regions.csv.
Nothing here depends on an allocation or on how much a fund brings in, so that many audits can share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from models.case import Case, same_but
from models.policy import Supply
from models.region import RegionTree
from models.rules.tree import Condition, Name, Subject
from optimizer.audit.matching import Bound, Matcher, bound_to
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


Kind = tuple[str, ...]
"""The ids of a quantity's subjects, in their order."""

#: What may differ between two cases with the same places; of funds.csv the amounts, not the rows.
_SILENT = frozenset({"sha256", "patches", "tables.supplied", "tables.sources"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What a condition lets through of a quantity in a year."""

    condition: Condition | None
    lines: tuple[tuple[Kind, Kind, frozenset[str]], ...]
    """(kind, its ids that are kept apart, regions), never without a region."""
    selected: frozenset[Kind]
    """(region, *ids kept apart) with anything in the region's subtree; only the root where regions are not
    kept apart."""


class Places:
    """The places of one case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.matcher = Matcher(case)
        self._choices: dict[tuple[Name, int, int, tuple[Subject, ...]], Choice] = {}

    def hold_for(self, case: Case) -> bool:
        """Whether the case has the same places: it differs in what funds bring in, if at all."""
        if case is self.case:
            return True
        rows = self.case.tables.supplied.keys() == case.tables.supplied.keys()
        return rows and same_but(self.case, case, _SILENT)

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

    @cached_property
    def needed(self) -> Mapping[tuple[str, str, int], int]:
        """(region, need, year) -> the need there, in the years for which its row says something."""
        found = {}
        for need, regions in self.needy.items():
            for region in regions:
                for year in self.case.years:
                    amount = self.case.need(region, need, year)
                    if amount is not None:
                        found[region, need, year] = amount
        return found

    def needs_in(self, need: str, years: Iterable[int] | None = None) -> list[Place]:
        """Each region with a row for the need, in each year for which that row says something."""
        return [
            (region, year)
            for region, year in self.times(self.needy[need], years)
            if (region.id, need, year) in self.needed
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

    def choice(
        self,
        name: Name,
        stands: tuple[tuple[Subject, ...], Mapping[Kind, frozenset[str]]],
        where: Condition | None,
        year: int,
        by: tuple[Subject, ...],
    ) -> Choice:
        """What `where`, asked as of `year`, lets through of a quantity, apart for each subject of `by`.

        `stands`: its subjects, and where it stands by their ids, the same whenever it is asked.
        """
        key = name, id(where), year, by
        if key not in self._choices:
            self._choices[key] = self._chosen(*stands, where, year, by)
        return self._choices[key]

    def _chosen(
        self,
        subjects: tuple[Subject, ...],
        places: Mapping[Kind, frozenset[str]],
        where: Condition | None,
        year: int,
        by: tuple[Subject, ...],
    ) -> Choice:
        apart = [index for index, subject in enumerate(subjects) if subject in by]
        of_project = Subject.PROJECT in by and Subject.MEASURE in subjects
        lines: list[tuple[Kind, Kind, frozenset[str]]] = []
        chosen: dict[Kind, set[str]] = {}
        for kind, regions in places.items():
            bound: Bound = {**dict(zip(subjects, kind, strict=False)), Subject.YEAR: str(year)}
            let = regions & self.matcher.regions(where, bound)
            if not let:
                continue
            ids = tuple(kind[index] for index in apart)
            if of_project:
                project = self.case.measures[kind[subjects.index(Subject.MEASURE)]].project
                if project is None:
                    continue
                ids += (project,)
            lines.append((kind, ids, let))
            chosen.setdefault(ids, set()).update(let)
        selected = {(region, *ids) for ids, regions in chosen.items() for region in self.above(regions, by)}
        return Choice(where, tuple(lines), frozenset(selected))

    def above(self, regions: Iterable[str], by: tuple[Subject, ...]) -> set[str]:
        """The regions and all above them where regions are kept apart, else the root, if there are any."""
        tree = self.case.regions
        if Subject.REGION in by:
            return upward(tree, regions)
        return {tree.root} if any(True for _ in regions) else set()
