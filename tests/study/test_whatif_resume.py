"""Sweeps that are killed: what was finished stays, what was lost is made again, and the table is the same."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.case import Case
from optimizer.present.folder import FolderError
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.study.whatif.cluster import Cluster
from optimizer.study.whatif.crew import ATTEMPTS, Crew, Processes, Task
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.specs import Spec, WhatIfError, axis, specs
from optimizer.study.whatif.store import FILE, Store
from optimizer.study.whatif.supervision import SweepProgress
from optimizer.study.whatif.sweep import Swept, sweep

from .whatif_cases import ten_houses

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "cli" / "tiny"
RANGE = "fund.central.amount=5万元:40万元:2.5万元"
OPTIONS = RunOptions()


def table(records: tuple[RunRecord, ...]) -> list[dict[str, Any]]:
    """The records without what a clock says."""
    return [{**record.object(), "seconds": None} for record in records]


def runs_of(case: Case) -> tuple[Spec, ...]:
    return specs((axis(RANGE),), (), (), case)


def swept(
    folder: Path, crew: Callable[[Case], Crew], report: Callable[[SweepProgress], None] | None = None
) -> Swept:
    case = ten_houses()
    store = Store(folder)
    try:
        return sweep(case, runs_of(case), OPTIONS, store, lambda: crew(case), report)
    finally:
        store.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    found = swept(tmp_path_factory.mktemp("calm"), lambda case: Processes(case, OPTIONS, 1))
    assert (found.resumed, found.crashed) == (0, 0)
    return table(found.records)


def test_two_processes_make_the_table_that_one_makes(
    tmp_path: Path, undisturbed: list[dict[str, Any]]
) -> None:
    assert table(swept(tmp_path, lambda case: Processes(case, OPTIONS, 2)).records) == undisturbed


def test_a_killed_worker_costs_its_run_and_the_run_is_made_again(
    tmp_path: Path, undisturbed: list[dict[str, Any]]
) -> None:
    killed: set[int] = set()

    class Unlucky(Processes):
        """Loses whoever is given run 2, 5 and 9 for the first time, before it can answer."""

        def give(self, task: Task) -> None:
            if task.number not in {2, 5, 9} - killed:
                super().give(task)
                return
            killed.add(task.number)
            everybody = [worker.process.pid or 0 for worker in self._workers]
            for pid in everybody:
                os.kill(pid, signal.SIGSTOP)
            super().give(task)
            unlucky = {
                worker.process.pid or 0
                for worker in self._workers
                if worker.task is not None and worker.task.number == task.number
            }
            for pid in unlucky:
                os.kill(pid, signal.SIGKILL)
            for pid in set(everybody) - unlucky:
                os.kill(pid, signal.SIGCONT)

    found = swept(tmp_path, lambda case: Unlucky(case, OPTIONS, 2))
    assert killed == {2, 5, 9}
    assert found.crashed >= 3
    assert table(found.records) == undisturbed


def test_a_run_on_which_every_worker_dies_is_marked_and_tried_again_next_time(
    tmp_path: Path, undisturbed: list[dict[str, Any]]
) -> None:
    class Cursed(Processes):
        """Kills whoever works on run 3."""

        def give(self, task: Task) -> None:
            super().give(task)
            if task.number == 3:
                for pid in self.ids:
                    os.kill(pid, signal.SIGKILL)

    found = swept(tmp_path, lambda case: Cursed(case, OPTIONS, 1))
    assert found.crashed == ATTEMPTS
    assert found.records[3].status is RunStatus.UNKNOWN
    assert "worker processes ended" in found.records[3].message
    assert all(record.status is not RunStatus.UNKNOWN for i, record in enumerate(found.records) if i != 3)
    again = swept(tmp_path, lambda case: Processes(case, OPTIONS, 1))
    assert again.resumed == len(undisturbed) - 1
    assert [row["status"] for row in table(again.records)] == [row["status"] for row in undisturbed]


def test_a_sweep_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, undisturbed: list[dict[str, Any]]
) -> None:
    class Stop(Exception):
        pass

    def stop(now: SweepProgress) -> None:
        if now.done >= 6:
            raise Stop

    with pytest.raises(Stop):
        swept(tmp_path, lambda case: Processes(case, OPTIONS, 1), stop)
    found = swept(tmp_path, lambda case: Processes(case, OPTIONS, 1))
    assert found.resumed >= 6
    assert table(found.records) == undisturbed

    def nobody(case: Case) -> Crew:
        raise AssertionError("nothing is left to do")

    assert table(swept(tmp_path, nobody).records) == undisturbed


def command(folder: Path, levels: str) -> list[str]:
    return [
        sys.executable, "-m", "optimizer.cli", "whatif", str(folder / "tiny"), "--out", str(folder / "out"),
        "--vary", f"fund.central.amount={levels}", "--vary", "measure.house.cost=1x,1.2x", "--lang", "en",
        "--format", "json", "--quiet",
    ]  # fmt: skip


def killed_and_resumed(folder: Path, levels: str, kills: int, seed: int) -> None:
    """SIGKILL at random moments; then the table equals that of a sweep that was left alone."""
    rng = random.Random(seed)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name in ("calm", "killed"):
        shutil.copytree(TINY, folder / name / "tiny")
    calm = subprocess.run(
        command(folder / "calm", levels), env=environment, capture_output=True, check=True, timeout=600
    )
    for _ in range(kills):
        process = subprocess.Popen(
            command(folder / "killed", levels),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        log = folder / "killed" / "out" / f"{FILE}-wal"
        grown = rng.randint(20_000, 60_000)  # bytes: some runs are stored by then, hardly all
        while process.poll() is None and (not log.exists() or log.stat().st_size < grown):
            time.sleep(0.005)
        time.sleep(rng.uniform(0, 0.05))
        process.kill()
        process.wait()
    last = subprocess.run(
        command(folder / "killed", levels), env=environment, capture_output=True, check=True, timeout=600
    )
    one, other = json.loads(calm.stdout), json.loads(last.stdout)
    assert other["resumed"] > 0
    for found in (one, other):
        for run in found["runs"]:
            run["seconds"] = None
    assert one["runs"] == other["runs"]
    csv_of = [(folder / name / "out" / "runs.csv").read_bytes() for name in ("calm", "killed")]
    assert csv_of[0] == csv_of[1]


def test_a_sweep_killed_at_random_moments_ends_with_the_same_table(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, "0.8x:1.2x:0.1x", kills=1, seed=5)


@pytest.mark.soak
def test_a_sweep_of_two_hundred_runs_killed_again_and_again(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, "0.01x:1x:0.01x", kills=8, seed=11)


def test_a_store_is_used_by_one_process_at_a_time(tmp_path: Path) -> None:
    first = Store(tmp_path)
    with pytest.raises(FolderError, match=r"另一个"):
        Store(tmp_path)
    first.close()
    Store(tmp_path).close()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(FolderError):
        Store(tmp_path)
    (tmp_path / FILE).write_bytes(b"not a store of ours, whatever its name says" * 4)
    with pytest.raises(FolderError):
        Store(tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "mine"


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_dask_cluster_makes_the_same_table_and_goes_on_from_the_same_store(
    tmp_path: Path, undisturbed: list[dict[str, Any]]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import distributed

        local: Any = distributed.LocalCluster
        with local(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, protocol="tcp",
            host="127.0.0.1",
        ) as cluster:  # fmt: skip
            address = str(cluster.scheduler_address)
            found = swept(tmp_path, lambda case: Cluster(case, OPTIONS, address))
    assert table(found.records) == undisturbed
    again = swept(tmp_path, lambda case: Processes(case, OPTIONS, 1))
    assert again.resumed == len(undisturbed)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.study.whatif.cluster.PATIENCE", 0.5)
    with pytest.raises(WhatIfError, match="cannot be reached"):
        Cluster(ten_houses(), OPTIONS, "tcp://127.0.0.1:9")
