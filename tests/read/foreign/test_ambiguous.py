# ruff: noqa: E501
"""What a table leaves open is an error that lists the candidates and names the option that settles it."""

from fractions import Fraction
from typing import Any

import pytest

from models.citation import Language
from tests.read.foreign.conftest import Tables

TWO_AMOUNTS = "年度,县,项目,资金来源,计划金额(万元),下达金额(万元)\n2017,甲县,光伏,中央专项,9,7\n"
KEY = ("a", "pv", "central", 2017)


def test_two_columns_of_money(tables: Tables) -> None:
    path = tables.csv(TWO_AMOUNTS)
    [problem] = tables.problems(path)
    assert problem.said(Language.ZH) == (
        "table.csv:1:计划金额(万元): 不止一列可以是「金额」：「计划金额(万元)」(table.csv:1:计划金额(万元))、"
        '「下达金额(万元)」(table.csv:1:下达金额(万元))。请指明用哪一列，如 --map "金额=计划金额(万元)"。'
    )
    assert problem.said(Language.EN) == (
        "table.csv:1:计划金额(万元): several columns could be the amount: '计划金额(万元)' (table.csv:1:计划金额(万元)),"
        " '下达金额(万元)' (table.csv:1:下达金额(万元)). Say which one, e.g. --map \"amount=计划金额(万元)\"."
    )


@pytest.mark.parametrize(
    ("option", "fen"),
    [("金额=下达金额(万元)", 7_000_000), ("金额=计划金额（万元）", 9_000_000), ("amount=F", 7_000_000), ("金额=e", 9_000_000),
     ("忽略=计划金额(万元)", 7_000_000)],
)  # fmt: skip
def test_an_option_settles_it(tables: Tables, option: str, fen: int) -> None:
    found = tables.read(tables.csv(TWO_AMOUNTS), option)
    assert found.allocation.money == {KEY: fen}
    assert len(found.ignored) == 1


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("年度,县,项目,资金来源,金额\n2017,甲县,光伏,中央专项,9\n", ["foreign-unit-missing"]),
        ("年度,县,项目,资金来源,单价(单位：元),金额\n2017,甲县,光伏,中央专项,1,9\n", ["foreign-unit-missing"]),
        ("年度,县,项目,资金来源,金额(美元)\n2017,甲县,光伏,中央专项,9\n", ["foreign-unit-missing"]),
        ("单位：万元,单位：元\n年度,县,项目,资金来源,金额\n2017,甲县,光伏,中央专项,9\n", ["foreign-units-differ"]),
        ("年度,县,项目,金额(元)\n2017,甲县,光伏,9\n", ["foreign-key-missing"]),
        ("县,项目,资金来源,金额(元)\n甲县,光伏,中央专项,9\n", ["foreign-key-missing"]),
        ("2017年安排、2018年执行\n县,项目,资金来源,金额(元)\n甲县,光伏,中央专项,9\n", ["foreign-key-several"]),
        ("年度,县区,地区,项目,资金来源,金额(元)\n2017,甲县,乙县,光伏,中央专项,9\n", ["foreign-column-ambiguous"]),
        ("年度,县,项目,资金来源,2017年(元),2018年(元)\n2017,甲县,光伏,中央专项,9,9\n", ["foreign-said-twice"] * 2),
        ("县,项目,资金来源,2017年(元),2017年度(元)\n甲县,光伏,中央专项,9,9\n", ["foreign-column-twice"]),
        ("年度,县,项目,资金来源(元),,\n,,,中央专项,县级,其他\n2017,甲县,光伏,9,8,7\n", ["foreign-column-unknown"]),
        ("年度,县,项目,合计(元),中央专项(元)\n2017,甲县,光伏,9,\n", ["foreign-only-total"]),
        ("年度,县,项目,资金来源\n2017,甲县,光伏,中央专项\n", ["foreign-column-missing"]),
    ],
)  # fmt: skip
def test_what_is_open_is_an_error(tables: Tables, text: str, codes: list[str]) -> None:
    problems = tables.problems(tables.csv(text))
    assert [problem.code for problem in problems] == codes
    assert all("--map" in problem.said(Language.EN) or "--unit" in problem.said(Language.EN) or problem.code in (
        "foreign-units-differ", "foreign-only-total") for problem in problems)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "maps", "unit"),
    [
        ("年度,县,项目,资金来源,金额\n2017,甲县,光伏,中央专项,9\n", (), "万元"),
        ("年度,县,项目,资金来源,金额\n2017,甲县,光伏,中央专项,9万元\n", (), None),
        ("年度,县,项目,金额(万元)\n2017,甲县,光伏,9\n", ("资金=central",), None),
        ("年度,县,项目,金额(万元)\n2017,甲县,光伏,9\n", ("fund=中央专项",), None),
        ("县,项目,资金来源,金额(万元)\n甲县,光伏,中央专项,9\n", ("年度=2017",), None),
        ("年度,项目,资金来源,金额(万元)\n2017,光伏,中央专项,9\n", ("地区=甲县",), None),
        ("年度,县,项目,扶贫款(万元)\n2017,甲县,光伏,9\n", ("金额=扶贫款(万元)", "资金=central"), None),
        ("年度,县,项目,资金来源(万元),\n,,,中央专项,其他\n2017,甲县,光伏,9,7\n", ("忽略=其他",), None),
        ("年度,县,项目,资金来源(万元),\n,,,国拨,县级\n2017,甲县,光伏,9,\n", ("国拨=central",), None),
        ("年度,县,项目,资金来源,金额(万元)\n2017,老甲,太阳能,国拨,9\n", ("老甲=a", "太阳能=pv", "国拨=central"), None),
        ("2017年安排、2018年执行\n县,项目,资金来源,金额(万元)\n甲县,光伏,中央专项,9\n", ("year=2017",), None),
    ],
)  # fmt: skip
def test_and_an_option_settles_each(
    tables: Tables, text: str, maps: tuple[str, ...], unit: str | None
) -> None:
    assert tables.read(tables.csv(text), *maps, unit=unit).allocation.money == {KEY: 9_000_000}


@pytest.mark.parametrize(
    ("maps", "unit", "codes"),
    [
        (("金额",), None, ["foreign-map-form"]),
        (("=x",), None, ["foreign-map-form"]),
        (("国拨=nobody",), None, ["foreign-map-unknown"]),
        (("某地=鼓楼区",), None, ["foreign-map-several"]),
        (("金额=没有这列",), None, ["foreign-map-header"]),
        (("年度=今年",), None, ["foreign-map-value"]),
        (("国拨=central",), None, ["foreign-map-unused"]),
        ((), "美元", ["foreign-unit-unknown"]),
        ((), "元", ["foreign-unit-conflict"]),
    ],
)  # fmt: skip
def test_options_that_make_no_sense(
    tables: Tables, maps: tuple[str, ...], unit: str | None, codes: list[str]
) -> None:
    path = tables.csv("单位：万元\n年度,县,项目,资金来源,金额\n2017,甲县,光伏,中央专项,9\n")
    assert [problem.code for problem in tables.problems(path, *maps, unit=unit)] == codes


def test_two_sheets_with_a_table_each(tables: Tables) -> None:
    rows: list[list[Any]] = [
        ["年度", "县", "项目", "资金来源", "金额(元)"],
        [2017, "甲县", "光伏", "中央专项", 9],
    ]

    def more(sheet: Any) -> None:
        other = sheet.parent.create_sheet("二月")
        for row in rows:
            other.append(row)
        sheet.parent.create_sheet("说明")["A1"] = "填报说明"

    path = tables.book(rows, change=more)
    [problem] = tables.problems(path)
    assert problem.said(Language.EN) == (
        'table.xlsx: 2 sheets read like an allocation: 分配表, 二月. Say which one with --sheet "分配表" (repeatable).'
    )
    assert tables.read(path, sheets=("二月",)).allocation.money == {KEY: 900}
    assert tables.read(path, sheets=("二月", "分配表")).allocation.money == {KEY: 1800}
    assert [problem.code for problem in tables.problems(path, sheets=("三月",))] == ["foreign-sheet-unknown"]
    assert [problem.code for problem in tables.problems(path, sheets=("说明",))] == ["foreign-no-header"]


def test_sums_of_nobody_knows_what_are_said_and_left_out(tables: Tables) -> None:
    found = tables.read(
        tables.csv(
            "年度,地区,项目,资金来源,金额(元)\n"
            "2017,甲县,光伏,中央专项,9\n"
            "2017,其中：到户,,,4\n"
            "2017,其中：中央专项,,,9\n"
            ",非贫困县小计,,,9\n"
            ",小计,,,9\n"
            ",本页合计,,,9\n"
            ",甲县小计,,,9\n"
        )
    )
    assert found.allocation.money == {KEY: 900}
    assert [(line.region, line.fund, line.year, line.spot.cell) for line in found.totals] == [
        (None, "central", 2017, "4:金额(元)"),
        ("a", None, None, "8:金额(元)"),
    ]
    assert [(note.spot.cell.split(":")[0], str(note.text.en)[:12]) for note in found.notes] == [
        ("3", "'其中：到户' repe"), ("5", "it does not "), ("6", "it does not "), ("7", "a page total"),
    ]  # fmt: skip


def test_quantities_that_may_be_the_same_units_are_not_added(tables: Tables) -> None:
    found = tables.read(
        tables.csv(
            "年度,县,项目,项目名称,资金来源,金额(元),数量(户)\n"
            "2017,甲县,危房改造,张村,中央专项,9,3\n2017,甲县,危房改造,张村,县级,9,3\n"
        )
    )
    assert found.allocation.units == {}
    assert [line.quantity for line in found.details] == [3, 3]
    assert "the same units (see table.csv:2:金额(元))" in str(found.notes[-1].text.en)


def test_a_quantity_without_a_unit_is_left_out(tables: Tables) -> None:
    found = tables.read(tables.csv("年度,县,项目,资金来源,金额(元),数量\n2017,甲县,危房改造,中央专项,9,3\n"))
    assert (found.allocation.units, found.details[0].quantity) == ({}, None)
    assert "'数量' does not state its unit" in str(found.notes[-1].text.en)


def test_money_for_one_of_something_is_no_amount(tables: Tables) -> None:
    found = tables.read(
        tables.csv("年度,县,项目,资金来源,补助金额(元/户),金额(元)\n2017,甲县,危房改造,中央专项,20000,9\n")
    )
    assert [(line.amount, line.unit_cost) for line in found.details] == [(900, Fraction(2_000_000))]
    path = tables.csv("年度,县,项目,资金来源,补助金额(元/户)\n2017,甲县,危房改造,中央专项,20000\n")
    assert [problem.code for problem in tables.problems(path)] == ["foreign-column-missing"]


def test_a_level_that_contradicts_the_name_of_the_fund_is_said(tables: Tables) -> None:
    found = tables.read(
        tables.csv(
            "年度,县,项目,资金级次,资金名称,金额(元)\n2017,甲县,光伏,县级,中央专项,9\n2017,甲县,光伏,中央,中央专项,1\n"
        )
    )
    assert found.allocation.money == {KEY: 1000}
    assert [(note.spot.cell, str(note.text.en)[:8]) for note in found.notes] == [
        ("2:资金名称", "'中央专项' i")
    ]
