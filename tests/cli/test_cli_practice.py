"""The named checks and waivers as a user meets them: what is shown, in which form, with which exit code."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from .conftest import Fenpei, Said

HEADER = "rule,region,year,reason,document,date\n"


@pytest.fixture
def made(fenpei: Fenpei) -> Path:
    """A plan's folder."""
    assert fenpei("plan", "tiny", "--out", "made", "--quiet").code == 0
    return Path("made")


@pytest.fixture
def dear(made: Path) -> Path:
    """The plan's allocation with one yuan more for houses in dong in the first year."""
    text = (made / "allocation.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    at = next(
        i for i, line in enumerate(text) if line.startswith("money,dong,house,") and "0000.00,元" in line
    )
    text[at] = text[at].replace("0000.00,元", "0001.00,元")
    file = Path("dear.csv")
    file.write_text("".join(text), encoding="utf-8")
    return file


def waivers(text: str, name: str = "waivers.csv") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def violated(said: Said) -> list[tuple[str, bool]]:
    """Rule and whether it is waived, of what is hard."""
    found = [f for f in said.object["findings"] if f["state"] == "violated" and f["severity"] == "hard"]
    return [(f["rule"], f["waiver"] is not None) for f in found]


def test_a_plan_of_ours_stays_clean_and_the_checks_speak(fenpei: Fenpei, made: Path) -> None:
    said = fenpei("audit", "tiny", "made", "--format", "json")
    assert said.code == 0
    named = {f["rule"]: f for f in said.object["findings"] if f["rule"].startswith("practice.")}
    assert set(named) == {f"practice.{one}" for one in ("growth", "per_head")}
    assert {f["severity"] for f in named.values()} == {"advisory"}
    assert violated(said) == []


def test_a_waiver_takes_the_exit_code_and_not_the_finding(fenpei: Fenpei, dear: Path) -> None:
    before = fenpei("audit", "tiny", "dear.csv", "--format", "json")
    assert before.code == 1
    broken = dict(violated(before))
    assert "cost.house" in broken
    assert set(broken) <= {"cost.house", "account.central", "account.county", "floor.central"}
    accepted = waivers(
        HEADER
        + "".join(f"{rule},*,*,尾差,县财函1号,2018-05-01\n" for rule in broken if "account" not in rule)
    )
    after = fenpei("audit", "tiny", "dear.csv", "--waivers", accepted, "--format", "json")
    assert dict(violated(after)) == {rule: "account" not in rule for rule in broken}
    [found] = [f for f in after.object["findings"] if f["rule"] == "cost.house" and f["state"] == "violated"]
    assert found["waiver"] == {"reason": "尾差", "document": "县财函1号", "date": "2018-05-01"}


def test_waived_findings_are_seen_in_the_table_and_in_the_csv(fenpei: Fenpei, dear: Path) -> None:
    accepted = waivers(HEADER + "cost.*,东乡,*,尾差,县财函1号,2018-05-01\n")
    said = fenpei("audit", "tiny", "dear.csv", "--waivers", accepted, "--lang", "zh")
    assert "已豁免 [cost.house] (必须)" in said.out
    assert "豁免：尾差（县财函1号，2018-05-01）" in said.out
    assert "已豁免 1 处" in said.out
    english = fenpei("audit", "tiny", "dear.csv", "--waivers", accepted, "--lang", "en")
    assert "WAIVED [cost.house] (hard)" in english.out
    assert "waived: 1" in english.out
    table = fenpei("audit", "tiny", "dear.csv", "--waivers", accepted, "--format", "csv")
    rows = [row for row in csv.DictReader(io.StringIO(table.out)) if row["waiver"]]
    assert [(row["rule"], row["state"], row["waiver_document"]) for row in rows] == [
        ("cost.house", "violated", "县财函1号")
    ]


def test_a_waiver_that_accepts_nothing_is_shown(fenpei: Fenpei, made: Path) -> None:
    accepted = waivers(HEADER + "cost.house,xi,2018,尾差,县财函1号,2018-05-01\n")
    said = fenpei("audit", "tiny", "made", "--waivers", accepted, "--lang", "zh")
    assert said.code == 0
    assert "豁免没有对应的问题：cost.house / xi / 2018（县财函1号）" in said.out
    assert "waivers.csv:2:rule" in said.out


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("practice.sum,*,*,x,y,2018-05-01", "may never be waived"),
        ("account.central,*,*,x,y,2018-05-01", "may never be waived"),
        ("cost.house,nowhere,*,x,y,2018-05-01", "there is no region"),
        ("cost.house,*,*,,y,2018-05-01", "'reason' is empty"),
        ("cost.house,*,*,x,y,", "'date' is empty"),
        ("cost.house,*,*,x,y,2999-05-01", "later than today"),
    ],
)
def test_a_bad_waiver_is_bad_input(fenpei: Fenpei, made: Path, row: str, words: str) -> None:
    said = fenpei("audit", "tiny", "made", "--waivers", waivers(f"{HEADER}{row}\n"), "--lang", "en")
    assert (said.code, said.out) == (2, "")
    assert "waivers.csv:2" in said.err
    assert words in said.err


def test_an_expired_waiver_is_bad_input(fenpei: Fenpei, made: Path) -> None:
    text = "waivers:\n  - {rule: cost.house, region: dong, year: '*', reason: x, document: y,\n"
    accepted = waivers(f"{text}     date: 2018-05-01, until: 2019-12-31}}\n", "w.yaml")
    said = fenpei("audit", "tiny", "made", "--waivers", accepted, "--lang", "zh")
    assert said.code == 2
    assert "w.yaml:3:31: 豁免已于 2019-12-31 到期" in said.err


def test_rules_lists_the_checks_as_they_hold_for_the_case(fenpei: Fenpei) -> None:
    text = "checks:\n  - {id: management_fee, set: {cap: 2%}}\n  - {id: pooling, off: 未整合}\n"
    Path("tiny/practice.yaml").write_text(text, encoding="utf-8")
    said = fenpei("rules", "tiny", "--checks", "--lang", "zh")
    assert said.code == 0
    assert "practice.management_fee  项目管理费超过上限  必须" in said.out
    assert "上限(占资金总额) (cap)：2%" in said.out
    assert "本案例停用：未整合" in said.out
    assert "不得豁免" in said.out
    found = fenpei("rules", "tiny", "--checks", "--format", "json").object["checks"]
    families = [one["rule"].split(".")[0] for one in found]
    assert families == ["practice"] * 19 + ["paid"] * 21
    assert {"id", "title", "looks_at", "severity", "thresholds", "citation", "remedy"} <= set(found[0])
    rows = list(csv.DictReader(io.StringIO(fenpei("rules", "tiny", "--checks", "--format", "csv").out)))
    assert [row["rule"] for row in rows] == [one["rule"] for one in found]


def test_a_bad_practice_file_is_bad_input(fenpei: Fenpei, made: Path) -> None:
    Path("tiny/practice.yaml").write_text("checks: [{id: sums}]\n", encoding="utf-8")
    for words in (("audit", "tiny", "made"), ("rules", "tiny", "--checks")):
        said = fenpei(*words, "--lang", "en")
        assert said.code == 2
        assert "practice.yaml:1:10: there is no check 'sums'. Did you mean 'sum'?" in said.err


def test_thresholds_change_the_checks_of_a_table_for_one_audit(fenpei: Fenpei, made: Path) -> None:
    Path("tiny/practice.yaml").write_text("checks:\n  - {id: per_head, off: 按案例}\n", encoding="utf-8")
    text = "checks:\n  - {id: practice.growth, off: 本次不核}\n"
    Path("own.yaml").write_text(text, encoding="utf-8")
    said = fenpei("audit", "tiny", "made", "--thresholds", "own.yaml", "--lang", "zh", "--format", "json")
    named = {f["rule"]: f for f in said.object["findings"] if f["rule"].startswith("practice.")}
    assert {rule: (f["state"], f["message"].split("：", 1)[1]) for rule, f in named.items()} == {
        "practice.growth": ("not_applicable", "未要求核对：本次不核"),
        "practice.per_head": ("not_applicable", "未要求核对：按案例"),
    }
