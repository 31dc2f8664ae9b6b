"""What stands in cells is read as it stands there, whatever the file claims about itself."""

from __future__ import annotations

import datetime
import io
import time
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from optimizer.read.problems import Log
from optimizer.read.sheets import CellKind, SheetCell, SheetTable, sheets_of
from optimizer.read.sheets.numbers import number_text
from tests.read.sheets.conftest import SHEET, Reading, sheet_xml, tampered

WIDE = "\uff11\uff12\uff13"  # 123 in full-width digits

Opened = Callable[[bytes], Reading]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    return saved(book)


def shared(rows: list[list[object]]) -> bytes:
    """A workbook whose texts stand apart, as spreadsheet programs write them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def only(reading: Reading) -> SheetTable:
    tables, problems = reading
    assert problems == []
    [table] = tables
    return table


def kinds(table: SheetTable) -> dict[tuple[int, int], tuple[str, str]]:
    return {at: (str(cell.kind), cell.text) for at, cell in table.cells.items()}


def test_every_kind_of_cell(opened: Opened) -> None:
    raw = sheet_of(
        [
            ["县", 12, 0.1, True, "#DIV/0!", None, datetime.date(2018, 3, 1)],
            [datetime.datetime(2018, 3, 1, 8, 30), "007", WIDE, " 甲 ", "3万"],
        ]
    )
    assert kinds(only(opened(raw))) == {
        (1, 1): ("text", "县"),
        (1, 2): ("number", "12"),
        (1, 3): ("number", "0.1"),
        (1, 4): ("boolean", "TRUE"),
        (1, 5): ("error", "#DIV/0!"),
        (1, 7): ("date", "2018-03-01"),
        (2, 1): ("date", "2018-03-01 08:30:00"),
        (2, 2): ("text", "007"),
        (2, 3): ("text", WIDE),
        (2, 4): ("text", " 甲 "),
        (2, 5): ("text", "3万"),
    }


def test_a_formula_is_its_result_and_says_so() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("表")
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("A2", '="甲"&"县"', None, "甲县")
        sheet.write_formula("A3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("A4", "=1=1", None, True)
    [table] = sheets_of(out.getvalue(), "f.xlsx", Log())
    assert dict(table.cells) == {
        (1, 1): SheetCell(CellKind.NUMBER, "2", formula=True),
        (2, 1): SheetCell(CellKind.TEXT, "甲县", formula=True),
        (3, 1): SheetCell(CellKind.ERROR, "#DIV/0!", formula=True),
        (4, 1): SheetCell(CellKind.BOOLEAN, "TRUE", formula=True),
    }
    assert str(table.place(4, 28)) == "f.xlsx:表:AB4"


def test_a_formula_nobody_calculated_is_no_zero_and_not_empty(opened: Opened) -> None:
    table = only(opened(sheet_of([["=SUM(B1:B9)"]])))
    assert table.cells[1, 1] == SheetCell(CellKind.UNCACHED, "=SUM(B1:B9)", formula=True)


def test_a_formula_whose_result_is_an_empty_text(opened: Opened) -> None:
    rows = '<row r="1"><c r="A1" t="str"><f>IF(1,"",2)</f><v></v></c></row>'
    table = only(opened(tampered(sheet_of([[1]]), {SHEET: sheet_xml(rows)})))
    assert table.cells[1, 1] == SheetCell(CellKind.TEXT, "", formula=True)


def test_the_declared_dimension_is_not_believed(opened: Opened) -> None:
    """openpyxl in its read-only mode sees one cell here."""
    rows: list[list[object]] = [[f"r{row}c{column}" for column in range(3)] for row in range(5)]

    def lie(content: bytes) -> bytes:
        return content.replace(b'<dimension ref="A1:C5"', b'<dimension ref="A1"')

    raw = tampered(sheet_of(rows), {SHEET: lie})
    blind = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
    assert [list(row) for row in blind.worksheets[0].iter_rows(values_only=True)] == [["r0c0"]]
    assert len(only(opened(raw)).cells) == 15


def test_merged_and_hidden(opened: Opened) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([1, 2, 3])
    sheet.append([4, 5, 6])
    sheet.merge_cells("A3:B5")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    second = book.create_sheet("隐藏")
    second.sheet_state = "veryHidden"
    (first, hidden), problems = opened(saved(book))
    assert problems == []
    assert first.merged == ((3, 1, 5, 2),)
    assert first.hidden_rows == {2}
    assert first.hidden_columns == {2}
    assert (first.hidden, hidden.hidden, hidden.name) == (False, True, "隐藏")


def test_rich_text_and_pronunciation_hints(opened: Opened) -> None:
    strings = (
        '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>'
        '<r><t>乳</t></r><r><t xml:space="preserve">源 </t></r><rPh sb="0" eb="1"><t>ru</t></rPh></si>'
        "<si><t>a_x000D_b_x005F_x0041_</t></si></sst>"
    ).encode()
    raw = tampered(shared([["x", "y"]]), {"xl/sharedStrings.xml": strings})
    table = only(opened(raw))
    assert (table.cells[1, 1].text, table.cells[1, 2].text) == ("乳源 ", "a\rb_x0041_")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("_xD83D__xDE00_", "\U0001f600"),
        ("a_xD83D_b", "a\ufffdb"),
        ("_x0000_", "\ufffd"),
        ("_x00_", "_x00_"),
    ],
)
def test_escaped_characters_that_no_text_can_hold(written: str, text: str, opened: Opened) -> None:
    rows = f'<row><c t="inlineStr"><is><t>{written}</t></is></c></row>'
    table = only(opened(tampered(sheet_of([[1]]), {SHEET: sheet_xml(rows)})))
    assert table.cells[1, 1].text == text


def test_inline_text_and_cells_without_reference(opened: Opened) -> None:
    rows = '<row><c t="inlineStr"><is><t>甲</t></is></c><c><v>7</v></c></row><row><c><v>8</v></c></row>'
    table = only(opened(tampered(sheet_of([[1]]), {SHEET: sheet_xml(rows)})))
    assert kinds(table) == {(1, 1): ("text", "甲"), (1, 2): ("number", "7"), (2, 1): ("number", "8")}


def test_dates_since_1904(opened: Opened) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append([datetime.date(2018, 3, 1)])
    assert only(opened(saved(book))).cells[1, 1].text == "2018-03-01"


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("0.1", "0.1"),
        ("0.29999999999999999", "0.3"),
        ("0.30000000000000004", "0.3"),  # 0.1 + 0.2, which a spreadsheet shows as 0.3
        ("1E5", "100000"),
        ("1.5E-7", "0.00000015"),
        ("12345.670000000002", "12345.67"),
        ("1234567890123456789", "1234567890123456789"),
        ("1.2345678901234568E+17", "123456789012345680"),
        ("-0", "0"),
        ("-2.50", "-2.5"),
        ("2016.0", "2016"),
        ("NaN", None),
        ("1E999", None),
        ("一", None),
    ],
)
def test_texts_of_numbers(stored: str, text: str | None) -> None:
    assert number_text(stored) == text


@pytest.mark.parametrize("count", [20_000, pytest.param(100_000, marks=pytest.mark.bench)])
def test_many_rows_take_seconds(count: int, opened: Opened) -> None:
    """100,000 rows of ten cells take about five seconds of one core."""
    row = "".join(f'<c r="{letter}{{0}}"><v>{{0}}.5</v></c>' for letter in "ABCDEFGHIJ")
    rows = "".join(f'<row r="{number}">{row.format(number)}</row>' for number in range(1, count + 1))
    raw = tampered(sheet_of([[1]]), {SHEET: sheet_xml(rows)})
    started = time.process_time()
    table = only(opened(raw))
    seconds = time.process_time() - started
    assert len(table.cells) == 10 * count
    assert table.cells[count, 10].text == f"{count}.5"
    assert seconds < 20 * count / 100_000, f"{seconds:.1f} s"
