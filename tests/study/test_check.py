"""The checks as a whole: a clean case is clean, what was checked is said, lawful cases are never refused."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from models.case import Case, Supplied
from models.citation import Language
from models.finding import State
from models.policy import Severity
from optimizer.program import build
from optimizer.read import read_folder
from optimizer.solve import Options, Stop, solve
from optimizer.study.check import check_case
from tests.audit.case_builder import small_case
from tests.bench.province import write_province
from tests.situations.random_case import write_random_case
from tests.study.check_builder import advice, hard, valley

#: What makes a random case tighter: (money, capacities and limits, gaps, needs) times so much.
TIGHTER = ((1, 1, 1, 1), (Fraction(1, 4), 1, 1, 1), (1, Fraction(1, 4), 1, 1), (1, 1, 2, 1), (1, 1, 1, 3))


def test_a_clean_case_is_clean() -> None:
    audit = check_case(valley())
    assert audit.clean
    assert hard(audit) == set()
    assert advice(audit) == set()
    assert audit.count(State.NOT_EVALUATED) == 0


def test_a_case_with_every_family_is_not_called_impossible() -> None:
    assert hard(check_case(small_case())) == set()


def test_what_was_checked_is_said_once_in_both_languages() -> None:
    audit = check_case(valley())
    triples = Counter((f.rule, f.region, f.year) for f in audit.findings)
    assert [triple for triple, times in triples.items() if times > 1] == []
    assert all(f.rule.startswith("check.") for f in audit.findings)
    for finding in audit.findings:
        assert finding.message.zh
        assert finding.message.said(Language.EN) != finding.message.zh or finding.message.zh.isascii()


def test_the_same_case_gives_the_same_findings() -> None:
    assert check_case(small_case()) == check_case(small_case())


def test_a_village_province_takes_seconds(tmp_path: Path) -> None:
    write_province(tmp_path, 400)
    case, _ = read_folder(tmp_path)
    started = time.monotonic()
    audit = check_case(case)
    assert time.monotonic() - started < 20  # about 0.7 s here; quadratic code would take minutes
    assert hard(audit) == set()


@pytest.mark.parametrize("seed", range(30))
def test_a_case_that_has_a_plan_is_never_called_impossible(seed: int, tmp_path: Path) -> None:
    write_random_case(tmp_path, seed)
    case, _ = read_folder(tmp_path)
    for factors in TIGHTER:
        tighter = _tighter(case, *factors)
        found = hard(check_case(tighter))
        if found:
            stop = solve(build(tighter).problem(), Options(gap=1.0, time_limit=60)).stop
            assert stop is Stop.INFEASIBLE, sorted(found)


def _tighter(
    case: Case, money: Fraction | int, most: Fraction | int, gaps: Fraction | int, needs: Fraction | int
) -> Case:
    tables = case.tables
    hard_targets = {
        name: target.model_copy(update={"severity": Severity.HARD, "price": None})
        for name, target in case.targets.items()
    }
    changed = replace(
        tables,
        supplied={
            key: Supplied(int(row.least * money), int((row.most or 0) * money))
            for key, row in tables.supplied.items()
        },
        capacities={key: row * most for key, row in tables.capacities.items()},
        limits={key: row * most for key, row in tables.limits.items()},
        gaps={key: int(gap * gaps) for key, gap in tables.gaps.items()},
        needs={key: int(amount * needs) for key, amount in tables.needs.items()},
    )
    return case.model_copy(update={"tables": changed, "targets": hard_targets})


def test_most_impossible_cases_are_found_without_a_solver(tmp_path: Path) -> None:
    impossible = recognised = 0
    for seed in range(12):
        write_random_case(tmp_path / str(seed), seed)
        case, _ = read_folder(tmp_path / str(seed))
        for factors in TIGHTER[1:]:
            tighter = _tighter(case, *factors)
            if solve(build(tighter).problem(), Options(gap=1.0, time_limit=60)).stop is Stop.INFEASIBLE:
                impossible += 1
                recognised += bool(hard(check_case(tighter)))
    assert impossible >= 5
    assert 2 * recognised >= impossible, (recognised, impossible)
