"""Two allocations side by side, and the causes of a difference in cost, worked by hand."""

from __future__ import annotations

from dataclasses import replace

from models.case import Case
from models.comparison import Cause, Side
from models.policy import Entry
from models.region import RegionTree
from optimizer.read.patch import apply_patches
from optimizer.study.baseline import Habit, Method, make_baseline
from optimizer.study.compare import attribute, compare, differing, side
from optimizer.study.planning import PlanOptions, make_plan
from tests.study.test_baseline import two_counties


def planned(name: str, case: Case) -> Side:
    found = make_plan(case, PlanOptions(gap=0))
    assert found.plan.allocation is not None
    return side(name, case, found.plan.allocation)


def test_habit_against_the_best_plan() -> None:
    case = two_counties()
    heads = make_baseline(case, Habit(Method.PER_HEAD), PlanOptions(gap=0)).allocation
    assert heads is not None
    found = compare(side("heads", case, heads), planned("best", case))
    # By heads b's 250 元 get 6 persons out for 240; the best plan takes 400 in the last year for all ten.
    assert found.out == {"a": (30, 30), "b": (6, 10)}
    assert found.by_region["b"][1] == 40_000
    assert found.winners == ("b",)
    assert found.losers == ()
    assert found.rules == {"out": (1, 0)}
    assert (found.first.broken, found.second.broken) == (1, 0)
    assert found.second.cost - found.first.cost == 16_000


def test_every_pair_adds_up_to_the_money_of_its_side() -> None:
    case = two_counties()
    heads = make_baseline(case, Habit(Method.PER_HEAD), PlanOptions()).allocation
    assert heads is not None
    found = compare(side("heads", case, heads), planned("best", case))
    for pairs in (found.by_region, found.by_measure, found.by_fund, found.by_year):
        for number, one in enumerate((found.first, found.second)):
            assert sum(pair[number] for pair in pairs.values()) == sum(one.allocation.money.values())


def test_a_side_against_itself_has_no_difference() -> None:
    one = planned("one", two_counties())
    found = compare(one, one)
    assert not found.winners
    assert not found.losers
    assert not found.rules
    assert all(a == b for a, b in found.by_region.values())


def test_causes_are_taken_over_one_after_the_other() -> None:
    # 700 元 at first; the price in b rises from 40 to 50: + 100; the target falls to 36: four of b's, the
    # dearest, stay, and 200 元 are saved.
    first = two_counties()
    second = apply_patches(first, ["measure.grant[b].cost=50元", "target.out[2017].amount=36"])
    assert differing(first, second) == (Cause.PRICE, Cause.RULE)
    found = attribute(first, second, PlanOptions(gap=0))
    assert found.start is not None
    assert found.start.cost == 70_000
    assert [(step.cause, step.cost) for step in found.steps] == [
        (Cause.PRICE, 80_000),
        (Cause.RULE, 60_000),
    ]
    assert found.steps[-1].cost == planned("second", second).cost


def test_other_regions_cannot_be_told_apart() -> None:
    one, other = two_counties(), two_counties()
    fewer = other.model_copy(update={"regions": RegionTree({r.id: r for r in other.regions if r.id != "b"})})
    assert not attribute(one, fewer, PlanOptions()).separable


def test_newcomers_are_a_cause_of_their_own() -> None:
    # 700 元 at first. Five newcomers in a, who cost 10 元 each, take the place of five of b's: 350 + 5 x 40.
    # Then b's price rises to 50 (350 + 5 x 50), and the target falls to 36 (350 + 1 x 50).
    first = two_counties()
    coming = replace(first.tables, entrants={("a", "poor", 2017, Entry.NEW): 5})
    second = apply_patches(
        first.model_copy(update={"tables": coming}),
        ["measure.grant[b].cost=50元", "target.out[2017].amount=36"],
    )
    assert differing(first, second) == (Cause.ENTRANTS, Cause.PRICE, Cause.RULE)
    found = attribute(first, second, PlanOptions(gap=0))
    assert [(step.cause, step.cost) for step in found.steps] == [
        (Cause.ENTRANTS, 55_000),
        (Cause.PRICE, 60_000),
        (Cause.RULE, 40_000),
    ]


def test_a_rate_of_relapse_is_no_matter_of_data() -> None:
    first = two_counties()
    assert differing(first, apply_patches(first, ["group.poor.relapse=1%"])) == (Cause.ENTRANTS,)
    assert differing(first, apply_patches(first, ["stock.poor[a].members=31"])) == (Cause.DATA,)


def test_the_parts_add_up_to_the_whole_difference_whatever_the_plans_are() -> None:
    # The first plan is habit's: 700 - 160 = 540 元, for b's 250 get six of ten out. Planned anew 700, with
    # b's price at 50 元 800; the second plan costs what it costs, here 1 元 more than need be.
    first = two_counties()
    second = apply_patches(first, ["measure.grant[b].cost=50元"])
    moves = attribute(first, second, PlanOptions(gap=0)).moves(54_000, 80_100)
    assert [(move.cause, move.change) for move in moves] == [
        (None, 16_000),
        (Cause.PRICE, 10_000),
        (None, 100),
    ]
    assert sum(move.change or 0 for move in moves) == 80_100 - 54_000


def test_a_cause_that_cannot_stand_alone_is_part_of_the_next() -> None:
    # With 500 元 in 2017 nobody gets all 40 out (700); with a target of 34 it is 300 + 4 x 40.
    first = two_counties()
    second = apply_patches(first, ["fund.fund[2017].amount=500元", "target.out[2017].amount=34"])
    moves = attribute(first, second, PlanOptions(gap=0)).moves(70_000, 46_000)
    assert [(move.cause, move.cost, move.change) for move in moves] == [
        (None, 70_000, 0),
        (Cause.MONEY, None, None),
        (Cause.RULE, 46_000, -24_000),
        (None, 46_000, 0),
    ]


def test_the_money_of_some_years_alone() -> None:
    one = planned("one", two_counties())
    found = compare(one, one, since=2017)
    assert set(found.by_year) == {"2017"}
    assert sum(a for a, _ in found.by_region.values()) == 70_000
