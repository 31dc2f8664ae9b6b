"""Hand-worked situations: houses no larger than lawful for each household, villages that leave one by one."""

from __future__ import annotations

from models.case import Case
from models.finding import State
from optimizer.audit import audit
from optimizer.study.planning import Planned
from tests.situations.small import planned, small_case

#: At most 25 m2 a person: a house of 50 m2 needs two persons, 75 three, 100 four, 125 five.
LARGER = {75: (3, 4, 5, 6), 100: (4, 5, 6), 125: (5, 6)}
#: Households to be moved by persons; six stands for six and more.
HOUSEHOLDS = {1: 4, 2: 3, 3: 2, 4: 1, 5: 1, 6: 1}


def houses_case(lawful: bool = True) -> Case:
    """Twelve households; large houses are cheaper here, so that only the law keeps them small.

    A house of any size takes any household: lawful houses exist for all if and only if, for each size, no
    more houses of it and above are built than there are households with enough persons. Two who live alone
    share 50 m2.
    """
    needs = "\n".join(f"id: of_{n}, title: n, unit: 户, kind: backlog, tags: [size]" for n in HOUSEHOLDS)
    measures = "\n".join(
        f"id: house_{m2}, title: h, unit: 户, tags: [m2_{m2}], meets: {{moved: 1}}, payers: fund == c"
        for m2 in (50, 75, 100, 125)
    )
    shared = "id: shared, title: s, unit: 户, meets: {moved: 2, of_1: 2}, payers: fund == c"
    rules = []
    for m2, sizes in LARGER.items():
        built = " or ".join(f"measure == house_{larger}" for larger in (75, 100, 125) if larger >= m2)
        homes = " or ".join(f"need == of_{n}" for n in sizes)
        rules.append(
            f"id: m2_{m2}, title: r, years: [2018, 2018], severity: hard, for_each: [region],"
            f" where: region.level == county, left: units({built}), is: '<=', right: need({homes})"
        )
    return small_case(
        years=(2018, 2018),
        tables={
            "needs": "county,moved,,12\n" + "\n".join(f"county,of_{n},,{k}" for n, k in HOUSEHOLDS.items()),
            "costs": "house_50,,,90000\nhouse_75,,,80000\nhouse_100,,,70000\nhouse_125,,,60000\n"
            "shared,,,95000",
        },
        lists={
            "needs": "id: moved, title: m, unit: 户, kind: backlog, due: {2018: 100%}\n" + needs,
            "measures": f"{measures}\n{shared}",
            "funds": "id: c, title: c, level: central, supply: open, pooled_at: county, cost_weight: 1",
            "targets": "id: alone, title: a, kind: met, need: of_1, cumulative: yes, amounts: {2018: 4}",
            **({"rules": "\n".join(rules)} if lawful else {}),
        },
    )


def built(found: Planned) -> dict[str, int]:
    assert found.plan.allocation is not None
    return {measure: int(n) for (_, measure, _), n in found.plan.allocation.units.items() if n}


def test_no_household_gets_a_house_that_is_too_large_for_it() -> None:
    """Two of 125 m2 for five and six persons, one of 100, two of 75, three of 50; four alone share two."""
    found = planned(houses_case())
    assert built(found) == {"house_125": 2, "house_100": 1, "house_75": 2, "house_50": 3, "shared": 2}
    assert found.plan.cost == 100 * (2 * 60_000 + 70_000 + 2 * 80_000 + 3 * 90_000 + 2 * 95_000)


def test_without_the_law_everybody_gets_the_cheapest_house_and_the_audit_says_where() -> None:
    """Totals alone do not see it: eight houses of 125 m2 where two households may have one."""
    found = planned(houses_case(lawful=False))
    assert built(found) == {"house_125": 8, "shared": 2}
    assert found.plan.allocation is not None
    broken = {f.rule: f.margin for f in audit(houses_case(), found.plan.allocation).findings if f.broken}
    assert broken == {"m2_75": 5 - 8, "m2_100": 3 - 8, "m2_125": 2 - 8}


# --- villages as regions ---------------------------------------------------------------------------

VILLAGES = """
    county,county,county,,,,0
    near,near,village,county,listed,,6800
    far,far,village,county,listed,,5000
"""
CITED = "citation: {document: made_up, section: '1', basis: illustrative}"


def villages_case(by: int = 1) -> Case:
    """Two listed villages, 30 and 20 poor: a village leaves when all its poor are out and its income is
    70 % of a mean of 10,000 元, to which each market adds 700 元 a head."""
    return small_case(
        years=(2018, 2019),
        attributes="income",
        tables={
            "regions": VILLAGES,
            "stocks": "near,poor,30,\nfar,poor,20,",
            "gaps": "poor,,,1000",
            "costs": "job,,,500\nmarket,,,20000",
            "capacity": "market,near,total,5\nmarket,far,total,5",
        },
        lists={
            "groups": "id: poor, title: p, counts: persons",
            "measures": "id: job, title: j, unit: 个, payers: fund == c,"
            " serves: {poor: {lift: 1000元, most: 1}}\n"
            "id: market, title: m, unit: 个, level: village, indivisible: yes, adds: {income: 700},"
            " payers: fund == c",
            "funds": "id: c, title: c, level: central, supply: open, pooled_at: county, cost_weight: 1",
            "standards": "id: village, title: v, where: region.tag == listed, conditions: ["
            f"{{id: all, kind: group_out, share: 100%, groups: [poor], {CITED}}},"
            f" {{id: income, kind: attribute, of: income, amount: 7000, {CITED}}}]",
            "targets": f"id: villages, title: v, kind: listed, standard: village, cumulative: yes,"
            f" amounts: {{2018: {by}}}",
        },
    )


def test_a_village_leaves_with_all_its_poor_and_with_its_income() -> None:
    """near: 30 jobs and a market (to 7,500) are 35,000 元; far: 20 jobs and three markets 70,000 元."""
    found = planned(villages_case())
    assert found.plan.cost == 100 * (30 * 500 + 20_000)
    assert found.plan.allocation is not None
    assert list(found.plan.allocation.leaves) == [("near", "village", 2018)]
    assert found.plan.allocation.exits == {("near", "poor", 2018): 30}
    both = planned(villages_case(by=2))
    assert both.plan.cost == 100 * (30 * 500 + 20_000 + 20 * 500 + 3 * 20_000)


def test_persons_of_other_villages_do_not_help_a_village_to_leave() -> None:
    """49 of 50 are out, which a sum over the county would call enough for a village of 20: not for far."""
    case = villages_case()
    found = planned(villages_case(by=2))
    assert found.plan.allocation is not None
    exits = {**found.plan.allocation.exits, ("far", "poor", 2018): 19}
    object.__setattr__(found.plan.allocation, "exits", exits)
    findings = audit(case, found.plan.allocation).findings
    states = {f.region: f.state for f in findings if f.rule == "leave.village.all" and f.year == 2018}
    assert states == {"near": State.BINDING, "far": State.VIOLATED}
