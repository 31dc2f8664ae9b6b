"""Two questions of time: the latest year a fund may arrive, the earliest in which everybody can be out.

Both are answered by planning for one year after the other: the last year that works and the first that does
not, each settled and audited or shown to be impossible.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from models.case import Case
from models.citation import Basis, Citation, Text
from models.policy import EVERYTHING, Counts, Severity, Supply, Target, TargetKind
from models.rules.tree import Comparison
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.read import apply_patches
from optimizer.study.planning import PlanOptions, make_plan
from optimizer.study.whatif.evaluate import Ready, RunOptions, evaluate, record_of
from optimizer.study.whatif.notes import Notes
from optimizer.study.whatif.specs import WhatIfError

EVERYBODY = "everybody-out"
_PLANS = (RunStatus.OPTIMAL, RunStatus.FEASIBLE)


@dataclass(frozen=True)
class Years:
    """The answer (None: no year works) and what was found for each year that was tried."""

    year: int | None
    records: tuple[tuple[int, RunRecord], ...]

    @property
    def proven(self) -> bool:
        """Whether every year that does not work is shown to be impossible."""
        return all(
            record.status in (*_PLANS, RunStatus.INFEASIBLE, RunStatus.RELAXED) for _, record in self.records
        )


def latest(case: Case, fund: str, options: RunOptions, notes: Notes | None = None) -> Years:
    """The latest year to which all earlier money of a fund may be put off. Raises WhatIfError."""
    fund = check_fund(case, fund)
    notes = Notes(case, f"latest {fund}", options) if notes is None else notes
    ready, handed = Ready(case), None
    answer: int | None = None
    found: list[tuple[int, RunRecord]] = []
    for number, year in enumerate(case.years):
        notes.tell("逐年试算", "trying year after year", number, len(case.years))
        patches = _put_off(case, fund, year)
        if year > case.first_year and not patches:
            continue
        record, handed = notes.run(ready, f"{fund} {year}", patches, options, handed)
        found.append((year, record))
        if not _works(record):
            break
        answer = year
    return Years(answer, tuple(found))


def check_fund(case: Case, path: str) -> str:
    """The id of the fund that `--latest` names. Raises WhatIfError."""
    fund = path.removeprefix("fund.").removesuffix(".amount")
    if fund not in case.funds:
        known = " ".join(case.funds)
        raise WhatIfError(
            f"没有资金「{fund}」；已有：{known}", f"there is no fund {fund!r}; there are: {known}"
        )
    return fund


def _put_off(case: Case, fund: str, year: int) -> tuple[str, ...]:
    """Patches that move what comes in before the year into it, pool by pool."""
    rows = {key[1:]: row for key, row in case.tables.supplied.items() if key[0] == fund}
    if not any(row.most for row in rows.values()):
        raise WhatIfError(f"资金「{fund}」没有可以推迟的金额", f"the fund {fund!r} has no amounts to put off")
    patches = []
    for pool in dict.fromkeys(pool for pool, _ in rows):
        early = [y for y in case.years if y < year and (pool, y) in rows and rows[pool, y].most]
        if not early:
            continue
        late = rows.get((pool, year))
        if late is None or late.most is None:
            raise WhatIfError(
                f"funds.csv 没有 {fund} 在 {pool} {year} 年的金额，无法推迟到该年",
                f"funds.csv has no amount of {fund} at {pool} in {year}, so that none can be put off to it",
            )
        total = late.most + sum(rows[pool, y].most or 0 for y in early)
        if case.funds[fund].supply is Supply.UP_TO:
            patches += [f"fund.{fund}[{y},{pool}].at_least=0元" for y in early if rows[pool, y].least]
        patches += [f"fund.{fund}[{y},{pool}].amount=0元" for y in early]
        patches.append(f"fund.{fund}[{year},{pool}].amount={total // 100}.{total % 100:02d}元")
    return tuple(patches)


def earliest(case: Case, options: RunOptions, notes: Notes | None = None) -> Years:
    """The first year by whose end every poor person can be out."""
    peopled = _peopled(case)
    groups = tuple(
        group.id for group in case.groups.values() if group.counts is Counts.PERSONS and group.id in peopled
    )
    if not groups:
        raise WhatIfError("案例里没有贫困人口", "the case has no poor persons")
    notes = Notes(case, "earliest", options) if notes is None else notes
    found: list[tuple[int, RunRecord]] = []
    for number, year in enumerate(case.years):
        notes.tell("逐年试算", "trying year after year", number, len(case.years))
        kept = notes.recall(f"everybody {year}")
        if kept is None:
            patches = said_as_patches(case, groups, year)
            target = _everybody(groups, year)
            asked = apply_patches(case, patches)
            if not patches:
                asked = case.model_copy(update={"targets": {**case.targets, target.id: target}})
            kept = replace(_planned(asked, str(year), options), patches=patches).object()
            notes.keep(f"everybody {year}", kept)
        record = RunRecord.from_object(kept)
        found.append((year, record))
        if _works(record):
            return Years(year, tuple(found))
    return Years(None, tuple(found))


def said_as_patches(case: Case, groups: tuple[str, ...], year: int) -> tuple[str, ...]:
    """That everybody is out by the end of the year, as `--set` takes it: a target raised to all of them.

    None where no hard target counts just these groups everywhere, to date, as "at least so many".
    """
    peopled = _peopled(case)
    stock = case.stock_by(year).items()
    everybody = sum(members for (_, group), members in stock if group in groups)
    for target in case.targets.values():
        fits = (
            target.kind is TargetKind.EXITS
            and set(target.groups) & peopled == set(groups)
            and target.where == EVERYTHING
            and target.each is None
            and target.cumulative
            and target.compare is Comparison.AT_LEAST
            and target.severity is Severity.HARD  # a soft one made hard would ask more in its other years
        )
        if not fits or target.amounts.get(year, 0) > everybody or (target.shares and not target.entrants):
            continue
        what = "share=100%" if target.shares else f"amount={everybody}"
        return (f"target.{target.id}[{year}].{what}",)
    return ()


def _peopled(case: Case) -> set[str]:
    """Groups that anybody is in, or enters."""
    return {group for (_, group), members in case.stock_by(case.last_year).items() if members}


def _planned(case: Case, name: str, options: RunOptions) -> RunRecord:
    if options.relaxed:
        return replace(evaluate(Ready(case), name, (), options, None)[0], name=name)
    how = PlanOptions(
        engine=options.engine,
        gap=options.gap,
        time_limit=options.time_limit,
        seed=options.seed,
        conflict=False,
    )
    planned = make_plan(case, how)
    return record_of(name, (), case, planned.plan, planned.audit)


def _everybody(groups: tuple[str, ...], year: int) -> Target:
    return Target(
        id=EVERYBODY,
        title=Text(zh=f"{year}年底前全部脱贫（假设的目标）", en=f"everybody out by {year} (what if)"),
        kind=TargetKind.EXITS,
        groups=groups,
        cumulative=True,
        compare=Comparison.AT_LEAST,
        shares={year: Fraction(1)},
        severity=Severity.HARD,
        citation=Citation(document="", section="", basis=Basis.ASSUMED),
    )


def _works(record: RunRecord) -> bool:
    return record.status in (*_PLANS, RunStatus.RELAXED) and not record.message
