"""The six counties of page_case with what studies find beside their plan, to be checked on paper.

Public money of the plan: A 90,000.03, B 60,000.02, C 15,000.00, the province itself 5,000: 170,000.05 in all.
The other plan gives A 30,000.01, B 60,000.02, D 80,000.03: 170,000.06 with nothing at the province. In the
plan made anew from 2019 on C's house is paid by central money alone, and D gets one for 30,000.01 as well.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from models.plan import Plan, Status
from optimizer.present.replanned import lines
from optimizer.present.report import PlanReport
from optimizer.present.studies import Anew, Other, Others, Reach, Wish
from optimizer.study.compare import compare, side
from tests.present.page_case import ALLOCATION, HOUSE, report_of, six_counties, with_money

OTHER_COST = 17_000_006


def with_others(*, complete: bool = True, plans: bool = True) -> PlanReport:
    """A plan with another beside it, and ranges of four counties; nobody knows the most of D."""
    report = report_of(six_counties())
    plan = Plan(Status.FEASIBLE, ALLOCATION, OTHER_COST, None, None, None, "made by hand", "", {})
    other = Other(plan, Fraction(1, 3), {"A": HOUSE, "B": 2 * HOUSE, "D": 8_000_003})
    reaches = (
        Reach("A", 3_000_000, 3 * HOUSE, 12_000_000),
        Reach("B", 6_000_002, 2 * HOUSE, 6_000_002),
        Reach("C", 0, 1_500_000, 3_000_000),
        Reach("D", 0, 0, None),
    )
    return replace(report, others=Others(Fraction(1, 50), (other,) if plans else (), reaches, complete))


def with_anew() -> PlanReport:
    """A plan made anew from 2019 on."""
    case = six_counties()
    made = with_money({
        ("C", "house", "central", 2019): HOUSE, ("C", "house", "own", 2019): 0,
        ("D", "house", "central", 2019): HOUSE,
    })  # fmt: skip
    wish = Wish("stable", Fraction(0), Fraction(4_500_002), Fraction(4_000_000), Fraction(9_000_000))
    changes = compare(side("old", case, ALLOCATION), side("new", case, made), since=2019)
    return replace(
        report_of(case, made), since=2019, anew=Anew(2019, lines(case, ALLOCATION, made, 2019), wish, changes)
    )
