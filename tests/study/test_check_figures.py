"""Stocks, households, population, parts of a total, magnitudes, and where figures come from."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.case import Case, Supplied
from models.citation import Language
from models.finding import State
from models.policy import Severity
from models.region import RegionTree
from optimizer.study.check import check_case
from tests.audit.case_builder import LAW, with_rows
from tests.study.check_builder import advice, changed_source, found, hard, one, valley, values


def with_population(case: Case, **people: int) -> Case:
    """Other rural populations."""
    tree = RegionTree(
        {
            region.id: region.model_copy(
                update={"attributes": {"rural_population": Fraction(people[region.id])}}
                if region.id in people
                else {}
            )
            for region in case.regions
        }
    )
    return case.model_copy(update={"regions": tree})


@pytest.mark.parametrize(("number", "state"), [(9, State.PASS), (10, State.BINDING), (11, State.VIOLATED)])
def test_not_more_households_than_members(number: int, state: State) -> None:
    case = with_rows(valley(), "households", {("A", "poor"): number})
    finding = next(f for f in found(case, "households.poor") if f.region in "AB")
    # B has 2 households with 6 members, 4 to spare
    assert values(finding) == (state, number if number > 6 else 2, 10)


def test_swapped_households_and_members_are_named_with_both_values() -> None:
    finding = one(with_rows(valley(), "households", {("A", "poor"): 41}), "households.poor")
    assert finding.severity is Severity.HARD
    assert finding.message.zh == (
        "A地 poor：户数 41，人数 10，超出 31（应不超过）。见 stocks.csv：户数多于人数，两数可能写反"
    )
    assert finding.message.said(Language.EN) == (
        "A地, poor: households 41, members 10; over by 31, must not be more. "
        "See stocks.csv: more households than members: are the two figures swapped?"
    )


@pytest.mark.parametrize(("members", "state"), [(39, State.PASS), (40, State.BINDING), (41, State.VIOLATED)])
def test_at_most_ten_in_a_household(members: int, state: State) -> None:
    case = with_rows(valley(), "stocks", {("A", "poor"): members})
    case = with_rows(case, "households", {("B", "poor"): 6})
    finding = one(case, "household_size.poor")
    assert values(finding) == (state, members, 40)
    assert finding.severity is Severity.ADVISORY


def test_the_poor_are_part_of_the_rural_population() -> None:
    too_few = with_population(valley(), A=9)
    assert values(one(too_few, "population")) == (State.VIOLATED, 10, 9)
    assert values(one(with_population(valley(), A=10), "population"))[0] is State.BINDING
    half = with_population(valley(), A=19)
    assert values(one(half, "poor_share")) == (State.VIOLATED, 10, Fraction(19, 2))
    assert "check.population" not in hard(check_case(half))


@pytest.mark.parametrize(
    ("total", "rules"),
    [
        (1600, set()),
        (1599, {"check.parts.rural_population"}),
        (1601, {"check.parts_nearly.rural_population"}),
        (1700, set()),  # 1600 is less than 95 % of it: not every part is listed
    ],
)
def test_parts_make_the_total(total: int, rules: set[str]) -> None:
    audit = check_case(with_population(valley(), P=total))
    assert hard(audit) | advice(audit) == rules


def test_an_altered_part_is_found_with_both_values() -> None:
    finding = one(with_population(valley(), B=6000), "parts.rural_population")
    assert values(finding) == (State.VIOLATED, 7000, 1600)
    assert "7,000" in finding.message.zh
    assert "1,600" in finding.message.zh
    assert finding.region == "P"


# --- magnitudes -------------------------------------------------------------------------------


@pytest.mark.parametrize(("cost", "state"), [(999_999, State.PASS), (1_000_000, State.VIOLATED)])
def test_costs_a_hundred_times_apart(cost: int, state: State) -> None:
    case = with_rows(valley(), "costs", {("house", "A", 2019): cost})
    finding = one(case, "cost_spread.house")
    assert values(finding) == (state, cost, 1_000_000)
    if state is State.VIOLATED:
        assert "最大值（2019年 A地） 10,000.00 元" in finding.message.zh
        assert "最小值（各年 各地 100.00 元）的 100 倍" in finding.message.zh


def test_a_fund_in_yuan_in_one_year() -> None:
    case = with_rows(valley(), "supplied", {("central", "P", 2019): Supplied(70, 70)})
    assert values(one(case, "fund_spread.central")) == (State.VIOLATED, 70_000, 70_000)
    fine = with_rows(valley(), "supplied", {("central", "P", 2019): Supplied(71, 71)})
    assert values(one(fine, "fund_spread.central"))[0] is State.PASS


def test_a_gap_in_another_unit() -> None:
    case = with_rows(valley(), "gaps", {("poor", None, 2019): 30})
    assert values(one(case, "gap_spread.poor")) == (State.VIOLATED, 300_000, 3_000)


@pytest.mark.parametrize(
    ("cost", "rules"),
    [
        (99, {"check.cost_small.job"}),
        (100, set()),
        (100_000_000, set()),
        (100_000_001, {"check.cost_large.job"}),
    ],
)
def test_what_one_person_gets_costs_something_plausible(cost: int, rules: set[str]) -> None:
    audit = check_case(with_rows(valley(), "costs", {("job", None, None): cost}))
    assert {rule for rule in advice(audit) if rule.startswith("check.cost")} == rules


# --- where figures come from ------------------------------------------------------------------


def test_figures_are_counted_by_basis() -> None:
    finding = one(valley(), "basis.stocks")
    assert finding.state is State.PASS
    assert finding.message.zh == "stocks.csv 共 2 个数：文件明文 2、推算 0、假设 0、演示 0"
    assert one(valley(), "basis.resources").state is State.NOT_APPLICABLE


def test_illustrative_figures_are_to_be_replaced() -> None:
    finding = one(changed_source(valley(), "stocks", ("A", "poor"), LAW), "basis.stocks")
    assert values(finding) == (State.VIOLATED, 1, 0)
    assert finding.severity is Severity.ADVISORY
    assert "replace them before use" in finding.message.said(Language.EN)
