"""图表: native charts a reader looks at instead of reading, with the figures they show below them.

The figures are formulas over the other sheets. A chart that would have one bar or nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from models.case import Case
from models.citation import Language
from models.money import wan
from optimizer.present.exits import Exit
from optimizer.present.report import Spending
from optimizer.present.words import said, word
from optimizer.present.workbook.allocation import Amounts
from optimizer.present.workbook.book import Column, Line, Sheet
from optimizer.present.workbook.cells import Cell, Formula, in_wan
from optimizer.present.workbook.regions import Place, places
from optimizer.present.workbook.style import FONTS, Kind
from optimizer.present.workbook.summary import Spent

#: Funds with a colour of their own, bars of a chart; the rest are added up as 其他.
MOST_FUNDS, MOST_BARS = 7, 15
#: Told apart in print and by those who see colours differently.
COLOURS = ("#1F4E79", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#7F6000", "#A6A6A6")
#: Sheet columns and rows that a chart covers.
_ACROSS, _DOWN = 8, 20
_WIDTH, _HEIGHT = 612, 444


@dataclass(frozen=True)
class Table:
    """Figures of a chart: rows `first` to `last`, categories in column 0, a series in each further one."""

    sheet: Sheet
    head: int
    first: int
    last: int
    series: int


def fill_charts(
    page: Sheet, case: Case, amounts: Amounts, sums: Spending, spent: Spent, found: Sequence[Exit]
) -> None:
    """Draw on `page`, two charts beside each other; their figures go to a sheet of their own at the end."""
    book, language = page.book, page.book.language
    page.columns, page.one_page = 2 * _ACROSS, True
    page.title(said(language, f"{case.title.zh}：图表", f"{case.title.said(language)}: charts"))
    sheet = book.sheet(said(language, "图表数据", "Chart data"))
    sheet.columns, sheet.one_page = MOST_FUNDS + 2, True
    sheet.title(
        said(
            language,
            "图表数据（均由公式取自其他工作表）",
            "Figures of the charts (formulas over the other sheets)",
        )
    )
    listed = places(amounts, language)
    made = [_by_fund(sheet, case, sums, spent)]
    for kind in dict.fromkeys(exit.kind for exit in found):
        made.append(_exits(sheet, case, [exit for exit in found if exit.kind is kind], language))
    if len(listed) > 1:
        made.append(_by_place(sheet, amounts, listed, language))
    made.append(_by_measure(sheet, amounts, sums, language))
    for at, chart in enumerate(made):
        place = xl_rowcol_to_cell(page.row + _DOWN * (at // 2), _ACROSS * (at % 2))
        page.raw.insert_chart(place, chart, {"x_offset": 4, "y_offset": 4, "object_position": 2})
    page.row += _DOWN * -(-len(made) // 2)
    for column in range(page.columns):
        page.widen(column, 8.2)


def _by_fund(sheet: Sheet, case: Case, sums: Spending, spent: Spent) -> Chart:
    """Spending by year, a colour for each of the largest funds."""
    language = sheet.book.language
    ranked = sorted(spent.funds, key=lambda fund: -sum(sums.by_fund[fund].values()))
    large, rest = ranked[:MOST_FUNDS], ranked[MOST_FUNDS:]
    names = [case.funds[fund].title.said(language) for fund in large]
    if rest:
        names.append(f"{word('other', language)} ({len(rest)})")
    title = said(language, "各年支出（按资金，万元）", "Spending by year and fund (10,000 yuan)")
    rows = []
    for offset, year in enumerate(case.years):
        column = spent.year_column + offset
        cells: list[Cell] = [said(language, f"{year}年", str(year))]
        for fund in large:
            place = spent.sheet.place(spent.first + spent.funds.index(fund), column)
            cells.append(Formula(place, in_wan(sums.by_fund[fund][year])))
        if rest:
            total = spent.sheet.place(spent.total, column)
            row = sheet.row + 3 + offset
            shown = xl_range(row, 1, row, len(large))
            cells.append(Formula(f"{total}-SUM({shown})", in_wan(sum(sums.by_fund[f][year] for f in rest))))
        rows.append(Line(cells))
    table = _figures(sheet, title, ["", *names], rows, Kind.WAN)
    chart = _chart(sheet, {"type": "column", "subtype": "stacked"}, title)
    for at in range(table.series):
        _series(chart, table, at, COLOURS[at], gap=70)
    return _finished(sheet, chart, legend=True)


def _exits(sheet: Sheet, case: Case, found: Sequence[Exit], language: Language) -> Chart:
    """What is reached by the end of each year, with the targets as a line."""
    title = said(
        language,
        f"累计{word(found[0].kind.value, language)}：达到与目标",
        f"{word(found[0].kind.value, language).capitalize()} out by the end of the year",
    )
    names = ["", said(language, "达到", "reached"), said(language, "目标", "target")]
    rows = [Line([said(language, f"{e.year}年", str(e.year)), e.reached, e.target]) for e in found]
    table = _figures(sheet, title, names, rows, Kind.COUNT)
    chart = _chart(sheet, {"type": "column"}, title)
    _series(chart, table, 0, COLOURS[0], gap=80, labels="#,##0")
    if any(exit.target is not None for exit in found):
        line = sheet.book.raw.add_chart({"type": "line"})
        if line is not None:
            marker = {
                "type": "diamond",
                "size": 8,
                "fill": {"color": COLOURS[1]},
                "border": {"color": COLOURS[1]},
            }
            _series(line, table, 1, COLOURS[1], marker=marker)
            chart.combine(line)
    return _finished(sheet, chart, legend=True)


def _by_place(sheet: Sheet, amounts: Amounts, listed: Sequence[Place], language: Language) -> Chart:
    """The places with the most money of all years."""
    ranked = sorted(listed, key=lambda place: -sum(line.total for line in place.block.all_lines()))
    rows = []
    for place in ranked[:MOST_BARS]:
        fen = sum(line.total for line in place.block.all_lines())
        cell = amounts.total(place.block, amounts.total_column)
        rows.append(Line([place.name, Formula(f"{cell}/10000", in_wan(fen))]))
    title = said(language, "各地区资金（各年合计，万元）", "Money by region (all years, 10,000 yuan)")
    if len(ranked) > MOST_BARS:
        title = said(
            language,
            f"资金最多的 {MOST_BARS} 个地区（共 {len(ranked)} 个，各年合计，万元）",
            f"The {MOST_BARS} regions with the most money (of {len(ranked)}; all years, 10,000 yuan)",
        )
    return _bars(sheet, title, rows, COLOURS[2])


def _by_measure(sheet: Sheet, amounts: Amounts, sums: Spending, language: Language) -> Chart:
    """The measures with the most money of all years."""
    ranked = sorted(sums.by_measure.items(), key=lambda item: -sum(item[1].values()))
    span = amounts.span(amounts.root)
    rows = []
    for measure, years in ranked[:MOST_BARS]:
        name = amounts.case.measures[measure].title.said(language)
        text = f"{amounts.of(measure, span, amounts.total_column, fund=False)}/10000"
        rows.append(Line([name, Formula(text, in_wan(sum(years.values())))]))
    title = said(language, "各措施资金（各年合计，万元）", "Money by measure (all years, 10,000 yuan)")
    if len(ranked) > MOST_BARS:
        rest = wan(sum(sum(years.values()) for _, years in ranked[MOST_BARS:]))
        others = len(ranked) - MOST_BARS
        title = said(
            language,
            f"资金最多的 {MOST_BARS} 项措施（其余 {others} 项共 {rest} 万元）",
            f"The {MOST_BARS} measures with the most money (the other {others}: {rest} 万元)",
        )
    return _bars(sheet, title, rows, COLOURS[3])


def _bars(sheet: Sheet, title: str, rows: Sequence[Line], colour: str) -> Chart:
    language = sheet.book.language
    names = ["", said(language, "万元", "10,000 yuan")]
    table = _figures(sheet, title, names, rows, Kind.WAN)
    chart = _chart(sheet, {"type": "bar"}, title)
    _series(chart, table, 0, colour, gap=40, labels="#,##0")
    return _finished(sheet, chart, legend=False)


# --- parts of a chart ---------------------------------------------------------------------------------


def _figures(sheet: Sheet, title: str, names: Sequence[str], rows: Iterable[Line], kind: Kind) -> Table:
    """The figures of a chart as a table below the charts."""
    sheet.heading(title)
    columns = [Column(names[0]), *(Column(name, kind) for name in names[1:])]
    head = sheet.row
    first, last = sheet.table(columns, rows)
    return Table(sheet, head, first, last, len(names) - 1)


def _chart(sheet: Sheet, kind: dict[str, Any], title: str) -> Chart:
    chart = sheet.book.raw.add_chart(kind)
    if chart is None:
        raise ValueError(f"no such chart: {kind}")
    chart.set_title({"name": title, "name_font": _font(sheet, 11, bold=True), "overlay": False})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    chart.show_blanks_as("gap")
    return chart


def _series(chart: Chart, table: Table, at: int, colour: str, labels: str = "", **more: object) -> None:
    sheet, column = table.sheet, at + 1
    options: dict[str, Any] = {
        "name": "=" + sheet.place(table.head, column),
        "categories": "=" + sheet.area(table.first, table.last, 0),
        "values": "=" + sheet.area(table.first, table.last, column),
    }
    if "marker" in more:
        options |= {"marker": more["marker"], "line": {"color": colour, "width": 2}}
    else:
        options |= {"fill": {"color": colour}, "border": {"none": True}, "gap": more.get("gap", 60)}
    if labels:
        options["data_labels"] = {"value": True, "num_format": labels, "font": _font(sheet, 8)}
    chart.add_series(options)


def _finished(sheet: Sheet, chart: Chart, *, legend: bool) -> Chart:
    bars = chart.__class__.__name__ == "ChartBar"
    font, grid = _font(sheet, 9), {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}}
    values = {"num_font": font, "num_format": "#,##0", "major_gridlines": grid, "line": {"none": True}}
    names: dict[str, Any] = {"num_font": font, "label_position": "low"}
    if bars:  # every bar has its number: an axis would say it twice
        chart.set_y_axis(names | {"reverse": True, "major_gridlines": {"visible": False}})
        chart.set_x_axis({"min": 0, "visible": False, "major_gridlines": {"visible": False}})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(values | {"min": 0})
    chart.set_legend({"position": "bottom", "font": font} if legend else {"none": True})
    chart.set_chartarea({"border": {"color": "#BFBFBF"}})
    return chart


def _font(sheet: Sheet, size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONTS[sheet.book.language][0], "size": size, "bold": bold}
