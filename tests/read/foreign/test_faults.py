# ruff: noqa: RUF001, E501
"""A workbook with planted faults: all are found at once, each in its cell, and nothing else is said to be wrong."""

import datetime
from typing import Any

import pytest

from models.citation import Language
from tests.read.foreign.conftest import Tables

HEADER = [
    "年度",
    "区划代码",
    "市",
    "县(市、区)",
    "项目类别",
    "项目名称",
    "资金来源",
    "下达金额",
    "数量",
    "单位",
    "单价(元)",
]
GOOD: list[Any] = [2017, None, None, "甲县", "危房改造", "张村", "中央专项", 12.5, 2, "户", 20000]
COLUMN = {name: at for at, name in enumerate("ABCDEFGHIJK")}
#: What is changed in a good row (column -> value), and the faults that it makes (column, code).
PLANTED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"H": "#DIV/0!"}, [("H", "excel-error")]),
    ({"H": "=1+1"}, [("H", "foreign-uncached")]),
    ({"H": datetime.date(2018, 3, 1)}, [("H", "foreign-not-a-figure")]),
    ({"H": True}, [("H", "foreign-not-a-figure")]),
    ({"H": 12.3456789}, [("H", "foreign-not-fen")]),
    ({"H": "１２．３４５６７８９"}, [("H", "foreign-not-fen")]),
    ({"H": "约12"}, [("H", "not-a-number")]),
    ({"H": "12元"}, [("H", "foreign-cell-unit")]),
    ({"H": "1.234,5"}, [("H", "not-a-number")]),
    ({"H": "12,34"}, [("H", "not-a-number")]),
    ({"H": "1e5"}, [("H", "exponent")]),
    ({"H": "12%"}, [("H", "not-a-number")]),
    ({"H": "NaN"}, [("H", "no-value")]),
    ({"H": "待定"}, [("H", "not-a-number")]),
    ({"H": "(12.50)"}, [("H", "not-a-number")]),
    ({"H": "12、5"}, [("H", "not-a-number")]),
    ({"H": "见附件"}, [("H", "not-a-number")]),
    ({"H": None}, [("H", "foreign-amount-blank")]),
    ({"A": "2018-2019"}, [("A", "bad-year")]),
    ({"A": "18年"}, [("A", "bad-year")]),
    ({"A": "#N/A"}, [("A", "excel-error")]),
    ({"A": None}, [("A", "foreign-blank")]),
    ({"A": "=2000+17"}, [("A", "foreign-uncached")]),
    ({"D": "乳原瑶族自治县"}, [("D", "foreign-name-unknown")]),
    ({"D": "鼓楼区"}, [("D", "foreign-name-ambiguous")]),
    ({"D": None}, [("D", "foreign-blank")]),
    ({"D": "本级"}, [("D", "foreign-name-unknown")]),
    ({"B": "440232"}, [("B", "foreign-code-mismatch")]),
    ({"B": "999999"}, [("B", "foreign-name-unknown")]),
    ({"C": "开封市", "D": "乳源"}, [("D", "foreign-not-below")]),
    ({"C": "开风市", "D": "兰考县"}, [("C", "foreign-name-unknown")]),
    ({"E": "危房改早"}, [("E", "foreign-name-unknown")]),
    ({"E": "#REF!"}, [("E", "excel-error")]),
    ({"E": None}, [("E", "foreign-blank")]),
    ({"G": "中央专向"}, [("G", "foreign-name-unknown")]),
    ({"G": None}, [("G", "foreign-blank")]),
    ({"G": '="中央"&"专项"'}, [("G", "foreign-uncached")]),
    ({"E": "光伏"}, [("I", "foreign-quantity-unit")]),
    ({"I": "#VALUE!"}, [("I", "excel-error")]),
    ({"I": -2}, [("I", "negative")]),
    ({"I": "约2"}, [("I", "not-a-number")]),
    ({"K": "#NAME?"}, [("K", "excel-error")]),
    ({"A": "2017.5", "D": "丙县", "G": "x"}, [("A", "bad-year"), ("D", "foreign-name-unknown"), ("G", "foreign-name-unknown")]),
]  # fmt: skip


def planted() -> tuple[list[list[Any]], set[tuple[str, str]]]:
    rows: list[list[Any]] = [["扶贫资金分配表"], ["单位：万元"], HEADER]
    expected = set()
    for change, faults in PLANTED:
        row = list(GOOD)
        for letter, value in change.items():
            row[COLUMN[letter]] = value
        rows.append(row)
        expected |= {(f"{letter}{len(rows)}", code) for letter, code in faults}
    return rows, expected


def test_all_planted_faults_are_found_each_in_its_cell(tables: Tables) -> None:
    rows, expected = planted()
    last = len(rows) + 1
    rows += [list(GOOD), list(GOOD)]
    expected.add((f"H{last}", "foreign-merged-amount"))
    assert len(expected) > 40
    problems = tables.problems(tables.book(rows, [f"H{last}:H{last + 1}"]))
    found = {(str(problem.place.cell), problem.code) for problem in problems if problem.code != "more"}
    # of a kind in a column twenty are listed: none here has more
    assert found == expected
    assert len(problems) == len(expected)
    assert {problem.place.sheet for problem in problems} == {"分配表"}
    for problem in problems:
        for language in Language:
            said = problem.said(language)
            assert said.startswith(f"table.xlsx:分配表:{problem.place.cell}: ")
            assert "{" not in said


def test_each_planted_fault_alone_stops_the_reading(tables: Tables) -> None:
    for change, faults in PLANTED:
        row = list(GOOD)
        for letter, value in change.items():
            row[COLUMN[letter]] = value
        path = tables.book([["单位：万元"], HEADER, list(GOOD), row])
        found = sorted((str(problem.place.cell), problem.code) for problem in tables.problems(path))
        assert found == [(f"{letter}4", code) for letter, code in faults], change


def test_the_same_table_without_faults_is_read(tables: Tables) -> None:
    found = tables.read(tables.book([["单位：万元"], HEADER, list(GOOD), list(GOOD)]))
    assert found.allocation.money == {("a", "house", "central", 2017): 25_000_000}
    assert found.allocation.units == {("a", "house", 2017): 4}
    assert found.notes == ()


@pytest.mark.parametrize(
    ("written", "fen", "notes"),
    [
        ("12.5", 12_500_000, ["'12.5' is a number kept as text; read as a number"]),
        ("1,234.50", 1_234_500_000, ["'1,234.50' is a number kept as text; read as a number",
                                     "'1,234.50' has thousands separators; read as 1234.50"]),
        ("１２．５", 12_500_000, ["'１２．５' is a number kept as text; read as a number",
                              "'１２．５' has full-width characters; read as plain ones"]),
        ("12.5万元", 12_500_000, ["'12.5万元' is a number kept as text; read as a number",
                                "'12.5万元' carries its unit; read so"]),
        (-3, -3_000_000, ["negative amount '-3': a reduction; counted as it stands"]),
        ("—", 0, ["'—' is read as 0"]),
        (0.1 + 0.2, 300_000, []),
        (12.34, 12_340_000, []),
        (1e5, 100_000_000_000, []),
    ],
)  # fmt: skip
def test_unusual_numbers_are_read_and_said(tables: Tables, written: Any, fen: int, notes: list[str]) -> None:
    row = list(GOOD)
    row[7] = written
    found = tables.read(tables.book([["单位：万元"], HEADER, row]))
    assert [line.amount for line in found.details] == [fen]
    assert [note.text.en for note in found.notes] == notes
    assert {str(note.spot) for note in found.notes} <= {"table.xlsx:分配表:H3"}


def test_hidden_rows_columns_and_sheets_are_named(tables: Tables) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["H"].hidden = True
        other = sheet.parent.create_sheet("旧表")
        other.append(HEADER)
        other.append(GOOD)
        other.sheet_state = "hidden"

    path = tables.book([["单位：万元"], HEADER, list(GOOD)], change=hide)
    found = tables.read(path)
    assert found.allocation.money == {("a", "house", "central", 2017): 12_500_000}
    assert [(str(note.spot), note.text.en) for note in found.notes] == [
        ("table.xlsx:旧表:A1", "the hidden sheet '旧表' was not read"),
        ("table.xlsx:分配表:H3", "a hidden row with amounts; it is counted"),
        ("table.xlsx:分配表:H2", "the hidden column '下达金额' holds figures; they are counted"),
    ]


def test_twenty_of_a_kind_are_listed_and_the_rest_counted(tables: Tables) -> None:
    bad = [[*GOOD[:7], "x", *GOOD[8:]] for _ in range(50)]
    problems = tables.problems(tables.book([["单位：万元"], HEADER, *bad]))
    assert [problem.code for problem in problems] == ["not-a-number"] * 20 + ["more"]
    assert "30 more" in problems[-1].said(Language.EN)


def test_a_damaged_workbook_is_named(tables: Tables) -> None:
    path = tables.folder / "table.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    assert [problem.place.file for problem in tables.problems(path)] == ["table.xlsx"]


@pytest.mark.parametrize(("text", "code"), [("", "empty-file"), ("\n,,\n", "empty-file"), ("甲,1\n", "foreign-no-header"),
                                            ('a,"b\n', "csv-syntax")])  # fmt: skip
def test_files_without_a_table(tables: Tables, text: str, code: str) -> None:
    assert [problem.code for problem in tables.problems(tables.csv(text))] == [code]


def test_a_table_without_rows(tables: Tables) -> None:
    path = tables.csv("年度,县,项目,资金来源,金额(元)\n")
    assert [problem.code for problem in tables.problems(path)] == ["foreign-empty"]


def test_separators_without_quotes_do_not_shift_columns(tables: Tables) -> None:
    path = tables.csv(
        "年度,县,项目,资金来源,金额(元),备注\n2017,甲县,光伏,中央专项,1,234.50,\n2017,甲县,光伏,中央专项,5\n"
    )
    [problem] = tables.problems(path)
    assert problem.said(Language.EN) == (
        "table.csv:2:6: this row has 7 cells and the header 6: expected 6 cells."
        " Look for a comma too many or too few; put text with commas in quotes."
    )


@pytest.mark.parametrize(
    "line",
    [
        "单位：个、万元",
        "金额单位：人民币万元",
        "编制单位：元氏县财政局    单位：万元",
        "（单位：万元/户）",
        "单位:萬元",
    ],
)
def test_lines_that_state_the_unit(tables: Tables, line: str) -> None:
    found = tables.read(tables.csv(f"{line}\n年度,县,项目,资金来源,金额\n2017,甲县,光伏,中央专项,9\n"))
    assert [line.amount for line in found.details] == [9_000_000]
