"""What is wrong with a workbook is found all at once, each fault with its cell, and nothing else is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.citation import Language
from optimizer.read import CaseErrors, read_case
from optimizer.read.workbook.convert import difference
from tests.read.sheets.conftest import tampered
from tests.read.workbook.conftest import Book

WIDE = "\uff11\uff12\uff13"  # 123 in full-width digits


def test_the_workbook_of_the_small_case_is_sound(book: Book) -> None:
    assert read_case(book.path).id == "small"


def test_more_than_thirty_planted_faults_are_found_at_once(book: Book) -> None:
    """One in each line; the same set comes back, no more and no less."""
    planted = {
        # error values and formulas
        (book.put("stocks", 3, "members", "#DIV/0!"), "cell-error"),
        (book.put("stocks", 4, "members", "=SUM(C1:C2)"), "cell-uncached"),
        (book.put("regions", 5, "name", "#REF!"), "cell-error"),
        (book.put("documents", 3, "title", "#N/A"), "cell-error"),
        (book.put("measures", 3, "title", "#NAME?"), "cell-error"),
        # numbers that are none
        (book.put("need_amounts", 3, "amount", WIDE), "wide-characters"),
        (book.put("need_amounts", 4, "amount", "1,200"), "thousands"),
        (book.put("need_amounts", 5, "amount", "12户"), "unit-in-number"),
        (book.put("need_amounts", 6, "amount", -3), "negative"),
        (book.put("costs", 3, "cost", "3万"), "unit-in-number"),
        (book.put("costs", 4, "cost", "12万元"), "unit-in-number"),
        (book.put("costs", 5, "cost", "1.5e5"), "exponent"),
        (book.put("costs", 6, "cost", 0.001), "not-fen"),
        (book.put("costs", 7, "cost", "暂无"), "not-a-number"),
        (book.put("gaps", 3, "gap", "+1500"), "plus-sign"),
        (book.put("gaps", 4, "gap", None), "empty-cell"),
        (book.put("measures", 4, "upkeep", "50万元"), "unit-in-number"),
        (book.put("measures", 4, "lag", 1.5), "not-whole"),
        (book.put("funds", 3, "spending_floor", "920%"), "out-of-range"),
        (book.put("groups", 3, "relapse", True), "cell-boolean"),
        # words, ids, years
        (book.put("regions", 4, "level", "县级"), "unknown-word"),
        (book.put("stocks", 5, "group", "abel"), "unknown-id"),
        (book.put("entrants", 3, "kind", "newly"), "unknown-word"),
        (book.put("revoked", 3, "members", -1), "negative"),
        (book.put("fund_amounts", 3, "year", WIDE), "bad-year"),
        (book.put("fund_amounts", 4, "year", 2031), "year-outside"),
        (book.put("fund_amounts", 5, "basis", "明文"), "unknown-word"),
        (book.put("capacity", 3, "region", "某省"), "unknown-id"),
        (book.put("capacity", 4, "most", "n/a"), "not-a-number"),
        (book.put("targets", 3, "kind", "exit"), "unknown-word"),
        (book.put("targets", 3, "amounts.2017", "四十"), "not-a-number"),
        (book.put("needs", 3, "holds", "able 3"), "cell-pairs"),
        (book.put("serves", 3, "measure", "pvv"), "unknown-owner"),
        (book.put("rules", 3, "left", "availabel(fund.tag == own)"), "rule-syntax"),
        (book.put("rules", 4, "title", None), "empty-cell"),
        (book.put("case", 8, "value", "cheapest"), "unknown-word"),
    }
    # a totals row, hidden rows, columns and sheets, merged cells, sheets nobody knows
    stocks = book.sheet("stocks")
    stocks.append(["合计", None, 112])
    planted.add((book.place("stocks", "A7"), "totals-row"))
    book.sheet("resource_limits").row_dimensions[3].hidden = True
    planted.add((book.place("resource_limits", "3"), "hidden-row"))
    book.sheet("checklist").column_dimensions["B"].hidden = True
    planted.add((book.place("checklist", "B"), "hidden-column"))
    book.sheet("scenarios").sheet_state = "hidden"
    planted.add((book.place("scenarios"), "hidden-sheet"))
    book.sheet("exclusions").merge_cells("A3:B3")
    planted.add((book.place("exclusions", "A3"), "merged-cells"))
    book.sheet("after").cell(3, 9).value = 7
    planted.add((book.place("after", "I3"), "no-header"))
    stray = book.book.create_sheet("资金额渡")
    stray["A1"] = "fund"
    planted.add((f"{book.path.name}:资金额渡", "unknown-sheet"))
    again = book.book.create_sheet("needs")
    again["A1"] = "id"
    planted.add((f"{book.path.name}:needs", "duplicate-sheet"))
    assert len(planted) >= 40
    assert book.found() == planted


def test_a_formula_that_only_seems_to_be_calculated(workbook: Path, tmp_path: Path) -> None:
    """Programs that cannot calculate write 0 and ask for a calculation when the file is opened."""

    def formula(content: bytes) -> bytes:
        return content.replace(b"<v>12</v>", b"<f>6+6</f><v>0</v>")

    parts = {f"xl/worksheets/sheet{number}.xml": formula for number in range(1, 31)}
    raw = tampered(workbook.read_bytes(), parts)
    out = tmp_path / "formula.xlsx"
    out.write_bytes(raw)
    with pytest.raises(CaseErrors) as caught:
        read_case(out)
    assert [problem.code for problem in caught.value.problems] == ["cell-uncached"]
    calculated = {"xl/workbook.xml": lambda content: content.replace(b' fullCalcOnLoad="1"', b"")}
    out.write_bytes(tampered(raw, calculated))
    assert read_case(out).tables.needs["a", "housing", None] == 0


def test_headers_that_cannot_be_used(book: Book) -> None:
    for key, old, new in (
        ("costs", "cost", "cost（万元）"),
        ("gaps", "gap", "gap"),
        ("stocks", "households", "members"),
        ("targets", "each", "eech"),
        ("rules", "price", "price(美元)"),
        ("measures", "lot", "lot(元)"),
    ):
        book.cell(key, 2, old).value = new
    assert {(code, place.rsplit(":", 1)[1][-1]) for place, code in book.found()} == {
        ("wide-column", "2"),
        ("missing-column", "2"),
        ("column-unit", "2"),
        ("duplicate-column", "2"),
        ("unknown-column", "2"),
        ("column-unit-unwanted", "2"),
    }


def test_a_header_that_is_gone_and_a_sheet_that_is_gone(book: Book) -> None:
    book.sheet("costs").delete_rows(1, 2)
    del book.book["资金 funds"]
    assert book.found() == {
        (book.place("costs", "1"), "sheet-header-missing"),
        (book.path.name, "sheet-missing"),
    }


def test_a_fault_is_said_once_and_others_do_not_follow_from_it(book: Book) -> None:
    """The region's row is unusable; nothing that refers to the region is called unknown."""
    place = book.put("regions", 4, "level", "#VALUE!")
    assert book.found() == {(place, "cell-error")}


def test_many_faults_of_one_kind_are_counted(book: Book) -> None:
    for row in range(7, 60):
        for column, value in enumerate(["a", "housing", None, "#N/A", "plan", "一", "stated"], 1):
            book.sheet("need_amounts").cell(row, column).value = value
    problems = book.problems()
    assert [problem.code for problem in problems].count("cell-error") == 20
    assert [problem.said(Language.ZH) for problem in problems if problem.code == "more"] == [
        "small.xlsx:需求数量 need_amounts:D27: 「D」还有 33 处同样的问题没有列出。请一并更正。"
    ]


def test_texts_in_full(book: Book) -> None:
    book.put("costs", 4, "cost", "12万元")
    book.put("stocks", 4, "members", "=SUM(C1:C2)")
    book.put("measures", 5, "where", "#REF!")
    said = {language: [one.said(language) for one in book.problems()] for language in Language}
    assert said[Language.ZH] == [
        "small.xlsx:人数 stocks:C4: 「members」这一格的公式没有保存计算结果："
        "现为「=SUM(C1:C2)」，应为公式的结果。"
        "请用 Excel 或 WPS 打开工作簿，重新计算后保存；或粘贴为数值。",
        "small.xlsx:措施 measures:H5: 「where」这一格是出错值：现为「#REF!」，应为数值或文字。"
        "请改好公式或直接填值。",
        "small.xlsx:单价 costs:D4: 「cost(元)」里不能带单位：现为「12万元」，应为数字。"
        "请去掉单位；钱的单位写在列名里，如 cost(元)。",
    ]
    assert said[Language.EN] == [
        "small.xlsx:人数 stocks:C4: the formula in 'members' has no stored result: found '=SUM(C1:C2)',"
        " expected the result of the formula. Open the workbook in a spreadsheet program, recalculate and"
        " save it; or paste the value.",
        "small.xlsx:措施 measures:H5: 'where' is an error value: found '#REF!', expected a number or text."
        " Correct the formula, or fill in the value.",
        "small.xlsx:单价 costs:D4: 'cost(元)' takes no unit: found '12万元', expected a number."
        " Remove it; a money column has its unit in the header, as in cost(元).",
    ]


def test_what_is_no_fault(book: Book) -> None:
    """Numbers kept as text, sheets of one's own, empty sheets and rows, titles above the header."""
    before = read_case(book.path)
    book.put("need_amounts", 3, "amount", "12")
    book.put("fund_amounts", 4, "year", "2017")
    book.book.create_sheet("_底稿")["A1"] = "#REF!"
    book.book.create_sheet("Sheet1")
    book.sheet("stocks").insert_rows(5)  # a blank row
    book.sheet("gaps").insert_rows(1)
    book.sheet("gaps")["A1"] = "收入缺口测算表"
    book.sheet("gaps").merge_cells("A1:D1")
    book.sheet("costs").title = "costs"
    book.sheet("funds").title = "资金"
    book.book.save(book.path)
    assert difference(before, read_case(book.path)) is None
