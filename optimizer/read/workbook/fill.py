"""The files of a case folder to the rows of the sheets: what `gather` does, the other way round.

Texts go over as they stand; only money that a YAML file writes with its unit comes into the unit of its
column. Comments of YAML files are not carried.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.read.kinds import YEAR, Form, Kind
from optimizer.read.problems import CaseErrors, Log, Place, Refused
from optimizer.read.shapes import FILES
from optimizer.read.workbook.layout import (
    HEAD_COLUMNS,
    NOTE_COLUMN,
    SHEETS,
    Role,
    Sheet,
    columns,
    part_field,
    parts_of,
    resolve,
)
from optimizer.read.workbook.values import text_of
from optimizer.read.yaml_nodes import Entries, Items, Node, Scalar, read_yaml

#: What a cell can hold.
LONGEST_TEXT = 32_767
YAML_NAMES = ("case.yaml", *FILES)
#: The files of a folder that a workbook can hold.
NAMES = (*YAML_NAMES, *(sheet.file for sheet in SHEETS if sheet.role is Role.TABLE), "README.md")
_MONEY_UNIT = "元"
#: Tables whose money columns are in another unit in docs/format.md.
_UNITS = {"fund_amounts": "万元"}


@dataclass
class Filled:
    """Header texts and rows of one sheet."""

    headers: list[str]
    rows: list[list[str]] = field(default_factory=list)


def empty(years: Sequence[int]) -> dict[str, Filled]:
    """All sheets without rows; case.yaml's fields stand there to be filled in."""
    sheets = {sheet.key: Filled(_headers(sheet, years)) for sheet in SHEETS}
    sheets["case"].rows = [[header.name, ""] for header in columns(_head(), years)]
    return sheets


def _head() -> Sheet:
    return next(sheet for sheet in SHEETS if sheet.role is Role.HEAD)


def _headers(sheet: Sheet, years: Sequence[int]) -> list[str]:
    if sheet.role is Role.HEAD:
        return list(HEAD_COLUMNS)
    if sheet.role is Role.NOTES:
        return [NOTE_COLUMN]
    unit = _UNITS.get(sheet.key, _MONEY_UNIT)
    return [header.text.replace(f"({_MONEY_UNIT})", f"({unit})") for header in columns(sheet, years)]


def fill(texts: Mapping[str, str], years: Sequence[int], base: str | None = None) -> dict[str, Filled]:
    """The rows of all sheets from the texts of a case's files, which have been read before.

    `base` replaces the way to the base. Raises CaseErrors for what no cell can hold.
    """
    log = Log()
    sheets = empty(years)
    roots = {name: read_yaml(name, texts[name], log) for name in YAML_NAMES if name in texts}
    for sheet in SHEETS:
        root = roots.get(sheet.file)
        if sheet.role is Role.TABLE and sheet.file in texts:
            sheets[sheet.key] = _table(sheet, texts[sheet.file])
        elif sheet.role is Role.NOTES and sheet.file in texts:
            lines = texts[sheet.file].replace("\r\n", "\n").removesuffix("\n").split("\n")
            sheets[sheet.key].rows = [[line] for line in lines]
        elif sheet.role is Role.HEAD and isinstance(root, Entries):
            cells = _flat(sheet, root, years) | ({} if base is None else {"base": base})
            sheets[sheet.key].rows = [[name, cells.get(name, "")] for name, _ in sheets[sheet.key].rows]
        elif sheet.role is Role.LIST and isinstance(root, Entries) and sheet.key in root.entries:
            _fill_list(sheet, root.entries[sheet.key][1], years, sheets)
    log.check()
    _check_lengths(sheets, log)
    return sheets


def _table(sheet: Sheet, text: str) -> Filled:
    """The rows of a CSV file, with all the columns the table can have."""
    first, *rows = (row for row in csv.reader(io.StringIO(text, newline="")) if any(map(str.strip, row)))
    header = [cell.strip() for cell in first]
    written = {name.partition("(")[0].strip(): (name, at) for at, name in enumerate(header)}
    names = [column.name for column in sheet.table]
    extra = [name for name in written if name not in names]
    before = names.index("document") if "document" in names else len(names)
    order = [*names[:before], *extra, *names[before:]]
    defaults = dict(zip(names, _headers(sheet, ()), strict=True))
    headers = [written[name][0] if name in written else defaults[name] for name in order]
    cells = [[row[written[name][1]].strip() if name in written else "" for name in order] for row in rows]
    return Filled(headers, cells)


def _fill_list(sheet: Sheet, node: Node, years: Sequence[int], sheets: dict[str, Filled]) -> None:
    """The items of a list, and the rows of their parts."""
    if not isinstance(node, Items):  # pragma: no cover - the case has been read
        return
    parts = {part_field(part): part for part in parts_of(sheet.key)}
    flat: list[dict[str, str]] = []
    below: dict[str, list[dict[str, str]]] = {part.key: [] for part in parts.values()}
    for item in node.items:
        if not isinstance(item, Entries):  # pragma: no cover - the case has been read
            continue
        own = dict(item.entries)
        id = own["id"][1].text.strip() if isinstance(own["id"][1], Scalar) else ""
        for name, part in parts.items():
            rows = list(_part_rows(part, id, own[name][1], years)) if name in own else []
            if rows:
                del own[name]
                below[part.key] += rows
        flat.append(_flat(sheet, Entries(own, 0, 0), years))
    sheets[sheet.key] = _filled(sheet, flat, years)
    for part in parts.values():
        sheets[part.key] = _filled(part, below[part.key], years)


def _part_rows(part: Sheet, owner: str, node: Node, years: Sequence[int]) -> Iterable[dict[str, str]]:
    if isinstance(node, Items):
        inner: list[tuple[str, Node]] = [("", item) for item in node.items]
    elif isinstance(node, Entries):
        inner = [(key, value) for key, (_, value) in node.entries.items()]
    else:  # pragma: no cover - the case has been read
        inner = []
    for key, value in inner:
        row = {part.owner: owner} | ({part.by: key} if part.by else {})
        yield row | (_flat(part, value, years) if isinstance(value, Entries) else {})


def _flat(sheet: Sheet, item: Entries, years: Sequence[int]) -> dict[str, str]:
    """Column -> text of an item."""
    back = {field: column for column, field in sheet.renamed.items()}
    found: dict[str, str] = {}
    for name, (_, node) in item.entries.items():
        if name == "citation" and isinstance(node, Entries):
            found |= {part: _text(sheet, part, value) for part, (_, value) in node.entries.items()}
        elif name in sheet.fields:
            found |= _cells(sheet, back.get(name, name), node, sheet.fields[name].kind)
    return found


def _cells(sheet: Sheet, name: str, node: Node, kind: Kind) -> dict[str, str]:
    """The cells of a value: one, or one for each of its parts where these have columns."""
    if not isinstance(node, Entries) or not node.entries:
        return {name: _text(sheet, name, node)}
    if kind.form is Form.TITLE:
        keys = {"zh": name, "en": f"{name}.en"}
        return {keys[key]: _text(sheet, keys[key], value) for key, (_, value) in node.entries.items()}
    if kind.form is Form.SHAPE or (kind.form is Form.MAPPING and kind.keys is YEAR):
        return {
            f"{name}.{key}": _text(sheet, f"{name}.{key}", value) for key, (_, value) in node.entries.items()
        }
    return {name: _text(sheet, name, node)}


def _text(sheet: Sheet, name: str, node: Node) -> str:
    header = resolve(sheet, name)
    if header is None or header.kind is None:  # pragma: no cover - the case has been read
        raise Refused
    if isinstance(node, Scalar):
        node = Scalar(node.text.strip(), 0, 0)
    return text_of(node, header.kind, _MONEY_UNIT if header.money else None)


def _filled(sheet: Sheet, flat: Sequence[Mapping[str, str]], years: Sequence[int]) -> Filled:
    """The rows below all columns that the sheet has or that are used."""
    used = dict.fromkeys(name for row in flat for name in row)
    more = sorted({int(last) for name in used if (last := name.rpartition(".")[2]).isdigit()} | set(years))
    standard = columns(sheet, more)
    kept = [
        header
        for header in standard
        if header.name in used or not header.path[-1].isdigit() or int(header.path[-1]) in years
    ]
    names = {header.name: header.text for header in kept}
    for name in used:
        header = resolve(sheet, name)
        if header is not None:
            names.setdefault(name, header.text)
    return Filled(list(names.values()), [[row.get(name, "") for name in names] for row in flat])


def _check_lengths(sheets: Mapping[str, Filled], log: Log) -> None:
    for sheet in SHEETS:
        for row in sheets[sheet.key].rows:
            for header, text in zip(sheets[sheet.key].headers, row, strict=False):
                if len(text) > LONGEST_TEXT:
                    place = Place(sheet.file or sheet.key, None, header)
                    log.add("cell-too-long", place, text, limit=LONGEST_TEXT)
    if log.problems:
        raise CaseErrors(tuple(log.problems))
