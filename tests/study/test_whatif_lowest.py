"""Quantities for a level close above its bound, worked out on paper; and what a search keeps of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.case import Case
from optimizer.program import Program, build
from optimizer.solve import Options, solve
from optimizer.study.whatif import lowest as module
from optimizer.study.whatif import threshold
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.level import least_level, level_of, with_level
from optimizer.study.whatif.lowest import Found, lowest
from optimizer.study.whatif.notes import Notes
from optimizer.study.whatif.store import Store
from optimizer.study.whatif.threshold import least

from .whatif_cases import ten_houses, two_kinds_of_house

CENTRAL = "fund.central.amount"
#: Six counties: three houses each at 30,000 yuan (7/3 would do, were they divisible), or at 30,001.
HOUSES, CHEAP, DEAR = 18, 30_000_00, 30_001_00


def levelled(case: Case) -> Program:
    """The program of a case with the level of its central fund as the last column."""
    return with_level(case, build(case), level_of(case, CENTRAL))


def built(program: Program, quantities: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[int, int]:
    """Houses built at 30,000 yuan, and at 30,001."""
    cheap, dear = (program.columns[f"units.{name}"].index.ravel() for name in ("build", "rebuild"))
    return int(quantities[cheap].sum()), int(quantities[dear].sum())


def all_dear(program: Program) -> Found:
    """Three of the dear houses in every county, and the level that pays for them."""
    problem = least_level(program).problem(whole_quantities=True)
    upper = problem.upper.copy()
    upper[program.columns["units.build"].index.ravel()] = 0
    outcome = solve(replace(problem, upper=upper), Options(gap=0.0))
    assert outcome.values is not None
    assert built(program, np.rint(outcome.values).astype(np.int64)) == (0, HOUSES)
    return Found(outcome.values, float(HOUSES * DEAR))


def test_eighteen_houses_are_the_fewest_and_the_cheap_ones_are_taken() -> None:
    program = levelled(two_kinds_of_house(6))
    found = lowest(program, HOUSES * CHEAP)
    assert found is not None
    assert built(program, found) == (HOUSES, 0)
    assert len(found) == len(program.lower) - 1
    assert not found[program.money[:-1]].any()


def test_a_bound_that_no_plan_reaches_is_approached() -> None:
    # By the relaxation 14 houses would do: there is no plan there, and a room of a hundredth holds none.
    program = levelled(two_kinds_of_house(6))
    found = lowest(program, HOUSES * CHEAP * 7 // 9, patience=20.0)
    assert found is not None
    assert built(program, found) == (HOUSES, 0)


def test_dear_houses_are_exchanged_for_cheap_ones_if_quantities_may_go_far_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # At the bound three dear houses of each county must become three cheap ones: 3 up and 3 down.
    program = levelled(two_kinds_of_house(6))
    monkeypatch.setattr(module, "PARTS", (0.0,))
    monkeypatch.setattr(module, "REACHES", (1, 2))
    assert module._Search(program, HOUSES * CHEAP, 0, 20.0).nearer(all_dear(program)) is None
    monkeypatch.setattr(module, "REACHES", (1, 3))
    found = module._Search(program, HOUSES * CHEAP, 0, 20.0).nearer(all_dear(program))
    assert found is not None
    assert built(program, np.rint(found.x).astype(np.int64)) == (HOUSES, 0)
    assert found.level == pytest.approx(HOUSES * CHEAP, abs=0.5)


def test_part_of_the_way_is_gone_where_the_bound_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    # One dear house fewer and one cheap one more in each county: six yuan of eighteen, a third of the way.
    program = levelled(two_kinds_of_house(6))
    monkeypatch.setattr(module, "REACHES", (1,))
    monkeypatch.setattr(module, "PARTS", (0.0, 0.5, 2 / 3))
    found = module._Search(program, HOUSES * CHEAP, 0, 20.0).nearer(all_dear(program))
    assert found is not None
    assert built(program, np.rint(found.x).astype(np.int64)) == (6, 12)


def test_where_an_engine_finds_nothing_whole_a_cheap_plan_is_made_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The bound of 14 houses is no plan's; a hundredth more neither; a quarter and a half hold 18 houses.
    program = levelled(two_kinds_of_house(6))
    monkeypatch.setattr(module._Search, "_asked", lambda *_: None)
    for few, rooms in ((14, (1e-4, 1e-2, None)), (14, (0.25,))):
        monkeypatch.setattr(module, "ROOMS", rooms)
        assert lowest(program, few * CHEAP, patience=20.0) is None
    monkeypatch.setattr(module, "ROOMS", (0.25, 0.5))
    found = lowest(program, 14 * CHEAP, patience=20.0)
    assert found is not None
    assert sum(built(program, found)) == HOUSES


def test_without_time_nothing_is_found() -> None:
    assert lowest(levelled(ten_houses()), 100_000_00, patience=0.0) is None


def test_a_level_is_found_from_quantities_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # No plan is made from scratch on the way: quantities close to the bound are found, paid for and audited.
    planned = threshold._Search._planned

    def recorded(search: threshold._Search, fen: int) -> object:
        assert fen in search._records or search.notes.recall(f"plan {fen}") is not None
        return planned(search, fen)

    monkeypatch.setattr(threshold._Search, "_planned", recorded)
    found = least(two_kinds_of_house(6), CENTRAL, RunOptions())
    assert (found.fen, found.impossible) == (HOUSES * CHEAP, HOUSES * CHEAP - 1)


def test_a_search_that_goes_on_knows_the_quantities_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = two_kinds_of_house(6)

    def asked(folder: Path) -> int | None:
        store = Store(folder)
        try:
            return least(case, CENTRAL, RunOptions(), Notes(case, "least", RunOptions(), store)).fen
        finally:
            store.close()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(threshold._Search, "_paid", killed)
        with pytest.raises(KeyboardInterrupt):
            asked(tmp_path)
    monkeypatch.setattr(threshold, "lowest", killed)
    assert asked(tmp_path) == HOUSES * CHEAP
