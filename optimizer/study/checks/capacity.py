"""What must be met against what can be done by then, before anybody asks for the money.

`need_measure` a need has a measure that meets it, wherever there is any of it; `need_capacity` the measures
can meet what is due by the year, in every region that a need, a target or a limit speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from models.finding import Finding
from models.policy import Need
from models.rules.tree import Comparison
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.reach import Reach
from optimizer.study.checks.required import Demand, Required
from optimizer.study.checks.verdicts import Check, Spot, asked, both, verdicts


def findings(ground: Ground, reach: Reach, required: Required) -> Iterator[Finding]:
    """Every need in the order of the case."""
    for need in ground.case.needs.values():
        yield from measures(ground, required, need)
        yield from capacity(ground, reach, required, need)


def measures(ground: Ground, required: Required, need: Need) -> Iterator[Finding]:
    """Where there is any of the need, a measure that meets it can be bought there or below."""
    tree = ground.case.regions
    due = {region for (name, _), found in required.demands.items() if name == need.id for region in found}
    several = dict.fromkeys(_with_need(ground, need), 0)
    for measure in ground.meeting[need.id]:
        for region in several.keys() & ground.containing[measure]:
            several[region] += 1
    if several and not any(several.values()):  # one finding instead of one for every region
        spots: list[tuple[bool, Spot]] = [(bool(due), (ground.root, None, 0, 0))]
    else:
        spots = [(region in due, (tree[region], None, number, 0)) for region, number in several.items()]
    for hard in (True, False):
        some = [spot for is_due, spot in spots if is_due is hard]
        if some:
            check = asked(
                f"need_measure.{need.id}",
                need.title,
                ("当地可实施的相应措施", "measures that meet it there"),
                Comparison.MORE,
                ("零", "none"),
                "",
                files="needs.csv, measures.yaml",
                remedy=(
                    "没有措施能满足这项需求；请补充措施（meets），或放宽措施的 level、where",
                    "no measure meets it: add one (meets), or widen its level or where",
                ),
                citation=need.citation,
                hard=hard,
            )
            yield from verdicts(check, ground.root, some, ("", ""))


def _with_need(ground: Ground, need: Need) -> Iterator[str]:
    """The regions with a row that is more than 0 in some year."""
    for region in ground.places.needy[need.id]:
        if any(ground.case.need(region, need.id, year) for year in ground.case.years):
            yield region


def capacity(ground: Ground, reach: Reach, required: Required, need: Need) -> Iterator[Finding]:
    """The most that can be met by the year >= what must be met by then."""
    fine: list[Spot] = []
    failed = unlimited = False
    for year in ground.case.years:
        needed = required.needed(need.id, year)
        most = reach.met(need.id, year) if needed else {}
        able = reach.able(need.id, year) if needed else {}
        reported: set[str] = set()  # and everything above what has been reported
        for region in ground.bottom_up:
            if region not in needed:
                continue
            can, demand, here = most.get(region, Fraction(0)), needed[region], ground.case.regions[region]
            if can is None or can >= demand.amount:
                at_most = able[region]
                unlimited = unlimited or at_most is None
                if at_most is not None:
                    fine.append((here, year, at_most, demand.amount))
            elif region not in reported:
                reported.update(ground.case.regions.ancestors(region))
                if _has_measure(ground, need, region):
                    failed = True
                    yield from verdicts(
                        _check(need, demand), ground.root, [(here, year, can, demand.amount)], ("", "")
                    )
    if not failed:
        why = ("没有必须满足的数量", "nothing of it must be met")
        if unlimited:
            why = ("必须满足的数量不受能力限制", "no capacity limits what must be met")
        yield from verdicts(_check(need, None), ground.root, fine, why)


def _has_measure(ground: Ground, need: Need, region: str) -> bool:
    """Whether a measure meets it there; if none does, `need_measure` has said so."""
    return any(region in ground.containing[measure] for measure in ground.meeting[need.id])


def _check(need: Need, demand: Demand | None) -> Check:
    zh, en = ("", "") if demand is None else both(demand.why)
    return asked(
        f"need_capacity.{need.id}",
        need.title,
        ("到当年最多能满足", "can be met by then at most"),
        Comparison.AT_LEAST,
        (f"必须满足（{zh}）", f"must be met ({en})") if zh else ("必须满足", "must be met"),
        need.unit,
        files="needs.csv, needs.yaml, targets.yaml, exits.yaml, capacity.csv, resources.csv, measures.yaml",
        remedy=(
            "能力不足；请核对需求、期限、能力上限、资源、措施的实施年份和见效时滞",
            "not enough can be done: look up the need, its deadline, capacities, resources, years and lag",
        ),
        citation=need.citation if demand is None else demand.citation,
    )
