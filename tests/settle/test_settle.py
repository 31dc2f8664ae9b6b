"""Settling: whole steps, exact rows, coarser money, and a clear refusal where that cannot be."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from models.case import Case
from models.rules.tree import Comparison
from optimizer.audit import audit
from optimizer.program import build
from optimizer.program.matrix import Builder, term
from optimizer.settle import SettleError, broken_rows, read_off, settle
from optimizer.settle.lattice import activities
from optimizer.solve import Options, solve
from optimizer.study.planning import PlanOptions, make_plan
from tests.situations.small import small_case


def shared(cost: str, *, rate: str = "2/5") -> Case:
    return small_case(
        years=(2018, 2018),
        tables={
            "needs": "county,house,,7",
            "costs": f"new,,,{cost}",
        },
        lists={
            "needs": "id: house, title: h, unit: house, kind: backlog, due: {2018: 100%}",
            "measures": "id: new, title: n, unit: house, meets: {house: 1}, payers: fund.level != household",
            "funds": """
                id: central, title: c, level: central, supply: open, pooled_at: county, cost_weight: 1
                id: up, title: u, level: provincial, supply: open, pooled_at: county, cost_weight: 2
            """,
            "rules": "id: R, title: r, years: [2018, 2018], severity: hard, for_each: [year], is: '>=',"
            f" left: spent(fund == up), right: {rate} * spent(fund == central)",
        },
    )


def settled_money(case: Case, grain: int) -> dict[str, int]:
    program = build(case)
    outcome = solve(program.problem(), Options())
    assert outcome.values is not None
    result = settle(program, outcome.values, Options(), grain=grain)
    assert broken_rows(program, result.x) == []
    allocation = read_off(case, program, result.x)
    assert audit(case, allocation).clean
    return {fund: amount for (_, _, fund, _), amount in allocation.money.items()}


def test_two_sevenths_of_an_odd_sum_in_whole_fen() -> None:
    # 7 houses at 0.03 are 21 fen: up >= 2/5 of central, so central <= 15, up >= 6.
    assert settled_money(shared("0.03"), 1) == {"central": 15, "up": 6}


def test_in_whole_yuan() -> None:
    # 7 houses at 11 are 77 yuan: central <= 55.
    assert settled_money(shared("11"), 100) == {"central": 5500, "up": 2200}
    # 7 x 12 = 84: central <= 60.
    assert settled_money(shared("12"), 100) == {"central": 6000, "up": 2400}
    # 7 x 13 = 91: central <= 65.
    assert settled_money(shared("13", rate="3/7"), 100) == {"central": 6300, "up": 2800}


def test_a_cost_that_is_no_whole_number_of_wan_is_refused_by_name() -> None:
    case = shared("12000")
    program = build(case)
    outcome = solve(program.problem(), Options())
    assert outcome.values is not None
    with pytest.raises(SettleError, match="not whole multiples of 1000000 fen") as caught:
        settle(program, outcome.values, Options(), grain=1_000_000)
    assert [(row.rule, row.region, row.year) for row in caught.value.broken] == [("cost.new", "county", 2018)]


def test_settling_twice_gives_the_same_columns() -> None:
    case = shared("333.33", rate="1/7")
    program = build(case)
    outcome = solve(program.problem(), Options())
    assert outcome.values is not None
    first = settle(program, outcome.values, Options()).x
    second = settle(program, outcome.values, Options()).x
    assert first.tolist() == second.tolist()


def test_activities_do_not_overflow() -> None:
    build_up = Builder(regions=("a",), years=(2018, 2019))
    block = build_up.add_columns("x", np.zeros(1, dtype=np.int64))
    row = np.zeros(2, dtype=np.int64)
    coefficients = np.array([2**40, -(2**40)], dtype=np.int64)
    build_up.add_rows("r", row[:1], 2018, Comparison.EQUAL, [term(row, block.index[0], coefficients)])
    program = build_up.finish((build_up.objective({}, 1, maximise=False, money=False),))
    x = np.array([2**40 + 1, 2**40], dtype=np.int64)
    assert list(activities(program, x)) == [2**40]
    (broken,) = broken_rows(program, x)
    assert broken.excess == Fraction(2**40)


def test_factors_that_are_amounts_in_fen_are_no_infinite_numbers() -> None:
    # 1 house of 100 万元 by 2017 and 9 more by 2018. Provincial money grows by at least the part by which
    # central money does, 3,909,439,922.03 元 to ...2.01 元: times 6e8 fen that row is worth 2e20. A third of
    # everything is paid by society, and 100 万元 are no multiple of three fen: the fen have to be moved.
    grown = "given(fund == central) / previous(given(fund == central)) * previous(spent(fund == province))"
    span = "years: [{}, 2018], severity: hard, for_each: [year]"
    case = small_case(
        years=(2017, 2018),
        tables={
            "needs": "county,house,,10",
            "costs": "build,,,1000000",
            "funds": "central,county,2017,3909439922.03,\ncentral,county,2018,3909439922.01,",
        },
        lists={
            "needs": "id: house, title: house, unit: house, kind: backlog, due: {2017: 10%, 2018: 100%}",
            "measures": "id: build, title: build, unit: house, meets: {house: 1}, "
            "payers: fund.level != central",
            "funds": """
                id: central, title: c, level: central, supply: given, pooled_at: county, cost_weight: 1
                id: province, title: p, level: provincial, supply: open, pooled_at: county, cost_weight: 1
                id: society, title: s, level: social, supply: open, pooled_at: county, cost_weight: 2
            """,
            "rules": f"id: third, title: t, {span.format(2017)}, left: spent(fund == society), "
            "is: '>=', right: 1/3 * spent()\n"
            f"id: growth, title: g, {span.format(2018)}, left: spent(fund == province), "
            f"is: '>=', right: {grown}",
        },
    )
    program = build(case)
    planned = make_plan(case, PlanOptions())
    assert planned.clean
    assert planned.plan.allocation is not None
    [row] = [block for block in program.rows if block.rule == "growth"]
    assert float(row.multiplier[0]) * 9e8 * 2 / 3 > 1e20
    assert planned.plan.cost == 1_000_000_000
    money = planned.plan.allocation.money
    paid = [money["county", "build", "society", year] for year in (2017, 2018)]
    assert paid == [33_333_334, 300_000_000]
