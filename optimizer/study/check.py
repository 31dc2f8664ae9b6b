"""Cross-check a case before any solver runs: what a careful reader finds from the data alone.

In goes a Case; out comes an Audit with a finding for everything that was looked at. A HARD finding that is
VIOLATED is a contradiction: no lawful plan exists, or a figure is certainly wrong. An ADVISORY one is a thing
to look up. Whole numbers and rationals only; rule ids are `check.<name>.<subject>`.
"""

from __future__ import annotations

from models.case import Case
from models.catalogue import Catalogue
from models.finding import Audit
from optimizer.read.catalogue import shipped
from optimizer.study.checks import (
    basis,
    capacity,
    entrants,
    income,
    leaving,
    magnitudes,
    money,
    outliers,
    printed,
    proportions,
    rules,
    statements,
    stocks,
    targets,
    unused,
)
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.reach import Reach
from optimizer.study.checks.required import Required


def check_case(case: Case, catalogue: Catalogue | None = None) -> Audit:
    """Every finding in a fixed order: figures, statements, targets, needs, incomes, money, rules, rest.

    `catalogue`: the named checks as the case has them; those that come with fenpei where it is not given.
    """
    ground = Ground(case)
    reach, required = Reach(ground), Required(ground)
    incomes = income.Incomes(ground, reach)
    return Audit(
        (
            *stocks.findings(ground),
            *statements.findings(ground),
            *printed.findings(ground),
            *magnitudes.findings(ground),
            *outliers.findings(ground),
            *proportions.findings(ground),
            *targets.findings(ground),
            *capacity.findings(ground, reach, required),
            *income.findings(ground, required, incomes),
            *entrants.findings(ground, incomes),
            *leaving.findings(ground, reach, incomes),
            *money.findings(ground, reach, required),
            *rules.findings(ground),
            *unused.findings(ground, shipped() if catalogue is None else catalogue),
            *basis.findings(ground),
        )
    )
