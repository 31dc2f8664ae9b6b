"""The quantities of rules as sheets of figures, and their sums over what a condition lets through.

A `Sheet` says where a quantity stands (which funds, measures, groups or needs, at which regions) from the
case alone, and how much it is there in a year. `tally` adds a sheet up once for all regions of a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from models.allocation import Item
from models.policy import Entry, Supply
from models.rules.tree import Name, Quantity, Subject
from optimizer.audit.ledger import Amounts, Ledger
from optimizer.audit.places import Choice, Kind, roll_up
from optimizer.audit.statement import Exact

NOTHING: Amounts = {}


class Before(Enum):
    """What a quantity is in years before the horizon."""

    ZERO = auto()  # nobody is out yet
    SAME = auto()  # a stock that does not change
    KNOWN = auto()  # the sheet itself says it
    ROWS = auto()  # what the history rows say
    NEVER = auto()  # not known


@dataclass(frozen=True, slots=True)
class Sheet:
    """One quantity: where it stands, and how much it is."""

    subjects: tuple[Subject, ...]
    places: Mapping[Kind, frozenset[str]]
    amounts: Callable[[Kind, int], Amounts]
    """(kind, year) -> region -> amount; with history rows also the zeros."""
    before: Before
    flow: bool
    """Whether it adds up over years; a stock is taken at the last of them."""
    unknown: Callable[[Kind], frozenset[Item]]
    """What the allocation does not say and would have to."""
    stated: bool = False
    """Whether a place without an amount has no value in that year, instead of 0."""


@dataclass(slots=True)
class Tally:
    """Sums of one quantity in one year, by (region, ids of for_each)."""

    choice: Choice
    """What the condition lets through."""
    amounts: dict[Kind, Exact] = field(default_factory=dict)
    no_history: set[Kind] = field(default_factory=set)
    """Where a row of history would be needed and there is none."""
    unknown: dict[Kind, frozenset[Item]] = field(default_factory=dict)
    """Ids of for_each -> what the allocation does not say."""


def tally(
    ledger: Ledger, quantity: Quantity, sheet: Sheet, year: int, look: int, by: tuple[Subject, ...]
) -> Tally:
    """The quantity's sums in `year`, asked of the condition as year `year`, apart for each subject of `by`.

    `look` is the year whose figures are taken: `year` itself, save for stocks before the horizon. Keys are
    (region, *ids): every region with something in its subtree if REGION is in `by`, else the root.
    """
    choice = ledger.places.choice(quantity.name, (sheet.subjects, sheet.places), quantity.where, year, by)
    result = Tally(choice)
    sums: dict[Kind, dict[str, Exact]] = {}
    missing: dict[Kind, set[str]] = {}
    for kind, ids, let in choice.lines:
        into = sums.setdefault(ids, {})
        amounts = sheet.amounts(kind, look)
        for region, amount in amounts.items():
            if region in let:
                into[region] = into.get(region, 0) + amount
        if sheet.stated:
            missing.setdefault(ids, set()).update(let.difference(amounts))
        elif year < ledger.case.first_year:
            if sheet.before is Before.ROWS:
                missing.setdefault(ids, set()).update(let.difference(amounts))
        else:
            result.unknown[ids] = result.unknown.get(ids, frozenset()) | sheet.unknown(kind)
    tree = ledger.case.regions
    for ids, by_region in sums.items():
        every = Subject.REGION in by
        totals = roll_up(tree, by_region) if every else {tree.root: sum(by_region.values())}
        result.amounts.update({(region, *ids): amount for region, amount in totals.items()})
    for ids, regions in missing.items():
        result.no_history.update((region, *ids) for region in ledger.places.above(regions, by))
    return result


def sheets(ledger: Ledger) -> Mapping[Name, Sheet]:
    """The sheet of every quantity."""
    return {
        Name.SPENT: _spent(ledger),
        Name.AVAILABLE: _available(ledger),
        Name.GIVEN: _given(ledger),
        Name.CARRIED: _carried(ledger),
        Name.RECOVERED: _recovered(ledger),
        Name.UNITS: _units(ledger),
        Name.IN_EFFECT: _in_effect(ledger),
        Name.MET: _met(ledger),
        Name.NEED: _need(ledger),
        Name.EXITS: _exits(ledger),
        Name.OUT: _out(ledger),
        Name.STOCK: _stock(ledger),
        Name.ENTERED: _flows_in(ledger, Entry.NEW, None),
        Name.RELAPSED: _flows_in(ledger, Entry.RELAPSED, Item.RETURNED),
        Name.REVOKED: _flows_in(ledger, Entry.REVOKED, Item.REVOKED),
        Name.LISTED_OUT: _listed_out(ledger),
        Name.CAPACITY: _capacity(ledger),
    }


def _uncovered(ledger: Ledger, *items: Item) -> Callable[[Kind], frozenset[Item]]:
    missing = frozenset(items) - ledger.allocation.covers
    return lambda kind: missing


def _spent(ledger: Ledger) -> Sheet:
    """y of permitted flows."""
    return Sheet(
        subjects=(Subject.MEASURE, Subject.FUND),
        places={(measure, fund): regions for (measure, fund), regions in ledger.places.flows.items()},
        amounts=lambda kind, year: ledger.flows.get((kind[0], kind[1], year), NOTHING),
        before=Before.NEVER,
        flow=True,
        unknown=_uncovered(ledger, Item.MONEY),
    )


def _pools(ledger: Ledger, supplies: tuple[Supply, ...] = tuple(Supply)) -> dict[Kind, frozenset[str]]:
    funds = ledger.case.funds
    return {(f,): frozenset(pools) for f, pools in ledger.places.pools.items() if funds[f].supply in supplies}


def _rows(ledger: Ledger, fund: str, year: int) -> Amounts:
    """Pool -> what funds.csv says the fund brings in, or brought in before the horizon."""
    supplied = ledger.case.tables.supplied
    pools = ledger.places.pools[fund]
    rows = ((pool, supplied.get((fund, pool, year))) for pool in pools)
    return {pool: row.most for pool, row in rows if row is not None and row.most is not None}


def _available(ledger: Ledger) -> Sheet:
    """`brought` at pools; before the horizon what funds.csv says came in, whatever the supply is now."""

    def amounts(kind: Kind, year: int) -> Amounts:
        (fund,) = kind
        if year < ledger.case.first_year:
            return _rows(ledger, fund, year)
        return {pool: ledger.brought(pool, fund, year) for pool in ledger.places.pools[fund]}

    def unknown(kind: Kind) -> frozenset[Item]:
        return frozenset(() if ledger.known(Item.BROUGHT, kind[0]) else {Item.BROUGHT})

    return Sheet((Subject.FUND,), _pools(ledger), amounts, Before.ROWS, flow=True, unknown=unknown)


def _given(ledger: Ledger) -> Sheet:
    """The rows of funds.csv, supply `given` only: a constant."""
    return Sheet(
        subjects=(Subject.FUND,),
        places=_pools(ledger, (Supply.GIVEN,)),
        amounts=lambda kind, year: _rows(ledger, kind[0], year),
        before=Before.ROWS,
        flow=True,
        unknown=_uncovered(ledger),
    )


def _carried(ledger: Ledger) -> Sheet:
    """`carried` at pools."""

    def amounts(kind: Kind, year: int) -> Amounts:
        return {pool: ledger.carried(pool, kind[0], year) for pool in ledger.places.pools[kind[0]]}

    def unknown(kind: Kind) -> frozenset[Item]:
        return frozenset(() if ledger.known(Item.CARRIED, kind[0]) else {Item.CARRIED})

    return Sheet((Subject.FUND,), _pools(ledger), amounts, Before.NEVER, flow=True, unknown=unknown)


def _recovered(ledger: Ledger) -> Sheet:
    """Principal that comes back, at the pools of the fund it goes to."""
    places: dict[Kind, frozenset[str]] = {}
    for measure in ledger.case.measures.values():
        if measure.recovers is not None:
            nearest = ledger.places.pool_of[measure.recovers.into]
            sites = ledger.places.sites[measure.id]
            pools = frozenset(nearest[site] for site in sites if site in nearest)
            places[measure.id, measure.recovers.into] = pools
    return Sheet(
        subjects=(Subject.MEASURE, Subject.FUND),
        places=places,
        amounts=lambda kind, year: ledger.principal.get((kind[0], year), NOTHING),
        before=Before.NEVER,
        flow=True,
        unknown=_uncovered(ledger, Item.UNITS),
    )


def _units(ledger: Ledger) -> Sheet:
    """u at sites."""
    return Sheet(
        subjects=(Subject.MEASURE,),
        places={(measure,): sites for measure, sites in ledger.places.site_sets.items()},
        amounts=lambda kind, year: ledger.units.get((kind[0], year), NOTHING),
        before=Before.NEVER,
        flow=True,
        unknown=_uncovered(ledger, Item.UNITS),
    )


def _capacity(ledger: Ledger) -> Sheet:
    """The yearly rows of capacity.csv: a constant."""
    rows = ledger.case.tables.capacities
    places: dict[Kind, set[str]] = {}
    for measure, region, year in rows:
        if year is not None:
            places.setdefault((measure,), set()).add(region)

    def amounts(kind: Kind, year: int) -> Amounts:
        return {region: most for (name, region, at), most in rows.items() if (name,) == kind and at == year}

    return Sheet(
        subjects=(Subject.MEASURE,),
        places={kind: frozenset(regions) for kind, regions in places.items()},
        amounts=amounts,
        before=Before.NEVER,
        flow=True,
        unknown=_uncovered(ledger),
        stated=True,
    )


def _in_effect(ledger: Ledger) -> Sheet:
    """E at sites."""
    return Sheet(
        subjects=(Subject.MEASURE,),
        places={(measure,): sites for measure, sites in ledger.places.site_sets.items()},
        amounts=lambda kind, year: ledger.effect.get((kind[0], year), NOTHING),
        before=Before.ZERO,
        flow=False,
        unknown=_uncovered(ledger, Item.UNITS),
    )


def _at_rows(ledger: Ledger) -> dict[Kind, frozenset[str]]:
    return {(need,): frozenset(regions) for need, regions in ledger.places.needy.items()}


def _met(ledger: Ledger) -> Sheet:
    """met at regions with a row."""
    return Sheet(
        subjects=(Subject.NEED,),
        places=_at_rows(ledger),
        amounts=lambda kind, year: ledger.met.get((kind[0], year), NOTHING),
        before=Before.ZERO,
        flow=False,
        unknown=_uncovered(ledger, Item.UNITS),
    )


def _need(ledger: Ledger) -> Sheet:
    """need at regions with a row."""

    def amounts(kind: Kind, year: int) -> Amounts:
        (need,) = kind
        return {
            region: ledger.places.needed.get((region, need, year), 0) for region in ledger.places.needy[need]
        }

    return Sheet(
        (Subject.NEED,), _at_rows(ledger), amounts, Before.SAME, flow=False, unknown=_uncovered(ledger)
    )


def _at_members(ledger: Ledger) -> dict[Kind, frozenset[str]]:
    return {(group,): frozenset(regions) for group, regions in ledger.places.members.items()}


def _persons(ledger: Ledger) -> Callable[[Kind], frozenset[Item]]:
    return lambda kind: ledger.persons_items([ledger.case.groups[kind[0]]]) - ledger.allocation.covers


def _exits(ledger: Ledger) -> Sheet:
    """e at members."""
    return Sheet(
        subjects=(Subject.GROUP,),
        places=_at_members(ledger),
        amounts=lambda kind, year: ledger.exits.get((kind[0], year), NOTHING),
        before=Before.NEVER,
        flow=True,
        unknown=_uncovered(ledger, Item.EXITS),
    )


def _out(ledger: Ledger) -> Sheet:
    """N at members."""
    return Sheet(
        subjects=(Subject.GROUP,),
        places=_at_members(ledger),
        amounts=lambda kind, year: ledger.out.get((kind[0], year), NOTHING),
        before=Before.ZERO,
        flow=False,
        unknown=_persons(ledger),
    )


def _stock(ledger: Ledger) -> Sheet:
    """P at members: with those who entered up to the year; before the horizon the stock at the start."""
    return Sheet(
        subjects=(Subject.GROUP,),
        places=_at_members(ledger),
        amounts=lambda kind, year: ledger.stock_by.get((kind[0], year), ledger.stock[kind[0]]),
        before=Before.KNOWN,
        flow=False,
        unknown=_uncovered(ledger),
    )


def _flows_in(ledger: Ledger, how: Entry, item: Item | None) -> Sheet:
    """Members who come into the stock this way, and those who come back to it: b or v at members."""

    def amounts(kind: Kind, year: int) -> Amounts:
        found = dict(ledger.entered.get((kind[0], year, how), NOTHING))
        if item is not None:
            lines: Mapping[tuple[str, str, int], int] = getattr(ledger.allocation, item)
            for region in ledger.places.members[kind[0]]:
                found[region] = found.get(region, 0) + lines.get((region, kind[0], year), 0)
        return found

    def unknown(kind: Kind) -> frozenset[Item]:
        group = ledger.case.groups[kind[0]]
        comes = {Item.RETURNED: bool(group.relapse), Item.REVOKED: ledger.may_revoke(group)}
        wanted = frozenset({item} if item is not None and comes[item] else ())
        return wanted - ledger.allocation.covers

    return Sheet((Subject.GROUP,), _at_members(ledger), amounts, Before.NEVER, flow=True, unknown=unknown)


def _listed_out(ledger: Ledger) -> Sheet:
    """z over all standards. Its kind is the standard, of which no condition speaks."""
    return Sheet(
        subjects=(),
        places={(standard,): frozenset(regions) for standard, regions in ledger.places.listed.items()},
        amounts=lambda kind, year: dict.fromkeys(ledger.off_list.get((kind[0], year), ()), 1),
        before=Before.ZERO,
        flow=False,
        unknown=_uncovered(ledger, Item.LEAVES),
    )
