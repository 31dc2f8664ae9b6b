"""Bounds of whole columns: the part of all points that a proof, or a case of it, is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Box:
    """Least and most of every column; None is no bound."""

    lower: list[int | None]
    upper: list[int | None]

    def copy(self) -> Box:
        """A box of its own."""
        return Box(self.lower.copy(), self.upper.copy())

    def with_upper(self, column: int, most: int) -> Box:
        """The part of the box in which a column is at most this."""
        found = self.copy()
        old = found.upper[column]
        found.upper[column] = most if old is None else min(old, most)
        return found

    def with_lower(self, column: int, least: int) -> Box:
        """The part of the box in which a column is at least this."""
        found = self.copy()
        old = found.lower[column]
        found.lower[column] = least if old is None else max(old, least)
        return found

    def empty_at(self, column: int) -> bool:
        """Whether a column has no value left."""
        low, high = self.lower[column], self.upper[column]
        return low is not None and high is not None and low > high
