"""Conflicts planted in the real inputs are named and repaired."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.case import Case
from models.plan import Status
from optimizer.read import read_case
from optimizer.study.explain.explain import ExplainOptions, explain
from tests.bench.planted import plants, tried
from tests.study.conflict_checks import INPUTS, contradicted, holds

PAIR = {"planted-least", "planted-most"}
OUT = "out(group.counts == persons)", "stock(group.counts == persons)"


def with_two_rules(folder: Path, name: str, year: int, least: str, most: str) -> Case:
    """The input with two rules that contradict each other: so many out at least, and at most fewer."""
    of, all = OUT
    return contradicted(folder, name, year, of, f"{least} * {all}", f"{most} * {all}")


def named_and_repaired(case: Case, ids: set[str], **options: Any) -> None:
    """The planted statements are named, each member is needed, and the cheapest repair holds."""
    found = explain(case, replace(ExplainOptions(), **options))
    assert found.plan.status is Status.INFEASIBLE
    assert any(ids <= set(conflict.ids) for conflict in found.conflicts), found.conflicts
    assert all(conflict.irreducible for conflict in found.conflicts)
    assert found.repairs
    holds(case, found.repairs[0])


@pytest.mark.parametrize(
    ("patch", "ids"),
    [
        pytest.param("target.exit[2016].amount=5500", {"exit"}, id="a target moved forward"),
        pytest.param(
            "fund.county.amount=1000万元", {"supply.county", "asset-match-year"}, id="too little money"
        ),
    ],
)
def test_planted_in_ruyuan(patch: str, ids: set[str]) -> None:
    named_and_repaired(read_case(INPUTS / "ruyuan", [patch]), ids, most=2)


def test_two_rules_planted_in_ruyuan(tmp_path: Path) -> None:
    named_and_repaired(with_two_rules(tmp_path, "ruyuan", 2017, "85%", "80%"), PAIR, most=2)


def test_a_target_planted_in_anhui() -> None:
    case = read_case(INPUTS / "anhui", ["target.persons-out[2017].amount=1300000"])
    named_and_repaired(case, {"persons-out", "task-by-county"}, most=1)


SOAK = [
    ("anhui", ["fund.microcredit.amount=0.5x"], {"supply.microcredit", "loans-80"}),
    ("henan", ["target.persons-out[2018].amount=2214000"], {"persons-out"}),
    ("henan", ["fund.school_fund.amount=0.5x"], {"supply.school_fund"}),
    ("yantai", ["fund.universal.amount=0.5x"], {"supply.universal"}),
    ("hubei", ["fund.prov_special.amount=0.5x"], {"supply.prov_special", "increment-province"}),
]


@pytest.mark.soak
@pytest.mark.parametrize("name", ["ruyuan", "anhui"])
def test_everything_planted_is_named_and_helped(name: str) -> None:
    infeasible = 0
    for plant in plants(read_case(INPUTS / name)):
        found = tried(name, plant, time_limit=None)
        if found is not None and found.status is Status.INFEASIBLE:
            infeasible += 1
            assert not found.faults, (plant.text, found)
    assert infeasible >= 5


@pytest.mark.soak
@pytest.mark.parametrize(("name", "patches", "ids"), SOAK)
def test_planted_in_the_other_inputs(name: str, patches: list[str], ids: set[str]) -> None:
    named_and_repaired(read_case(INPUTS / name, patches), ids, most=2)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("name", "year", "least", "most"),
    [("anhui", 2018, "85%", "80%"), ("henan", 2019, "92%", "90%"), ("hubei", 2017, "82%", "80%")],
)
def test_two_rules_planted_in_the_other_inputs(
    tmp_path: Path, name: str, year: int, least: str, most: str
) -> None:
    named_and_repaired(with_two_rules(tmp_path, name, year, least, most), PAIR, most=2)
