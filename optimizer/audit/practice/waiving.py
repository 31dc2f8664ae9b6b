"""Waivers: findings that are accepted in writing stay where they are and no longer count as broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.case import Case
from models.catalogue import Catalogue, Waiving
from models.citation import Text
from models.finding import Finding, State
from models.policy import Severity
from models.rules.tree import Comparison

UNUSED = "waiver.unused"


def waived(
    case: Case, findings: Sequence[Finding], waivers: Sequence[Waiving], catalogue: Catalogue
) -> tuple[Finding, ...]:
    """The findings with their waivers; then one finding for every waiver that accepts nothing.

    Only what is violated is waived, by the first line that accepts it, and never what must not be.
    """
    used: set[int] = set()
    result = []
    for finding in findings:
        at = None
        if finding.state is State.VIOLATED and catalogue.unwaivable(finding.rule) is None:
            at = next((i for i, line in enumerate(waivers) if line.accepts(finding)), None)
        if at is not None:
            used.update(i for i, line in enumerate(waivers) if line.accepts(finding))
            finding = replace(finding, waiver=waivers[at].waiver)
        result.append(finding)
    unused = [line for i, line in enumerate(waivers) if i not in used]
    return (*result, *(_unused(case, line) for line in unused))


def _unused(case: Case, line: Waiving) -> Finding:
    year = "*" if line.year is None else str(line.year)
    what = f"{line.rule} / {line.region} / {year}" + (f" / {line.cell}" if line.cell else "")
    return Finding(
        rule=UNUSED,
        severity=Severity.ADVISORY,
        state=State.VIOLATED,
        region=line.region if line.region in case.regions else case.regions.root,
        year=line.year,
        left=None,
        compare=Comparison.EQUAL,
        right=None,
        margin=None,
        unit="finding",
        words=Text(
            zh=f"豁免没有对应的问题：{what}（{line.waiver.document}）",
            en=f"this waiver accepts nothing: {what} ({line.waiver.document})",
        ),
        evidence=(line.spot,),
        remedy=Text(
            zh="删去这一行，或更正编号、地区、年份", en="Remove the line, or correct its rule, region or year"
        ),
    )
