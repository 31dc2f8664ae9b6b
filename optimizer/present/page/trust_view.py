"""How far the figures can be trusted: the basis of the unit costs the money rests on, and of every table.

A payment rests on the unit cost of what was started for it; where several count, on the weakest of them
(stated, derived, assumed, illustrative). Upkeep rests on the measure's own citation too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from models.allocation import Allocation
from models.case import Case
from models.citation import Basis, Citation, Language
from models.money import spelled
from optimizer.present.page.figures import Scale, percent
from optimizer.present.titles import documents
from optimizer.present.words import cited, said, word

_WEAKEST = {Basis.STATED: 0, Basis.DERIVED: 1, Basis.ASSUMED: 2, Basis.ILLUSTRATIVE: 3}
#: What nobody has written a source for counts as assumed.
_UNSOURCED = Basis.ASSUMED


@dataclass(frozen=True)
class Trust:
    """Money and figures by basis, the share that is assumed or illustrative, and the checklist."""

    money: tuple[tuple[str, str, str, str, str, float], ...]
    """class, word, rounded, exact, share, share in percent for drawing"""
    weak_share: str
    weak_fen: int
    adds_up: bool
    weak_measures: tuple[tuple[str, str, str], ...]
    """measure, exact yuan, basis: the largest amounts on assumed or illustrative unit costs"""
    tables: tuple[tuple[str, tuple[str, ...], str], ...]
    """table, number of figures of each basis, share assumed or illustrative"""
    bases: tuple[str, ...]
    checklist: tuple[tuple[str, str, str], ...]
    """id, title, citation"""


#: Lines of the list of measures on weak unit costs.
MOST_WEAK = 10


def basis_of_money(case: Case, allocation: Allocation) -> dict[tuple[str, Basis], int]:
    """(measure, basis) -> fen; adds up to all the money of the allocation."""
    starts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for region, measure, year in allocation.units:
        starts[region, measure].append(year)
    found: dict[tuple[str, Basis], int] = defaultdict(int)
    known: dict[tuple[str, str, int], Basis] = {}
    for (region, measure, _, year), fen in allocation.money.items():
        key = (region, measure, year)
        if key not in known:
            known[key] = _basis(case, region, measure, [s for s in starts[region, measure] if s <= year])
        found[measure, known[key]] += fen
    return dict(found)


def _basis(case: Case, region: str, measure: str, starts: list[int]) -> Basis:
    rests = [_cost_basis(case, region, measure, year) for year in starts]
    if case.measures[measure].upkeep:
        rests.append(case.measures[measure].citation.basis)
    return max(rests, key=lambda basis: _WEAKEST[basis], default=_UNSOURCED)


def _cost_basis(case: Case, region: str, measure: str, year: int) -> Basis:
    """The basis of the row that `Case.unit_cost` takes."""
    sources = case.tables.sources.get("costs", {})
    for key in (
        (measure, region, year),
        (measure, region, None),
        (measure, None, year),
        (measure, None, None),
    ):
        if key in case.tables.costs:
            source = sources.get(key)
            return source.basis if isinstance(source, Citation) else _UNSOURCED
    return _UNSOURCED


def trust_view(case: Case, allocation: Allocation, scale: Scale, language: Language) -> Trust:
    """What rests on what, for a plan."""
    parts = basis_of_money(case, allocation)
    total = sum(parts.values())
    by_basis = {basis: sum(fen for (_, b), fen in parts.items() if b is basis) for basis in Basis}
    weak = by_basis[Basis.ASSUMED] + by_basis[Basis.ILLUSTRATIVE]
    heaviest = sorted(
        ((fen, measure, basis) for (measure, basis), fen in parts.items() if _WEAKEST[basis] > 1),
        key=lambda row: (-row[0], row[1]),
    )
    return Trust(
        money=tuple(
            (
                f"basis-{basis.value}",
                word(basis, language),
                scale.show(fen, language),
                spelled(fen),
                percent(fen, total),
                round(100 * fen / total, 2) if total else 0.0,
            )
            for basis, fen in by_basis.items()
        ),
        weak_share=percent(weak, total),
        weak_fen=weak,
        adds_up=scale.adds_up(by_basis.values()),
        weak_measures=tuple(
            (case.measures[measure].title.said(language), spelled(fen), word(basis, language))
            for fen, measure, basis in heaviest[:MOST_WEAK]
        ),
        tables=tuple(figures_by_basis(case, language)),
        bases=tuple(word(basis, language) for basis in Basis),
        checklist=checklist(case, language),
    )


def checklist(case: Case, language: Language) -> tuple[tuple[str, str, str], ...]:
    """id, title and citation of what only a person can check."""
    texts = documents(case, language)
    return tuple(
        (item.id, item.title.said(language), cited(item.citation, texts, language))
        for item in case.checklist.values()
    )


def figures_by_basis(case: Case, language: Language) -> list[tuple[str, tuple[str, ...], str]]:
    """Each table of the case: how many figures of each basis, and the share that is not from a document."""
    names = {
        "stocks": said(language, "存量（人口、村）", "stocks (people, villages)"),
        "entrants": said(language, "新增纳入", "entrants"),
        "revoked": said(language, "撤销退出", "exits undone"),
        "needs": said(language, "需求", "needs"),
        "costs": said(language, "单价", "unit costs"),
        "gaps": said(language, "收入差额", "income gaps"),
        "funds": said(language, "资金", "funds"),
        "capacity": said(language, "实施能力", "capacity"),
        "resources": said(language, "其他资源", "other resources"),
        "attributes": said(language, "按年属性", "figures of regions by year"),
    }
    rows = []
    for table, sources in case.tables.sources.items():
        count = dict.fromkeys(Basis, 0)
        for source in sources.values():
            count[source.basis] += 1
        weak = count[Basis.ASSUMED] + count[Basis.ILLUSTRATIVE]
        numbers = tuple(f"{count[basis]:,}" for basis in Basis)
        rows.append((names.get(table, table), numbers, percent(weak, sum(count.values()))))
    return rows
