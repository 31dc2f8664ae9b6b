"""Money against what must be met: bounds that can be worked out on paper, and that never ask for too much."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from models.case import Case, Supplied
from models.finding import State
from models.policy import NeedKind, Severity, Share, Supply
from models.region import Level
from optimizer.study.check import check_case
from tests.audit.case_builder import ONE, measure, need, where, with_item, with_new, with_rows
from tests.study.check_builder import found, hard, one, valley, values


def houses_only(**changes: Any) -> Case:
    """Six houses at 100 yuan, due in 2019, which central alone may pay; nobody must be out."""
    case = with_item(valley(), "measures", "house", **changes)
    for name in ("exit", "yearly", "housing"):
        case = with_item(case, "targets", name, severity=Severity.SOFT, price=1)
    return case


def central(case: Case, *fen: int, least: int | None = None) -> Case:
    rows = {
        ("central", "P", 2018 + i): Supplied(amount if least is None else least, amount)
        for i, amount in enumerate(fen)
    }
    return with_rows(case, "supplied", rows)


@pytest.mark.parametrize(
    ("second", "state"), [(30_001, State.PASS), (30_000, State.BINDING), (29_999, State.VIOLATED)]
)
def test_six_houses_cost_600_yuan(second: int, state: State) -> None:
    case = central(houses_only(), 30_000, second)
    finding = one(case, "money.central")
    assert values(finding) == (state, 30_000 + second, 60_000)
    assert (finding.region, finding.year) == ("P", 2019)


def test_the_sums_the_year_and_the_remedy_are_said() -> None:
    finding = one(central(houses_only(), 30_000, 20_000), "money.central")
    assert finding.message.zh.startswith(
        "2019年 P地 central：到当年最多可到位 500.00 元，必须由其支付的至少 600.00 元，"
        "少 100.00 元（应不少于）。见 funds.csv"
    )
    assert "check.money.central" in hard(check_case(central(houses_only(), 30_000, 20_000)))


def test_the_cheapest_measure_and_place_count() -> None:
    case = with_new(central(houses_only(), 0, 30_000), "measures", measure("repair", meets={"houses": ONE}))
    case = with_item(case, "measures", "repair", payers=where("fund == central"))
    case = with_rows(case, "costs", {("repair", None, None): 5_000, ("repair", "A", 2018): 1_000})
    # four in A for 10 yuan each, two in B for 50 yuan each
    assert values(one(case, "money.central")) == (State.PASS, 30_000, 14_000)


def test_an_open_fund_that_may_pay_ends_the_matter() -> None:
    case = with_item(central(houses_only(), 0, 0), "measures", "house", payers=where("fund == county"))
    case = with_item(case, "funds", "county", supply=Supply.OPEN)
    assert one(case, "money").state is State.NOT_APPLICABLE


def test_either_of_two_funds() -> None:
    case = central(houses_only(payers=where("fund in (central, county)")), 0, 0)
    rows = {("county", place, year): Supplied(0, 0) for place in "AB" for year in (2018, 2019)}
    case = with_rows(case, "supplied", {**rows, ("county", "A", 2019): Supplied(0, 40_000)})
    # the county of A may pay its 4 houses, and nobody the 2 of B
    finding = next(f for f in found(case, "money.central+county") if f.state is State.VIOLATED)
    assert (finding.region, *values(finding)) == ("B", State.VIOLATED, 0, 20_000)


def test_each_payer_of_shares_owes_its_part() -> None:
    shares = (
        Share(payer=where("fund == central"), share=Fraction(7, 10)),
        Share(payer=where("fund == county"), share=Fraction(3, 10)),
    )
    case = central(houses_only(payers=where("fund in (central, county)"), shares=shares), 50_000, 0)
    assert values(one(case, "money.central")) == (State.PASS, 50_000, 42_000)
    case = with_rows(case, "supplied", {("county", "B", y): Supplied(0, 1_000) for y in (2018, 2019)})
    finding = one(case, "money.county")
    assert (finding.region, *values(finding)) == ("B", State.VIOLATED, 2_000, 6_000)


def test_what_is_paid_after_the_horizon_does_not_count() -> None:
    case = central(houses_only(profile=(Fraction(1, 4), Fraction(3, 4))), 5_000, 10_000)
    assert values(one(case, "money.central")) == (State.BINDING, 15_000, 15_000)


def test_a_measure_that_meets_two_needs_is_paid_once() -> None:
    case = with_new(houses_only(), "needs", need("stoves", due={2019: ONE}))
    case = with_rows(case, "needs", {("A", "stoves", None): 4, ("B", "stoves", None): 2})
    case = with_item(case, "measures", "house", meets={"houses": ONE, "stoves": ONE})
    assert values(one(central(case, 0, 60_000), "money.central")) == (State.BINDING, 60_000, 60_000)


def grants(lifetime: int | None, **changes: Any) -> Case:
    """Three grants of 10 yuan in each year, paid by central; no houses."""
    case = with_item(houses_only(), "needs", "houses", due={})
    case = with_new(case, "needs", need("grants", kind=NeedKind.ENTITLEMENT))
    grant = measure("grant", meets={"grants": ONE}, lifetime=lifetime, payers=where("fund == central"))
    case = with_new(case, "measures", grant)
    case = with_rows(case, "needs", {("A", "grants", None): 3})
    case = with_rows(case, "costs", {("grant", None, None): 1_000})
    return with_item(case, "funds", "central", **changes)


def test_entitlements_are_paid_every_year() -> None:
    assert values(one(central(grants(1), 3_000, 3_000), "money.central"))[0] is State.BINDING
    finding = one(central(grants(1), 3_000, 2_999), "money.central")
    assert values(finding) == (State.VIOLATED, 5_999, 6_000)


def test_one_that_lasts_is_paid_once() -> None:
    assert "check.money.central" not in hard(check_case(central(grants(None), 3_000, 0)))


def test_money_that_lapses_does_not_pay_next_year() -> None:
    # 60 yuan in 2018 and none in 2019: enough in all, nothing for the grants of 2019
    carried, lapsed = grants(1), grants(1, carry_over=False)
    assert "check.money.central" not in hard(check_case(central(carried, 6_000, 0)))
    finding = one(central(lapsed, 6_000, 0), "money.central")
    assert (finding.year, *values(finding)) == (2019, State.VIOLATED, 0, 3_000)


def test_money_for_the_incomes_of_those_who_must_be_out() -> None:
    # 16 jobs at 50 yuan and 6 houses at 100: 1,400 yuan
    pots = {("county", place, year): Supplied(0, 0) for place in "AB" for year in (2018, 2019)}
    case = with_item(valley(), "targets", "housing", amounts={2019: 6})
    case = with_rows(case, "supplied", pots)
    assert values(one(case, "money.central+county")) == (State.BINDING, 140_000, 140_000)
    finding = one(central(case, 70_000, 69_900), "money.central+county")
    assert values(finding) == (State.VIOLATED, 139_900, 140_000)


def test_the_cheapest_incomes_count_where_not_everybody_must_be_out() -> None:
    # jobs cost 50 in A and 10 in B: 8 out by 2018 are the 6 of B and 2 of A, 160 yuan
    case = with_rows(valley(), "costs", {("job", "B", None): 1_000})
    case = with_item(case, "needs", "houses", due={}, holds={})
    case = with_item(case, "targets", "housing", severity=Severity.SOFT, price=1)
    pots = {("county", place, year): Supplied(0, 0) for place in "AB" for year in (2018, 2019)}
    case = with_rows(case, "supplied", pots)
    assert hard(check_case(central(case, 16_000, 70_000))) == set()
    finding = one(central(case, 15_999, 70_000), "money.central+county")
    assert (finding.year, *values(finding)) == (2018, State.VIOLATED, 15_999, 16_000)


def test_money_pooled_above_can_go_anywhere_below() -> None:
    case = with_item(houses_only(), "funds", "central", pooled_at=Level.PROVINCE, where=where("region == A"))
    # B has no payer at all: no money could help there, and the capacity check says so
    assert "check.need_capacity.houses" in hard(check_case(central(case, 60_000, 0)))
