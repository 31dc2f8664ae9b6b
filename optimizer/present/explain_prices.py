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
from optimizer.present.words import said

#: Fen in one 万元, the step in which money is priced.
WAN = 1_000_000


def price_sentences(case: Case, prices: Sequence[Price], language: Language) -> list[str]:
    """One sentence for each figure, with both sides where they differ; figures of one statement of which the
    same is to be said (other years, other pools) together."""
    figures: dict[tuple[str, int | None, str | None], list[Price]] = defaultdict(list)
    for price in prices:
        figures[price.id, price.year, price.region].append(price)
    together: dict[tuple[str, str], list[Price]] = defaultdict(list)
    for parts in figures.values():
        together[parts[0].id, _worth(case, parts, language)].append(parts[0])
    return [_sentence(case, firsts, worth, language) for (_, worth), firsts in together.items()]


def price_sentence(case: Case, parts: Sequence[Price], language: Language) -> str:
    """What one more, and one less, of a figure is worth, and how far that holds."""
    return _sentence(case, parts[:1], _worth(case, parts, language), language)


def _sentence(case: Case, firsts: Sequence[Price], worth: str, language: Language) -> str:
    subject = _subject(case, firsts, language)
    return said(language, f"{subject}：{worth}。", f"{subject}: {worth}.")


def _worth(case: Case, parts: Sequence[Price], language: Language) -> str:
    first = parts[0]
    texts = [text for part in parts for text in _sides(case, part, language)]
    if first.end is Side.BOTH:
        zh = "一点都不能动，多一点、少一点都没有可行方案"
        texts.append(said(language, zh, "it cannot move: with any more or any less there is no plan"))
    elif first.end is Side.LESS:
        texts.append(said(language, "再少就没有可行方案", "with any less there is no plan"))
    elif first.end is Side.MORE:
        texts.append(said(language, "再多就没有可行方案", "with any more there is no plan"))
    if not first.alone:
        zh = "只算资金本身，按这笔资金数额计算的规则未随之调整"
        en = "of the money alone: rules that take its amount as a figure stay as they are"
        texts.append(said(language, zh, en))
    return said(language, "；", "; ").join(texts)


def _subject(case: Case, firsts: Sequence[Price], language: Language) -> str:
    """The title, and which figures of it: years with the same place and amount together."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for price in firsts:
        where = "" if price.region in (None, case.regions.root) else case.regions[price.region or ""].name
        now = "" if price.value is None else _now(price, language)
        alike[where, now].append("" if price.year is None else str(price.year))
    figures = []
    for (where, now), years in alike.items():
        when = said(language, "、", ", ").join(year for year in years if year)
        details = [said(language, f"{when} 年", when) if when else "", where, now]
        figures.append(said(language, "，", ", ").join(part for part in details if part))
    title = _title(case, firsts[0].id, firsts[0].kind, language)
    details = [figure for figure in figures if figure]
    shown = said(language, "；", "; ").join(details)
    return said(language, f"{title}（{shown}）", f"{title} ({shown})") if shown else title


def _title(case: Case, id: str, kind: ChangeKind, language: Language) -> str:
    item = id.split(".", 1)[-1]
    if kind is ChangeKind.FUND:
        return case.funds[item].title.said(language)
    if kind is ChangeKind.DUE:
        return case.needs[item].title.said(language)
    return named(case, id).title.said(language)


def _now(price: Price, language: Language) -> str:
    if not price.value and price.unit == "fen":
        return said(language, "现为 0", "now nothing")
    shown = figure(price.value or Fraction(0), price.unit, language)
    return said(language, f"现为 {shown}", f"now {shown}")


def figure(value: Fraction, unit: str, language: Language) -> str:
    """A figure as short as it reads: money in one unit, a rate in percent with two decimals."""
    if unit == "fen":
        return yuan_text(float(value), language)
    if unit == "1":
        return f"{_trimmed(f'{float(value) * 100:,.2f}')} %"
    return amount(value, unit, language)


def _trimmed(text: str) -> str:
    """A decimal without zeros at its end."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _step(price: Price, language: Language) -> tuple[str, float]:
    """What one step of the figure is called, and how many of its units that is."""
    if price.unit == "fen":
        return said(language, "1 万元", "10,000 yuan"), float(WAN)
    if price.unit == "1" and price.effect:
        return f"1 {unit_word(price.counted, language, Fraction(1))}", float(1 / price.effect)
    if price.unit == "1":
        return said(language, "1 个百分点", "percentage point"), 0.01
    if not price.unit:
        return "1", 1.0
    return f"1 {unit_word(price.unit, language, Fraction(1))}", 1.0


def _sides(case: Case, price: Price, language: Language) -> list[str]:
    """The price upwards and downwards, each with the end of its range; nothing of what cannot move."""
    if price.end is Side.BOTH or (price.end is not None and price.low == price.high is not None):
        return []
    step, units = _step(price, language)
    worth, held = price.price * units, price.value
    texts = []
    if price.side in (Side.MORE, Side.BOTH) and (held is None or price.high != held):
        change = goal_change(case, worth, language)
        zh, en = f"每多 {step}，{change}", f"each {step} more {change}"
        texts.append(said(language, zh, en) + _until(price, price.high, language))
    if price.side in (Side.LESS, Side.BOTH) and (held is None or price.low != held):
        change = goal_change(case, -worth, language)
        zh, en = f"每少 {step}，{change}", f"each {step} less {change}"
        texts.append(said(language, zh, en) + _until(price, price.low, language))
    return texts


def _until(price: Price, end: Fraction | None, language: Language) -> str:
    if price.value is None:
        if end is None:
            return ""
        size = figure(abs(end), price.unit, language)
        return said(language, f"（至多 {size}）", f" (for up to {size})")
    if end is None and not price.price:
        return said(language, "（再多也如此）", " (however much)")
    if end is None:
        return said(language, "（至少到现在的十倍）", " (at least up to ten times as much)")
    if not end:
        return said(language, "（到 0 为止）", " (down to nothing)")
    shown = figure(end, price.unit, language)
    if price.unit == "1" and price.effect:
        count = amount(Fraction(round(end * price.effect)), price.counted, language)
        shown = said(language, f"{shown}、即 {count}", f"{shown}, {count}")
    zh, en = f"（到 {shown}为止）", f" (down to {shown})" if end < price.value else f" (up to {shown})"
    return said(language, zh, en)


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
    """An amount as short as it reads: 元, 万元 or 亿元; yuan, million or billion."""
    size, exact = abs(round(fen)), round(fen)
    if language is Language.ZH:
        if size < WAN:
            return f"{_trimmed(f'{exact / 100:,.2f}')} 元"
        if size < 10_000 * WAN:
            return f"{_trimmed(f'{exact / WAN:,.2f}')} 万元"
        return f"{_trimmed(f'{exact / WAN / 10_000:,.4f}')} 亿元"
    if size < 100 * WAN:
        return f"{_trimmed(f'{exact / 100:,.2f}')} yuan"
    if size < 100_000 * WAN:
        return f"{_trimmed(f'{exact / 10**8:,.4f}')} million yuan"
    return f"{_trimmed(f'{exact / 10**11:,.4f}')} billion yuan"


def toll_sentence(case: Case, toll: Toll, language: Language) -> str:
    """What the plan would cost less without a statement."""
    title = named(case, toll.id).title.said(language)
    change = goal_change(case, -toll.worth, language)
    return said(language, f"没有“{title}”这一条，{change}。", f"Without “{title}” the plan {change}.")


def true_sentence(case: Case, one: TrueDifference, language: Language) -> str:
    """What a real re-solve with all whole numbers free found."""
    moved, expected = _moved(case, one, language), goal_change(case, one.expected, language)
    head = said(language, f"{moved}：按价格推算{expected}", f"{moved}: the price says it {expected}")
    if one.high - one.low <= max(100.0, abs(one.expected) * 1e-3):
        found = goal_change(case, (one.low + one.high) / 2, language)
        return head + said(language, f"，重新求解实际{found}。", f"; solved anew it {found}.")
    if one.low == float("-inf") or one.high == float("inf"):
        en = "; solving anew was not proven in time."
        return head + said(language, "；重新求解在时限内未能证明。", en)
    low, high = (goal_change(case, end, language) for end in (one.low, one.high))
    if low == high:
        return head + said(language, f"；重新求解实际{low}。", f"; solved anew it {low}.")
    zh = f"；重新求解在{low}与{high}之间（两次求解各有误差）。"
    en = f"; solved anew it is between “{low}” and “{high}” (each solve stops within a gap)."
    return head + said(language, zh, en)


def _moved(case: Case, one: TrueDifference, language: Language) -> str:
    """Which figure, from what to what."""
    where = "" if one.region in (None, case.regions.root) else case.regions[one.region or ""].name
    when = "" if one.year is None else said(language, f"{one.year} 年", str(one.year))
    details = said(language, "，", ", ").join(part for part in (when, where) if part)
    title = _title(case, one.id, one.kind, language)
    before, after = (figure(value, one.unit, language) for value in (one.before, one.after))
    zh = f"{title}（{details}）" if details else title
    en = f"{title} ({details})" if details else title
    return said(language, f"{zh}由 {before}改为 {after}", f"{en} from {before} to {after}")


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
    unit = _counter(measure.unit)
    zh = f"{place}：{tie.year} 年“{title}”每{unit}单价 {cost}，再便宜 {saving}（{share}）就会被选用。"
    en = (
        f"{place}: “{title}” in {tie.year}, at {cost} a unit, comes in once it is {saving} ({share}) cheaper."
    )
    return said(language, zh, en)


def share_sentences(case: Case, share: RegionShare, language: Language) -> list[str]:
    """The region's money, then what it is for: the statements with the measures that they drive."""
    name, total = case.regions[share.region].name, yuan_text(share.fen, language)
    part = f"{_trimmed(f'{100 * share.fen / share.total:.2f}')} %" if share.total else "0 %"
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
    total = yuan_text(sum(fen for _, fen, _ in listed), language)
    bought = said(language, "、", "; ").join(_bought(case, one, language) for one in listed)
    if driver is None:
        zh, en = (
            f"{total}：{bought}（同等成本下的选择，没有哪一条单独决定）",
            f"{total}: {bought} (a choice among equals)",
        )
        return said(language, zh, en)
    why = _because(case, driver, language)
    return said(language, f"{total}：{bought}，因为{why}", f"{total} because of {why}: {bought}")


def _bought(case: Case, one: tuple[str, int, Fraction], language: Language) -> str:
    """A measure, how many of it, and what one costs on average where there are several."""
    id, fen, units = one
    measure = case.measures[id]
    title, size = measure.title.said(language), amount(units, measure.unit, language)
    text = said(language, f"{title} {size}", f"{title}, {size}")
    if units <= 1:
        return text
    each = yuan_text(float(fen / units), language)
    return text + said(
        language, f"（平均每{_counter(measure.unit)} {each}）", f" (at {each} each on average)"
    )


def _counter(unit: str) -> str:
    """A unit after 每: 每户, 每个村."""
    return unit_word(unit, Language.ZH, Fraction(1))


def _because(case: Case, driver: str, language: Language) -> str:
    """The statement; where a measure earns by whom it serves, that their incomes have to be closed."""
    family, _, item = driver.partition(".")
    if family == "serves" and item in case.measures:
        groups = [case.groups[id].title.said(language) for id in case.measures[item].serves]
        who = said(language, "、", ", ").join(groups)
        return said(language, f"{who}要靠它增收达标、脱贫", f"the income that {who} need to leave poverty")
    return said(language, "“{}”", "“{}”").format(named(case, driver).title.said(language))
