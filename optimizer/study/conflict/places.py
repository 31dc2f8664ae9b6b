"""At which regions the statements of a conflict contradict each other: those whose rows alone already do."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimizer.program.matrix import Truth, Whole
from optimizer.solve import Options, solve
from optimizer.study.conflict.elastic import misses, possible, with_columns
from optimizer.study.conflict.statements import Stated, Statement

#: A place belongs to a conflict when its rows weigh more than this in the contradiction.
WEIGHS = 1e-7


def places(
    stated: Stated, kept: Sequence[Statement], integer: Truth, seconds: float
) -> dict[str, tuple[str, ...]]:
    """The regions of each id; nothing where it cannot be shown in time that they are enough."""
    started = time.monotonic()
    rows = stated.rows_of(kept)
    weighs = weighing(stated, rows, seconds)
    if weighs is None:
        return {}
    narrowed = [replace(part, rows=part.rows[np.isin(part.rows, weighs)]) for part in kept]
    if not all(len(part.rows) for part in narrowed):
        return {}
    left = seconds - (time.monotonic() - started)
    if possible(stated, stated.rows_of(narrowed), integer, left) is not False:
        return {}
    names = stated.program.regions
    found: dict[str, set[str]] = defaultdict(set)
    for part in narrowed:
        found[part.id].update(names[int(number)] for number in stated.region[part.rows])
    return {id: tuple(region for region in names if region in here) for id, here in found.items()}


def weighing(stated: Stated, rows: Whole, seconds: float) -> Whole | None:
    """Those of the rows that have a price in their least violation."""
    if seconds <= 0 or not len(rows):
        return None
    problem = stated.only(rows, np.zeros(stated.problem.columns, dtype=np.bool_))
    at = stated.places(rows)[rows]
    elastic = with_columns(problem, *misses(problem, at))
    outcome = solve(elastic, Options(time_limit=seconds))
    if outcome.row_duals is None:
        return None
    weights = np.abs(outcome.row_duals[at] * problem.row_scale[at])
    found: Whole = rows[weights > WEIGHS]
    return found
