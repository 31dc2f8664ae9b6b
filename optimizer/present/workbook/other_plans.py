"""其他方案 and 各地资金范围: other plans of nearly the same cost, and what every region could get within it.

Both sheets are there only where other plans were asked for (`plan --alternatives`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from optimizer.present.folder import ALLOCATION
from optimizer.present.other_plans import incomplete, others_title, plan_name, this_plan
from optimizer.present.report import PlanReport
from optimizer.present.studies import Others, Reach, other_file
from optimizer.present.words import said, word
from optimizer.present.workbook.book import Book, Column, Line
from optimizer.present.workbook.cells import Cell, Formula, in_yuan, quantity, share
from optimizer.present.workbook.style import Kind, Row

#: Columns of the ranges: region, least, this plan, most, could lose, could gain, then the other plans.
_LEAST, _NOW, _MOST, _LESS, _MORE, _FIRST = range(1, 7)


def other_sheets(book: Book, report: PlanReport) -> None:
    """Write the sheets that there is something for."""
    if report.others is None:
        return
    if report.others.asked:
        _plans_sheet(book, report, report.others)
    if report.others.reaches:
        _ranges_sheet(book, report, report.others)


def _plans_sheet(book: Book, report: PlanReport, found: Others) -> None:
    """This plan and the others: what each costs, how much more, and what of the money is elsewhere."""
    language = book.language
    sheet = book.sheet(said(language, "其他方案", "Other plans"))
    columns = [
        Column(said(language, "方案", "Plan")),
        Column(said(language, "结论", "Status"), most=30),
        Column(said(language, "公共成本", "Public cost"), Kind.YUAN),
        Column(said(language, "比本方案多（少）", "More (less) than this plan"), Kind.YUAN),
        Column(said(language, "多（少）的比例", "More (less), share"), Kind.SHARE),
        Column(said(language, "用处不同的资金", "Money spent elsewhere"), Kind.SHARE),
        Column(said(language, "明细所在文件", "File with all its lines")),
    ]
    sheet.columns = len(columns)
    sheet.title(
        others_title(found, language),
        said(language, "单位：元。各方案都已取整到分，经过同样的审核。"
             "“用处不同的资金”：与最接近的另一方案相比，用在别的地方、措施或年份的资金所占比例。",
             "In yuan. Every plan is settled to the fen and audited like this one. Money elsewhere: the "
             "part that goes to another place, measure or year than in the nearest of the other plans."),
    )  # fmt: skip
    head, cost = sheet.row, report.plan.cost or 0
    mine = xl_rowcol_to_cell(head + 1, 2, row_abs=True, col_abs=True)
    rows = [Line([this_plan(language), word(report.plan.status, language), in_yuan(cost), None, None, None,
                  ALLOCATION], Row.GROUP)]  # fmt: skip
    for number, other in enumerate(found.plans, start=1):
        own, theirs = xl_rowcol_to_cell(head + 1 + number, 2), other.plan.cost or 0
        part = share(theirs - cost, cost)
        cells: list[Cell] = [
            plan_name(number, language),
            word(other.plan.status, language),
            in_yuan(theirs),
            Formula(f"{own}-{mine}", in_yuan(theirs - cost)),
            None if part is None else Formula(f"({own}-{mine})/{mine}", part),
            quantity(other.moved),
            other_file(number),
        ]
        rows.append(Line(cells))
    sheet.table(columns, rows)
    if not found.complete:
        sheet.paragraph(incomplete(language))
    sheet.raw.freeze_panes(head + 1, 1)


def _ranges_sheet(book: Book, report: PlanReport, found: Others) -> None:
    """Every region: the least and the most it gets in any plan within the cost, and what each plan gives."""
    language, case = book.language, report.case
    sheet = book.sheet(said(language, "各地资金范围", "Ranges by region"))
    names = [plan_name(number, language) for number in range(1, len(found.plans) + 1)]
    columns = [
        Column(word("region", language).capitalize(), most=30),
        *(Column(said(language, zh, en), Kind.YUAN) for zh, en in (
            ("最少可得", "Least"), ("本方案", "This plan"), ("最多可得", "Most"),
            ("可减少", "Could lose"), ("可增加", "Could gain"),
        )),
        *(Column(name, Kind.YUAN) for name in names),
    ]  # fmt: skip
    sheet.columns = len(columns)
    percent = f"{float(found.within):.2%}"
    sheet.title(
        said(language, "各地可得公共资金的范围（各年合计）", "What each region could get (all years)"),
        said(language, f"单位：元。成本比最省的多出不超过 {percent} 的任何合规方案，给一地的公共资金不会少于"
             "“最少可得”，也不会多于“最多可得”；须整个建设的项目可能使两端达不到。"
             "各地的最少（或最多）不能同时达到，因此不合计。",
             f"In yuan. No lawful plan within {percent} of the least cost gives a region less than the least "
             "or more than the most; where things are built whole the ends may be out of reach. Not all "
             "regions can have their least (or most) at once, so these are not added up."),
    )  # fmt: skip
    head = sheet.row
    sheet.head(columns)
    amounts: list[Mapping[str, int]] = [other.by_region for other in found.plans]
    first = sheet.row + 1
    apart = _apart(report, found)
    last = first + len(found.reaches) - 1 + bool(apart)
    total: list[Cell] = [word("total", language).capitalize(), *[None] * (_FIRST - 1), *[None] * len(names)]
    for at, fen in zip((_NOW, *range(_FIRST, len(columns))), _totals(report, found), strict=True):
        total[at] = Formula(f"SUM({xl_range(first, at, last, at)})", in_yuan(fen))
    sheet.line(columns, Line(total, Row.TOTAL))
    for reach in found.reaches:
        given = [in_yuan(amount.get(reach.region, 0)) for amount in amounts]
        name = case.regions[reach.region].name
        sheet.line(columns, Line([name, *_range_cells(sheet.row, reach), *given]))
    if apart:
        elsewhere = said(language, "其他（不在以上地区）", "Elsewhere (above these regions)")
        cells: list[Cell] = [elsewhere, None, in_yuan(apart[0]), None, None, None, *map(in_yuan, apart[1:])]
        sheet.line(columns, Line(cells))
    sheet.raw.freeze_panes(head + 2, 1)
    sheet.filtered(head, sheet.row - 1, len(columns) - 1)


def _range_cells(row: int, reach: Reach) -> list[Cell]:
    """Least, this plan, most, and the way to both ends; what is not known stays empty."""
    least, now, most = (xl_rowcol_to_cell(row, at) for at in (_LEAST, _NOW, _MOST))
    cells: list[Cell] = [None, in_yuan(reach.now), None, None, None]
    if reach.least is not None:
        cells[_LEAST - 1] = in_yuan(reach.least)
        cells[_LESS - 1] = Formula(f"{now}-{least}", in_yuan(reach.now - reach.least))
    if reach.most is not None:
        cells[_MOST - 1] = in_yuan(reach.most)
        cells[_MORE - 1] = Formula(f"{most}-{now}", in_yuan(reach.most - reach.now))
    return cells


def _totals(report: PlanReport, found: Others) -> list[int]:
    """Public fen of this plan and of the others."""
    return [report.plan.cost or 0, *(other.plan.cost or 0 for other in found.plans)]


def _apart(report: PlanReport, found: Others) -> Sequence[int]:
    """What each plan spends outside the regions of the ranges; nothing where no plan does."""
    listed = [reach.region for reach in found.reaches]
    inside = [sum(reach.now for reach in found.reaches)]
    inside += [sum(other.by_region.get(region, 0) for region in listed) for other in found.plans]
    rest = [whole - part for whole, part in zip(_totals(report, found), inside, strict=True)]
    return rest if any(rest) else ()
