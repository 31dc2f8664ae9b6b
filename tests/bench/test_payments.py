"""Ten million payments on two cores: seconds and peak memory of the command itself, in a process of its own.

Judged by its processor time, which neighbours on the machine change little: with nobody else about, two cores
need no longer than that.

Run with: python -m pytest -n 0 -m bench -s tests/bench/test_payments.py
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.payment_ledger import EVERY, write_case, write_ledger, write_register

ROWS = 10_000_000
SECONDS = 60
GIB = 1 << 30


def measured(*words: str, folder: Path) -> tuple[dict[str, object], float, int]:
    """The JSON of a command, its seconds of processor time and the largest memory a child has had, bytes."""
    command = [sys.executable, "-m", "optimizer.cli", *words, "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "POLARS_MAX_THREADS": "2"}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    assert done.returncode in (0, 1), done.stderr.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss * 1024
    print(  # noqa: T201
        f"\n{' '.join(words)}: {seconds:.1f} s, {worked:.1f} s of processor time, peak {peak / GIB:.2f} GiB"
    )
    return json.loads(done.stdout), worked, peak


@pytest.mark.bench
def test_ten_million_rows_are_audited_within_a_minute_and_four_gib(tmp_path: Path) -> None:
    regions, measures, funds = write_case(tmp_path / "case")
    total = write_ledger(tmp_path / "ledger.csv", ROWS, regions, measures, funds)
    words = ("audit", "case", "plan.csv", "--executed", "ledger.csv")
    said, seconds, peak = measured(*words, folder=tmp_path)
    facts = said["ledger"]
    assert isinstance(facts, dict)
    assert (facts["rows"], facts["unreadable_rows"], facts["amount_fen"]) == (ROWS, ROWS // EVERY, total)
    findings = said["findings"]
    assert isinstance(findings, list)
    found = [f["rule"] for f in findings if f["state"] == "violated" and f["rule"].startswith("paid.")]
    assert found.count("paid.unreadable") == ROWS // EVERY
    assert found.count("paid.unknown") == 1
    assert found.count("paid.duplicate_row") == ROWS // EVERY
    assert "paid.twice" not in found
    assert seconds < SECONDS
    assert peak < 4 * GIB

    write_register(tmp_path / "register.csv", ROWS, regions)
    said, seconds, peak = measured(*words, "--beneficiaries", "register.csv", folder=tmp_path)
    assert peak < 4 * GIB
