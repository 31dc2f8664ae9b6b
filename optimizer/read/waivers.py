"""A waiver file, YAML or CSV, to `Waiving`s: what has been accepted, by which document, and until when.

Every line gives rule, region, year, reason, approving document and its date; `until` and `cell` may be left
out. Nothing is guessed: a line that is malformed, has expired or reaches what may never be
waived is an error.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from models.case import Case
from models.catalogue import Catalogue, Waiving
from models.finding import Waiver
from models.submission import Spot as Cell
from optimizer.read import cells
from optimizer.read.csv_table import Column, read_table
from optimizer.read.decode import decoded
from optimizer.read.figures import Fault
from optimizer.read.kinds import Kind, Spot, entries, list_of, scalar
from optimizer.read.messages import KIND_WORDS
from optimizer.read.problems import Log, Place, Refused
from optimizer.read.shapes import Field, Shape
from optimizer.read.yaml_nodes import Node, read_yaml

#: Field -> whether every line must have it.
FIELDS: Mapping[str, bool] = {
    "rule": True,
    "region": True,
    "year": True,
    "reason": True,
    "document": True,
    "date": True,
    "until": False,
    "cell": False,
}
ANY = "*"
_RULE = re.compile(r"[\w-]+(?:[./][\w-]+)*(?:[./]?\*)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Converter = Callable[[str], Any]


def read_waivers(path: Path, case: Case, catalogue: Catalogue, today: datetime.date) -> tuple[Waiving, ...]:
    """The lines of a waiver file, in its order. Raises CaseErrors with every problem of it."""
    log = Log()
    if not path.is_file():
        log.add("file-not-found", Place(str(path)))
    elif path.suffix.lower() not in (".yaml", ".yml", ".csv"):
        log.add("waiver-type", Place(path.name))
    log.check()
    text = decoded(path.name, path.read_bytes(), log)
    log.check()
    converters = _converters(case, catalogue, today)
    read = _csv if path.suffix.lower() == ".csv" else _yaml
    found = read(path.name, text or "", converters, log)
    log.check()
    return tuple(found)


def _converters(case: Case, catalogue: Catalogue, today: datetime.date) -> dict[str, Converter]:
    """How each field is read; what is wrong is a Fault."""
    names = {region.name: region.id for region in case.regions}
    region = cells.known(case.regions.ids, KIND_WORDS["regions"], names)
    return {
        "rule": partial(_rule, catalogue),
        "region": lambda cell: cell if cell == ANY else names[cell] if cell in names else region(cell),
        "year": _year,
        "reason": cells.text,
        "document": cells.text,
        "date": partial(_approved, today),
        "until": partial(_until, today),
        "cell": lambda cell: cell,
    }


def _rule(catalogue: Catalogue, cell: str) -> str:
    if not _RULE.fullmatch(cells.text(cell)):
        kept = catalogue.unwaivable(cell) if cell == ANY else None
        raise Fault("waiver-never", kept=kept) if kept else Fault("waiver-rule")
    kept = catalogue.unwaivable(cell)
    if kept is not None:
        raise Fault("waiver-never", kept=kept)
    return cell


def _year(cell: str) -> int | None:
    if cells.text(cell) == ANY:
        return None
    if not re.fullmatch(r"(?:19|20|21)\d\d", cell, re.ASCII):
        raise Fault("waiver-year")
    return int(cell)


def _date(cell: str) -> datetime.date:
    if not _DATE.fullmatch(cells.text(cell)):
        raise Fault("bad-date")
    try:
        return datetime.date.fromisoformat(cell)
    except ValueError as error:
        raise Fault("bad-date") from error


def _approved(today: datetime.date, cell: str) -> datetime.date:
    date = _date(cell)
    if date > today:
        raise Fault("waiver-later", today=today)
    return date


def _until(today: datetime.date, cell: str) -> datetime.date | None:
    if not cell:
        return None
    date = _date(cell)
    if date < today:
        raise Fault("waiver-expired", today=today)
    return date


def _waiving(values: Mapping[str, Any], spot: Cell) -> Waiving:
    return Waiving(
        spot=spot,
        rule=values["rule"],
        region=values["region"],
        year=values["year"],
        cell=values.get("cell") or "",
        waiver=Waiver(reason=values["reason"], document=values["document"], date=values["date"]),
    )


def _csv(file: str, text: str, converters: Mapping[str, Converter], log: Log) -> list[Waiving]:
    columns = [Column(name, optional=not needed) for name, needed in FIELDS.items()]
    table = read_table(file, text, columns, log)
    if table is None:
        return []
    read = {name: table.read(name, converters[name]) for name in FIELDS}
    good = dict(zip(read, table.good(*read.values()), strict=True))
    return [
        _waiving({name: column[row] for name, column in good.items()}, Cell(file, None, f"{line}:rule"))
        for row, line in enumerate(table.good_lines())
    ]


def _yaml(file: str, text: str, converters: Mapping[str, Converter], log: Log) -> list[Waiving]:
    shape = Shape(
        tuple(Field(name, _kind(converters[name]), required=needed) for name, needed in FIELDS.items())
    )
    spot = Spot(file, log, {})
    root = read_yaml(file, text, log)
    found: list[Waiving] = []
    if root is None:
        return found

    def waiver(node: Node, at: Spot) -> None:
        values = shape.read(node, at)
        found.append(_waiving(values, Cell(file, None, str(node.line))))

    try:
        given = entries(root, spot)
        for name, (key, _) in given.items():
            if name != "waivers":
                log.add("unknown-field", spot.at(key), name, known="waivers", near=("", ""))
        if "waivers" not in given:
            spot.refuse("missing-field", root, field="waivers")
        list_of(Kind(waiver)).read(given["waivers"][1], spot.below("waivers"))
    except Refused:
        pass
    return found


def _kind(convert: Converter) -> Kind:
    def read(node: Node, spot: Spot) -> Any:
        text = scalar(node, spot)
        try:
            return convert(text)
        except Fault as fault:
            spot.refuse(fault.code, node, text, **fault.words)

    return Kind(read)
