"""The program of a case that differs from another only in what funds bring in: other bounds, the same matrix.

`again` takes the program of the one case and gives that of the other, equal to what `build` would make; where
more than bounds would change it builds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.case import Case, same_but
from models.policy import Supply
from models.rules.questions import nodes
from models.rules.tree import Name, Quantity
from optimizer.program.build import build
from optimizer.program.frame import Frame
from optimizer.program.funds import fund_bounds
from optimizer.program.matrix import Program

#: What says nothing of the program: names of the case and of its changes.
_SILENT = {
    "sha256",
    "patches",
    "title",
    "documents",
    "scenarios",
    "statements",
    "clauses",
    "printed",
    "tables.supplied",  # looked at row by row
    "tables.sources",
}


def again(program: Program, before: Case, after: Case) -> Program:
    """The program of `after`, made from that of `before` where only bounds differ. Raises ProgramError."""
    return _bounded(program, after) if only_bounds_differ(before, after) else build(after)


def only_bounds_differ(before: Case, after: Case) -> bool:
    """Whether the two cases differ in nothing but amounts of funds, which no row of the program holds."""
    if not same_but(before, after, _SILENT):
        return False
    # What lifts a rule (`unless`) leaves it as much room as there is money: amounts stand in its rows.
    lifted = any(rule.unless for rule in after.rules.values())
    return not lifted and _same_pools(before, after) and not _counted(before, after)


def _same_pools(before: Case, after: Case) -> bool:
    """The same rows of funds.csv, and the same history."""
    old, new = before.tables.supplied, after.tables.supplied
    if old.keys() != new.keys():
        return False
    return all(row == new[key] for key, row in old.items() if key[2] < before.first_year)


def _counted(before: Case, after: Case) -> bool:
    """Whether a rule has a changed amount as a figure of its own (`given`), not as a column."""
    old, new = before.tables.supplied, after.tables.supplied
    changed = {key[0] for key, row in old.items() if row != new[key]}
    funds = [after.funds[id] for id in sorted(changed) if after.funds[id].supply is Supply.GIVEN]
    if not funds:
        return False
    frame = Frame(after)
    return any(
        frame.matching(node.where, fund=fund, year=year).any()
        for rule in after.rules.values()
        for _, side, _ in rule.parts
        for node in nodes(side)
        if isinstance(node, Quantity) and node.name is Name.GIVEN
        for fund in funds
        for year in after.years
    )


def _bounded(program: Program, case: Case) -> Program:
    frame = Frame(case)
    lower, upper = program.lower.copy(), program.upper.copy()
    for fund in case.funds.values():
        least, most, lapse = fund_bounds(frame, fund)
        brought = program.columns[f"brought.{fund.id}"].index
        lower[brought], upper[brought] = least, most
        upper[program.columns[f"lapsed.{fund.id}"].index] = np.broadcast_to(lapse, brought.shape)
    return replace(program, lower=lower, upper=upper)
