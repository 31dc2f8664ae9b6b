"""What a row's words say about it: a sum (of what), a part of the row above, a page total, a note."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from optimizer.read.foreign.words import narrow, normal, vocabulary

_OF_WHICH = re.compile(r"^(?:其中|of which)\s*[::]?\s*", re.IGNORECASE)
_SECTION = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))")


@dataclass(frozen=True, slots=True)
class Marks:
    """What a row says of itself, in which cell."""

    sums: bool = False
    of: str = ""
    """What stands before the word for a sum: `甲县` of `甲县小计`."""
    meaning: str = ""
    """The meaning of the column in which it stands."""
    sub: bool = False
    """It says 小计 and not of what."""
    page: bool = False
    of_which: bool = False
    noted: bool = False
    text: str = ""
    column: int = 1


@cache
def marks_of(text: str) -> Marks | None:
    """What a cell's words say about its row; None for a plain name."""
    words = vocabulary()
    form = normal(text)
    if form in words.sets["pages"]:
        return Marks(sums=True, page=True, text=text)
    if form in words.sets["totals"]:
        return Marks(sums=True, sub=form in words.sets["subtotals"], text=text)
    if form.startswith(words.lists["of_which"]):
        return Marks(sums=True, of=_OF_WHICH.sub("", narrow(text)), of_which=True, text=text)
    ending = next((word for word in words.lists["total_endings"] if form.endswith(word)), None)
    if ending is not None:
        return Marks(sums=True, of=form.removesuffix(ending), text=text)
    start = normal(narrow(text).split(":")[0])
    longer = tuple(word for word in words.lists["notes"] if len(word) > 1)
    if start in words.sets["notes"] or form.startswith(longer):
        return Marks(noted=True, text=text)
    return None


def is_section(text: str) -> bool:
    """`一、产业扶贫`, `（一）种植`: the heading of a section of rows."""
    return _SECTION.match(narrow(text)) is not None
