"""Who can be out at most, given what measures can lift incomes by and what needs hold people back.

`income` the lifts a person can take together close the gap of the year; `exits` the most members that can be
out are as many as a target, or a region that must leave the list, wants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from models.finding import Finding
from models.policy import Group, Measure, NeedKind
from models.rules.tree import Comparison
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.reach import Limit, Reach, added, least
from optimizer.study.checks.required import Claim, Required
from optimizer.study.checks.verdicts import Spot, asked, verdicts

#: What measures can do, those that exclude each other as one: fen a person and year, fen in all (None: any).
_Lift = tuple[Fraction, Limit]


def findings(ground: Ground, required: Required, incomes: Incomes) -> Iterator[Finding]:
    """Every group, then everything that wants members out."""
    for group in ground.case.groups.values():
        yield from gaps(ground, incomes, group)
    by_rule: dict[str, list[Claim]] = {}
    for claim in required.claims:
        by_rule.setdefault(claim.rule, []).append(claim)
    for claims in by_rule.values():
        yield from exits(ground, incomes, claims)


def gaps(ground: Ground, incomes: Incomes, group: Group) -> Iterator[Finding]:
    """What a person can take of all measures >= the gap; where it fails, the last year in which it does."""
    check = asked(
        f"income.{group.id}",
        group.title,
        ("每人最多增收", "income all measures can add per person"),
        Comparison.AT_LEAST,
        ("收入缺口", "income gap"),
        "money",
        files="gaps.csv, measures.yaml",
        remedy=(
            "当年及以前这里没有人能达到收入标准；请核对缺口、增收额、每人上限、实施年份和时滞",
            "nobody there reaches the line in that year or before: look up gap, lift, most, years and lag",
        ),
        citation=group.citation,
        hard=False,
    )
    spots: list[Spot] = []
    for region in ground.places.members[group.id]:
        bad: Spot | None = None
        for year in ground.case.years:
            gap = ground.case.gap(group.id, region, year) or 0
            if gap > 0 and ground.ledger.stock_by[group.id, year][region] > 0:
                lifted = sum((each for each, _ in incomes.lifts(group.id, region, year)), Fraction(0))
                spot = (ground.case.regions[region], year, lifted, gap)
                if lifted >= gap:
                    spots.append(spot)
                else:
                    bad = spot
        if bad is not None:
            spots.append(bad)
    yield from verdicts(check, ground.root, spots, ("没有收入缺口", "no income gap is given"))


def exits(ground: Ground, incomes: Incomes, claims: list[Claim]) -> Iterator[Finding]:
    """The most members of the groups that can be out >= those that must be."""
    first = claims[0]
    counts = ground.case.groups[first.groups[0]].counts if first.groups else None
    check = asked(
        f"exits.{first.rule}",
        first.title,
        ("最多能退出", "can be out at most"),
        Comparison.AT_LEAST,
        ("必须退出", "must be out"),
        "village" if counts == "villages" else "person",
        files="targets.yaml, exits.yaml, stocks.csv, gaps.csv, measures.yaml, capacity.csv, needs.csv",
        remedy=(
            "收入、能力、需求，或当年纳入的人当年不退出，使这么多人无法退出；"
            "请看 check.income、check.need_capacity 的说明，核对目标",
            "incomes, capacities, needs, or that entrants wait a year, do not let so many out: "
            "see check.income and check.need_capacity",
        ),
        citation=first.citation,
    )
    spots: list[Spot] = []
    for claim in claims:
        out = sum(incomes.most_selected(claim, group) for group in claim.groups)
        spots.append((claim.region, claim.year, out, claim.out))
    yield from verdicts(check, ground.root, spots, ("没有退出要求", "nobody must be out"))


class Incomes:
    """The most members that can be out, by group, year and region."""

    def __init__(self, ground: Ground, reach: Reach) -> None:
        self._ground = ground
        self._case = ground.case
        self._reach = reach
        self._most: dict[tuple[str, int], Mapping[str, int]] = {}
        self._serving = {
            group: [measure for measure in self._case.measures.values() if group in measure.serves]
            for group in self._case.groups
        }
        self._units: dict[tuple[str, int], Mapping[str, Limit]] = {}

    def _effective(self, measure: Measure, year: int) -> Mapping[str, Limit]:
        """Region -> the most units in effect in its subtree in the year."""
        key = (measure.id, year)
        if key not in self._units:
            starts = self._reach.starts(measure, year, ever=False)
            self._units[key] = self._reach.started(measure.id, starts)
        return self._units[key]

    def lifts(self, group: str, region: str, year: int) -> list[_Lift]:
        """What can be done for the group in the region and below; measures that exclude each other as one.

        Of such measures a person takes at most the best one, so that they lift her by no more than that.
        """
        together: dict[str, _Lift] = {}
        for measure in self._serving[group]:
            units = self._effective(measure, year)
            if region not in units:
                continue
            serves = measure.serves[group]
            limit = units[region]
            mine = (serves.lift * serves.most, None if limit is None else serves.lift * limit)
            name = self._exclusive(group, measure.id)
            before = together.get(name)
            if before is not None:
                mine = (max(before[0], mine[0]), added((before[1], mine[1])))
            together[name] = mine
        return list(together.values())

    def _exclusive(self, group: str, measure: str) -> str:
        """The first exclusion of the group that names the measure; else the measure alone."""
        for exclusion in self._case.exclusions.values():
            if exclusion.group == group and measure in exclusion.measures:
                return f"exclusion {exclusion.id}"
        return f"measure {measure}"

    def most_out(self, group: str, year: int) -> Mapping[str, int]:
        """Region -> the most members of its subtree that can be out at the end of the year."""
        key = (group, year)
        if key not in self._most:
            found = self._bounded(group, year)
            if year < self._case.last_year and not self._ground.comes_back(self._case.groups[group]):
                later = self.most_out(group, year + 1)  # who is out stays out
                found = {region: min(number, later[region]) for region, number in found.items()}
            self._most[key] = found
        return self._most[key]

    def _bounded(self, group: str, year: int) -> dict[str, int]:
        """min(stock, what incomes allow, what needs allow, the regions below together).

        Of a group that waits only those who were there at the end of the year before can be out.
        """
        there = year - 1 if self._case.groups[group].waits else year
        stock = self._ground.ledger.stock_by[group, there]
        found: dict[str, int] = {}
        least_gap: dict[str, int] = {}
        no_gap: dict[str, int] = {}
        everybody = self._ground.ledger.stock_below[group, year]
        for region in self._ground.bottom_up:
            below = [child for child in self._case.regions.children[region] if child in found]
            if region in stock:
                gap = self._case.gap(group, region, year) or 0
                gaps, free, out = [gap] if gap > 0 else [], 0 if gap > 0 else stock[region], stock[region]
            elif below:
                gaps = [least_gap[child] for child in below if child in least_gap]
                free, out = sum(no_gap[child] for child in below), sum(found[child] for child in below)
            else:
                continue
            no_gap[region] = free
            if gaps:
                least_gap[region] = min(gaps)
                out = min(out, _able(self.lifts(group, region, year), min(gaps), free, out))
            found[region] = max(0, min(out, self._not_held(group, region, year, int(everybody[region]))))
        return found

    def _not_held(self, group: str, region: str, year: int, members: int) -> int:
        """Members - holds x (need - the most that can be met), over the needs with a row for the region."""
        most = members
        for need in self._case.needs.values():
            holds, amount = need.holds.get(group), self._case.need(region, need.id, year)
            if holds and amount and need.kind is NeedKind.BACKLOG:
                met = self._reach.met(need.id, year).get(region, Fraction(0))
                if met is not None and met < amount:
                    most = min(most, int((members - holds * (amount - met)) // 1))
        return most

    def most_selected(self, claim: Claim, group: str) -> int:
        """The most members of the group that can be out of those the claim speaks of."""
        most = self.most_out(group, claim.year)
        whole = most.get(claim.region.id, 0)
        if claim.selected is None:
            return whole
        return min(whole, sum(most[region] for region in claim.selected[group]))


def _able(lifts: list[_Lift], gap: int, free: int, most: int) -> int:
    """The largest N <= most with gap x (N - free) <= sum of min(fen in all, fen a person x N).

    Each term is concave in N. Taking as exhausted those that are exhausted first, each choice gives a bound.
    """
    limited = sorted(
        ((total / each, each, total) for each, total in lifts if total is not None and each > 0),
        key=lambda one: one[0],
    )
    slope = sum((each for each, _ in lifts), Fraction(0))
    exhausted = Fraction(gap * free)
    best: Limit = Fraction(most)
    for step in range(len(limited) + 1):
        if slope < gap:
            best = least(best, exhausted / (gap - slope))
        if step < len(limited):
            slope -= limited[step][1]
            exhausted += limited[step][2]
    return most if best is None else int(best // 1)
