"""regions.csv to the tree of regions: one root, one parent each, no cycles, levels going down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from models.case import AttributeSpec
from models.money import MONEY_UNITS
from models.region import Level, Region, RegionTree
from optimizer.read import cells, figures
from optimizer.read.csv_table import Column, Rows, Table, read_table
from optimizer.read.figures import Fault
from optimizer.read.kinds import ID
from optimizer.read.messages import KIND_WORDS
from optimizer.read.policy import Policy
from optimizer.read.problems import Place

FILE = "regions.csv"
COLUMNS = (
    Column("region"),
    Column("name"),
    Column("level"),
    Column("parent"),
    Column("tags", optional=True),
    Column("code", optional=True),
    *cells.CITATION_COLUMNS,
)
_LEVELS = list(Level)


@dataclass
class Regions:
    """The tree; `ids` is None, and the tree empty, where regions.csv cannot be read.

    `whole` says that the tree is sound, so that checks may walk it.
    """

    tree: RegionTree = field(default_factory=lambda: RegionTree({}))
    ids: frozenset[str] | None = None
    names: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    whole: bool = False


def read_regions(text: str | Rows, policy: Policy) -> Regions:
    """The regions of a case; everything wrong with them is on the log."""
    before = len(policy.log.problems)

    def attribute(name: str, unit: str | None) -> str | None:
        known = policy.attributes.get(name)
        if "attributes" not in policy.broken and (known is None or known.by_year):
            return None
        return f"attribute {name}"

    table = read_table(FILE, text, COLUMNS, policy.log, free=attribute)
    if table is None or table.uneven:
        return Regions()
    _check_attribute_columns(table, policy)
    ids = table.read("region", _region_id)
    names = table.read("name", cells.text)
    declared = frozenset(region for region in ids if region is not None)
    parents = table.read("parent", cells.or_none(cells.known(declared, KIND_WORDS["regions"])))
    columns = (
        ids,
        names,
        table.read("level", cells.word(Level)),
        parents,
        table.read("tags", lambda cell: frozenset(cell.split()), frozenset()),
        table.read("code", _code),
        cells.citations(table, _documents(policy), KIND_WORDS["documents"]),
        _attributes(table, policy.attributes),
    )
    _check_duplicates(table, ids, parents)
    rows = list(zip(*table.good(*columns), strict=True))
    found = {row[0]: _region(row) for row in rows}
    regions = Regions(
        RegionTree(found),
        declared,
        {row[1]: row[0] for row in rows},
        dict(zip(found, table.good_lines(), strict=True)),
    )
    if len(policy.log.problems) == before and table.whole:
        _check_tree(regions, policy)
        regions.whole = len(policy.log.problems) == before
    return regions


def _documents(policy: Policy) -> Mapping[str, Any] | None:
    return None if "documents" in policy.broken else policy.documents


def _region(row: tuple[Any, ...]) -> Region:
    region, name, level, parent, tags, code, citation, attributes = row
    return Region(
        id=region,
        name=name,
        level=level,
        parent=parent,
        tags=tags,
        attributes=attributes,
        code=code,
        citation=citation,
    )


def _region_id(cell: str) -> str:
    if not ID.fullmatch(cells.text(cell)):
        raise Fault("bad-id")
    return cell


def _code(cell: str) -> str | None:
    if cell and not (cell.isascii() and cell.isdigit()):
        raise Fault("bad-code")
    return cell or None


def _check_attribute_columns(table: Table, policy: Policy) -> None:
    for name, spec in policy.attributes.items():
        if spec.by_year:
            continue
        column = f"attribute {name}"
        place = Place(FILE, 1, table.headers.get(column))
        shown = name + ("(元)" if spec.unit == "money" else "")
        unit = table.units.get(column)
        if column not in table.cells:
            policy.log.add("missing-column", place, name=shown, known=" ".join(table.headers.values()))
        elif spec.unit == "money" and unit not in MONEY_UNITS:
            policy.log.add("column-unit", place, table.headers[column], name=name)
            del table.cells[column]
        elif spec.unit != "money" and unit is not None:
            policy.log.add("column-unit-unwanted", place, table.headers[column], name=name)


def _attributes(table: Table, specs: Mapping[str, AttributeSpec]) -> list[dict[str, Fraction]]:
    """What each region's attribute cells hold; an empty cell is not in the mapping."""
    columns: dict[str, list[Fraction | None]] = {}
    for name, spec in specs.items():
        column = f"attribute {name}"
        if column in table.cells:
            money = spec.unit == "money"
            convert = (
                cells.figure(figures.money, table.units[column]) if money else cells.figure(figures.number)
            )
            values = table.read(column, cells.or_none(convert))
            columns[name] = [None if value is None else Fraction(value) for value in values]
    return [
        {name: values[row] for name, values in columns.items() if values[row] is not None}  # type: ignore[misc]
        for row in range(len(table))
    ]


def _check_duplicates(table: Table, ids: list[str | None], parents: list[str | None]) -> None:
    first: dict[str, int] = {}
    for row, region in enumerate(ids):
        if region is None:
            continue
        at = first.setdefault(region, row)
        if at != row:
            code = "duplicate-row" if parents[at] == parents[row] else "two-parents"
            words = {"first": table.lines[at], "one": parents[at] or "", "other": parents[row] or ""}
            table.report(code, "region", [row], words)


def _check_tree(regions: Regions, policy: Policy) -> None:
    tree, log = regions.tree, policy.log

    def at(region: Region, column: str) -> Place:
        return Place(FILE, regions.lines[region.id], column)

    roots = [region for region in tree if region.parent is None]
    if not roots:
        log.add("no-root", Place(FILE, None, "parent"))
    for region in roots[1:]:
        words = {"root": roots[0].id, "first": regions.lines[roots[0].id]}
        log.add("several-roots", at(region, "parent"), region.id, **words)
    settled: set[str] = set()
    for region in tree:
        path: list[str] = []
        current: str | None = region.id
        while current is not None and current not in settled and current not in path:
            path.append(current)
            current = tree[current].parent
        if current is not None and current in path:
            cycle = [*path[path.index(current) :], current]
            log.add("region-cycle", at(tree[current], "parent"), " -> ".join(cycle))
        settled.update(path)
    for region in tree:
        parent = tree[region.parent] if region.parent is not None else None
        if parent is not None and _LEVELS.index(region.level) <= _LEVELS.index(parent.level):
            log.add("level-order", at(region, "level"), region.level, parent=parent.id, above=parent.level)
