"""Rows to lines: what each amount is about, which rows repeat sums of others, and what cannot be read.

A row is a detail, a sum (合计, 小计, 其中, a region above others in the table), or no row of the table (a
heading, a note).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from models.case import Case
from models.rules.source import nearest
from models.submission import Note, Spot
from optimizer.read.csv_table import SHOWN
from optimizer.read.figures import Fault
from optimizer.read.foreign import figures
from optimizer.read.foreign.columns import KIND_WORDS, Figure, Layout, name_ambiguous
from optimizer.read.foreign.grid import Cell, Grid
from optimizer.read.foreign.headings import Several
from optimizer.read.foreign.marks import Marks, is_section, marks_of
from optimizer.read.foreign.names import Names
from optimizer.read.foreign.notes import note
from optimizer.read.foreign.words import KEYS, narrow, normal, vocabulary
from optimizer.read.problems import Log
from optimizer.read.sheets import CellKind as Kind

#: Meanings of the columns in which a row can say that it is a sum.
_MARKED = frozenset({*KEYS, "parent", "code", "project"})
_TEXTS = ("subject", "project", "payee", "document")


@dataclass(frozen=True)
class Row:
    """One row that holds figures, as read. `keys` of a sum may lack some; `own`: a region's own level."""

    number: int
    keys: dict[str, str | int]
    own: bool
    sums: bool
    texts: dict[str, str]
    amounts: tuple[tuple[Figure, int, Spot], ...]


@dataclass
class Body:
    """Reading the rows of one table."""

    grid: Grid
    layout: Layout
    names: Names
    case: Case
    log: Log
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    reported: dict[tuple[str, int], int] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)

    def spot(self, row: int, column: int) -> Spot:
        """Where a figure stands."""
        return self.grid.spot(row, column, self.layout.headers.get(column, ""))

    def fault(self, code: str, row: int, column: int, found: str = "", /, **words: object) -> None:
        """Put a problem on the log; of one kind in one column at most SHOWN, then their number."""
        count = self.reported[code, column] = self.reported.get((code, column), 0) + 1
        header = self.layout.headers.get(column, "")
        if count <= SHOWN:
            place = self.grid.place(row, column, header)
            self.log.add(code, place, found, **{"field": header or column, **words})

    def finish(self) -> None:
        """Say how many more problems there are."""
        for (_, column), count in self.reported.items():
            if count > SHOWN:
                header = self.layout.headers.get(column, "")
                place = self.grid.place(self.grid.size[0], column, header)
                self.log.add("more", place, more=count - SHOWN, field=header or column)

    def remark(self, code: str, row: int, column: int, found: str = "", /, **words: object) -> None:
        """Put down a note."""
        self.notes.append(note(code, self.spot(row, column), " ".join(found.split()), **words))


def read_rows(body: Body, numbers: Sequence[int]) -> None:
    """Read the rows with these numbers into `body.rows`."""
    sections = _sections(body, numbers)
    for number in numbers:
        if number in sections:
            body.remark("section", number, sections[number], body.grid.text(number, sections[number]))
            continue
        row = _read_row(body, number)
        if row is not None:
            body.rows.append(row)
            if number in body.grid.hidden_rows:
                body.remark("hidden-row", number, row.amounts[0][0].column)
    body.finish()


def _sections(body: Body, numbers: Sequence[int]) -> dict[int, int]:
    """Headings of sections (一、产业扶贫) whose amounts are exactly the sums of the rows below.

    Row -> its column. A heading that is a measure of the case, or has other amounts, is read as any row.
    """
    column = body.layout.labels.get("measure")
    if column is None:
        return {}
    texts = {number: body.grid.text(number, column) for number in numbers}
    heads = [
        number
        for number in numbers
        if is_section(texts[number]) and not body.names.find("measure", texts[number]).ids
    ]
    found = {}
    for at, head in enumerate(heads):
        end = heads[at + 1] if at + 1 < len(heads) else numbers[-1] + 1
        block = [number for number in numbers if head < number < end and not _marks(body, number).sums]
        said = _plain_amounts(body, head)
        below = [_plain_amounts(body, number) for number in block]
        if said and None not in said.values() and all(
            amount == sum(row.get(figure) or 0 for row in below) for figure, amount in said.items()
        ):  # fmt: skip
            found[head] = column
    return found


def _plain_amounts(body: Body, number: int) -> dict[Figure, int | None]:
    """The amounts of a row as far as they can be read; None for a cell that cannot."""
    amounts: dict[Figure, int | None] = {}
    for figure in body.layout.figures:
        cell = body.grid.cells.get((number, figure.column))
        if figure.meaning == "amount" and cell is not None:
            try:
                amounts[figure], _ = figures.money(cell, figure.money, body.grid.typed)
            except Fault:
                amounts[figure] = None
    return amounts


def _read_row(body: Body, number: int) -> Row | None:
    cells = dict(_figure_cells(body, number))
    marks = _marks(body, number)
    if not cells:
        _without_figures(body, number, marks)
        return None
    if marks.page:
        body.remark("page-total", number, marks.column, marks.text)
        return None
    before = len(body.log.problems)
    keys, own = _keys(body, number, marks)
    if keys is None:
        return None
    amounts = tuple(_amounts(body, number, cells))
    if len(body.log.problems) > before:
        return None
    details = [one for one in amounts if not one[0].total]
    if not marks.sums and amounts and not details:
        body.fault("foreign-only-total", number, amounts[0][0].column, cells[amounts[0][0]].text)
        return None
    texts = {
        meaning: narrow(body.grid.text(number, column))
        for meaning in _TEXTS
        if (column := body.layout.labels.get(meaning)) is not None
        and column != body.layout.labels.get("measure")
    }
    return Row(number, keys, own, marks.sums, texts, amounts) if amounts else None


def _figure_cells(body: Body, number: int) -> Iterator[tuple[Figure, Cell]]:
    """The cells of money of a row; an amount over several rows or columns is a problem."""
    for figure in body.layout.figures:
        if figure.meaning != "amount":
            continue
        area = body.grid.area(number, figure.column)
        if area[0] != area[2] or area[1] != area[3]:
            if (number, figure.column) == area[:2] and area[:2] in body.grid.cells:
                count = (area[2] - area[0] + 1) * (area[3] - area[1] + 1)
                found = body.grid.cells[area[:2]].text
                body.fault("foreign-merged-amount", number, figure.column, found, cells=count)
            continue
        cell = body.grid.cells.get((number, figure.column))
        if cell is not None and cell.text.strip():
            yield figure, cell


# ------------------------------------------------------------------------------ sums, headings, notes


def _marks(body: Body, number: int) -> Marks:
    """What the row says of itself in its first cell or where names stand; a remark at its end is none."""
    labels = {column: meaning for meaning, column in body.layout.labels.items()}
    money = {figure.column for figure in body.layout.figures}
    first = True
    for column in range(1, body.grid.size[1] + 1):
        text = "" if column in money else body.grid.text(number, column)
        meaning = labels.get(column, "")
        if not normal(text) or not (first or meaning in _MARKED):
            continue
        if body.grid.area(number, column)[0] != number and meaning:
            continue  # merged down from a row above: it says nothing of this row alone
        found = marks_of(text)
        if found is not None and found.of and not found.of_which:  # 李庄合计 may be the name of a project
            found = found if meaning in KEYS and not _is_region(body, text) else None
        if found is not None and (first or not found.noted):
            return replace(found, meaning=meaning, column=column)
        first = False
    return Marks()


def _is_region(body: Body, text: str) -> bool:
    """A region of the case may have a name that ends in 合计."""
    match = body.names.find("region", text)
    return match.exact and match.one is not None


def _without_figures(body: Body, number: int, marks: Marks) -> None:
    """A row without amounts: a heading or a note, or a detail whose amount is missing."""
    told = {
        meaning: text
        for meaning in (*KEYS, "code")
        if (column := body.layout.labels.get(meaning)) is not None
        and (text := body.grid.text(number, column))
        and body.grid.area(number, column)[1] == column
    }
    amounts = [figure for figure in body.layout.figures if figure.meaning == "amount"]
    merged = any(body.grid.area(number, figure.column) != (number, figure.column) * 2 for figure in amounts)
    if merged and len(told) > 1:
        return  # the merged amount is reported where it stands
    if not marks.noted and not marks.sums and len(told) > 1:
        body.fault("foreign-amount-blank", number, amounts[0].column)
        return
    cells = body.grid.rows[number]
    body.remark("row-left-out", number, min(cells), " ".join(cell.text for cell in cells.values())[:60])


# ---------------------------------------------------------------------------------------- what a row is about


def _keys(body: Body, number: int, marks: Marks) -> tuple[dict[str, str | int] | None, bool]:
    """What the row is about, and whether its region is meant with its own money only.

    None: it is a sum of nobody knows what, or a part of the row above.
    """
    if marks.sums:
        return _keys_of_sum(body, number, marks), False
    keys: dict[str, str | int] = dict(body.layout.constants.values)
    own = False
    for key in KEYS:
        if key in keys:
            continue
        found: str | int | None
        if key == "region":
            found, own = _region(body, number)
        else:
            found = _key(body, number, key)
        if found is not None:
            keys[key] = found
    return keys, own


def _key(body: Body, number: int, key: str) -> str | int | None:
    column = body.layout.labels.get(key)
    if column is None:
        return None
    cell = body.grid.shown(number, column)
    if cell is None:
        body.fault("foreign-blank", number, column, kind=KIND_WORDS[key])
        return None
    if key == "year":
        try:
            return figures.year(cell)
        except Fault as fault:
            body.fault(fault.code, number, column, cell.text, **fault.words)
            return None
    hint = None
    if key == "fund" and (level := body.layout.labels.get("level")) is not None:
        hint = vocabulary().levels.get(normal(body.grid.text(number, level)))
    id = _named(body, number, column, key, hint)
    if id is not None and hint is not None and (fund := body.case.funds[id]).level.value != hint:
        body.remark("level-differs", number, column, cell.text, level=fund.level.value)
    return id


def _named(body: Body, number: int, column: int, kind: str, hint: str | None) -> str | None:
    cell = body.grid.shown(number, column)
    if cell is None:
        return None
    if not _is_name(body, number, column, cell):
        return None
    match = body.names.find(kind, cell.text, hint)
    if match.one is None:
        if match.ids:
            several = Several(kind, narrow(cell.text), match.ids, number, column)
            _once(body, "foreign-name-ambiguous", number, column, several)
        else:
            _unknown(body, number, column, kind, cell.text)
        return None
    if not match.exact:
        _told(body, number, column, kind, cell.text, match.one)
    return match.one


def _is_name(body: Body, number: int, column: int, cell: Cell) -> bool:
    if cell.kind is Kind.ERROR:
        body.fault("excel-error", number, column, cell.text)
    elif cell.kind is Kind.UNCACHED:
        body.fault("foreign-uncached", number, column, cell.text)
    else:
        return True
    return False


def _once(body: Body, code: str, number: int, column: int, several: Several) -> None:
    count = body.reported[code, column] = body.reported.get((code, column), 0) + 1
    if count <= SHOWN:
        name_ambiguous(body.grid, body.names, several, body.layout.headers[column], body.log)


def _unknown(body: Body, number: int, column: int, kind: str, text: str) -> None:
    near = nearest(narrow(text), body.names.titles(kind))
    option = f'--map "{narrow(text)}=…"'
    body.fault("foreign-name-unknown", number, column, text, kind=KIND_WORDS[kind], near=near, option=option)


def _told(body: Body, number: int, column: int, kind: str, text: str, id: str) -> None:
    """A name that is not written as the case has it is said once."""
    if (kind, normal(text)) not in body.told:
        body.told.add((kind, normal(text)))
        body.remark("short-name", number, column, text, title=body.names.title(kind, id))


def _region(body: Body, number: int) -> tuple[str | None, bool]:
    labels, grid, names = body.layout.labels, body.grid, body.names
    above = None
    parent = labels.get("parent")
    if parent is not None and grid.shown(number, parent) is not None:
        above = _named(body, number, parent, "region", None)
        if above is None:
            return None, False
    column = labels.get("region")
    id, own = None, False
    if column is not None and grid.shown(number, column) is not None:
        id = _named(body, number, column, "region", above)
        if id is None:
            return None, False
        own = names.find("region", grid.text(number, column), above).own
        if above is not None and above not in names.case.regions.ancestors(id):
            body.fault(
                "foreign-not-below",
                number,
                column,
                grid.text(number, column),
                region=names.title("region", id),
                parent=names.title("region", above),
            )
            return None, False
    code = labels.get("code")
    if code is not None and grid.shown(number, code) is not None:
        by_code = _named(body, number, code, "region", None)
        if by_code is None:
            return None, False
        if id is not None and by_code != id:
            titles = {"by_code": names.title("region", by_code), "by_name": names.title("region", id)}
            body.fault("foreign-code-mismatch", number, code, grid.text(number, code), **titles)
            return None, False
        id = by_code
    if id is None and above is not None:
        return above, False
    if id is None and (column or code):
        body.fault("foreign-blank", number, column or code or 1, kind=KIND_WORDS["region"])
    return id, own


def _keys_of_sum(body: Body, number: int, marks: Marks) -> dict[str, str | int] | None:
    """What a row of sums is about: only what it says; None where that cannot be made out."""
    keys: dict[str, str | int] = dict(body.layout.constants.values)
    for key in KEYS:
        column = body.layout.labels.get(key)
        if column is None or key in keys:
            continue
        text = body.grid.text(number, column)
        if not text or normal(text) == normal(marks.text):
            continue
        if key == "year":
            found: str | int | None = figures.year_or_none(text)
        else:
            match = body.names.find(key, text)
            # The sum of a region's own level is not the sum of the region: no Line can say so.
            found = None if match.own else match.one
        if found is not None:
            keys[key] = found
        elif not marks.of_which:
            body.remark("total-of-what", number, column, text)
            return None
    parent = body.layout.labels.get("parent")
    if parent is not None and "region" not in keys:
        found = body.names.find("region", body.grid.text(number, parent)).one
        if found is not None:
            keys["region"] = found
    return _named_sum(body, number, marks, keys)


def _named_sum(
    body: Body, number: int, marks: Marks, keys: dict[str, str | int]
) -> dict[str, str | int] | None:
    """Add what the words beside 小计 or 其中 name."""
    if marks.of:
        whole = {"全省", "全市", "全县", "全区", "各县", "各县市区", "县级", "总", "资金", "金额"}
        if normal(marks.of) in whole:
            return keys
        kinds = [marks.meaning] if marks.meaning in KEYS else []
        for kind in dict.fromkeys((*kinds, "region", "fund", "measure")):
            if kind == "year":
                continue
            found = body.names.find(kind, marks.of).one
            if found is not None:
                return {**keys, kind: found}
        code = "of-which" if marks.of_which else "total-of-what"
        body.remark(code, number, marks.column, marks.text)
        return None
    if (marks.sub or marks.of_which) and keys == dict(body.layout.constants.values):
        code = "of-which" if marks.of_which else "total-of-what"
        body.remark(code, number, marks.column, marks.text)
        return None
    return keys


# ---------------------------------------------------------------------------------------- amounts


def _amounts(body: Body, number: int, cells: Mapping[Figure, Cell]) -> Iterator[tuple[Figure, int, Spot]]:
    for figure, cell in cells.items():
        try:
            value, how = figures.money(cell, figure.money, body.grid.typed)
        except Fault as fault:
            if fault.code == "foreign-unit-missing" and (fault.code, figure.column) in body.reported:
                continue
            body.fault(fault.code, number, figure.column, cell.text, **fault.words)
            continue
        for code in how:
            words: dict[str, Any] = {"value": cell.text.replace(",", "")} if code == "thousands-read" else {}
            body.remark(code, number, figure.column, cell.text, **words)
        yield figure, value, body.spot(number, figure.column)
