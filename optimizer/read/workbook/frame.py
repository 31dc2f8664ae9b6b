"""One sheet as rows below a header, with every fault of its cells on the log: error values, formulas without
a result, merged and hidden cells over data, a totals row, data without a header.

A cell with a fault becomes UNREADABLE, so that whoever reads it goes on and says nothing a second time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.read.csv_table import SHOWN
from optimizer.read.problems import Log, Place, column_letters
from optimizer.read.sheets import CellKind, SheetCell, SheetTable
from optimizer.read.workbook.layout import HEAD_COLUMNS, NOTE_COLUMN, Role, Sheet, resolve
from optimizer.read.yaml_nodes import UNREADABLE

_HEADER_WITHIN = 10  # rows
_TOTAL = re.compile(r"(合|总|小|共|累)\s*计\s*[:：]?|(sub|grand )?total\s*:?|sum\s*:?", re.IGNORECASE)
_ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|GETTING_DATA)")
#: Columns whose cells may be dates.
_DATES = frozenset({"date"})
#: The first columns of a row, where a totals row says that it is one.
_LABELS = 2


@dataclass
class Frame:
    """The rows of a sheet. `headers` and `texts` go by column number; blank rows are not in `rows`."""

    sheet: Sheet
    header_row: int
    headers: Mapping[int, str]
    rows: list[int] = field(default_factory=list)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)

    def text(self, row: int, column: int) -> str:
        """The text of a cell; empty where there is none."""
        return self.texts.get((row, column), "")


def framed(sheet: Sheet, table: SheetTable, log: Log) -> Frame | None:
    """The frame of a sheet that has something in it; None where no header is found in it."""
    header_row = _header_row(sheet, table)
    if header_row is None:
        wanted = " ".join(_expected(sheet))
        log.add("sheet-header-missing", Place(sheet.place, 1), "", known=wanted)
        return None
    headers = {
        column: cell.text.strip()
        for (row, column), cell in sorted(table.cells.items())
        if row == header_row and cell.text.strip()
    }
    frame = Frame(sheet, header_row, headers)
    faults = _Faults(sheet, log)
    _read_cells(frame, table, faults)
    _check_merged(frame, table, faults)
    _drop_totals(frame, faults)
    _check_hidden(frame, table, faults)
    faults.finish()
    return frame


class _Faults:
    """Problems of cells: of one kind in one column, SHOWN are listed and the rest is counted."""

    def __init__(self, sheet: Sheet, log: Log) -> None:
        self.sheet, self.log = sheet, log
        self.counts: Counter[tuple[str, int | None]] = Counter()
        self.first_unsaid: dict[tuple[str, int | None], Place] = {}

    def add(
        self, code: str, row: int | None, column: int | None, found: str = "", /, **words: object
    ) -> None:
        key, place = (code, column), Place(self.sheet.place, row, column)
        self.counts[key] += 1
        if self.counts[key] <= SHOWN:
            self.log.add(code, place, found, **words)
        else:
            self.first_unsaid.setdefault(key, place)

    def finish(self) -> None:
        for (code, column), place in self.first_unsaid.items():
            name = column_letters(column) if column else self.sheet.title
            self.log.add("more", place, more=self.counts[code, column] - SHOWN, field=name)


def _expected(sheet: Sheet) -> Sequence[str]:
    if sheet.role is Role.HEAD:
        return HEAD_COLUMNS
    if sheet.role is Role.NOTES:
        return (NOTE_COLUMN,)
    if sheet.role is Role.TABLE:
        return [column.name for column in sheet.table if not column.optional]
    own = [name for name in (sheet.owner, sheet.by) if name]
    return own + [one.name for one in sheet.fields.values() if one.required and one.name != "citation"]


def _header_row(sheet: Sheet, table: SheetTable) -> int | None:
    """The row among the first ones that holds the most names of columns."""
    known = set(_expected(sheet)) | {column.name for column in sheet.table}
    found: Counter[int] = Counter()
    for (row, _), cell in table.cells.items():
        if row <= _HEADER_WITHIN and cell.kind is CellKind.TEXT:
            name = re.split("[(（]", cell.text.strip())[0].strip()
            if name in known or (sheet.role in (Role.LIST, Role.PART) and resolve(sheet, name)):
                found[row] += 1
    if not found:
        return None
    most = max(found.values())
    return min(row for row, count in found.items() if count == most)


def _read_cells(frame: Frame, table: SheetTable, faults: _Faults) -> None:
    """The texts below the header; a cell that cannot be used is reported and UNREADABLE."""
    stray: dict[int, int] = {}
    filled: set[int] = set()
    for (row, column), cell in table.cells.items():
        if row <= frame.header_row:
            continue
        text = cell.text if frame.sheet.role is Role.NOTES else cell.text.strip()
        if not text.strip():
            continue
        if column not in frame.headers:
            stray[column] = min(row, stray.get(column, row))
            continue
        filled.add(row)
        code = None if frame.sheet.role is Role.NOTES else _fault(cell, table, frame.headers[column])
        if code is not None:
            faults.add(code, row, column, text, field=frame.headers[column])
            text = UNREADABLE
        frame.texts[row, column] = text
    for column, row in sorted(stray.items()):
        name = column_letters(column)
        faults.add("no-header", row, column, table.cells[row, column].text.strip(), column=name)
    frame.rows = sorted(filled)


def _fault(cell: SheetCell, table: SheetTable, header: str) -> str | None:
    """What is wrong with a cell of any column, by its kind."""
    if cell.kind is CellKind.ERROR or (cell.kind is CellKind.TEXT and _ERROR.fullmatch(cell.text.strip())):
        return "cell-error"
    if table.kind(cell) is CellKind.UNCACHED:
        return "cell-uncached"
    if cell.kind is CellKind.BOOLEAN:
        return "cell-boolean"
    if cell.kind is CellKind.DATE and header not in _DATES:
        return "cell-date"
    return None


def _check_merged(frame: Frame, table: SheetTable, faults: _Faults) -> None:
    """Merged cells hide all values but the first: none may reach into the header or the rows."""
    last = frame.rows[-1] if frame.rows else frame.header_row
    for first_row, first_column, last_row, last_column in table.merged:
        columns = [column for column in frame.headers if first_column <= column <= last_column]
        rows = range(max(first_row, frame.header_row), min(last_row, last) + 1)
        if not columns or not rows or (first_row, first_column) == (last_row, last_column):
            continue
        area = f"{column_letters(first_column)}{first_row}:{column_letters(last_column)}{last_row}"
        faults.add("merged-cells", first_row, first_column, area)
        if len(rows) * len(columns) > len(frame.texts) + len(frame.headers) * len(frame.rows):
            continue  # pragma: no cover - more cells than the sheet has
        present = set(frame.rows)
        for row in rows:
            if row > frame.header_row:
                present.add(row)
                frame.texts |= {(row, column): UNREADABLE for column in columns}
        frame.rows = sorted(present)


def _drop_totals(frame: Frame, faults: _Faults) -> None:
    """A totals row would count everything twice."""
    if frame.sheet.role in (Role.NOTES, Role.HEAD):
        return
    labels = [column for column in list(frame.headers)[:_LABELS] if frame.headers[column] != "year"]
    totals = {}
    for row in frame.rows:
        for column in labels:
            if _TOTAL.fullmatch(frame.text(row, column)):
                totals[row] = column
    for row, column in totals.items():
        faults.add("totals-row", row, column, frame.text(row, column))
    frame.rows = [row for row in frame.rows if row not in totals]


def _check_hidden(frame: Frame, table: SheetTable, faults: _Faults) -> None:
    """Whoever signs for a workbook has seen what it says."""
    for row in frame.rows:
        if row in table.hidden_rows:
            faults.add("hidden-row", row, None, str(row))
    filled = {column for _, column in frame.texts}
    for column in sorted(filled & table.hidden_columns):
        faults.add("hidden-column", None, column, column_letters(column), field=frame.headers[column])
    if table.hidden and frame.rows:
        faults.add("hidden-sheet", None, None, table.name)
