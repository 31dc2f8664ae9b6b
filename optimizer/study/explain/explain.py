"""`explain`: plan the case; without a plan say what contradicts what and what would help, with one what its
figures are worth."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from models.case import Case
from models.citation import Basis
from models.explanation import ConflictSet, Explanation, InConflict
from models.plan import Plan, Status
from optimizer.program import Program, build
from optimizer.solve import Progress
from optimizer.study.conflict import MOST as MOST_CONFLICTS
from optimizer.study.conflict import Conflict, find_conflicts, touched
from optimizer.study.explain.levers import Kind, Lever, levers
from optimizer.study.explain.places import near_ties, region_share
from optimizer.study.explain.prices import priced, prices, tolls, true_differences
from optimizer.study.explain.slopes import Slopes
from optimizer.study.explain.ways import MOST as MOST_REPAIRS
from optimizer.study.explain.ways import Ways, repairs
from optimizer.study.pace import Pace
from optimizer.study.planning import Planned, PlanOptions, make_plan

#: Seconds of the processor for the explanation, after the plan, when the caller sets no limit, and how many
#: by the clock that may be at most on a machine that others use too.
PATIENCE, LONGEST = 240.0, 900.0


@dataclass(frozen=True)
class ExplainOptions:
    """What may not be changed (`keep`) and what may although it stands in the law (`relax`): ids, with `*`.

    `time_limit` in seconds is for the plan and again for what is said of it.
    """

    keep: tuple[str, ...] = ()
    relax: tuple[str, ...] = ()
    region: str | None = None
    time_limit: float | None = None
    most: int = MOST_REPAIRS
    progress: Callable[[Progress], None] | None = None


def explain(case: Case, options: ExplainOptions) -> Explanation:
    """The explanation of a case. Raises what `make_plan` raises; KeyError for a region it does not have."""
    if options.region is not None:
        case.regions[options.region]
    plan_options = PlanOptions(time_limit=options.time_limit, progress=options.progress, conflict=False)
    pace = Pace.begun()
    planned = make_plan(case, plan_options)
    started = time.monotonic()
    if planned.plan.status is Status.INFEASIBLE:
        found = _infeasible(case, planned, options, pace)
    elif planned.x is not None:
        found = _feasible(case, planned, options, pace)
    else:
        found = Explanation(planned.plan, complete=False)
    seconds = {**planned.plan.seconds, "explain": round(time.monotonic() - started, 3)}
    return replace(found, seconds=seconds)


def time_for(options: ExplainOptions, pace: Pace) -> float:
    """Seconds by the clock for the explanation: what the user gave, else what is found on a quiet machine."""
    return min(pace.by_clock(PATIENCE), LONGEST) if options.time_limit is None else options.time_limit


def unknown_ids(case: Case, patterns: Sequence[str]) -> list[str]:
    """Patterns that name nothing that could be changed."""
    every = levers(case, build(case))
    return [pattern for pattern in patterns if not any(_names(lever, pattern) for lever in every)]


def _names(lever: Lever, pattern: str) -> bool:
    """Whether a pattern names the lever: by its id, by its item's id, or by kind and id as in `--set`."""
    item = lever.id.split(".", 1)[-1]
    named = (lever.id, item, f"{lever.path.split('.', 1)[0]}.{item}")
    return any(fnmatchcase(name, pattern) for name in named)


def free(case: Case, options: ExplainOptions, *, law: bool) -> Callable[[Lever], bool]:
    """What a repair may move: all but what is kept; what is law, by its kind and the word of a document, only
    with `law`."""

    def may(lever: Lever) -> bool:
        if any(_names(lever, pattern) for pattern in options.keep):
            return False
        stated = not law and _of_law(case, lever) is Basis.STATED
        return not stated or any(_names(lever, pattern) for pattern in options.relax)

    return may


def _of_law(case: Case, lever: Lever) -> Basis | None:
    """On what a rule stands, or that a group waits; None for figures that are no law."""
    if lever.kind is Kind.RULE:
        return case.rules[lever.id].citation.basis
    if lever.kind is Kind.WAITS:
        return case.groups[lever.id.removeprefix("waits.")].citation.basis
    return None


def kept_by_default(case: Case, options: ExplainOptions) -> tuple[str, ...]:
    """Rules, and who waits, that a document states: nobody here may change them."""
    law = {rule.id: rule.citation for rule in case.rules.values()}
    law |= {f"waits.{group.id}": group.citation for group in case.groups.values() if group.waits}
    return tuple(
        id
        for id, citation in law.items()
        if citation.basis is Basis.STATED and not any(fnmatchcase(id, pattern) for pattern in options.relax)
    )


def _infeasible(case: Case, planned: Planned, options: ExplainOptions, pace: Pace) -> Explanation:
    limit = time_for(options, pace)
    deadline = time.monotonic() + limit
    program = build(case, tight=False)
    conflicts = find_conflicts(program, time_limit=limit / 2, changed=touched(case.patches))
    building = planned.plan.seconds.get("build", 0.0)
    named = tuple(dict.fromkeys(id.split("/")[0] for conflict in conflicts for id in conflict.ids))

    def looked_for(*, law: bool) -> Ways:
        return repairs(
            case,
            program,
            free(case, options, law=law),
            named=named,
            deadline=deadline,
            most=options.most,
            law=law,
            building=building,
            pace=pace,
        )

    ways = looked_for(law=False)
    if not ways.repairs and ways.complete:
        ways = looked_for(law=True)
    ids = {id for conflict in conflicts for id in conflict.ids}
    movable = None if ways.repairs else {lever.id for lever in levers(case, program)}
    kept = tuple(
        sorted({*(id for id in kept_by_default(case, options) if id in ids), *_kept(case, program, options)})
    )
    return Explanation(
        plan=planned.plan,
        conflicts=tuple(_set(conflict, movable) for conflict in conflicts),
        more_conflicts=sum(conflict.apart for conflict in conflicts) == MOST_CONFLICTS,
        repairs=ways.repairs,
        kept=kept,
        complete=ways.complete and all(conflict.irreducible for conflict in conflicts) and bool(conflicts),
    )


def _kept(case: Case, program: Program, options: ExplainOptions) -> set[str]:
    every = levers(case, program) if options.keep else []
    return {lever.id for lever in every if any(_names(lever, pattern) for pattern in options.keep)}


def _set(conflict: Conflict, movable: Collection[str] | None) -> ConflictSet:
    """`movable`: the ids that anything may be changed of; None where a way out shows that something helps."""
    members = (InConflict(member.id, member.years, member.regions) for member in conflict.members)
    return ConflictSet(
        tuple(members),
        conflict.irreducible,
        conflict.smallest,
        conflict.whole,
        conflict.apart,
        movable is not None and not any(id.split("/")[0] in movable for id in conflict.ids),
    )


def _feasible(case: Case, planned: Planned, options: ExplainOptions, pace: Pace) -> Explanation:
    plan: Plan = planned.plan
    if planned.x is None or plan.allocation is None:
        raise ValueError("there is no plan to explain")
    limit = time_for(options, pace)
    program, settled = _loose(case, planned.program), planned.x
    every = priced(case, program)
    slopes = Slopes(program, every, settled, limit)
    found = prices(slopes)
    share = None
    if options.region is not None:
        share = region_share(case, program, plan.allocation, settled, slopes, options.region)
    taken = tolls(slopes)
    ties = near_ties(case, slopes, settled)
    whole = int(program.integer.sum())
    real = true_differences(case, planned.program, found, every, slopes) if whole else ()
    return Explanation(
        plan=plan,
        prices=found,
        tolls=taken,
        true_differences=real,
        whole_numbers=whole,
        share=share,
        ties=ties,
        complete=not slopes.late,
    )


def _loose(case: Case, program: Program) -> Program:
    """The program in which each row stands for its own statement; goals that come first stay reached."""
    loose = build(case, tight=False)
    reached = [block for block in program.rows if block.rule.startswith("goal.")]
    for number, block in enumerate(reached):
        loose = loose.limited(number, -int(block.constant[0]))
    return loose
