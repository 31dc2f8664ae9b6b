"""How a least change becomes figures: corrected where it was too little, and planned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.case import Case
from optimizer.program import Program
from optimizer.read import apply_patches
from optimizer.study.explain import ways
from optimizer.study.explain.explain import ExplainOptions, explain
from optimizer.study.explain.least import Least, least
from optimizer.study.planning import PlanOptions, make_plan
from tests.situations.small import small_case
from tests.study.conflict_checks import holds


def given_money() -> Case:
    """10 houses due at 100 元, and 700 元 that come in and have to be spent."""
    return small_case(
        years=(2018, 2018),
        tables={
            "needs": "county,house,,10",
            "costs": "build,,,100",
            "funds": "fund,county,2018,700,",
        },
        lists={
            "needs": "id: house, title: house, unit: house, kind: backlog, due: {2018: 100%}",
            "measures": "id: build, title: build, unit: house, meets: {house: 1}, payers: fund == fund",
            "funds": "id: fund, title: fund, level: county, supply: given, pooled_at: county, cost_weight: 1",
        },
    )


def test_a_first_change_that_is_too_little_is_corrected_in_the_same_rounding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 300 元 are missing and 150 are said to be: in a large case the next rounding would be a tenth more.
    monkeypatch.setattr(ways, "LARGE", 0)
    real, case = least, given_money()

    def half_at_first(program: Program, *rest: object) -> Least:
        found = real(program, *rest)  # type: ignore[arg-type]
        first = [part for part in found.moved or [] if part.lever.value == 70_000]
        return Least([replace(part, by=part.by / 2) for part in first]) if first else found

    monkeypatch.setattr(ways, "least", half_at_first)
    [first, *_] = explain(case, ExplainOptions(keep=("due.*",))).repairs
    assert [change.patch for change in first.changes] == ["fund.fund[county,2018].amount=1000.00元"]
    assert first.cost == 100_000
    holds(case, first)


def test_a_way_out_leaves_no_hard_rule_unevaluated() -> None:
    # 700 元 of the 1,000 are there. With 7 houses due there is a plan, but growth on 0 元 is no figure.
    paid, common = "payers: fund.level == county", "level: county, pooled_at: county, cost_weight: 1"
    given = "given(fund == grant)"
    case = small_case(
        years=(2017, 2018),
        tables={
            "needs": "county,house,,10",
            "costs": "build,,,100",
            "funds": "fund,county,2017,0,\nfund,county,2018,700,\ngrant,county,2017,0,\ngrant,county,2018,0,",
        },
        lists={
            "needs": "id: house, title: house, unit: house, kind: backlog, due: {2018: 100%}",
            "measures": "id: build, title: build, unit: house, meets: {house: 1}, " + paid,
            "funds": f"id: fund, title: fund, supply: up_to, {common}\n"
            f"id: grant, title: grant, supply: given, {common}",
            "rules": "id: grows, title: grows, years: [2018, 2018], severity: hard, for_each: [year], "
            f"left: spent(fund == fund), is: '<=', right: '2000元 * {given} / previous({given})'",
        },
    )
    less = apply_patches(case, ["need.house[2018].due=70%"])
    planned = make_plan(less, PlanOptions())
    assert planned.plan.cost == 70_000
    assert not planned.clean
    for way in explain(case, ExplainOptions()).repairs:
        holds(case, way)
