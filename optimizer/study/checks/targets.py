"""Targets against stocks, against each other and against themselves.

`target_stock` more is asked for than there is; `target_shares` shares of a whole beyond 100 %; `target_falls`
a cumulative figure below an earlier one; `target_agree` yearly against cumulative figures of the same thing;
`target_parts` parts against their total; `everybody_out` whether all targets together bring everybody out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from models.finding import Finding
from models.policy import Counts, Severity, Target, TargetKind
from models.rules.tree import Comparison
from optimizer.study.checks.ground import ASKING, Ground, Scope
from optimizer.study.checks.verdicts import Check, Pair, Spot, asked, text, verdicts

_STOCK_FILES = {
    TargetKind.EXITS: "targets.yaml, stocks.csv",
    TargetKind.MET: "targets.yaml, needs.csv",
    TargetKind.LISTED: "targets.yaml, exits.yaml, regions.csv",
}
_WHOLE: dict[TargetKind, Pair] = {
    TargetKind.EXITS: ("存量", "stock"),
    TargetKind.MET: ("需求（含不足一批的零头）", "need (and less than one lot more)"),
    TargetKind.LISTED: ("列入的地区数", "regions listed"),
}


def findings(ground: Ground) -> Iterator[Finding]:
    """Every target in the order of the case, then all of them together."""
    for target in ground.case.targets.values():
        yield from stock(ground, target)
        yield from shares(ground, target)
        yield from falls(ground, target)
        yield from agree(ground, target)
        yield from parts(ground, target)
    yield from everybody_out(ground)


def _asked(
    ground: Ground,
    name: str,
    target: Target,
    left: Pair,
    compare: Comparison,
    right: Pair,
    remedy: Pair,
    *,
    files: str = "targets.yaml",
    hard: bool = True,
    unit: str | None = None,
    and_of: str = "",
) -> Check:
    return asked(
        f"{name}.{target.id}{and_of}",
        target.title,
        left,
        compare,
        right,
        ground.unit(target) if unit is None else unit,
        files=files,
        remedy=remedy,
        citation=target.citation,
        hard=hard,
    )


def stock(ground: Ground, target: Target) -> Iterator[Finding]:
    """What must be reached to date <= what there is to be counted."""
    check = _asked(
        ground,
        "target_stock",
        target,
        ("到当年应达到", "to be reached by then"),
        Comparison.AT_MOST,
        _WHOLE[target.kind],
        (
            "目标超过存量，任何方案都做不到；请核对目标数或存量数",
            "no plan can reach more than there is: correct the target or the stock",
        ),
        files=_STOCK_FILES[target.kind],
        hard=target.severity is Severity.HARD,
    )
    asks = target.compare in ASKING
    spots = ((s.top, s.year, due, s.most) for s, due in ground.to_date(target)) if asks else ()
    why = ("没有可与存量比较的年份和地区", "no year and region to compare with the stock")
    yield from verdicts(check, ground.root, spots, why)


def shares(ground: Ground, target: Target) -> Iterator[Finding]:
    """Shares of the years together (cumulative: the largest) <= 100 %."""
    if not target.shares:
        return
    once = target.cumulative or not ground.adds_up(target)
    total = max(target.shares.values()) if once else sum(target.shares.values(), Fraction(0))
    check = _asked(
        ground,
        "target_shares",
        target,
        ("最高比例", "largest share") if once else ("各年比例合计", "shares of all years together"),
        Comparison.AT_MOST,
        ("整体", "the whole"),
        ("比例超过 100%，请核对各年比例", "more than 100 %: correct the shares of the years"),
        hard=target.severity is Severity.HARD,
        unit="%",
    )
    spots: list[Spot] = [(ground.root, None, 100 * total, 100)] if target.compare in ASKING else []
    yield from verdicts(check, ground.root, spots, ("上限目标", "the target is an upper limit"))


def falls(ground: Ground, target: Target) -> Iterator[Finding]:
    """A cumulative amount is not below the one before it."""
    if not target.cumulative:
        return
    lasting = ground.adds_up(target)
    check = _asked(
        ground,
        "target_falls",
        target,
        ("当年累计目标", "cumulative target"),
        Comparison.AT_LEAST,
        ("上一个目标年的累计目标", "cumulative target of the year before it"),
        (
            "累计目标低于以前年度；请核对两年的数，或改用当年目标（cumulative: no）",
            "a cumulative figure falls: correct one of the two, or make it a yearly target (cumulative: no)",
        ),
        hard=target.compare is Comparison.EQUAL and target.severity is Severity.HARD and lasting,
    )
    rows = ground.scopes[target.id]
    spots = (
        (now.top, now.year, now.amount, before.amount)
        for before, now in pairwise(rows)
        if before.top is now.top
    )
    entitlement = target.kind is TargetKind.MET and not lasting
    why = ("只有一个目标年，或每年重新计算", "one year only, or counted anew every year")
    yield from verdicts(check, ground.root, () if entitlement else spots, why)


def agree(ground: Ground, target: Target) -> Iterator[Finding]:
    """Yearly amounts added up = the cumulative target of the same thing."""
    if target.cumulative or not ground.adds_up(target):
        return
    dated = {(s.top.id, s.year): due for s, due in ground.to_date(target)}
    for other in ground.case.targets.values():
        if not other.cumulative or other.compare not in ASKING or not _alike(ground, target, other):
            continue
        check = _asked(
            ground,
            "target_agree",
            target,
            ("各年目标合计", "yearly targets together"),
            Comparison.EQUAL,
            (f"累计目标 {other.id}", f"cumulative target {other.id}"),
            (
                "同一件事两处数字不一致，请核对原文",
                "one figure is stated in two ways: look it up in the document",
            ),
            hard=False,
            and_of=f".{other.id}",
        )
        spots = (
            (s.top, s.year, dated[s.top.id, s.year], s.amount)
            for s in ground.scopes[other.id]
            if (s.top.id, s.year) in dated
        )
        why = (f"与 {other.id} 没有共同的年份", f"no year in common with {other.id}")
        yield from verdicts(check, ground.root, spots, why)


def _alike(ground: Ground, target: Target, other: Target) -> bool:
    if target.kind is not other.kind or target.each != other.each:
        return False
    mine, its = ground.scopes[target.id], ground.scopes[other.id]
    return bool(mine and its) and mine[0].selected == its[0].selected


def parts(ground: Ground, target: Target) -> Iterator[Finding]:
    """Targets of parts that together are exactly what this target counts add up to it."""
    if target.each is not None or target.compare not in ASKING:
        return
    spots: list[Spot] = []
    named: dict[str, None] = {}
    for scope in ground.scopes[target.id]:
        below = _partition(ground, target, scope)
        if below:
            spots.append((scope.top, scope.year, sum(part.amount for _, part in below), scope.amount))
            named |= dict.fromkeys(name for name, _ in below)
    severities = {ground.case.targets[name].severity for name in (target.id, *named)}
    certain = target.compare is Comparison.EQUAL and severities == {Severity.HARD}
    impossible = [spot for spot in spots if certain and spot[2] > spot[3]]
    for hard, some in ((True, impossible), (False, [spot for spot in spots if spot not in impossible])):
        if some:
            yield from verdicts(_parts_check(ground, target, named, hard), ground.root, some, ("", ""))


def _parts_check(ground: Ground, target: Target, named: Iterable[str], hard: bool) -> Check:
    return _asked(
        ground,
        "target_parts",
        target,
        (f"分项目标（{'、'.join(named)}）合计", f"targets of its parts ({', '.join(named)}) together"),
        Comparison.EQUAL,
        ("总目标", "target of the whole"),
        (
            "分项之和不等于总数，请核对原文",
            "the parts do not make the total: look the figures up in the document",
        ),
        hard=hard,
    )


def _partition(ground: Ground, target: Target, scope: Scope) -> list[tuple[str, Scope]]:
    """The targets of the same kind in that year whose selections are disjoint and together the scope's."""
    whole = ground.items(scope)
    below: list[tuple[str, Scope]] = []
    seen: set[tuple[str, str]] = set()
    for other in ground.case.targets.values():
        if (
            other.id == target.id
            or other.kind is not target.kind
            or other.cumulative is not target.cumulative
            or other.each is not None
            or other.compare not in ASKING
        ):
            continue
        for row in ground.scopes[other.id]:
            items = ground.items(row) if row.year == scope.year else frozenset()
            if items and items < whole:
                if not seen.isdisjoint(items):
                    return []  # the same members in two parts: no partition to add up
                seen |= items
                below.append((other.id, row))
    return below if seen == whole else []


def everybody_out(ground: Ground) -> Iterator[Finding]:
    """All targets together bring out every person of the stock by the end."""
    persons = {
        (group.id, region): members
        for group in ground.case.groups.values()
        if group.counts is Counts.PERSONS
        for region, members in ground.ledger.stock_by[group.id, ground.case.last_year].items()
    }
    sure: list[tuple[int, frozenset[tuple[str, str]]]] = []
    for target in ground.case.targets.values():
        if target.kind is TargetKind.EXITS and target.compare in ASKING:
            last: dict[str, tuple[int, frozenset[tuple[str, str]]]] = {}
            for scope, due in ground.to_date(target):
                items = ground.items(scope)
                before = last.get(scope.top.id, (0, items))
                last[scope.top.id] = max(before[0], due), items
            sure += [one for one in last.values() if one[1] <= persons.keys()]
    out, taken = 0, set[tuple[str, str]]()
    for amount, items in sorted(sure, key=lambda one: -one[0]):
        if taken.isdisjoint(items):
            taken |= items
            out += amount
    check = asked(
        "everybody_out",
        text(("全部脱贫", "everybody out of poverty")),
        ("各项目标到期末合计", "all targets by the end"),
        Comparison.AT_LEAST,
        ("贫困人口存量", "stock of poor persons"),
        "person",
        files="targets.yaml, stocks.csv",
        remedy=(
            "目标达成后仍有人未脱贫；若文件要求全部脱贫，请补足最后一年的目标",
            "persons are left when all targets are met: if everybody must be out, raise the last year",
        ),
        hard=False,
    )
    spots: list[Spot] = [(ground.root, ground.case.last_year, out, sum(persons.values()))] if sure else []
    yield from verdicts(check, ground.root, spots, ("没有脱贫人数目标", "no target for persons"))
