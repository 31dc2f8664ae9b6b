"""Reversals (冲销): which payment a negative row takes back."""

from __future__ import annotations

from collections import defaultdict

import polars as pl


def reversed_lines(table: pl.DataFrame) -> pl.Series:
    """The lines of payments that a later negative row undoes: same payee, place, fund, measure and size."""
    keys = ["payee", "region", "fund", "measure", "project"]
    columns = [*keys, pl.col("fen").abs().alias("size"), "fen", "date", "line"]
    negative = table.filter((pl.col("fen") < 0) & pl.col("payee").is_not_null())
    none = pl.Series("line", [], dtype=pl.UInt32)
    if not len(negative):
        return none
    undone = negative.select([*keys, pl.col("fen").abs().alias("size")]).unique()
    rows = (
        table.lazy()
        .filter(pl.col("payee").is_not_null())
        .select(columns)
        .join(undone.lazy(), on=[*keys, "size"], how="semi", nulls_equal=True)
        .sort("date", pl.col("fen") < 0, "line")
        .select(pl.struct([*keys, "size"]).rank("dense").alias("key"), "fen", "line")
    )
    standing: dict[int, list[int]] = defaultdict(list)
    taken = []
    for key, amount, line in rows.collect(engine="streaming").iter_rows():
        if amount > 0:
            standing[key].append(line)
        elif standing[key]:
            taken.append(standing[key].pop())
    return pl.Series("line", taken, dtype=pl.UInt32) if taken else none
