"""Targets: rows `target id` at the root or at each region of a level, for every year that has an amount.

Soft targets get a slack column that makes up the difference at a price.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.money import parts
from models.policy import Severity, Target, TargetKind
from optimizer.program.frame import Frame
from optimizer.program.matrix import Builder, Term, Whole, common, merged, term
from optimizer.program.measures import met_terms, scaled
from optimizer.program.people import exit_terms


@dataclass(frozen=True, eq=False)
class Scope:
    """One row's reach: the region that labels it and the selected regions."""

    label: int
    selected: Whole


def scopes(frame: Frame, target: Target, year: int) -> Iterator[Scope]:
    """The scopes of a target in a year: one at the root, or one for each region of `each`."""
    chosen = np.flatnonzero(_counted(frame, target) & frame.matching(target.where.condition, year=year))
    if target.each is None:
        yield Scope(frame.root, chosen)
        return
    tops = np.flatnonzero(frame.level == target.each.value)
    index, row = frame.above(chosen, frame.numbering(tops))
    for number, top in enumerate(tops):
        inside = np.sort(chosen[index[row == number]])
        if len(inside):
            yield Scope(int(top), inside)


def _counted(frame: Frame, target: Target) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Regions that have something the target counts."""
    mask = np.zeros(len(frame), dtype=np.bool_)
    if target.kind is TargetKind.EXITS:
        for group in target.groups:
            mask[frame.members(group)[0]] = True
    elif target.kind is TargetKind.MET and target.need is not None:
        mask[frame.needs(target.need)[0]] = True
    elif target.standard is not None:
        mask |= frame.matching(frame.case.standards[target.standard].where.condition)
    return mask


def dues(frame: Frame, target: Target, year: int) -> list[tuple[Scope, int]]:
    """Every scope of the target in a year with its right-hand side; none if it says nothing of the year."""
    if year not in target.amounts and year not in target.shares:
        return []
    every = list(scopes(frame, target, year))
    if year not in target.amounts:
        shares = [Fraction(_base(frame, target, scope, year)) * target.shares[year] for scope in every]
        due = [-(-exact.numerator // exact.denominator) for exact in shares]
    elif target.apportion is None:
        due = [target.amounts[year]] * len(every)
    else:
        due = list(parts(target.amounts[year], _weights(frame, target, every, year))) if every else []
    return list(zip(every, due, strict=True))


def _weights(frame: Frame, target: Target, every: list[Scope], year: int) -> list[Fraction]:
    """What an amount is shared out in proportion to."""
    if target.apportion == "stock":
        return [Fraction(_base(frame, target, scope, year)) for scope in every]
    regions = frame.case.regions
    return [regions[frame.ids[scope.label]].attributes[target.apportion or ""] for scope in every]


def _base(frame: Frame, target: Target, scope: Scope, year: int) -> int:
    """Stock, need or number of listed regions in the scope."""
    if target.kind is TargetKind.EXITS:
        stock = 0
        for group in target.groups:
            regions, members = frame.members(group)
            if target.entrants:
                members = frame.stocks(group)[:, frame.years.index(year)]
            stock += int(members[np.isin(regions, scope.selected)].sum())
        return stock
    if target.kind is TargetKind.MET and target.need is not None:
        regions, amounts = frame.needs(target.need)
        return int(amounts[np.isin(regions, scope.selected), frame.years.index(year)].sum())
    return len(scope.selected)


def add_target_rows(build: Builder, frame: Frame) -> None:
    """Rows of every target, hard and soft."""
    for target in frame.case.targets.values():
        if target.severity is Severity.ADVISORY:
            continue
        for j, year in enumerate(frame.years):
            for scope, due in dues(frame, target, year):
                _add_row(build, frame, target, scope, j, due)


def _add_row(build: Builder, frame: Frame, target: Target, scope: Scope, j: int, due: int) -> None:
    terms, multiplier = _reached(build, frame, target, scope, j)
    label = np.array([scope.label])
    if target.price is not None:
        terms = [
            *terms,
            *build.add_slack(target.id, label, target.compare, multiplier, target.price, frame.years[j]),
        ]
    build.add_rows(
        target.id,
        label,
        frame.years[j],
        target.compare,
        terms,
        constant=np.array([-due * multiplier]),
        multiplier=multiplier,
    )


def _reached(build: Builder, frame: Frame, target: Target, scope: Scope, j: int) -> tuple[list[Term], int]:
    """The target's left side (times the multiplier) as terms of one row."""
    if target.kind is TargetKind.EXITS:
        return _exits(build, frame, target, scope, j), 1
    if target.kind is TargetKind.MET:
        return _met(build, frame, target, scope, j)
    block = build.columns[f"left.{target.standard}"]
    regions = block.position[scope.selected]
    terms = [_one_row(block.index[regions, j], 1)]
    if not target.cumulative and j > 0:
        terms.append(_one_row(block.index[regions, j - 1], -1))
    return terms, 1


def _exits(build: Builder, frame: Frame, target: Target, scope: Scope, j: int) -> list[Term]:
    terms = []
    for group_id in target.groups:
        out = build.columns[f"out.{group_id}"]
        member = out.position[scope.selected]
        member = member[member >= 0]
        if target.cumulative:
            terms.append(_one_row(out.index[member, j], 1))
        else:
            terms += exit_terms(
                build, frame.case.groups[group_id], j, np.zeros(len(member), np.int64), member
            )
    return terms


def _met(build: Builder, frame: Frame, target: Target, scope: Scope, j: int) -> tuple[list[Term], int]:
    need = frame.case.needs[target.need or ""]
    regions, _ = frame.needs(need.id)
    chosen = np.isin(regions, scope.selected)
    terms, multiplier = met_terms(build, frame, need, frame.years[j])
    if not target.cumulative and j > 0:
        before, other = met_terms(build, frame, need, frame.years[j - 1])
        both = common([Fraction(1, multiplier), Fraction(1, other)])
        terms = scaled(terms, both // multiplier) + scaled(before, -(both // other))
        multiplier = both
    index = np.flatnonzero(chosen)
    return merged(terms, index, np.zeros_like(index)), multiplier


def _one_row(columns: Whole, value: int) -> Term:
    return term(np.zeros(columns.shape, dtype=np.int64), columns, value)
