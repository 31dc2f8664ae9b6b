"""What the plan's workbook says beside its tables: who pays a bill, and what comes back after the plan."""

from __future__ import annotations

import io

import openpyxl

from models.citation import Language
from optimizer.present.principal import back_later

from .plans import report_of, workbook_of


def _texts(name: str, sheet: str) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(name, Language.ZH)), data_only=True)
    rows = book[sheet].iter_rows(values_only=True)
    return [cell for row in rows for cell in row if isinstance(cell, str)]


def test_the_measures_say_who_pays_which_layer_of_a_bill() -> None:
    found = [text for text in _texts("anhui", "分项目汇总") if "逐层支付：" in text]
    assert len(found) == 4
    assert any(
        text.startswith("40,000.00 元账单逐层支付：基本医保（案例之外）付 24,000.00 元") for text in found
    )
    assert [text for text in _texts("ruyuan", "分项目汇总") if "逐层支付" in text] == []


def test_principal_after_the_plan_stands_below_the_accounts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of("ruyuan", Language.ZH)), data_only=True)
    rows = list(book["资金收支"].iter_rows(values_only=True))
    [top] = [i for i, row in enumerate(rows) if row[0] and "规划期后收回的本金" in str(row[0])]
    report = report_of("ruyuan")
    back = back_later(report.case, report.plan.allocation)
    assert rows[top][6] == sum(b.fen for b in back) / 100
    assert [(row[3], row[6]) for row in rows[top + 1 : top + 1 + len(back)]] == [
        (b.year, b.fen / 100) for b in back
    ]
    assert sum(b.fen for b in back if b.fund == "county_relief") == 535_200_000_0
