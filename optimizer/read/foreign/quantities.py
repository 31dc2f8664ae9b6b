"""Quantities, unit costs and exits that stand beside the money: read only where unit and meaning are beyond
doubt.

Money is what a table is for: a quantity that cannot be read for certain is left out and said, and the
auditor then reports what
depends on it as not evaluated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from models.case import Case
from models.policy import Counts
from models.submission import Line, Spot
from optimizer.read.figures import Fault
from optimizer.read.foreign import figures
from optimizer.read.foreign.columns import Figure
from optimizer.read.foreign.lines import Detail
from optimizer.read.foreign.rows import Body, Row
from optimizer.read.foreign.words import money_unit, narrow, vocabulary


@dataclass
class Beside:
    """What was read beside the money of one table."""

    lines: list[Line]
    totals: list[Line]
    units: dict[tuple[str, str, int], Fraction] = field(default_factory=dict)
    exits: dict[tuple[str, str, int], int] = field(default_factory=dict)
    counts_units: bool = False
    """Every line that has money has its quantity."""
    counts_exits: bool = False
    exit_cells: dict[tuple[str, int], tuple[Spot, ...]] = field(default_factory=dict)


def read_beside(body: Body, case: Case, details: Sequence[Detail], totals: Sequence[Detail]) -> Beside:
    """The lines with their quantities and unit costs, the units started and the exits.

    A region above others states its standard in the row that sums them up; what is called 合计 states none.
    """
    costs = {
        number: _unit_cost(body, number) for number in dict.fromkeys(row.number for row, _, _ in details)
    }
    priced = [replace(line, unit_cost=costs[row.number]) for row, _, line in details]
    sums = [
        line
        if row.sums or figure.total
        else replace(line, unit_cost=costs.get(row.number) or _unit_cost(body, row.number))
        for row, figure, line in totals
    ]
    found = Beside(priced, sums)
    columns = [figure for figure in body.layout.figures if figure.meaning == "quantity" and not figure.total]
    if columns:
        _read_units(body, case, details, columns, found)
    _read_exits(body, case, details, found)
    body.finish()
    return found


def _read_units(
    body: Body, case: Case, details: Sequence[Detail], columns: Sequence[Figure], found: Beside
) -> None:
    read: dict[tuple[int, int], Fraction | None] = {}
    for at, (row, money, line) in enumerate(details):
        column = _column_for(money, columns)
        if column is None or line.measure is None:
            continue
        key = (row.number, column.column)
        if key not in read:
            read[key] = _quantity(body, case, row.number, column, line.measure)
        found.lines[at] = replace(found.lines[at], quantity=read[key])
    lacking = [at for at, line in enumerate(found.lines) if line.amount and line.quantity is None]
    if lacking:
        if all(code != "quantity-unit" for code, _ in body.told):
            body.remark("no-quantity", details[lacking[0]][0].number, columns[0].column, count=len(lacking))
        return
    found.counts_units = not _shared(body, details, found, columns)
    if found.counts_units:
        found.units = _sums(details, found, columns)


def _column_for(money: Figure, columns: Sequence[Figure]) -> Figure | None:
    """The column of quantities that speaks of the same year, measure and fund as an amount, or of all."""
    fitting = [column for column in columns if column.keys.items() <= money.keys.items()]
    return max(fitting, key=lambda column: len(column.keys), default=None)


def _quantity(body: Body, case: Case, number: int, column: Figure, measure: str) -> Fraction | None:
    grid = body.grid
    cell = grid.cells.get((number, column.column))
    if cell is None or grid.area(number, column.column) != (number, column.column) * 2:
        return None
    try:
        value, unit, how = figures.number(cell, grid.typed)
    except Fault as fault:
        body.fault(fault.code, number, column.column, cell.text, **fault.words)
        return None
    for code in how:
        body.remark(code, number, column.column, cell.text, value=cell.text.replace(",", ""))
    beside = body.layout.labels.get("unit")
    unit = unit or (grid.text(number, beside) if beside is not None else "") or column.unit
    wanted = case.measures[measure].unit
    if not unit:
        if ("quantity-unit", str(column.column)) not in body.told:
            body.told.add(("quantity-unit", str(column.column)))
            body.remark("quantity-unit", number, column.column, column.header)
        return None
    if not figures.same_unit(unit, wanted):
        words = {"measure": body.names.title("measure", measure), "unit": wanted}
        ignore = f'--map "忽略={column.header}"'
        body.fault("foreign-quantity-unit", number, column.column, unit, ignore=ignore, **words)
        return None
    return value


def _shared(body: Body, details: Sequence[Detail], found: Beside, columns: Sequence[Figure]) -> bool:
    """Rows that differ in the fund alone and have the same quantity may mean the same units."""
    seen: dict[tuple[object, ...], tuple[Row, Line]] = {}
    for (row, _, _), line in zip(details, found.lines, strict=True):
        key = (line.region, line.measure, line.year, line.project, line.payee, line.quantity)
        first = seen.setdefault(key, (row, line))
        if line.quantity and first[0] is not row and first[1].fund != line.fund:
            body.remark("quantity-shared", row.number, columns[0].column, other=first[1].spot)
            return True
    return False


def _sums(
    details: Sequence[Detail], found: Beside, columns: Sequence[Figure]
) -> dict[tuple[str, str, int], Fraction]:
    """Units by region, measure and year; what several funds of one row pay counts once."""
    sums: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    counted: set[tuple[object, ...]] = set()
    for (row, money, _), line in zip(details, found.lines, strict=True):
        column = _column_for(money, columns)
        key = (line.region, line.measure, line.year)
        once = (row.number, column.column if column else 0, *key)
        if once in counted or line.quantity is None:
            continue
        counted.add(once)
        if line.region is not None and line.measure is not None and line.year is not None:
            sums[line.region, line.measure, line.year] += line.quantity
    return {key: value for key, value in sums.items() if value}


# ---------------------------------------------------------------------------------------- unit costs


def _unit_cost(body: Body, number: int) -> Fraction | None:
    """Fen per unit, where the table prints one: `3000`, `0.3万元/户`."""
    column = body.layout.labels.get("unit_cost")
    cell = body.grid.shown(number, column) if column is not None else None
    if column is None or cell is None:
        return None
    try:
        found = figures.written(cell, body.grid.typed)
        own = money_unit(found.unit) if found.unit else None
        unit = own or body.layout.unit_cost
        if not unit or (found.unit and own is None):
            raise Fault("not-a-number")
        value, _, _ = figures.number(cell, body.grid.typed)
    except Fault as fault:
        if fault.code in ("excel-error", "foreign-uncached"):
            body.fault(fault.code, number, column, cell.text, **fault.words)
        else:
            body.remark("unit-cost", number, column, cell.text)
        return None
    return value * vocabulary().money[unit]


# ---------------------------------------------------------------------------------------- exits


def _read_exits(body: Body, case: Case, details: Sequence[Detail], found: Beside) -> None:
    columns = [figure for figure in body.layout.figures if figure.meaning == "exits" and not figure.total]
    if not columns:
        return
    persons = [group.id for group in case.groups.values() if group.counts is Counts.PERSONS]
    clear = len(persons) == 1
    rows = {row.number: (row, line) for row, _, line in details}
    for number, (_, line) in rows.items():
        for column in columns:
            cell = body.grid.cells.get((number, column.column))
            year = column.keys.get("year", line.year)
            if cell is None or line.region is None or not isinstance(year, int) or not clear:
                continue
            try:
                value, _, _ = figures.number(cell, body.grid.typed)
            except Fault as fault:
                body.fault(fault.code, number, column.column, cell.text, **fault.words)
                continue
            key = (line.region, persons[0], year)
            if key in found.exits or value.denominator != 1:
                clear = False
            found.exits[key] = int(value)
            at = line.region, year
            spot = body.spot(number, column.column)
            found.exit_cells[at] = (*found.exit_cells.get(at, ()), spot)
    if not clear:
        found.exits, found.exit_cells = {}, {}
        number = next(iter(rows), body.grid.size[0])
        body.remark("exits-unclear", number, columns[0].column, narrow(columns[0].header))
    found.exits = {key: value for key, value in found.exits.items() if value}
    found.counts_exits = clear and bool(rows)
