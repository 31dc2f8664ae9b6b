"""Do policy and figures fit? Money in every pool and year, somebody who pays, a cost for every start, a
bound.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from models.case import Case
from models.policy import Entry, Fund, Measure, Supply
from models.region import Level
from optimizer.read.figures import plain_text
from optimizer.read.kinds import Path
from optimizer.read.problems import Log
from optimizer.read.selection import lets, payers, pools, sites
from optimizer.read.sources import Sources


def check_figures(case: Case, sources: Sources, faulty: frozenset[Path], log: Log) -> None:
    """Everything that needs the tree, the years, the policy items and the tables together.

    Nothing is said about items that are `faulty` already.
    """
    if not (sources.tree and sources.horizon):
        return
    if "funds.csv" not in sources.broken and "funds" not in sources.broken:
        _check_pools(case, sources, log)
    for measure in case.measures.values():
        if ("measures", measure.id) not in faulty:
            paid = sources.complete(case, "funds") and not any(path[0] == "funds" for path in faulty)
            _check_measure(measure, case, sources, paid, log)
    _check_unused(case, sources, log)
    _check_people(case, sources, log)
    for standard in case.standards.values():
        if ("standards", standard.id) not in faulty and not any(
            lets(standard.where, region) is not False for region in case.regions
        ):
            place = sources.at("standards", standard.id, "where")
            log.add("no-region", place, standard.where.text, item=standard.id)
    for target in case.targets.values():
        if target.each is not None and not any(region.level is target.each for region in case.regions):
            log.add("no-region", sources.at("targets", target.id, "each"), target.each, item=target.id)


def _check_pools(case: Case, sources: Sources, log: Log) -> None:
    """Each fund brings something in somewhere, and each pool has a row for every year."""
    years: dict[tuple[str, str], set[int]] = {}
    for fund, region, year in case.tables.supplied:
        years.setdefault((fund, region), set()).add(year)
    for fund, item in case.funds.items():
        if item.supply is not Supply.OPEN and not any(known == fund for known, _ in years):
            log.add("fund-without-amounts", sources.at("funds", fund), fund=fund)
    for (fund, region), given in years.items():
        missing = [year for year in case.years if year not in given]
        if missing:
            key = (fund, region, min(given))
            words = {"fund": fund, "region": region, "years": " ".join(map(str, missing))}
            log.add("pool-year-missing", sources.row("funds", key, "year"), **words)


def _check_measure(measure: Measure, case: Case, sources: Sources, paid: bool, log: Log) -> None:
    here: Path = ("measures", measure.id)
    places = list(sites(case, measure))
    if not places:
        field = "level" if measure.level is not None and measure.where.condition is None else "where"
        log.add("no-site", sources.at(*here, field), measure.where.text, measure=measure.id)
        return
    if paid:
        _check_payers(measure, places, case, sources, log)
    if "costs.csv" not in sources.broken:
        _check_costs(measure, places, case, sources, log)
    if measure.smallest is not None or measure.one_payer:
        _check_bound(measure, places, case, sources, log)


def _check_payers(measure: Measure, places: list[str], case: Case, sources: Sources, log: Log) -> None:
    here: Path = ("measures", measure.id)
    able = payers(case, measure, measure.payers)
    parts = [((*here, "payers"), measure.payers)]
    parts += [((*here, "shares", i, "payer"), share.payer) for i, share in enumerate(measure.shares)]
    if measure.match is not None:
        parts += [((*here, "match", "by"), measure.match.by), ((*here, "match", "of"), measure.match.of)]
    nobody = False
    for path, selector in parts:
        if not any(lets(selector, fund) is not False for fund in able):
            nobody = True
            log.add("no-payer", sources.at(*path), selector.text, measure=measure.id, field=str(path[-1]))
    for index, share in enumerate(measure.shares):
        for other in measure.shares[:index]:
            both = [
                f.id for f in able if lets(share.payer, f) is not False and lets(other.payer, f) is not False
            ]
            if both:
                place = sources.at(*here, "shares", index, "payer")
                log.add("payer-twice", place, share.payer.text, fund=both[0], measure=measure.id)
    if not nobody and "funds.csv" not in sources.broken and not any(map(_reaches(case, places), able)):
        funds = " ".join(fund.id for fund in able)
        log.add("no-flow", sources.at(*here, "payers"), measure.payers.text, measure=measure.id, funds=funds)


def _reaches(case: Case, places: list[str]) -> Callable[[Fund], bool]:
    """Whether a fund can be spent at one of the places at least."""

    def reaches(fund: Fund) -> bool:
        pooled = pools(case, fund)
        return any(
            lets(fund.where, case.regions[place]) is not False
            and any(above in pooled for above in case.regions.ancestors(place))
            for place in places
        )

    return reaches


def _check_costs(measure: Measure, places: list[str], case: Case, sources: Sources, log: Log) -> None:
    """A cost for every site and year of a start, and whole fen per lot."""
    costs, years = case.tables.costs, measure.years or (case.first_year, case.last_year)
    open_years = [y for y in range(years[0], years[1] + 1) if (measure.id, None, y) not in costs]
    if (measure.id, None, None) not in costs and open_years:
        missing = [
            (place, year)
            for place in places
            if (measure.id, place, None) not in costs
            for year in open_years
            if (measure.id, place, year) not in costs
        ]
        if missing:
            region, year = missing[0]
            words = {"measure": measure.id, "region": region, "year": year, "count": len(missing)}
            log.add("cost-missing", sources.file("costs.csv"), **words)
    if measure.lot.denominator == 1:
        return
    for key, cost in costs.items():
        if key[0] == measure.id and (cost * measure.lot).denominator != 1:
            found = f"{plain_text(Fraction(cost, 100))}元"
            words = {"lot": plain_text(measure.lot) or str(measure.lot), "measure": measure.id}
            log.add("lot-not-fen", sources.row("costs", key, "cost"), found, **words)


def _check_bound(measure: Measure, places: list[str], case: Case, sources: Sources, log: Log) -> None:
    """`smallest` and `one_payer` need a finite most at every site: a need it meets, or a capacity."""
    if sources.broken & {"needs.csv", "capacity.csv", "needs"}:
        return
    bounded = {region for known, region, _ in case.tables.capacities if known == measure.id}
    bounded |= {region for region, need, _ in case.tables.needs if need in measure.meets}
    for place in places:
        if bounded.isdisjoint(case.regions.ancestors(place)):
            field = "smallest" if measure.smallest is not None else "one_payer"
            words = {"measure": measure.id, "region": place, "field": field}
            log.add("unbounded", sources.at("measures", measure.id, field), **words)
            return


def _check_people(case: Case, sources: Sources, log: Log) -> None:
    """Who comes in has a row in stocks.csv, what they bring along one in needs.csv; exits come before."""
    tables = case.tables
    if "stocks.csv" not in sources.broken:
        for name in ("entrants", "revoked"):
            strange = [key for key in getattr(tables, name) if (key[0], key[1]) not in tables.stocks]
            if strange:
                region, group, *_ = strange[0]
                words = {"group": group, "count": len(strange), "region": region}
                log.add("no-stock-row", sources.row(name, strange[0], "region"), region, **words)
    early = [key for key in tables.revoked if key[2] <= case.first_year]
    if early:
        place = sources.row("revoked", early[0], "year")
        log.add("revoked-early", place, str(early[0][2]), first=case.first_year + 1)
    if sources.broken & {"needs.csv", "needs"}:
        return
    rows = {(region, need) for region, need, _ in tables.needs}
    for need in case.needs.values():
        for region, group, _, how in tables.entrants:
            if (
                how is Entry.NEW
                and group in need.brought_by
                and not any((above, need.id) in rows for above in case.regions.ancestors(region))
            ):
                place = sources.at("needs", need.id, "brought_by", group)
                log.add("brought-nowhere", place, group, need=need.id, region=region)
                break


def _check_unused(case: Case, sources: Sources, log: Log) -> None:
    """Rows of costs.csv and gaps.csv for a region where they can never count."""
    leaves = frozenset(case.regions.leaves)
    shown: set[tuple[str, str]] = set()

    def unused(table: str, what: str, region: str | None, level: Level | None) -> bool:
        if region is None or region not in case.regions or (table, what) in shown:
            return False
        fits = region in leaves if level is None else case.regions[region].level is level
        if not fits:
            shown.add((table, what))
        return not fits

    for key in case.tables.costs:
        measure = case.measures.get(key[0])
        if measure is not None and unused("costs", key[0], key[1], measure.level):
            level = str(measure.level or "leaf")
            log.add("row-unused", sources.row("costs", key, "region"), str(key[1]), item=key[0], level=level)
    for key in case.tables.gaps:
        if unused("gaps", key[0], key[1], None):
            log.add("row-unused", sources.row("gaps", key, "region"), str(key[1]), item=key[0], level="leaf")
