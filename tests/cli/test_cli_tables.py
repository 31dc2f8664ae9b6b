# ruff: noqa: E501
"""`fenpei audit CASE FILE` with tables that nobody prepared: options, what is said, what is written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from .conftest import Fenpei

TABLE = "单位：万元,,,\n乡镇,项目,资金来源,2018年下达金额\n東鄉,危改,中央专项,1.5\n西乡,危房改造,县财政,0.5\n合计,,,2\n"


def records(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def book(path: Path, rows: Sequence[Sequence[Any]]) -> str:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    made.save(path)
    return str(path)


def test_a_foreign_csv_is_audited_and_its_mapping_is_said(fenpei: Fenpei) -> None:
    Path("t.csv").write_bytes(TABLE.encode("gb18030"))
    said = fenpei("audit", "tiny", "t.csv", "--format", "json")
    assert said.code in (0, 1)
    assert "t.csv:2:2018年下达金额  2018年下达金额 -> amount, year: 2018  [万元]" in said.err
    table = said.object["table"]
    assert (table["details"], table["totals"]) == (2, 1)
    assert {"rule", "severity", "state", "region", "year", "left", "right", "margin", "unit", "citation",
            "message"} <= set(said.object["findings"][0])  # fmt: skip
    assert [column["meaning"] for column in table["columns"]] == [
        "region",
        "measure",
        "fund",
        "amount year=2018",
    ]
    states = {finding["state"] for finding in said.object["findings"]}
    assert "not_evaluated" in states  # quantities and exits are not in the table


def test_quiet_says_nothing_beside_the_result(fenpei: Fenpei) -> None:
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    assert fenpei("audit", "tiny", "t.csv", "--quiet").err == ""


def test_the_same_money_from_a_workbook_gives_the_same_findings(fenpei: Fenpei) -> None:
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    rows = [[None if cell == "" else cell for cell in row] for row in csv.reader(io.StringIO(TABLE))]
    book(
        Path("t.xlsx"),
        [[float(c) if c and c[0].isdigit() and len(c) < 4 else c for c in row] for row in rows],
    )
    one = fenpei("audit", "tiny", "t.csv", "--format", "json").object
    other = fenpei("audit", "tiny", "t.xlsx", "--format", "json").object
    strip = [{k: v for k, v in f.items() if k != "evidence"} for f in one["findings"]]
    assert strip == [{k: v for k, v in f.items() if k != "evidence"} for f in other["findings"]]
    assert other["table"]["columns"][3]["cell"] == "D2"


def test_options_reach_the_reader(fenpei: Fenpei) -> None:
    rows: list[list[Any]] = [
        ["乡镇", "项目", "拨款", "计划金额", "下达金额"],
        ["东乡", "危房改造", "国拨", 1, 2],
    ]
    made = openpyxl.load_workbook(book(Path("t.xlsx"), rows))
    made.copy_worksheet(made.worksheets[0]).title = "二月"
    made.save("t.xlsx")
    said = fenpei("audit", "tiny", "t.xlsx")
    assert (said.code, said.out) == (2, "")
    assert "--sheet" in said.err
    said = fenpei("audit", "tiny", "t.xlsx", "--sheet", "二月")
    assert said.code == 2
    for needed in ('--map "amount=计划金额"', '--map "year=2018"', "--unit 万元", '--map "fund=central"'):
        assert needed in said.err.replace("\n", " "), needed
    options = [
        "--map",
        "金额=下达金额",
        "--map",
        "年度=2018",
        "--map",
        "资金=拨款",
        "--map",
        "国拨=central",
        "--unit",
        "元",
    ]
    said = fenpei("audit", "tiny", "t.xlsx", "--sheet", "二月", "--format", "json", *options)
    assert said.code in (0, 1), said.err
    assert said.object["table"]["details"] == 1
    assert any(
        "国拨" in note["text"] or "was not read" in note["text"] for note in said.object["table"]["notes"]
    )


def test_out_writes_the_audit_whole_in_a_folder_of_its_own(fenpei: Fenpei) -> None:
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    said = fenpei("audit", "tiny", "t.csv", "--out", "audited", "--format", "json")
    assert "Written to audited" in said.err
    names = {path.name for path in Path("audited").iterdir()}
    assert names == {"findings.csv", "findings.json", "lines.csv", "mapping.csv", "notes.csv", "README.txt",
                     "manifest.json", "audit.xlsx", "audit.html"} | ({"checklist.csv"} & names)  # fmt: skip
    manifest = json.loads(Path("audited/manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == names - {"manifest.json"}
    assert json.loads(Path("audited/findings.json").read_text(encoding="utf-8")) == said.object
    lines = records(Path("audited/lines.csv"))
    assert [(line["kind"], line["cell"], line["region"], line["amount(元)"]) for line in lines] == [
        ("detail", "3:2018年下达金额", "dong", "15000.00"),
        ("detail", "4:2018年下达金额", "xi", "5000.00"),
        ("total", "5:2018年下达金额", "", "20000.00"),
    ]
    before = Path("audited/findings.csv").read_bytes()
    again = fenpei("audit", "tiny", "t.csv", "--out", "audited", "--format", "json")
    assert (again.out, Path("audited/findings.csv").read_bytes()) == (said.out, before)


def test_the_workbook_and_the_page_say_in_words_how_the_table_was_read(fenpei: Fenpei) -> None:
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    fenpei("audit", "tiny", "t.csv", "--out", "audited", "--lang", "zh")
    sheet = openpyxl.load_workbook("audited/audit.xlsx").worksheets[0]
    facts = {str(row[0]): str(row[1]) for row in sheet.iter_rows(values_only=True, max_col=2)}
    [amount] = [text for label, text in facts.items() if label.startswith("2018年下达金额")]
    assert amount.startswith("金额，年度: 2018")
    assert "amount year=" not in Path("audited/audit.html").read_text(encoding="utf-8")


def test_nothing_is_written_over_what_is_not_ours_or_for_a_bad_table(fenpei: Fenpei) -> None:
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("keep")
    assert fenpei("audit", "tiny", "t.csv", "--out", "mine").code == 2
    assert [path.name for path in Path("mine").iterdir()] == ["letter.txt"]
    Path("bad.csv").write_text(TABLE.replace("0.5", "x"), encoding="utf-8")
    assert fenpei("audit", "tiny", "bad.csv", "--out", "new").code == 2
    assert not Path("new").exists()


def test_faults_of_a_workbook_come_all_at_once_with_their_cells(fenpei: Fenpei) -> None:
    rows: list[list[Any]] = [["年度", "乡镇", "项目", "资金来源", "金额(元)"], [2018, "东乡", "危房改造", "中央专项", "#DIV/0!"],
            [2018, "东镇", "危房改造", "中央专项", 1], [2018, "西乡", "危房", "中央专项", "=1+1"]]  # fmt: skip
    said = fenpei("audit", "tiny", book(Path("t.xlsx"), rows), "--lang", "zh")
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[0] == "输入有 4 处问题，没有写出文件："
    assert [line.split(": ")[0] for line in said.err.splitlines()[1:]] == [
        f"t.xlsx:Sheet:{cell}" for cell in ("E2", "B3", "C4", "E4")
    ]


@pytest.mark.parametrize("option", [["--map", "金额=x"], ["--unit", "元"], ["--sheet", "x"]])
def test_a_plan_of_ours_takes_no_such_options(fenpei: Fenpei, option: list[str]) -> None:
    assert fenpei("plan", "tiny", "--out", "made", "--quiet").code == 0
    said = fenpei("audit", "tiny", "made", *option)
    assert said.code == 2
    assert "known without" in said.err


def test_a_plan_s_allocation_written_as_a_bureau_would_is_found_the_same(fenpei: Fenpei) -> None:
    """The money of a plan of ours, retold in another layout: every finding about money alone stays."""
    assert fenpei("plan", "tiny", "--out", "made", "--quiet").code == 0
    own = records(Path("made/allocation.csv"))
    money = [row for row in own if row["item"] == "money"]
    rows: list[list[Any]] = [["年份", "区划", "支出内容", "资金渠道", "金额（元）"]]
    rows += [[int(r["year"]), r["region"], r["measure"], r["fund"], float(r["amount"])] for r in money]
    Path("money.csv").write_text(
        "region,measure,fund,year,amount,unit\n"
        + "".join(f"{r['region']},{r['measure']},{r['fund']},{r['year']},{r['amount']},元\n" for r in money),
        encoding="utf-8",
    )
    ours = fenpei("audit", "tiny", "money.csv", "--format", "json").object["findings"]
    theirs = fenpei("audit", "tiny", book(Path("t.xlsx"), rows), "--format", "json").object["findings"]
    strip = [{k: v for k, v in finding.items() if k != "evidence"} for finding in ours]
    assert strip == [{k: v for k, v in finding.items() if k != "evidence"} for finding in theirs]
