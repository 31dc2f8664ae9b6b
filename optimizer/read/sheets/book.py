"""The parts of a workbook around its sheets: which there are, shared texts, which styles are dates."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from optimizer.read.csv_table import uncollected
from optimizer.read.problems import Log, Place, Refused
from optimizer.read.sheets.archive import LIMITS, Archive
from optimizer.read.sheets.grid import MAIN, Grid, read_grid, unescaped
from optimizer.read.sheets.table import SheetTable

_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass
class _Book:
    """What the sheets are read with."""

    texts: list[str] = field(default_factory=list)
    dates: frozenset[int] = frozenset()
    """Styles that show a number as a date or time."""
    durations: frozenset[int] = frozenset()
    from_1904: bool = False
    stale: bool = False
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    """Name, part, hidden."""


def read_sheets(path: Path, log: Log) -> tuple[SheetTable, ...]:
    """The worksheets of an .xlsx in their order; whatever cannot be read is on the log and left out."""
    raw = book_bytes(path, log)
    return () if raw is None else sheets_of(raw, path.name, log)


def book_bytes(path: Path, log: Log) -> bytes | None:
    """The bytes of a workbook of bearable size; None, and a problem on the log, where there are none."""
    try:
        size = path.stat().st_size
        if size > LIMITS.file_mb * 1024 * 1024:
            log.add("book-too-big", Place(path.name), f"{size // 1024 // 1024} MB", limit=LIMITS.file_mb)
            return None
        return path.read_bytes()
    except FileNotFoundError:
        log.add("file-not-found", Place(str(path)))
    except OSError as error:
        log.add("unreadable", Place(path.name), reason=error.strerror or str(error))
    return None


@uncollected()
def sheets_of(raw: bytes, name: str, log: Log) -> tuple[SheetTable, ...]:
    """The worksheets in the bytes of an .xlsx; `name` is what messages call it."""
    tables: list[SheetTable] = []
    try:
        archive = Archive(raw, name, log)
        book = _read_book(archive)
    except Refused:
        return ()
    left = LIMITS.cells
    for title, part, hidden in book.sheets:
        grid = Grid(book.texts, book.dates, book.durations, book.from_1904, most=left)
        try:
            read_grid(archive, part, title, grid)
        except Refused:
            continue
        left -= len(grid.cells)
        tables.append(
            SheetTable(
                name,
                title,
                grid.cells,
                tuple(grid.merged),
                frozenset(grid.hidden_rows),
                frozenset(grid.hidden_columns),
                hidden,
                book.stale,
            )
        )
    return tuple(tables)


def _read_book(archive: Archive) -> _Book:
    part = _workbook_part(archive)
    book = _Book()
    listed: list[tuple[str, str, str]] = []
    roots: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if not roots:
            roots.append(namespace)
        if name == "workbookPr":
            book.from_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "calcPr":
            book.stale = attributes.get("fullCalcOnLoad") in ("1", "true")
        elif name == "sheet":
            id = attributes.get(f"{_RELATION} id", "")
            listed.append((attributes.get("name", ""), id, attributes.get("state", "visible")))

    archive.parse(part, start)
    if roots[0] != MAIN:
        archive.refuse("book-strict" if roots[0] == _STRICT else "book-not-workbook", part=part)
    relations = _relations(archive, part)
    for title, id, state in listed:
        kind, target = relations.get(id, ("", ""))
        if kind.endswith("/worksheet"):
            book.sheets.append((title, target, state != "visible"))
        elif not kind.endswith(("/chartsheet", "/dialogsheet", "/xlMacrosheet")):
            archive.refuse("book-part-missing", sheet=title, part=target or title)
    if not book.sheets:
        archive.refuse("book-no-sheets")
    for kind, target in relations.values():
        if kind.endswith("/sharedStrings"):
            book.texts = _shared_texts(archive, target)
        elif kind.endswith("/styles"):
            book.dates, book.durations = _date_styles(archive, target)
    return book


def _workbook_part(archive: Archive) -> str:
    """The name of the part that lists the sheets; other formats that are zip archives are named."""
    names = set(archive.parts)
    if "[Content_Types].xml" not in names:
        if "mimetype" in names and "content.xml" in names:
            archive.refuse("book-not-xlsx", what=("OpenDocument 表格（.ods）", "an OpenDocument file (.ods)"))
        archive.refuse("book-not-workbook", part="[Content_Types].xml")
    for kind, target in _relations(archive, "").values():
        if kind.endswith("/officeDocument"):
            if target.endswith(".bin"):
                archive.refuse("book-not-xlsx", what=("二进制工作簿 .xlsb", "a binary workbook .xlsb"))
            if target.startswith(("word/", "ppt/")):
                archive.refuse("book-not-xlsx", what=("Word 或 PPT 文档", "a Word or PowerPoint file"))
            return target
    archive.refuse("book-not-workbook", part="_rels/.rels")


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Id -> (type, name of the part) of a part's relations."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            whole = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), whole)

    archive.parse(posixpath.join(folder, "_rels", f"{name}.rels"), start)
    return found


def _shared_texts(archive: Archive, part: str) -> list[str]:
    """The texts that cells refer to by number; pronunciation hints do not belong to them."""
    texts: list[str] = []
    pieces: list[str] = []
    inside = {"t": 0, "rPh": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name in inside:
            inside[name] += 1

    def end(tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name in inside:
            inside[name] -= 1
        elif name == "si":
            texts.append(unescaped("".join(pieces)))
            pieces.clear()

    def text(piece: str) -> None:
        if inside["t"] and not inside["rPh"]:
            pieces.append(piece)

    archive.parse(part, start, end, text)
    return texts


def _date_styles(archive: Archive, part: str) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of the styles that show dates and times, and of those among them that show durations."""
    formats: dict[str, str] = {str(id): code for id, code in BUILTIN_FORMATS.items()}
    used: list[str] = []
    inside: list[bool] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside.append(True)
        elif name == "xf" and inside:
            used.append(attributes.get("numFmtId", "0"))

    def end(tag: str) -> None:
        if tag.endswith(" cellXfs"):
            inside.clear()

    archive.parse(part, start, end)
    codes = {style: formats.get(id, "General") for style, id in enumerate(used)}
    dates = frozenset(style for style, code in codes.items() if is_date_format(code))
    return dates, frozenset(style for style in dates if is_timedelta_format(codes[style]))
