from __future__ import annotations

import csv
import io
import shlex
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from optimizer.cli import main
from optimizer.read import read_case
from optimizer.study.whatif.level import level_of
from optimizer.study.whatif.specs import axis, check_specs, specs

from .conftest import Fenpei

LEVELS = "fund.central.amount=0.5x:1.5x:0.5x"


def test_a_sweep_shows_one_table_and_one_chart_and_writes_them(fenpei: Fenpei) -> None:
    said = fenpei("whatif", "tiny", "--vary", LEVELS, "--scenario", "dear", "--out", "o", "--quiet")
    assert said.code == 0
    for words in ("as it stands", "0.5x", "1.5x", "dear", "proven", "150,000", "Chart"):
        assert words.replace("150,000", "15.00") in said.out
    assert {path.name for path in Path("o").iterdir()} == {
        "whatif.json",
        "runs.csv",
        "chart.svg",
        "runs.sqlite",
    }
    assert ElementTree.parse("o/chart.svg").getroot().tag.endswith("svg")
    rows = list(csv.DictReader(io.StringIO(Path("o/runs.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0]["run"] == "base"
    assert [row["cost(元)"] for row in rows] == ["150000.00"] * 4 + ["200000.00"]


def test_the_same_command_again_finds_everything_done(fenpei: Fenpei) -> None:
    words = ("whatif", "tiny", "--vary", LEVELS, "--format", "json", "--quiet")
    first, second = fenpei(*words).object, fenpei(*words).object
    assert (first["resumed"], second["resumed"]) == (0, 4)
    assert first["runs"] == second["runs"]
    assert first["base"]["patches"] == []
    run = first["runs"][0]
    assert run["patches"] == ["fund.central.amount=0.5x"]
    assert (run["status"], run["cost_fen"]) == ("optimal", 150_000_00)
    assert {"kind": "persons", "year": 2019, "reached": 15, "target": 15} in run["exits"]


def test_runs_come_from_a_file_with_wildcards_and_notes(fenpei: Fenpei) -> None:
    Path("runs.csv").write_text(
        "run,what,how,value,note\n"
        "dear,measure.*.cost,times,1.5,timber\n"
        "dear,need.housing[dong].amount,plus,1,\n"
        "early,target.exit[2018].amount,set,15,\n",
        encoding="utf-8",
    )
    found = fenpei("whatif", "tiny", "--runs", "runs.csv", "--format", "json", "--quiet").object
    runs = {run["name"]: run for run in found["runs"]}
    assert runs["dear"]["patches"] == ["measure.*.cost=1.5x", "need.housing[dong].amount=+1"]
    assert runs["dear"]["note"] == "timber"
    assert found["base"]["cost_fen"] == 150_000_00
    assert runs["early"]["exits"][0]["reached"] == 15


def test_a_bad_line_is_named_with_its_file_and_line_and_nothing_is_written(fenpei: Fenpei) -> None:
    Path("runs.csv").write_text(
        "run,what,how,value\na,fund.centrl.amount,times,0.9\nb,fund.central.amount,by,1\nc,,set,1\n",
        encoding="utf-8",
    )
    said = fenpei("whatif", "tiny", "--runs", "runs.csv", "--out", "o")
    assert said.code == 2
    assert "runs.csv:3:how" in said.err
    assert "runs.csv:4:what" in said.err
    assert "runs.csv:2" in said.err  # what the case refuses is said with what the file lacks
    assert not Path("o").exists()
    Path("runs.csv").write_text("run,what,how,value\na,fund.centrl.amount,times,0.9\n", encoding="utf-8")
    said = fenpei("whatif", "tiny", "--runs", "runs.csv", "--out", "o")
    assert said.code == 2
    assert "runs.csv:2" in said.err
    assert "central" in said.err


def test_what_is_wrong_with_a_path_is_in_the_column_of_the_path_and_with_a_value_in_its_own(
    fenpei: Fenpei,
) -> None:
    Path("runs.csv").write_text(
        "run,what,how,value\n"
        "a,fund.centrl.amount,times,0.9\n"
        "b,fund.central.amont,times,0.9\n"
        "c,fund.central[2031].amount,times,0.9\n"
        "d,fund.central,times,0.9\n"
        "e,fund.central.amount,times,much\n"
        "f,scenario,set,dream\n",
        encoding="utf-8",
    )
    said = fenpei("whatif", "tiny", "--runs", "runs.csv", "--scenario", "hope", "--out", "o", "--lang", "en")
    assert said.code == 2
    for place in ("2:what", "3:what", "4:what", "5:what", "6:value", "7:value"):
        assert f"runs.csv:{place}" in said.err
    assert "--scenario hope: there is no scenario 'hope'" in said.err
    assert "there is no scenario 'dream'" in said.err
    assert "7 problem(s)" in said.err
    assert not Path("o").exists()


def test_everything_that_is_wrong_with_ranges_is_said_at_once(fenpei: Fenpei) -> None:
    words = ("--vary", "fund.central.amount=2x:1x:1x", "--vary", "x", "--vary", LEVELS, "--vary", LEVELS)
    said = fenpei("whatif", "tiny", *words, "--lang", "en")
    assert said.code == 2
    assert "TO not below FROM" in said.err
    assert "--vary x: must be PATH=FROM:TO:STEP" in said.err
    assert "given twice" in said.err


def test_wrong_ranges_paths_names_and_lines_are_said_together_and_a_path_once(fenpei: Fenpei) -> None:
    Path("runs.csv").write_text(
        "run,what,how,value\nbase,fund.central.amount,times,0.9\nlate,fund.central.amount,twice,1\n",
        encoding="utf-8",
    )
    words = (
        "--vary", "fund.nobody.amount=1x:2x:0.1x", "--vary", "fund.central.amount=2x:1x:1x",
        "--vary", "measure.*.cost=1x,1.0x", "--vary", "need.*.amount=1.2.3x,1x", "--runs", "runs.csv",
    )  # fmt: skip
    said = fenpei("whatif", "tiny", *words, "--out", "o", "--lang", "en")
    assert said.code == 2
    assert said.err.count("there is no fund 'nobody'") == 1
    assert "--vary fund.nobody.amount: " in said.err
    assert "TO not below FROM" in said.err
    assert "'1.0x' repeats a level before it" in said.err
    assert "--vary need.*.amount=1.2.3x: " in said.err
    assert "runs.csv:2:run: another run has the name 'base'" in said.err
    assert "runs.csv:3:how" in said.err
    assert not Path("o").exists()


def test_a_file_without_runs_is_refused(fenpei: Fenpei) -> None:
    Path("runs.csv").write_text("run,what,how,value\n", encoding="utf-8")
    said = fenpei("whatif", "tiny", "--runs", "runs.csv", "--out", "o", "--lang", "en")
    assert said.code == 2
    assert "runs.csv has no runs" in said.err
    assert not Path("o").exists()


def test_a_scenario_may_stand_in_a_file_of_runs_beside_other_changes(fenpei: Fenpei) -> None:
    Path("tiny/scenarios.yaml").write_text(
        "scenarios:\n  - id: dear\n    title: {zh: 涨价, en: dearer}\n    why: {zh: 试, en: a try}\n"
        '    patches: ["measure.*.cost=1.5x"]\n',
        encoding="utf-8",
    )
    Path("runs.csv").write_text(
        "run,what,how,value\nboth,scenario,set,dear\nboth,target.exit[2018].amount,set,15\n", encoding="utf-8"
    )
    found = fenpei("whatif", "tiny", "--runs", "runs.csv", "--format", "json", "--quiet").object
    assert found["runs"][0]["patches"] == ["measure.*.cost=1.5x", "target.exit[2018].amount=15"]


def test_runs_of_a_grid_are_told_apart_in_the_table_and_the_chart(fenpei: Fenpei) -> None:
    words = ("--vary", LEVELS, "--vary", "measure.*.cost=1x,1.1x", "--out", "o", "--lang", "en")
    found = fenpei("whatif", "tiny", *words)
    assert "A = fund.central.amount" in found.out
    assert "B = measure.*.cost" in found.out
    rows = [line for line in found.out.splitlines() if "│" in line and "A=" in line]
    names = [line.split("│")[0].strip() for line in rows]
    assert len(names) == len(set(names)) > 3
    assert all(name.endswith(("B=1x", "B=1.1x")) for name in names)
    chart = Path("o/chart.svg").read_text(encoding="utf-8")
    assert ">A = fund.central.amount<" in chart
    assert ">B = measure.*.cost<" in chart


def test_relaxed_runs_are_bounds_and_say_so(fenpei: Fenpei) -> None:
    words = ("whatif", "tiny", "--vary", LEVELS, "--relaxed", "--quiet")
    found = fenpei(*words, "--format", "json").object
    assert {run["status"] for run in found["runs"]} == {"relaxed"}
    assert found["relaxed"] is True
    assert all(run["audit"] is None for run in found["runs"])
    assert "no plans, not settled and not audited" in " ".join(fenpei(*words).out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give --vary, --runs or --scenario"),
        (("--vary", LEVELS, "--earliest"), "one of --curve"),
        (("--vary", "fund.central.amount"), "PATH=FROM:TO:STEP"),
        (("--vary", LEVELS, "--engine", "dask"), "--scheduler ADDRESS"),
        (("--vary", LEVELS, "--from", "1x"), "for --curve only"),
        (("--earliest", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"), "is for --vary"),
        (("--least", "fund.county.amount"), "no amounts in the case"),
        (("--curve", "fund.central.amount", "--from", "3"), "is not a level"),
        (("--latest", "nobody"), "there is no fund"),
        (("--scenario", "cheap"), "cheap"),
    ],
)
def test_what_cannot_be_answered_is_bad_usage(fenpei: Fenpei, words: tuple[str, ...], said: str) -> None:
    found = fenpei("whatif", "tiny", *words)
    assert found.code == 2
    assert said in found.err


def test_exact_answers_speak_both_languages(fenpei: Fenpei) -> None:
    said = fenpei("whatif", "tiny", "--curve", "fund.central.amount", "--lang", "zh", "--quiet")
    assert said.code == 0
    assert "曲线由 1 段直线组成" in said.out
    said = fenpei("whatif", "tiny", "--least", "fund.central.amount", "--quiet")
    assert "Every target and rule can hold without this fund." in said.out
    said = fenpei("whatif", "tiny", "--earliest", "--lang", "zh", "--quiet")
    assert "最早 2018 年底全部贫困人口可以脱贫" in said.out
    assert "2018年：--set 'target.exit[2018].amount=15'" in said.out
    none = ("--set", "fund.central[2018].amount=0万元", "--set", "fund.county.amount=8万元")
    late = fenpei("whatif", "tiny", "--earliest", "--lang", "en", "--quiet", *none).out
    assert "Everybody can be out by the end of 2019" in late
    command = next(line.strip() for line in late.splitlines() if "fenpei explain" in line)
    patches = [word for word in shlex.split(command)[3:] if word != "--set"]
    assert patches == [none[1], none[3], "target.exit[2018].amount=15"]
    assert fenpei("plan", "tiny", *(w for p in patches for w in ("--set", p)), "--quiet").code == 3
    found = fenpei("whatif", "tiny", "--latest", "central", "--format", "json", "--quiet").object
    assert (found["question"], found["year"]) == ("latest", 2019)


def test_exact_answers_show_how_far_they_are_and_are_found_again(fenpei: Fenpei) -> None:
    words = ("whatif", "tiny", "--curve", "fund.central.amount", "--lang", "en")
    said = fenpei(*words)
    assert "s so far" in said.err
    assert "Written to" in said.err
    folder = next(Path("outputs").iterdir())
    assert {path.name for path in folder.iterdir()} == {"chart.svg", "curve.csv", "curve.json", "runs.sqlite"}
    root = ElementTree.parse(folder / "chart.svg").getroot()
    assert root.tag.endswith("svg")
    assert "per 万元 more" in "".join(root.itertext())
    title = read_case(Path("tiny")).funds["central"].title.en
    assert f": {title}" in fenpei(*words, "--quiet").out.splitlines()[0]
    assert title is not None
    assert any("".join(text.itertext()).startswith(title) for text in root)
    assert "fund.central.amount" not in "".join(root.itertext())
    again = fenpei(*words, "--format", "json", "--quiet")
    assert again.err == ""
    assert again.object["resumed"] > 0
    assert again.object["pieces"]
    assert again.object["out"] == str(folder)
    for question in (("--least", "fund.central.amount"), ("--latest", "central"), ("--earliest",)):
        found = fenpei("whatif", "tiny", *question, "--format", "json", "--quiet").object
        assert Path(found["out"], f"{question[0][2:]}.json").exists()


def test_progress_goes_to_standard_error_only(fenpei: Fenpei, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.cli.whatif.PAUSE", 0.0)
    said = fenpei("whatif", "tiny", "--vary", LEVELS, "--format", "json")
    assert said.object["runs"]
    assert "4/4" in said.err
    assert "s left" in said.err


PAGE = (Path(__file__).resolve().parents[2] / "docs" / "whatif.md").read_text(encoding="utf-8")
COMMANDS = [line for line in PAGE.splitlines() if line.startswith("fenpei whatif inputs/")]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_page_means_something_for_its_case(line: str) -> None:
    words = shlex.split(line)[2:]
    options = main.commands["whatif"].make_context("whatif", words).params
    case = read_case(Path(__file__).resolve().parents[2] / options["case"])
    check_specs(case, specs([axis(text) for text in options["vary"]], (), (), case))
    for path in (options["curve"], options["least"]):
        if path is not None:
            assert level_of(case, path).total > 0
    assert options["latest"] is None or options["latest"] in case.funds


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) >= 6


@pytest.mark.parametrize(("tongue", "words"), [("en", "Why a run is infeasible"), ("zh", "为什么无解")])
def test_a_sweep_with_an_infeasible_run_says_how_to_learn_why(
    fenpei: Fenpei, tongue: str, words: str
) -> None:
    asked = ("whatif", "tiny", "--vary", "target.exit[2018].amount=5,500", "--set", "measure.*.cost=1.1x")
    said = fenpei(*asked, "--quiet", "--lang", tongue)
    assert said.code == 0
    assert words in said.out
    [command] = [line.strip() for line in said.out.splitlines() if line.startswith("  fenpei ")]
    assert command == "fenpei explain tiny --set 'measure.*.cost=1.1x' --set 'target.exit[2018].amount=500'"
    assert fenpei(*asked, "--quiet", "--format", "json").object["explain"] == command
    told = fenpei(*shlex.split(command)[1:], "--lang", tongue)
    assert told.code == 3
    assert "500" in told.out  # the target that cannot be reached is named


def test_a_sweep_whose_runs_all_have_plans_offers_no_explanation(fenpei: Fenpei) -> None:
    words = ("whatif", "tiny", "--vary", LEVELS, "--quiet", "--lang", "en")
    assert "fenpei explain" not in fenpei(*words).out
    assert fenpei(*words, "--format", "json").object["explain"] is None
