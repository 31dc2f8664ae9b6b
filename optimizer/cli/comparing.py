"""`fenpei compare`: what differs between two plans, or any two allocations, and where it comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.case import Case
from models.comparison import Side
from models.region import Level
from optimizer.cli.failures import ExitCode, refuse
from optimizer.cli.language import language, say
from optimizer.cli.output import message, result, screen
from optimizer.cli.progress import watching
from optimizer.present.comparison import comparison_csv, comparison_object, comparison_text
from optimizer.present.objects import to_json
from optimizer.read import read_allocation, read_case
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
    level = None if asked.level is None else Level(asked.level)
    found = compare(first, second, level)
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


def case_of(path: Path, way: Path | None, quiet: bool) -> Case:
    """The case of a plan: its folder knows it, and the patches; a bare file needs `--case` (`way`)."""
    made = _made_with(path)
    if way is None:
        known = made.get("case_path")
        if not isinstance(known, str) or not (path / known).exists():
            refuse(
                f"不知道 {path} 属于哪个案例；请用 --case 指出（两个方案的案例不同时写两次）",
                f"the case of {path} is not known; name it with --case (twice if they have two)",
            )
        way = path / known
    case = read_case(way, tuple(made.get("patches", ())))
    _say_if_changed(case, made, path, quiet)
    return case


def _made_with(path: Path) -> dict[str, Any]:
    """What plan.json says; nothing for a bare file."""
    try:
        found = json.loads((path / "plan.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _say_if_changed(case: Case, made: dict[str, Any], path: Path, quiet: bool) -> None:
    if made and made.get("sha256") != case.sha256 and not quiet:
        message(
            say(
                f"注意：案例数据与编制 {path} 时的不同，这里用现在的数据。",
                f"Note: the case is not as it was when {path} was made; today's data are used.",
            )
        )
