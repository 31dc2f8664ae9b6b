"""How far a plan is from another one: in money, in the years in which people are out, and in who pays.

Money is compared by region, measure and year, whatever fund pays; who pays is compared after that. People are
compared by who is out at the end of each year: one person out a year later than in the other plan is one
apart, two years later two; so is a village of a group of villages, and a region on a list. Each of the
`close_...` makes one of the three the goal of a program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from models.allocation import Allocation
from models.case import Case
from models.rules.tree import Comparison
from optimizer.program import Program
from optimizer.program.change import NewColumns, NewRows, extended, numbering
from optimizer.program.matrix import ColumnBlock, Term, Whole, term

#: (region, measure, year) -> fen
Cells = Mapping[tuple[str, str, int], int]
#: (kind of column: `out.GROUP` or `left.STANDARD`, region, year) -> out at the end of the year
Out = Mapping[tuple[str, str, int], int]


def cells(allocation: Allocation, since: int | None = None) -> Cells:
    """Money by region, measure and year from `since` on, whatever fund pays."""
    found: dict[tuple[str, str, int], int] = {}
    for (region, measure, _, year), fen in allocation.money.items():
        if since is None or year >= since:
            found[region, measure, year] = found.get((region, measure, year), 0) + fen
    return found


def money_apart(one: Allocation, other: Allocation, since: int | None = None) -> int:
    """Fen that differ, more and less together."""
    now, before = cells(one, since), cells(other, since)
    return sum(abs(now.get(cell, 0) - before.get(cell, 0)) for cell in {*now, *before})


def who_is_out(case: Case, allocation: Allocation, since: int | None = None) -> Out:
    """Members of each group, and listed regions, that are out at the end of each year from `since` on."""
    years = [year for year in case.years if since is None or year >= since]
    moves: dict[tuple[str, str], dict[int, int]] = {}
    for sign, lines in ((1, allocation.exits), (-1, allocation.returned), (-1, allocation.revoked)):
        for (region, group, year), members in lines.items():
            by_year = moves.setdefault((f"out.{group}", region), {})
            by_year[year] = by_year.get(year, 0) + sign * members
    for region, standard, year in allocation.leaves:
        moves.setdefault((f"left.{standard}", region), {})[year] = 1
    return {
        (kind, region, year): sum(moved for when, moved in by_year.items() if when <= year)
        for (kind, region), by_year in moves.items()
        for year in years
    }


def people_apart(case: Case, one: Allocation, other: Allocation, since: int | None = None) -> int:
    """Persons (villages, regions) out at the end of a year in one of the two only, all years added up."""
    now, before = who_is_out(case, one, since), who_is_out(case, other, since)
    return sum(abs(now.get(key, 0) - before.get(key, 0)) for key in {*now, *before})


def payers_apart(one: Allocation, other: Allocation, since: int | None = None) -> int:
    """Fen that stay with their region, measure and year and are paid by another fund."""
    flows = [{key: fen for key, fen in a.money.items() if since is None or key[3] >= since}
             for a in (one, other)]  # fmt: skip
    moved = sum(abs(flows[0].get(key, 0) - flows[1].get(key, 0)) for key in {*flows[0], *flows[1]})
    return (moved - money_apart(one, other, since)) // 2


def close_money(program: Program, case: Case, other: Allocation, since: int | None = None) -> Program:
    """Money of a cell - more + less = what it was; the sum of more and less is least."""
    before = cells(other, since)
    terms: list[Term] = []
    constant: list[int] = []
    for measure in case.measures:
        blocks = [
            b for fund in case.funds if (b := program.columns.get(f"money.{measure}.{fund}")) is not None
        ]
        if not blocks:
            continue
        sites = np.unique(np.concatenate([block.regions for block in blocks]))
        chosen = _from(blocks[0].years, since)
        years = [blocks[0].years[j] for j in chosen]
        start = len(constant)
        for site in sites:
            constant += [-before.get((program.regions[site], measure, year), 0) for year in years]
        for block in blocks:
            row = start + np.searchsorted(sites, block.regions)[:, None] * len(years) + np.arange(len(years))
            terms.append(term(row, block.index[:, chosen], 1))
    return _least_apart(program, "stable", terms, np.array(constant, dtype=np.int64), money=True)


def close_people(program: Program, case: Case, other: Allocation, since: int | None = None) -> Program:
    """Who is out at the end of a year - more + less = who was; the sum of more and less is least."""
    before: dict[str, dict[tuple[str, int], int]] = {}
    for (name, region, year), members in who_is_out(case, other, since).items():
        before.setdefault(name, {})[region, year] = members
    terms: list[Term] = []
    constant: list[int] = []
    for name in _kinds(case):
        block = program.columns.get(name)
        if block is None:
            continue
        _as_it_was(program, block, since, terms, constant, before.get(name, {}))
    return _least_apart(program, "people", terms, np.array(constant, dtype=np.int64), money=False)


def close_payers(program: Program, case: Case, other: Allocation, since: int | None = None) -> Program:
    """Money of a fund in a cell - more + less = what it paid there; the sum of more and less is least."""
    before: dict[tuple[str, str], dict[tuple[str, int], int]] = {}
    for (region, measure, fund, year), fen in other.money.items():
        before.setdefault((measure, fund), {})[region, year] = fen
    terms: list[Term] = []
    constant: list[int] = []
    for measure in case.measures:
        for fund in case.funds:
            block = program.columns.get(f"money.{measure}.{fund}")
            if block is None:
                continue
            _as_it_was(program, block, since, terms, constant, before.get((measure, fund), {}))
    return _least_apart(program, "payers", terms, np.array(constant, dtype=np.int64), money=True)


def _kinds(case: Case) -> Iterator[str]:
    yield from (f"out.{group}" for group in case.groups)
    yield from (f"left.{standard}" for standard in case.standards)


def _as_it_was(
    program: Program,
    block: ColumnBlock,
    since: int | None,
    terms: list[Term],
    constant: list[int],
    was: Mapping[tuple[str, int], int],
) -> None:
    """A row for each region and year of the block: its column less what `was` there, by region and year."""
    chosen = _from(block.years, since)
    rows = len(constant) + np.arange(len(block.regions) * len(chosen))
    terms.append(term(rows.reshape(len(block.regions), len(chosen)), block.index[:, chosen], 1))
    constant += [
        -was.get((program.regions[region], block.years[j]), 0) for region in block.regions for j in chosen
    ]


def _from(years: tuple[int, ...], since: int | None) -> list[int]:
    return [j for j, year in enumerate(years) if since is None or year >= since]


def _least_apart(program: Program, name: str, terms: list[Term], constant: Whole, *, money: bool) -> Program:
    rows = np.arange(len(constant))
    columns = [NewColumns(f"{name}.{way}", len(rows), money) for way in ("more", "less")]
    numbers = numbering(program, columns)
    terms = [*terms, term(rows, numbers[f"{name}.more"], -1), term(rows, numbers[f"{name}.less"], 1)]
    new = NewRows(name, Comparison.EQUAL, terms, constant, money=money)
    cost = {int(column): 1 for block in numbers.values() for column in block}
    return extended(program, columns, [new] if len(rows) else [], cost, money=money)
