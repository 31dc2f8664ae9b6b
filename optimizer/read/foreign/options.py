"""What the user says about a table: `--map`, `--sheet`, `--unit`, read before the table is.

`--map MEANING=HEADER` names the column of a meaning by its header or its letter, or gives one value for the
whole table (`年度=2018`); `--map NAME=ID` says what a name in the table stands for (`中央=central_special`).
"""

from __future__ import annotations

from dataclasses import dataclass

from models.case import Case
from optimizer.read.foreign.names import Names
from optimizer.read.foreign.words import money_unit, narrow, normal, vocabulary
from optimizer.read.problems import Log, Place


@dataclass(frozen=True)
class TableOptions:
    """`maps` as given with `--map`, sheets by name (none: the one with a table), the unit of money without
    one."""

    maps: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """A `--map` about a column: its meaning, and the header, letter or value that was given."""

    option: str
    meaning: str
    value: str


@dataclass(frozen=True)
class Wishes:
    """The options as understood; `unit` in the form of `words.money_unit`."""

    meant: tuple[Meant, ...]
    aliases: dict[str, tuple[str, str]]
    """Name in its normal form -> (kind, id)"""
    alias_options: dict[str, str]
    """Name in its normal form -> the option."""
    unit: str | None


def read_options(options: TableOptions, case: Case, log: Log) -> Wishes:
    """The options as understood; what cannot be is on the log."""
    meanings = {
        normal(word): meaning for meaning, said in vocabulary().said.items() for word in (meaning, *said)
    }
    names = Names(case)
    meant, aliases, alias_options = [], {}, {}
    for option in options.maps:
        place = Place(f"--map {option}")
        left, equals, right = (narrow(part).strip() for part in option.partition("="))
        if not (equals and normal(left) and right):
            log.add("foreign-map-form", place, option, known=meaning_words())
        elif normal(left) in meanings:
            meant.append(Meant(option, meanings[normal(left)], right))
        else:
            found = [
                (kind, id) for kind in ("fund", "measure", "region") for id in names.find(kind, right).ids
            ]
            if len(found) == 1:
                aliases[normal(left)] = found[0]
                alias_options[normal(left)] = option
            elif found:
                candidates = " ".join(names.title(*one) for one in found)
                log.add("foreign-map-several", place, right, candidates=candidates)
            else:
                log.add("foreign-map-unknown", place, right, name=left, known=meaning_words())
    unit = None
    if options.unit is not None and (unit := money_unit(options.unit)) is None:
        log.add("foreign-unit-unknown", Place(f"--unit {options.unit}"), options.unit)
    return Wishes(tuple(meant), aliases, alias_options, unit)


def meaning_words() -> tuple[str, str]:
    """The words for the meanings of columns, in both languages."""
    said = vocabulary().said
    return "、".join(zh for zh, _ in said.values()), ", ".join(said)
