"""The level of a fund as a column of the program: amounts in proportion to it, everything else as it was.

`Level` names rows of funds.csv by a path such as `fund.central.amount` or `fund.central[2018].amount`; the
level is the sum of their amounts, in fen. `with_level` adds it to a program as the last column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd

import numpy as np

from models.case import Case
from models.money import MONEY_UNITS, MoneyError, decimal, parts, yuan
from models.policy import Supply
from models.rules.tree import Comparison
from optimizer.program import ColumnBlock, Program, RowBlock, again, build
from optimizer.program.matrix import MONEY_SCALE, Objective
from optimizer.read import apply_patches
from optimizer.study.whatif.specs import WhatIfError

NAME = "level"
_PATH = re.compile(r"\s*fund\.([\w-]+|\*)(?:\[([^\[\]]*)\])?\.amount\s*")
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([^0-9.]*)")


@dataclass(frozen=True)
class Level:
    """Rows of funds.csv, (fund, pool, year) with their amounts in the case; the level is their sum, fen."""

    path: str
    rows: tuple[tuple[str, str, int], ...]
    amounts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The level as it stands in the case."""
        return sum(self.amounts)

    def split(self, fen: int) -> tuple[int, ...]:
        """What each row brings at a level of whole fen: in proportion, by largest remainder."""
        return parts(fen, [Fraction(amount) for amount in self.amounts])

    def patches(self, fen: int) -> tuple[str, ...]:
        """What `--set` makes this level."""
        return tuple(
            f"fund.{fund}[{year},{pool}].amount={yuan(amount)}元"
            for (fund, pool, year), amount in zip(self.rows, self.split(fen), strict=True)
        )


def level_of(case: Case, path: str) -> Level:
    """The level that a path names. Raises WhatIfError."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise WhatIfError(
            f"「{path}」应写作 fund.编号.amount 或 fund.编号[年份].amount",
            f"{path!r} must be fund.ID.amount or fund.ID[YEAR].amount",
        )
    id, brackets = found.groups()
    keys = {key.strip() for key in (brackets or "").replace("，", ",").split(",") if key.strip()}
    if id != "*" and id not in case.funds:
        known = " ".join(case.funds)
        raise WhatIfError(f"没有资金「{id}」；已有：{known}", f"there is no fund {id!r}; there are: {known}")
    rows = {
        key: row.most
        for key, row in case.tables.supplied.items()
        if (id in ("*", key[0]))
        and key[2] >= case.first_year
        and keys <= {key[1], str(key[2])}
        and row.most is not None
        and case.funds[key[0]].supply is not Supply.OPEN
    }
    if not sum(rows.values()):
        raise WhatIfError(
            f"「{path}」在案例中没有金额（不限额或为 0），没有额度可变",
            f"{path!r} has no amounts in the case (unlimited, or 0): there is no level to vary",
        )
    return Level(path.strip(), tuple(rows), tuple(rows.values()))


def level_amount(level: Level, text: str) -> int:
    """A level as it is written: `0.7x` of what stands in the case, or a sum such as `1000万元`, fen."""
    found = _AMOUNT.fullmatch(text.strip())
    number, unit = found.groups() if found else ("", "")
    unit = unit.strip()
    try:
        if unit in ("x", "×", "%x"):
            exact = Fraction(decimal(number)) * level.total / (100 if unit == "%x" else 1)
        elif unit in MONEY_UNITS:
            exact = Fraction(decimal(number)) * MONEY_UNITS[unit]
        else:
            raise MoneyError(text)
    except MoneyError as error:
        raise WhatIfError(
            f"「{text}」不是额度：应如 0.7x 或 1000万元", f"{text!r} is not a level such as 0.7x or 1000万元"
        ) from error
    return int(exact + Fraction(1, 2))


def with_level(case: Case, program: Program, level: Level) -> Program:
    """The program with the level as its last column, free from 0 up. Raises WhatIfError.

    The rows' amounts become `total x brought = amount x level` (or `<=`), exactly.
    """
    double = apply_patches(case, level.patches(2 * level.total))
    if any(rule.unless for rule in case.rules.values()):
        # What lifts a rule leaves it the room there is money for, unless the program is built for any amount.
        program, other = build(case, tight=False), build(double, tight=False)
    else:
        other = again(program, case, double)
    if not _same_matrix(program, other):
        raise WhatIfError(
            f"「{level.path}」的变化不只改变额度，无法作精确曲线；请用 --vary",
            f"{level.path!r} changes more than bounds, so that there is no exact curve; use --vary",
        )
    slope = other.constant - program.constant
    grown = _with_column(program, slope, level.total)
    return _with_rows(case, grown, level)


def _same_matrix(one: Program, other: Program) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("row_start", "column", "value", "integer")
    )


def _with_column(program: Program, slope: np.ndarray[tuple[int], np.dtype[np.int64]], total: int) -> Program:
    """A column that every row with amounts among its constants leans on."""
    width = len(program.lower)
    block = ColumnBlock(
        NAME,
        np.zeros(1, dtype=np.int64),
        (0,),
        np.array([[width]], dtype=np.int64),
        np.zeros(len(program.regions), dtype=np.int64),
        True,
    )
    grown = replace(
        program,
        columns={**program.columns, NAME: block},
        objectives=tuple(
            replace(goal, cost=np.append(goal.cost, np.int64(0))) for goal in program.objectives
        ),
        lower=np.append(program.lower, 0.0),
        upper=np.append(program.upper, np.inf),
        integer=np.append(program.integer, False),
        money=np.append(program.money, True),
    )
    moved = np.flatnonzero(slope)
    if not len(moved):
        return grown
    return _leaning(grown, moved, slope, total, width)


def _leaning(
    program: Program,
    moved: np.ndarray[tuple[int], np.dtype[np.int64]],
    slope: np.ndarray[tuple[int], np.dtype[np.int64]],
    total: int,
    width: int,
) -> Program:
    """Rows whose constants grow with the level: times `total / gcd`, so that all stays whole."""
    factor = np.ones(len(slope), dtype=np.int64)
    constant = program.constant.copy()
    lean = np.zeros(len(slope), dtype=np.int64)
    for i in moved.tolist():
        common = gcd(total, int(slope[i]))
        factor[i], lean[i] = total // common, int(slope[i]) // common
        constant[i] = (constant[i] - slope[i]) * factor[i]
    counts = np.diff(program.row_start)
    value = program.value * np.repeat(factor, counts)
    after = program.row_start[moved + 1]
    column = np.insert(program.column, after, width)
    value = np.insert(value, after, lean[moved])
    counts = counts.copy()
    counts[moved] += 1
    blocks = tuple(
        replace(
            block,
            multiplier=block.multiplier * factor[block.start : block.start + len(block)],
            constant=constant[block.start : block.start + len(block)],
        )
        for block in program.rows
    )
    bound = -constant.astype(np.float64)
    return replace(
        program,
        rows=blocks,
        row_start=np.concatenate([[0], np.cumsum(counts)]),
        column=column,
        value=value,
        constant=constant,
        row_lower=np.where(np.isfinite(program.row_lower), bound, -np.inf),
        row_upper=np.where(np.isfinite(program.row_upper), bound, np.inf),
        row_scale=program.row_scale * factor,
    )


def _with_rows(case: Case, program: Program, level: Level) -> Program:
    """A row for each amount, in place of its bounds."""
    lower, upper = program.lower.copy(), program.upper.copy()
    last = len(program.lower) - 1
    columns, values, scales = [], [], []
    blocks: list[RowBlock] = []
    at = {region: i for i, region in enumerate(program.regions)}
    start = len(program.constant)
    for (fund, pool, year), amount in zip(level.rows, level.amounts, strict=True):
        block = program.columns[f"brought.{fund}"]
        j = int(block.index[block.position[at[pool]], block.years.index(year)])
        given = case.funds[fund].supply is Supply.GIVEN
        lower[j], upper[j] = (0.0 if given else lower[j]), np.inf
        common = gcd(level.total, amount)
        whole, part = level.total // common, amount // common
        columns += [j, last]
        values += [whole, -part]
        scales.append(float(whole) * MONEY_SCALE)
        blocks.append(
            RowBlock(
                f"{NAME}.{fund}",
                start + len(blocks),
                np.array([at[pool]], dtype=np.int64),
                np.array([year], dtype=np.int64),
                Comparison.EQUAL if given else Comparison.AT_MOST,
                np.array([whole], dtype=np.int64),
                np.zeros(1, dtype=np.int64),
                auxiliary=True,
                money=True,
            )
        )
    count = len(blocks)
    ends = program.row_start[-1] + 2 * np.arange(1, count + 1)
    given_rows = np.array([block.compare is Comparison.EQUAL for block in blocks])
    return replace(
        program,
        rows=(*program.rows, *blocks),
        lower=lower,
        upper=upper,
        row_start=np.concatenate([program.row_start, ends]),
        column=np.concatenate([program.column, np.array(columns, dtype=np.int64)]),
        value=np.concatenate([program.value, np.array(values, dtype=np.int64)]),
        constant=np.concatenate([program.constant, np.zeros(count, dtype=np.int64)]),
        row_lower=np.concatenate([program.row_lower, np.where(given_rows, 0.0, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, np.zeros(count)]),
        row_scale=np.concatenate([program.row_scale, np.array(scales)]),
    )


def with_room(program: Program, level: Level) -> Program | None:
    """The program with a level, each amount less than a fen off: all levels of whole fen are in it.

    None where amounts stand in other rows as well, so that a fen there is not a fen.
    """
    first = len(program.constant) - len(level.rows)
    last = len(program.lower) - 1
    if (program.column[: program.row_start[first]] == last).any():
        return None
    whole = np.concatenate([block.multiplier for block in program.rows if block.start >= first])
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    lower[first:] = np.where(np.isfinite(lower[first:]), 1.0 - whole, -np.inf)
    upper[first:] = whole - 1.0
    return replace(program, row_lower=lower, row_upper=upper)


def pots(program: Program, level: Level) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The columns of what the rows of the level bring in."""
    at = {region: i for i, region in enumerate(program.regions)}
    found = []
    for fund, pool, year in level.rows:
        block = program.columns[f"brought.{fund}"]
        found.append(int(block.index[block.position[at[pool]], block.years.index(year)]))
    return np.array(found, dtype=np.int64)


def least_level(program: Program, *, highest: bool = False) -> Program:
    """The program with the level itself as its goal: as low (or as high) as can be."""
    cost = np.zeros(len(program.lower), dtype=np.int64)
    cost[-1] = 1
    return replace(program, objectives=(Objective(cost, 1, maximise=highest, money=True),))


def fixed_choices(program: Program, x: Sequence[int]) -> Program:
    """The program with its 0/1 and indivisible columns held where `x` has them."""
    values = np.array(x, dtype=np.float64)[program.integer[: len(x)]]
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[program.integer] = upper[program.integer] = values
    return replace(program, lower=lower, upper=upper, integer=np.zeros_like(program.integer))
