"""Name the conflicts of a program: the smallest first, those that share nothing and then those that do.

Out come ids with the years in which each is needed and, where they are few, the places. What is proven of
each set, and what time did not allow, stands with it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import numpy as np

from optimizer.program import Program
from optimizer.program.matrix import Truth
from optimizer.study.conflict.elastic import Elastic, possible
from optimizer.study.conflict.narrow import narrowed
from optimizer.study.conflict.places import places
from optimizer.study.conflict.smallest import Found, Search
from optimizer.study.conflict.statements import Stated, Statement, rank, stated
from optimizer.study.pace import Pace

#: Seconds for naming conflicts when the caller sets no limit.
PATIENCE = 60.0
#: Sets without a common statement that are looked for when the caller does not say how many.
MOST = 4
#: Sets that share statements with those: how many, of how many statements at most, and in how many
#: seconds of the processor; what is known of them by then is named in any case.
MOST_SHARING, SHARING_SIZE, SHARING_SECONDS = 4, 3, 10.0
#: The part of the time that looking for sets may take; the rest is for their years, places and confirmation.
SEARCHING = 0.7
#: The part of the time in which a set smaller than one that is known is looked for.
SMALLER = 0.15
#: What a statement weighs: the number of statements decides, then how much of them is policy.
ONE = 1000
#: Seconds that confirming a set may take although time is up: nothing is named that is not proven.
CONFIRMING = 60.0
#: Seconds of the processor for one question whether what is left of a set can hold in whole numbers.
ONE_WHOLE = 10.0


@dataclass(frozen=True)
class Member:
    """A statement of a conflict: its id, the years in which it is needed (none: it spans them all), and the
    regions at which it is (none: everywhere, or not known)."""

    id: str
    years: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """Targets and rules first, then funds, then the rest. `proven`: impossible together; `irreducible`:
    possible once any one is dropped, and every one was tried in time.

    `whole`: that they are possible was shown in whole quantities, not only in divisible ones. `smallest`: no
    set of fewer statements is impossible in divisible quantities (in whole ones where only they are in the
    way), of those that share nothing with the sets before. `apart`: it shares no statement with them.
    """

    members: tuple[Member, ...]
    proven: bool
    irreducible: bool
    smallest: bool = False
    whole: bool = False
    apart: bool = True

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the members, each once."""
        return tuple(member.id for member in self.members)


@dataclass(frozen=True, eq=False)
class _Case:
    """What stays the same while conflicts are named; `integer`: what is whole where it is impossible."""

    stated: Stated
    search: Search
    integer: Truth
    whole: Truth
    deadline: float
    pace: Pace = field(default_factory=Pace.begun)

    def left(self) -> float:
        return self.deadline - time.monotonic()

    def one_whole(self) -> float:
        """Seconds by the clock for one question in whole numbers."""
        return min(self.left(), self.pace.by_clock(ONE_WHOLE))


def find_conflict(
    program: Program, *, time_limit: float | None = None, changed: Collection[str] = ()
) -> Conflict:
    """A conflict of an infeasible program (built without `tight`, so that each row stands for itself); empty
    and unproven when time runs out before one is found."""
    found = find_conflicts(program, time_limit=time_limit, most=1, changed=changed)
    return found[0] if found else Conflict((), proven=False, irreducible=False)


def find_conflicts(
    program: Program, *, time_limit: float | None = None, most: int = MOST, changed: Collection[str] = ()
) -> tuple[Conflict, ...]:
    """Conflicts, smallest first: at most so many that share no id, and small ones that do.

    Of sets of one size, those are preferred that name what was `changed` (patterns of ids), then targets,
    rules and funds. None when time runs out before one is found.
    """
    started, limit = time.monotonic(), PATIENCE if time_limit is None else max(time_limit, 1.0)
    case = _prepared(stated(program), started + limit, changed)
    if case is None:
        return ()
    elastic = case.search.elastic
    elastic.deadline = started + limit * SEARCHING
    case.search.patience = limit * SMALLER
    found: list[tuple[Found, bool]] = []
    gone: set[int] = set()
    while len(found) < most and (one := case.search.next(gone)) is not None:
        found.append((one, True))
        gone |= one.ids
        if not one.ids:
            break
    apart = len(found)
    elastic.deadline = min(elastic.deadline, time.monotonic() + case.pace.by_clock(SHARING_SECONDS))
    while found and most > 1 and len(found) < apart + MOST_SHARING:
        one = case.search.next((), [each.ids for each, _ in found], SHARING_SIZE)
        if one is None or len(one.ids) > SHARING_SIZE:
            break
        found.append((one, False))
    elastic.deadline = case.deadline
    named = [_named(case, one, apart=alone) for one, alone in found]
    known = [conflict for conflict in named if conflict is not None]
    return tuple(sorted(known, key=lambda conflict: (len(conflict.members), not conflict.apart)))


def _prepared(stated: Stated, deadline: float, changed: Collection[str]) -> _Case | None:
    """In which numbers the case is impossible: divisible ones, chosen wholes, or all of them whole."""
    program = stated.program
    every = stated.rows_of(stated.statements)
    meant = frozenset(id for id in stated.ids if any(fnmatchcase(id, pattern) for pattern in changed))
    weights = [ONE + (0 if id in meant else 1 + rank(id)) for id in stated.ids]

    none = np.zeros_like(program.integer)
    for integer in (none, program.integer, ~program.money):
        if integer is not none and not integer.any():
            continue
        verdict = possible(stated, every, integer, deadline - time.monotonic())
        if verdict is False:
            search = Search(Elastic(stated, integer, deadline), weights, changed=meant)
            return _Case(stated, search, integer, ~program.money, deadline)
        if verdict is None:
            return None
    return None


def _named(case: _Case, found: Found, *, apart: bool) -> Conflict | None:
    """The set with its years and places, confirmed; None where what was found does not stand."""
    found, whole = _in_whole(case, found)
    integer = case.whole if found.ids and whole is None else case.integer
    kept = _years(case, case.stated.of(found.ids), integer)
    rows = case.stated.rows_of(kept)
    seconds = max(case.left(), CONFIRMING)
    if possible(case.stated, rows, integer, seconds, confirm=True) is not False:
        kept = case.stated.of(found.ids)
        rows = case.stated.rows_of(kept)
        if possible(case.stated, rows, integer, seconds, confirm=True) is not False:
            return None
    members = _members(case, kept, integer)
    return Conflict(
        members,
        proven=True,
        irreducible=found.irreducible,
        smallest=found.smallest,
        whole=whole is not False,
        apart=apart,
    )


def _in_whole(case: _Case, found: Found) -> tuple[Found, bool | None]:
    """Whether without each member the others can hold in whole quantities too.

    True where they can; False where that was not shown in time; None where they cannot: fewer then conflict
    already, and that set is what comes back.
    """
    if not found.irreducible:
        return found, False
    shown = True
    for id in sorted(found.ids, key=lambda id: (-case.search.weights[id], id)):
        rest = found.ids - {id}
        rows = case.stated.rows_of(case.stated.of(rest))
        verdict = possible(case.stated, rows, case.whole, case.one_whole())
        if verdict is False:
            fewer, irreducible = _reduced_whole(case, rest)
            return Found(frozenset(fewer), False, irreducible), None
        shown = shown and verdict is True
    return found, shown


def _reduced_whole(case: _Case, ids: Collection[int]) -> tuple[list[int], bool]:
    """An irreducible set within one that whole quantities make impossible."""
    needed, queue = list[int](), sorted(ids, key=lambda id: (-case.search.weights[id], id))
    complete = True
    while queue:
        id = queue.pop(0)
        rows = case.stated.rows_of(case.stated.of(needed + queue))
        verdict = possible(case.stated, rows, case.whole, case.one_whole())
        if verdict is not False:
            needed.append(id)
            complete = complete and verdict is True
    return needed, complete


def _years(case: _Case, kept: list[Statement], integer: Truth) -> list[Statement]:
    """Without the years in which a statement is not needed: each is tried, as long as there is time."""
    whole = bool(integer.any())
    queue, needed = sorted(kept, key=lambda item: (-rank(item.id), item.id, item.year)), list[Statement]()
    alone = [(one,) for one in queue]
    if not whole and (found := narrowed(case.stated, alone, case.left, case.search.changed)) is not None:
        return [one for (one,) in found[0]]
    while queue:
        one, rest = queue[0], queue[1:]
        others = needed + rest
        if not any(other.id == one.id for other in others):
            verdict: bool | None = True
        elif whole:
            rows = case.stated.rows_of(others)
            verdict = possible(case.stated, rows, integer, case.one_whole())
        else:
            verdict = case.search.elastic.possible(others)
        if verdict is not False:
            needed.append(one)
        queue = rest
    return needed


def _members(case: _Case, kept: Sequence[Statement], integer: Truth) -> tuple[Member, ...]:
    """The statements by id, with their years and, where few weigh in the contradiction, their regions."""
    years: dict[str, set[int]] = defaultdict(set)
    for statement in kept:
        years[statement.id].add(statement.year)
    where = places(case.stated, kept, integer, case.left())
    members = [
        Member(id, () if 0 in when else tuple(sorted(when)), where.get(id, ())) for id, when in years.items()
    ]
    return tuple(sorted(members, key=lambda member: (rank(member.id), member.id)))
