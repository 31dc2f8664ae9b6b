"""A made-up county of two townships, and the command line called as a user calls it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from optimizer.cli import main

TINY = Path(__file__).parent / "tiny"


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def object(self) -> Any:
        return json.loads(self.out)


Fenpei = Callable[..., Said]


@pytest.fixture
def fenpei(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fenpei:
    """Run a command in a folder of its own that holds the case as `tiny`; English if not told otherwise."""
    shutil.copytree(TINY, tmp_path / "tiny")
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "FENPEI_TRACEBACK", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words: str, env: dict[str, str] | None = None) -> Said:
        result = CliRunner().invoke(main, list(words), env=env)
        return Said(result.exit_code, result.stdout, result.stderr)

    return run
