"""The cases under inputs/: each reads, plans to proven optimality, audits clean, and can be made again."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from models.citation import Basis
from models.plan import Status
from optimizer.audit import audit
from optimizer.program import build
from optimizer.read import read_allocation, read_case, write_allocation
from optimizer.solve import Options, Stop, solve
from optimizer.study.planning import Planned, PlanOptions, make_plan

INPUTS = Path(__file__).parents[2] / "inputs"
CASES = sorted(folder.name for folder in INPUTS.iterdir() if (folder / "case.yaml").exists())
SCENARIOS = [(case, name) for case in CASES for name in read_case(INPUTS / case).scenarios]

#: Readings of the documents that cannot be carried out; their README says so.
IMPOSSIBLE = {("ruyuan", "exits-as-printed"), ("ruyuan", "dividend-next-year")}


def planned(name: str, gap: float = 1e-3) -> Planned:
    return make_plan(read_case(INPUTS / name), PlanOptions(gap=gap))


@pytest.mark.parametrize("name", CASES)
def test_the_plan_is_proven_lawful_and_fast(name: str, tmp_path: Path) -> None:
    found = planned(name, gap=1e-4)
    assert found.plan.status is Status.OPTIMAL, found.plan.message
    assert found.plan.gap is not None
    assert found.plan.gap <= Fraction(1, 10_000)
    assert found.audit is not None
    assert found.audit.clean
    assert sum(found.plan.seconds.values()) < 60
    assert found.plan.allocation is not None
    # What is written down reads back as the same allocation, and the audit of that is the same.
    case = read_case(INPUTS / name)
    table = tmp_path / "allocation.csv"
    table.write_text(write_allocation(found.plan.allocation, case), encoding="utf-8")
    assert audit(case, read_allocation(table, case)) == found.audit


@pytest.mark.parametrize("name", CASES)
def test_planning_twice_gives_the_same_table(name: str) -> None:
    case = read_case(INPUTS / name)
    tables = []
    for _ in range(2):
        allocation = make_plan(case, PlanOptions()).plan.allocation
        assert allocation is not None
        tables.append(write_allocation(allocation, case))
    assert tables[0] == tables[1]


@pytest.mark.parametrize(("name", "scenario"), SCENARIOS)
def test_every_scenario_can_be_planned_or_says_that_it_cannot(name: str, scenario: str) -> None:
    case = read_case(INPUTS / name, scenario=scenario)
    outcome = solve(build(case).problem(), Options(gap=1e-2))
    expected = Stop.INFEASIBLE if (name, scenario) in IMPOSSIBLE else Stop.OPTIMAL
    assert outcome.stop is expected, outcome.message


@pytest.mark.parametrize("name", CASES)
def test_every_figure_has_a_citation(name: str) -> None:
    case = read_case(INPUTS / name)
    for table in ("stocks", "needs", "costs", "gaps", "funds", "capacity", "resources"):
        for citation in case.tables.sources.get(table, {}).values():
            assert citation.document in case.documents
            assert citation.section
            assert isinstance(citation.basis, Basis)


@pytest.mark.parametrize(
    "script", sorted(INPUTS.glob("*/disaggregate.py")), ids=lambda path: path.parent.name
)
def test_the_disaggregation_reproduces_its_tables(script: Path, tmp_path: Path) -> None:
    folder = script.parent
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    copy = tmp_path / folder.name
    copy.mkdir()
    for path in folder.iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    done = subprocess.run(
        [sys.executable, script.name], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in copy.glob("*.csv")} == before
