"""Where the quantities of the rule grammar stand: regions, columns and constants behind `spent`, `out`, ...

Each quantity yields `Slots`: regions with whole coefficients (times one rational factor) or constants. What
the mathematics page calls "selects nothing" is a quantity that yields no slot at a region.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.policy import Entry, Fund, Measure, Project, Supply
from models.rules.tree import Name, Quantity
from optimizer.program.frame import Frame
from optimizer.program.funds import principal
from optimizer.program.matrix import Builder, Term, Truth, Whole, term
from optimizer.program.measures import effect_terms, met_terms
from optimizer.program.people import back_terms, exit_terms


@dataclass(frozen=True, eq=False)
class Slots:
    """Things that stand at `regions`: `terms` number them as rows 0.. with coefficients x `factor`."""

    regions: Whole
    terms: list[Term]
    factor: Fraction
    constant: list[Fraction]
    known: Truth


@dataclass(frozen=True)
class Only:
    """What for_each narrows every quantity to; None: everything."""

    measure: Measure | None = None
    fund: Fund | None = None
    project: Project | None = None

    def measures(self, frame: Frame) -> Iterator[Measure]:
        """The measures that are left."""
        for measure in [self.measure] if self.measure else frame.case.measures.values():
            if self.project is None or measure.project == self.project.id:
                yield measure


def _slots(
    regions: Whole,
    terms: list[Term],
    factor: Fraction = Fraction(1),
    constant: list[Fraction] | None = None,
    known: Truth | None = None,
) -> Slots:
    return Slots(
        regions, terms, factor, constant or [], np.ones(len(regions), np.bool_) if known is None else known
    )


def stands(
    build: Builder,
    frame: Frame,
    quantity: Quantity,
    years: tuple[int, ...],
    only: Only,
) -> Iterator[Slots]:
    """The slots of a quantity in the given years, narrowed to what for_each names."""
    match quantity.name:
        case Name.SPENT:
            return _spent(build, frame, quantity, years, only)
        case Name.AVAILABLE | Name.GIVEN | Name.CARRIED:
            return _at_pools(build, frame, quantity, years, only.fund)
        case Name.RECOVERED:
            return _recovered(build, frame, quantity, years, only)
        case Name.UNITS:
            return _units(build, frame, quantity, years, only)
        case Name.CAPACITY:
            return _capacity(frame, quantity, years, only)
        case Name.IN_EFFECT:
            return _in_effect(build, frame, quantity, years[-1], only)
        case Name.MET | Name.NEED:
            return _needs(build, frame, quantity, years[-1])
        case Name.EXITS | Name.ENTERED | Name.RELAPSED | Name.REVOKED:
            return _coming_and_going(build, frame, quantity, years)
        case Name.OUT | Name.STOCK:
            return _members(build, frame, quantity, years[-1])
        case Name.LISTED_OUT:
            return _listed(build, frame, quantity, years[-1])


def _before(frame: Frame, year: int) -> bool:
    return year < frame.case.first_year


def _spent(
    build: Builder,
    frame: Frame,
    quantity: Quantity,
    years: tuple[int, ...],
    only: Only,
) -> Iterator[Slots]:
    for measure in only.measures(frame):
        for fund in [only.fund] if only.fund else frame.case.funds.values():
            block = build.columns.get(f"money.{measure.id}.{fund.id}")
            if block is None:
                continue
            for year in years:
                mask = frame.matching(quantity.where, measure=measure, fund=fund, year=year)
                chosen = np.flatnonzero(mask[block.regions])
                yield from _flow(frame, block.regions, block.index, chosen, year)


def _flow(frame: Frame, regions: Whole, index: Whole, chosen: Whole, year: int) -> Iterator[Slots]:
    """Slots of the columns of one year; before the horizon they are unknown."""
    if not len(chosen):
        return
    if _before(frame, year):
        yield _slots(regions[chosen], [], known=np.zeros(len(chosen), np.bool_))
        return
    columns = index[chosen, frame.years.index(year)]
    yield _slots(regions[chosen], [term(np.arange(len(chosen)), columns, 1)])


def _at_pools(
    build: Builder, frame: Frame, quantity: Quantity, years: tuple[int, ...], only: Fund | None
) -> Iterator[Slots]:
    kind = "carried" if quantity.name is Name.CARRIED else "brought"
    for fund in [only] if only else frame.case.funds.values():
        block = build.columns[f"{kind}.{fund.id}"]
        constant = quantity.name is Name.GIVEN
        if constant and fund.supply is not Supply.GIVEN:
            continue
        for year in years:
            chosen = np.flatnonzero(frame.matching(quantity.where, fund=fund, year=year)[block.regions])
            if constant or (_before(frame, year) and kind == "brought"):
                yield from _from_table(frame, fund, block.regions[chosen], year)
            else:
                yield from _flow(frame, block.regions, block.index, chosen, year)


def _from_table(frame: Frame, fund: Fund, regions: Whole, year: int) -> Iterator[Slots]:
    """Constants from funds.csv; a missing row is unknown."""
    if len(regions):
        rows = [frame.case.tables.supplied.get((fund.id, frame.ids[r], year)) for r in regions]
        most = [None if row is None else row.most for row in rows]
        values = [Fraction(amount or 0) for amount in most]
        known = np.array([amount is not None for amount in most], dtype=np.bool_)
        yield _slots(regions, [], constant=values, known=known)


def _recovered(
    build: Builder,
    frame: Frame,
    quantity: Quantity,
    years: tuple[int, ...],
    only: Only,
) -> Iterator[Slots]:
    """Principal that comes back, at the pools of its fund; a year without any has slots without terms."""
    for measure in only.measures(frame):
        if measure.recovers is None or (only.fund and only.fund.id != measure.recovers.into):
            continue
        fund = frame.case.funds[measure.recovers.into]
        numbers = np.unique(frame.pool_of(fund)[frame.sites(measure)])
        pools = frame.pools(fund)[numbers[numbers >= 0]]
        comes = {year: parts for year, *parts in principal(build, frame, measure)}
        for year in years:
            chosen = pools[frame.matching(quantity.where, measure=measure, fund=fund, year=year)[pools]]
            if not len(chosen):
                continue
            if _before(frame, year):
                yield _slots(chosen, [], known=np.zeros(len(chosen), np.bool_))
            elif year not in comes:
                yield _slots(chosen, [])
            else:
                number, columns, per_lot = comes[year]
                row = frame.numbering(chosen)[frame.pools(fund)[number]]
                keep = row >= 0
                yield _slots(chosen, [term(row[keep], columns[keep], per_lot[keep])])


def _units(
    build: Builder, frame: Frame, quantity: Quantity, years: tuple[int, ...], only: Only
) -> Iterator[Slots]:
    for measure in only.measures(frame):
        block = build.columns[f"units.{measure.id}"]
        for year in years:
            chosen = np.flatnonzero(frame.matching(quantity.where, measure=measure, year=year)[block.regions])
            for slots in _flow(frame, block.regions, block.index, chosen, year):
                yield Slots(slots.regions, slots.terms, measure.lot, [], slots.known)


def _capacity(frame: Frame, quantity: Quantity, years: tuple[int, ...], only: Only) -> Iterator[Slots]:
    """Constants from the yearly rows of capacity.csv; a year without a row at such a region is unknown."""
    rows = frame.case.tables.capacities
    for measure in only.measures(frame):
        places = {region for (name, region, year) in rows if name == measure.id and year is not None}
        regions = np.sort(frame.positions(list(places)))
        for year in years:
            chosen = regions[frame.matching(quantity.where, measure=measure, year=year)[regions]]
            if len(chosen):
                most = [rows.get((measure.id, frame.ids[r], year)) for r in chosen]
                known = np.array([amount is not None for amount in most], dtype=np.bool_)
                yield _slots(chosen, [], constant=[amount or Fraction(0) for amount in most], known=known)


def _in_effect(build: Builder, frame: Frame, quantity: Quantity, year: int, only: Only) -> Iterator[Slots]:
    for measure in only.measures(frame):
        sites = frame.sites(measure)
        chosen = np.flatnonzero(frame.matching(quantity.where, measure=measure, year=year)[sites])
        if len(chosen):
            columns = effect_terms(build, frame, measure, year, ever=False)
            row = np.arange(len(chosen))
            terms = [term(row, columns[chosen, j], 1) for j in range(columns.shape[1])]
            yield _slots(sites[chosen], terms, measure.lot)


def _needs(build: Builder, frame: Frame, quantity: Quantity, year: int) -> Iterator[Slots]:
    for need in frame.case.needs.values():
        regions, amounts = frame.needs(need.id)
        chosen = np.flatnonzero(frame.matching(quantity.where, need=need, year=year)[regions])
        if not len(chosen):
            continue
        if quantity.name is Name.NEED:
            j = max(0, frame.years.index(max(year, frame.case.first_year)))
            yield _slots(regions[chosen], [], constant=[Fraction(int(amounts[i, j])) for i in chosen])
        elif _before(frame, year):
            yield _slots(regions[chosen], [])
        else:
            terms, multiplier = met_terms(build, frame, need, year)
            number = np.full(len(regions), -1, dtype=np.int64)
            number[chosen] = np.arange(len(chosen))
            narrowed = []
            for part in terms:
                keep = number[part.row] >= 0
                narrowed.append(Term(number[part.row[keep]], part.column[keep], part.value[keep]))
            yield _slots(regions[chosen], narrowed, Fraction(1, multiplier))


def _members(build: Builder, frame: Frame, quantity: Quantity, year: int) -> Iterator[Slots]:
    for group in frame.case.groups.values():
        regions, stock = frame.members(group.id)
        chosen = np.flatnonzero(frame.matching(quantity.where, group=group, year=year)[regions])
        if not len(chosen):
            continue
        if quantity.name is Name.STOCK:
            if not _before(frame, year):
                stock = frame.stocks(group.id)[:, frame.years.index(year)]
            yield _slots(regions[chosen], [], constant=[Fraction(int(stock[i])) for i in chosen])
        elif _before(frame, year):
            yield _slots(regions[chosen], [])
        else:
            yield from _flow(frame, regions, build.columns[f"out.{group.id}"].index, chosen, year)


#: Quantity -> the entries it counts, and the columns it adds up beside them.
_FLOWS = {
    Name.ENTERED: (Entry.NEW, ()),
    Name.RELAPSED: (Entry.RELAPSED, ("returned",)),
    Name.REVOKED: (Entry.REVOKED, ("revoked",)),
}


def _coming_and_going(
    build: Builder, frame: Frame, quantity: Quantity, years: tuple[int, ...]
) -> Iterator[Slots]:
    """Members that leave, enter, fall back or are put back in the years."""
    for group in frame.case.groups.values():
        regions, _ = frame.members(group.id)
        for year in years:
            chosen = np.flatnonzero(frame.matching(quantity.where, group=group, year=year)[regions])
            if not len(chosen):
                continue
            if _before(frame, year):
                yield _slots(regions[chosen], [], known=np.zeros(len(chosen), np.bool_))
                continue
            j, row = frame.years.index(year), np.arange(len(chosen))
            if quantity.name is Name.EXITS:
                yield _slots(regions[chosen], exit_terms(build, group, j, row, chosen))
            else:
                kind, columns = _FLOWS[quantity.name]
                entered = frame.entered(group.id, (kind,))[chosen, j]
                terms = back_terms(build, group.id, j, row, chosen, kinds=columns)
                yield _slots(regions[chosen], terms, constant=[Fraction(int(n)) for n in entered])


def _listed(build: Builder, frame: Frame, quantity: Quantity, year: int) -> Iterator[Slots]:
    for standard in frame.case.standards.values():
        block = build.columns[f"left.{standard.id}"]
        chosen = np.flatnonzero(frame.matching(quantity.where, year=year)[block.regions])
        if len(chosen) and _before(frame, year):
            yield _slots(block.regions[chosen], [])
        else:
            yield from _flow(frame, block.regions, block.index, chosen, year)
