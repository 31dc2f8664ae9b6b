"""Where the money goes: every payment at a place of one level, and the tile of each place.

A place is a county (or, in a county, a township); money paid at a region above stays apart under its name, so
that the places and the rest always add up to the whole. Tiles are schematic: data for known provinces
(tiles.csv), otherwise row by row in the order of the case. No outline of anything is drawn.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from models.allocation import Allocation
from models.case import Case
from models.policy import Counts
from models.region import Level, Region

#: Fewer places than this need no map.
FEWEST_TILES = 4
#: More places than this are too many to tell apart on a page.
MOST_TILES = 160


@dataclass(frozen=True)
class Place:
    """A place with its money (fen), its poor at the start, and the year in which it leaves the list."""

    id: str
    name: str
    parent: str | None
    by_year: Mapping[int, int] = field(default_factory=dict)
    poor: int = 0
    left: int | None = None
    apart: bool = False
    """Money at a region above the places, such as what a province spends itself."""

    @property
    def total(self) -> int:
        """Fen of all years."""
        return sum(self.by_year.values())

    @property
    def per_head(self) -> int | None:
        """Fen for each of the poor, those who enter too, rounded half up; None where none are known."""
        return (2 * self.total + self.poor) // (2 * self.poor) if self.poor and not self.apart else None


def places(case: Case, allocation: Allocation) -> list[Place]:
    """The places in file order, then regions above that have money of their own. Nothing is left out."""
    level = _level(case)
    home = {region.id: _home(case, region.id, level) for region in case.regions}
    money: dict[str, dict[int, int]] = defaultdict(lambda: dict.fromkeys(case.years, 0))
    for (region, _, _, year), fen in allocation.money.items():
        money[home[region]][year] = money[home[region]].get(year, 0) + fen
    poor: dict[str, int] = defaultdict(int)
    for (region, group), members in case.stock_by(case.last_year).items():
        if case.groups[group].counts is Counts.PERSONS:
            poor[home[region]] += members
    left: dict[str, int] = {}
    for region, _, year in allocation.leaves:
        left[region] = min(year, left.get(region, year))
    found = [
        Place(
            r.id,
            r.name,
            r.parent,
            dict(money[r.id]),
            poor[r.id],
            left.get(r.id),
            not _is_place(case, r, level),
        )
        for r in case.regions
        if home[r.id] == r.id and (_is_place(case, r, level) or (money[r.id] and any(money[r.id].values())))
    ]
    return sorted(found, key=lambda place: place.apart)


def _level(case: Case) -> Level:
    """Counties where there are enough of them; else the first level below that has enough; else counties."""
    order = [Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE]
    count = {level: sum(region.level is level for region in case.regions) for level in order}
    return next((level for level in order if count[level] >= FEWEST_TILES), Level.COUNTY)


def _is_place(case: Case, region: Region, level: Level) -> bool:
    """A region of the level, or one above it that has nothing below."""
    return region.level is level or (not case.regions.children[region.id] and _above(region.level, level))


def _above(level: Level, other: Level) -> bool:
    order = list(Level)
    return order.index(level) < order.index(other)


def _home(case: Case, region: str, level: Level) -> str:
    """The place of a region: itself or the nearest ancestor that is one; a region above stands for itself."""
    return next((up for up in case.regions.ancestors(region) if case.regions[up].level is level), region)


# --- tiles ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tile:
    """A place in the grid, rows and columns from 0; `name` is short enough for a tile."""

    place: Place
    name: str
    row: int
    column: int


@dataclass(frozen=True)
class Grid:
    """Tiles of places with a known position, then those without in rows of their own from `strip` on."""

    tiles: tuple[Tile, ...]
    rows: int
    columns: int
    strip: int | None
    known: bool
    """Positions follow tiles.csv; otherwise they follow the order of the case only."""


def tile_grid(case: Case, found: Sequence[Place]) -> Grid | None:
    """The tiles of the places; None where a map says nothing (too few) or too much (too many)."""
    shown = [place for place in found if not place.apart]
    if not FEWEST_TILES <= len(shown) <= MOST_TILES:
        return None
    keys = {place.id: (place.id, case.regions[place.id].code) for place in shown}
    layout = _best_layout(list(keys.values()))
    if layout is None:
        return _in_order(shown)
    tiles, rest = [], []
    for place in shown:
        spot = next((layout[key] for key in keys[place.id] if key is not None and key in layout), None)
        if spot is None:
            rest.append(place)
        else:
            tiles.append(Tile(place, spot[0], spot[1] - 1, spot[2] - 1))
    columns = max(tile.column for tile in tiles) + 1
    rows = max(tile.row for tile in tiles) + 1
    strip = rows if rest else None
    tiles += [Tile(p, short_name(p.name), rows + i // columns, i % columns) for i, p in enumerate(rest)]
    return Grid(tuple(tiles), rows + math.ceil(len(rest) / columns), columns, strip, True)


def _in_order(shown: Sequence[Place]) -> Grid:
    """Row by row in the order of the case, a little wider than high."""
    columns = min(max(4, math.ceil(math.sqrt(len(shown) * 1.3))), 12)
    tiles = tuple(Tile(p, short_name(p.name), i // columns, i % columns) for i, p in enumerate(shown))
    return Grid(tiles, math.ceil(len(shown) / columns), columns, None, False)


def _best_layout(keys: Sequence[tuple[str | None, ...]]) -> Mapping[str, tuple[str, int, int]] | None:
    """The layout that knows the most of these places, if it knows more than half of them."""
    known = {
        name: sum(any(key in layout for key in ids) for ids in keys) for name, layout in _layouts().items()
    }
    best = max(known, key=lambda name: known[name])
    return _layouts()[best] if 2 * known[best] > len(keys) else None


@cache
def _layouts() -> Mapping[str, Mapping[str, tuple[str, int, int]]]:
    """Layout -> place (code or id) -> short name, row, column, counted from 1."""
    found: dict[str, dict[str, tuple[str, int, int]]] = defaultdict(dict)
    for line in _tile_lines():
        found[line["layout"]][line["place"]] = (line["name"], int(line["row"]), int(line["column"]))
    return found


def _tile_lines() -> Iterator[dict[str, str]]:
    text = files("optimizer.present.page").joinpath("tiles.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


_KIND = re.compile(r"(林区|特区|新区|街道|县|市|区|乡|镇|村)$")
_PEOPLES = re.compile(
    r"(土家族|苗族|瑶族|畲族|侗族|回族|壮族|满族|蒙古族|彝族|藏族|羌族|布依族|仡佬族|黎族|水族|白族|傣族)+$"
)


def short_name(name: str, most: int = 8) -> str:
    """A name for a tile: without 县, 市, 自治县, 合计, brackets; at most `most` cells wide, a number kept.

    A Chinese character is two cells wide.
    """
    bare = re.sub(r"[(（].*?[)）]", "", name).removesuffix("合计")
    stem = re.sub(r"(自治县|自治旗|自治州)$", "", bare)
    stem = _PEOPLES.sub("", stem) if stem != bare else _KIND.sub("", bare)
    stem = stem if len(stem) >= 2 else bare
    if cells(stem) <= most:
        return stem
    digits = (re.findall(r"\d{1,2}$", stem) or [""])[0]
    kept = ""
    for letter in stem:
        if cells(kept + letter) > most - 2 - len(digits):
            break
        kept += letter
    return f"{kept}…{digits}"


def cells(text: str) -> int:
    """How wide a text is, in half the width of a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)
