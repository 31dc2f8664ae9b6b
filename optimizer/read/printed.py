"""printed.csv: figures as the clauses print them, and the figures of the case that hold them.

The register says where a clause went; a row here says which number went with it. `check_printed` sees that
clauses and paths exist and that the units agree; whether the numbers do is said by `fenpei check`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from models.case import Case
from models.rules.source import nearest
from models.stated import FigurePath, Printed, StatedValue
from optimizer.read import cells
from optimizer.read.check_statements import unit_at
from optimizer.read.csv_table import Column, Rows
from optimizer.read.figures import Fault
from optimizer.read.messages import KIND_WORDS
from optimizer.read.policy import Policy
from optimizer.read.problems import Log
from optimizer.read.register import uncited_table
from optimizer.read.sources import Sources
from optimizer.read.tables import Figures
from optimizer.read.values import value_of

FILE = "printed.csv"
COLUMNS = (*(Column(name) for name in ("clause", "printed", "at")), Column("rows", optional=True))


class _Rows(StrEnum):
    """How the figures that a path names make the printed one."""

    SUM = "sum"
    EACH = "each"


def read_printed(texts: Mapping[str, str | Rows], policy: Policy) -> Figures:
    """The printed figures in file order, by (clause, path); everything wrong with a row is on the log."""
    found = Figures(FILE)
    table = uncited_table(FILE, COLUMNS, texts, policy)
    if table is None:
        return found
    columns = (
        table.read("clause", cells.text),
        table.read("printed", _number),
        table.read("at", _path),
        table.read("rows", cells.or_none(cells.word(_Rows)), blank=_Rows.SUM),
    )
    seen: dict[tuple[object, str], int] = {}
    for row, (clause, _, at, _) in enumerate(zip(*columns, strict=True)):
        if clause and at and seen.setdefault((clause, at[1]), row) != row:
            table.report("printed-twice", "at", [row], {"first": table.lines[seen[clause, at[1]]]})
    if not table.whole:
        policy.broken.add(FILE)
    for clause, value, (path, text), rows in zip(*table.good(*columns), strict=True):
        each = rows is _Rows.EACH
        found.values[clause, text] = Printed(clause=clause, value=value, at=path, where=text, each=each)
    found.lines, found.headers = table.good_lines(), table.headers
    return found


def _number(cell: str) -> StatedValue:
    value = value_of(cell)
    if value.path is not None:
        raise Fault("printed-number")
    return value


def _path(cell: str) -> tuple[FigurePath, str]:
    value = value_of(cell)
    if value.path is None:
        raise Fault("printed-path")
    return value.path, value.text


def check_printed(case: Case, sources: Sources, log: Log) -> None:
    """Clauses, paths and units of every row."""
    for one in case.printed:
        key = (one.clause, one.where)
        if one.clause not in case.clauses:
            near = nearest(one.clause, case.clauses)
            place = sources.row("printed", key, "clause")
            log.add("unknown-id", place, one.clause, kind=KIND_WORDS["clauses"], near=near)
        unit = unit_at(one.at, one.where, case, sources.row("printed", key, "at"), log)
        if unit is not None and one.value.unit not in (None, unit):
            units = f"{one.value.unit} {unit}"
            log.add("stated-units", sources.row("printed", key, "printed"), item=one.clause, units=units)
