"""People: stock, exits, relapse, income, service, and needs that hold people back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from models.allocation import Item
from models.finding import State
from models.policy import Entry, Serves
from optimizer.audit import audit
from tests.audit.case_builder import (
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


@pytest.mark.parametrize(("stock", "state"), [(11, PASS), (10, BINDING), (9, VIOLATED)])
def test_nobody_leaves_who_was_not_there(stock: int, state: State) -> None:
    case = with_rows(CASE, "stocks", {("A", "poor"): stock})
    finding = find(audit(case, CLEAN), "stock.poor", "A", 2019)
    assert (*verdict(finding), finding.unit) == (state, 10, stock, stock - 10, "person")


def test_stock_of_villages_is_in_villages() -> None:
    assert find(audit(CASE, CLEAN), "stock.village", "A", 2018).unit == "village"


@pytest.mark.parametrize(("exits", "state"), [(1, PASS), (0, BINDING), (-1, VIOLATED)])
def test_exits_are_not_negative(exits: int, state: State) -> None:
    found = audit(CASE, plus(CLEAN, "exits", "A", "poor", 2018, by=exits - 4))
    assert verdict(find(found, "exits.poor", "A", 2018)) == (state, exits, 0, exits)


def test_returned_is_the_relapse_rounded_up() -> None:
    found = audit(CASE, CLEAN)
    assert verdict(find(found, "returned.poor", "A", 2018)) == (PASS, 0, 0, 0)
    assert verdict(find(found, "returned.poor", "A", 2019)) == (PASS, 1, 1, 0)
    case = with_item(CASE, "groups", "poor", relapse=Fraction(1, 4))
    assert find(audit(case, CLEAN), "returned.poor", "A", 2019).right == 1
    case = with_item(CASE, "groups", "poor", relapse=Fraction(26, 100))
    assert verdict(find(audit(case, CLEAN), "returned.poor", "A", 2019)) == (VIOLATED, 1, 2, -1)
    assert "returned.village" not in {f.rule for f in found.findings}


def test_returned_lowers_those_who_are_out() -> None:
    found = audit(CASE, replace(CLEAN, returned={}))
    assert verdict(find(found, "stock.poor", "A", 2019)) == (VIOLATED, 11, 10, -1)


@pytest.mark.parametrize(("more", "state"), [(1, PASS), (0, BINDING), (-1, VIOLATED)])
def test_income_closes_the_gap_to_the_fen(more: int, state: State) -> None:
    case = with_item(CASE, "measures", "job", serves={"poor": Serves(lift=300_000 + more, most=Fraction(1))})
    finding = find(audit(case, CLEAN), "income.poor", "A", 2018)
    assert verdict(finding) == (state, 4 * (300_000 + more), 4 * 300_000, 4 * more)
    assert finding.unit == "money"


def test_income_adds_up_measures() -> None:
    found = audit(CASE, plus(CLEAN, "serves", "A", "coop", "poor", 2018))
    assert find(found, "income.poor", "A", 2018).left == 5 * 300_000


def test_income_has_rows_where_a_gap_is_given() -> None:
    case = with_rows(CASE, "gaps", {("poor", "A", 2018): 0})
    rows = {(f.region, f.year) for f in audit(case, CLEAN).findings if f.rule == "income.poor"}
    assert rows == {("A", 2019), ("B", 2018), ("B", 2019)}
    case = without_rows(CASE, "gaps", ("poor", None, None))
    assert "income.poor" not in {f.rule for f in audit(case, CLEAN).findings}


@pytest.mark.parametrize(("most", "state"), [(2, PASS), (1, BINDING), (Fraction(3, 4), VIOLATED)])
def test_most_a_person_can_take(most: Fraction | int, state: State) -> None:
    case = with_item(CASE, "measures", "job", serves={"poor": Serves(lift=300_000, most=Fraction(most))})
    found = find(audit(case, CLEAN), "most.poor.job", "A", 2018)
    assert verdict(found) == (state, 4, most * 4, most * 4 - 4)


def test_most_is_asked_where_members_are_at_a_site() -> None:
    case = with_rows(CASE, "stocks", {("P", "poor"): 1})
    regions = {f.region for f in audit(case, CLEAN).findings if f.rule == "most.poor.job"}
    assert regions == {"A", "B"}


@pytest.mark.parametrize(("more", "state"), [(1, PASS), (0, BINDING), (-1, VIOLATED)])
def test_nobody_is_served_by_units_that_are_not_there(more: int, state: State) -> None:
    found = audit(CASE, plus(CLEAN, "units", "A", "job", 2018, by=more))
    assert verdict(find(found, "serves.job", "A", 2018)) == (state, 4, 4 + more, more)


def test_serves_counts_what_is_in_effect() -> None:
    found = audit(with_item(CASE, "measures", "job", lag=1), CLEAN)
    assert verdict(find(found, "serves.job", "A", 2018)) == (VIOLATED, 4, 0, -4)
    assert "serves.house" not in {f.rule for f in found.findings}


@pytest.mark.parametrize(("held", "state"), [(2, PASS), (3, BINDING), (4, VIOLATED)])
def test_an_open_need_holds_people_back(held: int, state: State) -> None:
    case = with_item(CASE, "needs", "houses", holds={"poor": Fraction(held)})
    # 10 - 4 still poor in A, 4 - 2 houses open
    assert verdict(find(audit(case, CLEAN), "holds.houses.poor", "A", 2018)) == (
        *(state, 6, held * 2),
        6 - held * 2,
    )


def test_a_need_of_a_region_holds_back_members_below_it() -> None:
    case = with_rows(CASE, "needs", {("P", "houses", None): 8})
    found = audit(case, CLEAN)
    # 16 - 7 still poor, 8 - 3 houses open
    assert verdict(find(found, "holds.houses.poor", "P", 2018)) == (PASS, 9, 5, 4)


def test_a_need_holds_nobody_back_where_there_is_nobody() -> None:
    case = without_rows(CASE, "stocks", ("B", "poor"))
    regions = {f.region for f in audit(case, CLEAN).findings if f.rule == "holds.houses.poor"}
    assert regions == {"A"}


def test_without_returned_only_groups_that_relapse_are_unknown() -> None:
    found = audit(CASE, replace(CLEAN, returned={}, covers=frozenset(Item) - {Item.RETURNED}))
    assert find(found, "stock.poor", "A", 2018).state is State.NOT_EVALUATED
    assert find(found, "stock.village", "A", 2018).state is PASS
    assert find(found, "exits.poor", "A", 2018).state is PASS


# --- people who come and go -------------------------------------------------------------------


def test_who_entered_up_to_the_year_may_leave() -> None:
    entered = {("A", "poor", 2018, Entry.NEW): 1, ("A", "poor", 2019, Entry.RELAPSED): 2}
    found = audit(with_rows(CASE, "entrants", entered), CLEAN)
    assert verdict(find(found, "stock.poor", "A", 2018)) == (PASS, 4, 11, 7)
    assert verdict(find(found, "stock.poor", "A", 2019)) == (PASS, 10, 13, 3)
    assert verdict(find(found, "stock.poor", "B", 2019)) == (BINDING, 6, 6, 0)


def test_entrants_are_poor_until_they_leave() -> None:
    """2 % of 1,000 may be poor in A: 20. All 10 are out; 21 who came in 2019 are not."""
    case = with_rows(CASE, "entrants", {("A", "poor", 2019, Entry.NEW): 21})
    assert verdict(find(audit(case, CLEAN), "leave.hat.rate", "A", 2019)) == (VIOLATED, 21, 20, -1)


@pytest.mark.parametrize(("entrants", "due"), [(True, 18), (False, 16)])
def test_a_share_is_of_the_stock_with_or_without_entrants(entrants: bool, due: int) -> None:
    case = with_rows(CASE, "entrants", {("B", "poor", 2019, Entry.NEW): 2})
    case = with_item(case, "targets", "all-out", amounts={}, shares={2019: Fraction(1)}, entrants=entrants)
    assert find(audit(case, CLEAN), "all-out", "P", 2019).right == due


def test_who_waits_does_not_leave_in_the_year_of_entry() -> None:
    """In A 4 of 10 leave in 2018; 6 are poor then, and 7 leave in 2019: one who fell back that year."""
    found = audit(with_item(CASE, "groups", "poor", waits=True), CLEAN)
    assert verdict(find(found, "waits.poor", "A", 2018)) == (PASS, 4, 10, 6)
    assert verdict(find(found, "waits.poor", "A", 2019)) == (VIOLATED, 7, 6, -1)
    assert not any(finding.rule == "waits.village" for finding in found.findings)


def test_revoked_is_the_share_of_last_years_exits_rounded_up() -> None:
    case = with_item(CASE, "groups", "poor", revoked=Fraction(26, 100))
    found = audit(case, CLEAN)
    assert verdict(find(found, "revoked.poor", "A", 2018)) == (PASS, 0, 0, 0)
    assert verdict(find(found, "revoked.poor", "A", 2019)) == (VIOLATED, 0, 2, -2)
    undone = plus(CLEAN, "revoked", "A", "poor", 2019, by=2)
    found = audit(case, undone)
    assert verdict(find(found, "revoked.poor", "A", 2019)) == (PASS, 2, 2, 0)
    assert find(found, "stock.poor", "A", 2019).left == 8, "two are poor again"
    assert "undone.poor" not in {finding.rule for finding in found.findings}


def test_a_number_counts_instead_of_the_share_and_cannot_exceed_who_is_out() -> None:
    case = with_item(CASE, "groups", "poor", revoked=Fraction(1, 2))
    case = with_rows(case, "revoked", {("A", "poor", 2019): 5})
    found = audit(case, plus(CLEAN, "revoked", "A", "poor", 2019, by=5))
    assert verdict(find(found, "revoked.poor", "A", 2019)) == (PASS, 5, 5, 0)
    assert verdict(find(found, "revoked.poor", "B", 2019)) == (VIOLATED, 0, 2, -2)
    assert verdict(find(found, "undone.poor", "A", 2019)) == (VIOLATED, 5, 4, -1)


def test_only_exits_that_stand_fall_back() -> None:
    """4 were out in A; the exits of 4 are undone, so nobody is left of whom 10 % could fall back."""
    case = with_rows(CASE, "revoked", {("A", "poor", 2019): 4})
    found = audit(case, plus(CLEAN, "revoked", "A", "poor", 2019, by=4))
    assert verdict(find(found, "returned.poor", "A", 2019)) == (VIOLATED, 1, 0, -1)


def test_without_revoked_only_groups_that_are_checked_are_unknown() -> None:
    case = with_item(CASE, "groups", "village", revoked=Fraction(1, 2))
    found = audit(case, replace(CLEAN, covers=frozenset(Item) - {Item.REVOKED}))
    state = {rule: find(found, rule, "A", 2019).state for rule in ("stock.village", "stock.poor")}
    assert state == {"stock.village": State.NOT_EVALUATED, "stock.poor": BINDING}


def test_what_entrants_bring_along_is_needed() -> None:
    """3 who enter in 2019 bring half a house each: 2 more, rounded up, in A and nowhere else."""
    case = with_rows(CASE, "entrants", {("A", "poor", 2019, Entry.NEW): 3})
    case = with_item(case, "needs", "houses", brought_by={"poor": Fraction(1, 2)})
    found = audit(case, CLEAN)
    assert [case.need("A", "houses", year) for year in (2018, 2019)] == [4, 6]
    assert verdict(find(found, "due.houses", "A", 2019)) == (VIOLATED, 4, 6, -2)
    assert find(found, "due.houses", "B", 2019).right == 2
