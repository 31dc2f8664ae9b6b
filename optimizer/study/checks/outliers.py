"""Figures of places that stand far above all others: a zero too many, persons written as 万人.

`stands_out.<kind>.<id>`: of the places of one level that have a figure for a need, capacity, resource,
group or attribute in one year, the largest is less than `FACTOR` times the second largest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from models.citation import Citation, Text
from models.finding import Finding
from models.paths import unit_of
from models.policy import Counts
from models.region import Level
from models.rules.tree import Comparison
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.verdicts import Spot, asked, verdicts

FACTOR = 50
LEAST_PLACES = 3

#: (place, year or None) -> figure.
_Figures = Mapping[tuple[str, int | None], Fraction | int]


def findings(ground: Ground) -> Iterator[Finding]:
    """Needs, capacities, resources, groups and attributes, one after the other."""
    case, tables = ground.case, ground.case.tables
    for need in case.needs.values():
        rows = {(r, y): amount for (r, name, y), amount in tables.needs.items() if name == need.id}
        unit = unit_of(need.unit)[0]
        yield from _outlier(ground, f"need.{need.id}", need.title, rows, unit, "needs.csv", need.citation)
    for measure in case.measures.values():
        most = {(r, y): amount for (name, r, y), amount in tables.capacities.items() if name == measure.id}
        unit = unit_of(measure.unit)[0]
        yield from _outlier(
            ground, f"capacity.{measure.id}", measure.title, most, unit, "capacity.csv", measure.citation
        )
    for resource in case.resources.values():
        limits: _Figures = {
            (r, y): amount for (name, r, y), amount in tables.limits.items() if name == resource.id
        }
        unit = unit_of(resource.unit)[0]
        yield from _outlier(
            ground,
            f"resource.{resource.id}",
            resource.title,
            limits,
            unit,
            "resources.csv",
            resource.citation,
        )
    for group in case.groups.values():
        stock: _Figures = {
            (r, None): amount for (r, name), amount in tables.stocks.items() if name == group.id
        }
        unit = "person" if group.counts is Counts.PERSONS else "village"
        yield from _outlier(
            ground, f"stock.{group.id}", group.title, stock, unit, "stocks.csv", group.citation
        )
    for attribute in case.attributes.values():
        own: _Figures = {
            (region.id, None): region.attributes[attribute.id]
            for region in case.regions
            if attribute.id in region.attributes
        }
        own = {
            **own,
            **{(r, y): amount for (name, r, y), amount in tables.yearly.items() if name == attribute.id},
        }
        unit = attribute.unit if attribute.unit == "money" else unit_of(attribute.unit)[0]
        yield from _outlier(
            ground, f"attribute.{attribute.id}", attribute.title, own, unit, "regions.csv", None
        )


def _outlier(
    ground: Ground,
    rule: str,
    title: Text,
    rows: _Figures,
    unit: str | None,
    file: str,
    citation: Citation | None,
) -> Iterator[Finding]:
    """Places of one level in one year against each other; silent where there are fewer than three."""
    spots = list(_spots(ground, rows))
    if not spots:
        return
    check = asked(
        f"stands_out.{rule}",
        title,
        ("最大的地区", "the largest place"),
        Comparison.LESS,
        (f"第二大地区的 {FACTOR} 倍", f"{FACTOR} times the second largest"),
        unit or "1",
        files=file,
        remedy=(
            "远大于其他所有地区，可能多写了零或用错单位",
            "far above every other place: a zero too many, or another unit?",
        ),
        citation=citation,
        hard=False,
    )
    yield from verdicts(check, ground.root, spots, ("", ""))


def _spots(ground: Ground, rows: _Figures) -> Iterable[Spot]:
    tree = ground.case.regions
    sets: dict[tuple[Level, int | None], list[tuple[Fraction | int, str]]] = {}
    for (place, year), figure in rows.items():
        if figure > 0:
            sets.setdefault((tree[place].level, year), []).append((figure, place))
    for (_, year), figures in sets.items():
        if len(figures) >= LEAST_PLACES:
            (second, _), (largest, place) = sorted(figures)[-2:]
            yield tree[place], year, largest, FACTOR * second
