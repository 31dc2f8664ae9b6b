"""How somebody else's table was understood, for reading and as CSV: its columns, what was passed over, its
lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.case import Case
from models.citation import Language
from models.money import yuan
from models.submission import Line, MappedColumn, Submission
from optimizer.present.csv_texts import csv_text
from optimizer.present.objects import exact
from optimizer.present.words import Pair, said

#: The meanings of columns, as `MappedColumn.meaning` begins with.
MEANINGS: Mapping[str, Pair] = {
    "year": ("年度", "year"),
    "region": ("地区", "region"),
    "code": ("区划代码", "region code"),
    "parent": ("上级地区", "upper region"),
    "measure": ("措施", "measure"),
    "project": ("项目名称", "project"),
    "fund": ("资金", "fund"),
    "level": ("资金级次", "level of the fund"),
    "amount": ("金额", "amount"),
    "total": ("合计（不计入）", "total (not counted)"),
    "quantity": ("数量", "quantity"),
    "unit": ("计量单位", "unit of the quantity"),
    "unit_cost": ("单价", "unit cost"),
    "exits": ("脱贫人数", "persons out"),
    "subject": ("功能科目", "subject code"),
    "payee": ("收款单位", "payee"),
    "document": ("文号", "document"),
}
#: Notes of one text that are listed; more are in the files and the JSON.
_MOST_NOTES = 12


def mapping_lines(case: Case, submission: Submission, language: Language) -> Iterator[str]:
    """How the table was read, line by line: columns, columns left out, sums, notes."""
    if not submission.columns:
        return
    yield said(language, "表是这样读的：", "How the table was read:")
    for column in submission.columns:
        unit = f"  [{column.unit}]" if column.unit else ""
        yield f"  {column.spot}  {column.header} -> {meaning_text(case, column, language)}{unit}"
    if submission.ignored:
        names = said(language, "、", ", ").join(
            f"{one.header}({one.spot.cell})" for one in submission.ignored
        )
        yield said(language, f"  未用的列：{names}", f"  columns not used: {names}")
    details, totals = len(submission.details), len(submission.totals)
    yield said(
        language,
        f"  金额 {details} 个；重复的合计 {totals} 个，不计入",
        f"  amounts: {details}; sums that repeat them, not counted: {totals}",
    )
    for note in submission.notes[:_MOST_NOTES]:
        yield f"  {note.spot}: {note.text.said(language)}"
    if (more := len(submission.notes) - _MOST_NOTES) > 0:
        yield said(
            language,
            f"  另有说明 {more} 条，见 --out 或 --format json",
            f"  and {more} more notes: see --out",
        )


def meaning_text(case: Case, column: MappedColumn, language: Language) -> str:
    """`amount fund=central year=2018` in words."""
    parts = []
    for part in column.meaning.split():
        name, equals, value = part.partition("=")
        word = said(language, *MEANINGS.get(name, (name, name)))
        parts.append(f"{word}: {_titled(case, name, value, language)}" if equals else word)
    return said(language, "，", ", ").join(parts)


def _titled(case: Case, kind: str, id: str, language: Language) -> str:
    if kind == "region" and id in case.regions:
        return f"{case.regions[id].name}({id})"
    items: Mapping[str, Any] = {"measure": case.measures, "fund": case.funds}.get(kind, {})
    return f"{items[id].title.said(language)}({id})" if id in items else id


def mapping_object(submission: Submission, language: Language) -> dict[str, Any]:
    """The same as an object; empty lists for a table of fenpei itself."""
    return {
        "columns": [_column(column) for column in submission.columns],
        "ignored": [_column(column) for column in submission.ignored],
        "notes": [
            {"file": note.spot.file, "sheet": note.spot.sheet, "cell": note.spot.cell,
             "text": note.text.said(language)}
            for note in submission.notes
        ],
        "details": len(submission.details),
        "totals": len(submission.totals),
    }  # fmt: skip


def _column(column: MappedColumn) -> dict[str, Any]:
    spot = column.spot
    return {
        "file": spot.file,
        "sheet": spot.sheet,
        "cell": spot.cell,
        "header": column.header,
        "meaning": column.meaning,
        "unit": column.unit,
    }


def mapping_csv(submission: Submission) -> str:
    """Every column with what it was taken for; `meaning` is empty for columns that were not used."""
    columns = (*submission.columns, *submission.ignored)
    return csv_text(
        ["file", "sheet", "cell", "header", "meaning", "unit"],
        (list(_column(one).values()) for one in columns),
    )


def notes_csv(submission: Submission, language: Language) -> str:
    """Every note with its cell."""
    return csv_text(
        ["file", "sheet", "cell", "note"],
        (
            [note.spot.file, note.spot.sheet, note.spot.cell, note.text.said(language)]
            for note in submission.notes
        ),
    )


_LINE_COLUMNS = (
    "kind", "file", "sheet", "cell", "region", "name", "measure", "measure_title", "fund", "fund_title",
    "year", "amount(元)", "quantity", "unit_cost(元)", "subject", "project", "payee", "document",
)  # fmt: skip


def lines_csv(case: Case, submission: Submission, language: Language) -> str:
    """Every amount as it was read, with its cell; the sums of the table after its details."""
    return csv_text(
        _LINE_COLUMNS,
        [
            *(_line(case, "detail", line, language) for line in submission.details),
            *(_line(case, "total", line, language) for line in submission.totals),
        ],
    )


def _line(case: Case, kind: str, line: Line, language: Language) -> Sequence[object]:
    name = case.regions[line.region].name if line.region and line.region in case.regions else ""
    measure = case.measures.get(line.measure or "")
    fund = case.funds.get(line.fund or "")
    return [
        kind,
        line.spot.file,
        line.spot.sheet,
        line.spot.cell,
        line.region,
        name,
        line.measure,
        "" if measure is None else measure.title.said(language),
        line.fund,
        "" if fund is None else fund.title.said(language),
        line.year,
        yuan(line.amount),
        exact(line.quantity),
        exact(None if line.unit_cost is None else line.unit_cost / 100),
        line.subject,
        line.project,
        line.payee,
        line.document,
    ]
