"""Money: what funds bring in, their accounts, what units cost and who pays for them.

Every amount is in fen. A bare table of money says nothing of what is brought in, carried or lapsed: then what
the law fixes is used (a given fund's amount, nothing carried without `carry_over`), and accounts are held to
the most that can have been there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from models.allocation import Item
from models.case import Supplied
from models.citation import Language, Text
from models.finding import Finding
from models.policy import Fund, Layer, Measure, Selector, Supply
from models.rules.tree import Comparison
from optimizer.audit.ledger import Ledger
from optimizer.audit.matching import bound_to
from optimizer.audit.statement import (
    Sides,
    Statement,
    Undecided,
    each,
    found,
    not_applicable,
    not_evaluated,
)


def findings(ledger: Ledger) -> Iterator[Finding]:
    """Every statement about money, family by family as in docs/mathematics.md."""
    funds, measures = ledger.case.funds.values(), ledger.case.measures.values()
    for family in (supply, account, back, floor):
        for fund in funds:
            yield from family(ledger, fund)
    for of_measure in (cost, share, layer, match, one_payer):
        for measure in measures:
            yield from of_measure(ledger, measure)


def supply(ledger: Ledger, fund: Fund) -> Iterator[Finding]:
    """`supply.f`: least <= brought <= most. Given: both the amount; open: at least 0.

    Of the two comparisons the tighter is reported; the lower one only where it asks for something.
    """
    base = Statement(
        rule=f"supply.{fund.id}",
        title=fund.title,
        left=Text(zh="到位", en="brought in"),
        compare=Comparison.AT_MOST,
        right=Text(zh="上限", en="at most"),
        unit="money",
        citation=fund.citation,
    )
    given = replace(base, compare=Comparison.EQUAL, right=Text(zh="应到位", en="stated amount"))
    least = replace(base, compare=Comparison.AT_LEAST, right=Text(zh="下限", en="at least"))
    unknown = ledger.unknown({Item.BROUGHT})
    for region, year in ledger.places.times(ledger.places.pools[fund.id]):
        brought = ledger.brought(region.id, fund.id, year)
        row = ledger.case.tables.supplied.get((fund.id, region.id, year))
        if unknown is not None:
            statement = {Supply.GIVEN: given, Supply.UP_TO: base, Supply.OPEN: least}[fund.supply]
            yield found(statement, region, year, unknown)
        elif fund.supply is Supply.OPEN:
            yield found(least, region, year, (brought, 0))
        elif row is None:
            why = not_evaluated("无法核对，案例没有给出该年金额", "cannot be checked, no amount for the year")
            yield found(base, region, year, why)
        elif row.most is None:
            yield found(least, region, year, (brought, row.least))
        elif fund.supply is Supply.GIVEN:
            yield found(given, region, year, (brought, row.most))
        else:
            lower = (row.least > 0 or brought < 0) and brought - row.least < row.most - brought
            yield found(least if lower else base, region, year, (brought, row.least if lower else row.most))


def account(ledger: Ledger, fund: Fund) -> Iterator[Finding]:
    """`account.f`: brought[t] + carried[t-1] + recovered[t] = spent[t] + carried[t] + lapsed[t].

    Where the allocation does not say enough: spent <= the most that can have been there, to date if the fund
    carries over and in the year if not.
    """
    statement = Statement(
        rule=f"account.{fund.id}",
        title=fund.title,
        left=Text(zh="到位与上年结转", en="brought in and carried over"),
        compare=Comparison.EQUAL,
        right=Text(zh="支出、结转与结余合计", en="spent, carried out and lapsed"),
        unit="money",
        citation=fund.citation,
    )
    places = ledger.places.times(ledger.places.pools[fund.id])
    recovered = ledger.recovered(fund.id)
    if not all(ledger.known(item, fund.id) for item in (Item.BROUGHT, Item.CARRIED, Item.LAPSED)):
        yield from _spending(ledger, fund, statement)
        return

    def sides(pool: str, year: int) -> Sides:
        income = ledger.brought(pool, fund.id, year) + ledger.carried(pool, fund.id, year - 1)
        income += recovered.get((pool, year), 0)
        rest = ledger.carried(pool, fund.id, year) + ledger.lapsed(pool, fund.id, year)
        return income, ledger.spent.get((pool, fund.id, year), 0) + rest

    yield from each(statement, places, ledger.unknown({Item.MONEY}), sides)


def _spending(ledger: Ledger, fund: Fund, account: Statement) -> Iterator[Finding]:
    """What an account allows at most, when only the spending is known."""
    to_date = fund.carry_over
    recovered = ledger.recovered(fund.id)
    statement = replace(
        account,
        compare=Comparison.AT_MOST,
        left=Text(zh="累计支出", en="spent to date") if to_date else Text(zh="支出", en="spent"),
        right=Text(
            zh="累计最多可用" if to_date else "最多可用（分配表没有给出到位、结转或结余）",
            en="at most available to date" if to_date else "at most available (only spending is stated)",
        ),
    )

    def most(pool: str, year: int) -> int:
        if ledger.known(Item.BROUGHT, fund.id):
            return ledger.brought(pool, fund.id, year)
        return ledger.case.tables.supplied.get((fund.id, pool, year), Supplied(0, 0)).most or 0

    supplied = ledger.case.tables.supplied
    unlimited = fund.supply is Supply.OPEN or any(
        row.most is None for (name, _, _), row in supplied.items() if name == fund.id
    )

    def sides(pool: str, year: int) -> Sides | Undecided:
        if unlimited and Item.BROUGHT not in ledger.allocation.covers:
            return not_applicable("不限额，支出多少到位多少", "without limit: it brings in what is spent")
        years = [at for at in ledger.case.years if at <= year] if to_date else [year]
        spent = sum(ledger.spent.get((pool, fund.id, at), 0) for at in years)
        back = sum(recovered.get((pool, at), 0) for at in years)
        return spent, sum(most(pool, at) for at in years) + back

    places = ledger.places.times(ledger.places.pools[fund.id])
    yield from each(statement, places, ledger.unknown({Item.MONEY}), sides)


def back(ledger: Ledger, fund: Fund) -> Iterator[Finding]:
    """`back.f`: principal that comes back after the last year, at each pool and year in which some does.

    Nothing is asked of it but that it is no less than 0: it is reported.
    """
    statement = Statement(
        rule=f"back.{fund.id}",
        title=fund.title,
        left=Text(zh="规划期后收回本金", en="principal back after the plan"),
        compare=Comparison.AT_LEAST,
        right=Text(zh="不少于", en="at least"),
        unit="money",
        citation=fund.citation,
    )
    if ledger.unknown({Item.UNITS}) is not None:
        return
    later = {at: fen for at, fen in ledger.recovered(fund.id).items() if at[1] > ledger.case.last_year}
    for (pool, year), fen in sorted(later.items(), key=lambda item: (item[0][1], item[0][0])):
        yield found(statement, ledger.case.regions[pool], year, (fen, 0))


def floor(ledger: Ledger, fund: Fund) -> Iterator[Finding]:
    """`floor.f`: carried[t] + lapsed[t] <= (1 - spending_floor) x brought[t], at each pool."""
    if fund.spending_floor is None:
        return
    rest = 1 - fund.spending_floor
    statement = Statement(
        rule=f"floor.{fund.id}",
        title=fund.title,
        left=Text(zh="结转与结余", en="carried out and lapsed"),
        compare=Comparison.AT_MOST,
        right=Text(zh="最多可留", en="the most that may be left"),
        unit="money",
        citation=fund.citation,
    )
    stated = ledger.known(Item.CARRIED, fund.id) and ledger.known(Item.LAPSED, fund.id)
    items = {Item.BROUGHT} if not ledger.known(Item.BROUGHT, fund.id) else set()
    if (
        not stated
    ):  # then what is left of a year's money is what was not spent, if nothing moves between years
        items |= {Item.CARRIED, Item.LAPSED} if fund.carry_over else {Item.MONEY}

    def sides(pool: str, year: int) -> Sides:
        brought = ledger.brought(pool, fund.id, year)
        if stated:
            left = ledger.carried(pool, fund.id, year) + ledger.lapsed(pool, fund.id, year)
        else:
            left = brought - ledger.spent.get((pool, fund.id, year), 0)
        return left, rest * brought

    places = ledger.places.times(ledger.places.pools[fund.id])
    yield from each(statement, places, ledger.unknown(items), sides)


def cost(ledger: Ledger, measure: Measure) -> Iterator[Finding]:
    """`cost.m`: sum over funds of y = outlay, at each site."""
    statement = Statement(
        rule=f"cost.{measure.id}",
        title=measure.title,
        left=Text(zh="支付", en="paid"),
        compare=Comparison.EQUAL,
        right=Text(zh="应付成本", en="cost due"),
        unit="money",
        citation=measure.citation,
    )

    def sides(site: str, year: int) -> Sides | Undecided:
        due = ledger.outlay(measure, site, year)
        if isinstance(due, Undecided):
            return due
        return sum(fen for _, fen in ledger.paid.get((site, measure.id, year), ())), due

    places = ledger.places.times(ledger.places.sites[measure.id])
    yield from each(statement, places, ledger.unknown({Item.MONEY, Item.UNITS}), sides)


def share(ledger: Ledger, measure: Measure) -> Iterator[Finding]:
    """`share.m.j`: what payer j's funds pay = that payer's part of the outlay, at each site."""
    unknown = ledger.unknown({Item.MONEY, Item.UNITS})
    places = ledger.places.times(ledger.places.sites[measure.id])
    for index, part in enumerate(measure.shares):
        where = _where(ledger, measure, part.payer)

        def sides(
            site: str, year: int, index: int = index, where: Mapping[str, frozenset[str]] = where
        ) -> Sides | Undecided:
            due = ledger.outlay(measure, site, year, index)
            return due if isinstance(due, Undecided) else (_paid(ledger, measure, site, year, where), due)

        statement = Statement(
            rule=f"share.{measure.id}.{index + 1}",
            title=Text(
                zh=f"{measure.title.zh}（第{index + 1}分担方）",
                en=f"{measure.title.said(Language.EN)} (payer {index + 1})",
            ),
            left=Text(zh="支付", en="paid"),
            compare=Comparison.EQUAL,
            right=Text(zh="应分担", en="part due"),
            unit="money",
            citation=measure.citation,
        )
        yield from each(statement, places, unknown, sides)


def layer(ledger: Ledger, measure: Measure) -> Iterator[Finding]:
    """`layer.m.ID`: what the funds of a layer pay = that layer's part of the bills, at each site.

    Layers with the same funds are held together, under the id of the first.
    """
    matcher, unknown = ledger.places.matcher, ledger.unknown({Item.MONEY, Item.UNITS})
    places = ledger.places.times(ledger.places.sites[measure.id])
    together: dict[frozenset[str], list[Layer]] = {}
    for one in measure.layers:
        if one.payer is not None:
            condition = one.payer.condition
            funds = frozenset(f for f in ledger.case.funds if matcher.holds(condition, bound_to(fund=f)))
            together.setdefault(funds, []).append(one)
    for funds, layers in together.items():
        ids = tuple(one.id for one in layers)

        def sides(
            site: str, year: int, funds: frozenset[str] = funds, ids: tuple[str, ...] = ids
        ) -> Sides | Undecided:
            due = ledger.owed_by(measure, ids, site, year)
            if isinstance(due, Undecided):
                return due
            lines = ledger.paid.get((site, measure.id, year), ())
            return sum(fen for fund, fen in lines if fund in funds), due

        statement = Statement(
            rule=f"layer.{measure.id}.{ids[0]}",
            title=Text(
                zh=f"{measure.title.zh}（{'、'.join(one.title.zh for one in layers)}）",
                en=f"{measure.title.said(Language.EN)} "
                f"({', '.join(one.title.said(Language.EN) for one in layers)})",
            ),
            left=Text(zh="支付", en="paid"),
            compare=Comparison.EQUAL,
            right=Text(zh="该层应付", en="due from this layer"),
            unit="money",
            citation=measure.citation,
        )
        yield from each(statement, places, unknown, sides)


def match(ledger: Ledger, measure: Measure) -> Iterator[Finding]:
    """`match.m`: money of `by` = ratio x money of `of`, at each site."""
    if measure.match is None:
        return
    ratio = measure.match.ratio
    by = _where(ledger, measure, measure.match.by)
    of = _where(ledger, measure, measure.match.of)
    statement = Statement(
        rule=f"match.{measure.id}",
        title=measure.title,
        left=Text(zh="配套支付", en="matching money paid"),
        compare=Comparison.EQUAL,
        right=Text(zh="应配套", en="matching money due"),
        unit="money",
        citation=measure.citation,
    )

    def sides(site: str, year: int) -> Sides:
        return _paid(ledger, measure, site, year, by), ratio * _paid(ledger, measure, site, year, of)

    places = ledger.places.times(ledger.places.sites[measure.id])
    yield from each(statement, places, ledger.unknown({Item.MONEY}), sides)


def one_payer(ledger: Ledger, measure: Measure) -> Iterator[Finding]:
    """`one_payer.m`: number of funds with y > 0 <= 1, at each site."""
    if not measure.one_payer:
        return
    statement = Statement(
        rule=f"one_payer.{measure.id}",
        title=measure.title,
        left=Text(zh="出资", en="paid by"),
        compare=Comparison.AT_MOST,
        right=Text(zh="至多", en="at most"),
        unit="fund",
        citation=measure.citation,
    )

    def sides(site: str, year: int) -> Sides:
        return sum(fen > 0 for _, fen in ledger.paid.get((site, measure.id, year), ())), 1

    places = ledger.places.times(ledger.places.sites[measure.id])
    yield from each(statement, places, ledger.unknown({Item.MONEY}), sides)


def _where(ledger: Ledger, measure: Measure, selector: Selector) -> Mapping[str, frozenset[str]]:
    """Fund -> the regions where the selector lets it through for this measure."""
    return {
        fund: ledger.places.matcher.regions(selector.condition, bound_to(measure=measure.id, fund=fund))
        for fund in ledger.case.funds
    }


def _paid(ledger: Ledger, measure: Measure, site: str, year: int, where: Mapping[str, frozenset[str]]) -> int:
    """Fen that the funds let through by `where` pay for the measure there."""
    lines = ledger.paid.get((site, measure.id, year), ())
    return sum(fen for fund, fen in lines if site in where[fund])
