"""`fenpei explain` as a user calls it: exit codes, the contract's JSON, sentences in both languages."""

from __future__ import annotations

import csv
import io
import re

import pytest

from .conftest import Fenpei

#: The tiny case with too little money.
POOR = ("--set", "fund.county.amount=1万元", "--set", "fund.central.amount=0.1x")


def poor(fenpei: Fenpei, *words: str, lang: str = "en") -> tuple[int, str]:
    """What is said of the case with too little money."""
    said = fenpei("explain", "tiny", *POOR, "--quiet", "--lang", lang, *words)
    assert said.err == ""
    return said.code, said.out


def test_a_plan_has_prices_and_exit_code_0(fenpei: Fenpei) -> None:
    said = fenpei("explain", "tiny", "--format", "json", "--quiet")
    assert said.code == 0
    found = said.object
    assert found["status"] == "optimal"
    assert found["conflict"] is None
    assert found["repairs"] == []
    assert found["cost_fen"] == fenpei("plan", "tiny", "--format", "json", "--quiet").object["cost_fen"]
    assert found["prices"]
    for price in found["prices"]:
        assert {"id", "year", "price", "unit", "from", "to"} <= set(price)
        assert price["sentence"].endswith(".")


def test_no_plan_has_a_conflict_repairs_and_exit_code_3(fenpei: Fenpei) -> None:
    said = fenpei("explain", "tiny", *POOR, "--format", "json", "--quiet")
    assert said.code == 3
    found = said.object
    assert found["status"] == "infeasible"
    assert found["conflict"] == found["conflicts"][0]["ids"]
    assert found["conflicts"][0]["proven"]
    assert found["conflicts"][0]["irreducible"]
    assert "supply.county" in found["conflict"]
    assert found["prices"] == []
    assert found["repairs"]
    costs = [repair["cost_fen"] for repair in found["repairs"]]
    assert costs == sorted(costs)
    for repair in found["repairs"]:
        assert {"changes", "cost_fen", "set"} <= set(repair)
        for change in repair["changes"]:
            assert {"id", "from", "to", "unit"} <= set(change)
        words = [word for patch in repair["set"] for word in ("--set", patch)]
        plan = fenpei(
            "plan", "tiny", "--set", "fund.county.amount=1万元", *words, "--format", "json", "--quiet"
        )
        assert plan.code == 0
        assert plan.object["cost_fen"] == repair["cost_fen"]


def test_the_answer_is_sentences_with_figures_and_clauses(fenpei: Fenpei) -> None:
    code, english = poor(fenpei)
    assert code == 3
    assert "cannot hold together; without any one of them the others can" in english
    assert "[supply.county] county budget: the money there is" in english
    assert "Plan of Qingshan (made up)" in english
    command = (
        "    fenpei plan tiny --set 'fund.county.amount=1万元' --set fund.central.amount=0.1x \\\n    --set '"
    )
    assert command in english
    _, chinese = poor(fenpei, lang="zh")
    assert "不能同时成立" in chinese
    assert "[supply.county] 县财政资金：可用金额" in chinese
    assert "《青山县两年计划（虚构）》" in chinese
    assert re.search(r"办法 1：", chinese)
    assert "万元" in chinese


def test_what_is_kept_is_said_and_a_misspelt_id_is_refused(fenpei: Fenpei) -> None:
    code, text = poor(fenpei, "--keep", "county")
    assert code == 3
    assert "Left as they are" in text
    said = fenpei("explain", "tiny", "--keep", "cuonty", "--quiet")
    assert said.code == 2
    assert "cuonty" in said.err
    assert "central" in said.err


def test_a_region_by_id_or_by_name_and_one_that_is_not_there(fenpei: Fenpei) -> None:
    by_id = fenpei("explain", "tiny", "--region", "dong", "--quiet")
    by_name = fenpei("explain", "tiny", "--region", "东乡", "--quiet")
    known = fenpei("explain", "tiny", "--region", "nowhere", "--quiet")
    assert known.code == 2
    assert "nowhere" in known.err
    assert by_id.code == by_name.code == 0
    assert "东乡 gets" in by_id.out
    assert "东乡 gets" in by_name.out


@pytest.mark.parametrize("words", [(), POOR])
def test_csv_is_a_table(fenpei: Fenpei, words: tuple[str, ...]) -> None:
    said = fenpei("explain", "tiny", *words, "--format", "csv", "--quiet")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert rows
    assert {"id", "year", "from", "to", "unit"} <= set(rows[0])


def test_without_time_it_says_so(fenpei: Fenpei) -> None:
    said = fenpei("explain", "tiny", "--time-limit", "0", "--quiet")
    assert said.code == 4
    assert "nor was it proven" in said.out
