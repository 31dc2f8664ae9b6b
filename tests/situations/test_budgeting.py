"""Textbook capital budgeting as a case with no code: costs over years, a budget a year, most benefit."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

from models.case import Case
from models.plan import Status
from optimizer.study.planning import PlanOptions, make_plan
from tests.situations.small import small_case

#: Lorie-Savage style: cost in year 1, cost in year 2, benefit (all in 元).
PROJECTS = [
    (12, 3, 14), (54, 7, 17), (6, 6, 17), (6, 2, 15), (30, 35, 40),
    (6, 6, 12), (48, 4, 14), (36, 3, 10), (18, 3, 12),
]  # fmt: skip
BUDGETS = (50, 20)


def budgeting(projects: list[tuple[int, int, int]], budgets: tuple[int, int]) -> Case:
    measures, costs, most = "", "", ""
    for i, (first, second, benefit) in enumerate(projects):
        total = first + second
        measures += (
            f"id: p{i}, title: p{i}, unit: project, indivisible: yes, years: [2018, 2018],"
            f" profile: [{first}/{total}, {second}/{total}], benefit: {benefit}, payers: fund == budget\n"
        )
        costs += f"p{i},,,{total}\n"
        most += f"p{i},county,total,1\n"
    return small_case(
        years=(2018, 2019),
        goal="most benefit",
        tables={
            "costs": costs,
            "capacity": most,
            "funds": f"budget,county,2018,{budgets[0]},\nbudget,county,2019,{budgets[1]},",
        },
        lists={
            "measures": measures,
            "funds": "id: budget, title: b, level: county, supply: up_to, pooled_at: county, cost_weight: 1",
        },
    )


def best_by_enumeration(projects: list[tuple[int, int, int]], budgets: tuple[int, int]) -> int:
    best = 0
    for chosen in itertools.product((0, 1), repeat=len(projects)):
        costs = [
            sum(take * project[year] for take, project in zip(chosen, projects, strict=True))
            for year in (0, 1)
        ]
        if costs[0] <= budgets[0] and costs[1] <= budgets[1]:
            best = max(best, sum(take * project[2] for take, project in zip(chosen, projects, strict=True)))
    return best


def test_lorie_and_savage() -> None:
    planned = make_plan(budgeting(PROJECTS, BUDGETS), PlanOptions(gap=1e-9))
    assert planned.plan.status is Status.OPTIMAL
    # Projects 1, 3, 4, 6 and 9 of the textbook: 14 + 17 + 15 + 12 + 12.
    assert planned.plan.objective == 70
    allocation = planned.plan.allocation
    assert allocation is not None
    assert sorted(measure for _, measure, _ in allocation.units) == ["p0", "p2", "p3", "p5", "p8"]
    assert allocation.money["county", "p0", "budget", 2018] == 1200
    assert allocation.money["county", "p0", "budget", 2019] == 300


@pytest.mark.parametrize("seed", range(8))
def test_random_projects_equal_enumeration(seed: int) -> None:
    rng = random.Random(seed)
    projects = [(rng.randint(1, 30), rng.randint(1, 30), rng.randint(1, 40)) for _ in range(9)]
    budgets = (rng.randint(20, 90), rng.randint(20, 90))
    planned = make_plan(budgeting(projects, budgets), PlanOptions(gap=1e-9))
    assert planned.plan.objective == Fraction(best_by_enumeration(projects, budgets))
    assert planned.audit is not None
    assert planned.audit.clean
