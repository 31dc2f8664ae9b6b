"""`fenpei rules --clauses`, and the checklist that goes with plans and audits."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Fenpei

CLAUSES = """clause,section,topic,disposition,items,reason
Q1,一,everybody out,encoded,target:exit,
Q2,二,public notice,checklist,checklist:notice,
Q3,二,why it matters,context,,a frame
Q4,三,everybody out again,repeated,clause:Q1,printed twice
"""
CHECKLIST = """checklist:
  - {id: notice, title: {zh: 公示公告, en: public notice},
     citation: {document: plan, section: 二, basis: stated, clause: Q2}}
"""


@pytest.fixture
def registered(fenpei: Fenpei) -> Fenpei:
    """The made-up county with a register and a checklist."""
    targets = Path("tiny/targets.yaml")
    text = targets.read_text(encoding="utf-8")
    cited = "section: 一, basis: illustrative"
    targets.write_text(text.replace(cited, f"{cited}, clause: Q1", 1), encoding="utf-8")
    Path("tiny/clauses.csv").write_text(CLAUSES, encoding="utf-8")
    Path("tiny/checklist.yaml").write_text(CHECKLIST, encoding="utf-8")
    return fenpei


def test_the_register_in_words(registered: Fenpei) -> None:
    said = registered("rules", "tiny", "--clauses", "--lang", "en")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[1] == "4 clauses: 1 encoded, 1 checklist, 1 context, 1 repeated"
    assert lines[3:5] == ["Q1  一  encoded  everybody out", "  target:exit"]
    assert lines[-2:] == ["  clause:Q1", "  printed twice"]
    said = registered("rules", "tiny", "--clauses", "--lang", "zh")
    assert said.out.splitlines()[1] == "共 4 个条款：已编入 1，人工核对 1，背景 1，重复 1"


def test_the_register_as_json(registered: Fenpei) -> None:
    found = registered("rules", "tiny", "--clauses", "--format", "json").object
    assert found["counts"] == {"encoded": 1, "checklist": 1, "context": 1, "repeated": 1}
    assert found["clauses"][0] == {
        "clause": "Q1", "section": "一", "topic": "everybody out", "disposition": "encoded",
        "items": ["target:exit"], "printed": [], "reason": None,
    }  # fmt: skip


def test_the_register_in_two_languages_with_its_figures(registered: Fenpei) -> None:
    """topic and reason are Chinese where topic.en and reason.en stand beside them."""
    header, first, *others = CLAUSES.splitlines()
    lines = [
        f"{header},topic.en,reason.en",
        f"Q1,一,全部脱贫,encoded,target:exit,按年,{first.split(',')[2]},by year",
    ]
    text = "\n".join([*lines, *(f"{line},," for line in others)]) + "\n"
    Path("tiny/clauses.csv").write_text(text, encoding="utf-8")
    Path("tiny/printed.csv").write_text(
        "clause,printed,at\nQ1,5人,target.exit[2018].amount\n", encoding="utf-8"
    )
    said = registered("rules", "tiny", "--clauses", "--lang", "en").out.splitlines()
    assert said[3:7] == [
        "Q1  一  encoded  everybody out",
        "  target:exit",
        "  prints 5人: target.exit[2018].amount",
        "  by year",
    ]
    said = registered("rules", "tiny", "--clauses", "--lang", "zh").out.splitlines()
    assert said[3:7] == [
        "Q1  一  已编入  全部脱贫",
        "  target:exit",
        "  所印 5人：target.exit[2018].amount",
        "  按年",
    ]
    [found, *_] = registered("rules", "tiny", "--clauses", "--lang", "zh", "--format", "json").object[
        "clauses"
    ]
    assert found["printed"] == [{"printed": "5人", "at": "target.exit[2018].amount", "rows": "sum"}]
    assert (found["topic"], found["reason"]) == ("全部脱贫", "按年")


def test_the_register_as_csv_is_the_file(registered: Fenpei) -> None:
    assert registered("rules", "tiny", "--clauses", "--format", "csv").out == CLAUSES


def test_a_case_without_a_register_says_so(fenpei: Fenpei) -> None:
    said = fenpei("rules", "tiny", "--clauses", "--lang", "en")
    assert said.code == 0
    assert "This case has no register (clauses.csv)." in said.out
    assert fenpei("rules", "tiny", "--clauses", "--format", "json").object["clauses"] == []


def test_a_register_that_does_not_agree_is_bad_input(registered: Fenpei) -> None:
    Path("tiny/clauses.csv").write_text(CLAUSES.replace("target:exit", "target:county-out"), encoding="utf-8")
    said = registered("rules", "tiny", "--lang", "en")
    assert said.code == 2
    assert "'target:county-out' does not cite clause 'Q1'" in said.err
    assert "'target:exit' cites" not in said.err


def test_the_checklist_goes_with_the_plan(registered: Fenpei) -> None:
    said = registered("plan", "tiny", "--out", "made", "--lang", "en")
    assert said.code == 0
    assert "1 more that no number shows: for a person to check, see checklist.csv" in said.out
    text = Path("made/checklist.csv").read_text(encoding="utf-8-sig")
    assert list(csv.DictReader(io.StringIO(text))) == [
        {"id": "notice", "title": "public notice", "document": "plan", "section": "二", "basis": "stated",
         "clause": "Q2", "note": "", "found": ""}
    ]  # fmt: skip
    assert "checklist.csv" in Path("made/README.txt").read_text(encoding="utf-8-sig")
    assert "checklist.csv" in json.loads(Path("made/manifest.json").read_text())["files"]


def test_the_checklist_goes_with_the_audit(registered: Fenpei) -> None:
    registered("plan", "tiny", "--out", "made")
    said = registered("audit", "tiny", "made", "--lang", "zh")
    assert said.code == 0
    assert "另有 1 项无法量化，须人工核对，见 fenpei rules" in said.out
    found = registered("audit", "tiny", "made", "--format", "json").object
    assert [item["id"] for item in found["checklist"]] == ["notice"]
    assert found["checklist"][0]["citation"]["clause"] == "Q2"


def test_without_a_checklist_nothing_is_said_of_one(fenpei: Fenpei) -> None:
    said = fenpei("plan", "tiny", "--out", "made", "--lang", "en")
    assert "for a person to check" not in said.out
    assert not Path("made/checklist.csv").exists()
    assert "checklist" not in Path("made/README.txt").read_text(encoding="utf-8-sig")
    assert fenpei("audit", "tiny", "made", "--format", "json").object["checklist"] == []
