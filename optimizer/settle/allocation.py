"""Read an Allocation off whole columns: the inverse of the program's column blocks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from models.allocation import Allocation
from models.case import Case
from optimizer.program import ColumnBlock, Program
from optimizer.program.matrix import Whole


def read_off(case: Case, program: Program, x: Whole) -> Allocation:
    """The allocation that the whole columns `x` describe; zero amounts are left out."""
    blocks = program.columns
    units, serves, money, exits, leaves = {}, {}, {}, {}, {}
    back: dict[str, dict[tuple[str, str, int], int]] = {"returned": {}, "revoked": {}}
    for measure in case.measures.values():
        for region, year, amount in _amounts(program, blocks[f"units.{measure.id}"], x):
            units[region, measure.id, year] = amount * measure.lot
        for group in measure.serves:
            for region, year, amount in _amounts(program, blocks[f"serves.{measure.id}.{group}"], x):
                serves[region, measure.id, group, year] = Fraction(amount)
        for fund in case.funds:
            block = blocks.get(f"money.{measure.id}.{fund}")
            if block is not None:
                for region, year, amount in _amounts(program, block, x):
                    money[region, measure.id, fund, year] = amount
    for group in case.groups:
        out = {
            (region, year): amount for region, year, amount in _amounts(program, blocks[f"out.{group}"], x)
        }
        for kind, lines in back.items():
            if f"{kind}.{group}" in blocks:
                for region, year, amount in _amounts(program, blocks[f"{kind}.{group}"], x):
                    lines[region, group, year] = amount
        for position in blocks[f"out.{group}"].regions:
            region = program.regions[position]
            for year in case.years:
                left = out.get((region, year), 0) - out.get((region, year - 1), 0)
                left += sum(lines.get((region, group, year), 0) for lines in back.values())
                if left:
                    exits[region, group, year] = left
    for standard in case.standards:
        seen: set[str] = set()
        for region, year, _ in _amounts(program, blocks[f"left.{standard}"], x):
            if region not in seen:
                seen.add(region)
                leaves[region, standard, year] = 1
    kept = {}
    for kind in ("brought", "carried", "lapsed"):
        kept[kind] = {
            (pool, fund, year): amount
            for fund in case.funds
            for pool, year, amount in _amounts(program, blocks[f"{kind}.{fund}"], x)
        }
    return Allocation(
        money=money,
        units=units,
        serves=serves,
        exits=exits,
        returned=back["returned"],
        revoked=back["revoked"],
        leaves=leaves,
        brought=kept["brought"],
        carried=kept["carried"],
        lapsed=kept["lapsed"],
    )


def _amounts(program: Program, block: ColumnBlock, x: Whole) -> Iterator[tuple[str, int, int]]:
    """(region, year, amount) of the non-zero columns of a block, region by region."""
    values = x[block.index]
    for i, j in zip(*values.nonzero(), strict=True):
        yield program.regions[block.regions[i]], block.years[j], int(values[i, j])
