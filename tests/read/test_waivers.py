"""Waiver files: both forms say the same, and every fault of a line is named with its place."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from models.catalogue import Waiving
from models.citation import Language
from optimizer.read import CaseErrors
from optimizer.read.catalogue import shipped
from optimizer.read.waivers import read_waivers
from tests.audit.practice_case import county_case

TODAY = datetime.date(2020, 6, 1)
CASE = county_case()
HEADER = "rule,region,year,reason,document,date,until,cell\n"
CSV = HEADER + (
    "practice.unit_cost,B,2018,山区运距远,县政府常务会议纪要[2018]5号,2018-03-01,2020-12-31,F8\n"
    "cost.*,A地,*,暂估,县财函[2018]2号,2018-04-02,,\n"
)
YAML = """\
waivers:
  - rule: practice.unit_cost
    region: B
    year: 2018
    reason: 山区运距远
    document: "县政府常务会议纪要[2018]5号"
    date: 2018-03-01
    until: 2020-12-31
    cell: F8
  - {rule: cost.*, region: A, year: "*", reason: 暂估, document: "县财函[2018]2号", date: 2018-04-02}
"""


def read(tmp_path: Path, name: str, text: str) -> tuple[Waiving, ...]:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return read_waivers(file, CASE, shipped(), TODAY)


def test_both_forms_say_the_same(tmp_path: Path) -> None:
    table, tree = read(tmp_path, "w.csv", CSV), read(tmp_path, "w.yaml", YAML)
    for one, other in zip(table, tree, strict=True):
        assert (one.rule, one.region, one.year, one.cell, one.waiver) == (
            *(other.rule, other.region, other.year, other.cell),
            other.waiver,
        )
    assert [str(line.spot) for line in table] == ["w.csv:2:rule", "w.csv:3:rule"]
    assert [str(line.spot) for line in tree] == ["w.yaml:2", "w.yaml:10"]
    assert table[1].year is None
    assert table[1].region == "A"
    assert table[0].waiver.date == datetime.date(2018, 3, 1)


def test_optional_columns_may_be_left_out(tmp_path: Path) -> None:
    text = "rule,region,year,reason,document,date\npractice.per_head,*,*,合并县,省厅批复,2019-01-01\n"
    [line] = read(tmp_path, "w.csv", text)
    assert (line.region, line.year, line.cell) == ("*", None, "")


BAD = [
    ("practice.sum,A,2018,r,d,2018-01-01,,", "rule", "waiver-never"),
    ("practice.*,A,2018,r,d,2018-01-01,,", "rule", "waiver-never"),
    ("*,A,2018,r,d,2018-01-01,,", "rule", "waiver-never"),
    ("known.money,A,2018,r,d,2018-01-01,,", "rule", "waiver-never"),
    ("*.cost,A,2018,r,d,2018-01-01,,", "rule", "waiver-rule"),
    (",A,2018,r,d,2018-01-01,,", "rule", "empty-cell"),
    ("cost.road,Z,2018,r,d,2018-01-01,,", "region", "unknown-id"),
    ("cost.road,,2018,r,d,2018-01-01,,", "region", "empty-cell"),
    ("cost.road,A,18,r,d,2018-01-01,,", "year", "waiver-year"),
    ("cost.road,A,,r,d,2018-01-01,,", "year", "empty-cell"),
    ("cost.road,A,2018,,d,2018-01-01,,", "reason", "empty-cell"),
    ("cost.road,A,2018,r,,2018-01-01,,", "document", "empty-cell"),
    ("cost.road,A,2018,r,d,,,", "date", "empty-cell"),
    ("cost.road,A,2018,r,d,2018/1/1,,", "date", "bad-date"),
    ("cost.road,A,2018,r,d,2018-02-30,,", "date", "bad-date"),
    ("cost.road,A,2018,r,d,2020-06-02,,", "date", "waiver-later"),
    ("cost.road,A,2018,r,d,2018-01-01,2020-05-31,", "until", "waiver-expired"),
]


@pytest.mark.parametrize(("row", "column", "code"), BAD, ids=[f"{row[2]}-{n}" for n, row in enumerate(BAD)])
def test_a_bad_line_is_named(row: str, column: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as raised:
        read(tmp_path, "w.csv", f"{HEADER}cost.road,A,2018,r,d,2018-01-01,,\n{row}\n")
    assert [(str(p.place), p.code) for p in raised.value.problems] == [(f"w.csv:3:{column}", code)]


def test_a_waiver_is_good_on_its_last_day_and_on_the_day_of_its_approval(tmp_path: Path) -> None:
    assert read(tmp_path, "w.csv", f"{HEADER}cost.road,A,2018,r,d,2020-06-01,2020-06-01,\n")


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        (YAML.replace("    reason: 山区运距远\n", ""), "w.yaml:2:5", "missing-field"),
        (YAML.replace("cell: F8", "cells: F8"), "w.yaml:9:5", "unknown-field"),
        (YAML.replace("until: 2020-12-31", "until: 2020-05-31"), "w.yaml:8:12", "waiver-expired"),
        (YAML.replace("practice.unit_cost", "practice.negative_list"), "w.yaml:2:11", "waiver-never"),
        (YAML.replace("region: B", "region: Z"), "w.yaml:3:13", "unknown-id"),
        ("waiver: []\n", "w.yaml:1:1", "unknown-field"),
    ],
)
def test_a_bad_item_is_named(text: str, place: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as raised:
        read(tmp_path, "w.yaml", text)
    first = raised.value.problems[0]
    assert (str(first.place), first.code) == (place, code)


def test_texts_in_full(tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as raised:
        read(tmp_path, "w.csv", f"{HEADER}practice.*,A,2018,r,d,2018-01-01,2019-01-01,\n")
    rule, until = raised.value.problems
    assert rule.said(Language.ZH) == (
        "w.csv:2:rule: 「practice.*」涉及 practice.sum，这类问题不得豁免。"
        "请删去这一行，或写明可以豁免的编号；问题本身须整改。"
    )
    assert until.said(Language.EN) == (
        "w.csv:2:until: this waiver ended on 2019-01-01 (today is 2020-06-01)."
        " Remove the line, or get a new approval."
    )


def test_what_is_no_waiver_file(tmp_path: Path) -> None:
    for name, code in (("none.yaml", "file-not-found"), ("w.txt", "waiver-type")):
        if code == "waiver-type":
            (tmp_path / name).write_text("x", encoding="utf-8")
        with pytest.raises(CaseErrors) as raised:
            read_waivers(tmp_path / name, CASE, shipped(), TODAY)
        assert [p.code for p in raised.value.problems] == [code]
