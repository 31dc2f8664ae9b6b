"""What a cell of a CSV column can hold: ids the case knows, years of the horizon, words, citations.

Each function makes a converter for `Table.read`: text in, value out, or a `Fault`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from models.citation import Basis, Citation
from models.rules.source import nearest
from optimizer.read import figures
from optimizer.read.csv_table import SHOWN, Column, Table
from optimizer.read.figures import Fault

E = TypeVar("E", bound=StrEnum)

CITATION_COLUMNS = (
    Column("document"),
    Column("section"),
    Column("basis"),
    Column("clause", optional=True),
    Column("note", optional=True),
)


def text(cell: str) -> str:
    """Anything but nothing."""
    if not cell:
        raise Fault("empty-cell")
    return cell


def text_or_none(cell: str) -> str | None:
    """Anything; None for an empty cell."""
    return cell or None


def known(
    ids: Collection[str] | None, kind: tuple[str, str], names: Mapping[str, str] | None = None
) -> Callable[[str], str]:
    """An id of the case; `ids` is None where they could not be read, and then any id will do.

    `names` maps titles to ids, for whoever writes the name instead of the id.
    """
    suggested = 0

    def convert(cell: str) -> str:
        nonlocal suggested
        if ids is None or cell in ids:
            return text(cell)
        text(cell)
        near = ("", "")
        if suggested < SHOWN:  # looking for near names in thousands is slow
            suggested += 1
            near = suggestion(cell, ids, names or {})
        raise Fault("unknown-id", kind=kind, near=near)

    return convert


def suggestion(wrong: str, ids: Collection[str], names: Mapping[str, str]) -> tuple[str, str]:
    """Which id was meant, in both languages, or nothing."""
    if wrong in names:
        return (
            f"「{wrong}」是名称，编号是「{names[wrong]}」。",
            f"That is a name; the id is {names[wrong]!r}. ",
        )
    return nearest(wrong, ids)


def or_none(convert: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same, and None for an empty cell."""
    return lambda cell: convert(cell) if cell else None


def word(words: type[E]) -> Callable[[str], E]:
    """One of the words of an enumeration."""
    members = {str(one): one for one in words}

    def convert(cell: str) -> E:
        if cell in members:
            return members[cell]
        raise Fault("unknown-word", known=" ".join(members), near=nearest(text(cell), members))

    return convert


def year(horizon: tuple[int, int] | None, *, history: bool = False) -> Callable[[str], int]:
    """A year of the horizon; with `history`, also one before it."""

    def convert(cell: str) -> int:
        if not (len(text(cell)) == 4 and cell.isascii() and cell.isdigit()):
            raise Fault("bad-year")
        value = int(cell)
        if horizon is not None and (value > horizon[1] or (value < horizon[0] and not history)):
            raise Fault("year-outside", first=horizon[0], last=horizon[1])
        return value

    return convert


def figure(read: Callable[..., Any], unit: str | None = None) -> Callable[[str], Any]:
    """A number; `unit` is the money unit of the column's header."""

    def convert(cell: str) -> Any:
        text(cell)
        return read(cell) if unit is None else read(cell, unit)

    return convert


def money(table: Table, column: str) -> list[Any]:
    """A money column in whole fen of at least 0."""
    return table.read(column, figure(figures.paid, table.units[column]))


def citations(table: Table, documents: Collection[str] | None, kind: tuple[str, str]) -> list[Any]:
    """Every row's citation; rows that say the same share one object."""
    columns = (
        table.read("document", known(documents, kind)),
        table.read("section", text),
        table.read("basis", word(Basis)),
        table.read("clause", text_or_none),
        table.read("note", text_or_none),
    )
    shared = _Shared()
    return list(map(shared.__getitem__, zip(*columns, strict=True)))


class _Shared(dict[tuple[Any, ...], "Citation | None"]):
    """One Citation for all rows with the same five cells; None where one of them was refused."""

    def __missing__(self, parts: tuple[Any, ...]) -> Citation | None:
        document, section, basis, clause, note = parts
        citation = None
        if None not in (document, section, basis):
            citation = Citation(document=document, section=section, basis=basis, clause=clause, note=note)
        self[parts] = citation
        return citation
