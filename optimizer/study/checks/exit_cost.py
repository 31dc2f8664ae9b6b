"""The least that incomes of those who must be out cost a set of funds in a year.

Whoever is out needs her gap closed every year: of the measures that serve her, cheapest income first, each as
far as she can take it. Of the members that may be chosen the cheapest leave: no lawful plan pays less.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from models.policy import Serves
from optimizer.study.checks.ground import Ground, ceiling
from optimizer.study.checks.required import Claim, Required

#: Costs are counted in so many parts of a fen, rates rounded down: whole numbers are quick.
FINE = 10**12
#: Measure -> region -> fen a unit in effect there costs the funds.
Prices = Mapping[str, Mapping[str, Fraction]]


def least_exit_cost(ground: Ground, required: Required, year: int, prices: Prices) -> Mapping[str, Fraction]:
    """Region -> fen; the larger of what is claimed for the region itself and for those below it together."""
    own: dict[str, Fraction] = {}
    heads: dict[str, Mapping[str, int]] = {}
    for claim in required.claims:
        if applies(ground, claim, year):
            for group in claim.groups:
                if group not in heads:
                    heads[group] = _per_head(ground, group, year, prices)
            cost = _cheapest(ground, claim, year, heads)
            own[claim.region.id] = max(cost, own.get(claim.region.id, cost))
    found: dict[str, Fraction] = {}
    for region in ground.bottom_up:
        below = [found[child] for child in ground.case.regions.children[region] if child in found]
        cost = max(sum(below, Fraction(0)), own.get(region, Fraction(0)))
        if cost:
            found[region] = cost
    return found


def applies(ground: Ground, claim: Claim, year: int) -> bool:
    """Whether as many must be out in `year`: who is out stays out, except where people fall back."""
    lasting = not any(ground.comes_back(ground.case.groups[group]) for group in claim.groups)
    return claim.year == year or (lasting and claim.year < year)


def _per_head(ground: Ground, group: str, year: int, prices: Prices) -> dict[str, int]:
    """Region -> the least parts of a fen for one member out; absent where the gap stays open."""
    serving = [(m.id, m.serves[group]) for m in ground.case.measures.values() if group in m.serves]
    found: dict[str, int] = {}
    for region in ground.places.members[group]:
        gap = ground.case.gap(group, region, year) or 0
        offers = [(prices[name][region], serves) for name, serves in serving if region in prices[name]]
        cost = _closing(gap, offers)
        if cost is not None:
            found[region] = cost
    return found


def _closing(gap: int, offers: list[tuple[Fraction, Serves]]) -> int | None:
    """The least parts of a fen that close a gap; None if all offers together do not."""
    left, cost = gap, 0
    rates = []
    for price, serves in offers:
        if serves.lift > 0:
            rate = price.numerator * FINE // (price.denominator * serves.lift)
            rates.append((rate, ceiling(serves.lift * serves.most)))
    for rate, most in sorted(rates):
        taken = min(left, most)
        cost += rate * taken
        left -= taken
    return cost if left <= 0 else None


def _cheapest(ground: Ground, claim: Claim, year: int, heads: Mapping[str, Mapping[str, int]]) -> Fraction:
    """The least fen for as many members as the claim wants out."""
    inside = frozenset(ground.case.regions.subtree(claim.region.id))
    choices = [
        (cost, ground.ledger.stock_by[group, year][region])
        for group in claim.groups
        for region, cost in heads[group].items()
        if region in inside and (claim.selected is None or region in claim.selected[group])
    ]
    left, total = claim.out, 0
    for cost, members in sorted(choices):
        taken = min(left, members)
        total += cost * taken
        left -= taken
    return Fraction(total, FINE)
