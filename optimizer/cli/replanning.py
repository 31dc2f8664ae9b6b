"""`fenpei replan`: what happened stays, the years that are left are planned anew, and changes are said."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from models.allocation import Allocation
from models.case import Case
from models.citation import Text
from models.money import wan
from optimizer.cli.failures import ExitCode, refuse
from optimizer.cli.language import language, say
from optimizer.cli.output import message, result, screen
from optimizer.cli.places import require_plan_of
from optimizer.cli.planning import exit_code, write_plan
from optimizer.cli.preferring import wish_of
from optimizer.cli.progress import watching
from optimizer.present.comparison import comparison_object, comparison_text
from optimizer.present.folder import require_ours
from optimizer.present.objects import plan_object, to_json
from optimizer.present.other_plans import wish_object, wish_text
from optimizer.present.replanned import difference_object, difference_text, lines
from optimizer.present.report import PlanReport
from optimizer.present.sentences import status_sentence
from optimizer.present.studies import Anew
from optimizer.present.terminal import render, sentence
from optimizer.read import read_allocation, read_case, write_allocation
from optimizer.study.compare import compare, side
from optimizer.study.planning import PlanOptions
from optimizer.study.preference import Prefer
from optimizer.study.replan import ReplanError, Replanned, replan


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    case: Path
    executed: Path
    start: int
    followed: Path | None
    within: Fraction
    out: Path | None
    solver: str
    gap: float
    time_limit: float | None
    seed: int
    patches: tuple[str, ...]
    scenario: str | None
    form: str
    quiet: bool


def replan_case(asked: Asked) -> ExitCode:
    """Plan the rest, write it, show it, and what changes against the plan that was followed."""
    started = time.monotonic()
    case = read_case(asked.case, asked.patches, asked.scenario)
    for plan in (asked.executed, asked.followed):
        require_plan_of(case, plan)
    executed = read_allocation(asked.executed, case)
    followed = None if asked.followed is None else read_allocation(asked.followed, case)
    seconds = {"read": time.monotonic() - started}
    out = asked.out or Path("outputs") / f"{case.id}-replan-{asked.start}-{case.sha256[:8]}"
    require_ours(Path(os.path.realpath(out)))
    with watching(case, asked.quiet) as progress:
        options = PlanOptions(asked.solver, asked.gap, asked.time_limit, asked.seed, progress=progress)
        try:
            found = replan(case, executed, asked.start, options, followed, asked.within)
        except ReplanError as error:
            refuse("；".join(t.zh for t in error.texts), "; ".join(t.en or t.zh for t in error.texts))
    notes = (*_left_aside(asked, executed), *_debts(case, found))
    report = _report(case, found, asked, seconds, notes)
    written = report.plan.allocation is not None and not report.broken
    anew = _anew(case, asked, followed, found, str(out) if written else "-")
    if anew is not None:
        report = replace(report, anew=anew, studies=_studies(anew))
    if written:
        report = write_plan(report, out, case_path=asked.case)
    _show(report, asked)
    return exit_code(report)


def _anew(case: Case, asked: Asked, followed: Allocation | None, found: Replanned, name: str) -> Anew | None:
    """What is said of the plan that was followed; `name` is that of the new one."""
    made = found.planned.plan.allocation
    if followed is None or made is None:
        return None
    sides = (side(str(asked.followed), case, followed), side(name, case, made))
    return Anew(
        asked.start,
        lines(case, followed, made, asked.start),
        None if found.closeness is None else wish_of(Prefer.STABLE, asked.within, found.closeness),
        compare(*sides, level=None, since=asked.start),
    )


def _studies(anew: Anew) -> Mapping[str, Any]:
    """The same as keys of the JSON."""
    return {
        "preference": None if anew.wish is None else wish_object(anew.wish),
        "difference": difference_object(anew.lines, language()),
        "changes": comparison_object(anew.changes, None, language()),
    }


def _left_aside(asked: Asked, executed: Allocation) -> tuple[str, ...]:
    """What was given and is not used, and what was not given and is missed."""
    years = [key[-1] for key in (*executed.money, *executed.units, *executed.exits)]
    later = sum(isinstance(year, int) and year >= asked.start for year in years)
    texts = []
    if later:
        texts.append(
            say(
                f"执行表中 {asked.start} 年及以后的 {later} 行没有采用：这些年份重新编制。",
                f"{later} lines of {asked.start} and later in the executed table are not used: "
                "these years are planned anew.",
            )
        )
    if asked.followed is None:
        texts.append(
            say(
                "没有用 --plan 指出原方案，因此只求最省，不求少变动。",
                "No plan was named with --plan, so the cheapest is taken, however much it changes.",
            )
        )
    return tuple(texts)


def _debts(case: Case, found: Replanned) -> tuple[str, ...]:
    return tuple(_debt(case, *key, fen).said(language()) for key, fen in found.debts.items())


def _report(
    case: Case, found: Replanned, asked: Asked, seconds: dict[str, float], notes: tuple[str, ...]
) -> PlanReport:
    planned = found.planned
    return PlanReport(
        case=case,
        plan=planned.plan,
        audit=planned.audit,
        options={"solver": asked.solver, "gap": asked.gap, "time_limit": asked.time_limit, "seed": asked.seed,
                 "from": asked.start, "within": str(asked.within)},
        seconds=seconds | dict(planned.plan.seconds),
        scenario=asked.scenario,
        conflict=None if planned.conflict is None else planned.conflict.ids,
        irreducible=None if planned.conflict is None else planned.conflict.irreducible,
        notes=notes,
        since=asked.start,
    )  # fmt: skip


def _debt(case: Case, pool: str, fund: str, fen: int) -> Text:
    place, title = case.regions[pool].name, case.funds[fund].title
    return Text(
        zh=f"{place}的{title.zh}此前超支 {wan(fen)} 万元，由以后年度的资金弥补",
        en=f"{title.en or title.zh} of {place}: overspent by {wan(fen)} 万元; later years make up for it",
    )


def _show(report: PlanReport, asked: Asked) -> None:
    if asked.form == "json":
        result(to_json(plan_object(report, language())), data=True)
        return
    if asked.form == "csv":
        if report.out is not None and report.plan.allocation is not None:
            result(write_allocation(report.plan.allocation, report.case), data=True)
        message(status_sentence(report, language()))
        return
    from optimizer.present.tables import plan_text

    text = plan_text(report, language(), screen())
    said_too = list(report.notes)
    history = _history(report)
    if history:
        zh = f"此前年份违反必须遵守的条款 {history} 处，已成事实，不计入本方案。"
        en = f"Hard statements violated before {asked.start}: {history}; this is history, not this plan's."
        said_too.insert(0, say(zh, en))
    if report.conflict is not None:
        zh = (
            f"上面的矛盾把 {asked.start} 年以前已发生的情况当作事实。跨年度的条款如已无法补救，可用 "
            "--set rule.编号.severity=advisory 改为只作提示，再重新编制。"
        )
        en = (
            f"The contradiction above takes what happened before {asked.start} as given. A rule over all "
            "years that can no longer be kept may be made a mere hint: --set rule.ID.severity=advisory."
        )
        said_too.append(say(zh, en))
    text += render([sentence(one) for one in said_too], screen())
    if report.anew is not None:
        text += "\n" + difference_text(report.anew.lines, asked.start, language(), screen())
        if report.anew.wish is not None:
            text += render([sentence(wish_text(report.anew.wish, language()))], screen())
        text += "\n" + comparison_text(report.anew.changes, None, language(), screen(), asked.start)
    result(text)


def _history(report: PlanReport) -> int:
    findings = () if report.audit is None else report.audit.findings
    return sum(
        f.broken and f.year is not None and report.since is not None and f.year < report.since
        for f in findings
    )
