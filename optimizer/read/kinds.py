"""The kinds of value a YAML field can hold: how each is read, and what it looks like in the JSON Schema.

A `Kind` turns a node into the value of a model or refuses it: then the problem is on the log and
`Refused` tells the caller to leave the item out and to go on with the next field. `Spot` says which file
and which field it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from fractions import Fraction
from functools import partial
from typing import Any, NoReturn

from models.citation import Language, Text
from models.policy import Selector
from models.rules.parse import RuleSyntaxError, parse_claims, parse_condition, parse_expression
from models.rules.source import nearest, point_at
from models.rules.tree import Claim, Expression
from optimizer.read import figures
from optimizer.read.problems import Log, Place, Refused
from optimizer.read.yaml_nodes import UNREADABLE, Entries, Items, Node, Scalar

#: The place of a field: (collection, id of the item, field, key or index, ...).
Path = tuple[str | int, ...]

ID = re.compile(r"[\w-]+")
#: A budget subject 功能科目: class, section and item (类、款、项), or the first of them.
SUBJECT = re.compile(r"[0-9]{3}(?:[0-9]{2}){0,2}")
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
_SCALAR_TYPES = ["string", "number", "boolean"]


@dataclass(frozen=True)
class Spot:
    """Where reading stands: `places` remembers where each field was found."""

    file: str
    log: Log
    places: dict[Path, Place]
    path: Path = ()

    def below(self, *steps: str | int) -> Spot:
        """The spot of a part of this one."""
        return replace(self, path=self.path + steps)

    def at(self, node: Node, shift: int = 0) -> Place:
        """Where a node stands: in its own file, which is another one for a field of the base."""
        file = node.file or self.file
        return Place(file, node.line, node.column + shift) if node.line else Place(file)

    def refuse(
        self, code: str, node: Node, found: str = "", source: str = "", /, **words: object
    ) -> NoReturn:
        """Record the problem and give the value up."""
        words.setdefault("field", str(self.path[-1]) if self.path else self.file)
        self.log.add(code, self.at(node), found, source, **words)
        raise Refused


class Form(Enum):
    """What a value is made of; a workbook lays its columns out by it."""

    ONE = "a single text"
    TITLE = "a text in two languages"
    LIST = "values of one kind"
    MAPPING = "keys to values of one kind"
    SHAPE = "named fields"


@dataclass(frozen=True)
class Kind:
    """`read` returns the value or raises Refused; `schema` is the JSON Schema of what may be written."""

    read: Callable[[Node, Spot], Any]
    schema: Mapping[str, Any] = field(default_factory=dict)
    write: Callable[[Fraction], str] | None = None
    """The text of a computed value, for kinds that can be calculated with."""
    form: Form = Form.ONE
    keys: Kind | None = None
    """Kind of the keys of a MAPPING."""
    of: Kind | None = None
    """Kind of the values of a LIST or MAPPING."""
    fields: tuple[Any, ...] = ()
    """The `shapes.Field`s of a SHAPE."""


def scalar(node: Node, spot: Spot) -> str:
    """The text of a node that must be a single value."""
    if not isinstance(node, Scalar):
        spot.refuse("not-a-value", node)
    if node.text == UNREADABLE:
        raise Refused
    if not node.text.strip():
        spot.refuse("empty-value", node)
    return node.text.strip()


def entries(node: Node, spot: Spot) -> dict[str, tuple[Scalar, Node]]:
    """The entries of a node that must be a mapping."""
    if not isinstance(node, Entries):
        if isinstance(node, Scalar) and node.text == UNREADABLE:
            raise Refused
        spot.refuse("not-a-mapping", node, node.text if isinstance(node, Scalar) else "")
    return node.entries


def items(node: Node, spot: Spot) -> tuple[Node, ...]:
    """The items of a node that must be a list."""
    if not isinstance(node, Items):
        if isinstance(node, Scalar) and node.text == UNREADABLE:
            raise Refused
        spot.refuse("not-a-list", node, node.text if isinstance(node, Scalar) else "")
    return node.items


def identity(node: Node) -> str:
    """The id of an item as written; empty where there is none."""
    if isinstance(node, Entries) and "id" in node.entries:
        value = node.entries["id"][1]
        if isinstance(value, Scalar) and value.text != UNREADABLE:
            return value.text.strip()
    return ""


def tried(parts: Mapping[Any, Callable[[], Any]]) -> tuple[dict[Any, Any], bool]:
    """The values by key of the parts that could be read, and whether one was refused."""
    values: dict[Any, Any] = {}
    refused = False
    for key, read in parts.items():
        try:
            values[key] = read()
        except Refused:
            refused = True
    return values, refused


def each(parts: Mapping[Any, Callable[[], Any]]) -> dict[Any, Any]:
    """Every part's value by key; Refused, after all of them were tried, if one was."""
    values, refused = tried(parts)
    if refused:
        raise Refused
    return values


def _read_title(node: Node, spot: Spot) -> Text:
    if isinstance(node, Scalar):
        return Text(zh=scalar(node, spot))
    given = entries(node, spot)
    for language, (key, _) in given.items():
        if language not in list(Language):
            spot.refuse("unknown-language", key, language)
    if "zh" not in given:
        spot.refuse("title-zh-missing", node)
    return Text(**{language: scalar(value, spot) for language, (_, value) in given.items()})


def _read_id(node: Node, spot: Spot) -> str:
    text = scalar(node, spot)
    if not ID.fullmatch(text):
        spot.refuse("bad-id", node, text)
    return text


def _read_subject(node: Node, spot: Spot) -> str:
    text = scalar(node, spot)
    if not SUBJECT.fullmatch(text):
        spot.refuse("bad-subject", node, text)
    return text


def _read_yes_no(node: Node, spot: Spot) -> bool:
    text = scalar(node, spot)
    if text not in ("yes", "no"):
        spot.refuse("not-yes-or-no", node, text)
    return text == "yes"


def _read_year(node: Node, spot: Spot) -> int:
    text = scalar(node, spot)
    if not _YEAR.fullmatch(text):
        spot.refuse("bad-year", node, text)
    return int(text)


def _read_years(node: Node, spot: Spot) -> tuple[int, int]:
    pair = items(node, spot)
    if len(pair) != 2:
        spot.refuse("not-two-years", node)
    first, last = (_read_year(part, spot) for part in pair)
    if first > last:
        spot.refuse("years-reversed", node, f"[{first}, {last}]", right=f"[{last}, {first}]")
    return first, last


def _read_condition(node: Node, spot: Spot) -> Selector:
    text = scalar(node, spot)
    return Selector(text=text, condition=_parsed(parse_condition, text, node, spot))


def _read_claims(node: Node, spot: Spot) -> tuple[tuple[Claim, ...], str]:
    text = scalar(node, spot)
    return _parsed(parse_claims, text, node, spot), text


def _read_expression(node: Node, spot: Spot) -> tuple[Expression, str]:
    text = scalar(node, spot)
    return _parsed(parse_expression, text, node, spot), text


def _parsed(parse: Callable[[str], Any], text: str, node: Node, spot: Spot) -> Any:
    try:
        return parse(text)
    except RuleSyntaxError as error:
        shift = node.indent + error.place.start if isinstance(node, Scalar) and node.one_line else 0
        carets = point_at(error.text, error.place)
        problem = (error.message_zh.rstrip("。"), error.message_en.rstrip("."))
        spot.log.add(
            "rule-syntax", spot.at(node, shift), "", carets, field=str(spot.path[-1]), problem=problem
        )
        raise Refused from None


def _figure(read: Callable[[str], Any], node: Node, spot: Spot) -> Any:
    text = scalar(node, spot)
    try:
        return read(text)
    except figures.Fault as fault:
        spot.refuse(fault.code, node, text, **fault.words)


def _schema(pattern: str, *types: str) -> dict[str, Any]:
    return {"type": ["string", *types], "pattern": pattern}


def _half_up(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def _as_count(value: Fraction) -> str:
    return str(_half_up(value))


def _as_money(value: Fraction) -> str:
    return f"{_half_up(value)}分"


_NUMBER = r"^-?[0-9]+(\.[0-9]+)?(%|/[0-9]+(\.[0-9]+)?)?$"
_MONEY = r"^-?[0-9]+(\.[0-9]+)? *(分|fen|元|yuan|万元|wanyuan|亿元|yiyuan)$"

TEXT = Kind(scalar, {"type": _SCALAR_TYPES})
ID_KIND = Kind(_read_id, _schema(r"^[^\s.]+$", "integer"))
SUBJECT_KIND = Kind(_read_subject, _schema(r"^[0-9]{3}([0-9]{2}){0,2}$", "integer"))
YES_NO = Kind(_read_yes_no, {"enum": ["yes", "no", True, False]})
YEAR = Kind(_read_year, _schema(r"^(19|20|21)[0-9]{2}$", "integer"))
YEARS = Kind(
    _read_years,
    {"type": "array", "items": YEAR.schema, "minItems": 2, "maxItems": 2},
    form=Form.LIST,
    of=YEAR,
)
CONDITION = Kind(_read_condition, {"type": "string"})
CLAIMS = Kind(_read_claims, {"type": "string"})
EXPRESSION = Kind(_read_expression, {"type": _SCALAR_TYPES})
COUNT = Kind(
    lambda node, spot: _figure(figures.count, node, spot), {"type": ["integer", "string"]}, _as_count
)
MONEY = Kind(
    lambda node, spot: _not_negative(_figure(figures.money_with_unit, node, spot), node, spot),
    _schema(_MONEY),
    _as_money,
)
TITLE = Kind(
    _read_title,
    {
        "anyOf": [
            {"type": _SCALAR_TYPES},
            {
                "type": "object",
                "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
                "required": ["zh"],
                "additionalProperties": False,
            },
        ]
    },
    form=Form.TITLE,
)


def _not_negative(value: Any, node: Node, spot: Spot) -> Any:
    if value < 0:
        spot.refuse("negative", node, scalar(node, spot))
    return value


@dataclass(frozen=True)
class Measured:
    """A number as written and whether it was written with a money unit (then `value` is fen)."""

    value: Fraction
    money: bool


def _read_measured(node: Node, spot: Spot) -> Measured:
    text = scalar(node, spot)
    if figures.split_unit(text) is not None:
        return Measured(Fraction(_figure(figures.money_with_unit, node, spot)), True)
    return Measured(_figure(figures.number, node, spot), False)


#: A number of an attribute: with a money unit exactly where the attribute is money.
MEASURED = Kind(_read_measured, {"anyOf": [_schema(_NUMBER, "number"), _schema(_MONEY)]})


def number(
    low: int | None = None, high: int | None = None, *, above: bool = False, below: bool = False
) -> Kind:
    """An exact number from `low` to `high`; `above` and `below` leave the bounds themselves out."""

    def read(node: Node, spot: Spot) -> Fraction:
        value: Fraction = _figure(figures.number, node, spot)
        too_low = low is not None and (value < low or (above and value == low))
        too_high = high is not None and (value > high or (below and value == high))
        if too_low or too_high:
            limits = [f"{'>' if above else '>='} {low}"] if low is not None else []
            limits += [f"{'<' if below else '<='} {high}"] if high is not None else []
            spot.refuse("out-of-range", node, scalar(node, spot), limits=", ".join(limits))
        return value

    return Kind(read, _schema(_NUMBER, "number"), str)


def whole(low: int) -> Kind:
    """A whole number of at least `low`."""

    def read(node: Node, spot: Spot) -> int:
        value: int = _figure(figures.whole, node, spot)
        if value < low:
            spot.refuse("out-of-range", node, scalar(node, spot), limits=f">= {low}")
        return value

    return Kind(read, {"type": ["integer", "string"]}, _as_count)


def word(words: type[StrEnum], *allowed: StrEnum) -> Kind:
    """One of the words of an enumeration."""
    known = [str(one) for one in (allowed or words)]

    def read(node: Node, spot: Spot) -> StrEnum:
        text = scalar(node, spot)
        if text not in known:
            spot.refuse("unknown-word", node, text, known=" ".join(known), near=nearest(text, known))
        return words(text)

    return Kind(read, {"enum": known})


def list_of(kind: Kind, least: int = 0) -> Kind:
    """A list of values of one kind, as a tuple."""

    def read(node: Node, spot: Spot) -> tuple[Any, ...]:
        found = items(node, spot)
        if len(found) < least:
            spot.refuse("list-too-short", node, least=least)
        parts = {}
        for place, item in enumerate(found):
            below = spot.below(place)
            spot.places[below.path] = spot.at(item)
            parts[place] = partial(kind.read, item, below)
        return tuple(each(parts).values())

    return Kind(read, {"type": "array", "items": kind.schema, "minItems": least}, form=Form.LIST, of=kind)


def set_of(kind: Kind) -> Kind:
    """A list of different values, as a frozen set."""
    inner = list_of(kind)
    return replace(inner, read=lambda node, spot: frozenset(inner.read(node, spot)))


def mapping(key_kind: Kind, value_kind: Kind) -> Kind:
    """A mapping from one kind to another."""

    def read(node: Node, spot: Spot) -> dict[Any, Any]:
        values: dict[Any, Any] = {}

        def entry(key: Scalar, value: Node) -> None:
            name = key_kind.read(key, spot)
            below = spot.below(name)
            spot.places[below.path] = spot.at(key)
            values[name] = value_kind.read(value, below)

        each({name: partial(entry, *parts) for name, parts in entries(node, spot).items()})
        return values

    schema = {"type": "object", "additionalProperties": value_kind.schema}
    return Kind(read, schema, form=Form.MAPPING, keys=key_kind, of=value_kind)
