"""Who makes the runs: tasks in, answers out; here by processes of this machine, each on its own pipe.

A process that dies (killed, out of memory, a crash inside a solver) costs the run it was on and nothing else:
the answer says so, and another process takes its place. Pools of the standard library lose all their tasks
when one process is killed; that is why each is watched here.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from models.case import Case
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.read import apply_patches
from optimizer.solve import SolveError
from optimizer.study.whatif.contradicting import contradicting
from optimizer.study.whatif.evaluate import Handed, Ready, RunOptions, evaluate, taken_over

#: A task is given up when this many workers have died on it.
ATTEMPTS = 3


@dataclass(frozen=True)
class Taken:
    """A plan taken from another run, and the bound it is held against."""

    bound: Fraction | None


@dataclass(frozen=True)
class Task:
    """A run to be made."""

    number: int
    name: str
    patches: tuple[str, ...]
    before: Handed | None
    conflict: tuple[str, ...] = ()
    """What contradicts itself in the run that this one starts from."""
    taken: Taken | None = None
    """What `before` holds is another run's plan that this run takes over: it is only audited."""


@dataclass(frozen=True)
class Done:
    """The answer to a task; `record` is None when whoever worked on it died.

    It is a RunRecord in a sweep; other studies have answers of their own.
    """

    number: int
    record: Any
    handed: Handed | None = None
    deaths: int = 1
    """How many tries a missing record counts for."""


class Crew(Protocol):
    """What a sweep needs of those who make its runs."""

    @property
    def free(self) -> int:
        """How many more tasks it can be given."""

    def give(self, task: Task) -> None:
        """Start a task."""

    def take(self, timeout: float) -> Sequence[Done]:
        """Answers that have come, after at most `timeout` seconds."""

    def close(self) -> None:
        """End everything."""


def answered(ready: Ready, task: Task, options: RunOptions) -> Done:
    """The task's answer. A run that raises is a run of status `unknown` that says why."""
    try:
        if task.taken is None:
            record, handed = evaluate(ready, task.name, task.patches, options, task.before)
        else:
            record, handed = taken_over(
                ready, task.name, task.patches, options, task.before, task.taken.bound
            )
        if record.status is RunStatus.INFEASIBLE:
            record = replace(record, conflict=_conflict(ready, task))
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        record, handed = RunRecord(task.name, task.patches, RunStatus.UNKNOWN, message=message), task.before
    return Done(task.number, record, handed)


def _conflict(ready: Ready, task: Task) -> tuple[str, ...]:
    """What contradicts itself in an infeasible run; nothing where the solver refuses to say."""
    try:
        return contradicting(apply_patches(ready.case, task.patches), task.patches, task.conflict)
    except SolveError:
        return ()


#: Makes, once in every process, what answers tasks about a case.
Work = Callable[[Case, RunOptions], Callable[[Task], Done]]


def runs(case: Case, options: RunOptions) -> Callable[[Task], Done]:
    """The work of a sweep."""
    ready = Ready(case)
    return lambda task: answered(ready, task, options)


def _work(pipe: Connection, case: Case, options: RunOptions, work: Work) -> None:
    """A process: answers tasks until the pipe closes, and ends at once when its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    answer = work(case, options)
    while True:
        try:
            pipe.send(answer(pipe.recv()))
        except (EOFError, OSError):
            return


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


class _Worker:
    """A process with our end of its pipe, and the task it is on."""

    def __init__(self, case: Case, options: RunOptions, work: Work) -> None:
        context = get_context("spawn")  # a fork would share the solver's threads
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, case, options, work), daemon=True)
        self.process.start()
        theirs.close()
        self.task: Task | None = None

    def end(self) -> None:
        self.pipe.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.process.close()


class Processes:
    """A crew of `size` processes; `work` is a function of a module, which every process finds by its name."""

    def __init__(self, case: Case, options: RunOptions, size: int, work: Work = runs) -> None:
        self._made_of = case, options, work
        self._workers = [_Worker(*self._made_of) for _ in range(size)]

    @property
    def free(self) -> int:
        """How many processes have nothing to do."""
        return sum(worker.task is None for worker in self._workers)

    @property
    def ids(self) -> tuple[int, ...]:
        """Process ids of those at work."""
        return tuple(worker.process.pid or 0 for worker in self._workers if worker.task is not None)

    def give(self, task: Task) -> None:
        """Start a task; a process that died while idle is replaced first."""
        at = next(i for i, worker in enumerate(self._workers) if worker.task is None)
        for _ in range(2):
            worker = self._workers[at]
            worker.task = task
            try:
                worker.pipe.send(task)
                return
            except OSError:
                self._replace(at)
        self._workers[at].task = task

    def take(self, timeout: float) -> Sequence[Done]:
        """Answers that have come, and the tasks of those who died."""
        busy = [worker for worker in self._workers if worker.task is not None]
        waiting: list[Any] = [thing for w in busy for thing in (w.pipe, w.process.sentinel)]
        came = set(wait(waiting, timeout))
        done = []
        for worker in busy:
            if worker.pipe in came or worker.process.sentinel in came:
                done.append(self._answer(worker))
        return done

    def _answer(self, worker: _Worker) -> Done:
        task, worker.task = worker.task, None
        if task is None:  # pragma: no cover - only busy workers are asked
            raise ValueError("this worker has no task")
        try:
            found = worker.pipe.recv() if worker.pipe.poll() else None
        except (EOFError, OSError):
            found = None
        if isinstance(found, Done):
            return found
        self._replace(self._workers.index(worker))
        return Done(task.number, None)

    def _replace(self, at: int) -> None:
        self._workers[at].end()
        self._workers[at] = _Worker(*self._made_of)

    def close(self) -> None:
        """End every process."""
        for worker in self._workers:
            worker.end()
