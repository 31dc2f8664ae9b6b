"""Payments against the register: on it at all, within the dates, in the place, of a group the measure serves.

A payee with several spells is eligible on a day that lies in any of them; place and group count if any of the
payee's rows on the register fits.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from models.catalogue import Check
from models.citation import Citation, Language, Text
from models.money import spelled
from models.policy import Measure
from optimizer.execution.payees import kept, with_lines
from optimizer.execution.verdicts import (
    Books,
    Hit,
    Result,
    Seen,
    Undecided,
    collected,
    not_applicable,
    not_evaluated,
)

#: Payments that are joined with the register at a time.
_SLICE = 2_000_000


def _missing(books: Books) -> Undecided | None:
    if books.register is None:
        return not_evaluated("没有给出名册（--beneficiaries）", "no register was given (--beneficiaries)")
    return None


def not_registered(books: Books, check: Check) -> Result:
    """Payees without a row on the register."""
    if books.register is None:
        return not_evaluated("没有给出名册（--beneficiaries）", "no register was given (--beneficiaries)")
    numbers = {id: at for at, id in enumerate(books.ledger.measures.ids)}
    unless = [numbers[id] for id in check.words("unless") if id in numbers]
    rows = kept(books).filter(~pl.col("measure").is_in(unless)) if unless else kept(books)
    found = collected(
        rows.select("payee", "fen", "region", "year", "line").join(
            books.register.table.lazy().select("payee").unique(), on="payee", how="anti"
        )
    )
    text = Text(zh="不在名册上", en="is not on the register")
    looked = collected(rows.select(pl.len())).item()
    return _by_payee(books, found, text, looked)


def _by_payee(
    books: Books, rows: pl.DataFrame, text: Text, looked: int, citations: Mapping[int, Citation] | None = None
) -> Seen:
    """One hit per payee (and measure, where each has a citation of its own)."""
    keys = ["payee"] if citations is None else ["payee", "measure"]
    sums = rows.group_by(keys).agg(
        pl.col("fen").sum(), pl.len().alias("count"), pl.col("line").min().alias("first")
    )
    found = with_lines(rows.lazy(), sums, keys)
    hits = []
    for row in found.iter_rows(named=True):
        measure = None if citations is None else books.measure_title(row["measure"])
        for_zh = "" if measure is None else f"，措施「{measure.zh}」"
        for_en = "" if measure is None else f" for {measure.said(Language.EN)}"
        hits.append(
            Hit(
                region=books.region(row["region"]),
                year=row["year"],
                left=row["fen"],
                right=0,
                about=Text(
                    zh=f"收款人 {row['payee']} {text.zh}{for_zh}，"
                    f"支付 {row['count']} 笔、{spelled(row['fen'])} 元",
                    en=f"payee {row['payee']} {text.en}{for_en}; {row['count']} payment"
                    f"{'s' if row['count'] > 1 else ''}, {spelled(row['fen'])} yuan",
                ),
                lines=row["lines"],
                count=row["count"],
                citation=None if citations is None else citations.get(row["measure"]),
            )
        )
    return Seen(hits, looked, len(sums), int(sums["fen"].sum()))


def judged(books: Books) -> pl.DataFrame:
    """Payments that something about the register speaks against: `early`, `late`, `place`, `group` per row.

    Columns besides: line, payee, fen, region, year, measure. Payees who are not on the register are left out.
    """
    if "judged" not in books.memo:
        books.memo["judged"] = _judge(books)
    return books.memo["judged"]


def _judge(books: Books) -> pl.DataFrame:
    register = books.register
    if register is None:
        raise ValueError("there is no register")
    spells = register.table.select(
        "payee",
        pl.col("region").alias("home"),
        pl.col("group"),
        pl.col("eligible_from").alias("start"),
        pl.col("eligible_until").alias("end"),
    )
    places, groups = _places(books), _groups(books)
    rows = collected(kept(books).select("line", "payee", "date", "year", "fen", "region", "measure"))
    parts = [_judged(rows.slice(at, _SLICE), spells, places, groups) for at in range(0, len(rows), _SLICE)]
    return pl.concat(parts) if parts else _judged(rows, spells, places, groups)


def _judged(
    rows: pl.DataFrame, spells: pl.DataFrame, places: pl.DataFrame, groups: pl.DataFrame
) -> pl.DataFrame:
    before = pl.col("date") < pl.col("start")
    after = pl.col("date") > pl.col("end")
    joined = (
        rows.lazy()
        .join(spells.lazy(), on="payee")
        .join(places.lazy(), on=["region", "home"], how="left")
        .join(groups.lazy(), on=["measure", "group"], how="left")
        .join(
            groups.lazy().select("measure").unique().with_columns(serves=pl.lit(True)),
            on="measure",
            how="left",
        )
        .select(
            "line",
            (before.fill_null(False) | after.fill_null(False)).alias("out"),
            before.fill_null(False).alias("before"),
            (pl.col("home").is_null() | (pl.col("region") < 0) | pl.col("near").is_not_null()).alias("near"),
            (pl.col("group").is_null() | pl.col("serves").is_null() | pl.col("fits").is_not_null()).alias(
                "fits"
            ),
        )
        .group_by("line")
        .agg(pl.col("out").all(), pl.col("before").all(), pl.col("near").any(), pl.col("fits").any())
        .filter(pl.col("out") | ~pl.col("near") | ~pl.col("fits"))
        .select(
            "line",
            pl.col("before").alias("early"),
            (pl.col("out") & ~pl.col("before")).alias("late"),
            (~pl.col("near")).alias("place"),
            (~pl.col("fits")).alias("group"),
        )
    )
    return rows.join(collected(joined), on="line", how="inner")


def _places(books: Books) -> pl.DataFrame:
    """Every pair of regions of which one is the other or lies in it."""
    regions = books.case.regions
    numbers = {id: at for at, id in enumerate(regions.ids)}
    pairs = {
        pair
        for id in regions.ids
        for above in regions.ancestors(id)
        for pair in ((numbers[id], numbers[above]), (numbers[above], numbers[id]))
    }
    schema = {"region": pl.Int32, "home": pl.Int32}
    return pl.DataFrame(sorted(pairs), schema=schema, orient="row").with_columns(near=pl.lit(True))


def _groups(books: Books) -> pl.DataFrame:
    """The groups of each measure that serves some: measure, group."""
    groups = {id: at for at, id in enumerate(books.case.groups)}
    pairs = [
        (at, groups[group])
        for at, measure in enumerate(books.case.measures.values())
        for group in sorted(measure.serves)
    ]
    schema = {"measure": pl.Int32, "group": pl.Int32}
    return pl.DataFrame(pairs, schema=schema, orient="row").with_columns(fits=pl.lit(True))


def before_eligible(books: Books, check: Check) -> Result:
    """Payments before the first spell of the payee."""
    if (missing := _missing(books) or _undated(books)) is not None:
        return missing
    rows = judged(books).filter(pl.col("early"))
    return _by_payee(
        books, rows, Text(zh="在取得资格之前领款", en="was paid before being eligible"), _rows(books)
    )


def after_eligible(books: Books, check: Check) -> Result:
    """Payments after the last spell of the payee or between two."""
    if (missing := _missing(books) or _undated(books)) is not None:
        return missing
    rows = judged(books).filter(pl.col("late"))
    text = Text(
        zh="在资格终止之后（或两段资格之间）领款", en="was paid after (or between spells of) being eligible"
    )
    return _by_payee(books, rows, text, _rows(books))


def _undated(books: Books) -> Undecided | None:
    register = books.register
    if register is None or register.header.has("eligible_from") or register.header.has("eligible_until"):
        return None
    return not_evaluated("名册没有起止日期", "the register gives no dates")


def other_county(books: Books, check: Check) -> Result:
    """Payments in a place that the payee is not registered in."""
    if (missing := _missing(books)) is not None:
        return missing
    if books.register is not None and not books.register.header.has("region"):
        return not_evaluated("名册没有地区", "the register gives no county")
    rows = judged(books).filter(pl.col("place"))
    return _by_payee(
        books, rows, Text(zh="付款地区与名册不符", en="was paid in another county"), _rows(books)
    )


def other_group(books: Books, check: Check) -> Result:
    """Payments for a measure that does not serve the payee's group."""
    if (missing := _missing(books)) is not None:
        return missing
    if books.register is not None and not books.register.header.has("group"):
        return not_evaluated("名册没有人群", "the register gives no group")
    if not any(measure.serves for measure in books.case.measures.values()):
        return not_applicable(
            "案例没有只服务某些人群的措施", "no measure of the case serves certain groups only"
        )
    measures: list[Measure] = list(books.case.measures.values())
    citations = {at: measure.citation for at, measure in enumerate(measures)}
    rows = judged(books).filter(pl.col("group"))
    text = Text(zh="不属于该措施的服务人群", en="is not of a group served")
    return _by_payee(books, rows, text, _rows(books), citations)


def _rows(books: Books) -> int:
    if "kept" not in books.memo:
        books.memo["kept"] = collected(kept(books).select(pl.len()))
    return int(books.memo["kept"].item())
