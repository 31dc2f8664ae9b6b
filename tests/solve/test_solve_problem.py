"""Numbers that an engine would misread are refused before it sees them, by row or column number."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest

from optimizer.solve import Options, Problem, ProblemError, check, solve
from optimizer.solve.scale import scaled
from optimizer.solve.selftest import dense


def small() -> Problem:
    """Two rows: x + y >= 4 and 2 x <= 3."""
    return dense([2, 3], [([1, 1], 4, inf), ([2, 0], -inf, 3)])


def changed(name: str, position: int, number: float) -> Problem:
    """The small problem with one number changed."""
    array = getattr(small(), name).copy()
    array[position] = number
    return replace(small(), **{name: array})


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (changed("cost", 1, nan), "cost of column 1: nan is not finite"),
        (changed("cost", 0, inf), "cost of column 0: inf is not finite"),
        (changed("value", 2, nan), "row 1, column 0: coefficient nan is not finite"),
        (changed("value", 1, -inf), "row 0, column 1: coefficient -inf is not finite"),
        (changed("lower", 1, nan), "lower bound of column 1: nan is not a lower bound"),
        (changed("lower", 1, inf), "lower bound of column 1: inf is not a lower bound"),
        (changed("upper", 0, -inf), "upper bound of column 0: -inf is not an upper bound"),
        (changed("upper", 0, 1e20), "upper bound of column 0: 1e+20 would be read as infinite"),
        (changed("row_lower", 0, nan), "lower bound of row 0: nan"),
        (changed("row_upper", 1, nan), "upper bound of row 1: nan"),
        (changed("upper", 0, -1.0), "column 0: lower bound 0.0 is above upper bound -1.0"),
        (changed("row_upper", 0, 3.0), "row 0: lower bound 4.0 is above upper bound 3.0"),
        (changed("column", 1, 0), "row 0 names column 0 more than once"),
        (changed("column", 2, 2), "row 1 names column 2, there are 2 columns"),
        (changed("column", 0, -1), "row 0 names column -1"),
        (changed("row_scale", 1, 0.0), "row_scale of row 1: 0.0 is not a positive number"),
        (changed("column_scale", 1, nan), "column_scale of column 1: nan"),
        (changed("row_start", 2, 2), "row_start runs from 0 to 2, expected 0 to 3"),
        (changed("row_start", 1, 4), "row_start falls"),
        (replace(small(), offset=nan), "offset nan is not finite"),
        (replace(small(), cost_scale=0.0), "cost_scale 0.0 is not a positive number"),
        (replace(small(), cost=np.ones(3)), "expected (3,)"),
        (replace(small(), integer=np.zeros(2)), "integer holds float64"),  # type: ignore[arg-type]
        (
            replace(small(), integer=np.array([True, False]), column_scale=np.array([10.0, 1.0])),
            "column_scale of column 0: 10.0 must be 1 for an integer column",
        ),
    ],
)
def test_a_bad_number_is_named(problem: Problem, words: str) -> None:
    """Every guard names the place and the number."""
    with pytest.raises(ProblemError) as caught:
        check(problem)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(gap=nan), "gap"),
        (Options(gap=-1.0), "gap"),
        (Options(time_limit=nan), "time limit"),
        (Options(threads=0), "threads"),
        (Options(seed=-1), "seed"),
        (Options(start=np.zeros(3)), "the problem has 2 columns"),
        (Options(start=np.array([0.0, nan])), "start of column 1"),
    ],
)
def test_bad_options_are_refused(options: Options, words: str) -> None:
    """Options that no engine could follow."""
    with pytest.raises(ProblemError, match=words):
        solve(small(), options)


@pytest.mark.parametrize(("coefficient", "scale"), [(1e16, 1.0), (1e-10, 1.0), (1.0, 1e12)])
def test_a_coefficient_that_engines_drop_is_refused(coefficient: float, scale: float) -> None:
    """HiGHS drops 1e-10 with a warning and refuses 1e16 with a code; what counts is the scaled number."""
    problem = replace(changed("value", 1, coefficient), row_scale=np.array([scale, 1.0]))
    with pytest.raises(ProblemError, match="row 0, column"):
        solve(problem, Options())


def test_unsorted_columns_and_stored_zeros_are_fine() -> None:
    """Order within a row means nothing, and a stored zero is left out."""
    problem = replace(
        small(),
        column=np.array([1, 0, 0, 1]),
        value=np.array([1.0, 1.0, 2.0, 0.0]),
        row_start=np.array([0, 2, 4]),
    )
    check(problem)
    assert len(scaled(problem).value) == 3
    assert solve(problem, Options()).objective == pytest.approx(2 * 1.5 + 3 * 2.5)


def test_empty_rows_do_not_hide_duplicates() -> None:
    """Rows: empty, (0, 0), empty."""
    problem = dense([1, 1], [([0, 0], -1, 1), ([1, 1], 1, 2), ([0, 0], -1, 1)])
    check(problem)
    with pytest.raises(ProblemError, match="row 1 names column 0 more than once"):
        check(replace(problem, column=np.array([0, 0])))


def test_importing_the_room_imports_no_engine() -> None:
    """The program starts without waiting for solvers."""
    import subprocess
    import sys

    code = (
        "import sys, optimizer.solve; print([m for m in ('highspy', 'ortools', 'pulp') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
