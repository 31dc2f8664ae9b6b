from __future__ import annotations

import csv
import io
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from models.case import Case
from models.catalogue import Catalogue
from models.citation import Text
from models.finding import Audit, Finding, State
from models.policy import Severity
from models.rules.tree import Comparison

from .conftest import Fenpei, Said

FIELDS = {
    "rule", "severity", "state", "region", "year", "left", "right", "margin", "unit", "citation", "message"
}  # fmt: skip


@pytest.fixture
def made(fenpei: Fenpei) -> Path:
    """A plan's folder."""
    assert fenpei("plan", "tiny", "--out", "made", "--quiet").code == 0
    return Path("made")


def lines(folder: Path) -> list[str]:
    return (folder / "allocation.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)


def edited(folder: Path, text: list[str]) -> Path:
    """The allocation alone, changed, as a file of its own."""
    file = folder.parent / "edited.csv"
    file.write_text("".join(text), encoding="utf-8")
    return file


def violated(said: Said) -> list[dict[str, object]]:
    return [f for f in said.object["findings"] if f["state"] == "violated" and f["severity"] == "hard"]


def test_a_plan_of_ours_is_clean(fenpei: Fenpei, made: Path) -> None:
    said = fenpei("audit", "tiny", "made", "--format", "json")
    assert said.code == 0
    assert set(said.object["findings"][0]) >= FIELDS
    counts = said.object["counts"]
    assert sum(counts.values()) == len(said.object["findings"])
    assert said.err == ""


def test_a_moved_fen_is_found_and_measured(fenpei: Fenpei, made: Path) -> None:
    text = lines(made)
    at = next(i for i, line in enumerate(text) if line.startswith("money,") and "0000.00,元" in line)
    text[at] = text[at].replace("0000.00,元", "0000.01,元")
    said = fenpei("audit", "tiny", str(edited(made, text)), "--format", "json")
    assert said.code == 1
    broken = violated(said)
    assert {finding["rule"].split(".")[0] for finding in broken} == {"cost", "account"}  # type: ignore[attr-defined]
    assert {(finding["margin"], finding["unit"]) for finding in broken} == {(-1, "fen")}
    table = fenpei("audit", "tiny", "edited.csv", "--lang", "zh")
    assert "0.01 元" in table.out
    rows = list(csv.DictReader(io.StringIO(fenpei("audit", "tiny", "edited.csv", "--format", "csv").out)))
    assert {row["margin"] for row in rows if row["state"] == "violated" and row["severity"] == "hard"} == {
        "-0.01"
    }


def test_every_dropped_row_is_found(fenpei: Fenpei, made: Path) -> None:
    text = lines(made)
    for at in range(1, len(text)):
        said = fenpei("audit", "tiny", str(edited(made, text[:at] + text[at + 1 :])), "--format", "json")
        assert said.code == 1, text[at]
        assert violated(said), text[at]


def test_what_is_violated_comes_first_with_its_law(fenpei: Fenpei, made: Path) -> None:
    text = [line for line in lines(made) if not line.startswith("leaves,")]
    said = fenpei("audit", "tiny", str(edited(made, text)))
    assert said.code == 1
    assert said.out.splitlines()[1].startswith("Hard statements violated: 1")
    assert "VIOLATED [county-out] (hard)" in said.out
    assert "citation: Plan of Qingshan (made up), 四 (illustrative)" in said.out


def test_a_file_that_was_changed_is_named_and_the_folder_still_audited(fenpei: Fenpei, made: Path) -> None:
    (made / "exits.csv").write_text("changed")
    (made / "README.txt").unlink()
    said = fenpei("audit", "tiny", "made", "--format", "json")
    assert said.code == 1
    found = violated(said)
    assert [finding["rule"] for finding in found] == ["manifest", "manifest"]
    assert {str(finding["message"]).split()[0] for finding in found} == {"exits.csv", "README.txt"}
    assert len(said.object["findings"]) > 2


@pytest.mark.parametrize("text", [None, "{}", "not json", '{"made_by": "fenpei", "files": []}'])
def test_a_folder_without_a_good_manifest_is_no_plan_of_ours(
    fenpei: Fenpei, made: Path, text: str | None
) -> None:
    (made / "manifest.json").unlink()
    if text is not None:
        (made / "manifest.json").write_text(text)
    said = fenpei("audit", "tiny", "made", "--format", "json")
    assert [finding["rule"] for finding in violated(said)] == ["manifest"]
    assert said.code == 1


def test_a_plan_of_other_data_is_noted(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--scenario", "dear", "--set", "fund.central.amount=0.9x", "--out", "made")
    said = fenpei("audit", "tiny", "made", "--format", "json")
    assert "--scenario dear --set fund.central.amount=0.9x" in said.err
    assert said.code == 1
    same = ("--scenario", "dear", "--set", "fund.central.amount=0.9x")
    assert fenpei("audit", "tiny", "made", *same).code == 0


def test_an_allocation_of_money_alone_is_not_called_passed(fenpei: Fenpei, made: Path) -> None:
    text = [line for line in lines(made) if line.startswith(("item,", "money,"))]
    said = fenpei("audit", "tiny", str(edited(made, text)), env={"COLUMNS": "200"})
    assert said.code == 0
    assert "which does not count as passed" in said.out
    assert "Not evaluated" in said.out


def test_no_allocation_is_2(fenpei: Fenpei) -> None:
    said = fenpei("audit", "tiny", "nothing.csv")
    assert (said.code, said.out) == (2, "")
    assert "nothing.csv" in said.err
    Path("empty").mkdir()
    assert fenpei("audit", "tiny", "empty").code == 2


def finding(severity: Severity, state: State) -> Finding:
    return Finding(
        "check.stock", severity, state, "qingshan", None, None, Comparison.EQUAL, None, None, "person",
        Text(zh="合计不符", en="the parts do not add up"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("severity", "state", "code"),
    [
        (Severity.HARD, State.VIOLATED, 1),
        (Severity.SOFT, State.VIOLATED, 0),
        (Severity.HARD, State.PASS, 0),
        (Severity.HARD, State.NOT_EVALUATED, 0),
    ],
)
def test_check_is_1_when_something_hard_is_violated(
    fenpei: Fenpei, monkeypatch: pytest.MonkeyPatch, severity: Severity, state: State, code: int
) -> None:
    def check_case(case: Case, catalogue: Catalogue) -> Audit:
        assert "practice.growth" in catalogue.checks
        return Audit((finding(severity, state),))

    module = ModuleType("optimizer.study.check")
    monkeypatch.setattr(module, "check_case", check_case, raising=False)
    monkeypatch.setitem(sys.modules, "optimizer.study.check", module)
    said = fenpei("check", "tiny", "--format", "json")
    assert said.code == code
    assert said.object["findings"][0]["message"] == "the parts do not add up"
    table = fenpei("check", "tiny", "--lang", "zh")
    assert ("合计不符" in table.out) is (state is not State.PASS)


def test_rules_in_words(fenpei: Fenpei) -> None:
    said = fenpei("rules", "tiny", "--lang", "zh")
    assert said.code == 0
    assert "不少于 10% × 支出" in said.out
    assert "《青山县两年计划（虚构）》三（示意）" in said.out
    book = {rule["id"]: rule for rule in fenpei("rules", "tiny", "--format", "json").object["rules"]}
    assert set(book) == {
        "exit", "county-out", "county-share", "steady", "leave.listed.people", "floor.central"
    }  # fmt: skip
    assert book["county-share"]["years"] == [2018, 2019]
    assert book["exit"]["sentence"] == (
        "exits of poor people by the end of the year: at least 5 persons in 2018, at least 15 persons in 2019"
    )
    rows = list(csv.DictReader(io.StringIO(fenpei("rules", "tiny", "--format", "csv").out)))
    assert [row["id"] for row in rows] == list(book)


def test_a_broken_case_is_2_everywhere(fenpei: Fenpei) -> None:
    shutil.copytree("tiny", "bad")
    Path("bad/stocks.csv").write_text("region\n")
    for words in (
        ["check", "bad"],
        ["rules", "bad"],
        ["audit", "bad", "x.csv"],
        ["plan", "bad", "--scenarios"],
    ):
        said = fenpei(*words)
        assert (said.code, said.out) == (2, ""), words
        assert "stocks.csv" in said.err
