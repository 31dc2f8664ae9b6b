"""The texts of numbers and dates: as they would be typed into the cell, never a float's noise."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

#: A spreadsheet keeps and shows at most so many digits of a number.
_DIGITS = 15
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]")


def number_text(stored: str) -> str | None:
    """The decimal text of a number as stored in the file; None for what is no finite number.

    A whole number is taken digit by digit. Any other is the shortest text of the same double, and where that
    takes more digits than a spreadsheet can hold (0.1 + 0.2), it is what the spreadsheet shows (0.3).
    """
    if stored.isascii() and stored.removeprefix("-").isdigit():
        return str(int(stored)) if len(stored) < 400 else None
    if len(stored) <= _DIGITS and _PLAIN.fullmatch(stored):
        return stored
    try:
        value = float(stored)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    shortest = Decimal(repr(value))
    if value != int(value) and len(shortest.as_tuple().digits) > _DIGITS:
        shortest = Decimal(f"{value:.{_DIGITS}g}")
    text = f"{shortest:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def date_text(stored: str, *, from_1904: bool, duration: bool) -> str | None:
    """The ISO text of a number that is shown as a date, a time or a duration; None outside the calendar."""
    epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900
    try:
        value = from_excel(float(stored), epoch, timedelta=duration)
    except (ValueError, OverflowError):
        return None
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return None if value is None else str(value)


def iso_text(stored: str) -> str:
    """A date that is stored as such: `2018-03-01T00:00:00` is the day."""
    return stored.removesuffix("Z").removesuffix("T00:00:00").replace("T", " ")
