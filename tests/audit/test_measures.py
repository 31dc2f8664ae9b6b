"""Needs met and due; capacity, resources, order, smallest size and exclusion of measures."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.finding import State
from models.policy import After, Exclusion, NeedKind, Serves
from optimizer.audit import audit
from tests.audit.case_builder import (
    LAW,
    clean_allocation,
    find,
    measure,
    plus,
    small_case,
    title,
    verdict,
    with_item,
    with_new,
    with_rows,
    without_rows,
)

CASE = small_case()
CLEAN = clean_allocation()
PASS, BINDING, VIOLATED = State.PASS, State.BINDING, State.VIOLATED


def test_need_is_not_overshot() -> None:
    found = audit(CASE, CLEAN)
    assert verdict(find(found, "need.houses", "A", 2018)) == (PASS, 2, 4, 2)
    assert verdict(find(found, "need.houses", "A", 2019)) == (BINDING, 4, 4, 0)
    more = audit(CASE, plus(CLEAN, "units", "A", "repair", 2019))
    assert verdict(find(more, "need.houses", "A", 2019)) == (VIOLATED, 5, 4, -1)


def test_need_may_be_overshot_by_less_than_a_lot() -> None:
    case = with_item(CASE, "measures", "repair", lot=Fraction(3), meets={"houses": Fraction(2)})
    found = audit(case, plus(CLEAN, "units", "A", "repair", 2019, by=3))
    assert verdict(find(found, "need.houses", "A", 2019)) == (VIOLATED, 10, 9, -1)


def test_need_of_a_region_counts_what_is_met_below_it() -> None:
    case = with_rows(CASE, "needs", {("P", "houses", None): 6})
    assert verdict(find(audit(case, CLEAN), "need.houses", "P", 2018)) == (PASS, 3, 6, 3)


def test_backlog_is_met_after_the_lag_and_stays_met() -> None:
    case = with_item(CASE, "measures", "house", lag=1, lifetime=1)
    found = audit(case, CLEAN)
    assert [find(found, "need.houses", "A", year).left for year in (2018, 2019)] == [0, 2]
    case = with_item(CASE, "measures", "house", lifetime=1)
    assert find(audit(case, CLEAN), "need.houses", "A", 2019).left == 4


def test_entitlement_is_met_by_what_is_in_effect() -> None:
    case = with_item(CASE, "measures", "grant", lifetime=None)
    found = audit(case, CLEAN)
    assert [find(found, "need.grants", "A", year).left for year in (2018, 2019)] == [3, 6]
    case = with_item(CASE, "measures", "grant", lag=1)
    assert [find(audit(case, CLEAN), "need.grants", "A", year).left for year in (2018, 2019)] == [0, 3]


def test_need_of_single_years_has_rows_in_those_years() -> None:
    case = without_rows(CASE, "needs", ("A", "grants", None))
    case = with_rows(case, "needs", {("A", "grants", 2019): 4})
    found = audit(case, CLEAN)
    assert verdict(find(found, "need.grants", "A", 2019)) == (PASS, 3, 4, 1)
    assert verdict(find(found, "due.grants", "A", 2019)) == (VIOLATED, 3, 4, -1)
    assert not [f for f in found.findings if f.rule == "need.grants" and f.region == "A" and f.year == 2018]


def test_due_share_of_the_need() -> None:
    assert verdict(find(audit(CASE, CLEAN), "due.houses", "A", 2019)) == (BINDING, 4, 4, 0)
    half = with_item(CASE, "needs", "houses", due={2018: Fraction(1, 2), 2019: Fraction(3, 4)})
    found = audit(half, CLEAN)
    assert verdict(find(found, "due.houses", "A", 2018)) == (BINDING, 2, 2, 0)
    assert verdict(find(found, "due.houses", "A", 2019)) == (PASS, 4, 3, 1)
    less = audit(CASE, plus(CLEAN, "units", "A", "house", 2019, by=-1))
    assert verdict(find(less, "due.houses", "A", 2019)) == (VIOLATED, 3, 4, -1)


def test_due_years_without_a_due_have_no_row() -> None:
    assert {f.year for f in audit(CASE, CLEAN).findings if f.rule == "due.houses"} == {2019}


def test_entitlement_without_due_falls_due_in_full_every_year() -> None:
    found = audit(CASE, CLEAN)
    assert {f.year for f in found.findings if f.rule == "due.grants"} == {2018, 2019}
    assert verdict(find(found, "due.grants", "B", 2018)) == (BINDING, 2, 2, 0)


@pytest.mark.parametrize(("more", "state"), [(0, PASS), (1, BINDING), (2, VIOLATED)])
def test_capacity_of_a_year_counts_the_subtree(more: int, state: State) -> None:
    found = audit(CASE, plus(CLEAN, "units", "B", "house", 2018, by=more))
    assert verdict(find(found, "capacity.house", "P", 2018)) == (state, 3 + more, 4, 1 - more)


@pytest.mark.parametrize(("more", "state"), [(0, PASS), (1, BINDING), (2, VIOLATED)])
def test_capacity_in_total_counts_all_years(more: int, state: State) -> None:
    found = audit(CASE, plus(CLEAN, "units", "A", "house", 2018, by=more))
    finding = find(found, "capacity.house", "A", None)
    assert verdict(finding) == (state, 4 + more, 5, 1 - more)
    assert finding.message.zh.startswith("A地 house：实施 ")


@pytest.mark.parametrize(("limit", "state"), [(7, PASS), (6, BINDING), (5, VIOLATED)])
def test_resource_is_not_overused(limit: int, state: State) -> None:
    case = with_rows(CASE, "limits", {("land", "P", 2018): Fraction(limit), ("land", "P", 2030): Fraction(0)})
    finding = find(audit(case, CLEAN), "resource.land", "P", 2018)
    assert (*verdict(finding), finding.unit) == (state, 6, limit, limit - 6, "mu")


@pytest.mark.parametrize(("ratio", "state"), [(11, PASS), (10, BINDING), (9, VIOLATED)])
def test_after_counts_to_date(ratio: int, state: State) -> None:
    case = with_item(CASE, "measures", "job", after=(After(measure="grid", ratio=Fraction(ratio)),))
    assert verdict(find(audit(case, CLEAN), "after.job.1", "A", 2019)) == (state, 10, ratio, ratio - 10)


def test_after_waits_for_the_lag_and_forgets_the_lifetime() -> None:
    case = with_item(CASE, "measures", "grid", lag=1, lifetime=1)
    found = audit(case, plus(CLEAN, "units", "A", "grid", 2019))
    assert verdict(find(found, "after.job.1", "A", 2018)) == (VIOLATED, 4, 0, -4)
    assert verdict(find(found, "after.job.1", "A", 2019)) == (PASS, 10, 20, 10)


@pytest.mark.parametrize(
    ("units", "state", "left", "right"),
    [(3, PASS, 3, 2), (2, BINDING, 2, 2), (1, VIOLATED, 1, 2), (0, BINDING, 0, 0)],
)
def test_smallest_or_nothing(units: int, state: State, left: int, right: int) -> None:
    found = audit(CASE, plus(CLEAN, "units", "B", "job", 2018, by=units - 3))
    assert verdict(find(found, "smallest.job", "B", 2018)) == (state, left, right, left - right)


@pytest.mark.parametrize(("out", "state"), [(5, PASS), (4, BINDING), (3, VIOLATED)])
def test_exclusive_for_a_group(out: int, state: State) -> None:
    found = audit(CASE, plus(CLEAN, "exits", "A", "poor", 2018, by=out - 4))
    assert verdict(find(found, "exclusive.either", "A", 2018)) == (state, 4, out, out - 4)


def test_exclusive_counts_persons_and_not_units() -> None:
    case = with_item(CASE, "measures", "coop", serves={"poor": Serves(lift=1, most=Fraction(3))})
    found = audit(case, plus(CLEAN, "serves", "A", "coop", "poor", 2018, by=2))
    assert verdict(find(found, "exclusive.either", "A", 2018)) == (
        *(VIOLATED, 4 + Fraction(2, 3), 4),
        Fraction(-2, 3),
    )


def test_exclusive_for_a_need_counts_what_is_in_effect() -> None:
    found = audit(CASE, CLEAN)
    assert verdict(find(found, "exclusive.once", "A", 2018)) == (PASS, 2, 4, 2)
    assert verdict(find(found, "exclusive.once", "A", 2019)) == (BINDING, 4, 4, 0)
    more = audit(CASE, plus(CLEAN, "units", "A", "repair", 2018))
    assert verdict(find(more, "exclusive.once", "A", 2019)) == (VIOLATED, 5, 4, -1)


def test_exclusive_leaves_out_measures_that_do_not_serve_the_group() -> None:
    other = Exclusion(id="x", title=title("x"), measures=("job", "house"), group="poor", citation=LAW)
    found = audit(with_new(CASE, "exclusions", other), CLEAN)
    assert verdict(find(found, "exclusive.x", "A", 2018)) == (BINDING, 4, 4, 0)


def test_need_without_any_measure_has_no_slack() -> None:
    case = with_item(CASE, "measures", "grant", meets={})
    found = audit(case, CLEAN)
    assert verdict(find(found, "need.grants", "A", 2018)) == (PASS, 0, 3, 3)
    assert verdict(find(found, "due.grants", "A", 2018)) == (VIOLATED, 0, 3, -3)


def test_measure_of_the_leaves_has_sites_at_the_leaves() -> None:
    case = with_new(CASE, "measures", measure("anywhere", level=None))
    regions = {f.region for f in audit(case, CLEAN).findings if f.rule == "cost.anywhere"}
    assert regions == {"A", "B"}


def test_entitlement_kind_decides() -> None:
    case = with_item(CASE, "needs", "houses", kind=NeedKind.ENTITLEMENT)
    case = with_item(case, "measures", "house", lifetime=1)
    assert find(audit(case, CLEAN), "need.houses", "A", 2019).left == 2
