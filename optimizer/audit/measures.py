"""Measures and needs: what is met, what is due, and how much may be bought where, when and together."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from models.allocation import Item
from models.case import RegionId, Year
from models.citation import Language, Text
from models.finding import Finding
from models.policy import After, Counts, Exclusion, Group, Measure, Need, NeedKind, Resource
from models.rules.tree import Comparison
from optimizer.audit.ledger import Ledger
from optimizer.audit.statement import Exact, Sides, Statement, each, found


def findings(ledger: Ledger) -> Iterator[Finding]:
    """Every statement about units, family by family as in docs/mathematics.md."""
    case = ledger.case
    for of_need in (need, due):
        for subject in case.needs.values():
            yield from of_need(ledger, subject)
    for measure in case.measures.values():
        yield from capacity(ledger, measure)
    for limited in case.resources.values():
        yield from resource(ledger, limited)
    for of_measure in (after, smallest):
        for measure in case.measures.values():
            yield from of_measure(ledger, measure)
    for exclusion in case.exclusions.values():
        yield from exclusive(ledger, exclusion)


def need(ledger: Ledger, need: Need) -> Iterator[Finding]:
    """`need.n`: met <= need + slack, at regions with a row.

    The slack is what the last lot may overshoot: the largest meets x lot - 1, at least 0.
    """
    lots = [m.meets[need.id] * m.lot - 1 for m in ledger.case.measures.values() if need.id in m.meets]
    slack = max([Fraction(0), *lots])
    statement = Statement(
        rule=f"need.{need.id}",
        title=need.title,
        left=Text(zh="已满足", en="met"),
        compare=Comparison.AT_MOST,
        right=Text(zh="需求（含不足一批的零头）", en="need (and less than one lot more)"),
        unit=need.unit,
        citation=need.citation,
    )

    def sides(region: str, year: int) -> Sides:
        return _met(ledger, need, region, year), ledger.places.needed.get((region, need.id, year), 0) + slack

    yield from each(statement, ledger.places.needs_in(need.id), ledger.unknown({Item.UNITS}), sides)


def due(ledger: Ledger, need: Need) -> Iterator[Finding]:
    """`due.n`: met >= due[t] x need, at regions with a row, in the years with a due.

    An entitlement without any falls due in full every year.
    """
    shares = need.due
    if not shares and need.kind is NeedKind.ENTITLEMENT:
        shares = dict.fromkeys(ledger.case.years, Fraction(1))
    statement = Statement(
        rule=f"due.{need.id}",
        title=need.title,
        left=Text(zh="已满足", en="met"),
        compare=Comparison.AT_LEAST,
        right=Text(zh="应满足", en="due"),
        unit=need.unit,
        citation=need.citation,
    )

    def sides(region: str, year: int) -> Sides:
        return (
            _met(ledger, need, region, year),
            shares[year] * ledger.places.needed.get((region, need.id, year), 0),
        )

    years = [year for year in ledger.case.years if year in shares]
    yield from each(statement, ledger.places.needs_in(need.id, years), ledger.unknown({Item.UNITS}), sides)


def _met(ledger: Ledger, need: Need, region: str, year: int) -> Exact:
    return ledger.met[need.id, year].get(region, 0)


def capacity(ledger: Ledger, measure: Measure) -> Iterator[Finding]:
    """`capacity.m`: units started in the subtree <= most, for each row; year None: over all years."""
    statement = Statement(
        rule=f"capacity.{measure.id}",
        title=measure.title,
        left=Text(zh="实施", en="started"),
        compare=Comparison.AT_MOST,
        right=Text(zh="最大能力", en="capacity"),
        unit=measure.unit,
        citation=measure.citation,
    )
    unknown = ledger.unknown({Item.UNITS})
    rows = [(row, most) for row, most in ledger.case.tables.capacities.items() if row[0] == measure.id]
    for (_, region, year), most in sorted(rows, key=lambda row: _order(ledger, row[0][1], row[0][2])):
        if year is not None and year not in ledger.case.years:
            continue
        years = ledger.case.years if year is None else (year,)
        below = ledger.units_below
        started = sum(below.get((measure.id, at), {}).get(region, 0) for at in years)
        yield found(statement, ledger.case.regions[region], year, unknown or (started, most))


def resource(ledger: Ledger, resource: Resource) -> Iterator[Finding]:
    """`resource.x`: sum of uses x units started in the subtree <= amount, for each row of resources.csv."""
    statement = Statement(
        rule=f"resource.{resource.id}",
        title=resource.title,
        left=Text(zh="占用", en="used"),
        compare=Comparison.AT_MOST,
        right=Text(zh="可用", en="available"),
        unit=resource.unit,
        citation=resource.citation,
    )
    unknown = ledger.unknown({Item.UNITS})
    users = [measure for measure in ledger.case.measures.values() if measure.uses.get(resource.id)]
    rows = [(row, most) for row, most in ledger.case.tables.limits.items() if row[0] == resource.id]
    for (_, region, year), most in sorted(rows, key=lambda row: _order(ledger, row[0][1], row[0][2])):
        if year not in ledger.case.years:
            continue
        used = sum(
            (
                measure.uses[resource.id] * ledger.units_below.get((measure.id, year), {}).get(region, 0)
                for measure in users
            ),
            Fraction(0),
        )
        yield found(statement, ledger.case.regions[region], year, unknown or (used, most))


def _order(ledger: Ledger, region: RegionId, year: Year | None) -> tuple[int, int]:
    """Regions in file order, and in each the years before the total."""
    return ledger.places.rank[region], ledger.case.last_year + 1 if year is None else year


def after(ledger: Ledger, measure: Measure) -> Iterator[Finding]:
    """`after.m.k`: units started to date <= ratio x units of the measure before it, at each site.

    Of the measure before it those count that were started in s <= t - its lag.
    """
    places = ledger.places.times(ledger.places.sites[measure.id])
    unknown = ledger.unknown({Item.UNITS})
    for index, first in enumerate(measure.after):
        earlier = ledger.case.measures[first.measure]

        def sides(site: str, year: int, first: After = first, earlier: Measure = earlier) -> Sides:
            ready = ledger.started(earlier.id, site, year - earlier.lag)
            return ledger.started(measure.id, site, year), first.ratio * ready

        statement = Statement(
            rule=f"after.{measure.id}.{index + 1}",
            title=measure.title,
            left=Text(zh="累计实施", en="started to date"),
            compare=Comparison.AT_MOST,
            right=Text(
                zh=f"先行的{earlier.title.zh}允许",
                en=f"allowed by {earlier.title.said(Language.EN)}, which comes first",
            ),
            unit=measure.unit,
            citation=measure.citation,
        )
        yield from each(statement, places, unknown, sides)


def smallest(ledger: Ledger, measure: Measure) -> Iterator[Finding]:
    """`smallest.m`: u >= smallest where u > 0, at each site; otherwise 0 >= 0."""
    if measure.smallest is None:
        return
    least = measure.smallest
    statement = Statement(
        rule=f"smallest.{measure.id}",
        title=measure.title,
        left=Text(zh="当年实施", en="started"),
        compare=Comparison.AT_LEAST,
        right=Text(zh="最小规模", en="smallest size"),
        unit=measure.unit,
        citation=measure.citation,
    )

    def sides(site: str, year: int) -> Sides:
        units = ledger.units.get((measure.id, year), {}).get(site, 0)
        return units, least if units > 0 else 0

    places = ledger.places.times(ledger.places.sites[measure.id])
    yield from each(statement, places, ledger.unknown({Item.UNITS}), sides)


def exclusive(ledger: Ledger, exclusion: Exclusion) -> Iterator[Finding]:
    """`exclusive.x`: nobody, and no unit of the need, takes two of the measures."""
    if exclusion.group is not None:
        yield from _exclusive_group(ledger, exclusion, ledger.case.groups[exclusion.group])
    if exclusion.need is not None:
        yield from _exclusive_need(ledger, exclusion, ledger.case.needs[exclusion.need])


def _exclusive_group(ledger: Ledger, exclusion: Exclusion, group: Group) -> Iterator[Finding]:
    """Group: sum of a[r,m,g,t] / most[m,g] <= N[r,g,t], for its members."""
    takers = {m: ledger.case.measures[m].serves.get(group.id) for m in exclusion.measures}
    most = {m: serves.most for m, serves in takers.items() if serves is not None}
    statement = Statement(
        rule=f"exclusive.{exclusion.id}",
        title=exclusion.title,
        left=Text(zh="享受合计", en="served in all"),
        compare=Comparison.AT_MOST,
        right=Text(zh="已退出", en="out"),
        unit=unit_of(group),
        citation=exclusion.citation,
    )

    def sides(region: str, year: int) -> Sides:
        served = sum(
            (ledger.served(region, m, group.id, year) / per_head for m, per_head in most.items()), Fraction(0)
        )
        return served, ledger.out_of(region, group.id, year)

    unknown = ledger.unknown({Item.SERVES} | ledger.persons_items([group]))
    yield from each(statement, ledger.places.times(ledger.places.members[group.id]), unknown, sides)


def _exclusive_need(ledger: Ledger, exclusion: Exclusion, need: Need) -> Iterator[Finding]:
    """Need: sum of E[sub(r),m,t] <= need[r,n,t], at regions with a row."""
    statement = Statement(
        rule=f"exclusive.{exclusion.id}",
        title=exclusion.title,
        left=Text(zh="享受合计", en="served in all"),
        compare=Comparison.AT_MOST,
        right=Text(zh="需求", en="need"),
        unit=need.unit,
        citation=exclusion.citation,
    )

    def sides(region: str, year: int) -> Sides:
        served = sum((ledger.effect_below[m, year].get(region, 0) for m in exclusion.measures), Fraction(0))
        return served, ledger.places.needed.get((region, need.id, year), 0)

    yield from each(statement, ledger.places.needs_in(need.id), ledger.unknown({Item.UNITS}), sides)


def unit_of(group: Group) -> str:
    """What members of the group are counted in."""
    return "village" if group.counts is Counts.VILLAGES else "person"
