"""The cases under inputs/: each reads, plans to proven optimality, audits clean, and can be made again."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from models.citation import Basis
from models.finding import State
from models.plan import Status
from models.submission import Submission
from optimizer.audit import audit
from optimizer.audit.practice import practice_findings
from optimizer.program import build
from optimizer.read import apply_patches, read_allocation, read_case, write_allocation
from optimizer.read.catalogue import read_catalogue
from optimizer.solve import Options, Stop, solve
from optimizer.study.planning import Planned, PlanOptions, make_plan

INPUTS = Path(__file__).parents[2] / "inputs"
CASES = sorted(folder.name for folder in INPUTS.iterdir() if (folder / "case.yaml").exists())
SCENARIOS = [(case, name) for case in CASES for name in read_case(INPUTS / case).scenarios]

#: Readings of the documents that cannot be carried out; their README says so.
IMPOSSIBLE = {
    ("ruyuan", "exits-as-printed"),
    ("ruyuan", "dividend-next-year"),
    ("anhui", "captains-short"),
    ("anhui", "contacts-four"),
    ("yantai", "grid-first"),
}


def planned(name: str, gap: float = 1e-3) -> Planned:
    return make_plan(read_case(INPUTS / name), PlanOptions(gap=gap))


@pytest.mark.parametrize("name", CASES)
def test_the_plan_is_proven_and_lawful(name: str, tmp_path: Path) -> None:
    found = planned(name)
    assert found.plan.status is Status.OPTIMAL, found.plan.message
    assert found.plan.gap is not None
    assert found.plan.gap <= Fraction(1, 1_000)
    assert found.audit is not None
    assert found.audit.clean
    assert found.plan.allocation is not None
    # What is written down reads back as the same allocation, and the audit of that is the same.
    case = read_case(INPUTS / name)
    table = tmp_path / "allocation.csv"
    table.write_text(write_allocation(found.plan.allocation, case), encoding="utf-8")
    assert audit(case, read_allocation(table, case)) == found.audit
    # The named checks have no doubts about it.
    named = practice_findings(case, Submission(found.plan.allocation), read_catalogue(INPUTS / name, case))
    assert [f.message.zh for f in named if f.state is State.VIOLATED] == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 5))
def test_money_per_head_does_not_hang_on_ties(seed: int) -> None:
    """Plans of Henan that cost the same work off its backlog in another order: none raises a named check."""
    case = read_case(INPUTS / "henan")
    found = make_plan(case, PlanOptions(gap=1e-3, seed=seed))
    assert found.plan.allocation is not None
    named = practice_findings(case, Submission(found.plan.allocation), read_catalogue(INPUTS / "henan", case))
    assert {"practice.per_head"} <= {f.rule for f in named if f.state is State.PASS}
    assert [f.message.zh for f in named if f.state is State.VIOLATED] == []


@pytest.mark.parametrize("name", ["ruyuan", "anhui"])
def test_planning_twice_gives_the_same_table(name: str) -> None:
    case = read_case(INPUTS / name)
    tables = []
    for _ in range(2):
        allocation = make_plan(case, PlanOptions()).plan.allocation
        assert allocation is not None
        tables.append(write_allocation(allocation, case))
    assert tables[0] == tables[1]


@pytest.mark.parametrize(("name", "scenario"), SCENARIOS)
def test_every_scenario_reads(name: str, scenario: str) -> None:
    assert read_case(INPUTS / name, scenario=scenario).patches


@pytest.mark.soak
@pytest.mark.parametrize(("name", "scenario"), SCENARIOS)
def test_every_scenario_can_be_planned_or_says_that_it_cannot(name: str, scenario: str) -> None:
    case = read_case(INPUTS / name, scenario=scenario)
    outcome = solve(build(case).problem(), Options(gap=1e-2))
    expected = Stop.INFEASIBLE if (name, scenario) in IMPOSSIBLE else Stop.OPTIMAL
    assert outcome.stop is expected, outcome.message


@pytest.mark.parametrize(
    ("name", "scenario", "rule"),
    [("yantai", "agri-pool-larger", "agri-20"), ("henan", "province-saves", "prov-40")],
)
def test_the_floor_binds_and_has_a_price(name: str, scenario: str, rule: str) -> None:
    """涉农 20 % and 省/中央 40 %: with the rule nothing is left over, without it plan and price change."""
    case = read_case(INPUTS / name, scenario=scenario)
    bound = make_plan(case, PlanOptions(gap=1e-3))
    assert bound.audit is not None
    states = {finding.state for finding in bound.audit.findings if finding.rule == rule}
    assert State.BINDING in states
    free = make_plan(apply_patches(case, [f"rule.{rule}.severity=advisory"]), PlanOptions(gap=1e-3))
    assert free.plan.objective is not None
    assert bound.plan.bound is not None
    assert free.plan.objective < bound.plan.bound
    assert free.plan.allocation != bound.plan.allocation
    assert free.audit is not None
    assert State.VIOLATED in {finding.state for finding in free.audit.findings if finding.rule == rule}


@pytest.mark.parametrize("name", CASES)
def test_every_figure_has_a_citation(name: str) -> None:
    case = read_case(INPUTS / name)
    assert {"stocks", "needs", "costs", "gaps", "funds", "capacity", "resources"} <= {*case.tables.sources}
    for citations in case.tables.sources.values():
        for citation in citations.values():
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
