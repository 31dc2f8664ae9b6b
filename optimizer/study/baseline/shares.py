"""The habits: equal split, per head, by factors, greedy by cost per exit, last year plus so much.

In go the recipients of a case and a `Habit`; out comes, for every pool and year, what each recipient may
spend, in whole fen that add up to the pool's money (or to less, where the habit gives less).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from models.allocation import Allocation
from models.case import Case
from models.citation import Language, Text
from models.factors import Direction, Factor, FactorKind, FactorMethod
from models.money import parts
from models.policy import Counts
from optimizer.study.baseline.recipients import Numbers, Pool, Recipients

#: Regions named in a note.
MOST_NAMED = 3
#: (fund, recipient, year) -> fen
Shares = Mapping[tuple[str, str, int], int]


class Method(StrEnum):
    """How habit divides."""

    FACTOR = "factor"
    EQUAL = "equal"
    PER_HEAD = "per-head"
    GREEDY = "greedy"
    LAST_YEAR = "last-year"


@dataclass(frozen=True)
class Habit:
    """A method with what it needs: `factors` for FACTOR, `before` and `growth` for LAST_YEAR."""

    method: Method
    factors: FactorMethod | None = None
    before: Allocation | None = None
    growth: Fraction = Fraction(0)


@dataclass(frozen=True)
class Divided:
    """The shares, and what has to be said about them."""

    shares: Shares
    notes: tuple[Text, ...] = ()


class NothingToDivideError(ValueError):
    """The case has no money that several regions share, or the habit has nothing to go by."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


def divide(recipients: Recipients, habit: Habit) -> Divided:
    """What habit gives each recipient of each pool in each year."""
    if not recipients.pools:
        raise NothingToDivideError(
            Text(
                zh="没有可分的资金：没有哪笔已知数额的资金由这一级的两个以上地区分享；可用 --level 换一级，"
                "或先给不限额的资金定额（--set fund.编号.amount=…万元）",
                en="there is nothing to divide: no fund with a known amount is shared by two regions of this "
                "level or more; --level names another level, --set fund.ID.amount=... gives a fund an amount",
            )
        )
    if habit.method is Method.GREEDY:
        return Divided(_greedy(recipients))
    if habit.method is Method.LAST_YEAR:
        return Divided(_last_year(recipients, habit))
    if habit.method is Method.FACTOR:
        return _by_factors(recipients, habit)
    shares: dict[tuple[str, str, int], int] = {}
    for pool, year, amount in _amounts(recipients):
        weights = recipients.members(Counts.PERSONS, year) if habit.method is Method.PER_HEAD else {}
        shares |= _split(pool, year, amount, weights)
    return Divided(shares)


def _amounts(recipients: Recipients) -> Iterator[tuple[Pool, int, int]]:
    """Every pool and year with the fen there are, where they are known."""
    for year in recipients.case.years:
        for pool in recipients.pools:
            amount = recipients.amount(pool, year)
            if amount is not None:
                yield pool, year, amount


def _split(pool: Pool, year: int, amount: int, weights: Numbers) -> Shares:
    """The amount in whole fen by the weights; the same for everybody where all are 0."""
    wanted = [weights.get(region, Fraction(0)) for region in pool.recipients]
    split = parts(amount, wanted if any(wanted) else [Fraction(1)] * len(wanted))
    return {(pool.fund, region, year): fen for region, fen in zip(pool.recipients, split, strict=True)}


def _by_factors(recipients: Recipients, habit: Habit) -> Divided:
    """Each pool by the factors of those who share it: a city's money knows nothing of other cities."""
    method = habit.factors
    if method is None:
        raise ValueError("the factor method needs its factors")
    _known(recipients, method)
    shares: dict[tuple[str, str, int], int] = {}
    missing: dict[Factor, dict[str, None]] = {}
    weighed = False
    for pool, year, amount in _amounts(recipients):
        weights, without = weigh(recipients, method, pool.recipients, year)
        shares |= _split(pool, year, amount, weights)
        weighed = weighed or any(weights.values())
        for factor in without:
            missing.setdefault(factor, {})[pool.region] = None
    if not weighed:
        raise NothingToDivideError(
            Text(
                zh="所有因素在各地区都为 0 或没有数据", en="every factor is 0 or without data in every region"
            )
        )
    pools = {pool.region for pool in recipients.pools}
    case = recipients.case
    return Divided(shares, tuple(_left_out(case, one, list(at), pools) for one, at in missing.items()))


def _known(recipients: Recipients, method: FactorMethod) -> None:
    """Refuse a need or an attribute that the case does not have: it would count as 0 everywhere."""
    case = recipients.case
    unknown = [f.of for f in method.factors if f.kind is FactorKind.NEED and f.of and f.of not in case.needs]
    wanted = [f.of for f in method.factors if f.kind is FactorKind.ATTRIBUTE]
    wanted += [f.per for f in method.factors]
    unknown += [name for name in wanted if name and name not in case.attributes]
    if unknown:
        listed = " ".join(dict.fromkeys(unknown))
        needs, attributes = " ".join(case.needs), " ".join(case.attributes)
        raise NothingToDivideError(
            Text(
                zh=f"因素里有案例没有的需求或指标：{listed}（需求有：{needs}；指标有：{attributes}）",
                en=f"factors name needs or attributes that the case does not have: {listed} "
                f"(needs: {needs}; attributes: {attributes})",
            )
        )


def weigh(
    recipients: Recipients, method: FactorMethod, regions: tuple[str, ...], year: int
) -> tuple[Numbers, tuple[Factor, ...]]:
    """Region -> its share of 1 in the year; a factor that is 0 in all of them is left out and comes back.

    A region's part of a factor is its value over the sum of the values (with `less`: of their inverses).
    """
    found = dict.fromkeys(regions, Fraction(0))
    without: list[Factor] = []
    for factor in method.factors:
        values = _oriented(factor, _values(recipients, factor, regions, year))
        whole = sum(values.values(), Fraction(0))
        if not whole:
            without.append(factor)
            continue
        for region, value in values.items():
            found[region] += factor.weight * value / whole
    counted = sum((factor.weight for factor in method.factors if factor not in without), Fraction(0))
    return {region: value / counted for region, value in found.items() if counted}, tuple(without)


def _values(
    recipients: Recipients, factor: Factor, regions: tuple[str, ...], year: int
) -> dict[str, Fraction]:
    case = recipients.case
    numbers: Numbers
    if factor.kind is FactorKind.PERSONS:
        numbers = recipients.members(Counts.PERSONS, year)
    elif factor.kind is FactorKind.VILLAGES:
        numbers = recipients.members(Counts.VILLAGES, year)
    elif factor.kind is FactorKind.GAP:
        numbers = recipients.gaps(year)
    elif factor.kind is FactorKind.NEED:
        numbers = recipients.needed(factor.of or "", year)
    elif factor.kind is FactorKind.ATTRIBUTE:
        numbers = {region: case.attribute(region, factor.of or "", year) or Fraction(0) for region in regions}
    else:
        persons = recipients.members(Counts.PERSONS, year)
        numbers = {region: Fraction(1) for region in regions if persons.get(region)}
    values = {region: numbers.get(region, Fraction(0)) for region in regions}
    if factor.per is None:
        return values
    bases = {region: case.attribute(region, factor.per, year) or Fraction(0) for region in regions}
    return {
        region: value / bases[region] if bases[region] else Fraction(0) for region, value in values.items()
    }


def _oriented(factor: Factor, values: dict[str, Fraction]) -> dict[str, Fraction]:
    if factor.direction is Direction.MORE:
        return values
    return {region: 1 / value if value else Fraction(0) for region, value in values.items()}


FACTOR_TITLES = {
    FactorKind.PERSONS: Text(zh="贫困人口", en="poor persons"),
    FactorKind.VILLAGES: Text(zh="贫困村", en="poor villages"),
    FactorKind.GAP: Text(zh="收入差距", en="income gap"),
    FactorKind.NEED: Text(zh="需求", en="need"),
    FactorKind.ATTRIBUTE: Text(zh="地区指标", en="attribute"),
    FactorKind.EQUAL: Text(zh="均等", en="equal"),
}


def factor_title(case: Case, factor: Factor, language: Language) -> str:
    """What a factor is called, with the need or attribute that it takes and what that is divided by."""
    title = FACTOR_TITLES[factor.kind].said(language)
    if factor.of is not None:
        known = case.needs if factor.kind is FactorKind.NEED else case.attributes
        of = known[factor.of].title.said(language) if factor.of in known else factor.of
        title = f"{title}「{of}」" if language is Language.ZH else f"{title} ({of})"
    if factor.per is not None:
        per = (
            case.attributes[factor.per].title.said(language) if factor.per in case.attributes else factor.per
        )
        title += f"÷{per}" if language is Language.ZH else f" per {per}"
    return title


def _left_out(case: Case, factor: Factor, at: list[str], pools: set[str]) -> Text:
    """Where a factor says nothing: at all pools, or at some of them."""
    zh, en = (factor_title(case, factor, language) for language in (Language.ZH, Language.EN))
    where_zh, where_en = "各地区", "everywhere"
    if len(at) < len(pools):
        names = [case.regions[region].name for region in at[:MOST_NAMED]]
        more = len(at) - len(names)
        where_zh = "、".join(names) + (f"等 {len(at)} 地" if more else "") + "内"
        where_en = "within " + ", ".join(names) + (f" and {more} more" if more else "")
    return Text(
        zh=f"因素“{zh}”在{where_zh}都为 0 或没有数据，在那里不参与分配，其权重由其余因素分担。",
        en=f'The factor "{en}" is 0 or without data {where_en}: '
        "it is left out there, and the others share its weight.",
    )


def _greedy(recipients: Recipients) -> Shares:
    """The region with the lowest cost per poor person (who enters counts) is served first, in full, then the
    next.

    A region counts as served when what it got covers the estimated cost of everything it asks for. What is
    left when all are served goes by heads.
    """
    persons = recipients.members(Counts.PERSONS, recipients.case.last_year)
    order = sorted(
        {region for pool in recipients.pools for region in pool.recipients if persons.get(region)},
        key=lambda region: (recipients.cost.get(region, Fraction(0)) / persons[region], region),
    )
    open_cost = {region: int(recipients.cost.get(region, Fraction(0))) for region in order}
    shares: dict[tuple[str, str, int], int] = {}
    for year in recipients.case.years:
        for pool in recipients.pools:
            left = recipients.amount(pool, year) or 0
            for region in order:
                if region in pool.recipients:
                    given = min(left, open_cost[region])
                    shares[pool.fund, region, year] = given
                    open_cost[region] -= given
                    left -= given
            if left:
                for key, fen in _split(pool, year, left, persons).items():
                    shares[key] = shares.get(key, 0) + fen
    return shares


def _last_year(recipients: Recipients, habit: Habit) -> Shares:
    """What each got in the first year of `before`, and every year `growth` more, as far as the money goes.

    Where the sum is more than the fund has, everybody is cut alike; where it is less, the rest stays.
    """
    if habit.before is None:
        raise ValueError("last year plus so much needs a last year")
    below = {
        inside: region
        for pool in recipients.pools
        for region in pool.recipients
        for inside in recipients.case.regions.subtree(region)
    }
    first = min((year for _, _, _, year in habit.before.money), default=recipients.case.first_year)
    base: dict[tuple[str, str], int] = {}
    for (region, _, fund, year), fen in habit.before.money.items():
        if year == first and region in below:
            base[fund, below[region]] = base.get((fund, below[region]), 0) + fen
    if not any(base.get((pool.fund, region)) for pool in recipients.pools for region in pool.recipients):
        raise NothingToDivideError(
            Text(
                zh=f"上年的分配表在 {first} 年没有这些地区的任何可分资金；请核对地区和资金的编号",
                en=f"the table of last year has no money in {first} of any fund and region that share it: "
                "check its ids of regions and funds",
            )
        )
    shares: dict[tuple[str, str, int], int] = {}
    for pool in recipients.pools:
        for year in recipients.case.years:
            rate = (1 + habit.growth) ** (year - first)
            wanted = [Fraction(base.get((pool.fund, region), 0)) * rate for region in pool.recipients]
            amount = recipients.amount(pool, year)
            given = int(sum(wanted, Fraction(0)))
            if amount is not None:
                given = min(given, amount)
            split = parts(given, wanted) if given else (0,) * len(wanted)
            shares |= {(pool.fund, r, year): fen for r, fen in zip(pool.recipients, split, strict=True)}
    return shares
