"""People, and villages planned for like people: who leaves, who falls back, what closes the income gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from models.allocation import Item
from models.citation import Language, Text
from models.finding import Finding
from models.policy import Group, Measure, Need
from models.rules.tree import Comparison
from optimizer.audit.ledger import Ledger
from optimizer.audit.measures import unit_of
from optimizer.audit.statement import Sides, Statement, each


def findings(ledger: Ledger) -> Iterator[Finding]:
    """Every statement about members of groups, family by family as in docs/mathematics.md."""
    groups, measures = ledger.case.groups.values(), ledger.case.measures.values()
    for family in (stock, exits, waits, revoked, undone, returned, income, most):
        for group in groups:
            yield from family(ledger, group)
    for measure in measures:
        yield from serves(ledger, measure)
    for need in ledger.case.needs.values():
        for group in groups:
            yield from holds(ledger, need, group)


def _statement(family: str, group: Group) -> Statement:
    return Statement(
        rule=f"{family}.{group.id}",
        title=group.title,
        left=Text(zh="累计退出", en="out"),
        compare=Comparison.AT_MOST,
        right=Text(zh="存量", en="stock"),
        unit=unit_of(group),
        citation=group.citation,
    )


def stock(ledger: Ledger, group: Group) -> Iterator[Finding]:
    """`stock.g`: N[r,g,t] <= P[r,g,t]."""

    def sides(region: str, year: int) -> Sides:
        return ledger.out_of(region, group.id, year), ledger.stock_by[group.id, year][region]

    unknown = ledger.unknown(ledger.persons_items([group]))
    places = ledger.places.times(ledger.places.members[group.id])
    yield from each(_statement("stock", group), places, unknown, sides)


def exits(ledger: Ledger, group: Group) -> Iterator[Finding]:
    """`exits.g`: e[r,g,t] >= 0."""
    statement = replace(
        _statement("exits", group),
        left=Text(zh="当年退出", en="leave in the year"),
        compare=Comparison.AT_LEAST,
        right=Text(zh="下限", en="at least"),
    )

    def sides(region: str, year: int) -> Sides:
        return ledger.exits.get((group.id, year), {}).get(region, 0), 0

    places = ledger.places.times(ledger.places.members[group.id])
    yield from each(statement, places, ledger.unknown({Item.EXITS}), sides)


def waits(ledger: Ledger, group: Group) -> Iterator[Finding]:
    """`waits.g`: e[r,g,t] <= P[r,g,t-1] - N[r,g,t-1], for groups that wait."""
    if not group.waits:
        return
    statement = replace(
        _statement("waits", group),
        left=Text(zh="当年退出", en="leave in the year"),
        right=Text(zh="上年末尚未退出", en="still poor at the end of the year before"),
    )

    def sides(region: str, year: int) -> Sides:
        poor = ledger.stock_by[group.id, year - 1][region] - ledger.out_of(region, group.id, year - 1)
        return ledger.exits.get((group.id, year), {}).get(region, 0), poor

    unknown = ledger.unknown(ledger.persons_items([group]))
    places = ledger.places.times(ledger.places.members[group.id])
    yield from each(statement, places, unknown, sides)


def _revoked(ledger: Ledger, region: str, group: Group, year: int) -> int:
    """v[r,g,t] as the allocation has it."""
    return ledger.allocation.revoked.get((region, group.id, year), 0)


def revoked(ledger: Ledger, group: Group) -> Iterator[Finding]:
    """`revoked.g`: v[r,g,t] = the number of revoked.csv, else ceil(revoked x e[r,g,t-1])."""
    if not ledger.may_revoke(group):
        return
    statement = replace(
        _statement("revoked", group),
        left=Text(zh="当年撤销的退出", en="exits undone in the year"),
        compare=Comparison.EQUAL,
        right=Text(zh="应撤销", en="to be undone"),
    )

    def sides(region: str, year: int) -> Sides:
        given = ledger.case.tables.revoked.get((region, group.id, year))
        if given is None:
            given = _ceil(group.revoked * ledger.exits.get((group.id, year - 1), {}).get(region, 0))
        return _revoked(ledger, region, group, year), given

    places = ledger.places.times(ledger.places.members[group.id])
    yield from each(statement, places, ledger.unknown({Item.EXITS, Item.REVOKED}), sides)


def undone(ledger: Ledger, group: Group) -> Iterator[Finding]:
    """`undone.g`: v[r,g,t] <= N[r,g,t-1], where revoked.csv gives a number."""
    rows = [(region, year) for region, name, year in ledger.case.tables.revoked if name == group.id]
    if not rows:
        return
    statement = replace(
        _statement("undone", group),
        left=Text(zh="当年撤销的退出", en="exits undone in the year"),
        right=Text(zh="上年末累计退出", en="out at the end of the year before"),
    )

    def sides(region: str, year: int) -> Sides:
        return _revoked(ledger, region, group, year), ledger.out_of(region, group.id, year - 1)

    chosen = frozenset(rows)
    places = [
        (region, year)
        for region, year in ledger.places.times(ledger.places.members[group.id])
        if (region.id, year) in chosen
    ]
    yield from each(statement, places, ledger.unknown(ledger.persons_items([group])), sides)


def returned(ledger: Ledger, group: Group) -> Iterator[Finding]:
    """`returned.g`: b[r,g,t] = ceil(relapse x (N[r,g,t-1] - v[r,g,t])), for groups with relapse."""
    if not group.relapse:
        return
    statement = replace(
        _statement("returned", group),
        left=Text(zh="当年返贫", en="fall back in the year"),
        compare=Comparison.EQUAL,
        right=Text(zh="按返贫率应计", en="due by the relapse rate"),
    )

    def sides(region: str, year: int) -> Sides:
        back = ledger.allocation.returned.get((region, group.id, year), 0)
        standing = ledger.out_of(region, group.id, year - 1) - _revoked(ledger, region, group, year)
        return back, _ceil(group.relapse * standing)

    places = ledger.places.times(ledger.places.members[group.id])
    unknown = ledger.unknown({Item.RETURNED} | ledger.persons_items([group]))
    yield from each(statement, places, unknown, sides)


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def income(ledger: Ledger, group: Group) -> Iterator[Finding]:
    """`income.g`: sum of lift x a[r,m,g,t] >= gap x N[r,g,t] in fen, where a gap > 0 is given."""
    lifts = [
        (measure.id, measure.serves[group.id].lift)
        for measure in ledger.case.measures.values()
        if group.id in measure.serves
    ]
    statement = replace(
        _statement("income", group),
        left=Text(zh="措施增收", en="income from measures"),
        compare=Comparison.AT_LEAST,
        right=Text(zh="已退出者收入缺口", en="income gap of those who are out"),
        unit="money",
    )

    def gap(region: str, year: int) -> int:
        return ledger.case.gap(group.id, region, year) or 0

    def sides(region: str, year: int) -> Sides:
        lifted = sum(
            (lift * ledger.served(region, measure, group.id, year) for measure, lift in lifts), Fraction(0)
        )
        return lifted, gap(region, year) * ledger.out_of(region, group.id, year)

    places = [
        (region, year)
        for region, year in ledger.places.times(ledger.places.members[group.id])
        if gap(region.id, year) > 0
    ]
    unknown = ledger.unknown({Item.SERVES} | ledger.persons_items([group]))
    yield from each(statement, places, unknown, sides)


def most(ledger: Ledger, group: Group) -> Iterator[Finding]:
    """`most.g.m`: a[r,m,g,t] <= most x N[r,g,t], at members that are sites of m."""
    unknown = ledger.unknown({Item.SERVES} | ledger.persons_items([group]))
    for measure in ledger.case.measures.values():
        if group.id not in measure.serves:
            continue
        per_head = measure.serves[group.id].most

        def sides(region: str, year: int, measure: Measure = measure, per_head: Fraction = per_head) -> Sides:
            served = ledger.served(region, measure.id, group.id, year)
            return served, per_head * ledger.out_of(region, group.id, year)

        statement = Statement(
            rule=f"most.{group.id}.{measure.id}",
            title=Text(
                zh=f"{group.title.zh} {measure.title.zh}",
                en=f"{group.title.said(Language.EN)}, {measure.title.said(Language.EN)}",
            ),
            left=Text(zh="享受", en="served"),
            compare=Comparison.AT_MOST,
            right=Text(zh="已退出者至多", en="the most those who are out can take"),
            unit=measure.unit,
            citation=measure.citation,
        )
        sites = ledger.places.site_sets[measure.id]
        regions = [region for region in ledger.places.members[group.id] if region in sites]
        yield from each(statement, ledger.places.times(regions), unknown, sides)


def serves(ledger: Ledger, measure: Measure) -> Iterator[Finding]:
    """`serves.m`: sum over groups of a[r,m,g,t] <= E[r,m,t], at each site, if it serves anybody."""
    if not measure.serves:
        return
    statement = Statement(
        rule=f"serves.{measure.id}",
        title=measure.title,
        left=Text(zh="各人群享受合计", en="served to all groups"),
        compare=Comparison.AT_MOST,
        right=Text(zh="已见效", en="in effect"),
        unit=measure.unit,
        citation=measure.citation,
    )

    def sides(site: str, year: int) -> Sides:
        served = sum((ledger.served(site, measure.id, group, year) for group in measure.serves), Fraction(0))
        return served, ledger.effect[measure.id, year].get(site, 0)

    places = ledger.places.times(ledger.places.sites[measure.id])
    yield from each(statement, places, ledger.unknown({Item.SERVES, Item.UNITS}), sides)


def holds(ledger: Ledger, need: Need, group: Group) -> Iterator[Finding]:
    """`holds.n.g`: members not out in the subtree >= holds x open need.

    At regions with a row for the need and with members in the subtree.
    """
    if group.id not in need.holds:
        return
    held = need.holds[group.id]
    statement = Statement(
        rule=f"holds.{need.id}.{group.id}",
        title=Text(
            zh=f"{group.title.zh} {need.title.zh}",
            en=f"{group.title.said(Language.EN)}, {need.title.said(Language.EN)}",
        ),
        left=Text(zh="尚未退出", en="not yet out"),
        compare=Comparison.AT_LEAST,
        right=Text(zh="未满足需求所涉", en="held back by what is not met"),
        unit=unit_of(group),
        citation=need.citation,
    )

    def sides(region: str, year: int) -> Sides:
        still = ledger.stock_below[group.id, year][region] - ledger.out_below[group.id, year].get(region, 0)
        opened = ledger.places.needed.get((region, need.id, year), 0) - ledger.met[need.id, year].get(
            region, 0
        )
        return still, held * opened

    places = [
        place
        for place in ledger.places.needs_in(need.id)
        if place[0].id in ledger.stock_below[group.id, place[1]]
    ]
    unknown = ledger.unknown({Item.UNITS} | ledger.persons_items([group]))
    yield from each(statement, places, unknown, sides)
