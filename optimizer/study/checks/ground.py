"""What several checks stand on: places and stocks as the auditor sees them, and what every target asks for.

In goes a Case; nothing here judges. A `Scope` is one row of a target: the region it stands at, the regions it
selects there, the whole they have, and the number asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from models.allocation import Allocation
from models.case import Case
from models.money import parts
from models.policy import Counts, Group, Need, NeedKind, Severity, Target, TargetKind
from models.region import Level, Region
from models.rules.tree import Comparison
from optimizer.audit.ledger import Ledger
from optimizer.audit.matching import bound_to
from optimizer.audit.measures import unit_of
from optimizer.audit.places import Places, upward

#: Target.compare of targets that ask for something; `<=` only forbids.
ASKING = (Comparison.AT_LEAST, Comparison.EQUAL)


def ceiling(value: Fraction | int) -> int:
    """The least whole number that is not below the value."""
    return -(-value.numerator // value.denominator)


@dataclass(frozen=True, slots=True)
class Scope:
    """One row of a target in one year."""

    top: Region
    year: int
    selected: Mapping[str, frozenset[str]]
    """Group, standard or need -> the regions it counts."""
    whole: Fraction
    """Members, regions or need of what is selected."""
    most: Fraction
    """The most that can be counted: the whole, what last lots of a need may add, entrants it leaves out."""
    amount: int
    """What the target asks for."""


class Ground:
    """One case, with what the checks have worked out about it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.ledger = Ledger(case, Allocation())
        self.root = case.regions[case.regions.root]
        self._items: dict[int, frozenset[tuple[str, str]]] = {}

    @property
    def places(self) -> Places:
        """Sites, pools, flows, members and rows."""
        return self.ledger.places

    @cached_property
    def bottom_up(self) -> tuple[str, ...]:
        """Every region after everything below it."""
        order = [self.case.regions.root]
        for region in order:
            order.extend(self.case.regions.children[region])
        return tuple(reversed(order))

    @cached_property
    def containing(self) -> Mapping[str, frozenset[str]]:
        """Measure -> regions with a site in their subtree."""
        return {m: frozenset(upward(self.case.regions, s)) for m, s in self.places.sites.items()}

    @cached_property
    def slack(self) -> Mapping[str, Fraction]:
        """Need -> how far a last lot may go beyond it."""
        found = {}
        for need in self.case.needs:
            lots = [m.meets[need] * m.lot - 1 for m in self.case.measures.values() if m.meets.get(need)]
            found[need] = max([Fraction(0), *lots])
        return found

    @cached_property
    def meeting(self) -> Mapping[str, tuple[str, ...]]:
        """Need -> the measures that meet it."""
        return {
            n: tuple(m.id for m in self.case.measures.values() if m.meets.get(n)) for n in self.case.needs
        }

    def groups_of(self, names: tuple[str, ...]) -> list[Group]:
        """The groups meant; none named: every group counted in persons."""
        if names:
            return [self.case.groups[name] for name in names]
        return [group for group in self.case.groups.values() if group.counts is Counts.PERSONS]

    def relapses(self, target: Target) -> bool:
        """Whether members that the target counts can fall back, or their exits be undone."""
        return target.kind is TargetKind.EXITS and any(map(self.comes_back, self.groups_of(target.groups)))

    def comes_back(self, group: Group) -> bool:
        """Whether fewer of the group may be out in a year than in the year before."""
        return bool(group.relapse) or self.ledger.may_revoke(group)

    def due_share(self, need: Need, year: int) -> Fraction | None:
        """The share of the need that must be met by (entitlement: in) the year."""
        if need.kind is NeedKind.ENTITLEMENT and not need.due:
            return Fraction(1)
        return need.due.get(year)

    # --- targets ------------------------------------------------------------------------------

    def items(self, scope: Scope) -> frozenset[tuple[str, str]]:
        """Everything a scope counts, as (group, standard or need; region)."""
        if id(scope) not in self._items:
            pairs = ((name, region) for name, regions in scope.selected.items() for region in regions)
            self._items[id(scope)] = frozenset(pairs)
        return self._items[id(scope)]

    @cached_property
    def scopes(self) -> Mapping[str, tuple[Scope, ...]]:
        """Target -> its rows, by region and then by year."""
        return {t.id: tuple(self._shared_out(t, [*self._scopes(t)])) for t in self.case.targets.values()}

    def binding(self, kind: TargetKind) -> Iterator[Target]:
        """The targets of a kind that every lawful plan must reach."""
        for target in self.case.targets.values():
            if target.kind is kind and target.severity is Severity.HARD and target.compare in ASKING:
                yield target

    def _scopes(self, target: Target) -> Iterator[Scope]:
        chosen: dict[int, dict[str, frozenset[str]]] = {}
        for year in self.case.years:
            if year in target.amounts or year in target.shares:
                chosen[year] = {
                    name: self.places.matcher.regions(target.where.condition, bound_to(year)) & regions
                    for name, regions in self._counted(target)
                }
        tops = [self.root] if target.each is None else self._tops(target.each, chosen.values())
        for top in tops:
            inside = None if top is self.root else frozenset(self.case.regions.subtree(top.id))
            for year, selected in chosen.items():
                here = selected if inside is None else {n: r & inside for n, r in selected.items()}
                yield self._scope(target, top, year, here)

    def _shared_out(self, target: Target, scopes: list[Scope]) -> Iterator[Scope]:
        """With `apportion` the amount of a year is for its rows together: each gets its part."""
        amounts: dict[tuple[str, int], int] = {}
        if target.apportion is not None:
            for year, amount in target.amounts.items():
                rows = [scope for scope in scopes if scope.year == year]
                stock = target.apportion == "stock"
                weights = [s.whole if stock else s.top.attributes[target.apportion] for s in rows]
                if any(weights):
                    shared = zip(rows, parts(amount, weights), strict=True)
                    amounts.update({(scope.top.id, year): part for scope, part in shared})
        for scope in scopes:
            yield replace(scope, amount=amounts.get((scope.top.id, scope.year), scope.amount))

    def _tops(self, level: Level, chosen: Iterable[Mapping[str, frozenset[str]]]) -> list[Region]:
        regions = frozenset[str]().union(*(some for year in chosen for some in year.values()))
        above = upward(self.case.regions, regions)
        return [region for region in self.case.regions if region.level is level and region.id in above]

    def _counted(self, target: Target) -> Iterator[tuple[str, frozenset[str]]]:
        if target.kind is TargetKind.EXITS:
            for group in self.groups_of(target.groups):
                yield group.id, frozenset(self.places.members[group.id])
        elif target.kind is TargetKind.MET:
            yield target.need or "", frozenset(self.places.needy[target.need or ""])
        else:
            names = tuple(self.case.standards) if target.standard is None else (target.standard,)
            for name in names:
                yield name, frozenset(self.places.listed[name])

    def _scope(self, target: Target, top: Region, year: int, selected: dict[str, frozenset[str]]) -> Scope:
        whole = beyond = Fraction(0)
        for name, regions in selected.items():
            if target.kind is TargetKind.EXITS:
                start = sum(self.ledger.stock[name][region] for region in regions)
                entered = sum(self.ledger.stock_by[name, year][region] for region in regions) - start
                whole += start + (entered if target.entrants else 0)
                beyond += 0 if target.entrants else entered
            elif target.kind is TargetKind.MET:
                whole += sum(self.case.need(region, name, year) or 0 for region in regions)
                beyond += len(regions) * self.slack[name]
            else:
                whole += len(regions)
        share = target.shares.get(year, Fraction(0))
        amount = target.amounts[year] if year in target.amounts else ceiling(share * whole)
        return Scope(top, year, selected, whole, whole + beyond, amount)

    def to_date(self, target: Target) -> Iterator[tuple[Scope, int]]:
        """Each row of the target with what must be reached by then: in-year amounts are added up."""
        sums: dict[str, int] = {}
        for scope in self.scopes[target.id]:
            if target.cumulative or not self.adds_up(target):
                yield scope, scope.amount
            else:
                sums[scope.top.id] = sums.get(scope.top.id, 0) + scope.amount
                yield scope, sums[scope.top.id]

    def adds_up(self, target: Target) -> bool:
        """Whether what is reached in a year stays reached: not entitlements, nor where people fall back."""
        if target.kind is TargetKind.MET:
            return self.case.needs[target.need or ""].kind is NeedKind.BACKLOG
        return not self.relapses(target)

    def unit(self, target: Target) -> str:
        """What the target counts in."""
        if target.kind is TargetKind.MET:
            return self.case.needs[target.need or ""].unit
        if target.kind is TargetKind.EXITS:
            groups = self.groups_of(target.groups)
            return unit_of(groups[0]) if groups else "person"
        return "region"
