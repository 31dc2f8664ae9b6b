"""Files for other people's solvers: legal unique names, and the same optimum when HiGHS reads them back."""

from __future__ import annotations

import re
from math import inf
from pathlib import Path

import pytest

from optimizer.solve import Options, Problem, ProblemError, Stop, solve, write
from optimizer.solve.highs import _silent_solver
from optimizer.solve.names import LONGEST, legal_names
from optimizer.solve.selftest import dense, selftest_cases
from tests.solve.solve_cases import random_problem


def optimum(path: Path) -> tuple[str, float]:
    """What HiGHS finds in the file."""
    solver = _silent_solver()
    assert solver.readModel(str(path)).name != "kError"
    solver.run()
    return solver.getModelStatus().name, solver.getInfo().objective_function_value


def round_trip(problem: Problem, path: Path) -> None:
    """Written with Chinese names that PuLP would merge, read back by HiGHS."""
    rows = [f"规则-{i}" if i % 2 else f"规则_{i - i % 4}" for i in range(problem.rows)]
    columns = [f"资金 [{j // 2}]" if j % 2 else f"资金-{j // 2}" for j in range(problem.columns)]
    write(problem, rows, columns, path)
    expected = solve(problem, Options(gap=1e-9))
    status, objective = optimum(path)
    if expected.stop is Stop.OPTIMAL:
        assert status == "kOptimal"
        assert objective == pytest.approx(expected.objective, rel=1e-6, abs=1e-6)
    else:
        assert status in ("kInfeasible", "kUnbounded", "kUnboundedOrInfeasible")


@pytest.mark.parametrize("ending", ["lp", "mps"])
@pytest.mark.parametrize("mip", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_random_problems_survive(seed: int, mip: bool, ending: str, tmp_path: Path) -> None:
    """Free columns, ranges, whole numbers, offsets; scales are not in the file."""
    round_trip(random_problem(seed, mip), tmp_path / f"p.{ending}")


@pytest.mark.parametrize("ending", ["lp", "mps"])
@pytest.mark.parametrize("case", selftest_cases(), ids=lambda case: case.name)
def test_hand_worked_problems_survive(case: object, ending: str, tmp_path: Path) -> None:
    """Also with no rows, empty rows and nothing to pay."""
    problem = getattr(case, "problem")  # noqa: B009
    round_trip(problem, tmp_path / f"p.{ending}")


def test_a_whole_column_without_upper_bound_is_not_read_as_binary(tmp_path: Path) -> None:
    """Some readers take an integer column of an .mps file for 0 or 1: here it must reach 4."""
    write(dense([1], [([1], 3.5, inf)], integer=True), ["need"], ["units"], tmp_path / "p.mps")
    assert optimum(tmp_path / "p.mps") == ("kOptimal", 4.0)


def test_names_are_readable_legal_and_unique() -> None:
    """PuLP makes 项目-1 and 项目_1 one name; e5 would be read as a number, free as a keyword."""
    names = ["项目-1", "项目_1", "spent[r1,y2018]", "e5", "free", "3kW", "", "a b", "a_b", "a_b_2", "x" * 300]
    legal = legal_names(names)
    assert legal[:10] == [
        "u9879u76ee_1",
        "u9879u76ee_1_2",
        "spent_r1_y2018_",
        "n_e5",
        "n_free",
        "n_3kW",
        "n_",
        "a_b",
        "a_b_2",
        "a_b_2_2",
    ]
    assert len(legal[10]) == LONGEST
    assert len(set(legal)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", name) for name in legal)
    assert legal == legal_names(names)


def test_many_equal_names_stay_apart() -> None:
    """Without trying every number again for each."""
    assert len(set(legal_names(["资金"] * 20_000))) == 20_000


def test_a_wrong_number_of_names_or_a_wrong_ending_is_refused(tmp_path: Path) -> None:
    """Nothing is written."""
    problem = dense([1], [([1], 1, 2)])
    with pytest.raises(ProblemError, match="2 row names were given for 1 rows"):
        write(problem, ["a", "b"], ["x"], tmp_path / "p.lp")
    with pytest.raises(ProblemError, match=r"must end in .lp or .mps"):
        write(problem, ["a"], ["x"], tmp_path / "p.txt")
    assert list(tmp_path.iterdir()) == []
