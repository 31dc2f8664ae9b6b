from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.cli.failures import ExitCode
from optimizer.cli.options import engine_name, rate
from optimizer.solve import SelfTestResult, engines

from .conftest import TINY, Fenpei

HEAVY = ("numpy", "pandas", "pydantic", "highspy", "ortools", "pulp", "rich", "yaml")
ROOT = Path(__file__).resolve().parents[2]


def python(*words: str, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": lang, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, encoding="utf-8", env=environment, check=False
    )


@pytest.mark.parametrize(
    "words", ["['--help']", "['plan', '--help']", "['audit', '--help']", "['--version']"]
)
def test_help_imports_nothing_heavy(words: str) -> None:
    code = (
        "import sys\nfrom optimizer.cli import main\n"
        f"try: main({words})\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = python("-c", code)
    assert done.stderr.strip().splitlines()[-1] == "[]"
    assert done.stdout


def test_help_is_bilingual_and_names_every_command(fenpei: Fenpei) -> None:
    said = fenpei("--help")
    assert said.code == 0
    for command in ("check", "plan", "audit", "rules", "selftest"):
        assert f"\n  {command} " in said.out
    assert "编制最省方案" in said.out


def test_the_module_runs_and_ends_with_the_exit_code() -> None:
    done = python("-m", "optimizer.cli", "rules", str(TINY), lang="zh_CN.UTF-8")
    assert done.returncode == 0
    assert "累计脱贫人数" in done.stdout
    assert python("-m", "optimizer.cli", "rules", "nowhere").returncode == 2


def test_a_reader_that_goes_away_changes_nothing() -> None:
    run = f"{sys.executable} -m optimizer.cli rules {TINY} --format json"
    command = f"{run} | head -c 1; echo; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, encoding="utf-8", cwd=ROOT, check=False
    )
    assert done.stdout.split()[-1] == "0"
    assert done.stderr == ""


def test_a_terminal_without_chinese_is_no_crash() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "optimizer.cli", "rules", str(TINY), "--lang", "zh"],
        capture_output=True, env=environment, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0


def test_the_exit_codes_are_the_contract() -> None:
    assert [code.value for code in ExitCode] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("text", "value"), [("0.001", 0.001), ("0.1%", 0.001), ("0", 0.0), ("1e-4", 1e-4)])
def test_gaps(text: str, value: float) -> None:
    assert rate(text) == pytest.approx(value)


def test_solvers_go_by_name_and_alias() -> None:
    for engine in engines():
        assert {engine_name(name) for name in (engine.name, *engine.aliases)} == {engine.name}


def test_selftest_of_every_engine(fenpei: Fenpei) -> None:
    said = fenpei("selftest", "--format", "json")
    assert said.code == 0
    assert said.object["ok"] is True
    assert {row["engine"] for row in said.object["results"]} == {e.name for e in engines() if e.installed}
    assert all(row["expected"] == row["got"] for row in said.object["results"])


@pytest.mark.parametrize(
    ("message", "code"),
    [("optimal, 9.0; expected optimal, 10.0 (HiGHS: Optimal)", 1), ("the engine fell over", 5)],
)
def test_selftest_tells_wrong_from_crashed(
    fenpei: Fenpei, monkeypatch: pytest.MonkeyPatch, message: str, code: int
) -> None:
    monkeypatch.setattr(
        "optimizer.cli.testing.selftest", lambda: [SelfTestResult("highs", "lp", False, message, 0.1)]
    )
    said = fenpei("selftest")
    assert said.code == code
    assert "WRONG" in said.out
