"""Proofs in whole numbers, held against paper and against counting every point."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.proof import Box, Branch, Leaf, System, contradicts, least_value, narrowed, refutes, size

Rows = list[tuple[list[int], int | None, int | None]]


def system(columns: list[tuple[int | None, int | None]], rows: Rows) -> System:
    """Rows with a coefficient for every column, and their bounds."""
    start, column, value = [0], [], []
    for coefficients, _, _ in rows:
        for j, one in enumerate(coefficients):
            if one:
                column.append(j)
                value.append(one)
        start.append(len(column))
    box = Box([low for low, _ in columns], [high for _, high in columns])
    return System(box, start, column, value, [low for _, low, _ in rows], [high for _, _, high in rows])


#: Three houses at 30,000 yuan out of 89,999.99 yuan: 30,000 x houses <= money, houses >= 3 (fen).
HOUSES = system([(0, 10), (0, 89_999_99)], [([30_000_00, -1], None, 0), ([1, 0], 3, None)])


def test_a_contradiction_is_weighed_on_paper() -> None:
    # Money minus 30,000 x houses >= 0, plus 30,000 times (houses >= 3): money >= 90,000 yuan.
    assert contradicts(HOUSES, HOUSES.box, {0: -1, 1: 30_000_00})
    # With a fen more there is a plan, and no weights can say otherwise.
    enough = system([(0, 10), (0, 90_000_00)], [([30_000_00, -1], None, 0), ([1, 0], 3, None)])
    assert not contradicts(enough, enough.box, {0: -1, 1: 30_000_00})


def test_rough_weights_prove_less_and_never_too_much() -> None:
    cost = {1: 1}
    assert least_value(HOUSES, HOUSES.box, cost, {0: -1, 1: 30_000_00}) == 90_000_00
    assert least_value(HOUSES, HOUSES.box, cost, {0: -10, 1: 299_999_00}, 10) == Fraction(89_999_70)
    assert least_value(HOUSES, HOUSES.box, cost, {}) == 0
    assert least_value(HOUSES, HOUSES.box, cost, {0: 1}) is None  # the row has no lower bound


def test_narrowing_rounds_inwards_and_finds_an_empty_box() -> None:
    # 3 x <= 10 and 2 x >= 5: x is 3.
    found = narrowed(system([(None, None)], [([3], None, 10), ([2], 5, None)]), Box([None], [None]))
    assert found is not None
    assert (found.lower, found.upper) == ([3], [3])
    assert narrowed(HOUSES, HOUSES.box) is None


def test_a_coefficient_of_nothing_says_nothing() -> None:
    # 0 x + 2 y <= 5: x may be anything.
    made = System(Box([None, 0], [None, None]), [0, 2], [0, 1], [0, 2], [None], [5])
    found = narrowed(made, made.box)
    assert found is not None
    assert (found.lower, found.upper) == ([None, 0], [None, 2])


def test_two_cases_rule_out_what_no_weights_can() -> None:
    # 1 <= 2 x + 2 y - 2 w <= 1 has halves and no whole numbers; w is bounded, the box stays open.
    odd = system([(0, 3), (0, 3), (0, 3)], [([2, 2, -2], 1, 1)])
    assert not refutes(odd, Leaf({0: 1}))
    assert not refutes(odd, Leaf({0: -1}))
    # x + y <= 1 and x + y >= 1/2, in thirds: 3 <= 6 x + 6 y <= 5.
    part = system([(0, 1), (0, 1)], [([6, 6], 3, 5)])
    proof = Branch(0, 0, Branch(1, 0, Leaf({0: 1}), Leaf({0: -1})), Leaf({0: -1}))
    assert refutes(part, proof)
    assert size(proof) == 3
    assert not refutes(system([(0, 1), (0, 1)], [([6, 6], 3, 6)]), proof)


small = st.integers(-4, 4)
rows_of_three = st.lists(
    st.tuples(st.lists(small, min_size=3, max_size=3), st.integers(-8, 8), st.integers(0, 6)),
    min_size=1,
    max_size=4,
)


def points(found: System) -> list[tuple[int, ...]]:
    """Every whole solution, counted."""
    ranges = [
        range(low or 0, (high or 0) + 1) for low, high in zip(found.box.lower, found.box.upper, strict=True)
    ]
    return [x for x in product(*ranges) if all(_holds(found, i, x) for i in range(found.rows))]


def _holds(found: System, i: int, x: tuple[int, ...]) -> bool:
    activity = sum(value * x[j] for j, value in found.row(i))
    low, high = found.row_lower[i], found.row_upper[i]
    return (low is None or activity >= low) and (high is None or activity <= high)


@settings(max_examples=300, deadline=None)
@given(
    rows_of_three,
    st.lists(st.integers(-9, 9), min_size=4, max_size=4),
    st.lists(small, min_size=3, max_size=3),
)
def test_nothing_that_exists_is_ever_ruled_out(
    rows: list[tuple[list[int], int, int]], weights: list[int], cost: list[int]
) -> None:
    made = system([(0, 3)] * 3, [(a, low, low + width) for a, low, width in rows])
    there = points(made)
    used = {i: weights[i] for i in range(made.rows)}
    bound = least_value(made, made.box, dict(enumerate(cost)), used, 2)
    assert bound is not None
    for x in there:
        assert sum(c * v for c, v in zip(cost, x, strict=True)) >= bound
    box = narrowed(made, made.box)
    if there:
        assert not contradicts(made, made.box, used)
        assert not refutes(made, Branch(0, 1, Leaf(used), Leaf(used)))
        assert box is not None
        for x in there:
            assert all(
                (low is None or low <= v) and (high is None or v <= high)
                for v, low, high in zip(x, box.lower, box.upper, strict=True)
            )


@pytest.mark.parametrize("spare", [0, 1])
def test_a_proof_is_of_its_own_system_only(spare: int) -> None:
    # 7 x + 5 y = 23 in whole numbers >= 0 has no answer; 24 = 7 x 2 + 5 x 2 has.
    made = system([(0, 3), (0, 4)], [([7, 5], 23 + spare, 23 + spare)])
    proof = Branch(0, 0, Leaf(), Branch(0, 1, Leaf(), Branch(0, 2, Leaf(), Leaf())))
    assert refutes(made, proof) is (not points(made))
