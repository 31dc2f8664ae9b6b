"""Regions: the tree province - city - county - township - village.

`RegionTree` answers questions about the tree (children, leaves, subtree) once and for all; it is built
from a flat list by the reader, which has already refused cycles and second parents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from models.citation import Citation, Closed


class Level(StrEnum):
    """Administrative level of a region."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class Region(Closed):
    """地区: one node of the tree. `code` is the GB/T 2260 code where the region has one."""

    id: str
    name: str
    level: Level
    parent: str | None
    tags: frozenset[str] = frozenset()
    attributes: Mapping[str, Fraction] = {}
    code: str | None = None
    citation: Citation


class RegionTree:
    """The regions of a case in file order, with the questions everybody asks of the tree."""

    def __init__(self, regions: Mapping[str, Region]) -> None:
        self._regions = dict(regions)

    def __getitem__(self, region: str) -> Region:
        return self._regions[region]

    def __contains__(self, region: object) -> bool:
        return region in self._regions

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def __len__(self) -> int:
        return len(self._regions)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Every region's id, in file order."""
        return tuple(self._regions)

    @cached_property
    def root(self) -> str:
        """The one region without a parent."""
        return next(region.id for region in self if region.parent is None)

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The ids directly below each region, in file order."""
        below: dict[str, list[str]] = {region.id: [] for region in self}
        for region in self:
            if region.parent is not None:
                below[region.parent].append(region.id)
        return {region: tuple(ids) for region, ids in below.items()}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The regions with nothing below them, in file order."""
        return tuple(region.id for region in self if not self.children[region.id])

    def ancestors(self, region: str) -> Iterator[str]:
        """The region itself, its parent, and so on up to the root."""
        current: str | None = region
        while current is not None:
            yield current
            current = self._regions[current].parent

    @cached_property
    def _subtrees(self) -> Mapping[str, tuple[str, ...]]:
        inside: dict[str, list[str]] = {region.id: [] for region in self}
        for region in self:
            for above in self.ancestors(region.id):
                inside[above].append(region.id)
        return {region: tuple(ids) for region, ids in inside.items()}

    def subtree(self, region: str) -> tuple[str, ...]:
        """The region itself and everything below it, in file order."""
        return self._subtrees[region]

    def tops(self, level: Level) -> Mapping[str, str]:
        """Region -> the region of the level that it lies in; regions above the level are absent."""
        return {
            inside: region.id
            for region in self
            if region.level is level
            for inside in self.subtree(region.id)
        }

    @cached_property
    def usual_level(self) -> Level:
        """Whom one compares: counties; in a tree of one county townships, or villages."""
        levels = list(Level)
        for level in levels[levels.index(Level.COUNTY) :]:
            if sum(region.level is level for region in self) > 1:
                return level
        return Level.COUNTY
