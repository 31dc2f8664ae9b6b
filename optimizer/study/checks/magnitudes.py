"""Figures that are off by powers of ten: 元 read as 万元, a zero too many.

`cost_spread`, `gap_spread`, `fund_spread` the largest and the smallest figure of one thing lie too far apart;
`cost_small`, `cost_large` what one household or person gets costs from 1 yuan to 1,000,000 yuan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from models.citation import Citation, Text
from models.finding import Finding
from models.policy import Supply
from models.rules.tree import Comparison
from optimizer.audit.statement import amount
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.verdicts import Check, Pair, Spot, asked, verdicts

COST_FACTOR, FUND_FACTOR = 100, 1000
LEAST_COST, MOST_COST = 100, 100_000_000  # fen: 1 yuan, 100 万元
SMALL_UNITS = frozenset({"户", "人", "生", "household", "person", "student", "pupil"})

#: Where a figure stands: region and year, None for everywhere and always.
_At = tuple[str | None, int | None]


def findings(ground: Ground) -> Iterator[Finding]:
    """Costs by measure, gaps by group, funds by pool."""
    case = ground.case
    for measure in case.measures.values():
        rows = {(r, y): fen for (name, r, y), fen in case.tables.costs.items() if name == measure.id}
        yield from _spread(
            ground, f"cost_spread.{measure.id}", measure.title, rows, "costs.csv", measure.citation
        )
        if measure.unit in SMALL_UNITS:
            yield from _size(ground, measure.id, measure.title, rows, measure.citation)
    for group in case.groups.values():
        rows = {(r, y): fen for (name, r, y), fen in case.tables.gaps.items() if name == group.id}
        yield from _spread(ground, f"gap_spread.{group.id}", group.title, rows, "gaps.csv", group.citation)
    by_pool: dict[str, dict[str, dict[_At, int]]] = {fund: {} for fund in case.funds}
    for (name, pool, year), supplied in case.tables.supplied.items():
        if supplied.most is not None:
            by_pool[name].setdefault(pool, {})[pool, year] = supplied.most
    for fund in case.funds.values():
        if fund.supply is not Supply.OPEN or by_pool[fund.id]:
            check = _apart(FUND_FACTOR, "funds.csv", fund.title, fund.citation, f"fund_spread.{fund.id}")
            several = [rows for rows in by_pool[fund.id].values() if rows]
            yield from _spreads(ground, check, several, FUND_FACTOR)


def _spread(
    ground: Ground, rule: str, title: Text, rows: Mapping[_At, int], file: str, citation: Citation
) -> Iterator[Finding]:
    yield from _spreads(ground, _apart(COST_FACTOR, file, title, citation, rule), [rows], COST_FACTOR)


def _apart(
    factor: int, file: str, title: Text, citation: Citation, rule: str
) -> Callable[[Pair, Pair], Check]:
    """The check `largest < factor x smallest`, once it is known where the two stand."""

    def check(largest: Pair, smallest: Pair) -> Check:
        return asked(
            rule,
            title,
            (f"最大值（{largest[0]}）", f"largest ({largest[1]})"),
            Comparison.LESS,
            (f"最小值（{smallest[0]}）的 {factor} 倍", f"{factor} times the smallest ({smallest[1]})"),
            "money",
            files=file,
            remedy=(
                "两数相差过大，单位可能写错（元、万元）",
                "too far apart: is one of them in yuan and not 万元?",
            ),
            citation=citation,
            hard=False,
        )

    return check


def _spreads(
    ground: Ground, check: Callable[[Pair, Pair], Check], several: Iterable[Mapping[_At, int]], factor: int
) -> Iterator[Finding]:
    """Each set of figures: every one that is too far spread, or else the one with the widest spread."""
    tree = ground.case.regions
    extremes = []
    for rows in several:
        above = {at: fen for at, fen in rows.items() if fen > 0}
        if len(above) > 1:
            low, high = min(above, key=lambda at: above[at]), max(above, key=lambda at: above[at])
            extremes.append((low, high, above[low], above[high]))
    if not extremes:
        yield from verdicts(
            check(("", ""), ("", "")), ground.root, (), ("不足两个数", "fewer than two figures")
        )
        return
    wide = [one for one in extremes if one[3] >= factor * one[2]]
    shown = wide or [max(extremes, key=lambda one: one[3] / one[2])]
    for low, high, smallest, largest in shown:
        region = ground.root if high[0] is None else tree[high[0]]
        spot: Spot = (region, high[1], largest, factor * smallest)
        yield from verdicts(
            check(_where(ground, high), _where(ground, low, smallest)), ground.root, [spot], ("", "")
        )


def _where(ground: Ground, at: _At, fen: int | None = None) -> Pair:
    """Region and year, and the value if it does not stand beside."""
    region, year = at
    zh = [f"{year}年" if year else "各年", "各地" if region is None else ground.case.regions[region].name]
    en = [
        str(year) if year else "every year",
        "everywhere" if region is None else ground.case.regions[region].name,
    ]
    values = ("", "") if fen is None else amount(fen, "money")
    return " ".join([*zh, values[0]]).rstrip(), " ".join([*en, values[1]]).rstrip()


def _size(
    ground: Ground, measure: str, title: Text, rows: Mapping[_At, int], citation: Citation
) -> Iterator[Finding]:
    """1 yuan <= unit cost <= 1,000,000 yuan, for what one household or person gets."""
    spots: list[tuple[_At, int]] = [(at, fen) for at, fen in rows.items() if fen > 0]
    for name, compare, limit, zh, en in (
        ("cost_small", Comparison.AT_LEAST, LEAST_COST, "过小", "too small"),
        ("cost_large", Comparison.AT_MOST, MOST_COST, "过大", "too large"),
    ):
        check = asked(
            f"{name}.{measure}",
            title,
            ("单位成本", "unit cost"),
            compare,
            ("合理界限", "plausible limit"),
            "money",
            files="costs.csv",
            remedy=(
                f"每户或每人的单价{zh}，请核对单位（元、万元）",
                f"{en} for one household or person: look up its unit (yuan, 万元)",
            ),
            citation=citation,
            hard=False,
        )
        at_spots = (
            (ground.root if at[0] is None else ground.case.regions[at[0]], at[1], fen, limit)
            for at, fen in spots
        )
        yield from verdicts(check, ground.root, at_spots, ("没有成本", "no cost"))
