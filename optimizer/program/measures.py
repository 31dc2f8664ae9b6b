"""Measures and needs: units started, what they cost per lot and year, what they meet, and their limits.

Rows `cost`, `share`, `layer`, `match`, `need`, `due`, `capacity`, `resource`, `after`, and `exclusive`
of a need. Columns `units.m` count lots; `money.m.f` count fen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from models.layers import layer_amounts
from models.money import parts
from models.policy import Measure, Need, NeedKind
from models.rules.tree import Comparison
from optimizer.program.frame import Frame
from optimizer.program.matrix import Builder, ProgramError, Term, Whole, common, term, times


def add_unit_columns(build: Builder, frame: Frame) -> None:
    """`units.m` >= 0 in lots, at every site and year; 0 outside the years in which a start is possible."""
    for measure in frame.case.measures.values():
        open_years = np.array([_may_start(measure, year) for year in frame.years])
        build.add_columns(
            f"units.{measure.id}",
            frame.sites(measure),
            upper=np.where(open_years, np.inf, 0.0),
            integer=measure.indivisible,
        )


def _may_start(measure: Measure, year: int) -> bool:
    return measure.years is None or measure.years[0] <= year <= measure.years[1]


def in_effect(measure: Measure, start: int, year: int) -> bool:
    """Whether a unit started in `start` is in effect in `year`."""
    age = year - start - measure.lag
    return age >= 0 and (measure.lifetime is None or age < measure.lifetime)


def effect_terms(build: Builder, frame: Frame, measure: Measure, year: int, *, ever: bool) -> Whole:
    """Column numbers (sites, starts) of the lots in effect in `year`; `ever`: whose lag is over."""
    starts = [
        j
        for j, start in enumerate(frame.years)
        if (start + measure.lag <= year if ever else in_effect(measure, start, year))
    ]
    return build.columns[f"units.{measure.id}"].index[:, starts]


# --- money --------------------------------------------------------------------------------------


def add_money_columns(build: Builder, frame: Frame) -> None:
    """`money.m.f` >= 0 in fen, for every permitted flow and year."""
    for measure in frame.case.measures.values():
        for fund in frame.case.funds.values():
            sites = frame.flow(measure, fund)
            if len(sites):
                build.add_columns(f"money.{measure.id}.{fund.id}", sites, money=True)


def lot_costs(frame: Frame, measure: Measure) -> Whole:
    """Fen per lot at (site, year of the start)."""
    costs = frame.figures("costs", measure.id, frame.sites(measure))
    if measure.layers:
        paying = [k for k, layer in enumerate(measure.layers) if layer.payer is not None]
        costs = layered(measure, costs)[paying].sum(axis=0)
    return per_lot(measure, costs)


def per_lot(measure: Measure, costs: Whole) -> Whole:
    """Fen per unit as fen per lot."""
    if measure.lot.denominator != 1 and (costs * measure.lot.numerator % measure.lot.denominator).any():
        raise ProgramError(f"{measure.id}: unit cost x lot is not a whole number of fen")
    return costs * measure.lot.numerator // measure.lot.denominator


def layered(measure: Measure, bills: Whole) -> Whole:
    """What each layer pays of each bill, fen a unit: shape (layers, *bills.shape)."""
    values, inverse = np.unique(bills, return_inverse=True)
    table = np.array([layer_amounts(measure.layers, int(value)) for value in values], dtype=np.int64)
    return np.moveaxis(table[inverse.reshape(bills.shape)], -1, 0)


def split(amounts: Whole, shares: Sequence[Fraction]) -> Whole:
    """Each amount in whole parts by largest remainder: shape (parts, *amounts.shape)."""
    if len(shares) == 1:
        return amounts[None]
    values, inverse = np.unique(amounts, return_inverse=True)
    table = np.array([parts(int(value), shares) for value in values], dtype=np.int64)
    return np.moveaxis(table[inverse.reshape(amounts.shape)], -1, 0)


def outlay(frame: Frame, measure: Measure) -> Iterator[tuple[int, int, list[Whole]]]:
    """(start j, year k, amounts): what a lot started in years[j] costs at each site in years[k], fen.

    Two amounts at most, split between payers each on its own: the year's part of the unit cost, and upkeep.
    """
    by_age = split(lot_costs(frame, measure), measure.profile)
    upkeep = np.full(by_age.shape[1], times(measure.upkeep * measure.lot, 1), dtype=np.int64)
    for j, start in enumerate(frame.years):
        for k in range(j, len(frame.years)):
            amounts = [by_age[k - j][:, j]] if k - j < len(by_age) else []
            if measure.upkeep and in_effect(measure, start, frame.years[k]):
                amounts.append(upkeep)
            if amounts:
                yield j, k, amounts


def _outlay_terms(
    build: Builder, frame: Frame, measure: Measure, shares: Sequence[Fraction], which: int
) -> list[Term]:
    """The (negative) outlay, or the `which`-th share of it, by row (site, year)."""
    units = build.columns[f"units.{measure.id}"]
    first_row = np.arange(len(units.regions)) * len(frame.years)
    return [
        term(first_row + k, units.index[:, j], -sum(split(amount, shares)[which] for amount in amounts))
        for j, k, amounts in outlay(frame, measure)
    ]


def _money_terms(
    build: Builder, frame: Frame, measure: Measure, funds: Sequence[str], factor: int
) -> list[Term]:
    """`factor x money` of the funds by row (site, year)."""
    years = len(frame.years)
    position = build.columns[f"units.{measure.id}"].position
    terms = []
    for fund in funds:
        block = build.columns.get(f"money.{measure.id}.{fund}")
        if block is not None:
            row = position[block.regions][:, None] * years + np.arange(years)
            terms.append(term(row, block.index, factor))
    return terms


def labels(frame: Frame, regions: Whole) -> tuple[Whole, Whole]:
    """Region and year of rows (region, year) in region-major order."""
    return np.repeat(regions, len(frame.years)), np.tile(np.array(frame.years), len(regions))


def add_cost_rows(build: Builder, frame: Frame) -> None:
    """`cost.m`, `share.m.j`, `layer.m.ID`, `match.m`: money paid equals the outlay, in its payers' parts."""
    whole = (Fraction(1),)
    for measure in frame.case.measures.values():
        region, year = labels(frame, frame.sites(measure))
        everyone = list(frame.case.funds)
        terms = _money_terms(build, frame, measure, everyone, 1) + _outlay_terms(
            build, frame, measure, whole, 0
        )
        build.add_rows(f"cost.{measure.id}", region, year, Comparison.EQUAL, terms, money=True)
        shares = [share.share for share in measure.shares]
        for j, share in enumerate(measure.shares):
            terms = _money_terms(build, frame, measure, _payers(frame, measure, share.payer.condition), 1)
            terms += _outlay_terms(build, frame, measure, shares, j)
            build.add_rows(f"share.{measure.id}.{j + 1}", region, year, Comparison.EQUAL, terms, money=True)
        _add_layer_rows(build, frame, measure)
        if measure.match is not None:
            ratio = measure.match.ratio
            by = _payers(frame, measure, measure.match.by.condition)
            of = _payers(frame, measure, measure.match.of.condition)
            terms = _money_terms(build, frame, measure, by, ratio.denominator)
            terms += _money_terms(build, frame, measure, of, -ratio.numerator)
            build.add_rows(
                f"match.{measure.id}",
                region,
                year,
                Comparison.EQUAL,
                terms,
                multiplier=ratio.denominator,
                money=True,
            )


def _add_layer_rows(build: Builder, frame: Frame, measure: Measure) -> None:
    """`layer.m.ID`: what the funds of a layer pay is that layer's part of the bills of the units started.

    Layers with the same funds are one row, under the id of the first.
    """
    if not measure.layers:
        return
    amounts = layered(measure, frame.figures("costs", measure.id, frame.sites(measure)))
    together: dict[tuple[str, ...], list[int]] = {}
    for k, layer in enumerate(measure.layers):
        if layer.payer is not None:
            funds = tuple(_payers(frame, measure, layer.payer.condition))
            together.setdefault(funds, []).append(k)
    units = build.columns[f"units.{measure.id}"]
    region, year = labels(frame, frame.sites(measure))
    row = np.arange(units.index.size).reshape(units.index.shape)
    for funds, layers in together.items():
        terms = _money_terms(build, frame, measure, funds, 1)
        terms.append(term(row, units.index, -per_lot(measure, amounts[layers].sum(axis=0))))
        name = f"layer.{measure.id}.{measure.layers[layers[0]].id}"
        build.add_rows(name, region, year, Comparison.EQUAL, terms, money=True)


def _payers(frame: Frame, measure: Measure, condition: object) -> list[str]:
    return [
        fund.id
        for fund in frame.case.funds.values()
        if frame.matching(condition, fund=fund, measure=measure).any()  # type: ignore[arg-type]
    ]


# --- needs --------------------------------------------------------------------------------------


def met_terms(build: Builder, frame: Frame, need: Need, year: int) -> tuple[list[Term], int]:
    """`multiplier x met` by row = region with a row for the need (in order), and the multiplier."""
    regions, _ = frame.needs(need.id)
    row_of = frame.numbering(regions)
    meeting = [measure for measure in frame.case.measures.values() if need.id in measure.meets]
    multiplier = common([measure.meets[need.id] * measure.lot for measure in meeting])
    terms = []
    for measure in meeting:
        columns = effect_terms(build, frame, measure, year, ever=need.kind is NeedKind.BACKLOG)
        site, row = frame.above(frame.sites(measure), row_of)
        factor = times(measure.meets[need.id] * measure.lot, multiplier)
        terms += [term(row, columns[site, j], factor) for j in range(columns.shape[1])]
    return terms, multiplier


def need_slack(frame: Frame, need: Need) -> Fraction:
    """How far a last, partly used lot may go beyond the need."""
    lots = [m.meets[need.id] * m.lot - 1 for m in frame.case.measures.values() if need.id in m.meets]
    return max([Fraction(0), *lots])


def scaled(terms: Sequence[Term], factor: int) -> list[Term]:
    """Every coefficient times `factor`."""
    return [Term(part.row, part.column, part.value * factor) for part in terms]


def due_share(need: Need, year: int) -> Fraction | None:
    """The share of the need that must be met by (entitlement: in) the year, None if nothing is due."""
    if need.kind is NeedKind.ENTITLEMENT and not need.due:
        return Fraction(1)
    return need.due.get(year)


def add_need_rows(build: Builder, frame: Frame) -> None:
    """`need.n`: met <= need + slack; `due.n`: met >= due x need."""
    for need in frame.case.needs.values():
        regions, amounts = frame.needs(need.id)
        slack = need_slack(frame, need)
        for k, year in enumerate(frame.years):
            terms, multiplier = met_terms(build, frame, need, year)
            scale = common([slack, Fraction(1, multiplier)])
            build.add_rows(
                f"need.{need.id}",
                regions,
                year,
                Comparison.AT_MOST,
                scaled(terms, scale // multiplier),
                constant=-(amounts[:, k] * scale + times(slack, scale)),
                multiplier=scale,
            )
            share = due_share(need, year)
            if share is not None:
                scale = common([share, Fraction(1, multiplier)])
                build.add_rows(
                    f"due.{need.id}",
                    regions,
                    year,
                    Comparison.AT_LEAST,
                    scaled(terms, scale // multiplier),
                    constant=-amounts[:, k] * times(share, scale),
                    multiplier=scale,
                )


# --- limits -------------------------------------------------------------------------------------


def add_capacity_rows(build: Builder, frame: Frame) -> None:
    """`capacity.m`: units started in the subtree, in a year or (year 0) in all, <= most."""
    by_measure: dict[str, list[tuple[int, int, Fraction]]] = {}
    for (name, region, when), most in frame.case.tables.capacities.items():
        by_measure.setdefault(name, []).append((frame.position[region], when or 0, most))
    for name, limits in by_measure.items():
        measure = frame.case.measures[name]
        multiplier = common([measure.lot, *(most for _, _, most in limits)])
        units = build.columns[f"units.{name}"]
        for when in sorted({when for _, when, _ in limits}):
            rows = sorted((region, most) for region, year, most in limits if year == when)
            regions = np.array([region for region, _ in rows], dtype=np.int64)
            site, row = frame.above(units.regions, frame.numbering(regions))
            starts = range(len(frame.years)) if when == 0 else [frame.years.index(when)]
            factor = times(measure.lot, multiplier)
            build.add_rows(
                f"capacity.{name}",
                regions,
                when,
                Comparison.AT_MOST,
                [term(row, units.index[site, j], factor) for j in starts],
                constant=np.array([-times(most, multiplier) for _, most in rows], dtype=np.int64),
                multiplier=multiplier,
            )


def add_resource_rows(build: Builder, frame: Frame) -> None:
    """`resource.x`: what the units started in the subtree use in the year <= amount."""
    by_resource: dict[tuple[str, int], list[tuple[int, Fraction]]] = {}
    for (name, region, year), amount in frame.case.tables.limits.items():
        by_resource.setdefault((name, year), []).append((frame.position[region], amount))
    for (name, year), limits in sorted(by_resource.items()):
        using = [measure for measure in frame.case.measures.values() if name in measure.uses]
        rates = [measure.uses[name] * measure.lot for measure in using]
        rows = sorted(limits)
        multiplier = common([*rates, *(amount for _, amount in rows)])
        regions = np.array([region for region, _ in rows], dtype=np.int64)
        terms = []
        for measure, rate in zip(using, rates, strict=True):
            units = build.columns[f"units.{measure.id}"]
            site, row = frame.above(units.regions, frame.numbering(regions))
            terms.append(term(row, units.index[site, frame.years.index(year)], times(rate, multiplier)))
        build.add_rows(
            f"resource.{name}",
            regions,
            year,
            Comparison.AT_MOST,
            terms,
            constant=np.array([-times(amount, multiplier) for _, amount in rows], dtype=np.int64),
            multiplier=multiplier,
        )


def add_order_rows(build: Builder, frame: Frame) -> None:
    """`after.m.k`: units started to date <= ratio x units of the other measure whose lag is over."""
    for measure in frame.case.measures.values():
        units = build.columns[f"units.{measure.id}"]
        for number, after in enumerate(measure.after, start=1):
            other = frame.case.measures[after.measure]
            multiplier = common([measure.lot, after.ratio * other.lot])
            there = build.columns[f"units.{other.id}"].position[units.regions]
            has = np.flatnonzero(there >= 0)
            for k, year in enumerate(frame.years):
                row = np.arange(len(units.regions))
                terms = [term(row, units.index[:, j], times(measure.lot, multiplier)) for j in range(k + 1)]
                columns = effect_terms(build, frame, other, year, ever=True)
                factor = -times(after.ratio * other.lot, multiplier)
                terms += [term(has, columns[there[has], j], factor) for j in range(columns.shape[1])]
                build.add_rows(
                    f"after.{measure.id}.{number}",
                    units.regions,
                    year,
                    Comparison.AT_MOST,
                    terms,
                    multiplier=multiplier,
                )


def add_exclusion_rows(build: Builder, frame: Frame) -> None:
    """`exclusive.x` of a need: units in effect of all its measures <= need, in each region with a row."""
    for exclusion in frame.case.exclusions.values():
        if exclusion.need is None:
            continue
        regions, amounts = frame.needs(exclusion.need)
        row_of = frame.numbering(regions)
        chosen = [frame.case.measures[name] for name in exclusion.measures]
        multiplier = common([measure.lot for measure in chosen])
        for k, year in enumerate(frame.years):
            terms = []
            for measure in chosen:
                columns = effect_terms(build, frame, measure, year, ever=False)
                site, row = frame.above(frame.sites(measure), row_of)
                factor = times(measure.lot, multiplier)
                terms += [term(row, columns[site, j], factor) for j in range(columns.shape[1])]
            build.add_rows(
                f"exclusive.{exclusion.id}",
                regions,
                year,
                Comparison.AT_MOST,
                terms,
                constant=-amounts[:, k] * multiplier,
                multiplier=multiplier,
            )
