"""The proof under a least level: refutations of whole programs, held against counting and against plans."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.case import Case
from optimizer.program import Program, again, build
from optimizer.proof import Leaf, WithCuts, refutes, size
from optimizer.read import apply_patches
from optimizer.settle.lattice import broken_rows, inside_bounds
from optimizer.study.planning import PlanOptions, make_plan
from optimizer.study.proving import refute
from optimizer.study.proving.least import least_whole
from optimizer.study.proving.refute import Refuter, rounded, system_of, with_totals
from optimizer.study.whatif import threshold
from optimizer.study.whatif.curve import solved_curve
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.level import level_of, pots, with_level, with_room
from optimizer.study.whatif.notes import Notes, Step
from optimizer.study.whatif.store import Store
from optimizer.study.whatif.threshold import least
from optimizer.study.whatif.timing import earliest, latest

from .whatif_cases import random_case, ten_houses, three_to_a_house, two_kinds_of_house

CENTRAL = "fund.central.amount"


def at_level(case: Case, path: str, fen: int) -> tuple[Program, Refuter]:
    """The program at a level, and who may refute it."""
    level, plain = level_of(case, path), build(case)
    patched = apply_patches(case, level.patches(fen))
    return again(plain, case, patched), Refuter(plain, pots(plain, level))


def test_three_whole_houses_need_ninety_thousand_yuan_to_the_fen() -> None:
    # The relaxation is content with 7/3 houses (70,000 yuan): only cases can tell, and they do.
    program, refuter = at_level(three_to_a_house(), CENTRAL, 90_000_00 - 1)
    found = refuter.refutation(program)
    assert found is not None
    assert size(found) >= 1
    program, refuter = at_level(three_to_a_house(), CENTRAL, 90_000_00)
    assert refuter.refutation(program) is None


def test_cuts_close_in_one_case_what_cases_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    # 40 counties, each with 7/3 houses in the relaxation: one total after the other leaves room elsewhere.
    fen = 40 * 90_000_00
    program, refuter = at_level(two_kinds_of_house(40), CENTRAL, fen - 1)
    found = refuter.refutation(program, cases=1)
    assert isinstance(found, WithCuts)
    assert size(found) == 1
    assert isinstance(found.rest, Leaf)
    system = system_of(with_totals(program)[0])
    assert refutes(system, found)
    assert not refutes(system, Leaf({i: w for i, w in found.rest.weights.items() if i < system.rows}))
    program, refuter = at_level(two_kinds_of_house(40), CENTRAL, fen)
    assert refuter.refutation(program, cases=5) is None
    monkeypatch.setattr(refute, "tightened", lambda start, *_, **__: start)
    program, refuter = at_level(two_kinds_of_house(40), CENTRAL, fen - 1)
    assert refuter.refutation(program, cases=60) is None


@pytest.mark.parametrize("short", [1, 10_000_00, 89_000_00])
def test_cuts_of_one_level_start_the_proof_of_the_next(short: int) -> None:
    _, refuter = at_level(two_kinds_of_house(3), CENTRAL, 3 * 90_000_00 - short)
    case = two_kinds_of_house(3)
    level, plain = level_of(case, CENTRAL), build(case)
    for less in (1, 2, short):
        patched = apply_patches(case, level.patches(3 * 90_000_00 - less))
        assert refuter.refutation(again(plain, case, patched), cases=1) is not None
    patched = apply_patches(case, level.patches(3 * 90_000_00))
    assert refuter.refutation(again(plain, case, patched), cases=30) is None


def test_the_least_level_of_forty_counties_is_where_whole_houses_can_be_paid_for() -> None:
    # On paper: (a, b) houses of two kinds with 3 (a + b) >= 7; the cheapest pair is (3, 0).
    cheapest = min(
        a * 30_000_00 + b * 30_001_00 for a, b in product(range(4), repeat=2) if 7 <= 3 * (a + b) <= 9
    )
    found = least(two_kinds_of_house(40), CENTRAL, RunOptions())
    assert found.relaxed == 40 * Fraction(7, 3) * 30_000_00
    assert (found.fen, found.impossible, found.exactly) == (40 * cheapest, 40 * cheapest - 1, True)
    assert found.cases == 1


@pytest.mark.parametrize("seed", [0, 1, 12, 33])
def test_no_plan_is_below_the_bound_of_the_level(seed: int) -> None:
    case, path = random_case(seed), "fund.province.amount"
    level = level_of(case, path)
    roomy = with_room(with_level(case, build(case), level), level)
    assert roomy is not None
    bound = least_whole(roomy, len(roomy.lower) - 1, 100 * level.total, 20.0)
    found = least(case, path, RunOptions(time_limit=20.0))
    assert bound is not None
    assert found.fen is not None
    assert bound <= found.fen


def test_everything_below_is_ruled_out_too() -> None:
    found = least(three_to_a_house(), CENTRAL, RunOptions())
    assert (found.fen, found.impossible, found.exactly) == (90_000_00, 90_000_00 - 1, True)
    found = least(ten_houses(), CENTRAL, RunOptions())
    assert (found.fen, found.impossible, found.exactly) == (100_000_00, 100_000_00 - 1, True)


@pytest.mark.parametrize("seed", [0, 1, 12, 33])
def test_what_is_refuted_has_no_plan_and_what_has_a_plan_is_not_refuted(seed: int) -> None:
    case, path = random_case(seed), "fund.province.amount"
    found = least(case, path, RunOptions(time_limit=20.0))
    assert found.fen is not None
    how = PlanOptions(gap=0.5, conflict=False)
    assert make_plan(apply_patches(case, found.level.patches(found.fen)), how).plan.allocation is not None
    below_program, _ = at_level(case, path, max(0, found.fen - 1))
    if found.fen and found.exactly and (below_program.lower <= below_program.upper).all():
        below = make_plan(apply_patches(case, found.level.patches(found.fen - 1)), how)
        assert below.plan.allocation is None
    program, refuter = at_level(case, path, found.fen)
    assert refuter.refutation(program, cases=20, patience=5.0) is None


def test_a_total_is_the_sum_of_its_quantities_and_binds_nothing() -> None:
    case = random_case(0)
    planned = make_plan(case, PlanOptions(gap=0.5, conflict=False))
    assert planned.x is not None
    grown, sums = with_totals(planned.program)
    x = np.append(planned.x, [planned.x[members].sum() for members in sums])
    assert inside_bounds(grown, x)
    assert not broken_rows(grown, x)


def test_the_whole_number_system_says_what_the_program_says() -> None:
    program = build(three_to_a_house())
    system = system_of(program)
    free = np.flatnonzero(program.upper > program.lower)[:3]
    for move in product((0, 1, 3), repeat=len(free)):
        x = program.lower.astype(np.int64)
        x[free] += move
        broken = {
            i
            for i in range(system.rows)
            for activity in [sum(value * int(x[j]) for j, value in system.row(i))]
            if not _between(system.row_lower[i], activity, system.row_upper[i])
        }
        assert len(broken) == len(broken_rows(program, x))


def _between(low: int | None, value: int, high: int | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)


def test_rounded_weights_keep_their_proportions() -> None:
    found = rounded(np.array([0.0, 1.0, -0.5, 1e-12]))
    assert 0 not in found
    assert found[1] == -2 * found[2]
    assert found[3] > 0


class Killed(Exception):
    """Stands for a kill in the middle of a search."""


@pytest.mark.parametrize("question", ["curve", "least", "latest", "earliest"])
def test_an_answer_that_was_killed_goes_on_and_is_the_same(tmp_path: Path, question: str) -> None:
    calm, _ = asked(question, tmp_path / "calm", None)
    steps = 0

    def kill(step: Step) -> None:
        nonlocal steps
        steps += 1
        if steps > (2 if question in ("curve", "least") else 1):
            raise Killed

    with pytest.raises(Killed):
        asked(question, tmp_path / "killed", kill)
    again_asked, recalled = asked(question, tmp_path / "killed", None)
    assert recalled > 0
    assert again_asked == calm


def asked(question: str, folder: Path, told: Any) -> tuple[Any, int]:
    """The answer, without what a clock says, and how many pieces were there already."""
    case = three_to_a_house((2018, 2020)) if question in ("latest", "earliest") else ten_houses()
    options, store = RunOptions(), Store(folder)
    notes = Notes(case, question, options, store, told)
    try:
        if question == "curve":
            curve = solved_curve(case, level_of(case, CENTRAL), 0, 500_000_00, options, notes)
            assert curve.curve is not None
            return (curve.curve.lines, curve.curve.breaks, len(curve.solved)), notes.recalled
        if question == "least":
            found = least(case, CENTRAL, options, notes)
            return (found.fen, found.relaxed, found.exactly, found.impossible, found.cases), notes.recalled
        if question == "latest":
            years = latest(case, "central", options, notes)
        else:
            case_late = apply_patches(
                case, ["fund.central[2018].amount=6万元", "fund.central[2019].amount=6万元"]
            )
            years = earliest(case_late, options, notes)
        return (years.year, [(year, record.status) for year, record in years.records]), notes.recalled
    finally:
        store.close()


def test_a_level_that_cannot_be_decided_is_called_unproven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threshold._Search, "ruled_out", lambda *_: None)
    monkeypatch.setattr(threshold._Search, "_floor", lambda _: (0, 0))
    monkeypatch.setattr(threshold._Search, "_ruled_out_together", lambda *_: (-1, 0))
    found = least(three_to_a_house(), CENTRAL, RunOptions())
    assert found.fen == 90_000_00
    assert not found.exactly
    assert found.proven  # by the solver's word, which is said
    assert found.impossible == -1
