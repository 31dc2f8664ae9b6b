"""What `fenpei whatif` was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.study.whatif.evaluate import RunOptions


@dataclass(frozen=True)
class AskedWhatIf:
    """The options of the command."""

    case: Path
    out: Path | None
    vary: tuple[str, ...]
    runs: Path | None
    scenarios: tuple[str, ...]
    patches: tuple[str, ...]
    curve: str | None
    least: str | None
    latest: str | None
    earliest: bool
    start: str | None
    end: str | None
    relaxed: bool
    workers: int | None
    engine: str
    scheduler: str | None
    solver: str
    gap: float
    time_limit: float | None
    seed: int
    form: str
    quiet: bool

    @property
    def options(self) -> RunOptions:
        """How each run is made."""
        from optimizer.study.whatif.evaluate import RunOptions

        return RunOptions(self.gap, self.time_limit, self.seed, self.solver, self.relaxed)
