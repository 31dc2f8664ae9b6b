"""Regions that leave the list: 0/1 columns `left.S`, rows `stays.S` and `leave.S.c`.

Written so that the relaxation is tight: where something must be reached anyway, a row asks for
`required + (needed - required) x left`, not for `needed x left`.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from models.policy import ConditionKind, Counts, Standard, StandardCondition
from models.rules.tree import Comparison
from optimizer.program.frame import Frame
from optimizer.program.matrix import Builder, Term, Whole, common, merged, term, times
from optimizer.program.measures import effect_terms, met_terms
from optimizer.program.required import required_met, required_out


def listed(frame: Frame, standard: Standard) -> Whole:
    """Regions the standard lists."""
    return np.flatnonzero(frame.matching(standard.where.condition))


def add_leaving_columns(build: Builder, frame: Frame) -> None:
    """`left.S`: 1 from the year in which the region leaves."""
    for standard in frame.case.standards.values():
        build.add_columns(f"left.{standard.id}", listed(frame, standard), upper=1.0, integer=True)


def add_leaving_rows(build: Builder, frame: Frame) -> None:
    """`stays.S` in every year, and a row for every condition of every standard."""
    for standard in frame.case.standards.values():
        left = build.columns[f"left.{standard.id}"]
        row = np.arange(len(left.regions))
        for j, year in enumerate(frame.years):
            terms = [term(row, left.index[:, j], 1)]
            if j > 0:
                terms.append(term(row, left.index[:, j - 1], -1))
            build.add_rows(f"stays.{standard.id}", left.regions, year, Comparison.AT_LEAST, terms)
        for condition in standard.conditions:
            _CONDITIONS[condition.kind](build, frame, standard, condition)


def _poor_share(build: Builder, frame: Frame, standard: Standard, condition: StandardCondition) -> None:
    """stock - out <= limit + (most that can remain - limit) x (1 - left)."""
    left = build.columns[f"left.{standard.id}"]
    share = Fraction(1) if condition.share is None else condition.share
    rural = [_attribute(frame, r, condition.of) * share for r in left.regions]
    multiplier = common(rural)
    limit = np.array([times(value, multiplier) for value in rural], dtype=np.int64)
    must_leave = _below(frame, left.regions, required_out(frame, _groups(frame, condition)))
    row_of = frame.numbering(left.regions)
    groups = _groups(frame, condition)
    for j, year in enumerate(frame.years):
        stock = np.zeros(len(left.regions), dtype=np.int64)
        terms = []
        for group in groups:
            inside, row = frame.above(frame.members(group)[0], row_of)
            np.add.at(stock, row, frame.stocks(group)[inside, j])
            terms.append(term(row, build.columns[f"out.{group}"].index[inside, j], -multiplier))
        remaining = (stock - must_leave[:, j]) * multiplier
        excess = np.maximum(remaining - limit, 0)
        terms.append(term(np.arange(len(left.regions)), left.index[:, j], excess))
        # left - right = stock - out - limit where left = 1; excess is what 1 - left gives away.
        build.add_rows(
            f"leave.{standard.id}.{condition.id}",
            left.regions,
            year,
            Comparison.AT_MOST,
            terms,
            constant=stock * multiplier - limit - excess,
            multiplier=multiplier,
        )


def _need(build: Builder, frame: Frame, standard: Standard, condition: StandardCondition) -> None:
    """met >= required + (share x need - required) x left."""
    left = build.columns[f"left.{standard.id}"]
    need = frame.case.needs[condition.need or ""]
    share = Fraction(1) if condition.share is None else condition.share
    regions, amounts = frame.needs(need.id)
    required = required_met(frame, need)
    index, row = frame.above(regions, frame.numbering(left.regions))
    total = np.zeros((len(left.regions), len(frame.years)), dtype=np.int64)
    np.add.at(total, row, amounts[index])
    anyway = np.zeros_like(total)
    np.add.at(anyway, row, required[index])
    for j, year in enumerate(frame.years):
        met, per_unit = met_terms(build, frame, need, year)
        multiplier = common([share, Fraction(1, per_unit)])
        factor = multiplier // per_unit
        terms = merged([Term(p.row, p.column, p.value * factor) for p in met], index, row)
        needed = total[:, j] * times(share, multiplier)
        reached = np.minimum(anyway[:, j] * multiplier, needed)
        _at_least(build, left.regions, left.index[:, j], year, f"leave.{standard.id}.{condition.id}",
                  terms, needed, reached, multiplier)  # fmt: skip


def _at_least(
    build: Builder,
    regions: Whole,
    left: Whole,
    year: int,
    rule: str,
    terms: list[Term],
    needed: Whole,
    anyway: Whole,
    multiplier: Whole | int,
) -> None:
    """Rows `terms >= anyway + (needed - anyway) x left`, all times the multiplier."""
    jump = needed - anyway
    full = [*terms, term(np.arange(len(regions)), left, -jump)]
    build.add_rows(rule, regions, year, Comparison.AT_LEAST, full, constant=-anyway, multiplier=multiplier)


def _group_out(build: Builder, frame: Frame, standard: Standard, condition: StandardCondition) -> None:
    """out >= required + (share x stock - required) x left."""
    left = build.columns[f"left.{standard.id}"]
    share = Fraction(1) if condition.share is None else condition.share
    must_leave = _below(frame, left.regions, required_out(frame, _groups(frame, condition)))
    row_of = frame.numbering(left.regions)
    groups = _groups(frame, condition)
    for j, year in enumerate(frame.years):
        stock = np.zeros(len(left.regions), dtype=np.int64)
        terms = []
        for group in groups:
            inside, row = frame.above(frame.members(group)[0], row_of)
            np.add.at(stock, row, frame.stocks(group)[inside, j])
            terms.append(term(row, build.columns[f"out.{group}"].index[inside, j], share.denominator))
        needed = stock * share.numerator
        anyway = np.minimum(must_leave[:, j] * share.denominator, needed)
        _at_least(build, left.regions, left.index[:, j], year, f"leave.{standard.id}.{condition.id}",
                  terms, needed, anyway, share.denominator)  # fmt: skip


def _regions_out(build: Builder, frame: Frame, standard: Standard, condition: StandardCondition) -> None:
    """listed regions of the level below that are out >= share x their number x left."""
    left = build.columns[f"left.{standard.id}"]
    share = Fraction(1) if condition.share is None else condition.share
    row_of = frame.numbering(left.regions)
    for j, year in enumerate(frame.years):
        number = np.zeros(len(left.regions), dtype=np.int64)
        terms = []
        for other in frame.case.standards.values():
            below = build.columns[f"left.{other.id}"]
            chosen = below.regions[
                frame.level[below.regions] == (condition.level.value if condition.level else "")
            ]
            inside, row = frame.above(chosen, row_of)
            proper = chosen[inside] != left.regions[row]
            inside, row = inside[proper], row[proper]
            np.add.at(number, row, 1)
            terms.append(term(row, below.index[below.position[chosen[inside]], j], share.denominator))
        _at_least(build, left.regions, left.index[:, j], year, f"leave.{standard.id}.{condition.id}",
                  terms, number * share.numerator, np.zeros_like(number), share.denominator)  # fmt: skip


def _attribute_reached(
    build: Builder, frame: Frame, standard: Standard, condition: StandardCondition
) -> None:
    """what measures add >= (amount - attribute) x left, where that is positive; else nothing is missing."""
    left = build.columns[f"left.{standard.id}"]
    amount = condition.amount or Fraction(0)
    missing = [amount - _attribute(frame, r, condition.of) for r in left.regions]
    adding = [measure for measure in frame.case.measures.values() if condition.of in measure.adds]
    rates = [measure.adds[condition.of or ""] * measure.lot for measure in adding]
    multiplier = common([*missing, *rates])
    short = np.array([times(value, multiplier) for value in missing], dtype=np.int64)
    row_of = frame.numbering(left.regions)
    for j, year in enumerate(frame.years):
        terms = []
        for measure, rate in zip(adding, rates, strict=True):
            columns = effect_terms(build, frame, measure, year, ever=False)
            site, row = frame.above(frame.sites(measure), row_of)
            terms += [term(row, columns[site, i], times(rate, multiplier)) for i in range(columns.shape[1])]
        # Where nothing is missing the row holds with room to spare whatever `left` is.
        anyway = np.minimum(short, 0)
        _at_least(build, left.regions, left.index[:, j], year, f"leave.{standard.id}.{condition.id}",
                  terms, short, anyway, multiplier)  # fmt: skip


def _groups(frame: Frame, condition: StandardCondition) -> tuple[str, ...]:
    """The groups meant; none named: every group of persons."""
    persons = (group.id for group in frame.case.groups.values() if group.counts is Counts.PERSONS)
    return condition.groups or tuple(persons)


def _attribute(frame: Frame, position: int, name: str | None) -> Fraction:
    return frame.case.regions[frame.ids[int(position)]].attributes[name or ""]


def _below(frame: Frame, tops: Whole, amounts: Whole) -> Whole:
    """Sums of `amounts` (regions, years) over the subtree of each of `tops`."""
    index, row = frame.above(np.arange(len(frame)), frame.numbering(tops))
    total = np.zeros((len(tops), amounts.shape[1]), dtype=np.int64)
    np.add.at(total, row, amounts[index])
    return total


_CONDITIONS = {
    ConditionKind.POOR_SHARE: _poor_share,
    ConditionKind.NEED: _need,
    ConditionKind.GROUP_OUT: _group_out,
    ConditionKind.REGIONS_OUT: _regions_out,
    ConditionKind.ATTRIBUTE: _attribute_reached,
}
