"""The sheets of a workbook to what the files of a case folder become: nodes of lists and rows of tables.

While the case is read, places go by the folder's names and by header texts; `Gathered.located` turns them
into sheets and cells at the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.money import MONEY_UNITS
from models.rules.source import nearest
from optimizer.read.base import LIKE
from optimizer.read.csv_table import Rows
from optimizer.read.kinds import MONEY, Form
from optimizer.read.problems import Log, Place, Problem
from optimizer.read.shapes import FILES, REQUIRED_FILES
from optimizer.read.sheets import SheetTable
from optimizer.read.workbook.frame import Frame, framed
from optimizer.read.workbook.layout import (
    BY_KEY,
    GUIDE,
    HEAD_COLUMNS,
    NOTE_COLUMN,
    OWN_PREFIX,
    SHEETS,
    Header,
    Role,
    Sheet,
    columns,
    part_field,
    parts_of,
    resolve,
)
from optimizer.read.workbook.values import Spot, node_of
from optimizer.read.yaml_nodes import UNREADABLE, Entries, Items, Node, Scalar

_HEADER = re.compile(r"([^()]+)\(([^()]*)\)")


@dataclass
class Gathered:
    """What the sheets hold, by the names of the folder's files."""

    file: str
    roots: dict[str, Node] = field(default_factory=dict)
    tables: dict[str, Rows] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    """Files of the folder for which there is a sheet, readable or not."""
    notes: str | None = None
    titles: dict[str, str] = field(default_factory=dict)
    """Key of a sheet -> its title in this workbook."""
    frames: dict[str, Frame] = field(default_factory=dict)

    def located(self, place: Place) -> Place:
        """The cell of a place that goes by the folder's names."""
        sheet = _BY_PLACE.get(place.file)
        if sheet is None:
            return place
        frame = self.frames.get(sheet.key)
        line, column = place.line, place.column
        if frame is not None and sheet.role is Role.TABLE:
            if isinstance(column, str):
                column = _column(frame, column)
            if line == 1:
                line = frame.header_row
        return Place(self.file, line, column, self.titles.get(sheet.key, sheet.title))

    def relocated(self, problems: Sequence[Problem]) -> list[Problem]:
        """The problems with their cells."""
        return [replace(problem, place=self.located(problem.place)) for problem in problems]


def _column(frame: Frame, name: str) -> int | None:
    """The column with a header, or with its name before the unit."""
    for column, header in frame.headers.items():
        if name in (header, header.partition("(")[0].strip()):
            return column
    return None


#: What places call a sheet while the case is read: its own name, and a YAML file for the first of its lists.
_BY_PLACE: Mapping[str, Sheet] = {
    **{sheet.file: sheet for sheet in reversed(SHEETS) if sheet.file},
    **{sheet.place: sheet for sheet in SHEETS},
}
#: Sheets in the order in which problems are listed.
ORDER = tuple(sheet.place for sheet in SHEETS)


def gather(sheets: Sequence[SheetTable], file: str, log: Log) -> Gathered:
    """The contents of all sheets; every fault of a sheet or cell is on the log."""
    found = Gathered(file)
    broken: set[str] = set()
    for sheet, table in _matched(sheets, found, log):
        frame = framed(sheet, table, log) if table.cells else None
        if frame is not None:
            found.frames[sheet.key] = frame
        elif table.cells:
            broken.add(sheet.key)
        if frame is not None or sheet.key in broken or sheet.file in REQUIRED_FILES:
            found.there.add(sheet.file)
    for sheet in SHEETS:
        frame = found.frames.get(sheet.key)
        if sheet.role is Role.TABLE and frame is not None:
            found.tables[sheet.file] = _rows(frame)
        elif sheet.role is Role.NOTES and frame is not None:
            found.notes = _notes(frame)
    _check_there(found, log)
    _gather_lists(found, broken, log)
    return found


def _matched(sheets: Sequence[SheetTable], found: Gathered, log: Log) -> list[tuple[Sheet, SheetTable]]:
    """The sheets that are known, each once."""
    matched: list[tuple[Sheet, SheetTable]] = []
    for table in sheets:
        words = table.name.strip().lower().split()
        sheet = next((one for one in SHEETS if one.key in words or table.name.strip() == one.zh), None)
        place = Place(found.file, sheet=table.name)
        if sheet is None:
            own = table.name.startswith(OWN_PREFIX) or set(words) & set(GUIDE)
            if not own and table.cells:
                near = nearest(table.name, [one.key for one in SHEETS] + [one.title for one in SHEETS])
                log.add("unknown-sheet", place, table.name, near=near)
        elif sheet.key in found.titles:
            log.add("duplicate-sheet", place, table.name, first=found.titles[sheet.key])
        else:
            found.titles[sheet.key] = table.name
            matched.append((sheet, table))
    return matched


def _check_there(found: Gathered, log: Log) -> None:
    for sheet in SHEETS:
        first = next(one for one in SHEETS if one.file == sheet.file) if sheet.file else None
        if sheet is first and sheet.file in REQUIRED_FILES and sheet.key not in found.titles:
            log.add("sheet-missing", Place(found.file), "", sheet=sheet.title)


def _rows(frame: Frame) -> Rows:
    """Header and rows as a CSV file would have them."""
    columns = list(frame.headers)
    rows = [[frame.headers[column] for column in columns]]
    rows += [[frame.text(row, column) for column in columns] for row in frame.rows]
    return Rows(rows, [frame.header_row, *frame.rows])


def _notes(frame: Frame) -> str:
    """The lines of README.md; blank rows are blank lines."""
    column = next((number for number, header in frame.headers.items() if header == NOTE_COLUMN), 1)
    last = frame.rows[-1] if frame.rows else frame.header_row
    lines = [frame.text(row, column) for row in range(frame.header_row + 1, last + 1)]
    return "\n".join(line.replace(UNREADABLE, "") for line in lines) + "\n"


def _gather_lists(found: Gathered, broken: set[str], log: Log) -> None:
    """The nodes of case.yaml and of the lists, with their parts put into their items."""
    head = found.frames.get("case")
    if head is not None:
        found.roots["case.yaml"] = _head(head, log)
    for sheet in SHEETS:
        if sheet.role is not Role.LIST:
            continue
        frame, required = found.frames.get(sheet.key), _required(sheet)
        node: Node | None = None
        if sheet.key in broken or (required and sheet.key not in found.titles):
            node = Scalar(UNREADABLE, 1, 1, file=sheet.key)
        elif frame is not None and (frame.rows or required):
            node = _items(frame, found, broken, log)
        elif required:
            node = Items((), 1, 1, sheet.key)
        if node is not None:
            _put(found.roots, sheet, node)


def _required(sheet: Sheet) -> bool:
    """Whether the list must be there if its file must be."""
    return sheet.key == "documents" or (
        sheet.file in REQUIRED_FILES and FILES.get(sheet.file, {}).get(sheet.key, (None, False))[1]
    )


def _put(roots: dict[str, Node], sheet: Sheet, node: Node) -> None:
    root = roots.setdefault(sheet.file, Entries({}, 1, 1, sheet.key))
    if isinstance(root, Entries):
        root.entries[sheet.key] = (Scalar(sheet.key, 1, 1, file=sheet.key), node)


def _head(frame: Frame, log: Log) -> Node:
    """The fields of case.yaml, one a row."""
    at = {header: column for column, header in frame.headers.items()}
    missing = [name for name in HEAD_COLUMNS if name not in at]
    for name in missing:
        place = Place("case", frame.header_row)
        log.add("missing-column", place, name=name, known=" ".join(frame.headers.values()))
    if missing:
        return Scalar(UNREADABLE, 1, 1, file="case")
    item = _Item(frame.sheet, frame.header_row, log)
    first: dict[str, int] = {}
    for row in frame.rows:
        name, value = frame.text(row, at["field"]), frame.text(row, at["value"])
        if not name and not value:
            continue
        spot = Spot("case", row, at["value"], log, name)
        header = resolve(frame.sheet, name)
        if header is None:
            if name != UNREADABLE:
                known = list(frame.sheet.fields)
                words = {"known": " ".join(known), "near": nearest(name, known)}
                log.add("unknown-field", Place("case", row, at["field"]), name, **words)
        elif name in first:
            log.add("duplicate-key", Place("case", row, at["field"]), name, key=name, first=first[name])
        elif value or header.required:
            first[name] = row
            item.put(header, value or _empty(spot), None, spot)
    return item.node()


class _Item:
    """An item that is being put together from its cells."""

    def __init__(self, sheet: Sheet, row: int, log: Log) -> None:
        self.sheet, self.row, self.log = sheet, row, log
        self.entries: dict[str, tuple[Scalar, Node]] = {}

    def put(self, header: Header, text: str, unit: str | None, spot: Spot) -> None:
        """The value of a cell to its place in the item."""
        if header.kind is None:  # pragma: no cover - lists have kinds
            return
        node, entries = node_of(text, header.kind, unit, spot), self.entries
        for step in header.path[:-1]:
            known = entries.get(step)
            if known is None:
                inner = Entries({}, spot.row, spot.column, spot.sheet)
                entries[step] = (spot.text(step), inner)
            elif isinstance(known[1], Entries):
                inner = known[1]
            else:
                spot.refuse("duplicate-key", text, key=header.name, first=self.row)
                return
            entries = inner.entries
        last = header.path[-1]
        if last in entries:
            spot.refuse("duplicate-key", text, key=header.name, first=self.row)
            return
        entries[last] = (spot.text(last), node)

    def node(self) -> Entries:
        """The item; a title in Chinese alone is that text."""
        for name, (key, value) in self.entries.items():
            if isinstance(value, Entries) and [*value.entries] == ["zh"] and _is_title(self.sheet, name):
                self.entries[name] = (key, value.entries["zh"][1])
        return Entries(self.entries, self.row, 1, self.sheet.key)


def _is_title(sheet: Sheet, name: str) -> bool:
    return name in sheet.fields and sheet.fields[name].kind.form is Form.TITLE


def _headers(frame: Frame, log: Log) -> dict[int, tuple[Header, str | None]] | None:
    """The columns of a list's sheet with their units; None where one of them is unclear."""
    found: dict[int, tuple[Header, str | None]] = {}
    seen: dict[str, str] = {}
    sound = True
    for column, text in frame.headers.items():
        place = Place(frame.sheet.place, frame.header_row, column)
        parts = _HEADER.fullmatch(text)
        name, unit = (parts.group(1).strip(), parts.group(2).strip()) if parts else (text, None)
        header = resolve(frame.sheet, name)
        if header is None:
            sound = False
            _report_header(frame.sheet, text, place, log)
        elif unit is not None and header.kind is not MONEY:
            sound = False
            log.add("column-unit-unwanted", place, text, name=name)
        elif unit is not None and unit not in MONEY_UNITS:
            sound = False
            log.add("column-unit", place, text, name=name)
        elif name in seen:
            sound = False
            log.add("duplicate-column", place, text, name=name, first=seen[name])
        else:
            seen[name] = text
            found[column] = (header, unit)
    wanted = [header.name for header in columns(frame.sheet, ()) if header.required and LIKE not in seen]
    apart = {part_field(part) for part in parts_of(frame.sheet.key)}
    for name in wanted if sound else ():
        if name not in seen and name not in apart:
            sound = False
            known = " ".join(frame.headers.values())
            log.add("missing-column", Place(frame.sheet.place, frame.header_row), name=name, known=known)
    return found if sound else None


def _report_header(sheet: Sheet, text: str, place: Place, log: Log) -> None:
    if "（" in text or "）" in text:
        log.add("wide-column", place, text, plain=text.replace("（", "(").replace("）", ")"))
        return
    known = [one for one in (sheet.owner, sheet.by, *sheet.fields) if one]
    log.add("unknown-column", place, text, known=" ".join(known), near=nearest(text, known))


def _empty(spot: Spot) -> str:
    """What stands for a cell that must not be empty, with the problem on the log."""
    return spot.refuse("empty-cell", "").text


def _is_like(frame: Frame, headers: Mapping[int, tuple[Header, str | None]], row: int) -> bool:
    """Whether an item takes what it lacks from a template."""
    return any(header.name == LIKE and frame.text(row, column) for column, (header, _) in headers.items())


def _items(frame: Frame, found: Gathered, broken: set[str], log: Log) -> Node:
    """The list of a sheet."""
    headers = _headers(frame, log)
    if headers is None:
        return Scalar(UNREADABLE, frame.header_row, 1, file=frame.sheet.key)
    items = []
    for row in frame.rows:
        item = _Item(frame.sheet, row, log)
        for column, (header, unit) in headers.items():
            spot = Spot(frame.sheet.key, row, column, log, frame.headers[column])
            text = frame.text(row, column)
            if text or (header.required and not _is_like(frame, headers, row)):
                item.put(header, text or _empty(spot), unit, spot)
        items.append(item.node())  # its parts come below
    for part in parts_of(frame.sheet.key):
        _put_parts(part, items, found, broken, log)
    order = {name: at for at, name in enumerate(frame.sheet.fields)}
    for node in items:
        ordered = sorted(node.entries.items(), key=lambda entry: order.get(entry[0], 0))
        node.entries.clear()
        node.entries.update(ordered)
    return Items(tuple(items), frame.header_row, 1, frame.sheet.key)


def _put_parts(part: Sheet, items: list[Entries], found: Gathered, broken: set[str], log: Log) -> None:
    """The rows of a part into the items they name."""
    frame = found.frames.get(part.key)
    if frame is None and part.key not in broken:
        return
    headers = _headers(frame, log) if frame is not None else None
    at = {header.name: column for column, (header, _) in (headers or {}).items()}
    if frame is None or headers is None:
        for item in items:  # what they lack is not their fault
            unreadable = Scalar(UNREADABLE, 1, 1, file=part.key)
            item.entries.setdefault(part_field(part), (unreadable, unreadable))
        return
    owners = {
        entry[1].text: item
        for item in items
        if (entry := item.entries.get("id")) is not None and isinstance(entry[1], Scalar)
    }
    for row in frame.rows:
        owner = frame.text(row, at[part.owner])
        place = Place(part.key, row, at[part.owner])
        if owner == UNREADABLE:
            continue
        if owner not in owners:
            code = "unknown-owner" if owner else "empty-cell"
            words = {"parent": BY_KEY[part.parent].title, "near": nearest(owner, owners)}
            log.add(code, place, owner, field=part.owner, **words)
            continue
        _put_part(part, owners[owner], _part_item(part, frame, headers, row, log), row, at, frame, log)


def _part_item(
    part: Sheet, frame: Frame, headers: Mapping[int, tuple[Header, str | None]], row: int, log: Log
) -> Entries:
    item = _Item(part, row, log)
    for column, (header, unit) in headers.items():
        spot = Spot(part.key, row, column, log, frame.headers[column])
        text = frame.text(row, column)
        if header.name not in (part.owner, part.by) and (text or header.required):
            item.put(header, text or _empty(spot), unit, spot)
    return item.node()


def _put_part(
    part: Sheet, owner: Entries, item: Entries, row: int, at: Mapping[str, int], frame: Frame, log: Log
) -> None:
    """One row of a part as an item of the owner's list, or as an entry of its mapping."""
    name = part_field(part)
    key = Scalar(name, row, at[part.owner], file=part.key)
    if not part.by:
        known = owner.entries.get(name)
        before = known[1].items if known is not None and isinstance(known[1], Items) else ()
        at_first = known[1].line if before and known is not None else row
        owner.entries[name] = (key, Items((*before, item), at_first, at[part.owner], part.key))
        return
    by = frame.text(row, at[part.by])
    spot = Spot(part.key, row, at[part.by], log, part.by)
    known = owner.entries.setdefault(name, (key, Entries({}, row, at[part.owner], part.key)))
    if not by:
        spot.refuse("empty-cell", by)
    elif isinstance(known[1], Entries) and by not in known[1].entries:
        known[1].entries[by] = (spot.text(by), item)
    elif by != UNREADABLE:
        spot.refuse("duplicate-key", by, key=by, first=owner.line)
