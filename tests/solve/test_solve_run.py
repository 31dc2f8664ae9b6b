"""What `solve` promises: in time, never more than the bound says, and asked again where it must be."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from math import inf, nan

import numpy as np
import pytest

from optimizer.solve import (
    EnginesDisagree,
    EngineUnavailable,
    Options,
    Outcome,
    Problem,
    ProblemError,
    Progress,
    SolveError,
    Stop,
    cross_check,
    engines,
    selftest,
    solve,
)
from optimizer.solve import engine as engine_table
from optimizer.solve.engine import require
from optimizer.solve.selftest import dense, selftest_cases
from optimizer.solve.verdict import Answer, violation
from optimizer.solve.way import Way
from tests.solve.solve_cases import INSTALLED, market_split, random_problem

FINAL = (Stop.OPTIMAL, Stop.INFEASIBLE, Stop.UNBOUNDED)


@pytest.mark.parametrize("name", INSTALLED)
def test_known_answers(name: str) -> None:
    """Every hand-worked problem of the self-test, by every engine."""
    results = selftest([name])
    assert len(results) == len(selftest_cases())
    assert [r.message for r in results if not r.passed] == []


@pytest.mark.parametrize("name", INSTALLED)
def test_duals_are_in_the_callers_units(name: str) -> None:
    """One more 万元 demanded costs 3 fen per fen; one more of the cheap fund saves 1."""
    problem = dense([2, 3], [([1, 1], 4e6, inf), ([1, 0], -inf, 3e6)], offset=1)
    million = np.full(2, 1e6)
    problem = replace(problem, column_scale=million, row_scale=million, cost_scale=1e6)
    outcome = solve(problem, Options(engine=name))
    assert outcome.values is not None
    assert outcome.row_duals is not None
    assert outcome.reduced_costs is not None
    assert outcome.values == pytest.approx([3e6, 1e6])
    assert outcome.objective == pytest.approx(9e6 + 1)
    assert outcome.bound == pytest.approx(9e6 + 1)
    assert outcome.row_duals == pytest.approx([3, -1])
    assert outcome.reduced_costs == pytest.approx([0, 0], abs=1e-9)


@pytest.mark.parametrize("mip", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_three_engines_agree(seed: int, mip: bool) -> None:
    """Same verdict wherever two engines are sure, and no engine's solution lies below another's bound."""
    problem, options = random_problem(seed, mip), Options(gap=1e-6, time_limit=20)
    first = solve(problem, options)
    outcomes = [first, *(cross_check(problem, options, first, name) for name in ("ortools", "cbc"))]
    assert first.stop in FINAL
    assert len({o.stop for o in outcomes if o.stop in FINAL}) == 1
    for outcome in outcomes:
        if outcome.values is not None:
            assert violation(problem, outcome.values)[0] <= 1


@pytest.mark.parametrize("name", INSTALLED)
def test_no_columns(name: str) -> None:
    """Nothing to decide: the offset, or no lawful nothing."""
    assert solve(dense([], offset=5), Options(engine=name)).objective == 5
    assert solve(dense([], [([], 1, 2)]), Options(engine=name)).stop is Stop.INFEASIBLE


@pytest.mark.parametrize("name", INSTALLED)
def test_no_time_is_no_answer(name: str) -> None:
    """0 seconds: not even a trivial problem is called optimal."""
    outcome = solve(dense([1], [([1], 2, inf)]), Options(engine=name, time_limit=0))
    assert (outcome.stop, outcome.values, outcome.bound) == (Stop.TIME_LIMIT, None, None)


@pytest.mark.parametrize("name", INSTALLED)
@pytest.mark.parametrize("limit", [0.001, 0.4])
def test_a_short_time_is_not_optimal(name: str, limit: float) -> None:
    """The engine stops about in time, and what it has is a solution or nothing."""
    problem = market_split()
    started = time.monotonic()
    outcome = solve(problem, Options(engine=name, time_limit=limit))
    assert time.monotonic() - started < limit + 2
    assert outcome.stop is Stop.TIME_LIMIT
    if outcome.values is not None:
        assert outcome.objective is not None
        assert violation(problem, outcome.values)[0] <= 1
        assert outcome.bound is None or outcome.bound <= outcome.objective


def test_a_limit_that_the_engine_ignores_is_enforced_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS without its own clock is cancelled, and its incumbent is kept."""
    highs = import_module("optimizer.solve.highs")
    configure = highs._configure
    monkeypatch.setattr(highs, "_configure", lambda s, p, o, w, _: configure(s, p, o, w, None))
    outcome = solve(market_split(), Options(time_limit=0.3))
    assert outcome.stop is Stop.TIME_LIMIT
    assert outcome.objective is not None
    assert outcome.seconds < 3


@pytest.fixture
def _interrupts_heard() -> Iterator[None]:
    """A job that a script starts in the background ignores interrupts from birth: the suite may be one."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interrupts_heard")
@pytest.mark.parametrize("name", ["highs", "cbc"])
def test_ctrl_c_keeps_the_incumbent(name: str) -> None:
    """An interrupt stops the engine, not the caller."""
    threading.Timer(0.7, _thread.interrupt_main).start()
    outcome = solve(market_split(), Options(engine=name, time_limit=30))
    assert outcome.stop is Stop.INTERRUPTED
    assert outcome.values is not None
    assert outcome.seconds < 5


def test_progress_is_reported_in_the_callers_units() -> None:
    """Called from this thread, with bound <= incumbent."""
    seen: list[tuple[Progress, str]] = []
    scale = 1e-3
    solve(
        replace(market_split(), cost_scale=scale),
        Options(time_limit=1.2, progress=lambda p: seen.append((p, threading.current_thread().name))),
    )
    assert 1 <= len(seen) <= 4
    last, thread = seen[-1]
    assert thread == threading.main_thread().name
    assert last.incumbent is not None
    assert last.bound is not None
    assert last.bound <= last.incumbent
    assert last.incumbent == pytest.approx(round(last.incumbent))


def test_an_error_in_progress_stops_the_engine() -> None:
    """It is the caller's error and reaches the caller."""

    def broken(_: Progress) -> None:
        raise LookupError("broken")

    with pytest.raises(LookupError):
        solve(market_split(), Options(time_limit=20, progress=broken))


@pytest.mark.parametrize("name", INSTALLED)
def test_a_start_is_used(name: str) -> None:
    """With a solution to begin with, even no time to speak of ends with one."""
    problem = market_split()
    start = np.zeros(problem.columns)
    start[34:38] = problem.row_lower
    outcome = solve(problem, Options(engine=name, time_limit=0.5, start=start))
    assert outcome.objective is not None
    assert outcome.objective <= float(problem.cost @ start)


def test_the_same_seed_gives_the_same_plan() -> None:
    """Bit for bit."""
    problem = random_problem(7, mip=True)
    first, second = (solve(problem, Options(seed=3, gap=1e-6)) for _ in range(2))
    assert first.values is not None
    assert second.values is not None
    assert first.values.tolist() == second.values.tolist()


def lying(*answers: Answer) -> tuple[list[Way], object]:
    """An adapter that gives these answers in turn, and the list of ways it was asked in."""
    ways: list[Way] = []

    def ask(problem: Problem, options: Options, way: Way, limit: float | None) -> Answer:
        ways.append(way)
        return answers[len(ways) - 1]

    return ways, ask


def solve_with(monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> tuple[Outcome, list[Way]]:
    """min 2 x, x from 2 to 5, by an engine that says this."""
    ways, ask = lying(*answers)
    monkeypatch.setattr("optimizer.solve.highs.ask", ask)
    return solve(dense([2], [([1], 2, 5)]), Options()), ways


TWO = np.array([2.0])
NO = Answer(Stop.INFEASIBLE, "no")


def test_infeasible_is_asked_again_and_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice no is no."""
    outcome, ways = solve_with(monkeypatch, NO, NO)
    assert (outcome.stop, ways) == (Stop.INFEASIBLE, [Way.FIRST, Way.AGAIN])


def test_infeasible_that_a_second_look_refutes_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solution is proof: 2 x = 4 at x = 2."""
    outcome, _ = solve_with(monkeypatch, NO, Answer(Stop.OPTIMAL, "yes", TWO, row_duals=np.zeros(1)))
    assert (outcome.stop, outcome.objective, outcome.bound) == (Stop.UNKNOWN, 4.0, None)
    assert 'the first answer "infeasible" was wrong' in outcome.message


def test_infeasible_that_nobody_confirms_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of time the second time."""
    outcome, _ = solve_with(monkeypatch, NO, Answer(Stop.TIME_LIMIT, "late"))
    assert outcome.stop is Stop.UNKNOWN


@pytest.mark.parametrize(
    ("second", "stop"),
    [(NO, Stop.INFEASIBLE), (Answer(Stop.OPTIMAL, "yes", TWO, row_duals=np.zeros(1)), Stop.UNBOUNDED)],
)
def test_infeasible_or_unbounded_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, second: Answer, stop: Stop
) -> None:
    """By asking for any solution at all."""
    outcome, ways = solve_with(monkeypatch, Answer(Stop.UNKNOWN, "either", either=True), second)
    assert (outcome.stop, ways) == (stop, [Way.FIRST, Way.AGAIN])


def test_unknown_is_asked_in_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Interior point gave up, simplex proves it."""
    good = Answer(Stop.OPTIMAL, "yes", TWO, row_duals=np.array([2.0]))
    outcome, ways = solve_with(monkeypatch, Answer(Stop.UNKNOWN, "imprecise", TWO), good)
    assert (outcome.stop, outcome.bound, ways) == (Stop.OPTIMAL, 4.0, [Way.FIRST, Way.OTHER])


@pytest.mark.parametrize(
    ("answer", "stop", "words"),
    [
        (
            Answer(Stop.OPTIMAL, "x = 1.9", np.array([1.9]), row_duals=np.array([2.0])),
            Stop.FAILED,
            "row 0 is off",
        ),
        (
            Answer(Stop.OPTIMAL, "x = nan", np.array([nan]), row_duals=np.array([2.0])),
            Stop.FAILED,
            "column 0",
        ),
        (
            Answer(Stop.OPTIMAL, "x = 5", np.array([5.0]), row_duals=np.array([2.0])),
            Stop.UNKNOWN,
            "do not prove",
        ),
        (Answer(Stop.OPTIMAL, "no bound", TWO), Stop.UNKNOWN, "do not prove"),
        (Answer(Stop.OPTIMAL, "no values"), Stop.UNKNOWN, "do not prove"),
    ],
)
def test_optimal_only_when_the_numbers_say_so(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, stop: Stop, words: str
) -> None:
    """A broken row, NaN, a point above its bound, no bound, no point."""
    outcome, _ = solve_with(monkeypatch, answer, answer)
    assert outcome.stop is stop
    assert words in outcome.message
    assert (outcome.values is None) == (stop is Stop.FAILED or answer.values is None)


def test_an_engine_that_refuses_the_model_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A return code becomes a message."""

    def refuse(*_: object) -> Answer:
        raise SolveError("HiGHS refused passModel")

    monkeypatch.setattr("optimizer.solve.highs.ask", refuse)
    outcome = solve(dense([2], [([1], 2, 5)]), Options())
    assert outcome.stop is Stop.FAILED
    assert "HiGHS refused passModel" in outcome.message


def test_engines_that_disagree_are_named_with_both_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """One engine claims that 6 at x = 3 is proven, against the true 4 at x = 2, whichever is asked first."""
    problem, options = dense([2], [([1], 2, 5)], integer=True), Options(gap=1e-6)
    lie = Answer(Stop.OPTIMAL, "lie", np.array([3.0]), bound=6.0)
    monkeypatch.setattr("optimizer.solve.cbc.ask", lying(lie, lie)[1])
    truth, wrong = solve(problem, options), solve(problem, replace(options, engine="cbc"))
    for first, second in ((truth, "cbc"), (wrong, "highs")):
        with pytest.raises(EnginesDisagree, match=r"highs has a solution worth 4\.0, cbc .* below 6\.0"):
            cross_check(problem, options, first, second)


def test_infeasible_against_a_solution_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statuses contradict each other."""
    problem, options = dense([2], [([1], 2, 5)]), Options()
    truth = solve(problem, options)
    monkeypatch.setattr("optimizer.solve.cbc.ask", lying(NO, NO)[1])
    with pytest.raises(EnginesDisagree, match=r"highs has a solution worth 4\.0, cbc says infeasible"):
        cross_check(problem, options, truth, "cbc")


def test_an_unproven_second_answer_is_no_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    """5 is worse than 4, but nobody said it was best."""
    problem, options = dense([2], [([1], 2, 5)], integer=True), Options()
    monkeypatch.setattr(
        "optimizer.solve.cbc.ask", lying(Answer(Stop.TIME_LIMIT, "late", np.array([5.0]), bound=1.0))[1]
    )
    assert cross_check(problem, options, solve(problem, options), "cbc").stop is Stop.TIME_LIMIT


def test_every_engine_is_listed() -> None:
    """Installed, with a version, under its names."""
    assert tuple(e.name for e in engines()) == INSTALLED
    assert all(e.installed and e.version for e in engines())
    assert require("PuLP").name == "cbc"


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("1.14.0", r'highspy 1.14.0 is refused: it returns wrong "optimal" values.*1.15.1 or later'),
        ("1.14", "is refused"),
        ("1.13.1", "highspy 1.13.1 is too old; install highspy 1.15.1 or later"),
        (None, "HiGHS is not installed; pip install highspy"),
    ],
)
def test_a_version_unfit_for_use_is_refused(
    monkeypatch: pytest.MonkeyPatch, version: str | None, words: str
) -> None:
    """With the reason and the remedy."""
    monkeypatch.setattr(engine_table, "_installed_version", lambda _: version)
    with pytest.raises(EngineUnavailable, match=words):
        solve(dense([1]), Options())


def test_an_unknown_engine_is_refused() -> None:
    """The message lists the known ones."""
    with pytest.raises(EngineUnavailable, match='no engine "gurobi"; choose one of highs, ortools, cbc'):
        solve(dense([1]), Options(engine="gurobi"))


def test_a_nan_never_reaches_an_engine() -> None:
    """HiGHS would say: optimal, nan."""
    with pytest.raises(ProblemError, match="cost of column 0"):
        solve(dense([nan], upper=[1]), Options())


@pytest.mark.parametrize("name", INSTALLED)
def test_the_offset_counts_in_the_gap(name: str) -> None:
    """100 to pay and 99 given: the gap is relative to the 1 that is left, also by CBC's own reckoning."""
    problem = dense([7, 5], [([2, 2], 29, inf)], integer=True, offset=-74)
    outcome = solve(problem, Options(engine=name, gap=1e-6))
    assert (outcome.stop, outcome.objective) == (Stop.OPTIMAL, 1.0)


@pytest.mark.parametrize("name", INSTALLED)
def test_nothing_to_pay(name: str) -> None:
    """All costs 0, every column in a row: the values are a solution all the same."""
    outcome = solve(dense([0, 0], [([1, 1], 7, 7), ([1, -1], 1, 1)]), Options(engine=name))
    assert outcome.stop is Stop.OPTIMAL
    assert outcome.values == pytest.approx([4, 3])


def test_cbcs_preprocessing_is_not_believed() -> None:
    """CBC 2.10.3 calls -27.33 optimal and hints at it in its log; (3, 0, 10, 3, 3) costs -45."""
    problem = replace(
        dense(
            [-2, 2, -3, 2, -4],
            [([8, 0, 1, 0, 0], -inf, 35), ([-4, 0, 0, 3, 0], -3, 1), ([4, 0, 0, 0, -5], -4, inf)],
        ),
        offset=-3.0,
        lower=np.array([-3.0, 0, 0, 0, -inf]),
        upper=np.array([10.0, 10, 10, 10, inf]),
        integer=np.array([True, True, False, False, True]),
        column_scale=np.array([1.0, 1, 1e3, 0.1, 1]),
        row_scale=np.array([0.1, 10, 0.1]),
    )
    for name in INSTALLED:
        outcome = solve(problem, Options(engine=name, gap=1e-6))
        assert outcome.stop is Stop.OPTIMAL
        assert outcome.objective == pytest.approx(-45)


def test_unknown_when_time_is_up_is_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """GLOP ends with "undetermined"."""

    def slow(*_: object) -> Answer:
        time.sleep(0.05)
        return Answer(Stop.UNKNOWN, "undetermined")

    monkeypatch.setattr("optimizer.solve.highs.ask", slow)
    assert solve(dense([2], [([1], 2, 5)]), Options(time_limit=0.01)).stop is Stop.TIME_LIMIT
