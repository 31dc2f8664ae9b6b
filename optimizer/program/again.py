"""The program of a case that differs from another only in what funds bring in: nearly the same matrix.

`again` takes the program of the one case and gives that of the other, equal to what `build` would make. Rows
that have amounts as figures (`given`) are made anew, alone; where more than that would change it builds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from models.case import Case, same_but
from models.policy import Supply
from models.rules.questions import nodes
from models.rules.tree import Name, Quantity
from optimizer.program.build import build, rules_alone
from optimizer.program.frame import Frame
from optimizer.program.funds import fund_bounds
from optimizer.program.matrix import Program, RowBlock, Whole

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
_NONE = np.zeros(0, dtype=np.int64)


def again(program: Program, before: Case, after: Case) -> Program:
    """The program of `after`, made from that of `before` where only amounts differ. Raises ProgramError."""
    if not _only_amounts_differ(before, after):
        return build(after)
    counted = _counted(before, after)
    known = _recounted(program, after, counted) if counted else program
    return build(after) if known is None else _bounded(known, after)


def only_bounds_differ(before: Case, after: Case) -> bool:
    """Whether the two cases differ in nothing but amounts of funds, which no row of the program holds."""
    return _only_amounts_differ(before, after) and not _counted(before, after)


def _only_amounts_differ(before: Case, after: Case) -> bool:
    if not same_but(before, after, _SILENT):
        return False
    # What lifts a rule (`unless`) leaves it as much room as there is money: amounts stand in its rows.
    lifted = any(rule.unless for rule in after.rules.values())
    return not lifted and _same_pools(before, after)


def _same_pools(before: Case, after: Case) -> bool:
    """The same rows of funds.csv, and the same history."""
    old, new = before.tables.supplied, after.tables.supplied
    if old.keys() != new.keys():
        return False
    return all(row == new[key] for key, row in old.items() if key[2] < before.first_year)


def _counted(before: Case, after: Case) -> frozenset[str]:
    """The rules that have a changed amount as a figure of their own (`given`), not as a column."""
    old, new = before.tables.supplied, after.tables.supplied
    changed = {key[0] for key, row in old.items() if row != new[key]}
    funds = [after.funds[id] for id in sorted(changed) if after.funds[id].supply is Supply.GIVEN]
    if not funds:
        return frozenset()
    frame = Frame(after)
    return frozenset(
        rule.id
        for rule in after.rules.values()
        if any(
            frame.matching(node.where, fund=fund, year=year).any()
            for _, side, _ in rule.parts
            for node in nodes(side)
            if isinstance(node, Quantity) and node.name is Name.GIVEN
            for fund in funds
            for year in after.years
        )
    )


def _recounted(program: Program, after: Case, ids: Collection[str]) -> Program | None:
    """The program with the rows of these rules as `after` has them; None where there are other rows or other
    columns in them, such as those by which a soft rule may be missed."""
    if any(after.rules[id].price is not None for id in ids):
        return None
    alone = rules_alone(program, after, ids)
    blocks = [number for number, block in enumerate(program.rows) if _rule(block) in ids]
    if [_label(program.rows[number]) for number in blocks] != [_label(block) for block in alone.rows]:
        return None
    chosen = [program.rows[number] for number in blocks]
    rows = np.concatenate([_NONE, *(np.arange(block.start, block.start + len(block)) for block in chosen)])
    entries = _entries(program, rows)
    if len(alone.column) != len(entries) or not np.array_equal(program.column[entries], alone.column):
        return None
    if not np.array_equal(np.diff(program.row_start)[rows], np.diff(alone.row_start)):
        return None
    stated = list(program.rows)
    for number, block in zip(blocks, alone.rows, strict=True):
        stated[number] = replace(block, start=program.rows[number].start)
    value = program.value.copy()
    value[entries] = alone.value
    found = {}
    for name in ("constant", "row_lower", "row_upper", "row_scale"):
        found[name] = getattr(program, name).copy()
        found[name][rows] = getattr(alone, name)
    return replace(program, rows=tuple(stated), value=value, **found)


def _rule(block: RowBlock) -> str:
    """The rule whose rows these are: the name is `RULE` or `RULE/ITEM/...`."""
    return block.rule.split("/")[0]


def _label(block: RowBlock) -> tuple[object, ...]:
    """Which statement a block is, and of which places and years."""
    return block.rule, block.region.tolist(), block.year.tolist(), block.compare, block.money


def _entries(program: Program, rows: Whole) -> Whole:
    """Where the entries of these rows are."""
    first, last = program.row_start[rows], program.row_start[rows + 1]
    return np.concatenate([_NONE, *(np.arange(a, b) for a, b in zip(first, last, strict=True))])


def _bounded(program: Program, case: Case) -> Program:
    frame = Frame(case)
    lower, upper = program.lower.copy(), program.upper.copy()
    for fund in case.funds.values():
        least, most, lapse = fund_bounds(frame, fund)
        brought = program.columns[f"brought.{fund.id}"].index
        lower[brought], upper[brought] = least, most
        upper[program.columns[f"lapsed.{fund.id}"].index] = np.broadcast_to(lapse, brought.shape)
    return replace(program, lower=lower, upper=upper)
