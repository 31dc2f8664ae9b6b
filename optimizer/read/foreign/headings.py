"""What one column's header says: the meanings it may have, and the year, fund, measure or region it is
about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.read.foreign.grid import Grid
from optimizer.read.foreign.header import Header, Part
from optimizer.read.foreign.names import Names
from optimizer.read.foreign.words import (
    FIGURES,
    in_brackets,
    is_number,
    money_unit,
    narrow,
    normal,
    split_year,
    vocabulary,
    without_brackets,
)

#: Kinds of names that a header can be about; the first that knows the name has it.
_NAMED = ("fund", "measure", "region")


@dataclass(frozen=True, slots=True)
class Several:
    """A name in a header that fits several things."""

    kind: str
    text: str
    ids: frozenset[str]
    row: int
    column: int


@dataclass
class Heading:
    """A column as its header reads. `sure` and `maybe` are meanings; `keys` what the figures are about."""

    column: int
    text: str
    sure: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    rather: tuple[str, ...] = ()
    """Of these, the one that it takes where another column could have the others."""
    keys: dict[str, str | int] = field(default_factory=dict)
    total: bool = False
    money: str = ""
    """Money unit of the header, normal form."""
    per_unit: bool = False
    """Its unit is money for one of something: 元/户."""
    unit: str = ""
    """Another unit in brackets, as written."""
    several: list[Several] = field(default_factory=list)
    several_about: str = ""
    figures: bool = False
    """Below it stand numbers."""
    unknown: bool = False
    """Its lowest text says nothing to fenpei."""
    grouped: bool = False
    """It stands with others under a heading about money, a year or the like."""

    @property
    def meaning(self) -> str | None:
        """The one sure meaning."""
        return self.sure[0] if self.sure else None


def read_heading(grid: Grid, header: Header, column: int, names: Names, figures: bool) -> Heading:
    """A column's heading; `figures`: below it stand numbers only."""
    parts = header.columns[column]
    heading = Heading(column, header.written(column), figures=figures)
    for part in parts:
        _read_unit(part.text, heading)
    above = ""
    in_funds = False
    for part in parts:
        last = part is parts[-1]
        heading.sure, heading.maybe, heading.unknown = (), (), False
        seen = dict(heading.keys)
        _read_part(part, heading, names, figures, above if in_funds else "", in_funds)
        said: set[str] = {*heading.sure, *heading.maybe}
        about = len(heading.keys) > len(seen) or bool(heading.several)
        if not last:
            in_funds |= bool(said & {"fund", "amount"}) or "fund" in heading.keys or heading.unknown
            heading.grouped |= bool(said & {"fund", *FIGURES}) or about
            if said & set(FIGURES) and about is False:
                heading.several_about = next(iter(said & set(FIGURES)))
        above = part.text
    _settle(heading)
    if heading.per_unit and not heading.keys:
        heading.sure = tuple("unit_cost" if meaning == "amount" else meaning for meaning in heading.sure)
        heading.maybe = tuple(meaning for meaning in heading.maybe if meaning != "amount")
    if any(meaning in FIGURES for meaning in heading.sure) and len(heading.sure) > 1:
        # 资金 above numbers is an amount, above names a fund
        heading.sure = tuple(meaning for meaning in heading.sure if (meaning in FIGURES) == figures)
    return heading


def _settle(heading: Heading) -> None:
    """A header that only says whom or when it is about holds what the heading above it says, or amounts."""
    if heading.sure or heading.maybe:
        return
    if heading.keys or heading.total or heading.several:
        if heading.unknown:
            return
        heading.sure = (heading.several_about or "amount",)


def _read_unit(text: str, heading: Heading) -> None:
    for inside in in_brackets(text):
        top, slash, bottom = re.sub(r"^单位\s*[::]?\s*", "", inside).partition("/")
        heading.per_unit |= bool(slash) and money_unit(top) is not None and money_unit(bottom) is None
        for word in re.split(r"[、,;/]", inside):
            if (money := money_unit(word)) is not None:
                heading.money = money
                break
        else:
            bare = re.sub(r"^单位\s*[::]?", "", inside)
            if bare and len(bare) <= 6:
                heading.unit = bare


def _read_part(part: Part, heading: Heading, names: Names, figures: bool, above: str, in_funds: bool) -> None:
    words = vocabulary()
    forms = _forms(part.text, heading)
    level = figures and any(form in words.levels for form in forms)
    labels = any(form in words.sure or form in words.maybe for form in forms)
    if level and (in_funds or labels):  # 省, 市, 县 above figures are levels of a fund
        _about(part, heading, names, above)
        return
    for form in forms:
        if form in words.sets["totals"]:
            heading.total = True
        if form in words.sure or form in words.maybe:
            heading.sure, heading.maybe = words.sure.get(form, ()), words.maybe.get(form, ())
            heading.rather = words.rather.get(form, ())
            return
        if heading.total or form in words.sets["of_which"]:
            return
    if not forms:
        return
    year, rest = split_year(part.text)
    if year is not None:
        heading.keys["year"] = year
        if normal(without_brackets(rest)):
            _read_part(Part(rest, part.row, part.column), heading, names, figures, above, in_funds)
            heading.unknown = heading.unknown and bool(rest)
        return
    if not _about(part, heading, names, above):
        heading.unknown = True


def _forms(text: str, heading: Heading) -> list[str]:
    """The forms of a header's text to look up: whole, without brackets, without a unit at its end."""
    forms = [normal(text), normal(without_brackets(text))]
    for form in list(forms):
        for unit in sorted(vocabulary().money, key=len, reverse=True):
            rest = form.removesuffix(unit)
            if rest != form and rest:
                if (rest in vocabulary().sure or rest in vocabulary().maybe) and not heading.money:
                    heading.money = unit
                forms.append(rest)
                break
    return [form for form in dict.fromkeys(forms) if form]


def _about(part: Part, heading: Heading, names: Names, above: str) -> bool:
    """Put on what the header is about; False where nobody knows the name."""
    texts = [part.text, without_brackets(part.text)]
    for text in dict.fromkeys(texts):
        for kind in _NAMED:
            found = names.find(kind, text)
            if not found.ids:
                continue
            if found.one is None and above:
                joined = [names.find(kind, word) for word in (text + above, above + text)]
                found = next((match for match in joined if match.one), found)
            if found.one is not None:
                heading.keys[kind] = found.one
            else:
                heading.several.append(Several(kind, narrow(part.text), found.ids, part.row, part.column))
            return True
    joined_fund = [
        names.find("fund", word) for text in texts for word in (text + above, above + text) if above
    ]
    found_one = next((match.one for match in joined_fund if match.one), None)
    if found_one is not None:
        heading.keys["fund"] = found_one
        return True
    return _without_amount_word(part, heading, names)


def _without_amount_word(part: Part, heading: Heading, names: Names) -> bool:
    """`中央专项金额`: a name with a word for an amount behind it."""
    text = normal(without_brackets(part.text))
    endings = sorted(
        (word for word, meanings in vocabulary().sure.items() if meanings[0] in FIGURES and len(word) > 1),
        key=len,
        reverse=True,
    )
    for ending in endings:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            for kind in _NAMED:
                found = names.find(kind, text.removesuffix(ending))
                if found.one is not None:
                    heading.keys[kind] = found.one
                    heading.sure = vocabulary().sure[ending]
                    return True
    return False


def holds_figures(grid: Grid, rows: Sequence[int], column: int, names: Names) -> bool:
    """Most cells of the column below the header are numbers, and not the codes of regions."""
    texts = [grid.cells[row, column].text for row in rows if (row, column) in grid.cells]
    numbers = [text for text in texts if is_number(text)]
    codes = bool(numbers) and all(names.find("region", text).ids for text in numbers)
    return len(numbers) * 2 > len(texts) and not codes
