"""Draws, what becomes of a plan in them, and protection, worked by hand: 100 houses at 1 万元 each."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import Case
from models.citation import Basis, Citation, Text
from models.plan import Status
from models.policy import Entry, Supply, Uncertain
from optimizer.read import read_case
from optimizer.study.planning import PlanOptions, make_plan
from optimizer.study.uncertainty.draws import draw, drawn, factor
from optimizer.study.uncertainty.outcome import carried_out
from optimizer.study.uncertainty.protect import budget, failing, open_reserves, protected
from tests.situations.small import small_case

EXACT = PlanOptions(gap=0)
INPUTS = Path(__file__).parents[2] / "inputs"
MADE_UP = Citation(document="made_up", section="1", basis=Basis.ILLUSTRATIVE)


def figure(path: str, low: str, high: str, mode: str | None = None) -> Uncertain:
    return Uncertain(
        id=path.replace(".", "-"), title=Text(zh=path), path=path, low=Fraction(low), high=Fraction(high),
        mode=None if mode is None else Fraction(mode), citation=MADE_UP,
    )  # fmt: skip


def houses(*uncertain: Uncertain, money: int = 1_200_000) -> Case:
    """100 houses at 10,000 元 and 50 roads at 2,000 元 are due in 2016; the fund has up to `money` 元."""
    case = small_case(
        years=(2016, 2016),
        tables={
            "needs": "county,house,,100\ncounty,road,,50",
            "costs": "build,,,10000\npave,,,2000",
            "funds": f"fund,county,2016,{money},",
        },
        lists={
            "needs": """
                id: house, title: h, unit: house, kind: backlog, due: {2016: 100%}
                id: road, title: r, unit: road, kind: backlog, due: {2016: 100%}
            """,
            "measures": """
                id: build, title: b, unit: house, meets: {house: 1}, payers: fund == fund
                id: pave, title: p, unit: road, meets: {road: 1}, payers: fund == fund
            """,
            "funds": "id: fund, title: f, level: county, supply: up_to, pooled_at: county, cost_weight: 1",
        },
    )
    return case.model_copy(update={"uncertain": {item.id: item for item in uncertain}})


def test_a_draw_depends_on_its_seed_and_number_alone() -> None:
    case = houses(figure("measure.build.cost", "0.9", "1.3"), figure("fund.fund.amount", "0.8", "1", "0.9"))
    assert draw(case, 7, 3) == draw(case, 7, 3)
    assert draw(case, 7, 3) != draw(case, 7, 4)
    assert draw(case, 7, 3) != draw(case, 8, 3)


@given(st.fractions(0, 1), st.sampled_from([None, "0.9", "1", "1.2", "1.3"]))
def test_factors_stay_in_their_range_and_rise_with_the_quantile(quantile: Fraction, mode: str | None) -> None:
    item = figure("measure.build.cost", "0.9", "1.3", mode)
    assert item.low <= factor(item, quantile) <= item.high
    assert factor(item, quantile / 2) <= factor(item, quantile)


def test_triangular_quantiles_by_hand() -> None:
    # From 0 to 2 with the top at 1, half of the area lies below 1 and an eighth below 0.5.
    item = figure("measure.build.cost", "0", "2", "1")
    assert factor(item, Fraction(1, 2)) == 1
    assert factor(item, Fraction(1, 8)) == Fraction(1, 2)
    assert factor(item, Fraction(7, 8)) == Fraction(3, 2)


def test_the_drawn_case_has_the_drawn_figures() -> None:
    case = houses(figure("measure.build.cost", "0.9", "1.3"))
    turned = drawn(case, {"measure-build-cost": Fraction(12, 10)})
    assert turned.unit_cost("build", "county", 2016) == 1_200_000


@pytest.mark.parametrize(
    ("path", "value", "missing"),
    [
        # 100,000 of the 1,200,000 元 pay the roads, the rest 88 houses at 12,500; the plan left 100,000.
        ("measure.build.cost", "1.25", {"due.house": 0.12}),
        ("measure.build.cost", "1", {}),
        ("measure.build.cost", "0.8", {}),  # cheaper: the plan's 100 are enough
        ("need.road.amount", "1.2", {"due.road": 1 / 6}),  # 50 of 60
        ("fund.fund.amount", "0.5", None),  # 600,000 where the plan takes 1,100,000
    ],
)
def test_a_plan_is_carried_out_as_far_as_the_money_lasts(
    path: str, value: str, missing: dict[str, float] | None
) -> None:
    case = houses(figure(path, "0.5", "1.5"))
    plan = make_plan(case, EXACT).plan.allocation
    assert plan is not None
    found = carried_out(case, plan, {path.replace(".", "-"): Fraction(value)})
    assert found.missed is not None
    shares = {miss.rule: miss.share for miss in found.missed}
    if missing is None:
        # Half the money pays all roads (100,000) and 50 of 100 houses.
        assert shares == {"due.house": pytest.approx(0.5)}
    else:
        assert shares == {rule: pytest.approx(share) for rule, share in missing.items()}
    assert found.first == (next(iter(shares)) if shares else None)


def test_the_budget_by_the_published_bound() -> None:
    # n = 1, budget 0.5: nu = 0.75, (0.25 x 1 + 1) / 2; n = 2, budget 1: nu = 1.5, (0.5 x 2 + 1) / 4.
    assert failing(1, 0.5) == pytest.approx(0.625)
    assert failing(2, 1.0) == pytest.approx(0.5)
    assert failing(2, 2.0) == 0.0
    assert budget(1, Fraction(9, 10)) == 1
    assert budget(100, Fraction(0)) == 0
    budgets = [budget(n, Fraction(9, 10)) for n in (1, 4, 25, 100)]
    assert budgets == sorted(budgets)
    assert budgets[-1] < 20  # far less than all hundred


def test_protection_leaves_money_for_the_costs_that_may_rise() -> None:
    # Houses may cost 20 % more, roads 50 %: with both at their highest 1,200,000 + 150,000 元 are needed.
    risky = (figure("measure.build.cost", "0.8", "1.2"), figure("measure.pave.cost", "0.5", "1.5"))
    enough = protected(houses(*risky, money=1_350_000), EXACT, Fraction(1))
    assert enough.planned.plan.status is Status.OPTIMAL
    assert enough.planned.plan.cost == enough.plain.plan.cost == 110_000_000
    scarce = protected(houses(*risky, money=1_349_999), EXACT, Fraction(1)).planned
    assert scarce.plan.status is Status.INFEASIBLE
    assert scarce.conflict is not None
    assert "reserve.fund" in scarce.conflict.ids
    # A budget of 1 has to cover the larger of 200,000 and 50,000.
    assert budget(2, Fraction(1, 2)) == 1
    half = protected(houses(*risky, money=1_300_000), EXACT, Fraction(1, 2))
    assert half.planned.plan.status is Status.OPTIMAL
    assert (
        protected(houses(*risky, money=1_299_999), EXACT, Fraction(1, 2)).planned.plan.status
        is Status.INFEASIBLE
    )


def test_other_figures_are_planned_at_their_worse_end() -> None:
    found = protected(houses(figure("need.road.amount", "1", "1.2")), EXACT, Fraction(9, 10))
    assert found.worse == {"need-road-amount": Fraction(12, 10)}
    assert found.planned.plan.cost is not None
    assert found.plain.plan.cost is not None
    assert found.planned.plan.cost - found.plain.plan.cost == 10 * 200_000  # ten more roads
    assert found.planned.clean


def test_a_protected_plan_stands_every_draw_that_its_budget_covers() -> None:
    risky = (figure("need.road.amount", "0.9", "1.2"), figure("fund.fund.amount", "0.95", "1.1"))
    case = houses(*risky, money=1_300_000)
    plan = protected(case, EXACT, Fraction(9, 10)).planned.plan.allocation
    assert plan is not None
    for number in range(30):
        found = carried_out(case, plan, draw(case, 1, number))
        assert found.missed == ()


@pytest.mark.parametrize("name", ["ruyuan", "anhui"])
def test_a_real_plan_holds_when_everything_is_as_planned(name: str) -> None:
    case = read_case(INPUTS / name)
    plan = make_plan(case, PlanOptions()).plan.allocation
    assert plan is not None
    assert carried_out(case, plan, dict.fromkeys(case.uncertain, Fraction(1))).missed == ()


def test_the_reserve_of_a_protected_plan_is_there_when_costs_rise() -> None:
    # Both costs at their highest take 1,350,000 元: that much there is, and the reserve may be spent.
    risky = (figure("measure.build.cost", "0.8", "1.2"), figure("measure.pave.cost", "0.5", "1.5"))
    case = houses(*risky, money=1_350_000)
    plan = protected(case, EXACT, Fraction(1)).planned.plan.allocation
    assert plan is not None
    highest = {"measure-build-cost": Fraction(12, 10), "measure-pave-cost": Fraction(15, 10)}
    assert carried_out(case, plan, highest).missed == ()
    for number in range(20):
        assert carried_out(case, plan, draw(case, 3, number)).missed == ()
    short = houses(*risky, money=1_349_000)
    assert carried_out(short, plan, highest).missed != ()


def test_what_a_fund_without_a_limit_must_be_able_to_bring() -> None:
    # Houses 1,000,000 元 (+20 %), roads 100,000 元 (+50 %), paid by a fund without a limit: both at their
    # highest take 250,000 元 more; of any one the larger counts, 200,000; of one and a half 225,000.
    risky = (figure("measure.build.cost", "0.8", "1.2"), figure("measure.pave.cost", "0.5", "1.5"))
    case = houses(*risky)
    opened = case.funds["fund"].model_copy(update={"supply": Supply.OPEN})
    case = case.model_copy(update={"funds": {"fund": opened}, "tables": replace(case.tables, supplied={})})
    plan = protected(case, EXACT, Fraction(1)).planned.plan.allocation
    assert plan is not None
    account = ("county", "fund", 2016)
    assert open_reserves(case, plan, Fraction(1)) == {account: 25_000_000}
    assert budget(2, Fraction(1, 2)) == 1
    assert open_reserves(case, plan, Fraction(1, 2)) == {account: 20_000_000}
    between = budget(2, Fraction(65, 100))
    assert 1 < between < 2
    assert open_reserves(case, plan, Fraction(65, 100)) == {account: 20_000_000 + 5_000_000 * (between - 1)}
    highest = {"measure-build-cost": Fraction(12, 10), "measure-pave-cost": Fraction(15, 10)}
    assert carried_out(case, plan, highest).missed != ()
    assert carried_out(case, plan, highest, reserves=open_reserves(case, plan, Fraction(1))).missed == ()
    short = {account: 24_990_000}
    assert carried_out(case, plan, highest, reserves=short).missed != ()


def checked_people(*uncertain: Uncertain) -> Case:
    """10 poor persons, help at 100 元 a year; 5 exits of 2016 are undone in 2017, when 4 become poor."""
    case = small_case(
        years=(2016, 2017),
        tables={
            "stocks": "county,poor,10,",
            "entrants": "county,poor,2017,new,4",
            "revoked": "county,poor,2017,5",
            "gaps": "poor,,,100",
            "costs": "help,,,100",
            "funds": "fund,county,2016,1000,\nfund,county,2017,2000,",
        },
        lists={
            "groups": "id: poor, title: p, counts: persons",
            "measures": "id: help, title: h, unit: share, lifetime: 1, payers: fund == fund, "
            "serves: {poor: {lift: 100元, most: 1}}",
            "funds": "id: fund, title: f, level: county, supply: up_to, pooled_at: county, cost_weight: 1",
            "targets": "id: out, title: o, kind: exits, groups: [poor], cumulative: yes, "
            "shares: {2017: 100%}",
        },
    )
    return case.model_copy(update={"uncertain": {item.id: item for item in uncertain}})


def test_more_newcomers_than_planned_are_missed() -> None:
    case = checked_people(figure("entrants.poor[new].members", "1", "2"))
    plan = make_plan(case, EXACT).plan.allocation
    assert plan is not None
    assert carried_out(case, plan, {"entrants-poor[new]-members": Fraction(1)}).missed == ()
    # 14 are planned for, 18 are there.
    [missed] = carried_out(case, plan, {"entrants-poor[new]-members": Fraction(2)}).missed or ()
    assert (missed.rule, missed.year) == ("out", 2017)
    assert missed.share == pytest.approx(4 / 18)


def test_a_draw_with_fewer_out_than_a_check_puts_back_has_an_answer() -> None:
    """Three persons' money in 2016, a check for five: three are out at the most, and nobody is put back."""
    case = checked_people(figure("fund.fund[2016].amount", "0.3", "1"))
    plan = make_plan(case, EXACT).plan.allocation
    assert plan is not None
    assert carried_out(case, plan, {"fund-fund[2016]-amount": Fraction(3, 10)}).missed == ()
    costs = checked_people(figure("measure.help.cost", "1", "4"))
    [missed] = carried_out(costs, plan, {"measure-help-cost": Fraction(4)}).missed or ()
    assert missed.share == pytest.approx(1 - 5 / 14)  # 2,000 元 buy 5 of 14 shares in 2017


def test_protection_plans_for_the_most_newcomers() -> None:
    case = checked_people(
        figure("entrants.poor[new].members", "1", "1.5"), figure("revoked.poor.members", "1", "1.2")
    )
    found = protected(case, EXACT, Fraction(9, 10))
    assert found.case.tables.entrants["county", "poor", 2017, Entry.NEW] == 6
    assert found.case.tables.revoked["county", "poor", 2017] == 6
    # 6 out in 2016 that a check can undo, and 16 in 2017.
    assert found.planned.plan.cost == (6 + 16) * 10_000
    assert found.plain.plan.cost == (5 + 14) * 10_000
