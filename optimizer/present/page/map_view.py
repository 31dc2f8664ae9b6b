"""The tile map: a square per county, coloured in five steps by money per poor person, or by year of leaving.

Places come in; squares with their class, short name, value and full hint go out. Colour is never alone: the
value stands in every tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.case import Case
from models.citation import Language
from optimizer.present.page.figures import Scale, whole_yuan
from optimizer.present.page.places import Grid, Place, cells, tile_grid
from optimizer.present.words import said

SIZE, GAP = 50, 4
#: Room between the known positions and the row of places without one.
_STRIP = 22
_STEPS = 5


@dataclass(frozen=True)
class Square:
    """One tile."""

    x: int
    y: int
    kind: str
    name: str
    value: str
    hint: str
    squeeze: bool
    """The name is wider than the tile and is drawn narrower."""


@dataclass(frozen=True)
class TileMap:
    """A map with its legend: (class, words) from low to high."""

    title: str
    note: str
    squares: tuple[Square, ...]
    legend: tuple[tuple[str, str], ...]
    width: int
    height: int
    strip: int | None
    """Where the row of places without a position begins."""


def maps(case: Case, found: Sequence[Place], scale: Scale, language: Language) -> list[TileMap]:
    """Money per poor person and, where any county leaves its list, the year in which it does."""
    grid = tile_grid(case, found)
    if grid is None:
        return []
    made = []
    heads = [place.per_head for place in found if place.per_head is not None]
    if heads:
        made.append(_by_money(grid, heads, scale, language))
    if any(tile.place.left is not None for tile in grid.tiles):
        made.append(_by_year(grid, scale, language))
    return made


def _by_money(grid: Grid, heads: Sequence[int], scale: Scale, language: Language) -> TileMap:
    steps = bounds(heads)

    def kind(place: Place) -> str:
        return "tile-none" if place.per_head is None else f"tile-{_step(place.per_head, steps)}"

    legend = []
    for number, (low, high) in enumerate(steps):
        inside = any(_step(head, steps) == number for head in heads)
        if inside:
            legend.append(
                (
                    f"tile-{number}",
                    f"{whole_yuan(low)}–{whole_yuan(high)}" if low != high else whole_yuan(low),
                )
            )
    if any(tile.place.per_head is None for tile in grid.tiles):
        legend.append(("tile-none", said(language, "无贫困人口数", "no number of poor people")))
    title = said(
        language,
        "每名贫困人口（期初）得到的资金，元",
        "Money per poor person at the start, yuan",
    )
    tiles = [(kind(tile.place), _each(tile.place), tile.place) for tile in grid.tiles]
    return _map(grid, title, legend, language, tiles, scale)


def _by_year(grid: Grid, scale: Scale, language: Language) -> TileMap:
    used = sorted({tile.place.left for tile in grid.tiles if tile.place.left is not None})
    shades = {year: (_STEPS - 1) * (2 * number + 1) // (2 * len(used)) for number, year in enumerate(used)}

    def kind(place: Place) -> str:
        return "tile-none" if place.left is None else f"tile-{shades[place.left]}"

    legend = [(f"tile-{shade}", str(year)) for year, shade in shades.items()]
    legend.append(
        ("tile-none", said(language, "不在退出名单或期内不退出", "not listed, or stays on the list"))
    )
    title = said(language, "退出贫困县名单（摘帽）的年份", "Year of leaving the list of poor counties")
    tiles = [
        (kind(tile.place), "–" if tile.place.left is None else str(tile.place.left), tile.place)
        for tile in grid.tiles
    ]
    return _map(grid, title, legend, language, tiles, scale)


def _map(
    grid: Grid,
    title: str,
    legend: Sequence[tuple[str, str]],
    language: Language,
    tiles: Sequence[tuple[str, str, Place]],
    scale: Scale,
) -> TileMap:
    strip = None if grid.strip is None else GAP + grid.strip * (SIZE + GAP) + 15
    squares = []
    for tile, (kind, value, place) in zip(grid.tiles, tiles, strict=True):
        below = _STRIP if grid.strip is not None and tile.row >= grid.strip else 0
        x, y = GAP + tile.column * (SIZE + GAP), GAP + tile.row * (SIZE + GAP) + below
        squares.append(
            Square(x, y, kind, tile.name, value, _hint(place, scale, language), cells(tile.name) > 6)
        )
    if grid.known:
        note = said(
            language,
            "位置为示意，只表示大致相邻关系，不表示边界和面积；方格大小相同，与面积、人口无关。",
            "Positions are schematic: roughly who is next to whom, no borders, no areas. "
            "All tiles are of one size.",
        )
    else:
        note = said(
            language,
            "方格按案例中的顺序排列，位置不表示地理方位。",
            "Tiles stand in the order of the case; their position says nothing about geography.",
        )
    height = GAP + grid.rows * (SIZE + GAP) + (_STRIP if grid.strip is not None else 0)
    width = GAP + grid.columns * (SIZE + GAP)
    return TileMap(title, note, tuple(squares), tuple(legend), width, height, strip)


def _hint(place: Place, scale: Scale, language: Language) -> str:
    head = _each(place)
    left = "–" if place.left is None else str(place.left)
    return said(
        language,
        f"{place.name}：资金 {scale.said(place.total, language)}，期初贫困人口 {place.poor:,} 人，"
        f"人均 {head} 元，摘帽 {left}",
        f"{place.name}: {scale.said(place.total, language)}, {place.poor:,} poor at the start, "
        f"{head} yuan each, off the list {left}",
    )


def _each(place: Place) -> str:
    return "–" if place.per_head is None else whole_yuan(place.per_head)


def bounds(heads: Sequence[int]) -> list[tuple[int, int]]:
    """Lowest and highest value of five steps with about equally many places; equal values stay together."""
    ranked = sorted(heads)
    cuts = [ranked[min(len(ranked) - 1, len(ranked) * (i + 1) // _STEPS - 1)] for i in range(_STEPS - 1)]
    tops = sorted({*(cut for cut in cuts if cut >= ranked[0]), ranked[-1]})
    steps, low = [], ranked[0]
    for top in tops:
        inside = [head for head in ranked if low <= head <= top]
        if inside:
            steps.append((inside[0], inside[-1]))
            above = [head for head in ranked if head > top]
            low = above[0] if above else top
    return steps


def _step(head: int, steps: Sequence[tuple[int, int]]) -> int:
    return next(number for number, (_, high) in enumerate(steps) if head <= high)
