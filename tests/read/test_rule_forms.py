"""Figures by year, what lifts a rule, and money in rules: what is read, refused, and changed by a patch."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.citation import Language
from models.rules.tree import Comparison
from tests.read.conftest import Folder

LEFT = "left: available(fund.tag == own)"


def test_figures_by_year_are_exact_and_stand_beside_fixed_ones(folder: Folder) -> None:
    case = folder.read()
    assert case.tables.yearly == {("score", "a", 2016): Fraction(177, 2), ("score", "a", 2017): Fraction(91)}
    assert case.attribute("a", "score", 2016) == Fraction(177, 2)
    assert case.attribute("a", "score", 2018) is None
    assert case.attribute("a", "rural_population", 2018) == 40_000
    assert case.attribute("p", "collective_income", 2018) is None
    assert case.tables.sources["attributes"]["score", "a", 2017].document == "plan"


def test_money_by_year_is_written_with_its_unit(folder: Folder) -> None:
    folder.change(
        "case.yaml", '{id: score, title: 绩效考核得分, unit: "1"', "{id: score, title: 奖励, unit: money"
    )
    folder.change("attributes.csv", "2016,88.5", "2016,300万元")
    folder.change("attributes.csv", "2017,91", "2017,5元")
    assert set(folder.read().tables.yearly.values()) == {300_000_000, 500}
    assert folder.read(["attribute.score[2017].amount=2x"]).tables.yearly["score", "a", 2017] == 1000
    assert (
        folder.read(["attribute.score[2017].amount=1.5万元"]).tables.yearly["score", "a", 2017] == 1_500_000
    )
    [problem] = folder.problems(["attribute.score[2017].amount=15"])
    assert problem.code == "money-unit-missing"


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("attributes.csv", "score,a,2016", "rural_population,a,2016", "not-by-year"),
        ("attributes.csv", "score,a,2016", "marks,a,2016", "unknown-id"),
        ("attributes.csv", "score,a,2016", "score,a,2017", "duplicate-row"),
        ("attributes.csv", "score,a,2016", "score,z,2016", "unknown-id"),
        ("attributes.csv", "2016,88.5", "2016,88.5元", "money-unit-unwanted"),
        ("attributes.csv", "2016,88.5", "2019,88.5", "year-outside"),
        ("regions.csv", ",rural_population,", ",rural_population,score,", "unknown-column"),
    ],
)
def test_figures_by_year_that_cannot_be(folder: Folder, file: str, old: str, new: str, code: str) -> None:
    folder.change(file, old, new)
    assert code in {problem.code for problem in folder.problems()}


def test_a_figure_by_year_is_for_rules_alone(folder: Folder) -> None:
    folder.change("rules.yaml", "where: region.level == county", "where: region.score >= 90")
    [problem] = folder.problems()
    assert problem.code == "attribute-by-year"
    assert problem.said(Language.EN) == (
        "rules.yaml:7:12: 'score' is kept by year (by_year): only the sides and the unless of a rule may"
        " name it: expected an attribute of regions.csv. Use an attribute that is not kept by year, or say"
        " it in the expressions of a rule.\n  region.score >= 90\n  ^^^^^^^^^^^^^^^^^^"
    )


def test_a_standard_cannot_ask_for_a_figure_by_year(folder: Folder) -> None:
    folder.change("exits.yaml", "of: rural_population", "of: score")
    assert "attribute-by-year" in {problem.code for problem in folder.problems()}


def test_a_rule_may_name_a_figure_by_year_and_what_lifts_it(folder: Folder) -> None:
    folder.change(
        "rules.yaml",
        LEFT,
        f"{LEFT}\n    unless: region.score >= everywhere(previous(region.score))"
        " or out(group == able) >= 10人",
    )
    rule = folder.read().rules["match-central"]
    assert [claim.compare for claim in rule.unless] == [Comparison.AT_LEAST, Comparison.AT_LEAST]
    assert [field for field, _, _ in rule.parts] == ["left", "right", *["unless"] * 4]
    patched = folder.read(["rule.match-central.unless=out(group == able) >= 20人"]).rules["match-central"]
    assert (len(patched.unless), patched.unless_text) == (1, "out(group == able) >= 20人")


@pytest.mark.parametrize(
    ("unless", "code"),
    [
        ("out() >= 3 and met() >= 2", "rule-syntax"),
        ("out() > 3人", "rule-syntax"),
        ("out() >= 3", "rule-units"),
        ("spent() >= 3", "rule-units"),
        ("spent() / out() >= 3元/人", "rule-not-linear"),
        ("spent(measure == nothing) >= 3元", "unknown-in-condition"),
        ("5元/栋 * out() >= spent()", "rule-units"),
    ],
)
def test_what_lifts_a_rule_is_judged_like_its_sides(folder: Folder, unless: str, code: str) -> None:
    folder.change("rules.yaml", LEFT, f"{LEFT}\n    unless: {unless}")
    [problem] = folder.problems()
    assert problem.code == code
    assert (problem.place.file, problem.place.line) == ("rules.yaml", 9)


def test_an_equality_cannot_be_lifted(folder: Folder) -> None:
    folder.change("rules.yaml", f'{LEFT}\n    is: ">="', f'{LEFT}\n    is: "="\n    unless: out() >= 3人')
    [problem] = folder.problems()
    assert problem.code == "unless-equal"
    assert problem.said(Language.ZH) == (
        "rules.yaml:9:9: 规则「match-central」有 unless，不能用「=」：应为>= 或 <=。"
        "请拆成两条规则，一条 >=、一条 <=；等于 0 的写成 <= 0。"
    )


def test_the_whole_needs_a_rule_that_goes_region_by_region(folder: Folder) -> None:
    folder.change("rules.yaml", LEFT, "left: everywhere(available(fund.tag == own))")
    assert folder.read().rules["match-central"].unit == "money"
    folder.change(
        "rules.yaml", "for_each: [year, region]\n    where: region.level == county", "for_each: [year]"
    )
    assert [problem.code for problem in folder.problems()] == ["rule-not-linear"]


def test_money_in_rules_and_their_patches_has_its_unit(folder: Folder) -> None:
    for text, fen in (("300万元", 300_000_000), ("5元", 500)):
        rule = folder.read([f"rule.match-central.right={text}"]).rules["match-central"]
        assert (rule.unit, getattr(rule.right, "value", None)) == ("money", fen)
    [problem] = folder.problems(["rule.match-central.right=300"])
    assert problem.code == "rule-units"
    assert "给数字写上单位" in problem.said(Language.ZH)
