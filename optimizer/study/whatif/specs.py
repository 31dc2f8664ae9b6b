"""What is to be run: ranges of levels, grids, files of runs and scenarios become `Spec`s in a fixed order.

Run 0 is the case as it stands. Each other run has a parent, the run it starts from: levels go outward from
the unchanged case in chains, so that neighbours help each other, two chains side by side.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from models.case import Case
from models.citation import Text
from models.rules.source import nearest
from optimizer.present.whatif_report import Axis
from optimizer.read import CaseErrors, RunLine, apply_patches, at_place
from optimizer.read.problems import Log, Place, Problem
from optimizer.read.runs_file import OF_THE_PATH

#: Levels in one stretch outward, whose first runs start from the unchanged case.
STRETCH = 16
#: Chains side by side in a stretch, each of every other level: where levels far from the case take ten times
#: as long as those near it, one chain would leave all processors but one with nothing to do.
CHAINS = 2
#: More runs than this are a slip of the pen.
MOST_RUNS = 100_000
#: What is wrong with every level of a range alike.
OF_ALL_LEVELS = OF_THE_PATH | {"patch-open"}
#: The name of the run without changes.
BASE = "base"

_LEVEL = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]+)?)\s*([^0-9.+-]*)")


class WhatIfError(Exception):
    """What was asked for cannot be: `text` says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


@dataclass(frozen=True)
class Spec:
    """One run: its patches on top of the case, and the run it starts from."""

    name: str
    patches: tuple[str, ...]
    note: str = ""
    point: tuple[int, ...] | None = None
    """Number of the level on each axis."""
    parent: int = 0
    lines: tuple[RunLine, ...] = ()


def axes_of(texts: Sequence[str]) -> tuple[tuple[Axis, ...], tuple[Problem, ...]]:
    """The ranges that can be read, and what is wrong with each of the others."""
    axes: list[Axis] = []
    wrong: list[Problem] = []
    for text in texts:
        try:
            axes.append(axis(text))
        except WhatIfError as error:
            wrong.append(_wrong(Place(f"--vary {text}"), error.text))
    paths = [one.path for one in axes]
    for path in sorted({path for path in paths if paths.count(path) > 1}):
        cause = Text(zh="同一路径给了两次", en="the path is given twice")
        remedy = Text(zh="请把各档写在一个 --vary 里", en="Write its levels in one --vary")
        wrong.append(_wrong(Place(f"--vary {path}"), cause, remedy))
    return tuple({one.path: one for one in axes}.values()), tuple(wrong)


def _wrong(place: Place, cause: Text, remedy: Text | None = None) -> Problem:
    """What cannot be asked for, said at its place like any other fault of the input."""
    nothing = Text(zh="", en="")
    return Problem(place, cause, "", nothing, nothing if remedy is None else remedy, "cannot-be-asked")


def axis(text: str) -> Axis:
    """`PATH=FROM:TO:STEP` or `PATH=LEVEL,LEVEL,...`. Raises WhatIfError."""
    path, equals, values = (part.strip() for part in text.partition("="))
    if not (path and equals and values):
        raise WhatIfError(
            "应写作 路径=起:止:步长，如 fund.central.amount=0.7x:1.3x:0.05x",
            "must be PATH=FROM:TO:STEP, such as fund.central.amount=0.7x:1.3x:0.05x",
        )
    levels = _range(values) if ":" in values else tuple(v.strip() for v in re.split("[,，]", values))
    if not all(levels):
        raise WhatIfError("逗号之间有空的值", "there is nothing between two commas")
    same = [found if (found := factor(level)) is not None else level for level in levels]
    twice = next((level for i, level in enumerate(levels) if same[i] in same[:i]), None)
    if twice is not None:
        raise WhatIfError(f"「{twice}」与前面的值重复", f"{twice!r} repeats a level before it")
    return Axis(path, tuple(levels))


def _range(values: str) -> tuple[str, ...]:
    parts = [_LEVEL.fullmatch(part.strip()) for part in values.split(":")]
    if len(parts) != 3 or not all(parts):
        raise WhatIfError(
            "范围应为 起:止:步长，都是带单位的数",
            "a range is FROM:TO:STEP, three numbers with their unit",
        )
    signs, numbers, units = zip(*(part.groups() for part in parts if part), strict=True)
    unit = units[0].strip()
    if {other.strip() for other in units} - {unit}:
        zh, en = (
            joint.join(one.strip() or none for one in units)
            for joint, none in (("、", "（无单位）"), (", ", "(none)"))
        )
        raise WhatIfError(
            f"三个数的单位不一致：{zh}；每个数都要写明同样的单位，0 也要写",
            f"the three numbers have different units: {en}; write the same unit after each, after 0 too",
        )
    adding = bool(signs[0] or signs[1])
    first, last, step = (
        Decimal(f"{sign if sign == '-' else ''}{number}") for sign, number in zip(signs, numbers, strict=True)
    )
    if step <= 0 or last < first:
        raise WhatIfError(
            "步长须大于 0，且止不小于起",
            "the step must be above 0 and TO not below FROM",
        )
    count = int((last - first) / step) + 1
    if count > MOST_RUNS:
        raise WhatIfError(
            f"有 {count:,} 个值，最多 {MOST_RUNS:,} 个；请加大步长",
            f"{count:,} levels are more than {MOST_RUNS:,}; make the step longer",
        )
    levels = (first + step * i for i in range(count))
    return tuple(f"{'+' if adding and level >= 0 else ''}{_plain(level)}{unit}" for level in levels)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def factor(level: str) -> Decimal | None:
    """The factor of a level such as `0.95x` or `95%x`; None for anything else."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(%?)\s*[x×]", level)
    if found is None:
        return None
    number = Decimal(found.group(1))
    return number / 100 if found.group(2) else number


def specs(
    axes: Sequence[Axis], lines: Sequence[RunLine], scenarios: Sequence[str], case: Case
) -> tuple[Spec, ...]:
    """All runs in order: the case, the grid, the file's runs, the scenarios. Raises WhatIfError.

    Scenarios that the case does not have are left out: `unknown_scenarios` says so.
    """
    total = 1
    for one in axes:
        total *= len(one.levels)
    if total > MOST_RUNS:
        raise WhatIfError(f"共 {total:,} 种组合，太多了", f"{total:,} combinations are too many")
    runs = [Spec(BASE, ())]
    runs += _grid(axes) if axes else []
    by_name: dict[str, list[RunLine]] = {}
    for line in lines:
        by_name.setdefault(line.run, []).append(line)
    for name, group in by_name.items():
        notes = dict.fromkeys(line.note for line in group if line.note)
        patches = tuple(patch for line in group for patch in _patches(line, case))
        runs.append(Spec(name, patches, "; ".join(notes), lines=tuple(group)))
    runs += [Spec(name, tuple(case.scenarios[name].patches)) for name in scenarios if name in case.scenarios]
    return tuple(runs)


def same_names(runs: Sequence[Spec]) -> tuple[Problem, ...]:
    """Every name that more than one run has; the unchanged case is a run, too."""
    counted = Counter(run.name for run in runs)
    wrong = []
    for name, last in {run.name: run for run in runs if counted[run.name] > 1}.items():
        place = replace(last.lines[0].place, column="run") if last.lines else Place(f"--scenario {name}")
        cause = Text(zh=f"有同名的情形「{name}」", en=f"another run has the name {name!r}")
        wrong.append(_wrong(place, cause, Text(zh="请改名，或去掉重复的", en="Rename it, or leave it out")))
    return tuple(wrong)


def _grid(axes: Sequence[Axis]) -> list[Spec]:
    """Every combination; chains run along the last axis, outward from the unchanged level."""
    sizes = [len(one.levels) for one in axes]
    points = list(product(*(range(size) for size in sizes)))
    before = _before(axes[-1])
    at = {point: 1 + i for i, point in enumerate(points)}
    runs = []
    for point in points:
        levels = [(one.path, one.levels[i]) for one, i in zip(axes, point, strict=True)]
        last = before[point[-1]]
        runs.append(
            Spec(
                ", ".join(f"{path}={level}" for path, level in levels),
                tuple(f"{path}={level}" for path, level in levels),
                point=point,
                parent=0 if last is None else at[*point[:-1], last],
            )
        )
    return runs


def _before(one: Axis) -> list[int | None]:
    """For each level the one it starts from; None: the unchanged case."""
    factors = [factor(level) for level in one.levels]
    below = [i for i, value in enumerate(factors) if value is not None and value < 1]
    above = [i for i, value in enumerate(factors) if value is None or value >= 1]
    if None not in factors:
        below.sort(key=lambda i: -(factors[i] or 0))
        above.sort(key=lambda i: factors[i] or 0)
    before: list[int | None] = [None] * len(one.levels)
    for side in (below, above):
        for number, level in enumerate(side):
            before[level] = None if number % STRETCH < CHAINS else side[number - CHAINS]
    return before


def unknown_scenarios(names: Sequence[str], lines: Sequence[RunLine], case: Case) -> tuple[Problem, ...]:
    """What is wrong with scenarios that the case does not have; all of them, at their places."""
    log = Log()
    named = [(name, Place(f"--scenario {name}")) for name in dict.fromkeys(names)]
    named += [(line.scenario, line.place) for line in lines if line.scenario is not None]
    for name, place in named:
        if name not in case.scenarios:
            near, known = nearest(name, case.scenarios), " ".join(case.scenarios) or "-"
            log.add("unknown-scenario", place, name, known=known, near=near)
    return tuple(log.problems)


def _patches(line: RunLine, case: Case) -> tuple[str, ...]:
    """What a line of a file changes: its patch, or those of the scenario it names (none if unknown)."""
    if line.scenario is None:
        return (line.patch,)
    return tuple(case.scenarios[line.scenario].patches) if line.scenario in case.scenarios else ()


def check_specs(case: Case, runs: Sequence[Spec], found: Sequence[Problem] = ()) -> None:
    """Refuse with CaseErrors whatever no run could be made of, and what was found before, all at once."""
    problems = list(found)
    for run in runs:
        try:
            apply_patches(case, run.patches)
        except CaseErrors as errors:
            problems += [_of_axis(at_place(problem, run.lines), run) for problem in errors.problems]
    if problems:
        ordered = sorted(dict.fromkeys(problems), key=lambda one: (one.place.file, one.place.line or 0))
        raise CaseErrors(tuple(ordered))


def _of_axis(problem: Problem, run: Spec) -> Problem:
    """The problem of a grid's patch at its `--vary`; what is wrong with the path is said only once."""
    for patch in run.patches if run.point is not None else ():
        if problem.place.file == f"--set {patch}":
            shown = patch.partition("=")[0] if problem.code in OF_ALL_LEVELS else patch
            return replace(problem, place=Place(f"--vary {shown}"))
    return problem
