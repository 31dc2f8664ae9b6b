"""A sound case comes out as it is written: exact figures, defaults, units, sources, and a hash of all."""

from fractions import Fraction
from pathlib import Path

import pytest

from models.case import Goal, Supplied
from models.policy import EVERYTHING, Entry, Severity
from models.rules.tree import Comparison
from tests.read.conftest import Folder


def test_figures_are_whole_fen_and_exact_rates(folder: Folder) -> None:
    case = folder.read()
    assert (case.id, case.title.zh, case.title.en, case.years) == (
        "small",
        "小案例",
        "a small case",
        (2017, 2018),
    )
    assert case.unit_cost("house", "a", 2018) == 2_100_050
    assert case.unit_cost("house", "a", 2017) == 2_000_000
    assert case.gap("able", "b", 2018) == 150_000
    assert case.tables.supplied["central", "a", 2018] == Supplied(110_500_000, 110_500_000)
    assert case.tables.supplied["central", "a", 2016].most == 90_000_000
    assert case.tables.supplied["local", "a", 2017] == Supplied(5_000_000, 50_000_000)
    assert case.tables.supplied["local", "b", 2017] == Supplied(0, 10_000_000)
    assert case.tables.capacities["pv", "p", None] == Fraction(1001, 2)
    assert case.tables.households == {("a", "able"): 30, ("b", "able"): 4}
    assert (case.need("a", "schooling", 2017), case.need("a", "schooling", 2018)) == (15, 14)
    assert case.tables.entrants == {
        ("b", "able", 2018, Entry.NEW): 2,
        ("a", "unable", 2017, Entry.REVOKED): 1,
    }
    assert case.tables.revoked == {("a", "unable", 2018): 1}
    assert (case.need("b", "housing", 2017), case.need("b", "housing", 2018)) == (3, 4), (
        "2 bring half a house"
    )
    assert case.regions["b"].attributes == {"rural_population": 30_000, "collective_income": 6_000_050}
    assert case.measures["pv"].adds == {"collective_income": 60_000}
    assert case.standards["county_exit"].conditions[3].amount == 5_000_000
    assert case.measures["house"].shares[1].share == Fraction(3, 10)
    assert case.targets["counties"].price == 100_000_000


def test_what_is_left_out_has_the_default_of_the_model(folder: Folder) -> None:
    case = folder.read()
    house = case.measures["house"]
    assert (house.lag, house.lifetime, house.upkeep, house.indivisible) == (0, None, 0, False)
    assert (house.lot, house.benefit) == (Fraction(1), Fraction(0))
    assert house.where == EVERYTHING
    assert case.goal is Goal.LEAST_COST
    assert (case.targets["persons"].severity, case.targets["persons"].compare) == (
        Severity.HARD,
        Comparison.AT_LEAST,
    )
    assert case.funds["local"].carry_over is False
    assert case.groups["able"].revoked == 0
    assert case.groups["able"].waits is False
    assert case.targets["persons"].entrants is True


def test_rules_know_their_unit(folder: Folder) -> None:
    rules = folder.read().rules
    assert (rules["match-central"].unit, rules["enough-houses"].unit) == ("money", "household")
    assert rules["match-central"].left_text == "available(fund.tag == own)"


def test_every_figure_has_its_source_and_equal_sources_are_one_object(folder: Folder) -> None:
    sources = folder.read().tables.sources
    assert sources["needs"]["a", "housing", None].document == "plan"
    assert sources["needs"]["a", "housing", None] is sources["needs"]["b", "housing", None]
    figures = {"stocks", "entrants", "revoked", "needs", "costs", "gaps", "funds", "capacity", "resources"}
    assert set(sources) == figures | {"attributes"}


def test_bom_crlf_blank_lines_and_spaces_are_harmless(folder: Folder) -> None:
    plain = folder.read()
    text = folder.text("needs.csv").replace("a,housing,,12", " a , housing,, 12 ").replace("\n", "\r\n")
    folder.write("needs.csv", b"\xef\xbb\xbf" + (text + "\r\n,,,,,,\r\n\r\n").encode())
    assert folder.read().tables == plain.tables


def test_quoted_cells_over_two_lines_do_not_shift_the_line_numbers(folder: Folder) -> None:
    folder.change("needs.csv", "a,housing,,12,plan,一(一)", 'a,housing,,12,plan,"一\n(一)"')
    folder.change("needs.csv", "b,housing,,3", "b,housing,,x")
    [problem] = folder.problems()
    assert (problem.place.line, problem.place.column) == (4, "amount")


def test_optional_files_and_columns_may_be_missing(folder: Folder) -> None:
    for file in ("scenarios.yaml", "checklist.yaml", "gaps.csv", "entrants.csv", "revoked.csv"):
        (folder.path / file).unlink()
    folder.write("stocks.csv", "region,group,members,document,section,basis\nb,able,3,plan,一,stated\n")
    case = folder.read()
    assert (case.scenarios, case.tables.gaps, case.tables.stocks) == ({}, {}, {("b", "able"): 3})


def test_the_hash_is_of_every_byte_and_every_patch(folder: Folder) -> None:
    first = folder.read()
    assert folder.read().sha256 == first.sha256
    assert folder.read(["case.goal=most exits"]).sha256 != first.sha256
    folder.write("checklist.yaml", folder.text("checklist.yaml") + "\n")
    assert folder.read().sha256 != first.sha256


def test_a_folder_that_is_not_there(folder: Folder) -> None:
    folder.path = folder.path / "nowhere"
    assert [problem.code for problem in folder.problems()] == ["folder-missing"]


def test_a_file_instead_of_a_folder(folder: Folder) -> None:
    folder.path = folder.path / "case.yaml"
    assert [problem.code for problem in folder.problems()] == ["not-a-folder"]


def test_a_data_file_nobody_would_read_is_refused_and_a_readme_is_not(folder: Folder) -> None:
    folder.write("README.md", "hello")
    folder.write("need.csv", "x")
    [problem] = folder.problems()
    assert problem.code == "unknown-file"
    assert problem.remedy.zh.startswith("是不是「needs.csv」？")


def test_gbk_that_happens_to_be_utf8_is_seen(folder: Folder) -> None:
    raw = folder.text("needs.csv").encode("gbk")
    assert raw.decode("utf-8") != folder.text("needs.csv")
    folder.write("needs.csv", raw)
    assert [problem.code for problem in folder.problems()] == ["encoding"]


@pytest.mark.parametrize("case", sorted((Path(__file__).parents[2] / "inputs").glob("*/case.yaml")), ids=str)
def test_the_schema_accepts_the_yaml_of_every_case(case: Path) -> None:
    import jsonschema
    import yaml

    from optimizer.read.schema import case_schema

    validator = jsonschema.Draft202012Validator(case_schema())
    for file in sorted(case.parent.glob("*.yaml")):
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        assert [f"{file.name}: {error.message}" for error in validator.iter_errors(content)] == []
