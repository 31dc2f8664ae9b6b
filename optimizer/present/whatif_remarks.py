"""What a what-if has to add to its figures: a curve where whole lots have no plan, and how to learn why not.

Both end in a command that can be copied; `source` is the folder of the case as the user named it.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import pairwise

from models.citation import Language
from models.money import wan
from optimizer.present.whatif_report import RunRecord, RunStatus, SweepReport
from optimizer.present.words import said


def without_a_plan(solved: Sequence[tuple[int, RunRecord]]) -> tuple[int, ...]:
    """The levels of a curve, fen, at which quantities can be split up but no plan in whole lots exists."""
    return tuple(fen for fen, record in solved if record.status is RunStatus.INFEASIBLE)


def whole_lots_sentence(solved: Sequence[tuple[int, RunRecord]], language: Language) -> str:
    """Why the curve has a value where the plan in whole lots has none; "" where there is no such level."""
    levels = without_a_plan(solved)
    if not levels:
        return ""
    named = said(language, "、", ", ").join(wan(fen) for fen in levels)
    zh = (
        f"额度为 {named} 万元时曲线上有数值，整数方案却无解，两者并不矛盾：曲线把数量（户、人、亩等）"
        "看作可以拆分，实际的数量须为整数。"
    )
    en = (
        f"At {named} 万元 the curve has a value and the whole-number plan is infeasible. Both are true: on "
        "the curve quantities (households, persons, mu) can be split, in a plan they are whole."
    )
    if least_is_higher(solved):
        zh += "取整之后，最低额度比曲线的起点高。"
        en += " In whole quantities the least level is higher than where the curve begins."
    return said(language, zh, en)


def least_is_higher(solved: Sequence[tuple[int, RunRecord]]) -> bool:
    """Whether only the lowest levels of a curve have no plan in whole lots."""
    levels, planned = without_a_plan(solved), [fen for fen, record in solved if record.objective is not None]
    return bool(levels and planned) and max(levels) < min(planned)


def least_command(source: str, path: str, patches: Sequence[str]) -> str:
    """The command that finds the least level in whole quantities."""
    return _command("whatif", source, patches, "--least", path)


def explained_run(report: SweepReport) -> RunRecord | None:
    """The infeasible run that tells most: the case as it stands, else one beside a run that has a plan."""
    if report.base.status is RunStatus.INFEASIBLE:
        return report.base
    wanting = [record for record in report.records if record.status is RunStatus.INFEASIBLE]
    for one, other in pairwise(report.records[1:]):
        if (one.status is RunStatus.INFEASIBLE) != (other.status is RunStatus.INFEASIBLE):
            return one if one.status is RunStatus.INFEASIBLE else other
    return wanting[0] if wanting else None


def explain_command(report: SweepReport) -> str | None:
    """The command that says why a run of the sweep is infeasible; None where every run has an answer."""
    record = explained_run(report)
    if record is None:
        return None
    return explain_run(report.source, (*report.case.patches, *record.patches))


def explain_run(source: str, patches: Sequence[str]) -> str:
    """The command that explains the case with these changes."""
    return _command("explain", source, patches)


def _command(name: str, source: str, patches: Sequence[str], *options: str) -> str:
    changes = [word for patch in patches for word in ("--set", patch)]
    return shlex.join(["fenpei", name, source, *changes, *options])
