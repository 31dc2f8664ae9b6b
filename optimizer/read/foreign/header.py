"""Where a table begins: the title and the unit above it, and its header of one row or several, merged or
not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from optimizer.read.foreign.grid import Cell, Grid
from optimizer.read.foreign.names import Names
from optimizer.read.foreign.words import (
    FIGURES,
    money_unit,
    narrow,
    normal,
    split_year,
    vocabulary,
    without_brackets,
    year_in,
)
from optimizer.read.sheets import CellKind as Kind

_SEARCHED = 60  # rows in which a header is looked for
_DEEPEST = 5  # rows of a header
_UNIT_LINE = re.compile(r"单位\s*[::]\s*(.+)")
_UNIT_ALONE = re.compile(r"\(?(?:金额|货币|计量)?单位\s*:")
_NUMBER = re.compile(r"[-+(]?[\d,.]*\d[\d,.]*\)?%?")
_ROW_OF_NUMBERS = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|[a-z]|栏次|序号|\(?\d{1,2}\)?(=.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a column's header, and the cell in which it stands."""

    text: str
    row: int
    column: int


@dataclass(frozen=True)
class Header:
    """The rows of a header, and for each column its texts from top to bottom."""

    first: int
    last: int
    columns: dict[int, tuple[Part, ...]]

    def written(self, column: int) -> str:
        """The header of a column as one text: `资金来源/中央`."""
        return "/".join(narrow(part.text) for part in self.columns[column])

    def cell(self, column: int) -> tuple[int, int]:
        """The lowest cell of a column's header."""
        part = self.columns[column][-1]
        return part.row, part.column


@dataclass(frozen=True, slots=True)
class Said:
    """Something that a line above the table says, and where: a unit, a year."""

    value: str
    row: int
    column: int


def find_header(grid: Grid, names: Names) -> Header | None:
    """The first rows that read like a header; None when there are none."""
    for row in list(grid.rows)[:_SEARCHED]:
        known = _known_headers(grid, row)
        if known and _recognised(grid, row, names) >= 2 and not _has_numbers(grid, row):
            last = _last_row(grid, row, names)
            columns = {
                column: parts
                for column in range(1, grid.size[1] + 1)
                if (parts := _parts(grid, row, last, column))
            }
            return Header(row, last, columns)
    return None


def _seen(grid: Grid, row: int) -> Iterator[tuple[int, Cell]]:
    """The cells of a row, each merged area once, also where it began further up."""
    for column in range(1, grid.size[1] + 1):
        cell = grid.shown(row, column)
        if cell is not None and grid.area(row, column)[1] == column:
            yield column, cell


def _known_headers(grid: Grid, row: int) -> int:
    words = vocabulary()
    found = 0
    for _, cell in _seen(grid, row):
        _, rest = split_year(cell.text)
        forms = {normal(cell.text), normal(without_brackets(cell.text)), normal(without_brackets(rest))}
        found += any(form in words.sure or form in words.maybe for form in forms)
    return found


def _recognised(grid: Grid, row: int, names: Names) -> int:
    """Cells of a row that could be headers."""
    return sum(_is_header(cell.text, names) for _, cell in _seen(grid, row))


def _is_header(text: str, names: Names) -> bool:
    words = vocabulary()
    year, rest = split_year(text)
    forms = {normal(text), normal(without_brackets(text)), normal(without_brackets(rest))} - {""}
    if year is not None and (
        not normal(without_brackets(rest)) or forms & (words.sure.keys() | words.maybe.keys())
    ):
        return True
    if forms & (words.sure.keys() | words.maybe.keys() | words.sets["totals"] | words.levels.keys()):
        return True
    return any(names.find(kind, text).ids for kind in ("fund", "measure"))


def _has_numbers(grid: Grid, row: int) -> bool:
    return any(_is_number(cell) for _, cell in _seen(grid, row))


def _is_number(cell: Cell) -> bool:
    """A figure, and not the year that a column is about."""
    if cell.kind in (Kind.ERROR, Kind.UNCACHED, Kind.BOOLEAN):
        return True
    return bool(_NUMBER.fullmatch(narrow(cell.text).replace(" ", ""))) and year_in(cell.text) is None


def _last_row(grid: Grid, first: int, names: Names) -> int:
    """Header cells merged downwards, or headings with a row of their own parts below them, reach further
    down."""
    last = max(grid.area(first, column)[2] for column, _ in _seen(grid, first))
    last = min(last, first + _DEEPEST - 1)
    while last < first + _DEEPEST - 1 and _continues(grid, first, last + 1, names):
        last = max([last + 1, *(grid.area(last + 1, column)[2] for column, _ in _seen(grid, last + 1))])
    return last


def _continues(grid: Grid, first: int, row: int, names: Names) -> bool:
    """A row goes on with the header: its cells stand under headings of several columns, or under nothing."""
    cells = dict(grid.rows.get(row, {}))
    if not cells or _has_numbers(grid, row):
        return False
    if not any(_is_header(cell.text, names) for cell in cells.values()):
        return False
    for column, cell in cells.items():
        above = _heading(grid, first, row - 1, column)
        if above is None or above[1] != above[2]:
            continue
        upper = above[0]
        unmerged = column + 1 in cells and _heading(grid, first, row - 1, column + 1) is None
        if not unmerged and (_is_label(grid.text(upper, column)) or not _is_header(cell.text, names)):
            return False
    return True


def _is_label(text: str) -> bool:
    """A header of names: what stands below it is no part of the header."""
    words = vocabulary()
    forms = {normal(text), normal(without_brackets(text))}
    meanings = {
        meaning for form in forms for meaning in (*words.sure.get(form, ()), *words.maybe.get(form, ()))
    }
    return bool(meanings) and not meanings & set(FIGURES)


def _heading(grid: Grid, first: int, last: int, column: int) -> tuple[int, int, int] | None:
    """Row, first and last column of the lowest heading above a cell; None: there is none."""
    for row in range(last, first - 1, -1):
        if grid.shown(row, column) is not None:
            _, left, _, right = grid.area(row, column)
            return row, left, right
    return None


def _parts(grid: Grid, first: int, last: int, column: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    for row in range(first, last + 1):
        at = _heading_of(grid, row, last, column)
        if at is None:
            continue
        part = Part(grid.text(*at), *at)
        if not parts or normal(parts[-1].text) != normal(part.text):
            parts.append(part)
    return tuple(parts)


def _heading_of(grid: Grid, row: int, last: int, column: int) -> tuple[int, int] | None:
    """The cell that heads a column in a header row: its own, a merged one, or, where nobody merged, the
    nearest
    to its left that also heads a column with a text of its own below."""
    if grid.shown(row, column) is not None:
        top, left, _, _ = grid.area(row, column)
        return top, left
    if row == last or not _below(grid, row, last, column):
        return None
    for left in range(column - 1, 0, -1):
        if not _below(grid, row, last, left):
            return None
        if grid.shown(row, left) is not None:
            area = grid.area(row, left)
            return (row, left) if area[1] == area[3] else None
    return None


def _below(grid: Grid, row: int, last: int, column: int) -> bool:
    return any((lower, column) in grid.cells for lower in range(row + 1, last + 1))


def body_rows(grid: Grid, header: Header) -> list[int]:
    """The rows below the header, without a row that only numbers the columns and without repeated headers."""
    headings = [
        [normal(grid.text(row, column)) for column in header.columns]
        for row in range(header.first, header.last + 1)
    ]
    rows = []
    for row in grid.rows:
        if row <= header.last:
            continue
        if [normal(grid.text(row, column)) for column in header.columns] in headings:
            continue
        rows.append(row)
    if rows and _numbers_columns(grid, rows[0]):
        del rows[0]
    return rows


def _numbers_columns(grid: Grid, row: int) -> bool:
    """甲 乙 1 2 3=1+2: the row under a header that numbers its columns one by one."""
    texts = [narrow(cell.text).replace(" ", "") for cell in grid.rows[row].values()]
    if len(texts) < 2 or not all(_ROW_OF_NUMBERS.fullmatch(text) for text in texts):
        return False
    digits = [int(found.group()) for text in texts if (found := re.match(r"\d+", text.strip("()")))]
    return len(digits) > 1 and digits == list(range(digits[0], digits[0] + len(digits))) and digits[0] <= 2


def stated_units(grid: Grid, header: Header) -> list[Said]:
    """The money units that lines above the table state for all of it: `单位：万元`."""
    found = []
    for row in grid.rows:
        if row > header.last:
            break
        for column, cell in grid.rows[row].items():
            text = narrow(cell.text)
            if row >= header.first and not _UNIT_ALONE.match(text):
                continue
            units = {unit for word in _UNIT_LINE.findall(text) for part in re.split(r"[\s,;、/和及()]+", word)
                     if (unit := money_unit(part))}  # fmt: skip
            found += [Said(unit, row, column) for unit in sorted(units)]
    return found


def stated_years(grid: Grid, header: Header) -> list[Said]:
    """The years that the title above the table names: `乳源县2018年扶贫资金安排表`; dates are not titles."""
    found = []
    for row in grid.rows:
        if row >= header.first:
            break
        for column, cell in grid.rows[row].items():
            text = narrow(cell.text).replace(chr(0x3014), "[")
            if cell.kind is not Kind.TEXT or re.search(r"日期|时间|月|\d日|\[|号", text):
                continue
            found += [Said(year, row, column) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)\s*年", text)]
    return found
