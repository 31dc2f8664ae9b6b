"""Headings to a layout: which column tells what, which hold figures and in what unit, what holds for the
whole table.

Nothing is guessed: two columns that could be the same thing, money without a unit, a name that fits two
funds are
problems that list the candidates with their cells and the option that settles them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.case import Case
from models.submission import MappedColumn, Spot
from optimizer.read.foreign.grid import Grid, column_number
from optimizer.read.foreign.header import Header, stated_units
from optimizer.read.foreign.headings import Heading, Several
from optimizer.read.foreign.names import Names
from optimizer.read.foreign.options import Meant, Wishes
from optimizer.read.foreign.titles import Constants, find_constants
from optimizer.read.foreign.words import FIGURES, KEYS, normal, vocabulary
from optimizer.read.problems import Log, Place

#: Kinds of what stands in a key.
KIND_WORDS = {
    "region": ("地区", "region"),
    "measure": ("措施", "measure"),
    "fund": ("资金", "fund"),
    "year": ("年份", "year"),
    "group": ("人群", "group"),
}


@dataclass(frozen=True, eq=False)
class Figure:
    """A column of figures: what they are, in which unit, and what they are about."""

    column: int
    meaning: str
    header: str
    money: str
    """Money unit in its normal form; empty: each cell must say its own."""
    unit: str
    keys: dict[str, str | int]
    total: bool


@dataclass(frozen=True)
class Layout:
    """How a table is read: label meaning -> column, the columns of figures, what holds for every row."""

    labels: dict[str, int]
    figures: tuple[Figure, ...]
    constants: Constants
    headers: dict[int, str]
    unit_cost: str
    """Money unit of the unit cost; empty: none stated."""
    mapped: tuple[MappedColumn, ...]
    ignored: tuple[MappedColumn, ...]


@dataclass
class _Mapping:
    """The work: what is known so far about each column."""

    grid: Grid
    header: Header
    names: Names
    wishes: Wishes
    log: Log
    headings: list[Heading]
    labels: dict[str, int]
    used: set[int]
    unclear: set[str]
    """Meanings that several columns claim: reported, and not missing."""

    def place(self, column: int) -> Place:
        row, at = self.header.cell(column)
        return self.grid.place(row, at, self.header.written(column))

    def spot(self, column: int) -> Spot:
        row, at = self.header.cell(column)
        return self.grid.spot(row, at, self.header.written(column))

    def listed(self, columns: Iterable[int]) -> tuple[str, str]:
        """Candidates with their cells."""
        texts = [(self.header.written(column), str(self.place(column))) for column in columns]
        return (
            "、".join(f"「{text}」({place})" for text, place in texts),
            ", ".join(f"{text!r} ({place})" for text, place in texts),
        )


def map_columns(
    grid: Grid, header: Header, headings: list[Heading], names: Names, wishes: Wishes, case: Case, log: Log
) -> Layout | None:
    """The layout, every problem of it on the log; None where there is no money to read."""
    work = _Mapping(grid, header, names, wishes, log, headings, {}, set(), set())
    values = _wished(work)
    _labels(work, "sure")
    amounts = _amounts(work)
    _labels(work, "maybe")
    others = [heading for meaning in ("quantity", "exits") for heading in _figures_of(work, meaning)]
    _name_several(work, [*amounts, *others])
    unit = _table_unit(work)
    figures = tuple(
        _figure(work, heading, amounts, unit)
        for heading in (*amounts, *others)
        if heading.sure or heading.maybe
    )
    keyed = [figure.keys for figure in figures if figure.meaning == "amount" and not figure.total]
    _twice(work, [figure for figure in figures if not figure.total])
    constants = find_constants(grid, header, case, names, values, _missing(work, keyed), log)
    _incomplete(work, figures, constants)
    _not_understood(work, amounts)
    if not amounts:
        return None
    cost = _unit_of_cost(work, unit)
    mapped = (*_mapped(work, figures, cost), *constants.mapped)
    taken = {*work.labels.values(), *(figure.column for figure in figures)}
    ignored = tuple(
        MappedColumn(work.spot(column), header.written(column), "")
        for column in header.columns
        if column not in taken
    )
    headers = {column: header.written(column) for column in header.columns}
    return Layout(work.labels, figures, constants, headers, cost, mapped, ignored)


# ---------------------------------------------------------------------------------------- what the user said


def _wished(work: _Mapping) -> dict[str, Meant]:
    """Take the columns that `--map` names; what names no column is a value for the whole table."""
    values: dict[str, Meant] = {}
    for meant in work.wishes.meant:
        found = [
            heading
            for heading in work.headings
            if normal(meant.value)
            in (normal(heading.text), normal(work.header.columns[heading.column][-1].text))
        ]
        if not found:
            number = column_number(meant.value)
            found = [heading for heading in work.headings if heading.column == number]
        place = Place(f"--map {meant.option}")
        if len(found) > 1 and meant.meaning != "ignore":
            candidates = work.listed(heading.column for heading in found)
            work.log.add("foreign-map-headers", place, meant.value, candidates=candidates)
        elif found:
            for heading in found:
                _take(work, meant.meaning, heading)
        elif meant.meaning in KEYS:
            values[meant.meaning] = meant
        else:
            known = work.listed(heading.column for heading in work.headings)
            work.log.add("foreign-map-header", place, meant.value, known=known)
    return values


def _take(work: _Mapping, meaning: str, heading: Heading) -> None:
    heading.several, heading.unknown = [], False
    heading.sure, heading.maybe = (meaning,), ()
    if meaning not in FIGURES:
        heading.keys = {}
        heading.total = False
        if meaning != "ignore":
            work.labels[meaning] = heading.column
    work.used.add(heading.column)


# ---------------------------------------------------------------------------------------- labels


def _labels(work: _Mapping, how: str) -> None:
    """Columns that tell what a row is about; two that claim one meaning are a problem."""
    meanings = [meaning for meaning in vocabulary().said if meaning not in (*FIGURES, "ignore")]
    for meaning in meanings:
        if meaning in work.labels:
            continue
        claims = [
            heading
            for heading in work.headings
            if heading.column not in work.used
            and meaning in getattr(heading, how)
            and not (how == "maybe" and heading.sure)
        ]
        if how == "maybe" and len(claims) > 1:
            claims = [h for h in claims if not h.rather or meaning in h.rather] or claims
        if len(claims) > 1:
            _ambiguous(work, meaning, claims)
            work.unclear.add(meaning)
        elif claims:
            work.labels[meaning] = claims[0].column
        work.used.update(heading.column for heading in claims)
    if how == "maybe" and "region" not in work.labels and "parent" in work.labels:
        work.labels["region"] = work.labels.pop("parent")
    if how == "maybe" and "measure" not in work.labels and "project" in work.labels:
        work.labels["measure"] = work.labels["project"]


def _ambiguous(work: _Mapping, meaning: str, claims: Sequence[Heading]) -> None:
    zh, en = vocabulary().said[meaning]
    first = work.header.written(claims[0].column)
    work.log.add(
        "foreign-column-ambiguous",
        work.place(claims[0].column),
        first,
        meaning=(zh, en),
        candidates=work.listed(heading.column for heading in claims),
        option=(f'--map "{zh}={first}"', f'--map "{en}={first}"'),
    )


# ---------------------------------------------------------------------------------------- figures


def _amounts(work: _Mapping) -> list[Heading]:
    """The columns of money: those with a fund, year or measure of their own, else the one plain column."""
    wished = [h for h in work.headings if h.column in work.used and h.meaning == "amount"]
    free = [h for h in work.headings if h.column not in work.used]
    sure = [h for h in free if "amount" in h.sure]
    keyed = [h for h in (*wished, *sure) if h.keys or h.several]
    plain = [h for h in sure if not h.keys and not h.several]
    maybe = [h for h in free if not h.sure and "amount" in h.maybe]
    if keyed and not (wished and not any(h in keyed for h in wished)):
        totals = plain + [h for h in maybe if h.total]
        for heading in totals:
            heading.total, heading.sure = True, ("amount",)
        chosen = [*wished, *(h for h in keyed if h not in wished), *totals]
    elif wished:
        chosen = wished
    else:
        chosen = [h for h in plain if not h.total] or plain or maybe
        if len(chosen) > 1:
            _ambiguous(work, "amount", chosen)
        for heading in chosen:
            heading.total, heading.sure = False, ("amount",)
    if not chosen:
        zh, en = vocabulary().said["amount"]
        known = work.listed(heading.column for heading in work.headings)
        work.log.add(
            "foreign-column-missing",
            work.grid.place(work.header.last, 1, ""),
            meaning=(zh, en),
            known=known,
            option=(f'--map "{zh}=…"', f'--map "{en}=..."'),
        )
    work.used.update(heading.column for heading in (*chosen, *plain))
    return chosen


def _figures_of(work: _Mapping, meaning: str) -> list[Heading]:
    wished = [h for h in work.headings if h.column in work.used and h.meaning == meaning]
    claims = wished or [h for h in work.headings if h.column not in work.used and meaning in h.sure]
    plain = [h for h in claims if not h.keys and not h.several and not h.total]
    if len(plain) > 1:
        _ambiguous(work, meaning, plain)
    work.used.update(heading.column for heading in claims)
    return claims


def _name_several(work: _Mapping, headings: Iterable[Heading]) -> None:
    """A header whose name fits several funds (中央: which of them?) is a problem with its candidates."""
    told: set[tuple[int, int]] = set()
    for heading in headings:
        for one in heading.several:
            if (one.row, one.column) not in told:
                told.add((one.row, one.column))
                name_ambiguous(work.grid, work.names, one, work.header.written(heading.column), work.log)


def name_ambiguous(grid: Grid, names: Names, one: Several, header: str, log: Log) -> None:
    """Report a name that fits several things."""
    titles = [names.title(one.kind, id) for id in names.in_order(one.kind, one.ids)]
    id = names.in_order(one.kind, one.ids)[0]
    log.add(
        "foreign-name-ambiguous",
        grid.place(one.row, one.column, header),
        one.text,
        kind=KIND_WORDS[one.kind],
        candidates=("、".join(titles), ", ".join(titles)),
        option=f'--map "{one.text}={id}"',
    )


def _figure(work: _Mapping, heading: Heading, amounts: Sequence[Heading], unit: str) -> Figure:
    others = [h.keys for h in amounts if h is not heading]
    repeats = any(len(keys) > len(heading.keys) and heading.keys.items() <= keys.items() for keys in others)
    meaning = heading.sure[0] if heading.sure else heading.maybe[0]
    total = meaning == "amount" and (heading.total or repeats) and bool(others)
    return Figure(
        heading.column,
        meaning,
        heading.text,
        (heading.money or unit) if meaning == "amount" else "",
        heading.unit if meaning != "amount" else "",
        dict(heading.keys),
        total,
    )


def _twice(work: _Mapping, figures: Sequence[Figure]) -> None:
    """Two columns of figures about the same thing; a thing that a column and a header both tell."""
    seen: dict[tuple[object, ...], Figure] = {}
    for figure in figures:
        key = (figure.meaning, *sorted(figure.keys.items()))
        if figure.keys and key in seen:
            candidates = work.listed([seen[key].column, figure.column])
            work.log.add(
                "foreign-column-twice", work.place(figure.column), figure.header, candidates=candidates
            )
        seen.setdefault(key, figure)
        for name in figure.keys:
            if figure.meaning == "amount" and name in work.labels:
                candidates = work.listed([work.labels[name], figure.column])
                work.log.add(
                    "foreign-said-twice",
                    work.place(figure.column),
                    figure.header,
                    meaning=vocabulary().said[name],
                    candidates=candidates,
                )


# ---------------------------------------------------------------------------------------- units


def _table_unit(work: _Mapping) -> str:
    """The money unit that a line above the table states, or `--unit`; they must not contradict."""
    said = stated_units(work.grid, work.header)
    units = {one.value for one in said}
    if len(units) > 1:
        first = said[0]
        words = " ".join(f"{one.value}({work.grid.place(one.row, one.column)})" for one in said)
        work.log.add("foreign-units-differ", work.grid.place(first.row, first.column), candidates=words)
        return first.value
    stated = next(iter(units), "")
    if stated and work.wishes.unit and vocabulary().money[stated] != vocabulary().money[work.wishes.unit]:
        work.log.add(
            "foreign-unit-conflict",
            work.grid.place(said[0].row, said[0].column),
            stated,
            option=work.wishes.unit,
        )
    return stated or work.wishes.unit or ""


def _unit_of_cost(work: _Mapping, unit: str) -> str:
    column = work.labels.get("unit_cost")
    if column is None:
        return ""
    heading = next(heading for heading in work.headings if heading.column == column)
    return heading.money or unit


# ---------------------------------------------------------------------------------------- what is missing


def _missing(work: _Mapping, keyed: Sequence[dict[str, str | int]]) -> list[str]:
    """The keys that neither a column nor every column of money tells."""
    missing = []
    for key in KEYS:
        if key in work.labels or (key == "region" and "code" in work.labels):
            continue
        if key in work.unclear or any(key in keys for keys in keyed):
            continue
        missing.append(key)
    return missing


def _incomplete(work: _Mapping, figures: Sequence[Figure], constants: Constants) -> None:
    """A column of money that does not say what others beside it say: its year, its fund."""
    details = [figure for figure in figures if figure.meaning == "amount" and not figure.total]
    for key in KEYS:
        told = [figure for figure in details if key in figure.keys]
        if not told or key in constants.values or key in work.labels:
            continue
        for figure in details:
            if key not in figure.keys:
                work.log.add(
                    "foreign-column-lacks",
                    work.place(figure.column),
                    figure.header,
                    meaning=vocabulary().said[key],
                    other=told[0].header,
                    ignore=f'--map "忽略={figure.header}"',
                )


def _not_understood(work: _Mapping, amounts: Sequence[Heading]) -> None:
    """A column among columns of money, under their heading or beside them, that nobody understands."""
    money = {heading.column for heading in amounts} if len(amounts) > 1 else set()
    for heading in work.headings:
        beside = heading.figures and not heading.unit and {heading.column - 1, heading.column + 1} & money
        money |= {heading.column} if heading.unknown and beside else set()
        if heading.unknown and (heading.grouped or beside) and heading.column not in work.used:
            work.log.add(
                "foreign-column-unknown",
                work.place(heading.column),
                heading.text,
                candidates=_funds(work),
                option=f'--map "{work.header.columns[heading.column][-1].text}=…"',
                ignore=f'--map "忽略={heading.text}"',
            )


def _funds(work: _Mapping) -> tuple[str, str]:
    """The funds of the case with their ids, as far as a sentence holds them."""
    ids = list(work.names.case.funds)
    titles = [work.names.title("fund", id) for id in ids[:12]]
    more = len(ids) - len(titles)
    zh, en = (f"、等 {len(ids)} 项", f", {more} more") if more else ("", "")
    return "、".join(titles) + zh, ", ".join(titles) + en


def _mapped(work: _Mapping, figures: Sequence[Figure], cost: str) -> list[MappedColumn]:
    columns: dict[int, MappedColumn] = {}
    for meaning, column in work.labels.items():
        unit = cost if meaning == "unit_cost" else ""
        columns.setdefault(
            column, MappedColumn(work.spot(column), work.header.written(column), meaning, unit)
        )
    for figure in figures:
        about = " ".join(f"{name}={value}" for name, value in figure.keys.items())
        meaning = ("total" if figure.total else figure.meaning) + (f" {about}" if about else "")
        unit = figure.money or figure.unit
        columns[figure.column] = MappedColumn(work.spot(figure.column), figure.header, meaning, unit)
    return [columns[column] for column in sorted(columns)]
