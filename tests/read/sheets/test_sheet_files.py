"""Files that are no sound workbook: each a clear error in both languages, never a crash or a guess."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from defusedxml import EntitiesForbidden

from models.citation import Language
from optimizer.read.problems import Log
from optimizer.read.sheets import LIMITS, archive, read_sheets, sheets_of
from tests.read.sheets.conftest import SHEET, Reading, sheet_xml, tampered

Opened = Callable[[bytes], Reading]
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&c;</t></si></sst>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>'
)


@pytest.fixture
def good() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Sheet").write_row(0, 0, ["甲", 1])
        book.add_worksheet("乙").write_row(0, 0, ["乙", 2])
    return out.getvalue()


def codes(reading: Reading) -> list[str]:
    for problem in reading[1]:
        assert problem.said(Language.ZH)
        assert problem.said(Language.EN)
    return [problem.code for problem in reading[1]]


@pytest.mark.parametrize(
    ("raw", "code", "words"),
    [
        (b"", "empty-book", "no workbook"),
        (b"region,year\na,2018\n", "book-not-xlsx", "CSV"),
        ("县,金额\n甲,1\n".encode("gbk"), "book-not-xlsx", "CSV"),
        (b"<html><table></table></html>", "book-not-xlsx", "web page"),
        (b"%PDF-1.7 \0", "book-not-xlsx", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "book-not-xlsx", ".xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "book-encrypted",
            "password",
        ),
        (b"PK\x03\x04 and then nothing", "book-broken", "damaged"),
        (bytes(range(256)) * 4, "book-not-xlsx", "something else"),
    ],
)
def test_other_files_under_the_name_of_a_workbook(raw: bytes, code: str, words: str, opened: Opened) -> None:
    reading = opened(raw)
    assert codes(reading) == [code]
    assert words in reading[1][0].said(Language.EN)
    assert reading[0] == ()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    log = Log()
    assert read_sheets(tmp_path / "none.xlsx", log) == ()
    assert [problem.code for problem in log.problems] == ["file-not-found"]


@pytest.mark.parametrize(
    "part",
    [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        SHEET,
        "xl/styles.xml",
    ],
)
def test_a_missing_part_is_named(part: str, good: bytes, opened: Opened) -> None:
    reading = opened(tampered(good, {part: None}))
    assert codes(reading) in (["book-part-missing"], ["book-not-workbook"])
    assert part in reading[1][0].said(Language.ZH)


def test_a_missing_sheet_does_not_hide_the_others(good: bytes, opened: Opened) -> None:
    """openpyxl passes over it in silence."""
    raw = tampered(good, {SHEET: None})
    assert openpyxl.load_workbook(io.BytesIO(raw)).sheetnames == ["乙"]
    tables, problems = opened(raw)
    assert [table.name for table in tables] == ["乙"]
    assert [str(problem.place) for problem in problems] == ["book.xlsx:Sheet"]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", SHEET])
def test_broken_xml_is_named(part: str, good: bytes, opened: Opened) -> None:
    reading = opened(tampered(good, {part: lambda content: content[: len(content) // 2]}))
    assert codes(reading) == ["book-xml"]
    assert part in reading[1][0].said(Language.EN)


@pytest.mark.parametrize("attack", [BOMB, OUTSIDE])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", SHEET])
def test_no_entity_is_declared_let_alone_expanded(
    attack: bytes, part: str, good: bytes, opened: Opened
) -> None:
    assert codes(opened(tampered(good, {part: attack}))) == ["book-doctype"]


def test_openpyxl_too_goes_through_defusedxml(good: bytes) -> None:
    assert openpyxl.DEFUSEDXML
    with pytest.raises(ValueError, match="could not read strings") as caught:
        openpyxl.load_workbook(io.BytesIO(tampered(good, {"xl/sharedStrings.xml": BOMB})))
    assert isinstance(caught.value.__cause__, EntitiesForbidden)


def test_a_zip_bomb_is_refused_by_its_directory(good: bytes, opened: Opened) -> None:
    reading = opened(tampered(good, {"xl/media/image1.png": bytes(40 * 1024 * 1024)}))
    assert codes(reading) == ["book-ratio"]
    assert "300:1" in reading[1][0].said(Language.ZH)


def test_a_directory_that_lies_about_sizes(good: bytes, opened: Opened) -> None:
    """The real bytes are measured too."""
    raw = bytearray(tampered(good, {"xl/media/image1.png": bytes(40 * 1024 * 1024)}))
    at = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"xl/media/image1.png"))
    raw[at + 24 : at + 28] = struct.pack("<I", 1000)
    assert codes(opened(bytes(raw))) == ["book-broken"]


def test_what_unpacks_to_too_much(good: bytes, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LIMITS", archive.Limits(unpacked_mb=1))
    blob = random.Random(1).randbytes(1100 * 1024)
    reading = opened(tampered(good, {"xl/media/image1.png": blob}))
    assert codes(reading) == ["book-unpacked"]
    assert "1 MB" in reading[1][0].said(Language.EN)


def test_too_many_cells_and_parts(good: bytes, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    from optimizer.read.sheets import book

    monkeypatch.setattr(book, "LIMITS", archive.Limits(cells=3))
    assert codes(opened(good)) == ["book-many-cells"]
    monkeypatch.setattr(archive, "LIMITS", archive.Limits(parts=3))
    assert codes(opened(good)) == ["book-many-parts"]
    assert LIMITS.cells == 4_000_000


def test_encrypted_parts(good: bytes, opened: Opened) -> None:
    raw = bytearray(good)
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 8] |= 1
    assert codes(opened(bytes(raw))) == ["book-encrypted"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}, ".ods"),
        ({"a.txt": b"hello"}, "not a workbook"),
    ],
)
def test_other_archives(names: dict[str, bytes], words: str, opened: Opened) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in names.items():
            file.writestr(name, content)
    reading = opened(out.getvalue())
    assert len(codes(reading)) == 1
    assert words in reading[1][0].said(Language.EN)


def test_strict_format_is_named(good: bytes, opened: Opened) -> None:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    raw = tampered(good, {"xl/workbook.xml": lambda content: content.replace(main, STRICT)})
    assert codes(opened(raw)) == ["book-strict"]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="q"><v>1</v></c></row>',
        '<row r="1"><c r="A1" s="x"><v>1</v></c></row>',
        '<row r="1"><c r="1A"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="一"><c><v>1</v></c></row>',
    ],
)
def test_a_sheet_that_contradicts_itself(rows: str, good: bytes, opened: Opened) -> None:
    tables, problems = opened(tampered(good, {SHEET: sheet_xml(rows)}))
    assert [problem.code for problem in problems] == ["book-xml"]
    assert [table.name for table in tables] == ["乙"]


def test_changed_bytes_give_a_clean_error_or_a_reading(good: bytes) -> None:
    chance = random.Random(7)
    for _ in range(300):
        raw = bytearray(good)
        for _ in range(chance.choice([1, 1, 3, 20])):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        if chance.random() < 0.2:
            del raw[chance.randrange(len(raw)) :]
        log = Log()
        tables = sheets_of(bytes(raw), "book.xlsx", log)
        assert tables or log.problems
        assert all(problem.said(Language.ZH) for problem in log.problems)


def test_changed_xml_gives_a_clean_error_or_a_reading(good: bytes) -> None:
    chance = random.Random(11)
    with zipfile.ZipFile(io.BytesIO(good)) as parts:
        names = [name for name in parts.namelist() if name.endswith((".xml", ".rels"))]

    def change(content: bytes) -> bytes:
        raw = bytearray(content)
        for _ in range(chance.choice([1, 1, 2, 5])):
            raw[chance.randrange(len(raw))] = chance.choice(b'<>"=/0aA: 9')
        return bytes(raw)

    for _ in range(300):
        log = Log()
        tables = sheets_of(tampered(good, {chance.choice(names): change}), "book.xlsx", log)
        assert tables or log.problems
