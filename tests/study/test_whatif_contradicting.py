"""What an infeasible run of a sweep names: few statements that contradict each other, the same every time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.citation import Language
from optimizer.present.terminal import Screen
from optimizer.present.whatif_report import SweepReport
from optimizer.present.whatif_text import sweep_text
from optimizer.program import build
from optimizer.read import apply_patches, read_case
from optimizer.study.conflict.elastic import possible
from optimizer.study.conflict.statements import stated
from optimizer.study.whatif.contradicting import contradicting
from optimizer.study.whatif.crew import Task, answered
from optimizer.study.whatif.evaluate import Ready, RunOptions

from .whatif_cases import three_to_a_house

INPUTS = Path(__file__).parents[2] / "inputs"


def test_money_for_two_houses_contradicts_the_target() -> None:
    # Seven thirds of a house are needed: 70,000 yuan, divisible.
    patches = ("fund.central.amount=6万元",)
    case = apply_patches(three_to_a_house(), patches)
    assert contradicting(case, patches) == ("out", "supply.central", "holds.house.poor")
    assert contradicting(case, patches, questions=0) == ()
    # With 80,000 quantities could be divided: only whole houses are in the way, and nothing is named.
    whole = ("fund.central.amount=8万元",)
    assert contradicting(apply_patches(three_to_a_house(), whole), whole) == ()


def test_what_contradicts_itself_in_the_run_before_is_named_where_it_still_does() -> None:
    less, more = (("fund.central.amount=3万元",), ("fund.central.amount=8万元",))
    case = three_to_a_house()
    before = ("supply.central", "holds.house.poor", "out")
    assert contradicting(apply_patches(case, less), less, before, questions=1) == before
    assert contradicting(apply_patches(case, less), less) == ("out", "supply.central", "holds.house.poor")
    # What is possible here, and what is no statement here, is not taken over.
    assert contradicting(apply_patches(case, more), more, before) == ()
    assert contradicting(apply_patches(case, less), less, ("elsewhere",)) != ("elsewhere",)


def test_a_fund_that_must_bring_more_than_it_may_is_named() -> None:
    case = three_to_a_house()
    rows = {key: replace(row, least=row.most or 0) for key, row in case.tables.supplied.items()}
    case = case.model_copy(update={"tables": replace(case.tables, supplied=rows)})
    patches = ("fund.central.amount=1万元",)
    assert contradicting(apply_patches(case, patches), patches) == ("supply.central",)


@pytest.mark.parametrize(
    "patch", ["fund.county.amount=1000万元", "measure.*.cost=0.9x", "target.exit[2017].amount=7508"]
)
def test_what_is_named_is_impossible_and_all_of_it_is_needed(patch: str) -> None:
    case = apply_patches(read_case(INPUTS / "ruyuan"), [patch])
    found = contradicting(case, (patch,))
    assert found
    assert contradicting(case, (patch,)) == found
    statements = stated(build(case, tight=False))
    divisible = np.zeros_like(statements.program.integer)

    def hold(ids: tuple[str, ...]) -> bool | None:
        kept = [one for one in statements.statements if one.id in ids]
        return possible(statements, statements.rows_of(kept), divisible, 60.0, confirm=True)

    assert hold(found) is False
    for id in found:
        assert hold(tuple(one for one in found if one != id)) is True, id


def test_a_run_of_a_sweep_names_it_and_a_feasible_one_does_not() -> None:
    ready, options = Ready(three_to_a_house()), RunOptions()
    one, two = (
        answered(ready, Task(1, "r", (f"fund.central.amount={money}万元",), None), options).record
        for money in (6, 9)
    )
    assert one is not None
    assert two is not None
    assert one.conflict == ("out", "supply.central", "holds.house.poor")
    assert one.object()["conflict"] == list(one.conflict)
    assert type(one).from_object(one.object()) == one
    assert two.conflict == ()


def test_the_text_names_runs_titles_and_what_only_whole_lots_forbid() -> None:
    ready = Ready(three_to_a_house())
    records = [
        answered(ready, Task(1, name, patches, None), RunOptions()).record
        for name, patches in (
            ("base", ()),
            ("six", ("fund.central.amount=6万元",)),
            ("five", ("fund.central.amount=5万元",)),
            ("eight", ("fund.central.amount=8万元",)),
        )
    ]
    report = SweepReport(
        ready.case,
        tuple(one for one in records if one is not None),
        (),
        relaxed=False,
        options={},
        seconds=0.0,
    )
    english = sweep_text(report, Language.EN, Screen(200, False))
    assert "· six, five: out [out]; " in english
    assert "· eight: no contradiction was found in divisible quantities" in english
    assert "· eight：按数量可拆分计算没有找到矛盾" in sweep_text(report, Language.ZH, Screen(200, False))
