"""What is left to do after what happened, worked by hand on the two counties of test_baseline."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from models.allocation import Allocation, Item
from models.case import Case
from models.plan import Status
from optimizer.present.replanned import lines
from optimizer.study.planning import PlanOptions, make_plan
from optimizer.study.preference import Apart
from optimizer.study.replan import ReplanError, replan
from tests.study.test_baseline import two_counties

EXACT = PlanOptions(gap=0)


def happened(exits_a: int, paid_a: int, *, units: int | None = None) -> Allocation:
    """In 2016 a paid `paid_a` 元 for so many grants, and so many left."""
    bought = exits_a if units is None else units
    return Allocation(
        money={("a", "grant", "fund", 2016): paid_a * 100} if paid_a else {},
        units={("a", "grant", 2016): Fraction(bought)} if bought else {},
        serves={("a", "grant", "poor", 2016): Fraction(exits_a)} if exits_a else {},
        exits={("a", "poor", 2016): exits_a} if exits_a else {},
        covers=frozenset({Item.MONEY, Item.UNITS, Item.SERVES, Item.EXITS, Item.LEAVES}),
    )


def test_the_past_is_exactly_what_happened() -> None:
    found = replan(two_counties(), happened(12, 120), 2017, EXACT)
    plan = found.planned.plan
    assert plan.allocation is not None
    assert plan.status is Status.OPTIMAL
    assert plan.allocation.exits["a", "poor", 2016] == 12
    assert plan.allocation.money["a", "grant", "fund", 2016] == 12_000
    # 2017: 30 x 10 + 10 x 40, whatever was paid in 2016; the past's 120 come on top.
    assert plan.cost == 82_000
    assert sum(plan.allocation.exits.values()) == 40
    assert not found.debts


def test_overspending_is_paid_back_first() -> None:
    # 1,400 元 were paid in 2016 for 140 grants: 400 too much. 600 are left in 2017, and 700 are needed.
    found = replan(two_counties(), happened(30, 1400, units=140), 2017, EXACT)
    assert found.debts == {("p", "fund"): 40_000}
    assert found.planned.plan.status is Status.INFEASIBLE
    # With 1,350 paid 650 are left; if the target is 38, two of b may stay: 620 will do.
    fewer = two_counties()
    target = fewer.targets["out"].model_copy(update={"amounts": {2017: 38}})
    fewer = fewer.model_copy(update={"targets": {"out": target}})
    found = replan(fewer, happened(30, 1350, units=135), 2017, EXACT)
    plan = found.planned.plan
    assert plan.status is Status.OPTIMAL
    assert plan.allocation is not None
    assert sum(fen for (*_, year), fen in plan.allocation.money.items() if year == 2017) == 62_000
    history = [f for f in found.planned.audit.findings if f.broken] if found.planned.audit else []
    assert history
    assert {f.year for f in history} == {2016}
    assert plan.allocation.carried["p", "fund", 2016] == -35_000


def test_money_left_over_is_carried_only_where_the_fund_may() -> None:
    carried = replan(two_counties(carry="yes"), happened(0, 0), 2017, EXACT).planned.plan.allocation
    lapsed = replan(two_counties(), happened(0, 0), 2017, EXACT).planned.plan.allocation
    assert carried is not None
    assert lapsed is not None
    assert carried.carried["p", "fund", 2016] == 100_000
    assert lapsed.lapsed["p", "fund", 2016] == 100_000


def test_a_plan_that_was_followed_is_kept() -> None:
    case = two_counties()
    plan = make_plan(case, EXACT).plan
    assert plan.allocation is not None
    again = replan(case, plan.allocation, 2017, EXACT, plan=plan.allocation).planned.plan
    assert again.allocation is not None
    assert again.allocation.money == plan.allocation.money
    assert again.cost == plan.cost


def several(case: Case) -> tuple[str, ...]:
    past = replace(happened(3, 30), covers=frozenset({Item.MONEY}))
    past = replace(past, money={**past.money, ("nowhere", "grant", "fund", 2016): 5})
    with pytest.raises(ReplanError) as caught:
        replan(case, past, 2019, EXACT)
    return tuple(text.en or "" for text in caught.value.texts)


def test_all_that_is_wrong_with_the_past_is_said_at_once() -> None:
    texts = several(two_counties())
    assert len(texts) == 3
    assert "2019" in texts[0]
    assert "nothing of units, exits;" in texts[1]  # the case has no standards to leave by
    assert "nowhere" in texts[2]


def test_quantities_that_are_no_whole_lots_are_refused() -> None:
    past = happened(3, 30)
    past = replace(past, units={("a", "grant", 2016): Fraction(5, 2)})
    with pytest.raises(ReplanError, match="整批"):
        replan(two_counties(), past, 2017, EXACT)


def test_what_happened_and_what_comes_of_it_are_told_apart() -> None:
    # The plan lets all leave in 2017 for 700 元. In 2016 twelve of a left already, for 120 元: the rest still
    # costs 700, for 30 of a and 10 of b need their grants in 2017.
    case = two_counties()
    plan = make_plan(case, EXACT).plan.allocation
    assert plan is not None
    found = replan(case, happened(12, 120), 2017, EXACT, plan=plan)
    made = found.planned.plan.allocation
    assert made is not None
    figures = {line.key: (line.plan, line.now) for line in lines(case, plan, made, 2017)}
    assert figures == {
        "spent_before": (0, 12_000),
        "out_before": (0, 12),
        "carried_in": (0, 0),
        "spent_after": (70_000, 70_000),
        "out_after": (40, 40),
        "spent": (70_000, 82_000),
    }
    # What comes after is as it was planned: closeness counts from 2017 on, whatever happened before.
    assert found.closeness is not None
    assert found.closeness.reached == 0
    assert found.closeness.apart == Apart(people=0, payers=0)


def test_what_cannot_have_happened_is_refused_with_its_figures() -> None:
    past = happened(31, 10)
    past = replace(past, money={("a", "grant", "fund", 2016): -5, ("a", "grant", "fund", 2014): 5})
    with pytest.raises(ReplanError) as caught:
        replan(two_counties(), past, 2017, EXACT)
    below, early, over = (text.en or "" for text in caught.value.texts)
    assert "money a grant fund 2016 = -0.05元" in below
    assert "2014" in early
    assert "31 > 30" in over


def test_leaves_are_asked_for_only_where_a_case_has_a_list() -> None:
    past = happened(3, 30)
    past = replace(past, covers=past.covers - {Item.LEAVES})
    assert replan(two_counties(), past, 2017, EXACT).planned.plan.status is Status.OPTIMAL
