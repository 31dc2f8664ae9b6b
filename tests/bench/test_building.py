"""Building and reading at village level, against plain numpy in the same run.

Run with: python -m pytest -n 0 -m bench -s tests/bench
"""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from optimizer.program import build
from optimizer.program.matrix import Real, Whole
from optimizer.read import read_case
from optimizer.solve.highs import held
from optimizer.solve.problem import Problem, check
from optimizer.solve.scale import scaled
from tests.bench.plain import Plain, build_plain
from tests.bench.province import write_province

VILLAGES = 4613


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """The least of a few runs: what the machine can do when nobody disturbs it."""
    best = float("inf")
    for _ in range(times):
        gc.collect()
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def _row_sums(row_start: Whole, column: Whole, value: Real, x: Real) -> Real:
    products = np.concatenate([[0.0], np.cumsum(value * x[column])])
    return np.sort(np.round(products[row_start[1:]] - products[row_start[:-1]], 3))


def test_the_yardstick_is_the_same_matrix(tmp_path: Path) -> None:
    write_province(tmp_path / "province", 180)
    program = build(read_case(tmp_path / "province"))
    plain = build_plain(180)
    nonzero = plain.value != 0
    assert plain.columns == len(program.lower)
    assert int(nonzero.sum()) == len(program.value)
    x = np.arange(plain.columns) % 97 / 8.0
    ours = _row_sums(program.row_start, program.column, program.value.astype(np.float64), x)
    theirs = _row_sums(plain.row_start, plain.column, plain.value, x)
    assert len(ours) == len(theirs)
    assert np.allclose(ours, theirs, rtol=1e-9, atol=1e-2)


@pytest.mark.bench
def test_a_province_of_villages_is_read_and_built_fast(tmp_path: Path) -> None:
    folder = tmp_path / "province"
    write_province(folder, VILLAGES)
    reading = _seconds(lambda: read_case(folder))
    case = read_case(folder)
    program = build(case)

    def ours() -> None:
        _hold(build(case).problem())

    def plain() -> None:
        _hold_plain(build_plain(VILLAGES))

    building, yardstick = _seconds(ours), _seconds(plain)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"\n{len(program.constant):,} rows x {len(program.lower):,} columns, {len(program.value):,} nonzeros:"
        f" read {reading:.2f} s, build until HiGHS holds it {building:.2f} s, plain numpy {yardstick:.2f} s,"
        f" ratio {building / yardstick:.2f}; peak {peak:.0f} MiB"
    )
    assert building <= 3 * yardstick
    assert reading <= 4 * yardstick
    assert peak < 2048


def _hold(problem: Problem) -> None:
    """Until HiGHS holds the model, checks and scaling included: what `solve` does before it runs."""
    check(problem)
    held(scaled(problem))


def _hold_plain(plain: Plain) -> None:
    import highspy

    rows = len(plain.row_start) - 1
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = plain.columns, rows
    lp.col_cost_ = np.zeros(plain.columns)
    lp.col_lower_ = np.zeros(plain.columns)
    lp.col_upper_ = np.full(plain.columns, np.inf)
    lp.row_lower_ = np.zeros(rows)
    lp.row_upper_ = np.full(rows, np.inf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = plain.row_start, plain.column
    lp.a_matrix_.value_ = plain.value
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
