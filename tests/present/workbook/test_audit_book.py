"""Findings with evidence, remedy and waiver: in the audit's workbook, in CSV, in JSON and on the screen."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import replace

import openpyxl

from models.citation import Language, Text
from models.finding import Audit, Finding, State, Waiver
from models.submission import Spot
from optimizer.present.csv_texts import findings_csv
from optimizer.present.objects import audit_object
from optimizer.present.tables import audit_text
from optimizer.present.terminal import Screen
from optimizer.present.workbook import audit_workbook

from .plans import report_of
from .recalculate import Recalculated

ZH, EN = Language.ZH, Language.EN
SPOTS = (Spot("表.xlsx", "Sheet1", "F12"), Spot("表.xlsx", None, "7:amount"))
WAIVER = Waiver("已整改", "省办函（2019）1号", datetime.date(2019, 3, 1))


def findings() -> list[Finding]:
    audit = report_of("tiny").audit
    assert audit is not None
    money = next(finding for finding in audit.findings if finding.unit == "money")
    broken = replace(
        money,
        state=State.VIOLATED,
        evidence=SPOTS,
        remedy=Text(zh="=调减", en="-cut it"),
        left=money.left and money.left + 1,
    )
    return [*audit.findings, broken, replace(broken, waiver=WAIVER)]


def test_the_workbook_shows_evidence_remedy_and_waiver() -> None:
    case = report_of("tiny").case
    content = audit_workbook(case, findings(), "审核 表.xlsx", ZH, sources=[("in/表.xlsx", "ab" * 32)],
                             notes=[("对应关系", "年度 → 年份")])  # fmt: skip
    assert Recalculated(content).differences() == []
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["摘要", "审核结论", "审核发现", "核对清单", "数据与校验"]
    sheet = book["审核发现"]
    heads = [cell.value for cell in sheet[3]]
    rows = [dict(zip(heads, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=4)]
    first, second = rows[0], next(row for row in rows if row["豁免"])
    assert rows.index(second) == 2, "what is waived comes after what is not"
    assert first["结论"] == "违反"
    assert first["证据位置"] == "表.xlsx:Sheet1:F12\n表.xlsx:7:amount"
    assert first["整改建议"] == "=调减"
    assert first["豁免"] is None
    assert second["结论"] == "违反（已豁免）"
    assert second["豁免"] == "已整改（省办函（2019）1号，2019-03-01）"
    shown = {row[0].value: row[1].value for row in book["摘要"].iter_rows() if row[0].value}
    assert shown["被审核的文件"] == "表.xlsx"
    assert shown["已豁免"] == "1"
    assert shown["对应关系"] == "年度 → 年份"
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["审核结论"]
    total = [cell.value for cell in next(row for row in stored.iter_rows() if row[0].value == "合计")]
    violated = sum(finding.state is State.VIOLATED for finding in findings())
    assert (total[3], total[8], total[9]) == (violated, 1, len(findings()))


def test_columns_that_would_be_empty_are_left_out() -> None:
    case = report_of("tiny").case
    plain = [finding for finding in findings() if not finding.evidence]
    book = openpyxl.load_workbook(io.BytesIO(audit_workbook(case, plain, "t", EN)))
    heads = [cell.value for cell in book["Findings"][3]]
    assert "Evidence" not in heads
    assert "Waiver" not in heads
    assert heads[-1] == "Citation"


def test_no_findings_and_no_checklist_still_make_a_workbook() -> None:
    case = report_of("tiny").case
    book = openpyxl.load_workbook(io.BytesIO(audit_workbook(case, [], "t", EN)))
    assert "no such clauses" in str([cell.value for row in book["Checklist"].iter_rows() for cell in row])


def test_csv_json_and_screen_show_them_too() -> None:
    case, audit = report_of("tiny").case, Audit(tuple(findings()))
    row = list(csv.DictReader(io.StringIO(findings_csv(case, audit, ZH))))[-1]
    assert row["evidence"] == "表.xlsx:Sheet1:F12; 表.xlsx:7:amount"
    assert row["remedy"] == "'=调减", "a spreadsheet must not take it for a formula"
    assert (row["waiver"], row["waiver_document"], row["waiver_date"]) == (
        "已整改",
        "省办函（2019）1号",
        "2019-03-01",
    )
    found = audit_object(case, audit, EN)["findings"]
    assert found[-1]["evidence"][0] == {"file": "表.xlsx", "sheet": "Sheet1", "cell": "F12"}
    assert found[-1]["remedy"] == "-cut it"
    assert found[-1]["waiver"] == {"reason": "已整改", "document": "省办函（2019）1号", "date": "2019-03-01"}
    assert (found[0]["evidence"], found[0]["remedy"], found[0]["waiver"]) == ([], None, None)
    screen = audit_text(case, audit, ZH, Screen(100, False), "t")
    assert "证据位置：表.xlsx:Sheet1:F12" in screen
    assert "整改建议：=调减" in screen
    assert "豁免：已整改（省办函（2019）1号，2019-03-01）" in screen
