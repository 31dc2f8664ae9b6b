"""What a named conflict and a repair must satisfy, checked apart from the code that finds them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.case import Case
from models.explanation import Repair
from models.plan import Status
from optimizer.program import Program
from optimizer.read import apply_patches, read_case
from optimizer.solve import Options, Problem, Stop, solve
from optimizer.study.conflict import Conflict, is_fact
from optimizer.study.planning import PlanOptions, make_plan

INPUTS = Path(__file__).resolve().parents[2] / "inputs"

RULE = """
  - id: {id}
    title: {id}
    years: [{year}, {year}]
    severity: hard
    for_each: [year]
    left: {left}
    is: "{compare}"
    right: {right}
    citation: {{document: {document}, section: '1', basis: assumed}}
"""


def contradicted(folder: Path, name: str, year: int, left: str, least: str, most: str) -> Case:
    """The input with two rules that contradict each other: at least so much, and at most less."""
    shutil.copytree(INPUTS / name, folder / name)
    document = next(iter(read_case(folder / name).documents))
    text = (folder / name / "rules.yaml").read_text(encoding="utf-8")
    for id, compare, right in (("planted-least", ">=", least), ("planted-most", "<=", most)):
        text += RULE.format(id=id, year=year, compare=compare, left=left, right=right, document=document)
    (folder / name / "rules.yaml").write_text(text, encoding="utf-8")
    return read_case(folder / name)


def holds(case: Case, repair: Repair) -> None:
    """Applied with --set, the repair has a lawful plan at exactly the stated price."""
    patched = apply_patches(case, [change.patch for change in repair.changes])
    planned = make_plan(patched, PlanOptions())
    assert planned.plan.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert planned.audit is not None
    assert planned.audit.clean
    assert planned.plan.cost == repair.cost


def possible(program: Program, ids: set[str], *, whole: bool = True) -> bool:
    """Whether only these statements and the facts can hold together, asked of a second engine; `whole`: in
    whole quantities."""
    problem: Problem = program.problem()
    row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
    upper, lower = problem.upper.copy(), problem.lower.copy()
    for block in program.rows:
        if not block.auxiliary and not is_fact(block.rule) and block.rule not in ids:
            rows = slice(block.start, block.start + len(block))
            row_lower[rows], row_upper[rows] = -np.inf, np.inf
    for name, columns in program.columns.items():
        kind, _, fund = name.partition(".")
        if kind == "brought" and f"supply.{fund}" not in ids:
            lower[columns.index], upper[columns.index] = 0.0, np.inf
    asked = replace(
        program.problem(whole_quantities=True) if whole else problem,
        integer=~program.money if whole else np.zeros_like(program.integer),
        cost=np.zeros(problem.columns),
        lower=lower,
        upper=upper,
        row_lower=row_lower,
        row_upper=row_upper,
    )
    outcome = solve(asked, Options(engine="ortools"))
    assert outcome.stop in (Stop.OPTIMAL, Stop.INFEASIBLE)
    return outcome.values is not None


def needed(program: Program, conflict: Conflict) -> None:
    """The set cannot hold; without any one member the others can."""
    ids = set(conflict.ids)
    assert not possible(program, ids)
    for id in ids:
        assert possible(program, ids - {id}), f"{id} is not needed"
