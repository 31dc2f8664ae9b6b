"""A table file to blocks of rows as text: every row with its line, rows that are too short or too long apart.

CSV (also .gz) is read some megabytes at a time, so that memory does not grow with the file. The engine
reads plain blocks; a block in which a quoted cell holds a line's end goes through the standard library's csv
module, which knows the true line of every row. Workbooks (.xlsx) are small and come as one block.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

import polars as pl

from optimizer.execution.columns import Field, Header, read_header, recognised
from optimizer.execution.refusal import refused

#: Bytes read at a time.
BLOCK = 48 << 20
#: Rows among which the header is looked for: titles may stand above it.
HEADER_WITHIN = 10
#: Bytes among which it must stand.
_HEAD = 1 << 16
#: What a text may begin or end with that is none of it: blank, no-break and full-width blanks, tab, others.
_SPACES = (b" ", b"\t", b"\r", b"\xc2\xa0", b"\xe3\x80\x80", b"\xe2\x80", b"\xc2\x85", b"\x0b", b"\x0c")
_SEPARATORS = (",", "\t", ";")


@dataclass(frozen=True)
class Uneven:
    """A row with too few or too many cells, or quotation marks that do not close (`cells` None)."""

    line: int
    cells: int | None


@dataclass(frozen=True)
class Block:
    """Rows of a table: `cells` has a column for each of the file, named "0", "1", ...; text, no nulls."""

    lines: pl.Series
    """The line of each row, UInt32."""
    cells: pl.DataFrame
    uneven: tuple[Uneven, ...] = ()
    bare: bool = False
    """No text has white space around it, so that nobody need look."""


@dataclass(frozen=True)
class Source:
    """An open table: its header, and its rows block by block."""

    file: str
    header: Header
    blocks: Iterator[Block]


def open_source(path: Path, fields: Sequence[Field], size: int = BLOCK) -> Source:
    """The header and rows of a .csv, .csv.gz or .xlsx file. Raises LedgerErrors, OSError."""
    name = path.name.lower()
    if name.endswith(".xlsx"):
        from optimizer.execution.workbook import open_workbook

        header, lines, rows = open_workbook(path, fields)
        return Source(path.name, header, iter([_from_rows(lines, rows, header.width)]))
    if not name.endswith((".csv", ".csv.gz", ".txt", ".tsv")):
        raise refused(
            f"{path.name}: 不认识这种文件。请另存为 .csv（UTF-8）、.csv.gz 或 .xlsx。",
            f"{path.name}: this kind of file is not known. Save it as .csv (UTF-8), .csv.gz or .xlsx.",
        )
    opened = gzip.open(path) if name.endswith(".gz") else path.open("rb")  # noqa: SIM115 - the rows close it
    stream = cast(IO[bytes], opened)
    try:
        head = stream.read(_HEAD)
        header, separator, skipped = _header(path.name, head, fields)
        stream.seek(0)
    except BaseException:
        stream.close()
        raise
    return Source(path.name, header, _ahead(_blocks(path.name, stream, header, separator, skipped, size)))


def _ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks; the next one is read while the last one is looked at."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, blocks, None)
            yield block


def _header(file: str, head: bytes, fields: Sequence[Field]) -> tuple[Header, str, int]:
    """The header, the separator, and how many lines end with the header's."""
    text = _decoded(file, head.rpartition(b"\n")[0] if len(head) == _HEAD else head, 1)
    lines = text.removeprefix("\ufeff").splitlines()[:200]
    first = next((line for line in lines if line.strip()), "")
    best = max(
        _SEPARATORS, key=lambda mark: max((line.count(mark) for line in lines[:HEADER_WITHIN]), default=0)
    )
    if not first:
        raise refused(f"{file}: 文件是空的。", f"{file}: the file is empty.")
    reader = csv.reader(lines, delimiter=best)
    rows: list[tuple[int, list[str]]] = []
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append((reader.line_num, row))
        if len(rows) == HEADER_WITHIN:
            break
    line, row = max(rows, key=lambda found: (recognised(found[1], fields), -found[0]))
    return read_header(file, row, fields, line), best, line


def _blocks(
    file: str, stream: IO[bytes], header: Header, separator: str, skipped: int, size: int
) -> Iterator[Block]:
    """The rows below the header. Cuts at ends of lines that are not inside a quoted cell."""
    rest, line, skipping, ended = b"", 1, skipped, False
    with stream:
        while not ended:
            more = stream.read(size)
            ended = len(more) < size
            data = rest + more
            if skipping:  # the header, and what stands above it
                start, gone = _after_lines(data, skipping)
                data, line, skipping = data[start:], line + gone, skipping - gone
            cut = len(data) if ended else _cut(file, data, line, 4 * size)
            part, rest = data[:cut], data[cut:]
            if part.strip():
                yield _block(file, part, line, header.width, separator)
            line += part.count(b"\n")


def _after_lines(data: bytes, lines: int) -> tuple[int, int]:
    """Where the line after so many starts, or after as many as there are whole; and how many those are."""
    at = 0
    for gone in range(lines):
        end = data.find(b"\n", at)
        if end < 0:
            return at, gone
        at = end + 1
    return at, lines


def _cut(file: str, data: bytes, line: int, most: int) -> int:
    """After the last line's end that is not within quotation marks; 0 where more must be read first."""
    end = data.rfind(b"\n") + 1
    if b'"' not in data:
        return end
    odd = data.count(b'"', 0, end) % 2
    while end and odd:
        before = data.rfind(b"\n", 0, end - 1) + 1
        odd ^= data.count(b'"', before, end) % 2
        end = before
    if not end and len(data) > most:
        raise refused(
            f"{file}:{line}: 第 {line} 行起有引号没有闭合，其后内容无法分行。请更正引号。",
            f"{file}:{line}: a quotation mark from line {line} on is not closed, so that rows cannot be told "
            "apart. Correct the quotation marks.",
        )
    return end


def _decoded(file: str, data: bytes, line: int) -> str:
    try:
        return data.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        at = line + data.count(b"\n", 0, error.start)
        raise refused(
            f"{file}:{at}: 不是 UTF-8 编码（可能是 GBK/GB 18030）。请另存为 UTF-8 编码的 CSV。",
            f"{file}:{at}: not UTF-8 (it may be GBK, GB 18030). Save it as CSV in UTF-8.",
        ) from None


def _names(width: int) -> list[str]:
    return [str(at) for at in range(width)]


def _block(file: str, data: bytes, first: int, width: int, separator: str) -> Block:
    """The rows of whole lines that start at line `first`."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    if b"\x01" not in data and b"\x00" not in data:
        try:
            quick = (
                _quoted(data, first, width, separator)
                if b'"' in data
                else _even(data, first, width, separator) or _plain(data, first, width, separator)
            )
        except pl.exceptions.PolarsError:  # not UTF-8, or quoted in a way the engine does not take
            quick = None
        if quick is not None:
            return quick
    return _slow(_decoded(file, data, first), first, width, separator)


def _even(data: bytes, first: int, width: int, separator: str) -> Block | None:
    """Without quotation marks and with every line a row of `width` cells; None where one is not.

    The engine refuses rows that are too long, so none is too short if the separators are as many as they
    must be in all.
    """
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if data.count(separator.encode()) != lines * (width - 1):
        return None
    try:
        cells = _parsed(data, width, separator, None)
    except pl.exceptions.PolarsError:
        return None
    if len(cells) != lines or cells.width != width:
        return None
    block = _without_blanks(pl.int_range(first, first + lines, dtype=pl.UInt32, eager=True), cells, ())
    return replace(block, bare=not any(space in data for space in _SPACES))


def _plain(data: bytes, first: int, width: int, separator: str) -> Block:
    """Without a quotation mark every line is a row; lines with another number of separators are uneven."""
    found = _lines(data, first)
    marks = found["text"].str.count_matches(separator, literal=True)
    even = marks == width - 1
    wrong = found.with_columns(marks=marks).filter(~even)
    wrong = wrong.filter(pl.col("text").str.strip_chars(separator + " \u3000\t") != "")
    uneven = tuple(Uneven(line, count + 1) for line, count in wrong.select("line", "marks").iter_rows())
    found = found.filter(even)
    if not len(found):
        return Block(found["line"], pl.DataFrame(schema=dict.fromkeys(_names(width), pl.String())), uneven)
    cells = _parsed("\n".join(found["text"]).encode(), width, separator, None)
    return _without_blanks(found["line"], cells, uneven)


def _lines(data: bytes, first: int) -> pl.DataFrame:
    """`line` and `text` of every line that is not empty."""
    lines = pl.read_csv(
        data, has_header=False, separator="\x01", quote_char=None, infer_schema=False, new_columns=["text"]
    )
    numbers = pl.int_range(first, first + len(lines), dtype=pl.UInt32, eager=True).alias("line")
    return lines.with_columns(numbers).drop_nulls("text")


def _parsed(data: bytes, width: int, separator: str, quote: str | None) -> pl.DataFrame:
    return pl.read_csv(
        data, has_header=False, separator=separator, quote_char=quote, infer_schema=False,
        new_columns=_names(width),
    ).with_columns(pl.all().fill_null(""))  # fmt: skip


def _quoted(data: bytes, first: int, width: int, separator: str) -> Block | None:
    """The same where quotation marks stand, if every row is one whole line; None where one is not."""
    if data.startswith(b"\n") or b"\n\n" in data:
        return None
    lines = _lines(data, first)
    cells = pl.read_csv(
        data, has_header=False, separator=separator, infer_schema=False, new_columns=_names(width)
    )
    if cells.width != width or len(cells) != len(lines) or len(lines) != data.rstrip(b"\n").count(b"\n") + 1:
        return None
    # A row that is too short ends in a null, as does one whose last cell is empty: the marks tell them apart.
    short = lines.filter(cells[str(width - 1)].is_null())
    marks = short["text"].str.count_matches(separator, literal=True)
    if short["text"].str.contains('"', literal=True).any() or not (marks == width - 1).all():
        return None
    return _without_blanks(lines["line"], cells.with_columns(pl.all().fill_null("")), ())


def _slow(text: str, first: int, width: int, separator: str) -> Block:
    """Row by row, with the line on which each row starts."""
    lines: list[int] = []
    rows: list[list[str]] = []
    uneven = []
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    while True:
        start = first + reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            uneven.append(Uneven(start, None))
            continue
        if len(row) == width:
            lines.append(start)
            rows.append(row)
        elif any(cell.strip() for cell in row):
            uneven.append(Uneven(start, len(row)))
    return _from_rows(lines, rows, width, tuple(uneven))


def _from_rows(
    lines: Sequence[int], rows: Sequence[Sequence[str]], width: int, uneven: tuple[Uneven, ...] = ()
) -> Block:
    names = _names(width)
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    cells = pl.DataFrame(
        {name: pl.Series(name, column, dtype=pl.String) for name, column in zip(names, columns, strict=True)}
    )
    return _without_blanks(pl.Series("line", lines, dtype=pl.UInt32), cells, uneven)


def _without_blanks(lines: pl.Series, cells: pl.DataFrame, uneven: tuple[Uneven, ...]) -> Block:
    """Rows of separators alone, as spreadsheets leave them below a table, are no rows."""
    if not (cells["0"].str.strip_chars() == "").any():
        return Block(lines, cells, uneven)
    filled = cells.select(pl.any_horizontal(pl.all().str.strip_chars() != "")).to_series()
    return Block(lines.filter(filled), cells.filter(filled), uneven)
