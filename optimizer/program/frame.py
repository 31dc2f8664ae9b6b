"""The case seen as arrays: positions of regions, sites, pools, flows, members, and who lies below whom.

Nothing here knows of rows or columns. A `Frame` is made once per build and asked by every family.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import numpy as np

from models.case import Case
from models.policy import Entry, Fund, Group, Measure, Need, Supply
from models.rules.tree import And, Comparison, Condition, Not, Or, Subject, Test
from optimizer.program.matrix import ProgramError, Truth, Whole, common, times

#: What a condition is asked about, regions excepted: they are the array dimension.
Fixed = Fund | Measure | Group | Need | int | None


class Frame:
    """Positions (0..R-1, file order) and masks over the regions of a case.

    `tight`: exit rows ask for what other statements demand anyway (see `required`), which every lawful plan
    keeps and which makes the relaxation tight. Without it each row stands for its own statement alone.
    """

    def __init__(self, case: Case, *, tight: bool = True) -> None:
        self.case = case
        self.tight = tight
        self.years = case.years
        self.ids = case.regions.ids
        self.position = {region: i for i, region in enumerate(self.ids)}
        self._sites: dict[str, Whole] = {}
        self._pool_of: dict[str, Whole] = {}
        self._stocks: dict[str, Whole] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def positions(self, ids: list[str]) -> Whole:
        """Positions of region ids."""
        return np.fromiter((self.position[region] for region in ids), dtype=np.int64, count=len(ids))

    @cached_property
    def root(self) -> int:
        """Position of the root."""
        return self.position[self.case.regions.root]

    @cached_property
    def parent(self) -> Whole:
        """Position of each region's parent, -1 at the root."""
        regions = self.case.regions
        return np.array(
            [-1 if region.parent is None else self.position[region.parent] for region in regions],
            dtype=np.int64,
        )

    @cached_property
    def level(self) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
        """Level of each region, as text."""
        return np.array([region.level.value for region in self.case.regions])

    @cached_property
    def leaf(self) -> Truth:
        """Which regions have nothing below them."""
        mask = np.ones(len(self), dtype=np.bool_)
        mask[self.parent[self.parent >= 0]] = False
        return mask

    def above(self, lower: Whole, row_of: Whole) -> tuple[Whole, Whole]:
        """Pairs (i, row): `lower[i]` lies in the subtree of the region whose row is `row_of[region] >= 0`."""
        indices, rows = [], []
        current = lower.copy()
        index = np.arange(len(lower), dtype=np.int64)
        while len(current):
            found = row_of[current] >= 0
            indices.append(index[found])
            rows.append(row_of[current[found]])
            current = self.parent[current]
            keep = current >= 0
            current, index = current[keep], index[keep]
        return (
            np.concatenate(indices) if indices else np.zeros(0, dtype=np.int64),
            np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64),
        )

    def numbering(self, regions: Whole) -> Whole:
        """For each region its row number in `regions`, or -1."""
        rows = np.full(len(self), -1, dtype=np.int64)
        rows[regions] = np.arange(len(regions))
        return rows

    # --- who, where -------------------------------------------------------------------------

    def sites(self, measure: Measure) -> Whole:
        """Regions that may buy the measure."""
        if measure.id not in self._sites:
            mask = self.leaf if measure.level is None else self.level == measure.level.value
            mask = mask & self.matching(measure.where.condition, measure=measure)
            self._sites[measure.id] = np.flatnonzero(mask)
        return self._sites[measure.id]

    def pools(self, fund: Fund) -> Whole:
        """Regions at which the fund is kept."""
        kept = {
            pool for (name, pool, year) in self.case.tables.supplied if name == fund.id and year in self.years
        }
        if kept:
            return np.array(sorted(self.position[pool] for pool in kept), dtype=np.int64)
        if fund.supply is Supply.OPEN:
            return np.flatnonzero(self.level == fund.pooled_at.value)
        return np.zeros(0, dtype=np.int64)

    def pool_of(self, fund: Fund) -> Whole:
        """For each region the number of its pool (nearest, itself or above) within `pools`, or -1."""
        if fund.id not in self._pool_of:
            own = self.numbering(self.pools(fund))
            nearest = own.copy()
            current = self.parent.copy()
            while (current >= 0).any():
                take = (nearest < 0) & (current >= 0)
                nearest[take] = own[current[take]]
                current = np.where(current >= 0, self.parent[current], -1)
            self._pool_of[fund.id] = nearest
        return self._pool_of[fund.id]

    def flow(self, measure: Measure, fund: Fund) -> Whole:
        """Sites of the measure at which the fund may pay for it."""
        sites = self.sites(measure)
        allowed = self.matching(measure.payers.condition, fund=fund, measure=measure)
        allowed = allowed & self.matching(fund.pays.condition, measure=measure, fund=fund)
        allowed &= self.matching(fund.where.condition, fund=fund, measure=measure)
        allowed &= self.pool_of(fund) >= 0
        return sites[allowed[sites]]

    @cached_property
    def _members(self) -> dict[str, tuple[Whole, Whole]]:
        found: dict[str, list[tuple[int, int]]] = {group: [] for group in self.case.groups}
        for (region, group), count in self.case.tables.stocks.items():
            found[group].append((self.position[region], count))
        out = {}
        for group, pairs in found.items():
            table = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
            out[group] = (table[:, 0], table[:, 1])
        return out

    def members(self, group: str) -> tuple[Whole, Whole]:
        """Regions with members of the group, and how many at the start."""
        return self._members[group]

    def entered(self, group: str, kinds: tuple[Entry, ...] = tuple(Entry)) -> Whole:
        """Members who come into the stock in each year: (regions with members, years)."""
        regions, _ = self.members(group)
        number = self.numbering(regions)
        amounts = np.zeros((len(regions), len(self.years)), dtype=np.int64)
        for (region, name, year, kind), count in self.case.tables.entrants.items():
            if name == group and kind in kinds:
                amounts[number[self.position[region]], year - self.years[0]] += count
        return amounts

    def stocks(self, group: str) -> Whole:
        """Members in the stock by the end of each year, whether out or not: (regions with members, years)."""
        if group not in self._stocks:
            _, start = self.members(group)
            self._stocks[group] = start[:, None] + np.cumsum(self.entered(group), axis=1)
        return self._stocks[group]

    def undone(self, group: str) -> Whole:
        """Exits that revoked.csv undoes, -1 where it has no row: (regions with members, years)."""
        regions, _ = self.members(group)
        number = self.numbering(regions)
        amounts = np.full((len(regions), len(self.years)), -1, dtype=np.int64)
        for (region, name, year), count in self.case.tables.revoked.items():
            if name == group:
                amounts[number[self.position[region]], year - self.years[0]] = count
        return amounts

    @cached_property
    def _needs(self) -> dict[str, tuple[Whole, Whole]]:
        rows: dict[str, dict[int, dict[int | None, int]]] = {need: {} for need in self.case.needs}
        for (region, need, year), amount in self.case.tables.needs.items():
            rows[need].setdefault(self.position[region], {})[year] = amount
        out = {}
        for need, by_region in rows.items():
            regions = np.array(sorted(by_region), dtype=np.int64)
            amounts = np.zeros((len(regions), len(self.years)), dtype=np.int64)
            for i, region in enumerate(regions):
                years = by_region[int(region)]
                general = years.get(None, 0)
                amounts[i] = [years.get(year, general) for year in self.years]
            out[need] = (regions, amounts + self._brought(self.case.needs[need], regions))
        return out

    def _brought(self, need: Need, regions: Whole) -> Whole:
        """Units that those who became poor by each year have brought to each region, rounded up."""
        multiplier = common(list(need.brought_by.values()) or [Fraction(1)])
        amounts = np.zeros((len(regions), len(self.years)), dtype=np.int64)
        row_of = self.numbering(regions)
        for group, rate in need.brought_by.items():
            here, _ = self.members(group)
            inside, row = self.above(here, row_of)
            entered = np.cumsum(self.entered(group, (Entry.NEW,)), axis=1) * times(rate, multiplier)
            np.add.at(amounts, row, entered[inside])
        return -(-amounts // multiplier)

    def needs(self, need: str) -> tuple[Whole, Whole]:
        """Regions with a row for the need, and the amounts (regions, years)."""
        return self._needs[need]

    # --- figures that may hold everywhere or every year -------------------------------------

    @cached_property
    def _figures(self) -> dict[tuple[str, str], list[tuple[int, int, int]]]:
        """(table, item) -> (region or -1, year number or -1, amount)."""
        rows: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
        number: dict[int | None, int] = {year: j for j, year in enumerate(self.years)}
        number[None] = -1
        place: dict[str | None, int] = {None: -1}
        place.update(self.position)
        for name in ("costs", "gaps"):
            for (item, region, year), amount in getattr(self.case.tables, name).items():
                if year in number:
                    rows.setdefault((name, item), []).append((place[region], number[year], amount))
        return rows

    def figures(self, table: str, item: str, regions: Whole) -> Whole:
        """Amounts (regions, years) of `costs` or `gaps` by the most specific row; 0 where there is none."""
        rows = np.array(self._figures.get((table, item), []), dtype=np.int64).reshape(-1, 3)
        amounts = np.zeros((len(regions), len(self.years)), dtype=np.int64)
        here = self.numbering(regions)
        row = np.where(rows[:, 0] >= 0, here[rows[:, 0]], -1)
        general, always = rows[:, 0] < 0, rows[:, 1] < 0
        for amount in rows[general & always, 2]:
            amounts[:] = amount
        for _, j, amount in rows[general & ~always]:
            amounts[:, j] = amount
        chosen = (row >= 0) & always
        amounts[row[chosen]] = rows[chosen, 2][:, None]
        chosen = (row >= 0) & ~always
        amounts[row[chosen], rows[chosen, 1]] = rows[chosen, 2]
        return amounts

    # --- conditions -------------------------------------------------------------------------

    def matching(self, condition: Condition | None, **fixed: Fixed) -> Truth:
        """Which regions a condition lets through, for a fixed fund, measure, group, need, year."""
        if condition is None:
            return np.ones(len(self), dtype=np.bool_)
        if isinstance(condition, Not):
            return ~self.matching(condition.inner, **fixed)
        if isinstance(condition, And | Or):
            every = isinstance(condition, And)
            passing = np.full(len(self), every)
            for part in condition.parts:
                here = self.matching(part, **fixed)
                passing = passing & here if every else passing | here
            return passing
        if condition.subject is Subject.REGION:
            return self._regions_passing(condition)
        return np.full(len(self), _passes(condition, fixed.get(condition.subject.value)))

    def _regions_passing(self, test: Test) -> Truth:
        regions = self.case.regions
        if test.field == "id":
            return np.array([region in test.values for region in self.ids], dtype=np.bool_)
        if test.field == "level":
            return np.isin(self.level, test.values)
        if test.field == "tag":
            return np.array([bool(region.tags & set(test.values)) for region in regions], dtype=np.bool_)
        numbers = [region.attributes.get(test.field) for region in regions]
        return np.array([value is not None and compared(value, test) for value in numbers], dtype=np.bool_)


def _passes(test: Test, item: Fixed) -> bool:
    if item is None:
        raise ProgramError(f"the condition asks for a {test.subject.value}, and there is none here")
    if isinstance(item, int):
        return compared(Fraction(item), test)
    if test.field == "id":
        return item.id in test.values
    if test.field == "tag":
        return bool(item.tags & set(test.values))
    return str(getattr(item, test.field)) in test.values


def compared(value: Fraction, test: Test) -> bool:
    """A number held against the value(s) of a test."""
    bounds = [Fraction(text) for text in test.values]
    if test.compare is Comparison.AT_LEAST:
        return value >= bounds[0]
    if test.compare is Comparison.AT_MOST:
        return value <= bounds[0]
    if test.compare is Comparison.MORE:
        return value > bounds[0]
    if test.compare is Comparison.LESS:
        return value < bounds[0]
    return value in bounds
