"""Limits of single steps on a machine that others use too."""

from __future__ import annotations

import time

import pytest

from optimizer.study.explain.explain import LONGEST, PATIENCE, ExplainOptions, time_for
from optimizer.study.pace import SLOWEST, Pace


@pytest.mark.parametrize(
    ("passed", "used", "by_clock"),
    [
        (10.0, 10.0, 20.0),  # a processor to itself
        (10.0, 2.0, 100.0),  # a fifth of one: five times as long
        (10.0, 14.0, 20.0),  # more than one: no shorter
        (0.9, 0.1, 20.0),  # too early to say
        (86_400.0, 5.0, 20.0 * SLOWEST),  # it slept over night
    ],
)
def test_twenty_seconds_of_the_processor(
    monkeypatch: pytest.MonkeyPatch, passed: float, used: float, by_clock: float
) -> None:
    begun = Pace(clock=1_000.0, processor=50.0)
    monkeypatch.setattr(time, "monotonic", lambda: 1_000.0 + passed)
    monkeypatch.setattr(time, "process_time", lambda: 50.0 + used)
    assert begun.by_clock(20.0) == pytest.approx(by_clock)


@pytest.mark.parametrize(
    ("limit", "used", "by_clock"),
    [
        (None, 10.0, PATIENCE),  # a processor to itself
        (None, 5.0, 2 * PATIENCE),  # half of one: what is found there is found here too
        (None, 1.0, LONGEST),  # nobody waits for hours
        (30.0, 5.0, 30.0),  # what the user says is by the clock
    ],
)
def test_time_for_an_explanation(
    monkeypatch: pytest.MonkeyPatch, limit: float | None, used: float, by_clock: float
) -> None:
    begun = Pace(clock=1_000.0, processor=50.0)
    monkeypatch.setattr(time, "monotonic", lambda: 1_010.0)
    monkeypatch.setattr(time, "process_time", lambda: 50.0 + used)
    assert time_for(ExplainOptions(time_limit=limit), begun) == pytest.approx(by_clock)
