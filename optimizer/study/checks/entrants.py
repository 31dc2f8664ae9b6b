"""Who comes into the stock during the plan, and whose exit is undone: figures that cannot be, or look wrong.

`entrants` no more come in a year than there were at the start; `revoked` no more exits are undone than can
have taken place by the end of the year before.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.finding import Finding
from models.policy import Group
from models.rules.tree import Comparison
from optimizer.audit.measures import unit_of
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.income import Incomes
from optimizer.study.checks.verdicts import Spot, asked, verdicts


def findings(ground: Ground, incomes: Incomes) -> Iterator[Finding]:
    """Every group that somebody comes into, then every group of which exits are undone."""
    for group in ground.case.groups.values():
        if any(name == group.id for _, name, _, _ in ground.case.tables.entrants):
            yield from entrants(ground, group)
        if any(name == group.id for _, name, _ in ground.case.tables.revoked):
            yield from revoked(ground, incomes, group)


def entrants(ground: Ground, group: Group) -> Iterator[Finding]:
    """Members who enter a place in a year <= members at the start there."""
    check = asked(
        f"entrants.{group.id}",
        group.title,
        ("当年纳入", "enter in the year"),
        Comparison.AT_MOST,
        ("期初存量", "stock at the start"),
        unit_of(group),
        files="entrants.csv, stocks.csv",
        remedy=(
            "一年纳入的比期初还多，请核对数字、地区和人群",
            "more come in a year than there were at all: look up the figure, its place and group",
        ),
        citation=group.citation,
        hard=False,
    )
    came: dict[tuple[str, int], int] = {}
    for (region, name, year, _), members in ground.case.tables.entrants.items():
        if name == group.id:
            came[region, year] = came.get((region, year), 0) + members
    start, regions = ground.ledger.stock[group.id], ground.case.regions
    spots: list[Spot] = [
        (regions[region], year, members, start[region]) for (region, year), members in came.items()
    ]
    yield from verdicts(check, ground.root, spots, ("没有人纳入", "nobody enters"))


def revoked(ground: Ground, incomes: Incomes, group: Group) -> Iterator[Finding]:
    """Exits undone in a year <= the most members that can be out at the end of the year before."""
    check = asked(
        f"revoked.{group.id}",
        group.title,
        ("当年撤销的退出", "exits undone in the year"),
        Comparison.AT_MOST,
        ("上年末最多已退出", "out at most at the end of the year before"),
        unit_of(group),
        files="revoked.csv, stocks.csv",
        remedy=(
            "撤销的比能退出的还多，任何方案都做不到；规划以前的退出写进 entrants.csv",
            "no plan has so many exits to undo; those from before the plan stand in entrants.csv",
        ),
        citation=group.citation,
    )
    spots: list[Spot] = [
        (ground.case.regions[region], year, members, incomes.most_out(group.id, year - 1)[region])
        for (region, name, year), members in ground.case.tables.revoked.items()
        if name == group.id
    ]
    yield from verdicts(check, ground.root, spots, ("没有撤销的退出", "no exits are undone"))
