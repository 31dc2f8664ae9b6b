"""Somebody else's table to a Submission: open it, find the header, map the columns, read the rows, add up.

What comes in is a path; what goes out is exact and has the cell of every figure, or CaseErrors with every
problem.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from models.allocation import Allocation, Item
from models.case import Case
from models.rules.source import nearest
from models.submission import Line, Note, Spot, Submission
from optimizer.read.csv_table import SHOWN
from optimizer.read.files import read_one
from optimizer.read.foreign.columns import map_columns
from optimizer.read.foreign.grid import Grid, csv_grid, sheet_grid
from optimizer.read.foreign.header import Header, body_rows, find_header
from optimizer.read.foreign.headings import Heading, holds_figures, read_heading
from optimizer.read.foreign.lines import lines
from optimizer.read.foreign.names import Names
from optimizer.read.foreign.notes import note
from optimizer.read.foreign.options import TableOptions, Wishes, read_options
from optimizer.read.foreign.quantities import read_beside
from optimizer.read.foreign.rows import Body, read_rows
from optimizer.read.problems import Log, Place
from optimizer.read.sheets import sheets_of


def read_submission(path: Path, case: Case, options: TableOptions | None = None) -> Submission:
    """The table in an .xlsx or CSV file that nobody prepared for us. Raises CaseErrors."""
    log = Log()
    given = options or TableOptions()
    wishes = read_options(given, case, log)
    grids = _grids(path, log)
    log.check()
    return read_grids(grids, case, wishes, given.sheets, Names(case, wishes.aliases), log)


def read_grids(
    grids: Sequence[Grid], case: Case, wishes: Wishes, sheets: Sequence[str], names: Names, log: Log
) -> Submission:
    """The same from the grids of a file. Raises CaseErrors."""
    chosen, notes = _chosen(grids, names, sheets, log)
    log.check()
    read = [_read(grid, header, names, wishes, case, log) for grid, header in chosen]
    parts = [part for part in read if part is not None]
    for alias, option in wishes.alias_options.items():
        if chosen and alias not in names.used:
            log.add("foreign-map-unused", Place(f"--map {option}"), option.partition("=")[0])
    if chosen and not log.problems and not any(part.details for part in parts):
        grid, header = chosen[0]
        log.add("foreign-empty", grid.place(header.last, 1))
    log.check()
    return _together(parts, notes)


def _grids(path: Path, log: Log) -> list[Grid]:
    raw = read_one(path, log)
    if raw is None:
        return []
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        return [sheet_grid(table) for table in sheets_of(raw, path.name, log) if table.cells]
    if path.suffix.lower() != ".csv":
        log.add("allocation-type", Place(path.name))
        return []
    grid = csv_grid(path.name, raw, log)
    return [] if grid is None else [grid]


def _chosen(
    grids: Sequence[Grid], names: Names, sheets: Sequence[str], log: Log
) -> tuple[list[tuple[Grid, Header]], list[Note]]:
    """The sheets to read with their headers: those that were named, or else the only one with a table."""
    known = [grid.sheet for grid in grids if grid.sheet is not None]
    for name in sheets:
        if name not in known:
            near = nearest(name, known)
            log.add("foreign-sheet-unknown", Place(f"--sheet {name}"), name, known=" ".join(known), near=near)
    wanted = [grid for grid in grids if not sheets or grid.sheet in sheets]
    found = [(grid, header) for grid in wanted if (header := find_header(grid, names)) is not None]
    visible = [one for one in found if not one[0].hidden] or found
    told = {grid.sheet: _told(grid, header, names) for grid, header in visible}
    most = max(told.values(), default=0)
    # A sheet that says who, for what and from which fund holds the lines; one that says two of these, sums.
    allocating = [one for one in visible if told[one[0].sheet] == most >= 2]
    chosen = found if sheets else allocating or visible
    if sheets:
        for grid in wanted:
            if all(grid is not one for one, _ in found):
                log.add("foreign-no-header", grid.place(1, 1))
    elif len(chosen) > 1:
        titles = [grid.sheet or "" for grid, _ in chosen]
        log.add(
            "foreign-sheets",
            Place(chosen[0][0].file),
            count=len(chosen),
            candidates=("、".join(titles), ", ".join(titles)),
            option=f'--sheet "{titles[0]}"',
        )
    elif not chosen and grids:
        log.add("foreign-no-header", grids[0].place(1, 1))
    notes = [
        note(
            "hidden-sheet"
            if grid.hidden
            else "sheet-left-out"
            if sheets or any(grid is one for one, _ in found)
            else "other-sheet",
            grid.spot(1, 1),
            grid.sheet or "",
        )
        for grid in grids
        if grid.cells and all(grid is not one for one, _ in chosen)
    ]
    return chosen, notes


def _told(grid: Grid, header: Header, names: Names) -> int:
    """Of a sheet with money: how many its columns tell of who gets it, for what, and from which fund."""
    headings = _headings(grid, header, names, body_rows(grid, header))
    kinds = {kind for heading in headings for kind in (*heading.sure, *heading.maybe, *heading.keys)}
    told = (kinds & {"region", "code", "parent"}, kinds & {"measure", "project"}, kinds & {"fund"})
    return sum(map(bool, told)) if "amount" in kinds else 0


def _headings(grid: Grid, header: Header, names: Names, rows: Sequence[int]) -> list[Heading]:
    return [
        read_heading(grid, header, column, names, holds_figures(grid, rows, column, names))
        for column in header.columns
    ]


def _check_widths(grid: Grid, header: Header, rows: Sequence[int], log: Log) -> None:
    """A row of a CSV with more cells than its header: separators without quotes have shifted its columns."""
    if not grid.widths:
        return
    width = max(grid.widths[row - 1] for row in range(header.first, header.last + 1))
    wide = [row for row in rows if grid.widths[row - 1] > width]
    for row in wide[:SHOWN]:
        log.add("ragged-row", grid.place(row, width), str(grid.widths[row - 1]), width=width)
    if len(wide) > SHOWN:
        place = grid.place(wide[SHOWN], width)
        log.add("more", place, more=len(wide) - SHOWN, field=("各列", "the columns"))


def _read(
    grid: Grid, header: Header, names: Names, wishes: Wishes, case: Case, log: Log
) -> Submission | None:
    rows = body_rows(grid, header)
    _check_widths(grid, header, rows, log)
    headings = _headings(grid, header, names, rows)
    layout = map_columns(grid, header, headings, names, wishes, case, log)
    if layout is None:
        return None
    body = Body(grid, layout, names, case, log)
    read_rows(body, rows)
    details, totals = lines(body)
    for figure in layout.figures:
        if figure.column in grid.hidden_columns:
            row, column = header.cell(figure.column)
            body.remark("hidden-column", row, column, figure.header)
    beside = read_beside(body, case, details, totals)
    covers = {Item.MONEY}
    covers |= {Item.UNITS} if beside.counts_units else set()
    covers |= {Item.EXITS} if beside.counts_exits else set()
    allocation = Allocation(
        money=_money(beside.lines), units=beside.units, exits=beside.exits, covers=frozenset(covers)
    )
    return Submission(
        allocation,
        tuple(beside.lines),
        tuple(beside.totals),
        layout.mapped,
        layout.ignored,
        tuple(body.notes),
        beside.exit_cells,
    )


def _money(details: Sequence[Line]) -> dict[tuple[str, str, str, int], int]:
    money: dict[tuple[str, str, str, int], int] = defaultdict(int)
    for line in details:
        if None not in (line.region, line.measure, line.fund, line.year):
            key: Any = (line.region, line.measure, line.fund, line.year)
            money[key] += line.amount
    return {key: amount for key, amount in money.items() if amount}


def _together(parts: Sequence[Submission], notes: Sequence[Note]) -> Submission:
    """The tables of several sheets as one; it covers what each of them covers."""
    units: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    exits: dict[tuple[str, str, int], int] = defaultdict(int)
    for part in parts:
        for thing, quantity in part.allocation.units.items():
            units[thing] += quantity
        for leaving, members in part.allocation.exits.items():
            exits[leaving] += members
    cells: dict[tuple[str, int], tuple[Spot, ...]] = defaultdict(tuple)
    for part in parts:
        for place, spots in part.exit_cells.items():
            cells[place] += spots
    covers = frozenset[Item].intersection(*(part.allocation.covers for part in parts))
    details = tuple(line for part in parts for line in part.details)
    allocation = Allocation(
        money=_money(details),
        units=dict(units) if Item.UNITS in covers else {},
        exits=dict(exits) if Item.EXITS in covers else {},
        covers=covers,
    )
    return Submission(
        allocation,
        details,
        tuple(line for part in parts for line in part.totals),
        tuple(column for part in parts for column in part.columns),
        tuple(column for part in parts for column in part.ignored),
        (*notes, *(one for part in parts for one in part.notes)),
        dict(cells) if Item.EXITS in covers else {},
    )
