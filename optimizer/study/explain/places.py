"""Why a region gets what it gets, and which choices would change first.

By duality the cost of a region's columns is the sum, over all statements, of price times the region's part in
the statement: bookkeeping rows inside the region cancel out, and what is left is what drives the money. It
adds up exactly, for the settled plan itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from models.allocation import Allocation
from models.case import Case
from models.explanation import Driver, NearTie, RegionShare, Spent
from models.policy import Measure
from optimizer.program import Program
from optimizer.program.frame import Frame
from optimizer.program.matrix import Real, Truth, Whole
from optimizer.program.measures import outlay
from optimizer.study.explain.slopes import Slopes

#: Parts of a region's money below this share of it are left out.
SMALL = 1e-4
#: Choices that are named as changing first.
MOST_TIES = 12
#: Places that are tried for one measure.
OF_ONE_MEASURE = 4
#: A unit whose reduced cost is below this many fen is a tie already.
TIED = 0.5
#: Families that are bookkeeping of one measure: they never drive money.
_BOOKS = ("cost", "share", "layer", "match", "account", "floor", "pays", "one_payer", "started")
#: What a column's own bound stands for.
_BOUNDS = {"out": "stock", "left": "leave", "units": "lots", "brought": "supply", "carried": "account"}


def region_share(
    case: Case, program: Program, allocation: Allocation, settled: Whole, slopes: Slopes, region: str
) -> RegionShare:
    """The region's money by measure and fund, and what drives how much of it (fen of the goal)."""
    inside = frozenset(case.regions.subtree(region))
    public = case.public_funds
    money: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    total = 0
    for (place, measure, fund, _), fen in allocation.money.items():
        total += fen if fund in public else 0
        if place in inside:
            money[measure][fund] += fen
    units: dict[str, Fraction] = defaultdict(Fraction)
    for (place, measure, _), count in allocation.units.items():
        if place in inside:
            units[measure] += count
    positions = np.array([i for i, id in enumerate(program.regions) if id in inside], dtype=np.int64)
    drivers = _drivers(slopes, settled, _columns_in(program, positions))
    by_measure = {measure: _driver_of(slopes, settled, positions, measure) for measure in money}
    spent = [
        Spent(measure, units[measure], sum(fen for fund, fen in paid.items() if fund in public),
              tuple(sorted(paid.items(), key=lambda item: -item[1])), by_measure[measure])
        for measure, paid in money.items()
    ]  # fmt: skip
    spent.sort(key=lambda one: (-one.fen, one.measure))
    return RegionShare(region, sum(one.fen for one in spent), total, tuple(spent), drivers)


def _columns_in(program: Program, positions: Whole) -> Truth:
    """Which columns belong to the regions."""
    here = np.zeros(len(program.regions), dtype=np.bool_)
    here[positions] = True
    mask = np.zeros(len(program.lower), dtype=np.bool_)
    for block in program.columns.values():
        mask[block.index[here[block.regions]].ravel()] = True
    return mask


def _row_parts(slopes: Slopes, values: Real) -> Real:
    """Price times activity of every row of the movable problem, for these values of the columns."""
    problem = slopes.moving.problem
    full = np.concatenate([values, np.zeros(problem.columns - len(values))])
    row = np.repeat(np.arange(problem.rows), np.diff(problem.row_start))
    activity = np.bincount(row, weights=problem.value * full[problem.column], minlength=problem.rows)
    parts: Real = activity * slopes.duals[: problem.rows]
    return parts


def _row_ids(slopes: Slopes) -> list[str]:
    """The statement of every row: those of the program, then the bounds of funds that became rows."""
    ids = [block.rule for block in slopes.program.rows for _ in range(len(block))]
    column_ids = _column_ids(slopes.program)
    problem = slopes.moving.problem
    for row in range(len(ids), problem.rows):
        ids.append(column_ids[int(problem.column[problem.row_start[row]])])
    return ids


def _column_ids(program: Program) -> list[str]:
    """The statement that a column's own bound belongs to."""
    ids: list[str] = []
    for block in program.columns.values():
        kind, _, rest = block.name.partition(".")
        ids += [f"{_BOUNDS.get(kind, kind)}.{rest}"] * len(block)
    return ids


def _drivers(slopes: Slopes, settled: Whole, mask: Truth) -> tuple[Driver, ...]:
    values = np.where(mask, settled, 0).astype(np.float64)
    parts: dict[str, float] = defaultdict(float)
    for id, part in zip(_row_ids(slopes), _row_parts(slopes, values).tolist(), strict=True):
        if part:
            parts[id.split("/")[0]] += part
    own = slopes.reduced[: len(values)] * values
    names = _column_ids(slopes.program)
    for column in np.flatnonzero(own):
        parts[names[int(column)]] += float(own[column])
    least = SMALL * sum(abs(part) for part in parts.values())
    kept = [Driver(id, slopes.sign * part) for id, part in parts.items() if abs(part) > least]
    return tuple(sorted(kept, key=lambda driver: -abs(driver.part)))


def _driver_of(slopes: Slopes, settled: Whole, positions: Whole, measure: str) -> str | None:
    """The statement that the measure's units in these regions earn most from."""
    block = slopes.program.columns.get(f"units.{measure}")
    if block is None:
        return None
    rows = block.position[positions]
    mask = np.zeros(len(settled), dtype=np.bool_)
    mask[block.index[rows[rows >= 0]].ravel()] = True
    values = np.where(mask, settled, 0).astype(np.float64)
    parts: dict[str, float] = defaultdict(float)
    for id, part in zip(_row_ids(slopes), _row_parts(slopes, values).tolist(), strict=True):
        if part > TIED and id.split(".")[0] not in _BOOKS:
            parts[id.split("/")[0]] += part
    return max(parts, key=lambda id: parts[id], default=None)


def near_ties(case: Case, slopes: Slopes, settled: Whole) -> tuple[NearTie, ...]:
    """Measures that a region does not buy and would, were they a little cheaper there: the nearest first.

    Reduced costs, money included, say which may be near; forcing one lot in says by how much it is too dear.
    """
    found: list[NearTie] = []
    tried: Counter[str] = Counter()
    for share, region, measure, year, column in sorted(_candidates(case, slopes, settled)):
        if len(found) == MOST_TIES or slopes.late:
            break
        if share >= 1 or tried.total() >= 4 * MOST_TIES:
            break
        if tried[measure] >= OF_ONE_MEASURE or any(
            tie.region == region for tie in found if tie.measure == measure
        ):
            continue
        tried[measure] += 1
        dearer = slopes.forced(column, 1.0)
        cost = case.unit_cost(measure, region, year)
        if dearer is None or not cost:
            continue
        tie = NearTie(region, measure, year, cost, dearer / float(case.measures[measure].lot))
        if tie.saving > TIED and tie.share < 1:
            found.append(tie)
    return tuple(sorted(found, key=lambda tie: (tie.share, tie.measure, tie.region)))


def _candidates(case: Case, slopes: Slopes, settled: Whole) -> Iterator[tuple[float, str, str, int, int]]:
    """(at least so much too dear, as a part of the unit cost; region, measure, year, column)."""
    program, frame = slopes.program, Frame(case)
    for measure in case.measures.values():
        block = program.columns[f"units.{measure.id}"]
        if measure.indivisible or not len(block):
            continue
        short = slopes.reduced[block.index] + _money(slopes, frame, measure)
        idle = ~settled[block.index].any(axis=1)
        for i in np.flatnonzero(idle):
            region = program.regions[int(block.regions[i])]
            for j, year in enumerate(block.years):
                column = int(block.index[i, j])
                cost = case.unit_cost(measure.id, region, year)
                if cost and program.upper[column] > 0:
                    share = float(short[i, j]) / (cost * float(measure.lot))
                    yield max(share, 0.0), region, measure.id, year, column


def _money(slopes: Slopes, frame: Frame, measure: Measure) -> Real:
    """Reduced cost of the cheapest money for a lot at each site and year of its start."""
    program = slopes.program
    block = program.columns[f"units.{measure.id}"]
    cheapest = np.full(block.index.shape, np.inf)
    for fund in frame.case.funds:
        flow = program.columns.get(f"money.{measure.id}.{fund}")
        if flow is not None:
            at = block.position[flow.regions]
            cheapest[at] = np.minimum(cheapest[at], slopes.reduced[flow.index])
    total = np.zeros(block.index.shape)
    for j, k, amounts in outlay(frame, measure):
        paid = np.sum(amounts, axis=0)
        total[:, j] += np.where(paid > 0, paid * np.maximum(cheapest[:, k], 0.0), 0.0)
    return total
