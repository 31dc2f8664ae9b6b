"""docs/workbook.md: its commands run as they stand there, and it names every sheet."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from optimizer.cli import main
from optimizer.read.sheets import LIMITS
from optimizer.read.workbook.layout import SHEETS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "workbook.md").read_text(encoding="utf-8")


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "inputs" / "ruyuan", tmp_path / "ruyuan")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    [block] = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    parts = re.split(r"^\$ fenpei ", block, flags=re.MULTILINE)[1:]
    assert len(parts) == 4
    for part in parts:
        command, _, shown = part.partition("\n")
        done = CliRunner().invoke(main, command.split())
        assert (done.exit_code, done.stdout) == (0, shown), command


def test_the_page_names_every_sheet_and_limit() -> None:
    assert [sheet.title for sheet in SHEETS if sheet.title not in PAGE] == []
    assert f"{LIMITS.file_mb} MB, {LIMITS.unpacked_mb} MB unpacked" in PAGE
    assert f"{LIMITS.ratio}:1 for parts above {LIMITS.small_mb} MB" in PAGE
    assert f"{LIMITS.parts:,} parts, {LIMITS.cells:,} cells" in PAGE
