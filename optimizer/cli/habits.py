"""`fenpei baseline`: what habit would do, written as an ordinary allocation with its audit."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from models.case import Case
from models.citation import Basis, Text
from models.factors import FactorMethod
from models.plan import Status
from optimizer.cli.failures import ExitCode, refuse
from optimizer.cli.language import language, say
from optimizer.cli.output import message, result, screen
from optimizer.cli.places import asked_level
from optimizer.cli.planning import write_plan
from optimizer.cli.progress import watching
from optimizer.present.baseline import baseline_object, baseline_text, shares_csv
from optimizer.present.folder import require_ours
from optimizer.present.objects import to_json
from optimizer.present.report import PlanReport
from optimizer.read import read_allocation, read_case, write_allocation
from optimizer.read.factors import read_factors
from optimizer.study.baseline import Baseline, Habit, Method, NothingToDivideError, make_baseline
from optimizer.study.baseline.shares import factor_title
from optimizer.study.planning import PlanOptions


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    case: Path
    method: str
    factors: str
    before: Path | None
    growth: Fraction
    level: str | None
    out: Path | None
    solver: str
    gap: float
    time_limit: float | None
    seed: int
    patches: tuple[str, ...]
    scenario: str | None
    form: str
    quiet: bool


def baseline_case(asked: Asked) -> ExitCode:
    """Divide by habit, plan within the shares, audit, write and show."""
    started = time.monotonic()
    case = read_case(asked.case, asked.patches, asked.scenario)
    habit = _habit(asked, case)
    seconds = {"read": time.monotonic() - started}
    out = asked.out or Path("outputs") / f"{case.id}-baseline-{asked.method}-{case.sha256[:8]}"
    require_ours(Path(os.path.realpath(out)))
    level = asked_level(case, asked.level)
    with watching(case, asked.quiet, weighed=True) as progress:
        options = PlanOptions(asked.solver, asked.gap, asked.time_limit, asked.seed, progress=progress)
        try:
            found = make_baseline(case, habit, options, level)
        except NothingToDivideError as error:
            refuse(error.text.zh, error.text.en or error.text.zh)
    report = _report(case, found, asked, seconds | dict(found.plan.seconds))
    if found.plan.status is Status.INFEASIBLE:
        message(
            say(
                "按这些份额没有任何可行的分配，目标和规则都不要求也不行；没有写出文件。",
                "With these shares nothing at all is possible, even without targets and rules; "
                "nothing was written.",
            )
        )
        return ExitCode.INFEASIBLE
    if found.allocation is None:
        message(
            say(
                "时限内没有得出分配表；没有写出文件。",
                "No allocation was found in time; nothing was written.",
            )
        )
        return ExitCode.UNPROVEN
    shares = found.divided.shares
    files = {"shares.csv": shares_csv(case, shares, found.allocation, language())}
    report = write_plan(report, out, case_path=asked.case, more=files)
    if asked.form == "json":
        result(to_json(baseline_object(report, found.lawful, language())), data=True)
    elif asked.form == "csv":
        result(write_allocation(found.allocation, case), data=True)
    else:
        result(baseline_text(report, shares, language(), screen()))
    return ExitCode.DONE


def _habit(asked: Asked, case: Case) -> Habit:
    method = Method(asked.method)
    factors: FactorMethod | None = read_factors(asked.factors) if method is Method.FACTOR else None
    if method is Method.LAST_YEAR and asked.before is None:
        refuse(
            "last-year 要用 --last 指出上年的分配表",
            "last-year needs the allocation of last year: --last FILE",
        )
    if method is not Method.LAST_YEAR and (asked.before is not None or asked.growth):
        refuse(
            "--last 和 --growth 只与 --method last-year 一起用",
            "--last and --growth go with --method last-year only",
        )
    before = None if asked.before is None else read_allocation(asked.before, case)
    return Habit(method, factors, before, asked.growth)


def _report(case: Case, found: Baseline, asked: Asked, seconds: dict[str, float]) -> PlanReport:
    notes = (*_said(case, found), *(text.said(language()) for text in found.divided.notes))
    return PlanReport(
        case=case,
        plan=found.plan,
        audit=found.audit,
        options={
            "baseline": asked.method,
            "factors": None if found.habit.factors is None else found.habit.factors.id,
            "growth": str(asked.growth),
            "solver": asked.solver,
            "gap": asked.gap,
            "time_limit": asked.time_limit,
            "seed": asked.seed,
        },
        seconds=seconds,
        scenario=asked.scenario,
        notes=notes,
    )


def _said(case: Case, found: Baseline) -> tuple[str, ...]:
    """What habit this is, and what it could not obey."""
    habit = METHOD_TITLES[found.habit.method]
    if found.habit.factors is not None:
        factors = found.habit.factors
        habit = Text(zh=f"{habit.zh}：{factors.title.zh}", en=f"{habit.en}: {factors.title.said(language())}")
    texts = [
        say(
            f"按习惯做法分配（{habit.zh}），各地在份额内尽力使用；目标未作约束。",
            f"Divided by habit ({habit.en}); each region spends its share as well as it can; "
            "targets do not bind.",
        )
    ]
    if found.habit.factors is not None:
        texts.append(_source(case, found.habit.factors))
    if not found.lawful:
        texts.append(
            say(
                "按这些份额无法同时遵守必须遵守的规则；违反之处见审核结果。",
                "With these shares the hard rules cannot all be kept; the audit lists what is broken.",
            )
        )
    return tuple(texts)


def _source(case: Case, factors: FactorMethod) -> str:
    """The factors with their weights, and where they are from: what nobody has verified says so."""
    whole = sum(factor.weight for factor in factors.factors)
    weights = [f"{factor_title(case, f, language())} {float(f.weight / whole):.1%}" for f in factors.factors]
    cited = factors.citation
    unsure = cited.basis in (Basis.ASSUMED, Basis.ILLUSTRATIVE)
    zh = f"因素与权重：{'、'.join(weights)}。来源：《{cited.document}》{cited.section}"
    en = f"Factors: {', '.join(weights)}. Source: {cited.document}, {cited.section}"
    return say(f"{zh}{'（未经核实）' if unsure else ''}。", f"{en}{' (unverified)' if unsure else ''}.")


METHOD_TITLES = {
    Method.FACTOR: Text(zh="因素法", en="factor method"),
    Method.EQUAL: Text(zh="平均分配", en="equal split"),
    Method.PER_HEAD: Text(zh="按贫困人口", en="per poor person"),
    Method.GREEDY: Text(zh="人均成本低者优先", en="lowest cost per person first"),
    Method.LAST_YEAR: Text(zh="上年基数加增幅", en="last year plus growth"),
}
