"""The workbook that a plan writes is a table that `audit` reads: with its sums, and to the fen."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from .conftest import Fenpei


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_plan_workbook_is_audited_like_any_table(fenpei: Fenpei, language: str) -> None:
    assert fenpei("plan", "tiny", "--out", "p", "--quiet", "--lang", language).code == 0
    said = fenpei("audit", "tiny", "p/plan.xlsx", "--out", "a", "--format", "json")
    assert said.code == 0, said.err
    assert said.object["table"]["columns"]
    lines = Path("a/lines.csv").read_text(encoding="utf-8-sig")
    cost = json.loads(Path("p/plan.json").read_text())["cost_fen"]
    assert cost == 15_000_000
    assert lines.count("plan.xlsx") >= 2
    violated = [f for f in said.object["findings"] if f["state"] == "violated" and f["severity"] == "hard"]
    assert violated == []


def test_an_amount_altered_by_a_fen_no_longer_makes_the_sums(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--out", "p", "--quiet", "--lang", "zh")
    book = openpyxl.load_workbook("p/plan.xlsx", data_only=True)
    sheet = book["资金分配表"]
    at = next(c for row in sheet.iter_rows(min_row=6) for c in row[5:7] if c.value and row[1].value != "小计")
    assert isinstance(at.value, float | int)
    at.value = round(float(at.value) + 0.01, 2)
    book.save("altered.xlsx")
    said = fenpei("audit", "tiny", "altered.xlsx", "--format", "json", "--quiet")
    assert said.code == 1
    sums = [f for f in said.object["findings"] if f["rule"] == "practice.sum" and f["state"] == "violated"]
    assert sums
    assert all(abs(f["margin"]) == 1 for f in sums)


def test_the_zero_of_a_formula_that_was_never_calculated_is_not_believed(fenpei: Fenpei) -> None:
    book = xlsxwriter.Workbook("f.xlsx")
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ["年度", "乡镇", "措施", "资金来源", "金额(元)"])
    sheet.write_row(1, 0, [2018, "东乡", "house", "county"])
    sheet.write_formula(1, 4, "=1000*2")
    book.close()
    said = fenpei("audit", "tiny", "f.xlsx")
    assert said.code == 2
    assert "f.xlsx:表:E2" in said.err
