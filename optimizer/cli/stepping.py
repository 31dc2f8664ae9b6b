"""Progress of an answer whose steps are not runs: what is being done, how far, how long already."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from optimizer.cli import progress
from optimizer.cli.language import language, say
from optimizer.cli.output import message

if TYPE_CHECKING:
    from optimizer.study.whatif.notes import Step, Told


@contextmanager
def watching_steps(quiet: bool) -> Iterator[Told | None]:
    """A bar in a terminal, else a line now and then; nothing if quiet."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"))
        with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(say("正在计算", "working"), total=None, count="")

            def show(step: Step) -> None:
                bar.update(
                    task,
                    description=step.what.said(language()),
                    completed=step.done,
                    total=step.total,
                    count=_count(step),
                )

            yield show
    else:
        yield _Lines().show


class _Lines:
    """The first line at once, then one every few seconds."""

    def __init__(self) -> None:
        self._started = monotonic()
        self._last = -progress.PAUSE

    def show(self, step: Step) -> None:
        """Write a line when the last one is old enough."""
        now = monotonic() - self._started
        if now - self._last >= progress.PAUSE:
            self._last = now
            count = _count(step)
            what = step.what.said(language())
            message(
                f"{what}{' ' if count else ''}{count}" + say(f"，已用 {now:.0f} 秒", f", {now:.0f} s so far")
            )


def _count(step: Step) -> str:
    if step.total is None:
        return "" if step.done == 0 else say(f"第 {step.done} 步", f"step {step.done}")
    return f"{step.done}/{step.total}"
