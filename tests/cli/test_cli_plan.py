from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.case import Case
from models.finding import Audit, State
from models.plan import Status
from models.policy import Severity
from optimizer.solve import EnginesDisagree
from optimizer.study import planning
from optimizer.study.planning import Planned, PlanOptions, make_plan

from .conftest import Fenpei

KEYS = {
    "case", "status", "cost_fen", "bound_fen", "gap", "exits", "spent_fen", "audit", "solver", "seconds",
    "out", "objective", "options", "scenario", "patches", "sha256", "message",
}  # fmt: skip
STEPS = {"read", "build", "solve", "settle", "audit", "write"}


def plan(fenpei: Fenpei, *words: str) -> tuple[int, dict[str, Any]]:
    said = fenpei("plan", "tiny", "--format", "json", "--quiet", *words)
    return said.code, said.object


def test_the_whole_json_of_a_plan_worked_by_hand(fenpei: Fenpei) -> None:
    # 3 + 2 houses at 30,000 元 hold 3 people each, and all 15 must be out in 2019.
    code, found = plan(fenpei)
    assert code == 0
    assert set(found) >= KEYS
    assert (found["case"], found["status"], found["solver"]) == ("qingshan", "optimal", "highs")
    assert found["cost_fen"] == found["bound_fen"] == 5 * 30_000_00
    assert found["gap"] == 0
    assert found["objective"] == {
        "goal": "least cost", "value": 15_000_000, "bound": 15_000_000, "unit": "fen"
    }  # fmt: skip
    exits = {(exit["kind"], exit["year"]): (exit["reached"], exit["target"]) for exit in found["exits"]}
    assert exits["persons", 2018][0] >= 5
    assert exits["persons", 2018][1] == 5
    assert exits["persons", 2019] == (15, 15)
    assert exits["counties", 2018][1] is None
    assert exits["counties", 2019] == (1, 1)
    assert set(found["spent_fen"]) == {"central", "county"}
    assert all(set(years) == {"2018", "2019"} for years in found["spent_fen"].values())
    assert sum(fen for years in found["spent_fen"].values() for fen in years.values()) == 15_000_000
    assert set(found["audit"]) == {"pass", "violated", "binding", "not_applicable", "not_evaluated"}
    assert set(found["seconds"]) == STEPS
    assert found["out"] == str(Path("outputs") / f"qingshan-{found['sha256'][:8]}")
    assert found["conflict"] is None


def test_standard_output_is_one_object_and_messages_go_to_standard_error(fenpei: Fenpei) -> None:
    said = fenpei("plan", "tiny", "--format", "json")
    assert json.loads(said.out)["status"] == "optimal"
    assert "passed the audit" in said.err


def test_the_folder_and_its_manifest(fenpei: Fenpei) -> None:
    _, found = plan(fenpei, "--out", "new/place")
    folder = Path("new/place")
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "allocation.csv", "spending.csv", "exits.csv", "findings.csv", "accounts.csv", "needs.csv",
        "regions.csv", "measures.csv", "funds.csv", "datapackage.json", "plan.xlsx", "plan.json",
        "README.txt", "manifest.json", "report.html",
    }  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["files"] == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names - {"manifest.json"}
    }
    assert manifest["case_sha256"] == found["sha256"]
    assert json.loads((folder / "plan.json").read_text()) == found
    assert [path.name for path in folder.parent.iterdir()] == ["place"]


def test_the_same_case_twice_gives_the_same_bytes(fenpei: Fenpei) -> None:
    for out in ("one", "two"):
        plan(fenpei, "--out", out)
    names = {path.name for path in Path("one").iterdir()} - {"plan.json", "manifest.json"}
    assert {"allocation.csv", "plan.xlsx", "datapackage.json"} <= names
    for name in names:
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes(), name


def test_the_workbook_speaks_the_language_that_is_asked_for(fenpei: Fenpei) -> None:
    titles = {}
    for lang in ("zh", "en"):
        plan(fenpei, "--out", lang, "--lang", lang)
        book = openpyxl.load_workbook(Path(lang, "plan.xlsx"))
        titles[lang] = book.sheetnames
    assert titles["zh"][:3] == ["摘要", "图表", "资金分配表"]
    assert titles["en"][:3] == ["Summary", "Charts", "Allocation"]


def test_the_page_of_the_folder_names_every_file(fenpei: Fenpei) -> None:
    plan(fenpei, "--out", "one")
    page = Path("one/README.txt").read_text(encoding="utf-8")
    names = {path.name for path in Path("one").iterdir()} - {"README.txt"}
    assert [name for name in names if name not in page] == []


def test_spending_adds_up_to_the_cost(fenpei: Fenpei) -> None:
    plan(fenpei, "--out", "one")
    lines = Path("one/spending.csv").read_text(encoding="utf-8-sig").splitlines()
    at = lines[0].split(",").index("amount(元)")
    assert sum(Fraction(line.split(",")[at]) for line in lines[1:]) == 150_000


def test_an_older_run_is_replaced_whole(fenpei: Fenpei) -> None:
    plan(fenpei, "--out", "one")
    Path("one/exits.csv").write_text("spoilt")
    code, _ = plan(fenpei, "--out", "one", "--set", "measure.house.cost=4万元")
    assert code == 0
    assert "spoilt" not in Path("one/exits.csv").read_text(encoding="utf-8-sig")
    assert sorted(path.name for path in Path().iterdir()) == ["one", "tiny"]


@pytest.mark.parametrize("foreign", ["notes.txt", "manifest.json"])
def test_a_folder_that_is_not_ours_is_refused(fenpei: Fenpei, foreign: str) -> None:
    Path("mine").mkdir()
    Path("mine", foreign).write_text("{}")
    said = fenpei("plan", "tiny", "--out", "mine")
    assert (said.code, said.out) == (2, "")
    assert "was not made by fenpei" in said.err
    assert [path.name for path in Path("mine").iterdir()] == [foreign]


def test_a_run_with_somebodys_notes_in_it_is_refused(fenpei: Fenpei) -> None:
    plan(fenpei, "--out", "one")
    Path("one/notes.txt").write_text("ours")
    said = fenpei("plan", "tiny", "--out", "one", "--lang", "zh")
    assert said.code == 2
    assert "notes.txt" in said.err
    assert Path("one/notes.txt").read_text() == "ours"


def test_a_failed_write_leaves_the_old_folder(fenpei: Fenpei, monkeypatch: pytest.MonkeyPatch) -> None:
    plan(fenpei, "--out", "one")
    before = Path("one/manifest.json").read_bytes()

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device", "exits.csv")

    monkeypatch.setattr("optimizer.present.plan_files.exits_csv", full)
    said = fenpei("plan", "tiny", "--out", "one")
    assert said.code == 2
    assert "No space left" in said.err
    assert Path("one/manifest.json").read_bytes() == before
    assert sorted(path.name for path in Path().iterdir()) == ["one", "tiny"]


def test_scenarios_and_patches(fenpei: Fenpei) -> None:
    _, dear = plan(fenpei, "--scenario", "dear")
    assert dear["cost_fen"] == 5 * 40_000_00
    assert dear["scenario"] == "dear"
    assert dear["out"].startswith(str(Path("outputs") / "qingshan-dear-"))
    _, cheap = plan(
        fenpei, "--scenario", "dear", "--set", "measure.house.cost=0.5x", "--set", "fund.central.amount=0.9x"
    )
    assert cheap["cost_fen"] == 5 * 20_000_00
    assert cheap["patches"] == [
        "measure.house.cost=4万元",
        "measure.house.cost=0.5x",
        "fund.central.amount=0.9x",
    ]


def test_the_scenarios_are_listed(fenpei: Fenpei) -> None:
    said = fenpei("plan", "tiny", "--scenarios", "--lang", "zh")
    assert said.code == 0
    assert "造价上涨" in said.out
    listed = fenpei("plan", "tiny", "--scenarios", "--format", "json").object
    assert [scenario["id"] for scenario in listed["scenarios"]] == ["dear"]
    assert not Path("outputs").exists()


@pytest.mark.parametrize(("grain", "step"), [("分", 1), ("yuan", 100), ("万元", 1_000_000)])
def test_money_is_rounded_to_the_grain(fenpei: Fenpei, grain: str, step: int) -> None:
    code, found = plan(fenpei, "--round", grain)
    assert code == 0
    assert found["options"]["round_fen"] == step
    assert all(fen % step == 0 for years in found["spent_fen"].values() for fen in years.values())


def test_csv_is_the_allocation(fenpei: Fenpei) -> None:
    said = fenpei("plan", "tiny", "--format", "csv", "--out", "one", "--quiet")
    assert said.out == Path("one/allocation.csv").read_text(encoding="utf-8-sig")
    assert said.out.startswith("item,region,measure,fund,group,year,amount,unit\n")


@pytest.mark.parametrize("name", ["program.lp", "program.mps"])
def test_the_program_is_written_with_its_names(fenpei: Fenpei, name: str) -> None:
    code, _ = plan(fenpei, "--write-program", name)
    assert code == 0
    text = Path(name).read_text()
    assert "housing" in text
    assert "county_share" in text.replace("-", "_")


@pytest.mark.parametrize("words", [["--cross-check"], ["--cross-check", "cbc"], ["--cross-check=cbc"]])
def test_a_second_engine_agrees(fenpei: Fenpei, words: list[str]) -> None:
    said = fenpei("plan", *words, "tiny", "--format", "json")
    assert said.code == 0
    assert said.object["options"]["cross_check"] in ("ortools", "cbc")


# --- exit codes ---------------------------------------------------------------------------------


def test_infeasible_is_3_and_names_the_conflict(fenpei: Fenpei) -> None:
    # 15 people and 16 to be out.
    code, found = plan(fenpei, "--set", "target.exit[2019].amount=16")
    assert code == 3
    assert found["status"] == "infeasible"
    assert found["conflict"] == ["exit"]
    assert found["conflict_detail"][0]["title"] == "persons out of poverty"
    assert found["conflict_detail"][0]["citation"]["section"] == "一"
    assert found["irreducible"] is True
    assert all(found[key] is None for key in ("cost_fen", "bound_fen", "gap", "out", "audit"))
    assert (found["exits"], found["spent_fen"]) == ([], {})
    assert not Path("outputs").exists()


def test_the_conflict_is_named_in_the_table_and_beside_csv(fenpei: Fenpei) -> None:
    table = fenpei("plan", "tiny", "--set", "target.exit[2019].amount=16", "--lang", "zh")
    assert "无解" in table.out
    assert "累计脱贫人数" in table.out
    beside = fenpei("plan", "tiny", "--set", "target.exit[2019].amount=16", "--format", "csv", "--quiet")
    assert (beside.code, beside.out) == (3, "")
    assert "exit" in beside.err


def test_no_time_is_4_and_writes_nothing(fenpei: Fenpei) -> None:
    code, found = plan(fenpei, "--time-limit", "0")
    assert (code, found["status"], found["out"]) == (4, "unknown", None)
    assert not Path("outputs").exists()


def changed(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    def other(case: Case, options: PlanOptions) -> Planned:
        return change(make_plan(case, options))  # type: ignore[no-any-return]

    monkeypatch.setattr(planning, "make_plan", other)


def test_unproven_is_4_and_marked_in_every_file(fenpei: Fenpei, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(
        monkeypatch,
        lambda p: replace(
            p, plan=replace(p.plan, status=Status.FEASIBLE, bound=Fraction(14_995_000), gap=Fraction(1, 3000))
        ),
    )
    said = fenpei("plan", "tiny", "--out", "one")
    assert said.code == 4
    assert "not proven" in said.out
    assert "99.96 %" in said.out
    assert "0.04 %" in said.out
    for name in ("spending.csv", "findings.csv", "exits.csv", "README.txt", "plan.json", "manifest.json"):
        assert "feasible" in Path("one", name).read_text(encoding="utf-8"), name


def test_a_broken_plan_is_1_and_is_not_written(fenpei: Fenpei, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(planned: Planned) -> Planned:
        first, *rest = planned.audit.findings if planned.audit else ()
        bad = replace(first, state=State.VIOLATED, severity=Severity.HARD)
        status = replace(planned.plan, status=Status.FEASIBLE)
        return replace(planned, plan=status, audit=Audit((bad, *rest)))

    changed(monkeypatch, spoilt)
    said = fenpei("plan", "tiny", "--format", "json")
    assert said.code == 1
    assert said.object["out"] is None
    assert not Path("outputs").exists()


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(case: Case, options: PlanOptions) -> Planned:
        raise error

    monkeypatch.setattr(planning, "make_plan", fail)


def test_a_fault_is_5_with_a_short_message(fenpei: Fenpei, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, RuntimeError("a wheel came off"))
    said = fenpei("plan", "tiny", "--lang", "zh")
    assert (said.code, said.out) == (5, "")
    assert "fenpei 自身出错" in said.err
    assert "a wheel came off" in said.err
    assert "Traceback" not in said.err
    assert "Traceback" in fenpei("plan", "tiny", env={"FENPEI_TRACEBACK": "1"}).err


def test_engines_that_disagree_are_5_and_loud(fenpei: Fenpei, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, EnginesDisagree("highs 1, cbc 2"))
    said = fenpei("plan", "tiny", "--cross-check")
    assert said.code == 5
    assert "!! Two solvers contradict each other" in said.err


def test_an_interrupt_is_4_with_a_sentence(fenpei: Fenpei, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    said = fenpei("plan", "tiny")
    assert (said.code, said.err) == (4, "Interrupted; nothing was written.\n")


@pytest.mark.parametrize(
    "words",
    [
        ["plan"],
        ["plan", "nowhere"],
        ["plan", "tiny", "--solver", "abacus"],
        ["plan", "tiny", "--gap", "-1"],
        ["plan", "tiny", "--gap", "nan"],
        ["plan", "tiny", "--time-limit", "soon"],
        ["plan", "tiny", "--seed", "-1"],
        ["plan", "tiny", "--round", "角"],
        ["plan", "tiny", "--scenario", "none"],
        ["plan", "tiny", "--set", "fund.nobody.amount=1"],
        ["plan", "tiny", "--cross-check", "highs"],
        ["plan", "tiny", "--write-program", "program.txt"],
        ["plan", "tiny", "--write-program", "nowhere/program.lp"],
        ["plan", "tiny", "--lang", "fr"],
        ["nonsense"],
    ],
)
def test_bad_usage_and_bad_input_are_2_and_write_nothing(fenpei: Fenpei, words: list[str]) -> None:
    said = fenpei(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert [path.name for path in Path().iterdir()] == ["tiny"]


def test_every_problem_of_the_input_is_told_at_once(fenpei: Fenpei) -> None:
    for name in ("stocks.csv", "costs.csv"):
        text = Path("tiny", name).read_text()
        Path("tiny", name).write_text(text.replace("illustrative", "guessed"))
    said = fenpei("plan", "tiny", "--lang", "zh")
    assert said.code == 2
    assert "stocks.csv:2" in said.err
    assert "costs.csv:2" in said.err
    assert "没有写出文件" in said.err


# --- tables -------------------------------------------------------------------------------------


def test_the_table_of_a_plan_in_both_languages(fenpei: Fenpei) -> None:
    english = fenpei("plan", "tiny").out
    assert "It costs 150,000.00 yuan of public money." in english
    assert "No lawful plan costs less." in english
    chinese = fenpei("plan", "tiny", "--lang", "zh").out
    assert "公共成本 15.00 万元。" in chinese
    assert "累计脱贫人数" in chinese
    assert "已写入 outputs/qingshan-" in chinese


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_comes_from_the_locale(fenpei: Fenpei, variables: dict[str, str], language: str) -> None:
    said = fenpei("plan", "tiny", env=variables)
    assert ("公共成本" in said.out) is (language == "zh")
    assert "公共成本" not in fenpei("plan", "tiny", "--lang", "en", env=variables).out


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_the_terminal(fenpei: Fenpei, width: int, lang: str) -> None:
    from rich.cells import cell_len

    said = fenpei("plan", "tiny", "--lang", lang, env={"COLUMNS": str(width)})
    assert max(cell_len(line) for line in said.out.splitlines()) <= width
    assert "\x1b" not in said.out
