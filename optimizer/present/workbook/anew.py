"""与原方案对比: a plan made anew against the plan that was followed, where it differs and where that is from.

The sheet is there only for `fenpei replan` with the plan that was followed.
"""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from models.citation import Language
from optimizer.present.comparison import moves, sums_name, uncounted
from optimizer.present.other_plans import wish_text
from optimizer.present.replanned import difference_title, side_names
from optimizer.present.report import PlanReport
from optimizer.present.words import said
from optimizer.present.workbook.book import Book, Column, Line, Sheet
from optimizer.present.workbook.cells import Cell, Formula, in_yuan
from optimizer.present.workbook.style import Kind, Row


def anew_sheet(book: Book, report: PlanReport) -> Sheet | None:
    """Write the sheet; None where no plan was followed."""
    found, language = report.anew, book.language
    if found is None:
        return None
    sheet = book.sheet(said(language, "与原方案对比", "Against the old plan"))
    sheet.columns = 4
    sheet.title(
        difference_title(found.start, language),
        said(language, "金额单位：元。“原方案”是此前执行的方案；"
             f"{found.start}年以前，“现在”一栏是已发生的情况。",
             "Money in yuan. The old plan is the one that was followed; of years before "
             f"{found.start}, “Now” is what happened."),
    )  # fmt: skip
    head = sheet.row
    sheet.head(_columns(language, Kind.YUAN))
    for line in found.lines:
        title = line.title.said(language)
        _line(sheet, title[:1].upper() + title[1:], line.plan, line.now, money=line.money)
    if found.wish is not None:
        sheet.row += 1
        sheet.paragraph(wish_text(found.wish, language))
    if also := uncounted(found.changes, language):
        sheet.paragraph(also)
    for moved in moves(found.changes, language, found.start):
        if not moved.rows:
            sheet.row += 1
            sheet.paragraph(moved.title + said(language, "：没有差别。", ": no difference."))
            continue
        sheet.heading(moved.title + (said(language, "（元）", " (yuan)") if moved.money else ""))
        sheet.head(_columns(language, Kind.YUAN))
        if moved.sums is not None:
            total = sums_name(language)
            _line(sheet, total[:1].upper() + total[1:], *moved.sums, money=moved.money, row=Row.TOTAL)
        for name, before, now in moved.rows:
            _line(sheet, name, before, now, money=moved.money)
    sheet.raw.freeze_panes(head + 1, 1)
    sheet.raw.repeat_rows(head)
    return sheet


def _columns(language: Language, kind: Kind) -> list[Column]:
    first = Column(said(language, "项目", "Item"), most=54)
    return [first, *(Column(name.capitalize(), kind) for name in side_names(language))]


def _line(
    sheet: Sheet, name: str, before: int | None, now: int, *, money: bool, row: Row = Row.PLAIN
) -> None:
    """One figure of both plans; the difference is a formula."""
    old, new = xl_rowcol_to_cell(sheet.row, 1), xl_rowcol_to_cell(sheet.row, 2)
    cells: list[Cell] = [name, None, in_yuan(now) if money else now, None]
    if before is not None:
        cells[1] = in_yuan(before) if money else before
        cells[3] = Formula(f"{new}-{old}", in_yuan(now - before) if money else now - before)
    sheet.line(_columns(sheet.book.language, Kind.YUAN if money else Kind.COUNT), Line(cells, row))
