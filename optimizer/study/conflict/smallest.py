"""The smallest conflict, by implicit hitting sets.

A correction set is what a point misses: the other statements hold at that point, so every conflict has
something in common with every correction set. The lightest choice that hits all correction sets found so far
is therefore no heavier than any conflict. Either it is a conflict itself, and then there is none smaller, or
it can hold, and a point at which it holds and few others are missed is the next correction set. (Ignatiev,
Previti, Liffiton, Marques-Silva: Smallest MUS extraction with minimal hitting set dualization, 2015.)
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.solve import Options, Problem, SolveError, Stop, solve
from optimizer.study.conflict.elastic import Answer, Elastic
from optimizer.study.conflict.narrow import narrowed

Ids = frozenset[int]

#: In the choice between sets: what an id weighs against its being in a conflict that is known.
ONE = 1000.0
#: Seconds for a set of as few statements that says more, once it is known that fewer do not conflict.
PREFERRING = 3.0
#: Of how many ids it is looked first whether they conflict.
FIRST_LOOK = 8
#: Tries to make a correction set smaller end after so many that did not: smaller ones save rounds, no more.
FAILURES = 2


@dataclass(frozen=True)
class Found:
    """Ids (by number) that cannot hold together. `smallest`: nothing lighter does, among what was asked for;
    `irreducible`: without any one of them the others can."""

    ids: Ids
    smallest: bool
    irreducible: bool


@dataclass(eq=False)
class Search:
    """What is known of the conflicts of a case: it only grows, and every later question uses it.

    `weights`: whole numbers, one for each id; the lightest conflict is looked for.
    """

    elastic: Elastic
    weights: Sequence[int]
    corrections: set[Ids] = field(default_factory=set)
    conflicts: dict[Ids, bool] = field(default_factory=dict)
    """Sets known not to hold together, and whether each is irreducible."""
    changed: Collection[str] = ()
    """Ids whose statements were changed last, so that all else can be expected to hold together."""
    patience: float = math.inf
    """Seconds in which a smaller set is looked for once one is known: sets of many statements, all money
    against all that it has to pay for, would take all the time there is."""

    def next(
        self, without: Collection[int] = (), other_than: Iterable[Ids] = (), at_most: int | None = None
    ) -> Found | None:
        """The lightest conflict that has nothing of `without` and is none of `other_than` (nor contains one).

        None where there is no more (of `at_most` so many statements), or none was found in time.
        """
        deadline = self.elastic.deadline
        try:
            return self._next(without, other_than, at_most)
        finally:
            self.elastic.deadline = deadline

    def _next(self, without: Collection[int], other_than: Iterable[Ids], at_most: int | None) -> Found | None:
        gone, known = frozenset(without), tuple(other_than)
        best = self._lightest(gone, known)
        if best is None and not known:
            best = self._first(gone)
            if best is None:
                return None
            if len(best.ids) > FIRST_LOOK:  # of many statements each takes a search of its own
                self.elastic.deadline = min(self.elastic.deadline, time.monotonic() + self.patience)
            self._without_one(best.ids, gone)
            best = self._lightest(gone, known)
        if best is not None:
            self.elastic.deadline = min(self.elastic.deadline, time.monotonic() + self.patience)
        settled_at: float | None = None
        while not self._late():
            picked = self._hitting(gone, known, frozenset() if best is None else best.ids)
            if picked is None or (at_most is not None and len(picked) > at_most):
                return best if best is None else replace(best, smallest=True)
            if best is not None and len(picked) >= len(best.ids):
                if settled_at is None:
                    settled_at = time.monotonic()
                if (
                    self._weight(picked) >= self._weight(best.ids)
                    or time.monotonic() > settled_at + PREFERRING
                ):
                    return replace(best, smallest=True)
            answer = self._ask(picked)
            if answer is None:
                break
            if not answer.possible:
                self.conflicts[picked] = True
                return Found(picked, smallest=True, irreducible=True)
            self._descend(picked, answer, gone)
            best = self._lightest(gone, known)
        return best if settled_at is None or best is None else replace(best, smallest=True)

    def _first(self, gone: Ids) -> Found | None:
        """Any conflict, soon: what the solver's proof that nothing is possible needs, reduced."""
        if any(correction <= gone for correction in self.corrections):
            return None
        left = frozenset(range(len(self.weights))) - gone
        if self._possible(left) is not False:
            return None
        reduced, irreducible = self._proven(left) or self.reduce(self._lightest_of(left))
        self._learn(reduced, irreducible)
        return Found(reduced, smallest=False, irreducible=self.conflicts[reduced])

    def _learn(self, conflict: Ids, irreducible: bool) -> None:
        """Keep a conflict; what is known of it already is not lost where time ran out the second time."""
        self.conflicts[conflict] = irreducible or self.conflicts.get(conflict, False)

    def _proven(self, ids: Ids) -> tuple[Ids, bool] | None:
        """What `reduce` returns, by the proofs of LPs; None where there are none."""
        if self.elastic.integer.any():
            return None
        stated = self.elastic.stated
        groups = [tuple(stated.of([id])) for id in self._heaviest_first(ids)]
        found = narrowed(stated, groups, self.elastic.left, self.changed)
        if found is None:
            return None
        kept, irreducible = found
        number = {id: n for n, id in enumerate(stated.ids)}
        return frozenset(number[group[0].id] for group in kept), irreducible

    def _heaviest_first(self, ids: Ids) -> list[int]:
        return sorted(ids, key=lambda id: (-self.weights[id], id))

    def _lightest_of(self, left: Ids) -> Ids:
        """The lightest ids that conflict: twice as many are looked at each time."""
        ordered = sorted(left, key=lambda id: (self.weights[id], id))
        count = FIRST_LOOK
        while count < len(ordered) and not self._late():
            if self._possible(ordered[:count]) is False:
                return frozenset(ordered[:count])
            count *= 2
        return left

    def _without_one(self, ids: Ids, gone: Ids) -> None:
        """Each statement of a conflict left out in turn: either everything else can hold, and the statement
        is a correction set of its own, or what still contradicts itself is another conflict.

        Where there is only this conflict that is all there is to know, and where two share a statement the
        second is known too: both without one large elastic LP.
        """
        if self.elastic.integer.any():
            return
        for id in sorted(ids):
            left = frozenset(range(len(self.weights))) - gone - {id}
            if self._late():
                return
            if any(one <= left for one in self.conflicts):
                continue
            verdict = self._possible(left)
            if verdict:
                self.corrections.add(gone | {id})
            elif verdict is None or (other := self._proven(left)) is None:
                return
            else:
                self._learn(*other)

    def _late(self) -> bool:
        return self.elastic.left() <= 0

    def _weight(self, ids: Iterable[int]) -> int:
        return sum(self.weights[id] for id in ids)

    def _lightest(self, gone: Ids, known: Sequence[Ids]) -> Found | None:
        able = [ids for ids in self.conflicts if not ids & gone and not any(one <= ids for one in known)]
        ids = min(able, key=lambda ids: (self._weight(ids), sorted(ids)), default=None)
        return None if ids is None else Found(ids, False, self.conflicts[ids])

    def _ask(self, ids: Collection[int]) -> Answer | None:
        return self.elastic.ask(self.elastic.stated.of(ids))

    def _possible(self, ids: Collection[int]) -> bool | None:
        return self.elastic.possible(self.elastic.stated.of(ids))

    def _missed(self, answer: Answer) -> Ids:
        return frozenset(self.elastic.stated.position[answer.missed].tolist())

    def _descend(self, picked: Ids, answer: Answer, gone: Ids) -> None:
        """Correction sets one after the other, something of each added to what was picked, until that cannot
        hold: then it is reduced to a conflict."""
        while not self._late():
            correction = self._shrunk(self._missed(answer))
            self.corrections.add(correction)
            able = correction - gone
            if not able:
                return
            often = {id: sum(id in one for one in self.corrections) for id in able}
            known = frozenset(id for one in self.conflicts for id in one)
            picked |= {min(able, key=lambda id: (id not in known, self.weights[id] - often[id], id))}
            again = self._ask(picked)
            if again is None:
                return
            if not again.possible:
                self._learn(*self.reduce(picked))
                return
            answer = again

    def _shrunk(self, missed: Ids) -> Ids:
        """A correction set that lies within this one: more is made to hold while something can."""
        every = frozenset(range(len(self.weights)))
        left, needed = set(missed), set[int]()
        failures = 0
        while left and failures < FAILURES and not self._late():
            # What is rather named in a conflict stays in the set; bookkeeping is made to hold first.
            tried = max(left, key=lambda id: (self.weights[id], id))
            left.discard(tried)
            answer = self._ask((every - left - needed) | {tried})
            if answer is None or not answer.possible:
                needed.add(tried)
                failures += 1
            else:
                failures = 0
                left &= self._missed(answer)
                needed &= self._missed(answer)
        return frozenset(left | needed)

    def reduce(self, ids: Ids) -> tuple[Ids, bool]:
        """A conflict within one, and whether it is irreducible: what weighs most is dropped first.

        Where there are no proofs of an LP, ids go in runs that double while the rest still contradicts itself
        and halve when it does not.
        """
        if (proven := self._proven(ids)) is not None:
            return proven
        queue = self._heaviest_first(ids)
        needed: list[int] = []
        run = 1
        while queue:
            run = min(run, len(queue))
            rest = queue[run:]
            possible = self._possible(needed + rest)
            if possible is None and self._late():
                return frozenset(needed + queue), False
            if possible is False:
                queue, run = rest, 2 * run
            elif run > 1:
                run //= 2
            elif possible is None:
                return frozenset(needed + queue), False
            else:
                needed.append(queue[0])
                queue = rest
        return frozenset(needed), True

    def _hitting(self, gone: Ids, known: Sequence[Ids], liked: Ids) -> Ids | None:
        """The lightest ids that hit all correction sets and complete none of `known`; None where none do.

        Of equals those of `liked`: on the way to a known conflict the least has to be refuted.
        """
        count = len(self.weights)
        rows = [sorted(one - gone) for one in self.corrections]
        if any(not row for row in rows):
            return None
        blocks = [sorted(one) for one in known]
        entries = rows + blocks
        lengths = np.array([len(one) for one in entries], dtype=np.int64)
        flat = [id for one in entries for id in one]
        upper = np.ones(count)
        upper[list(gone)] = 0.0
        hit, none = len(rows), np.full(len(blocks), -np.inf)
        problem = Problem(
            cost=np.array([ONE * w - (n in liked) for n, w in enumerate(self.weights)], dtype=np.float64),
            offset=0.0,
            lower=np.zeros(count),
            upper=upper,
            integer=np.ones(count, dtype=np.bool_),
            row_start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            column=np.array(flat, dtype=np.int64),
            value=np.ones(len(flat)),
            row_lower=np.concatenate([np.ones(hit), none]),
            row_upper=np.concatenate([np.full(hit, np.inf), lengths[hit:] - 1.0]),
            column_scale=np.ones(count),
            row_scale=np.ones(len(entries)),
        )
        outcome = solve(problem, Options(gap=0.0))
        if outcome.stop is Stop.INFEASIBLE:
            return None
        if outcome.values is None:
            raise SolveError(f"the lightest hitting set was not found: {outcome.message}")
        return frozenset(np.flatnonzero(outcome.values > 0.5).tolist())
