"""A table as a grid of cells with their places, whatever file it comes from: CSV in the encodings that
bureaus use, or a sheet.

Nothing is read into the cells here: a number is the text it would be typed as, and an error stays an error.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.submission import Spot
from optimizer.read.decode import decoded
from optimizer.read.problems import Log, Place, column_letters
from optimizer.read.sheets import CellKind as Kind
from optimizer.read.sheets import SheetTable


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not empty; `text` as it would be typed, without white space around it."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Grid:
    """The cells of a table by (row, column) from 1."""

    file: str
    sheet: str | None
    cells: Mapping[tuple[int, int], Cell]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """(first row, first column, last row, last column)"""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    lines: Sequence[int] = ()
    """CSV: the line on which each row begins."""
    widths: Sequence[int] = ()
    """CSV: how many cells each row has, empty ones too."""

    @property
    def typed(self) -> bool:
        """Numbers are told from text."""
        return self.sheet is not None

    @cached_property
    def size(self) -> tuple[int, int]:
        """The last row and the last column with a cell."""
        return max((row for row, _ in self.cells), default=0), max((col for _, col in self.cells), default=0)

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, Cell]]:
        """Row -> column -> cell, in order."""
        found: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            found.setdefault(row, {})[column] = cell
        return found

    @cached_property
    def _merged_at(self) -> Mapping[tuple[int, int], tuple[int, int, int, int]]:
        return {
            (row, column): area
            for area in self.merged
            for row in range(area[0], min(area[2], self.size[0]) + 1)
            for column in range(area[1], min(area[3], self.size[1]) + 1)
        }

    def area(self, row: int, column: int) -> tuple[int, int, int, int]:
        """The merged area that a cell is part of, or the cell itself."""
        one = (row, column, row, column)
        return self._merged_at.get((row, column), one) if self.merged else one

    def shown(self, row: int, column: int) -> Cell | None:
        """The cell that is seen there: of a merged area, its first."""
        return self.cells.get(self.area(row, column)[:2] if self.merged else (row, column))

    def text(self, row: int, column: int) -> str:
        """The text that is seen there, or nothing."""
        cell = self.shown(row, column)
        return "" if cell is None else cell.text

    def spot(self, row: int, column: int, header: str = "") -> Spot:
        """The place of a cell: `F12`, or in a CSV its line and the column's header."""
        if self.sheet is not None:
            return Spot(self.file, self.sheet, f"{column_letters(column)}{row}")
        return Spot(self.file, None, f"{self.lines[row - 1]}:{header or column}")

    def place(self, row: int, column: int, header: str = "") -> Place:
        """The same for a message."""
        if self.sheet is not None:
            return Place(self.file, row, column, self.sheet)
        return Place(self.file, self.lines[row - 1], header or column)


def column_number(text: str) -> int | None:
    """The column of one to three letters; None for anything else."""
    if not (1 <= len(text) <= 3 and text.isascii() and text.isalpha()):
        return None
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number


def csv_grid(file: str, raw: bytes, log: Log) -> Grid | None:
    """The grid of a CSV file: UTF-8 with or without BOM, or GB18030; comma, semicolon or tab."""
    text = _text(file, raw, log)
    if text is None:
        return None
    first = text.split("\n", 20)[:20]
    delimiter = max(",\t;", key=lambda sign: sum(line.count(sign) for line in first))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    cells: dict[tuple[int, int], Cell] = {}
    lines: list[int] = []
    widths: list[int] = []
    line = 1
    try:
        for number, row in enumerate(reader, start=1):
            lines.append(line)
            widths.append(len(row))
            line = reader.line_num + 1
            for column, written in enumerate(row, start=1):
                if stripped := written.strip():
                    cells[number, column] = Cell(Kind.TEXT, stripped)
    except csv.Error as error:
        log.add("csv-syntax", Place(file, reader.line_num), reason=str(error))
        return None
    if not cells:
        log.add("empty-file", Place(file))
        return None
    return Grid(file, None, cells, lines=lines, widths=widths)


def _text(file: str, raw: bytes, log: Log) -> str | None:
    trial = Log()
    text = decoded(file, raw, trial)
    if text is None and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            text = None
    if text is None:
        log.extend(trial.problems)
    elif "\0" in text:
        log.add("encoding", Place(file), guess=("里面有空字符", "there are NUL characters in it"))
        return None
    return text


def sheet_grid(table: SheetTable) -> Grid:
    """The grid of a sheet; cells that hold white space only are empty."""
    cells = {
        at: Cell(table.kind(cell), text)
        for at, cell in table.cells.items()
        if (text := cell.text.strip()) or cell.kind is not Kind.TEXT
    }
    return Grid(
        table.file,
        table.name,
        cells,
        table.merged,
        table.hidden_rows,
        table.hidden_columns,
        table.hidden,
    )
