"""A small ledger in a workbook: the one sheet that has the header, its cells as the text that Excel shows.

Excel keeps numbers in binary: 15 significant digits, as it shows them, are the figure that was typed. Dates
become ISO texts. Error cells stay as they are (#DIV/0!) and are reported as unreadable amounts.
"""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optimizer.execution.columns import Field, Header, read_header, recognised
from optimizer.execution.refusal import refused

#: Bytes that a workbook may unpack to: a ledger that is larger is kept as CSV.
MOST_BYTES = 400 << 20
_WITHIN = 10


def open_workbook(path: Path, fields: Sequence[Field]) -> tuple[Header, list[int], list[list[str]]]:
    """The header, the row numbers and the rows of the sheet with the header. Raises LedgerErrors."""
    try:
        unpacked = sum(info.file_size for info in zipfile.ZipFile(path).infolist())
    except zipfile.BadZipFile:
        raise refused(
            f"{path.name}: 打不开，不是 .xlsx 工作簿。请用 Excel 或 WPS 另存为 .xlsx 或 .csv。",
            f"{path.name}: cannot be opened, it is no .xlsx workbook. Save it anew as .xlsx or .csv.",
        ) from None
    if unpacked > MOST_BYTES:
        raise refused(
            f"{path.name}: 解压后超过 {MOST_BYTES >> 20} MB。这么大的台账请存为 CSV。",
            f"{path.name}: unpacks to more than {MOST_BYTES >> 20} MB. Save a ledger of this size as CSV.",
        )
    sheets = _sheets(path)
    hits = {title: max((recognised(row, fields) for _, row in rows[:_WITHIN]), default=0)
            for title, rows in sheets.items()}  # fmt: skip
    most = max(hits.values(), default=0)
    chosen = [title for title, hit in hits.items() if hit == most]
    if not chosen:
        raise refused(f"{path.name}: 工作簿是空的。", f"{path.name}: the workbook is empty.")
    if len(chosen) > 1 and most:
        names = "、".join(chosen)
        raise refused(
            f"{path.name}: 有 {len(chosen)} 张工作表都像台账：{names}。请只留一张，或分别存为文件。",
            f"{path.name}: {len(chosen)} sheets look like a ledger: {names}. "
            "Keep one, or save them as files.",
        )
    rows = sheets[chosen[0]]
    line, head = max(rows[:_WITHIN], key=lambda found: (recognised(found[1], fields), -found[0]))
    while head and not head[-1].strip():
        head = head[:-1]
    header = read_header(path.name, head, fields, line, chosen[0])
    below = [(at, _fitted(row, header.width)) for at, row in rows if at > line]
    return header, [at for at, _ in below], [row for _, row in below]


def _sheets(path: Path) -> dict[str, list[tuple[int, list[str]]]]:
    """Title -> (row number, texts) of every row that is not empty."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    found: dict[str, list[tuple[int, list[str]]]] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not keep
            book = load_workbook(path, read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = enumerate(sheet.iter_rows(values_only=True), start=1)
                texts = ((at, [_text(value) for value in row]) for at, row in rows)
                found[sheet.title] = [(at, row) for at, row in texts if any(cell.strip() for cell in row)]
            book.close()
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise refused(
            f"{path.name}: 工作簿读不出来（{error}）。请用 Excel 或 WPS 打开后另存。",
            f"{path.name}: the workbook cannot be read ({error}). Open it in a spreadsheet and save it anew.",
        ) from None
    return {title: rows for title, rows in found.items() if rows}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        shown = format(value, ".15g")
        return format(int(value), "d") if value.is_integer() and abs(value) < 10**15 else shown
    return str(value)


def _fitted(row: list[str], width: int) -> list[str]:
    """A row of exactly `width` cells: a workbook has no ragged rows, cells beyond the header are notes."""
    return [*row[:width], *[""] * (width - len(row))]
