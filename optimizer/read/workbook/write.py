"""The sheets of a case as an .xlsx: two header rows that are protected, drop-downs, notes, frozen panes.

In go the headers and rows of `fill`; out come the bytes of the workbook. The same rows give the same bytes.
Text stays text, whatever it begins with; only columns of counts, money and years hold numbers.
"""

from __future__ import annotations

import datetime
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from models.citation import Basis, Language
from models.policy import Entry
from models.region import Level
from models.register import Disposition
from optimizer.read.kinds import MONEY, YES_NO, Form
from optimizer.read.sheets.numbers import number_text
from optimizer.read.workbook.fill import Filled
from optimizer.read.workbook.guide import HOLDS, NEEDED, steps
from optimizer.read.workbook.layout import GUIDE, SHEETS, Header, Role, Sheet, columns, resolve
from optimizer.read.workbook.words import words

_FIRST_ROW = 2  # of the data, from 0
_ROOM = 500  # rows below the last that have drop-downs too
_WIDEST, _NOTE_WIDTH = 44.0, 120.0
_A4, _A3 = 9, 8
#: Column widths that are still read easily on one page.
_A4_WIDTH, _A3_WIDTH = 190, 270
_CREATED = datetime.datetime(2016, 1, 1)
_PLAIN = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,10})?")
#: Numbers of a table: their formats. Other columns of a table but attributes are texts.
_NUMBERS: Mapping[str, str] = {
    "year": "0",
    "members": "#,##0",
    "households": "#,##0",
    "cost": "#,##0.00####",
    "gap": "#,##0.00####",
    "at_least": "#,##0.00####",
    "most": "General",
}
_AMOUNTS = {"need_amounts": "#,##0", "fund_amounts": "#,##0.00####", "resource_limits": "General"}
#: Column -> the sheet whose ids it takes.
_IDS: Mapping[str, str] = {
    "region": "regions",
    "parent": "regions",
    "group": "groups",
    "need": "needs",
    "measure": "measures",
    "after": "measures",
    "fund": "funds",
    "recovers.into": "funds",
    "project": "projects",
    "resource": "resources",
    "attribute": "attributes",
    "document": "documents",
    "standard": "standards",
}
_TABLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "level": tuple(Level),
    "basis": tuple(Basis),
    "disposition": tuple(Disposition),
    "kind": tuple(Entry),
    "rows": ("sum", "each"),
}
#: Columns that must be there and whose cells may be empty all the same.
_MAY_BE_EMPTY = frozenset(
    {
        ("regions", "parent"),
        ("gaps", "region"),
        ("gaps", "year"),
        ("need_amounts", "year"),
        ("costs", "region"),
        ("costs", "year"),
        ("clauses", "items"),
        ("clauses", "reason"),
    }
)
#: Least widths of columns that hold longer texts.
_ROOMY: Mapping[str, float] = {
    "title": 22,
    "title.en": 22,
    "name": 20,
    "tags": 18,
    "section": 14,
    "where": 28,
    "payers": 28,
    "payer": 28,
    "pays": 28,
    "left": 36,
    "right": 36,
    "why": 30,
    "topic": 24,
    "topic.en": 24,
    "reason.en": 30,
    "items": 30,
    "at": 36,
    "reason": 30,
    "patches": 40,
    "parts": 30,
    "note": 30,
}
_TABS = {True: "#C00000", False: "#7F7F7F"}
_PROTECTION = {
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
}


def workbook_bytes(sheets: Mapping[str, Filled], years: Sequence[int], language: Language) -> bytes:
    """The workbook with these rows; `years` are offered where a year belongs."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        book.set_properties({"title": "fenpei", "created": _CREATED})
        _Writer(book, sheets, years, language).write()
    return out.getvalue()


class _Writer:
    """The workbook being written, with its formats."""

    def __init__(
        self, book: Any, sheets: Mapping[str, Filled], years: Sequence[int], language: Language
    ) -> None:
        self.book, self.sheets, self.years, self.language = book, sheets, tuple(years), language
        font = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        self.edge = edge = {"border": 1, "border_color": "#D9D9D9"}
        self.title = book.add_format(
            font | edge | {"bold": True, "bg_color": "#1F4E79", "font_color": "white", "text_wrap": True}
        )
        self.name = book.add_format(
            font | edge | {"font_size": 9, "bg_color": "#DDEBF7", "font_color": "#44546A"}
        )
        self.fixed = book.add_format(font | edge | {"bg_color": "#F2F2F2"})
        self.hint = book.add_format(font | edge | {"font_color": "#7F7F7F", "text_wrap": True})
        self.heading = book.add_format(font | {"bold": True, "font_size": 16, "font_color": "#1F4E79"})
        self.prose = book.add_format(font | {"text_wrap": True, "valign": "top"})
        self.font = font
        self.made: dict[tuple[str, bool], Any] = {}

    def say(self, zh: str, en: str) -> str:
        """One of two texts."""
        return zh if self.language is Language.ZH else en

    def open_cell(self, number: str = "@", wrap: bool = False) -> Any:
        """The format of a cell that may be filled in."""
        key = (number, wrap)
        if key not in self.made:
            self.made[key] = self.book.add_format(
                self.font | self.edge | {"num_format": number, "locked": False, "text_wrap": wrap}
            )
        return self.made[key]

    def write(self) -> None:
        """All sheets."""
        guide = self.book.add_worksheet(" ".join(GUIDE))
        self.pages = {sheet.key: self.book.add_worksheet(sheet.title) for sheet in SHEETS}
        self.write_guide(guide)
        for sheet in SHEETS:
            page = self.pages[sheet.key]
            page.set_tab_color(_TABS[sheet.key in NEEDED])
            page.set_landscape()
            page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
            page.set_footer("&L&A&R&P / &N")
            page.set_paper(_A4)
            page.fit_to_pages(1, 0)
            page.repeat_rows(0, _FIRST_ROW - 1)
            if sheet.role is Role.HEAD:
                self.write_head(sheet, page)
            else:
                self.write_rows(sheet, page)

    def write_guide(self, page: Any) -> None:
        """The sheet that says how to fill in the others."""
        page.hide_gridlines(2)
        page.set_column(0, 0, 4)
        page.set_column(1, 1, 26)
        page.set_column(2, 2, 76)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_row(0, 30)
        page.write_string(0, 0, self.say("案例工作簿填写说明", "How to fill in this workbook"), self.heading)
        row = 2
        for number, step in enumerate(steps(self.language), 1):
            page.merge_range(row, 1, row, 2, "", self.prose)
            page.write_number(row, 0, number, self.prose)
            page.write_string(row, 1, step, self.prose)
            page.set_row(row, 16 * (1 + _width(step) // 104))
            row += 1
        row += 1
        for column, text in enumerate(
            ("", self.say("工作表", "sheet"), self.say("填什么", "what it holds")), start=0
        ):
            if text:
                page.write_string(row, column, text, self.title)
        for sheet in SHEETS:
            row += 1
            needed = self.say("（必填）", " (needed)") if sheet.key in NEEDED else ""
            page.write_url(row, 1, f"internal:'{sheet.title}'!A1", self.fixed, sheet.title)
            page.write_string(row, 2, self.say(*HOLDS[sheet.key]) + needed, self.fixed)

    def write_head(self, sheet: Sheet, page: Any) -> None:
        """case.yaml: a field in each row, with its name before it and a hint behind."""
        titles = ("栏目", "字段名", "内容（在这一栏填写）", "提示")
        for column, (title, name) in enumerate(zip(titles, ("label", "field", "value", "hint"), strict=True)):
            page.write_string(0, column, title, self.title)
            page.write_string(1, column, name, self.name)
        known = {header.name: header for header in columns(sheet, self.years)}
        for row, (name, value) in enumerate(self.sheets[sheet.key].rows, _FIRST_ROW):
            told, header = words(sheet.key, name), known.get(name)
            star = " *" if header is not None and header.required and "." not in name else ""
            page.write_string(row, 0, told.title + star, self.fixed)
            page.write_string(row, 1, name, self.name)
            page.write_string(row, 2, value, self.open_cell(wrap=True)) if value else page.write_blank(
                row, 2, None, self.open_cell(wrap=True)
            )
            page.write_string(row, 3, self.say(told.zh, told.en), self.hint)
            page.set_row(row, 32)
            if header is not None and header.kind is not None and "enum" in header.kind.schema:
                self.offer(page, row, row, 2, list(header.kind.schema["enum"]), strict=True)
        page.set_column(0, 1, 14)
        page.set_column(2, 2, 60)
        page.set_column(3, 3, 48)
        page.freeze_panes(_FIRST_ROW, 0)
        page.protect("", _PROTECTION | {"insert_rows": False, "delete_rows": False, "sort": False})

    def write_rows(self, sheet: Sheet, page: Any) -> None:
        """The header and rows of a table or list."""
        filled = self.sheets[sheet.key]
        last = _FIRST_ROW + len(filled.rows) + _ROOM
        total = 0.0
        widest = _NOTE_WIDTH if sheet.role is Role.NOTES else _WIDEST
        for column, text in enumerate(filled.headers):
            name, _, unit = text.partition("(")
            header = self.header(sheet, name)
            self.write_header(sheet, page, column, text, header)
            number = self.number_format(sheet, name, header)
            texts = [row[column] for row in filled.rows]
            width = _column_width(sheet, name, unit, texts)
            total += width
            wrap = name in ("patches", "parts") or width >= _WIDEST
            open_cell = self.open_cell(number or "@", wrap)
            page.set_column(column, column, width, open_cell)
            for row, value in enumerate(texts, _FIRST_ROW):
                if not value:
                    continue
                if number is not None and exact(value):
                    page.write_number(row, column, float(value), open_cell)
                else:
                    page.write_string(row, column, value, open_cell)
            self.offer_column(sheet, page, column, name, header, last)
        for row, line_count in enumerate(_lines(filled, widest), _FIRST_ROW):
            if line_count > 1:
                page.set_row(row, 15 * line_count)
        if total > _A4_WIDTH:  # too small to read on one page
            page.set_paper(_A3)
            page.fit_to_pages(1 + int(total / _A3_WIDTH), 0)
            page.repeat_columns(0)
        page.set_row(0, 34)
        page.freeze_panes(_FIRST_ROW, 0 if sheet.role is Role.NOTES else 1)
        if sheet.role is not Role.NOTES:
            page.autofilter(1, 0, _FIRST_ROW + max(len(filled.rows), 1) - 1, len(filled.headers) - 1)
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{last}"})
        page.protect("", _PROTECTION)

    def header(self, sheet: Sheet, name: str) -> Header | None:
        """What is known of a column; None for an attribute of regions."""
        if sheet.role is Role.TABLE:
            return next((one for one in columns(sheet, ()) if one.name == name), None)
        return resolve(sheet, name)

    def write_header(self, sheet: Sheet, page: Any, column: int, text: str, header: Header | None) -> None:
        """The name of a column in Chinese, its field name, and the note on it."""
        name, _, unit = text.partition("(")
        told = words(sheet.key, name)
        declared = header is None and sheet.role is Role.TABLE
        title = self.attribute_title(name) if declared else told.title
        title += f"（{unit.rstrip(')')}）" if unit else ""
        needed = header is not None and header.required and (sheet.key, name) not in _MAY_BE_EMPTY
        title += " *" if needed else ""
        page.write_string(0, column, title, self.title)
        page.write_string(1, column, text, self.name)
        note = self.say(told.zh, told.en)
        if note:
            lines = 2 + _width(note) // 30
            page.write_comment(0, column, note, {"author": "fenpei", "width": 220, "height": 18 * lines})

    def attribute_title(self, id: str) -> str:
        """What a column of regions that the case declares is called."""
        rows = self.sheets["attributes"]
        titles = {row[0]: row[rows.headers.index("title")] for row in rows.rows}
        return titles.get(id, id)

    def number_format(self, sheet: Sheet, name: str, header: Header | None) -> str | None:
        """The format of a column of numbers; None for one of texts."""
        if sheet.role is Role.NOTES:
            return None
        if sheet.role is Role.TABLE:
            return "General" if header is None else {"amount": _AMOUNTS.get(sheet.key), **_NUMBERS}.get(name)
        kind = header.kind if header is not None else None
        if kind is MONEY:
            return "#,##0.00####"
        counted = (
            kind is not None and kind.form is Form.ONE and kind.schema == {"type": ["integer", "string"]}
        )
        return "#,##0" if counted else None

    def offer_column(
        self, sheet: Sheet, page: Any, column: int, name: str, header: Header | None, last: int
    ) -> None:
        """The drop-down of a column, if it has one."""
        kind = header.kind if header is not None else None
        if name in _IDS and (kind is None or kind.form is Form.ONE):
            target = next(one for one in SHEETS if one.key == _IDS[name])
            room = _FIRST_ROW + len(self.sheets[target.key].rows) + _ROOM
            source = f"='{target.title}'!$A${_FIRST_ROW + 1}:$A${room}"
            self.offer(page, _FIRST_ROW, last, column, source, strict=False)
        elif name == "year" and self.years:
            more = ["total"] if sheet.key == "capacity" else []
            self.offer(page, _FIRST_ROW, last, column, [*map(str, self.years), *more], strict=False)
        elif sheet.role is Role.TABLE and name in _TABLE_WORDS:
            self.offer(page, _FIRST_ROW, last, column, [*map(str, _TABLE_WORDS[name])], strict=True)
        elif kind is YES_NO:
            self.offer(page, _FIRST_ROW, last, column, ["yes", "no"], strict=True)
        elif kind is not None and kind.form is Form.ONE and "enum" in kind.schema:
            self.offer(page, _FIRST_ROW, last, column, list(kind.schema["enum"]), strict=True)

    def offer(
        self, page: Any, first: int, last: int, column: int, source: str | list[str], *, strict: bool
    ) -> None:
        """A drop-down; a strict one takes nothing else."""
        page.data_validation(
            first,
            column,
            last,
            column,
            {
                "validate": "list",
                "source": source,
                "error_type": "stop" if strict else "warning",
                "error_title": self.say("不在列表里", "Not in the list"),
                "error_message": self.say("请从下拉列表中选。", "Choose a value of the list."),
            },
        )


def exact(text: str) -> bool:
    """Whether a number survives being a number of a spreadsheet."""
    return (
        _PLAIN.fullmatch(text) is not None
        and len(text) <= 16
        and number_text(repr(float(text)))
        in (
            text,
            text.rstrip("0").rstrip(".") if "." in text else text,
        )
    )


def _width(text: str) -> int:
    """Columns of a fixed-width font that a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def _lines(filled: Filled, widest: float) -> list[int]:
    """How many lines each row takes where long texts are broken."""
    return [
        max(
            (sum(1 + _width(line) // int(widest - 3) for line in text.split("\n")) for text in row),
            default=1,
        )
        for row in filled.rows
    ]


def _column_width(sheet: Sheet, name: str, unit: str, texts: Sequence[str]) -> float:
    if sheet.role is Role.NOTES:
        return _NOTE_WIDTH
    title = _width(words(sheet.key, name).title) + (_width(unit) + 2 if unit else 0) + 3
    longest = max((_width(line) for text in texts for line in text.splitlines()), default=0)
    return max(
        9,
        _ROOMY.get(name, 0),
        min(max(title / (2 if title > 16 else 1), _width(name) + 4, longest + 2), _WIDEST),
    )
