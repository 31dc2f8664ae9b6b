"""allocation.csv to an `Allocation` and back: both directions side by side, so that they stay one format.

Reading checks the form only (columns, numbers, units, keys that stand twice). Ids that the case does not
have, years outside it and negative amounts come through: the auditor has findings for them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from models.allocation import Allocation, Item
from models.case import Case
from models.money import MONEY_UNITS, yuan
from models.policy import Counts
from models.submission import Line, Spot, Submission
from optimizer.read import cells, figures
from optimizer.read.csv_table import Column, Table, read_table, uncollected
from optimizer.read.decode import decoded
from optimizer.read.figures import Fault
from optimizer.read.files import read_one
from optimizer.read.problems import Log, Place

FILE = "allocation.csv"
COLUMNS = (
    Column("item", optional=True),
    Column("region"),
    Column("measure"),
    Column("fund"),
    Column("group", optional=True),
    Column("year"),
    Column("amount"),
    Column("unit"),
)
#: The cells that name what a line is about, besides the year; the others are empty.
KEYS: Mapping[Item, tuple[str, ...]] = {
    Item.MONEY: ("region", "measure", "fund"),
    Item.UNITS: ("region", "measure"),
    Item.SERVES: ("region", "measure", "group"),
    Item.EXITS: ("region", "group"),
    Item.RETURNED: ("region", "group"),
    Item.REVOKED: ("region", "group"),
    Item.LEAVES: ("region", "group"),
    Item.BROUGHT: ("region", "fund"),
    Item.CARRIED: ("region", "fund"),
    Item.LAPSED: ("region", "fund"),
}
_MONEY = frozenset({Item.MONEY, Item.BROUGHT, Item.CARRIED, Item.LAPSED})
_ID_COLUMNS = ("region", "measure", "fund", "group")
_COUNTED = {Counts.PERSONS: "人", Counts.VILLAGES: "村"}


def read_allocation(path: Path, case: Case) -> Allocation:
    """The allocation in a plan's folder or a CSV file. Raises CaseErrors."""
    return read_allocation_lines(path, case).allocation


def is_allocation(path: Path) -> bool:
    """A plan's folder, or a CSV file whose first line has the columns of allocation.csv."""
    if path.is_dir():
        return True
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return {column.name for column in COLUMNS if not column.optional} <= {name.strip() for name in header}


@uncollected()
def read_allocation_lines(path: Path, case: Case) -> Submission:
    """The same with the place of every amount of money. Raises CaseErrors."""
    log = Log()
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        log.add("allocation-empty" if path.is_dir() else "file-not-found", Place(str(path)))
    elif file.suffix.lower() != ".csv":
        log.add("allocation-type", Place(file.name))
    log.check()
    raw = read_one(file, log)
    text = None if raw is None else decoded(file.name, raw, log)
    table = read_table(file.name, text, COLUMNS, log) if text is not None else None
    log.check()
    if table is None:  # pragma: no cover - then there is a problem, and it has been raised
        return Submission(Allocation())
    found = _lines(table, case)
    log.check()
    only_money = not any(amounts for item, amounts in found.items() if item is not Item.MONEY)
    covers = frozenset({Item.MONEY}) if only_money else frozenset(Item)
    values = {
        str(item): {key: value for key, value in amounts.items() if value} for item, amounts in found.items()
    }
    return Submission(Allocation(**values, covers=covers), _details(table, found.get(Item.MONEY, {})))


def _details(table: Table, money: Mapping[Any, Any]) -> tuple[Line, ...]:
    """A line for each amount of money: the keys of `money` are in the order of the file."""
    items = table.cells.get("item")
    rows = [row for row in range(len(table)) if items is None or items[row] == Item.MONEY]
    return tuple(
        Line(Spot(table.file, None, f"{table.lines[row]}:amount"), amount, *key)
        for row, (key, amount) in zip(rows, money.items(), strict=True)
    )


def _lines(table: Table, case: Case) -> dict[Item, dict[Any, Any]]:
    """Key -> amount of every kind of line, zeros included."""
    items = table.read("item", cells.word(Item), Item.MONEY)
    years = table.read("year", cells.year(None))
    texts = {name: table.cells.get(name) or [""] * len(table) for name in _ID_COLUMNS}
    rows_of: dict[Item, list[int]] = {item: [] for item in Item}
    for row, item in enumerate(items):
        if item is not None:
            rows_of[item].append(row)
    found: dict[Item, dict[Any, Any]] = {}
    for item, rows in rows_of.items():
        if not rows:
            continue
        for name in _ID_COLUMNS:
            wanted, column = name in KEYS[item], texts[name]
            wrong = [row for row in rows if bool(column[row]) is not wanted]
            code = "empty-cell" if wanted else "cell-unwanted"
            table.report(code, name, wrong, {"item": str(item)})
        keys = list(zip(*([texts[name][row] for row in rows] for name in KEYS[item]), strict=True))
        dated = [(*key, years[row]) for key, row in zip(keys, rows, strict=True)]
        _check_duplicates(table, dated, rows)
        found[item] = dict(zip(dated, _amounts(table, item, rows, case), strict=True))
    return found


def _check_duplicates(table: Table, keys: list[Any], rows: list[int]) -> None:
    if len(set(keys)) == len(keys):
        return
    first: dict[Any, int] = {}
    again: dict[int, int] = {}
    for key, row in zip(keys, rows, strict=True):
        if row not in table.bad and (at := first.setdefault(key, row)) != row:
            again[row] = table.lines[at]
    table.report("duplicate-row", "amount", list(again), lambda row: {"first": again[row]})


def _amounts(table: Table, item: Item, rows: list[int], case: Case) -> list[Any]:
    """The amounts of the rows of one kind; each different (amount, unit, thing) is read once."""
    amounts, units = table.cells["amount"], table.cells["unit"]
    things = _things(table, item)
    known: dict[tuple[str, str, str], Any] = {}
    values = []
    faults: dict[tuple[str, str], list[tuple[int, Fault]]] = {}
    for row in rows:
        key = (amounts[row], units[row], things(row))
        if key not in known:
            try:
                known[key] = _amount(item, *key, case)
            except Fault as fault:
                known[key] = fault
        value = known[key]
        if isinstance(value, Fault):
            column = "unit" if value.code == "unknown-unit" else "amount"
            faults.setdefault((value.code, column), []).append((row, value))
        values.append(value)
    for (code, column), found in faults.items():
        words = {row: fault.words for row, fault in found}
        table.report(code, column, list(words), words.__getitem__)
    return values


def _things(table: Table, item: Item) -> Callable[[int], str]:
    """What decides the unit of a line: the measure, or the group."""
    name = (
        "measure"
        if item in (Item.UNITS, Item.SERVES)
        else "group"
        if item in (Item.EXITS, Item.RETURNED, Item.REVOKED)
        else ""
    )
    column = table.cells.get(name)
    return column.__getitem__ if column is not None else lambda row: ""


def _amount(item: Item, text: str, unit: str, thing: str, case: Case) -> int | Fraction:
    """The amount of a line in base units; raises Fault."""
    if not text:
        raise Fault("empty-cell")
    known = unit_of(item, thing, case)
    if (unit not in MONEY_UNITS) if item in _MONEY else (known is not None and unit != known):
        raise Fault("unknown-unit", item=str(item), known=" ".join(MONEY_UNITS) if item in _MONEY else known)
    if item in _MONEY:
        return figures.money(text, unit)
    if item in (Item.UNITS, Item.SERVES):
        return figures.number(text)
    value = figures.whole(text)
    if item is Item.LEAVES and value not in (0, 1):
        raise Fault("not-one-leave")
    return value


def unit_of(item: Item, thing: str, case: Case) -> str | None:
    """What stands in the unit column: 元 for money; None where the measure or group is not in the case."""
    if item in _MONEY:
        return "元"
    if item is Item.LEAVES:
        return "1"
    if item in (Item.UNITS, Item.SERVES):
        measure = case.measures.get(thing)
        return None if measure is None else measure.unit
    group = case.groups.get(thing)
    return None if group is None else _COUNTED[group.counts]


def write_allocation(allocation: Allocation, case: Case) -> str:
    """The text of allocation.csv: money in 元 with two decimals, lines in the order of the case's files.

    Raises ValueError for an amount that has no exact decimal text, which no multiple of a decimal lot lacks.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in COLUMNS])
    for item in Item:
        writer.writerows(_written(item, getattr(allocation, item), case))
    return out.getvalue()


def _written(item: Item, amounts: Mapping[Any, Any], case: Case) -> Iterator[list[object]]:
    columns = {name: at for at, name in enumerate(KEYS[item])}
    orders = [_order(name, case) for name in KEYS[item]]
    ranked = sorted(
        amounts, key=lambda key: ([(o.get(p, len(o)), p) for o, p in zip(orders, key, strict=False)], key[-1])
    )
    for key in ranked:
        parts = [key[columns[name]] if name in columns else "" for name in _ID_COLUMNS]
        thing = key[1] if len(key) > 2 and item not in (Item.LEAVES, *_MONEY) else ""
        yield [item, *parts, key[-1], _text(item, key, amounts[key]), unit_of(item, thing, case) or ""]


def _text(item: Item, key: object, amount: int | Fraction) -> str:
    if item in _MONEY:
        return yuan(int(amount))
    text = figures.plain_text(Fraction(amount))
    if text is None:
        raise ValueError(f"{item} {key}: {amount} has no exact decimal text")
    return text


def _order(column: str, case: Case) -> dict[str, int]:
    """Rank of every id in the case's files."""
    ids = {
        "region": case.regions.ids,
        "measure": case.measures,
        "fund": case.funds,
        "group": [*case.groups, *case.standards],
    }[column]
    return {id: rank for rank, id in enumerate(ids)}
