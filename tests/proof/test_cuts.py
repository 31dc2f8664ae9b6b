"""Cuts held against paper and against counting every point."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.proof import Box, Cut, Leaf, Row, System, WithCuts, contradicts, derived, narrowed, refutes

small = st.integers(-4, 4)
three = st.lists(small, min_size=3, max_size=3)
rows_of_three = st.lists(st.tuples(three, st.integers(-8, 8), st.integers(0, 6)), min_size=1, max_size=4)


def system(box: Box, rows: list[tuple[list[int], int | None, int | None]]) -> System:
    """Rows with a coefficient for every column, and their bounds."""
    width = len(box.lower)
    entries = [value for row, _, _ in rows for value in row]
    start = [width * i for i in range(len(rows) + 1)]
    lower, upper = [low for _, low, _ in rows], [high for _, _, high in rows]
    return System(box, start, [*range(width)] * len(rows), entries, lower, upper)


#: Loans of a county are 9,181 (two kinds), risk capital at least a tenth of them; 918 units are to do.
RISK = system(
    Box([0, 0, 0], [None, None, 918]), [([1, 1, 0], 9181, 9181), ([1, 1, -10], None, 0)]
)  # fmt: skip


def test_a_tenth_of_9181_loans_is_919_whole_units_on_paper() -> None:
    # (9,181 - (loans - 10 units)) / 10: units >= 918.1, so units >= 919; nothing else is left in the row.
    cut = Cut({0: 1, 1: -1}, 10)
    open_end = Box([0, 0, 0], [None, None, None])
    row = derived(RISK, open_end, cut)
    assert row.entries[2] > 0
    assert all(_true(row, (a, 9181 - a, units)) for a in (0, 5509) for units in range(919, 940))
    assert not _true(row, (5509, 3672, 918))
    assert refutes(RISK, WithCuts(((cut,),), Leaf()))
    enough = system(Box([0, 0, 0], [None, None, 919]), [([1, 1, 0], 9181, 9181), ([1, 1, -10], None, 0)])
    assert not refutes(enough, WithCuts(((cut,),), Leaf({2: 1})))


def test_a_sum_that_is_whole_already_says_nothing() -> None:
    assert derived(RISK, Box([0, 0, 0], [None, None, None]), Cut({0: 1}, 1)) == Row({}, None)


def _true(row: Row, x: tuple[int, ...]) -> bool:
    return row.least is None or sum(value * x[j] for j, value in row.entries.items()) >= row.least


@settings(max_examples=400, deadline=None)
@given(
    rows_of_three,
    st.lists(st.integers(-9, 9), min_size=5, max_size=5),
    st.integers(1, 7),
    st.frozensets(st.integers(0, 2)),
    st.frozensets(st.integers(0, 4)),
    st.lists(st.sampled_from(["both", "lower", "upper"]), min_size=4, max_size=4),
)
def test_no_whole_point_is_ever_cut_off(
    rows: list[tuple[list[int], int, int]],
    weights: list[int],
    denominator: int,
    columns: frozenset[int],
    ends: frozenset[int],
    kinds: list[str],
) -> None:
    # Rows with both ends, an equality among them, or one; every weight and every end as chance has it.
    box = Box([-1, 0, 0], [2, 3, 3])
    bounded = [
        (row, low if kind != "upper" else None, low + width if kind != "lower" else None)
        for (row, low, width), kind in zip(rows, kinds, strict=False)
    ]
    made = system(box, bounded)
    used = {i: weights[i] for i in range(made.rows)}
    cut = Cut(used, denominator, columns, ends)
    row = derived(made, box, cut)
    again = Cut({**used, made.rows: weights[4]}, denominator, columns, ends)
    more = made.with_rows([row])
    second = derived(more, box, again)
    there = [
        x
        for x in product(range(-1, 3), range(4), range(4))
        if all(
            (low is None or low <= value) and (high is None or value <= high)
            for (a, low, high) in bounded
            for value in [sum(c * v for c, v in zip(a, x, strict=True))]
        )
    ]
    assert all(_true(row, x) and _true(second, x) for x in there)
    if there:
        assert not refutes(made, WithCuts(((cut,), (again,)), Leaf({made.rows: 1})))
        assert not contradicts(more, box, {made.rows: 1})
        assert narrowed(more, box) is not None
