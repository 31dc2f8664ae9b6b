"""Hand-worked situations for funding rules, exit standards, soft targets and conflicts."""

from __future__ import annotations

from models.case import Case
from models.plan import Status
from optimizer.study.planning import Planned, PlanOptions, make_plan
from tests.situations.small import CITATION, small_case

HOUSE = "id: house, title: h, unit: house, kind: backlog"
NEW = "id: new, title: n, unit: house, tags: [works], meets: {house: 1}, payers: fund.level != household"


def planned(case: Case, status: Status = Status.OPTIMAL) -> Planned:
    found = make_plan(case, PlanOptions(gap=1e-9))
    assert found.plan.status is status, found.plan.message
    return found


def two_levels(*, right: str, left: str = "available(fund == up)", patches: tuple[str, ...] = ()) -> Case:
    return small_case(
        years=(2018, 2019),
        tables={
            "needs": "county,house,,100",
            "costs": "new,,,1000",
            "funds": "central,county,2017,20000,\ncentral,county,2018,30000,\ncentral,county,2019,45000,\n"
            "up,county,2017,10000,\nup,county,2018,80000,\nup,county,2019,80000,",
        },
        lists={
            "needs": f"{HOUSE}, due: {{2018: 40%, 2019: 100%}}",
            "measures": NEW,
            "funds": """
                id: central, title: c, level: central, supply: given, pooled_at: county, cost_weight: 1
                id: up, title: u, level: provincial, supply: up_to, pooled_at: county, cost_weight: 2
            """,
            "rules": f"id: R, title: r, years: [2018, 2019], severity: hard, for_each: [year], left: {left},"
            f" is: '>=', right: {right}",
        },
        patches=patches,
    )


def brought(found: Planned, fund: str) -> dict[int, int]:
    assert found.plan.allocation is not None
    return {year: amount for (_, name, year), amount in found.plan.allocation.brought.items() if name == fund}


def test_the_province_gives_at_least_two_fifths_of_central_money() -> None:
    found = planned(two_levels(right="2/5 * available(fund == central)"))
    up = brought(found, "up")
    # 100 houses cost 100,000; central money pays 75,000 of it, the province the rest and never under 2/5.
    assert up[2018] >= 1_200_000
    assert up[2019] >= 1_800_000
    assert up[2018] + up[2019] == 3_000_000


def test_provincial_money_grows_no_slower_than_central() -> None:
    growth = "given(fund == central) / previous(given(fund == central))"
    found = planned(two_levels(right=f"{growth} * previous(available(fund == up))"))
    up = brought(found, "up")
    # From 10,000: at least x 1.5 = 15,000, then x 1.5 again = 22,500.
    assert up[2018] >= 1_500_000
    assert 2 * up[2019] >= 3 * up[2018]


def test_money_for_each_village_that_is_not_out_yet() -> None:
    case = small_case(
        years=(2018, 2019),
        tables={"stocks": "county,deep,4,", "costs": "road,,,1000"},
        lists={
            "groups": "id: deep, title: d, counts: villages",
            "measures": "id: road, title: r, unit: road, payers: fund == earmark",
            "funds": "id: earmark, title: f, level: provincial, supply: open, pooled_at: county,"
            " cost_weight: 1",
            "targets": "id: out, title: o, kind: exits, groups: [deep], cumulative: yes, compare: '=',"
            " amounts: {2018: 2, 2019: 4}",
            "rules": "id: R, title: r, years: [2018, 2019], severity: hard, for_each: [year],"
            " left: available(fund == earmark), is: '=',"
            " right: 500元/村 * (stock(group == deep) - previous(out(group == deep)))",
        },
    )
    # Four villages are in at the start of 2018, two at the start of 2019.
    assert brought(planned(case), "earmark") == {2018: 200_000, 2019: 100_000}


def leaving(target: str, *, more: str = "") -> Case:
    return small_case(
        years=(2018, 2019),
        attributes="rural",
        tables={
            "regions": "p,province,province,,,,2000\na,a,county,p,poor,,1000\nb,b,county,p,poor,,1000",
            "stocks": "a,able,50,\nb,able,50,",
            "gaps": "able,,,100",
            "needs": "a,house,,4\nb,house,,1",
            "costs": "new,,,1000\nhelp,,,100",
        },
        lists={
            "groups": "id: able, title: a, counts: persons",
            "needs": HOUSE,
            "measures": f"{NEW}\nid: help, title: h, unit: share, lifetime: 1, payers: fund == up,"
            " serves: {able: {lift: 100元, most: 1}}",
            "funds": "id: up, title: u, level: provincial, supply: open, pooled_at: province, cost_weight: 1",
            "standards": "id: leave, title: l, where: region.tag == poor, conditions: ["
            f"{{id: few, kind: poor_share, share: 2%, of: rural, groups: [able], citation: {CITATION}}},"
            f"{{id: houses, kind: need, need: house, share: 100%, citation: {CITATION}}}]",
            "targets": "id: gone, title: g, kind: listed, standard: leave, cumulative: yes,"
            f" {target}\n{more}",
        },
    )


def test_the_county_with_fewer_houses_leaves_first() -> None:
    found = planned(leaving("amounts: {2018: 1, 2019: 1}"))
    assert found.plan.allocation is not None
    assert found.plan.allocation.leaves == {("b", "leave", 2018): 1}
    # One house; 30 of 50 persons out so that 20 (2 % of 1,000) remain, helped in both years.
    assert found.plan.cost == 100_000 + 2 * 30 * 10_000


def test_a_soft_target_is_missed_when_that_is_cheaper() -> None:
    found = planned(leaving("amounts: {2019: 2}, severity: soft, price: 3500元"))
    assert found.plan.allocation is not None
    # b costs 1,000 + 3,000 = 4,000 > 3,500 and a more: nobody leaves, two shortfalls are paid.
    assert found.plan.allocation.leaves == {}
    assert found.plan.objective == 700_000
    assert found.plan.cost == 0


def test_a_contradiction_names_the_target_and_the_fund() -> None:
    case = two_levels(right="0元", patches=("fund.up.amount=10000元",))
    found = planned(case, Status.INFEASIBLE)
    assert found.conflict is not None
    assert found.conflict.proven
    assert found.conflict.irreducible
    assert set(found.conflict.ids) == {"due.house", "supply.central", "supply.up"}


def test_two_contradictory_targets_are_named_and_nothing_else() -> None:
    at_most = (
        "id: slow, title: s, kind: exits, groups: [able], cumulative: yes, compare: '<=', amounts: {2018: 59}"
    )
    found = planned(leaving("amounts: {2018: 2}", more=at_most), Status.INFEASIBLE)
    assert found.conflict is not None
    assert found.conflict.irreducible
    # Both counties out needs 60 of the 100 persons out.
    assert set(found.conflict.ids) == {"gone", "slow", "leave.leave.few"}
