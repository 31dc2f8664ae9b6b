"""How cells look: fonts that every Chinese Windows has, number formats in 元 and 万元, kinds of rows.

Properties are those of xlsxwriter; `looks` puts the parts of one cell's look together.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from models.citation import Language

#: Body and headings; Excel, WPS and LibreOffice take another font of the same kind where one is missing.
FONTS: Mapping[Language, tuple[str, str]] = {Language.ZH: ("宋体", "黑体"), Language.EN: ("Arial", "Arial")}

DARK, LINE, BAND, PALE = "#1F3864", "#A6A6A6", "#D9E2F3", "#F2F5FA"


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"  # as wide as its longest text, up to a limit, and folded beyond
    CODE = "code"  # short text in the middle
    YUAN = "yuan"
    WAN = "wan"
    COUNT = "count"
    QUANTITY = "quantity"  # decimals as many as there are, up to six
    SHARE = "share"
    YEAR = "year"


class Row(StrEnum):
    """What a row is."""

    PLAIN = "plain"
    GROUP = "group"  # the subtotal of a group
    TOTAL = "total"
    HEAD = "head"


NUMBERS: Mapping[Kind, str] = {
    Kind.YUAN: "#,##0.00_ ",
    Kind.WAN: "#,##0.00_ ",
    Kind.COUNT: "#,##0_ ",
    Kind.QUANTITY: "#,##0.0#####_ ",
    Kind.SHARE: "0.00%_ ",
    Kind.YEAR: "0",
}

_ROWS: Mapping[Row, Mapping[str, Any]] = {
    Row.PLAIN: {},
    Row.GROUP: {"bold": True, "bg_color": PALE},
    Row.TOTAL: {"bold": True, "bg_color": BAND},
    Row.HEAD: {"bold": True, "bg_color": DARK, "font_color": "#FFFFFF", "align": "center", "text_wrap": True},
}


def looks(language: Language, kind: Kind, row: Row, indent: int = 0) -> dict[str, Any]:
    """The look of a cell of a table."""
    body, heading = FONTS[language]
    found: dict[str, Any] = {
        "font_name": heading if row is Row.HEAD else body,
        "font_size": 10,
        "font_scheme": False,
        "border": 1,
        "border_color": LINE,
        "valign": "vcenter",
    }
    if row is not Row.HEAD:
        if kind in NUMBERS:
            found |= {"num_format": NUMBERS[kind], "align": "right"}
        elif kind is Kind.CODE:
            found |= {"align": "center", "text_wrap": True}
        else:
            found |= {"align": "left", "text_wrap": True}
        if kind is Kind.YEAR:
            found["align"] = "center"
        if indent:
            found["indent"] = indent
    return {**found, **_ROWS[row]}


def prose(language: Language, size: int = 10, **more: object) -> dict[str, Any]:
    """The look of a title, a sentence or a remark outside a table."""
    body, heading = FONTS[language]
    bold = bool(more.get("bold"))
    return {
        "font_name": heading if bold else body,
        "font_size": size,
        "font_scheme": False,
        "valign": "vcenter",
        "text_wrap": True,
        **more,
    }
