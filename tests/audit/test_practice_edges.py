"""Where a named check begins and ends: limits that are reached and not passed, and what it lets through."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.allocation import Allocation, Item
from models.case import Supplied
from models.citation import Text
from models.finding import State
from models.policy import Entry, FundLevel, Severity, Supply
from models.submission import Spot, Submission
from optimizer.audit.practice import OF_PLANS, examined, practice_findings
from optimizer.audit.practice.books import contains, median, plain_name
from tests.audit.case_builder import with_item, with_rows
from tests.audit.practice_case import (
    COUNTIES,
    SHIPPED,
    alarms,
    clean_lines,
    county_case,
    plus_line,
    shown,
    submitted,
    with_check,
    with_line,
    with_threshold,
)

CASE = county_case()
CLEAN = clean_lines()
A18: dict[str, Any] = {"region": "A", "year": 2018}
B18: dict[str, Any] = {"region": "B", "year": 2018}
WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in "2130504")
FEE = {**A18, "measure": "fee"}


def rules(found: list[Any]) -> list[str]:
    return [finding.rule.removeprefix("practice.") for finding in found]


def only(table: Submission, check: str, practice: Any = SHIPPED, case: Any = CASE) -> list[Any]:
    """Everything that one check says."""
    return [f for f in practice_findings(case, table, practice) if f.rule == f"practice.{check}"]


# --- limits: reached is not passed ----------------------------------------------------------------


@given(st.integers(1, 10**9))
def test_a_fee_of_exactly_the_cap_is_no_finding_and_a_fen_more_is(fee: int) -> None:
    """29,000 yuan without the fee: the cap is the share that the fee has, or one fen's worth less."""
    base = 2_900_000
    exact = with_threshold(SHIPPED, "management_fee", cap=Fraction(fee, base + fee))
    below = with_threshold(SHIPPED, "management_fee", cap=Fraction(fee - 1, base + fee))
    table = submitted(with_line(CLEAN, FEE, amount=fee))
    assert [f for f in only(table, "management_fee", exact) if f.left == fee] == []
    [found] = [f for f in only(table, "management_fee", below) if f.left == fee]
    assert (found.left, found.margin) == (fee, -1)


@given(st.integers(0, 2_000_000))
def test_matching_money_is_missing_from_the_first_fen(paid: int) -> None:
    wanted = {**B18, "measure": "industry", "fund": "own"}
    table = submitted(with_line(CLEAN, wanted, amount=paid))
    found = [f for f in only(table, "matching_missing") if f.state is State.VIOLATED]
    assert [f.left for f in found] == ([paid] if paid < 400_000 else [])
    assert all(f.right == 400_000 for f in found)


@given(st.integers(1, 3_000_000))
def test_a_unit_cost_above_the_standard_by_any_fraction(cost: int) -> None:
    wanted = {**B18, "measure": "road"}
    table = submitted(with_line(CLEAN, wanted, unit_cost=Fraction(cost, 2)))
    found = [f for f in only(table, "unit_cost") if f.state is State.VIOLATED]
    assert [f.left for f in found] == ([cost] if cost > 2_000_000 else [])


@given(st.integers(0, 500_000))
def test_own_money_may_stand_still(now: int) -> None:
    table = submitted(with_line(CLEAN, {"region": "A", "year": 2019, "measure": "care"}, amount=now))
    found = [f for f in only(table, "growth") if f.state is State.VIOLATED]
    assert [f.margin for f in found] == ([now - 300_000] if now < 300_000 else [])


def test_half_of_all_is_not_more_than_half() -> None:
    table = submitted(with_line(CLEAN, {**A18, "measure": "industry", "fund": "central"}, payee="A路桥公司"))
    # A's payees get 36,000 yuan without the public body; the road company 10,000 and 8,000 of it
    assert rules(alarms(CASE, table)) == []
    lower = with_threshold(SHIPPED, "concentration", share=Fraction(49, 100))
    [found] = alarms(CASE, table, lower)
    assert shown(found)[3:5] == (1_800_000, 1_764_000)


def test_need_that_differs_by_half_may_be_met_evenly() -> None:
    lines = [
        replace(line, amount=1_000_000, quantity=Fraction(1)) if line.measure == "road" else line
        for line in CLEAN
    ]
    people = {(name, "poor"): 300 if name in "CF" else 200 for name in COUNTIES}
    assert rules(alarms(with_rows(CASE, "stocks", people), submitted(lines))) == []
    people["C", "poor"] = 301
    assert rules(alarms(with_rows(CASE, "stocks", people), submitted(lines))) == [
        "equal_split",
        "equal_split",
    ]


def test_a_few_of_many_who_get_the_same_are_no_even_split() -> None:
    """A, B and C get one road each: half of the six counties, which is just enough."""
    lines = [
        line for line in CLEAN if (line.measure, line.year) != ("road", 2018) or str(line.region) in "ABC"
    ]
    lines = [
        replace(line, amount=1_000_000, quantity=Fraction(1))
        if (line.measure, line.year) == ("road", 2018)
        else line
        for line in lines
    ]
    table = submitted(lines)
    assert State.VIOLATED in {f.state for f in only(table, "equal_split")}
    more = with_threshold(SHIPPED, "equal_split", coverage=Fraction(51, 100))
    assert State.VIOLATED not in {f.state for f in only(table, "equal_split", more)}


def test_amounts_that_differ_by_more_than_the_tolerance_are_not_even() -> None:
    amounts = dict.fromkeys(COUNTIES, 1_000_000) | {"F": 1_010_102}
    lines = [
        replace(line, amount=amounts[str(line.region)], unit_cost=None, quantity=None)
        if (line.measure, line.year) == ("road", 2018)
        else line
        for line in CLEAN
    ]
    assert rules(alarms(CASE, submitted(lines))) == []


# --- per head, both ways --------------------------------------------------------------------------


def test_a_county_that_gets_next_to_nothing() -> None:
    lines = [line for line in CLEAN if (line.region, line.year) != ("F", 2018)]
    lines = plus_line(
        lines, region="F", year=2018, measure="care", fund="central", amount=100, project="养路"
    )
    [found] = only(submitted(lines), "per_head")
    # A 362, B, C 250, D, E 230 and F next to nothing: the median is (230 + 250) / 2 = 240 yuan, a quarter 60
    assert shown(found)[:5] == ("practice.per_head", "F", 2018, 100, 6_000 * 300)
    assert "过低" in found.message.zh


def test_money_per_head_counts_who_has_entered_by_the_year() -> None:
    """300 in F, 500 who become poor in 2018, 70 in 2019: a quarter of 240 yuan for each of 800."""
    entrants = {("F", "poor", 2018, Entry.NEW): 500, ("F", "poor", 2019, Entry.RELAPSED): 70}
    case = CASE.model_copy(update={"tables": replace(CASE.tables, entrants=entrants)})
    lines = [line for line in CLEAN if (line.region, line.year) != ("F", 2018)]
    lines = plus_line(
        lines, region="F", year=2018, measure="care", fund="central", amount=100, project="养路"
    )
    [found] = only(submitted(lines), "per_head", case=case)
    assert shown(found)[:5] == ("practice.per_head", "F", 2018, 100, 6_000 * 800)
    assert "按 800 名贫困人口" in found.message.zh
    early = plus_line(
        lines, region="F", year=2016, measure="care", fund="central", amount=100, project="养路"
    )
    assert [f.year for f in only(submitted(early), "per_head", case=case)] == [2018]  # 2016: hardly any money


@given(st.lists(st.integers(0, 10**6), min_size=1), st.integers(0, 10**6))
def test_the_median_stands_in_the_middle(values: list[int], more: int) -> None:
    middle = median(values)
    assert sum(value < middle for value in values) <= len(values) / 2
    assert sum(value > middle for value in values) <= len(values) / 2
    assert median([value + more for value in values]) == middle + more


# --- subjects -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "year", "wrong"),
    [
        ("2130504", 2018, ""),
        (WIDE + "　农村基础设施建设", 2018, ""),
        ("21305", 2018, ""),
        ("213", 2018, "应为 2130504"),
        ("2130505 生产发展", 2018, "应为 2130504"),
        ("", 2018, "未填功能科目"),
        ("21305 扶贫", 2018, ""),
        ("21305 巩固脱贫衔接乡村振兴", 2018, "在2018年名为“扶贫”"),
        ("巩固脱贫攻坚成果衔接乡村振兴", 2019, "在2019年名为“扶贫”"),
        ("扶贫", 2019, ""),
    ],
)
def test_subjects(subject: str, year: int, wrong: str) -> None:
    table = submitted(with_line(CLEAN, {"region": "A", "year": year, "measure": "road"}, subject=subject))
    found = alarms(CASE, table)
    assert rules(found) == (["subject_code"] if wrong else [])
    assert all(wrong in finding.message.zh for finding in found)


def test_a_subject_is_missed_where_there_should_be_one_only() -> None:
    """The case gives no code for care of roads; other money has no subject at all."""
    table = submitted(with_line(CLEAN, {**A18, "measure": "care"}, subject=""))
    found = only(table, "subject_code")
    assert [f.state for f in found] == [State.NOT_EVALUATED, State.PASS]
    firm = with_item(CASE, "funds", "central", level=FundLevel.ENTERPRISE)
    wrong = submitted(with_line(CLEAN, {**A18, "measure": "road"}, subject=""))
    assert "subject_code" not in rules(alarms(firm, wrong))
    assert "subject_code" in rules(alarms(CASE, wrong))


def test_names_change_with_the_year() -> None:
    names = SHIPPED.checks["practice.subject_code"].names("names")
    assert [entry.name for entry in names["21305"] if entry.holds(2020)] == ["扶贫"]
    assert "扶贫" not in [entry.name for entry in names["21305"] if entry.holds(2021)]
    assert [entry.name for entry in names["210"] if entry.holds(2019)] == ["卫生健康支出"]
    assert [entry.name for entry in names["210"] if entry.holds(2018)] == ["医疗卫生与计划生育支出"]


# --- what is let through --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["棚户区职工住宅改造", "教师津贴", "文化礼堂", "公益岗位津贴", "产业奖补"])
def test_words_that_are_no_negative_list(name: str) -> None:
    assert (
        alarms(
            CASE, submitted(plus_line(CLEAN, **A18, measure="care", fund="central", amount=9, project=name))
        )
        == []
    )


def test_the_negative_list_is_for_special_money() -> None:
    more = {"region": "A", "year": 2019, "measure": "care", "fund": "own", "amount": 9, "project": "办公楼"}
    table = submitted(plus_line(CLEAN, **more))
    assert alarms(CASE, table) == []


def test_a_project_may_be_shared_by_funds_that_match() -> None:
    wanted = {**A18, "measure": "training", "fund": "central"}
    lines = with_line(CLEAN, wanted, amount=200_000, project="A县2018培训配套", payee="A职教中心")
    lines = with_line(lines, {**A18, "measure": "training", "fund": "own"}, amount=200_000)
    assert "funded_twice" not in rules(alarms(CASE, submitted(lines)))


def test_a_grant_may_come_every_year_and_a_road_may_not() -> None:
    again = {"region": "A", "year": 2019, "amount": 9_000, "fund": "central"}
    for what, expected in (("grant", []), ("care", ["funded_twice"])):
        lines = plus_line(CLEAN, **{**again, "measure": what, "project": "同一件事"})
        lines = plus_line(lines, **{**again, "measure": what, "project": "同一件事项目", "year": 2018})
        found = alarms(CASE, submitted(lines))
        assert rules(found) == expected
        assert [shown(f)[2:5] for f in found] == [(None, 18_000, 9_000)] * len(expected)


def test_what_a_county_does_every_year_is_named_after_county_and_measure() -> None:
    name = f"{CASE.regions['A'].name}{CASE.measures['care'].title.zh}"
    again = {"region": "A", "fund": "central", "measure": "care", "amount": 9_000, "project": name}
    years = plus_line(plus_line(CLEAN, **again, year=2018), **again, year=2019)
    assert "funded_twice" not in rules(alarms(CASE, submitted(years)))
    twice = plus_line(plus_line(CLEAN, **again, year=2018), **again, year=2018)
    assert rules(alarms(CASE, submitted(twice))) == ["funded_twice"]


def test_other_payees_are_other_projects() -> None:
    more = {**A18, "measure": "care", "fund": "central", "amount": 9_000, "project": "发放"}
    lines = plus_line(plus_line(CLEAN, **more, payee="王五"), **more, payee="赵六")
    assert alarms(CASE, submitted(lines)) == []


@pytest.mark.parametrize("payee", ["张*", "张某", "A县建筑公司"])
def test_masked_names_and_firms_are_no_beneficiaries(payee: str) -> None:
    lines = with_line(CLEAN, {**A18, "measure": "loan"}, payee=payee)
    lines = with_line(lines, {**A18, "measure": "grant"}, payee=payee)
    assert "double_benefit" not in rules(alarms(CASE, submitted(lines)))


def test_units_that_nobody_states_are_not_zero_units() -> None:
    found = examined(CASE, submitted(CLEAN), SHIPPED).findings
    states = {(f.rule, f.region, f.year): f.state for f in found}
    assert states["cost.care", "A", 2018] is State.NOT_EVALUATED
    assert states["cost.road", "A", 2018] is State.PASS


def test_units_that_stand_apart_from_the_money_are_known() -> None:
    """As in an allocation.csv: no row states a quantity, and no units of care means none were built."""
    lines = [replace(line, quantity=None) for line in CLEAN]
    units = submitted(CLEAN).allocation.units
    found = examined(CASE, submitted(lines, units=units), SHIPPED).findings
    assert {f.state for f in found if f.rule == "cost.care"} == {State.VIOLATED}
    assert {f.state for f in found if f.rule == "cost.road"} == {State.PASS}


def test_a_statement_that_finds_more_than_a_check_stays() -> None:
    """Of the 7,000 yuan that roads in B cost too much, the printed price explains 4,000."""
    wanted = {**B18, "measure": "road"}
    lines = with_line(CLEAN, wanted, amount=2_700_000, unit_cost=Fraction(1_200_000))
    broken = {f.rule for f in examined(CASE, submitted(lines), SHIPPED).findings if f.state is State.VIOLATED}
    assert broken == {"practice.unit_cost", "cost.road"}


def test_statements_of_the_case_show_their_cells_too() -> None:
    lines = with_line(CLEAN, {**B18, "measure": "road"}, amount=1_900_000)
    lines = plus_line(lines, region="Z", year=2018, measure="road", fund="central", amount=77)
    lines = plus_line(lines, region="D", year=2018, measure="care", fund="own", amount=2 * 10**9)
    found = {
        f.rule: f for f in examined(CASE, submitted(lines), SHIPPED).findings if f.state is State.VIOLATED
    }
    assert [spot.cell for spot in found["cost.road"].evidence] == ["F8"]
    assert [spot.cell for spot in found["known.money"].evidence] == ["F99"]
    cells = [spot.cell for spot in found["account.own"].evidence]
    assert cells[-1] == "F99"
    assert len(cells) == 3


def test_a_single_price_is_for_all_units_of_the_place() -> None:
    """Two rows of B with roads at 12,000 yuan, one of either fund: three units, 6,000 too much."""
    wanted = {**B18, "measure": "road"}
    lines = with_line(CLEAN, wanted, amount=2_400_000, unit_cost=Fraction(1_200_000))
    more = {**B18, "measure": "road", "fund": "own", "amount": 1_200_000, "quantity": Fraction(1)}
    lines = plus_line(lines, **more, unit_cost=Fraction(1_200_000))
    table = submitted(lines, units={("B", "road", 2018): Fraction(3)})
    [found] = [f for f in only(table, "unit_cost") if f.state is State.VIOLATED]
    assert shown(found)[3:5] == (3_600_000, 3_000_000)


# --- pools and exits ------------------------------------------------------------------------------


def test_a_pool_of_which_nothing_is_used() -> None:
    brought = {(name, "agri", year): 400_000 for name in "ABC" for year in (2018, 2019)}
    lines = [line for line in CLEAN if line.fund != "agri" or line.region != "B" or line.year == 2019]
    covers = frozenset({Item.MONEY, Item.BROUGHT})
    found = only(submitted(lines, brought=brought, covers=covers), "pooling")
    assert [shown(f)[:5] for f in found if f.state is State.VIOLATED] == [
        ("practice.pooling", "B", 2018, 0, 400_000)
    ]
    floored = with_item(CASE, "funds", "agri", spending_floor=Fraction(4, 5))
    found = only(submitted(lines, brought=brought, covers=covers), "pooling", case=floored)
    assert State.VIOLATED not in {f.state for f in found}
    assert any("floor.agri" in f.message.zh for f in found)


def test_all_poor_out_while_a_guarantee_is_open() -> None:
    covers = frozenset({Item.MONEY, Item.UNITS, Item.EXITS})
    lines = [line for line in CLEAN if line.measure != "water" or line.region != "B"]
    exits = {("B", "poor", 2019): 200, ("A", "poor", 2019): 100, ("C", "poor", 2019): 299}
    cells = {("B", 2018): (Spot("t.xlsx", "表", "G7"),), ("C", 2019): (Spot("t.xlsx", "表", "G9"),)}
    told = replace(submitted(lines, exits=exits, covers=covers), exit_cells=cells)
    violated = [f for f in only(told, "early_exit") if f.state is State.VIOLATED]
    assert [shown(f)[:5] for f in violated] == [("practice.early_exit", "B", 2019, 0, 8)]
    assert [str(spot) for spot in violated[0].evidence] == ["t.xlsx:表:G7"]


def test_growth_looks_back_into_the_history() -> None:
    case = with_rows(CASE, "supplied", {("own", "D", 2017): Supplied(600_000, 600_000)})
    [found] = alarms(case, submitted(CLEAN))
    assert shown(found)[:5] == ("practice.growth", "D", 2018, 500_000, 600_000)
    given = with_item(case, "funds", "own", supply=Supply.GIVEN)
    assert "supply.own" in " ".join(f.message.zh for f in only(submitted(CLEAN), "growth", case=given))


# --- nothing is silent ----------------------------------------------------------------------------


def test_a_table_of_bare_sums_says_what_it_does_not_give() -> None:
    bare = [
        replace(line, project="", payee="", document="", subject="", quantity=None, unit_cost=None)
        for line in CLEAN
    ]
    table = replace(submitted(bare, covers=frozenset({Item.MONEY})), totals=())
    found = {f.rule.removeprefix("practice."): f for f in practice_findings(CASE, table, SHIPPED)}
    missing = {check for check, f in found.items() if f.state is State.NOT_EVALUATED}
    assert missing == {
        "negative_list", "matching_twice", "concentration", "unit_cost", "early_exit", "subject_code",
        "funded_twice", "double_benefit",
    }  # fmt: skip
    assert found["sum"].state is State.NOT_APPLICABLE
    assert found["subject_code"].message.zh == "功能科目错误或漏填：无法核对，表中没有功能科目"


def test_a_plan_is_held_against_the_checks_of_sums_and_these_are_advisory() -> None:
    table = submitted(with_line(CLEAN, {"region": "A", "year": 2019, "measure": "care"}, amount=1))
    plan = Submission(table.allocation)
    found = practice_findings(CASE, plan, with_check(SHIPPED, "growth", severity=Severity.HARD))
    assert {f.rule.removeprefix("practice.") for f in found} == OF_PLANS
    assert {f.severity for f in found} == {Severity.ADVISORY}
    assert [f.rule for f in found if f.state is State.VIOLATED] == ["practice.growth"]


def test_a_check_that_is_switched_off_says_why() -> None:
    off = with_check(SHIPPED, "unit_cost", off=Text(zh="单价为暂估价", en="prices are provisional"))
    lines = with_line(CLEAN, {**B18, "measure": "road"}, unit_cost=Fraction(9_000_000))
    [found] = only(submitted(lines), "unit_cost", off)
    assert found.state is State.NOT_APPLICABLE
    assert found.message.zh == "单位成本超标准：未要求核对：单价为暂估价"


def test_an_empty_table_is_no_crash() -> None:
    assert {f.state for f in practice_findings(CASE, Submission(Allocation()), SHIPPED)} <= {
        State.NOT_APPLICABLE,
        State.NOT_EVALUATED,
    }


# --- words ----------------------------------------------------------------------------------------


def test_names_are_compared_without_what_does_not_tell_them_apart() -> None:
    endings = ("建设项目", "项目", "工程", "建设")
    assert plain_name("２０１８年度 大路村（一期）道路硬化 工程建设项目", endings) == "大路村一期道路硬化"
    assert plain_name("项目", endings) == "项目"
    assert contains("购　置 车辆", ("购置车辆",)) == "购置车辆"
    assert contains("购置水泵", ("购置车辆",)) is None


def test_a_cost_that_one_of_two_checks_explains_is_not_said_again() -> None:
    water = {"region": "D", "year": 2018, "measure": "water", "fund": "agri", "quantity": Fraction(1)}
    lines = plus_line(
        CLEAN, **water, amount=120_000, unit_cost=Fraction(120_000), project="供水", document="农三"
    )
    found = [f for f in examined(CASE, submitted(lines), SHIPPED).findings if f.state is State.VIOLATED]
    hard = {(f.rule, f.margin) for f in found if f.region == "D" and f.severity is Severity.HARD}
    assert hard == {("practice.place", Fraction(-120_000)), ("practice.unit_cost", Fraction(-20_000))}
