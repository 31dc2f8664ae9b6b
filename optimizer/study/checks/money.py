"""Money against needs: the least that must be spent by a year and the most that the funds that may pay can
bring.

For a set of funds that all have an amount (none is open), the least cost counts only what these funds alone
may pay. It is a valid lower bound: it prices every demand so that no unit earns more than it costs (the dual
of the cheapest way to meet all demands), and a demand of a region stands for what lies below it or the other
way round, never both. The most is everything the funds bring in, at the pools in a region and above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from models.finding import Finding
from models.policy import Measure, NeedKind, Selector, Supply
from models.rules.tree import Comparison
from optimizer.audit.matching import bound_to
from optimizer.audit.places import roll_up, upward
from optimizer.audit.statement import Exact
from optimizer.study.checks.exit_cost import applies, least_exit_cost
from optimizer.study.checks.ground import Ground, ceiling
from optimizer.study.checks.reach import Reach
from optimizer.study.checks.required import Required
from optimizer.study.checks.verdicts import Check, Spot, asked, text, verdicts

#: Unit costs by year of the start, and the funds that may pay each share: sites alike in both cost the same.
_Terms = tuple[tuple[int, ...], tuple[frozenset[str], ...]]
_Funds = frozenset[str]


def findings(ground: Ground, reach: Reach, required: Required) -> Iterator[Finding]:
    """Every set of limited funds that must pay for something, smallest first; at every pool and year."""
    purse = Purse(ground, reach, required)
    if not purse.sets:
        yield from verdicts(_check(ground, frozenset()), ground.root, (), purse.why_none)
    for funds in purse.sets:
        yield from _of_funds(ground, purse, funds)


def _of_funds(ground: Ground, purse: Purse, funds: _Funds) -> Iterator[Finding]:
    """Every region where the money is too little and nowhere below it is; in the first such year."""
    tree = ground.case.regions
    pools = upward(tree, (pool for fund in funds for pool in ground.places.pools[fund]))
    found: dict[str, Spot] = {}
    fine: list[Spot] = []
    for first, last in purse.windows(funds):
        costs = purse.least_cost(funds, first, last)
        for region in ground.bottom_up:
            cost = ceiling(costs.get(region, Fraction(0)))
            if not cost or region not in pools:
                continue
            spot = (tree[region], last, purse.brings(funds, region, first, last), cost)
            if spot[2] >= cost:
                fine.append(spot)
            elif region not in found:
                found[region] = spot
    above = {a for region in found for a in tree.ancestors(region) if a != region}
    spots = [spot for region, spot in found.items() if region not in above]
    yield from verdicts(_check(ground, funds), ground.root, spots or fine, purse.why_none)


def _check(ground: Ground, funds: _Funds) -> Check:
    ids = [fund for fund in ground.case.funds if fund in funds]
    titles = [ground.case.funds[fund].title for fund in ids]
    zh = "、".join(title.zh for title in titles) or "资金"
    en = ", ".join(title.en or title.zh for title in titles) or "funds"
    return asked(
        f"money.{'+'.join(ids)}" if ids else "money",
        text((zh, en)),
        ("到当年最多可到位", "brought in by then at most"),
        Comparison.AT_LEAST,
        ("必须由其支付的至少", "what only they may pay costs at least"),
        "money",
        files="funds.csv, costs.csv, needs.csv, targets.yaml, measures.yaml",
        remedy=(
            "资金不足以支付最省的做法；请核对资金、单价、需求，或让其他资金也可支付（payers、pays）",
            "too little even for the cheapest way: look up funds, costs and needs, or let others pay too",
        ),
        citation=ground.case.funds[ids[0]].citation if len(ids) == 1 else None,
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """What a bound is about: whose money, in which years, for which demands."""

    funds: _Funds
    first: int
    last: int
    due: Mapping[str, list[int]]
    """Need -> the years it is due in; of a backlog one of them counts."""
    paydays: tuple[int, ...]
    """The years in which the incomes of those who must be out count."""


def _payers_of(measure: Measure) -> list[Selector]:
    """Whose parts of the cost are told apart: of shares, or of the layers that funds of the case pay."""
    if measure.layers:
        return [layer.payer for layer in measure.layers if layer.payer is not None]
    return [share.payer for share in measure.shares]


class Purse:
    """Least costs and most money, by set of funds."""

    why_none = (
        "没有只能由有限资金支付的应满足需求",
        "nothing that must be met depends on limited funds alone",
    )

    def __init__(self, ground: Ground, reach: Reach, required: Required) -> None:
        self._ground = ground
        self._case = ground.case
        self._reach = reach
        self._required = required
        self._amounts: dict[tuple[str, int, int], tuple[Mapping[str, int], Mapping[str, Exact]]] = {}
        self._needs = [need for need in ground.case.needs.values() if self._years(need.id)]

    def _years(self, need: str) -> list[int]:
        return [year for year in self._case.years if (need, year) in self._required.demands]

    # --- who pays what ------------------------------------------------------------------------

    @cached_property
    def _terms(self) -> Mapping[str, Mapping[_Terms, frozenset[str]]]:
        """Measure that meets a demand or serves people -> terms -> regions with such a site below."""
        meeting = {name for need in self._needs for name in self._ground.meeting[need.id]}
        return {
            measure.id: self._terms_of(measure)
            for measure in self._case.measures.values()
            if measure.id in meeting or measure.serves
        }

    def _terms_of(self, measure: Measure) -> Mapping[_Terms, frozenset[str]]:
        sites: dict[_Terms, list[str]] = {}
        of_share = [
            [
                fund
                for fund in self._case.funds
                if self._ground.places.matcher.holds(payer.condition, bound_to(fund=fund))
            ]
            for payer in _payers_of(measure)
        ] or [list(self._case.funds)]
        flows = self._ground.places.flows
        for site in self._ground.places.sites[measure.id]:
            costs = tuple(self._case.bill(measure.id, site, year) or 0 for year in self._case.years)
            payers = tuple(
                frozenset(fund for fund in funds if site in flows.get((measure.id, fund), ()))
                for funds in of_share
            )
            sites.setdefault((costs, payers), []).append(site)
        return {terms: frozenset(upward(self._case.regions, there)) for terms, there in sites.items()}

    @cached_property
    def _limited(self) -> _Funds:
        """The funds that have an amount."""
        unknown = {fund for (fund, _, _), row in self._case.tables.supplied.items() if row.most is None}
        refilled = {m.recovers.into for m in self._case.measures.values() if m.recovers is not None}
        without = unknown | refilled
        return frozenset(
            f.id for f in self._case.funds.values() if f.supply is not Supply.OPEN and f.id not in without
        )

    @cached_property
    def sets(self) -> tuple[_Funds, ...]:
        """Sets of limited funds: who pays a share, who pays what meets a need, and all of them together."""
        limited = self._limited
        found: set[_Funds] = {limited}
        for need in self._needs:
            together: set[str] = set()
            for measure in self._ground.meeting[need.id]:
                for _, payers in self._terms[measure]:
                    found.update(payers)
                    together.update(*payers)
            found.add(frozenset(together))
        usable = [funds for funds in found if funds and funds <= limited and self._needed(funds)]
        return tuple(sorted(usable, key=lambda funds: (len(funds), sorted(funds))))

    def _needed(self, funds: _Funds) -> bool:
        """Whether something that must be met can be paid by nobody else, or somebody's income may be."""
        if any(self._forced(funds, need.id) for need in self._needs):
            return True
        return funds == self._limited and any(self._claimed(year) for year in self._case.years)

    def _forced(self, funds: _Funds, need: str) -> bool:
        """Whether no measure that meets the need can do without these funds everywhere."""
        return all(
            any(payer <= funds for _, payers in self._terms[measure] for payer in payers)
            for measure in self._ground.meeting[need]
            if self._terms[measure]
        )

    def windows(self, funds: _Funds) -> list[tuple[int, int]]:
        """From the start to each year; and, where money that is left over lapses, each year alone."""
        years = self._case.years
        found = [(years[0], year) for year in years]
        if not all(self._case.funds[fund].carry_over for fund in funds):
            found += [(year, year) for year in years[1:]]
        return found

    def brings(self, funds: _Funds, region: str, first: int, last: int) -> int:
        """The most fen that can be spent in the region and below in these years: pools in it and above it."""
        total: Exact = 0
        for fund in funds:
            start = self._case.first_year if self._case.funds[fund].carry_over else first
            at, below = self._brought(fund, start, last)
            above = (at.get(pool, 0) for pool in self._case.regions.ancestors(region) if pool != region)
            total += below.get(region, 0) + sum(above)
        return int(total)

    def _brought(self, fund: str, first: int, last: int) -> tuple[Mapping[str, int], Mapping[str, Exact]]:
        """Fen at each pool, and in each subtree, in these years together."""
        key = (fund, first, last)
        if key not in self._amounts:
            at: dict[str, int] = {}
            for pool in self._ground.places.pools[fund]:
                rows = (self._case.tables.supplied.get((fund, pool, y)) for y in range(first, last + 1))
                at[pool] = sum(row.most or 0 for row in rows if row is not None)
            self._amounts[key] = at, roll_up(self._case.regions, at)
        return self._amounts[key]

    # --- the least cost -----------------------------------------------------------------------

    def least_cost(self, funds: _Funds, first: int, last: int) -> Mapping[str, Fraction]:
        """Region -> fen these funds must pay in the years `first` to `last` for what is due by `last`.

        Needs alone; with the incomes of the last year; at the end with those of all years: the largest.
        """
        found = dict(self._least_cost(funds, first, last, ()))
        if funds == self._limited and first == self._case.first_year:
            years = [y for y in self._case.years if y <= last and self._claimed(y)]
            for paydays in {tuple(years[-1:]), tuple(years if last == self._case.last_year else ())}:
                if paydays:
                    for region, cost in self._least_cost(funds, first, last, paydays).items():
                        found[region] = max(cost, found.get(region, cost))
        return found

    def _claimed(self, year: int) -> bool:
        return any(applies(self._ground, claim, year) for claim in self._required.claims)

    def _least_cost(
        self, funds: _Funds, first: int, last: int, paydays: tuple[int, ...]
    ) -> Mapping[str, Fraction]:
        """The same for needs, and for the incomes of those who must be out in the years `paydays`."""
        needs = [need for need in self._needs if self._forced(funds, need.id)]
        due = {need.id: [y for y in self._years(need.id) if y <= last] for need in needs}
        for need in needs:
            if need.kind is NeedKind.ENTITLEMENT:
                due[need.id] = [year for year in due[need.id] if year >= first]
        span = _Span(funds, first, last, due, paydays)
        total: dict[str, Fraction] = {}
        for need in needs:
            best: dict[str, Fraction] = {}
            for year in due[need.id]:
                prices = self._prices_of_need(span, need.id, year)
                for region, value in self._valued(need.id, year, prices).items():
                    if need.kind is NeedKind.BACKLOG:
                        best[region] = max(value, best.get(region, value))
                    else:
                        best[region] = best.get(region, Fraction(0)) + value
            for region, value in best.items():
                total[region] = total.get(region, Fraction(0)) + value
        for year in paydays:
            prices_of = self._prices_in_effect(span, year)
            for region, value in least_exit_cost(self._ground, self._required, year, prices_of).items():
                total[region] = total.get(region, Fraction(0)) + value
        return total

    def _valued(self, need: str, year: int, prices: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
        """Region -> the larger of its own demand at its price and what the regions below come to."""
        demands = self._required.demands[need, year]
        found: dict[str, Fraction] = {}
        if not any(prices.values()):
            return found
        for region in self._ground.bottom_up:
            below = [found[child] for child in self._case.regions.children[region] if child in found]
            own = demands.get(region)
            value = sum(below, Fraction(0))
            if own is not None:
                value = max(value, own.amount * prices.get(region, Fraction(0)))
            if value:
                found[region] = value
        return found

    def _prices_of_need(self, span: _Span, need: str, year: int) -> Mapping[str, Fraction]:
        """Region -> the least these funds pay per unit of the need met there in `year`."""
        found: dict[str, Fraction] = {}
        for name in self._ground.meeting[need]:
            measure = self._case.measures[name]
            starts = self._reach.counting(measure, need, year)
            for region, price in self._prices(span, measure, starts).items():
                price /= measure.meets[need]
                found[region] = min(price, found.get(region, price))
        return found

    def _prices_in_effect(self, span: _Span, year: int) -> Mapping[str, Mapping[str, Fraction]]:
        """Measure -> region -> the least these funds pay per unit that is in effect there in `year`."""
        return {
            measure.id: self._prices(span, measure, self._reach.starts(measure, year, ever=False))
            for measure in self._case.measures.values()
            if measure.serves
        }

    def _prices(self, span: _Span, measure: Measure, starts: tuple[int, ...]) -> Mapping[str, Fraction]:
        """Region -> the least these funds pay per unit started there in one of the years.

        A unit that does for several demands (other needs, other years) is shared out evenly among them.
        """
        found: dict[str, Fraction] = {}
        shared = {start: self._covers(span, measure, start) for start in starts}
        for (costs, payers), regions in self._terms[measure.id].items() if starts else ():
            must = tuple(payer <= span.funds for payer in payers)
            price = min(
                self._paid(span, measure, costs[start - self._case.first_year], start, must) / shared[start]
                for start in starts
            )
            for region in regions:
                found[region] = min(price, found.get(region, price))
        return found

    def _covers(self, span: _Span, measure: Measure, start: int) -> int:
        """How many demands a unit started in `start` helps to meet; a backlog counts once."""
        covered = 0
        for need, years in span.due.items():
            if measure.meets.get(need):
                hits = sum(start in self._reach.counting(measure, need, year) for year in years)
                covered += min(hits, 1) if self._case.needs[need].kind is NeedKind.BACKLOG else hits
        if measure.serves:
            covered += sum(start in self._reach.starts(measure, y, ever=False) for y in span.paydays)
        return covered

    def _paid(self, span: _Span, measure: Measure, cost: int, start: int, must: tuple[bool, ...]) -> Fraction:
        """Fen per unit that fall on the shares of these funds in the years of the span."""
        if not any(must):
            return Fraction(0)
        if len(measure.profile) == len(must) == 1 and not measure.upkeep:  # all of it at the start
            return Fraction(cost if span.first <= start <= span.last else 0)
        fen = sum(
            amount
            for year, amounts in self._reach.outlays(measure, cost, start).items()
            if span.first <= year <= span.last
            for amount, theirs in zip(amounts, must, strict=True)
            if theirs
        )
        return fen / measure.lot
