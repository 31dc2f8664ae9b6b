"""Two allocations side by side, and the causes of a difference in cost, worked by hand."""

from __future__ import annotations

from models.case import Case
from models.comparison import Cause, Side
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
