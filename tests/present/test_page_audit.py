"""The page of an audit of somebody's table: every finding with its cell, law, remedy and waiver."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import cache

from models.citation import Language, Text
from models.finding import Audit, Finding, State, Waiver
from models.policy import Severity
from models.submission import MappedColumn, Spot, Submission
from optimizer.audit import audit
from optimizer.present.page import audit_page
from tests.present.page_case import ALLOCATION, HOUSE, six_counties, with_money
from tests.present.page_reader import Main, Page

EN, ZH = Language.EN, Language.ZH
TABLE = '分配表 <2018> & "定稿".xlsx'


@cache
def violated() -> tuple[Finding, ...]:
    """What is violated when A is paid twice: at least the cost of its houses and the central account."""
    twice = with_money({("A", "house", "central", 2018): 6 * HOUSE})
    found = [finding for finding in audit(six_counties(), twice).findings if finding.broken]
    assert {"cost.house", "account.central"} <= {finding.rule for finding in found}
    return tuple(found)


def page(*findings: Finding, submission: Submission | None = None, language: Language = EN) -> Page:
    html = audit_page(six_counties(), Audit(findings), language, audited=TABLE, submission=submission)
    assert html == audit_page(six_counties(), Audit(findings), language, audited=TABLE, submission=submission)
    return Page(html)


def english(*findings: Finding) -> Main:
    found = page(*findings)
    assert found.faults == []
    return found.mains["en"]


def test_a_clean_table() -> None:
    main = english()
    assert "No violation found" in main.text
    assert main.alerts == 0
    assert TABLE in main.text


def test_every_violation_with_what_is_known_of_it() -> None:
    cost = next(finding for finding in violated() if finding.rule == "cost.house")
    spots = (Spot("分配表.xlsx", "资金 <1>", "F12"), Spot("lines.csv", None, "7:amount"))
    remedy = Text(zh="退回 <多付> 部分", en="recover what is <too much>")
    main = english(*[f for f in violated() if f != cost], replace(cost, evidence=spots, remedy=remedy))
    assert "Violations found" in main.text
    assert main.alerts == 1
    for finding in violated():
        assert finding.message.said(EN) in main.text
    assert "-90,000.03 yuan" in main.text
    assert {"分配表.xlsx:资金 <1>:F12", "lines.csv:7:amount", "recover what is <too much>"} <= set(main.texts)
    table = main.table("What is violated")
    (row,) = [row for row in table.rows if row[0].endswith("cost.house")]
    assert row[1:5] == ["hard", "1", "", "90,000.03 yuan"]
    assert "made up, 1" in row[5]


def test_a_waived_finding_stays_and_is_not_broken() -> None:
    waiver = Waiver("emergency <works>", "财农2018年第7号", datetime.date(2018, 5, 3))
    waived = [replace(finding, waiver=waiver) for finding in violated()]
    main = english(*waived)
    assert "No violation found" in main.text
    assert f"{len(waived)} violations were waived with approval" in main.text
    assert main.text.count("emergency <works>; approved by: 财农2018年第7号, 2018-05-03") == len(waived)
    assert all(finding.message.said(EN) in main.text for finding in waived)
    some = english(waived[0], *violated()[1:])
    assert f"Hard statements are violated: {len(violated()) - 1} findings." in some.text


def test_findings_stand_by_severity() -> None:
    first, second = violated()[:2]
    main = english(replace(first, severity=Severity.ADVISORY), replace(second, severity=Severity.SOFT))
    assert "No hard statement is violated." in main.text
    table = main.table("What is violated")
    assert [row[1] for row in table.rows[1:]] == ["soft", "advisory"]
    assert main.table("Findings by state").row("violated or missed") == ["2", "0", "1", "1"]


def test_what_could_not_be_evaluated_is_no_pass() -> None:
    unknown = replace(
        violated()[0], state=State.NOT_EVALUATED, words=Text(zh="表中没有数量", en="no quantities")
    )
    main = english(unknown, unknown)
    assert "Not fully checked" in main.text
    assert main.alerts == 1
    (row,) = [row for row in main.headed("statement", "severity", "places").rows if "no quantities" in row]
    assert row[1:3] == ["hard", "2"]


def test_how_the_table_was_read() -> None:
    columns = (MappedColumn(Spot("t.xlsx", "1", "F3"), "金额(万元)", "amount", "万元"),
               MappedColumn(Spot("t.xlsx", "1", "G3"), "科目", "subject", ""))  # fmt: skip
    ignored = (MappedColumn(Spot("t.xlsx", "1", "K3"), "备注<b>", "", ""),)
    found = page(submission=Submission(ALLOCATION, columns=columns, ignored=ignored))
    assert found.faults == []
    table = found.mains["en"].table("What each column was taken for")
    assert table.rows[1:] == [
        ["t.xlsx:1:F3", "金额(万元)", "amount", "万元"],
        ["t.xlsx:1:G3", "科目", "subject code", ""],
        ["t.xlsx:1:K3", "备注<b>", "not used", ""],
    ]
    assert found.mains["zh"].table("每一列的含义").rows[2][2] == "功能科目"
    assert "185,000.06 yuan" in found.mains["en"].text


def test_both_languages_are_there_and_the_first_is_open() -> None:
    found = page(*violated(), language=ZH)
    assert list(found.mains) == ["zh", "en"]
    zh, en = found.mains["zh"], found.mains["en"]
    assert [len(table.rows) for table in zh.tables] == [len(table.rows) for table in en.tables]
    assert "发现违规" in zh.text
    assert all(finding.message.zh in zh.text for finding in violated())
