"""The money of a plan as a bureau lists it: by region in tree order, then measure, fund and subject code.

In goes an allocation, out come blocks: a block is a region with its own lines, directly below the blocks of
the regions above it, so that the lines of any subtree stand together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from models.allocation import Allocation
from models.case import Case
from models.region import Level

#: Regions at these levels have a subtotal of their own; those further down are lines of their county.
_LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY)


@dataclass(frozen=True)
class Payment:
    """One line: what a fund pays for a measure somewhere, by year, fen. `code` is the 功能科目, if known."""

    region: str
    measure: str
    fund: str
    code: str
    years: Mapping[int, int]

    @property
    def total(self) -> int:
        """Fen of all years."""
        return sum(self.years.values())


@dataclass
class Block:
    """A region with its lines; `inside` are the blocks below it. `own`: its own money beside them."""

    region: str
    depth: int
    lines: list[Payment] = field(default_factory=list)
    inside: list[Block] = field(default_factory=list)
    own: bool = False

    def walk(self) -> Iterator[Block]:
        """The block and all blocks inside it, from the top."""
        yield self
        for block in self.inside:
            yield from block.walk()

    def all_lines(self) -> Iterator[Payment]:
        """The lines of the block and of all blocks inside it, in order."""
        for block in self.walk():
            yield from block.lines


def rolled_up(case: Case, allocation: Allocation, most: int) -> bool:
    """Whether there are more than `most` lines, so that a table has to show counties as one place."""
    return len(_payments(case, allocation, fine=True)) > most


def blocks(case: Case, allocation: Allocation, *, fine: bool) -> Block:
    """The block of the whole case. Not `fine`: what lies below a county is added up to the county."""
    by_region: dict[str, list[Payment]] = defaultdict(list)
    for payment in _payments(case, allocation, fine=fine):
        by_region[payment.region].append(payment)
    return _block(case, case.regions.root, 0, by_region)


def _block(case: Case, region: str, depth: int, lines: Mapping[str, list[Payment]]) -> Block:
    block = Block(region, depth)
    own = list(lines.get(region, ()))
    for below in case.regions.children[region]:
        if case.regions[below].level in _LEVELS:
            inside = _block(case, below, depth + 1, lines)
            if next(inside.all_lines(), None) is not None:
                block.inside.append(inside)
        else:
            own += [line for each in case.regions.subtree(below) for line in lines.get(each, ())]
    if block.inside and own:
        block.inside.insert(0, Block(region, depth + 1, own, own=True))
    else:
        block.lines = own
    return block


def _payments(case: Case, allocation: Allocation, *, fine: bool) -> list[Payment]:
    sums: dict[tuple[str, str, str, str], dict[int, int]] = {}
    place = {region: region if fine else county(case, region) for region in case.regions.ids}
    for (region, measure, fund, year), fen in allocation.money.items():
        code = case.measures[measure].subject_codes.get(year, "")
        years = sums.setdefault((place[region], measure, fund, code), {})
        years[year] = years.get(year, 0) + fen
    ranks = [{id: at for at, id in enumerate(ids)} for ids in (case.regions.ids, case.measures, case.funds)]
    ordered = sorted(
        sums, key=lambda key: (*(rank[part] for rank, part in zip(ranks, key[:3], strict=True)), key[3])
    )
    return [Payment(*key, years=sums[key]) for key in ordered]


def county(case: Case, region: str) -> str:
    """The county that a region lies in; the region itself where it lies in none."""
    return next(
        (above for above in case.regions.ancestors(region) if case.regions[above].level is Level.COUNTY),
        region,
    )
