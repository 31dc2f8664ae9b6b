"""A made-up province of six counties and what is done there, small enough to add up on paper.

Houses cost 30,000.01 yuan. In 2018 A rebuilds 3 and B 2; in 2019 C rebuilds 1 and the province itself
trains 10 people at 500 yuan. Central money pays all houses but one half of C's, which its household pays.
    2018: A 90,000.03, B 60,000.02               150,000.05
    2019: C 15,000.00 + 15,000.01, province 5,000 35,000.01
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from models.allocation import Allocation
from models.case import Case
from models.finding import Audit
from models.plan import Plan, Status
from optimizer.audit import audit
from optimizer.present.report import PlanReport
from tests.situations.small import small_case

HOUSE, TRAINING = 3_000_001, 50_000
ALLOCATION = Allocation(
    money={
        ("A", "house", "central", 2018): 3 * HOUSE,
        ("B", "house", "central", 2018): 2 * HOUSE,
        ("C", "house", "central", 2019): 1_500_000,
        ("C", "house", "own", 2019): 1_500_001,
        ("P", "training", "province", 2019): 10 * TRAINING,
    },
    units={
        ("A", "house", 2018): Fraction(3),
        ("B", "house", 2018): Fraction(2),
        ("C", "house", 2019): Fraction(1),
        ("P", "training", 2019): Fraction(10),
    },
    exits={("A", "poor", 2018): 30, ("B", "poor", 2018): 20, ("C", "poor", 2019): 10},
    leaves={("A", "listed", 2018): 1, ("C", "listed", 2019): 1},
    brought={("P", "central", 2018): 5 * HOUSE, ("P", "central", 2019): 1_500_000,
             ("P", "own", 2019): 1_500_001, ("P", "province", 2019): 10 * TRAINING},
)  # fmt: skip
TOTAL = 6 * HOUSE + 10 * TRAINING
PUBLIC = TOTAL - 1_500_001


def six_counties() -> Case:
    """The case. The soft target of 70 exits in 2019 is missed by 10, at 20 yuan a person."""
    return small_case(
        years=(2018, 2019),
        tables={
            "regions": "P,Prov,province,,,\n" + "\n".join(f"{c},County {c},county,P,," for c in "ABCDEF"),
            "stocks": "\n".join(
                f"{c},poor,{n}," for c, n in zip("ABCDEF", (60, 40, 30, 20, 10, 10), strict=True)
            ),
            "needs": "\n".join(f"{c},homes,,5" for c in "ABCDEF") + "\nP,skills,,20",
            "costs": "house,,,30000.01\ntraining,,,500",
            "funds": "central,P,2018,500000,\ncentral,P,2019,500000,",
        },
        lists={
            "groups": "id: poor, title: poor people, counts: persons",
            "needs": "id: homes, title: unsafe homes, unit: home, kind: backlog\n"
            "id: skills, title: skills, unit: person, kind: backlog",
            "measures": "id: house, title: house rebuilt, unit: home, meets: {homes: 1}, level: county, "
            "payers: 'fund in (central, own)'\n"
            "id: training, title: training, unit: person, meets: {skills: 1}, level: province, "
            "payers: 'fund == province'",
            "funds": "id: central, title: central grant, level: central, supply: up_to, pooled_at: province, "
            "cost_weight: 1\n"
            "id: province, title: provincial money, level: provincial, supply: open, pooled_at: province, "
            "cost_weight: 1\n"
            "id: own, title: own money, level: household, supply: open, pooled_at: province, cost_weight: 0\n"
            "id: idle, title: idle money, level: city, supply: open, pooled_at: province, cost_weight: 1",
            "standards": "id: listed, title: the list, where: region.level == county, conditions: "
            "[{id: some, kind: group_out, share: 1/3, groups: [poor], "
            "citation: {document: made_up, section: '1', basis: illustrative}}]",
            "targets": "id: out, title: persons out, kind: exits, groups: [poor], cumulative: yes, "
            "amounts: {2018: 40, 2019: 60}\n"
            "id: more, title: more persons out, kind: exits, groups: [poor], cumulative: yes, "
            "amounts: {2019: 70}, severity: soft, price: 20元",
        },
    )


def report_of(case: Case, allocation: Allocation = ALLOCATION, status: Status = Status.OPTIMAL) -> PlanReport:
    """A report of the allocation as a plan with a gap of 1 %."""
    found: Audit = audit(case, allocation)
    cost = sum(fen for (_, _, fund, _), fen in allocation.money.items() if case.funds[fund].cost_weight)
    plan = Plan(
        status=status,
        allocation=allocation,
        cost=cost,
        objective=Fraction(cost),
        bound=Fraction(cost) * Fraction(99, 100),
        gap=Fraction(1, 100),
        solver="made by hand",
        message="",
        seconds={},
    )
    return PlanReport(case=case, plan=plan, audit=found, options={"solver": "none"}, seconds={"read": 1.0})


def with_money(extra: dict[tuple[str, str, str, int], int]) -> Allocation:
    """The allocation with payments changed."""
    return replace(ALLOCATION, money={**ALLOCATION.money, **extra})
