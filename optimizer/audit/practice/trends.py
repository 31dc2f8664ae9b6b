"""From one year to the next: is own money kept up while upper money grows, and does it grow as it must?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil

from models.allocation import Item
from models.catalogue import Check
from models.citation import Language, Text
from models.finding import State
from models.policy import Supply
from models.rules.tree import Comparison
from optimizer.audit.practice.books import BUDGETS, Books, Found, Hit, Key, Open
from optimizer.audit.statement import Undecided, not_applicable

#: Level of the regions to which a public budget belongs, from the top down; the centre has none.
_LEVELS = (None, "province", "city", "county")


def _pairs(books: Books) -> list[tuple[int, int]]:
    """Years that follow each other and both have money."""
    return [(year - 1, year) for year in books.years if year - 1 in books.years]


def _no_pairs(books: Books) -> Open:
    zh, en = "无法核对，表中没有相邻两年的资金", "cannot be checked, the table has no two years in a row"
    return Open(books.root, None, Undecided(State.NOT_EVALUATED, Text(zh=zh, en=en)))


def crowding_out(books: Books, check: Check) -> Iterator[Found]:
    """`crowding_out`: own[t] >= (1 - own_fall) x own[t-1] where upper[t] > (1 + upper_rise) x upper[t-1].

    Own: the budget of the region's own level spent in it; upper: the budgets above. One comparison for every
    region of a level with a budget, and pair of years.
    """
    pairs = _pairs(books)
    if not pairs:
        yield _no_pairs(books)
    seen = False
    for region, rank, year, own, upper in _moves(books, pairs):
        seen = True
        grows = sum(books.money[key] for key in upper[1]) > (1 + check.number("upper_rise")) * sum(
            books.money[key] for key in upper[0]
        )
        before, now = (sum(books.money[key] for key in keys) for keys in own)
        least = ceil((1 - check.number("own_fall")) * before)
        level = BUDGETS[rank]
        yield Hit(
            region=region,
            year=year,
            left=now,
            right=least if grows else 0,
            about=Text(zh="上级资金增加，本级投入", en=f"own money ({level}) while upper money grows"),
            left_name=Text(zh="本级当年", en="own money"),
            right_name=Text(zh="不低于上年的", en="not below last year's"),
            compare=Comparison.AT_LEAST,
            evidence=books.cells([*own[1], *own[0], *upper[1]]),
        )
    if pairs and not seen:
        why = not_applicable("没有同时得到本级和上级资金的地区", "no region has both own and upper money")
        yield Open(books.root, None, why)


Years = tuple[list[Key], list[Key]]


def _moves(books: Books, pairs: list[tuple[int, int]]) -> Iterator[tuple[str, int, int, Years, Years]]:
    """Region, rank of its budget, year, and the keys of own and of upper money before and then."""
    public: dict[str, list[Key]] = {}
    ranks = {fund: books.budget(fund) for fund in books.case.funds}
    for key in books.money:
        if ranks[key[2]] is not None:
            for above in books.case.regions.ancestors(key[0]):
                public.setdefault(above, []).append(key)
    for region in books.case.regions:
        if region.level not in _LEVELS or region.id not in public:
            continue
        rank = _LEVELS.index(region.level)
        for before, now in pairs:
            own = _by_year([key for key in public[region.id] if ranks[key[2]] == rank], before, now)
            upper = _by_year([key for key in public[region.id] if (ranks[key[2]] or 0) < rank], before, now)
            if own[0] and upper[1]:
                yield region.id, rank, now, own, upper


def _by_year(keys: list[Key], before: int, now: int) -> Years:
    return [key for key in keys if key[3] == before], [key for key in keys if key[3] == now]


def _crowded(books: Books) -> frozenset[tuple[str, int]]:
    """(region, year) of what `crowding_out` finds, so that `growth` does not say it again."""
    check = books.speaks("crowding_out")
    if check is None:
        return frozenset()
    return frozenset(
        (hit.region, hit.year)
        for hit in crowding_out(books, check)
        if isinstance(hit, Hit) and hit.year is not None and hit.left < hit.right
    )


def growth(books: Books, check: Check) -> Iterator[Found]:
    """`growth`: amount[t] >= (1 + floor) x amount[t-1] for tagged funds of province, city, county, by pool.

    The amount is what came in where the table says so, else what is spent. Last year's may be the case's
    history. Where the case itself gives the amounts it is not the table's doing.
    """
    funds = [
        fund
        for fund in books.case.funds.values()
        if fund.tags & frozenset(check.words("tags")) and (books.budget(fund.id) or 0) > 0
    ]
    if not funds:
        why = not_applicable("案例没有标注只增不减的资金", "the case tags no fund as one that may only grow")
        yield Open(books.root, None, why)
    crowded = _crowded(books)
    for fund in funds:
        if fund.supply is Supply.GIVEN:
            why = not_applicable(
                f"{fund.title.zh}由案例给定，按 supply.{fund.id} 核对",
                f"{fund.title.said(Language.EN)} is given by the case and held against supply.{fund.id}",
            )
            yield Open(books.root, None, why)
            continue
        amounts, keys = _amounts(books, fund.id)
        for pool in books.ledger.places.pools[fund.id]:
            for year in books.years:
                before = amounts.get((pool, year - 1))
                if before is None or (pool, year) not in amounts:
                    continue
                if (pool, year) in crowded:
                    why = not_applicable(
                        "已由 practice.crowding_out 报告", "practice.crowding_out speaks of it"
                    )
                    yield Open(pool, year, why)
                    continue
                yield Hit(
                    region=pool,
                    year=year,
                    left=amounts[pool, year],
                    right=ceil((1 + check.number("floor")) * before),
                    about=fund.title,
                    left_name=Text(zh="当年", en="this year"),
                    right_name=Text(zh="至少应为", en="must be at least"),
                    compare=Comparison.AT_LEAST,
                    evidence=books.cells([*keys.get((pool, year), ()), *keys.get((pool, year - 1), ())]),
                )


def _amounts(
    books: Books, fund: str
) -> tuple[Mapping[tuple[str, int], int], Mapping[tuple[str, int], list[Key]]]:
    """(pool, year) -> fen, for the years the table or the history speaks of, and the keys behind it."""
    found: dict[tuple[str, int], int] = {}
    keys: dict[tuple[str, int], list[Key]] = {}
    pool_of = books.ledger.places.pool_of[fund]
    for key in books.money:
        if key[2] == fund and key[0] in pool_of:
            keys.setdefault((pool_of[key[0]], key[3]), []).append(key)
    for pool in books.ledger.places.pools[fund]:
        for (name, at, year), row in books.case.tables.supplied.items():
            if name == fund and at == pool and year < books.case.first_year and row.most is not None:
                found[pool, year] = row.most
        if not any(at == pool for at, _ in keys) and Item.BROUGHT not in books.allocation.covers:
            continue
        for year in books.years:
            if Item.BROUGHT in books.allocation.covers:
                found[pool, year] = books.ledger.brought(pool, fund, year)
            else:
                found[pool, year] = books.ledger.spent.get((pool, fund, year), 0)
    return found, keys
