"""Levers: the figures of a case that can be moved, each with what moving it does to the program's bounds.

A lever is an amount of a fund, a target of a year, a share of a need that is due, a capacity, a limit of a
resource, the right side of a rule, or whether a group's newcomers wait before they leave. Repairs move
levers as little as they can; prices say what moving one by a unit is worth. Both read the same list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from models.case import Case
from models.money import yuan
from models.policy import Counts, Severity, Supply, Target, TargetKind
from models.rules.tree import Comparison, Number
from models.rules.units import WRITTEN_UNITS
from optimizer.program import Program, RowBlock
from optimizer.program.matrix import Real, Whole
from optimizer.program.measures import due_share
from optimizer.study.explain.figures import Figures
from optimizer.study.explain.worth import Worth

#: Statement -> its rows.
Blocks = dict[str, list[RowBlock]]
#: The unit of rates: 1 is 100 %.
RATE = "1"


class Kind(StrEnum):
    """What a lever moves."""

    FUND = "fund"
    TARGET = "target"
    DUE = "due"
    CAPACITY = "capacity"
    RESOURCE = "resource"
    RULE = "rule"
    WAITS = "waits"


@dataclass(frozen=True, eq=False)
class Lever:
    """A figure: `value` in `unit` (fen, person, 1 ...). Moved by d, bounds of rows and of columns move by
    d x their weights.

    `loosens` is +1 where raising it asks less of a plan, -1 where lowering does, 0 where both may. `path` is
    the left side of the `--set` that moves it, empty where there is none. `price` is what a repair counts
    for one unit, fen. `group` gathers levers of one statement and year (the pools of a fund).
    """

    id: str
    kind: Kind
    year: int | None
    region: str | None
    unit: str
    value: Fraction
    rows: Whole
    row_weights: Real
    columns: Whole
    column_weights: Real
    loosens: int
    path: str
    price: Fraction
    text: str = ""
    """The expression that a rule's new right side begins with."""
    effect: Fraction = Fraction(0)
    """What one unit moves in `counted`: a rate of 1 of a need of 700 houses moves 700."""
    counted: str = ""
    alone: bool = True
    """False where more follows the figure than is known here: its price is that of the money alone."""
    binds: bool = True
    """False where the statement is soft: it has a price already and stands in no one's way."""

    @property
    def writable(self) -> bool:
        """Whether the files can say a new value: a unit of the case with the name of one of the grammar's
        (万元) cannot stand in a rule."""
        return self.kind is not Kind.RULE or _factors(self.unit) is not None

    def change(self, value: Fraction) -> str:
        """The `--set` that gives the figure a new value."""
        return f"{self.path}={self.written(value)}"

    def written(self, value: Fraction) -> str:
        """A value as the files write it."""
        if self.kind is Kind.RULE:
            return _right_side(self, value)
        if self.kind is Kind.WAITS:
            return "yes" if value else "no"
        if self.unit == "fen":
            return f"{yuan(int(value))}元"
        if self.unit == RATE:
            return f"{_decimal(value * 100)}%"
        return _decimal(value)


def _decimal(value: Fraction) -> str:
    """A decimal number that is exactly the value, else a fraction."""
    for digits in range(13):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            text = f"{abs(int(scaled)):0{digits + 1}d}"
            sign = "-" if value < 0 else ""
            return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
    return f"{value.numerator}/{value.denominator}"


def _right_side(lever: Lever, value: Fraction) -> str:
    size = abs(value)
    number = f"{yuan(int(size))}元" if lever.unit == "fen" else _counted_out(size, lever.unit)
    if not lever.text:
        return f"{'-' if value < 0 else ''}{number}"
    return f"{lever.text} {'-' if value < 0 else '+'} {number}"


def _counted_out(size: Fraction, unit: str) -> str:
    """So much of a unit as a rule can say it: 7人, 7户 * 1人. A unit of the case only stands below, in a
    rate: 7 公里 is what 7 元 buy at 1 元 a 公里."""
    if unit in ("1", ""):
        return _decimal(size)
    parts, count = [], _decimal(size)
    for word, own in _factors(unit) or ():
        parts.append(f"{count}元 / 1元/{word}" if own else f"{count}{word}")
        count = "1"
    return " * ".join(parts)


def _factors(unit: str) -> list[tuple[str, bool]] | None:
    """The words of a unit, factor by factor, and whether each is of the case; None where it has none."""
    words = {dimension: word for word, (dimension, factor) in [*WRITTEN_UNITS.items()][::-1] if factor == 1}
    found = []
    for part in unit.split("*") if unit not in ("1", "", "fen") else ():
        name, _, power = part.partition("^")
        if "/" in part or (name not in words and name in WRITTEN_UNITS):
            return None
        found += [(words.get(name, name), name not in words)] * int(power or 1)
    return found


def levers(case: Case, program: Program) -> list[Lever]:
    """Every lever of the case, in the order funds, targets, needs, capacities, resources, rules, waiting."""
    worth = Worth(case)
    blocks: Blocks = {}
    for block in program.rows:
        if not block.auxiliary:
            blocks.setdefault(block.rule, []).append(block)
    return [
        *_funds(case, program),
        *_targets(case, blocks, worth),
        *_needs(case, blocks, worth),
        *_limits(case, program, blocks, worth),
        *_rules(case, blocks, worth),
        *_waiting(case, program, blocks, worth),
    ]


NONE = np.zeros(0, dtype=np.int64)
NO_WEIGHTS = np.zeros(0, dtype=np.float64)


def _funds(case: Case, program: Program) -> Iterator[Lever]:
    """One lever for each amount in funds.csv: a fund, a pool, a year."""
    figures = Figures(case, program)
    for fund in case.funds.values():
        block = program.columns[f"brought.{fund.id}"]
        pools = tuple(program.regions[int(position)] for position in block.regions)
        for j, year in enumerate(block.years):
            more = figures.follows(fund, pools, year)
            for i, region in enumerate(pools):
                row = case.tables.supplied.get((fund.id, region, year))
                if row is None or row.most is None or fund.supply is Supply.OPEN:
                    continue
                yield Lever(
                    f"supply.{fund.id}",
                    Kind.FUND,
                    year,
                    region,
                    "fen",
                    Fraction(row.most),
                    more.rows,
                    more.weights,
                    np.array([int(block.index[i, j])]),
                    np.ones(1),
                    0 if fund.supply is Supply.GIVEN else 1,
                    f"fund.{fund.id}[{region},{year}].amount",
                    Fraction(1),
                    effect=Fraction(1),
                    counted="fen",
                    alone=more.simple,
                )


def _targets(case: Case, blocks: Blocks, worth: Worth) -> Iterator[Lever]:
    """One lever for each amount or share of a target: a year."""
    for target in case.targets.values():
        figures = dict(target.shares) | {year: Fraction(n) for year, n in target.amounts.items()}
        for year, value in figures.items():
            found = [block for block in blocks.get(target.id, []) if block.year[0] == year]
            if not found or value == 0:
                continue
            rows, due = _numbers(found), -np.concatenate([block.constant for block in found])
            multiplier = np.concatenate([block.multiplier for block in found])
            total = sum((Fraction(int(d), int(m)) for d, m in zip(due, multiplier, strict=True)), Fraction(0))
            counted, price = _counted(case, target, worth)
            share = year not in target.amounts
            each = total / value
            yield Lever(
                target.id,
                Kind.TARGET,
                year,
                None,
                RATE if share else counted,
                value,
                rows,
                due / float(value),
                NONE,
                NO_WEIGHTS,
                {Comparison.AT_LEAST: -1, Comparison.AT_MOST: 1}.get(target.compare, 0),
                f"target.{target.id}[{year}].{'share' if share else 'amount'}",
                price * each,
                effect=each,
                counted=counted,
                binds=target.severity is Severity.HARD,
            )


def _counted(case: Case, target: Target, worth: Worth) -> tuple[str, Fraction]:
    """What a target counts in, and what one of it is worth."""
    if target.kind is TargetKind.MET:
        need = case.needs[target.need or ""]
        return need.unit, worth.need(need.id)
    if target.kind is TargetKind.LISTED:
        return "region", worth.region
    villages = all(case.groups[group].counts is Counts.VILLAGES for group in target.groups)
    return ("village", worth.village) if villages else ("person", worth.person)


def _needs(case: Case, blocks: Blocks, worth: Worth) -> Iterator[Lever]:
    """One lever for each share of a need that is due: a year."""
    for need in case.needs.values():
        for block in blocks.get(f"due.{need.id}", []):
            year = int(block.year[0])
            share = due_share(need, year)
            if not share:
                continue
            due = -block.constant
            total = sum(
                (Fraction(int(d), int(m)) for d, m in zip(due, block.multiplier, strict=True)), Fraction(0)
            )
            yield Lever(
                f"due.{need.id}",
                Kind.DUE,
                year,
                None,
                RATE,
                share,
                _numbers([block]),
                due / float(share),
                NONE,
                NO_WEIGHTS,
                -1,
                f"need.{need.id}[{year}].due",
                worth.need(need.id) * total / share,
                effect=total / share,
                counted=need.unit,
            )


def _limits(case: Case, program: Program, blocks: Blocks, worth: Worth) -> Iterator[Lever]:
    """One lever for each row of capacity.csv and resources.csv."""
    for measure in case.measures.values():
        for block in blocks.get(f"capacity.{measure.id}", []):
            yield from _rows_of(
                block, program, Kind.CAPACITY, measure.unit, f"capacity.{measure.id}", "most",
                worth.measure(measure.id),
            )  # fmt: skip
    for resource in case.resources.values():
        for block in blocks.get(f"resource.{resource.id}", []):
            yield from _rows_of(
                block, program, Kind.RESOURCE, resource.unit, f"resource.{resource.id}", "amount",
                worth.resource(resource.id),
            )  # fmt: skip


def _rows_of(
    block: RowBlock, program: Program, kind: Kind, unit: str, path: str, field: str, price: Fraction
) -> Iterator[Lever]:
    for i in range(len(block)):
        region, year = program.regions[int(block.region[i])], int(block.year[i])
        multiplier = int(block.multiplier[i])
        yield Lever(
            block.rule,
            kind,
            year or None,
            region,
            unit,
            Fraction(-int(block.constant[i]), multiplier),
            np.array([block.start + i]),
            np.array([float(multiplier)]),
            NONE,
            NO_WEIGHTS,
            1,
            f"{path}[{region},{year or 'total'}].{field}",
            price,
        )


def _rules(case: Case, blocks: Blocks, worth: Worth) -> Iterator[Lever]:
    """One lever for each rule: its right side, in all years and places; and one a year, which has no path."""
    for rule in case.rules.values():
        found = [part for name, parts in blocks.items() if name.split("/")[0] == rule.id for part in parts]
        if not found:
            continue
        plain = isinstance(rule.right, Number)
        unit = "fen" if rule.unit == "money" else rule.unit or "1"
        years = sorted({int(year) for block in found for year in block.year})
        spans: list[int | None] = [None] if len(years) > 1 else [years[0] or None]
        for year in [*spans, *(years if len(years) > 1 else [])]:
            chosen = [
                block for block in found if year in (None, 0) or len(years) == 1 or block.year[0] == year
            ]
            yield Lever(
                rule.id,
                Kind.RULE,
                year or None,
                None,
                unit,
                rule.right.value if isinstance(rule.right, Number) else Fraction(0),
                _numbers(chosen),
                np.concatenate([block.multiplier for block in chosen]).astype(np.float64),
                NONE,
                NO_WEIGHTS,
                {Comparison.AT_LEAST: -1, Comparison.AT_MOST: 1}.get(rule.compare, 0),
                f"rule.{rule.id}.right" if year in spans else "",
                worth.unit(unit) * sum(len(block) for block in chosen),
                text="" if plain else rule.right_text,
                binds=rule.severity is Severity.HARD,
            )


def _waiting(case: Case, program: Program, blocks: Blocks, worth: Worth) -> Iterator[Lever]:
    """One lever for each group that waits: 1 is yes, 0 is no, with which nothing holds anybody back."""
    for group in case.groups.values():
        found = blocks.get(f"waits.{group.id}", [])
        if not found:
            continue
        stocks = np.concatenate([_stocks(case, program, group.id, block) for block in found])
        each = worth.village if group.counts is Counts.VILLAGES else worth.person
        yield Lever(
            f"waits.{group.id}",
            Kind.WAITS,
            None,
            None,
            RATE,
            Fraction(1),
            _numbers(found),
            -stocks * np.concatenate([block.multiplier for block in found]).astype(np.float64),
            NONE,
            NO_WEIGHTS,
            -1,
            f"group.{group.id}.waits",
            each * int(stocks.sum()),
        )


def _stocks(case: Case, program: Program, group: str, block: RowBlock) -> Whole:
    """The stock of the year at each row of a block of one year."""
    members = case.stock_by(int(block.year[0]))
    return np.array([members[program.regions[int(at)], group] for at in block.region], dtype=np.int64)


def _numbers(blocks: list[RowBlock]) -> Whole:
    """The row numbers of the blocks."""
    return np.concatenate([np.arange(block.start, block.start + len(block)) for block in blocks])
