"""Runs of a sweep: warm equals cold, more money never hurts, and no matrix is built in vain."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from models.case import Case, Goal
from optimizer.present.exits import Kind
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.program import again, build
from optimizer.program.again import only_bounds_differ
from optimizer.program.matrix import Program
from optimizer.read import CaseErrors, apply_patches
from optimizer.solve.session import Basis, Session
from optimizer.study.planning import PlanOptions, make_plan
from optimizer.study.whatif.crew import Done, Task, answered
from optimizer.study.whatif.evaluate import Ready, RunOptions, evaluate
from optimizer.study.whatif.specs import BASE, WhatIfError, axis, check_specs, specs
from optimizer.study.whatif.store import Store
from optimizer.study.whatif.sweep import sweep
from tests.situations.small import small_case

from .whatif_cases import random_case, ten_houses

LEVELS = ("0.6x", "0.9x", "1.2x")
#: Cases that are quick to prove; the soak test takes all that come.
SEEDS = [0, 33]
PLANS = (RunStatus.OPTIMAL, RunStatus.FEASIBLE)


class Here:
    """A crew that works in this process: for tests of everything but processes."""

    def __init__(self, case: Case, options: RunOptions) -> None:
        self.ready, self.options = Ready(case), options
        self.done: list[Done] = []

    @property
    def free(self) -> int:
        return 1

    def give(self, task: Task) -> None:
        self.done.append(answered(self.ready, task, self.options))

    def take(self, timeout: float) -> list[Done]:
        done, self.done = self.done, []
        return done

    def close(self) -> None:
        pass


def swept(case: Case, text: str, folder: Path, options: RunOptions | None = None) -> tuple[RunRecord, ...]:
    """The records of `--vary text`."""
    how = options or RunOptions()
    runs = specs((axis(text),), (), (), case)
    store = Store(folder)
    try:
        return sweep(case, runs, how, store, lambda: Here(case, how)).records
    finally:
        store.close()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fund", ["central", "province", "gift"])
def test_the_program_made_again_is_the_program_built_anew(seed: int, fund: str) -> None:
    case = random_case(seed)
    program = build(case)
    for level in LEVELS:
        other = apply_patches(case, [f"fund.{fund}.amount={level}"])
        same(again(program, case, other), build(other))


def same(fast: Program, fresh: Program) -> None:
    """Two programs, array by array and block by block."""
    for name in ("lower", "upper", "row_lower", "row_upper", "row_scale", "row_start", "value", "column",
                 "constant", "integer"):  # fmt: skip
        assert np.array_equal(getattr(fast, name), getattr(fresh, name)), name
    assert list(fast.columns) == list(fresh.columns)
    for one, other in zip(fast.rows, fresh.rows, strict=True):
        assert (one.rule, one.start, one.compare) == (other.rule, other.start, other.compare)
        assert np.array_equal(one.constant, other.constant)
        assert np.array_equal(one.multiplier, other.multiplier)


AMOUNTS = ("0.6x", "0.9x", "1.2x", "0x", "0.00001x")
GROWTH = "given(fund == central) / previous(given(fund == central))"


@pytest.mark.parametrize(
    ("right", "price", "rebuilt"),
    [
        ("1/3 * given(fund == central)", "", ()),  # 150,000 yuan / 3: another denominator at other levels
        (f"{GROWTH} * previous(spent(fund == local))", "", ("0x",)),  # a coefficient; no growth on 0
        (f"10万元 * {GROWTH}", "", ("0x",)),
        ("1/3 * given(fund == central)", ", price: 3元", AMOUNTS),
    ],
)
def test_only_rows_that_have_the_amount_as_a_figure_are_made_anew(
    right: str, price: str, rebuilt: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    severity = "soft" if price else "hard"
    case = small_case(
        years=(2018, 2019),
        tables={"stocks": "county,poor,10,10", "needs": "county,house,,10", "costs": "build,,,30000",
                "funds": """
                    central,county,2018,150000,
                    central,county,2019,170000,
                    local,county,2018,200000,
                    local,county,2019,200000,
                """},
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "needs": "id: house, title: house, unit: house, kind: backlog, due: {2019: 100%}",
            "measures": "id: build, title: build, unit: house, meets: {house: 1},"
            " payers: fund == central or fund == local",
            "funds": """
                id: central, title: central, level: central, supply: given, pooled_at: county, cost_weight: 1
                id: local, title: local, level: county, supply: up_to, pooled_at: county, cost_weight: 1
            """,
            "rules": f"id: R, title: r, years: [2019, 2019], severity: {severity}, for_each: [year],"
            f" left: spent(fund == local), is: '>=', right: {right}{price}",
        },
    )  # fmt: skip
    program = build(case)
    asked: list[Case] = []

    def building(case: Case) -> Program:
        asked.append(case)
        return build(case)

    monkeypatch.setattr(import_module("optimizer.program.again"), "build", building)
    others = {level: apply_patches(case, [f"fund.central.amount={level}"]) for level in AMOUNTS}
    for other in others.values():
        same(again(program, case, other), build(other))
    assert [level for level, other in others.items() if other in asked] == list(rebuilt)


def test_what_changes_more_than_bounds_is_built() -> None:
    case = ten_houses()
    assert only_bounds_differ(case, apply_patches(case, ["fund.central.amount=0.5x"]))
    for patch in (
        "measure.build.cost=1.1x",
        "need.house.amount=+1",
        "fund.central.supply=given",
        "case.goal=most exits",
    ):
        assert not only_bounds_differ(case, apply_patches(case, [patch])), patch


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", ["fund.central.amount", "fund.province.amount", "measure.pay.cost"])
def test_a_run_that_starts_from_another_agrees_with_a_plan_from_scratch(seed: int, path: str) -> None:
    compare_with_plans(seed, path)


@pytest.mark.soak
def test_runs_agree_with_plans_on_many_random_cases() -> None:
    for seed in range(40):
        compare_with_plans(seed, "fund.province.amount")


def compare_with_plans(seed: int, path: str) -> None:
    """A chain of runs, each against a plan of its own."""
    case, options = random_case(seed), RunOptions()
    ready = Ready(case)
    _, handed = evaluate(ready, BASE, (), options, None)
    for level in LEVELS:
        patches = (f"{path}={level}",)
        record, handed = evaluate(ready, level, patches, options, handed)
        other = apply_patches(case, patches)
        program = build(other)
        if (program.lower > program.upper).any():
            assert record.status is RunStatus.INFEASIBLE
            continue
        fresh = make_plan(other, PlanOptions(conflict=False)).plan
        assert (record.status in PLANS) is (fresh.allocation is not None)
        if record.objective is None or fresh.objective is None:
            continue
        assert record.status.value == fresh.status.value
        # Both lie between the best plan and the gap above it.
        assert abs(record.objective - fresh.objective) <= Fraction(11, 10000) * abs(fresh.objective)
        assert not record.message  # it would say that the audit found a hard rule broken


@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_of_relaxed_runs_are_those_of_a_fresh_solve(seed: int) -> None:
    case, options = random_case(seed), RunOptions(relaxed=True)
    ready, handed = Ready(case), None
    for level in LEVELS:
        patches = (f"fund.province.amount={level}",)
        record, handed = evaluate(ready, level, patches, options, handed)
        problem = build(apply_patches(case, patches)).problem()
        if (problem.lower > problem.upper).any():
            assert record.status is RunStatus.INFEASIBLE
            continue
        outcome, _ = Session(problem).solve()
        if outcome.objective is None:
            assert record.status is RunStatus.INFEASIBLE
            continue
        assert record.status is RunStatus.RELAXED
        assert record.objective is not None
        assert float(record.objective) == pytest.approx(outcome.objective, rel=1e-7, abs=1.0)


def test_a_session_gives_the_same_answer_whatever_it_was_asked_before() -> None:
    case = random_case(0)
    program = build(case)
    first, basis = Session(program.problem()).solve()
    assert basis is not None
    assert first.values is not None
    kept = Basis.unpacked(basis.packed())
    assert np.array_equal(kept.columns, basis.columns)
    assert np.array_equal(kept.rows, basis.rows)
    other = again(program, case, apply_patches(case, ["fund.province.amount=0.7x"]))
    once, _ = Session(other.problem()).solve(kept)
    busy = Session(program.problem())
    for _ in range(3):
        busy.solve(kept)
    busy.change(lower=other.lower, upper=other.upper)
    again_, _ = busy.solve(kept)
    assert once.stop is again_.stop
    assert once.values is not None
    assert again_.values is not None
    assert np.array_equal(once.values, again_.values)


def test_more_money_never_costs_more(tmp_path: Path) -> None:
    for seed in SEEDS:
        records = swept(random_case(seed), "fund.province.amount=1x:2x:0.25x", tmp_path / str(seed))[1:]
        plans = [record.objective for record in records if record.objective is not None]
        assert plans == sorted(plans, reverse=True)
        possible = [record.status in PLANS for record in records]
        assert possible == sorted(possible)


def test_more_money_never_costs_exits(tmp_path: Path) -> None:
    for seed in SEEDS:
        case = apply_patches(random_case(seed), ["case.goal=most exits"])
        records = swept(case, "fund.province.amount=0.7x:1.6x:0.3x", tmp_path / str(seed))[1:]
        found = [out for record in records if (out := record.out(Kind.PERSONS)) is not None]
        assert found == sorted(found)


def test_ten_houses_are_charted_as_on_paper(tmp_path: Path) -> None:
    records = swept(ten_houses(), "fund.central.amount=5万元:35万元:5万元", tmp_path)
    assert records[0].name == BASE
    assert [record.status.value for record in records[1:]] == ["infeasible", *["optimal"] * 6]
    assert [record.objective for record in records[2:]] == [
        250_000_00, 225_000_00, 200_000_00, 175_000_00, 150_000_00, 150_000_00
    ]  # fmt: skip
    half = records[4]
    assert (half.total("central"), half.total("local")) == (200_000_00, 100_000_00)
    assert all(record.how in ("again", "whole") for record in records if record.cost is not None)


@pytest.mark.parametrize("few", [0, 1])
def test_a_dearer_plan_is_replaced_by_the_neighbours(
    few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The store is given a poorer plan for 3x; the plan of 2x is lawful there and cheaper. It is audited here,
    # or by the crew where there are more than a few.
    case, how = ten_houses(), RunOptions(gap=0.5)
    monkeypatch.setattr(import_module("optimizer.study.whatif.polish"), "FEW", few)
    runs = specs((axis("fund.central.amount=2x,3x"),), (), (), case)
    store = Store(tmp_path)
    honest = sweep(case, runs, how, store, lambda: Here(case, how)).records
    from optimizer.study.whatif.store import key_of

    key = key_of(case, runs[2].patches, how)
    record, handed = store.get(key) or (None, None)
    assert record is not None
    assert record.objective is not None
    store.put(key, replace(record, objective=record.objective + 5_000_00), handed)
    crews: list[Here] = []

    def crew() -> Here:
        crews.append(Here(case, how))
        return crews[-1]

    polished = sweep(case, runs, how, store, crew).records
    store.close()
    assert len(crews) == (0 if few else 1)  # every run was in the store
    assert [r.objective for r in polished] == [r.objective for r in honest]
    assert polished[2].how == "neighbour"
    assert replace(polished[2], how=honest[2].how, seconds=honest[2].seconds) == honest[2]


def test_ranges_lists_and_grids(tmp_path: Path) -> None:
    assert axis("fund.a.amount=0.7x:0.9x:0.1x").levels == ("0.7x", "0.8x", "0.9x")
    assert axis("fund.a.amount=1000万元:2000万元:500万元").levels == ("1000万元", "1500万元", "2000万元")
    assert axis("fund.a.amount=-5万元:5万元:5万元").levels == ("-5万元", "+0万元", "+5万元")
    assert axis("target.t[2018].amount=5,8").levels == ("5", "8")
    grid = specs((axis("fund.central.amount=0.9x,1.1x"), axis("need.house.amount=8,9")), (), (), ten_houses())
    assert [run.name for run in grid][1] == "fund.central.amount=0.9x, need.house.amount=8"
    assert len(grid) == 5
    parents = [run.parent for run in grid]
    assert all(parent < number or number == 0 for number, parent in enumerate(parents))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fund.a.amount", "must be PATH=FROM:TO:STEP"),
        ("fund.a.amount=1x:2x", "FROM:TO:STEP"),
        ("fund.a.amount=1x:2x:10万元", "different units"),
        ("fund.a.amount=0:20万元:5万元", r"\(none\), 万元, 万元"),
        ("fund.a.amount=2x:1x:0.1x", "TO not below FROM"),
        ("fund.a.amount=1x:2x:0x", "above 0"),
        ("fund.a.amount=1x,1.0x", "repeats a level"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(text: str, words: str) -> None:
    with pytest.raises(WhatIfError, match=words):
        axis(text)


def test_every_bad_patch_is_named_at_once() -> None:
    case = ten_houses()
    runs = specs((axis("fund.centrl.amount=0.9x,1.1x"), axis("fund.central.amount=much,more")), (), (), case)
    with pytest.raises(CaseErrors) as caught:
        check_specs(case, runs)
    places = {problem.place.file for problem in caught.value.problems}
    assert places == {
        "--vary fund.centrl.amount", "--vary fund.central.amount=much", "--vary fund.central.amount=more"
    }  # fmt: skip
    assert len(caught.value.problems) == 3


def test_that_an_open_fund_has_nothing_to_multiply_is_said_once() -> None:
    case = ten_houses(county="open")
    runs = specs((axis("fund.local.amount=0.9x:1.1x:0.1x"),), (), (), case)
    with pytest.raises(CaseErrors) as caught:
        check_specs(case, runs)
    assert [problem.place.file for problem in caught.value.problems] == ["--vary fund.local.amount"]


def test_the_goal_of_a_maximising_case_is_reported_in_its_own_sense(tmp_path: Path) -> None:
    case = apply_patches(random_case(0), ["case.goal=most exits"])
    record = swept(case, "fund.province.amount=1x,1.2x", tmp_path, RunOptions(relaxed=True))[1]
    assert record.objective is not None
    assert record.objective > 0
    assert not math.isnan(float(record.objective))
    assert case.goal is Goal.MOST_EXITS
