"""Who was paid: the same beneficiary twice, or by two measures that exclude each other.

What counts is what a payee kept: a reversal takes back the latest payment of its amount, a row that is there
twice counts once (it is a finding of its own), and rows with a contract number are instalments to a firm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from models.catalogue import Check
from models.citation import Language, Text
from models.money import spelled
from models.policy import Exclusion, NeedKind
from optimizer.execution import verdicts
from optimizer.execution.verdicts import (
    LINES,
    Books,
    Hit,
    Result,
    Seen,
    collected,
    not_applicable,
    not_evaluated,
)

_DIVISORS = {"day": 1, "month": 100, "year": 10_000}


def kept(books: Books) -> pl.LazyFrame:
    """Payments to beneficiaries that they kept, as the module says."""
    rows = books.table.filter(
        (pl.col("fen") > 0) & pl.col("payee").is_not_null() & pl.col("contract").is_null()
    )
    gone = pl.concat([books.copies["line"], books.reversed_lines])
    if len(gone):
        rows = rows.join(gone.to_frame().lazy(), on="line", how="anti")
    return rows


def twice(books: Books, check: Check) -> Result:
    """Payee, measure and period with more than one payment kept; the amount is what exceeds the largest."""
    rows = _looked_at(books, check)
    numbers = {id: at for at, id in enumerate(books.ledger.measures.ids)}
    date = pl.col("date").dt
    day = date.year().cast(pl.Int32) * 10_000 + date.month().cast(pl.Int32) * 100 + date.day()
    period = day // 10_000
    for word, measures in check.headings("periods").items():
        wanted = [numbers[id] for id in measures if id in numbers]
        period = (
            pl.when(pl.col("measure").is_in(wanted)).then(day // _DIVISORS.get(word, 1)).otherwise(period)
        )
    period = pl.when(pl.col("period").is_null()).then(period)
    keys = ["payee", "measure", "period", "span"]
    spans = rows.select("payee", "measure", "period", period.alias("span"), "fen", "region", "year", "line")
    sums = collected(
        spans.group_by(keys)
        .agg(
            pl.len().alias("count"),
            pl.col("fen").sum().alias("paid"),
            pl.col("fen").max().alias("once"),
            pl.col("line").min().alias("first"),
        )
        .filter(pl.col("count") > 1)
    )
    found = with_lines(spans, sums, keys)
    hits = [_twice(books, row) for row in found.iter_rows(named=True)]
    return Seen(hits, _count(rows), len(sums), int((sums["paid"] - sums["once"]).sum()))


def _count(rows: pl.LazyFrame) -> int:
    return int(collected(rows.select(pl.len())).item())


def with_lines(rows: pl.LazyFrame, sums: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The MOST sums that come first in the ledger (`first`), with their lines, region and first year."""
    top = sums.bottom_k(verdicts.MOST, by="first")
    details = collected(
        rows.join(top.lazy().select(keys), on=keys, how="semi", nulls_equal=True)
        .group_by(keys)
        .agg(
            pl.col("region").sort_by("line").first(),
            pl.col("year").min(),
            pl.col("line").bottom_k(LINES).sort().alias("lines"),
        )
    )
    return top.join(details, on=keys, nulls_equal=True).sort("first")


def _twice(books: Books, row: Mapping[str, Any]) -> Hit:
    measure = books.measure_title(row["measure"])
    paid, once, count = row["paid"], row["once"], row["count"]
    span = row["period"] or row["span"]
    return Hit(
        region=books.region(row["region"]),
        year=row["year"],
        left=paid,
        right=once,
        about=Text(
            zh=f"收款人 {row['payee']} 在 {span} 期间因「{measure.zh}」领了 {count} 次，"
            f"共 {spelled(paid)} 元，多领 {spelled(paid - once)} 元",
            en=f"payee {row['payee']} was paid {count} times for {measure.said(Language.EN)} in {span}, "
            f"{spelled(paid)} yuan in all, {spelled(paid - once)} too much",
        ),
        lines=row["lines"],
        count=count,
    )


def _looked_at(books: Books, check: Check) -> pl.LazyFrame:
    """Kept payments, without the measures that the check leaves out."""
    numbers = {id: at for at, id in enumerate(books.ledger.measures.ids)}
    unless = [numbers[id] for id in check.words("unless") if id in numbers]
    rows = kept(books)
    return rows.filter(~pl.col("measure").is_in(unless)) if unless else rows


def exclusive(books: Books, check: Check) -> Result:
    """For every exclusion of the case, payees that kept money of two of its measures."""
    if not books.case.exclusions:
        return not_applicable("案例没有互斥的措施", "the case has no exclusive measures")
    if not books.ledger.measured:
        return not_evaluated("台账没有写明措施", "the ledger does not say which measure")
    hits: list[Hit] = []
    looked = 0
    for exclusion in books.case.exclusions.values():
        made, rows = _exclusive(books, exclusion)
        hits += made
        looked += rows
    return Seen(hits, looked)


def _exclusive(books: Books, exclusion: Exclusion) -> tuple[list[Hit], int]:
    numbers = {id: at for at, id in enumerate(books.ledger.measures.ids)}
    measures = [numbers[id] for id in exclusion.measures]
    need = books.case.needs.get(exclusion.need or "")
    yearly = need is not None and need.kind is NeedKind.ENTITLEMENT
    keys = ["payee", "year"] if yearly else ["payee"]
    rows = collected(
        kept(books)
        .filter(pl.col("measure").is_in(measures))
        .select("payee", "measure", "year", "fen", "region", "line")
    )
    both = (
        rows.group_by(keys).agg(pl.col("measure").n_unique().alias("n")).filter(pl.col("n") > 1).select(keys)
    )
    found = (
        rows.join(both, on=keys, how="semi")
        .group_by([*keys, "measure"])
        .agg(
            pl.col("fen").sum(),
            pl.col("line").sort(),
            pl.col("region").first(),
            pl.col("year").min().alias("from"),
        )
        .group_by(keys)
        .agg(
            pl.col("fen").sum().alias("paid"),
            pl.col("fen").max().alias("once"),
            pl.col("measure").sort(),
            pl.col("line").explode().sort(),
            pl.col("region").first(),
            pl.col("from").min(),
        )
        .sort(pl.col("line").list.first())
    )
    return list(_exclusive_hits(books, exclusion, found)), len(rows)


def _exclusive_hits(books: Books, exclusion: Exclusion, found: pl.DataFrame) -> Iterator[Hit]:
    for row in found.iter_rows(named=True):
        titles = [books.measure_title(number) for number in row["measure"]]
        zh, en = "、".join(t.zh for t in titles), " and ".join(t.said(Language.EN) for t in titles)
        yield Hit(
            region=books.region(row["region"]),
            year=row["from"],
            left=row["paid"],
            right=row["once"],
            about=Text(
                zh=f"收款人 {row['payee']} 同时领了「{zh}」，"
                f"共 {spelled(row['paid'])} 元（{exclusion.title.zh}）",
                en=f"payee {row['payee']} was paid for both {en}, {spelled(row['paid'])} yuan in all "
                f"({exclusion.title.said(Language.EN)})",
            ),
            lines=row["line"],
            count=len(row["line"]),
            citation=exclusion.citation,
        )
