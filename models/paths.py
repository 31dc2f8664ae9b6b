"""A path such as `target.exit[2016].amount` to the figures of a case that it names, added up exactly.

The form is that of `--set`; what stands in brackets narrows the rows, and every row that is left counts.
Beside the amounts that can be patched a path may name households, attributes, what a unit of a measure does,
shares of payers, exit conditions and the numbers of a rule's side: `rule.R-1[2].right` is the second of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from models.case import Case, Supplied
from models.policy import Counts, TargetKind
from models.rules.questions import nodes
from models.rules.tree import Number, Unit
from models.rules.units import WRITTEN_UNITS
from models.stated import FigurePath

#: Kind -> the collection in which its ids stand.
COLLECTIONS: Mapping[str, str] = {
    "fund": "funds",
    "need": "needs",
    "measure": "measures",
    "capacity": "measures",
    "stock": "groups",
    "entrants": "groups",
    "revoked": "groups",
    "gap": "groups",
    "group": "groups",
    "resource": "resources",
    "target": "targets",
    "standard": "standards",
    "rule": "rules",
    "attribute": "attributes",
}
#: Kind -> the file of its figures.
_FILES: Mapping[str, str] = {
    "capacity": "capacity.csv",
    "stock": "stocks.csv",
    "entrants": "entrants.csv",
    "revoked": "revoked.csv",
    "gap": "gaps.csv",
    "group": "groups.yaml",
    "resource": "resources.csv",
    "target": "targets.yaml",
    "standard": "exits.yaml",
    "rule": "rules.yaml",
    "attribute": "regions.csv",
}
#: (kind, field) -> (table, where the id stands in its keys).
_ROWS: Mapping[tuple[str, str], tuple[str, int]] = {
    ("fund", "amount"): ("supplied", 0),
    ("fund", "at_least"): ("supplied", 0),
    ("need", "amount"): ("needs", 1),
    ("measure", "cost"): ("costs", 0),
    ("capacity", "most"): ("capacities", 0),
    ("stock", "members"): ("stocks", 1),
    ("stock", "households"): ("households", 1),
    ("entrants", "members"): ("entrants", 1),
    ("revoked", "members"): ("revoked", 1),
    ("gap", "amount"): ("gaps", 0),
    ("resource", "amount"): ("limits", 0),
}
#: (kind, field) -> what an item has by year, group, resource ...: what may stand in the brackets.
_KEYED: Mapping[tuple[str, str], Callable[[Any], Mapping[Any, Fraction | int | None]]] = {
    ("target", "amount"): lambda item: item.amounts,
    ("target", "share"): lambda item: item.shares,
    ("need", "due"): lambda item: item.due,
    ("need", "holds"): lambda item: item.holds,
    ("need", "brought_by"): lambda item: item.brought_by,
    ("measure", "meets"): lambda item: item.meets,
    ("measure", "uses"): lambda item: item.uses,
    ("measure", "adds"): lambda item: item.adds,
    ("measure", "lift"): lambda item: {group: does.lift for group, does in item.serves.items()},
    ("measure", "most"): lambda item: {group: does.most for group, does in item.serves.items()},
    ("measure", "share"): lambda item: {at: one.share for at, one in enumerate(item.shares, start=1)},
    ("measure", "recovered"): lambda item: {"": item.recovers.share} if item.recovers else {},
    ("measure", "recovered_after"): lambda item: {"": item.recovers.after} if item.recovers else {},
    ("measure", "rate"): lambda item: {one.id: one.rate for one in item.layers},
    ("measure", "deductible"): lambda item: {one.id: one.deductible for one in item.layers},
    ("measure", "cap"): lambda item: {one.id: one.cap for one in item.layers},
    ("standard", "share"): lambda item: {one.id: one.share for one in item.conditions},
    ("standard", "amount"): lambda item: {one.id: one.amount for one in item.conditions},
}
#: (kind, field) of single numbers.
_SINGLE = (
    ("fund", "cost_weight"),
    ("fund", "spending_floor"),
    ("measure", "upkeep"),
    ("measure", "lot"),
    ("measure", "benefit"),
    ("measure", "smallest"),
    ("measure", "lag"),
    ("measure", "lifetime"),
    ("group", "relapse"),
    ("group", "revoked"),
    ("target", "price"),
    ("rule", "left"),
    ("rule", "right"),
    ("rule", "price"),
)
_RATES = frozenset(
    {
        ("fund", "spending_floor"),
        ("group", "relapse"),
        ("measure", "rate"),
        ("measure", "recovered"),
        ("group", "revoked"),
        ("measure", "share"),
        ("need", "due"),
        ("standard", "share"),
        ("target", "share"),
    }
)
_MONEY = frozenset(
    {
        ("fund", "amount"),
        ("fund", "at_least"),
        ("gap", "amount"),
        ("measure", "cap"),
        ("measure", "cost"),
        ("measure", "deductible"),
        ("measure", "lift"),
        ("measure", "upkeep"),
        ("rule", "price"),
        ("target", "price"),
    }
)


_SIDES = ("left", "right")


@dataclass(frozen=True)
class Figure:
    """What a path names: its rows in base units, and their unit (None fits any)."""

    rows: tuple[Fraction, ...]
    unit: str | None

    @property
    def value(self) -> Fraction:
        """All rows together."""
        return sum(self.rows, Fraction(0))


class PathError(ValueError):
    """A path that names no figure of the case; `code` (kind, id, field, nothing, unknown, units, rule) and
    `words` say why."""

    def __init__(self, code: str, known: Iterable[str] = (), **words: object) -> None:
        super().__init__(code)
        self.code = code
        self.known = tuple(known)
        """What could have been written instead."""
        self.words = words


def fields(kind: str) -> list[str]:
    """The fields that a path of this kind may name."""
    return [name for owner, name in (*_ROWS, *_KEYED, *_SINGLE, ("attribute", "amount")) if owner == kind]


def file_of(path: FigurePath) -> str:
    """The file in which the figures of a path stand."""
    table = {("fund", "amount"), ("fund", "at_least"), ("need", "amount"), ("measure", "cost")}
    if (path.kind, path.field) in table:
        return {"fund": "funds.csv", "need": "needs.csv", "measure": "costs.csv"}[path.kind]
    return _FILES.get(path.kind, f"{path.kind}s.yaml")


def figure_at(case: Case, path: FigurePath) -> Figure:
    """The figures that a path names. Raises PathError."""
    if path.kind not in COLLECTIONS:
        raise PathError("kind", kind=path.kind, known=COLLECTIONS)
    items: Mapping[str, Any] = getattr(case, COLLECTIONS[path.kind])
    if path.id != "*" and path.id not in items:
        raise PathError("id", kind=COLLECTIONS[path.kind], id=path.id, known=items)
    if path.field not in fields(path.kind):
        raise PathError("field", kind=path.kind, field=path.field, known=fields(path.kind))
    chosen = list(items) if path.id == "*" else [path.id]
    every = list(_rows(case, path, chosen))
    rows = [row for row in every if path.keys <= row[1]]
    if path.kind == "rule" and path.field in _SIDES and len(rows) != 1 and (rows or not every):
        raise PathError("rule", rule=path.id, field=path.field, count=len(rows))
    if not rows:
        known = sorted({key for _, keys, _ in every for key in keys})
        raise PathError("nothing", id=path.id, field=path.field, known=known)
    numbers = [value for _, _, value in rows if value is not None]
    if len(numbers) < len(rows):
        raise PathError("unknown", id=path.id, field=path.field)
    units = {_unit(case, path, id) for id in {id for id, _, _ in rows}}
    if len({unit for unit, _ in units}) > 1:
        raise PathError("units", units=" ".join(sorted(unit or "1" for unit, _ in units)))
    [(unit, factor), *_] = units
    return Figure(tuple(number * factor for number in numbers), unit)


Row = tuple[str, frozenset[str], Fraction | None]


def _rows(case: Case, path: FigurePath, ids: Collection[str]) -> Iterator[Row]:
    """(id, what may stand in brackets, value) of every figure of these items.

    History of funds counts only where its year is named.
    """
    what = (path.kind, path.field)
    if what in _ROWS:
        table, at = _ROWS[what]
        known = frozenset(ids)
        for key, value in getattr(case.tables, table).items():
            past = table == "supplied" and key[2] < case.first_year and str(key[2]) not in path.keys
            if key[at] in known and not past:
                yield key[at], _parts(table, key, at), _amount(value, path.field)
    elif path.kind == "attribute":
        for (name, place, year), amount in case.tables.yearly.items():
            if name in ids:
                yield name, frozenset({place, str(year)}), amount
        for region in case.regions:
            for name in ids:
                if name in region.attributes:
                    yield name, frozenset({region.id}), region.attributes[name]
    else:
        items = getattr(case, COLLECTIONS[path.kind])
        for id in ids:
            for key, value in _of_item(items[id], what).items():
                if value is not None:
                    yield id, frozenset({str(key)} - {""}), Fraction(value)


def _parts(table: str, key: tuple[Any, ...], at: int) -> frozenset[str]:
    parts = [part for place, part in enumerate(key) if place != at]
    if table == "capacities" and parts[-1] is None:
        parts[-1] = "total"
    return frozenset(str(part) for part in parts if part is not None)


def _amount(value: int | Fraction | Supplied, field: str) -> Fraction | None:
    """The number of a row; None for an amount that nobody knows yet."""
    number = value
    if isinstance(value, Supplied):
        if field == "amount" and value.most is None:
            return None
        number = value.least if field == "at_least" or value.most is None else value.most
    return Fraction(number)  # type: ignore[arg-type]


def _of_item(item: Any, what: tuple[str, str]) -> Mapping[Any, Fraction | int | None]:
    """The numbers of an item by what stands in brackets; a single number stands under nothing."""
    if what in _KEYED:
        return _KEYED[what](item)
    if what in (("rule", "left"), ("rule", "right")):
        return {at: one.value for at, one in _numbers(getattr(item, what[1])).items()}
    return {"": getattr(item, what[1])}


# --- units ------------------------------------------------------------------------------------


def _unit(case: Case, path: FigurePath, id: str) -> tuple[str | None, int]:
    """The unit of an item's figures, and how many base units one of them is."""
    what = (path.kind, path.field)
    if what in _MONEY:
        return "money", 1
    if what in _RATES:
        return "%", 1
    match what:
        case ("stock" | "entrants" | "revoked", "members"):
            return ("person" if case.groups[id].counts is Counts.PERSONS else "village"), 1
        case ("stock", "households"):
            return "household", 1
        case ("target", "amount"):
            return _counted(case, id)
        case ("need", "amount"):
            return unit_of(case.needs[id].unit)
        case ("capacity", "most") | ("measure", "lot") | ("measure", "smallest"):
            return unit_of(case.measures[id].unit)
        case ("resource", "amount"):
            return unit_of(case.resources[id].unit)
        case ("attribute", _):
            return ("money", 1) if case.attributes[id].unit == "money" else unit_of(case.attributes[id].unit)
        case ("rule", side):
            found = [
                one for at, one in _numbers(getattr(case.rules[id], side)).items() if {at} - {""} <= path.keys
            ]
            return (ratio(found[0].unit) if found else None), 1
    return None, 1


def _counted(case: Case, target: str) -> tuple[str | None, int]:
    """What a target counts in; regions fit any word."""
    item = case.targets[target]
    if item.kind is TargetKind.MET and item.need is not None:
        return unit_of(case.needs[item.need].unit)
    if item.kind is TargetKind.LISTED:
        return None, 1
    villages = [case.groups[group].counts is Counts.VILLAGES for group in item.groups if group in case.groups]
    return ("village" if villages and all(villages) else "person"), 1


def _numbers(side: Any) -> Mapping[str, Number]:
    """The numbers of a rule's side in the order they are written: `1`, `2` ..., or the one under nothing."""
    found = [node for node in nodes(side) if isinstance(node, Number)]
    return {"" if len(found) == 1 else str(at): one for at, one in enumerate(found, start=1)}


def unit_of(word: str) -> tuple[str | None, int]:
    """The dimension of a unit's word and how many base units it is; `1` fits any."""
    if word in ("1", "%"):
        return (None if word == "1" else "%"), 1
    return WRITTEN_UNITS.get(word, (word, 1))


def ratio(unit: Unit) -> str | None:
    """`money` or `money/person`; None for a pure number."""
    above = [name for name, power in unit if power > 0]
    below = [name for name, power in unit if power < 0]
    return "/".join(["*".join(above) or "1", *below]) if unit else None
