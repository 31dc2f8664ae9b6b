from __future__ import annotations

import sys
from pathlib import Path

import pytest

from models.case import Case, Goal
from optimizer.cli import progress
from optimizer.cli.progress import progress_line, watching
from optimizer.read import read_case
from optimizer.solve import Progress

from .conftest import TINY


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    return read_case(Path(TINY))


def test_best_bound_and_gap(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    now = Progress(seconds=12.4, incumbent=20_000_000.0, bound=15_000_000.0)
    assert progress_line(case, now) == "求解 12 秒，现有方案 20.00 万元，界限 15.00 万元，差距 25.00%"
    monkeypatch.setenv("LC_ALL", "C")
    assert progress_line(case, now) == (
        "solving, 12 s, best 200,000.00 yuan, bound 150,000.00 yuan, gap 25.00%"
    )


def test_what_is_not_known_is_left_out(case: Case) -> None:
    assert progress_line(case, Progress(1.0, None, float("-inf"))) == "求解 1 秒"
    assert progress_line(case, Progress(1.0, None, 0.0)) == "求解 1 秒，界限 0.00 万元"


def test_a_sum_of_wishes_is_not_shown_as_money(case: Case) -> None:
    now = Progress(seconds=12.4, incumbent=20_000_000.0, bound=15_000_000.0)
    assert progress_line(case, now, weighed=True) == "求解 12 秒，差距 25.00%"


def test_what_is_maximised_comes_negated_from_the_solver(case: Case) -> None:
    exits = case.model_copy(update={"goal": Goal.MOST_EXITS})
    assert (
        progress_line(exits, Progress(1.0, -80.0, -100.0)) == "求解 1 秒，现有方案 80，界限 100，差距 25.00%"
    )


def test_lines_are_far_apart_and_quiet_is_quiet(
    case: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 1.0, 6.0, 6.0, 7.0])
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    with watching(case, quiet=False) as watch:
        for _ in range(3):
            if watch is not None:
                watch(Progress(1.0, None, None))
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "求解 1 秒\n")
    with watching(case, quiet=True) as watch:
        assert watch is None


def test_a_terminal_gets_a_status_line(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with watching(case, quiet=False) as watch:
        assert watch is not None
        watch(Progress(1.0, None, None))
