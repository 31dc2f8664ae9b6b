"""Figures out of proportion to the rest of the case: a zero too many where no second figure contradicts it.

`need_people.<need>` people in need, at most the people there are; `lot_need.<measure>.<need>` the smallest
purchase, at most the whole need; `holds.<need>.<group>` whom one open unit holds back, at most the group;
`dear.<need>` what a need costs, at most nine times all others together; `weight_spread` weights of funds less
than a factor of 100 apart. All of them are advice: a case may be so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from models.citation import Citation, Text
from models.finding import Finding
from models.policy import NeedKind
from models.rules.tree import Comparison
from optimizer.study.checks.ground import Ground, ceiling
from optimizer.study.checks.stocks import POPULATION
from optimizer.study.checks.verdicts import Pair, Spot, asked, text, verdicts

#: Units of needs that are people, each counted once.
PEOPLE = frozenset({"person", "人", "student", "pupil", "生", "名", "household", "户"})
#: One need may cost this many times what all others cost together.
DEAREST = 9
WEIGHT_FACTOR = 100


def findings(ground: Ground) -> Iterator[Finding]:
    """People, lots, those held back, dear needs, weights."""
    yield from _people(ground)
    yield from _lots(ground)
    yield from _held(ground)
    yield from _dear(ground)
    yield from _weights(ground)


def _people(ground: Ground) -> Iterator[Finding]:
    """Where the rural population is stated: no need of people is larger."""
    case = ground.case
    rural = {region.id: region.attributes.get(POPULATION) for region in case.regions}
    spots: dict[str, list[Spot]] = defaultdict(list)
    for (place, need, year), amount in case.tables.needs.items():
        people = rural.get(place)
        if people is not None and case.needs[need].unit in PEOPLE:
            spots[need].append((case.regions[place], year, amount, people))
    for need, rows in spots.items():
        item = case.needs[need]
        yield from _advice(
            ground,
            (f"need_people.{need}", item.title, item.citation),
            (("需求", "need"), ("农村人口", "rural population")),
            "",
            "needs.csv, regions.csv",
            (
                "多于全部农村人口：请核对数量和单位",
                "more than there are people: look up the number and its unit",
            ),
            rows,
        )


def _lots(ground: Ground) -> Iterator[Finding]:
    """One lot of a measure does not meet more than the whole case needs."""
    whole = _whole(ground)
    for measure in ground.case.measures.values():
        for need, units in measure.meets.items():
            if units > 0 and whole.get(need):
                yield from _advice(
                    ground,
                    (f"lot_need.{measure.id}.{need}", measure.title, measure.citation),
                    (("最小一批所满足", "one lot meets"), ("全部需求", "the whole need")),
                    ground.case.needs[need].unit,
                    "measures.yaml, needs.csv",
                    (
                        "一批就超过全部需求：请核对 meets、lot",
                        "one lot is more than all of it: look up meets and lot",
                    ),
                    [(ground.root, None, ceiling(units * measure.lot), ceiling(whole[need]))],
                )


def _held(ground: Ground) -> Iterator[Finding]:
    """One open unit does not hold back more members than the group has."""
    for need in ground.case.needs.values():
        for group, members in need.holds.items():
            stock = sum(ground.ledger.stock_by[group, ground.case.last_year].values())
            if stock:
                yield from _advice(
                    ground,
                    (f"holds.{need.id}.{group}", need.title, need.citation),
                    (("一个未满足的单位牵住", "one open unit holds back"), ("该人群共有", "the group has")),
                    "person",
                    "needs.yaml, stocks.csv",
                    ("比整个人群还多：请核对 holds", "more than the whole group: look up holds"),
                    [(ground.root, None, ceiling(members), stock)],
                )


def _dear(ground: Ground) -> Iterator[Finding]:
    """No need costs more than DEAREST times all the others, each at its cheapest measure."""
    cost = _least_costs(ground)
    total = sum(cost.values())
    for need, fen in cost.items():
        item, others = ground.case.needs[need], total - fen
        if others > 0:
            yield from _advice(
                ground,
                (f"dear.{need}", item.title, item.citation),
                (
                    ("按最低单价的全部成本", "the whole need at the lowest unit cost"),
                    (f"其他各项需求合计的 {DEAREST} 倍", f"{DEAREST} times all other needs together"),
                ),
                "money",
                "costs.csv, needs.csv",
                (
                    "与其他各项不成比例：请核对单价、数量及单位",
                    "out of proportion: look up unit cost, number and units",
                ),
                [(ground.root, None, fen, DEAREST * others)],
            )


def _weights(ground: Ground) -> Iterator[Finding]:
    """Weights of funds that count: the largest less than WEIGHT_FACTOR times the smallest."""
    weights = {fund.id: fund.cost_weight for fund in ground.case.funds.values() if fund.cost_weight > 0}
    if len(weights) > 1:
        low, high = min(weights, key=lambda id: weights[id]), max(weights, key=lambda id: weights[id])
        yield from _advice(
            ground,
            ("weight_spread", text(("资金的成本权重", "cost weights of funds")), None),
            (
                (f"最大（{high}）", f"largest ({high})"),
                (f"最小（{low}）的 {WEIGHT_FACTOR} 倍", f"{WEIGHT_FACTOR} times the smallest ({low})"),
            ),
            "",
            "funds.yaml",
            ("相差过大：请核对 cost_weight", "too far apart: look up cost_weight"),
            [(ground.root, None, weights[high], WEIGHT_FACTOR * weights[low])],
        )


def _whole(ground: Ground) -> dict[str, Fraction]:
    """Need -> what the whole case needs in all years together."""
    case = ground.case
    whole: dict[str, Fraction] = defaultdict(Fraction)
    for (_, need, year), amount in case.tables.needs.items():
        every_year = year is None and case.needs[need].kind is NeedKind.ENTITLEMENT
        whole[need] += amount * (len(case.years) if every_year else 1)
    return whole


def _least_costs(ground: Ground) -> dict[str, int]:
    """Need -> fen for all of it at the lowest unit cost there is anywhere; only needs that have a cost."""
    lowest: dict[str, Fraction] = {}
    for (measure, _, _), fen in ground.case.tables.costs.items():
        for need, units in ground.case.measures[measure].meets.items():
            if units > 0:
                lowest[need] = min(lowest.get(need, fen / units), fen / units)
    return {need: ceiling(amount * lowest[need]) for need, amount in _whole(ground).items() if need in lowest}


def _advice(
    ground: Ground,
    subject: tuple[str, Text, Citation | None],
    sides: tuple[Pair, Pair],
    unit: str,
    files: str,
    remedy: Pair,
    spots: list[Spot],
) -> Iterator[Finding]:
    """At most: the left side, the right side."""
    rule, title, citation = subject
    check = asked(
        rule,
        title,
        sides[0],
        Comparison.AT_MOST,
        sides[1],
        unit,
        files=files,
        remedy=remedy,
        citation=citation,
        hard=False,
    )
    yield from verdicts(check, ground.root, spots, ("", ""))
