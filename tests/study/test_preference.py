"""Preferences between plans of nearly equal cost, other plans, and ranges: worked by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from models.allocation import Allocation
from models.case import Case
from models.plan import Status
from models.region import Level
from optimizer.solve import Outcome, Stop
from optimizer.solve.session import Session
from optimizer.study.alternatives import difference, find_alternatives, region_ranges
from optimizer.study.closeness import money_apart, payers_apart, people_apart
from optimizer.study.planning import PlanOptions, make_plan
from optimizer.study.preference import Apart, Prefer, Preference, make_preferred, money_per_head, within_cost
from tests.situations.small import small_case
from tests.study.whatif_cases import random_case

EXACT = PlanOptions(gap=0)


def alike() -> Case:
    """10 poor persons in a and 10 in b, 10 元 each; 12 of them must be out in 2016."""
    return small_case(
        years=(2016, 2016),
        tables={
            "regions": "p,p,province,,,\na,a,county,p,,\nb,b,county,p,,",
            "stocks": "a,poor,10,\nb,poor,10,",
            "gaps": "poor,,,10",
            "costs": "grant,,,10\nwork,,,10",
        },
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "measures": """
                id: grant, title: g, unit: grant, lifetime: 1, payers: fund == fund,
                  serves: {poor: {lift: 10元, most: 1}}
                id: work, title: w, unit: job, lifetime: 1, payers: fund == fund,
                  serves: {poor: {lift: 10元, most: 1}}
            """,
            "funds": "id: fund, title: f, level: central, supply: open, pooled_at: province, cost_weight: 1",
            "targets": "id: out, title: o, kind: exits, groups: [poor], cumulative: yes, compare: '>=', "
            "amounts: {2016: 12}",
        },
    )


def test_even_splits_what_costs_the_same() -> None:
    case = alike()
    found = make_preferred(case, EXACT, Preference(Prefer.EVEN))
    assert found.planned.plan.status is Status.OPTIMAL
    assert found.planned.plan.cost == 12_000
    assert found.planned.plan.allocation is not None
    per_head = money_per_head(case, found.planned.plan.allocation, Level.COUNTY)
    assert per_head == {"a": 600, "b": 600}
    assert found.reached == 0
    assert found.before is not None
    assert found.before >= 0


def test_stable_stays_as_close_as_the_cost_allows() -> None:
    case = alike()
    before = Allocation(money={("a", "work", "fund", 2016): 9_000, ("b", "grant", "fund", 2016): 1_000})
    found = make_preferred(case, EXACT, Preference(Prefer.STABLE, against=before))
    allocation = found.planned.plan.allocation
    assert allocation is not None
    # 12 persons cost 120 元, 20 more than before: everything that was there stays, 20 元 are new.
    assert found.reached == 2_000
    assert allocation.money["a", "work", "fund", 2016] >= 9_000
    assert allocation.money["b", "grant", "fund", 2016] >= 1_000


def test_nothing_is_bought_with_the_room_that_a_preference_does_not_need() -> None:
    # 10 % more would be allowed; the old plan of 100 元 is closest at 120 元.
    before = Allocation(money={("a", "work", "fund", 2016): 10_000})
    found = make_preferred(alike(), EXACT, Preference(Prefer.STABLE, Fraction(1, 10), against=before))
    assert found.planned.plan.cost == 12_000
    assert found.planned.plan.status is Status.OPTIMAL


def free_to_leave() -> Case:
    """10 persons in a and 10 in b who leave without money; 12 out in 2016, 16 in 2017; 100 元 for a road."""
    return small_case(
        years=(2016, 2017),
        tables={
            "regions": "p,p,province,,,\na,a,county,p,,\nb,b,county,p,,",
            "stocks": "a,poor,10,\nb,poor,10,",
            "needs": "a,road,,1",
            "costs": "build,,,100",
        },
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "needs": "id: road, title: r, unit: road, kind: backlog, due: {2017: 100%}",
            "measures": "id: build, title: b, unit: road, payers: fund.level == central, meets: {road: 1}",
            "funds": """
                id: one, title: f, level: central, supply: open, pooled_at: province, cost_weight: 1
                id: two, title: f, level: central, supply: open, pooled_at: province, cost_weight: 1
            """,
            "targets": "id: out, title: o, kind: exits, groups: [poor], cumulative: yes, compare: '>=', "
            "amounts: {2016: 12, 2017: 16}",
        },
    )


@pytest.mark.parametrize(
    ("fund", "exits"),
    [
        ("one", {("a", 2016): 3, ("b", 2016): 9, ("a", 2017): 4}),
        ("two", {("a", 2016): 8, ("b", 2016): 4, ("a", 2017): 2, ("b", 2017): 2}),
    ],
)
def test_stable_keeps_people_and_payers_too_where_money_leaves_them_free(
    fund: str, exits: dict[tuple[str, int], int]
) -> None:
    before = Allocation(
        money={("a", "build", fund, 2017): 10_000},
        exits={(region, "poor", year): members for (region, year), members in exits.items()},
    )
    found = make_preferred(free_to_leave(), EXACT, Preference(Prefer.STABLE, against=before))
    allocation = found.planned.plan.allocation
    assert allocation is not None
    assert found.reached == 0
    assert found.apart == Apart(people=0, payers=0)
    assert allocation.exits == before.exits
    assert allocation.money == before.money


def test_how_far_people_and_payers_are_apart() -> None:
    # One person a year later (one), another not at all (two); one falls back in 2017 in one only (one).
    case = free_to_leave()
    one = Allocation(exits={("a", "poor", 2016): 2, ("b", "poor", 2016): 1}, money={("a", "m", "f", 2016): 7})
    two = Allocation(
        exits={("a", "poor", 2017): 1, ("b", "poor", 2016): 1},
        returned={("b", "poor", 2017): 1},
        money={("a", "m", "g", 2016): 5, ("a", "m", "f", 2016): 3},
    )
    # a: 2 2 against 0 1; b: 1 1 against 1 0.
    assert people_apart(case, one, two) == 4
    assert people_apart(case, one, two, since=2017) == 2
    # 8 fen instead of 7: one more; of the 7 four are now paid by g.
    assert money_apart(one, two) == 1
    assert payers_apart(one, two) == 4
    assert people_apart(case, one, one) == payers_apart(one, one) == money_apart(one, one) == 0


def test_alternatives_are_lawful_different_and_within_the_cost() -> None:
    case = alike()
    found = find_alternatives(case, EXACT, 2, Fraction(1, 10))
    assert found.complete
    plans = [found.best, *(other.planned for other in found.others)]
    for plan in plans:
        assert plan.plan.cost is not None
        assert plan.plan.cost <= 13_200
        assert plan.audit is not None
        assert plan.audit.clean
    first, second, third = (plan.plan.allocation for plan in plans)
    assert first is not None
    assert second is not None
    assert third is not None
    assert difference(first, second) == 1  # not a fen stays where it was
    assert difference(first, third) > 0
    assert difference(second, third) > 0


def test_the_range_of_a_county_is_what_it_can_get_at_all() -> None:
    # 12 of 20 persons at 10 元 each, 10 in each county at most: one county has from 2 to 10 of them.
    found = find_alternatives(alike(), EXACT, 0, Fraction(0))
    assert [(one.region, one.least) for one in found.ranges] == [("a", 2_000), ("b", 2_000)]
    for one in found.ranges:
        assert one.most is not None
        assert 10_000 <= one.most <= 10_010  # a bound of floats, made wider by what they may be off


def test_every_plan_is_inside_the_ranges() -> None:
    found = find_alternatives(alike(), EXACT, 2, Fraction(1, 20))
    for plan in (found.best, *(other.planned for other in found.others)):
        assert plan.plan.allocation is not None
        spent = money_per_head(alike(), plan.plan.allocation, Level.COUNTY)
        for one in found.ranges:
            assert one.least is not None
            assert one.most is not None
            assert one.least <= spent[one.region] * 10 <= one.most


@pytest.mark.parametrize("within", [Fraction(0), Fraction(1, 20), Fraction(2)])
@pytest.mark.parametrize("seed", [9, 11, 14, 28, 51])
def test_ranges_asked_one_from_the_other_are_those_of_another_engine_asked_anew(
    seed: int, within: Fraction
) -> None:
    case = random_case(seed)
    found = make_plan(case, PlanOptions())
    program = within_cost(found, within)
    ranges = [
        list(region_ranges(case, found, program, PlanOptions(engine=engine), case.regions.usual_level))
        for engine in ("highs", "cbc")
    ]
    assert ranges[0]
    for here, there in zip(*ranges, strict=True):
        assert (here.region, here.now) == (there.region, there.now)
        assert here.least == pytest.approx(there.least, rel=2e-9, abs=2)
        assert here.most == pytest.approx(there.most, rel=2e-9, abs=2)


def test_a_question_without_an_answer_does_not_spoil_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third question fails and leaves its solver in an unknown state: the fourth begins anew."""
    known = find_alternatives(alike(), EXACT, 0, Fraction(1, 10)).ranges
    asked: list[bool] = []
    answer = Session.answer

    def failing(session: Session, *, keep: bool, limit: float | None, looser: bool) -> Outcome:
        asked.append(keep)
        found = answer(session, keep=keep, limit=limit, looser=looser)
        return found if len(asked) != 3 else replace(found, stop=Stop.FAILED, values=None, bound=None)

    monkeypatch.setattr(Session, "answer", failing)
    found = find_alternatives(alike(), EXACT, 0, Fraction(1, 10)).ranges
    assert asked == [False, True, True, False]
    assert found == (known[0], replace(known[1], least=None))


def test_without_time_there_are_no_ends_and_no_wrong_ones() -> None:
    case = alike()
    best = make_plan(case, EXACT)
    program = within_cost(best, Fraction(0))
    found = list(region_ranges(case, best, program, replace(EXACT, time_limit=0.0), Level.COUNTY))
    assert [(one.region, one.least, one.most) for one in found] == [("a", None, None), ("b", None, None)]
