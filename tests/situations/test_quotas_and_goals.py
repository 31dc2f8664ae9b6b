"""Hand-worked situations: principal that comes back, whole quotas, goals in order, unknown amounts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.money import parts
from models.plan import Status
from optimizer.study.planning import Planned, PlanOptions, make_plan
from tests.situations.small import small_case
from tests.situations.test_measures import HOUSES, plan, units

COUNTIES = "p,p,province,,,,\na,a,county,p,,,{0}\nb,b,county,p,,,{1}\nc,c,county,p,,,{2}"


def test_principal_comes_back_and_is_spent_again() -> None:
    found = plan(
        measures="""
            id: share, title: s, unit: share, years: [2016, 2016], payers: fund == central, meets: {asset: 1},
              recovers: {after: 2, share: 100%, into: county}
            id: new, title: n, unit: house, meets: {house: 1}, payers: fund == county
        """,
        costs="share,,,10000\nnew,,,3000",
        needs="id: asset, title: a, unit: share, kind: backlog, due: {2016: 100%}\n" + HOUSES,
        amounts="county,asset,,1\ncounty,house,,3",
        funds="""
            id: central, title: c, level: central, supply: given, pooled_at: county, cost_weight: 1
            id: county, title: y, level: county, supply: up_to, pooled_at: county, cost_weight: 1
        """,
        years=(2016, 2018),
        more_tables={
            "funds": "central,county,2016,10000,\ncentral,county,2017,0,\ncentral,county,2018,0,\n"
            "county,county,2016,0,\ncounty,county,2017,0,\ncounty,county,2018,0,"
        },
    )
    # The county has no money of its own; 10,000 come back in 2018 and pay for three houses at 3,000.
    assert units(found)["county", "new", 2018] == 3
    assert found.allocation is not None
    assert found.allocation.lapsed[("county", "county", 2018)] == 100_000


def quotas(total: int, households: tuple[int, int, int]) -> dict[str, int]:
    """Loans of each county when a quota is shared out by households."""
    case = small_case(
        years=(2017, 2017),
        attributes="households",
        tables={
            "regions": COUNTIES.format(*households),
            "needs": f"a,loan,,{total}\nb,loan,,{total}\nc,loan,,{total}",
            "costs": "credit,,,1",
        },
        lists={
            "needs": "id: loan, title: l, unit: loan, kind: backlog",
            "measures": "id: credit, title: c, unit: loan, meets: {loan: 1}, payers: fund == bank",
            "funds": "id: bank, title: b, level: social, supply: open, pooled_at: province, cost_weight: 1",
            "targets": "id: quota, title: q, kind: met, need: loan, each: county, apportion: households,"
            f" cumulative: yes, compare: '=', amounts: {{2017: {total}}}",
        },
    )
    found = make_plan(case, PlanOptions(gap=1e-9))
    assert found.plan.status is Status.OPTIMAL
    assert found.plan.allocation is not None
    return {region: int(amount) for (region, _, _), amount in found.plan.allocation.units.items()}


def test_a_quota_is_shared_out_by_households_in_whole_numbers() -> None:
    # 10 by 5 : 3 : 1 is 5.56, 3.33, 1.11: the last one goes to the largest remainder.
    assert quotas(10, (500, 300, 100)) == {"a": 6, "b": 3, "c": 1}


def test_the_alabama_paradox_of_largest_remainders() -> None:
    """One more to share out, and somebody gets less: known of the method, and said in the docs."""
    assert quotas(10, (6, 6, 2)) == {"a": 4, "b": 4, "c": 2}
    assert quotas(11, (6, 6, 2)) == {"a": 5, "b": 5, "c": 1}


def test_the_population_paradox_of_largest_remainders() -> None:
    """The second county grows faster than the first (10 % to under 10 %) and loses one to it."""
    before = parts(20, [Fraction(72), Fraction(20), Fraction(176)])
    after = parts(20, [Fraction(79), Fraction(22), Fraction(178)])
    assert Fraction(22, 20) > Fraction(79, 72)
    assert (before, after) == ((5, 2, 13), (6, 1, 13))


@pytest.mark.parametrize("total", range(30))
def test_quotas_add_up_and_keep_to_their_share(total: int) -> None:
    weights = [Fraction(7), Fraction(5), Fraction(3), Fraction(1)]
    shared = parts(total, weights)
    assert sum(shared) == total
    assert all(abs(part - total * weight / 16) < 1 for part, weight in zip(shared, weights, strict=True))


def in_order(first: str) -> Planned:
    """Ten poor, money for help at 100 each; leaving three behind at a price of 50 each is cheaper."""
    case = small_case(
        years=(2018, 2018),
        tables={"stocks": "county,able,10,", "gaps": "able,,,100", "costs": "help,,,100"},
        lists={
            "groups": "id: able, title: a, counts: persons",
            "measures": "id: help, title: h, unit: share, payers: fund == county,"
            " serves: {able: {lift: 100元, most: 1}}",
            "funds": "id: county, title: c, level: county, supply: open, pooled_at: county, cost_weight: 1",
            "targets": "id: exit, title: e, kind: exits, groups: [able], cumulative: yes,"
            " amounts: {2018: 10}, severity: soft, price: 50元",
        },
        goal=f"least cost{first}",
    )
    found = make_plan(case, PlanOptions(gap=1e-9))
    assert found.plan.status is Status.OPTIMAL
    return found


def test_a_price_weighs_shortfall_against_cost() -> None:
    found = in_order("")
    assert found.plan.cost == 0
    assert found.plan.objective == 50_000


def test_shortfall_first_then_cost() -> None:
    found = in_order("\nfirst_goals: [least shortfall]")
    assert found.plan.cost == 100_000
    assert found.plan.objective == 100_000


def test_an_unknown_amount_is_what_the_plan_says_it_takes() -> None:
    found = plan(
        measures="id: new, title: n, unit: house, meets: {house: 1}, payers: fund == county",
        costs="new,,,1234.56",
        funds="id: county, title: c, level: county, supply: up_to, pooled_at: county, cost_weight: 1",
        more_tables={"funds": "county,county,2018,unknown,"},
    )
    assert found.allocation is not None
    assert found.allocation.brought == {("county", "county", 2018): 3 * 123_456}


def test_a_risk_fund_carries_ten_times_its_money_in_loans_outstanding() -> None:
    found = plan(
        measures="""
            id: loan, title: l, unit: loan, lifetime: 2, payers: fund == bank, meets: {credit: 1}
            id: cover, title: c, unit: loan, payers: fund == county
        """,
        costs="loan,,,50000\ncover,,,5000",
        needs="id: credit, title: c, unit: loan, kind: entitlement",
        amounts="county,credit,,3",
        funds="""
            id: bank, title: b, level: social, supply: open, pooled_at: county, cost_weight: 0
            id: county, title: y, level: county, supply: open, pooled_at: county, cost_weight: 1
        """,
        years=(2016, 2018),
        more_lists={
            "rules": "id: R, title: r, years: [2016, 2018], severity: hard, for_each: [year], is: '<=',"
            " left: in_effect(measure == loan), right: in_effect(measure == cover)"
        },
    )
    # Three loans of 50,000 stand in every year; a tenth of each is put into the risk fund, once.
    assert found.cost == 1_500_000


def test_what_is_carried_over_must_be_spent_in_the_next_year() -> None:
    carried = "previous(carried(fund == central))"
    found = plan(
        measures="id: new, title: n, unit: house, meets: {house: 1}, payers: fund == central",
        costs="new,,,1000",
        amounts="county,house,,3",
        funds="id: central, title: c, level: central, supply: given, pooled_at: county, cost_weight: 1,"
        " carry_over: yes",
        years=(2016, 2018),
        more_tables={
            "funds": "central,county,2016,2000,\ncentral,county,2017,0,\ncentral,county,2018,1000,",
            "capacity": "new,county,2016,0",
        },
        more_lists={
            "rules": "id: R, title: r, years: [2016, 2018], severity: hard, for_each: [year], is: '>=',"
            f" left: spent(fund == central), right: {carried}"
        },
    )
    # The 2,000 of 2016 cannot wait until 2018: two houses in 2017, one in 2018.
    assert units(found) == {("county", "new", 2017): 2, ("county", "new", 2018): 1}
