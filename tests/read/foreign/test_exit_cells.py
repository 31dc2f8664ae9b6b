"""Exits that a table declares keep the cell in which they stand."""

from __future__ import annotations

from pathlib import Path

from models.allocation import Item
from optimizer.read.foreign import read_submission
from tests.situations.small import small_case


def test_where_a_table_says_who_leaves(tmp_path: Path) -> None:
    case = small_case(
        years=(2017, 2018),
        tables={
            "regions": "p,某省,province,,,\na,甲县,county,p,,\nb,乙县,county,p,,",
            "stocks": "a,poor,30,\nb,poor,20,",
            "needs": "a,house,,5\nb,house,,5",
            "costs": "build,,,10000",
        },
        lists={
            "groups": "id: poor, title: 贫困人口, counts: persons",
            "needs": "id: house, title: 危房, unit: house, kind: backlog",
            "measures": "id: build, title: 危房改造, unit: house, meets: {house: 1}, payers: fund == fund",
            "funds": "id: fund, title: 中央专项, level: central, supply: open, pooled_at: province, "
            "cost_weight: 1",
        },
    )
    table = tmp_path / "t.csv"
    table.write_text(
        "年度,地区,项目,资金,金额(元),脱贫人数(人)\n2017,甲县,危房改造,中央专项,10000,12\n"
        "2018,甲县,危房改造,中央专项,10000,18\n2018,乙县,危房改造,中央专项,10000,\n",
        encoding="utf-8",
    )
    found = read_submission(table, case)
    assert Item.EXITS in found.allocation.covers
    assert found.allocation.exits == {("a", "poor", 2017): 12, ("a", "poor", 2018): 18}
    assert {place: [str(spot) for spot in spots] for place, spots in found.exit_cells.items()} == {
        ("a", 2017): ["t.csv:2:脱贫人数(人)"],
        ("a", 2018): ["t.csv:3:脱贫人数(人)"],
    }
