"""Needs against capacities, exits against incomes and needs, regions against what lets them leave."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from models.case import Case
from models.finding import State
from models.policy import (
    ConditionKind,
    Exclusion,
    NeedKind,
    Resource,
    Serves,
    Severity,
    Standard,
    StandardCondition,
    TargetKind,
)
from models.region import Level
from optimizer.study.check import check_case
from tests.audit.case_builder import (
    LAW,
    ONE,
    condition,
    measure,
    need,
    target,
    title,
    where,
    with_item,
    with_new,
    with_rows,
    without_rows,
)
from tests.study.check_builder import found, hard, one, valley, values

HALF = Fraction(1, 2)


def capacities(**most: int) -> Case:
    """Houses by "A2018", "Ptotal" ... instead of those of the clean case; no target for 2018."""
    case = with_item(valley(), "targets", "housing", amounts={2019: 6})
    case = without_rows(case, "capacities", ("house", "P", 2018), ("house", "A", None))
    rows = {
        ("house", key[0], None if key[1:] == "total" else int(key[1:])): Fraction(units)
        for key, units in most.items()
    }
    return with_rows(case, "capacities", rows)


# --- needs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("most", "state"), [(5, State.PASS), (4, State.BINDING), (3, State.VIOLATED)])
def test_a_total_capacity_against_the_need_of_a_county(most: int, state: State) -> None:
    finding = one(capacities(Atotal=most), "need_capacity.houses")
    assert values(finding) == (state, most, 4)
    assert (finding.region, finding.year) == ("A", 2019)


def test_capacities_of_years_are_added_up_over_counties() -> None:
    # in 2018 one in A and two in B; in 2019 three in all: 1 + 2 + 3 are just the 6 that are due
    case = capacities(A2018=1, B2018=2, P2019=3)
    assert one(case, "need_capacity.houses").state is State.BINDING
    finding = one(capacities(A2018=1, B2018=2, P2019=2), "need_capacity.houses")
    assert (finding.region, *values(finding)) == ("P", State.VIOLATED, 5, 6)


def test_capacity_counts_in_whole_lots() -> None:
    case = with_item(capacities(Atotal=5), "measures", "house", lot=Fraction(2))
    assert values(one(case, "need_capacity.houses"))[1] == 4


def test_a_lag_and_the_years_of_a_measure_leave_too_little_time() -> None:
    assert "check.need_capacity.houses" not in hard(
        check_case(with_item(capacities(), "measures", "house", lag=1))
    )
    late = with_item(capacities(), "measures", "house", lag=1, years=(2019, 2019))
    assert {(f.region, *values(f)) for f in found(late, "need_capacity.houses", state=State.VIOLATED)} >= {
        ("A", State.VIOLATED, 0, 4),
        ("B", State.VIOLATED, 0, 2),
    }


def test_a_resource_is_a_capacity() -> None:
    case = with_item(capacities(), "measures", "house", uses={"land": Fraction(2)})
    case = with_new(case, "resources", Resource(id="land", title=title("land"), unit="mu", citation=LAW))
    case = with_rows(case, "limits", {("land", "P", 2018): Fraction(5), ("land", "P", 2019): Fraction(7)})
    assert values(one(case, "need_capacity.houses")) == (State.VIOLATED, 5, 6)


def test_an_entitlement_is_due_every_year() -> None:
    case = with_new(valley(), "needs", need("grants", kind=NeedKind.ENTITLEMENT))
    case = with_new(case, "measures", measure("grant", meets={"grants": ONE}, lifetime=1))
    case = with_rows(case, "needs", {("A", "grants", None): 3, ("A", "grants", 2019): 5})
    case = with_rows(
        case, "capacities", {("grant", "A", 2018): Fraction(3), ("grant", "A", 2019): Fraction(4)}
    )
    finding = one(case, "need_capacity.grants")
    assert (finding.year, *values(finding)) == (2019, State.VIOLATED, 4, 5)
    lasting = with_item(case, "measures", "grant", lifetime=2)  # 3 of 2018 still count in 2019
    assert one(lasting, "need_capacity.grants").state is State.BINDING


def test_what_a_target_wants_met() -> None:
    case = with_item(capacities(P2018=2), "targets", "housing", amounts={2018: 3})
    finding = one(case, "need_capacity.houses")
    assert (finding.year, *values(finding)) == (2018, State.VIOLATED, 2, 3)


def test_a_measure_that_nobody_may_pay_for_meets_nothing() -> None:
    case = with_item(valley(), "measures", "house", payers=where("fund == nobody"))
    assert "check.need_capacity.houses" in hard(check_case(case))
    free = with_rows(case, "costs", {("house", None, None): 0})
    assert "check.need_capacity.houses" not in hard(check_case(free))


def test_no_measure_where_there_is_a_need() -> None:
    case = with_item(capacities(), "measures", "house", where=where("region == A"))
    finding = one(case, "need_measure.houses")
    assert (finding.region, *values(finding)) == ("B", State.VIOLATED, 0, 0)
    assert finding.severity is Severity.HARD
    assert "没有当地可实施的相应措施" in finding.message.zh


def test_a_need_that_nothing_meets_is_advice_while_nothing_asks_for_it() -> None:
    case = with_new(valley(), "needs", need("wells"))
    case = with_rows(case, "needs", {("A", "wells", None): 1, ("B", "wells", None): 2})
    finding = one(case, "need_measure.wells")
    assert (finding.region, finding.state, finding.severity) == ("P", State.VIOLATED, Severity.ADVISORY)


# --- exits ------------------------------------------------------------------------------------


def test_people_that_must_be_out_bring_the_houses_along() -> None:
    # nothing is due and no target for houses; all 16 must be out, and each open house holds one person back
    case = with_item(capacities(Btotal=1), "needs", "houses", due={})
    case = with_item(case, "targets", "housing", severity=Severity.SOFT, price=1)
    finding = one(case, "need_capacity.houses")
    assert (finding.region, *values(finding)) == ("B", State.VIOLATED, 1, 2)
    assert values(one(case, "exits.exit")) == (State.VIOLATED, 15, 16)
    fewer = with_item(case, "targets", "exit", amounts={2019: 15})
    fewer = with_item(fewer, "targets", "yearly", amounts={2019: 15})
    assert hard(check_case(fewer)) == set()


@pytest.mark.parametrize(
    ("lift", "state"), [(300_001, State.PASS), (300_000, State.BINDING), (299_999, State.VIOLATED)]
)
def test_measures_close_the_gap(lift: int, state: State) -> None:
    case = with_item(valley(), "measures", "job", serves={"poor": Serves(lift=lift, most=ONE)})
    for finding in found(case, "income.poor"):
        assert values(finding) == (state, lift, 300_000)
        assert finding.severity is Severity.ADVISORY
    assert ("check.exits.exit" in hard(check_case(case))) is (state is State.VIOLATED)


def test_measures_that_exclude_each_other_count_once() -> None:
    case = with_item(valley(), "measures", "job", serves={"poor": Serves(lift=150_000, most=ONE)})
    case = with_new(case, "measures", measure("farm", serves={"poor": Serves(lift=150_000, most=ONE)}))
    assert one(case, "income.poor").state is State.BINDING
    either = Exclusion(
        id="either", title=title("either"), measures=("job", "farm"), group="poor", citation=LAW
    )
    case = with_new(case, "exclusions", either)
    assert {values(f) for f in found(case, "income.poor")} == {(State.VIOLATED, 150_000, 300_000)}


def test_who_cannot_stay_out_cannot_leave_before() -> None:
    # jobs last one year and end in 2018: in 2019 no income is closed, so nobody is out in 2018 either
    case = with_item(valley(), "measures", "job", lifetime=1, years=(2018, 2018))
    assert {(f.region, f.year) for f in found(case, "income.poor")} == {("A", 2019), ("B", 2019)}
    assert [(f.year, *values(f)) for f in found(case, "exits.exit")] == [
        (2018, State.VIOLATED, 0, 8),
        (2019, State.VIOLATED, 0, 16),
    ]


@pytest.mark.parametrize(("jobs", "state"), [(16, State.BINDING), (15, State.VIOLATED)])
def test_exits_are_limited_by_the_capacity_of_what_closes_the_gap(jobs: int, state: State) -> None:
    case = with_rows(valley(), "capacities", {("job", "P", None): Fraction(jobs)})
    assert values(one(case, "exits.exit")) == (state, jobs, 16)


def test_two_measures_of_which_one_is_scarce() -> None:
    # a person needs 3000: at most 2000 from farms (any number) and 2000 from jobs (8 in all, so 16,000):
    # N x 3000 <= N x 2000 + 16,000, so at most 16
    case = with_item(valley(), "measures", "job", serves={"poor": Serves(lift=200_000, most=ONE)})
    case = with_new(case, "measures", measure("farm", serves={"poor": Serves(lift=200_000, most=ONE)}))
    case = with_rows(case, "costs", {("farm", None, None): 1})
    tight = with_rows(case, "capacities", {("job", "P", None): Fraction(8)})
    assert values(one(tight, "exits.exit")) == (State.BINDING, 16, 16)
    short = with_rows(case, "capacities", {("job", "P", None): Fraction(7)})
    assert values(one(short, "exits.exit")) == (State.VIOLATED, 14, 16)


# --- regions that leave -----------------------------------------------------------------------


def leaving(amount: int, *conditions: StandardCondition, **changes: Any) -> Case:
    hat = Standard(
        id="hat",
        title=title("摘帽"),
        where=where("region.level == county"),
        conditions=conditions,
        citation=LAW,
    )
    goal = target("off", TargetKind.LISTED, standard="hat", amounts={2019: amount})
    return with_new(valley(standards={"hat": hat}, **changes), "targets", goal)


RICH = condition("rich", ConditionKind.ATTRIBUTE, of="rural_population", amount=Fraction(700))


def test_too_few_regions_can_meet_a_condition() -> None:
    assert values(one(leaving(1, RICH), "leaving.off")) == (State.BINDING, 1, 1)
    finding = one(leaving(2, RICH), "leaving.off")
    assert values(finding) == (State.VIOLATED, 1, 2)
    assert "B地 rich" in finding.message.zh


def test_what_measures_add_counts() -> None:
    case = leaving(2, RICH)
    case = with_item(case, "measures", "job", adds={"rural_population": Fraction(10)})
    assert one(case, "leaving.off").state is State.BINDING
    few = with_rows(case, "capacities", {("job", "B", None): Fraction(9)})
    assert values(one(few, "leaving.off")) == (State.VIOLATED, 1, 2)


def test_counties_that_must_leave_bring_their_needs_and_people_along() -> None:
    done = condition("houses", ConditionKind.NEED, share=HALF, need="houses")
    gone = condition("half", ConditionKind.GROUP_OUT, share=HALF, groups=("poor",))
    few = condition(
        "few", ConditionKind.POOR_SHARE, share=Fraction(1, 100), of="rural_population", groups=("poor",)
    )
    case = leaving(2, done, gone, few)
    case = with_item(case, "needs", "houses", due={}, holds={})
    for name in ("exit", "yearly", "housing"):
        case = with_item(case, "targets", name, severity=Severity.SOFT, price=1)
    no_houses = with_rows(case, "capacities", {("house", "A", None): Fraction(1)})
    finding = one(no_houses, "need_capacity.houses")
    assert (finding.region, *values(finding)) == ("A", State.VIOLATED, 1, 2)
    assert "摘帽" in finding.message.zh
    assert values(one(no_houses, "leaving.off")) == (State.VIOLATED, 1, 2)
    # A has 1,000 people: all poor may stay by that; half of its 10 must be out. B has 600: none of 6 by that.
    no_jobs = with_rows(case, "capacities", {("job", "A", None): Fraction(4)})
    assert [(f.region, *values(f)) for f in found(no_jobs, "exits.hat.half", state=State.VIOLATED)] == [
        ("A", State.VIOLATED, 4, 5)
    ]
    assert hard(check_case(case)) == set()


def test_a_province_that_must_leave_takes_its_counties_along() -> None:
    counties = condition("counties", ConditionKind.REGIONS_OUT, share=ONE, level=Level.COUNTY)
    case = leaving(0, RICH)
    whole = Standard(
        id="whole", title=title("whole"), where=where("region == P"), conditions=(counties,), citation=LAW
    )
    case = with_new(case, "standards", whole)
    case = with_new(case, "targets", target("all", TargetKind.LISTED, standard="whole", amounts={2019: 1}))
    assert values(one(case, "leaving.all")) == (State.VIOLATED, 0, 1)
    part = condition("counties", ConditionKind.REGIONS_OUT, share=HALF, level=Level.COUNTY)
    case = with_item(case, "standards", "whole", conditions=(part,))
    assert values(one(case, "leaving.all")) == (State.BINDING, 1, 1)
