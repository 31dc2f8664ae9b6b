"""Rules of the case: every quantity, for_each, where, previous, and selecting nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from models.allocation import Allocation, Item
from models.case import Case, Supplied
from models.finding import Finding, State
from models.policy import Severity
from models.rules.tree import Comparison, Subject
from optimizer.audit import audit
from tests.audit.case_builder import (
    clean_allocation,
    fields,
    rule,
    small_case,
    verdict,
    where,
    with_new,
    with_rows,
    without_rows,
)

CASE = small_case()
CLEAN = clean_allocation()
PASS, BINDING, VIOLATED = State.PASS, State.BINDING, State.VIOLATED
YEAR, REGION, MEASURE, FUND = Subject.YEAR, Subject.REGION, Subject.MEASURE, Subject.FUND
HISTORY = with_rows(CASE, "supplied", {("central", "P", 2017): Supplied(32_000, 32_000)})


def findings(
    left: str,
    compare: str,
    right: str,
    *each: Subject,
    case: Case = CASE,
    allocation: Allocation = CLEAN,
    **changes: Any,
) -> list[Finding]:
    """The findings of one rule on top of the small case."""
    added = with_new(case, "rules", rule("R", left, compare, right, *each, **changes))
    return [f for f in audit(added, allocation).findings if f.rule.split("/")[0] == "R"]


def value(quantity: str, year: int = 2018, region: str = "P", case: Case = CASE) -> object:
    """The left side of a rule for this quantity, by region and year."""
    found = findings(quantity, ">=", "0", YEAR, REGION, case=case)
    return next(f.left for f in found if (f.region, f.year) == (region, year))


@pytest.mark.parametrize(
    ("quantity", "region", "year", "expected"),
    [
        ("spent()", "P", 2018, 35_850 + 19_700 + 12_650 + 4_000),
        ("spent(fund.level == county)", "A", 2018, 19_700),
        ("spent(fund.level in (county, central) and measure == job)", "B", 2019, 15_600),
        ("spent(fund.level != county and region.tag == deep)", "P", 2018, 12_000 + 10_200 + 2_000),
        ("spent(not (region.tag == deep or measure == house))", "P", 2018, 1_000 + 15_300 + 2_000),
        ("available(fund == county)", "P", 2018, 32_350),
        ("available(fund == county)", "B", 2018, 12_650),
        ("available(fund.level == central)", "P", 2018, 40_000),
        ("given()", "P", 2018, 40_000),
        ("carried()", "P", 2018, 4_150),
        ("units(measure == job)", "P", 2019, 9),
        ("units(region.population >= 700)", "P", 2018, 2 + 3 + 1 + 4),
        ("met(need == houses)", "P", 2019, 6),
        ("met(need.kind == entitlement)", "P", 2019, 5),
        ("need(need == houses)", "A", 2018, 4),
        ("exits(group.counts == persons)", "P", 2019, 11),
        ("exits(group.counts == villages)", "A", 2019, 1),
        ("out(group.tag == people)", "P", 2019, 16),
        ("stock(group == poor)", "B", 2019, 6),
        ("listed_out()", "P", 2019, 3),
        ("listed_out(region.level == county)", "P", 2019, 2),
        ("spent(year == 2018)", "A", 2018, 36_000 + 7_900),
        ("50元 * units(measure == job) - 2 * spent(measure == job)", "B", 2018, 15_000 - 30_600),
        ("previous(out(group == poor))", "P", 2019, 7),
        ("previous(spent(fund == central))", "P", 2019, 35_850),
    ],
)
def test_quantities(quantity: str, region: str, year: int, expected: int) -> None:
    assert value(quantity, year, region) == expected


@pytest.mark.parametrize(
    ("amount", "state"), [("196.99元", PASS), ("197元", BINDING), ("197.01元", VIOLATED)]
)
def test_a_rule_by_one_fen(amount: str, state: State) -> None:
    (found,) = findings("spent(fund.level == county and region == A)", ">=", amount, YEAR, years=(2018, 2018))
    assert found.state is state
    assert found.margin == {PASS: 1, BINDING: 0, VIOLATED: -1}[state]


def test_an_equality_that_holds_passes() -> None:
    (found,) = findings("out(group == poor)", "=", "16", unit="person")
    assert verdict(found) == (PASS, 16, 16, 0)
    assert (found.region, found.year, found.unit) == ("P", None, "person")


@pytest.mark.parametrize(
    ("compare", "right", "state", "margin"),
    [
        (">", 15, PASS, 1),
        (">", 16, VIOLATED, 0),
        ("<", 16, VIOLATED, 0),
        ("!=", 16, VIOLATED, 0),
        ("!=", 1, PASS, 15),
    ],
)
def test_strict_comparisons(compare: str, right: int, state: State, margin: int) -> None:
    (found,) = findings("out(group == poor)", compare, str(right), unit="person")
    assert fields(found, "state", "margin", "compare") == (state, margin, Comparison(compare))


def test_without_year_flows_add_up_and_stocks_are_taken_at_the_last() -> None:
    (found,) = findings(
        "spent(fund.level == county and region == A)", ">=", "0", REGION, where=where("region == A")
    )
    assert fields(found, "left", "year", "region") == (19_700 + 25_000, None, "A")
    (found,) = findings("exits(group == poor) + stock(group == poor)", ">=", "out(group == poor)")
    assert fields(found, "left", "right") == (18 + 16, 16)
    (found,) = findings("spent(year == 2019)", "=", "spent() - spent(year == 2018)")
    assert found.state is PASS


def test_years_of_the_rule_narrow_it() -> None:
    assert [f.year for f in findings("spent()", ">=", "0", YEAR, years=(2019, 2022))] == [2019]
    (found,) = findings("spent(region == A and fund == county)", ">=", "0", years=(2019, 2022))
    assert found.left == 25_000


def test_a_rule_of_other_years_says_that_it_does_not_apply() -> None:
    (found,) = findings("spent()", ">=", "0", YEAR, years=(2020, 2022))
    assert (found.state, found.region, found.year) == (State.NOT_APPLICABLE, "P", None)
    (found,) = findings("spent()", ">=", "0", REGION, where=where("region.tag == other"))
    assert found.state is State.NOT_APPLICABLE
    assert found.message.zh == "P地 R：规划期内没有符合条件的年份、地区、措施或资金"


def test_where_lets_regions_and_years_through() -> None:
    condition = where("region.level == county and (region.population < 700 or year == 2019)")
    found = findings("spent()", ">=", "0", REGION, YEAR, where=condition)
    assert [(f.region, f.year) for f in found] == [("A", 2019), ("B", 2018), ("B", 2019)]


def test_an_attribute_that_is_not_known_does_not_compare() -> None:
    condition = where("region.gdp >= 0")
    assert findings("spent()", ">=", "0", REGION, where=condition)[0].state is State.NOT_APPLICABLE


def test_each_fund_and_measure_has_its_own_row() -> None:
    found = findings("spent()", ">=", "available() - 1000元", FUND, YEAR, where=where("year == 2018"))
    assert [fields(f, "rule", "left") for f in found] == [
        ("R/central", 35_850),
        ("R/county", 32_350),
        ("R/social", 4_000),
    ]
    assert [f.right for f in found] == [40_000 - 100_000, 32_350 - 100_000, 4_000 - 100_000]
    found = findings("units()", ">=", "0", MEASURE, where=where("measure in (job, grid)"), unit="")
    assert [fields(f, "rule", "left") for f in found] == [("R/grid", 2), ("R/job", 16)]
    found = findings("spent()", ">=", "0", MEASURE, FUND, where=where("measure == grid"))
    assert [f.rule for f in found] == ["R/grid/central", "R/grid/county", "R/grid/social"]
    assert [f.state for f in found] == [State.NOT_APPLICABLE, State.NOT_APPLICABLE, PASS]


def test_region_attributes_are_those_of_the_row() -> None:
    found = findings("1元 * region.population", ">=", "0", REGION)
    assert [f.left for f in found] == [160_000, 100_000, 60_000]
    found = findings("region.income", ">=", "0", REGION, unit="")
    assert [f.state for f in found] == [State.NOT_EVALUATED, PASS, PASS]


def test_a_side_that_selects_nothing_does_not_apply() -> None:
    for left in (
        "spent(fund.tag == none)",
        "available(fund == none)",
        "exits(region == P)",
        "need(need == x)",
    ):
        (found,) = findings(left, ">=", "0")
        assert found.state is State.NOT_APPLICABLE, left
        assert found.message.zh.endswith("一边的量都没有选中任何对象")
    (found,) = findings("spent()", ">=", "given(fund == county)")
    assert found.state is State.NOT_APPLICABLE
    (found,) = findings("spent() + spent(fund.tag == none)", ">=", "0")
    assert found.state is PASS
    # judged on the case and not on amounts: repair could be paid for
    (found,) = findings("spent(measure == repair)", ">=", "0")
    assert verdict(found) == (BINDING, 0, 0, 0)


def test_selecting_nothing_is_judged_where_the_rule_is_applied() -> None:
    found = findings("available(fund == central)", ">=", "0", REGION)
    assert [f.state for f in found] == [PASS, State.NOT_APPLICABLE, State.NOT_APPLICABLE]


def test_money_that_may_not_be_paid_is_not_spent() -> None:
    wrong = replace(CLEAN, money={**CLEAN.money, ("A", "house", "social", 2018): 5})
    (found,) = findings("spent(measure == house and fund == social)", ">=", "0", allocation=wrong)
    assert found.state is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("out(group == poor)", 0),
        ("met(need == houses)", 0),
        ("listed_out()", 0),
        ("stock(group == poor)", 16),
        ("need(need == houses)", 6),
        ("given(fund == central)", 32000),
        ("available(fund == central)", 32000),
    ],
)
def test_the_year_before_the_plan(quantity: str, expected: int) -> None:
    found = findings("0", "<=", f"previous({quantity})", YEAR, case=HISTORY)
    assert found[0].right == expected


@pytest.mark.parametrize(
    "quantity",
    [
        "spent()",
        "carried()",
        "units()",
        "exits()",
        "available(fund == county)",
        "available()",
        "previous(given(fund == central))",
    ],
)
def test_no_history_does_not_apply(quantity: str) -> None:
    found = findings("0", "<=", f"previous({quantity})", YEAR, case=HISTORY)
    assert found[0].state is State.NOT_APPLICABLE
    assert "没有201" in found[0].message.zh


def test_history_counts_whatever_the_supply_is_now() -> None:
    case = with_rows(CASE, "supplied", {("county", place, 2017): Supplied(0, 7) for place in "AB"})
    found = findings("0", "<=", "previous(available(fund == county))", YEAR, case=case)
    assert [f.right for f in found] == [14, 32_350]
    one = with_rows(CASE, "supplied", {("county", "A", 2017): Supplied(0, 7)})
    found = findings(
        "0", "<=", "previous(available(fund == county))", REGION, YEAR, case=one, years=(2018, 2018)
    )
    assert [f.state for f in found] == [State.NOT_APPLICABLE, PASS, State.NOT_APPLICABLE]


def test_growth_looks_at_history() -> None:
    growth = "given(fund == central) / previous(given(fund == central))"
    found = findings("out(group == poor)", ">=", growth, YEAR, case=HISTORY)
    assert [f.right for f in found] == [Fraction(40, 32), 1]
    assert findings("0", "<=", growth, YEAR)[0].state is State.NOT_APPLICABLE
    nothing = with_rows(CASE, "supplied", {("central", "P", 2017): Supplied(0, 0)})
    assert findings("0", "<=", growth, YEAR, case=nothing)[0].state is State.NOT_EVALUATED


def test_bare_money_is_enough_for_rules_about_money() -> None:
    bare = Allocation(money=CLEAN.money, covers=frozenset({Item.MONEY}))
    states = {
        left: findings(left, ">=", "0", YEAR, allocation=bare)[0].state
        for left in (
            "spent()",
            "available(fund == central)",
            "available(fund == county)",
            "carried(fund == county)",
            "carried(fund == central)",
            "out()",
            "stock()",
            "listed_out()",
        )
    }
    assert [left for left, state in states.items() if state is State.NOT_EVALUATED] == [
        *("available(fund == county)", "carried(fund == central)", "out()", "listed_out()")
    ]


def test_severity_is_kept() -> None:
    for severity in (Severity.SOFT, Severity.ADVISORY):
        (found,) = findings("spent()", "<=", "0", severity=severity)
        assert (found.severity, found.state, found.broken) == (severity, VIOLATED, False)


def test_a_need_of_single_years_is_the_first_years_before_the_plan() -> None:
    case = without_rows(CASE, "needs", ("A", "grants", None))
    case = with_rows(case, "needs", {("A", "grants", 2018): 3, ("A", "grants", 2019): 9})
    found = findings("0", "<=", "previous(need(need == grants))", YEAR, case=case)
    assert [f.right for f in found] == [5, 5]
