"""`fenpei compare`: what differs between two plans, or any two allocations, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.comparison import Side
from optimizer.cli.failures import ExitCode, refuse
from optimizer.cli.language import language
from optimizer.cli.output import result, screen
from optimizer.cli.places import asked_level, case_of
from optimizer.cli.progress import watching
from optimizer.present.comparison import comparison_csv, comparison_object, comparison_text
from optimizer.present.objects import to_json
from optimizer.read import read_allocation
from optimizer.study.compare import attribute, compare, side
from optimizer.study.planning import PlanOptions


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    first: Path
    second: Path
    cases: tuple[Path, ...]
    level: str | None
    why: bool
    solver: str
    gap: float
    time_limit: float | None
    seed: int
    form: str
    quiet: bool


def compare_two(asked: Asked) -> ExitCode:
    """Read both sides, compare them, and say where a difference in least cost comes from."""
    if len(asked.cases) > 2:
        refuse(
            "--case 最多写两次（甲的、乙的）",
            "--case may be given twice at most: the first's and the second's",
        )
    ways = (asked.cases or (None,)) * (2 // max(len(asked.cases), 1))
    paths = (asked.first, asked.second)
    first, second = (_side(path, way, asked.quiet) for path, way in zip(paths, ways, strict=True))
    found = compare(first, second, asked_level(second.case, asked.level))
    why = None
    if asked.why and first.case.sha256 != second.case.sha256:
        with watching(second.case, asked.quiet) as progress:
            options = PlanOptions(asked.solver, asked.gap, asked.time_limit, asked.seed, progress=progress)
            why = attribute(first.case, second.case, options)
    if asked.form == "json":
        result(to_json(comparison_object(found, why, language())), data=True)
    elif asked.form == "csv":
        result(comparison_csv(found, language(), why), data=True)
    else:
        result(comparison_text(found, why, language(), screen()))
    return ExitCode.DONE


def _side(path: Path, way: Path | None, quiet: bool) -> Side:
    case = case_of(path, way, quiet)
    return side(str(path), case, read_allocation(path, case))
