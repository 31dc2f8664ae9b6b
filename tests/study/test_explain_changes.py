"""What a way out changes: figures that the rule grammar can read, and sentences that a clerk can."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.case import Case
from models.citation import Language
from models.explanation import ChangeKind, Repair
from models.plan import Status
from optimizer.present.explain_ways import amount, change_sentences, figure
from optimizer.program import build
from optimizer.read import apply_patches, read_case
from optimizer.study.explain.explain import ExplainOptions, explain
from optimizer.study.explain.levers import Kind, levers
from optimizer.study.planning import PlanOptions, make_plan
from tests.situations.small import small_case
from tests.study.conflict_checks import INPUTS, holds

MEETS = "meets: {house: 1}"
SPAN = "years: [2018, 2018], severity: hard, for_each: [year]"


def houses(rule: str, *, unit: str = "house", capacity: str = "") -> Case:
    """10 houses at 100 元, 700 元, none of them due; only a rule asks for them."""
    return small_case(
        years=(2018, 2018),
        tables={
            "needs": "county,house,,10",
            "costs": "build,,,100",
            "funds": "fund,county,2018,700,",
            **({"capacity": capacity} if capacity else {}),
        },
        lists={
            "needs": f"id: house, title: house, unit: {unit}, kind: backlog, due: {{2018: 0%}}",
            "measures": f"id: build, title: building, unit: {unit}, payers: fund == fund, {MEETS}",
            "funds": "id: fund, title: fund, level: county, supply: up_to, pooled_at: county, cost_weight: 1",
            "rules": f"id: asks, title: asks, {SPAN}, {rule}",
        },
    )


def way_by(case: Case, kind: ChangeKind) -> Repair:
    """The way out that changes something of this kind, which is confirmed."""
    found = explain(case, ExplainOptions())
    assert found.plan.status is Status.INFEASIBLE
    [way] = [way for way in found.repairs if {change.kind for change in way.changes} == {kind}]
    holds(case, way)
    return way


@pytest.mark.parametrize(("unit", "word"), [("house", "house"), ("套", "套"), ("户", "户")])
def test_a_rule_in_a_unit_of_the_case_gives_way(unit: str, word: str) -> None:
    case = houses("left: met(need == house), is: '>=', right: need(need == house)", unit=unit)
    way = way_by(case, ChangeKind.RULE)
    written = f"3元 / 1元/{word}" if unit != "户" else "3户"
    assert [change.patch for change in way.changes] == [f"rule.asks.right=need(need == house) - {written}"]
    assert way.cost == 70_000


def test_a_rule_of_shares_gives_way_by_parts_of_a_percent() -> None:
    case = houses("left: met(need == house) / need(need == house), is: '>=', right: 85%")
    way = way_by(case, ChangeKind.RULE)
    assert [change.patch for change in way.changes] == ["rule.asks.right=0.7"]
    assert change_sentences(case, way, Language.EN) == ["rule “asks”: 0.85 → 0.7"]


def test_a_product_of_units_is_written_factor_by_factor() -> None:
    right = "need(need == house) * need(need == house)"
    case = houses(f"left: 10 * met(need == house) * need(need == house), is: '>=', right: 10 * {right}")
    way = way_by(case, ChangeKind.RULE)
    [change] = way.changes
    assert change.patch == f"rule.asks.right=10 * {right} - 300元 / 1元/house * 1元 / 1元/house"
    assert change_sentences(case, way, Language.EN)[0].endswith("300 house × house less, wherever it applies")


def test_what_cannot_be_written_is_not_offered() -> None:
    # The case counts in 万元, which a rule takes for money: no number of that unit can stand in it.
    case = houses("left: met(need == house), is: '>=', right: need(need == house)", unit="万元")
    [rule] = [one for one in levers(case, build(case, tight=False)) if one.kind is Kind.RULE]
    assert not rule.writable
    found = explain(case, ExplainOptions())
    assert {change.kind for way in found.repairs for change in way.changes} == {ChangeKind.FUND}


def test_every_rule_of_an_input_that_can_be_written_is_read_back() -> None:
    case = read_case(INPUTS / "yantai")
    own = [
        one
        for one in levers(case, build(case, tight=False))
        if one.kind is Kind.RULE and one.path and one.writable and one.unit not in ("fen", "1", "person")
    ]
    assert {lever.unit for lever in own} >= {"项", "生", "household", "village"}
    for lever in own:
        apply_patches(case, [lever.change(lever.value + 7)])


def test_a_capacity_is_said_by_its_measure() -> None:
    case = houses("left: met(need == house), is: '>=', right: 6户", unit="户", capacity="build,county,2018,4")
    way = way_by(case, ChangeKind.CAPACITY)
    assert change_sentences(case, way, Language.EN) == [
        "capacity for “building” in 2018: +2 households (4 households → 6 households)"
    ]
    assert change_sentences(case, way, Language.ZH) == ["“building”的实施能力 2018 年 +2 户（4 户 → 6 户）"]


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (90_000_000_000, "9.0000 亿元", "900.00 million yuan"),
        (90_000_000_100, "90,000.00 万元", "900.00 million yuan"),
        (5_000_000, "5.00 万元", "50,000.00 yuan"),
    ],
)
def test_money_close_together_stands_in_one_unit(fen: int, zh: str, en: str) -> None:
    assert figure(Fraction(fen), "fen", Language.ZH) == zh
    assert figure(Fraction(fen), "fen", Language.EN) == en
    assert figure(Fraction(fen, 1_000_000), "万元", Language.ZH) == zh


def test_a_square_is_said_as_two_factors() -> None:
    assert amount(Fraction(7), "处^2", Language.EN) == "7 sites × sites"
    assert amount(Fraction(7), "household*person", Language.ZH) == "7 户 × 人"


def test_the_plan_of_these_cases_needs_the_change() -> None:
    case = houses("left: met(need == house), is: '>=', right: need(need == house)")
    patched = apply_patches(case, ["rule.asks.right=need(need == house) - 2元 / 1元/house"])
    assert make_plan(patched, PlanOptions(conflict=False)).plan.status is Status.INFEASIBLE
