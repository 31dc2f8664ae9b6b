"""Villages and counties that leave the list: once, and only when every condition of their standard holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from models.allocation import Item
from models.case import Case
from models.citation import Language, Text
from models.finding import Finding
from models.policy import ConditionKind, Counts, Group, Standard, StandardCondition
from models.region import Level
from models.rules.tree import Comparison
from optimizer.audit.ledger import Ledger
from optimizer.audit.measures import unit_of
from optimizer.audit.places import roll_up
from optimizer.audit.statement import (
    Sides,
    Statement,
    Undecided,
    each,
    found,
    not_applicable,
    not_evaluated,
)

Answer = Callable[[str, int], Sides | Undecided]


def findings(ledger: Ledger) -> Iterator[Finding]:
    """`stays.S` of every standard, then its conditions, as in docs/mathematics.md."""
    for standard in ledger.case.standards.values():
        yield from stays(ledger, standard)
        for condition in standard.conditions:
            yield from leave(ledger, standard, condition)


def stays(ledger: Ledger, standard: Standard) -> Iterator[Finding]:
    """`stays.S`: z[t] >= z[t-1].

    A region leaves at most once: from a second time on the finding is `times it left <= 1`.
    """
    kept = Statement(
        rule=f"stays.{standard.id}",
        title=standard.title,
        left=Text(zh="当年已退出", en="off the list in the year"),
        compare=Comparison.AT_LEAST,
        right=Text(zh="上年已退出", en="off the list in the year before"),
        unit="region",
        citation=standard.citation,
    )
    once = Statement(
        rule=kept.rule,
        title=standard.title,
        left=Text(zh="累计退出次数", en="times it left"),
        compare=Comparison.AT_MOST,
        right=Text(zh="至多", en="at most"),
        unit="region",
        citation=standard.citation,
    )
    unknown = ledger.unknown({Item.LEAVES})
    for region, year in ledger.places.times(ledger.places.listed[standard.id]):
        times = ledger.left_by(region.id, standard.id, year)
        if unknown is None and times > 1:
            yield found(once, region, year, (times, 1))
        else:
            before = min(ledger.left_by(region.id, standard.id, year - 1), 1)
            yield found(kept, region, year, unknown or (times, before))


def leave(ledger: Ledger, standard: Standard, condition: StandardCondition) -> Iterator[Finding]:
    """`leave.S.c`: the condition, where z = 1; NOT_APPLICABLE where the region is still on the list."""
    statement, items, answer = _CONDITIONS[condition.kind](ledger, condition)
    statement = Statement(
        rule=f"leave.{standard.id}.{condition.id}",
        title=Text(
            zh=f"{standard.title.zh}（{condition.id}）",
            en=f"{standard.title.said(Language.EN)} ({condition.id})",
        ),
        left=statement.left,
        compare=statement.compare,
        right=statement.right,
        unit=statement.unit,
        citation=condition.citation,
    )
    listed_unknown = ledger.unknown({Item.LEAVES})
    other_unknown = ledger.unknown(items)

    def sides(region: str, year: int) -> Sides | Undecided:
        if region not in ledger.off_list[standard.id, year]:
            return not_applicable("尚未退出，不核对退出条件", "still on the list, nothing to check")
        return other_unknown or answer(region, year)

    places = ledger.places.times(ledger.places.listed[standard.id])
    yield from each(statement, places, listed_unknown, sides)


Prepared = tuple[Statement, frozenset[Item], Answer]


def _prepared(left: Text, compare: Comparison, right: Text, unit: str) -> Statement:
    """The two sides of a condition; `leave` adds whose they are."""
    return Statement(
        rule="", title=Text(zh=""), left=left, compare=compare, right=right, unit=unit, citation=None
    )


def groups_of(case: Case, groups: tuple[str, ...]) -> list[Group]:
    """The groups meant; none named: every group counted in persons."""
    if groups:
        return [case.groups[group] for group in groups]
    return [group for group in case.groups.values() if group.counts is Counts.PERSONS]


def _attribute(ledger: Ledger, region: str, name: str | None) -> Fraction | Undecided:
    value = ledger.case.regions[region].attributes.get(name or "")
    if value is None:
        return not_evaluated(f"无法核对，地区没有属性 {name}", f"cannot be checked, the region has no {name}")
    return value


def _poor_share(ledger: Ledger, condition: StandardCondition) -> Prepared:
    """Sum over groups, sub(r) of (P - N) <= share x attribute(of)."""
    groups = groups_of(ledger.case, condition.groups)
    share = _share(condition)

    def answer(region: str, year: int) -> Sides | Undecided:
        base = _attribute(ledger, region, condition.of)
        if isinstance(base, Undecided):
            return base
        still = sum(
            ledger.stock_below[g.id, year].get(region, 0) - ledger.out_below[g.id, year].get(region, 0)
            for g in groups
        )
        return still, share * base

    statement = _prepared(
        Text(zh="未脱贫", en="still poor"), Comparison.AT_MOST, Text(zh="至多", en="at most"), "person"
    )
    return statement, ledger.persons_items(groups), answer


def _need(ledger: Ledger, condition: StandardCondition) -> Prepared:
    """Sum of met >= share x sum of need, over the regions in sub(r) that have a row."""
    need = ledger.case.needs[condition.need or ""]
    share = _share(condition)
    rows = {region for region, name, _ in ledger.case.tables.needs if name == need.id}
    needed, met = {}, {}
    for year in ledger.case.years:
        amounts = {region: ledger.places.needed.get((region, need.id, year), 0) for region in rows}
        needed[year] = roll_up(ledger.case.regions, amounts)
        met[year] = roll_up(ledger.case.regions, {r: ledger.met[need.id, year].get(r, 0) for r in rows})

    def answer(region: str, year: int) -> Sides | Undecided:
        if region not in needed[year]:
            return not_applicable("该地区没有这项需求", "the region has no row for this need")
        return met[year][region], share * needed[year][region]

    statement = _prepared(
        Text(zh=f"{need.title.zh}已满足", en=f"{need.title.said(Language.EN)} met"),
        Comparison.AT_LEAST,
        Text(zh="应满足", en="required"),
        need.unit,
    )
    return statement, frozenset({Item.UNITS}), answer


def _group_out(ledger: Ledger, condition: StandardCondition) -> Prepared:
    """Sum of N over groups, sub(r) >= share x sum of P."""
    groups = groups_of(ledger.case, condition.groups)
    share = _share(condition)

    def answer(region: str, year: int) -> Sides:
        out = sum(ledger.out_below[group.id, year].get(region, 0) for group in groups)
        return out, share * sum(ledger.stock_below[group.id, year].get(region, 0) for group in groups)

    statement = _prepared(
        Text(zh="已退出", en="out"),
        Comparison.AT_LEAST,
        Text(zh="应退出", en="required"),
        unit_of(groups[0]) if groups else "person",
    )
    return statement, ledger.persons_items(groups), answer


def _regions_out(ledger: Ledger, condition: StandardCondition) -> Prepared:
    """Lists that regions of the level below r have left >= share x lists they are on (mostly one each)."""
    share = _share(condition)
    tree = ledger.case.regions
    standards_of = ledger.places.standards_of
    listed = {r: len(standards_of[r]) for r in standards_of if tree[r].level is condition.level}
    out = {
        year: {r: sum(r in ledger.off_list[standard, year] for standard in standards_of[r]) for r in listed}
        for year in ledger.case.years
    }
    listed_below = roll_up(tree, listed)
    out_below = {year: roll_up(tree, regions) for year, regions in out.items()}

    def answer(region: str, year: int) -> Sides:
        left = out_below[year].get(region, 0) - out[year].get(region, 0)
        return left, share * (listed_below.get(region, 0) - listed.get(region, 0))

    unit = {Level.VILLAGE: "village", Level.COUNTY: "county"}.get(condition.level or Level.CITY, "region")
    statement = _prepared(
        Text(zh="已退出", en="out"), Comparison.AT_LEAST, Text(zh="应退出", en="required"), unit
    )
    return statement, frozenset({Item.LEAVES}), answer


def _attribute_reached(ledger: Ledger, condition: StandardCondition) -> Prepared:
    """attribute(of) + sum over m, sites in sub(r) of adds x E[.,m,t] >= amount."""
    name = condition.of or ""
    spec = ledger.case.attributes.get(name)
    adding = [(m.id, m.adds[name]) for m in ledger.case.measures.values() if m.adds.get(name)]

    def answer(region: str, year: int) -> Sides | Undecided:
        base = _attribute(ledger, region, name)
        if isinstance(base, Undecided):
            return base
        added = sum((adds * ledger.effect_below[m, year].get(region, 0) for m, adds in adding), Fraction(0))
        return base + added, condition.amount or 0

    title = Text(zh=name) if spec is None else spec.title
    statement = _prepared(
        title, Comparison.AT_LEAST, Text(zh="应达到", en="required"), "" if spec is None else spec.unit
    )
    return statement, frozenset({Item.UNITS} if adding else ()), answer


def _share(condition: StandardCondition) -> Fraction:
    """The share asked for; all where none is written."""
    return Fraction(1) if condition.share is None else condition.share


_CONDITIONS: dict[ConditionKind, Callable[[Ledger, StandardCondition], Prepared]] = {
    ConditionKind.POOR_SHARE: _poor_share,
    ConditionKind.NEED: _need,
    ConditionKind.GROUP_OUT: _group_out,
    ConditionKind.REGIONS_OUT: _regions_out,
    ConditionKind.ATTRIBUTE: _attribute_reached,
}
