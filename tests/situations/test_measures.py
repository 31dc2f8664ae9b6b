"""Hand-worked situations, one for each shape a measure or fund can have: every figure fits on paper."""

from __future__ import annotations

from fractions import Fraction

from models.plan import Plan, Status
from optimizer.study.planning import PlanOptions, make_plan
from tests.situations.small import small_case

OPEN_COUNTY = "id: county, title: c, level: county, supply: open, pooled_at: county, cost_weight: 1"
HOUSES = "id: house, title: h, unit: house, kind: backlog, due: {2018: 100%}"


def plan(
    *,
    measures: str,
    costs: str,
    needs: str = HOUSES,
    amounts: str = "county,house,,3",
    funds: str = OPEN_COUNTY,
    years: tuple[int, int] = (2018, 2018),
    more_lists: dict[str, str] | None = None,
    more_tables: dict[str, str] | None = None,
    attributes: str = "",
    goal: str = "least cost",
    status: Status = Status.OPTIMAL,
) -> Plan:
    """The settled, audited plan of one county's houses (or whatever the arguments say)."""
    case = small_case(
        years=years,
        goal=goal,
        attributes=attributes,
        tables={"needs": amounts, "costs": costs, **(more_tables or {})},
        lists={"needs": needs, "measures": measures, "funds": funds, **(more_lists or {})},
    )
    planned = make_plan(case, PlanOptions(gap=1e-9))
    assert planned.plan.status is status, planned.plan.message
    if planned.plan.allocation is not None:
        assert planned.audit is not None
        assert [finding.message.en for finding in planned.audit.findings if finding.broken] == []
    return planned.plan


def money(found: Plan) -> dict[tuple[str, str, str, int], int]:
    assert found.allocation is not None
    return dict(found.allocation.money)


def units(found: Plan) -> dict[tuple[str, str, int], Fraction]:
    assert found.allocation is not None
    return dict(found.allocation.units)


def test_the_cheaper_measure_is_used_as_far_as_its_capacity_goes() -> None:
    found = plan(
        measures="""
            id: new, title: n, unit: house, meets: {house: 1}, payers: fund == county
            id: repair, title: r, unit: house, meets: {house: 1}, payers: fund == county
        """,
        costs="new,,,50000\nrepair,,,12345.67",
        more_tables={"capacity": "repair,county,total,2"},
    )
    assert found.cost == 5_000_000 + 2 * 1_234_567


def test_a_profile_splits_the_cost_over_years_in_whole_fen() -> None:
    found = plan(
        measures="id: new, title: n, unit: house, meets: {house: 1}, profile: [1/3,"
        " 2/3], years: [2017, 2017],"
        " payers: fund == county",
        costs="new,,,100.00",
        years=(2017, 2018),
        amounts="county,house,,1",
    )
    assert money(found) == {("county", "new", "county", 2017): 3333, ("county", "new", "county", 2018): 6667}


def test_shares_of_seven_to_three_are_whole_fen_per_house() -> None:
    found = plan(
        measures="id: new, title: n, unit: house, meets: {house: 1}, payers: fund == up or fund == city,"
        " shares: [{payer: fund == up, share: 7/10}, {payer: fund == city, share: 3/10}]",
        costs="new,,,0.05",
        funds="""
            id: up, title: p, level: provincial, supply: open, pooled_at: county, cost_weight: 1
            id: city, title: c, level: city, supply: open, pooled_at: county, cost_weight: 1
        """,
    )
    # 5 fen a house: 3.5 and 1.5, the last fen to the first of equal remainders.
    assert money(found) == {("county", "new", "up", 2018): 12, ("county", "new", "city", 2018): 3}


def test_the_county_matches_one_to_one() -> None:
    found = plan(
        measures="id: new, title: n, unit: house, meets: {house: 1},"
        " payers: fund.level == county or fund.level == provincial or fund.level == household,"
        " match: {by: fund == county, of: fund == up, ratio: 1}",
        costs="new,,,10000",
        funds=f"""
            {OPEN_COUNTY}
            id: up, title: p, level: provincial, supply: open, pooled_at: county, cost_weight: 1
            id: own, title: o, level: household, supply: up_to, pooled_at: county, cost_weight: 0
        """,
        more_tables={"funds": "own,county,2018,12000,"},
    )
    paid = money(found)
    assert paid["county", "new", "own", 2018] == 1_200_000
    assert paid["county", "new", "county", 2018] == paid["county", "new", "up", 2018] == 900_000


def test_one_payer_means_the_smaller_pot_cannot_help() -> None:
    found = plan(
        measures="id: new, title: n, unit: house, meets: {house: 1}, one_payer: yes,"
        " payers: fund.level == county or fund.level == household",
        costs="new,,,10000",
        funds=f"""
            {OPEN_COUNTY}
            id: own, title: o, level: household, supply: up_to, pooled_at: county, cost_weight: 0
        """,
        more_tables={"funds": "own,county,2018,29999,"},
    )
    assert money(found) == {("county", "new", "county", 2018): 3_000_000}


def test_lots_round_the_units_up() -> None:
    found = plan(
        measures="id: new, title: n, unit: house, lot: 2, meets: {house: 1}, payers: fund == county",
        costs="new,,,100",
    )
    assert units(found) == {("county", "new", 2018): 4}
    assert found.cost == 40_000


def test_a_smallest_size_is_bought_or_nothing() -> None:
    found = plan(
        measures="""
            id: big, title: b, unit: house, smallest: 3, meets: {house: 1}, payers: fund == county
            id: small, title: s, unit: house, meets: {house: 1}, payers: fund == county
        """,
        costs="big,,,90\nsmall,,,100",
        amounts="county,house,,2",
    )
    assert units(found) == {("county", "small", 2018): 2}


def test_upkeep_is_paid_while_a_unit_is_in_effect() -> None:
    found = plan(
        measures="id: post, title: p, unit: post, meets: {job: 1}, upkeep: 10元,"
        " lifetime: 2, payers: fund == county",
        costs="post,,,100",
        needs="id: job, title: j, unit: post, kind: entitlement",
        amounts="county,job,,1",
        years=(2018, 2020),
    )
    # Bought in 2018 and 2020; in effect 2018-2019 and 2020: 2 x 100 + 3 x 10.
    assert found.cost == 23_000
    assert sum(units(found).values()) == 2


def test_a_lag_means_starting_early() -> None:
    found = plan(
        measures="id: new, title: n, unit: house, lag: 1, meets: {house: 1}, payers: fund == county",
        costs="new,,,100",
        years=(2017, 2018),
    )
    assert units(found) == {("county", "new", 2017): 3}


def test_the_grid_comes_before_the_panels() -> None:
    found = plan(
        measures="""
            id: panel, title: p, unit: kW, meets: {power: 1}, after: [{measure: line,
              ratio: 10}], payers: fund == county
            id: line, title: l, unit: line, lag: 1, payers: fund == county
        """,
        costs="panel,,,5\nline,,,1000",
        needs="id: power, title: p, unit: kW, kind: backlog, due: {2018: 100%}",
        amounts="county,power,,25",
        years=(2017, 2018),
    )
    assert units(found) == {("county", "line", 2017): 3, ("county", "panel", 2018): 25}


def test_money_is_carried_within_the_spending_floor() -> None:
    found = plan(
        measures="id: new, title: n, unit: house, years: [2018, 2018],"
        " meets: {house: 1}, payers: fund == central\n"
        "id: other, title: o, unit: thing, payers: fund == central",
        costs="new,,,1000\nother,,,1",
        years=(2017, 2018),
        amounts="county,house,,1",
        funds="id: central, title: c, level: central, supply: given, pooled_at: county, cost_weight: 1,"
        " carry_over: yes, spending_floor: 92%",
        more_tables={"funds": "central,county,2017,1000,\ncentral,county,2018,1000,"},
    )
    assert found.allocation is not None
    carried = found.allocation.carried.get(("county", "central", 2017), 0)
    lapsed = found.allocation.lapsed.get(("county", "central", 2017), 0)
    assert carried + lapsed <= 8_000
    assert money(found)["county", "other", "central", 2017] == 92_000


def test_income_is_closed_by_the_cheapest_mix() -> None:
    found = plan(
        measures="""
            id: share, title: s, unit: share, serves: {able: {lift: 2000元, most: 1}}, payers: fund == county
            id: solar, title: p, unit: kW, serves: {able: {lift: 500元, most: 2}}, payers: fund == county
        """,
        costs="share,,,20000\nsolar,,,3000",
        needs=HOUSES,
        amounts="county,house,,0",
        more_lists={
            "groups": "id: able, title: a, counts: persons",
            "targets": "id: exit, title: e, kind: exits, groups: [able], cumulative: yes,"
            " amounts: {2018: 10}",
        },
        more_tables={"stocks": "county,able,10,", "gaps": "able,,,2500"},
    )
    # A kW costs 6 per yuan of lift, a share 10. 20 kW close 10,000 of the 25,000 at most; 7.5 shares the
    # rest, and in whole units 8 shares leave 9,000 to 18 kW.
    assert units(found) == {("county", "share", 2018): 8, ("county", "solar", 2018): 18}
    assert found.cost == 8 * 2_000_000 + 18 * 300_000


def test_open_houses_hold_people_back() -> None:
    found = plan(
        measures="id: new, title: n, unit: house, meets: {house: 1}, payers: fund == county",
        costs="new,,,100",
        needs="id: house, title: h, unit: house, kind: backlog, holds: {able: 3}",
        amounts="county,house,,10",
        more_lists={
            "groups": "id: able, title: a, counts: persons",
            "targets": "id: exit, title: e, kind: exits, groups: [able], cumulative: yes,"
            " amounts: {2018: 80}",
        },
        more_tables={"stocks": "county,able,100,"},
    )
    # 20 may stay poor: 6 open houses hold 18 of them, 7 would hold 21.
    assert units(found) == {("county", "new", 2018): 4}


def test_those_who_fall_back_must_leave_again() -> None:
    found = plan(
        measures="id: help, title: h, unit: share, lifetime: 1, serves: {able: {lift: 100元, most: 1}},"
        " payers: fund == county",
        costs="help,,,10",
        amounts="county,house,,0",
        needs="id: house, title: h, unit: house, kind: backlog",
        years=(2018, 2019),
        more_lists={
            "groups": "id: able, title: a, counts: persons, relapse: 5%",
            "targets": "id: exit, title: e, kind: exits, groups: [able], cumulative: yes,"
            " amounts: {2018: 50, 2019: 100}",
        },
        more_tables={"stocks": "county,able,100,", "gaps": "able,,,100"},
    )
    assert found.allocation is not None
    assert found.allocation.exits == {("county", "able", 2018): 50, ("county", "able", 2019): 53}
    assert found.allocation.returned == {("county", "able", 2019): 3}


def test_nobody_takes_two_of_an_exclusive_pair() -> None:
    lists = {
        "groups": "id: able, title: a, counts: persons",
        "targets": "id: exit, title: e, kind: exits, groups: [able], cumulative: yes, amounts: {2018: 10}",
        "exclusions": "id: once, title: o, measures: [grant, loan], group: able",
    }
    found = plan(
        measures="""
            id: grant, title: g, unit: grant, serves: {able: {lift: 100元, most: 1}}, payers: fund == county
            id: loan, title: l, unit: loan, serves: {able: {lift: 100元, most: 1}}, payers: fund == county
        """,
        costs="grant,,,10\nloan,,,10",
        amounts="county,house,,0",
        more_lists=lists,
        more_tables={"stocks": "county,able,10,", "gaps": "able,,,150"},
        status=Status.INFEASIBLE,
    )
    assert found.allocation is None


def test_most_exits_within_given_money() -> None:
    found = plan(
        measures="id: help, title: h, unit: share, serves: {able: {lift: 100元,"
        " most: 1}}, payers: fund == central",
        costs="help,,,10",
        amounts="county,house,,0",
        goal="most exits",
        funds="id: central, title: c, level: central, supply: given, pooled_at: county, cost_weight: 1",
        more_lists={"groups": "id: able, title: a, counts: persons"},
        more_tables={
            "stocks": "county,able,100,",
            "gaps": "able,,,100",
            "funds": "central,county,2018,555.55,",
        },
    )
    assert found.objective == 55
