"""Targets: exits, regions off the list, needs met; cumulative or in the year; amounts and shares; places."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from models.allocation import Allocation, Item
from models.finding import Audit, State
from models.policy import Severity, TargetKind
from models.region import Level
from models.rules.tree import Comparison
from optimizer.audit import audit
from tests.audit.case_builder import (
    clean_allocation,
    find,
    small_case,
    target,
    verdict,
    where,
    with_new,
    with_rows,
)

CASE = small_case()
CLEAN = clean_allocation()
PASS, BINDING, VIOLATED = State.PASS, State.BINDING, State.VIOLATED


def with_target(kind: TargetKind, allocation: Allocation = CLEAN, **fields: Any) -> Audit:
    return audit(with_new(CASE, "targets", target("T", kind, **fields)), allocation)


@pytest.mark.parametrize(("amount", "state"), [(15, PASS), (16, BINDING), (17, VIOLATED)])
def test_exits_to_date(amount: int, state: State) -> None:
    found = with_target(TargetKind.EXITS, groups=("poor",), amounts={2019: amount})
    finding = find(found, "T", "P", 2019)
    assert (*verdict(finding), finding.unit) == (state, 16, amount, 16 - amount, "person")


def test_exits_in_the_year_are_those_that_leave_and_not_the_rise() -> None:
    found = with_target(TargetKind.EXITS, groups=("poor",), amounts={2019: 11}, cumulative=False)
    assert verdict(find(found, "T", "P", 2019)) == (BINDING, 11, 11, 0)


def test_exits_of_no_named_group_are_of_all_persons() -> None:
    assert find(with_target(TargetKind.EXITS, amounts={2018: 1}), "T", "P", 2018).left == 7


def test_share_is_one_of_the_stock_and_rounds_up() -> None:
    found = with_target(TargetKind.EXITS, groups=("poor",), shares={2018: Fraction(2, 5)})
    assert verdict(find(found, "T", "P", 2018)) == (BINDING, 7, 7, 0)  # 40 % of 16 is 6.4
    found = with_target(
        TargetKind.EXITS, groups=("poor",), shares={2018: Fraction(1, 2)}, where=where("region == A")
    )
    assert verdict(find(found, "T", "P", 2018)) == (VIOLATED, 4, 5, -1)


def test_a_target_for_each_region_of_a_level() -> None:
    found = with_target(TargetKind.EXITS, groups=("poor",), shares={2018: Fraction(1, 2)}, each=Level.COUNTY)
    assert verdict(find(found, "T", "A", 2018)) == (VIOLATED, 4, 5, -1)
    assert verdict(find(found, "T", "B", 2018)) == (BINDING, 3, 3, 0)
    assert [f.region for f in found.findings if f.rule == "T"] == ["A", "B"]


def test_each_leaves_out_regions_where_nothing_is_selected() -> None:
    found = with_target(
        *(TargetKind.EXITS,),
        groups=("poor",),
        amounts={2018: 1},
        each=Level.COUNTY,
        where=where("region == B"),
    )
    assert [f.region for f in found.findings if f.rule == "T"] == ["B"]


def test_nothing_selected_is_not_applicable_for_each_and_a_miss_for_the_whole() -> None:
    nowhere = where("region == P")
    found = with_target(
        TargetKind.EXITS, groups=("poor",), amounts={2018: 1}, each=Level.COUNTY, where=nowhere
    )
    assert find(found, "T", "P", 2018).state is State.NOT_APPLICABLE
    found = with_target(TargetKind.EXITS, groups=("poor",), amounts={2018: 1}, where=nowhere)
    assert verdict(find(found, "T", "P", 2018)) == (VIOLATED, 0, 1, -1)


def test_a_target_beyond_the_horizon_is_not_applicable() -> None:
    found = with_target(TargetKind.EXITS, groups=("poor",), amounts={2020: 1})
    assert find(found, "T", "P", None).state is State.NOT_APPLICABLE


def test_regions_off_the_list() -> None:
    found = with_target(TargetKind.LISTED, standard="hat", shares={2018: Fraction(0), 2019: Fraction(1)})
    assert verdict(find(found, "T", "P", 2018)) == (BINDING, 0, 0, 0)
    assert verdict(find(found, "T", "P", 2019)) == (BINDING, 2, 2, 0)
    assert find(found, "T", "P", 2019).unit == "county"
    allocation = replace(CLEAN, leaves={("A", "hat", 2018): 1, ("B", "hat", 2019): 1})
    found = with_target(
        TargetKind.LISTED, allocation, standard="hat", amounts={2018: 1, 2019: 1}, cumulative=False
    )
    assert [find(found, "T", "P", year).left for year in (2018, 2019)] == [1, 1]


def test_regions_of_no_named_standard_are_of_all() -> None:
    finding = find(with_target(TargetKind.LISTED, amounts={2019: 3}), "T", "P", 2019)
    assert (*verdict(finding), finding.unit) == (BINDING, 3, 3, 0, "region")


def test_needs_met() -> None:
    found = with_target(TargetKind.MET, need="houses", amounts={2018: 3}, shares={2019: Fraction(1)})
    assert verdict(find(found, "T", "P", 2018)) == (BINDING, 3, 3, 0)
    assert verdict(find(found, "T", "P", 2019)) == (BINDING, 6, 6, 0)
    assert find(found, "T", "P", 2019).unit == "户"
    found = with_target(TargetKind.MET, need="houses", amounts={2019: 3}, cumulative=False)
    assert verdict(find(found, "T", "P", 2019)) == (BINDING, 3, 3, 0)


def test_needs_of_some_regions() -> None:
    found = with_target(
        TargetKind.MET, need="houses", shares={2018: Fraction(1)}, where=where("region.tag == deep")
    )
    assert verdict(find(found, "T", "P", 2018)) == (VIOLATED, 2, 4, -2)


def test_equal_and_at_most() -> None:
    found = with_target(TargetKind.EXITS, groups=("poor",), amounts={2018: 7}, compare=Comparison.EQUAL)
    assert verdict(find(found, "T", "P", 2018)) == (PASS, 7, 7, 0)
    found = with_target(TargetKind.EXITS, groups=("poor",), amounts={2018: 6}, compare=Comparison.AT_MOST)
    assert verdict(find(found, "T", "P", 2018)) == (VIOLATED, 7, 6, -1)


def test_a_soft_target_may_be_missed() -> None:
    found = with_target(
        TargetKind.EXITS, groups=("poor",), amounts={2019: 17}, severity=Severity.SOFT, price=100
    )
    finding = find(found, "T", "P", 2019)
    assert (finding.state, finding.severity, finding.broken) == (VIOLATED, Severity.SOFT, False)
    assert found.clean


def test_what_is_not_covered_is_not_evaluated() -> None:
    found = audit(CASE, replace(CLEAN, covers=frozenset(Item) - {Item.RETURNED}))
    assert find(found, "all-out", "P", 2019).state is State.NOT_EVALUATED
    assert find(found, "villages-out", "P", 2019).state is BINDING


def test_members_of_a_region_above_count_at_the_root() -> None:
    case = with_rows(CASE, "stocks", {("P", "poor"): 3})
    case = with_new(
        case, "targets", target("T", TargetKind.EXITS, groups=("poor",), shares={2019: Fraction(1)})
    )
    assert verdict(find(audit(case, CLEAN), "T", "P", 2019)) == (VIOLATED, 16, 19, -3)
