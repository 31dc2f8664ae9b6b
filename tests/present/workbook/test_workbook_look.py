"""A plan's workbook as a reader and a printer see it: sheets, pages, charts, widths; the same every time."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from functools import cache
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from models.citation import Language
from optimizer.present.workbook import plan_workbook
from optimizer.present.workbook.cells import lines, width

from .plans import digest_of, report_of, workbook_of

ZH, EN = Language.ZH, Language.EN
SHEETS = {
    ZH: ["摘要", "图表", "资金分配表", "分地区汇总", "分项目汇总", "需求与脱贫", "资金收支", "审核结论",
         "审核发现", "核对清单", "数据与校验", "图表数据"],
    EN: ["Summary", "Charts", "Allocation", "By region", "By measure", "Needs and exits", "Funds in and out",
         "Audit", "Findings", "Checklist", "Data and hashes", "Chart data"],
}  # fmt: skip


@cache
def opened(name: str, language: Language, *, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook_of(name, language)), data_only=values)


def widths(sheet: Any) -> dict[int, float]:
    """Column -> its width; neighbours of the same width are stored once."""
    return {
        column: found.width
        for found in sheet.column_dimensions.values()
        for column in range(found.min or 0, (found.max or 0) + 1)
    }


def test_a_province_has_all_sheets() -> None:
    content = zipfile.ZipFile(io.BytesIO(workbook_of("anhui", ZH)))
    names = re.findall(r'<sheet name="([^"]*)"', content.read("xl/workbook.xml").decode())
    assert names == SHEETS[ZH]


@pytest.mark.parametrize("language", [ZH, EN])
def test_one_county_has_all_but_the_table_of_regions(language: Language) -> None:
    names = [name for name in SHEETS[language] if name not in ("分地区汇总", "By region")]
    assert opened("ruyuan", language).sheetnames == names


def test_every_sheet_prints_across_one_page_with_number_and_hash() -> None:
    for sheet in opened("ruyuan", ZH):
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.paperSize in (8, 9), "A3 or A4"
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.print_area
        foot = sheet.oddFooter
        assert foot is not None
        assert foot.center is not None
        assert foot.right is not None
        assert "第 &P 页，共 &N 页" in str(foot.center.text)
        assert digest_of("ruyuan")[:16] in str(foot.right.text)


def test_long_tables_keep_their_headings_and_can_be_filtered() -> None:
    book = opened("ruyuan", ZH)
    for name in ("资金分配表", "分项目汇总", "资金收支", "审核结论", "审核发现", "核对清单"):
        sheet = book[name]
        assert sheet.freeze_panes, name
        assert sheet.auto_filter.ref, name
        assert sheet.print_title_rows, name


def test_the_columns_of_ids_are_not_printed() -> None:
    sheet = opened("ruyuan", ZH)["资金分配表"]
    heads = [cell.value for cell in sheet[3]]
    assert heads[-5:] == ["地区编号", "措施编号", "资金编号", "资金序号", "措施序号"]
    last = str(sheet.print_area).rpartition(":")[2]
    assert sheet[last.replace("$", "")].column == len(heads) - 5


def test_subject_codes_stand_beside_their_measures() -> None:
    case = report_of("ruyuan").case
    sheet = opened("ruyuan", ZH)["资金分配表"]
    codes = {
        (row[9].value, row[11].value): row[2].value for row in sheet.iter_rows(min_row=5) if row[9].value
    }
    assert len(codes) > 50
    for (_, measure), code in codes.items():
        assert (code or "") == case.measures[str(measure)].subject_codes.get(2016, "")


@pytest.mark.parametrize("name", ["ruyuan", pytest.param("anhui", marks=pytest.mark.soak)])
def test_no_column_is_too_narrow_for_its_numbers(name: str) -> None:
    for language in (ZH, EN):
        for sheet in opened(name, language, values=True):
            room = widths(sheet)
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, int | float):
                        look = cell.number_format
                        shown = f"{cell.value:,.2f}" if "0.0" in look else f"{cell.value:,}"
                        shown = f"{cell.value:.2%}" if "%" in look else shown
                        assert room[cell.column] >= len(shown) + 1, f"{sheet.title} {cell.coordinate}"


def test_folded_texts_have_rows_high_enough() -> None:
    for language in (ZH, EN):
        sheet = opened("ruyuan", language).worksheets[-4]  # findings or checklist: sentences
        for row in sheet.iter_rows(min_row=4):
            for cell in row:
                if isinstance(cell.value, str):
                    room = (sheet.column_dimensions[cell.column_letter].width - 2) * (
                        1.1 if language is EN else 1
                    )
                    high = sheet.row_dimensions[cell.row].height or 17.25
                    assert lines(cell.value, room) * 13 <= high, f"{sheet.title} {cell.coordinate}"


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("", 10, 1),
        ("资金分配", 8, 1),
        ("资金分配表", 8, 2),
        ("one two three", 7, 2),
        ("a\nb", 10, 2),
        ("x" * 25, 10, 3),
    ],
)
def test_how_many_lines_a_text_takes(text: str, columns: int, expected: int) -> None:
    assert lines(text, columns) == expected


def test_chinese_counts_double() -> None:
    assert [width(text) for text in ("abc", "分配", "2016年", "a\n资金")] == [3, 4, 6, 4]


# --- charts -----------------------------------------------------------------------------------------

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.mark.parametrize(("name", "charts"), [("tiny", 4), ("ruyuan", 3), ("anhui", 4)])
def test_every_chart_shows_something(name: str, charts: int) -> None:
    content = zipfile.ZipFile(io.BytesIO(workbook_of(name, ZH)))
    parts = [part for part in content.namelist() if part.startswith("xl/charts/chart")]
    assert len(parts) == charts
    for part in parts:
        tree = ElementTree.fromstring(content.read(part))
        series = list(tree.iter(f"{_CHART}ser"))
        assert series, part
        for one in series:
            shown = [float(v.text or 0) for v in one.iterfind(f"{_CHART}val//{_CHART}v")]
            named = [v.text for v in one.iterfind(f"{_CHART}cat//{_CHART}v")]
            assert any(shown), part
            assert len(named) >= len(shown), part
            assert all(named), part
        assert "".join(tree.find(f".//{_CHART}title").itertext()).strip()  # type: ignore[union-attr]


# --- the same bytes ---------------------------------------------------------------------------------


def test_the_same_plan_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    again = plan_workbook(report_of("ruyuan"), digest_of("ruyuan"), ZH)
    assert hashlib.sha256(again).digest() == hashlib.sha256(workbook_of("ruyuan", ZH)).digest()


def test_the_file_says_nothing_of_the_clock() -> None:
    content = zipfile.ZipFile(io.BytesIO(workbook_of("tiny", ZH)))
    assert {item.date_time for item in content.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    stamps = re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", content.read("docProps/core.xml"))
    assert set(stamps) == {b"2020-01-01T00:00:00Z"}
