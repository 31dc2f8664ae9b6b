"""Which statements of an infeasible run contradict each other: few, proven, and always the same ones.

The first set that `fenpei explain` finds, from the solver's own proof, without looking for a smaller one and
without whole numbers. What contradicts itself in the run that this one starts from is asked first, alone:
with even less money it mostly still does. The work is counted in questions to the solver and not in seconds,
so that a run says the same on any machine and after a kill.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fnmatch import fnmatchcase

from models.case import Case
from optimizer.program import build
from optimizer.study.conflict.narrow import Narrow, narrowed
from optimizer.study.conflict.statements import Statement, rank, stated, touched

#: Questions to the solver for one run.
QUESTIONS = 60


def contradicting(
    case: Case, patches: tuple[str, ...], known: tuple[str, ...] = (), questions: int = QUESTIONS
) -> tuple[str, ...]:
    """Ids that cannot hold together with the facts of the case: targets and rules first, then funds.

    `known`: those of a case like this one; they are the answer where they cannot hold here either.

    None where quantities could be divided so that everything holds, or where nothing was found. Kept
    rather than others: what the patches change, then targets, rules and funds.
    """
    program = build(case, tight=False)
    crossed = program.lower > program.upper
    if crossed.any():
        # A fund must bring more than it may.
        return tuple(
            f"supply.{name.removeprefix('brought.')}"
            for name, block in program.columns.items()
            if name.startswith("brought.") and crossed[block.index].any()
        )
    found = stated(program)
    patterns = touched(patches)

    def told(id: str) -> tuple[bool, int]:
        return not any(fnmatchcase(id, pattern) for pattern in patterns), rank(id)

    groups: dict[str, list[Statement]] = {}
    for one in found.statements:
        groups.setdefault(one.id, []).append(one)
    left = _counted(questions)
    if known and all(id in groups for id in known):
        before = [tuple(groups[id]) for id in known]
        if Narrow(found, before, left).possible(before)[0] is False:
            return known
    ranked = sorted(groups, key=lambda id: (*told(id), id), reverse=True)
    narrow = narrowed(found, [tuple(groups[id]) for id in ranked], left)
    if narrow is None:
        return ()
    return tuple(sorted((group[0].id for group in narrow[0]), key=lambda id: (rank(id), id)))


def _counted(questions: int) -> Callable[[], float]:
    """Time without end for so many questions, and none after."""
    asked = iter(range(questions))
    return lambda: 0.0 if next(asked, None) is None else math.inf
