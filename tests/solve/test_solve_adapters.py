"""Each engine's own words: every code it knows has a place in our tables; what HiGHS returns is checked."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from optimizer.solve import Options, SolveError, Stop, cbc, highs, or_tools, solve
from optimizer.solve.selftest import dense
from optimizer.solve.way import Way


def test_every_status_of_highs_is_in_the_table() -> None:
    """A new release with a new status fails here."""
    import highspy

    assert set(highs.STOPS) == set(highspy.HighsModelStatus.__members__)
    assert [name for name, stop in highs.STOPS.items() if stop is Stop.OPTIMAL] == ["kModelEmpty", "kOptimal"]


def test_every_status_of_mathopt_is_in_the_tables() -> None:
    """Reasons and limits."""
    from ortools.math_opt.python import mathopt

    assert set(or_tools.REASONS) == set(mathopt.TerminationReason.__members__)
    assert set(or_tools.LIMITS) == set(mathopt.Limit.__members__)
    assert [name for name, stop in or_tools.REASONS.items() if stop is Stop.OPTIMAL] == ["OPTIMAL"]


def test_every_way_has_settings() -> None:
    """In every table."""
    for table in (highs.LP_SETTINGS, highs.MIP_SETTINGS, cbc.LP_COMMANDS, cbc.MIP_COMMANDS):
        assert set(table) == set(Way)


@pytest.mark.parametrize(("text", "stop"), cbc.RESULTS.items())
def test_every_result_in_cbcs_log(text: str, stop: Stop) -> None:
    """Read from the log alone."""
    assert cbc.verdict(f"...\nResult - {text}\n\n", "")[0] is stop


@pytest.mark.parametrize(("text", "stop"), cbc.FIRST_LINES.items())
def test_every_first_line_of_cbcs_solution(text: str, stop: Stop) -> None:
    """Read from the solution file alone."""
    assert cbc.verdict("", f"{text} - objective value 1.0\n")[0] is stop


@pytest.mark.parametrize(
    ("log", "line", "stop"),
    [
        ("Result - Problem proven infeasible", "Optimal - objective value 0", Stop.UNKNOWN),
        ("Result - Stopped on time limit", "Stopped on iterations - objective value 3", Stop.TIME_LIMIT),
        ("Result - Something new", "Optimal - objective value 3", Stop.OPTIMAL),
        ("Result - Stopped on time limit", "Optimal - objective value 3", Stop.UNKNOWN),
        ("", "", Stop.UNKNOWN),
        (
            "Cgl0014I Postprocessing changed objective from -18.3 to -27.3\nResult - Optimal solution found",
            "Optimal - objective value -27.3",
            Stop.UNKNOWN,
        ),
        ("Segmentation fault", "Something new", Stop.UNKNOWN),
    ],
)
def test_log_and_solution_file_must_not_contradict(log: str, line: str, stop: Stop) -> None:
    """CBC was seen to write "infeasible" to one and "optimal" to the other when time ran out."""
    assert cbc.verdict(log, line)[0] is stop


def test_cbcs_bound() -> None:
    """Printed with three decimals; without it, optimal means within the gap it was given."""
    assert (
        cbc.proven_bound("Lower bound:                    7.123\n", Stop.TIME_LIMIT, 0.01) == 7.123 - 0.0005
    )
    assert cbc.proven_bound("Objective value:                200.0\n", Stop.OPTIMAL, 0.01) == 198.0
    assert cbc.proven_bound("Objective value:                200.0\n", Stop.TIME_LIMIT, 0.01) is None


def test_highs_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Standard output belongs to results; HiGHS 1.16 writes a banner while highspy is made."""
    solve(dense([2], [([1], 2, 5)]), Options())
    assert capfd.readouterr() == ("", "")


def test_a_refused_option_is_an_error() -> None:
    """HiGHS only returns a code."""
    problem = dense([2], [([1], 2, 5)])
    solver = highs._silent_solver()
    with pytest.raises(SolveError, match="random_seed"):
        highs._configure(solver, problem, Options(seed=-5), Way.FIRST, None)


def test_a_refused_row_is_an_error() -> None:
    """A column twice in a row: HiGHS returns a code, raises nothing and holds no row."""
    problem = replace(dense([2, 1], [([1, 1], 2, 5)]), column=np.array([0, 0]))
    with pytest.raises(SolveError, match="passModel"):
        highs._load(highs._silent_solver(), problem)


def test_a_dropped_coefficient_is_an_error() -> None:
    """HiGHS drops 1e-10 with a warning: the counts differ."""
    problem = replace(dense([2, 1], [([1, 1], 2, 5)]), value=np.array([1.0, 1e-10]))
    with pytest.raises(SolveError, match=r"HiGHS holds \(2, 1, 1\) .* \(2, 1, 2\) were sent"):
        highs._load(highs._silent_solver(), problem)


def test_threads_may_change_between_solves() -> None:
    """HiGHS keeps one scheduler per thread; each run has its own."""
    problem = dense([2, 3], [([2, 2], 7, inf)], integer=True)
    for threads in (1, 2, 1):
        assert solve(problem, Options(threads=threads)).stop is Stop.OPTIMAL
