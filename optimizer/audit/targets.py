"""Targets: so many members out, regions off the list or needs met, by a year or in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.allocation import Item
from models.citation import Text
from models.finding import Finding
from models.money import parts
from models.policy import Target, TargetKind
from models.region import Level, Region
from optimizer.audit.ledger import Amounts, Ledger
from optimizer.audit.matching import bound_to
from optimizer.audit.measures import unit_of
from optimizer.audit.places import roll_up
from optimizer.audit.regions import groups_of
from optimizer.audit.statement import Exact, Sides, Statement, each, found, not_applicable


@dataclass(frozen=True, slots=True)
class Counted:
    """One group, standard or need of a target in one year: the regions selected, what they reach, of what."""

    selected: frozenset[str]
    reached: Amounts
    whole: Amounts
    """Stock, number of regions or need: what a share is a share of."""


def findings(ledger: Ledger) -> Iterator[Finding]:
    """Every target, in the order of the case."""
    for target in ledger.case.targets.values():
        yield from reached(ledger, target)


def reached(ledger: Ledger, target: Target) -> Iterator[Finding]:
    """`target id`: what is reached compares with the amount, or the share of what is selected, rounded up.

    One row at the root, or at each region of the level `each` where a selected region lies.
    """
    statement = _statement(ledger, target)
    tree = ledger.case.regions
    root = tree[tree.root]
    years = [year for year in ledger.case.years if year in target.amounts or year in target.shares]
    if not years:
        why = not_applicable("规划期内没有该目标的年份", "the target has no year within the plan")
        yield found(statement, root, None, why)
    unknown = ledger.unknown(_items(ledger, target))
    for year in years:
        counted = list(_counted(ledger, target, year))
        selected = frozenset[str]().union(*(one.selected for one in counted))
        holding = roll_up(tree, dict.fromkeys(selected, 0))
        level = target.each
        regions = [root] if level is None else [r for r in tree if r.level is level and r.id in holding]
        left = roll_up(tree, _added((one.selected, one.reached) for one in counted))
        whole = roll_up(tree, _added((one.selected, one.whole) for one in counted))

        shared = _apportioned(target, year, regions, whole)

        def sides(
            region: str, year: int, left: Amounts = left, whole: Amounts = whole, shared: Amounts = shared
        ) -> Sides:
            due = shared.get(region)
            return left.get(region, 0), _required(target, year, whole.get(region, 0)) if due is None else due

        if not regions:
            why = not_applicable("没有符合条件的地区", "no region meets the target's condition")
            yield found(statement, root, year, why)
        yield from each(statement, [(region, year) for region in regions], unknown, sides)


def _apportioned(
    target: Target, year: int, regions: Sequence[Region], whole: Mapping[str, Exact]
) -> Mapping[str, int]:
    """Region -> its part of the amount: in proportion, in whole numbers, by largest remainder."""
    if target.apportion is None:
        return {}
    if target.apportion == "stock":
        weights = [Fraction(whole.get(region.id, 0)) for region in regions]
    else:
        weights = [region.attributes[target.apportion] for region in regions]
    shared = parts(target.amounts[year], weights)
    return {region.id: part for region, part in zip(regions, shared, strict=True)}


def _required(target: Target, year: int, whole: Exact) -> int:
    """The amount, or the share of the whole rounded up."""
    if year in target.amounts:
        return target.amounts[year]
    exact = Fraction(target.shares[year] * whole)
    return -(-exact.numerator // exact.denominator)


def _statement(ledger: Ledger, target: Target) -> Statement:
    to_date, in_year = (
        Text(zh="累计达到", en="reached to date"),
        Text(zh="当年达到", en="reached in the year"),
    )
    return Statement(
        rule=target.id,
        title=target.title,
        left=to_date if target.cumulative else in_year,
        compare=target.compare,
        right=Text(zh="目标", en="target"),
        unit=_unit(ledger, target),
        citation=target.citation,
        severity=target.severity,
    )


def _unit(ledger: Ledger, target: Target) -> str:
    if target.kind is TargetKind.MET:
        return ledger.case.needs[target.need or ""].unit
    if target.kind is TargetKind.EXITS:
        groups = groups_of(ledger.case, target.groups)
        return unit_of(groups[0]) if groups else "person"
    levels = {
        ledger.case.regions[region].level
        for standard in _standards(ledger, target)
        for region in ledger.places.listed[standard]
    }
    units = {Level.VILLAGE: "village", Level.COUNTY: "county"}
    return units.get(levels.pop(), "region") if len(levels) == 1 else "region"


def _items(ledger: Ledger, target: Target) -> frozenset[Item]:
    """What must be known to say how far the target is reached."""
    if target.kind is TargetKind.LISTED:
        return frozenset({Item.LEAVES})
    if target.kind is TargetKind.MET:
        return frozenset({Item.UNITS})
    groups = groups_of(ledger.case, target.groups)
    return ledger.persons_items(groups) if target.cumulative else frozenset({Item.EXITS})


def _counted(ledger: Ledger, target: Target, year: int) -> Iterator[Counted]:
    """Exits: by group; listed: by standard; met: the need."""
    if target.kind is TargetKind.EXITS:
        for group in groups_of(ledger.case, target.groups):
            selected = _selected(ledger, target, ledger.places.members[group.id], year, group=group.id)
            exits = ledger.exits.get((group.id, year), {})
            out = ledger.out[group.id, year]
            whole = ledger.stock_by[group.id, year] if target.entrants else ledger.stock[group.id]
            yield Counted(selected, out if target.cumulative else exits, whole)
    elif target.kind is TargetKind.LISTED:
        for standard in _standards(ledger, target):
            listed = _selected(ledger, target, ledger.places.listed[standard], year)
            now: Amounts = dict.fromkeys(ledger.off_list[standard, year], 1)
            before: Amounts = dict.fromkeys(ledger.off_list.get((standard, year - 1), ()), 1)
            whole = dict.fromkeys(ledger.places.listed[standard], 1)
            yield Counted(listed, now if target.cumulative else _increase(before, now), whole)
    else:
        need = target.need or ""
        rows = _selected(ledger, target, ledger.places.needy[need], year, need=need)
        now = ledger.met[need, year]
        before = ledger.met.get((need, year - 1), {})
        amounts = {region: ledger.places.needed.get((region, need, year), 0) for region in rows}
        yield Counted(rows, now if target.cumulative else _increase(before, now), amounts)


def _standards(ledger: Ledger, target: Target) -> tuple[str, ...]:
    """The standard meant; every one where none is named."""
    return tuple(ledger.case.standards) if target.standard is None else (target.standard,)


def _selected(
    ledger: Ledger, target: Target, regions: Iterable[str], year: int, **ids: str
) -> frozenset[str]:
    let = ledger.places.matcher.regions(target.where.condition, bound_to(year, **ids))
    return let.intersection(regions)


def _increase(before: Amounts, now: Amounts) -> Amounts:
    """Region -> how much more than the year before; nothing was reached before the horizon."""
    return {region: now.get(region, 0) - before.get(region, 0) for region in {**before, **now}}


def _added(parts: Iterable[tuple[frozenset[str], Amounts]]) -> Mapping[str, Exact]:
    """Region -> the sum over the parts, of the regions selected in each."""
    sums: dict[str, Exact] = {}
    for selected, amounts in parts:
        for region, amount in amounts.items():
            if region in selected:
                sums[region] = sums.get(region, 0) + amount
    return sums
