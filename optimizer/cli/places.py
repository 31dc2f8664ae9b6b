"""Whose plan it is, and which level of regions is meant: what several commands ask before they begin."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from models.allocation import Allocation
from models.case import Case
from models.region import Level
from optimizer.cli.failures import refuse
from optimizer.cli.language import language, say
from optimizer.cli.output import message
from optimizer.present.words import word
from optimizer.read import read_case
from optimizer.read.patch import patched_sha256

#: Ids shown in a message.
MOST = 8


def asked_level(case: Case, wanted: str | None) -> Level | None:
    """The level that `--level` names; None where nothing was said. A level without regions is refused."""
    if wanted is None:
        return None
    level, there = Level(wanted), {region.level: None for region in case.regions}
    if level not in there:
        there.pop(Level.PROVINCE, None)
        known = "、".join(f"{one.value}（{word(one, language())}）" for one in there)
        refuse(
            f"案例里没有{word(level, language())}一级的地区；--level 可用：{known}",
            f"the case has no region of the level {level.value}; --level may be: "
            + ", ".join(one.value for one in there),
        )
    return level


def case_of(path: Path, way: Path | None, quiet: bool) -> Case:
    """The case of a plan: its folder knows it, and the patches; a bare file needs `--case` (`way`).

    A table in a plan's folder (an alternative, say) belongs to the plan's case.
    """
    return _case_of(path, way, _made_with(path, way), (), quiet, two=True)


def case_at_first(path: Path, way: Path | None, quiet: bool) -> tuple[Case, Fraction | None]:
    """The case of a plan without the worse ends that `--protect` planned for, and how much that protects.

    What is drawn is drawn from the figures of the case, not from their worse ends.
    """
    made = _made_with(path, way)
    shield = made.get("protection") or {}
    case = _case_of(path, way, made, tuple(shield.get("patches", ())), quiet, two=False)
    protect = shield.get("protect")
    return case, None if protect is None else Fraction(str(protect))


def _case_of(
    path: Path, way: Path | None, made: Mapping[str, Any], without: tuple[str, ...], quiet: bool, *, two: bool
) -> Case:
    """`without`: the last patches of the plan, which are left out; `two`: the command takes two plans."""
    folder = path if path.is_dir() else path.parent
    if way is None:
        known = made.get("case_path")
        if not isinstance(known, str) or not (folder / known).exists():
            zh, en = ("（两个方案的案例不同时写两次）", " (twice if they have two)") if two else ("", "")
            refuse(
                f"不知道 {path} 属于哪个案例；请用 --case 指出{zh}",
                f"the case of {path} is not known; name it with --case{en}",
            )
        way = folder / known
    patches = tuple(made.get("patches", ()))
    case = read_case(way, patches[: len(patches) - len(without)])
    _require_same(case, made, path, way)
    _say_if_changed(patched_sha256(case.sha256, without), made, path, quiet)
    return case


def require_known(case: Case, allocation: Allocation, path: Path) -> None:
    """Refuse an allocation with places, measures or funds that the case lacks: how they fare is unknown."""
    collections: tuple[Container[object], ...] = (case.regions, case.measures, case.funds)
    unknown = [
        str(id)
        for key in (*allocation.money, *allocation.units)
        for id, known in zip(key[:-1], collections, strict=False)
        if id not in known
    ]
    if unknown:
        listed = list(dict.fromkeys(unknown))
        shown = " ".join(listed[:MOST]) + (" ..." if len(listed) > MOST else "")
        refuse(
            f"{path} 里有案例 {case.id} 没有的地区、措施或资金：{shown}；请核对 --case",
            f"{path} names regions, measures or funds that the case {case.id} does not have: {shown}; "
            "check --case",
        )


def require_plan_of(case: Case, path: Path | None) -> None:
    """Refuse a plan's folder that says it is of another case."""
    if path is not None and path.is_dir():
        _require_same(case, _made_with(path, None), path, None)


def _require_same(case: Case, made: Mapping[str, Any], path: Path, way: Path | None) -> None:
    """A plan's folder says whose plan it is: held against another case it would mean nothing."""
    if made.get("case", case.id) != case.id:
        refuse(
            f"{path} 是案例 {made['case']} 的方案，{way or '要编制的'} 却是案例 {case.id}；请核对方案和案例",
            f"{path} is a plan of the case {made['case']}, and {way or 'the one to plan'} is the case "
            f"{case.id}: check the plan and the case",
        )


def _made_with(path: Path, way: Path | None) -> Mapping[str, Any]:
    """What plan.json says; nothing where there is none, or where a bare table is said to be of a case."""
    folder = path if path.is_dir() else path.parent
    if way is not None and not path.is_dir():
        return {}
    try:
        found = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _say_if_changed(sha256: str, made: Mapping[str, Any], path: Path, quiet: bool) -> None:
    if made and made.get("sha256") != sha256 and not quiet:
        message(
            say(
                f"注意：案例数据与编制 {path} 时的不同，这里用现在的数据。",
                f"Note: the case is not as it was when {path} was made; today's data are used.",
            )
        )
