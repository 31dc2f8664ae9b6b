"""A session: answers after bounds were taken away, without a basis, and from an engine that does not stop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimizer.solve import FloatArray, Options, Problem, ProblemError, Stop, highs, session, solve
from optimizer.solve.session import Basis, Session
from optimizer.solve.watch import Ended, Watched
from optimizer.solve.way import Way


def covering(seed: int) -> Problem:
    """Least cost of covering 12 rows by 20 columns, each of which may be at most 4."""
    draw = np.random.default_rng(seed)
    rows, columns = 12, 20
    number = np.concatenate([np.sort(draw.choice(columns, 8, replace=False)) for _ in range(rows)])
    return Problem(
        cost=draw.integers(1, 20, columns).astype(np.float64),
        offset=0.0,
        lower=np.zeros(columns),
        upper=np.full(columns, 4.0),
        integer=np.zeros(columns, dtype=np.bool_),
        row_start=np.arange(0, 8 * rows + 1, 8, dtype=np.int64),
        column=number.astype(np.int64),
        value=draw.integers(1, 6, 8 * rows).astype(np.float64),
        row_lower=draw.integers(5, 20, rows).astype(np.float64),
        row_upper=np.full(rows, np.inf),
        column_scale=np.ones(columns),
        row_scale=np.ones(rows),
    )


@pytest.mark.parametrize("seed", range(5))
def test_without_some_rows_the_answer_is_that_of_a_fresh_solve(seed: int) -> None:
    held = Session(covering(seed))
    first, basis = held.solve()
    assert first.stop is Stop.OPTIMAL
    objectives = []
    for row in range(0, 12, 3):
        row_lower = covering(seed).row_lower
        row_lower[row : row + 3] = -np.inf
        held.change(row_lower=row_lower)
        fresh = solve(held.problem, Options(gap=0.0))
        found = held.answer(basis, looser=True)
        assert found.stop is Stop.OPTIMAL
        assert found.objective == pytest.approx(fresh.objective, rel=1e-9)
        assert held.answer(basis).objective == pytest.approx(fresh.objective, rel=1e-9)
        objectives.append(found.objective)
    assert min(objective or 0.0 for objective in objectives) < (first.objective or 0.0)


def test_an_engine_that_does_not_stop_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Session(covering(0))
    known = held.answer().objective
    with monkeypatch.context() as patched:
        patched.setattr(session, "watch", lambda *_: Watched(Ended.TOLD_TIME))
        late, basis = held.solve(limit=1.0)
    assert (late.stop, late.values, basis) == (Stop.TIME_LIMIT, None, None)
    assert held.answer(keep=True).objective == pytest.approx(known)


def test_seconds_are_those_of_one_question_and_not_of_all_together() -> None:
    held = Session(covering(0))
    known = held.answer().objective
    while held._solver.getRunTime() < 0.02:
        held.answer()
    late = held.answer(limit=0.0)
    assert (late.stop, late.values) == (Stop.TIME_LIMIT, None)
    # What was asked before has taken longer than this by now.
    again = held.answer(limit=held._solver.getRunTime())
    assert again.stop is Stop.OPTIMAL
    assert again.objective == pytest.approx(known)
    assert "after a warm start" not in again.message
    assert held.answer().objective == pytest.approx(known)


@pytest.mark.parametrize("seed", range(5))
def test_from_the_empty_basis_the_answer_is_the_same(seed: int) -> None:
    held = Session(covering(seed))
    empty = Basis.empty(held.problem)
    assert empty.fits(held.problem)
    expected = held.answer().objective
    assert held.answer(empty).objective == pytest.approx(expected, rel=1e-9)


def test_from_the_empty_basis_a_contradiction_is_shown_by_weights_of_rows() -> None:
    # Row 7 asks for more than its columns can give; no other row is needed to see that.
    held = Session(covering(0))
    row_lower = covering(0).row_lower
    row_lower[7] = 4 * covering(0).value[7 * 8 : 8 * 8].sum() + 1
    held.change(row_lower=row_lower)
    assert held.answer(Basis.empty(held.problem)).stop is Stop.INFEASIBLE
    weights = held.contradiction()
    assert weights is not None
    assert np.flatnonzero(weights).tolist() == [7]


def test_the_empty_basis_stands_at_bounds_that_there_are() -> None:
    problem = covering(0)
    problem.lower[:2], problem.upper[1:3] = -np.inf, np.inf
    assert Basis.empty(problem).columns[:4].tolist() == [2, 3, 0, 0]


def test_interior_point_that_does_not_end_gives_way_to_simplex(monkeypatch: pytest.MonkeyPatch) -> None:
    """An LP whose optimum has no interior keeps it busy for ever; here it may take three steps."""
    plain = solve(covering(0), Options())
    hurried = {**highs.LP_SETTINGS[Way.FIRST], "ipm_iteration_limit": 3}
    monkeypatch.setitem(highs.LP_SETTINGS, Way.FIRST, hurried)
    again = solve(covering(0), Options())
    assert again.stop is plain.stop is Stop.OPTIMAL
    assert again.objective == pytest.approx(plain.objective)
    assert "asked again after: HiGHS: Iteration limit" in again.message


@pytest.mark.parametrize("seed", range(5))
def test_another_goal_gives_the_answer_of_a_fresh_solve(seed: int) -> None:
    problem = replace(covering(seed), column_scale=np.full(20, 1000.0), row_scale=np.full(12, 10.0),
                      cost_scale=1e6, offset=7.0)  # fmt: skip
    draw = np.random.default_rng(seed + 100)
    held = Session(problem)
    held.answer()
    for _ in range(4):
        cost = draw.integers(-5, 20, 20).astype(np.float64)
        held.aim(cost)
        found = held.answer(keep=True, looser=True)
        fresh = solve(replace(problem, cost=cost), Options(gap=0.0))
        assert held.corner() is not None
        assert found.objective == pytest.approx(fresh.objective)
        assert found.bound == pytest.approx(fresh.bound)
        assert found.bound == pytest.approx(found.objective)


def test_a_goal_without_end_does_not_spoil_the_next_question() -> None:
    # Columns 0 and 1 have no upper bound: a goal that likes more of one of them has no optimum.
    upper = np.full(20, 4.0)
    upper[:2] = np.inf
    problem = replace(covering(0), upper=upper)
    held = Session(problem)
    known = held.answer().objective
    held.aim(np.where(np.arange(20) == 1, -1.0, 0.0))
    endless = held.answer(keep=True, looser=True)
    assert (endless.stop, endless.bound, held.corner()) == (Stop.UNBOUNDED, None, None)
    for keep in (True, False):
        held.aim(problem.cost)
        again = held.answer(keep=keep, looser=keep)
        assert again.objective == pytest.approx(known)
        assert again.bound == pytest.approx(known)


@pytest.mark.parametrize("cost", [np.full(20, np.nan), np.full(20, np.inf), np.zeros(19)])
def test_a_goal_that_is_no_goal_is_refused_and_the_old_one_stays(cost: FloatArray) -> None:
    held = Session(covering(0))
    known = held.answer().objective
    with pytest.raises(ProblemError, match="one finite number for each column"):
        held.aim(cost)
    assert held.answer(keep=True).objective == pytest.approx(known)
