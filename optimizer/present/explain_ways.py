"""Conflicts and ways out in sentences: what contradicts what, and what would have to change, by how much."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.case import Case
from models.citation import Citation, Language
from models.explanation import Change, ChangeKind, ConflictSet, Explanation, Repair
from optimizer.present.titles import named
from optimizer.present.words import money, said

#: Places that are named one by one; more are counted.
FEW = 4

#: Units of the program that have a word of their own; those of the case stand as they are written there.
_UNITS = {
    "person": ("人", "persons", "person"),
    "village": ("个村", "villages", "village"),
    "region": ("个地区", "regions", "region"),
    "household": ("户", "households", "household"),
    "county": ("个县", "counties", "county"),
    "mu": ("亩", "mu", "mu"),
    "kw": ("千瓦", "kW", "kW"),
}


@dataclass(frozen=True)
class InWords:
    """A statement in conflict: title with its years and places, and its law."""

    id: str
    text: str
    citation: Citation | None


def amount(value: Fraction, unit: str, language: Language) -> str:
    """A figure with its unit: money in 万元 or yuan, a rate in percent, persons, villages ..."""
    if unit == "fen":
        return money(int(value), language)
    if unit in ("1", ""):
        return f"{number(value * 100)} %" if unit else number(value)
    return f"{number(value)} {unit_word(unit, language, value)}"


def unit_word(unit: str, language: Language, count: Fraction = Fraction(2)) -> str:
    """The word for a unit; one of it in English is singular."""
    if unit not in _UNITS:
        return unit
    zh, many, one = _UNITS[unit]
    return said(language, zh, one if count == 1 else many)


def number(value: Fraction) -> str:
    """A number for reading: whole where it is, else with up to four decimals."""
    if value.denominator == 1:
        return f"{int(value):,}"
    return f"{float(value):,.4f}".rstrip("0").rstrip(".")


def places(case: Case, ids: Sequence[str], language: Language) -> str:
    """Names of few regions, the count of many; nothing for the root, which is everywhere."""
    if not ids or list(ids) == [case.regions.root]:
        return ""
    if len(ids) > FEW:
        return said(language, f"{len(ids)} 个地区", f"{len(ids)} regions")
    return said(language, "、", ", ").join(case.regions[id].name for id in ids)


# --- conflicts --------------------------------------------------------------------------------------


def conflict_head(number: int, count: int, conflict: ConflictSet, language: Language) -> str:
    """What is said before the statements of a conflict."""
    which_zh = f"第 {number} 组（共 {count} 组，互不相干）：" if count > 1 else ""
    which_en = f"Conflict {number} of {count} (they share no statement): " if count > 1 else ""
    size = len(conflict.members)
    if size == 1:
        zh = "这一条与案例自身的数据（存量、账目、成本）不能同时成立，已证明："
        en = "this cannot hold with the case's own figures (stocks, accounts, costs); that is proven:"
    elif conflict.irreducible:
        zh = f"以下 {size} 条不能同时成立；去掉其中任何一条，其余即可同时成立，逐条试过，已证明："
        en = f"these {size} cannot hold together; without any one of them the others can (each was tried):"
    else:
        zh = f"以下 {size} 条不能同时成立，已证明；时限内未能逐条试完，可能还可精简："
        en = (
            f"these {size} cannot hold together; that is proven. Time ran out before each was tried,"
            " so that fewer may already conflict:"
        )
    text = said(language, which_zh + zh, which_en + en)
    return text[0].upper() + text[1:]


def members(case: Case, conflict: ConflictSet, language: Language) -> Iterator[InWords]:
    """The statements of a conflict in words."""
    for member in conflict.members:
        item = named(case, member.id)
        details = [f"{year} 年" if language is Language.ZH else str(year) for year in member.years]
        where = places(case, member.regions, language)
        detail = said(language, "，", ", ").join([*details, *([where] if where else [])])
        bracket = said(language, f"（{detail}）", f" ({detail})") if detail else ""
        yield InWords(member.id, item.title.said(language) + bracket, item.citation)


# --- repairs ----------------------------------------------------------------------------------------


def repair_head(position: int, repair: Repair, language: Language) -> str:
    """What a repair asks for and what the plan then costs."""
    cost, added = money(repair.cost, language), money(abs(repair.added), language)
    if repair.added > 0:
        asks_zh, asks_en = f"需追加资金 {added}", f"it takes {added} more"
    elif repair.added < 0:
        asks_zh, asks_en = f"资金减少 {added}", f"it takes {added} less"
    else:
        asks_zh, asks_en = "不需追加资金", "it takes no more money"
    zh = f"办法 {position}：{asks_zh}；改后可编出合规方案，公共成本 {cost}"
    en = f"Way {position}: {asks_en}; there is then a lawful plan, and it costs {cost} of public money"
    if not repair.proven:
        zh, en = zh + "（未证明最省）", en + " (not proven to be the least)"
    if repair.law:
        zh, en = zh + "；须修改文件明文规定的条款", en + "; it changes a rule that a document states"
    return said(language, zh + "：", en + ":")


def change_sentences(case: Case, repair: Repair, language: Language) -> list[str]:
    """One sentence a change; the pools of a fund in a year, and places of one measure, together."""
    groups: dict[tuple[str, int | None, bool], list[Change]] = {}
    for change in repair.changes:
        up = change.after > change.before
        groups.setdefault((change.id, change.year, up), []).append(change)
    return [_sentence(case, changes, language) for changes in groups.values()]


def _sentence(case: Case, changes: Sequence[Change], language: Language) -> str:
    first = changes[0]
    title = _title(case, first, language)
    if first.kind is ChangeKind.RULE:
        return _rule_sentence(first, title, language)
    if first.kind in (ChangeKind.TARGET, ChangeKind.DUE):
        return _later_sentence(first, title, language)
    if first.kind is ChangeKind.WAITS:
        zh = f"{title}：不再要求（当年纳入、返贫或撤销退出的，当年可以退出）"
        en = f"{title}: no longer asked for (who comes in, falls back or is put back may leave in that year)"
        return said(language, zh, en)
    by = sum((change.after - change.before for change in changes), Fraction(0))
    before = sum((change.before for change in changes), Fraction(0))
    sign = "+" if by > 0 else "-"
    size = amount(abs(by), first.unit, language)
    span = f"{amount(before, first.unit, language)} → {amount(before + by, first.unit, language)}"
    pools = [change.region for change in changes if change.region is not None]
    where = places(case, pools, language)
    year_zh = f" {first.year} 年" if first.year else "各年合计"
    year_en = f"in {first.year}" if first.year else "over all years"
    zh = f"{title}{year_zh}{f'（{where}）' if where else ''} {sign}{size}（{span}）"
    en = f"{sign}{size} of {title} {year_en}{f', {where}' if where else ''} ({span})"
    return said(language, zh, en)


def _title(case: Case, change: Change, language: Language) -> str:
    """The plain title of what is changed: of a fund, need or measure without the family's words."""
    item = change.id.split(".", 1)[-1]
    if change.kind is ChangeKind.FUND:
        return case.funds[item].title.said(language)
    if change.kind is ChangeKind.DUE:
        return case.needs[item].title.said(language)
    if change.kind is ChangeKind.RESOURCE:
        return case.resources[item].title.said(language)
    return named(case, change.id).title.said(language)


def _later_sentence(change: Change, title: str, language: Language) -> str:
    count = amount(abs(Fraction(round(change.effect))), change.counted, language)
    span = f"{amount(change.before, change.unit, language)} → {amount(change.after, change.unit, language)}"
    if change.by is not None and change.year is not None:
        years = change.by - change.year
        zh = f"{title}：{count}推迟 {years} 年，到 {change.by} 年（{change.year} 年目标 {span}）"
        late = "one year" if years == 1 else f"{years} years"
        en = f"{title}: {count} {late} later, by {change.by} (target of {change.year}: {span})"
    elif change.effect < 0:
        zh = f"{title}：{change.year} 年少 {count}（{span}）"
        en = f"{title}: {count} fewer in {change.year} ({span})"
    else:
        zh = f"{title}：{change.year} 年多 {count}（{span}）"
        en = f"{title}: {count} more in {change.year} ({span})"
    return said(language, zh, en)


def _rule_sentence(change: Change, title: str, language: Language) -> str:
    by = change.after - change.before
    size = amount(abs(by), change.unit if change.unit != "1" else "", language)
    if change.before:
        after = amount(change.after, change.unit if change.unit != "1" else "", language)
        before = amount(change.before, change.unit if change.unit != "1" else "", language)
        return said(language, f"规则“{title}”：{before} → {after}", f"rule “{title}”: {before} → {after}")
    zh_sign, en_sign = ("加", "more") if by > 0 else ("减", "less")
    zh = f"规则“{title}”：右边每处{zh_sign} {size}"
    return said(language, zh, f"rule “{title}”: its right side {size} {en_sign}, wherever it applies")


def command(case_path: str, made_with: str, repair: Repair) -> str:
    """The command that plans the repaired case."""
    return " ".join(command_lines(case_path, made_with, repair))


def command_lines(case_path: str, made_with: str, repair: Repair) -> list[str]:
    """The same in parts that a shell takes as one line where a backslash ends each but the last."""
    first = shlex.join(["fenpei", "plan", case_path]) + (f" {made_with}" if made_with else "")
    return [first, *(f"--set {shlex.quote(change.patch)}" for change in repair.changes)]


def closing(case: Case, found: Explanation, language: Language) -> list[str]:
    """What was not allowed to change, and whether time ran out."""
    texts = []
    if not found.repairs:
        zh = "没有找到可行的办法" + ("" if found.complete else "（时限已到）") + "。"
        en = "No way out was found" + ("" if found.complete else " before time ran out") + "."
        texts.append(said(language, zh, en))
    if found.kept:
        titles = said(language, "；", "; ").join(
            f"{named(case, id).title.said(language)} [{id}]" for id in found.kept
        )
        zh = f"按约定未改动：{titles}。"
        texts.append(said(language, zh, f"Left as they are, by default or by --keep: {titles}."))
    if not found.complete and found.repairs:
        zh = "时限已到，可能还有别的办法或冲突；可放宽 --time-limit 再试。"
        en = "Time ran out: there may be more ways or conflicts; a longer --time-limit finds them."
        texts.append(said(language, zh, en))
    return texts
