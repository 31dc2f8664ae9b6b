"""`plan --prefer` and `plan --alternatives`: the plan, and what is said and written beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from models.case import Case
from models.plan import Status
from models.region import Level
from optimizer.cli.failures import refuse
from optimizer.cli.language import language
from optimizer.cli.output import screen
from optimizer.cli.places import asked_level, require_plan_of
from optimizer.present.other_plans import (
    Shield,
    other_files,
    others_object,
    others_text,
    shield_object,
    shield_texts,
    wish_object,
    wish_text,
)
from optimizer.present.studies import Other, Others, Reach, Wish
from optimizer.present.terminal import render, sentence
from optimizer.read import read_allocation, write_allocation
from optimizer.study import planning
from optimizer.study.alternatives import find_alternatives
from optimizer.study.planning import Planned, PlanOptions
from optimizer.study.preference import Prefer, Preference, Preferred, heads_of, make_preferred, public_money
from optimizer.study.uncertainty.protect import open_reserves, protected


@dataclass(frozen=True)
class Wanted:
    """The options: which plan of those that cost nearly the same, and how many others."""

    prefer: str | None = None
    against: Path | None = None
    within: Fraction = Fraction(0)
    level: str | None = None
    alternatives: int | None = None
    protect: Fraction | None = None


@dataclass(frozen=True)
class Studied:
    """A plan with what was found beside it: keys for its JSON, a text, files for its folder."""

    planned: Planned
    case: Case
    """The case that the plan is for: with --protect the worse end of what is uncertain."""
    studies: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    wish: Wish | None = None
    others: Others | None = None


def study(case: Case, options: PlanOptions, wanted: Wanted) -> Studied:
    """The plan that is wanted."""
    level = asked_level(case, wanted.level)
    if sum(one is not None for one in (wanted.prefer, wanted.alternatives, wanted.protect)) > 1:
        refuse(
            "--prefer、--alternatives、--protect 只能用一个",
            "--prefer, --alternatives and --protect do not go together",
        )
    if wanted.against is not None and wanted.prefer != Prefer.STABLE:
        refuse(
            "--against 只与 --prefer stable 一起用",
            "--against goes with --prefer stable: the plan to be close to",
        )
    if wanted.within and wanted.prefer is None and wanted.alternatives is None:
        refuse(
            "--within 只与 --alternatives 或 --prefer 一起用",
            "--within goes with --alternatives or --prefer: what these may cost more",
        )
    if wanted.protect is not None:
        return _protected(case, options, wanted.protect)
    if wanted.prefer is not None:
        return _preferred(case, options, wanted, level)
    if wanted.alternatives is not None:
        return _alternatives(case, options, wanted, level)
    return Studied(planning.make_plan(case, options), case)


def _preferred(case: Case, options: PlanOptions, wanted: Wanted, level: Level | None) -> Studied:
    prefer = Prefer(wanted.prefer or "")
    if prefer is Prefer.STABLE and wanted.against is None:
        refuse(
            "stable 要用 --against 指出要贴近的方案", "stable needs the plan to be close to: --against PLAN"
        )
    if prefer is Prefer.EVEN and len(heads_of(case, level or case.regions.usual_level)) < 2:
        refuse(
            "even 是在地区之间求均衡，而这一级有贫困人口的地区不足两个；可用 --level 换一级",
            "even is about evenness between regions, and fewer than two of this level have poor people; "
            "--level names another level",
        )
    require_plan_of(case, wanted.against)
    against = None if wanted.against is None else read_allocation(wanted.against, case)
    found = make_preferred(case, options, Preference(prefer, wanted.within, level, against))
    wish = wish_of(prefer, wanted.within, found)
    known = found.planned.plan.status is not Status.INFEASIBLE
    text = render(["", sentence(wish_text(wish, language()))], screen()) if known else ""
    return Studied(found.planned, case, {"preference": wish_object(wish)}, text, wish=wish)


def wish_of(prefer: Prefer, within: Fraction, found: Preferred) -> Wish:
    """What is said of a preference."""
    now, before = found.apart, found.apart_before
    return Wish(
        prefer.value,
        within,
        found.reached,
        found.bound,
        found.before,
        people=None if now is None else now.people,
        people_before=None if before is None else before.people,
        payers=None if now is None else now.payers,
        payers_before=None if before is None else before.payers,
    )


def _alternatives(case: Case, options: PlanOptions, wanted: Wanted, level: Level | None) -> Studied:
    found = find_alternatives(case, options, wanted.alternatives or 0, wanted.within, level)
    made = [
        (other, other.planned.plan.allocation)
        for other in found.others
        if other.planned.plan.allocation is not None
    ]
    where = level or case.regions.usual_level
    others = Others(
        wanted.within,
        tuple(
            Other(other.planned.plan, other.moved, public_money(case, allocation, where))
            for other, allocation in made
        ),
        tuple(Reach(r.region, r.least, r.now, r.most) for r in found.ranges),
        found.complete,
    )
    return Studied(
        found.best,
        case,
        others_object(case, others),
        "" if found.best.plan.allocation is None else others_text(case, others, language(), screen()),
        dict(other_files(case, others, [write_allocation(allocation, case) for _, allocation in made])),
        others=others,
    )


def _protected(case: Case, options: PlanOptions, protection: Fraction) -> Studied:
    if not case.uncertain:
        refuse(
            "案例没有 uncertainty.yaml，没有可防范的不确定项",
            "the case has no uncertainty.yaml, so there is nothing to protect against",
        )
    found = protected(case, options, protection)
    plan = found.planned.plan
    opened = {} if plan.allocation is None else open_reserves(case, plan.allocation, protection)
    shield = Shield(
        found.protection,
        found.budgets,
        found.worse,
        plan.cost,
        found.plain.plan.cost,
        found.patches,
        sum(opened.values()),
    )
    text = render(["", *(sentence(line) for line in shield_texts(case, shield, language()))], screen())
    return Studied(found.planned, found.case, {"protection": shield_object(shield)}, text)
