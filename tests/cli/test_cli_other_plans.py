"""`plan --prefer`, `plan --alternatives` and `replan` as a user calls them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
from frictionless import validate

from .conftest import Fenpei


def test_alternatives_are_written_and_can_be_audited(fenpei: Fenpei) -> None:
    said = fenpei(
        "plan", "tiny", "--alternatives", "1", "--within", "10%", "--level", "township", "--out", "p",
        "--format", "json", "--quiet",
    )  # fmt: skip
    assert said.code == 0, said.err
    found = said.object
    assert [r["region"] for r in found["ranges"]]
    for one in found["ranges"]:
        assert one["least_fen"] <= one["now_fen"] <= one["most_fen"]
    for number, other in enumerate(found["alternatives"], start=1):
        assert other["cost_fen"] <= found["cost_fen"] * 11 // 10
        assert fenpei("audit", "tiny", f"p/alternative-{number}.csv").code == 0
    recorded = json.loads(Path("p/manifest.json").read_text())["files"]
    assert {"alternatives.csv", "ranges.csv"} <= set(recorded)
    assert fenpei("audit", "tiny", "p").code == 0
    package = json.loads(Path("p/datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {
        p.name for p in Path("p").glob("*.csv")
    }
    assert validate("p/datapackage.json").flatten(["name", "rowNumber", "fieldName", "note"]) == []
    sheets = openpyxl.load_workbook("p/plan.xlsx", data_only=True)
    ranges = {row[0]: row[1:4] for row in sheets["Ranges by region"].iter_rows(values_only=True)}
    for one in found["ranges"]:
        assert ranges[one["name"]] == tuple(one[key] / 100 for key in ("least_fen", "now_fen", "most_fen"))
    assert sheets["Ranges by region"]["C4"].value == found["cost_fen"] / 100
    assert "What each region could get" in Path("p/report.html").read_text(encoding="utf-8")
    page = Path("p/README.txt").read_text(encoding="utf-8")
    assert [path.name for path in Path("p").glob("*.csv") if path.name not in page] == []


def test_an_even_plan_says_what_it_reached(fenpei: Fenpei) -> None:
    said = fenpei("plan", "tiny", "--prefer", "even", "--level", "township", "--out", "p", "--format", "json")
    assert said.code == 0, said.err
    wish = said.object["preference"]
    assert wish["prefer"] == "even"
    assert float(eval_fen(wish["reached_fen"])) <= float(eval_fen(wish["without_fen"]))
    chinese = fenpei("plan", "tiny", "--prefer", "even", "--level", "township", "--out", "p", "--lang", "zh")
    assert "人均资金最高与最低相差" in chinese.out


def eval_fen(value: int | str) -> float:
    top, _, bottom = str(value).partition("/")
    return int(top) / int(bottom or 1)


def test_stable_needs_a_plan_and_stays_where_it_is(fenpei: Fenpei) -> None:
    assert fenpei("plan", "tiny", "--prefer", "stable").code == 2
    assert fenpei("plan", "tiny", "--out", "p", "--quiet").code == 0
    said = fenpei("plan", "tiny", "--prefer", "stable", "--against", "p", "--out", "q", "--format", "json")
    assert said.object["preference"]["reached_fen"] == 0
    assert Path("p/allocation.csv").read_text() == Path("q/allocation.csv").read_text()


def test_replan_keeps_the_past_and_says_what_changes(fenpei: Fenpei) -> None:
    assert fenpei("plan", "tiny", "--out", "p", "--quiet").code == 0
    said = fenpei("replan", "tiny", "--executed", "p", "--from", "2019", "--plan", "p", "--format", "json")
    assert said.code == 0, said.err
    assert said.object["status"] == "optimal"
    assert said.object["changes"]["cost_difference_fen"] == 0
    rows, again = (
        list(csv.DictReader(io.StringIO(Path(folder, "allocation.csv").read_text(encoding="utf-8-sig"))))
        for folder in ("p", said.object["out"])
    )
    assert [r for r in again if r["year"] == "2018"] == [r for r in rows if r["year"] == "2018"]


def test_a_table_that_leaves_out_where_money_came_from_is_worked_out_and_a_debt_is_named(
    fenpei: Fenpei,
) -> None:
    # 25 万元 of the central fund were paid in 2018, 20 were there: 2019 pays 5 back.
    fenpei("plan", "tiny", "--out", "p", "--quiet")
    Path("happened.csv").write_text(
        "item,region,measure,fund,group,year,amount,unit\n"
        "money,dong,house,county,,2018,90000,元\nmoney,xi,house,central,,2018,250000,元\n"
        "units,dong,house,,,2018,3,户\nunits,xi,house,,,2018,2,户\nexits,dong,,,poor,2018,5,人\n"
    )
    said = fenpei("replan", "tiny", "--executed", "happened.csv", "--from", "2019", "--lang", "zh")
    assert said.code == 0, said.err
    assert "青山县的中央专项资金此前超支 5.00 万元，由以后年度的资金弥补" in said.out + said.err
    assert "account.central" not in said.out
    folder = next(Path("outputs").glob("*-replan-*"))
    lines = (folder / "allocation.csv").read_text(encoding="utf-8-sig")
    assert "brought,qingshan,,central,,2018,200000.00,元" in lines
    assert "carried,qingshan,,central,,2018,-50000.00,元" in lines


def test_replan_refuses_a_year_outside_the_case_and_a_table_of_money_alone(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--out", "p", "--quiet")
    late = fenpei("replan", "tiny", "--executed", "p", "--from", "2030")
    assert late.code == 2
    assert "2030" in late.err
    lines = Path("p/allocation.csv").read_text(encoding="utf-8-sig").splitlines()
    money = [line for line in lines if line.startswith(("item,", "money,"))]
    Path("money.csv").write_text("\n".join(money) + "\n")
    short = fenpei("replan", "tiny", "--executed", "money.csv", "--from", "2019", "--lang", "zh")
    assert short.code == 2
    assert "exits" in short.err
    assert not Path("outputs").exists()


def test_protection_says_what_it_rests_on_and_what_it_costs(fenpei: Fenpei) -> None:
    refused = fenpei("plan", "tiny", "--protect", "90%")
    assert refused.code == 2
    assert "uncertainty.yaml" in refused.err
    Path("tiny/uncertainty.yaml").write_text(
        "uncertain:\n  - {id: price, title: p, path: measure.house.cost, low: 90%, high: 110%, "
        "citation: {document: plan, section: 一, basis: illustrative}}\n",
        encoding="utf-8",
    )
    said = fenpei("plan", "tiny", "--protect", "90%", "--format", "json", "--quiet")
    assert said.code == 0, said.err
    shield = said.object["protection"]
    assert shield["budgets"] == {"1": 1.0}
    # The central fund of 200,000 元 a year may pay 181,818.18, so that a tenth more would do; 5 houses
    # at 30,000 元 fit in that, so protection costs nothing.
    assert shield["cost_fen"] == shield["unprotected_cost_fen"] == 15_000_000


def test_a_range_that_is_none_is_refused_with_its_place(fenpei: Fenpei) -> None:
    Path("tiny/uncertainty.yaml").write_text(
        "uncertain:\n  - {id: price, title: p, path: measure.hause.cost, low: 110%, high: 90%, "
        "citation: {document: plan, section: 一, basis: illustrative}}\n",
        encoding="utf-8",
    )
    said = fenpei("check", "tiny")
    assert said.code == 2
    assert said.err.count("uncertainty.yaml:2") == 2
    assert "house" in said.err


def test_options_that_do_nothing_are_refused(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--out", "p", "--quiet")
    for words in (
        ("--within", "1%"),
        ("--against", "p"),
        ("--prefer", "even", "--against", "p"),
        ("--prefer", "even", "--level", "county"),  # one county: nothing to be even between
        ("--prefer", "even", "--within=-1%"),
        ("--alternatives", "1", "--level", "village"),  # there are townships and no villages
        ("--protect", "150%"),
        ("--protect", "0%"),
    ):
        said = fenpei("plan", "tiny", "--out", "q", *words)
        assert said.code == 2, words
        assert not Path("q").exists()
    assert fenpei("replan", "tiny", "--executed", "p", "--from", "2019", "--within=-1%").code == 2


def test_without_a_plan_nothing_is_said_of_other_plans(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--out", "p", "--quiet")
    impossible = ("--set", "fund.central.amount=0万元", "--set", "fund.county.amount=1万元", "--quiet")
    for words in (("--alternatives", "1"), ("--prefer", "stable", "--against", "p")):
        said = fenpei("plan", "tiny", *words, *impossible)
        assert said.code == 3
        assert "was found" not in said.out  # neither "no further plan" nor "in time": there is none at all


def test_replan_tells_what_happened_from_what_comes_of_it(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--out", "p", "--quiet")
    words = ("replan", "tiny", "--executed", "p", "--from", "2019", "--quiet")
    found = fenpei(*words, "--plan", "p", "--format", "json").object
    assert {line["id"]: line["difference"] for line in found["difference"]} == dict.fromkeys(
        ("spent_before", "out_before", "carried_in", "spent_after", "out_after", "spent"), 0
    )
    wish = found["preference"]
    assert (wish["reached_fen"], wish["people_apart"], wish["other_fund_fen"]) == (0, 0, 0)
    kept = json.loads(Path(found["out"], "plan.json").read_text(encoding="utf-8"))
    assert {key: kept[key] for key in ("preference", "difference", "changes")} == {
        key: found[key] for key in ("preference", "difference", "changes")
    }
    sheet = openpyxl.load_workbook(Path(found["out"], "plan.xlsx"))["Against the old plan"]
    assert sheet["A4"].value == "Public money before 2019, which is history"
    assert "5. Against the old plan" in Path(found["out"], "report.html").read_text(encoding="utf-8")
    chinese = fenpei(*words, "--plan", "p", "--lang", "zh").out
    assert "与原方案的差别从何而来：2019年以前已发生的，和此后重新编制的" in chinese
    assert "执行表中 2019 年及以后的" in chinese
    assert "没有用 --plan 指出原方案" in fenpei(*words, "--lang", "zh").out
