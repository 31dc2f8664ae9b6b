"""The sparse bookkeeping: blocks of rows from terms in any order, entries that stand for several rows."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from models.rules.tree import Comparison
from optimizer.program.matrix import Builder, ProgramError, Term, common, merged, term, times


def whole(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def dense(row_start: np.ndarray, column: np.ndarray, value: np.ndarray, width: int) -> list[list[int]]:
    rows = []
    for i in range(len(row_start) - 1):
        row = [0] * width
        for entry in range(row_start[i], row_start[i + 1]):
            row[column[entry]] += int(value[entry])
        rows.append(row)
    return rows


@pytest.mark.parametrize("seed", range(20))
def test_rows_come_out_as_they_were_put_in(seed: int) -> None:
    rng = random.Random(seed)
    build = Builder(regions=("a", "b", "c"), years=(2018, 2019))
    block = build.add_columns("x", whole(0, 1, 2))
    width, expected = len(block), []
    for _ in range(3):
        height = rng.randint(1, 4)
        table = [[0] * width for _ in range(height)]
        terms = []
        for _ in range(rng.randint(1, 4)):
            cells = rng.sample(range(height * width), k=rng.randint(0, height * width))
            if rng.random() < 0.5:
                cells.sort()
            cells = [cell for cell in cells if not table[cell // width][cell % width]]
            values = [rng.choice([-2, -1, 1, 7]) for _ in cells]
            for cell, value in zip(cells, values, strict=True):
                table[cell // width][cell % width] = value
            terms.append(
                Term(whole(*(c // width for c in cells)), whole(*(c % width for c in cells)), whole(*values))
            )
        build.add_rows("r", np.zeros(height, dtype=np.int64), 2018, Comparison.AT_LEAST, terms)
        expected += table
    program = build.finish((build.objective({}, 1, maximise=False, money=False),))
    assert dense(program.row_start, program.column, program.value, width) == expected


def test_merged_adds_up_what_counts_twice_in_a_row() -> None:
    terms = [term(whole(0, 1, 2), whole(5, 6, 5), 1), term(whole(2), whole(6), 10)]
    # Rows 0 and 2 count in row 0; row 1 in rows 0 and 1; row 3 is not there.
    (result,) = merged(terms, whole(0, 2, 1, 1), whole(0, 0, 0, 1))
    found = sorted(zip(result.row.tolist(), result.column.tolist(), result.value.tolist(), strict=True))
    assert found == [(0, 5, 2), (0, 6, 11), (1, 6, 1)]


def test_zero_coefficients_are_not_stored() -> None:
    assert term(whole(0, 1), whole(0, 1), whole(3, 0)).column.tolist() == [0]


def test_rates_become_whole() -> None:
    assert common([Fraction(1, 6), Fraction(3, 4), Fraction(2)]) == 12
    assert times(Fraction(3, 4), 12) == 9
    with pytest.raises(ProgramError):
        times(Fraction(1, 3), 2)


def test_numbers_that_do_not_fit_are_refused() -> None:
    build = Builder(regions=("a",), years=(2018,))
    block = build.add_columns("x", whole(0))
    build.add_rows("r", whole(0), 2018, Comparison.EQUAL, [term(whole(0), block.index[:, 0], 2**62)])
    with pytest.raises(ProgramError, match="too large"):
        build.finish((build.objective({}, 1, maximise=False, money=False),))
