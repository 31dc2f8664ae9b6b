"""Rules of the case: one block of rows per rule, year and (where asked for) measure or fund.

Regions are the array dimension: a batch is all regions of one rule in one year, and quantities are added up
by climbing from where they stand to the region whose row they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import numpy as np

from models.policy import Fund, Measure, Project, Rule, Severity
from models.rules.tree import (
    Attribute,
    Claim,
    Comparison,
    Everywhere,
    Expression,
    Name,
    Number,
    Previous,
    Product,
    Quantity,
    Quotient,
    Subject,
    Sum,
)
from optimizer.program.frame import Frame
from optimizer.program.linear import Linear, whole
from optimizer.program.matrix import Builder, ProgramError, Truth, Whole, merged, term
from optimizer.program.quantities import Only, stands
from optimizer.program.reach import Reaches


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows of a rule that differ in their region only.

    `years` is the year of the row, or all years of the rule when for_each does not name it.
    """

    label: str
    regions: Whole
    years: tuple[int, ...]
    yearly: bool
    measure: Measure | None = None
    fund: Fund | None = None
    project: Project | None = None
    later: tuple[int, ...] = ()
    """Years of the rule after the horizon, in which principal still comes back; none where `yearly`."""

    @property
    def only(self) -> Only:
        """What every quantity of the row is narrowed to."""
        return Only(self.measure, self.fund, self.project)


def batches(frame: Frame, rule: Rule) -> Iterator[Batch]:
    """The combinations of for_each items that `where` lets through, batch by batch."""
    span = tuple(year for year in frame.years if rule.years[0] <= year <= rule.years[1])
    yearly = Subject.YEAR in rule.for_each
    years = [(year,) for year in span] if yearly else ([span] if span else [])
    case = frame.case
    later = () if yearly else tuple(range(case.last_year + 1, rule.years[1] + 1))
    every: dict[Subject, Sequence[Fund | Measure | Project]] = {
        Subject.MEASURE: list(case.measures.values()),
        Subject.FUND: list(case.funds.values()),
        Subject.PROJECT: list(case.projects.values()),
    }
    named = [subject for subject in rule.for_each if subject in every]
    for items in product(*(every[subject] for subject in named)):
        fixed = {subject.value: item for subject, item in zip(named, items, strict=True)}
        for when in years:
            year = when[0] if yearly else None
            passing = frame.matching(rule.where.condition, year=year, **fixed)
            if Subject.REGION not in rule.for_each:
                passing &= np.arange(len(frame)) == frame.root
            regions = np.flatnonzero(passing)
            if len(regions):
                label = "/".join((rule.id, *(item.id for item in items)))
                yield Batch(label, regions, when, yearly, later=later, **fixed)  # type: ignore[arg-type]


def add_rule_rows(build: Builder, frame: Frame) -> None:
    """Rows of every hard and soft rule; advisory ones are the auditor's alone."""
    reaches = Reaches(build, frame)
    for rule in frame.case.rules.values():
        if rule.severity is not Severity.ADVISORY:
            for batch in batches(frame, rule):
                _add_batch(build, frame, rule, batch, reaches)


def _add_batch(build: Builder, frame: Frame, rule: Rule, batch: Batch, reaches: Reaches) -> None:
    left = linear(build, frame, rule.left, batch)
    right = linear(build, frame, rule.right, batch)
    applies = left.known & right.known
    for side in (left, right):
        if side.quantities:
            applies = applies & side.selects
    keep = np.flatnonzero(applies)
    if not len(keep):
        return
    terms, constant, multiplier = whole(left.plus(right, -1), keep)
    rows = np.arange(len(keep))
    terms = merged(terms, rows, rows)
    label = batch.regions[keep]
    year = batch.years[0] if batch.yearly else 0
    money = rule.unit == "money"
    compare = _closed(rule.compare)
    if rule.unless:
        lifts = _lifts(build, frame, rule, batch, keep, reaches)
        room = reaches.room(terms, constant, compare, f"{rule.id}: {rule.left_text}")
        sign = -1 if compare is Comparison.AT_MOST else 1
        terms += [term(rows, column, sign * room) for column in lifts]
    if rule.price is not None:
        slack_year = batch.years[-1]
        terms += build.add_slack(batch.label, label, compare, multiplier, rule.price, slack_year, money=money)
    build.add_rows(
        batch.label,
        label,
        year,
        compare,
        terms,
        constant=constant,
        multiplier=multiplier,
        money=money,
    )


def _lifts(
    build: Builder, frame: Frame, rule: Rule, batch: Batch, keep: Whole, reaches: Reaches
) -> list[Whole]:
    """A 0/1 column for every claim of `unless` and row: 1 only where the claim holds. Rows `unless.ID`.

    A claim that selects nothing at a region, or whose figures are missing, cannot hold there: then it is 0.
    """
    found = []
    regions = batch.regions[keep]
    year = batch.years[0] if batch.yearly else 0
    for number, claim in enumerate(rule.unless, start=1):
        form, asks = _claimed(build, frame, claim, batch)
        name = f"lifts.{batch.label}.{number}.{batch.years[-1]}"
        upper = asks[keep].astype(np.float64)[:, None]
        block = build.add_columns(name, regions, upper=upper, integer=True, years=(batch.years[-1],))
        column = block.index[:, 0]
        found.append(column)
        chosen = np.flatnonzero(asks[keep])
        if not len(chosen):
            continue
        terms, constant, multiplier = whole(form, keep[chosen])
        rows = np.arange(len(chosen))
        terms = merged(terms, rows, rows)
        for sense in _SENSES[claim.compare]:
            # 1 - lifts of the room, so that the row asks for the claim itself where lifts is 1
            room = reaches.room(terms, constant, sense, f"{rule.id}: {rule.unless_text}")
            sign = -1 if sense is Comparison.AT_MOST else 1
            build.add_rows(
                f"unless.{batch.label}",
                regions[chosen],
                year,
                sense,
                [*terms, term(rows, column[chosen], -sign * room)],
                constant=constant + sign * room,
                multiplier=multiplier,
                auxiliary=True,
                money=reaches.money(terms),
            )
    return found


_SENSES = {
    Comparison.AT_LEAST: (Comparison.AT_LEAST,),
    Comparison.AT_MOST: (Comparison.AT_MOST,),
    Comparison.EQUAL: (Comparison.AT_LEAST, Comparison.AT_MOST),
}


def _claimed(build: Builder, frame: Frame, claim: Claim, batch: Batch) -> tuple[Linear, Truth]:
    """Left minus right of a claim, and the rows of the batch in which it says anything."""
    left, right = (linear(build, frame, side, batch) for side in (claim.left, claim.right))
    asks = left.known & right.known
    for side in (left, right):
        if side.quantities:
            asks = asks & side.selects
    return left.plus(right, -1), asks


def _closed(compare: Comparison) -> Comparison:
    if compare not in (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EQUAL):
        raise ProgramError(f"a rule compares with >=, <= or =, not {compare.value}")
    return compare


def linear(build: Builder, frame: Frame, expression: Expression, batch: Batch) -> Linear:
    """The expression as an exact linear form over the batch's rows."""
    size = len(batch.regions)
    match expression:
        case Number():
            return Linear.number([expression.value] * size)
        case Attribute():
            return _attribute(frame, expression.name, batch)
        case Previous():
            if not batch.yearly:
                raise ProgramError("previous(...) needs `year` in for_each")
            return linear(build, frame, expression.inner, replace(batch, years=(batch.years[0] - 1,)))
        case Everywhere():
            root = np.array([frame.root], dtype=np.int64)
            return linear(build, frame, expression.inner, replace(batch, regions=root)).repeated(size)
        case Sum():
            total = Linear.number([Fraction(0)] * size)
            for sign, inner in expression.terms:
                total = total.plus(linear(build, frame, inner, batch), sign)
            return total
        case Product():
            return _product(
                linear(build, frame, expression.left, batch), linear(build, frame, expression.right, batch)
            )
        case Quotient():
            top = linear(build, frame, expression.left, batch)
            bottom = linear(build, frame, expression.right, batch)
            return _quotient(top, bottom)
        case Quantity():
            return _quantity(build, frame, expression, batch)


def _attribute(frame: Frame, name: str, batch: Batch) -> Linear:
    values = [frame.case.attribute(frame.ids[r], name, batch.years[-1]) for r in batch.regions]
    form = Linear.number([Fraction(0) if value is None else value for value in values])
    return replace(form, known=np.array([value is not None for value in values], dtype=np.bool_))


def _product(left: Linear, right: Linear) -> Linear:
    if left.decided and right.decided:
        raise ProgramError("a rule multiplies two things the plan decides")
    return right.times(left.constant, left) if right.decided else left.times(right.constant, right)


def _quotient(top: Linear, bottom: Linear) -> Linear:
    if bottom.decided:
        raise ProgramError("a rule divides by something the plan decides")
    nonzero = np.array([value != 0 for value in bottom.constant], dtype=np.bool_)
    inverse = tuple(1 / value if value else Fraction(0) for value in bottom.constant)
    form = top.times(inverse, bottom)
    return replace(form, known=form.known & nonzero)


def _quantity(build: Builder, frame: Frame, quantity: Quantity, batch: Batch) -> Linear:
    """Adds up everything the quantity selects into the rows of the regions above it."""
    size = len(batch.regions)
    row_of = frame.numbering(batch.regions)
    constant = [Fraction(0)] * size
    selects = np.zeros(size, dtype=np.bool_)
    known = np.ones(size, dtype=np.bool_)
    terms = []
    years = batch.years + batch.later if quantity.name is Name.RECOVERED else batch.years
    for slots in stands(build, frame, quantity, years, batch.only):
        index, row = frame.above(slots.regions, row_of)
        selects[row] = True
        known[row[~slots.known[index]]] = False
        for i, r in zip(index, row, strict=True) if slots.constant else ():
            constant[r] += slots.constant[i]
        for part in merged(slots.terms, index, row):
            terms.append((part, (slots.factor,) * size))
    return Linear(tuple(constant), tuple(terms), selects, known, 1)
