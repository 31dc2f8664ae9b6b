"""`fenpei stress`: how often a plan holds when figures turn out otherwise; stored draw by draw, resumable."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from models.case import Case
from optimizer.cli.failures import ExitCode, refuse
from optimizer.cli.language import language, say
from optimizer.cli.output import message, result, screen, write_file
from optimizer.cli.places import case_at_first, require_known
from optimizer.cli.whatif import cores, watching_runs
from optimizer.present.objects import to_json
from optimizer.present.stress_report import StressReport, stress_csv, stress_object, stress_text
from optimizer.read import read_allocation
from optimizer.study.uncertainty.protect import open_reserves
from optimizer.study.uncertainty.stress import NO_RESERVES, key_of, stress, summed, work
from optimizer.study.whatif.crew import Crew, Processes, Work
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.store import Store


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    plan: Path
    case: Path | None
    draws: int
    workers: int | None
    seed: int
    time_limit: float | None
    out: Path | None
    form: str
    quiet: bool


def stress_plan(asked: Asked) -> ExitCode:
    """Draw, carry the plan out, count, write and show."""
    case, protection = case_at_first(asked.plan, asked.case, asked.quiet)
    if not case.uncertain:
        refuse(
            "案例没有 uncertainty.yaml，没有可抽样的不确定项",
            "the case has no uncertainty.yaml, so there is nothing to draw",
        )
    allocation = read_allocation(asked.plan, case)
    require_known(case, allocation, asked.plan)
    options = RunOptions(time_limit=asked.time_limit, seed=asked.seed)
    reserves = NO_RESERVES if protection is None else open_reserves(case, allocation, protection)
    key = key_of(case, allocation, asked.seed, options, reserves)
    out = asked.out or Path("outputs") / f"{case.id}-stress-{key[:8]}"
    crew = partial(
        _crew, case, partial(work, allocation, asked.seed, reserves=dict(reserves)), options, asked
    )
    with closing(Store(Path(os.path.realpath(out)))) as store:
        try:
            with watching_runs(asked.quiet, asked.draws) as report:
                found = stress(asked.draws, store, key, crew, report)
        except KeyboardInterrupt:
            message(
                say(
                    f"已中断。算完的抽样已存入 {out}，再次运行同一命令会接着算。",
                    f"Interrupted. Finished draws are kept in {out}: the same command goes on from there.",
                )
            )
            return ExitCode.UNPROVEN
    told = summed(case, str(asked.plan), asked.seed, found, str(out), reserves)
    write_file(out, "stress.json", to_json(stress_object(told, language())))
    write_file(out, "stress.csv", stress_csv(told, language()))
    _show(told, asked)
    return ExitCode.UNPROVEN if told.unanswered else ExitCode.DONE


def _crew(case: Case, work: Work, options: RunOptions, asked: Asked) -> Crew:
    size = min(asked.workers or cores(), asked.draws)
    return Processes(case, options, size, work)


def _show(report: StressReport, asked: Asked) -> None:
    if asked.form == "json":
        result(to_json(stress_object(report, language())), data=True)
    elif asked.form == "csv":
        result(stress_csv(report, language()), data=True)
    else:
        result(stress_text(report, language(), screen()))
