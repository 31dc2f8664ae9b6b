"""What holds for the whole table: a year, fund, measure or region that no column tells, from an option, the
title or the name of the sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.case import Case
from models.submission import MappedColumn, Spot
from optimizer.read.foreign.grid import Grid
from optimizer.read.foreign.header import Header, Said, stated_years
from optimizer.read.foreign.names import Names
from optimizer.read.foreign.options import Meant
from optimizer.read.foreign.words import narrow, normal, vocabulary, year_in
from optimizer.read.problems import Log, Place
from optimizer.read.sheets import CellKind as Kind

_SHORTEST = 3  # characters of a name that is looked for inside a title


@dataclass(frozen=True)
class Constants:
    """Key -> the id or year of every row, and where that is said."""

    values: dict[str, str | int]
    mapped: tuple[MappedColumn, ...]


def find_constants(
    grid: Grid,
    header: Header,
    case: Case,
    names: Names,
    given: Mapping[str, Meant],
    missing: Sequence[str],
    log: Log,
) -> Constants:
    """The keys of `missing`; what is given with an option comes before what a title says."""
    values: dict[str, str | int] = {}
    mapped = []
    for key in dict.fromkeys((*missing, *given)):
        if key in given:
            found = _given(given[key], case, names, log)
            spot = Spot(f'--map "{given[key].option}"', None, "")
            text = given[key].value
        else:
            said = list(_said(key, grid, header, names))
            tab = _of_sheet(key, grid, names)
            if tab is not None:
                inside = case.regions.ancestors(tab) if key == "region" else (tab,)
                said = [one for one in said if one.value not in inside] + [Said(tab, 1, 1)]
            if not said and key == "region" and len(case.regions) == 1:
                said = [Said(case.regions.root, header.first, 1)]
            ids = sorted({one.value for one in said})
            if len(ids) != 1:
                _report(key, ids, grid, header, names, log)
                continue
            found = int(ids[0]) if key == "year" else ids[0]
            spot = grid.spot(said[0].row, said[0].column)
            text = grid.sheet or "" if tab is not None else narrow(grid.text(said[0].row, said[0].column))
        if found is not None:
            values[key] = found
            mapped.append(MappedColumn(spot, text, f"{key}={found}"))
    return Constants(values, tuple(mapped))


def _given(meant: Meant, case: Case, names: Names, log: Log) -> str | int | None:
    place = Place(f"--map {meant.option}")
    if meant.meaning == "year":
        year = year_in(meant.value)
        if year is None:
            log.add("foreign-map-value", place, meant.value, meaning=vocabulary().said["year"])
        return year
    match = names.find(meant.meaning, meant.value)
    if match.one is None:
        candidates = " ".join(
            names.title(meant.meaning, id) for id in names.in_order(meant.meaning, match.ids)
        )
        code = "foreign-map-several" if match.ids else "foreign-map-value"
        log.add(code, place, meant.value, meaning=vocabulary().said[meant.meaning], candidates=candidates)
    return match.one


def _said(key: str, grid: Grid, header: Header, names: Names) -> Iterator[Said]:
    """What the title says about a key; of names inside one another only the longest."""
    if key == "year":
        yield from stated_years(grid, header)
        return
    for row in grid.rows:
        if row >= header.first:
            break
        for column, cell in grid.rows[row].items():
            if cell.kind is Kind.TEXT:
                ids = names.inside(key, normal(cell.text), _SHORTEST)
                yield from (Said(id, row, column) for id in ids)


def _of_sheet(key: str, grid: Grid, names: Names) -> str | None:
    """What the name of the sheet says about a key, if it says one thing: `2018年`, `兰考县`."""
    text = narrow(grid.sheet or "")
    if key == "year":
        found: Sequence[str] = (
            () if re.search(r"月|\d日", text) else re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text)
        )
    else:
        found = tuple(names.inside(key, normal(text), _SHORTEST))
    return found[0] if len(found) == 1 else None


def _report(key: str, ids: Sequence[str], grid: Grid, header: Header, names: Names, log: Log) -> None:
    zh, en = vocabulary().said[key]
    place = grid.place(header.last, 1)
    example = {"year": "2018", "region": names.case.regions.root}.get(key) or next(
        iter(names.case.funds if key == "fund" else names.case.measures), "…"
    )
    titles = ids if key == "year" else [names.title(key, id) for id in ids]
    log.add(
        "foreign-key-several" if ids else "foreign-key-missing",
        place,
        meaning=(zh, en),
        candidates=("、".join(titles), ", ".join(titles)),
        known=(
            "、".join(map(header.written, header.columns)),
            ", ".join(map(header.written, header.columns)),
        ),
        option=(f'--map "{zh}={example}"', f'--map "{en}={example}"'),
    )
