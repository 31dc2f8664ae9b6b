"""Exact answers, held against paper and against fresh solves that share nothing with them."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from models.case import Case
from models.policy import Severity
from models.region import Level
from models.rules.tree import Comparison
from optimizer.present.whatif_report import RunStatus
from optimizer.program import build
from optimizer.program.matrix import Whole
from optimizer.read import apply_patches
from optimizer.solve import Options, solve
from optimizer.study.planning import PlanOptions, make_plan
from optimizer.study.whatif.curve import extreme_level, solved_curve
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.level import level_amount, level_of, with_level
from optimizer.study.whatif.specs import WhatIfError
from optimizer.study.whatif.threshold import least
from optimizer.study.whatif.timing import earliest, latest, said_as_patches
from tests.situations.small import small_case

from .whatif_cases import random_case, ten_houses, three_to_a_house

CENTRAL = "fund.central.amount"


def chosen_projects(case: Case) -> Whole | None:
    """The columns of the case's own plan, where it has 0/1 decisions or indivisible projects."""
    planned = make_plan(case, PlanOptions(conflict=False))
    if planned.x is None or not planned.program.integer.any():
        return None
    return planned.x


def fresh_value(case: Case, path: str, fen: int, chosen: Whole | None = None) -> float | None:
    """Least cost with all else divisible: the case with its level patched, built and solved from nothing."""
    program = build(apply_patches(case, level_of(case, path).patches(fen)))
    lower, upper = program.lower.copy(), program.upper.copy()
    if chosen is not None:
        lower[program.integer] = upper[program.integer] = chosen[program.integer]
    if (lower > upper).any():
        return None  # an amount below its at_least
    divisible = np.zeros(len(lower), np.bool_)
    problem = replace(program.problem(), lower=lower, upper=upper, integer=divisible)
    return solve(problem, Options(gap=1e-9)).objective


def test_the_curve_of_ten_houses_is_the_one_on_paper() -> None:
    # Below 100,000 yuan the county's 200,000 are not enough; to 300,000 each central yuan saves half a yuan.
    case = ten_houses()
    found = solved_curve(case, level_of(case, CENTRAL), 0, 500_000_00, RunOptions())
    assert found.curve is not None
    assert found.curve.exact
    assert [found.curve.first, found.curve.last] == [100_000_00, 500_000_00]
    assert list(found.curve.breaks) == [300_000_00]
    assert [line.slope for line in found.curve.lines] == [Fraction(-1, 2), 0]
    assert [found.curve(Fraction(fen)) for fen in (100_000_00, 300_000_00)] == [250_000_00, 150_000_00]
    assert [fen for fen, _ in found.solved] == [100_000_00, 300_000_00, 500_000_00]
    assert [record.objective for _, record in found.solved] == [250_000_00, 150_000_00, 150_000_00]
    assert all(record.status is RunStatus.OPTIMAL for _, record in found.solved)


#: (seed, fund): a case whose curve has several lines, with and without 0/1 decisions.
CURVED = [(0, "central"), (33, "central"), (1, "central"), (12, "province")]


@pytest.mark.parametrize(("seed", "fund"), CURVED)
def test_a_curve_equals_fresh_solves_at_random_levels_and_breakpoints(seed: int, fund: str) -> None:
    assert compare_with_fresh_solves(seed, fund, levels=5) == 5


@pytest.mark.soak
def test_curves_equal_fresh_solves_at_a_hundred_random_levels() -> None:
    kinds = [(seed, fund) for seed in range(40) for fund in ("central", "province")]
    compared = [compare_with_fresh_solves(seed, fund, levels=100) for seed, fund in kinds]
    assert sum(compared) > 3000


def compare_with_fresh_solves(seed: int, fund: str, levels: int) -> int:
    """How many levels were compared; 0 where the case has no curve."""
    case = random_case(seed)
    path = f"fund.{fund}.amount"
    level = level_of(case, path)
    found = solved_curve(case, level, level.total // 3, 2 * level.total, RunOptions(relaxed=True))
    curve = found.curve
    if curve is None:
        return 0
    chosen = chosen_projects(case)
    assert found.chosen is (chosen is not None)
    assert curve.exact
    slopes = [line.slope for line in curve.lines]
    assert slopes == sorted(set(slopes))  # convex
    assert list(curve.breaks) == sorted(curve.breaks)
    assert all(curve.first < at < curve.last for at in curve.breaks)
    rng = random.Random(seed)
    places = [rng.randint(math.ceil(curve.first), math.floor(curve.last)) for _ in range(levels)]
    for fen in (*(math.ceil(at) for at in curve.breaks), *places):
        fresh = fresh_value(case, path, fen, chosen)
        assert fresh is not None
        # A row of funds.csv has whole fen, a level is shared out exactly: a few fen lie between them.
        assert float(curve(Fraction(fen))) == pytest.approx(fresh, rel=1e-7, abs=5.0)
    for at, (left, right) in zip(curve.breaks, pairwise(curve.lines), strict=True):
        assert left(at) == right(at)  # continuous, exactly
    return len(places)


def test_a_comparison_with_a_wrong_curve_fails() -> None:
    case = ten_houses()
    fresh = fresh_value(case, CENTRAL, 200_000_00)
    assert fresh == pytest.approx(200_000_00, rel=1e-9)
    assert fresh != pytest.approx(200_010_00, rel=1e-7, abs=2.0)


def test_the_least_level_of_divisible_things_is_exact_to_the_fen() -> None:
    found = least(ten_houses(), CENTRAL, RunOptions())
    assert [found.fen, found.relaxed] == [100_000_00, 100_000_00]
    assert found.exactly
    assert found.proven
    assert found.at is not None
    assert found.at.status is RunStatus.OPTIMAL
    assert found.below is not None
    assert found.below.status is RunStatus.INFEASIBLE


def test_the_least_level_of_whole_houses_is_found_by_solving() -> None:
    # 7/3 houses would do; 3 whole ones cost 90,000 yuan.
    found = least(three_to_a_house(), CENTRAL, RunOptions())
    assert [found.fen, found.relaxed] == [90_000_00, 70_000_00]
    assert found.proven
    assert found.exactly
    assert found.impossible == 90_000_00 - 1
    assert found.below is not None
    assert found.below.status is RunStatus.INFEASIBLE


def test_planning_agrees_about_the_least_level_and_one_fen_below() -> None:
    case = three_to_a_house()
    found = least(case, CENTRAL, RunOptions())
    assert found.fen is not None
    plan = PlanOptions(conflict=False)
    at = make_plan(apply_patches(case, found.level.patches(found.fen)), plan)
    below = make_plan(apply_patches(case, found.level.patches(found.fen - 1)), plan)
    assert (at.plan.status.value, below.plan.status.value) == ("optimal", "infeasible")


@pytest.mark.parametrize("seed", [0, 1, 12, 33])
def test_fresh_solves_agree_about_the_exact_least_level(seed: int) -> None:
    case, path = random_case(seed), "fund.province.amount"
    found = extreme_level(with_level(case, build(case), level_of(case, path)))
    assert found is not None
    assert fresh_value(case, path, math.ceil(found) + 2) is not None
    assert found == 0 or fresh_value(case, path, math.floor(found) - 1000) is None


def test_a_fund_may_be_late_as_long_as_its_money_still_buys_the_houses() -> None:
    found = latest(three_to_a_house((2018, 2020)), "central", RunOptions())
    assert found.year == 2020
    assert [year for year, _ in found.records] == [2018, 2019, 2020]


def test_the_first_year_that_is_too_late_is_shown() -> None:
    case = apply_patches(ten_houses_over_two_years(), ["need.house[2018].due=50%"])
    found = latest(case, "central", RunOptions())
    assert found.year == 2018
    assert found.records[-1][0] == 2019
    assert found.records[-1][1].status is RunStatus.INFEASIBLE
    assert found.proven


def ten_houses_over_two_years() -> Case:
    return small_case(
        years=(2018, 2019),
        tables={"stocks": "county,poor,10,10", "needs": "county,house,,10", "costs": "build,,,30000",
                "funds": "central,county,2018,300000,\ncentral,county,2019,0,"},
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "needs": "id: house, title: house, unit: house, kind: backlog, due: {2018: 10%, 2019: 100%}",
            "measures": "id: build, title: build, unit: house, meets: {house: 1}, payers: fund == central",
            "funds": "id: central, title: central, level: central, supply: up_to, pooled_at: county,"
            " cost_weight: 1, carry_over: yes",
        },
    )  # fmt: skip


def test_everybody_can_be_out_when_the_money_for_all_houses_has_come() -> None:
    # 60,000 yuan a year: the third house, and with it everybody, has to wait for the second year.
    case = apply_patches(
        three_to_a_house((2018, 2020)), ["fund.central[2018].amount=6万元", "fund.central[2019].amount=6万元"]
    )
    found = earliest(case, RunOptions())
    assert found.year == 2019
    assert [(year, record.status) for year, record in found.records] == [
        (2018, RunStatus.INFEASIBLE), (2019, RunStatus.OPTIMAL)
    ]  # fmt: skip


def with_target(case: Case, **changes: object) -> Case:
    """The case with its target of persons out changed."""
    return case.model_copy(update={"targets": {"out": case.targets["out"].model_copy(update=changes)}})


SHARES = {"amounts": {}, "shares": {2018: Fraction(1, 10), 2020: Fraction(1)}}
SOFT = {"amounts": {2018: 1, 2020: 8}, "severity": Severity.SOFT, "price": 100}


@pytest.mark.parametrize("changes", [{}, SHARES])
def test_what_earliest_tried_can_be_repeated_with_patches(changes: dict[str, object]) -> None:
    # As above: the target's figure of the year is raised to all ten, or it gets one.
    case = apply_patches(
        with_target(three_to_a_house((2018, 2020)), **changes),
        ["fund.central[2018].amount=6万元", "fund.central[2019].amount=6万元"],
    )
    found = earliest(case, RunOptions())
    what = "share=100%" if "shares" in changes else "amount=10"
    assert [record.patches for _, record in found.records] == [
        (f"target.out[{year}].{what}",) for year in (2018, 2019)
    ]
    for _, record in found.records:
        again = make_plan(apply_patches(case, record.patches), PlanOptions(conflict=False)).plan
        assert RunStatus(again.status.value) is record.status
        assert again.cost == record.cost


@pytest.mark.parametrize(
    "changes",
    [
        {"cumulative": False},
        {"compare": Comparison.EQUAL},
        {"each": Level.COUNTY},
        {"amounts": {2018: 11}},
        SOFT,
    ],
)
def test_a_target_that_means_something_else_is_no_way_to_ask_for_everybody(
    changes: dict[str, object],
) -> None:
    case = three_to_a_house((2018, 2020))
    assert said_as_patches(case, ("poor",), 2018) == ("target.out[2018].amount=10",)
    assert said_as_patches(with_target(case, **changes), ("poor",), 2018) == ()


def test_levels_are_read_as_factors_or_as_money() -> None:
    level = level_of(ten_houses(), CENTRAL)
    assert [level_amount(level, text) for text in ("0.5x", "50%x", "7.5万元")] == [75_000_00] * 3
    with pytest.raises(WhatIfError, match="is not a level"):
        level_amount(level, "7.5")


@pytest.mark.parametrize(
    ("path", "words"),
    [("fund.centrl.amount", "there is no fund"), ("need.house.amount", "must be fund.ID.amount"),
     ("fund.central[2031].amount", "no amounts")],
)  # fmt: skip
def test_a_path_that_is_no_level_is_refused(path: str, words: str) -> None:
    with pytest.raises(WhatIfError, match=words):
        level_of(ten_houses(), path)
