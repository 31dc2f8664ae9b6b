"""The Allocation: who gets how much of which fund for what, in which year, and what that buys.

Exact whole numbers only. It is the one thing the auditor looks at: a plan's own, or anybody's table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Item(StrEnum):
    """The kinds of line in allocation.csv."""

    MONEY = "money"  # region, measure, fund, year -> fen paid
    UNITS = "units"  # region, measure, year -> units started
    SERVES = "serves"  # region, measure, group, year -> units in effect that serve the group
    EXITS = "exits"  # region, group, year -> members that leave in the year
    RETURNED = "returned"  # region, group, year -> members that fall back in the year
    REVOKED = "revoked"  # region, group, year -> members whose exit is undone in the year
    LEAVES = "leaves"  # region, standard, year -> 1 in the year the region leaves the list
    BROUGHT = "brought"  # region (pool), fund, year -> fen the fund brings in
    CARRIED = "carried"  # region (pool), fund, year -> fen carried into the next year
    LAPSED = "lapsed"  # region (pool), fund, year -> fen neither spent nor carried


@dataclass(frozen=True)
class Allocation:
    """分配: every mapping holds non-zero amounts only; an absent key is zero.

    `covers` says which items the source speaks of: an absent item is unknown, not zero, and the auditor
    reports what depends on it as NOT_EVALUATED.
    """

    money: Mapping[tuple[str, str, str, int], int] = field(default_factory=dict)
    """(region, measure, fund, year) -> fen"""
    units: Mapping[tuple[str, str, int], Fraction] = field(default_factory=dict)
    """(region, measure, year) -> units"""
    serves: Mapping[tuple[str, str, str, int], Fraction] = field(default_factory=dict)
    """(region, measure, group, year) -> units"""
    exits: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    """(region, group, year) -> members"""
    returned: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    """(region, group, year) -> members"""
    revoked: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    """(region, group, year) -> members"""
    leaves: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    """(region, standard, year) -> 1"""
    brought: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    """(pool, fund, year) -> fen"""
    carried: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    """(pool, fund, year) -> fen"""
    lapsed: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    """(pool, fund, year) -> fen"""
    covers: frozenset[Item] = frozenset(Item)
