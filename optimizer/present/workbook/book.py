"""A workbook being written: sheets with titles, tables, pages for the printer, and nothing of the clock.

The same calls make the same bytes. Every text goes in as text, whatever it begins with.
"""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from models.citation import Language
from optimizer.present.words import said
from optimizer.present.workbook.cells import (
    MOST_ROWS,
    Cell,
    Formula,
    lines,
    quoted,
    safe_text,
    sheet_name,
    width,
)
from optimizer.present.workbook.style import DARK, LINE, PALE, Kind, Row, looks, prose

#: Every workbook says it was made then: the same plan gives the same bytes.
CREATED = datetime.datetime(2020, 1, 1)
A4, A3 = 9, 8
#: Widths in characters: what fits on A4 across at a scale that can be read; the widest a column of text gets.
A4_WIDTH, WIDEST_TEXT = 185, 42
#: Points of a line of body text, and of a row with one.
LINE_HEIGHT, ROW_HEIGHT = 13.5, 17.25


@dataclass(frozen=True)
class Column:
    """A column of a table. `most` is the width beyond which text is folded."""

    heading: str
    kind: Kind = Kind.TEXT
    most: int = WIDEST_TEXT


@dataclass(frozen=True)
class Line:
    """A row of a table: what it is, its cells, how far its first cell is moved in, its outline level."""

    cells: Sequence[Cell]
    row: Row = Row.PLAIN
    indent: int = 0
    level: int = 0


class Book:
    """A workbook in one language; `footer` stands below every printed page."""

    def __init__(self, language: Language, title: str, footer: str) -> None:
        self.language = language
        self._out = io.BytesIO()
        self.raw = xlsxwriter.Workbook(
            self._out,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # Every formula has its exact result: nothing need be calculated when the book is opened.
        self.raw.calc_on_load = False
        self.raw.set_properties({"title": safe_text(title, language)[:255], "created": CREATED})
        self.raw.set_calc_mode("auto")
        self.footer = footer
        self._formats: dict[str, Format] = {}
        self._taken: set[str] = set()
        self.sheets: list[Sheet] = []

    def look(self, properties: Mapping[str, Any]) -> Format:
        """The format with these properties, made once."""
        key = json.dumps(properties, sort_keys=True)
        if key not in self._formats:
            self._formats[key] = self.raw.add_format(dict(properties))
        return self._formats[key]

    def sheet(self, name: str) -> Sheet:
        """A new sheet, with another name where this one is taken."""
        sheet = Sheet(self, sheet_name(name, self._taken))
        self.sheets.append(sheet)
        return sheet

    def content(self) -> bytes:
        """The whole file."""
        for sheet in self.sheets:
            sheet.finish()
        self.raw.close()
        return self._out.getvalue()


@dataclass(frozen=True)
class _Wide:
    """A text across columns, written when their widths are known."""

    row: int
    column: int
    text: str
    size: int
    properties: dict[str, Any]


@dataclass
class Sheet:
    """A sheet being written from the top; `row` is the next free row, counted from 0."""

    book: Book
    name: str
    row: int = 0
    columns: int = 1
    """how many of its columns are printed"""
    one_page: bool = False
    raw: Worksheet = field(init=False)
    _widths: dict[int, float] = field(default_factory=dict)
    _looks: dict[tuple[Kind, Row, int], Format] = field(default_factory=dict)
    _wide: list[_Wide] = field(default_factory=list)
    _levels: dict[int, int] = field(default_factory=dict)
    _folded: dict[int, list[tuple[int, str, int]]] = field(default_factory=dict)
    """row -> column, text and indent of the texts that do not fit on one line"""

    def __post_init__(self) -> None:
        self.raw = self.book.raw.add_worksheet(self.name)
        self.raw.hide_gridlines(2)
        self.raw.set_default_row(ROW_HEIGHT)

    # --- words ----------------------------------------------------------------------------------

    def title(self, text: str, remark: str = "") -> None:
        """The heading of the sheet, and a remark below it (the unit of the amounts ...)."""
        self.paragraph(text, size=16, bold=True, align="center", font_color=DARK)
        if remark:
            self.paragraph(remark, size=9, font_color="#595959")

    def heading(self, text: str) -> None:
        """The heading of one of several tables, with a free row above."""
        if self.row:
            self.row += 1
        self.paragraph(text, size=12, bold=True, font_color=DARK)

    def paragraph(self, text: str, size: int = 10, **more: object) -> None:
        """A text across all printed columns, as high as it needs to be."""
        language = self.book.language
        look = prose(language, size, **more)
        self._wide.append(_Wide(self.row, 0, safe_text(text, language), size, look))
        self.row += 1

    def fact(self, label: str, text: str) -> None:
        """A label and, right of it across the other columns, what there is to say."""
        language = self.book.language
        border: dict[str, Any] = {"border": 1, "border_color": LINE}
        label = safe_text(label, language)
        self.raw.write_string(
            self.row, 0, label, self.book.look(prose(language, bold=True, bg_color=PALE, indent=1, **border))
        )
        self.widen(0, min(width(label) + 2, WIDEST_TEXT))
        look = prose(language, indent=1, **border)
        self._wide.append(_Wide(self.row, 1, safe_text(text, language), 10, look))
        self.row += 1

    # --- tables ---------------------------------------------------------------------------------

    def head(self, columns: Sequence[Column], at: int = 0) -> None:
        """The row of headings, from column `at`."""
        tallest = 1
        for offset, column in enumerate(columns):
            text = safe_text(column.heading, self.book.language)
            self.raw.write_string(self.row, at + offset, text, self._look(column.kind, Row.HEAD, 0))
            longest = max((width(word) for word in text.replace("\n", " ").split(" ")), default=0)
            self.widen(at + offset, longest if longest <= 12 else max(12, -(-longest // 2)))
            tallest = max(tallest, -(-width(text) // 12), text.count("\n") + 1)
        self.raw.set_row(self.row, LINE_HEIGHT * min(tallest, 4) + 7)
        self.row += 1

    def table(self, columns: Sequence[Column], rows: Iterable[Line], at: int = 0) -> tuple[int, int]:
        """Headings and rows; gives the first and the last row of the body (last < first: it has none)."""
        self.head(columns, at)
        first = self.row
        for line in rows:
            self.line(columns, line, at)
        return first, self.row - 1

    def line(self, columns: Sequence[Column], line: Line, at: int = 0) -> None:
        """One row of a table."""
        if self.row >= MOST_ROWS:
            raise ValueError(f"sheet {self.name}: more than {MOST_ROWS} rows")
        for offset, (column, cell) in enumerate(zip(columns, line.cells, strict=True)):
            indent = line.indent if offset == 0 else 0
            self._cell(at + offset, column, cell, line.row, indent)
        if line.level:
            self._levels[self.row] = min(line.level, 7)
        self.row += 1

    def _cell(self, at: int, column: Column, cell: Cell, row: Row, indent: int) -> None:
        value = cell.value if isinstance(cell, Formula) else cell
        kind = column.kind
        if kind is Kind.QUANTITY and not isinstance(value, str) and value is not None and value == int(value):
            kind = Kind.COUNT  # Excel would show a whole number with a bare decimal point
        look = self._look(kind, row, indent)
        if isinstance(cell, Formula):
            self.raw.write_formula(self.row, at, "=" + cell.text, look, cell.value)
        elif cell is None or cell == "":
            self.raw.write_blank(self.row, at, None, look)
        elif isinstance(cell, str):
            value = safe_text(cell, self.book.language)
            self.raw.write_string(self.row, at, value, look)
        else:
            self.raw.write_number(self.row, at, cell, look)
        needed = shown(kind, value) + 2 * indent
        if isinstance(value, str) and (needed > column.most or "\n" in value):
            self._folded.setdefault(self.row, []).append((at, value, indent))
        if isinstance(value, str):
            self.widen(at, 0.95 * min(needed, column.most))
        else:  # digits of other fonts are wider, and a number that does not fit is not shown at all
            self.widen(at, needed * (1.08 if row is not Row.PLAIN else 1))

    def _look(self, kind: Kind, row: Row, indent: int) -> Format:
        key = (kind, row, indent)
        if key not in self._looks:
            self._looks[key] = self.book.look(looks(self.book.language, kind, row, indent))
        return self._looks[key]

    def widen(self, column: int, characters: float) -> None:
        """A column holds at least this many characters."""
        self._widths[column] = max(self._widths.get(column, 0.0), characters)

    # --- what stands where ----------------------------------------------------------------------

    def column_width(self, column: int) -> float:
        """Characters that fit in a column."""
        return max(5.0, self._widths.get(column, 6.0) * 1.07 + 1.6)

    def area(self, first: int, last: int, column: int, last_column: int | None = None) -> str:
        """An absolute range with the sheet's name, for formulas on other sheets and for charts."""
        end = column if last_column is None else last_column
        return f"{quoted(self.name)}!{xl_range_abs(first, column, last, end)}"

    def place(self, row: int, column: int) -> str:
        """One cell with the sheet's name, for a formula on another sheet."""
        return f"{quoted(self.name)}!${xl_col_to_name(column)}${row + 1}"

    def filtered(self, head: int, last: int, last_column: int, first_column: int = 0) -> None:
        """Drop-downs over a table, its heading always in sight, on the screen and on paper."""
        self.raw.autofilter(head, first_column, max(head, last), last_column)
        self.raw.repeat_rows(head)

    def finish(self) -> None:
        """Widths, wide texts and the pages of the printer."""
        for column in sorted(self._widths):
            self.raw.set_column(column, column, self.column_width(column))
        across = sum(self.column_width(column) for column in range(self.columns))
        for wide in self._wide:
            look = self.book.look(wide.properties)
            if self.columns - 1 > wide.column:
                self.raw.merge_range(wide.row, wide.column, wide.row, self.columns - 1, "", look)
            self.raw.write_string(wide.row, wide.column, wide.text, look)
            room = sum(self.column_width(column) for column in range(wide.column, self.columns)) - 2
            high = LINE_HEIGHT * max(1.0, wide.size / 10.5)
            needed = lines(wide.text, room * 10 / wide.size)
            self.raw.set_row(wide.row, min(409.0, max(ROW_HEIGHT, high * needed + 4)))
        narrow = 1.1 if self.book.language is Language.EN else 1.0  # letters are narrower than digits
        for row in sorted({*self._levels, *self._folded}):
            tallest = 1
            for at, text, indent in self._folded.get(row, ()):
                tallest = max(tallest, lines(text, (self.column_width(at) - 2 - 2 * indent) * narrow))
            level = self._levels.get(row)
            height = ROW_HEIGHT if tallest == 1 else min(409.0, LINE_HEIGHT * tallest + 4)
            self.raw.set_row(row, height, None, {} if level is None else {"level": level})
        self._pages(across)

    def _nearly_one_page(self, across: float) -> bool:
        """Whether a second page would hold a few rows only."""
        large = across > A4_WIDTH
        scale = min(1.0, (205 if large else 145) / max(1.0, across))
        high = (len(self._folded) + self.row) * ROW_HEIGHT * scale
        return high <= 1.3 * (700 if large else 470)

    def _pages(self, across: float) -> None:
        self.raw.set_landscape()
        self.raw.set_paper(A4 if across <= A4_WIDTH else A3)
        self.raw.fit_to_pages(1, 1 if self.one_page or self._nearly_one_page(across) else 0)
        self.raw.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.raw.center_horizontally()
        if self.row:
            self.raw.print_area(0, 0, self.row - 1, self.columns - 1)
        page = said(self.book.language, "第 &P 页，共 &N 页", "page &P of &N")
        left, right = (part.replace("&", "&&") for part in (self.name, self.book.footer))
        self.raw.set_footer(f"&L&9{' '}{left}&C&9{' '}{page}&R&9{' '}{right[:150]}")


def shown(kind: Kind, value: str | int | Decimal | None) -> int:
    """How many characters a value takes as it is shown."""
    if value is None:
        return 0
    if isinstance(value, str):
        return width(value)
    if kind in (Kind.YUAN, Kind.WAN):
        return len(f"{value:,.2f}")
    if kind is Kind.SHARE:
        return len(f"{value:.2%}")
    if kind is Kind.QUANTITY:
        return len(f"{round(Decimal(value), 6).normalize():,f}") + 1
    return len(f"{value:,}")
