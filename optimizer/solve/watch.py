"""A clock outside the engine: it runs in a thread, so that Ctrl-C and the time limit reach the caller.

Engines look at their clock only now and then. A run that is late is asked to stop; one that does not answer
is left behind, and the caller goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Generic, TypeVar

Result = TypeVar("Result")

#: Seconds after the limit before the engine is told to stop: its own clock should come first.
GRACE = 0.5
#: Seconds that an engine has to stop after it was told to.
PATIENCE = 10.0
#: Seconds between two looks at the run.
TICK = 0.5


class Ended(StrEnum):
    """How a watched run came to its end."""

    BY_ITSELF = auto()
    TOLD_TIME = auto()
    TOLD_INTERRUPT = auto()


@dataclass
class Watched(Generic[Result]):
    """A run under watch; `result` is None when the engine was left behind."""

    ended: Ended = Ended.BY_ITSELF
    result: Result | None = None
    error: BaseException | None = field(default=None, repr=False)


def watch(
    run: Callable[[], Result],
    cancel: Callable[[], None],
    limit: float | None,
    tick: Callable[[float], None] | None,
    patience: float = PATIENCE,
) -> Watched[Result]:
    """Call `run` in a thread, `tick` with the seconds so far, `cancel` after `limit` seconds or on Ctrl-C."""
    watched: Watched[Result] = Watched()
    done = (
        threading.Event()
    )  # not Thread.join: Python 3.11 takes a join that Ctrl-C cut short for the end of the thread

    def work() -> None:
        try:
            watched.result = run()
        except BaseException as error:
            watched.error = error
        finally:
            done.set()

    started = time.monotonic()
    late = None if limit is None else started + limit + GRACE
    threading.Thread(target=work, name="fenpei-engine", daemon=True).start()
    try:
        _wait(done, started, late, tick)
        if not done.is_set():
            watched.ended = Ended.TOLD_TIME
            cancel()
            done.wait(patience)
    except BaseException as error:
        cancel()
        done.wait(patience)
        if not isinstance(error, KeyboardInterrupt):
            raise
        watched.ended = Ended.TOLD_INTERRUPT
    if watched.error is not None:
        raise watched.error
    return watched


def _wait(
    done: threading.Event, started: float, late: float | None, tick: Callable[[float], None] | None
) -> None:
    while not done.is_set():
        now = time.monotonic()
        if late is not None and now >= late:
            return
        if not done.wait(TICK if late is None else min(TICK, late - now)) and tick is not None:
            tick(time.monotonic() - started)
