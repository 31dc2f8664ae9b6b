"""`fenpei stress` as a user calls it: a share that can be worked out, the same draws anywhere, resumed."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from optimizer.read import read_allocation, read_case
from optimizer.study.uncertainty.stress import key_of, stress, work
from optimizer.study.whatif.crew import Processes
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.store import Store

from .conftest import Fenpei


@pytest.fixture
def planned(fenpei: Fenpei) -> Fenpei:
    """The tiny case with a price of half to four times, and a plan `p` of it."""
    Path("tiny/uncertainty.yaml").write_text(
        "uncertain:\n  - {id: price, title: 单价, path: measure.house.cost, low: 50%, high: 400%, "
        "citation: {document: plan, section: 一, basis: illustrative}}\n",
        encoding="utf-8",
    )
    assert fenpei("plan", "tiny", "--out", "p", "--quiet").code == 0
    return fenpei


def stressed(fenpei: Fenpei, *words: str) -> dict[str, Any]:
    said = fenpei("stress", "p", "--format", "json", "--quiet", *words)
    assert said.code == 0, said.err
    found: dict[str, Any] = said.object
    return found


def test_a_plan_holds_until_the_price_eats_up_the_fund(planned: Fenpei) -> None:
    # Five houses at 30,000 元; the fund has 200,000 a year. From 8/3 of the price on it cannot pay for all of
    # them even over both years: that is so in (4 - 8/3) / 3.5 = 38 % of the draws at least.
    found = stressed(planned, "--draws", "60")
    assert found["answered"] == 60
    assert 3 <= found["holds"] <= 48
    low, high = found["holds_interval"]
    assert low < found["holds"] / 60 < high
    assert found["statements"]
    assert sum(s["first"] for s in found["statements"]) == 60 - found["holds"]


def test_the_same_seed_gives_the_same_draws_whoever_makes_them(planned: Fenpei) -> None:
    one = stressed(planned, "--draws", "12", "--workers", "1", "--out", "one")
    two = stressed(planned, "--draws", "12", "--workers", "2", "--out", "two")
    other = stressed(planned, "--draws", "12", "--seed", "5", "--out", "other")
    assert one["statements"] == two["statements"]
    assert one["statements"] != other["statements"]


def test_what_was_made_is_not_made_again(planned: Fenpei) -> None:
    first = stressed(planned, "--draws", "6", "--out", "s")
    more = stressed(planned, "--draws", "12", "--out", "s")
    assert (first["resumed"], more["resumed"]) == (0, 6)
    assert more["statements"] == stressed(planned, "--draws", "12", "--out", "t")["statements"]


def test_a_worker_that_is_killed_costs_nothing_but_time(planned: Fenpei, tmp_path: Path) -> None:
    case = read_case(Path("tiny"))
    plan = read_allocation(Path("p"), case)
    options = RunOptions()
    key = key_of(case, plan, 0, options)
    calm = stress(
        8, Store(tmp_path / "calm"), key, lambda: Processes(case, options, 1, partial(work, plan, 0))
    )
    hands: list[Processes] = []
    killed: list[int] = []

    def crew() -> Processes:
        hands.append(Processes(case, options, 2, partial(work, plan, 0)))
        return hands[0]

    def kill_once(now: object) -> None:
        if not killed and hands and hands[0].ids:
            killed.append(hands[0].ids[0])
            os.kill(killed[0], signal.SIGKILL)

    rough = stress(8, Store(tmp_path / "rough"), key, crew, kill_once)
    assert killed
    assert rough.answers == calm.answers


def test_a_case_without_ranges_is_refused(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--out", "p", "--quiet")
    said = fenpei("stress", "p")
    assert said.code == 2
    assert "uncertainty.yaml" in said.err
