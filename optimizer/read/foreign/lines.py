"""Rows to lines: details, and the totals that repeat sums of them.

Besides what calls itself a sum, the row of a region above other regions of the table with the same
measure, fund and year repeats them.
"""

from __future__ import annotations

from typing import Any

from models.case import Case
from models.submission import Line, Spot
from optimizer.read.foreign.columns import Figure
from optimizer.read.foreign.rows import Body, Row

Detail = tuple[Row, Figure, Line]


def lines(body: Body) -> tuple[list[Detail], list[Detail]]:
    """The details and the totals, each with its row."""
    details: list[Detail] = []
    totals: list[Detail] = []
    for row in body.rows:
        for figure, amount, spot in row.amounts:
            line = _line(row, figure, amount, spot)
            (totals if row.sums or figure.total else details).append((row, figure, line))
    repeated = _repeated(body.case, details)
    totals += [one for one in details if id(one[2]) in repeated]
    details = [one for one in details if id(one[2]) not in repeated]
    return details, totals


def _line(row: Row, figure: Figure, amount: int, spot: Spot) -> Line:
    keys: dict[str, Any] = {**row.keys, **figure.keys, **row.texts}
    return Line(spot, amount, **keys)


def _repeated(case: Case, details: list[Detail]) -> set[int]:
    """The lines of a region that regions below it in the table repeat: sums, not further money."""
    below: set[tuple[object, ...]] = set()
    for row, _, line in details:
        if line.region is None:
            continue
        about = (line.measure, line.fund, line.year)
        for upper in case.regions.ancestors(line.region):
            if upper != line.region or row.own:
                below.add((upper, *about))
    return {
        id(line)
        for row, _, line in details
        if not row.own and (line.region, line.measure, line.fund, line.year) in below
    }
