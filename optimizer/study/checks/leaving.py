"""Regions that must leave the list: are there enough that can meet every condition of their standard?

`leaving` the listed regions that can leave by the year, with everything done that capacities and incomes
allow, are as many as the target wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from models.finding import Finding
from models.policy import ConditionKind, StandardCondition, Target, TargetKind
from models.rules.tree import Comparison
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.income import Incomes
from optimizer.study.checks.reach import Limit, Reach, added
from optimizer.study.checks.verdicts import Check, Spot, asked, verdicts

#: As many regions that cannot leave are named in a message.
NAMED = 3


def findings(ground: Ground, reach: Reach, incomes: Incomes) -> Iterator[Finding]:
    """Every target for regions that binds a plan."""
    conditions = Conditions(ground, reach, incomes)
    for target in ground.binding(TargetKind.LISTED):
        spots: list[Spot] = []
        stuck: dict[str, None] = {}
        for scope, amount in ground.to_date(target):
            able = 0
            for standard, region in sorted(ground.items(scope)):
                blocking = conditions.blocking(standard, region, scope.year)
                if blocking is None:
                    able += 1
                elif able < amount:
                    stuck[f"{ground.case.regions[region].name} {blocking}"] = None
            spots.append((scope.top, scope.year, able, amount))
        none = ("没有目标年", "no year")
        yield from verdicts(_check(target, list(stuck)), ground.root, spots, none)


def _check(target: Target, stuck: list[str]) -> Check:
    named = "、".join(stuck[:NAMED]) + ("……" if len(stuck) > NAMED else "")
    return asked(
        f"leaving.{target.id}",
        target.title,
        ("最多能退出的地区", "regions that can leave at most"),
        Comparison.AT_LEAST,
        ("目标", "target"),
        "region",
        files="targets.yaml, exits.yaml, regions.csv, measures.yaml, capacity.csv",
        remedy=(
            f"这些地区达不到退出条件：{named}；请核对条件、属性和措施",
            f"these cannot meet a condition: {named}; look up conditions, attributes and measures",
        ),
        citation=target.citation,
    )


class Conditions:
    """Which condition, if any, a region cannot meet whatever is done."""

    def __init__(self, ground: Ground, reach: Reach, incomes: Incomes) -> None:
        self._ground = ground
        self._case = ground.case
        self._reach = reach
        self._incomes = incomes
        self._known: dict[tuple[str, str, int], str | None] = {}

    def blocking(self, standard: str, region: str, year: int) -> str | None:
        """The first condition that cannot hold in the year or a later one: who has left stays off."""
        key = (standard, region, year)
        if key not in self._known:
            self._known[key] = next(
                (
                    condition.id
                    for condition in self._case.standards[standard].conditions
                    for at in self._case.years
                    if at >= year and not self._can(condition, region, at)
                ),
                None,
            )
        return self._known[key]

    def _can(self, condition: StandardCondition, region: str, year: int) -> bool:
        share = Fraction(1) if condition.share is None else condition.share
        match condition.kind:
            case ConditionKind.NEED:
                amount = self._case.need(region, condition.need or "", year)
                most = self._reach.met(condition.need or "", year).get(region, Fraction(0))
                return amount is None or most is None or most >= share * amount
            case ConditionKind.ATTRIBUTE:
                most = self._attribute(condition.of or "", region, year)
                return most is None or most >= (condition.amount or 0)
            case ConditionKind.REGIONS_OUT:
                return self._regions(condition, region, year, share)
            case ConditionKind.GROUP_OUT | ConditionKind.POOR_SHARE:
                groups = [group.id for group in self._ground.groups_of(condition.groups)]
                stock = sum(self._ground.ledger.stock_below[group, year].get(region, 0) for group in groups)
                out = sum(self._incomes.most_out(group, year).get(region, 0) for group in groups)
                if condition.kind is ConditionKind.GROUP_OUT:
                    return out >= share * stock
                base = self._case.regions[region].attributes.get(condition.of or "")
                return base is None or stock - out <= share * base

    def _attribute(self, name: str, region: str, year: int) -> Limit:
        """The region's attribute and all that measures in effect can add; None also where it is not known."""
        base = self._case.regions[region].attributes.get(name)
        parts: list[Limit] = [base]
        for measure in self._case.measures.values():
            adds = measure.adds.get(name)
            units = self._reach.started(measure.id, self._reach.starts(measure, year, ever=False))
            if adds and region in units:
                most = units[region]
                parts.append(None if most is None else adds * most)
        return added(parts)

    def _regions(self, condition: StandardCondition, region: str, year: int, share: Fraction) -> bool:
        """Enough of the listed regions below can be off every list they are on."""
        tree = self._case.regions
        standards = self._ground.places.standards_of
        listed = [
            below
            for below in tree.subtree(region)
            if below != region and tree[below].level is condition.level and below in standards
        ]
        able = sum(
            all(self.blocking(standard, below, year) is None for standard in standards[below])
            for below in listed
        )
        return able >= share * len(listed)
