"""A payment ledger as one table of exact columns, with every row that could not be read and why.

`read_ledger` reads block by block. Rows = payments + unreadable rows + rows of totals (合计): nothing else
happens to a row. A cell beside the point (a received date, a contract's amount) that cannot be read is
reported as well, but its row stays.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from models.case import Case
from models.submission import Spot
from optimizer.execution import cells
from optimizer.execution.blocks import Block, open_source
from optimizer.execution.columns import LEDGER, Header
from optimizer.execution.names import Names, fund_names, measure_names, region_names
from optimizer.execution.refusal import refused

#: Bad rows of one kind that are kept with their place; all are counted.
KEPT = 1_000
_TOTALS = ("合计", "总计", "小计", "本页合计", "累计", "total", "grand total", "subtotal", "sum")
_TEXTS = ("project", "contract", "document", "period")
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class BadCell:
    """A cell that cannot be read (`field`, `text`), or a whole row (`field` is "row")."""

    line: int
    field: str
    text: str


@dataclass
class Bad:
    """Bad cells by field: the first KEPT of each and the number of all."""

    cells: dict[str, list[BadCell]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, lines: Sequence[int], texts: Sequence[str]) -> None:
        """Bad cells of one field."""
        self.counts[name] = self.counts.get(name, 0) + len(lines)
        kept = self.cells.setdefault(name, [])
        room = KEPT - len(kept)
        kept += [BadCell(*cell) for cell in zip(lines[:room], [name] * room, texts, strict=False)]


@dataclass(frozen=True)
class Ledger:
    """Payments by column.

    `table`: line u32; row u64, a fingerprint of the row's text; date; year i16; fen i64; region, fund and
    measure i32 (number of the thing in the case; negative: `names`' unknown texts); payee, project, contract,
    document, period (categories, null where empty); received, passed (dates); contract_fen i64; budget_year
    i32. Columns that the file does not have are null.
    """

    file: str
    header: Header
    table: pl.DataFrame
    rows: int
    """Rows of the file below the header, blank ones and those of totals apart."""
    totals: tuple[int, ...]
    """Lines of rows that print totals."""
    bad: Bad
    bad_rows: int
    """Rows that are no payment in `table` because the row, its date or its amount cannot be read."""
    regions: Names
    funds: Names
    measures: Names
    measured: bool
    """The file says which measure a payment is for."""

    def spot(self, line: int, name: str = "amount") -> Spot:
        """The cell of a field in a row."""
        written = self.header.written.get(name, "")
        if self.header.sheet is not None:
            return Spot(self.file, self.header.sheet, f"{_letters(self.header.columns.get(name, 0))}{line}")
        return Spot(self.file, None, f"{line}:{written}" if written else str(line))

    def has(self, *names: str) -> bool:
        """Whether the file has all these columns."""
        return self.header.has(*names)

    @property
    def amount(self) -> int:
        """The sum of all readable payments, fen."""
        return int(self.table["fen"].sum())

    def last_day(self, case: Case) -> datetime.date | None:
        """The last payment date within the years of the case, else the last of all."""
        days = self.table.select(
            pl.col("date")
            .filter(pl.col("year").is_between(case.first_year, case.last_year))
            .max()
            .alias("in"),
            pl.col("date").max().alias("any"),
        )
        within, last = days.row(0)
        found: datetime.date | None = within or last
        return found


@dataclass
class _Reading:
    """What reading has come to so far."""

    header: Header
    regions: Names
    funds: Names
    measures: Names
    types: dict[str, pl.Categorical]
    by_project: bool
    """There is no column of measures: a project that is called like a measure is one."""
    parts: list[pl.DataFrame] = field(default_factory=list)
    bad: Bad = field(default_factory=Bad)
    rows: int = 0
    bad_rows: int = 0
    totals: list[int] = field(default_factory=list)


def read_ledger(
    path: Path, case: Case, payees: pl.Categories | None = None, size: int | None = None
) -> Ledger:
    """The payments of a .csv, .csv.gz or .xlsx file. `payees`: the categories that its codes share.

    Raises LedgerErrors (a header or file that cannot be used), OSError.
    """
    source = open_source(path, LEDGER) if size is None else open_source(path, LEDGER, size)
    header = source.header
    reading = _Reading(
        header,
        region_names(case),
        fund_names(case),
        measure_names(case),
        {name: pl.Categorical(pl.Categories.random()) for name in _TEXTS}
        | {"payee": pl.Categorical(payees or pl.Categories.random())},
        "measure" not in header.columns,
    )
    for block in source.blocks:
        _take(reading, block)
    table = pl.concat(reading.parts) if reading.parts else _typed(reading, _nothing(header.width))
    _check_size(source.file, table)
    measured = not reading.by_project or bool((table["measure"] >= 0).any())
    return Ledger(
        source.file, header, table, reading.rows, tuple(reading.totals), reading.bad, reading.bad_rows,
        reading.regions, reading.funds, reading.measures, measured,
    )  # fmt: skip


def _nothing(width: int) -> Block:
    empty = pl.DataFrame(schema={str(at): pl.String() for at in range(width)})
    return Block(pl.Series("line", [], dtype=pl.UInt32), empty)


def _check_size(file: str, table: pl.DataFrame) -> None:
    """No sum of these amounts can leave 64 bits."""
    largest = int(table["fen"].abs().max() or 0)  # type: ignore[arg-type]
    if largest * len(table) > _LARGEST:
        raise refused(
            f"{file}: 最大的一笔是 {largest // 10**14:,} 万亿元，金额之大无法核对。请检查金额列及其单位。",
            f"{file}: the largest payment is {largest // 10**14:,} trillion yuan, too large to audit. "
            "Check the column of amounts and its unit.",
        )


def _take(reading: _Reading, block: Block) -> None:
    """Read one block into exact columns; its bad rows and cells go on the list."""
    reading.bad.add(
        "row",
        [one.line for one in block.uneven],
        ["" if one.cells is None else str(one.cells) for one in block.uneven],
    )
    reading.rows += len(block.uneven)
    reading.bad_rows += len(block.uneven)
    block = _without_totals(reading, block)
    reading.rows += len(block.lines)
    if len(block.lines):
        reading.parts.append(_typed(reading, block))


def _without_totals(reading: _Reading, block: Block) -> Block:
    """Rows that print totals: no date, and the first cell that is filled says so."""
    date = pl.col(str(reading.header.columns["date"])).str.strip_chars()
    first = pl.coalesce(
        pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)) for name in block.cells.columns
    )
    said = first.str.replace_all(r"\s|:|：", "").str.to_lowercase()
    word = pl.coalesce(date, pl.lit("")).str.replace_all(r"\s|:|：", "").str.to_lowercase()
    candidate = (date == "") | word.is_in(_TOTALS)
    if not block.cells.select(candidate.any()).item():
        return block
    total = block.cells.select(candidate & said.is_in(_TOTALS)).to_series().fill_null(False)
    if not total.any():
        return block
    reading.totals += block.lines.filter(total).to_list()
    return Block(block.lines.filter(~total), block.cells.filter(~total), block.uneven, block.bare)


def _typed(reading: _Reading, block: Block) -> pl.DataFrame:
    """The exact columns of a block; rows without a readable date and amount are left out and listed."""
    header = reading.header
    text = block.cells.select(pl.col(str(at)).alias(name) for name, at in header.columns.items())
    if not block.bare:
        text = cells.stripped(text)
    fingerprint = block.cells.select(pl.concat_str(pl.all(), separator="\x1f").hash().alias("row"))
    day = cells.dates(text["date"])
    none = pl.lit(None)
    exact = text.select(
        payee=cells.codes(pl.col("payee")).cast(reading.types["payee"]),
        budget_year=cells.years(pl.col("budget_year")) if header.has("budget_year") else none.cast(pl.Int32),
        **{name: _category(name, reading) for name in _TEXTS},
    ).with_columns(
        block.lines.alias("line"),
        fingerprint.to_series(),
        _fen(text, header, "amount").alias("fen"),
        _fen(text, header, "contract_amount").alias("contract_fen"),
        day.alias("date"),
        day.dt.year().cast(pl.Int16).alias("year"),
        *(_optional_dates(text, name) for name in ("received", "passed")),
        _numbers(text["region"], reading.regions).alias("region"),
        _numbers(text["fund"], reading.funds).alias("fund"),
        _numbers(text["project" if reading.by_project else "measure"], reading.measures).alias("measure"),
    )
    good = exact["date"].is_not_null() & exact["fen"].is_not_null()
    reading.bad_rows += len(good) - int(good.sum())
    _list_bad(reading, text, exact)
    return exact if good.all() else exact.filter(good)


def _fen(text: pl.DataFrame, header: Header, name: str) -> pl.Series:
    if name not in text.columns:
        return pl.Series([None], dtype=pl.Int64).new_from_index(0, len(text))
    return cells.fen(text[name], header.units[name])


def _category(name: str, reading: _Reading) -> pl.Expr:
    kind = reading.types[name]
    if name not in reading.header.columns:
        return pl.lit(None).cast(kind)
    return pl.when(pl.col(name) != "").then(pl.col(name)).cast(kind)


def _optional_dates(text: pl.DataFrame, name: str) -> pl.Series:
    if name not in text.columns:
        return pl.Series(name, [None], dtype=pl.Date).new_from_index(0, len(text))
    return cells.dates(text[name]).alias(name)


def _numbers(texts: pl.Series, names: Names) -> pl.Series:
    """The number of every text."""
    different = texts.unique()
    numbers = [names.number(text) for text in different]
    return texts.replace_strict(different, numbers, return_dtype=pl.Int32)


def _list_bad(reading: _Reading, text: pl.DataFrame, exact: pl.DataFrame) -> None:
    """The cells that hold something that cannot be read; of date, amount and payee the empty ones as well."""
    pairs = {"date": "date", "amount": "fen", "payee": "payee", "received": "received", "passed": "passed",
             "contract_amount": "contract_fen", "budget_year": "budget_year"}  # fmt: skip
    for name, column in pairs.items():
        if name not in text.columns or not exact[column].null_count():
            continue
        wrong = exact[column].is_null()
        if name not in ("date", "amount", "payee"):
            wrong &= text[name] != ""
        if wrong.any():
            lines, found = exact["line"].filter(wrong), text[name].filter(wrong)
            reading.bad.add(name, lines.to_list(), found.to_list())


def _letters(column: int) -> str:
    """Spreadsheet letters of a column number from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
