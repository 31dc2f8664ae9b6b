"""Somebody's table with planted faults, read and checked from the file to the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Fenpei

CLEAN = """\
年度,乡镇,项目,项目名称,资金来源,金额(元),数量(户),单价(元),收款单位
2018,东乡,危房改造,东乡一组危房,中央专项资金,60000,2,30000,甲建筑公司
2018,西乡,危房改造,西乡二组危房,中央专项资金,30000,1,30000,乙建筑公司
2018,西乡,危房改造,西乡三组危房,县财政资金,30000,1,30000,丙建筑公司
合计,,,,,120000,,,
"""
FAULTS = {
    "sum": ("合计,,,,,120000", "合计,,,,,120001", (None, 12_000_100, 12_000_000, "5:")),
    "negative_list": ("东乡一组危房", "乡政府办公楼", (2018, 6_000_000, 0, "2:")),
    "unit_cost": ("60000,2,30000,", "60000,2,30001,", (2018, 6_000_200, 6_000_000, "2:")),
    "funded_twice": (
        "西乡三组危房,县财政资金,30000,1,30000,丙", "西乡二组危房工程,县财政资金,30000,1,30000,乙",
        (2018, 6_000_000, 3_000_000, "3:"),
    ),
}  # fmt: skip


def named(fenpei: Fenpei, text: str, *options: str) -> tuple[int, list[dict[str, object]]]:
    """The exit code and the violated named checks of a table."""
    Path("table.csv").write_text(text, encoding="utf-8")
    said = fenpei("audit", "tiny", "table.csv", "--format", "json", "--quiet", *options)
    found = [f for f in said.object["findings"] if f["rule"].startswith("practice.")]
    return said.code, [f for f in found if f["state"] == "violated"]


def test_the_clean_table_has_nothing(fenpei: Fenpei) -> None:
    assert named(fenpei, CLEAN)[1] == []


@pytest.mark.parametrize("check", FAULTS)
def test_a_planted_fault_is_found_in_its_cell(fenpei: Fenpei, check: str) -> None:
    old, new, (year, left, right, line) = FAULTS[check]
    assert CLEAN.count(old) == 1
    code, found = named(fenpei, CLEAN.replace(old, new))
    assert code == 1
    assert [(f["rule"], f["year"], f["left"], f["right"]) for f in found] == [
        (f"practice.{check}", year, left, right)
    ]
    cells = found[0]["evidence"]
    assert isinstance(cells, list)
    assert cells[0]["file"] == "table.csv"
    assert cells[0]["cell"].startswith(line)


def test_a_waiver_for_one_cell(fenpei: Fenpei) -> None:
    old, new, _ = FAULTS["unit_cost"]
    row = "practice.unit_cost,东乡,2018,山区,纪要1号,2018-01-05,2:金额(元)"
    Path("w.csv").write_text(f"rule,region,year,reason,document,date,cell\n{row}\n", encoding="utf-8")
    _, found = named(fenpei, CLEAN.replace(old, new), "--waivers", "w.csv")
    assert [f["waiver"] for f in found] == [{"reason": "山区", "document": "纪要1号", "date": "2018-01-05"}]
