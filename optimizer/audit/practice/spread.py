"""How money is spread: evenly regardless of need, on a few, or far from what others get per head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from models.catalogue import Check
from models.citation import Language, Text
from models.finding import State
from models.region import Level
from models.rules.tree import Comparison
from models.submission import Line
from optimizer.audit.practice.books import Books, Fine, Found, Hit, Key, Open, contains, median, plain_name
from optimizer.audit.practice.scope import no_details
from optimizer.audit.statement import Exact, Undecided, not_applicable

#: Fen in a yuan, in which thresholds of money are given.
FEN = 100


def equal_split(books: Books, check: Check) -> Iterator[Found]:
    """`equal_split`: not nearly the same amount for places whose need differs widely.

    Of public budgets, by pool, measure, fund and year. Need: what the measure meets there, or else the poor
    persons. The amount of the finding is everything that was split so.
    """
    groups: dict[tuple[str, str, str, int], list[Key]] = {}
    for key, fen in books.money.items():
        region, measure, fund, year = key
        pool = books.ledger.places.pool_of[fund].get(region)
        if fen > 0 and books.budget(fund) is not None and pool is not None and pool != region:
            groups.setdefault((pool, measure, fund, year), []).append(key)
    least = check.number("least_regions")
    large = {group: keys for group, keys in groups.items() if len(keys) >= least}
    if not large:
        why = not_applicable(
            f"没有分给{least}个以上地区的资金", f"nothing is split among {least} or more regions"
        )
        yield Open(books.root, None, why)
    for (pool, measure, fund, year), keys in large.items():
        needs = [_need(books, key) for key in keys]
        amounts = [books.money[key] for key in keys]
        if sum(amounts) < check.number("least_amount") * FEN:
            yield Fine(1)
            continue
        if len(keys) < check.number("coverage") * _in_need(books, pool, keys[0]):
            yield Fine(1)
            continue
        even = max(amounts) - min(amounts) <= check.number("tolerance") * max(amounts)
        if not even:
            yield Fine(1)
            continue
        known = [need for need in needs if need]
        if len(known) < len(needs):
            yield Open(pool, year, _unknown_need())
            continue
        uneven = max(known) > check.number("spread") * min(known)
        total = sum(amounts)
        title, source = books.case.measures[measure].title, books.case.funds[fund].title
        low, high = _number(min(known)), _number(max(known))
        yield Hit(
            region=pool,
            year=year,
            left=total if uneven else 0,
            right=0,
            about=Text(
                zh=f"{source.zh} {title.zh} 平均分给 {len(keys)} 个地区（需求 {low} 至 {high}）",
                en=f"{source.said(Language.EN)} for {title.said(Language.EN)} split evenly among {len(keys)} "
                f"regions (need {low} to {high})",
            ),
            left_name=Text(zh="涉及金额", en="in all"),
            right_name=Text(zh="允许", en="allowed"),
            evidence=books.cells(keys),
        )


def _number(value: Exact) -> str:
    """A need for reading: whole, or as a fraction."""
    return f"{int(value):,}" if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _need(books: Books, key: Key) -> Exact | None:
    """What the measure meets at the place, or else its poor persons; None where neither is known."""
    region, measure, _, year = key
    wanted = books.case.measures[measure].meets
    amounts = [
        need
        for name in wanted
        for below in books.case.regions.subtree(region)
        if (need := books.case.need(below, name, year)) is not None
    ]
    return sum(amounts) if amounts else books.persons(year).get(region)


def _in_need(books: Books, pool: str, key: Key) -> int:
    """How many places of the same level below the pool need what the measure gives."""
    region, measure, fund, year = key
    level = books.case.regions[region].level
    below = books.case.regions.subtree(pool)
    alike = (place for place in below if books.case.regions[place].level is level)
    return sum(bool(_need(books, (place, measure, fund, year))) for place in alike)


def _unknown_need() -> Undecided:
    zh, en = "无法核对，案例没有给出部分地区的需求", "cannot be checked, the need of some places is not given"
    return Undecided(State.NOT_EVALUATED, Text(zh=zh, en=en))


def concentration(books: Books, check: Check) -> Iterator[Found]:
    """`concentration`: the largest payee's money <= share x what all payees of the place get in the year.

    Public bodies do not count, nor do places with fewer than `least_payees` payees.
    """
    paid: dict[tuple[str, int], dict[str, list[Line]]] = {}
    named = [line for line in books.lines if line.payee and line.year is not None]
    if not named:
        yield Open(books.root, None, no_details("收款单位", "payees"))
        return
    for line in named:
        if contains(line.payee, check.words("public")) or line.year is None:
            continue
        region = line.region or books.root
        place = (books.at_level(region, Level.COUNTY) or region, line.year)
        paid.setdefault(place, {}).setdefault(plain_name(line.payee), []).append(line)
    for (region, year), payees in paid.items():
        if len(payees) < check.number("least_payees"):
            why = not_applicable(
                f"收款单位不足{check.number('least_payees')}个",
                f"fewer than {check.number('least_payees')} payees",
            )
            yield Open(region, year, why)
            continue
        amounts = {payee: sum(line.amount for line in lines) for payee, lines in payees.items()}
        first = max(amounts, key=lambda payee: amounts[payee])
        total = sum(amounts.values())
        share = check.number("share")
        name = payees[first][0].payee
        yield Hit(
            region=region,
            year=year,
            left=amounts[first],
            right=floor(share * total),
            about=Text(
                zh=f"「{name}」在 {len(payees)} 个收款单位中所得",
                en=f"what {name!r} gets of {len(payees)} payees",
            ),
            left_name=Text(zh="得到", en="gets"),
            right_name=Text(zh=f"至多为总额的 {share}，即", en=f"at most {share} of all,"),
            evidence=tuple(line.spot for line in payees[first]),
        )


def per_head(books: Books, check: Check) -> Iterator[Found]:
    """`per_head`: public money per poor person of every county, not far from the median either way.

    High: above `high` x median; low: below `low` x median; and in both cases further from the median than
    `deviations` x the median of the distances from it. Left is the county's money, right the limit times
    its poor persons.
    """
    counties = [region.id for region in books.case.regions if region.level is Level.COUNTY]
    least = check.number("least_regions")
    why = not_applicable(f"贫困人口已知的县不足{least}个", f"fewer than {least} counties with known poor")
    if len(_heads(books, counties, books.case.last_year)) < least:
        yield Open(books.root, None, why)
        return
    keys = _public(books)
    for year in books.years:
        heads = _heads(books, counties, year)
        if len(heads) < least:
            yield Open(books.root, year, why)
            continue
        money = {county: sum(books.money[key] for key in keys.get((county, year), ())) for county in heads}
        per = {county: Fraction(money[county], heads[county]) for county in heads}
        middle = median(per.values())
        distance = check.number("deviations") * median(abs(value - middle) for value in per.values())
        if not middle:
            few = not_applicable("多数县当年没有财政资金", "most counties get no public money in the year")
            yield Open(books.root, year, few)
            continue
        bounds = (
            max(check.number("high") * middle, middle + distance),
            min(check.number("low") * middle, middle - distance),
        )
        for county in heads:
            yield from _outlier(books, county, year, money[county], heads[county], bounds, keys)


def _heads(books: Books, counties: Sequence[str], year: int) -> Mapping[str, int]:
    """Poor persons of the year by county, those with none left out."""
    persons = books.persons(year)
    return {county: persons[county] for county in counties if county in persons}


def _public(books: Books) -> Mapping[tuple[str, int], list[Key]]:
    """(county, year) -> the keys of public money in it."""
    found: dict[tuple[str, int], list[Key]] = {}
    for key in books.money:
        county = books.at_level(key[0], Level.COUNTY)
        if county is not None and books.budget(key[2]) is not None:
            found.setdefault((county, key[3]), []).append(key)
    return found


def _outlier(
    books: Books,
    county: str,
    year: int,
    money: int,
    heads: int,
    bounds: tuple[Fraction, Fraction],
    keys: Mapping[tuple[str, int], list[Key]],
) -> Iterator[Found]:
    high, low = bounds
    below = money < low * heads
    zh, en = ("过低", "low") if below else ("过高", "high")
    yield Hit(
        region=county,
        year=year,
        left=money,
        right=ceil(low * heads) if below else floor(high * heads),
        about=Text(
            zh=f"按 {heads:,} 名贫困人口，人均财政资金是否{zh}",
            en=f"public money for its {heads:,} poor persons, too {en}",
        ),
        left_name=Text(zh="实际", en="it gets"),
        right_name=Text(zh="按中位数的界限", en="limit by the median"),
        compare=Comparison.AT_LEAST if below else Comparison.AT_MOST,
        evidence=books.cells(keys.get((county, year), ())),
    )
