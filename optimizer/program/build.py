"""Build the program of a case: columns first, then the rows of each family."""

from __future__ import annotations

from collections.abc import Collection

from models.case import Case
from optimizer.program.choices import add_choice_rows
from optimizer.program.frame import Frame
from optimizer.program.funds import add_account_rows, add_fund_columns
from optimizer.program.goal import finish
from optimizer.program.leaving import add_leaving_columns, add_leaving_rows
from optimizer.program.matrix import Builder, Program
from optimizer.program.measures import (
    add_capacity_rows,
    add_cost_rows,
    add_exclusion_rows,
    add_money_columns,
    add_need_rows,
    add_order_rows,
    add_resource_rows,
    add_unit_columns,
)
from optimizer.program.people import (
    add_exit_rows,
    add_group_exclusion_rows,
    add_holding_rows,
    add_income_rows,
    add_people_columns,
    add_serving_rows,
)
from optimizer.program.rules import add_rule_rows
from optimizer.program.targets import add_target_rows

_COLUMNS = (add_unit_columns, add_money_columns, add_fund_columns, add_people_columns, add_leaving_columns)
_ROWS = (
    add_account_rows,
    add_cost_rows,
    add_need_rows,
    add_capacity_rows,
    add_resource_rows,
    add_order_rows,
    add_exclusion_rows,
    add_choice_rows,
    add_exit_rows,
    add_income_rows,
    add_serving_rows,
    add_group_exclusion_rows,
    add_holding_rows,
    add_leaving_rows,
    add_target_rows,
    add_rule_rows,
)


def build(case: Case, *, tight: bool = True) -> Program:
    """The program of a case. Raises ProgramError for what a reader should have refused.

    Without `tight` no row borrows from another: what one statement asks can then be changed or dropped alone.
    """
    frame = Frame(case, tight=tight)
    builder = Builder(regions=frame.ids, years=frame.years)
    for add in (*_COLUMNS, *_ROWS):
        add(builder, frame)
    return finish(builder, frame)


def rules_alone(program: Program, case: Case, ids: Collection[str]) -> Program:
    """The rows that `build` without `tight` makes of these rules, over the columns of a program whose case
    differs in amounts of funds at most. Columns by which soft rules may be missed come behind, anew."""
    rules = {id: rule for id, rule in case.rules.items() if id in ids}
    frame = Frame(case.model_copy(update={"rules": rules}), tight=False)
    builder = Builder.over(program, frame.years)
    add_rule_rows(builder, frame)
    return finish(builder, frame)
