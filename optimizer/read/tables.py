"""The CSV files of a case, other than regions.csv, to the figures of `models.case.Tables`.

Each reader converts whole columns, checks what one row can be checked for, refuses a second row of one
key, and returns key -> value with the key's line and citation. A missing file is an empty table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any

from models.case import Supplied, Tables
from models.citation import Citation
from models.policy import Entry, NeedKind, Supply
from optimizer.read import cells, figures
from optimizer.read.csv_table import Column, Rows, Table, read_table
from optimizer.read.figures import Fault
from optimizer.read.messages import KIND_WORDS
from optimizer.read.policy import Policy
from optimizer.read.problems import Place
from optimizer.read.regions import Regions

_YEAR, _REGION = Column("year"), Column("region")
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "stocks": (_REGION, Column("group"), Column("members"), Column("households", optional=True)),
    "entrants": (_REGION, Column("group"), _YEAR, Column("kind"), Column("members")),
    "revoked": (_REGION, Column("group"), _YEAR, Column("members")),
    "needs": (_REGION, Column("need"), _YEAR, Column("amount")),
    "costs": (Column("measure"), _REGION, _YEAR, Column("cost", money=True)),
    "gaps": (Column("group"), _REGION, _YEAR, Column("gap", money=True)),
    "funds": (
        Column("fund"),
        _REGION,
        _YEAR,
        Column("amount", money=True),
        Column("at_least", money=True, optional=True),
    ),
    "capacity": (Column("measure"), _REGION, _YEAR, Column("most")),
    "resources": (Column("resource"), _REGION, _YEAR, Column("amount")),
    "attributes": (Column("attribute"), _REGION, _YEAR, Column("amount")),
}


@dataclass
class Figures:
    """A table's values by key, and each key's citation and line."""

    file: str
    values: dict[Any, Any] = field(default_factory=dict)
    citations: dict[Any, Citation] = field(default_factory=dict)
    lines: Sequence[int] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    """Column -> its name as written."""

    def place(self, key: object, column: str) -> Place:
        """Where a key's row stands."""
        column = self.headers.get(column, column)
        for line, known in zip(self.lines, self.values, strict=False):
            if known == key:
                return Place(self.file, line, column)
        return Place(self.file, None, column)


@dataclass
class Surroundings:
    """What the tables are read against."""

    policy: Policy
    regions: Regions
    households: list[int | None] = field(default_factory=list)
    """Second figure of stocks.csv, row by row."""

    def known(self, collection: str) -> Callable[[str], str]:
        """Ids of a collection of policy items."""
        policy = self.policy
        ids = None if collection in policy.broken else policy.declared[collection]
        titles = {item.title.zh: item.id for item in policy.items[collection].values()}
        return cells.known(ids, KIND_WORDS[collection], titles)

    def region(self) -> Callable[[str], str]:
        """Ids of regions."""
        return cells.known(self.regions.ids, KIND_WORDS["regions"], self.regions.names)

    def year(self, **options: bool) -> Callable[[str], int]:
        """Years of the horizon."""
        return cells.year(self.policy.years, **options)


def read_tables(
    texts: Mapping[str, str | Rows], policy: Policy, regions: Regions
) -> tuple[Tables, dict[str, Figures]]:
    """The tables of all CSV files that are there, and where their figures stand."""
    around = Surroundings(policy, regions)
    found: dict[str, Figures] = {}
    households: dict[Any, int] = {}
    for name, columns in COLUMNS.items():
        file = f"{name}.csv"
        found[name] = Figures(file)
        if file not in texts:
            continue
        before = len(policy.log.problems)
        table = read_table(file, texts[file], (*columns, *cells.CITATION_COLUMNS), policy.log)
        if len(policy.log.problems) > before:
            policy.broken.add(file)  # not every row may be there
        if table is None:
            continue
        keys, values = _READERS[name](table, around)
        documents = None if "documents" in policy.broken else policy.documents
        sources = cells.citations(table, documents, KIND_WORDS["documents"])
        _check_duplicates(table, keys, _KEY_COLUMNS[name])
        keys, values, sources = table.good(keys, values, sources)
        if not table.whole:
            policy.broken.add(file)
        found[name].values = dict(zip(keys, values, strict=True))
        found[name].citations = dict(zip(keys, sources, strict=True))
        found[name].lines, found[name].headers = table.good_lines(), table.headers
        if name == "stocks":
            [stated] = table.good(around.households)
            households = {key: count for key, count in zip(keys, stated, strict=True) if count is not None}
    tables = Tables(
        stocks=found["stocks"].values,
        households=households,
        entrants=found["entrants"].values,
        revoked=found["revoked"].values,
        needs=found["needs"].values,
        costs=found["costs"].values,
        gaps=found["gaps"].values,
        supplied=found["funds"].values,
        capacities=found["capacity"].values,
        limits=found["resources"].values,
        yearly=found["attributes"].values,
        sources={name: figures.citations for name, figures in found.items()},
    )
    return tables, found


_KEY_COLUMNS = {
    "stocks": ("region", "group"),
    "entrants": ("region", "group", "year", "kind"),
    "revoked": ("region", "group", "year"),
    "needs": ("region", "need", "year"),
    "costs": ("measure", "region", "year"),
    "gaps": ("group", "region", "year"),
    "funds": ("fund", "region", "year"),
    "capacity": ("measure", "region", "year"),
    "resources": ("resource", "region", "year"),
    "attributes": ("attribute", "region", "year"),
}


def _check_duplicates(table: Table, keys: list[Any], columns: tuple[str, ...]) -> None:
    """Refuse the second row of a key, naming both lines."""
    if len(set(keys)) == len(keys):
        return
    first: dict[Any, int] = {}
    again = [
        row for row, key in enumerate(keys) if row not in table.bad and first.setdefault(key, row) != row
    ]
    table.report("duplicate-row", columns[0], again, lambda row: {"first": table.lines[first[keys[row]]]})


def _keys(*columns: list[Any]) -> list[tuple[Any, ...]]:
    return list(zip(*columns, strict=True))


def _leaf(around: Surroundings) -> Callable[[str], str]:
    """Ids of regions with nothing below them."""
    regions = around.regions
    leaves = frozenset(regions.tree.leaves) if regions.whole else None
    find = around.region()

    def leaf(cell: str) -> str:
        region = find(cell)
        if leaves is not None and region not in leaves:
            raise Fault("not-a-leaf", example=next(iter(regions.tree.children[region])))
        return region

    return leaf


def _stocks(table: Table, around: Surroundings) -> tuple[list[Any], list[Any]]:
    keys = _keys(table.read("region", _leaf(around)), table.read("group", around.known("groups")))
    around.households = table.read("households", cells.or_none(cells.figure(figures.count)))
    return keys, table.read("members", cells.figure(figures.count))


def _entrants(table: Table, around: Surroundings) -> tuple[list[Any], list[Any]]:
    keys = _keys(
        table.read("region", _leaf(around)),
        table.read("group", around.known("groups")),
        table.read("year", around.year()),
        table.read("kind", cells.word(Entry)),
    )
    return keys, table.read("members", cells.figure(figures.count))


def _revoked(table: Table, around: Surroundings) -> tuple[list[Any], list[Any]]:
    keys = _keys(
        table.read("region", _leaf(around)),
        table.read("group", around.known("groups")),
        table.read("year", around.year()),
    )
    return keys, table.read("members", cells.figure(figures.count))


def _needs(table: Table, around: Surroundings) -> tuple[list[Any], list[Any]]:
    needs = table.read("need", around.known("needs"))
    years = table.read("year", cells.or_none(around.year()))
    items = around.policy.items["needs"]
    backlogs = {need for need, item in items.items() if item.kind is NeedKind.BACKLOG}
    dated = [row for row, need in enumerate(needs) if years[row] is not None and need in backlogs]
    table.report("backlog-year", "year", dated, lambda row: {"need": needs[row]})
    return _keys(table.read("region", around.region()), needs, years), table.read(
        "amount", cells.figure(figures.count)
    )


def _by_place(item: str, collection: str, money: str, table: Table, around: Surroundings) -> Any:
    keys = _keys(
        table.read(item, around.known(collection)),
        table.read("region", cells.or_none(around.region())),
        table.read("year", cells.or_none(around.year())),
    )
    return keys, cells.money(table, money)


def _funds(table: Table, around: Surroundings) -> tuple[list[Any], list[Any]]:
    funds = table.read("fund", around.known("funds"))
    regions = table.read("region", around.region())
    items, tree = around.policy.items["funds"], around.regions.tree
    wrong = [
        row
        for row, (fund, region) in enumerate(zip(funds, regions, strict=True))
        if around.regions.whole
        and fund in items
        and region in tree
        and tree[region].level is not items[fund].pooled_at
    ]
    table.report(
        "wrong-pool-level",
        "region",
        wrong,
        lambda row: {
            "fund": funds[row],
            "level": items[funds[row]].pooled_at,
            "is": tree[regions[row]].level,
        },
    )
    most = table.read("amount", cells.figure(figures.paid_or_unknown, table.units["amount"]))
    least: list[int | None] = [None] * len(table)
    if "at_least" in table.cells:
        least = table.read("at_least", cells.or_none(cells.figure(figures.paid, table.units["at_least"])))
    ranged = {fund for fund, item in items.items() if item.supply is Supply.UP_TO}
    exact = {fund for fund, item in items.items() if item.supply is Supply.GIVEN}
    given = [row for row, value in enumerate(least) if value is not None]
    unwanted = [row for row in given if funds[row] in items and funds[row] not in ranged]
    table.report("at-least-unwanted", "at_least", unwanted, lambda row: {"fund": funds[row]})
    above = [row for row in given if (most[row] or 0) > 0 and (least[row] or 0) > most[row]]
    table.report("at-least-above", "at_least", above, lambda row: {"most": table.cells["amount"][row]})
    unstated = [row for row, top in enumerate(most) if top == figures.UNKNOWN and funds[row] in exact]
    table.report("given-unknown", "amount", unstated, lambda row: {"fund": funds[row]})
    values = [
        None if top is None else _supplied(top, low, fund in exact)
        for fund, low, top in zip(funds, least, most, strict=True)
    ]
    return _keys(funds, regions, table.read("year", around.year(history=True))), values


def _supplied(most: int, least: int | None, exact: bool) -> Supplied:
    if most == figures.UNKNOWN:
        return Supplied(least or 0, None)
    return Supplied(most if exact else least or 0, most)


def _capacity(table: Table, around: Surroundings) -> tuple[list[Any], list[Any]]:
    year = around.year()
    keys = _keys(
        table.read("measure", around.known("measures")),
        table.read("region", around.region()),
        table.read("year", lambda cell: None if cell == "total" else year(cell)),
    )
    return keys, table.read("most", cells.figure(figures.amount))


def _resources(table: Table, around: Surroundings) -> tuple[list[Any], list[Any]]:
    keys = _keys(
        table.read("resource", around.known("resources")),
        table.read("region", around.region()),
        table.read("year", around.year()),
    )
    return keys, table.read("amount", cells.figure(figures.amount))


def _attributes(table: Table, around: Surroundings) -> tuple[list[Any], list[Any]]:
    """Figures of regions by year; a money attribute's are written with their unit, others without."""
    specs = around.policy.attributes
    broken = "attributes" in around.policy.broken
    titles = {spec.title.zh: name for name, spec in specs.items()}
    find = cells.known(None if broken else specs.keys(), KIND_WORDS["attributes"], titles)
    by_year = [name for name, spec in specs.items() if spec.by_year]

    def attribute(cell: str) -> str:
        name = find(cell)
        if not broken and name not in by_year:
            raise Fault("not-by-year", known=" ".join(by_year) or "—")
        return name

    names = table.read("attribute", attribute)
    read = table.read("amount", cells.figure(_measured))
    units = [specs[name].unit if name in specs else None for name in names]
    for code, money in (("money-unit-missing", False), ("money-unit-unwanted", True)):
        wrong = [
            row
            for row, (unit, value) in enumerate(zip(units, read, strict=True))
            if unit is not None and value is not None and value[1] is money and (unit == "money") is not money
        ]
        table.report(code, "amount", wrong, lambda row: {"field": names[row], "unit": units[row]})
    keys = _keys(names, table.read("region", around.region()), table.read("year", around.year(history=True)))
    return keys, [None if value is None else value[0] for value in read]


def _measured(cell: str) -> tuple[Fraction, bool]:
    """A number, and whether it was written with a unit of money (then it is fen)."""
    if figures.split_unit(cell) is not None:
        return Fraction(figures.money_with_unit(cell)), True
    return figures.number(cell), False


_READERS: Mapping[str, Callable[[Table, Surroundings], tuple[list[Any], list[Any]]]] = {
    "stocks": _stocks,
    "entrants": _entrants,
    "revoked": _revoked,
    "needs": _needs,
    "costs": partial(_by_place, "measure", "measures", "cost"),
    "gaps": partial(_by_place, "group", "groups", "gap"),
    "funds": _funds,
    "capacity": _capacity,
    "resources": _resources,
    "attributes": _attributes,
}
