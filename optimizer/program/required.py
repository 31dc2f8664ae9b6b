"""What must be reached anyway: lower bounds on needs met and members out, region by region.

A target over several regions leaves each of them at least what the others cannot take over. These bounds are
implied by the other rows; writing them into the exit rows keeps the relaxation tight.
"""

from __future__ import annotations

import numpy as np

from models.policy import Need, NeedKind, Severity, Target, TargetKind
from models.rules.tree import Comparison
from optimizer.program.frame import Frame
from optimizer.program.matrix import Whole
from optimizer.program.measures import due_share, need_slack
from optimizer.program.targets import dues


def required_met(frame: Frame, need: Need) -> Whole:
    """Units of the need that every lawful plan has met, rounded down: (regions with a row, years)."""
    regions, amounts = frame.needs(need.id)
    bound = np.zeros(amounts.shape, dtype=np.int64)
    if not frame.tight:
        return bound
    for j, year in enumerate(frame.years):
        share = due_share(need, year)
        if share is not None:
            bound[:, j] = amounts[:, j] * share.numerator // share.denominator
    slack = need_slack(frame, need)
    most = amounts + slack.numerator // slack.denominator
    for target in _binding(frame, TargetKind.MET):
        if target.need == need.id:
            _implied(frame, target, regions, most, bound)
    return _lasting(bound) if need.kind is NeedKind.BACKLOG else bound


def required_out(frame: Frame, groups: tuple[str, ...]) -> Whole:
    """Members of the groups together that every lawful plan has out: (all regions, years)."""
    total = np.zeros((len(frame), len(frame.years)), dtype=np.int64)
    for group in groups:
        total[frame.members(group)[0]] += frame.stocks(group)
    bound = np.zeros_like(total)
    if not frame.tight:
        return bound
    everywhere = np.arange(len(frame))
    for target in _binding(frame, TargetKind.EXITS):
        if set(target.groups) == set(groups) and not any(_comes_back(frame, group) for group in groups):
            _implied(frame, target, everywhere, total, bound)
    return _lasting(bound)


def _comes_back(frame: Frame, group: str) -> bool:
    """Whether fewer of the group may be out in a year than in the year before."""
    item = frame.case.groups[group]
    return bool(item.relapse or item.revoked) or any(
        name == group for _, name, _ in frame.case.tables.revoked
    )


def _binding(frame: Frame, kind: TargetKind) -> list[Target]:
    return [
        target
        for target in frame.case.targets.values()
        if target.kind is kind
        and target.severity is Severity.HARD
        and target.cumulative
        and target.compare in (Comparison.AT_LEAST, Comparison.EQUAL)
    ]


def _implied(frame: Frame, target: Target, regions: Whole, most: Whole, bound: Whole) -> None:
    """Raise `bound` (regions, years) to what the others in the target's scope cannot reach."""
    for j, year in enumerate(frame.years):
        for scope, due in dues(frame, target, year):
            inside = np.isin(regions, scope.selected)
            rest = most[inside, j].sum() - most[inside, j]
            bound[inside, j] = np.maximum(bound[inside, j], due - rest)


def _lasting(bound: Whole) -> Whole:
    return np.maximum.accumulate(bound, axis=1)
