"""The values of a statement: a number with its unit (`2500人`, `36.4万人`, `1.5亿元`, `33.3%`, `1万元/人`)
or a path to figures of the case (`target.exit[2016].amount`).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from models.paths import unit_of
from models.stated import FigurePath, StatedValue
from optimizer.read import figures
from optimizer.read.kinds import Kind, Spot, scalar
from optimizer.read.yaml_nodes import Node

_PATH = re.compile(r"([^\W\d]\w*)\.([\w-]+|\*)(?:\[([^\[\]]*)\])?\.(\w+)")
_NUMBER = re.compile(r"(.*?)\s*(%|[^\W\d_][^\W_]*(?:/[^\W\d_][^\W_]*)?)?")
_SCALES = {"万": 10**4, "亿": 10**8}


def value_of(text: str) -> StatedValue:
    """The value that a text writes. Raises Fault."""
    path = _PATH.fullmatch(text)
    if path is not None:
        kind, id, brackets, field = path.groups()
        keys = frozenset(key.strip() for key in (brackets or "").replace("，", ",").split(",") if key.strip())
        return StatedValue(text=text, path=FigurePath(kind=kind, id=id, keys=keys, field=field))
    found = _NUMBER.fullmatch(text)
    if found is None or not text.lstrip("+-−")[:1].isdigit():
        raise figures.Fault("value-form")
    unit, factor = unit_and_factor(found.group(2) or "1")
    return StatedValue(text=text, value=figures.number(found.group(1)) * factor, unit=unit)


def _read_value(node: Node, spot: Spot) -> StatedValue:
    text = scalar(node, spot)
    try:
        return value_of(text)
    except figures.Fault as fault:
        spot.refuse(fault.code, node, text, **fault.words)


def unit_and_factor(word: str) -> tuple[str | None, Fraction]:
    """The dimension of a unit as written and how many base units it is: 万人, 亿元, %, 元/人, 公里."""
    if word == "%":
        return "%", Fraction(1, 100)
    top, _, bottom = word.partition("/")
    unit, factor = unit_of(top)
    scale = _SCALES.get(top[:1])
    if scale is not None and unit == top:  # no unit of its own such as 万元: a number of what follows
        unit, factor = unit_of(top[1:] or "1")
        factor *= scale
    if not bottom:
        return unit, Fraction(factor)
    below, divisor = unit_of(bottom)
    return f"{unit or 1}/{below or 1}", Fraction(factor, divisor)


def in_unit(value: StatedValue, word: str) -> StatedValue:
    """A bare number in the unit of its statement; any other value as it is."""
    if value.value is None or value.unit is not None or not value.text[-1:].isdigit():
        return value
    unit, factor = unit_and_factor(word)
    return value.model_copy(update={"text": value.text + word, "value": value.value * factor, "unit": unit})


def finish_statement(values: dict[str, Any]) -> None:
    """Bare numbers among the values of a statement take the unit that it gives for them."""
    word = values.pop("unit", None)
    if word is None:
        return
    values["parts"] = tuple(in_unit(part, word) for part in values["parts"])
    if "total" in values:
        values["total"] = in_unit(values["total"], word)


VALUE = Kind(_read_value, {"type": ["string", "number"]})
