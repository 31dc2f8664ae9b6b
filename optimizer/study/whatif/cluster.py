"""The same runs on a Dask cluster: a crew whose workers are those of a scheduler (optional extra `dask`).

The case travels with every run, packed: what is scattered once would be lost with the worker that holds
it. The scheduler gives the run of a dead worker to another a few times; when it says that this run kills
whoever takes it, the run is given up.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from models.case import Case
from optimizer.study.whatif.crew import ATTEMPTS, Done, Task, answered
from optimizer.study.whatif.evaluate import Ready, RunOptions
from optimizer.study.whatif.specs import WhatIfError

#: Seconds to wait for the scheduler.
PATIENCE = 10.0


def answer(packed: bytes, task: Task, options: RunOptions) -> Done:
    """What a worker of the cluster runs."""
    return answered(_ready(packed), task, options)


@lru_cache(maxsize=2)
def _ready(packed: bytes) -> Ready:
    return Ready(pickle.loads(zlib.decompress(packed)))


class Cluster:
    """A crew behind a scheduler's address, such as `tcp://10.0.0.5:8786`. Raises WhatIfError."""

    def __init__(self, case: Case, options: RunOptions, address: str) -> None:
        try:
            dask: Any = import_module("distributed")
        except ImportError as error:
            raise WhatIfError(
                "没有安装 Dask：请安装 fenpei[dask]", "Dask is not installed: install fenpei[dask]"
            ) from error
        try:
            self._client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
            self._packed = zlib.compress(pickle.dumps(case))
        except (OSError, ValueError, TimeoutError) as error:
            raise WhatIfError(
                f"连不上 Dask 调度器 {address}（{error}）",
                f"the Dask scheduler at {address} cannot be reached ({error})",
            ) from error
        self._wait = dask.wait
        self._options = options
        self._running: dict[Any, Task] = {}

    @property
    def free(self) -> int:
        """Threads of the cluster without a run; never less than one in all, as workers may yet come."""
        threads = sum(int(count) for count in self._client.nthreads().values())
        return max(1, threads) - len(self._running)

    def give(self, task: Task) -> None:
        """Start a task."""
        future = self._client.submit(answer, self._packed, task, self._options, pure=False, retries=0)
        self._running[future] = task

    def take(self, timeout: float) -> Sequence[Done]:
        """Answers that have come; a run whose worker was lost comes without a record."""
        try:
            with self._client.as_current():
                self._wait(list(self._running), timeout=timeout, return_when="FIRST_COMPLETED")
        except TimeoutError:
            return []
        done = []
        for future in [future for future in self._running if future.done()]:
            task = self._running.pop(future)
            if future.status == "finished":
                done.append(future.result())
            elif future.status == "error" and type(future.exception()).__name__ == "KilledWorker":
                done.append(Done(task.number, None, deaths=ATTEMPTS))  # the scheduler has tried for us
            else:
                done.append(Done(task.number, None))
        return done

    def close(self) -> None:
        """Drop what still runs and leave the cluster."""
        self._client.cancel(list(self._running))
        self._running.clear()
        self._client.close()
