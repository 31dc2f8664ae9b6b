"""Rows by themselves: what cannot be read, what the case does not know, other years, the same row twice."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from models.catalogue import Check
from models.citation import Text
from models.money import spelled
from models.rules.tree import Comparison
from optimizer.execution.names import Names
from optimizer.execution.verdicts import LINES, MOST, Books, Hit, Result, Seen, collected, rows_text

_CAUSES = {
    "date": ("支付日期不是日期", "the date of payment is not a date"),
    "amount": ("金额不是至多精确到分的数字", "the amount is not a number of whole fen"),
    "payee": (
        "收款人代码是空的，或被改成了科学计数法、被星号遮盖",
        "the payee's code is empty, or spoilt by a spreadsheet or asterisks",
    ),
    "received": ("收到日期不是日期", "the received date is not a date"),
    "passed": ("下达日期不是日期", "the pass-down date is not a date"),
    "contract_amount": ("合同金额不是至多精确到分的数字", "the contract amount is not a number of whole fen"),
    "budget_year": ("预算年度不是年份", "the budget year is not a year"),
}
#: The rows of these fields are no payments: neither their year nor their amount is known.
_LOST = ("row", "date", "amount")


def unreadable(books: Books, check: Check) -> Result:
    """Every row with a cell that cannot be read, one finding for each cell; `left` is their number."""
    bad = books.ledger.bad
    root = books.case.regions.root
    hits = []
    for name in ("row", *_CAUSES):
        for cell in bad.cells.get(name, []):
            if name == "row":
                width = books.ledger.header.width
                about = (
                    Text(
                        zh=f"有 {cell.text} 列，表头有 {width} 列",
                        en=f"{cell.text} cells, the header has {width}",
                    )
                    if cell.text
                    else Text(zh="引号不成对", en="quotation marks do not match")
                )
            else:
                zh, en = _CAUSES[name]
                about = Text(zh=f"{zh}，现为「{_short(cell.text)}」", en=f"{en}, found {_short(cell.text)!r}")
            if name in _LOST:
                about = Text(
                    zh=f"{about.zh}，该行未计入任何核对", en=f"{about.en}; the row is in no other check"
                )
            hits.append(Hit(root, None, 1, 0, about, (cell.line,), 1, name, unit="row"))
    hits.sort(key=lambda hit: hit.lines[0])
    return Seen(hits, books.ledger.rows, sum(bad.counts.values()))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def unknown(books: Books, check: Check) -> Result:
    """Each text that no region, fund or measure of the case is called by, with what was paid under it."""
    ledger = books.ledger
    hits = [
        *_unknown(books, "region", ledger.regions, Text(zh="县(市、区)", en="county")),
        *_unknown(books, "fund", ledger.funds, Text(zh="资金来源", en="fund")),
    ]
    if ledger.measured:
        hits += _unknown(books, "measure", ledger.measures, Text(zh="措施", en="measure"))
    return Seen(hits, len(ledger.table))


def _unknown(books: Books, name: str, names: Names, kind: Text) -> Iterator[Hit]:
    if not names.unknown:
        return
    found = collected(
        books.table.filter(pl.col(name) < 0)
        .group_by(name)
        .agg(
            pl.col("fen").sum(), pl.len().alias("count"), pl.col("line").bottom_k(LINES).sort().alias("lines")
        )
        .sort(pl.col("lines").list.first())
    )
    cell = "project" if name == "measure" and not books.ledger.has("measure") else name
    for number, amount, count, lines in found.iter_rows():
        text = names.unknown[-number - 1]
        shown = text or "（空）"
        near = names.explained(text)
        yield Hit(
            region=books.case.regions.root,
            year=None,
            left=amount,
            right=0,
            about=Text(
                zh=f"案例没有{kind.zh}「{_short(shown)}」，{near.zh.rstrip('。')}{'，' if near.zh else ''}"
                f"涉及 {count:,} 行、{spelled(amount)} 元",
                en=f"the case has no {kind.en} {_short(text)!r}; {(near.en or '').strip()} "
                f"{rows_text(count)}, {spelled(amount)} yuan".replace(";  ", "; "),
            ),
            lines=lines,
            count=count,
            cell=cell,
        )


def outside_years(books: Books, check: Check) -> Result:
    """Payments dated before the first or after the last year, by year."""
    case = books.case
    found = collected(
        books.table.filter(~pl.col("year").is_between(case.first_year, case.last_year))
        .group_by("year")
        .agg(
            pl.col("fen").sum(), pl.len().alias("count"), pl.col("line").bottom_k(LINES).sort().alias("lines")
        )
        .sort("year")
    )
    hits = [
        Hit(
            region=case.regions.root,
            year=year,
            left=amount,
            right=0,
            about=Text(
                zh=f"{year} 年的支付 {count:,} 行、{spelled(amount)} 元，"
                f"案例年度是 {case.first_year}–{case.last_year}",
                en=f"{rows_text(count)} of {year}, {spelled(amount)} yuan; the case covers "
                f"{case.first_year} to {case.last_year}",
            ),
            lines=lines,
            count=count,
            cell="date",
        )
        for year, amount, count, lines in found.iter_rows()
    ]
    return Seen(hits, len(books.ledger.table))


def duplicate_row(books: Books, check: Check) -> Result:
    """Rows that repeat an earlier one cell for cell; the amount is that of the repetitions."""
    found = (
        books.copies.group_by("copy_of")
        .agg(
            pl.col("fen").first(),
            pl.col("region").first(),
            pl.col("date").first(),
            pl.len().alias("count"),
            pl.col("line").bottom_k(LINES).sort().alias("lines"),
        )
        .sort("copy_of")
    )
    total = found.select((pl.col("fen").abs() * pl.col("count")).sum()).item()
    hits = [
        Hit(
            region=books.region(region),
            year=date.year,
            left=abs(fen) * count,
            right=0,
            about=Text(
                zh=f"与第 {first} 行完全相同的另有 {count} 行，每行 {spelled(fen)} 元",
                en=f"{count} more row{'s' if count > 1 else ''} the same as line {first}, "
                f"{spelled(fen)} yuan each",
            ),
            lines=[first, *lines],
            count=count + 1,
        )
        for first, fen, region, date, count, lines in found.head(MOST).iter_rows()
    ]
    return Seen(hits, len(books.ledger.table), len(found), total)


def reversal(books: Books, check: Check) -> Result:
    """Payee, place, fund and measure (or project) for which reversals exceed payments."""
    keys = ["payee", "region", "fund", "measure", "project"]
    negative = books.ledger.table.filter(pl.col("fen") < 0)
    if not len(negative):
        return Seen((), len(books.ledger.table))
    touched = negative.select(keys).unique().lazy()
    found = collected(
        books.table.join(touched, on=keys, how="semi", nulls_equal=True)
        .group_by(keys)
        .agg(
            pl.col("fen").sum(),
            pl.col("line").filter(pl.col("fen") < 0).bottom_k(LINES).sort().alias("lines"),
            (pl.col("fen") < 0).sum().alias("count"),
        )
        .filter(pl.col("fen") < 0)
        .sort(pl.col("lines").list.first())
    )
    hits = [
        Hit(
            region=books.region(row["region"]),
            year=None,
            left=row["fen"],
            right=0,
            about=Text(
                zh=f"收款人 {row['payee'] or '（无代码）'} 在{books.region_name(row['region'])}"
                f"相抵后为 {spelled(row['fen'])} 元",
                en=f"payee {row['payee'] or '(no code)'} in {books.region_name(row['region'])} nets "
                f"{spelled(row['fen'])} yuan",
            ),
            lines=row["lines"],
            count=row["count"],
            compare=Comparison.AT_LEAST,
        )
        for row in found.head(MOST).iter_rows(named=True)
    ]
    return Seen(hits, len(negative), len(found), -int(found["fen"].sum()))
