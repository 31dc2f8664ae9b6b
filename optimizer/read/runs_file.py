"""A file of runs for `fenpei whatif --runs`: CSV to one `RunLine` per line, each with its patch.

Columns `run, what, how, value, note`: lines with the same run belong together; `what` is a path as in
`--set`, `how` one of set, times, plus; `note` may be left out. `scenario, set, NAME` takes the patches of a
scenario of the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from optimizer.read import cells
from optimizer.read.csv_table import Column, Table, read_table
from optimizer.read.decode import decoded
from optimizer.read.files import read_one
from optimizer.read.problems import Log, Place, Problem

COLUMNS = (
    Column("run"),
    Column("what"),
    Column("how"),
    Column("value"),
    Column("note", optional=True),
)

#: What can be wrong with a patch before its value is looked at.
OF_THE_PATH = frozenset(
    {"patch-syntax", "patch-kind", "patch-id", "patch-field", "patch-nothing", "patch-brackets"}
)

#: What stands in `what` where `value` is a scenario of the case.
SCENARIO = "scenario"


class How(StrEnum):
    """What the value does to what is there."""

    SET = "set"
    TIMES = "times"
    PLUS = "plus"


@dataclass(frozen=True)
class RunLine:
    """One change of one run."""

    run: str
    patch: str
    note: str
    place: Place

    @property
    def scenario(self) -> str | None:
        """The scenario of the case that the line names, if it names one: `what` is then `scenario`."""
        what, _, value = self.patch.partition("=")
        return value if what == SCENARIO else None


def read_runs(path: Path) -> tuple[tuple[RunLine, ...], tuple[Problem, ...]]:
    """The lines that can be read, and what is wrong with the others."""
    log = Log()
    raw = read_one(path, log)
    text = None if raw is None else decoded(path.name, raw, log)
    table = read_table(path.name, text, COLUMNS, log) if text is not None else None
    lines = [] if table is None else _lines(table)
    return tuple(lines), tuple(log.problems)


def _lines(table: Table) -> list[RunLine]:
    hows = table.read("how", cells.word(How))
    needed = ("run", "what", "how", "value")
    for name in needed:
        table.report("empty-cell", name, [i for i, cell in enumerate(table.cells[name]) if not cell])
    notes = table.cells.get("note") or [""] * len(table)
    found = []
    for i in range(len(table)):
        if i in table.bad or hows[i] is None:
            continue
        run, what, value = (table.cells[name][i] for name in ("run", "what", "value"))
        patch = f"{what}={_value(hows[i], value)}"
        found.append(RunLine(run, patch, notes[i], Place(table.file, table.lines[i], "value")))
    return found


def _value(how: How, value: str) -> str:
    if how is How.TIMES:
        return value if value.endswith(("x", "×")) else f"{value}x"
    if how is How.PLUS:
        return value if value.startswith(("+", "-")) else f"+{value}"
    return value


def at_place(problem: Problem, lines: Sequence[RunLine]) -> Problem:
    """The problem of a patch with the place of its line, where the patch came from a file.

    What is wrong with the path is in the column `what`, all else in `value`.
    """
    for line in lines:
        if problem.place.file == f"--set {line.patch}":
            column = "what" if problem.code in OF_THE_PATH else "value"
            return replace(problem, place=replace(line.place, column=column))
    return problem
