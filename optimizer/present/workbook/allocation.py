"""资金分配表: who gets how much of which fund for what in which year, with 功能科目 and subtotals.

Subtotals and totals are SUBTOTAL formulas, so a filter shows the sums of what it lets through. The other
sheets take their sums from here: `Amounts` says where what stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from optimizer.present.words import said, word
from optimizer.present.workbook.book import Book, Column, Line, Sheet
from optimizer.present.workbook.cells import Cell, Formula, in_wan, in_yuan
from optimizer.present.workbook.payments import Block, Payment, blocks, rolled_up
from optimizer.present.workbook.style import Kind, Row

#: Lines that a table has at most; beyond, the lines of a county are added up, and the sheet says so.
MOST_LINES = 60_000
#: Columns before the years.
_BEFORE = 5


@dataclass(frozen=True)
class Span:
    """Rows of the lines of a region's subtree, and the row of its subtotal."""

    first: int
    last: int
    subtotal: int


@dataclass(frozen=True)
class Amounts:
    """Where the sheet holds what. Columns and rows count from 0; `root` is the block of the whole case."""

    sheet: Sheet
    case: Case
    root: Block
    spans: Mapping[int, Span]
    """id of a block -> its rows"""
    fund_column: int
    measure_column: int
    numbers: Mapping[str, int]
    """fund or measure -> its number in its column"""

    def column(self, year: int) -> int:
        """The column of a year."""
        return _BEFORE + self.case.years.index(year)

    @property
    def total_column(self) -> int:
        """The column of the sum of all years, in yuan."""
        return _BEFORE + len(self.case.years)

    def span(self, block: Block) -> Span:
        """The rows of a block."""
        return self.spans[id(block)]

    def total(self, block: Block, column: int) -> str:
        """The cell with the sum of a block, for a formula of another sheet."""
        return self.sheet.place(self.span(block).subtotal, column)

    def of(self, thing: str, span: Span, column: int, *, fund: bool) -> str:
        """A formula for what a fund (or a measure) has in these rows."""
        key = self.sheet.area(span.first, span.last, self.fund_column if fund else self.measure_column)
        return f"SUMIF({key},{self.numbers[thing]},{self.sheet.area(span.first, span.last, column)})"


def allocation_sheet(book: Book, case: Case, allocation: Allocation, most: int = MOST_LINES) -> Amounts:
    """Write the sheet. With more than `most` lines, places below a county are added up to the county."""
    language = book.language
    coarse = rolled_up(case, allocation, most)
    root = blocks(case, allocation, fine=not coarse)
    sheet = book.sheet(said(language, "资金分配表", "Allocation"))
    columns = _columns(case, language)
    sheet.columns = _BEFORE + len(case.years) + 2
    sheet.title(
        said(language, f"{case.title.zh}资金分配表", f"{case.title.said(language)}: allocation"),
        _remark(case, allocation, language, most if coarse else None),
    )
    head = sheet.row
    sheet.head(columns)
    numbers = {id: at for ids in (case.funds, case.measures) for at, id in enumerate(ids, start=1)}
    spans: dict[int, Span] = {}
    _write(sheet, columns, case, root, numbers, spans)
    sheet.raw.freeze_panes(head + 2, 2)
    sheet.raw.outline_settings(True, False, True, False)
    sheet.filtered(head, sheet.row - 1, len(columns) - 1)
    end = sheet.columns
    sheet.raw.ignore_errors({"number_stored_as_text": xl_range(head, 0, sheet.row, len(columns))})
    return Amounts(sheet, case, root, spans, end + 3, end + 4, numbers)


def _columns(case: Case, language: Language) -> list[Column]:
    headings = [
        Column(said(language, "地区", "Region"), most=30),
        Column(said(language, "措施（项目）", "Measure (project)")),
        Column(said(language, "功能科目", "Subject code"), Kind.CODE, 12),
        Column(said(language, "资金", "Fund"), most=40),
        Column(said(language, "资金级次", "Level"), Kind.CODE, 14),
    ]
    years = [Column(said(language, f"{year}年（元）", f"{year} (yuan)"), Kind.YUAN) for year in case.years]
    total = said(language, "合计", "Total")
    ids = [said(language, f"{zh}编号", f"{en} id") for zh, en in
           (("地区", "Region"), ("措施", "Measure"), ("资金", "Fund"))]  # fmt: skip
    order = [said(language, f"{zh}序号", f"{en} no.") for zh, en in (("资金", "Fund"), ("措施", "Measure"))]
    return [
        *headings, *years,
        Column(said(language, f"{total}（元）", f"{total} (yuan)"), Kind.YUAN),
        Column(said(language, f"{total}（万元）", f"{total} (10,000 yuan)"), Kind.WAN),
        *(Column(heading, Kind.CODE, 20) for heading in ids),
        *(Column(heading, Kind.YEAR) for heading in order),
    ]  # fmt: skip


def _remark(case: Case, allocation: Allocation, language: Language, most: int | None) -> str:
    texts = [
        said(
            language,
            "单位：元（末列为万元）。合计、小计均为公式，筛选后只合计显示的行；右侧编号列供核对，不打印。",
            "Amounts in yuan (last column: 10,000 yuan). Totals are formulas: a filter shows the sums of "
            "what it lets through. The columns of ids on the right are for checking and are not printed.",
        )
    ]
    if not any(measure.subject_codes for measure in case.measures.values()):
        texts.append(said(language, "案例没有给出功能科目。", "The case gives no subject codes."))
    elif any(not case.measures[measure].subject_codes for _, measure, _, _ in allocation.money):
        texts.append(
            said(language, "功能科目为空：案例没有给出该项目的科目。",
                 "An empty subject code: the case gives none for the project.")
        )  # fmt: skip
    if most is not None:
        texts.append(
            said(language, f"明细超过 {most:,} 行，本表按县汇总；逐地明细见 allocation.csv。",
                 f"There are more than {most:,} lines: they are added up by county here; "
                 "allocation.csv has every place.")
        )  # fmt: skip
    return said(language, "", " ").join(texts)


def _write(
    sheet: Sheet,
    columns: list[Column],
    case: Case,
    block: Block,
    numbers: Mapping[str, int],
    spans: dict[int, Span],
) -> None:
    """A block: its subtotal, its lines, the blocks inside it."""
    subtotal = sheet.row
    lines = list(block.all_lines())
    last = subtotal + len(lines) + sum(1 for _ in block.walk()) - 1
    spans[id(block)] = Span(subtotal + 1, max(last, subtotal + 1), subtotal)
    sheet.line(columns, _subtotal(sheet, case, block, lines, spans[id(block)]))
    for line in block.lines:
        sheet.line(columns, _line(sheet, case, line, numbers, block.depth))
    for inside in block.inside:
        _write(sheet, columns, case, inside, numbers, spans)


def _subtotal(sheet: Sheet, case: Case, block: Block, lines: Iterable[Payment], span: Span) -> Line:
    language = sheet.book.language
    sums = dict.fromkeys(case.years, 0)
    for line in lines:
        for year, fen in line.years.items():
            sums[year] += fen
    name = case.regions[block.region].name
    if block.own:
        name = own(name, language)
    cells: list[Cell] = [
        word("total", language).capitalize() if not block.depth else name,
        # The word by which whoever reads the sheet as a table knows a sum from a line.
        said(language, "小计", "subtotal") if block.depth else None,
        *([None] * (_BEFORE - 2)),
    ]
    total = sum(sums.values())
    for at, fen in enumerate([*sums.values(), total], start=_BEFORE):
        rows = xl_range(span.first, at, span.last, at)
        cells.append(Formula(f"SUBTOTAL(9,{rows})", in_yuan(fen)))
    cells.append(_in_wan(sheet.row, _BEFORE + len(case.years), total))
    cells += [None] * 5
    row = Row.TOTAL if not block.depth else Row.GROUP
    return Line(cells, row, max(0, block.depth - 1), level=block.depth)


def _line(sheet: Sheet, case: Case, line: Payment, numbers: Mapping[str, int], depth: int) -> Line:
    language = sheet.book.language
    fund, last = case.funds[line.fund], _BEFORE + len(case.years)
    years = xl_range(sheet.row, _BEFORE, sheet.row, last - 1)
    cells: list[Cell] = [
        case.regions[line.region].name,
        case.measures[line.measure].title.said(language),
        line.code,
        fund.title.said(language),
        word(fund.level, language),
        *(in_yuan(line.years[year]) if year in line.years else None for year in case.years),
        Formula(f"SUM({years})", in_yuan(line.total)),
        _in_wan(sheet.row, last, line.total),
        line.region,
        line.measure,
        line.fund,
        numbers[line.fund],
        numbers[line.measure],
    ]
    return Line(cells, indent=depth, level=depth + 1)


def _in_wan(row: int, column: int, fen: int) -> Formula:
    return Formula(f"{xl_rowcol_to_cell(row, column)}/10000", in_wan(fen))


def own(name: str, language: Language) -> str:
    """The name of what a region spends itself, beside the regions in it."""
    return said(language, f"{name}（本级）", f"{name} (itself)")
