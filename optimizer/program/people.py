"""Persons and villages that leave, and what they need to leave.

Rows `exits`, `waits`, `revoked`, `undone`, `returned`, `income`, `most`, `serves`, `exclusive` of a group,
`holds`.

Columns `out.g` count members that are out at the end of a year (0 to the stock), `returned.g` those who
fell back in it, `revoked.g` those whose exit was undone in it, `serves.m.g` the units in effect that serve
the group.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from models.policy import Group, Measure, NeedKind
from models.rules.tree import Comparison
from optimizer.program.frame import Frame
from optimizer.program.matrix import Builder, Term, Whole, common, term, times
from optimizer.program.measures import effect_terms, met_terms, scaled


def add_people_columns(build: Builder, frame: Frame) -> None:
    """`out.g`, `returned.g` and `revoked.g` where the group has them, `serves.m.g` for who is served."""
    for group in frame.case.groups.values():
        regions, _ = frame.members(group.id)
        build.add_columns(f"out.{group.id}", regions, upper=frame.stocks(group.id).astype(np.float64))
        if group.relapse:
            build.add_columns(f"returned.{group.id}", regions, integer=True)
        undone = frame.undone(group.id)
        if group.revoked or (undone >= 0).any():
            most = np.where(undone < 0, np.inf if group.revoked else 0, undone)
            least = np.maximum(undone, 0).astype(np.float64)
            build.add_columns(
                f"revoked.{group.id}", regions, lower=least, upper=most, integer=bool(group.revoked)
            )
    for measure in frame.case.measures.values():
        for group_id in measure.serves:
            regions, _ = frame.members(group_id)
            build.add_columns(
                f"serves.{measure.id}.{group_id}", np.intersect1d(frame.sites(measure), regions)
            )


def exit_terms(
    build: Builder, group: Group, j: int, row: Whole, member: Whole, factor: int = 1
) -> list[Term]:
    """`factor x` members that leave in the j-th year: out now - before + returned + revoked; by `row`."""
    out = build.columns[f"out.{group.id}"]
    terms = [term(row, out.index[member, j], factor)]
    if j > 0:
        terms.append(term(row, out.index[member, j - 1], -factor))
    return [*terms, *back_terms(build, group.id, j, row, member, factor)]


def back_terms(
    build: Builder,
    group: str,
    j: int,
    row: Whole,
    member: Whole,
    factor: int = 1,
    kinds: tuple[str, ...] = ("returned", "revoked"),
) -> list[Term]:
    """`factor x` members that fall back, or whose exit is undone, in the j-th year; by `row`."""
    blocks = (build.columns.get(f"{kind}.{group}") for kind in kinds)
    return [term(row, block.index[member, j], factor) for block in blocks if block is not None]


def add_exit_rows(build: Builder, frame: Frame) -> None:
    """`exits.g` >= 0 in every year; `returned.g`, `revoked.g` = shares, rounded up; `undone.g`, `waits.g`."""
    for group in frame.case.groups.values():
        regions, _ = frame.members(group.id)
        row = np.arange(len(regions))
        for j, year in enumerate(frame.years):
            terms = exit_terms(build, group, j, row, row)
            build.add_rows(f"exits.{group.id}", regions, year, Comparison.AT_LEAST, terms)
            if group.relapse:
                _add_returned(build, group, regions, j, year)
            if group.waits:
                _add_waiting(build, frame, group, j, year)
        if f"revoked.{group.id}" in build.columns:
            _add_revoked(build, frame, group)


def _add_returned(build: Builder, group: Group, regions: Whole, j: int, year: int) -> None:
    """returned = relapse x (out before - revoked), rounded up."""
    row = np.arange(len(regions))
    top, bottom = group.relapse.numerator, group.relapse.denominator
    terms = [term(row, build.columns[f"returned.{group.id}"].index[:, j], bottom)]
    if j > 0:
        terms.append(term(row, build.columns[f"out.{group.id}"].index[:, j - 1], -top))
    terms += back_terms(build, group.id, j, row, row, top, kinds=("revoked",))
    _add_rounded_up(build, f"returned.{group.id}", regions, year, terms, bottom)


def _add_rounded_up(
    build: Builder, rule: str, regions: Whole, year: int, terms: list[Term], bottom: int
) -> None:
    """0 <= denominator x count - numerator x base <= denominator - 1."""
    build.add_rows(rule, regions, year, Comparison.AT_LEAST, terms, multiplier=bottom, auxiliary=True)
    build.add_rows(
        rule, regions, year, Comparison.AT_MOST, terms, constant=1 - bottom, multiplier=bottom, auxiliary=True
    )


def _add_revoked(build: Builder, frame: Frame, group: Group) -> None:
    """revoked = share x exits of the year before, rounded up; of a given number, as many are out before.

    The given numbers themselves are bounds of the columns.
    """
    regions, _ = frame.members(group.id)
    block, given = build.columns[f"revoked.{group.id}"], frame.undone(group.id)
    top, bottom = group.revoked.numerator, group.revoked.denominator
    for j, year in enumerate(frame.years):
        open_ = np.flatnonzero(given[:, j] < 0)
        if group.revoked:
            row = np.arange(len(open_))
            terms = [term(row, block.index[open_, j], bottom)]
            terms += exit_terms(build, group, j - 1, row, open_, -top) if j > 0 else []
            _add_rounded_up(build, block.name, regions[open_], year, terms, bottom)
        stated = np.flatnonzero(given[:, j] >= 0)
        if len(stated):
            row = np.arange(len(stated))
            terms = [term(row, block.index[stated, j], 1)]
            if j > 0:
                terms.append(term(row, build.columns[f"out.{group.id}"].index[stated, j - 1], -1))
            build.add_rows(f"undone.{group.id}", regions[stated], year, Comparison.AT_MOST, terms)


def _add_waiting(build: Builder, frame: Frame, group: Group, j: int, year: int) -> None:
    """exits <= stock - out at the end of the year before, where those out before cancel."""
    regions, start = frame.members(group.id)
    row = np.arange(len(regions))
    terms = [term(row, build.columns[f"out.{group.id}"].index[:, j], 1)]
    terms += back_terms(build, group.id, j, row, row)
    before = start if j == 0 else frame.stocks(group.id)[:, j - 1]
    build.add_rows(f"waits.{group.id}", regions, year, Comparison.AT_MOST, terms, constant=-before)


def add_income_rows(build: Builder, frame: Frame) -> None:
    """`income.g`: lifts of the units that serve the group >= gap x members out."""
    for group in frame.case.groups.values():
        regions, _ = frame.members(group.id)
        out = build.columns[f"out.{group.id}"]
        every = frame.figures("gaps", group.id, regions)
        serving = [m for m in frame.case.measures.values() if group.id in m.serves]
        for j, year in enumerate(frame.years):
            gaps = every[:, j]
            chosen = np.flatnonzero(gaps > 0)
            row_of = frame.numbering(regions[chosen])
            terms = [term(np.arange(len(chosen)), out.index[chosen, j], -gaps[chosen])]
            for measure in serving:
                serves = build.columns[f"serves.{measure.id}.{group.id}"]
                rows = row_of[serves.regions]
                has = rows >= 0
                terms.append(term(rows[has], serves.index[has, j], measure.serves[group.id].lift))
            build.add_rows(
                f"income.{group.id}", regions[chosen], year, Comparison.AT_LEAST, terms, money=True
            )


def add_serving_rows(build: Builder, frame: Frame) -> None:
    """`most.g.m`: units serving the group <= most x members out; `serves.m`: over groups <= in effect."""
    for measure in frame.case.measures.values():
        if not measure.serves:
            continue
        for group_id, serves in measure.serves.items():
            block = build.columns[f"serves.{measure.id}.{group_id}"]
            out = build.columns[f"out.{group_id}"]
            member = out.position[block.regions]
            row = np.arange(len(block.regions))
            for j, year in enumerate(frame.years):
                build.add_rows(
                    f"most.{group_id}.{measure.id}",
                    block.regions,
                    year,
                    Comparison.AT_MOST,
                    [
                        term(row, block.index[:, j], serves.most.denominator),
                        term(row, out.index[member, j], -serves.most.numerator),
                    ],
                    multiplier=serves.most.denominator,
                )
        _add_serves(build, frame, measure)


def _add_serves(build: Builder, frame: Frame, measure: Measure) -> None:
    sites = frame.sites(measure)
    row_of = frame.numbering(sites)
    lot = measure.lot
    for j, year in enumerate(frame.years):
        columns = effect_terms(build, frame, measure, year, ever=False)
        row = np.arange(len(sites))
        terms = [term(row, columns[:, i], -lot.numerator) for i in range(columns.shape[1])]
        for group_id in measure.serves:
            block = build.columns[f"serves.{measure.id}.{group_id}"]
            terms.append(term(row_of[block.regions], block.index[:, j], lot.denominator))
        build.add_rows(
            f"serves.{measure.id}", sites, year, Comparison.AT_MOST, terms, multiplier=lot.denominator
        )


def add_group_exclusion_rows(build: Builder, frame: Frame) -> None:
    """`exclusive.x` of a group: persons served by any of the measures <= members out."""
    for exclusion in frame.case.exclusions.values():
        if exclusion.group is None:
            continue
        out = build.columns[f"out.{exclusion.group}"]
        every = [frame.case.measures[name] for name in exclusion.measures]
        chosen = [measure for measure in every if exclusion.group in measure.serves]
        rates = [1 / measure.serves[exclusion.group].most for measure in chosen]
        multiplier = common(rates)
        row = np.arange(len(out.regions))
        for j, year in enumerate(frame.years):
            terms = [term(row, out.index[:, j], -multiplier)]
            for measure, rate in zip(chosen, rates, strict=True):
                block = build.columns[f"serves.{measure.id}.{exclusion.group}"]
                terms.append(term(out.position[block.regions], block.index[:, j], times(rate, multiplier)))
            build.add_rows(
                f"exclusive.{exclusion.id}",
                out.regions,
                year,
                Comparison.AT_MOST,
                terms,
                multiplier=multiplier,
            )


def add_holding_rows(build: Builder, frame: Frame) -> None:
    """`holds.n.g`: members not yet out >= members held back by each open unit x open units."""
    for need in frame.case.needs.values():
        if need.kind is not NeedKind.BACKLOG:
            continue
        regions, amounts = frame.needs(need.id)
        for group_id, held in need.holds.items():
            members, _ = frame.members(group_id)
            inside, row = frame.above(members, frame.numbering(regions))
            here = np.unique(row)
            stocks = np.zeros((len(regions), len(frame.years)), dtype=np.int64)
            np.add.at(stocks, row, frame.stocks(group_id)[inside])
            narrow = np.full(len(regions), -1, dtype=np.int64)
            narrow[here] = np.arange(len(here))
            for k, year in enumerate(frame.years):
                met, per_unit = met_terms(build, frame, need, year)
                multiplier = common([held / per_unit, Fraction(1)])
                terms = [term(narrow[row], build.columns[f"out.{group_id}"].index[inside, k], -multiplier)]
                for part in scaled(met, times(held / per_unit, multiplier)):
                    rows = narrow[part.row]
                    keep = rows >= 0
                    terms.append(Term(rows[keep], part.column[keep], part.value[keep]))
                build.add_rows(
                    f"holds.{need.id}.{group_id}",
                    regions[here],
                    year,
                    Comparison.AT_LEAST,
                    terms,
                    constant=stocks[here, k] * multiplier - amounts[here, k] * times(held, multiplier),
                    multiplier=multiplier,
                )
