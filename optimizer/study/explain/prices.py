"""What the figures of a feasible case are worth: prices with ranges, tolls of statements, real re-solves.

Prices hold at the chosen whole numbers (which county leaves when, indivisible works); without any in the case
they are exact. For the figures that matter most the goal is solved anew with all whole numbers free.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from models.case import Case
from models.explanation import ChangeKind, Price, Side, Toll, TrueDifference
from optimizer.program import Program, build
from optimizer.program.matrix import Whole
from optimizer.read import CaseErrors
from optimizer.read.patch import apply_patches
from optimizer.solve import Options, Outcome, solve
from optimizer.study.explain.levers import RATE, Kind, Lever, levers
from optimizer.study.explain.slopes import Piece, Slopes

#: Prices below this many fen (members, benefits) for one unit count as none.
NOTHING = 1e-7
#: Prices other than of funds, and prices of single pools, that are looked into: the most telling ones.
MOST, MOST_POOLS = 40, 10
#: Statements without a price that may have one on one side.
MOST_KINKS = 15
#: Statements whose toll is worked out.
MOST_TOLLS = 20
#: Figures that are moved for real where whole numbers are in the way, by this part of their value; the gap
#: and the seconds of each solve.
MOST_TRUE, MOVED, TRUE_GAP, TRUE_SECONDS = 3, Fraction(1, 100), 1e-6, 10.0


def priced(case: Case, program: Program) -> list[Lever]:
    """The levers that get a price: those of the case with a figure, and every fund's pools of a year
    together."""
    every = levers(case, program)
    pools: dict[tuple[str, int | None], list[Lever]] = defaultdict(list)
    for lever in every:
        if lever.kind is Kind.FUND:
            pools[lever.id, lever.year].append(lever)
    together = [_together(parts) for parts in pools.values() if len(parts) > 1]
    several = {rule.id for rule in every if rule.kind is Kind.RULE and not rule.path}
    single = [
        lever for lever in every if lever.kind is not Kind.WAITS and not (lever.id in several and lever.path)
    ]
    return [*together, *single]


def _together(parts: Sequence[Lever]) -> Lever:
    """All pools of a fund in a year, moved in proportion to what they bring in (alike where that is 0)."""
    total = sum((part.value for part in parts), Fraction(0))
    share = [float(part.value / total) if total else 1 / len(parts) for part in parts]
    first = parts[0]
    return replace(
        first,
        region=None,
        value=total,
        columns=np.concatenate([part.columns for part in parts]),
        column_weights=np.array(share),
        path="" if not total else first.path.replace(f"[{first.region},", "["),
    )


def prices(slopes: Slopes) -> tuple[Price, ...]:
    """Every fund and year, and whatever else is worth most, each with the range in which its price holds."""
    found = []
    for number in _telling(slopes):
        if slopes.late:
            break
        lever = slopes.levers[number]
        pieces = slopes.pieces(number)
        worthless = all(abs(piece.slope) <= NOTHING and piece.stuck is not Side.BOTH for piece in pieces)
        if lever.kind is not Kind.FUND and worthless:
            continue
        found += [_price(lever, piece, pieces) for piece in pieces]
    return tuple(found)


def _telling(slopes: Slopes) -> list[int]:
    """Which levers to look into: all funds of a year, of pools and other statements the most telling."""
    stake = [abs(slopes.slope(n)) * max(1.0, float(abs(one.value))) for n, one in enumerate(slopes.levers)]
    together = [one for one in slopes.levers if one.kind is Kind.FUND and one.region is None]
    whole_fund = {(one.id, one.year) for one in together}
    funds, single, others = [], [], []
    for number, lever in enumerate(slopes.levers):
        if lever.kind is Kind.FUND and (lever.region is None or (lever.id, lever.year) not in whole_fund):
            funds.append(number)
        elif lever.kind is Kind.FUND:
            single.append(number)
        else:
            others.append(number)
    at_stake = [
        sorted((n for n in part if abs(slopes.slope(n)) > NOTHING), key=lambda n: -stake[n])
        for part in (single, others)
    ]
    # Where a row has nothing to spare and no price there may be a kink: one side may cost something.
    tight = slopes.tight()
    free = [n for n in others if abs(slopes.slope(n)) <= NOTHING and tight[slopes.levers[n].rows].any()]
    return [*funds, *at_stake[0][:MOST_POOLS], *at_stake[1][:MOST], *free[:MOST_KINKS]]


def _price(lever: Lever, piece: Piece, pieces: Sequence[Piece]) -> Price:
    side = Side.BOTH
    if len(pieces) > 1:
        side = Side.LESS if piece is pieces[0] else Side.MORE
    elif piece.high == 0.0 and piece.low != 0.0:
        side = Side.LESS
    elif piece.low == 0.0 and piece.high != 0.0:
        side = Side.MORE
    slope = 0.0 if abs(piece.slope) < NOTHING else float(f"{piece.slope:.9g}")
    return Price(
        id=lever.id,
        kind=ChangeKind(lever.kind.value),
        year=lever.year,
        region=lever.region,
        value=None if lever.text else lever.value,
        unit=lever.unit,
        price=slope,
        low=_figure(lever, piece.low, up=True),
        high=_figure(lever, piece.high, up=False),
        side=side,
        checked=piece.checked,
        effect=lever.effect,
        counted=lever.counted or lever.unit,
        alone=lever.alone,
        end=piece.stuck,
    )


def _figure(lever: Lever, by: float | None, *, up: bool) -> Fraction | None:
    """The value at an end, rounded into the range: to fen, to a millionth of anything else."""
    if by is None:
        return None
    step = Fraction(1) if lever.unit == "fen" else Fraction(1, 10**6)
    exact = (lever.value + Fraction(by)) / step
    near = round(exact)
    if abs(exact - near) < Fraction(1, 100):
        return near * step
    return (-(-exact.numerator // exact.denominator) if up else exact.numerator // exact.denominator) * step


def tolls(slopes: Slopes) -> tuple[Toll, ...]:
    """How much better the goal would be without a statement, for those with the largest prices."""
    at_stake: dict[str, float] = defaultdict(float)
    rows: dict[str, list[Whole]] = defaultdict(list)
    known = {lever.id for lever in slopes.levers if lever.kind is not Kind.FUND}
    known |= {block.rule for block in slopes.program.rows if block.rule.startswith("waits.")}
    for block in slopes.program.rows:
        name = block.rule.split("/")[0]
        numbers = np.arange(block.start, block.start + len(block))
        dual = float(np.abs(slopes.duals[numbers] * block.constant).sum())
        if name in known and np.abs(slopes.duals[numbers]).max(initial=0.0) > NOTHING:
            at_stake[name] += dual
            rows[name].append(numbers)
    every: dict[str, list[Whole]] = defaultdict(list)
    for block in slopes.program.rows:
        name = block.rule.split("/")[0]
        if name in rows:
            every[name].append(np.arange(block.start, block.start + len(block)))
    found: list[Toll] = []
    for name in sorted(rows, key=lambda name: (-at_stake[name], name))[:MOST_TOLLS]:
        value = slopes.without(np.concatenate(every[name]))
        if value is not None and abs(slopes.value - value) > 1.0:
            found.append(Toll(name, slopes.sign * (slopes.value - value)))
    return tuple(sorted(found, key=lambda toll: -abs(toll.worth)))


def true_differences(
    case: Case, program: Program, found: Sequence[Price], every: Sequence[Lever], slopes: Slopes
) -> tuple[TrueDifference, ...]:
    """The most valuable figures moved by a hundredth and solved anew, all whole numbers free."""
    by_place = {(one.id, one.year, one.region): one for one in every}
    ranked = sorted(found, key=lambda price: -abs(price.price * float(price.value or 1)))
    asked: list[Lever] = []
    for price in ranked:
        lever = by_place[price.id, price.year, price.region]
        if lever.path and price.price and lever.value and lever not in asked and not lever.text:
            asked.append(lever)
    if not asked:
        return ()
    base = _solved(program, slopes)
    out = []
    for lever in asked[:MOST_TRUE]:
        if base is None or slopes.late:
            break
        by = _step(lever)
        patch = lever.change(lever.value + by)
        try:
            moved = _solved(build(apply_patches(case, [patch])), slopes)
        except CaseErrors:
            continue
        if moved is None:
            continue
        low, high = sorted((slopes.sign * (moved[0] - base[1]), slopes.sign * (moved[1] - base[0])))
        kind, after = ChangeKind(lever.kind.value), lever.value + by
        place = (lever.id, kind, lever.year, lever.region, lever.unit)
        out.append(TrueDifference(*place, lever.value, after, patch, _expected(lever, by, ranked), low, high))
    return tuple(out)


def _expected(lever: Lever, by: Fraction, found: Sequence[Price]) -> float:
    """What the price on that side says the goal changes by."""
    side = Side.MORE if by > 0 else Side.LESS
    here = [one for one in found if (one.id, one.year, one.region) == (lever.id, lever.year, lever.region)]
    return next((one.price for one in here if one.side in (side, Side.BOTH)), here[0].price) * float(by)


def _step(lever: Lever) -> Fraction:
    """A hundredth of the figure in whole steps, towards what asks less of a plan."""
    size = lever.value * MOVED
    sign = -1 if lever.loosens < 0 else 1
    if lever.unit == RATE:
        return sign * size
    return Fraction(sign * max(1, round(size)))


def _solved(program: Program, slopes: Slopes) -> tuple[float, float] | None:
    """Bound and objective of the goal (minimised), None where nothing was found in time."""
    left = slopes.left()
    limit = TRUE_SECONDS if left is None else min(TRUE_SECONDS, left)
    outcome: Outcome = solve(program.problem(), Options(gap=TRUE_GAP, time_limit=limit))
    if outcome.objective is None:
        return None
    return (-np.inf if outcome.bound is None else outcome.bound), outcome.objective
