"""Statements before they are computed: the values that their kind asks for, paths that lead to figures of the
case, one unit. Whether a statement holds is said by `fenpei check`.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.case import Case
from models.paths import PathError, figure_at
from models.rules.source import nearest
from models.stated import FigurePath, Stated, StatedKind, StatedValue
from optimizer.read.messages import KIND_WORDS
from optimizer.read.problems import Log, Place
from optimizer.read.sources import Sources

#: Kind -> the fields beside `parts` that it must have; `digits` may come with `percent`.
NEEDED: Mapping[StatedKind, tuple[str, ...]] = {
    StatedKind.SUM: ("total",),
    StatedKind.EQUAL: ("total",),
    StatedKind.HUNDRED: (),
    StatedKind.PERCENT: ("total", "percent"),
    StatedKind.PRODUCT: ("total",),
}
_CODES: Mapping[str, str] = {
    "kind": "path-kind",
    "id": "unknown-id",
    "field": "path-field",
    "nothing": "path-nothing",
    "unknown": "path-unknown",
    "units": "path-units",
    "rule": "path-rule",
}
_MOST_SHOWN = 12


def check_statements(case: Case, sources: Sources, log: Log) -> None:
    """Fields, paths and units of every statement."""
    for stated in case.statements.values():
        _check_fields(stated, sources, log)

        def unit(value: StatedValue | None, *field: str | int, of: Stated = stated) -> str | None:
            return _unit(value, case, field, of, sources, log)

        parts = [unit(part, "parts", at) for at, part in enumerate(stated.parts)]
        total, percent = [unit(stated.total, "total")], [unit(stated.percent, "percent")]
        rates = ["%"] if stated.kind is StatedKind.HUNDRED else []
        if stated.kind is not StatedKind.PRODUCT:
            _check_units([*parts, *total, *rates], stated, sources, log)
        if stated.kind is StatedKind.PERCENT:
            _check_units([*percent, "%"], stated, sources, log)


def _check_fields(stated: Stated, sources: Sources, log: Log) -> None:
    here = ("statements", stated.id)
    needed = NEEDED[stated.kind]
    words = {"item": stated.id, "kind": stated.kind, "needed": " ".join((*needed, "parts"))}
    for field in ("total", "percent", "digits"):
        given = getattr(stated, field) is not None
        if not given and field in needed:
            log.add("stated-missing", sources.at(*here), field=field, **words)
        if given and field not in needed and not (field == "digits" and "percent" in needed):
            log.add("stated-unwanted", sources.at(*here, field), field=field, **words)
    if stated.kind is StatedKind.PERCENT and len(stated.parts) != 1:
        log.add("stated-one-part", sources.at(*here, "parts"), str(len(stated.parts)), item=stated.id)
    if (stated.expect is None) != (stated.why is None):
        code, field = ("stated-missing", "why") if stated.why is None else ("stated-unwanted", "why")
        words = {"item": stated.id, "kind": "expect: slip", "needed": "why"}
        log.add(code, sources.at(*here, field), field=field, **words)


def _unit(
    value: StatedValue | None,
    case: Case,
    field: tuple[str | int, ...],
    stated: Stated,
    sources: Sources,
    log: Log,
) -> str | None:
    """The unit of a value; None where it fits any or cannot be said."""
    if value is None or value.path is None:
        return None if value is None else value.unit
    return unit_at(value.path, value.text, case, sources.at("statements", stated.id, *field), log)


def unit_at(path: FigurePath, text: str, case: Case, place: Place, log: Log) -> str | None:
    """The unit of the figures that a path, written as `text`, names; None where it fits any, or nothing is
    found: that is on the log."""
    try:
        return figure_at(case, path).unit
    except PathError as error:
        words = dict(error.words)
        known = list(error.known)
        words["known"] = " ".join(known[:_MOST_SHOWN]) + (" ..." if len(known) > _MOST_SHOWN else "") or "-"
        wrong = {"kind": path.kind, "id": path.id, "field": path.field}
        found = wrong.get(error.code, text)
        if error.code == "id":
            words["kind"] = KIND_WORDS[str(words["kind"])]
        log.add(_CODES[error.code], place, found, **{**words, "near": nearest(found, known)})
        return None


def _check_units(units: list[str | None], stated: Stated, sources: Sources, log: Log) -> None:
    known = list(dict.fromkeys(unit for unit in units if unit is not None))
    if len(known) > 1:
        log.add("stated-units", sources.at("statements", stated.id), item=stated.id, units=" ".join(known))
