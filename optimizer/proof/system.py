"""The statements that a proof is about: whole-number rows over columns that take whole values.

Everything is a Python integer, so that nothing overflows and nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from optimizer.proof.box import Box

End = int | None


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

    @cached_property
    def rows_of(self) -> list[list[int]]:
        """The rows that each column is in."""
        found: list[list[int]] = [[] for _ in self.box.lower]
        for i in range(self.rows):
            for k in range(self.start[i], self.start[i + 1]):
                found[self.column[k]].append(i)
        return found
