"""Money: supply, accounts, spending floors, costs, shares, matching, one payer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from models.allocation import Allocation, Item
from models.case import Supplied
from models.finding import State
from models.rules.tree import Comparison
from optimizer.audit import audit
from tests.audit.case_builder import (
    broken,
    clean_allocation,
    find,
    plus,
    small_case,
    verdict,
    with_item,
    with_rows,
    without_rows,
)

CASE = small_case()
CLEAN = clean_allocation()
PASS, BINDING, VIOLATED = State.PASS, State.BINDING, State.VIOLATED
ONLY_MONEY = Allocation(money=CLEAN.money, covers=frozenset({Item.MONEY}))


def test_supply_given_is_brought_exactly() -> None:
    assert verdict(find(audit(CASE, CLEAN), "supply.central", "P", 2018)) == (PASS, 40_000, 40_000, 0)
    more = audit(CASE, plus(CLEAN, "brought", "P", "central", 2018))
    assert verdict(find(more, "supply.central", "P", 2018)) == (VIOLATED, 40_001, 40_000, -1)


@pytest.mark.parametrize(
    ("brought", "compare", "bound", "state", "margin"),
    [
        (20_000, Comparison.AT_MOST, 30_000, PASS, 10_000),
        (30_000, Comparison.AT_MOST, 30_000, BINDING, 0),
        (30_001, Comparison.AT_MOST, 30_000, VIOLATED, -1),
        (1_001, Comparison.AT_LEAST, 1_000, PASS, 1),
        (1_000, Comparison.AT_LEAST, 1_000, BINDING, 0),
        (999, Comparison.AT_LEAST, 1_000, VIOLATED, -1),
    ],
)
def test_supply_up_to_lies_between_its_bounds(
    brought: int, compare: Comparison, bound: int, state: State, margin: int
) -> None:
    allocation = replace(CLEAN, brought={("A", "county", 2018): brought})
    found = find(audit(CASE, allocation), "supply.county", "A", 2018)
    assert (found.compare, *verdict(found)) == (compare, state, brought, bound, margin)


def test_supply_up_to_without_a_least_is_held_to_the_most() -> None:
    case = with_rows(CASE, "supplied", {("county", "A", 2018): Supplied(0, 30_000)})
    found = find(audit(case, replace(CLEAN, brought={})), "supply.county", "A", 2018)
    assert (found.compare, *verdict(found)) == (Comparison.AT_MOST, PASS, 0, 30_000, 30_000)


def test_supply_open_is_not_negative() -> None:
    assert verdict(find(audit(CASE, CLEAN), "supply.social", "A", 2018)) == (PASS, 2_000, 0, 2_000)
    less = audit(CASE, replace(CLEAN, brought={("A", "social", 2018): -1}))
    assert verdict(find(less, "supply.social", "A", 2018)) == (VIOLATED, -1, 0, -1)


def test_supply_without_a_row_for_the_year_is_not_evaluated() -> None:
    case = without_rows(CASE, "supplied", ("county", "A", 2019))
    found = find(audit(case, CLEAN), "supply.county", "A", 2019)
    assert found.state is State.NOT_EVALUATED
    assert found.message.zh == "2019年 A地 county：无法核对，案例没有给出该年金额"


def test_account_holds_to_the_fen_and_carries_into_the_next_year() -> None:
    clean = audit(CASE, CLEAN)
    assert verdict(find(clean, "account.central", "P", 2018)) == (PASS, 40_000, 40_000, 0)
    assert verdict(find(clean, "account.central", "P", 2019)) == (PASS, 44_150, 44_150, 0)
    more = audit(CASE, plus(CLEAN, "carried", "P", "central", 2018))
    assert verdict(find(more, "account.central", "P", 2018)) == (VIOLATED, 40_000, 40_001, -1)
    assert verdict(find(more, "account.central", "P", 2019)) == (VIOLATED, 44_151, 44_150, -1)


def test_account_says_both_amounts_and_the_difference() -> None:
    found = find(
        audit(CASE, plus(CLEAN, "money", "A", "house", "central", 2018)), "account.central", "P", 2018
    )
    assert found.message.zh == (
        "2018年 P地 central：到位与上年结转 400.00 元，支出、结转与结余合计 400.01 元，相差 0.01 元（应相等）"
    )
    assert found.message.en == (
        "2018, P地, central: brought in and carried over 400.00 yuan, "
        "spent, carried out and lapsed 400.01 yuan; they differ by 0.01 yuan and must be equal"
    )


def test_account_counts_money_that_may_not_be_paid() -> None:
    found = audit(CASE, plus(CLEAN, "money", "A", "house", "social", 2018))
    assert ("payer.house", "A", 2018) in broken(found)
    assert find(found, "account.social", "A", 2018).margin == -1
    assert find(found, "cost.house", "A", 2018).margin == -1


def test_bare_money_is_held_to_the_most_that_can_be_there() -> None:
    case = with_rows(CASE, "supplied", {("county", "A", 2018): Supplied(0, 19_700)})
    found = audit(case, ONLY_MONEY)
    assert verdict(find(found, "account.county", "A", 2018)) == (BINDING, 19_700, 19_700, 0)
    over = audit(case, plus(ONLY_MONEY, "money", "A", "house", "county", 2018))
    assert verdict(find(over, "account.county", "A", 2018)) == (VIOLATED, 19_701, 19_700, -1)
    # carried over: to date, 358.50 + 413.00 of 400.00 + 400.00
    assert verdict(find(found, "account.central", "P", 2019)) == (PASS, 77_150, 80_000, 2_850)
    # without limit: whatever is spent comes in
    assert find(found, "account.social", "A", 2018).state is State.NOT_APPLICABLE


def test_floor_leaves_at_most_the_rest() -> None:
    assert verdict(find(audit(CASE, CLEAN), "floor.central", "P", 2018)) == (PASS, 4_150, 20_000, 15_850)
    full = with_item(CASE, "funds", "central", spending_floor=1 - Fraction(4_150, 40_000))
    assert verdict(find(audit(full, CLEAN), "floor.central", "P", 2018)) == (BINDING, 4_150, 4_150, 0)
    over = audit(full, plus(CLEAN, "lapsed", "P", "central", 2018))
    assert verdict(find(over, "floor.central", "P", 2018)) == (VIOLATED, 4_151, 4_150, -1)
    assert "floor.county" not in {f.rule for f in over.findings}


def test_floor_of_bare_money() -> None:
    carries = find(audit(CASE, ONLY_MONEY), "floor.central", "P", 2018)
    assert carries.state is State.NOT_EVALUATED
    assert carries.message.zh == "2018年 P地 central：无法核对，分配表没有给出结转资金、结余资金"
    case = with_item(CASE, "funds", "central", carry_over=False)
    assert verdict(find(audit(case, ONLY_MONEY), "floor.central", "P", 2018)) == (PASS, 4_150, 20_000, 15_850)


def test_cost_is_paid_to_the_fen() -> None:
    assert verdict(find(audit(CASE, CLEAN), "cost.job", "A", 2019)) == (PASS, 31_000, 31_000, 0)
    less = audit(CASE, plus(CLEAN, "money", "A", "job", "county", 2019, by=-1))
    assert verdict(find(less, "cost.job", "A", 2019)) == (VIOLATED, 30_999, 31_000, -1)


def test_cost_follows_the_profile_in_whole_fen_per_lot() -> None:
    thirds = (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))
    case = with_item(CASE, "measures", "house", profile=thirds, lot=Fraction(2), shares=())
    found = audit(with_rows(case, "costs", {("house", "A", None): 5_000}), CLEAN)
    # one lot of 2 houses a year in A at 100.00: 33.34, 33.33, 33.33
    assert find(found, "cost.house", "A", 2018).right == 3_334
    assert find(found, "cost.house", "A", 2019).right == 3_334 + 3_333


def test_cost_counts_upkeep_only_while_in_effect() -> None:
    case = with_item(CASE, "measures", "job", lag=1, lifetime=1)
    found = audit(case, CLEAN)
    assert find(found, "cost.job", "A", 2018).right == 4 * 5_000
    assert find(found, "cost.job", "A", 2019).right == 6 * 5_000 + 4 * 100


@pytest.mark.parametrize(("cost", "lot"), [(None, 1), (333, Fraction(1, 2))])
def test_cost_that_cannot_be_told_is_not_evaluated(cost: int | None, lot: Fraction | int) -> None:
    case = with_item(CASE, "measures", "house", lot=Fraction(lot))
    row = ("house", None, None)
    found = audit(
        without_rows(case, "costs", row) if cost is None else with_rows(case, "costs", {row: cost}), CLEAN
    )
    assert find(found, "cost.house", "A", 2018).state is State.NOT_EVALUATED
    assert find(found, "share.house.1", "A", 2018).state is State.NOT_EVALUATED


def test_share_is_split_by_largest_remainder_per_lot() -> None:
    case = with_rows(CASE, "costs", {("house", None, None): 99})
    found = audit(case, replace(CLEAN, money={("A", "house", "central", 2018): 118}))
    # 0.99 a house at 3 : 2 is 0.594 and 0.396, that is 0.59 and 0.40
    assert verdict(find(found, "share.house.1", "A", 2018)) == (PASS, 118, 118, 0)
    assert verdict(find(found, "share.house.2", "A", 2018)) == (VIOLATED, 0, 80, -80)


def test_share_moved_by_one_fen() -> None:
    found = audit(CASE, plus(CLEAN, "money", "A", "house", "central", 2018))
    assert verdict(find(found, "share.house.1", "A", 2018)) == (VIOLATED, 12_001, 12_000, -1)
    assert verdict(find(found, "share.house.2", "A", 2018)) == (PASS, 8_000, 8_000, 0)


def test_match_equals_the_ratio() -> None:
    assert verdict(find(audit(CASE, ONLY_MONEY), "match.job", "A", 2018)) == (PASS, 10_200, 10_200, 0)
    found = audit(CASE, plus(CLEAN, "money", "A", "job", "county", 2018, by=-1))
    assert verdict(find(found, "match.job", "A", 2018)) == (VIOLATED, 10_199, 10_200, -1)


def test_one_payer() -> None:
    assert verdict(find(audit(CASE, ONLY_MONEY), "one_payer.grant", "A", 2018)) == (BINDING, 1, 1, 0)
    two = audit(CASE, plus(CLEAN, "money", "A", "grant", "central", 2018))
    assert verdict(find(two, "one_payer.grant", "A", 2018)) == (VIOLATED, 2, 1, -1)
    none = audit(CASE, replace(CLEAN, money={}))
    assert verdict(find(none, "one_payer.grant", "A", 2018)) == (PASS, 0, 1, 1)


def test_bare_money_is_audited_as_far_as_it_goes() -> None:
    found = audit(CASE, ONLY_MONEY)
    evaluated = {f.rule.split(".")[0] for f in found.findings if f.state is not State.NOT_EVALUATED}
    assert evaluated == {"account", "match", "one_payer"}
    assert not found.clean
    same = {(f.rule, f.region, f.year) for f in found.findings}
    assert same == {(f.rule, f.region, f.year) for f in audit(CASE, CLEAN).findings}


def test_nothing_covered_is_nothing_evaluated() -> None:
    found = audit(CASE, Allocation(covers=frozenset()))
    assert {f.state for f in found.findings} == {State.NOT_EVALUATED}
