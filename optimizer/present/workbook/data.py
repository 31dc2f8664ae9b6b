"""数据与校验: what went in, with which options, and the hashes and versions by which it can be made again."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version

from models.case import Case
from models.citation import Basis, Language
from optimizer.present.words import said, word
from optimizer.present.workbook.book import Book, Column, Line, Sheet
from optimizer.present.workbook.cells import Cell
from optimizer.present.workbook.style import Kind
from optimizer.present.workbook.summary import basis_counts

#: Packages whose versions decide what comes out.
_PACKAGES = ("fenpei", "highspy", "ortools", "pulp", "numpy", "xlsxwriter")

Facts = Sequence[tuple[str, str]]


def data_sheet(book: Book, case: Case, run: Facts, hashes: Facts, notes: Iterable[str]) -> Sheet:
    """Write the sheet. `run`: options; `hashes`: what was hashed and its sha256."""
    language = book.language
    sheet = book.sheet(said(language, "数据与校验", "Data and hashes"))
    sheet.columns, sheet.one_page = 6, True
    for column in range(sheet.columns):
        sheet.widen(column, 20)
    sheet.title(said(language, "数据来源、选项与校验", "Sources, options and hashes"))
    settling = said(language, "取整记录（原文）", "Settling")
    for heading, rows in (
        (said(language, "编制选项", "Options"), [*run, *((settling, note) for note in notes)]),
        (said(language, "哈希值（SHA-256）", "Hashes (SHA-256)"), hashes),
        (said(language, "软件版本", "Versions"), versions()),
        (said(language, "案例规模", "Size of the case"), size(case, language)),
    ):  # fmt: skip
        if rows:
            sheet.heading(heading)
            for label, text in rows:
                sheet.fact(label, text)
    _basis(sheet, case, language)
    _documents(sheet, case, language)
    return sheet


def versions() -> list[tuple[str, str]]:
    """fenpei, Python and the packages that decide what comes out."""
    found = [("Python", platform.python_version())]
    for package in _PACKAGES:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return found


def size(case: Case, language: Language) -> list[tuple[str, str]]:
    """How many regions, measures, funds ... the case has."""
    counts = (
        ("地区", "Regions", len(case.regions)),
        ("人群", "Groups", len(case.groups)),
        ("需求", "Needs", len(case.needs)),
        ("措施", "Measures", len(case.measures)),
        ("资金", "Funds", len(case.funds)),
        ("目标", "Targets", len(case.targets)),
        ("规则", "Rules", len(case.rules)),
    )
    listed = said(language, "，", ", ").join(
        said(language, f"{zh} {number:,}", f"{en.lower()} {number:,}") for zh, en, number in counts
    )
    years = f"{case.first_year}–{case.last_year}"
    return [(said(language, "年份", "Years"), years), (said(language, "数量", "Counts"), listed)]


def _basis(sheet: Sheet, case: Case, language: Language) -> None:
    counts = basis_counts(case)
    if not counts:
        return
    sheet.heading(said(language, "各数据表的依据", "Basis of the figures, by table"))
    columns = [
        Column(said(language, "数据表", "Table"), most=30),
        *(Column(word(basis, language).capitalize(), Kind.COUNT) for basis in Basis),
    ]
    sheet.table(
        columns,
        (Line([f"{table}.csv", *(found[basis] for basis in Basis)]) for table, found in counts.items()),
    )


def _documents(sheet: Sheet, case: Case, language: Language) -> None:
    sheet.heading(said(language, "引用的文件", "Documents cited"))
    for document in case.documents.values():
        parts: list[Cell] = [document.title.said(language), document.issuer, document.date]
        sheet.fact(document.id, said(language, "，", ", ").join(str(part) for part in parts if part))
