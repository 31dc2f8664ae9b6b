"""The most that any lawful plan can do: units started, needs met, members out. None means "no limit".

Every number here is an upper bound. Of everything that binds a plan only this is used: where and when a unit
may be started, whether anybody may pay for it, capacity.csv, resources.csv (as if each measure had them to
itself), whole lots, and that no need is met beyond its last lot. Leaving the rest out can only make a bound
larger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property

from models.layers import layer_amounts
from models.money import parts
from models.policy import Measure, NeedKind
from optimizer.study.checks.ground import Ground

Limit = Fraction | None
#: Region -> limit over its subtree; a region that is not there can do nothing.
Limits = Mapping[str, Limit]


def least(*limits: Limit) -> Limit:
    """The smallest limit; None stands for no limit."""
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None


def added(limits: Iterable[Limit]) -> Limit:
    """The sum; no limit if one of them has none."""
    total = Fraction(0)
    for limit in limits:
        if limit is None:
            return None
        total += limit
    return total


class Reach:
    """What can be reached at most, worked out once and asked often."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._case = ground.case
        self._started: dict[tuple[str, tuple[int, ...]], Limits] = {}
        self._yearly: dict[tuple[str, int], Limits] = {}
        self._met: dict[tuple[str, int, bool], Limits] = {}

    # --- units --------------------------------------------------------------------------------

    def starts(self, measure: Measure, year: int, *, ever: bool) -> tuple[int, ...]:
        """The years of a start that is in effect in `year` (`ever`: whose lag is over by then)."""
        return tuple(
            start
            for start in self._case.years
            if (measure.years is None or measure.years[0] <= start <= measure.years[1])
            and start + measure.lag <= year
            and (ever or measure.lifetime is None or year < start + measure.lag + measure.lifetime)
        )

    def counting(self, measure: Measure, need: str, year: int) -> tuple[int, ...]:
        """The years in which a unit may start that counts as meeting the need in `year`."""
        return self.starts(measure, year, ever=self._case.needs[need].kind is NeedKind.BACKLOG)

    def started(self, measure: str, starts: tuple[int, ...]) -> Limits:
        """Region -> the most units of the measure started in its subtree in these years together."""
        key = (measure, starts)
        if key not in self._started:
            self._started[key] = self._most_started(measure, starts) if starts else {}
        return self._started[key]

    def _most_started(self, measure: str, starts: tuple[int, ...]) -> Limits:
        """min(total row, rows of the years together, regions below together, the region above)."""
        total = self._rows.get(measure, {}).get(None, {})
        by_year = [self._in_year(measure, start) for start in starts]
        found: dict[str, Limit] = {}
        tree = self._case.regions
        sites = self._ground.places.site_sets[measure]
        for region in self._ground.bottom_up:
            years = [limits[region] for limits in by_year if region in limits]
            if not years:
                continue
            own = None if region in sites else added(found[c] for c in tree.children[region] if c in found)
            found[region] = least(total.get(region), added(years), own)
        for region in reversed(self._ground.bottom_up):
            parent = tree[region].parent
            if region in found and parent is not None:
                found[region] = least(found[region], found[parent])
        return found

    def _in_year(self, measure: str, start: int) -> Limits:
        """Region -> the most units started in its subtree in one year, by the rows of that year."""
        if (measure, start) in self._yearly:
            return self._yearly[measure, start]
        rows = self._rows.get(measure, {}).get(start, {})
        sites = self._open_sites(measure, start)
        found: dict[str, Limit] = {}
        tree = self._case.regions
        for region in self._ground.bottom_up:
            below = [found[child] for child in tree.children[region] if child in found]
            if region in sites or below:
                own = None if region in sites else added(below)
                found[region] = least(rows.get(region), own)
        self._yearly[measure, start] = found
        return found

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[int | None, Mapping[str, Fraction]]]:
        """Measure -> year (None: total) -> region -> most units, in whole lots."""
        found: dict[str, dict[int | None, dict[str, Fraction]]] = {}

        def keep(measure: Measure, region: str, year: int | None, most: Fraction) -> None:
            rows = found.setdefault(measure.id, {}).setdefault(year, {})
            whole = most // measure.lot * measure.lot
            rows[region] = min(whole, rows.get(region, whole))

        for (name, region, year), most in self._case.tables.capacities.items():
            keep(self._case.measures[name], region, year, most)
        for (resource, region, at), amount in self._case.tables.limits.items():
            for measure in self._case.measures.values():
                if measure.uses.get(resource):
                    keep(measure, region, at, amount / measure.uses[resource])
        return found

    # --- what a unit costs --------------------------------------------------------------------

    def outlays(self, measure: Measure, bill: int, start: int) -> Mapping[int, tuple[int, ...]]:
        """Year of the horizon -> fen per lot started in `start`, split by the shares or the layers that funds
        of the case pay (one part without)."""
        if measure.layers:
            amounts = zip(measure.layers, layer_amounts(measure.layers, bill), strict=True)
            return {start: tuple(int(fen * measure.lot) for layer, fen in amounts if layer.payer is not None)}
        shares = tuple(share.share for share in measure.shares) or (Fraction(1),)
        paid: dict[int, tuple[int, ...]] = {}
        by_age = _split(int(bill * measure.lot), measure.profile)
        upkeep = _split(int(measure.upkeep * measure.lot), shares)
        for year in range(start, self._case.last_year + 1):
            age = year - start
            here = _split(by_age[age], shares) if age < len(by_age) else (0,) * len(shares)
            effective = age - measure.lag
            if effective >= 0 and (measure.lifetime is None or effective < measure.lifetime):
                here = tuple(a + b for a, b in zip(here, upkeep, strict=True))
            paid[year] = here
        return paid

    @cached_property
    def _payable(self) -> Mapping[str, frozenset[str]]:
        """Measure -> the sites where some fund may pay for it."""
        found: dict[str, frozenset[str]] = {measure: frozenset() for measure in self._case.measures}
        for (measure, _), regions in self._ground.places.flows.items():
            found[measure] |= regions
        return found

    def _open_sites(self, measure: str, start: int) -> frozenset[str]:
        """Sites where a unit may be started that year: somebody may pay for it, or nothing is to be paid."""
        sites = self._ground.places.site_sets[measure]
        item = self._case.measures[measure]
        free = {
            site
            for site in sites - self._payable[measure]
            if not any(
                any(amounts)
                for amounts in self.outlays(item, self._case.bill(measure, site, start) or 0, start).values()
            )
        }
        return (sites & self._payable[measure]) | free

    # --- needs --------------------------------------------------------------------------------

    def met(self, need: str, year: int) -> Limits:
        """Region -> the most of the need that its subtree can meet: to date, an entitlement in the year."""
        return self._meeting(need, year, stated=True)

    def able(self, need: str, year: int) -> Limits:
        """The same by capacities alone, whether or not there is so much of the need."""
        return self._meeting(need, year, stated=False)

    def _meeting(self, need: str, year: int, *, stated: bool) -> Limits:
        key = (need, year, stated)
        if key not in self._met:
            self._met[key] = self._most_met(need, year, stated)
        return self._met[key]

    def _most_met(self, need: str, year: int, stated: bool) -> Limits:
        """min(what the measures allow, the region's need with its last lot, what is met below and in it)."""
        case, slack = self._case, self._ground.slack[need]
        meeting = []
        for name in self._ground.meeting[need]:
            measure = case.measures[name]
            units = self.started(name, self.counting(measure, need, year))
            sites = self._ground.places.site_sets[name]
            meeting.append((measure.meets[need], units, sites))
        found: dict[str, Limit] = {}
        for region in self._ground.bottom_up:
            here = [(each, units[region], sites) for each, units, sites in meeting if region in units]
            if not here:
                continue
            all_of_it = [None if most is None else each * most for each, most, _ in here]
            own = [most for most, (_, _, sites) in zip(all_of_it, here, strict=True) if region in sites]
            below = [found[child] for child in case.regions.children[region] if child in found]
            row = case.need(region, need, year) if stated else None
            there = None if row is None else row + slack
            found[region] = least(added(all_of_it), added([*own, *below]), there)
        return found


def _split(fen: int, shares: tuple[Fraction, ...]) -> tuple[int, ...]:
    return (fen,) if len(shares) == 1 else parts(fen, shares)
