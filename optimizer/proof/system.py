"""The statements that a proof is about: whole-number rows over columns that take whole values.

Everything is a Python integer, so that nothing overflows and nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from optimizer.proof.box import Box

End = int | None


@dataclass(frozen=True)
class Row:
    """sum of entries[j] x[j] >= least; None: the row says nothing."""

    entries: Mapping[int, int]
    least: End


@dataclass(frozen=True, eq=False)
class System:
    """row_lower[i] <= sum of value[k] x[column[k]] <= row_upper[i] for k of row i, and x whole within `box`.

    `start[i]:start[i + 1]` are the entries of row i; None is no bound.
    """

    box: Box
    start: Sequence[int]
    column: Sequence[int]
    value: Sequence[int]
    row_lower: Sequence[End]
    row_upper: Sequence[End]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.row_lower)

    def row(self, i: int) -> Iterator[tuple[int, int]]:
        """(column, value) of a row."""
        first, last = self.start[i], self.start[i + 1]
        return zip(self.column[first:last], self.value[first:last], strict=True)

    def ends(self, i: int) -> tuple[End, End]:
        """The bounds of a row."""
        return self.row_lower[i], self.row_upper[i]

    def with_rows(self, rows: Sequence[Row]) -> System:
        """The system with more rows at its end."""
        start, column, value = [*self.start], [*self.column], [*self.value]
        for row in rows:
            column += row.entries.keys()
            value += row.entries.values()
            start.append(len(column))
        lower = [*self.row_lower, *(row.least for row in rows)]
        return System(self.box, start, column, value, lower, [*self.row_upper, *(None for _ in rows)])

    @cached_property
    def rows_of(self) -> list[list[int]]:
        """The rows that each column is in."""
        found: list[list[int]] = [[] for _ in self.box.lower]
        for i in range(self.rows):
            for k in range(self.start[i], self.start[i + 1]):
                found[self.column[k]].append(i)
        return found
