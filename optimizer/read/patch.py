"""`PATH=VALUE` changes to a case that has been read: what `--set` and scenarios say.

`fund.central[2018].amount=0.92x` is kind, id (`*`: all), brackets with years or regions that narrow it,
field, and the new value: `0.92x` multiplies (money and counts are rounded half up to whole fen and whole
things), `+50万元` and `-50万元` add and subtract, anything else is the new value, written as in the files.
An amount for an `open` fund makes it `up_to` that much at every pool in every year.
History rows of funds.csv stay as they are unless their year stands in the brackets.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NoReturn

from models.case import Case, Supplied
from models.policy import Need, NeedKind, Severity, Supply, Target
from models.rules.source import nearest
from optimizer.read import figures
from optimizer.read.check_case import checked, whole_sources
from optimizer.read.csv_table import uncollected
from optimizer.read.kinds import COUNT, MONEY, Kind, Spot, number
from optimizer.read.messages import KIND_WORDS
from optimizer.read.problems import Log, Place, Refused
from optimizer.read.shapes import FUND, GROUP, HEAD, LAYER, MEASURE, NOT_NEGATIVE, RATE, RULE, TARGET, Shape
from optimizer.read.sources import Sources
from optimizer.read.yaml_nodes import Scalar

_PATCH = re.compile(r"\s*(\w+)\.([\w-]+|\*)(?:\[([^\[\]]*)\])?(?:\.(\w+))?\s*=\s*(.*?)\s*", re.DOTALL)
_FACTOR = re.compile(r"(.*[0-9%])\s*[x×]")


@dataclass(frozen=True)
class _Rows:
    """A column of a table: where the id stands in the key, and what the column holds."""

    table: str
    id_at: int
    kind: Kind
    part: str = ""
    """Attribute of the row's value; empty: the value itself."""


def _kinds(shape: Shape, *names: str) -> dict[str, Kind]:
    return {field.name: field.kind for field in shape.fields if field.name in names}


_COLLECTIONS = {
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
    "attribute": "attributes",
    "target": "targets",
    "rule": "rules",
}
_FIELDS: Mapping[str, Mapping[str, Kind]] = {
    "fund": _kinds(FUND, "supply", "cost_weight", "carry_over", "spending_floor"),
    "measure": _kinds(
        MEASURE, "upkeep", "lot", "benefit", "smallest", "lag", "lifetime", "indivisible", "one_payer"
    ),
    "group": _kinds(GROUP, "relapse", "revoked", "waits"),
    "target": _kinds(TARGET, "severity", "price", "compare", "cumulative", "entrants"),
    "rule": _kinds(RULE, "left", "right", "unless", "severity", "price"),
}
_BY_YEAR: Mapping[tuple[str, str], tuple[str, Kind]] = {
    ("target", "amount"): ("amounts", COUNT),
    ("target", "share"): ("shares", RATE),
    ("need", "due"): ("due", RATE),
}
#: Fields of the layers of a measure: `measure.ID[LAYER].rate`.
_OF_LAYERS = _kinds(LAYER, "deductible", "rate", "cap")
_ROWS: Mapping[tuple[str, str], _Rows] = {
    ("fund", "amount"): _Rows("supplied", 0, MONEY, "most"),
    ("fund", "at_least"): _Rows("supplied", 0, MONEY, "least"),
    ("need", "amount"): _Rows("needs", 1, COUNT),
    ("measure", "cost"): _Rows("costs", 0, MONEY),
    ("capacity", "most"): _Rows("capacities", 0, NOT_NEGATIVE),
    ("stock", "members"): _Rows("stocks", 1, COUNT),
    ("entrants", "members"): _Rows("entrants", 1, COUNT),
    ("revoked", "members"): _Rows("revoked", 1, COUNT),
    ("gap", "amount"): _Rows("gaps", 0, MONEY),
    ("resource", "amount"): _Rows("limits", 0, NOT_NEGATIVE),
    ("attribute", "amount"): _Rows("yearly", 0, number()),
}


@uncollected()
def apply_patches(case: Case, patches: Sequence[str]) -> Case:
    """The case with the patches applied one after the other, checked again as a whole. Raises CaseErrors."""
    if not patches:
        return case
    log = Log()
    for text in patches:
        try:
            case = _apply(case, text, Place(f"--set {text}"), log)
        except Refused:
            continue
    log.check()
    digest = patched_sha256(case.sha256, patches)
    case = case.model_copy(update={"sha256": digest, "patches": (*case.patches, *patches)})
    case = checked(case, whole_sources(case, patches), log)
    log.check()
    return case


def patched_sha256(digest: str, patches: Sequence[str]) -> str:
    """The hash of a case of that hash with the patches applied."""
    for text in patches:
        digest = hashlib.sha256(f"{digest}\n{text}".encode()).hexdigest()
    return digest


def check_scenarios(case: Case, sources: Sources, log: Log) -> None:
    """Every patch of every scenario must mean something; the checks across files come when it is used."""
    for scenario in case.scenarios.values():
        patched = case
        for index, text in enumerate(scenario.patches):
            try:
                patched = _apply(patched, text, sources.at("scenarios", scenario.id, "patches", index), log)
            except Refused:
                continue


def check_uncertain(case: Case, sources: Sources, log: Log) -> None:
    """Every uncertain figure is one that can be multiplied, and its range is one."""
    for item in case.uncertain.values():
        place = sources.at("uncertain", item.id, "path")
        with suppress(Refused):
            _apply(case, f"{item.path}=1x", place, log)
        middle = item.high if item.mode is None else item.mode
        if not item.low <= middle <= item.high:
            log.add("range-reversed", sources.at("uncertain", item.id, "low"), f"{item.low}, {item.high}")


@dataclass(frozen=True)
class _Patch:
    """One patch, taken apart."""

    kind: str
    id: str
    keys: frozenset[str]
    field: str
    value: str
    place: Place
    log: Log

    def refuse(self, code: str, found: str = "", **words: object) -> NoReturn:
        self.log.add(code, self.place, found, **words)
        raise Refused

    def new(self, kind: Kind, old: Any) -> Any:
        """The value that takes the place of `old`; None where there is nothing to multiply or add to."""
        spot = Spot(self.place.file, self.log, {}, (self.field,))
        column = self.place.column if isinstance(self.place.column, int) else 1

        def read(text: str) -> Any:
            return kind.read(Scalar(text, self.place.line or 0, column, one_line=False), spot)

        factor = _FACTOR.fullmatch(self.value)
        sign = -1 if self.value.startswith("-") else 1
        if kind.write is None or (factor is None and not self.value.startswith(("+", "-"))):
            return read(self.value)
        if old is None:
            return None
        if factor is None:
            return read(kind.write(Fraction(old) + sign * read(self.value[1:].strip())))
        try:
            return read(kind.write(Fraction(old) * figures.number(factor.group(1).strip())))
        except figures.Fault as fault:
            self.refuse(fault.code, self.value, **{"field": self.field, **fault.words})


def _apply(case: Case, text: str, place: Place, log: Log) -> Case:
    found = _PATCH.fullmatch(text)
    if found is None:
        log.add("patch-syntax", place, text)
        raise Refused
    kind, id, brackets, field, value = found.groups()
    keys = frozenset(key.strip() for key in (brackets or "").replace("，", ",").split(",") if key.strip())
    if len(value) > 1 and value[0] == value[-1] == '"' and kind == "rule":
        value = value[1:-1]
    if kind == "case" and field is None:
        return _patch_case(case, _Patch(kind, "", keys, id, value, place, log))
    patch = _Patch(kind, id, keys, field or "", value, place, log)
    if kind not in _COLLECTIONS:
        known = ["case", *_COLLECTIONS]
        owners = [owner for owner, name in _ROWS if name == kind]
        example = f"{owners[0]}.{id}.{kind}" if owners else ""
        near = (f"请写「{example}」。", f"Write {example!r}. ") if owners else nearest(kind, known)
        patch.refuse("patch-kind", kind=kind, known=" ".join(known), near=near)
    items = getattr(case, _COLLECTIONS[kind])
    if id != "*" and id not in items:
        near, shown = nearest(id, items), " ".join(list(items)[:12])
        patch.refuse("patch-id", kind=KIND_WORDS[_COLLECTIONS[kind]], id=id, known=shown, near=near)
    layers = _OF_LAYERS if kind == "measure" else ()
    fields = [
        *_FIELDS.get(kind, ()),
        *layers,
        *(name for owner, name in (*_BY_YEAR, *_ROWS) if owner == kind),
    ]
    if patch.field not in fields:
        near = nearest(patch.field, fields)
        patch.refuse("patch-field", kind=kind, field=patch.field, known=" ".join(fields), near=near)
    if (kind, patch.field) in _ROWS:
        return _patch_rows(case, patch, _ROWS[kind, patch.field])
    return _patch_items(case, patch, list(items) if id == "*" else [id])


def _patch_case(case: Case, patch: _Patch) -> Case:
    kinds = _kinds(HEAD, "goal")
    if patch.field not in kinds:
        near = nearest(patch.field, kinds)
        patch.refuse("patch-field", kind="case", field=patch.field, known=" ".join(kinds), near=near)
    if patch.keys:
        patch.refuse("patch-brackets", field=patch.field)
    return case.model_copy(update={patch.field: patch.new(kinds[patch.field], None)})


def _patch_items(case: Case, patch: _Patch, ids: Sequence[str]) -> Case:
    collection = _COLLECTIONS[patch.kind]
    items = dict(getattr(case, collection))
    changed = False
    for id in ids:
        if patch.kind == "measure" and patch.field in _OF_LAYERS:
            update = _layers_update(items[id], patch)
        elif (patch.kind, patch.field) in _BY_YEAR:
            update = _years_update(items[id], patch, case.years)
        else:
            update = _field_update(items[id], patch)
        if update:
            changed = True
            items[id] = items[id].model_copy(update=update)
    if not changed:
        _nothing(patch, _named(items, ids, patch))
    case = case.model_copy(update={collection: items})
    return _with_supply(case, ids) if patch.field == "supply" else case


def _named(items: Mapping[str, Any], ids: Iterable[str], patch: _Patch) -> list[str]:
    """What could have stood in the brackets."""
    if patch.kind == "measure" and patch.field in _OF_LAYERS:
        return [layer.id for id in ids for layer in items[id].layers]
    if (patch.kind, patch.field) not in _BY_YEAR:
        return []
    attribute, _ = _BY_YEAR[patch.kind, patch.field]
    return sorted({str(year) for id in ids for year in getattr(items[id], attribute)})


def _years_update(item: Any, patch: _Patch, years: Sequence[int]) -> dict[str, Any]:
    attribute, kind = _BY_YEAR[patch.kind, patch.field]
    values = dict(getattr(item, attribute))
    if isinstance(item, Need) and item.kind is NeedKind.ENTITLEMENT and not values:
        # Without `due` it falls due in full every year: what a patch names is narrowed from there.
        values = {year: Fraction(1) for year in years}
    chosen = [year for year in values if patch.keys <= {str(year)}]
    changed = False
    for year in chosen or _new_year(item, patch, values, years):
        if (value := patch.new(kind, values.get(year))) is not None:
            values[year] = value
            changed = True
    return {attribute: values} if changed else {}


def _new_year(item: Any, patch: _Patch, values: Mapping[int, Any], years: Sequence[int]) -> list[int]:
    """A year of the case that one target, named by its id, does not name yet: it may get a figure too."""
    if not isinstance(item, Target) or not values or patch.id == "*":
        return []
    return [year for year in years if patch.keys == {str(year)}]


def _layers_update(item: Any, patch: _Patch) -> dict[str, Any]:
    """The layers with one field changed, of the layer named in the brackets (none named: of all)."""
    layers, changed = [], False
    for layer in item.layers:
        value = None
        if patch.keys <= {layer.id}:
            value = patch.new(_OF_LAYERS[patch.field], getattr(layer, patch.field))
        changed = changed or value is not None
        layers.append(layer if value is None else layer.model_copy(update={patch.field: value}))
    return {"layers": tuple(layers)} if changed else {}


def _field_update(item: Any, patch: _Patch) -> dict[str, Any]:
    if patch.keys:
        patch.refuse("patch-brackets", field=patch.field)
    value = patch.new(_FIELDS[patch.kind][patch.field], getattr(item, patch.field))
    if patch.field in ("left", "right", "unless"):
        return {patch.field: value[0], f"{patch.field}_text": value[1]}
    if patch.field == "severity" and value is not Severity.SOFT:
        return {"severity": value, "price": None}
    return {} if value is None else {patch.field: value}


def _with_supply(case: Case, ids: Sequence[str]) -> Case:
    """Amounts as the new supply means them: exactly the amount where it is given, else from 0 up."""
    supplied = dict(case.tables.supplied)
    for key, row in supplied.items():
        if key[0] in ids:
            given = case.funds[key[0]].supply is Supply.GIVEN
            supplied[key] = Supplied((row.most or 0) if given else 0, row.most)
    return case.model_copy(update={"tables": replace(case.tables, supplied=supplied)})


def _patch_rows(case: Case, patch: _Patch, rows: _Rows) -> Case:
    if rows.part == "most" and patch.id in case.funds and case.funds[patch.id].supply is Supply.OPEN:
        return _limited(case, patch, rows.kind)
    table: dict[Any, Any] = dict(getattr(case.tables, rows.table))
    chosen = [key for key in table if _selects(patch, rows, key, case.first_year)]
    changed = False
    for key in chosen:
        old = table[key]
        # A figure of money by year is written with its unit, as in its table.
        kind = MONEY if rows.table == "yearly" and case.attributes[key[0]].unit == "money" else rows.kind
        new = patch.new(kind, getattr(old, rows.part) if rows.part else old)
        table[key] = _supplied(case, key, rows.part, new, old) if rows.part else new
        changed = True
    if not changed:
        at = [key for key in table if patch.id in ("*", key[rows.id_at])]
        _nothing(patch, sorted({part for key in at for part in _parts(rows, key)}))
    return case.model_copy(update={"tables": replace(case.tables, **{rows.table: table})})


def _limited(case: Case, patch: _Patch, kind: Kind) -> Case:
    """An open fund with an amount: up to that much at every pool and in every year."""
    amount = patch.new(kind, None)
    if amount is None or patch.keys:
        patch.refuse("patch-open", id=patch.id, field=patch.field)
    fund = case.funds[patch.id]
    pools = [region.id for region in case.regions if region.level is fund.pooled_at]
    supplied = dict(case.tables.supplied)
    supplied.update({(fund.id, pool, year): Supplied(0, amount) for pool in pools for year in case.years})
    funds = {**case.funds, fund.id: fund.model_copy(update={"supply": Supply.UP_TO})}
    return case.model_copy(update={"funds": funds, "tables": replace(case.tables, supplied=supplied)})


def _supplied(case: Case, key: tuple[str, ...], part: str, new: int, old: Supplied) -> Supplied:
    """A fund's row with one side changed; a given amount has both sides the same."""
    if case.funds[key[0]].supply is Supply.GIVEN:
        return Supplied(new, new)
    return Supplied(old.least, new) if part == "most" else Supplied(new, old.most)


def _selects(patch: _Patch, rows: _Rows, key: tuple[Any, ...], first_year: int) -> bool:
    if patch.id != "*" and key[rows.id_at] != patch.id:
        return False
    if not patch.keys <= _parts(rows, key):
        return False
    return rows.table != "supplied" or key[2] >= first_year or str(key[2]) in patch.keys


def _parts(rows: _Rows, key: tuple[Any, ...]) -> set[str]:
    """Year and region of a row, as they are written in brackets."""
    parts = [part for at, part in enumerate(key) if at != rows.id_at]
    if rows.table == "capacities" and parts[-1] is None:
        parts[-1] = "total"
    return {str(part) for part in parts if part is not None}


def _nothing(patch: _Patch, known: Sequence[str]) -> NoReturn:
    shown = " ".join(known[:12]) + (" ..." if len(known) > 12 else "")
    brackets = f"[{','.join(sorted(patch.keys))}]" if patch.keys else ""
    patch.refuse("patch-nothing", brackets, id=patch.id, field=patch.field, known=shown)
