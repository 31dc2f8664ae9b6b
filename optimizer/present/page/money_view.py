"""Who pays and where the money goes, as rows for the page: by level, fund, measure and place.

A plan's payments come in, in fen; rows with rounded texts, exact texts and shares of the longest bar go out.
Every list adds up to the same total, or a note under it says that rounding shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from models.money import spelled
from models.policy import FundLevel
from models.unit_words import unit_word
from optimizer.present.page.charts import Columns, stacked
from optimizer.present.page.figures import Scale, number, percent, scale_for
from optimizer.present.page.places import Place, places
from optimizer.present.principal import later_sentences
from optimizer.present.words import said, word

#: Bars of measures and of places before the rest is one bar; the table behind has every line.
MOST_BARS, MOST_PLACE_BARS = 15, 20
#: Among this many places, a bar this many times as long as the next one is cut, so that the others can be
#: told apart. Bars of funds and measures always keep their proportion; only "others together" may be cut.
_MANY, _OUTSIZE = 6, 3
#: Lines of a table of places; beyond it the rest is one line, and spending.csv has them all.
MOST_PLACES = 400


@dataclass(frozen=True)
class Segment:
    """A part of a bar: a class of the style sheet, and where it begins and how long it is, in percent."""

    kind: str
    start: float
    length: float


@dataclass(frozen=True)
class Bar:
    """One line: a name, its bar, the rounded amount, its share, and further cells."""

    name: str
    segments: tuple[Segment, ...]
    shown: str
    share: str
    cells: tuple[str, ...] = ()
    cut: bool = False
    """Longer than there is room; drawn with a gap, and the figure counts."""


@dataclass(frozen=True)
class Exact:
    """A line of a table in exact yuan: leading texts, one amount per year, and their sum."""

    names: tuple[str, ...]
    amounts: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class Listed:
    """Bars with the total, the exact lines behind them, and whether rounding shows."""

    bars: tuple[Bar, ...]
    total: str
    exact: tuple[Exact, ...]
    exact_total: Exact
    adds_up: bool


@dataclass(frozen=True)
class Money:
    """Everything about money; `chart` is by level and year."""

    scale: Scale
    unit: str
    total: int
    public: int
    years: tuple[int, ...]
    chart: Columns
    levels: tuple[tuple[str, str, str, str], ...]
    """class, name, rounded amount and share of every level that pays"""
    ranked_levels: tuple[tuple[str, str, str, str], ...]
    """The same, who pays most first."""
    levels_add_up: bool
    by_level: tuple[Exact, ...]
    by_level_total: Exact
    funds: Listed
    unused: tuple[str, ...]
    not_public: tuple[str, ...]
    measures: Listed
    places: Listed | None
    later: tuple[str, ...]
    """Sentences about principal that comes back after the plan."""
    place_headings: tuple[str, ...]
    place_list: tuple[Place, ...]


def money_view(case: Case, allocation: Allocation, language: Language) -> Money:
    """The money of a plan. Public is what funds with a cost weight pay, each fen once whatever its weight."""
    years = case.years
    by_fund: dict[str, dict[int, int]] = {fund: dict.fromkeys(years, 0) for fund in case.funds}
    by_measure: dict[str, dict[int, int]] = defaultdict(lambda: dict.fromkeys(years, 0))
    for (_, measure, fund, year), fen in allocation.money.items():
        by_fund[fund][year] += fen
        by_measure[measure][year] += fen
    total = sum(allocation.money.values())
    scale = scale_for(total)
    by_level: dict[FundLevel, dict[int, int]] = {}
    for level in FundLevel:
        funds = [by_fund[fund.id] for fund in case.funds.values() if fund.level is level]
        sums = {year: sum(amounts[year] for amounts in funds) for year in years}
        if any(sums.values()):
            by_level[level] = sums
    names = {level.value: word(level, language) for level in by_level}
    level_totals = {level: sum(amounts.values()) for level, amounts in by_level.items()}
    found = tuple(places(case, allocation))
    levels = {
        level: (level.value, names[level.value], scale.show(fen, language), percent(fen, total))
        for level, fen in level_totals.items()
    }
    return Money(
        scale=scale,
        unit=scale.unit.said(language),
        total=total,
        public=sum(sum(by_fund[fund.id].values()) for fund in case.funds.values() if fund.cost_weight),
        years=years,
        chart=stacked(
            years,
            {level.value: amounts for level, amounts in by_level.items()},
            lambda fen: scale.show(fen, language),
            names,
        ),
        levels=tuple(levels.values()),
        ranked_levels=tuple(
            levels[level] for level in sorted(levels, key=lambda level: -level_totals[level])
        ),
        levels_add_up=scale.adds_up(level_totals.values())
        and all(scale.adds_up(amounts[year] for amounts in by_level.values()) for year in years),
        by_level=tuple(
            exact_line((names[level.value],), amounts, years) for level, amounts in by_level.items()
        ),
        by_level_total=_sum_line(by_level.values(), years, 1, language),
        funds=_funds(case, by_fund, scale, total, language),
        unused=tuple(
            case.funds[f].title.said(language) for f, years in by_fund.items() if not any(years.values())
        ),
        not_public=tuple(
            fund.title.said(language)
            for fund in case.funds.values()
            if not fund.cost_weight and any(by_fund[fund.id].values())
        ),
        measures=_measures(case, allocation, by_measure, scale, total, language),
        places=_places(found, scale, total, years, language) if len(found) > 1 else None,
        later=tuple(later_sentences(case, allocation, language)),
        place_headings=_place_headings(found, language),
        place_list=found,
    )


def exact_line(names: tuple[str, ...], amounts: Mapping[int, int], years: Sequence[int]) -> Exact:
    """A line in exact yuan."""
    cells = tuple(spelled(amounts.get(year, 0)) for year in years)
    return Exact(names, cells, spelled(sum(amounts.values())))


def _sum_line(
    rows: Iterable[Mapping[int, int]], years: Sequence[int], columns: int, language: Language
) -> Exact:
    listed = list(rows)
    sums = {year: sum(row.get(year, 0) for row in listed) for year in years}
    return exact_line((word("total", language), *[""] * (columns - 1)), sums, years)


def year_kind(years: Sequence[int], year: int) -> str:
    """The class of a year's shade: first to fifth."""
    return f"year-{min(years.index(year), 4)}"


def _segments(amounts: Mapping[int, int], years: Sequence[int], longest: int) -> tuple[Segment, ...]:
    found, before = [], 0
    longest = max(longest, sum(amounts.values()), 1)
    for year in years:
        fen = amounts.get(year, 0)
        if fen:
            found.append(Segment(year_kind(years, year), _share(before, longest), _share(fen, longest)))
        before += fen
    return tuple(found)


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 2)


def _funds(
    case: Case, by_fund: Mapping[str, Mapping[int, int]], scale: Scale, total: int, language: Language
) -> Listed:
    used = {fund: years for fund, years in by_fund.items() if any(years.values())}
    ranked = sorted(used, key=lambda fund: -sum(used[fund].values()))
    rows = [
        (case.funds[f].title.said(language), used[f], (word(case.funds[f].level, language),)) for f in ranked
    ]
    return _listed(rows, scale, total, case.years, language, len(rows))


def _measures(
    case: Case,
    allocation: Allocation,
    by_measure: Mapping[str, Mapping[int, int]],
    scale: Scale,
    total: int,
    language: Language,
) -> Listed:
    units: dict[str, Fraction] = defaultdict(Fraction)
    for (_, measure, _), started in allocation.units.items():
        units[measure] += started
    ranked = sorted(by_measure, key=lambda measure: -sum(by_measure[measure].values()))
    rows = []
    for measure in ranked:
        item = case.measures[measure]
        bought = (
            f"{number(units[measure])} {unit_word(item.unit, language, units[measure])}"
            if units[measure]
            else "–"
        )
        rows.append((item.title.said(language), by_measure[measure], (bought,)))
    return _listed(rows, scale, total, case.years, language, MOST_BARS)


def _places(
    found: Sequence[Place], scale: Scale, total: int, years: Sequence[int], language: Language
) -> Listed:
    width = len(_place_headings(found, language)) - 1
    ranked = sorted((p for p in found if p.total or p.poor), key=lambda p: -p.total)
    rows: dict[bool, list[_Row]] = {False: [], True: []}
    for place in ranked:
        name = place.name + (said(language, "（本级）", " (itself)") if place.apart else "")
        head = "–" if place.per_head is None else f"{(place.per_head + 50) // 100:,}"
        left = "–" if place.left is None else str(place.left)
        cells = ("–" if place.apart else f"{place.poor:,}", head, left)[:width]
        rows[place.apart].append((name, place.by_year, cells))
    return _listed(rows[False], scale, total, years, language, MOST_PLACE_BARS, rows[True], width, True)


def _place_headings(found: Sequence[Place], language: Language) -> tuple[str, ...]:
    """What stands beside a place; the year of leaving a list only where any place does."""
    headings = (
        said(language, "地区", "place"),
        said(language, "期初贫困人口", "poor at the start"),
        said(language, "人均（元）", "yuan per head"),
        said(language, "摘帽", "off the list"),
    )
    return headings if any(place.left is not None for place in found) else headings[:-1]


_Row = tuple[str, Mapping[int, int], tuple[str, ...]]


def _listed(
    rows: Sequence[_Row],
    scale: Scale,
    total: int,
    years: Sequence[int],
    language: Language,
    most: int,
    always: Sequence[_Row] = (),
    exact_cells: int = 1,
    cut_outsize: bool = False,
) -> Listed:
    """Bars of the first rows, the others in one bar, then those shown always; exact lines of all of them.

    Of a row's cells the exact lines take the first `exact_cells`.
    """
    shown = [*rows[:most], *_together(rows[most:], years, language), *always]
    lines = [*rows, *always]
    if len(lines) > MOST_PLACES:
        lines = [*rows[:MOST_PLACES], *_together(rows[MOST_PLACES:], years, language), *always]
    amounts_shown = [sum(row[1].values()) for row in rows[:most]]
    longest = room(amounts_shown) if cut_outsize else max(amounts_shown, default=1)
    bars = tuple(
        Bar(
            name,
            _segments(amounts, years, longest),
            scale.show(sum(amounts.values()), language),
            percent(sum(amounts.values()), total),
            cells,
            sum(amounts.values()) > longest,
        )
        for name, amounts, cells in shown
    )
    return Listed(
        bars,
        scale.show(total, language),
        tuple(exact_line((name, *cells[:exact_cells]), amounts, years) for name, amounts, cells in lines),
        _sum_line((row[1] for row in lines), years, 1 + exact_cells, language),
        scale.adds_up(sum(row[1].values()) for row in shown),
    )


def _together(rows: Sequence[_Row], years: Sequence[int], language: Language) -> list[_Row]:
    """What the rows add up to, as one row; none for none."""
    if not rows:
        return []
    sums = {year: sum(row[1].get(year, 0) for row in rows) for year in years}
    name = said(language, f"其余 {len(rows)} 项合计", f"{len(rows)} others together")
    return [(name, sums, tuple("" for _ in rows[0][2]))]


def room(ranked: Sequence[int]) -> int:
    """The length of the longest bar: the largest amount, or the next where the largest dwarfs many others.

    Among places the largest may be a remainder (其他县合计) beside which no county could be told apart.
    """
    if len(ranked) >= _MANY and ranked[0] > _OUTSIZE * ranked[1] > 0:
        return ranked[1]
    return ranked[0] if ranked else 1
