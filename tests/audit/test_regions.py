"""Counties that leave the list: once and for good, and only when every condition holds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from models.allocation import Allocation, Item
from models.case import AttributeSpec, Case
from models.finding import Finding, State
from models.policy import ConditionKind, Standard
from models.region import Level
from optimizer.audit import audit
from tests.audit.case_builder import (
    LAW,
    clean_allocation,
    condition,
    find,
    plus,
    small_case,
    title,
    verdict,
    where,
    with_item,
    with_new,
    with_rows,
)

CASE = small_case()
CLEAN = clean_allocation()
PASS, BINDING, VIOLATED = State.PASS, State.BINDING, State.VIOLATED


def asking(kind: ConditionKind, **fields: Any) -> Case:
    """The small case where `hat` asks for this one condition."""
    return with_item(CASE, "standards", "hat", conditions=(condition("c", kind, **fields),))


def leaving(case: Case, allocation: Allocation = CLEAN, region: str = "A") -> Finding:
    return find(audit(case, allocation), "leave.hat.c", region, 2019)


def test_stays_off_the_list() -> None:
    found = audit(CASE, replace(CLEAN, leaves={("A", "hat", 2018): 1}))
    assert verdict(find(found, "stays.hat", "A", 2018)) == (PASS, 1, 0, 1)
    assert verdict(find(found, "stays.hat", "A", 2019)) == (BINDING, 1, 1, 0)
    assert verdict(find(found, "stays.hat", "B", 2018)) == (BINDING, 0, 0, 0)


def test_leaves_once() -> None:
    found = audit(CASE, plus(CLEAN, "leaves", "A", "hat", 2018))
    assert find(found, "stays.hat", "A", 2018).state is PASS
    again = find(found, "stays.hat", "A", 2019)
    assert verdict(again) == (VIOLATED, 2, 1, -1)
    assert (
        again.message.zh == "2019年 A地 hat：累计退出次数 2 个地区，至多 1 个地区，超出 1 个地区（应不超过）"
    )


def test_returning_to_the_list_is_found() -> None:
    found = audit(CASE, replace(CLEAN, leaves={("A", "hat", 2018): 1, ("A", "hat", 2019): -1}))
    assert verdict(find(found, "stays.hat", "A", 2019)) == (VIOLATED, 0, 1, -1)


def test_conditions_apply_where_the_region_has_left() -> None:
    before = find(audit(CASE, CLEAN), "leave.hat.rate", "A", 2018)
    assert before.state is State.NOT_APPLICABLE
    assert before.message.zh == "2018年 A地 hat（rate）：尚未退出，不核对退出条件"
    assert before.message.en == "2018, A地, hat (rate): still on the list, nothing to check"


def test_conditions_are_not_evaluated_without_what_they_need() -> None:
    found = audit(CASE, replace(CLEAN, covers=frozenset(Item) - {Item.UNITS}))
    assert find(found, "leave.hat.housed", "A", 2018).state is State.NOT_APPLICABLE
    assert find(found, "leave.hat.housed", "A", 2019).state is State.NOT_EVALUATED
    found = audit(CASE, replace(CLEAN, covers=frozenset(Item) - {Item.LEAVES}))
    assert find(found, "leave.hat.housed", "A", 2018).state is State.NOT_EVALUATED


@pytest.mark.parametrize(
    ("still", "state"), [(19, PASS), (20, BINDING), (21, VIOLATED)]
)  # 2 % of 1,000 people is 20
def test_poor_share(still: int, state: State) -> None:
    case = asking(ConditionKind.POOR_SHARE, share=Fraction(1, 50), of="population", groups=("poor",))
    case = with_rows(case, "stocks", {("A", "poor"): 10 + still})
    assert verdict(leaving(case)) == (state, still, 20, 20 - still)


def test_poor_share_of_no_named_group_counts_all_persons() -> None:
    case = asking(ConditionKind.POOR_SHARE, share=Fraction(0), of="population")
    assert verdict(leaving(with_rows(case, "stocks", {("A", "village"): 9}))) == (BINDING, 0, 0, 0)


def test_poor_share_of_an_unknown_attribute_is_not_evaluated() -> None:
    case = asking(ConditionKind.POOR_SHARE, share=Fraction(0), of="income", groups=("poor",))
    assert leaving(case).state is BINDING
    finding = leaving(asking(ConditionKind.POOR_SHARE, share=Fraction(0), of="gdp", groups=("poor",)))
    assert finding.state is State.NOT_EVALUATED
    assert finding.message.zh == "2019年 A地 hat（c）：无法核对，地区没有属性 gdp"


@pytest.mark.parametrize(("need", "state"), [(3, PASS), (4, BINDING), (5, VIOLATED)])
def test_need_cleared(need: int, state: State) -> None:
    case = with_rows(asking(ConditionKind.NEED, need="houses"), "needs", {("A", "houses", None): need})
    assert verdict(leaving(case)) == (state, 4, need, 4 - need)


def test_need_share_and_rows_below_the_region() -> None:
    assert verdict(leaving(asking(ConditionKind.NEED, need="houses", share=Fraction(1, 2)))) == (
        PASS,
        4,
        2,
        2,
    )
    standard = Standard(
        id="top",
        title=title("top"),
        where=where("region == P"),
        conditions=(condition("c", ConditionKind.NEED, need="houses"),),
        citation=LAW,
    )
    case = with_new(CASE, "standards", standard)
    found = audit(case, plus(CLEAN, "leaves", "P", "top", 2019))
    # The rows of the counties below count for the province.
    assert find(found, "leave.top.c", "P", 2019).state is BINDING


@pytest.mark.parametrize(("share", "state"), [(Fraction(1, 2), PASS), (Fraction(1), BINDING)])
def test_group_out(share: Fraction, state: State) -> None:
    case = asking(ConditionKind.GROUP_OUT, share=share, groups=("village",))
    assert verdict(leaving(case)) == (state, 2, share * 2, 2 - share * 2)
    less = leaving(case, plus(CLEAN, "exits", "A", "village", 2018, by=-2))
    assert verdict(less) == (State.VIOLATED, 0, share * 2, -share * 2)


@pytest.mark.parametrize(("share", "state"), [(Fraction(1, 2), PASS), (Fraction(1), BINDING)])
def test_regions_out(share: Fraction, state: State) -> None:
    counties = condition("c", ConditionKind.REGIONS_OUT, share=share, level=Level.COUNTY)
    case = with_item(CASE, "standards", "whole", conditions=(counties,))
    finding = find(audit(case, CLEAN), "leave.whole.c", "P", 2019)
    assert (*verdict(finding), finding.unit) == (state, 2, 2 * share, 2 - 2 * share, "county")
    less = audit(case, plus(CLEAN, "leaves", "A", "hat", 2019, by=-1))
    assert find(less, "leave.whole.c", "P", 2019).margin == 1 - 2 * share


def test_regions_out_does_not_count_the_region_itself() -> None:
    counties = condition("c", ConditionKind.REGIONS_OUT, level=Level.COUNTY)
    assert verdict(leaving(with_item(CASE, "standards", "hat", conditions=(counties,)))) == (BINDING, 0, 0, 0)


def test_regions_out_counts_every_list() -> None:
    second = Standard(
        id="second", title=title("second"), where=where("region == A"), conditions=(), citation=LAW
    )
    found = audit(with_new(CASE, "standards", second), CLEAN)
    assert verdict(find(found, "leave.whole.counties", "P", 2019)) == (VIOLATED, 2, 3, -1)


@pytest.mark.parametrize(("amount", "state"), [(109, PASS), (110, BINDING), (111, VIOLATED)])
def test_attribute_with_what_measures_add(amount: int, state: State) -> None:
    case = asking(ConditionKind.ATTRIBUTE, of="income", amount=Fraction(amount))
    spec = AttributeSpec(id="income", title=title("收入"), unit="money")
    case = case.model_copy(update={"attributes": {"income": spec}})
    # 100 and 2 units of coop at 5 each
    finding = leaving(case, plus(CLEAN, "units", "A", "coop", 2018, by=2))
    assert (*verdict(finding), finding.unit) == (state, 110, amount, 110 - amount, "money")


def test_attribute_that_nothing_adds_to_needs_no_units() -> None:
    case = asking(ConditionKind.ATTRIBUTE, of="population", amount=Fraction(1_000))
    money_and_leaves = frozenset({Item.MONEY, Item.LEAVES})
    assert leaving(case, replace(CLEAN, covers=money_and_leaves)).state is BINDING
    assert leaving(asking(ConditionKind.ATTRIBUTE, of="gdp", amount=Fraction(1))).state is State.NOT_EVALUATED
