"""The books: every quantity of docs/mathematics.md, derived once from the case and the allocation.

Lines with an id or a year that the case does not have are left out here and reported by `structure`.
Amounts by region are mappings without the zeros; `*_below` hold sums over subtrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache

from models.allocation import Allocation, Item
from models.case import Case
from models.citation import Text
from models.money import parts
from models.policy import Entry, Group, Measure, NeedKind, Supply
from optimizer.audit.chains import cost_of_unit, owed
from optimizer.audit.places import Places, roll_up
from optimizer.audit.statement import Exact, Undecided, not_evaluated, plain

Amounts = Mapping[str, Exact]

_ITEMS = {
    Item.MONEY: Text(zh="资金支出", en="money"),
    Item.UNITS: Text(zh="实施数量", en="units"),
    Item.SERVES: Text(zh="服务数量", en="serves"),
    Item.EXITS: Text(zh="退出人数", en="exits"),
    Item.RETURNED: Text(zh="返贫人数", en="returned"),
    Item.REVOKED: Text(zh="撤销退出人数", en="revoked"),
    Item.LEAVES: Text(zh="退出地区", en="leaves"),
    Item.BROUGHT: Text(zh="到位资金", en="brought"),
    Item.CARRIED: Text(zh="结转资金", en="carried"),
    Item.LAPSED: Text(zh="结余资金", en="lapsed"),
}


class Ledger:
    """What the allocation says, added up the ways the statements need it."""

    def __init__(self, case: Case, allocation: Allocation, places: Places | None = None) -> None:
        self.case = case
        self.allocation = allocation
        self.places = places if places is not None and places.hold_for(case) else Places(case)

    def unknown(self, items: Iterable[Item]) -> Undecided | None:
        """Why a statement about these items cannot be computed; None when the allocation covers them."""
        missing = [item for item in Item if item in frozenset(items) - self.allocation.covers]
        if not missing:
            return None
        zh = "、".join(_ITEMS[item].zh for item in missing)
        return not_evaluated(
            f"无法核对，分配表没有给出{zh}",
            f"cannot be checked, the allocation says nothing of {', '.join(missing)}",
        )

    def persons_items(self, groups: Iterable[Group]) -> frozenset[Item]:
        """What must be known to say how many of these groups are out."""
        items = {Item.EXITS}
        for group in groups:
            items |= {Item.RETURNED} if group.relapse else set()
            items |= {Item.REVOKED} if self.may_revoke(group) else set()
        return frozenset(items)

    def may_revoke(self, group: Group) -> bool:
        """Whether exits of the group are undone: by a share, or by a row of revoked.csv."""
        return bool(group.revoked) or group.id in self._revoking

    @cached_property
    def _revoking(self) -> frozenset[str]:
        return frozenset(group for _, group, _ in self.case.tables.revoked)

    # --- money --------------------------------------------------------------------------------

    @cached_property
    def paid(self) -> Mapping[tuple[str, str, int], tuple[tuple[str, int], ...]]:
        """(region, measure, year) -> (fund, fen) of every line of money there."""
        found: dict[tuple[str, str, int], list[tuple[str, int]]] = {}
        case = self.case
        for (region, measure, fund, year), fen in self.allocation.money.items():
            if (
                region in case.regions
                and measure in case.measures
                and fund in case.funds
                and case.first_year <= year <= case.last_year
            ):
                found.setdefault((region, measure, year), []).append((fund, fen))
        return {place: tuple(lines) for place, lines in found.items()}

    @cached_property
    def spent(self) -> Mapping[tuple[str, str, int], int]:
        """(pool, fund, year) -> fen spent of what is pooled there."""
        sums: dict[tuple[str, str, int], int] = {}
        for (region, _, year), lines in self.paid.items():
            for fund, fen in lines:
                pool = self.places.pool_of[fund].get(region)
                if pool is not None:
                    sums[pool, fund, year] = sums.get((pool, fund, year), 0) + fen
        return sums

    @cached_property
    def flows(self) -> Mapping[tuple[str, str, int], Mapping[str, int]]:
        """(measure, fund, year) -> region -> fen, for permitted flows only."""
        found: dict[tuple[str, str, int], dict[str, int]] = {}
        for (region, measure, year), lines in self.paid.items():
            for fund, fen in lines:
                if region in self.places.flows.get((measure, fund), ()):
                    found.setdefault((measure, fund, year), {})[region] = fen
        return found

    def known(self, item: Item, fund: str) -> bool:
        """Whether the fund's brought, carried or lapsed money is known, from the allocation or by law."""
        by_law = {
            Item.BROUGHT: self.case.funds[fund].supply is Supply.GIVEN,
            Item.CARRIED: not self.case.funds[fund].carry_over,
            Item.LAPSED: self.case.funds[fund].supply is Supply.OPEN,
        }
        return item in self.allocation.covers or by_law[item]

    def brought(self, pool: str, fund: str, year: int) -> int:
        """Fen brought in; a given fund's amount where the allocation does not speak of it."""
        if Item.BROUGHT in self.allocation.covers:
            return self.allocation.brought.get((pool, fund, year), 0)
        supplied = self.case.tables.supplied.get((fund, pool, year))
        return 0 if supplied is None else supplied.most or 0

    def carried(self, pool: str, fund: str, year: int) -> int:
        """Fen carried out of the year; 0 before the horizon."""
        if year < self.case.first_year:
            return 0
        return self.allocation.carried.get((pool, fund, year), 0)

    def lapsed(self, pool: str, fund: str, year: int) -> int:
        """Fen neither spent nor carried."""
        return self.allocation.lapsed.get((pool, fund, year), 0)

    @cached_property
    def principal(self) -> Mapping[tuple[str, int], Mapping[str, int]]:
        """(measure, year) -> pool of the fund it goes to -> fen of principal that comes back: whole fen per
        lot, rounded down. Years after the horizon too: what is started within it comes back then."""
        found: dict[tuple[str, int], dict[str, int]] = {}
        for measure in self.case.measures.values():
            back = measure.recovers
            if back is None:
                continue
            for start in self.case.years:
                for region, units in self.units.get((measure.id, start), {}).items():
                    pool = self.places.pool_of[back.into].get(region)
                    cost = cost_of_unit(self.case, measure, region, start)
                    if pool is None or cost is None:
                        continue
                    per_lot = cost * measure.lot * back.share
                    lots = units / measure.lot
                    fen = int(lots * (per_lot.numerator // per_lot.denominator))
                    at = found.setdefault((measure.id, start + back.after), {})
                    at[pool] = at.get(pool, 0) + fen
        return found

    def recovered(self, fund: str) -> Mapping[tuple[str, int], int]:
        """(pool, year) -> fen of principal that comes back to the fund."""
        found: dict[tuple[str, int], int] = {}
        for (measure, year), by_pool in self.principal.items():
            back = self.case.measures[measure].recovers
            if back is not None and back.into == fund:
                for pool, fen in by_pool.items():
                    found[pool, year] = found.get((pool, year), 0) + fen
        return found

    # --- units --------------------------------------------------------------------------------

    @cached_property
    def units(self) -> Mapping[tuple[str, int], Amounts]:
        """(measure, year) -> site -> units started."""
        found: dict[tuple[str, int], dict[str, Exact]] = {}
        for (region, measure, year), units in self.allocation.units.items():
            if region in self.places.site_sets.get(measure, ()) and year in self.case.years:
                found.setdefault((measure, year), {})[region] = plain(units)
        return found

    def started(self, measure: str, region: str, until: int) -> Exact:
        """Units started there in any year up to `until`."""
        return self.started_all(measure, until).get(region, 0)

    def started_all(self, measure: str, until: int) -> Amounts:
        """Site -> units started in any year up to `until`."""
        return self._started.get((measure, min(until, self.case.last_year)), {})

    @cached_property
    def _started(self) -> Mapping[tuple[str, int], Amounts]:
        return {
            (measure, year): self._summed(measure, range(self.case.first_year, year + 1))
            for measure in self.case.measures
            for year in self.case.years
        }

    @cached_property
    def effect(self) -> Mapping[tuple[str, int], Amounts]:
        """(measure, year) -> site -> units in effect: s + lag <= year < s + lag + lifetime."""
        found = {}
        for measure in self.case.measures.values():
            for year in self.case.years:
                latest = year - measure.lag
                earliest = self.case.first_year
                if measure.lifetime is not None:
                    earliest = max(earliest, latest - measure.lifetime + 1)
                found[measure.id, year] = self._summed(measure.id, range(earliest, latest + 1))
        return found

    def _summed(self, measure: str, starts: Iterable[int]) -> Amounts:
        sums: dict[str, Exact] = {}
        for start in starts:
            for region, units in self.units.get((measure, start), {}).items():
                sums[region] = sums.get(region, 0) + units
        return sums

    @cached_property
    def effect_below(self) -> Mapping[tuple[str, int], Amounts]:
        """(measure, year) -> region -> units in effect in its subtree."""
        return {key: roll_up(self.case.regions, units) for key, units in self.effect.items()}

    @cached_property
    def units_below(self) -> Mapping[tuple[str, int], Amounts]:
        """(measure, year) -> region -> units started in its subtree."""
        return {key: roll_up(self.case.regions, units) for key, units in self.units.items()}

    @cached_property
    def met(self) -> Mapping[tuple[str, int], Amounts]:
        """(need, year) -> region -> need met in its subtree: backlog to date, entitlement in the year."""
        found = {}
        for need in self.case.needs.values():
            for year in self.case.years:
                sums: dict[str, Exact] = {}
                for measure in self.case.measures.values():
                    per_unit = plain(measure.meets.get(need.id, 0))
                    if not per_unit:
                        continue
                    if need.kind is NeedKind.BACKLOG:
                        units = self.started_all(measure.id, year - measure.lag)
                    else:
                        units = self.effect[measure.id, year]
                    for region, number in units.items():
                        sums[region] = sums.get(region, 0) + per_unit * number
                found[need.id, year] = roll_up(self.case.regions, sums)
        return found

    # --- what units cost ------------------------------------------------------------------------

    def outlay(self, measure: Measure, region: str, year: int, payer: int | None = None) -> Exact | Undecided:
        """Fen due for the measure there in the year, or that payer's part of it (index into `shares`).

        Each start pays its profile part of unit cost x lot, each lot in effect pays upkeep x lot: whole fen.
        """
        total: Exact = 0
        for start in self.case.years:
            offset = year - start
            units = self.units.get((measure.id, start), {}).get(region)
            if not units or not 0 <= offset < len(measure.profile):
                continue
            cost = cost_of_unit(self.case, measure, region, start)
            if cost is None:
                return not_evaluated(
                    f"无法核对，案例没有给出{start}年的单位成本",
                    f"cannot be checked, no unit cost for {start}",
                )
            lot = _whole(cost * measure.lot)
            if isinstance(lot, Undecided):
                return lot
            part = lot if len(measure.profile) == 1 else _parts(lot, measure.profile)[offset]
            total += _lots(units, measure) * _share(part, measure, payer)
        active = self.effect[measure.id, year].get(region)
        if active and measure.upkeep:
            upkeep = _whole(measure.upkeep * measure.lot)
            if isinstance(upkeep, Undecided):
                return upkeep
            total += _lots(active, measure) * _share(upkeep, measure, payer)
        return total

    def owed_by(self, measure: Measure, layers: Iterable[str], region: str, year: int) -> Exact | Undecided:
        """Fen that these layers owe for the units started there in the year."""
        units = self.units.get((measure.id, year), {}).get(region, 0)
        bill = self.case.bill(measure.id, region, year)
        if units and bill is None:
            return not_evaluated("无法核对，案例没有给出账单金额", "cannot be checked, no bill is given")
        due = owed(measure, bill or 0)
        return units * sum(due[layer] for layer in layers)

    # --- persons --------------------------------------------------------------------------------

    @cached_property
    def entered(self) -> Mapping[tuple[str, int, Entry], Mapping[str, int]]:
        """(group, year, how) -> region -> members who come into the stock in the year."""
        found: dict[tuple[str, int, Entry], dict[str, int]] = {}
        for (region, group, year, how), members in self.case.tables.entrants.items():
            found.setdefault((group, year, how), {})[region] = members
        return found

    @cached_property
    def stock_by(self) -> Mapping[tuple[str, int], Mapping[str, int]]:
        """(group, year) -> region -> members at the start and all who entered up to the year.

        The year before the first has the stock at the start.
        """
        found: dict[tuple[str, int], Mapping[str, int]] = {}
        for group, start in self.stock.items():
            now: Mapping[str, int] = start
            found[group, self.case.first_year - 1] = now
            for year in self.case.years:
                come = [self.entered[group, year, how] for how in Entry if (group, year, how) in self.entered]
                if come:
                    now = {
                        region: members + sum(one.get(region, 0) for one in come)
                        for region, members in now.items()
                    }
                found[group, year] = now
        return found

    @cached_property
    def stock(self) -> Mapping[str, Mapping[str, int]]:
        """Group -> region -> members at the start."""
        return {
            group: {region: self.case.tables.stocks[region, group] for region in regions}
            for group, regions in self.places.members.items()
        }

    @cached_property
    def exits(self) -> Mapping[tuple[str, int], Mapping[str, int]]:
        """(group, year) -> region -> members that leave in the year."""
        found: dict[tuple[str, int], dict[str, int]] = {}
        for (region, group, year), members in self.allocation.exits.items():
            if group in self.stock and region in self.stock[group]:
                found.setdefault((group, year), {})[region] = members
        return found

    @cached_property
    def out(self) -> Mapping[tuple[str, int], Mapping[str, int]]:
        """(group, year) -> region -> members out at the end of the year, every member region included."""
        found: dict[tuple[str, int], Mapping[str, int]] = {}
        for group, regions in self.places.members.items():
            before = dict.fromkeys(regions, 0)
            for year in self.case.years:
                left = self.exits.get((group, year), {})
                back = (self.allocation.returned, self.allocation.revoked)
                before = {
                    region: number
                    + left.get(region, 0)
                    - sum(lines.get((region, group, year), 0) for lines in back)
                    for region, number in before.items()
                }
                found[group, year] = before
        return found

    def out_of(self, region: str, group: str, year: int) -> int:
        """Members out at the end of the year; 0 before the horizon."""
        return self.out[group, year][region] if year >= self.case.first_year else 0

    @cached_property
    def stock_below(self) -> Mapping[tuple[str, int], Amounts]:
        """(group, year) -> region -> members in the stock by the end of the year in its subtree."""
        return {key: roll_up(self.case.regions, members) for key, members in self.stock_by.items()}

    @cached_property
    def out_below(self) -> Mapping[tuple[str, int], Amounts]:
        """(group, year) -> region -> members out in its subtree."""
        return {key: roll_up(self.case.regions, members) for key, members in self.out.items()}

    def served(self, region: str, measure: str, group: str, year: int) -> Exact:
        """Units serving the group there, where the region is a site of the measure and has members."""
        if region not in self.places.site_sets[measure] or region not in self.stock[group]:
            return 0
        return plain(self.allocation.serves.get((region, measure, group, year), Fraction(0)))

    # --- regions --------------------------------------------------------------------------------

    def left_by(self, region: str, standard: str, year: int) -> int:
        """How often the region left the standard's list up to the year: 0 or, lawfully, once."""
        leaves = self.allocation.leaves
        return sum(leaves.get((region, standard, at), 0) for at in self.case.years if at <= year)

    @cached_property
    def off_list(self) -> Mapping[tuple[str, int], frozenset[str]]:
        """(standard, year) -> the regions off its list (z = 1)."""
        return {
            (standard, year): frozenset(
                region for region in regions if self.left_by(region, standard, year) > 0
            )
            for standard, regions in self.places.listed.items()
            for year in self.case.years
        }


def _whole(fen: Fraction) -> int | Undecided:
    """The cost of a lot, which must be whole fen."""
    if fen.denominator == 1:
        return int(fen)
    return not_evaluated("无法核对，每批成本不是整分", "cannot be checked, a lot does not cost whole fen")


def _lots(units: Exact, measure: Measure) -> Exact:
    """How many lots these units are."""
    return units if measure.lot == 1 else plain(units / measure.lot)


def _share(fen: int, measure: Measure, payer: int | None) -> int:
    """One payer's part of an amount per lot, by largest remainder; all of it for None."""
    return fen if payer is None else _parts(fen, tuple(share.share for share in measure.shares))[payer]


@lru_cache(maxsize=4096)
def _parts(fen: int, shares: tuple[Fraction, ...]) -> tuple[int, ...]:
    """Largest remainder, remembered: many places pay the same cost."""
    return parts(fen, shares)
