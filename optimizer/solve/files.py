"""A Problem as a PuLP model and as a file: .lp to read, .mps to hand to any other solver.

Files carry the caller's own units. PuLP writes 12 digits to .lp and 13 to .mps; a longer number is rounded
there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from optimizer.solve.engine import require
from optimizer.solve.names import legal_names
from optimizer.solve.problem import Problem, ProblemError, check

if TYPE_CHECKING:
    import pulp

#: Neither format has a constant in the objective that every reader knows: this column is fixed at 1 and
#: carries it.
CONSTANT = "constant"


@dataclass(frozen=True, eq=False)
class PulpModel:
    """A PuLP model and, for each of its constraints and variables in file order, our row and column number.

    PuLP has no row with two different sides: such a row becomes two constraints. A row without sides is left
    out. The column number of the constant is -1.
    """

    model: pulp.LpProblem
    rows: list[int]
    columns: list[int]


def write(problem: Problem, row_names: Sequence[str], column_names: Sequence[str], path: str | Path) -> None:
    """Write the unscaled problem to a .lp or .mps file; names are made legal and unique."""
    check(problem)
    require("cbc")
    target = Path(path)
    model = pulp_model(problem, row_names, column_names).model
    if target.suffix == ".lp":
        model.writeLP(str(target))
    elif target.suffix == ".mps":
        model.writeMPS(str(target))
    else:
        raise ProblemError(f'cannot write "{target.name}": the name must end in .lp or .mps')


def pulp_model(problem: Problem, row_names: Sequence[str], column_names: Sequence[str]) -> PulpModel:
    """The problem in PuLP's terms."""
    import pulp

    for what, names, count in (("row", row_names, problem.rows), ("column", column_names, problem.columns)):
        if len(names) != count:
            raise ProblemError(f"{len(names)} {what} names were given for {count} {what}s")
    model = pulp.LpProblem("fenpei", pulp.LpMinimize)
    names = legal_names(column_names, taken=(CONSTANT,))
    variables = _variables(model, problem, names)
    named = np.bincount(problem.column[problem.value != 0], minlength=problem.columns) > 0
    kept = (problem.cost != 0) | ~named  # PuLP leaves a column out that neither a row nor the objective names
    terms = {variables[j]: float(problem.cost[j]) for j in np.flatnonzero(kept)}
    if problem.offset or not terms:
        terms[model.add_variable(CONSTANT, 1, 1)] = problem.offset
    model.setObjective(pulp.LpAffineExpression(terms))
    rows = _constraints(model, problem, variables, row_names)
    number = {name: j for j, name in enumerate(names)}
    return PulpModel(model, rows, [number.get(v.name, -1) for v in model.variables()])


def _variables(model: pulp.LpProblem, problem: Problem, names: list[str]) -> list[pulp.LpVariable]:
    columns = zip(
        names, problem.lower.tolist(), problem.upper.tolist(), problem.integer.tolist(), strict=True
    )
    return [
        model.add_variable(name, _side(lower), _side(upper), "Integer" if integer else "Continuous")
        for name, lower, upper, integer in columns
    ]


def _constraints(
    model: pulp.LpProblem, problem: Problem, variables: list[pulp.LpVariable], row_names: Sequence[str]
) -> list[int]:
    import pulp

    parts = [
        (row, sense, side, row_names[row] + ("_upper" if second else ""))
        for row, (lower, upper) in enumerate(
            zip(problem.row_lower.tolist(), problem.row_upper.tolist(), strict=True)
        )
        for second, (sense, side) in enumerate(_sides(lower, upper))
    ]
    legal = legal_names([name for *_, name in parts], taken=("OBJ", "__dummy", "_dummy"))
    for (row, sense, side, _), name in zip(parts, legal, strict=True):
        entries = slice(int(problem.row_start[row]), int(problem.row_start[row + 1]))
        columns, values = problem.column[entries].tolist(), problem.value[entries].tolist()
        terms = pulp.LpAffineExpression({variables[j]: a for j, a in zip(columns, values, strict=True) if a})
        model.addConstraint(pulp.LpConstraint(terms, sense, name, side))
    return [row for row, *_ in parts]


def _sides(lower: float, upper: float) -> list[tuple[int, float]]:
    """PuLP's constraints for one row: 0 is =, 1 is >=, -1 is <=."""
    if lower == upper:
        return [(0, lower)]
    return [(sense, side) for sense, side in ((1, lower), (-1, upper)) if isfinite(side)]


def _side(bound: float) -> float | None:
    return bound if isfinite(bound) else None
