"""Workbooks made for one test, sound and tampered with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from optimizer.read.problems import Log, Problem
from optimizer.read.sheets import SheetTable, read_sheets

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Change = Callable[[bytes], bytes]
Reading = tuple[tuple[SheetTable, ...], Sequence[Problem]]


def tampered(raw: bytes, changes: Mapping[str, Change | bytes | None]) -> bytes:
    """The workbook with parts changed, replaced, added (bytes) or left out (None)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content, change = old.read(name), changes.get(name, b"")
            if name not in changes:
                new.writestr(name, content)
            elif change is not None:
                new.writestr(name, change if isinstance(change, bytes) else change(content))
        for name, added in changes.items():
            if name not in old.namelist() and isinstance(added, bytes):
                new.writestr(name, added)
    return out.getvalue()


def sheet_xml(rows: str, around: str = "") -> bytes:
    """A sheet with these rows in it; `around` stands after the data."""
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{NAMESPACE}"><dimension ref="A1"/>'
        f"<sheetData>{rows}</sheetData>{around}</worksheet>"
    ).encode()


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[bytes], Reading]:
    """What is read from these bytes, and the problems."""

    def read(raw: bytes, name: str = "book.xlsx") -> Reading:
        path = tmp_path / name
        path.write_bytes(raw)
        log = Log()
        return read_sheets(path, log), log.problems

    return read
