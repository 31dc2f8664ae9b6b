"""Text columns to exact figures: whole fen, dates, years, codes that can be trusted. No floats.

What cannot be read becomes null here and a bad cell in the ledger; nothing is rounded and nothing guessed.
"""

from __future__ import annotations

import datetime
import re
import unicodedata

import polars as pl

from models.money import MONEY_UNITS

#: Digits before the point that an amount may have, in fen: the sum of a ledger is checked on top of that.
_DIGITS = 15
_THOUSANDS = r"^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$"
_EDGES = r"^\s|\s$"
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DATE = re.compile(
    r"(\d{4})(?:(\d{2})(\d{2})|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
#: A code that Excel has turned into a number, or of which part is covered by asterisks, names nobody.
_SPOILT = r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$|[*\x{ff0a}]|^#"


def stripped(texts: pl.DataFrame) -> pl.DataFrame:
    """Text columns without white space around the texts."""
    return texts.select(_stripped(column) for column in texts)


def _stripped(texts: pl.Series) -> pl.Series:
    return texts.str.strip_chars() if texts.str.contains(_EDGES).any() else texts


def fen(texts: pl.Series, unit: str) -> pl.Series:
    """Whole fen of decimal texts, Int64; null where a text is none or has a fraction of a fen.

    Thousands separators in their places (`1,234,567.80`) are read; so are zeros beyond the last fen.
    """
    scale = len(str(MONEY_UNITS[unit])) - 1
    if scale and texts.str.contains(rf"^-?[0-9]{{1,{_DIGITS - scale}}}\.[0-9]{{{scale}}}$").all():
        return texts.str.replace(".", "", literal=True).cast(
            pl.Int64
        )  # the usual case, and three times faster
    frame = texts.to_frame("text")
    if texts.str.contains(",", literal=True).any():
        grouped = pl.col("text").str.contains(_THOUSANDS)
        bare = pl.col("text").str.replace_all(",", "", literal=True)
        frame = frame.select(pl.when(grouped).then(bare).otherwise("text").alias("text"))
    return frame.select(_fen(pl.col("text"), scale)).to_series()


def _fen(text: pl.Expr, scale: int) -> pl.Expr:
    decimals = rf"(\.[0-9]{{1,{scale}}}0*)?" if scale else r"(\.0+)?"
    parts = text.str.splitn(".", 2).struct
    value = parts.field("field_0").cast(pl.Int64, strict=False)
    if scale:
        tail = parts.field("field_1").fill_null("").str.slice(0, scale)
        part = tail.str.pad_end(scale, "0").cast(pl.Int64, strict=False)
        signed = pl.when(text.str.starts_with("-")).then(-part).otherwise(part)
        value = value * 10**scale + signed
    good = text.str.contains(rf"^-?[0-9]{{1,{_DIGITS - scale}}}{decimals}$")
    return pl.when(good).then(value)


def dates(texts: pl.Series) -> pl.Series:
    """Dates of texts such as 2018-03-05, 2018/3/5, 20180305, 2018年3月5日; null where there is none."""
    iso = texts.str.contains(_ISO)
    quick = pl.select(pl.when(iso).then(texts)).to_series().str.to_date("%Y-%m-%d", strict=False)
    left = texts.filter(quick.is_null() & (texts != "")).unique()
    if not len(left):
        return quick
    read = {text: date for text in left if (date := a_date(text)) is not None}
    if not read:
        return quick
    other = texts.replace_strict(
        list(read), list(read.values()), default=None, return_dtype=pl.Date
    )  # fmt: skip
    return pl.select(pl.coalesce(quick, other)).to_series()


def a_date(text: str) -> datetime.date | None:
    """One date, None where the text is none."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    year, *rest = found.groups()
    month, day = (part for part in rest if part is not None)
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def years(text: pl.Expr) -> pl.Expr:
    """A year of `2018` or `2018年`, Int32; null where it is none."""
    bare = text.str.strip_suffix("年").str.strip_suffix("年度")
    return pl.when(bare.str.contains(r"^(19|20|21)[0-9]{2}$")).then(bare.cast(pl.Int32, strict=False))


def codes(text: pl.Expr) -> pl.Expr:
    """A payee's code; null where it is empty or spoilt."""
    return pl.when((text != "") & ~text.str.contains(_SPOILT)).then(text)
