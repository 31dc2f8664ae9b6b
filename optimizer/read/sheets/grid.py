"""One sheet's XML to its cells, event by event: no tree is built and no declared dimension is believed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from optimizer.read.sheets.archive import LIMITS, Archive
from optimizer.read.sheets.numbers import date_text, iso_text, number_text
from optimizer.read.sheets.table import Area, CellKind, SheetCell

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Grid:
    """What is read into, and what the cells refer to."""

    texts: list[str]
    dates: frozenset[int]
    durations: frozenset[int]
    from_1904: bool
    most: int
    """So many cells may still be read from the workbook."""
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_grid(archive: Archive, part: str, title: str, grid: Grid) -> None:
    """Read a sheet's part into `grid`; Refused, with the problem on the log, where it cannot be trusted."""
    reader = _Reader(archive, part, title, grid)
    try:
        archive.parse(part, reader.start, reader.end, reader.text, title)
    except (ValueError, KeyError, IndexError) as error:
        reader.refuse(str(error))


def unescaped(text: str) -> str:
    """`_x000D_` is how workbooks write a character that XML cannot hold; what no text can hold becomes �."""
    if "_x" not in text:
        return text
    found = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


class _Reader:
    """The callbacks of the parser; state is where in the sheet it is."""

    def __init__(self, archive: Archive, part: str, title: str, grid: Grid) -> None:
        self.archive, self.part, self.title, self.grid = archive, part, title, grid
        self.row = self.column = 0
        self.kind, self.style = "n", 0
        self.value: list[str] = []
        self.formula: list[str] = []
        self.has_formula = self.has_value = False
        self.into: list[str] | None = None
        self.hints = 0
        self.letters: dict[str, int] = {}
        self.shared: dict[tuple[CellKind, str, bool], SheetCell] = {}
        starts: dict[str, Callable[[dict[str, str]], None]] = {
            "c": self.start_cell,
            "v": self.start_value,
            "f": self.start_formula,
            "t": self.start_text,
            "row": self.start_row,
            "col": self.start_column,
            "mergeCell": self.start_merged,
            "rPh": self.start_hint,
        }
        ends: dict[str, Callable[[], None]] = {
            "c": self.finish_cell,
            "v": self.finish_text,
            "f": self.finish_text,
            "t": self.finish_text,
            "rPh": self.finish_hint,
        }
        self.starts = {f"{MAIN} {name}": call for name, call in starts.items()}
        self.ends = {f"{MAIN} {name}": call for name, call in ends.items()}

    def refuse(self, reason: str) -> NoReturn:
        """Give the sheet up."""
        self.archive.refuse("book-xml", sheet=self.title, part=self.part, reason=reason)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        call = self.starts.get(tag)
        if call is not None:
            call(attributes)

    def end(self, tag: str) -> None:
        call = self.ends.get(tag)
        if call is not None:
            call()

    def finish_text(self) -> None:
        self.into = None

    def finish_hint(self) -> None:
        self.hints -= 1

    def text(self, piece: str) -> None:
        if self.into is not None:
            self.into.append(piece)

    def start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        self.row = int(given) if given is not None else self.row + 1
        self.column = 0
        if not 1 <= self.row <= LAST_ROW:
            self.refuse(f"row {self.row}")
        if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
            self.grid.hidden_rows.add(self.row)

    def start_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0":
            first, last = int(attributes["min"]), int(attributes["max"])
            self.grid.hidden_columns.update(range(first, min(last, LAST_COLUMN) + 1))

    def start_merged(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        self.grid.merged.append((*self.reference(first), *self.reference(last or first)))

    def start_hint(self, attributes: dict[str, str]) -> None:
        self.hints += 1

    def start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            row, self.column = self.reference(reference)
            if row != self.row:
                self.refuse(f"{reference} in row {self.row}")
        if self.column > LAST_COLUMN:
            self.refuse(f"column {self.column}")
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self.value, self.formula = [], []
        self.has_formula = self.has_value = False

    def reference(self, text: str) -> tuple[int, int]:
        """Row and column of `F12`."""
        found = _REFERENCE.fullmatch(text)
        if found is None:
            self.refuse(f"reference {text[:20]!r}")
        letters, row = found.group(1), int(found.group(2))
        column = self.letters.get(letters)
        if column is None:
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - ord("A") + 1
            self.letters[letters] = column
        return row, column

    def start_value(self, attributes: dict[str, str]) -> None:
        self.into, self.has_value = self.value, True

    def start_text(self, attributes: dict[str, str]) -> None:
        if self.kind == "inlineStr" and not self.hints:
            self.into, self.has_value = self.value, True

    def start_formula(self, attributes: dict[str, str]) -> None:
        self.into, self.has_formula = self.formula, True

    def finish_cell(self) -> None:
        """Put the cell that ends here into the grid."""
        stored = "".join(self.value)
        if self.has_formula and not stored and not (self.kind == "str" and self.has_value):
            kind, text = CellKind.UNCACHED, "=" + "".join(self.formula)
        elif stored or self.has_formula:
            kind, text = self.content(stored)
        else:
            return
        if not text and not self.has_formula:
            return
        key = (self.row, self.column)
        if key in self.grid.cells:
            self.refuse(f"cell {self.row}, {self.column} twice")
        if len(self.grid.cells) >= self.grid.most:
            self.archive.refuse("book-many-cells", sheet=self.title, limit=LIMITS.cells)
        same = (kind, text, self.has_formula)
        cell = self.shared.get(same)
        if cell is None:
            cell = self.shared[same] = SheetCell(*same)
        self.grid.cells[key] = cell

    def content(self, stored: str) -> tuple[CellKind, str]:
        """Kind and text of a stored value."""
        if self.kind == "n":
            if self.style in self.grid.dates:
                duration = self.style in self.grid.durations
                date = date_text(stored, from_1904=self.grid.from_1904, duration=duration)
                return (CellKind.ERROR, "#######") if date is None else (CellKind.DATE, date)
            number = number_text(stored)
            return (CellKind.ERROR, stored) if number is None else (CellKind.NUMBER, number)
        if self.kind == "s":
            at = int(stored)
            if not 0 <= at < len(self.grid.texts):
                self.refuse(f"text {at} of {len(self.grid.texts)}")
            return CellKind.TEXT, self.grid.texts[at]
        if self.kind == "b":
            return CellKind.BOOLEAN, "TRUE" if stored in ("1", "true") else "FALSE"
        if self.kind == "e":
            return CellKind.ERROR, stored
        if self.kind == "d":
            return CellKind.DATE, iso_text(stored)
        if self.kind in ("str", "inlineStr"):
            return CellKind.TEXT, unescaped(stored)
        self.refuse(f"cell type {self.kind[:20]!r}")
