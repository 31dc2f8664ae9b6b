"""Charts as geometry: stacked columns by year, and lines of what is reached against what is asked.

Whole numbers come in; positions in a drawing 360 wide go out, for the templates to draw as SVG. Every label
is text that a reader can select, and no colour stands without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 236
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 348, 26, 208
#: Height below which a part of a column carries no label of its own.
_LABELLED = 15


@dataclass(frozen=True)
class Label:
    """A text at a place; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Part:
    """One rectangle of a column, of a kind (a class of the style sheet), with a label if it has room."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    hint: str
    label: Label | None


@dataclass(frozen=True)
class Columns:
    """Stacked columns: parts from the ground up, totals above, years below."""

    parts: tuple[Part, ...]
    totals: tuple[Label, ...]
    years: tuple[Label, ...]
    ground: float = _BOTTOM


def stacked(
    years: Sequence[int],
    series: Mapping[str, Mapping[int, int]],
    show: Callable[[int], str],
    names: Mapping[str, str],
) -> Columns:
    """Columns of `series` (kind -> year -> amount, none negative), the first kind at the ground."""
    sums = {year: sum(amounts.get(year, 0) for amounts in series.values()) for year in years}
    highest = max(sums.values(), default=0) or 1
    step = (_RIGHT - _LEFT) / len(years)
    width = min(step * 0.62, 84)
    parts, totals, below = [], [], []
    for number, year in enumerate(years):
        middle = _LEFT + step * (number + 0.5)
        ground = float(_BOTTOM)
        for kind, amounts in series.items():
            value = amounts.get(year, 0)
            if not value:
                continue
            height = value / highest * (_BOTTOM - _TOP)
            ground -= height
            text = show(value)
            fits = height >= _LABELLED and len(text) * 6.6 <= width
            label = Label(_r(middle), _r(ground + height / 2 + 4), text) if fits else None
            hint = f"{year} {names[kind]} {text}"
            parts.append(Part(kind, _r(middle - width / 2), _r(ground), _r(width), _r(height), hint, label))
        totals.append(Label(_r(middle), _r(ground - 7), show(sums[year])))
        below.append(Label(_r(middle), _BOTTOM + 18, str(year)))
    return Columns(tuple(parts), tuple(totals), tuple(below))


@dataclass(frozen=True)
class Dot:
    """A point of a line."""

    x: float
    y: float


@dataclass(frozen=True)
class Lines:
    """Two lines over the years; the line of targets has gaps where nothing was asked."""

    reached: tuple[Dot, ...]
    asked: tuple[tuple[Dot, ...], ...]
    reached_labels: tuple[Label, ...]
    asked_labels: tuple[Label, ...]
    years: tuple[Label, ...]
    ground: float = _BOTTOM


def against_targets(years: Sequence[int], reached: Sequence[int], asked: Sequence[int | None]) -> Lines:
    """What is reached by each year (labels above) and what is asked by then (labels below)."""
    highest = max([*reached, *(value for value in asked if value is not None), 1])
    step = (_RIGHT - _LEFT) / len(years)
    top, bottom = _TOP, _BOTTOM - 22  # a label of a target that is low still stands above the ground

    def dot(number: int, value: int) -> Dot:
        return Dot(_r(_LEFT + step * (number + 0.5)), _r(bottom - value / highest * (bottom - top)))

    line = tuple(dot(number, value) for number, value in enumerate(reached))
    runs: list[list[Dot]] = [[]]
    labels = []
    for number, value in enumerate(asked):
        if value is None:
            runs.append([])
            continue
        place = dot(number, value)
        runs[-1].append(place)
        labels.append(Label(place.x, _r(max(place.y, line[number].y) + 19), f"{value:,}"))
    above = tuple(
        Label(place.x, _r(min(place.y, dot(number, asked[number] or 0).y) - 9), f"{value:,}")
        for number, (place, value) in enumerate(zip(line, reached, strict=True))
    )
    below = tuple(Label(place.x, _BOTTOM + 18, str(year)) for place, year in zip(line, years, strict=True))
    return Lines(line, tuple(tuple(run) for run in runs if run), above, tuple(labels), below)


def _r(value: float) -> float:
    """Tenths are finer than any screen, and end the same on every machine."""
    return round(value, 1)
