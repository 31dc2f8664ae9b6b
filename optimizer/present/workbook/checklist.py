"""核对清单: the clauses that no number shows, with empty columns for the person who looks."""

from __future__ import annotations

from models.case import Case
from models.citation import Language
from optimizer.present.titles import documents
from optimizer.present.words import cited, said
from optimizer.present.workbook.book import Book, Column, Line, Sheet
from optimizer.present.workbook.cells import Cell
from optimizer.present.workbook.style import Kind


def checklist_sheet(book: Book, case: Case) -> Sheet:
    """Write the sheet; a case without such clauses says so."""
    language = book.language
    sheet = book.sheet(said(language, "核对清单", "Checklist"))
    columns = [
        Column(said(language, "序号", "No."), Kind.COUNT),
        Column(said(language, "须人工核对的条款", "Clause for a person to check"), most=54),
        Column(said(language, "依据", "Citation"), most=40),
        Column(said(language, "说明", "Note"), most=36),
        *(Column(heading) for heading in _to_fill(language)),
    ]
    sheet.columns = len(columns)
    sheet.title(
        said(language, "人工核对清单", "Checklist for a person"),
        said(language, "以下条款无法用数字核对，请逐项核对并填写结果、核对人和日期。",
             "No number shows these clauses: look at each and fill in the result, the name and the date."),
    )  # fmt: skip
    head = sheet.row
    texts = documents(case, language)
    rows: list[Line] = []
    for number, item in enumerate(case.checklist.values(), start=1):
        cells: list[Cell] = [number, item.title.said(language), cited(item.citation, texts, language)]
        rows.append(Line([*cells, item.citation.note or "", *([None] * 4)]))
    first, last = sheet.table(columns, rows)
    for at, width in zip(range(4, 8), (12.0, 12.0, 14.0, 24.0), strict=True):
        sheet.widen(at, width)
    if last >= first:
        choices = said(language, "符合,不符合,不适用", "met,not met,not applicable").split(",")
        sheet.raw.data_validation(first, 4, last, 4, {"validate": "list", "source": choices})
        sheet.filtered(head, last, len(columns) - 1)
    else:
        sheet.paragraph(said(language, "本案例没有须人工核对的条款。", "This case has no such clauses."))
    sheet.raw.freeze_panes(head + 1, 2)
    return sheet


def _to_fill(language: Language) -> list[str]:
    """Headings of the empty columns."""
    texts = (("核对结果", "Result"), ("核对人", "Checked by"), ("核对日期", "Date"), ("备注", "Remark"))
    return [said(language, zh, en) for zh, en in texts]
