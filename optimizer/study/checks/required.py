"""The least that every lawful plan must do: needs met and members out, by region and year, and why.

Only hard statements count: `due`, targets, and the conditions of regions that a target wants off the list all
together. Members that must be out also bring the needs along that would hold them back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from models.citation import Citation, Text
from models.policy import ConditionKind, Need, NeedKind, Standard, StandardCondition, TargetKind
from models.region import Region
from optimizer.audit.places import roll_up
from optimizer.study.checks.ground import Ground, ceiling


@dataclass(frozen=True, slots=True)
class Claim:
    """`out` members of those selected (group -> regions with members) must be out at the end of the year."""

    rule: str
    title: Text
    citation: Citation
    region: Region
    year: int
    selected: Mapping[str, frozenset[str]] | None
    """None: all members of `groups` in the region and below."""
    groups: tuple[str, ...]
    out: int
    stock: int


@dataclass(frozen=True, slots=True)
class Demand:
    """`amount` of a need must be met in a region and below: by the year, an entitlement in it."""

    amount: Fraction
    why: Text
    citation: Citation


DUE = Text(zh="到期应满足", en="due")
TOGETHER = Text(zh="下级应满足合计", en="due in the regions below together")


class Required:
    """What must be done, worked out once and asked often."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._case = ground.case

    # --- regions and members --------------------------------------------------------------------

    @cached_property
    def leaving(self) -> Mapping[tuple[str, str], int]:
        """(standard, region) that must be off the list -> the first year by whose end."""
        found: dict[tuple[str, str], int] = {}
        for target in self._ground.binding(TargetKind.LISTED):
            for scope, amount in self._ground.to_date(target):
                if amount >= scope.whole:
                    for pair in sorted(self._ground.items(scope)):
                        found[pair] = min(scope.year, found.get(pair, scope.year))
        waiting = list(found)
        for standard, region in waiting:  # grows while it is walked: what is below must go first
            for pair in self._below(self._case.standards[standard], region):
                if found.get(pair, self._case.last_year + 1) > found[standard, region]:
                    found[pair] = found[standard, region]
                    waiting.append(pair)
        return found

    def _below(self, standard: Standard, region: str) -> Iterator[tuple[str, str]]:
        tree = self._case.regions
        for condition in standard.conditions:
            if condition.kind is ConditionKind.REGIONS_OUT and (condition.share or 0) >= 1:
                for below in tree.subtree(region):
                    if below != region and tree[below].level is condition.level:
                        yield from ((name, below) for name in self._ground.places.standards_of.get(below, ()))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every statement that members must be out, of targets and of regions that must leave."""
        return (*self._of_targets(), *self._of_standards())

    def _of_targets(self) -> Iterator[Claim]:
        for target in self._ground.binding(TargetKind.EXITS):
            for scope, amount in self._ground.to_date(target):
                yield Claim(
                    rule=target.id,
                    title=target.title,
                    citation=target.citation,
                    region=scope.top,
                    year=scope.year,
                    selected=scope.selected,
                    groups=tuple(scope.selected),
                    out=amount,
                    stock=int(scope.most),
                )

    def _of_standards(self) -> Iterator[Claim]:
        for (name, region), year in self.leaving.items():
            standard = self._case.standards[name]
            for condition in standard.conditions:
                if condition.kind in (ConditionKind.GROUP_OUT, ConditionKind.POOR_SHARE):
                    yield from self._of_condition(standard, condition, self._case.regions[region], year)

    def _of_condition(
        self, standard: Standard, condition: StandardCondition, region: Region, year: int
    ) -> Iterator[Claim]:
        groups = tuple(group.id for group in self._ground.groups_of(condition.groups))
        stock = int(sum(self._ground.ledger.stock_below[group, year].get(region.id, 0) for group in groups))
        share = Fraction(1) if condition.share is None else condition.share
        if condition.kind is ConditionKind.GROUP_OUT:
            out = ceiling(share * stock)
        elif condition.of is not None and condition.of in region.attributes:
            out = stock - int(share * region.attributes[condition.of] // 1)
        else:
            return
        if out > 0:
            yield Claim(
                rule=f"{standard.id}.{condition.id}",
                title=standard.title,
                citation=condition.citation,
                region=region,
                year=year,
                selected=None,
                groups=groups,
                out=out,
                stock=stock,
            )

    @cached_property
    def still_in(self) -> Mapping[tuple[str, int], Mapping[str, int]]:
        """(group, year) -> region -> the most members of its subtree that may still be in; absent: any."""
        found: dict[tuple[str, int], dict[str, int]] = {}
        tree = self._case.regions
        for claim in self.claims:
            left = max(claim.stock - claim.out, 0)
            for group in claim.groups:
                limits = found.setdefault((group, claim.year), {})
                for region in self._wholly(claim, group):
                    limits[region] = min(left, limits.get(region, left))
        for (group, year), limits in found.items():
            for region in self._ground.ledger.stock_below[group, year]:
                above = [limits[one] for one in tree.ancestors(region) if one in limits]
                if above:
                    limits[region] = min(above)
        return found

    def _wholly(self, claim: Claim, group: str) -> Iterator[str]:
        """The topmost regions all of whose members of the group the claim speaks of."""
        if claim.selected is None:
            yield claim.region.id
            return
        tree = self._case.regions
        chosen = roll_up(tree, dict.fromkeys(claim.selected[group], 1))
        every = self._numbers[group]
        waiting = [claim.region.id]
        while waiting:
            region = waiting.pop()
            if chosen.get(region, 0) == every.get(region, 0):
                yield region
            elif region in chosen:
                waiting.extend(tree.children[region])

    @cached_property
    def _numbers(self) -> Mapping[str, Mapping[str, int | Fraction]]:
        """Group -> region -> number of regions with members in its subtree."""
        members = self._ground.places.members
        return {g: roll_up(self._case.regions, dict.fromkeys(members[g], 1)) for g in self._case.groups}

    # --- needs --------------------------------------------------------------------------------

    @cached_property
    def demands(self) -> Mapping[tuple[str, int], Mapping[str, Demand]]:
        """(need, year) -> region -> what must be met there and below; the largest of all reasons."""
        found: dict[tuple[str, int], dict[str, Demand]] = {}
        for need, year, region, demand in self._every_demand():
            known = found.setdefault((need, year), {})
            if demand.amount > 0 and (region not in known or known[region].amount < demand.amount):
                known[region] = demand
        return {key: by_region for key, by_region in found.items() if by_region}

    def _every_demand(self) -> Iterator[tuple[str, int, str, Demand]]:
        for need in self._case.needs.values():
            yield from self._due(need)
            if need.kind is NeedKind.BACKLOG:
                yield from self._held(need)
        for target in self._ground.binding(TargetKind.MET):
            for scope, amount in self._ground.to_date(target):
                if self._apart(target.need or ""):
                    reason = Demand(Fraction(amount), target.title, target.citation)
                    yield target.need or "", scope.year, scope.top.id, reason
        for (name, region), first in self.leaving.items():
            for condition in self._case.standards[name].conditions:
                if condition.kind is ConditionKind.NEED and condition.need is not None:
                    yield from self._of_need_condition(name, condition, condition.need, region, first)

    def _due(self, need: Need) -> Iterator[tuple[str, int, str, Demand]]:
        for year in self._case.years:
            share = self._ground.due_share(need, year)
            if share:
                for region in self._ground.places.needy[need.id]:
                    amount = share * (self._case.need(region, need.id, year) or 0)
                    yield need.id, year, region, Demand(amount, DUE, need.citation)

    def _held(self, need: Need) -> Iterator[tuple[str, int, str, Demand]]:
        """Members out that an open unit would hold back: met >= need - (members still in) / holds."""
        for (group, year), limits in self.still_in.items():
            holds = need.holds.get(group)
            if not holds:
                continue
            title = self._case.groups[group].title
            why = Text(zh=f"{title.zh}退出前应满足", en=f"needed before {title.en or title.zh} can be out")
            members = self._ground.ledger.stock_below[group, year]
            for region in self._ground.places.needy[need.id]:
                if region in limits and region in members:
                    amount = (self._case.need(region, need.id, year) or 0) - limits[region] / holds
                    yield need.id, year, region, Demand(Fraction(amount), why, need.citation)

    def _of_need_condition(
        self, standard: str, condition: StandardCondition, need: str, region: str, first: int
    ) -> Iterator[tuple[str, int, str, Demand]]:
        share = Fraction(1) if condition.share is None else condition.share
        title = self._case.standards[standard].title
        backlog = self._case.needs[need].kind is NeedKind.BACKLOG
        for year in self._case.years:
            amount = self._case.need(region, need, year)
            if amount and (year == first or (year > first and not backlog)):
                yield need, year, region, Demand(share * amount, title, condition.citation)

    def _apart(self, need: str) -> bool:
        """Whether no region with a row for the need lies below another: then what they meet adds up."""
        rows = frozenset(self._ground.places.needy[need])
        tree = self._case.regions
        return not any(above in rows for row in rows for above in tree.ancestors(row) if above != row)

    def needed(self, need: str, year: int) -> Mapping[str, Demand]:
        """Region -> what must be met in its subtree: its own demand or, if more, the sum of those below."""
        own = self.demands.get((need, year), {})
        found: dict[str, Demand] = {}
        if not own:
            return found
        for region in self._ground.bottom_up:
            below = [found[child] for child in self._case.regions.children[region] if child in found]
            demand = own.get(region)
            if below and (demand is None or demand.amount < sum(one.amount for one in below)):
                together = sum((one.amount for one in below), Fraction(0))
                why = below[0].why if len(below) == 1 else TOGETHER
                demand = Demand(together, why, below[0].citation)
            if demand is not None:
                found[region] = demand
        return found
