"""How far a column goes while the optimum keeps its slope, and how far it can go at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimizer.solve import Problem, Stop
from optimizer.solve.ranging import Ranging, Stretch


def two_sellers(need: float = 10.0) -> Problem:
    """`need` is bought at 1 (at most 6) and at 3 (at most 8); column 2, held at 0, is needed besides."""
    return Problem(
        cost=np.array([1.0, 3.0, 0.0]),
        offset=0.0,
        lower=np.zeros(3),
        upper=np.array([6.0, 8.0, 0.0]),
        integer=np.zeros(3, dtype=np.bool_),
        row_start=np.array([0, 3]),
        column=np.array([0, 1, 2]),
        value=np.array([1.0, 1.0, -1.0]),
        row_lower=np.array([need]),
        row_upper=np.array([np.inf]),
        column_scale=np.ones(3),
        row_scale=np.ones(1),
    )


def held_at(problem: Problem, column: int, value: float) -> Problem:
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[column] = upper[column] = value
    return replace(problem, lower=lower, upper=upper)


@pytest.mark.parametrize(("far", "end"), [(-10.0, -4.0), (100.0, 4.0), (-1.0, -1.0), (3.0, 3.0)])
def test_a_slope_holds_until_the_dearer_seller_is_idle_or_sold_out(far: float, end: float) -> None:
    problem = two_sellers()
    held = Ranging(problem)
    first = held.answer()
    assert first.row_duals is not None
    assert first.reduced_costs is not None
    assert first.reduced_costs[2] == pytest.approx(3.0)
    stretch = Stretch(problem)
    stretch.along(first.row_duals, first.reduced_costs)
    assert stretch.farthest(2, 0.0, far, held.corner(), None) == pytest.approx(end)
    # The basis there answers without another pivot what a fresh solve says.
    there = held_at(problem, 2, end)
    held.change(lower=there.lower, upper=there.upper)
    again = held.answer(stretch.end(), looser=True)
    assert again.objective == pytest.approx(6 + 12 + 3 * end)
    assert again.objective == pytest.approx(Ranging(there).answer().objective)


def test_what_contradicts_tells_how_far_a_column_can_go() -> None:
    # 14 can be had in all, 10 are needed: 4 more, and no more than that.
    problem = two_sellers()
    held = Ranging(problem)
    held.answer()
    corner = held.corner()
    there = held_at(problem, 2, 20.0)
    held.change(lower=there.lower, upper=there.upper)
    assert held.answer(corner).stop is Stop.INFEASIBLE
    assert held.blocked(2, 20.0) == pytest.approx(4.0)


def test_a_column_that_is_blocked_where_it_stands_can_go_nowhere() -> None:
    problem = two_sellers(need=14.0)
    held = Ranging(problem)
    held.answer()
    corner = held.corner()
    there = held_at(problem, 2, 1.0)
    held.change(lower=there.lower, upper=there.upper)
    assert held.answer(corner).stop is Stop.INFEASIBLE
    assert held.blocked(2, 1.0) == pytest.approx(0.0)
