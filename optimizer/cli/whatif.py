"""`fenpei whatif`: runs over an unchanged case, exact curves and thresholds; stored, written, shown."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from models.case import Case
from optimizer.cli.failures import ExitCode, refuse
from optimizer.cli.language import language, say
from optimizer.cli.output import message, result, screen, write_file
from optimizer.cli.progress import PAUSE
from optimizer.cli.whatif_asked import AskedWhatIf
from optimizer.cli.whatif_exact import answer_exactly
from optimizer.present.objects import to_json
from optimizer.present.whatif_report import RunStatus, SweepReport
from optimizer.read import CaseErrors, read_case, read_runs

if TYPE_CHECKING:
    from optimizer.study.whatif.crew import Crew
    from optimizer.study.whatif.specs import Spec
    from optimizer.study.whatif.supervision import Report, SweepProgress


def what_if(asked: AskedWhatIf) -> ExitCode:
    """Do what was asked for: one exact answer, or a sweep."""
    from optimizer.study.whatif.specs import WhatIfError

    exact = [asked.curve, asked.least, asked.latest, asked.earliest or None]
    sweeping = bool(asked.vary or asked.runs or asked.scenarios)
    if sum(one is not None for one in exact) + sweeping != 1:
        refuse(
            "请给出 --vary、--runs、--scenario（可合用），或 --curve、--least、--latest、--earliest 之一",
            "give --vary, --runs or --scenario (together if you like), or one of --curve, --least, --latest, "
            "--earliest",
        )
    if (asked.engine == "dask") != (asked.scheduler is not None):
        refuse(
            "--engine dask 与 --scheduler 地址须同时给出", "--engine dask and --scheduler ADDRESS go together"
        )
    if asked.curve is None and (asked.start is not None or asked.end is not None):
        refuse("--from、--to 只用于 --curve", "--from and --to are for --curve only")
    if asked.engine == "dask" and not sweeping:
        refuse(
            "--engine dask 只用于 --vary、--runs、--scenario",
            "--engine dask is for --vary, --runs, --scenario",
        )
    try:
        if sweeping:
            return _sweep(asked)
        return answer_exactly(asked)
    except WhatIfError as error:
        refuse(error.text.zh, error.text.said(language()))


def _sweep(asked: AskedWhatIf) -> ExitCode:
    from optimizer.study.whatif.specs import axes_of, check_specs, same_names, specs, unknown_scenarios
    from optimizer.study.whatif.store import Store
    from optimizer.study.whatif.sweep import sweep

    axes, problems = axes_of(asked.vary)
    lines, wrong = ((), ()) if asked.runs is None else read_runs(asked.runs)
    problems = (*problems, *wrong)
    try:
        case = read_case(asked.case, asked.patches)
    except CaseErrors as errors:
        raise CaseErrors((*problems, *errors.problems)) from errors
    runs = specs(axes, lines, asked.scenarios, case)
    check_specs(case, runs, (*problems, *same_names(runs), *unknown_scenarios(asked.scenarios, lines, case)))
    if len(runs) == 1:
        refuse(f"{asked.runs} 里没有任何情形", f"{asked.runs} has no runs")
    out = asked.out or _default_out(case, runs, asked)
    with (
        closing(Store(Path(os.path.realpath(out)))) as store,
        watching_runs(asked.quiet, len(runs)) as report,
    ):
        try:
            swept = sweep(case, runs, asked.options, store, _crew(case, len(runs), asked), report)
        except KeyboardInterrupt:
            message(
                say(
                    f"已中断。算完的情形已存入 {out}，再次运行同一命令会接着算。",
                    f"Interrupted. Finished runs are kept in {out}: the same command goes on from there.",
                )
            )
            return ExitCode.UNPROVEN
    found = SweepReport(
        case=case,
        records=swept.records,
        axes=axes,
        relaxed=asked.relaxed,
        options={
            "solver": asked.solver,
            "gap": asked.gap,
            "time_limit": asked.time_limit,
            "seed": asked.seed,
            "engine": asked.engine,
        },
        seconds=swept.seconds,
        resumed=swept.resumed,
        crashed=swept.crashed,
        out=str(out),
        source=str(asked.case),
    )
    _write(found, out)
    _show(found, asked)
    return _exit_code(found)


def _crew(case: Case, runs: int, asked: AskedWhatIf) -> Callable[[], Crew]:
    def local() -> Crew:
        from optimizer.study.whatif.crew import Processes

        return Processes(case, asked.options, min(asked.workers or cores(), runs))

    def cluster() -> Crew:
        from optimizer.study.whatif.cluster import Cluster

        return Cluster(case, asked.options, asked.scheduler or "")

    return cluster if asked.engine == "dask" else local


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _default_out(case: Case, runs: Sequence[Spec], asked: AskedWhatIf) -> Path:
    """`outputs/<case>-whatif-<hash of what was asked>`: the same command finds its own folder again."""
    facts = [case.sha256, [run.patches for run in runs], [run.name for run in runs], repr(asked.options)]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    return Path("outputs") / f"{case.id}-whatif-{digest[:8]}"


def _write(report: SweepReport, out: Path) -> None:
    from optimizer.present.whatif_files import chart_svg, runs_csv, sweep_object

    for name, content in (
        ("whatif.json", to_json(sweep_object(report, language()))),
        ("runs.csv", runs_csv(report, language())),
        ("chart.svg", chart_svg(report, language())),
    ):
        write_file(out, name, content)


def _show(report: SweepReport, asked: AskedWhatIf) -> None:
    from optimizer.present.whatif_files import runs_csv, sweep_object

    if asked.form == "json":
        result(to_json(sweep_object(report, language())), data=True)
    elif asked.form == "csv":
        result(runs_csv(report, language()), data=True)
    else:
        from optimizer.present.whatif_text import sweep_text

        result(sweep_text(report, language(), screen()))


def _exit_code(report: SweepReport) -> ExitCode:
    """0: every run has its answer; 1: a plan broke a rule; 4: some run is without proof."""
    if any((record.audit or {}).get("violated") and record.message for record in report.records):
        return ExitCode.BROKEN
    unsure = {RunStatus.FEASIBLE, RunStatus.UNKNOWN}
    return ExitCode.UNPROVEN if any(r.status in unsure for r in report.records) else ExitCode.DONE


@contextmanager
def watching_runs(quiet: bool, runs: int) -> Iterator[Report | None]:
    """A bar with the time left in a terminal, else a line now and then; nothing if quiet."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        words, left = TextColumn("{task.description}"), TextColumn("{task.fields[left]}")
        columns = (words, BarColumn(), MofNCompleteColumn(), left)
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(say("正在计算", "running"), total=runs, left="")
            yield lambda now: bar.update(task, completed=now.done, left=_left(now))
    else:
        yield _Lines().show


class _Lines:
    """A line every few seconds."""

    def __init__(self) -> None:
        self._last = monotonic()

    def show(self, now: SweepProgress) -> None:
        """Write a line when the last one is old enough."""
        if monotonic() - self._last >= PAUSE:
            self._last = monotonic()
            message(f"{now.done}/{now.total} {_left(now)}")


def _left(now: SweepProgress) -> str:
    if now.left is None:
        return say(f"已用 {now.seconds:.0f} 秒", f"{now.seconds:.0f} s so far")
    return say(f"约剩 {now.left:.0f} 秒", f"about {now.left:.0f} s left")
