"""Ten million payments on two cores: seconds and peak memory of the command itself, in a process of its own.

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
    """The JSON of a command, its seconds and the largest memory any child has had, bytes."""
    command = [sys.executable, "-m", "optimizer.cli", *words, "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "POLARS_MAX_THREADS": "2"}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    assert done.returncode in (0, 1), done.stderr.decode()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return json.loads(done.stdout), seconds, peak


@pytest.mark.bench
def test_ten_million_rows_are_audited_within_a_minute_and_four_gib(tmp_path: Path) -> None:
    regions, measures, funds = write_case(tmp_path / "case")
    total = write_ledger(tmp_path / "ledger.csv", ROWS, regions, measures, funds)
    size = (tmp_path / "ledger.csv").stat().st_size
    said, seconds, peak = measured("audit", "case", "plan.csv", "--executed", "ledger.csv", folder=tmp_path)
    print(  # noqa: T201
        f"\n{ROWS:,} rows, {size / 1e6:.0f} MB: {seconds:.1f} s, peak {peak / GIB:.2f} GiB"
    )
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
    words = ("audit", "case", "plan.csv", "--executed", "ledger.csv", "--beneficiaries", "register.csv")
    said, seconds, peak = measured(*words, folder=tmp_path)
    print(  # noqa: T201
        f"with a register of {ROWS // 2:,}: {seconds:.1f} s, peak {peak / GIB:.2f} GiB"
    )
    assert peak < 4 * GIB
