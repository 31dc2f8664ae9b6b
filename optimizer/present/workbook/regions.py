"""分地区汇总 and 分项目汇总: the allocation as two tables that a reader takes in.

Every sum is a formula over the lines of the allocation sheet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from models.allocation import Allocation
from models.citation import Language
from models.region import Level
from models.unit_words import unit_word
from optimizer.present.accounts import due_later
from optimizer.present.rule_book import layer_sentences
from optimizer.present.words import said, word
from optimizer.present.workbook.allocation import Amounts, Span, own
from optimizer.present.workbook.book import Book, Column, Line, Sheet
from optimizer.present.workbook.cells import Cell, Formula, in_wan, in_yuan, quantity
from optimizer.present.workbook.payments import Block
from optimizer.present.workbook.style import Kind, Row


@dataclass(frozen=True)
class Place:
    """A row of the summary: a block without blocks inside, its name and the city that it lies in."""

    block: Block
    city: str
    name: str


def places(amounts: Amounts, language: Language) -> list[Place]:
    """The counties (and what cities and the province spend themselves), in tree order."""
    regions = amounts.case.regions
    found = []
    for block in amounts.root.walk():
        if block.inside or not block.lines:
            continue
        above = [regions[id] for id in regions.ancestors(block.region)]
        city = next((region.name for region in above if region.level is Level.CITY), "")
        name = above[0].name
        found.append(Place(block, city, own(name, language) if block.own else name))
    return found


def region_sheet(book: Book, amounts: Amounts) -> Sheet | None:
    """County by fund, year after year, 万元; None where there is only one place."""
    language, case = book.language, amounts.case
    listed = places(amounts, language)
    if len(listed) < 2:
        return None
    funds = [fund for fund in case.funds if any(line.fund == fund for line in amounts.root.all_lines())]
    with_city = any(place.city and place.city != place.name for place in listed)
    sheet = book.sheet(said(language, "分地区汇总", "By region"))
    columns = [
        Column(said(language, "年份", "Year"), Kind.CODE, 14),
        *([Column(said(language, "市（州）", "City"), most=18)] if with_city else []),
        Column(said(language, "县（市、区）", "County"), most=26),
        Column(word("total", language).capitalize(), Kind.WAN),
        *(Column(case.funds[fund].title.said(language), Kind.WAN) for fund in funds),
    ]
    sheet.columns = len(columns)
    sheet.title(
        said(language, "资金分配汇总表（分年份、地区、资金）", "Allocation by year, county and fund"),
        said(language, "单位：万元（显示两位小数，单元格内的值精确到分）。数字均由公式从“资金分配表”取得。",
             "In 10,000 yuan (two decimals are shown; the cells hold every fen). "
             "All figures are formulas over the allocation sheet."),
    )  # fmt: skip
    head = sheet.row
    sheet.head(columns)
    before = 3 if with_city else 2
    everything: list[tuple[int | None, int]] = [(year, amounts.column(year)) for year in case.years]
    if len(case.years) > 1:
        everything.append((None, amounts.total_column))
    for year, column in everything:
        _year(sheet, columns, amounts, listed, funds, year, column, before, with_city)
    sheet.raw.freeze_panes(head + 1, before)
    sheet.filtered(head, sheet.row - 1, len(columns) - 1)
    return sheet


def _year(
    sheet: Sheet,
    columns: Sequence[Column],
    amounts: Amounts,
    listed: Sequence[Place],
    funds: Sequence[str],
    year: int | None,
    column: int,
    before: int,
    with_city: bool,
) -> None:
    """The total of a year and its places."""
    language = sheet.book.language
    name = said(language, "各年合计", "All years") if year is None else said(language, f"{year}年", str(year))
    rows = [(place, _sums(place.block, year)) for place in listed]
    totals = {fund: sum(sums.get(fund, 0) for _, sums in rows) for fund in funds}
    top, end = sheet.row, sheet.row + len(rows)
    total: list[Cell] = [name, *([None] if with_city else []), word("total", language).capitalize()]
    for at, fen in enumerate([sum(totals.values()), *totals.values()], start=before):
        total.append(Formula(f"SUBTOTAL(9,{xl_range(top + 1, at, end, at)})", in_wan(fen)))
    sheet.line(columns, Line(total, Row.TOTAL))
    for place, sums in rows:
        span = amounts.span(place.block)
        cells: list[Cell] = [name, *([place.city] if with_city else []), place.name]
        funded = xl_range(sheet.row, before + 1, sheet.row, before + len(funds))
        cells.append(Formula(f"SUM({funded})", in_wan(sum(sums.values()))))
        for fund in funds:
            there = fund in sums
            text = f"{amounts.of(fund, span, column, fund=True)}/10000"
            cells.append(Formula(text, in_wan(sums[fund])) if there else None)
        sheet.line(columns, Line(cells))


def _sums(block: Block, year: int | None) -> dict[str, int]:
    """Fund -> fen in the block in a year, or in all."""
    sums: dict[str, int] = defaultdict(int)
    for line in block.all_lines():
        fen = line.total if year is None else line.years.get(year, 0)
        if fen:
            sums[line.fund] += fen
    return sums


def measure_sheet(book: Book, amounts: Amounts, allocation: Allocation) -> Sheet:
    """Every measure with its subject code, its units and its money, year by year."""
    language, case = book.language, amounts.case
    units: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for (_, measure, year), number in allocation.units.items():
        units[measure, year] += number
    money: dict[tuple[str, int], int] = defaultdict(int)
    for line in amounts.root.all_lines():
        for year, fen in line.years.items():
            money[line.measure, year] += fen
    sheet = book.sheet(said(language, "分项目汇总", "By measure"))
    later: dict[str, int] = defaultdict(int)
    for due in due_later(case, allocation):
        later[due.measure] += due.fen
    columns = _measure_columns(amounts, language)
    if later:
        columns.append(
            Column(
                said(language, "规划期后到期\n（元，未列入）", "Due later\n(yuan, not in the plan)"),
                Kind.YUAN,
            )
        )
    sheet.columns = len(columns)
    sheet.title(
        said(language, "分措施（项目）汇总表", "Units and money by measure"),
        said(language, "金额由公式从“资金分配表”取得；数量为当年新开展的数量。",
             "Money: formulas over the allocation sheet. Units: those started in the year."),
    )  # fmt: skip
    head = sheet.row
    sheet.head(columns)
    shown = [m for m in case.measures if any(units[m, y] or money[m, y] for y in case.years)]
    last = sheet.row + 1 + len(shown)
    total = _measure_total(amounts, money, shown, sheet.row + 1, last, language)
    if later:
        area = xl_range(sheet.row + 1, len(total), max(sheet.row + 1, last - 1), len(total))
        total.append(Formula(f"SUBTOTAL(9,{area})", in_yuan(sum(later.values()))))
    sheet.line(columns, Line(total, Row.TOTAL))
    for measure in shown:
        extra: list[Cell] = [in_yuan(later[measure]) if later.get(measure) else None] if later else []
        sheet.line(columns, Line([*_measure_line(sheet, amounts, measure, units, money), *extra]))
    sheet.raw.freeze_panes(head + 2, 1)
    sheet.filtered(head, sheet.row - 1, len(columns) - 1)
    chains = layer_sentences(case, language)
    if any(measure in chains for measure in shown):
        sheet.heading(said(language, "账单由谁逐层支付", "Who pays which layer of a bill"))
        for measure in (measure for measure in shown if measure in chains):
            sheet.fact(case.measures[measure].title.said(language), chains[measure])
    return sheet


def _measure_columns(amounts: Amounts, language: Language) -> list[Column]:
    columns = [
        Column(said(language, "措施（项目）", "Measure (project)")),
        Column(said(language, "功能科目", "Subject code"), Kind.CODE, 16),
        Column(said(language, "单位", "Unit"), Kind.CODE, 14),
    ]
    for year in amounts.case.years:
        columns.append(Column(said(language, f"{year}年\n数量", f"{year}\nunits"), Kind.QUANTITY))
        columns.append(Column(said(language, f"{year}年\n金额（万元）", f"{year}\n10,000 yuan"), Kind.WAN))
    columns.append(Column(said(language, "合计\n数量", "Total\nunits"), Kind.QUANTITY))
    columns.append(Column(said(language, "合计\n金额（万元）", "Total\n10,000 yuan"), Kind.WAN))
    columns.append(Column(said(language, "合计\n金额（元）", "Total\nyuan"), Kind.YUAN))
    return columns


def _measure_total(
    amounts: Amounts,
    money: dict[tuple[str, int], int],
    shown: list[str],
    first: int,
    last: int,
    language: Language,
) -> list[Cell]:
    cells: list[Cell] = [word("total", language).capitalize(), None, None]
    sums = [sum(money[m, year] for m in shown) for year in amounts.case.years]
    for fen in [*sums, sum(sums)]:
        at = len(cells) + 1
        cells += [None, Formula(f"SUBTOTAL(9,{xl_range(first, at, max(first, last - 1), at)})", in_wan(fen))]
    at = len(cells)
    cells.append(Formula(f"SUBTOTAL(9,{xl_range(first, at, max(first, last - 1), at)})", in_yuan(sum(sums))))
    return cells


def _measure_line(
    sheet: Sheet,
    amounts: Amounts,
    measure: str,
    units: dict[tuple[str, int], Fraction],
    money: dict[tuple[str, int], int],
) -> list[Cell]:
    language, case, row = sheet.book.language, amounts.case, sheet.row
    known, span = case.measures[measure], amounts.span(amounts.root)
    cells: list[Cell] = [
        known.title.said(language),
        codes(known.subject_codes, case.years),
        unit_word(known.unit, language, 1),
    ]
    for year in case.years:
        cells.append(quantity(units[measure, year]) or None)
        cells.append(_money(amounts, measure, span, amounts.column(year), money[measure, year]))
    number_cells = [xl_rowcol_to_cell(row, 3 + 2 * at) for at in range(len(case.years))]
    number = sum((units[measure, year] for year in case.years), Fraction(0))
    total = sum(money[measure, year] for year in case.years)
    exact = quantity(number)
    cells.append(Formula("+".join(number_cells), 0 if exact is None else exact))
    yuan_cell = xl_rowcol_to_cell(row, len(cells) + 1)
    cells.append(Formula(f"{yuan_cell}/10000", in_wan(total)))
    cells.append(Formula(amounts.of(measure, span, amounts.total_column, fund=False), in_yuan(total)))
    return cells


def _money(amounts: Amounts, measure: str, span: Span, column: int, fen: int) -> Cell:
    if not fen:
        return None
    return Formula(f"{amounts.of(measure, span, column, fund=False)}/10000", in_wan(fen))


def codes(by_year: Mapping[int, str], years: Sequence[int]) -> str:
    """The subject codes of the years: one alone, or each with its years."""
    listed: dict[str, list[int]] = {}
    for year in years:
        if year in by_year:
            listed.setdefault(by_year[year], []).append(year)
    if len(listed) <= 1:
        return "".join(listed)
    return "\n".join(f"{code}（{'、'.join(map(str, at))}）" for code, at in listed.items())
