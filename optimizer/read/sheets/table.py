"""What a sheet holds: its cells as they would be typed, and what is merged or hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from optimizer.read.problems import Place

#: First row, first column, last row, last column, from 1.
Area = tuple[int, int, int, int]


class CellKind(StrEnum):
    """What stands in a cell."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    ERROR = "error"  # #DIV/0!, #REF! ...
    UNCACHED = "uncached"  # a formula whose result the file does not hold


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell that is not empty.

    `text` is the cell as it would be typed: the exact decimal text of a number (never 1e+05), a date in ISO
    form, `TRUE`, `#DIV/0!`, the formula itself where its result is missing. A formula with a result has the
    kind and text of its result, and `formula` says so.
    """

    kind: CellKind
    text: str
    formula: bool = False


@dataclass(frozen=True)
class SheetTable:
    """One sheet. Rows and columns count from 1; empty cells are absent; texts are as they are."""

    file: str
    name: str
    cells: Mapping[tuple[int, int], SheetCell]
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
    hidden: bool = False
    stale: bool = False
    """The file asks to be calculated when it is opened, as programs do that write formulas without
    calculating them: the 0 of a formula may be no result at all."""

    def kind(self, cell: SheetCell) -> CellKind:
        """The kind of one of its cells; UNCACHED where the 0 of a formula may be no result."""
        doubtful = cell.formula and self.stale and cell.text == "0"
        return CellKind.UNCACHED if doubtful else cell.kind

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Where a cell stands: `file.xlsx:Sheet:F12`."""
        return Place(self.file, row, column, self.name)
