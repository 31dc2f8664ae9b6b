"""Conflicts and ways out in sentences: what contradicts what, and what would have to change, by how much."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.case import Case
from models.citation import Citation, Language
from models.explanation import Change, ChangeKind, ConflictSet, Explanation, Repair, RepairKind
from models.money import wan
from models.unit_words import unit_word
from optimizer.present.titles import named
from optimizer.present.words import money, said

#: Places that are named one by one; more are counted.
FEW = 4
#: Fen in one 万元, which some needs are counted in; in a million yuan; in one 亿元.
WAN, MILLION, YI = 1_000_000, 100_000_000, 10_000_000_000


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
    if unit == "万元":
        return money(round(value * WAN), language)
    plain = "*".join(_powers(unit))
    return f"{number(value)} {unit_word(plain, language, value)}"


def _powers(unit: str) -> Iterator[str]:
    """The factors of a unit, a square as two of them."""
    for part in unit.split("*"):
        name, _, power = part.partition("^")
        yield from [name] * int(power or 1)


def figure(value: Fraction, unit: str, language: Language) -> str:
    """The same where figures stand close together: money in one unit only, 亿元 where that is exact."""
    fen = {"fen": int(value), "万元": round(value * WAN)}.get(unit)
    if fen is not None and language is Language.EN and abs(fen) >= MILLION:
        return f"{wan(fen // 100)} million yuan"
    if fen is not None and language is Language.ZH:
        in_yi = abs(fen) >= YI and fen % WAN == 0
        return f"{wan(fen // 10_000, 4)} 亿元" if in_yi else f"{wan(fen)} 万元"
    return amount(value, unit, language)


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


def conflict_head(position: int, conflicts: Sequence[ConflictSet], language: Language) -> str:
    """What is said before the statements of a conflict: how many they are, and what of it is proven."""
    conflict, count = conflicts[position - 1], len(conflicts)
    which_zh = which_en = ""
    if count > 1:
        alone = said(language, "与其他各组互不相干", "it shares no statement with the others")
        shares = any(set(conflict.ids) & set(one.ids) for one in conflicts if one is not conflict)
        alone = (
            said(language, "与别的组有共同的条款", "it shares statements with others") if shares else alone
        )
        which_zh, which_en = (
            f"第 {position} 组（共 {count} 组；{alone}）：",
            f"Conflict {position} of {count} ({alone}): ",
        )
    size = len(conflict.members)
    if not size:
        zh = "案例自身的数据（存量、账目、成本）就互相矛盾，已证明，与任何条款无关。"
        en = "the case's own figures (stocks, accounts, costs) contradict each other; that is proven."
    elif size == 1:
        zh = "这一条与案例自身的数据（存量、账目、成本）不能同时成立，已证明："
        en = "this cannot hold with the case's own figures (stocks, accounts, costs); that is proven:"
    elif conflict.irreducible:
        fewer = any(len(one.members) < size for one in conflicts[: position - 1])
        zh, en = _tried(conflict, size, fewer_before=fewer)
    else:
        zh = f"以下 {size} 条不能同时成立，已证明；时限内未能逐条试完，可能还可精简："
        en = (
            f"these {size} cannot hold together; that is proven. Time ran out before each was tried,"
            " so that fewer may already conflict:"
        )
    text = said(language, which_zh + zh, which_en + en)
    return text[0].upper() + text[1:]


def _tried(conflict: ConflictSet, size: int, *, fewer_before: bool) -> tuple[str, str]:
    """Each was dropped in turn: in which quantities, and whether it is known that fewer do not conflict."""
    zh = f"以下 {size} 条不能同时成立；去掉其中任何一条，其余即可同时成立，逐条试过，已证明"
    en = f"these {size} cannot hold together; without any one of them the others can (each was tried"
    if not conflict.whole:
        zh += "（数量按可分计；按整数计未能在时限内逐条核对）"
        en += ", quantities divisible: whole ones were not confirmed in time"
    if conflict.smallest:
        zh += "；除前面各组外，没有条数更少的矛盾" if fewer_before else "；没有条数更少的矛盾"
        en += (
            "; apart from the sets before, there is no smaller set"
            if fewer_before
            else "; there is no smaller set"
        )
    else:
        zh += "；有没有条数更少的矛盾，时限内未能证明"
        en += "; whether there is a smaller set was not settled in time"
    return zh + "：", en + "):"


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


_KINDS: Mapping[RepairKind, tuple[str, str]] = {
    RepairKind.KEEPS: (
        "承诺的都保住（增加资金、调整到位时间或扩大能力）",
        "Everything promised is kept (more or other money, more capacity)",
    ),
    RepairKind.RULES: ("承诺的都保住，但要放宽规则", "Everything promised is kept, but a rule gives way"),
    RepairKind.LATER: (
        "一部分推迟（以后年份仍要达到）",
        "Part of it comes later (a later year still asks for it)",
    ),
    RepairKind.LESS: ("一部分不再要求", "Part of it is given up"),
}


def kind_heading(kind: RepairKind, language: Language) -> str:
    """What becomes of the promises in a group of ways out."""
    zh, en = _KINDS[kind]
    return said(language, f"{zh}：", f"{en}:")


def repair_head(position: int, repair: Repair, language: Language, *, cheapest: bool = False) -> str:
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
    if cheapest:
        zh, en = zh + "（各办法中最低）", en + " (the least of all these ways)"
    if not repair.proven:
        zh, en = zh + "（未证明最省）", en + " (not proven to be the least)"
    if not repair.least:
        zh, en = zh + "；改动幅度往大里取了整，略小一些也许就够", en + "; rounded up, a smaller change may do"
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
    size = figure(abs(by), first.unit, language)
    span = f"{figure(before, first.unit, language)} → {figure(before + by, first.unit, language)}"
    pools = [change.region for change in changes if change.region is not None]
    where = places(case, pools, language)
    year_zh = f" {first.year} 年" if first.year else "各年合计"
    year_en = f"in {first.year}" if first.year else "over all years"
    zh = f"{title}{year_zh}{f'（{where}）' if where else ''} {sign}{size}（{span}）"
    en = f"{sign}{size} of {title} {year_en}{f', {where}' if where else ''} ({span})"
    if first.kind is ChangeKind.CAPACITY:
        en = f"{title} {year_en}{f', {where}' if where else ''}: {sign}{size} ({span})"
    return said(language, zh, en)


def _title(case: Case, change: Change, language: Language) -> str:
    """The plain title of what is changed: of a fund, need or measure without the family's words."""
    item = change.id.split(".", 1)[-1]
    if change.kind is ChangeKind.FUND:
        return case.funds[item].title.said(language)
    if change.kind is ChangeKind.DUE:
        return case.needs[item].title.said(language)
    if change.kind is ChangeKind.CAPACITY:
        measure = case.measures[item].title.said(language)
        return said(language, f"“{measure}”的实施能力", f"capacity for “{measure}”")
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
    unit = change.unit if change.unit != "1" else ""
    size = figure(abs(by), unit, language)
    if change.before:
        before, after = (figure(value, unit, language) for value in (change.before, change.after))
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
    fixed = [number for number, conflict in enumerate(found.conflicts, start=1) if conflict.fixed]
    if fixed:
        texts.append(_nothing_helps(fixed, len(found.conflicts), language))
    elif not found.repairs:
        zh = (
            "没有找到可行的办法" + ("" if found.complete else "（时限已到，可放宽 --time-limit 再试）") + "。"
        )
        en = "No way out was found"
        en += "." if found.complete else " before time ran out: a longer --time-limit may find one."
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


def _nothing_helps(fixed: list[int], count: int, language: Language) -> str:
    """That sets of these numbers are made of standards and facts only."""
    numbers = ", ".join(map(str, fixed))
    zh, en = f"第 {numbers} 组", f"The statements of set {numbers}"
    if count == 1:
        zh, en = "这几条", "These statements"
    return said(
        language,
        f"{zh}都是标准或事实，不会为凑出方案而改动，因此没有可行的办法：其中至少有一个数字不对，请对照文件核对。",
        f"{en} are standards and facts, which no way out changes: at least one of their figures must be "
        "wrong. Check them against the documents.",
    )
