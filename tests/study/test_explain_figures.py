"""Amounts that rules take as figures: what follows them is what a program built anew would have."""

from __future__ import annotations

import numpy as np
import pytest

from models.allocation import Allocation
from models.case import Case
from optimizer.audit import audit
from optimizer.program import Program, build
from optimizer.read import apply_patches
from optimizer.study.explain.figures import Figures
from tests.situations.small import small_case

SPAN = "years: [2017, 2018], severity: hard, for_each: [year]"
HALF = "right: '1/2 * given(fund == given)'"
FUND = "level: county, tags: [own], pooled_at: county, cost_weight: 1"
RULES = {
    "half": f"id: half, title: half, {SPAN}, left: spent(fund == other), is: '>=', {HALF}",
    "grown": f"id: grown, title: grown, {SPAN}, left: spent(fund == other), is: '<=', "
    "right: '1000元 * given(fund == given) / previous(given(fund == given))'",
    "times": f"id: times, title: times, {SPAN}, left: spent(fund == other), is: '<=', right: "
    "'given(fund == given) / 1000元 * spent(fund == given)'",
    "lifted": f"id: lifted, title: lifted, {SPAN}, left: spent(fund == other), is: '<=', {HALF},"
    " unless: spent(fund == given) >= 100元",
}


def case_with(*rules: str) -> Case:
    """A fund of 400 元 and then 600 元 that has to come in, and another without end."""
    return small_case(
        years=(2017, 2018),
        tables={
            "needs": "county,house,,10",
            "costs": "build,,,100",
            "funds": "given,county,2017,400,\ngiven,county,2018,600,",
        },
        lists={
            "needs": "id: house, title: house, unit: house, kind: backlog, due: {2018: 100%}",
            "measures": "id: build, title: build, unit: house, meets: {house: 1}, payers: fund.tag == own",
            "funds": f"id: given, title: given, supply: given, {FUND}\n"
            f"id: other, title: other, supply: open, {FUND}",
            "rules": "\n".join(RULES[rule] for rule in rules),
        },
    )


def moved(case: Case, year: int, fen: int) -> Program:
    """The program of the case whose fund brings in so many fen more in a year."""
    return build(apply_patches(case, [f"fund.given[county,{year}].amount=+{fen}分"]), tight=False)


def rows_of(program: Program, rule: str, year: int) -> list[int]:
    return [block.start for block in program.rows if block.rule == rule and block.year[0] == year]


def test_a_right_side_follows_by_half() -> None:
    case = case_with("half", "grown")
    program = build(case, tight=False)
    found = Figures(case, program).follows(case.funds["given"], ("county",), 2017)
    # 2018 stands for 600/400 of 1,000 元: no straight line in the amount of 2017.
    assert not found.simple
    found = Figures(case, program).follows(case.funds["given"], ("county",), 2018)
    assert found.simple
    by_row = dict(zip(found.rows.tolist(), found.weights.tolist(), strict=True))
    [half], [grown] = rows_of(program, "half", 2018), rows_of(program, "grown", 2018)
    multiplier = program.row_scale[[half, grown]] / 1e6
    assert by_row == pytest.approx({half: multiplier[0] / 2, grown: multiplier[1] * 1000 / 400})


def test_what_follows_is_what_a_program_built_anew_has() -> None:
    case = case_with("half")
    program = build(case, tight=False)
    for year in case.years:
        found = Figures(case, program).follows(case.funds["given"], ("county",), year)
        assert found.simple
        anew = moved(case, year, 7_00)
        shift = np.zeros(len(program.constant))
        shift[found.rows] = 7_00 * found.weights
        assert (anew.constant == program.constant - shift).all()
        assert (anew.value == program.value).all()


def test_a_case_that_was_audited_before_has_the_same_figures() -> None:
    # Audits ask the tables who becomes poor, and the tables keep the answer beside their figures.
    case = case_with("half")
    program = build(case, tight=False)
    known = Figures(case, program).follows(case.funds["given"], ("county",), 2018)
    audit(case, Allocation())
    assert case.tables.newly_poor == {}
    again = Figures(case, program).follows(case.funds["given"], ("county",), 2018)
    assert (again.rows.tolist(), again.weights.tolist()) == (known.rows.tolist(), known.weights.tolist())
    assert len(known.rows)


def test_where_the_room_of_what_lifts_a_rule_follows_too_it_is_not_simple() -> None:
    case = case_with("half", "lifted")
    program = build(case, tight=False)
    assert (moved(case, 2018, 7_00).value != program.value).any()
    assert not Figures(case, program).follows(case.funds["given"], ("county",), 2018).simple


def test_a_factor_that_follows_is_not_simple() -> None:
    case = case_with("times")
    found = Figures(case, build(case, tight=False)).follows(case.funds["given"], ("county",), 2018)
    assert not found.simple
    assert not len(found.rows)


def test_money_that_no_rule_takes_as_a_figure_moves_alone() -> None:
    case = case_with("half")
    found = Figures(case, build(case, tight=False)).follows(case.funds["other"], ("county",), 2018)
    assert found.simple
    assert not len(found.rows)
