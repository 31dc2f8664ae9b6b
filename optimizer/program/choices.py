"""Nothing or something: 0/1 columns for "units are started" and "this fund pays".

Rows `smallest.m` and `one_payer.m`, and the auxiliary rows that tie the 0/1 columns to units and money.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from models.policy import Measure
from models.rules.tree import Comparison
from optimizer.program.frame import Frame
from optimizer.program.matrix import Builder, ProgramError, Term, Whole, common, term, times
from optimizer.program.measures import labels, need_slack, outlay


def most_lots(frame: Frame, measure: Measure) -> Whole:
    """A bound on the lots that one site may start in a year: from capacities and needs (site,)."""
    sites = frame.sites(measure)
    bound = np.full(len(sites), np.iinfo(np.int64).max)
    for need_id, per_unit in measure.meets.items():
        need = frame.case.needs[need_id]
        regions, amounts = frame.needs(need_id)
        site, row = frame.above(sites, frame.numbering(regions))
        slack = need_slack(frame, need)
        for i, r in zip(site, row, strict=True):
            lots = (int(amounts[r].max()) + slack) / (per_unit * measure.lot)
            bound[i] = min(bound[i], lots.numerator // lots.denominator)
    for (name, region, _), most in frame.case.tables.capacities.items():
        if name == measure.id:
            inside = np.isin(sites, frame.positions(list(frame.case.regions.subtree(region))))
            lots = most / measure.lot
            bound[inside] = np.minimum(bound[inside], lots.numerator // lots.denominator)
    if (bound == np.iinfo(np.int64).max).any():
        region = frame.ids[int(sites[np.argmax(bound)])]
        raise ProgramError(f"{measure.id}: nothing limits its units in {region}; give a need or a capacity")
    return bound


def add_choice_rows(build: Builder, frame: Frame) -> None:
    """`smallest.m` and `one_payer.m`: 0/1 columns for "something is started" and "this fund pays"."""
    for measure in frame.case.measures.values():
        if measure.smallest is not None:
            _add_smallest(build, frame, measure, measure.smallest)
        if measure.one_payer:
            _add_one_payer(build, frame, measure)


def _add_smallest(build: Builder, frame: Frame, measure: Measure, smallest: Fraction) -> None:
    units = build.columns[f"units.{measure.id}"]
    started = build.add_columns(f"started.{measure.id}", units.regions, upper=1.0, integer=True)
    region, year = labels(frame, units.regions)
    row = np.arange(units.index.size).reshape(units.index.shape)
    multiplier = common([measure.lot, smallest])
    lot = times(measure.lot, multiplier)
    at_least = [term(row, units.index, lot), term(row, started.index, -times(smallest, multiplier))]
    build.add_rows(
        f"smallest.{measure.id}", region, year, Comparison.AT_LEAST, at_least, multiplier=multiplier
    )
    bound = np.repeat(most_lots(frame, measure), len(frame.years)).reshape(row.shape)
    only_if = [term(row, units.index, 1), term(row, started.index, -bound)]
    build.add_rows(f"started.{measure.id}", region, year, Comparison.AT_MOST, only_if, auxiliary=True)


def _add_one_payer(build: Builder, frame: Frame, measure: Measure) -> None:
    units = build.columns[f"units.{measure.id}"]
    region, year = labels(frame, units.regions)
    years = np.arange(len(frame.years))
    dearest = np.zeros(len(units.regions), dtype=np.int64)
    lots = most_lots(frame, measure)
    for _, _, amounts in outlay(frame, measure):
        dearest += sum(lots * amount for amount in amounts)
    paying: list[Term] = []
    for fund in frame.case.funds:
        money = build.columns.get(f"money.{measure.id}.{fund}")
        if money is None:
            continue
        pays = build.add_columns(f"pays.{measure.id}.{fund}", money.regions, upper=1.0, integer=True)
        site = units.position[money.regions]
        paying.append(term(site[:, None] * len(years) + years, pays.index, 1))
        row = np.arange(money.index.size).reshape(money.index.shape)
        bound = np.broadcast_to(dearest[site][:, None], row.shape)
        where, when = labels(frame, money.regions)
        build.add_rows(
            f"pays.{measure.id}.{fund}",
            where,
            when,
            Comparison.AT_MOST,
            [term(row, money.index, 1), term(row, pays.index, -bound)],
            auxiliary=True,
            money=True,
        )
    build.add_rows(f"one_payer.{measure.id}", region, year, Comparison.AT_MOST, paying, constant=-1)
