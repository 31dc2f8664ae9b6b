"""What one cell holds: text to the node that YAML would give, and back.

Lists stand in a cell with spaces between (`able unable`), one to a line where the parts may hold spaces, and
mappings as `housing: 1; roads: 2`. Whatever does not fit these forms is written as in YAML, `[...]` or
`{...}`, and read so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import yaml

from models.money import MONEY_UNITS
from optimizer.read import figures
from optimizer.read.kinds import ID_KIND, MONEY, YEAR, Form, Kind
from optimizer.read.problems import Log, Place, Refused
from optimizer.read.shapes import RATE
from optimizer.read.yaml_nodes import UNREADABLE, Entries, Items, Node, Scalar, read_yaml

_SPACED = re.compile(r"[\s,，、;；]+")
_YEARS = re.compile(r"[\s,，、;；至—–~-]+")
_LINES = re.compile(r"\s*[\n;；]\s*")
_PAIRS = re.compile(r"\s*[\n;；,，]\s*")
_PAIR = re.compile(r"\s*([^:：=\s]+)\s*[:：=]\s*(.+?)\s*", re.DOTALL)
#: Kinds whose texts never hold a space or a comma.
_WITHOUT_SPACES = (ID_KIND, YEAR, RATE)


@dataclass(frozen=True)
class Spot:
    """A cell that is being read: what its nodes carry, and where problems go."""

    sheet: str
    row: int
    column: int
    log: Log
    header: str

    def text(self, text: str) -> Scalar:
        """A node of this cell."""
        return Scalar(text, self.row, self.column, 0, False, self.sheet)

    def refuse(self, code: str, found: str, **words: object) -> Scalar:
        """Record a problem; the node that stands for it."""
        place = Place(self.sheet, self.row, self.column)
        self.log.add(code, place, found, **{"field": self.header, **words})
        return self.text(UNREADABLE)


def node_of(text: str, kind: Kind, unit: str | None, spot: Spot) -> Node:
    """The node of a cell's text. A problem is on the log, and the node then UNREADABLE."""
    if text == UNREADABLE:
        return spot.text(text)
    if kind is MONEY and unit is not None:
        return _money(text, unit, spot)
    if kind.form is Form.ONE or kind.form is Form.TITLE:
        return spot.text(text)
    if text.startswith(("[", "{")):
        return _yaml(text, spot)
    if kind.form is Form.MAPPING and kind.of is not None and kind.of.form is Form.ONE:
        return _mapping(text, spot)
    if kind.form is Form.LIST and kind.of is not None and kind.of.form is Form.ONE:
        parts = separator(kind).split(text.strip())
        return Items(tuple(map(spot.text, filter(None, parts))), spot.row, spot.column, spot.sheet)
    return spot.refuse("cell-form", text)


def separator(kind: Kind) -> re.Pattern[str]:
    """What stands between the parts of a list."""
    if kind.of is YEAR:
        return _YEARS
    return _SPACED if _spaced(kind) else _LINES


def _spaced(kind: Kind) -> bool:
    """Whether the parts of a list are words."""
    words = kind.of.schema.get("enum", (" ",)) if kind.of is not None else (" ",)
    return kind.of in _WITHOUT_SPACES or not any(" " in str(word) for word in words)


def _money(text: str, unit: str, spot: Spot) -> Scalar:
    """`2000` below `upkeep(元)` as `2000元`."""
    try:
        figures.money(text, unit)
    except figures.Fault as fault:
        return spot.refuse(fault.code, text, **fault.words)
    return spot.text(text + unit)


def _mapping(text: str, spot: Spot) -> Node:
    entries: dict[str, tuple[Scalar, Node]] = {}
    for part in filter(None, _PAIRS.split(text.strip())):
        found = _PAIR.fullmatch(part)
        if found is None:
            return spot.refuse("cell-pairs", text)
        key, value = found.groups()
        if key in entries:
            return spot.refuse("duplicate-key", text, key=key, first=spot.row)
        entries[key] = (spot.text(key), spot.text(value))
    return Entries(entries, spot.row, spot.column, spot.sheet)


def _yaml(text: str, spot: Spot) -> Node:
    """A value written as in YAML; all of it stands in this cell."""
    log = Log()
    node = read_yaml(spot.sheet, text, log)
    place = Place(spot.sheet, spot.row, spot.column)
    spot.log.extend(replace(problem, place=place) for problem in log.problems)
    return spot.text(UNREADABLE) if node is None else moved(node, spot)


def moved(node: Node, spot: Spot) -> Node:
    """The node with all its parts in this cell."""
    if isinstance(node, Scalar):
        return spot.text(node.text)
    if isinstance(node, Items):
        parts = tuple(moved(item, spot) for item in node.items)
        return Items(parts, spot.row, spot.column, spot.sheet)
    entries = {name: (spot.text(name), moved(value, spot)) for name, (_, value) in node.entries.items()}
    return Entries(entries, spot.row, spot.column, spot.sheet)


def text_of(node: Node, kind: Kind, unit: str | None = None) -> str:
    """The cell's text of a node, such that `node_of` makes the same node of it."""
    spot = Spot("", 0, 0, Log(), "")
    plain = moved(node, spot)
    for write in (partial(_plain_text, kind=kind, unit=unit), flow_text):
        text = write(plain)
        if text is not None and moved(node_of(text, kind, unit, spot), spot) == plain:
            return text
    if kind is MONEY and isinstance(plain, Scalar) and unit is not None:
        return _in_unit(plain.text, unit)
    raise Refused


def _in_unit(text: str, unit: str) -> str:
    """`2万元` in a column in 元: 20000."""
    exact = figures.plain_text(Fraction(figures.money_with_unit(text), MONEY_UNITS[unit]))
    if exact is None:  # pragma: no cover - every unit is a power of ten
        raise Refused
    return exact


def _plain_text(node: Node, kind: Kind, unit: str | None) -> str | None:
    if isinstance(node, Scalar):
        return node.text.removesuffix(unit).strip() if kind is MONEY and unit else node.text
    if isinstance(node, Items):
        texts = [item.text for item in node.items if isinstance(item, Scalar)]
        if not texts or len(texts) < len(node.items):
            return None
        return (" " if _spaced(kind) else "\n").join(texts)
    pairs = [(name, value.text) for name, (_, value) in node.entries.items() if isinstance(value, Scalar)]
    if not pairs or len(pairs) < len(node.entries):
        return None
    return "; ".join(f"{name}: {value}" for name, value in pairs)


def flow_text(node: Node) -> str:
    """The node as YAML on one line."""
    return document_text(node, lambda depth: True).removesuffix("...\n").strip()


def document_text(node: Node, flow: Callable[[int], bool]) -> str:
    """A YAML file of the node; `flow` says at which depth values stand on one line."""
    stream = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(explicit=False),
        *events(node, flow, 0),
        yaml.DocumentEndEvent(explicit=False),
        yaml.StreamEndEvent(),
    ]
    return str(yaml.emit(stream, allow_unicode=True, width=10**6, Dumper=yaml.Dumper))


def events(node: Node, flow: Callable[[int], bool], depth: int) -> list[yaml.Event]:
    """The events of a node; texts stand without quotation marks wherever YAML can do without."""
    style = flow(depth)
    if isinstance(node, Scalar):
        return [yaml.ScalarEvent(None, None, (True, True), node.text)]
    if isinstance(node, Items):
        inner = [event for item in node.items for event in events(item, flow, depth + 1)]
        style = style or all(isinstance(item, Scalar) for item in node.items)
        return [yaml.SequenceStartEvent(None, None, True, flow_style=style), *inner, yaml.SequenceEndEvent()]
    inner = []
    for key, value in node.entries.values():
        inner += [*events(key, flow, depth + 1), *events(value, flow, depth + 1)]
    return [yaml.MappingStartEvent(None, None, True, flow_style=style), *inner, yaml.MappingEndEvent()]
