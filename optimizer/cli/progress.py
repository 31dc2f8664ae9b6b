"""Progress on standard error: a status line in a terminal, else a line now and then; nothing if quiet."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from optimizer.cli.language import say, spoken
from optimizer.cli.output import message

if TYPE_CHECKING:
    from models.case import Case
    from optimizer.solve import Progress

#: Seconds between two plain lines.
PAUSE = 5.0

Watch = Callable[["Progress"], None]


@contextmanager
def watching(case: Case, quiet: bool, *, weighed: bool = False) -> Iterator[Watch | None]:
    """What the solver should call while it runs; None when nobody wants to know.

    `weighed`: the goal is no figure of the case but a sum of wishes (`baseline`): its value is not shown.
    """
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console

        opening = say("建模并求解……", "Building and solving ...")
        with Console(stderr=True).status(opening) as status:
            yield lambda progress: status.update(progress_line(case, progress, weighed=weighed))
    else:
        yield _Lines(case, weighed).show


class _Lines:
    """A line every few seconds."""

    def __init__(self, case: Case, weighed: bool) -> None:
        self._case, self._weighed = case, weighed
        self._last = monotonic()

    def show(self, progress: Progress) -> None:
        """Write a line when the last one is old enough."""
        if monotonic() - self._last >= PAUSE:
            self._last = monotonic()
            message(progress_line(self._case, progress, weighed=self._weighed))


def progress_line(case: Case, progress: Progress, *, weighed: bool = False) -> str:
    """Seconds, best plan so far, bound and gap; what is not known yet is left out."""
    parts = [say(f"求解 {progress.seconds:.0f} 秒", f"solving, {progress.seconds:.0f} s")]
    best, bound = progress.incumbent, progress.bound
    if best is not None and math.isfinite(best) and not weighed:
        parts.append(say("现有方案 ", "best ") + _value(case, best))
    if bound is not None and math.isfinite(bound) and not weighed:
        parts.append(say("界限 ", "bound ") + _value(case, bound))
    if best and bound is not None and math.isfinite(best) and math.isfinite(bound):
        parts.append(say("差距 ", "gap ") + f"{max(0.0, best - bound) / abs(best):.2%}")
    return say("，", ", ").join(parts)


def _value(case: Case, value: float) -> str:
    """The goal's value: money in 万元; what is maximised comes negated from the solver."""
    from models.case import Goal
    from models.citation import Language
    from optimizer.present.words import money

    if case.goal is Goal.LEAST_COST:
        return money(round(value), Language(spoken()))
    return f"{-value:,.0f}"
