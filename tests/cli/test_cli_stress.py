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


def test_a_protected_plan_is_drawn_from_the_case_and_not_from_its_worse_end(fenpei: Fenpei) -> None:
    # 5 to 6 houses; the plan for 6 holds whatever is drawn. Drawn from 6 on it would not.
    Path("tiny/uncertainty.yaml").write_text(
        "uncertain:\n  - {id: needy, title: 危房, path: need.housing.amount, low: 100%, high: 120%, "
        "citation: {document: plan, section: 一, basis: illustrative}}\n",
        encoding="utf-8",
    )
    said = fenpei("plan", "tiny", "--protect", "100%", "--out", "p", "--format", "json", "--quiet")
    assert said.code == 0, said.err
    assert said.object["protection"]["patches"] == ["need.housing.amount=1.200000x"]
    found = fenpei("stress", "p", "--draws", "20", "--format", "json")
    assert found.object["holds"] == 20
    assert "Note" not in found.err  # the case is as it was when the plan was made
    assert fenpei("plan", "tiny", "--out", "q", "--quiet").code == 0
    plain = fenpei("stress", "q", "--draws", "20", "--format", "json", "--quiet").object
    assert plain["holds"] < 20


def test_funds_without_a_limit_bring_what_a_protected_plan_counts_on(planned: Fenpei) -> None:
    # Without a limit the county pays all: houses may cost four times as much, so three times what it pays.
    said = planned(
        "plan", "tiny", "--protect", "100%", "--set", "fund.central.amount=0元", "--out", "safe", "--quiet",
        "--lang", "zh",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert "没有限额的资金不留余钱；单价上涨时，须能比方案多筹 45.00 万元" in said.out
    found = planned("stress", "safe", "--draws", "20", "--format", "json", "--quiet").object
    assert found["open_reserve_fen"] == 45_000_000
    assert found["holds"] == 20
    assert "此外不增资金" in planned("stress", "safe", "--draws", "20", "--lang", "zh", "--quiet").out


def test_a_plan_of_another_case_is_refused(planned: Fenpei) -> None:
    Path("other").mkdir()
    for file in Path("tiny").iterdir():
        text = file.read_text(encoding="utf-8").replace("case: qingshan", "case: baishui")
        Path("other", file.name).write_text(text, encoding="utf-8")
    said = planned("stress", "p", "--case", "other", "--lang", "zh")
    assert said.code == 2
    assert "p 是案例 qingshan 的方案，other 却是案例 baishui" in said.err
    for words in (
        ("replan", "other", "--executed", "p", "--from", "2019"),
        ("plan", "other", "--prefer", "stable", "--against", "p"),
    ):
        said = planned(*words)
        assert said.code == 2
        assert "p is a plan of the case qingshan, and the one to plan is the case baishui" in said.err
    lines = (
        Path("p/allocation.csv").read_text(encoding="utf-8-sig").replace(",house,central", ",villa,central")
    )
    Path("bare.csv").write_text(lines, encoding="utf-8")
    unknown = planned("stress", "bare.csv", "--case", "tiny")
    assert unknown.code == 2
    assert "does not have: villa" in unknown.err
    assert planned("stress", "tiny").err.strip().endswith("name it with --case")
    assert not Path("outputs").exists()


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
