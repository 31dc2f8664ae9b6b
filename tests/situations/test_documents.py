"""Hand-worked situations for clauses of the five documents that ask for a combination of things."""

from __future__ import annotations

from fractions import Fraction

from models.case import Case
from models.plan import Status
from optimizer.study.planning import Planned, PlanOptions, make_plan
from tests.situations.small import CITATION, small_case
from tests.situations.test_measures import money, plan, units

COUNTY = "id: county, title: c, level: county, supply: open, pooled_at: county, cost_weight: 1"
NO_HOUSE = "id: house, title: h, unit: house, kind: backlog"


def planned(case: Case, status: Status = Status.OPTIMAL) -> Planned:
    found = make_plan(case, PlanOptions(gap=1e-9))
    assert found.plan.status is status, found.plan.message
    return found


def rule(left: str, compare: str, right: str, *, more: str = "for_each: [year]") -> dict[str, str]:
    text = f"id: R, title: r, years: [2017, 2018], severity: hard, {more}, left: {left}"
    return {"rules": f"{text}, is: '{compare}', right: {right}"}


def test_a_fifth_of_farm_money_without_the_universal_subsidy() -> None:
    """涉农资金扣除普惠补贴后至少 20% 用于扶贫 (Y074)."""
    found = plan(
        measures="""
            id: poor, title: p, unit: yuan, tags: [poverty], payers: fund.tag == agri
            id: farm, title: f, unit: yuan, payers: fund.tag == agri
        """,
        costs="poor,,,1\nfarm,,,1",
        needs=NO_HOUSE,
        amounts="county,house,,0",
        funds="""
            id: general, title: g, level: city, tags: [agri], supply: given, pooled_at: county, cost_weight: 1
            id: universal, title: u, level: central, tags: [agri, all_farmers], supply: given,
              pooled_at: county, cost_weight: 1
        """,
        more_tables={"funds": "general,county,2018,1000,\nuniversal,county,2018,9000,"},
        more_lists=rule(
            "spent(fund.tag == agri and not fund.tag == all_farmers and measure.tag == poverty)",
            ">=",
            "20% * available(fund.tag == agri and not fund.tag == all_farmers)",
        ),
    )
    # A fifth of 1,000, not of 10,000.
    assert found.cost == 20_000


def test_a_share_of_the_revenue_increment_and_growth_above_revenue() -> None:
    """新增财政收入的 15% (H), 投入增幅高于财政收入增幅 (Y): figures of the region by year."""
    case = small_case(
        years=(2017, 2018),
        attributes="revenue_2016, revenue_2017, revenue_2018",
        tables={
            "regions": "county,county,county,,,,1000,1200,1500",
            "costs": "aid,,,1",
            "funds": "own,county,2016,100,\nown,county,2017,900,\nown,county,2018,900,",
        },
        lists={
            "measures": "id: aid, title: a, unit: yuan, payers: fund == own",
            "funds": "id: own, title: o, level: county, supply: up_to, pooled_at: county, cost_weight: 1",
            "rules": """
                id: I, title: i, years: [2018, 2018], severity: hard, for_each: [year, region],
                  left: available(fund == own), is: '>=',
                  right: 1元/person * 15% * (region.revenue_2018 - region.revenue_2017)
                id: G, title: g, years: [2017, 2017], severity: hard, for_each: [year, region],
                  left: available(fund == own), is: '>=',
                  right: region.revenue_2017 / region.revenue_2016 * previous(available(fund == own))
                id: S, title: s, years: [2017, 2018], severity: hard, for_each: [year],
                  left: spent(), is: '=', right: available()
            """,
        },
    )
    found = planned(case)
    assert found.plan.allocation is not None
    # 2017: 100 x 1,200 / 1,000; 2018: 15 % of 300.
    assert found.plan.allocation.brought == {("county", "own", 2017): 12_000, ("county", "own", 2018): 4_500}


def test_the_county_may_not_be_made_to_match() -> None:
    """取消县级配套: no county money for this measure, although it would be free."""
    found = plan(
        measures="id: road, title: r, unit: road, meets: {road: 1}, payers: fund.level != household",
        costs="road,,,500",
        needs="id: road, title: r, unit: road, kind: backlog, due: {2018: 100%}",
        amounts="county,road,,2",
        funds="""
            id: county, title: c, level: county, supply: open, pooled_at: county, cost_weight: 0
            id: up, title: u, level: provincial, supply: open, pooled_at: county, cost_weight: 1
        """,
        more_lists=rule("spent(fund.level == county and measure == road)", "=", "0元"),
    )
    assert money(found) == {("county", "road", "up", 2018): 100_000}


def test_a_ceiling_of_a_fifth_for_equipment() -> None:
    found = plan(
        measures="""
            id: tools, title: t, unit: set, meets: {skill: 1}, payers: fund == county
            id: course, title: c, unit: course, meets: {skill: 1}, payers: fund == county
        """,
        costs="tools,,,100\ncourse,,,200",
        needs="id: skill, title: s, unit: place, kind: backlog, due: {2018: 100%}",
        amounts="county,skill,,9",
        more_lists=rule("spent(measure == tools)", "<=", "20% * spent()"),
    )
    # 3 sets cost 300 of 1,500; a fourth would be 400 of 1,400.
    assert units(found) == {("county", "tools", 2018): 3, ("county", "course", 2018): 6}


def test_interest_is_subsidised_on_the_balance_of_loans() -> None:
    """Loans stand for three years; credit is no public cost, interest of 4.35 % a year on each is."""
    found = plan(
        measures="""
            id: loan, title: l, unit: loan, lifetime: 3, payers: fund == bank, meets: {credit: 1},
              years: [2016, 2016]
            id: interest, title: i, unit: loan, lifetime: 1, payers: fund == county
        """,
        costs="loan,,,50000\ninterest,,,2175",
        needs="id: credit, title: c, unit: loan, kind: backlog, due: {2016: 100%}",
        amounts="county,credit,,4",
        funds=f"""
            {COUNTY}
            id: bank, title: b, level: social, supply: open, pooled_at: county, cost_weight: 0
        """,
        years=(2016, 2018),
        more_lists={
            "rules": "id: R, title: r, years: [2016, 2018], severity: hard, for_each: [year, region],"
            " is: '=',"
            " left: in_effect(measure == interest), right: in_effect(measure == loan)"
        },
    )
    assert found.cost == 3 * 4 * 217_500


def test_helpers_look_after_three_households_each() -> None:
    """Not money: 4 helpers, at most 3 households each; the fifth county official is not there."""
    found = plan(
        measures="id: visit, title: v, unit: household, lifetime: 1, uses: {helper: 1/3}, meets: {care: 1},"
        " payers: fund == county",
        costs="visit,,,10",
        needs="id: care, title: c, unit: household, kind: entitlement",
        amounts="county,care,,12",
        more_lists={"resources": "id: helper, title: h, unit: helper"},
        more_tables={"resources": "helper,county,2018,4"},
    )
    assert units(found) == {("county", "visit", 2018): 12}
    short = plan(
        measures="id: visit, title: v, unit: household, lifetime: 1, uses: {helper: 1/3}, meets: {care: 1},"
        " payers: fund == county",
        costs="visit,,,10",
        needs="id: care, title: c, unit: household, kind: entitlement",
        amounts="county,care,,13",
        more_lists={"resources": "id: helper, title: h, unit: helper"},
        more_tables={"resources": "helper,county,2018,4"},
        status=Status.INFEASIBLE,
    )
    assert short.allocation is None


def test_exits_by_path_keep_within_their_band() -> None:
    """1.2万 by industry give or take a tenth: the dearer path is used only as far as the band demands."""
    case = small_case(
        years=(2018, 2018),
        tables={
            "stocks": "county,industry,130,\ncounty,welfare,100,",
            "gaps": "industry,,,100\nwelfare,,,100",
            "costs": "farm,,,20\ndole,,,10",
        },
        lists={
            "groups": "id: industry, title: i, counts: persons\nid: welfare, title: w, counts: persons",
            "measures": """
                id: farm, title: f, unit: share, payers: fund == county,
                  serves: {industry: {lift: 100元, most: 1}}
                id: dole, title: d, unit: share, payers: fund == county,
                  serves: {welfare: {lift: 100元, most: 1}}
            """,
            "funds": COUNTY,
            "targets": """
                id: all, title: a, kind: exits, groups: [industry, welfare], cumulative: yes,
                  amounts: {2018: 200}
                id: low, title: l, kind: exits, groups: [industry], cumulative: yes, amounts: {2018: 108}
                id: high, title: h, kind: exits, groups: [industry], cumulative: yes, compare: '<=',
                  amounts: {2018: 132}
            """,
        },
    )
    found = planned(case)
    assert found.plan.allocation is not None
    assert found.plan.allocation.exits == {("county", "industry", 2018): 108, ("county", "welfare", 2018): 92}


def test_person_then_village_then_county() -> None:
    """A village leaves when all its poor are out, the county when half of its villages have left."""
    everyone = f"{{id: all, kind: group_out, share: 100%, groups: [able], citation: {CITATION}}}"
    half = f"{{id: half, kind: regions_out, level: village, share: 1/2, citation: {CITATION}}}"
    case = small_case(
        years=(2018, 2018),
        tables={
            "regions": "c,c,county,,,\nv,v,village,c,,\nw,w,village,c,,",
            "stocks": "v,able,4,\nw,able,7,",
            "gaps": "able,,,100",
            "costs": "help,,,10",
        },
        lists={
            "groups": "id: able, title: a, counts: persons",
            "measures": "id: help, title: h, unit: share, serves: {able: {lift: 100元, most: 1}},"
            " payers: fund == county",
            "funds": COUNTY,
            "standards": f"""
                id: village, title: v, where: region.level == village, conditions: [{everyone}]
                id: county, title: c, where: region.level == county, conditions: [{half}]
            """,
            "targets": "id: gone, title: g, kind: listed, standard: county, cumulative: yes,"
            " amounts: {2018: 1}",
        },
    )
    found = planned(case)
    assert found.plan.allocation is not None
    assert found.plan.allocation.leaves == {("v", "village", 2018): 1, ("c", "county", 2018): 1}
    assert found.plan.allocation.exits == {("v", "able", 2018): 4}


def test_house_types_of_25_square_metres_a_person() -> None:
    """50/75/100/125 m²: a household of three may have 75, not 100, though both are built."""
    types = {50: 2, 75: 3, 100: 4, 125: 5}
    sizes = (2, 3, 5)
    needs = "\n".join(
        f"id: size{n}, title: s, unit: household, kind: backlog, due: {{2018: 100%}}" for n in sizes
    )
    measures = "\n".join(
        f"id: m{metres}for{n}, title: m, unit: household, indivisible: yes, meets: {{size{n}: 1}},"
        " payers: fund == county"
        for metres, persons in types.items()
        for n in sizes
        if persons == n  # the largest house the rule allows; smaller ones are left out here
    )
    found = plan(
        measures=measures,
        costs="m50for2,,,50000\nm75for3,,,75000\nm125for5,,,125000",
        needs=needs,
        amounts="county,size2,,4\ncounty,size3,,2\ncounty,size5,,1",
    )
    assert found.cost == 100 * (4 * 50_000 + 2 * 75_000 + 125_000)


def test_a_station_is_between_50_and_100_kilowatts() -> None:
    measures = (
        "id: station, title: s, unit: kW, smallest: 50, meets: {power: 1}, payers: fund == county\n"
        "id: roof, title: r, unit: kW, meets: {power: 1}, payers: fund == county"
    )
    for needed, station in ((40, 0), (60, 60), (130, 100)):
        found = plan(
            measures=measures,
            costs="station,,,7000\nroof,,,8000",
            needs="id: power, title: p, unit: kW, kind: backlog, due: {2018: 100%}",
            amounts=f"county,power,,{needed}",
            more_tables={"capacity": "station,county,2018,100"},
        )
        assert units(found).get(("county", "station", 2018), Fraction(0)) == station


def test_no_second_investment_within_five_years() -> None:
    """五年内不重复安排: one per place in all years of the plan, so the second need waits in vain."""
    found = plan(
        measures="id: works, title: w, unit: project, meets: {project: 1}, payers: fund == county",
        costs="works,,,100",
        needs="id: project, title: p, unit: project, kind: backlog",
        amounts="county,project,,2",
        years=(2016, 2018),
        more_tables={"capacity": "works,county,total,1"},
        more_lists={
            "targets": "id: done, title: d, kind: met, need: project, cumulative: yes, amounts: {2018: 2},"
            " severity: soft, price: 1000元"
        },
    )
    assert sum(units(found).values()) == 1
    assert found.objective == 10_000 + 100_000


def test_grants_stack_or_exclude_each_other() -> None:
    """技工补助与雨露计划不重复 (A045): each pupil draws one of the two; the meal subsidy stacks."""
    found = plan(
        measures="""
            id: craft, title: c, unit: pupil, lifetime: 1, meets: {schooling: 1}, payers: fund == county
            id: rain, title: r, unit: pupil, lifetime: 1, meets: {schooling: 1}, payers: fund == county
            id: meal, title: m, unit: pupil, lifetime: 1, meets: {meals: 1}, payers: fund == county
        """,
        costs="craft,,,3000\nrain,,,2500\nmeal,,,800",
        needs="""
            id: schooling, title: s, unit: pupil, kind: entitlement
            id: meals, title: m, unit: pupil, kind: entitlement
        """,
        amounts="county,schooling,,5\ncounty,meals,,5",
        more_tables={"capacity": "rain,county,2018,2"},
        more_lists={"exclusions": "id: once, title: o, measures: [craft, rain], need: schooling"},
    )
    assert found.cost == 100 * (3 * 3000 + 2 * 2500 + 5 * 800)


def test_what_was_owed_before_is_paid_first() -> None:
    """Retroactive cover: a backlog that is due in the first year."""
    found = plan(
        measures="id: refund, title: r, unit: bill, meets: {bill: 1}, payers: fund == county",
        costs="refund,,,1200",
        needs="id: bill, title: b, unit: bill, kind: backlog, due: {2017: 100%}",
        amounts="county,bill,,3",
        years=(2017, 2018),
    )
    assert money(found) == {("county", "refund", "county", 2017): 360_000}


def test_support_does_not_fall_after_a_county_has_left() -> None:
    """脱贫不脱政策: for counties on the list, money does not fall from year to year."""
    found = plan(
        measures="id: new, title: n, unit: house, years: [2017, 2017], meets: {house: 1},"
        " payers: fund == county\n"
        "id: care, title: c, unit: yuan, payers: fund == county",
        costs="new,,,100\ncare,,,1",
        needs="id: house, title: h, unit: house, kind: backlog, due: {2017: 100%}",
        amounts="county,house,,3",
        years=(2017, 2018),
        more_lists=rule("spent()", ">=", "previous(spent())", more="for_each: [year, region]"),
    )
    assert money(found)["county", "care", "county", 2018] == 30_000


def test_teams_of_three_or_five_by_kind_of_village() -> None:
    """驻村工作队: three people in a village, five where it is deep; people are a resource, not money."""
    case = small_case(
        years=(2018, 2018),
        tables={
            "regions": "c,c,county,,,\nv,v,village,c,,\nw,w,village,c,deep,",
            "costs": "post,,,1",
            "resources": "cadre,c,2018,8",
        },
        lists={
            "measures": "id: post, title: p, unit: person, uses: {cadre: 1}, payers: fund == county",
            "funds": COUNTY,
            "resources": "id: cadre, title: c, unit: person",
            "rules": """
                id: three, title: t, years: [2018, 2018], severity: hard, for_each: [year, region],
                  where: region.level == village, left: units(), is: '>=', right: 3人
                id: five, title: f, years: [2018, 2018], severity: hard, for_each: [year, region],
                  where: region.tag == deep, left: units(), is: '>=', right: 5人
            """,
        },
    )
    found = planned(case)
    assert found.plan.allocation is not None
    assert found.plan.allocation.units == {("v", "post", 2018): 3, ("w", "post", 2018): 5}


def test_land_revenue_goes_back_whole_and_only_to_deep_counties() -> None:
    """增减挂钩收益全部用于深度贫困县: a ring-fence by place, and every fen of it returned."""
    case = small_case(
        years=(2018, 2018),
        tables={
            "regions": "p,p,province,,,\na,a,county,p,deep,\nb,b,county,p,,",
            "costs": "works,,,1",
            "funds": "land,p,2018,700,\nown,p,2018,500,",
        },
        lists={
            "measures": "id: works, title: w, unit: yuan, payers: fund == land or fund == own",
            "funds": """
                id: land, title: l, level: provincial, supply: given, pooled_at: province, cost_weight: 1,
                  where: region.tag == deep, spending_floor: 100%
                id: own, title: o, level: provincial, supply: up_to, pooled_at: province, cost_weight: 1
            """,
            "rules": "id: R, title: r, years: [2018, 2018], severity: hard, for_each: [year, region],"
            " where: region.level == county, left: spent(), is: '>=', right: 300元",
        },
    )
    found = planned(case)
    assert found.plan.allocation is not None
    assert found.plan.allocation.money == {
        ("a", "works", "land", 2018): 70_000,
        ("b", "works", "own", 2018): 30_000,
    }
