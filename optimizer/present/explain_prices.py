"""Prices, tolls, shares and near ties in sentences: what a figure is worth, and from where to where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from models.case import Case, Goal
from models.citation import Language
from models.explanation import ChangeKind, NearTie, Price, RegionShare, Side, Toll, TrueDifference
from models.unit_words import unit_word
from optimizer.present.explain_ways import amount
from optimizer.present.titles import named
from optimizer.present.words import money, said

#: Fen in one 万元, the step in which money is priced.
WAN = 1_000_000


def price_sentences(case: Case, prices: Sequence[Price], language: Language) -> list[str]:
    """One sentence for each figure, with both sides where they differ."""
    together: dict[tuple[str, int | None, str | None], list[Price]] = defaultdict(list)
    for price in prices:
        together[price.id, price.year, price.region].append(price)
    return [price_sentence(case, parts, language) for parts in together.values()]


def price_sentence(case: Case, parts: Sequence[Price], language: Language) -> str:
    """What one more, and one less, of a figure is worth, and how far that holds."""
    first = parts[0]
    subject = _subject(case, first, language)
    said_parts = [text for part in parts for text in _sides(case, part, language)]
    joined = said(language, "；", "; ").join(said_parts)
    if first.end is Side.LESS:
        joined += said(language, "；再少就没有可行方案", "; with any less there is no plan")
    elif first.end is Side.MORE:
        joined += said(language, "；再多就没有可行方案", "; with any more there is no plan")
    if not first.alone:
        zh = "；只算资金本身，按这笔资金数额计算的规则未随之调整"
        joined += said(
            language, zh, "; of the money alone: rules that take its amount as a figure stay as they are"
        )
    return said(language, f"{subject}：{joined}。", f"{subject}: {joined}.")


def _subject(case: Case, price: Price, language: Language) -> str:
    item = price.id.split(".", 1)[-1]
    title = named(case, price.id).title.said(language)
    if price.kind is ChangeKind.FUND:
        title = case.funds[item].title.said(language)
    elif price.kind is ChangeKind.DUE:
        title = case.needs[item].title.said(language)
    where = "" if price.region in (None, case.regions.root) else case.regions[price.region or ""].name
    year = "" if price.year is None else said(language, f"{price.year} 年", f"{price.year}")
    now = "" if price.value is None else _now(price, language)
    details = said(language, "，", ", ").join(part for part in (year, where, now) if part)
    return said(language, f"{title}（{details}）", f"{title} ({details})") if details else title


def _now(price: Price, language: Language) -> str:
    shown = amount(price.value or Fraction(0), price.unit, language)
    return said(language, f"现为 {shown}", f"now {shown}")


def _step(price: Price, language: Language) -> tuple[str, float]:
    """What one step of the figure is called, and how many of its units that is."""
    if price.unit == "fen":
        return said(language, "1 万元", "10,000 yuan"), float(WAN)
    if price.unit == "1" and price.effect:
        return f"1 {unit_word(price.counted, language, Fraction(1))}", float(1 / price.effect)
    if price.unit in ("1", ""):
        return "1", 1.0
    return f"1 {unit_word(price.unit, language, Fraction(1))}", 1.0


def _sides(case: Case, price: Price, language: Language) -> list[str]:
    """The price upwards and downwards, each with the end of its range."""
    step, units = _step(price, language)
    worth = price.price * units
    texts = []
    if price.side in (Side.MORE, Side.BOTH):
        change = goal_change(case, worth, language)
        zh, en = f"每多 {step}，{change}", f"each {step} more {change}"
        texts.append(said(language, zh, en) + _until(price, price.high, language))
    if price.side in (Side.LESS, Side.BOTH):
        change = goal_change(case, -worth, language)
        zh, en = f"每少 {step}，{change}", f"each {step} less {change}"
        texts.append(said(language, zh, en) + _until(price, price.low, language))
    return texts


def _until(price: Price, end: Fraction | None, language: Language) -> str:
    if price.value is None:
        if end is None:
            return ""
        size = amount(abs(end), price.unit if price.unit != "1" else "", language)
        return said(language, f"（至多 {size}）", f" (for up to {size})")
    if end is None:
        return said(language, "（再多也如此）", " (however much)")
    shown = amount(end, price.unit, language)
    return said(
        language, f"（到 {shown}为止）", f" (down to {shown})" if end < price.value else f" (up to {shown})"
    )


def goal_change(case: Case, change: float, language: Language) -> str:
    """What the goal changes by: saves or costs money, gains or loses exits or benefit."""
    if case.goal is Goal.LEAST_COST:
        size = yuan_text(abs(change), language)
        if abs(change) < 0.5:
            return said(language, "成本不变", "changes nothing")
        return said(
            language,
            f"{'省' if change < 0 else '多花'} {size}",
            f"{'saves' if change < 0 else 'costs'} {size}",
        )
    unit = (
        said(language, "人脱贫", "exits")
        if case.goal is Goal.MOST_EXITS
        else said(language, "效益", "benefit")
    )
    if abs(change) < 1e-6:
        return said(language, "结果不变", "changes nothing")
    size = f"{abs(change):,.4f}".rstrip("0").rstrip(".")
    return said(
        language,
        f"{'多' if change > 0 else '少'} {size} {unit}",
        f"{'gains' if change > 0 else 'loses'} {size} {unit}",
    )


def yuan_text(fen: float, language: Language) -> str:
    """An amount in 元 with two decimals below one 万元, else as in every sentence."""
    exact = round(fen)
    if abs(exact) < WAN:
        return f"{fen / 100:,.2f} {said(language, '元', 'yuan')}"
    return money(exact, language)


def toll_sentence(case: Case, toll: Toll, language: Language) -> str:
    """What the plan would cost less without a statement."""
    title = named(case, toll.id).title.said(language)
    change = goal_change(case, -toll.worth, language)
    return said(language, f"没有“{title}”这一条，{change}。", f"Without “{title}” the plan {change}.")


def true_sentence(case: Case, one: TrueDifference, language: Language) -> str:
    """What a real re-solve with all whole numbers free found."""
    expected = goal_change(case, one.expected, language)
    if one.high - one.low <= max(100.0, abs(one.expected) * 1e-3):
        found = goal_change(case, (one.low + one.high) / 2, language)
        zh = f"{one.patch}：按价格推算{expected}，重新求解实际{found}。"
        return said(language, zh, f"{one.patch}: the price says it {expected}; solved anew it {found}.")
    if one.low == float("-inf") or one.high == float("inf"):
        zh = f"{one.patch}：按价格推算{expected}；重新求解在时限内未能证明。"
        return said(
            language, zh, f"{one.patch}: the price says it {expected}; solving anew was not proven in time."
        )
    low, high = (goal_change(case, end, language) for end in (one.low, one.high))
    zh = f"{one.patch}：按价格推算{expected}；重新求解的差额在“{low}”与“{high}”之间（求解精度所限）。"
    en = (
        f"{one.patch}: the price says it {expected}; solved anew: from “{low}” to “{high}” (the solves' gap)."
    )
    return said(language, zh, en)


def tie_sentences(case: Case, ties: Sequence[NearTie], language: Language) -> list[str]:
    """How much cheaper a measure would have to be to come in; places with the same figures together."""
    alike: dict[tuple[str, int, int, int], list[NearTie]] = defaultdict(list)
    for tie in ties:
        alike[tie.measure, tie.year, tie.cost, round(tie.saving)].append(tie)
    return [_tie_sentence(case, group, language) for group in alike.values()]


def _tie_sentence(case: Case, ties: Sequence[NearTie], language: Language) -> str:
    tie = ties[0]
    measure = case.measures[tie.measure]
    place = said(language, "、", ", ").join(case.regions[one.region].name for one in ties)
    title, share = measure.title.said(language), f"{tie.share * 100:.2f} %"
    saving, cost = yuan_text(tie.saving, language), yuan_text(tie.cost, language)
    zh = f"{place}：{tie.year} 年“{title}”每{measure.unit}单价 {cost}，再便宜 {saving}（{share}）就会被选用。"
    en = (
        f"{place}: “{title}” in {tie.year}, at {cost} a unit, comes in once it is {saving} ({share}) cheaper."
    )
    return said(language, zh, en)


def share_sentences(case: Case, share: RegionShare, language: Language) -> list[str]:
    """The region's money, then what it is for: the statements with the measures that they drive."""
    name, total = case.regions[share.region].name, money(share.fen, language)
    part = f"{100 * share.fen / share.total:.2f} %" if share.total else "0 %"
    head = said(
        language,
        f"{name}得公共资金 {total}，占全部 {part}；钱用在什么上、由哪一条决定：",
        f"{name} gets {total} of public money, {part} of all; what for, and which statement decides it:",
    )
    by_driver: dict[str | None, list[tuple[str, int, Fraction]]] = defaultdict(list)
    for one in share.spent:
        if one.fen:
            by_driver[one.driver].append((one.measure, one.fen, one.units))
    sums = sorted(by_driver.items(), key=lambda item: -sum(fen for _, fen, _ in item[1]))
    return [head, *(_driver_sentence(case, driver, parts, language) for driver, parts in sums)]


def _driver_sentence(
    case: Case, driver: str | None, parts: Iterable[tuple[str, int, Fraction]], language: Language
) -> str:
    listed = list(parts)
    total = money(sum(fen for _, fen, _ in listed), language)
    bought = said(language, "、", ", ").join(
        f"{case.measures[id].title.said(language)} {amount(units, case.measures[id].unit, language)}"
        for id, _, units in listed
    )
    if driver is None:
        zh, en = (
            f"{total}：{bought}（同等成本下的选择，没有哪一条单独决定）",
            f"{total}: {bought} (a choice among equals)",
        )
        return said(language, zh, en)
    title = named(case, driver).title.said(language)
    return said(
        language,
        f"{total} 因“{title}”[{driver}]：{bought}",
        f"{total} because of “{title}” [{driver}]: {bought}",
    )
