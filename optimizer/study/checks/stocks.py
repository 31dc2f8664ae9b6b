"""Figures of regions against each other: households, rural population, parts of a total.

`households` not more households than members; `household_size` at most ten members each; `population` the
poor are part of the rural population; `poor_share` at most half of it; `parts` what the regions below have
does not add up to more than what is stated for the region; `parts_nearly` nor to almost as much.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.case import AttributeSpec
from models.finding import Finding
from models.policy import Counts, Group
from models.rules.tree import Comparison
from optimizer.audit.places import roll_up
from optimizer.audit.statement import Exact
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.verdicts import Spot, asked, text, verdicts

#: More members than this in an average household are a slip.
LARGEST_HOUSEHOLD = 10
#: The attribute that the poor are part of.
POPULATION = "rural_population"
#: Units in which the parts of a region can be added up (an income per head cannot).
COUNTED = frozenset(
    {"person", "人", "household", "户", "village", "村", "county", "县", "mu", "亩", "kw", "千瓦"}
)
#: Parts that miss the total by less than this share of it were meant to make it.
NEARLY = 20


def findings(ground: Ground) -> Iterator[Finding]:
    """Groups, then the population, then every attribute that can be added up."""
    for group in ground.case.groups.values():
        if group.counts is Counts.PERSONS:
            yield from households(ground, group)
    yield from population(ground)
    for spec in ground.case.attributes.values():
        if spec.unit in COUNTED:
            yield from parts(ground, spec)


def households(ground: Ground, group: Group) -> Iterator[Finding]:
    """households <= members <= 10 x households, wherever both are stated."""
    tables = ground.case.tables
    rows = [
        (ground.case.regions[region], tables.stocks[region, group.id], number)
        for (region, name), number in tables.households.items()
        if name == group.id and (region, name) in tables.stocks
    ]
    none = ("没有写户数", "no households are stated")
    households, members = ("户数", "households"), ("人数", "members")
    fewer = asked(
        f"households.{group.id}",
        group.title,
        households,
        Comparison.AT_MOST,
        members,
        "",
        files="stocks.csv",
        remedy=("户数多于人数，两数可能写反", "more households than members: are the two figures swapped?"),
        citation=group.citation,
    )
    counted: list[Spot] = [(region, None, number, poor) for region, poor, number in rows]
    yield from verdicts(fewer, ground.root, counted, none)
    size = asked(
        f"household_size.{group.id}",
        group.title,
        members,
        Comparison.AT_MOST,
        (f"每户 {LARGEST_HOUSEHOLD} 人计", f"{LARGEST_HOUSEHOLD} in every household would be"),
        "person",
        files="stocks.csv",
        remedy=("户均人口过大，请核对户数和人数", "too many per household: look both figures up"),
        citation=group.citation,
        hard=False,
    )
    large: list[Spot] = [(region, None, poor, LARGEST_HOUSEHOLD * number) for region, poor, number in rows]
    yield from verdicts(size, ground.root, large, none)


def population(ground: Ground) -> Iterator[Finding]:
    """Poor persons in a region and below <= its rural population, and hardly more than half of it."""
    tree = ground.case.regions
    persons: dict[str, Exact] = {}
    for group in ground.case.groups.values():
        if group.counts is Counts.PERSONS:
            for region, members in ground.ledger.stock[group.id].items():
                persons[region] = persons.get(region, 0) + members
    poor = roll_up(tree, persons)
    rural = [(region, region.attributes[POPULATION]) for region in tree if POPULATION in region.attributes]
    none = ("没有农村人口数据", "no rural population is stated")
    for name, part, hard, zh, en in (
        ("population", 1, True, "贫困人口多于农村人口", "more poor than rural people"),
        ("poor_share", 2, False, "贫困发生率超过一半", "more than half of them are poor"),
    ):
        check = asked(
            name,
            text(("贫困人口与农村人口", "poor people and rural population")),
            ("贫困人口", "poor"),
            Comparison.AT_MOST,
            ("农村人口", "rural population")
            if part == 1
            else ("农村人口的一半", "half of the rural population"),
            "person",
            files="stocks.csv, regions.csv",
            remedy=(f"{zh}，请核对两数及其口径", f"{en}: look both figures up and what they count"),
            hard=hard,
        )
        spots = ((region, None, poor.get(region.id, 0), people / part) for region, people in rural)
        yield from verdicts(check, ground.root, spots, none)


def parts(ground: Ground, spec: AttributeSpec) -> Iterator[Finding]:
    """The regions directly below have together not more than the region, and not 95 % to 100 % of it."""
    tree = ground.case.regions
    spots: list[Spot] = []
    nearly: list[Spot] = []
    for region in tree:
        below = [tree[child].attributes.get(spec.id) for child in tree.children[region.id]]
        total = region.attributes.get(spec.id)
        known = [value for value in below if value is not None]
        if total is None or not known:
            continue
        added = sum(known)
        spots.append((region, None, added, total))
        if len(known) == len(below) and total - total / NEARLY <= added < total:
            nearly.append((region, None, added, total))
    for hard, some in ((True, spots), (False, nearly)):
        if hard or some:
            check = asked(
                f"{'parts' if hard else 'parts_nearly'}.{spec.id}",
                spec.title,
                ("下级合计", "regions below together"),
                Comparison.AT_MOST if hard else Comparison.EQUAL,
                ("本级", "the region itself"),
                spec.unit,
                files="regions.csv",
                remedy=("分项之和与总数不符，请核对", "the parts do not make the total: look the figures up"),
                hard=hard,
            )
            none = ("上下级没有同时写明", "not stated both for a region and below it")
            yield from verdicts(check, ground.root, some, none)
