"""`fenpei explain`: read, explain, show; exit code 3 where the case has no plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.case import Case
from models.plan import Status
from optimizer.cli.failures import ExitCode, refuse
from optimizer.cli.language import language
from optimizer.cli.options import typed
from optimizer.cli.output import result, screen
from optimizer.cli.progress import watching
from optimizer.present.explain_report import ExplainReport, explain_csv, explain_object, explain_text
from optimizer.present.objects import to_json
from optimizer.read import read_case


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    case: Path
    keep: tuple[str, ...]
    relax: tuple[str, ...]
    region: str | None
    most: int
    time_limit: float | None
    patches: tuple[str, ...]
    scenario: str | None
    form: str
    quiet: bool


def explain_case(asked: Asked) -> ExitCode:
    """Explain the case; 0 with a plan, 3 without one, 4 where neither is known."""
    from optimizer.study.explain.explain import ExplainOptions, explain

    case = read_case(asked.case, asked.patches, asked.scenario)
    region = None if asked.region is None else _region(case, asked.region)
    _known(case, (*asked.keep, *asked.relax))
    with watching(case, asked.quiet) as progress:
        options = ExplainOptions(
            keep=asked.keep,
            relax=asked.relax,
            region=region,
            time_limit=asked.time_limit,
            most=asked.most,
            progress=progress,
        )
        found = explain(case, options)
    report = ExplainReport(case, found, str(asked.case), typed(asked.scenario, asked.patches))
    if asked.form == "json":
        result(to_json(explain_object(report, language())), data=True)
    elif asked.form == "csv":
        result(explain_csv(report, language()), data=True)
    else:
        result(explain_text(report, language(), screen()))
    codes = {Status.INFEASIBLE: ExitCode.INFEASIBLE, Status.UNKNOWN: ExitCode.UNPROVEN}
    return codes.get(found.plan.status, ExitCode.DONE)


def _region(case: Case, wanted: str) -> str:
    """A region by its id or its name."""
    if wanted in case.regions:
        return wanted
    found = [region.id for region in case.regions if region.name == wanted]
    if len(found) == 1:
        return found[0]
    shown = " ".join(list(case.regions.ids)[:12])
    refuse(
        f"--region：案例里没有唯一的地区“{wanted}”；可用编号如：{shown}",
        f"--region: the case has no single region {wanted!r}; ids are such as: {shown}",
    )


def _known(case: Case, patterns: tuple[str, ...]) -> None:
    """Every pattern must name something that could be changed."""
    from optimizer.study.explain.explain import unknown_ids

    for pattern in unknown_ids(case, patterns) if patterns else []:
        shown = " ".join([*case.funds, *case.targets, *case.rules][:12])
        refuse(
            f"--keep/--relax：“{pattern}”没有对应的资金、目标、需求、能力或规则；可用编号如：{shown}",
            f"--keep/--relax: {pattern!r} names no fund, target, need, capacity or rule; ids are: {shown}",
        )
