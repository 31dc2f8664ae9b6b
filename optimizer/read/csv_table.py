"""CSV text to columns: the header checked once, every row with its line, every different cell read once.

The standard library's csv module is used: it gives the true line of every row and shows rows that are too
short or too long, which a data frame would fill or shift in silence, and it needs no import of a third of
a second.
"""

from __future__ import annotations

import csv
import gc
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from models.money import MONEY_UNITS
from models.rules.source import nearest
from optimizer.read.figures import Fault
from optimizer.read.problems import Log, Place
from optimizer.read.yaml_nodes import UNREADABLE

T = TypeVar("T")

#: Problems of one code in one column that are listed one by one.
SHOWN = 20
_CHUNK = 1_000  # rows that are turned into columns at a time: they stay in the processor's cache
_HEADER = re.compile(r"([^()]+)\(([^()]*)\)")


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: walking over rows that all live costs a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass(frozen=True)
class Column:
    """A column of a file. `money`: the header carries the unit, as in `cost(元)`."""

    name: str
    money: bool = False
    optional: bool = False
    """The whole column may be left out: all its cells may be empty."""


@dataclass(frozen=True)
class Rows:
    """Rows of a sheet, header first, all of one width, and the row of the sheet each stands on.

    A cell that is UNREADABLE has its problem on the log already.
    """

    rows: list[list[str]]
    lines: list[int]


@dataclass
class Table:
    """The rows of a file by column. `lines` is each row's line; `bad` the rows with a problem."""

    file: str
    log: Log
    cells: dict[str, list[str]]
    units: dict[str, str]
    """Money unit of the money columns."""
    headers: dict[str, str]
    """Column -> its name as written."""
    lines: Sequence[int]
    bad: set[int] = field(default_factory=set)
    uneven: bool = False
    """Rows with too few or too many cells were left out."""

    @property
    def whole(self) -> bool:
        """Nothing is wrong with any row."""
        return not self.uneven and not self.bad

    def __len__(self) -> int:
        return len(self.lines)

    def read(self, column: str, convert: Callable[[str], T], blank: Any = None) -> list[T | Any]:
        """The column's values; a cell that raises Fault is reported and None. `blank`: see `_Converted`."""
        cells = self.cells.get(column)
        if cells is None:
            return [blank] * len(self)
        values = _Converted(convert)
        result = list(map(values.__getitem__, cells))
        if values.faults:
            self._report_faults(column, cells, values.faults)
        return result

    def _report_faults(self, column: str, cells: list[str], faults: dict[str, Fault]) -> None:
        by_code: dict[str, list[int]] = {}
        for row, cell in enumerate(cells):
            if cell in faults:
                by_code.setdefault(faults[cell].code, []).append(row)
        for code, rows in by_code.items():
            self.report(code, column, rows, lambda row: faults[cells[row]].words)

    def report(
        self,
        code: str,
        column: str,
        rows: Sequence[int],
        words: Callable[[int], Mapping[str, object]] | Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Report a column's bad rows one by one, at most SHOWN of them, and mark them all as bad."""
        self.bad.update(rows)
        name = self.headers.get(column, column)
        cells = self.cells.get(column)
        for row in rows[:SHOWN]:
            found = cells[row] if cells is not None else ""
            more = words if isinstance(words, Mapping) else words(row)
            self.log.add(code, Place(self.file, self.lines[row], name), found, **{"field": name, **more})
        if len(rows) > SHOWN:
            place = Place(self.file, self.lines[rows[SHOWN]], name)
            self.log.add("more", place, more=len(rows) - SHOWN, field=name)

    def good(self, *columns: list[Any]) -> tuple[list[Any], ...]:
        """The converted columns without the bad rows."""
        if not self.bad:
            return columns
        keep = [row for row in range(len(self)) if row not in self.bad]
        return tuple([column[row] for row in keep] for column in columns)

    def good_lines(self) -> Sequence[int]:
        """The lines of the rows that `good` returns."""
        if not self.bad:
            return self.lines
        return [line for index, line in enumerate(self.lines) if index not in self.bad]


class _Converted(dict[str, Any]):
    """Each different cell is converted once; faults are kept aside."""

    def __init__(self, convert: Callable[[str], Any]) -> None:
        super().__init__()
        self.convert = convert
        self.faults: dict[str, Fault] = {}

    def __missing__(self, cell: str) -> Any:
        try:
            value = None if cell == UNREADABLE else self.convert(cell)
        except Fault as fault:
            self.faults[cell] = fault
            value = None
        self[cell] = value
        return value


class _Stripped(dict[str, str]):
    """Each different cell is kept once, without the white space around it."""

    def __missing__(self, cell: str) -> str:
        self[cell] = stripped = cell.strip()
        return stripped


def read_table(
    file: str,
    text: str | Rows,
    columns: Sequence[Column],
    log: Log,
    *,
    free: Callable[[str, str | None], str | None] | None = None,
) -> Table | None:
    """The table of a file, or None where its header cannot be used.

    `free` is asked about a column that is not in `columns`, with its name and unit; it returns the name under
    which to keep it, or None where it is unknown.
    """
    rows, lines = (text.rows, text.lines) if isinstance(text, Rows) else _rows(file, text, log)
    if not rows:
        if isinstance(text, Rows) or UNREADABLE not in text:
            log.add("empty-file", Place(file))
        return None
    header = _header(file, [cell.strip() for cell in rows[0]], lines[0], columns, log, free)
    if header is None:
        return None
    names, units, headers = header
    before = len(log.problems)
    rows, lines = _even_rows(file, rows, lines, log)
    uneven = len(log.problems) > before
    cells: list[list[str]] = [[] for _ in names]
    kept = [_Stripped() for _ in names]
    for start in range(0, len(rows), _CHUNK):
        for column, strip, part in zip(
            cells, kept, zip(*rows[start : start + _CHUNK], strict=True), strict=True
        ):
            column.extend(map(strip.__getitem__, part))
    table = Table(file, log, dict(zip(names, cells, strict=True)), units, headers, lines, uneven=uneven)
    if isinstance(text, Rows):
        table.bad.update(at for at, row in enumerate(rows) if UNREADABLE in row)
    return table


def _rows(file: str, text: str, log: Log) -> tuple[list[list[str]], Sequence[int]]:
    """All rows and the lines on which they start; a quotation mark out of place ends the reading."""
    if UNREADABLE in text:
        log.add("csv-syntax", Place(file, text.count("\n", 0, text.index(UNREADABLE)) + 1), reason="NUL")
        return [], []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
        if reader.line_num == len(rows):
            return rows, range(1, len(rows) + 1)
    except csv.Error as error:
        log.add("csv-syntax", Place(file, reader.line_num), reason=str(error))
    lines, at = [], 1
    for row in rows:
        lines.append(at)
        at += 1 + sum(cell.count("\n") or cell.count("\r") for cell in row)
    return rows, lines


def _even_rows(
    file: str, rows: list[list[str]], lines: Sequence[int], log: Log
) -> tuple[list[list[str]], Sequence[int]]:
    """The rows below the header that have its width; blank rows are passed over."""
    width = len(rows[0])
    if set(map(len, rows)) == {width} and all(row[0] or any(row) for row in rows):
        return rows[1:], lines[1:]
    keep = [index for index in range(1, len(rows)) if len(rows[index]) == width]
    ragged = [i for i in range(1, len(rows)) if len(rows[i]) != width and any(map(str.strip, rows[i]))]
    for index in ragged[:SHOWN]:
        log.add("ragged-row", Place(file, lines[index]), str(len(rows[index])), width=width)
    if len(ragged) > SHOWN:
        place = Place(file, lines[ragged[SHOWN]])
        log.add("more", place, more=len(ragged) - SHOWN, field=("各列", "the columns"))
    keep = [index for index in keep if any(map(str.strip, rows[index]))]
    return [rows[index] for index in keep], [lines[index] for index in keep]


def _header(
    file: str,
    written: list[str],
    line: int,
    columns: Sequence[Column],
    log: Log,
    free: Callable[[str, str | None], str | None] | None,
) -> tuple[list[str], dict[str, str], dict[str, str]] | None:
    """Names, money units and written names of the columns; None where a column is missing or unclear."""
    known = {column.name: column for column in columns}
    if not any(text.partition("(")[0].strip() in known for text in written):
        names_needed = " ".join(column.name for column in columns if not column.optional)
        log.add("header-missing", Place(file, line), ",".join(written), known=names_needed)
        return None
    expected = [column.name + ("(元)" if column.money else "") for column in columns]
    names: list[str] = []
    units: dict[str, str] = {}
    headers: dict[str, str] = {}
    before = len(log.problems)
    for text in written:
        place = Place(file, line, text or len(names) + 1)
        found = _HEADER.fullmatch(text)
        name, unit = (found.group(1).strip(), found.group(2).strip()) if found else (text, None)
        column = known.get(name)
        if column is None and free is not None:
            name = free(name, unit) or ""
            if name and unit is not None:
                units[name] = unit
        elif column is not None and column.money and unit in MONEY_UNITS:
            units[name] = unit or ""
        elif column is not None and (column.money or unit is not None):
            log.add("column-unit" if column.money else "column-unit-unwanted", place, text, name=name)
        elif column is None:
            name = ""
        if not name:
            _unknown_column(text, place, expected, log)
        elif name in headers:
            log.add("duplicate-column", place, text, name=name, first=headers[name])
        headers.setdefault(name, text)
        names.append(name)
    for column in columns:
        if column.name not in headers and not column.optional:
            name = column.name + ("(元)" if column.money else "")
            log.add("missing-column", Place(file, line), name=name, known=" ".join(written))
    return (names, units, headers) if len(log.problems) == before else None


def _unknown_column(text: str, place: Place, expected: list[str], log: Log) -> None:
    if "（" in text or "）" in text:
        plain = text.replace("（", "(").replace("）", ")")
        log.add("wide-column", place, text, plain=plain)
    else:
        log.add("unknown-column", place, text, known=" ".join(expected), near=nearest(text, expected))
