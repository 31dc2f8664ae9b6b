"""需求与脱贫: who is out by when against the targets, where they live, and how far every need is met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from models.policy import Counts, NeedKind
from models.unit_words import unit_word
from optimizer.present.exits import Exit
from optimizer.present.movement import Movement, counted, headings, movements
from optimizer.present.needs import met_needs
from optimizer.present.words import said, word
from optimizer.present.workbook.book import Book, Column, Line, Sheet
from optimizer.present.workbook.cells import Cell, Formula, quantity, share
from optimizer.present.workbook.payments import county
from optimizer.present.workbook.style import Kind, Row


def people_sheet(book: Book, case: Case, allocation: Allocation, found: Sequence[Exit]) -> Sheet:
    """Write the sheet: exits against targets, exits by region, needs."""
    language = book.language
    sheet = book.sheet(said(language, "需求与脱贫", "Needs and exits"))
    sheet.columns = 4 + 2 * len(case.years)
    sheet.title(said(language, "需求满足与脱贫退出", "Needs met and exits"))
    if found:
        sheet.heading(
            said(
                language,
                "一、累计退出（脱贫、出列、摘帽）与目标",
                "1. Out by the end of the year, and targets",
            )
        )
        _exits(sheet, found, language)
    rows = _by_region(case, allocation)
    if rows:
        sheet.heading(
            said(language, "二、各地区当年脱贫人数", "2. Persons who leave poverty in the year, by region")
        )
        _regions(sheet, case, rows, language)
    if case.needs:
        sheet.heading(said(language, "三、需求满足情况", "3. Needs met"))
        _needs(sheet, case, allocation, language)
    moved = movements(case, allocation)
    if moved:
        sheet.heading(said(language, "四、贫困人口（村）进出", "4. Who came in and who left"))
        _movements(sheet, moved, language)
    return sheet


def _movements(sheet: Sheet, moved: Sequence[Movement], language: Language) -> None:
    columns = [
        Column(word("kind", language).capitalize()),
        Column(word("year", language).capitalize(), Kind.YEAR),
        *(Column(heading, Kind.COUNT) for heading in headings(language)),
    ]
    rows = []
    for at, row in enumerate(moved, start=sheet.row + 1):
        before, left = xl_rowcol_to_cell(at, 2), xl_rowcol_to_cell(at, 6)
        after = Formula(f"SUM({before}:{xl_rowcol_to_cell(at, 5)})-{left}", row.poor_after)
        rows.append(Line([counted(row.counts, language).capitalize(), row.year, *row.figures[:-1], after]))
    sheet.table(columns, rows)


def _exits(sheet: Sheet, found: Sequence[Exit], language: Language) -> None:
    columns = [
        Column(word("kind", language).capitalize()),
        Column(word("year", language).capitalize(), Kind.YEAR),
        Column(said(language, "累计达到", "Reached to date"), Kind.COUNT),
        Column(said(language, "累计目标", "Target to date"), Kind.COUNT),
        Column(said(language, "超出（不足）", "Above (below)"), Kind.COUNT),
        Column(said(language, "完成率", "Reached"), Kind.SHARE),
    ]
    rows = []
    for at, exit in enumerate(found, start=sheet.row + 1):
        reached, target = xl_rowcol_to_cell(at, 2), xl_rowcol_to_cell(at, 3)
        cells: list[Cell] = [
            word(exit.kind.value, language).capitalize(),
            exit.year,
            exit.reached,
            exit.target,
        ]
        if exit.target is None:
            cells[3] = said(language, "未设目标", "none set")
            cells += [None, None]
        else:
            rate = share(exit.reached, exit.target)
            cells.append(Formula(f"{reached}-{target}", exit.reached - exit.target))
            cells.append(None if rate is None else Formula(f"{reached}/{target}", rate))
        rows.append(Line(cells))
    sheet.table(columns, rows)


def _by_region(case: Case, allocation: Allocation) -> dict[str, dict[int, int]]:
    """County -> year -> persons who leave less those who fall back or whose exit is undone."""
    persons = {group.id for group in case.groups.values() if group.counts is Counts.PERSONS}
    sums: dict[str, dict[int, int]] = defaultdict(lambda: dict.fromkeys(case.years, 0))
    for sign, amounts in ((1, allocation.exits), (-1, allocation.returned), (-1, allocation.revoked)):
        for (region, group, year), members in amounts.items():
            if group in persons and year in case.years:
                sums[county(case, region)][year] += sign * members
    return {region: sums[region] for region in case.regions.ids if region in sums}


def _regions(sheet: Sheet, case: Case, rows: dict[str, dict[int, int]], language: Language) -> None:
    stock: dict[str, int] = defaultdict(int)
    for (region, group), members in case.stock_by(case.last_year).items():
        if case.groups[group].counts is Counts.PERSONS:
            stock[county(case, region)] += members
    start = ("期初及新纳入贫困人口", "Poor at the start or entered")
    columns = [
        Column(word("region", language).capitalize()),
        *(Column(said(language, f"{year}年", str(year)), Kind.COUNT) for year in case.years),
        Column(said(language, "累计脱贫", "Out in all"), Kind.COUNT),
        Column(
            said(language, *(start if case.tables.entrants else ("期初贫困人口", "Poor at the start"))),
            Kind.COUNT,
        ),
        Column(said(language, "期末未脱贫", "Still poor"), Kind.COUNT),
    ]
    years = len(case.years)
    body, last = sheet.row + 2, sheet.row + 1 + len(rows)
    totals = [sum(row[year] for row in rows.values()) for year in case.years]
    grand = [*totals, sum(totals), sum(stock[region] for region in rows)]
    lines = []
    top: list[Cell] = [word("total", language).capitalize()]
    top += [Formula(f"SUM({xl_range(body, at, last, at)})", value) for at, value in enumerate(grand, start=1)]
    top.append(_left(body - 1, years, grand[-1], grand[-2]))
    lines.append(Line(top, Row.TOTAL))
    for at, (region, row) in enumerate(rows.items(), start=body):
        total = Formula(f"SUM({xl_range(at, 1, at, years)})", sum(row.values()))
        left = _left(at, years, stock[region], sum(row.values()))
        lines.append(
            Line([case.regions[region].name, *(row[year] for year in case.years), total, stock[region], left])
        )
    sheet.table(columns, lines)


def _left(row: int, years: int, stock: int, out: int) -> Formula:
    """Those who are still poor at the end."""
    return Formula(f"{xl_rowcol_to_cell(row, years + 2)}-{xl_rowcol_to_cell(row, years + 1)}", stock - out)


def _needs(sheet: Sheet, case: Case, allocation: Allocation, language: Language) -> None:
    """Every need: what there is, what is met, and the rate, year by year."""
    columns = [
        Column(said(language, "需求", "Need")),
        Column(said(language, "单位", "Unit"), Kind.CODE),
        Column(said(language, "类别", "Kind"), Kind.CODE, 16),
        Column(said(language, "需求量", "Needed"), Kind.COUNT),
    ]
    for year in case.years:
        columns.append(Column(said(language, f"{year}年\n已满足", f"{year}\nmet"), Kind.QUANTITY))
        columns.append(Column(said(language, f"{year}年\n满足率", f"{year}\nrate"), Kind.SHARE))
    kinds = {
        NeedKind.BACKLOG: said(language, "存量（累计）", "backlog (to date)"),
        NeedKind.ENTITLEMENT: said(language, "应享（当年）", "entitlement (in the year)"),
    }
    met = {(row.need, row.year): row for row in met_needs(case, allocation)}
    rows = []
    for at, need in enumerate(case.needs.values(), start=sheet.row + 1):
        found = [met[need.id, year] for year in case.years]
        same = len({row.needed for row in found}) == 1
        needed = found[-1].needed
        cells: list[Cell] = [
            need.title.said(language),
            unit_word(need.unit, language, 1),
            kinds[need.kind],
            needed,
        ]
        for offset, row in enumerate(found):
            rate = share(row.met, row.needed)
            base = xl_rowcol_to_cell(at, 3, col_abs=True) if same else str(row.needed)
            cells.append(quantity(row.met))
            cells.append(
                None if rate is None else Formula(f"{xl_rowcol_to_cell(at, 4 + 2 * offset)}/{base}", rate)
            )
        rows.append(Line(cells))
    sheet.raw.repeat_rows(sheet.row)
    sheet.table(columns, rows)
