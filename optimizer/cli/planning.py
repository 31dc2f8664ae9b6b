"""`fenpei plan`: read, plan, write, show; and the exit code that says how sure the answer is."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from models.case import Case
from models.plan import Status
from optimizer.cli.failures import ExitCode, refuse
from optimizer.cli.language import language
from optimizer.cli.options import ANY_ENGINE, GRAINS, typed
from optimizer.cli.output import message, result, screen
from optimizer.cli.progress import watching
from optimizer.present.csv_texts import csv_text
from optimizer.present.folder import replacing, require_ours
from optimizer.present.objects import plan_object, scenarios_object, to_json
from optimizer.present.plan_files import plan_files
from optimizer.present.report import PlanReport
from optimizer.present.sentences import conflict_sentence, status_sentence
from optimizer.program import Program
from optimizer.read import read_case, write_allocation


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    case: Path
    out: Path | None
    grain: str
    second: str | None
    prefer: str | None
    against: Path | None
    within: Fraction
    level: str | None
    alternatives: int | None
    protect: Fraction | None
    program_file: Path | None
    solver: str
    gap: float
    time_limit: float | None
    seed: int
    patches: tuple[str, ...]
    scenario: str | None
    form: str
    quiet: bool

    @property
    def made_with(self) -> str:
        """The options that make another case of the same files, as they are typed."""
        return typed(self.scenario, self.patches)

    @property
    def options(self) -> dict[str, str | int | float | None]:
        """What a report says of them."""
        return {
            "solver": self.solver,
            "gap": self.gap,
            "time_limit": self.time_limit,
            "seed": self.seed,
            "round_fen": GRAINS[self.grain],
            "cross_check": self.second,
            "prefer": self.prefer,
            "within": str(self.within),
        }


def plan_case(asked: Asked) -> ExitCode:
    """Make, write and show the plan."""
    from optimizer.cli.preferring import Wanted, study
    from optimizer.study.planning import PlanOptions

    asked = replace(asked, second=_second(asked.second, asked.solver))
    started = time.monotonic()
    case = read_case(asked.case, asked.patches, asked.scenario)
    seconds = {"read": time.monotonic() - started}
    out = asked.out or default_out(case, asked.scenario)
    require_ours(Path(os.path.realpath(out)))
    with watching(case, asked.quiet) as progress:
        options = PlanOptions(
            engine=asked.solver,
            gap=asked.gap,
            time_limit=asked.time_limit,
            seed=asked.seed,
            grain=GRAINS[asked.grain],
            second=asked.second,
            progress=progress,
        )
        wanted = Wanted(
            asked.prefer, asked.against, asked.within, asked.level, asked.alternatives, asked.protect
        )
        studied = study(case, options, wanted)
    planned = studied.planned
    report = PlanReport(
        case=studied.case,
        plan=planned.plan,
        audit=planned.audit,
        options=asked.options,
        seconds=seconds | dict(planned.plan.seconds),
        scenario=asked.scenario,
        conflict=None if planned.conflict is None else planned.conflict.ids,
        irreducible=None if planned.conflict is None else planned.conflict.irreducible,
        notes=planned.notes,
        studies=studied.studies,
        wish=studied.wish,
        others=studied.others,
    )
    if asked.program_file is not None:
        _write_program(planned.program, asked.program_file)
    if report.plan.allocation is not None and not report.broken:
        report = write_plan(report, out, asked.made_with, asked.case, studied.files)
    _show(report, asked, studied.text)
    return exit_code(report)


def default_out(case: Case, scenario: str | None) -> Path:
    """`outputs/<case>[-<scenario>]-<first 8 of its hash>` in the current folder."""
    name = case.id if scenario is None else f"{case.id}-{scenario}"
    return Path("outputs") / f"{name}-{case.sha256[:8]}"


def exit_code(report: PlanReport) -> ExitCode:
    """0 proven and clean, 1 broken, 3 infeasible, 4 without proof."""
    if report.broken:
        return ExitCode.BROKEN
    codes = {Status.OPTIMAL: ExitCode.DONE, Status.INFEASIBLE: ExitCode.INFEASIBLE}
    return codes.get(report.plan.status, ExitCode.UNPROVEN)


def write_plan(
    report: PlanReport,
    out: Path,
    made_with: str = "",
    case_path: Path | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> PlanReport:
    """Write the folder whole; plan.json holds the report that comes back, with its place and seconds.

    `case_path`: where the case is, so that the plan can be compared without naming it again; `more`: further
    files by name.
    """
    started = time.monotonic()
    if report.plan.allocation is None:
        return report
    table = write_allocation(report.plan.allocation, report.case)
    facts = {
        "case": report.case.id,
        "case_sha256": report.case.sha256,
        "status": report.plan.status.value,
        "made_with": made_with,
    }
    with replacing(out, facts) as folder:
        for name, content in plan_files(report, table, language(), more):
            folder.write(name, content)
        seconds = {**report.seconds, "write": time.monotonic() - started}
        way = None if case_path is None else os.path.relpath(case_path, out)
        report = replace(report, out=str(out), case_path=way, seconds=seconds)
        folder.write("plan.json", to_json(plan_object(report, language())))
    return report


def _second(wanted: str | None, first: str) -> str | None:
    """The engine for the cross-check: the one named, or the first other that is installed."""
    from optimizer.solve import engines

    if wanted is None:
        return None
    others = [engine.name for engine in engines() if engine.installed and engine.name != first]
    if wanted == first:
        refuse(f"复核须用另一个求解器，不能仍是 {first}", f"a cross-check needs another engine than {first}")
    if wanted == ANY_ENGINE and not others:
        refuse("没有安装可用于复核的其他求解器", "no other engine is installed for a cross-check")
    return others[0] if wanted == ANY_ENGINE else wanted


def _write_program(program: Program, path: Path) -> None:
    """The linear program as a file, whole or not at all."""
    from optimizer.solve import write

    beside = path.with_name(f".{path.stem}.{uuid.uuid4().hex[:8]}{path.suffix}")
    try:
        write(program.problem(), program.row_names(), program.column_names(), beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _show(report: PlanReport, asked: Asked, more: str) -> None:
    if asked.form == "json":
        result(to_json(plan_object(report, language())), data=True)
    elif asked.form == "csv":
        if report.plan.allocation is not None and not report.broken:
            result(write_allocation(report.plan.allocation, report.case), data=True)
    else:
        from optimizer.present.tables import plan_text

        result(plan_text(report, language(), screen()) + more)
        return
    if not asked.quiet or not report.proven:
        message(status_sentence(report, language()))
        if report.conflict is not None:
            message(f"{conflict_sentence(report, language())} {' '.join(report.conflict)}")


def list_scenarios(path: Path, form: str) -> ExitCode:
    """The scenarios of a case."""
    case = read_case(path)
    if form == "json":
        result(to_json(scenarios_object(case, language())), data=True)
    elif form == "csv":
        rows = (
            [s.id, s.title.said(language()), s.why.said(language()), " ".join(s.patches)]
            for s in case.scenarios.values()
        )
        result(csv_text(["scenario", "title", "why", "patches"], rows), data=True)
    else:
        from optimizer.present.tables import scenarios_text

        result(scenarios_text(case, language(), screen()))
    return ExitCode.DONE
