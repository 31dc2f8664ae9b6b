"""Targets against stocks, against each other and against themselves, on 10 + 6 poor and 4 + 2 houses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from models.case import Case
from models.finding import State
from models.policy import ConditionKind, Severity, Standard, TargetKind
from models.region import Level
from models.rules.tree import Comparison
from optimizer.study.check import check_case
from tests.audit.case_builder import (
    LAW,
    condition,
    group,
    target,
    title,
    where,
    with_item,
    with_new,
    with_rows,
)
from tests.study.check_builder import advice, found, hard, one, valley, values


def exits(identifier: str, **changes: Any) -> Case:
    """The clean case with another target for persons out."""
    return with_new(
        valley(), "targets", target(identifier, TargetKind.EXITS, **{"groups": ("poor",), **changes})
    )


@pytest.mark.parametrize(("amount", "state"), [(15, State.PASS), (16, State.BINDING), (17, State.VIOLATED)])
def test_not_more_out_than_there_are(amount: int, state: State) -> None:
    case = with_item(valley(), "targets", "exit", amounts={2019: amount})
    assert values(one(case, "target_stock.exit")) == (state, amount, 16)
    assert ("check.target_stock.exit" in hard(check_case(case))) is (state is State.VIOLATED)


def test_an_altered_stock_is_found() -> None:
    case = with_rows(valley(), "stocks", {("A", "poor"): 9})
    findings = found(case, "target_stock.exit")
    assert [(f.year, *values(f)) for f in findings] == [(2019, State.VIOLATED, 16, 15)]
    assert "targets.yaml, stocks.csv" in findings[0].message.zh


def test_a_soft_target_may_be_missed() -> None:
    case = with_item(valley(), "targets", "exit", amounts={2019: 17}, severity=Severity.SOFT, price=1)
    assert one(case, "target_stock.exit").severity is Severity.ADVISORY


def test_an_upper_limit_is_not_held_against_the_stock() -> None:
    case = exits("few", amounts={2019: 99}, compare=Comparison.AT_MOST)
    assert one(case, "target_stock.few").state is State.NOT_APPLICABLE


def test_yearly_amounts_are_added_up() -> None:
    case = with_item(valley(), "targets", "yearly", amounts={2018: 8, 2019: 9})
    assert values(one(case, "target_stock.yearly")) == (State.VIOLATED, 17, 16)


def test_yearly_amounts_where_people_fall_back_are_not() -> None:
    case = with_item(valley(), "groups", "poor", relapse=Fraction(1, 2))
    case = with_item(case, "targets", "yearly", amounts={2018: 16, 2019: 8})
    assert values(one(case, "target_stock.yearly"))[0] is State.BINDING


def test_met_needs_may_exceed_the_need_by_a_part_lot() -> None:
    # lots of 5 houses: 6 houses in two counties may become 4 + 4 and 2 + 4
    case = with_item(valley(), "measures", "house", lot=Fraction(5))
    case = with_item(case, "targets", "housing", amounts={2019: 14})
    assert values(one(case, "target_stock.housing")) == (State.BINDING, 14, 14)
    more = with_item(case, "targets", "housing", amounts={2019: 15})
    assert values(one(more, "target_stock.housing")) == (State.VIOLATED, 15, 14)


def listed(**changes: Any) -> Case:
    rate = condition("rate", ConditionKind.GROUP_OUT, share=Fraction(1, 2), groups=("poor",))
    hat = Standard(
        id="hat", title=title("摘帽"), where=where("region.level == county"), conditions=(rate,), citation=LAW
    )
    goal = target("off", TargetKind.LISTED, standard="hat", **changes)
    return with_new(valley(standards={"hat": hat}), "targets", goal)


@pytest.mark.parametrize(("amount", "state"), [(1, State.PASS), (2, State.BINDING), (3, State.VIOLATED)])
def test_not_more_regions_off_the_list_than_on_it(amount: int, state: State) -> None:
    assert values(one(listed(amounts={2019: amount}), "target_stock.off")) == (state, amount, 2)


def test_a_target_for_each_county() -> None:
    case = exits("each", each=Level.COUNTY, amounts={2019: 7})
    broken = found(case, "target_stock.each")
    assert [(f.region, *values(f)) for f in broken] == [("B", State.VIOLATED, 7, 6)]


def test_an_amount_that_is_shared_out_is_held_against_each_stock_by_its_part() -> None:
    """10 + 6 poor: 16 are shared out as 10 and 6, which there are; 17 as 11 and 6, one more than A has."""
    shared = exits("shared", each=Level.COUNTY, amounts={2019: 16}, apportion="stock")
    assert {f.state for f in found(shared, "target_stock.shared")} == {State.BINDING}
    more = exits("shared", each=Level.COUNTY, amounts={2019: 17}, apportion="stock")
    broken = found(more, "target_stock.shared")
    assert [(f.region, *values(f)) for f in broken] == [("A", State.VIOLATED, 11, 10)]


def test_a_target_for_some_regions() -> None:
    case = exits("deep", where=where("region.tag == deep"), amounts={2019: 11})
    assert values(one(case, "target_stock.deep")) == (State.VIOLATED, 11, 10)


# --- shares, order, agreement -----------------------------------------------------------------


@pytest.mark.parametrize(("second", "state"), [(4, State.PASS), (5, State.BINDING), (6, State.VIOLATED)])
def test_yearly_shares_make_at_most_the_whole(second: int, state: State) -> None:
    shares = {2018: Fraction(1, 2), 2019: Fraction(second, 10)}
    case = exits("share", cumulative=False, shares=shares)
    assert values(one(case, "target_shares.share")) == (state, 50 + 10 * second, 100)


def test_a_cumulative_share_above_the_whole() -> None:
    case = exits("share", shares={2018: Fraction(1, 2), 2019: Fraction(11, 10)})
    assert values(one(case, "target_shares.share")) == (State.VIOLATED, 110, 100)


def test_a_cumulative_figure_that_falls() -> None:
    case = with_item(valley(), "targets", "exit", amounts={2018: 16, 2019: 15})
    finding = one(case, "target_falls.exit")
    assert values(finding) == (State.VIOLATED, 15, 16)
    assert finding.severity is Severity.ADVISORY
    exact = with_item(case, "targets", "exit", compare=Comparison.EQUAL)
    assert one(exact, "target_falls.exit").severity is Severity.HARD


def test_one_figure_stated_twice_differently() -> None:
    assert one(valley(), "target_agree.yearly.exit").state is State.PASS
    case = with_item(valley(), "targets", "yearly", amounts={2018: 7, 2019: 9})
    findings = found(case, "target_agree.yearly.exit")
    assert [(f.year, *values(f)) for f in findings] == [(2018, State.VIOLATED, 7, 8)]
    assert findings[0].severity is Severity.ADVISORY


def parts(of_a: int, of_b: int, **total: Any) -> Case:
    case = valley()
    for name, amount in (("A", of_a), ("B", of_b)):
        part = target(
            name, TargetKind.EXITS, groups=("poor",), where=where(f"region == {name}"), amounts={2019: amount}
        )
        case = with_new(case, "targets", part)
    return with_item(case, "targets", "exit", **total) if total else case


def test_parts_make_the_total() -> None:
    assert values(one(parts(10, 6), "target_parts.exit")) == (State.PASS, 16, 16)
    finding = one(parts(9, 6), "target_parts.exit")
    assert values(finding) == (State.VIOLATED, 15, 16)
    assert finding.severity is Severity.ADVISORY  # at least 16 in all may come from either
    assert "A、B" in finding.message.zh


def test_parts_above_an_exact_total_are_impossible() -> None:
    case = parts(10, 5, amounts={2019: 14}, compare=Comparison.EQUAL)
    assert values(one(case, "target_parts.exit")) == (State.VIOLATED, 15, 14)
    assert "check.target_parts.exit" in hard(check_case(case))


def test_parts_that_overlap_are_not_added_up() -> None:
    case = with_new(
        parts(9, 6), "targets", target("A2", TargetKind.EXITS, groups=("poor",), where=where("region == A"))
    )
    case = with_item(case, "targets", "A2", amounts={2019: 9})
    assert found(case, "target_parts.exit") == []


# --- everybody --------------------------------------------------------------------------------


def test_not_everybody_is_out() -> None:
    case = with_item(valley(), "targets", "exit", amounts={2019: 15})
    case = with_item(case, "targets", "yearly", amounts={2019: 14})
    finding = one(case, "everybody_out")
    assert values(finding) == (State.VIOLATED, 15, 16)
    assert finding.severity is Severity.ADVISORY


def test_targets_of_several_groups_are_added_up() -> None:
    case = with_new(valley(), "groups", group("weak"))
    case = with_rows(case, "stocks", {("A", "weak"): 5})
    assert values(one(case, "everybody_out")) == (State.VIOLATED, 16, 21)
    case = with_new(
        case, "targets", target("weak", TargetKind.EXITS, groups=("weak",), shares={2019: Fraction(1)})
    )
    assert values(one(case, "everybody_out")) == (State.BINDING, 21, 21)
    assert "check.everybody_out" not in advice(check_case(case))
