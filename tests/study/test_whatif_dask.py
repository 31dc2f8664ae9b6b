"""A Dask cluster whose worker processes are killed: lost runs are made again, a hopeless one is named."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from optimizer.present.whatif_report import RunStatus
from optimizer.study.whatif.cluster import Cluster, answer
from optimizer.study.whatif.crew import ATTEMPTS, Done, Processes, Task
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.specs import axis, specs
from optimizer.study.whatif.store import Store
from optimizer.study.whatif.sweep import Swept, sweep

from .whatif_cases import ten_houses

pytestmark = [
    pytest.mark.skipif(find_spec("distributed") is None, reason="the extra `dask` is not installed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]

OPTIONS = RunOptions()
RUNS = specs((axis("fund.central.amount=5万元:40万元:5万元"),), (), (), ten_houses())


@contextmanager
def cluster() -> Iterator[Any]:
    """Processes of this machine behind a scheduler, started anew by their nannies when they die."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import dask
        import distributed

        local: Any = distributed.LocalCluster
        few: Any = dask.config.set({"distributed.scheduler.allowed-failures": 1})
        with few, local(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, protocol="tcp",
            host="127.0.0.1", silence_logs=50,
        ) as found:  # fmt: skip
            yield found


class Deadly(Cluster):
    """Some runs kill the process that works on them: once each (marked in a folder), or always."""

    def __init__(self, address: str, runs: set[int], folder: Path | None) -> None:
        super().__init__(ten_houses(), OPTIONS, address)
        self.runs, self.folder = runs, folder

    def give(self, task: Task) -> None:
        if task.number not in self.runs:
            super().give(task)
            return
        mark = None if self.folder is None else str(self.folder / f"killed-{task.number}")
        asked = _killed_at_work, mark, self._packed, task, self._options
        self._running[self._client.submit(*asked, pure=False, retries=0)] = task


def _killed_at_work(mark: str | None, packed: bytes, task: Task, options: RunOptions) -> Done:
    """Ends the worker process as `kill -9` does, in the middle of a run."""
    if mark is None or not Path(mark).exists():
        if mark is not None:
            Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return answer(packed, task, options)


def rows(found: Swept) -> list[dict[str, Any]]:
    """The records without what a clock says."""
    return [{**record.object(), "seconds": None} for record in found.records]


def swept(folder: Path, crew: Any) -> Swept:
    store = Store(folder)
    try:
        return sweep(ten_houses(), RUNS, OPTIONS, store, crew)
    finally:
        store.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return rows(swept(tmp_path_factory.mktemp("calm"), lambda: Processes(ten_houses(), OPTIONS, 1)))


def test_a_worker_process_that_is_killed_costs_nothing_of_the_table(
    tmp_path: Path, undisturbed: list[dict[str, Any]]
) -> None:
    with cluster() as local:
        found = swept(tmp_path / "o", lambda: Deadly(str(local.scheduler_address), {2}, tmp_path))
    assert (tmp_path / "killed-2").exists()
    assert rows(found) == undisturbed


def test_a_run_on_which_every_worker_dies_is_given_up_and_named(
    tmp_path: Path, undisturbed: list[dict[str, Any]]
) -> None:
    last = len(RUNS) - 1
    with cluster() as local:
        found = swept(tmp_path / "o", lambda: Deadly(str(local.scheduler_address), {last}, None))
    assert found.crashed == ATTEMPTS
    assert found.records[last].status is RunStatus.UNKNOWN
    assert "ended while this run was being made" in found.records[last].message
    assert rows(found)[:last] == undisturbed[:last]
