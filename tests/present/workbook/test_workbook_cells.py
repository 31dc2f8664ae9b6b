"""Text stays text, names are lawful, and nothing is cut in silence."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from optimizer.present.workbook.allocation import allocation_sheet
from optimizer.present.workbook.book import Book, Column, Line
from optimizer.present.workbook.cells import MOST_CHARACTERS, safe_text, sheet_name
from optimizer.present.workbook.findings import findings_sheets

from .plans import report_of
from .recalculate import Recalculated

EN = Language.EN


def saved(texts: list[str]) -> list[openpyxl.cell.cell.Cell]:
    book = Book(EN, "=title", "a & b")
    book.sheet("texts").table([Column("text")], [Line([text]) for text in texts])
    sheet = openpyxl.load_workbook(io.BytesIO(book.content())).worksheets[0]
    return [row[0] for row in sheet.iter_rows(min_row=2)]  # type: ignore[misc]


DANGEROUS = [
    "=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "{=1}", "http://example.invalid", "007", "1e5",
    "<r><t>x</t></r>", "_x0041_", "a & <b>", "'quoted", "  blanks  ", "真", "TRUE", "#DIV/0!",
]  # fmt: skip


def test_text_that_looks_like_something_else_stays_text() -> None:
    cells = saved(DANGEROUS)
    assert [cell.data_type for cell in cells] == ["s"] * len(DANGEROUS)
    assert [cell.value for cell in cells] == [t + " " if t.startswith("<r>") else t for t in DANGEROUS]
    assert [cell.hyperlink for cell in cells] == [None] * len(cells)


def test_characters_that_xml_cannot_hold_show_as_pictures() -> None:
    (cell,) = saved(["a\x00b\x1bc\x7fd\ud800e\uffffe\r\nf"])
    assert cell.value == "a␀b␛c␡d\ufffde\ufffde\nf"


@given(st.lists(st.text(st.characters(codec=None), min_size=1, max_size=40), min_size=1, max_size=5))
def test_any_text_makes_a_readable_file(texts: list[str]) -> None:
    assert len(saved(texts)) == len(texts)


def test_a_text_too_long_for_a_cell_says_so() -> None:
    text = "长" * (MOST_CHARACTERS + 1)
    short = safe_text(text, Language.ZH)
    assert len(short) == MOST_CHARACTERS
    assert short.endswith("【全文 32,768 字，超出单元格上限 32,767 字，此处未完；全文见同一文件夹的 CSV】")
    assert safe_text(text[:-1], Language.ZH) == text[:-1]


@pytest.mark.parametrize(
    ("wanted", "made"),
    [("a/b:c*d?e[f]g\\h", "a b c d e f g h"), ("'x'", "x"), ("", "Sheet"), ("History", "History_"),
     ("Taken", "Taken (2)"), ("TAKEN", "TAKEN (2)"), ("很" * 40, "很" * 31)],
)  # fmt: skip
def test_sheet_names(wanted: str, made: str) -> None:
    assert sheet_name(wanted, {"taken"}) == made


def test_names_that_are_cut_stay_different() -> None:
    taken: set[str] = set()
    names = [sheet_name("x" * 40, taken) for _ in range(12)]
    assert len(set(names)) == 12
    assert max(map(len, names)) <= 31


# --- more than a sheet holds ------------------------------------------------------------------------


def of_tiny() -> tuple[Case, Allocation]:
    report = report_of("tiny")
    assert report.plan.allocation is not None
    return report.case, report.plan.allocation


def test_too_many_lines_are_added_up_by_county_and_the_sheet_says_so() -> None:
    case, allocation = of_tiny()
    sheets = {}
    for most in (1, 1000):
        book = Book(EN, "t", "f")
        allocation_sheet(book, case, allocation, most)
        made = Recalculated(book.content())
        assert made.differences() == []
        sheets[most] = made.cached.worksheets[0]
    assert "more than 1 lines: they are added up by county" in str(sheets[1]["A2"].value)
    assert "added up" not in str(sheets[1000]["A2"].value)
    names = {row[0].value for row in sheets[1].iter_rows(min_row=5)}
    assert names == {case.regions[case.regions.root].name}
    total = case.last_year - case.first_year + 1 + 6
    assert sheets[1].cell(4, total).value == sheets[1000].cell(4, total).value


def test_more_findings_than_a_sheet_holds_go_on_in_another() -> None:
    report = report_of("tiny")
    assert report.audit is not None
    book = Book(EN, "t", "f")
    findings_sheets(book, report.case, report.audit, most_rows=30)
    made = openpyxl.load_workbook(io.BytesIO(book.content()))
    parts = [sheet for sheet in made if sheet.title.startswith("Findings")]
    assert len(parts) == -(-len(report.audit.findings) // 20)
    assert "this is sheet 2 of" in str(parts[1]["A2"].value)
    listed = sum(1 for sheet in parts for row in sheet.iter_rows(min_row=4) if row[0].value)
    assert listed == len(report.audit.findings)


def test_a_sheet_never_drops_a_row() -> None:
    book = Book(EN, "t", "f")
    sheet = book.sheet("s")
    sheet.row = 1_048_576
    with pytest.raises(ValueError, match="more than 1048576 rows"):
        sheet.line([Column("c")], Line(["x"]))
