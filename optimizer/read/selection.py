"""What a condition lets through, as far as it is known: True, False, or None where it depends on something
else.

The checks need this to say that a measure's payers select no fund, or in which unit a quantity is
counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from models.case import Case
from models.policy import Fund, Group, Measure, Need, Selector
from models.region import Region
from models.rules.tree import And, Comparison, Condition, Not, Or, Subject, Test

Thing = Fund | Measure | Region | Group | Need | int


def lets(selector: Selector, *things: Thing) -> bool | None:
    """Whether the selector lets these things through together."""
    return holds(selector.condition, *things)


def holds(condition: Condition | None, *things: Thing) -> bool | None:
    """Whether a condition holds; None where it speaks of a subject that is not among the things."""
    match condition:
        case None:
            return True
        case Test():
            if condition.subject is Subject.PROJECT:
                return next(
                    (one.project in condition.values for one in things if isinstance(one, Measure)), None
                )
            return next((_test(condition, one) for one in things if _is(one, condition.subject)), None)
        case Not(inner=inner):
            value = holds(inner, *things)
            return None if value is None else not value
        case And(parts=parts):
            values = [holds(part, *things) for part in parts]
            return False if False in values else None if None in values else True
        case Or(parts=parts):
            values = [holds(part, *things) for part in parts]
            return True if True in values else None if None in values else False


_TYPES: dict[Subject, type] = {
    Subject.FUND: Fund,
    Subject.MEASURE: Measure,
    Subject.REGION: Region,
    Subject.GROUP: Group,
    Subject.NEED: Need,
    Subject.YEAR: int,
}


def _is(thing: Thing, subject: Subject) -> bool:
    return isinstance(thing, _TYPES[subject])


def _test(test: Test, thing: Thing) -> bool:
    if isinstance(thing, int):
        return _compares(test, Fraction(thing))
    if test.field == "id":
        return thing.id in test.values
    if test.field == "tag":
        return not thing.tags.isdisjoint(test.values)
    if test.field in ("level", "kind", "counts"):
        return str(getattr(thing, test.field)) in test.values
    value = thing.attributes.get(test.field) if isinstance(thing, Region) else None
    return value is not None and _compares(test, value)


def _compares(test: Test, value: Fraction) -> bool:
    given = [Fraction(text) for text in test.values]
    match test.compare:
        case Comparison.EQUAL:
            return value in given
        case Comparison.AT_LEAST:
            return value >= given[0]
        case Comparison.AT_MOST:
            return value <= given[0]
        case Comparison.MORE:
            return value > given[0]
        case Comparison.LESS:
            return value < given[0]
        case Comparison.NOT_EQUAL:
            return value not in given


def sites(case: Case, measure: Measure) -> Iterator[str]:
    """The regions that may buy a measure."""
    leaves = frozenset(case.regions.leaves)
    for region in case.regions:
        at_level = region.id in leaves if measure.level is None else region.level is measure.level
        if at_level and lets(measure.where, region) is not False:
            yield region.id


def pools(case: Case, fund: Fund) -> frozenset[str]:
    """The regions at which a fund is pooled: those with a row for a year of the horizon."""
    rows = frozenset(
        region
        for known, region, year in case.tables.supplied
        if known == fund.id and case.first_year <= year <= case.last_year
    )
    if rows or fund.supply != "open":
        return rows
    return frozenset(region.id for region in case.regions if region.level is fund.pooled_at)


def payers(case: Case, measure: Measure, selector: Selector) -> list[Fund]:
    """The funds that a selector of payers lets through and that may pay for the measure."""
    return [
        fund
        for fund in case.funds.values()
        if lets(selector, fund) is not False and lets(fund.pays, measure) is not False
    ]
