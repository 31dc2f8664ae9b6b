"""An allocation as pandas tables, for analysts who want to pivot, join and plot it themselves.

Money stays in whole fen (`int64`), so sums are exact; nothing in fenpei itself depends on these tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.allocation import Allocation
from models.case import Case

if TYPE_CHECKING:
    import pandas


def money_frame(case: Case, allocation: Allocation) -> pandas.DataFrame:
    """One row per payment: region, name, measure, fund, level, year, fen; in the order of the case's files.

    `frame.pivot_table(index="name", columns=["year", "fund"], values="fen", aggfunc="sum")` is the table that
    goes up the line.
    """
    import pandas

    keys = list(allocation.money)
    region, measure, fund = ([key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys])
    frame = pandas.DataFrame(
        {
            "region": pandas.Categorical(region, categories=list(case.regions.ids), ordered=True),
            "name": [case.regions[place].name for place in region],
            "measure": pandas.Categorical(measure, categories=list(case.measures), ordered=True),
            "fund": pandas.Categorical(fund, categories=list(case.funds), ordered=True),
            "level": [case.funds[payer].level.value for payer in fund],
            "year": pandas.array([year for *_, year in keys], dtype="int64"),
            "fen": pandas.array(list(allocation.money.values()), dtype="int64"),
        }
    )
    return frame.sort_values(["region", "measure", "fund", "year"], ignore_index=True)
