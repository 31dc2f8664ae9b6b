"""What is worth saying about a table that was read: how cells were written, what was passed over, short
names."""

from __future__ import annotations

from collections.abc import Mapping

from models.citation import Text
from models.submission import Note, Spot

#: Code -> Chinese and English; `{...}` are filled in.
NOTES: Mapping[str, tuple[str, str]] = {
    "text-number": (
        "「{found}」是文本型数字，按数字读",
        "{found!r} is a number kept as text; read as a number",
    ),
    "wide-number": (
        "「{found}」有全角字符，按半角读",
        "{found!r} has full-width characters; read as plain ones",
    ),
    "thousands-read": (
        "「{found}」有千分位分隔符，按 {value} 读",
        "{found!r} has thousands separators; read as {value}",
    ),
    "unit-in-cell": (
        "「{found}」里带着单位，按单位读",
        "{found!r} carries its unit; read so",
    ),
    "dash": (
        "「{found}」按 0 读",
        "{found!r} is read as 0",
    ),
    "negative": (
        "负数「{found}」：冲减，照数计入",
        "negative amount {found!r}: a reduction; counted as it stands",
    ),
    "hidden-row": (
        "隐藏的行里有金额，照数计入",
        "a hidden row with amounts; it is counted",
    ),
    "hidden-column": (
        "隐藏的列「{found}」里有金额，照数计入",
        "the hidden column {found!r} holds figures; they are counted",
    ),
    "hidden-sheet": (
        "隐藏的工作表「{found}」没有读",
        "the hidden sheet {found!r} was not read",
    ),
    "other-sheet": (
        "工作表「{found}」没有读：找不到表头",
        "the sheet {found!r} was not read: it has no header",
    ),
    "sheet-left-out": (
        "工作表「{found}」没有读",
        "the sheet {found!r} was not read",
    ),
    "row-left-out": (
        "没有金额的行，未读：「{found}」",
        "a row without amounts, not read: {found!r}",
    ),
    "section": (
        "「{found}」是一组行的标题，金额等于下面各行之和：不计入",
        "{found!r} heads a group of rows and has exactly their sum: not counted",
    ),
    "page-total": (
        "本页合计，未读：「{found}」",
        "a page total, not read: {found!r}",
    ),
    "total-of-what": (
        "看不出「{found}」是什么的合计：不计入，也不核对",
        "it does not say of what {found!r} is the sum: neither counted nor compared",
    ),
    "of-which": (
        "「{found}」重复上面一行的一部分，不计入",
        "{found!r} repeats a part of the row above; not counted",
    ),
    "short-name": (
        "「{found}」读作{title}",
        "{found!r} is read as {title}",
    ),
    "level-differs": (
        "「{found}」在案例里的级次是 {level}，与表里写的级次不同：按名称读",
        "{found!r} is a fund of level {level} in the case, and the table says another; read by its name",
    ),
    "no-quantity": (
        "有 {count} 行有金额而没有数量：数量不核对",
        "{count} row(s) have an amount and no quantity: quantities are not evaluated",
    ),
    "quantity-unit": (
        "「{found}」没有说明计量单位：数量不核对。请在列名里写单位，如「{found}(户)」，或另设「单位」列",
        "{found!r} does not state its unit: quantities are not evaluated. Put it in the header,"
        " as in {found}(户), or add a column 单位",
    ),
    "quantity-shared": (
        "同一地区、措施、项目和年份的几行资金不同而数量相同，分不清是不是同一批（另见 {other}）：数量不核对",
        "rows of one region, measure, project and year have different funds and the same"
        " quantity, which may be the same units (see {other}): quantities are not evaluated",
    ),
    "exits-unclear": (
        "「{found}」分不清是哪一类人群，或同一地区一年写了几次：脱贫人数不核对",
        "{found!r}: the group is not clear, or a region and year stand here more than once:"
        " exits are not evaluated",
    ),
    "unit-cost": (
        "「{found}」没有金额单位，或不是数字，未读",
        "{found!r} has no money unit or is no number; not read",
    ),
}


def note(code: str, spot: Spot, found: str = "", /, **words: object) -> Note:
    """A note of a kind; a word that is a pair is (Chinese, English)."""
    zh, en = (
        text.format(found=found, **{name: _word(word, side) for name, word in words.items()})
        for side, text in enumerate(NOTES[code])
    )
    return Note(spot, Text(zh=zh, en=en))


def _word(word: object, side: int) -> str:
    return str(word[side] if isinstance(word, tuple) else word)
