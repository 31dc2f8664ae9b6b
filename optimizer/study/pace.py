"""How long a step may take by the clock: limits of single steps are meant as seconds of a processor.

On a machine that others use too, a program gets a part of the processor only. What would be found in time on
a machine to itself is then found as well, as long as the time that the user gave lasts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

#: Seconds of the processor before anything is said of the pace, and how slow it is taken to be at most: a
#: machine that slept in between is not as slow as that.
TELLING, SLOWEST = 0.5, 20.0


@dataclass(frozen=True)
class Pace:
    """Since when it is watched how much of the processor there is: `time.monotonic`, `time.process_time`."""

    clock: float
    processor: float

    @classmethod
    def begun(cls) -> Pace:
        """From now on."""
        return cls(time.monotonic(), time.process_time())

    def by_clock(self, seconds: float) -> float:
        """The seconds by the clock in which this process gets so many seconds of a processor."""
        passed, used = time.monotonic() - self.clock, time.process_time() - self.processor
        if used < TELLING:
            return seconds
        return seconds * min(max(passed / used, 1.0), SLOWEST)
