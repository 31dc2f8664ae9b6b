"""Exits against targets, on a made-up county of two townships (tests/cli/tiny) with its targets changed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from models.allocation import Allocation
from models.case import Case
from models.policy import Severity
from models.rules.tree import Comparison
from optimizer.audit import audit
from optimizer.present.exits import exits
from optimizer.present.titles import named
from optimizer.read import read_case

ALLOCATION = Allocation(
    exits={("dong", "poor", 2018): 6, ("dong", "poor", 2019): 3, ("xi", "poor", 2019): 6},
    returned={("dong", "poor", 2019): 1},
    leaves={("qingshan", "listed", 2019): 1},
)


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(Path(__file__).parents[1] / "cli" / "tiny")


def changed(case: Case, target: str, update: Mapping[str, Any]) -> Case:
    other = case.targets[target].model_copy(update=update)
    return case.model_copy(update={"targets": {**case.targets, target: other}})


def reached(case: Case, kind: str) -> list[tuple[int, int | None]]:
    found = exits(case, ALLOCATION, audit(case, ALLOCATION))
    return [(exit.reached, exit.target) for exit in found if exit.kind.value == kind]


def test_cumulative_exits_less_returns(case: Case) -> None:
    assert reached(case, "persons") == [(6, 5), (14, 15)]
    assert reached(case, "counties") == [(0, None), (1, 1)]
    assert reached(case, "villages") == []


def test_yearly_targets_are_added_up(case: Case) -> None:
    yearly = changed(case, "exit", {"cumulative": False, "amounts": {2018: 5, 2019: 10}})
    assert reached(yearly, "persons") == [(6, 5), (14, 15)]
    partly = changed(case, "exit", {"cumulative": False, "amounts": {2019: 10}})
    assert [target for _, target in reached(partly, "persons")] == [None, None]


def test_shares_are_of_the_stock_rounded_up(case: Case) -> None:
    shares = changed(case, "exit", {"amounts": {}, "shares": {2018: Fraction(1, 2)}})
    assert [target for _, target in reached(shares, "persons")] == [8, None]


@pytest.mark.parametrize(
    "update", [{"severity": Severity.ADVISORY}, {"compare": Comparison.AT_MOST}, {"groups": ()}]
)
def test_what_does_not_bind_everybody_is_no_target(case: Case, update: Mapping[str, Any]) -> None:
    assert [target for _, target in reached(changed(case, "exit", update), "persons")] == [None, None]


def test_a_listed_county_stays_asked_for(case: Case) -> None:
    earlier = changed(case, "county-out", {"amounts": {2018: 1}})
    assert reached(earlier, "counties") == [(0, 1), (1, 1)]


@pytest.mark.parametrize(
    ("rule", "zh"),
    [
        ("exit", "累计脱贫人数"),
        ("county-share", "县级投入不低于中央的一成"),
        ("county-share/central", "县级投入不低于中央的一成（中央专项资金）"),
        ("supply.central", "中央专项资金：可用金额"),
        ("holds.housing.poor", "危房：未解决者不得退出（贫困人口）"),
        ("leave.listed.people", "贫困县退出标准（退出比例）"),
        ("manifest", "文件与登记的哈希值一致"),
        ("nobody.knows", "nobody.knows"),
    ],
)
def test_every_id_has_a_title(case: Case, rule: str, zh: str) -> None:
    assert named(case, rule).title.zh == zh


def test_every_finding_of_a_plan_has_a_title(case: Case) -> None:
    for finding in audit(case, ALLOCATION).findings:
        assert named(case, finding.rule).title.zh != finding.rule
