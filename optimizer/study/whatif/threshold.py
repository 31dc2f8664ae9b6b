"""The least level of a fund at which everything still holds, to the fen.

From above a plan: settled, audited. From below a proof in whole numbers that one fen less is impossible,
and that everything further down is, too. Between them lies nothing, or what the time did not suffice for:
that is said.
"""

from __future__ import annotations

import base64
import math
import time
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from models.case import Case
from models.policy import Supply
from optimizer.audit.places import Places
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.program import Program, again, build
from optimizer.program.matrix import Whole
from optimizer.proof import size
from optimizer.read import apply_patches
from optimizer.settle import SettleError, settle_money
from optimizer.solve import Options, Problem, solve
from optimizer.study.pace import Pace
from optimizer.study.planning import PlanOptions, make_plan
from optimizer.study.proving.basis import NotExact
from optimizer.study.proving.least import least_whole
from optimizer.study.proving.refute import Refuter
from optimizer.study.whatif.curve import extreme_level
from optimizer.study.whatif.evaluate import Handed, Run, RunOptions, crossed, record_of, settled_record
from optimizer.study.whatif.level import Level, least_level, level_of, pots, with_level, with_room
from optimizer.study.whatif.lowest import PATIENCE as LOWEST
from optimizer.study.whatif.lowest import lowest
from optimizer.study.whatif.notes import Notes

#: Any plan will do: how far a probe may be from the best one.
ANY = 0.5
#: Seconds of the processor for the search, and by the clock at most, when the caller sets no limit.
PATIENCE, LONGEST = 240.0, 900.0
#: Seconds of the processor for one proof, and for one plan within it.
PROOF, PLAN = 30.0, 60.0
#: Cases of one proof.
CASES = 60
#: Fen above the exact level of the relaxation that are tried first: rounding is worth that much.
NEAR = (0, 1, 3, 7, 15)
#: Where nothing says how far a plan may be, the first step is the level over this.
BLIND = 10_000
#: Levels that are looked at one fen after the other before the way down is halved.
CLOSE = 3
#: Levels between the proof for all of them and the answer that are looked at one by one.
SINGLY = 24

_PLANS = (RunStatus.OPTIMAL, RunStatus.FEASIBLE)


@dataclass(frozen=True)
class LeastLevel:
    """`at`: the plan at `fen`; `below`: what one fen less gives. `fen` is None where no level does.

    `relaxed` is the exact least level without whole numbers. `exactly`: one fen less is shown to be
    impossible in whole-number arithmetic; `proven`: that, or the solver says it. All levels up to
    `impossible` (-1: none) are shown in whole numbers to be impossible, in `cases` cases.
    """

    level: Level
    fen: int | None
    relaxed: Fraction | None
    at: RunRecord | None
    below: RunRecord | None
    proven: bool
    exactly: bool
    impossible: int = -1
    cases: int = 0


def least(case: Case, path: str, options: RunOptions, notes: Notes | None = None) -> LeastLevel:
    """The least level of a fund. Raises WhatIfError, SolveError."""
    level, pace = level_of(case, path), Pace.begun()
    plain = build(case)
    program = with_level(case, plain, level)
    notes = Notes(case, f"least {path}", options) if notes is None else notes
    notes.tell("求不取整的最低额度", "the least level without whole numbers", 0)
    relaxed, known = _relaxed(program, notes)
    if not known:
        node = Refuter(program, pots(program, level)).refutation(program, cases=CASES, patience=PROOF)
        return LeastLevel(level, None, None, None, None, True, node is not None)
    if options.relaxed:
        fen = None if relaxed is None else math.ceil(relaxed)
        return LeastLevel(level, fen, relaxed, None, None, relaxed is not None, relaxed is not None)
    search = _Search(case, plain, program, level, options, notes, pace)
    fen = search.found(0 if relaxed is None else math.ceil(relaxed))
    if fen is None:
        return LeastLevel(level, None, relaxed, None, None, False, False, search.low)
    impossible, cases = search.impossible(fen)
    below = None if fen == 0 else search.below(fen - 1)
    exactly = fen == 0 or search.ruled_out(fen - 1) is not None
    proven = exactly or (below is not None and below.status is RunStatus.INFEASIBLE)
    return LeastLevel(level, fen, relaxed, search.best(fen), below, proven, exactly, impossible, cases)


def _relaxed(program: Program, notes: Notes) -> tuple[Fraction | None, bool]:
    """The exact least level without whole numbers (None: not proven), and whether any level may do."""
    kept = notes.recall("relaxed")
    if kept is None:
        try:
            found = extreme_level(program)
            kept = {"level": None if found is None else str(found), "any": found is not None}
        except NotExact:
            kept = {"level": None, "any": True}
        notes.keep("relaxed", kept)
    return None if kept["level"] is None else Fraction(kept["level"]), bool(kept["any"])


class _Search:
    """Levels up to `low` are ruled out one by one or not possible; what was found at others is kept."""

    def __init__(
        self,
        case: Case,
        plain: Program,
        program: Program,
        level: Level,
        options: RunOptions,
        notes: Notes,
        pace: Pace,
    ) -> None:
        self.case, self.plain, self.program, self.level = case, plain, program, level
        self.options, self.notes = options, notes
        self.low = -1
        self._records: dict[int, RunRecord] = {}
        self._cases: dict[str, int] = {}
        self._tried = 0
        self._known = Handed(None, _bytes(notes.recall("known"))).whole(len(plain.lower))
        self._pace = pace
        self._refuter: Refuter | None = None

    def found(self, start: int) -> int | None:
        """The least level with a plan that the time suffices for; None where no level has one."""
        known, likely = self._floor()
        start, self.low = likely or start, known - 1
        high = next((fen for step in NEAR if self._open(fen := start + step)), None)
        if high is None:
            self.low = max(self.low, start - 1)
        if high not in (0, self.level.total) or not self.possible(high):
            high = self._from_above(start if high is None else high)
        return None if high is None else self._inward(high, start)

    def _from_above(self, start: int) -> int | None:
        """The lowest level with a plan that a search close to a bound comes upon, else the first outward."""
        total, guess = self.level.total, self._first_guess(start)
        found = next((fen for step in NEAR if guess and self._again(fen := guess + step)), None)
        if (found is None or found > total) and total > self.low and self.possible(total):
            return total  # the case's own level is nearer than what the solver came upon
        far = found is None or found - start > NEAR[-1]
        if far and start > self.low and start not in (0, total) and self.possible(start):
            return start
        if found is not None:
            return found
        least = max(guess, start, self.low + 1)
        return self._outward(least, 1 if guess else max(1, least // BLIND))

    def _floor(self) -> tuple[int, int]:
        """A level below which there is none, proven for all at once (0: no proof), and where to begin.

        The program with the level as its goal, and with cuts: rounding is mostly in it. The proof is for
        amounts up to a fen off their proportions; where they are in proportion is where to begin.
        """
        kept = self.notes.recall("floor")
        if kept is None:
            self._say()
            roomy = with_room(self.program, self.level)
            most, last = 1000 * max(self.level.total, 1), len(self.program.lower) - 1
            found = [0, 0]
            for i, program in enumerate((roomy, self.program)):
                bound = None if program is None else least_whole(program, last, most, self._left(PROOF))
                found[i] = 0 if bound is None else max(0, math.ceil(bound))
            kept = [found[0], max(found)]
            self.notes.keep("floor", kept)
        return int(kept[0]), int(kept[1])

    def _open(self, fen: int) -> bool:
        """Whether a level is not ruled out."""
        if self.ruled_out(fen, 1) is None:
            return True
        self.low = max(self.low, fen)
        return False

    def _outward(self, start: int, step: int) -> int | None:
        """A level with a plan, from `start` up in steps that grow tenfold."""
        fen = start
        while fen <= 100 * max(self.level.total, 1) + start:
            if self.possible(fen):
                return fen
            fen, step = fen + step, step * 10
        return None

    def _inward(self, fen: int, start: int) -> int:
        """The least level with a plan above `low`, as far as time goes; first how far down it can be."""
        if self.low < fen - 1 and fen <= start:
            self.low = max(self.low, min(self._all_below(fen - 1)[0], fen - 1))
        tried = 0
        while fen - self.low > 1 and time.monotonic() - self._pace.clock < self._end():
            # One fen below first: a good guess is the answer already, but for amounts that are rounded up.
            middle = fen - 1 if tried < CLOSE or fen - self.low <= 3 else (self.low + fen) // 2
            tried += 1
            if self._again(middle):
                fen = middle
            elif self.ruled_out(middle) is not None:
                self.low = middle
            elif self.possible(middle):
                fen = middle
            elif self._planned(middle).status is RunStatus.INFEASIBLE:
                self.low = middle  # the solver's word
            else:
                break
        return fen

    def _first_guess(self, bound: int) -> int:
        """The least level, in floats, of quantities that were looked for close above a bound; 0: none."""
        kept = self.notes.recall("guess")
        if kept is None:
            self._say()
            kept, found = (
                0,
                lowest(self.program, bound, seed=self.options.seed, patience=self._processor(LOWEST)),
            )
            if found is not None:
                self._know(found)
                paid = solve(_held(least_level(self.program), found), Options(time_limit=self._left(PLAN)))
                kept = bound if paid.objective is None else max(bound, math.ceil(paid.objective - 1e-3))
            self.notes.keep("guess", kept)
        return int(kept)

    def possible(self, fen: int) -> bool:
        """Whether there is a settled, audited plan at the level."""
        return self._again(fen) or _works(self._planned(fen))

    def _again(self, fen: int) -> bool:
        """Whether the quantities known best can be paid for at the level; the plan is audited."""
        if fen in self._records or self.notes.recall(f"plan {fen}") is not None:
            return _works(self._planned(fen))
        if self._known is None or self.notes.recall(f"again {fen}") is not None:
            return False
        self._say()
        record = self._paid(fen, self._known)
        if record is None or not _works(record):
            self.notes.keep(f"again {fen}", False)
            return False
        self._records[fen] = record
        self.notes.keep(f"plan {fen}", record.object())
        return True

    def _paid(self, fen: int, quantities: Whole) -> RunRecord | None:
        """The plan with these quantities at a level; None where no money covers them."""
        case, program = self._at(fen)
        if (program.lower > program.upper).any():
            return None
        asked = Options(gap=ANY, seed=self.options.seed, time_limit=self._left(PLAN))
        try:
            x = settle_money(program, quantities, asked).x
        except SettleError:
            return None
        run = Run(self._name(fen), self.level.patches(fen), case, program, Places(case), self.options)
        return settled_record(run, x, None, "again")

    def _know(self, x: Whole) -> None:
        """Quantities for the levels that are tried next; on disk, so that a killed search has them again."""
        self._known = x
        columns = Handed.of(None, x).columns or b""
        self.notes.keep("known", base64.b64encode(columns).decode())

    def _planned(self, fen: int) -> RunRecord:
        """What planning says at a level."""
        name = f"plan {fen}"
        kept = None if fen in self._records else self.notes.recall(name)
        if kept is not None:
            self._records[fen] = RunRecord.from_object(kept)
        if fen not in self._records:
            self._say()
            patches, (case, program) = self.level.patches(fen), self._at(fen)
            if (program.lower > program.upper).any():
                self._records[fen] = crossed(self._name(fen), patches)
            else:
                limit = self._left(PLAN)
                how = PlanOptions(gap=ANY, time_limit=limit, seed=self.options.seed, conflict=False)
                planned = make_plan(case, how, program=program)
                self._records[fen] = record_of(self._name(fen), patches, case, planned.plan, planned.audit)
                if planned.x is not None and _works(self._records[fen]):
                    self._know(planned.x)
            self.notes.keep(name, self._records[fen].object())
        return self._records[fen]

    def ruled_out(self, fen: int, cases: int = CASES) -> int | None:
        """The cases of a proof in whole numbers that a level is impossible; None where none was found."""
        if fen < 0:
            return 0
        if fen < self._floor()[0]:
            return 1
        name = f"proof {fen}" if cases > 1 else f"proof at once {fen}"
        found = self._cases.get(name)
        if found is None and cases > 1 and (at_once := self.ruled_out(fen, 1)):
            found = at_once
        if found is None:
            found = self.notes.recall(name)
        if found is None:
            self._say()
            _, program = self._at(fen)
            if (program.lower > program.upper).any():
                found = 1
            else:
                self._refuter = self._refuter or Refuter(self.plain, pots(self.plain, self.level))
                node = self._refuter.refutation(program, cases=cases, patience=self._left(PROOF))
                found = 0 if node is None else size(node)
            self.notes.keep(name, found)
        self._cases[name] = int(found)
        return int(found) or None

    def _all_below(self, fen: int) -> tuple[int, int]:
        """A level up to which all are impossible together (at most `fen`), and the cases of that proof."""
        kept = self.notes.recall(f"all below {fen}")
        if kept is None:
            self._say()
            kept = self._ruled_out_together(fen)
            self.notes.keep(f"all below {fen}", kept)
        return int(kept[0]), int(kept[1])

    def _ruled_out_together(self, fen: int) -> tuple[int, int]:
        roomy = with_room(self.program, self.level)
        if roomy is None:
            return -1, 0
        refuter = Refuter(roomy, pots(roomy, self.level))
        spread = max(self.level.total // amount + 1 for amount in self.level.amounts if amount)
        targets = dict.fromkeys(max(-1, fen - less) for less in (0, 1, spread, 10 * spread))
        known = self._floor()[0] - 1
        for target in sorted(targets, reverse=True):
            if target <= known:
                break
            upper = roomy.upper.copy()
            upper[-1] = float(target)
            node = refuter.refutation(replace(roomy, upper=upper), cases=CASES, patience=self._left(PROOF))
            if node is not None:
                return target, size(node)
        return (known, 1) if known >= 0 else (-1, 0)

    def impossible(self, fen: int) -> tuple[int, int]:
        """The highest level up to which all are ruled out, at most `fen - 1`, and the cases of the proof."""
        known = min(self._floor()[0], fen) - 1
        more = 1 if known >= 0 else 0
        if known == fen - 1:
            return known, more
        cases = self.ruled_out(fen - 1) or 0
        if cases and self._dominates(known + 1, fen - 1):
            return fen - 1, cases + more
        if fen - 1 - known > SINGLY:
            known, more = self._all_below(fen - 1)
            if known < fen - 1 and cases and self._dominates(known + 1, fen - 1):
                return fen - 1, cases + more
        while known < fen - 1 and fen - 1 - known <= SINGLY:
            found = self.ruled_out(known + 1)
            if found is None:
                break
            known, more = known + 1, more + found
        return known, more if known == fen - 1 else more + cases

    def _dominates(self, first: int, last: int) -> bool:
        """Whether no level from `first` to `last` gives anybody more than `last` does, of an up-to fund."""
        if last - first > 20_000 or any(
            self.case.funds[fund].supply is not Supply.UP_TO for fund, _, _ in self.level.rows
        ):
            return False
        most = self.level.split(last)
        return all(
            all(part <= limit for part, limit in zip(self.level.split(fen), most, strict=True))
            for fen in range(first, last)
        )

    def below(self, fen: int) -> RunRecord:
        """What is known one fen below the answer."""
        patches, cases = self.level.patches(fen), self.ruled_out(fen)
        if cases is None:
            return self._planned(fen)
        message = f"impossible, proven in whole-number arithmetic ({cases} cases)"
        return RunRecord(self._name(fen), patches, RunStatus.INFEASIBLE, message=message, how="proof")

    def best(self, fen: int) -> RunRecord:
        """The plan at the level, as good as was asked for."""
        kept = self.notes.recall("at")
        if kept is None or kept["patches"] != list(self.level.patches(fen)):
            self._say()
            patches, (case, program) = self.level.patches(fen), self._at(fen)
            how = PlanOptions(
                gap=self.options.gap,
                time_limit=self.options.time_limit or self._pace.by_clock(PLAN),
                seed=self.options.seed,
                conflict=False,
            )
            planned = make_plan(case, how, program=program)
            found = record_of(self.level.path, patches, case, planned.plan, planned.audit)
            if not _works(found) and _works(self._records.get(fen, found)):
                found = replace(self._records[fen], name=self.level.path)
            kept = found.object()
            self.notes.keep("at", kept)
        return RunRecord.from_object(kept)

    def _at(self, fen: int) -> tuple[Case, Program]:
        case = apply_patches(self.case, self.level.patches(fen))
        return case, again(self.plain, self.case, case)

    def _name(self, fen: int) -> str:
        return f"{self.level.path}={fen}分"

    def _end(self) -> float:
        """How long the search may last by the clock."""
        given = self.options.time_limit
        return min(self._pace.by_clock(PATIENCE), LONGEST) if given is None else given

    def _left(self, most: float) -> float:
        """Seconds by the clock for a step of so many seconds of the processor."""
        passed = time.monotonic() - self._pace.clock
        return max(2.0, min(self._pace.by_clock(most), self._end() - passed))

    def _processor(self, most: float) -> float:
        """Seconds of the processor that are left for a step, `most` at most."""
        return most * self._left(most) / self._pace.by_clock(most)

    def _say(self) -> None:
        self._tried += 1
        self.notes.tell("查找最低额度", "looking for the least level", self._tried)


def _held(program: Program, quantities: Whole) -> Problem:
    """The program with its quantities held, but for the last column; only money is open."""
    problem = program.problem()
    held = np.append(~program.money[:-1], False)
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[held] = upper[held] = quantities[held[:-1]]
    return replace(problem, lower=lower, upper=upper, integer=np.zeros_like(problem.integer))


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def _works(record: RunRecord) -> bool:
    return record.status in _PLANS and not record.message
