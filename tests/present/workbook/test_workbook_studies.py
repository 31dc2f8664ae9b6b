"""The sheets of other plans, ranges and the old plan: figures of the plans, formulas that work out, order."""

from __future__ import annotations

import io
from functools import cache

import openpyxl
import pytest

from models.citation import Language
from optimizer.present.report import PlanReport
from optimizer.present.workbook import plan_workbook
from tests.present.page_case import report_of, six_counties
from tests.present.studied_case import with_anew, with_others

from .recalculate import Recalculated

ZH, EN = Language.ZH, Language.EN


@cache
def content(kind: str, language: Language) -> bytes:
    reports = {"others": with_others, "anew": with_anew}
    return plan_workbook(reports[kind](), "5" * 64, language)


def opened(report: PlanReport, language: Language = EN) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(plan_workbook(report, "5" * 64, language)), data_only=True)


def rows(kind: str, sheet: str, language: Language = EN) -> dict[str, list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(content(kind, language)), data_only=True)
    return {str(row[0]): list(row[1:]) for row in book[sheet].iter_rows(values_only=True) if row[0]}


@pytest.mark.parametrize("language", [ZH, EN])
@pytest.mark.parametrize(("kind", "least"), [("others", 60), ("anew", 60)])
def test_every_formula_works_out_to_its_stored_value(kind: str, least: int, language: Language) -> None:
    book = Recalculated(content(kind, language))
    assert len(book.formulas) >= least
    assert book.differences() == []


def test_what_other_plans_cost_more_and_where_they_are() -> None:
    found = rows("others", "Other plans")
    assert found["This plan"][:2] == ["proven within the gap", 170000.05]
    status, cost, more, part, elsewhere, file = found["Plan 1"]
    assert (cost, more, file) == (170000.06, 0.01, "alternative-1.csv")
    assert status != "proven within the gap"
    assert part == pytest.approx(0.01 / 170000.05)
    assert elsewhere == pytest.approx(1 / 3)


def test_ranges_with_the_way_to_both_ends_and_totals_that_are_the_costs() -> None:
    # region: least, this plan, most, could lose, could gain, plan 1
    found = rows("others", "Ranges by region")
    assert found["County A"] == [30000, 90000.03, 120000, 60000.03, 29999.97, 30000.01]
    assert found["County B"] == [60000.02, 60000.02, 60000.02, 0, 0, 60000.02]
    assert found["County D"] == [0, 0, None, 0, None, 80000.03]
    assert found["Elsewhere (above these regions)"] == [None, 5000, None, None, None, 0]
    assert found["Total"] == [None, 170000.05, None, None, None, 170000.06]


def test_the_old_plan_the_new_one_and_the_difference() -> None:
    found = rows("anew", "Against the old plan")
    assert found["Public money before 2019, which is history"] == [150000.05, 150000.05, 0]
    assert found["Public money from 2019 on"] == [20000, 65000.02, 45000.02]
    assert found["County D"] == [0, 30000.01, 30000.01]
    assert found["house rebuilt"] == [30000.01, 60000.02, 30000.01]
    assert found["own money"] == [15000.01, 0, -15000.01]
    assert "County A" not in found, "nothing of 2019 is different there"
    assert any("Money that differs from the other plan" in name for name in found)
    assert any("own money" in name and "not public cost" in name for name in found)


def test_they_are_there_only_where_they_were_asked_for() -> None:
    names = {"Other plans", "Ranges by region", "Against the old plan"}
    assert not names & set(opened(report_of(six_counties())).sheetnames)
    assert names & set(opened(with_others()).sheetnames) == {"Other plans", "Ranges by region"}
    assert names & set(opened(with_anew()).sheetnames) == {"Against the old plan"}
    assert names & set(opened(with_others(plans=False)).sheetnames) == {"Ranges by region"}


def test_that_no_more_were_found_is_said_in_both_languages() -> None:
    for language, name, words in ((ZH, "其他方案", "没有找到更多"), (EN, "Other plans", "No further")):
        texts = [
            [str(cell) for row in opened(with_others(complete=done), language)[name].values for cell in row]
            for done in (False, True)
        ]
        assert [any(words in text for text in found) for found in texts] == [True, False]


def test_headings_stay_in_sight_and_text_fits() -> None:
    book = openpyxl.load_workbook(io.BytesIO(content("others", ZH)))
    for name in ("其他方案", "各地资金范围"):
        sheet = book[name]
        assert sheet.freeze_panes
        assert sheet.print_area
    ranges = book["各地资金范围"]
    assert ranges.auto_filter.ref == "A3:G9"
    assert ranges.print_title_rows
    assert ranges["B5"].number_format == "#,##0.00_ "
    assert openpyxl.load_workbook(io.BytesIO(content("anew", ZH)))["与原方案对比"].freeze_panes
