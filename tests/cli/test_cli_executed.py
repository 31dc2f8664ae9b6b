from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Fenpei, Said

LEDGER = """\
支付日期,县(市、区),项目,措施,资金来源,收款人代码,金额(元),收到日期,下达日期,备注
2018-03-05,东乡,D1,危房改造,县财政资金,P1,30000,2018-01-05,2018-01-20,
2018-04-05,东乡,D1,危房改造,县财政资金,P2,60000.00,2018-01-05,2018-01-20,
2018-05-05,西乡,X1,house,central,P3,60000,2018-01-05,2018-01-20,
"""
LATE = "2018-05-06,西乡,X1,house,central,P4,0.01,2018-01-05,2018-03-20,\n"


@pytest.fixture
def made(fenpei: Fenpei) -> Path:
    """A plan's folder and a ledger that pays just what it plans."""
    assert fenpei("plan", "tiny", "--out", "made", "--quiet").code == 0
    Path("paid.csv").write_text(LEDGER, encoding="utf-8")
    return Path("made")


def test_a_plan_paid_as_planned(fenpei: Fenpei, made: Path) -> None:
    said = fenpei(
        "audit", "tiny", "made", "--executed", "paid.csv", "--as-of", "2018-12-31", "--format", "json"
    )
    assert said.code == 0
    assert said.object["ledger"] == {
        "file": "paid.csv",
        "sheet": None,
        "rows": 3,
        "payments": 3,
        "unreadable_rows": 0,
        "total_lines": [],
        "amount_fen": 15_000_000,
        "as_of": "2018-12-31",
        "as_of_given": True,
        "columns": {
            "date": "支付日期",
            "region": "县(市、区)",
            "project": "项目",
            "measure": "措施",
            "fund": "资金来源",
            "payee": "收款人代码",
            "amount": "金额(元)",
            "received": "收到日期",
            "passed": "下达日期",
        },
        "units": {"amount": "元"},
        "ignored": ["备注"],
    }
    rules = {finding["rule"] for finding in said.object["findings"]}
    assert {"paid.twice", "cost.house"} <= rules, "the plan's own audit goes on beside it"
    assert sum(said.object["counts"].values()) == len(said.object["findings"])


def test_a_late_cent_too_much(fenpei: Fenpei, made: Path) -> None:
    Path("paid.csv").write_text(LEDGER + LATE, encoding="utf-8")
    said = fenpei("audit", "tiny", "made", "--executed", "paid.csv", "--format", "json")
    assert said.code == 1
    hard = [f for f in said.object["findings"] if f["state"] == "violated" and f["severity"] == "hard"]
    assert [(f["rule"], f["region"], f["year"], f["margin"]) for f in hard] == [
        ("paid.above_plan", "xi", 2018, -1),
        ("paid.pass_down", "xi", 2018, -44),
    ]
    assert hard[1]["citation"]["title"] == "Budget Law"
    assert "line 5" in hard[0]["message"]
    rows = list(
        csv.DictReader(
            io.StringIO(fenpei("audit", "tiny", "made", "--executed", "paid.csv", "--format", "csv").out)
        )
    )
    assert {
        (row["rule"], row["margin"])
        for row in rows
        if row["state"] == "violated" and row["severity"] == "hard"
    } == {
        ("paid.above_plan", "-0.01"),
        ("paid.pass_down", "-44"),
    }


def test_what_is_said_in_chinese(fenpei: Fenpei, made: Path) -> None:
    Path("paid.csv").write_text(LEDGER + LATE, encoding="utf-8")
    said = fenpei("audit", "tiny", "made", "--executed", "paid.csv", "--lang", "zh", env={"COLUMNS": "160"})
    lines = said.out.splitlines()
    assert lines[1] == "支付台账 paid.csv：4 行，读出支付 4 笔、净额 150,000.01 元，读不出的 0 行。"
    assert lines[2] == "审计日 2018-05-06（台账最后一笔支付的日期，可用 --as-of 指定）。"
    assert "未使用的列：备注。" in said.out
    assert (
        "西乡 2018 年中央专项资金支付「危房改造」 60,000.01 元，计划可支付 60,000.00 元，"
        "超出 0.01 元（第 5 行）" in said.out
    )
    assert "《中华人民共和国预算法》第五十二条第三款（明文）" in said.out


def test_a_register_and_thresholds(fenpei: Fenpei, made: Path) -> None:
    Path("register.csv").write_text("对象代码,纳入日期\nP1,2018-03-06\nP2,\n", encoding="utf-8")
    words = (
        "audit",
        "tiny",
        "made",
        "--executed",
        "paid.csv",
        "--beneficiaries",
        "register.csv",
        "--format",
        "json",
    )
    found = [f["rule"] for f in fenpei(*words).object["findings"] if f["state"] == "violated"]
    assert [rule for rule in found if rule.startswith("paid.")] == [
        "paid.not_registered",
        "paid.before_eligible",
    ]
    Path("own.yaml").write_text(
        "checks:\n  - {id: not_registered, severity: advisory}\n  - {id: before_eligible, off: 另行核查}\n"
    )
    assert fenpei(*words).code == 1
    assert fenpei(*words, "--thresholds", "own.yaml").code == 0


def test_the_case_and_a_waiver_speak_of_payments_too(fenpei: Fenpei, made: Path) -> None:
    Path("paid.csv").write_text(LEDGER + LATE, encoding="utf-8")
    words = ("audit", "tiny", "made", "--executed", "paid.csv", "--format", "json")
    assert hard(fenpei(*words)) == {"paid.above_plan": None, "paid.pass_down": None}
    Path("tiny/practice.yaml").write_text(
        "checks:\n  - {id: paid.pass_down, set: {days: 74}}\n", encoding="utf-8"
    )
    assert hard(fenpei(*words)) == {"paid.above_plan": None}
    Path("own.yaml").write_text("checks:\n  - {id: pass_down, set: {days: 73}}\n", encoding="utf-8")
    assert set(hard(fenpei(*words, "--thresholds", "own.yaml"))) == {"paid.above_plan", "paid.pass_down"}
    Path("w.csv").write_text(
        "rule,region,year,reason,document,date\npaid.above_plan,西乡,2018,尾差,县财函1号,2018-05-07\n",
        encoding="utf-8",
    )
    said = fenpei(*words, "--waivers", "w.csv")
    assert (said.code, hard(said)) == (0, {"paid.above_plan": "县财函1号"})
    Path("own.yaml").write_text("never_waived: [paid.above_plan]\n", encoding="utf-8")
    said = fenpei(*words, "--waivers", "w.csv", "--thresholds", "own.yaml", "--lang", "en")
    assert (said.code, said.out) == (2, "")
    assert (
        "w.csv:2:rule: 'paid.above_plan' would reach paid.above_plan, which may never be waived" in said.err
    )


def hard(said: Said) -> dict[str, str | None]:
    """Rule of what is violated and hard -> the document that accepts it."""
    return {
        f["rule"]: f["waiver"] and f["waiver"]["document"]
        for f in said.object["findings"]
        if f["state"] == "violated" and f["severity"] == "hard"
    }


def test_bad_input_is_2_and_says_why(fenpei: Fenpei, made: Path) -> None:
    Path("bad.csv").write_text("日期,县,金额\n", encoding="utf-8")
    said = fenpei("audit", "tiny", "made", "--executed", "bad.csv", "--lang", "zh")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("输入有 4 处问题，没有写出文件：\nbad.csv:1: ")
    said = fenpei("audit", "tiny", "made", "--executed", "none.csv")
    assert (said.code, said.out) == (2, "")
    assert "none.csv" in said.err
    said = fenpei("audit", "tiny", "made", "--as-of", "2018-12-31")
    assert (said.code, said.out) == (2, "")
    assert "--as-of goes with --executed" in said.err
    Path("own.yaml").write_text("checks:\n  - {id: twise}\n")
    said = fenpei("audit", "tiny", "made", "--executed", "paid.csv", "--thresholds", "own.yaml")
    assert said.code == 2
    assert "own.yaml:2" in said.err


def test_the_engine_is_not_loaded_without_a_ledger() -> None:
    modules = "optimizer.cli.auditing, optimizer.cli.failures, optimizer.execution.refusal"
    code = f"import sys, {modules}; print('polars' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_columns_are_said_in_the_words_of_the_language(fenpei: Fenpei, made: Path) -> None:
    for language, said in (("zh", "资金来源 → 资金来源"), ("en", "资金来源 -> fund")):
        shown = fenpei("audit", "tiny", "made", "--executed", "paid.csv", "--lang", language)
        assert said in shown.out.replace("\n", "") or said in shown.out
