"""A process is killed at any moment of writing: the old folder is intact or the new one is whole."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def killed(mode: str, place: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed_writer.py")), mode, str(place)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stderr.splitlines()[-1])
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("mode", "least"), [("lines", 60), ("fallback", 60), ("random", 60)])
def test_a_killed_writer_leaves_a_whole_folder(tmp_path: Path, mode: str, least: int) -> None:
    found = killed(mode, tmp_path / "run")
    assert found["wrong"] == []
    assert int(str(found["killed"])) >= least
    assert found["left"] == ["run"], "the next run clears away what the killed ones left"


def test_two_renames_would_be_found_out(tmp_path: Path) -> None:
    found = killed("unhealed", tmp_path / "run")
    assert found["wrong"], "between the renames there is no folder, which is why they are the last resort"


def test_a_killed_plan_leaves_the_older_plan(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "cli" / "tiny", tmp_path / "tiny")
    found = killed("plan", tmp_path / "run")
    assert found["wrong"] == []
    assert int(str(found["killed"])) >= 5, "every third of fifteen files"
    assert found["left"] == ["run"]
