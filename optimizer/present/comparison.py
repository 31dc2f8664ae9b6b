"""The texts and objects of `fenpei compare`: what the second allocation has more or less than the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from models.case import Case
from models.citation import Language
from models.comparison import Attribution, Comparison, Move, Pairs, Side
from models.money import wan, yuan
from models.policy import Severity
from optimizer.present.csv_texts import csv_text
from optimizer.present.exits import exits
from optimizer.present.terminal import Screen, number_column, render, sentence, table, text_column
from optimizer.present.titles import named
from optimizer.present.words import money, said, word

#: Rows of a table in a terminal; what is left out is counted below it.
MOST = 12
#: Fen that are rounded to 0.01 万元; less is not shown as 0.
LEAST_SHOWN = 5_000

_CAUSES: Mapping[str, tuple[str, str]] = {
    "data": ("数据（人口、需求、地区、能力）", "data (people, needs, regions, capacities)"),
    "entrants": ("新增、返贫和撤销", "newcomers, relapse and exits undone"),
    "price": ("单价和措施", "prices and measures"),
    "money": ("资金", "money"),
    "rule": ("目标和规则", "targets and rules"),
}


def comparison_text(
    found: Comparison,
    why: Attribution | None,
    language: Language,
    screen: Screen,
    since: int | None = None,
) -> str:
    """The screen of `fenpei compare`; `since`: the first year whose money the tables hold."""
    first, second = found.first, found.second
    parts: list[RenderableType] = [
        sentence(said(language, f"甲：{first.name}", f"First:  {first.name}"), "bold"),
        sentence(said(language, f"乙：{second.name}", f"Second: {second.name}"), "bold"),
        "",
        *(sentence(text) for text in verdict(found, language)),
        "",
        _exits(found, language),
    ]
    if also := uncounted(found, language):
        parts += ["", sentence(also, "dim")]
    for moved in moves(found, language, since):
        parts += ["", *_table(moved, language)]
    if why is not None:
        parts += ["", *_why(why, found, language)]
    return render(parts, screen)


_HEADINGS: Mapping[str, tuple[str, str]] = {
    "by_region": ("各地区所得资金", "Money by region"),
    "out": ("各地区期末脱贫人数", "Persons out at the end, by region"),
    "by_measure": ("各措施支出", "Money by measure"),
    "by_fund": ("各资金支出", "Money by fund"),
    "by_year": ("各年支出", "Money by year"),
    "rules": ("各条款违反的处数", "Places where statements are violated"),
}
#: Those that count persons or places.
_COUNTED = ("out", "rules")


@dataclass(frozen=True)
class Moved:
    """One table of a comparison: what is not the same in both, most first (years in their order)."""

    title: str
    rows: tuple[tuple[str, int, int], ...]
    """name, first, second: fen, or persons or places"""
    sums: tuple[int, int] | None
    """Both sides added up, what does not differ included; None where a sum means nothing."""
    money: bool


def moves(found: Comparison, language: Language, since: int | None = None) -> list[Moved]:
    """What differs; `since`: the first year whose money the tables hold."""
    titles, made = _titles(found, language), []
    for key, heading in _HEADINGS.items():
        pairs: Pairs = getattr(found, key)
        money = key not in _COUNTED
        when = said(language, f"，{since}年起", f", from {since} on") if since is not None and money else ""
        ranked = _ranked(pairs, in_order=key == "by_year")
        rows = tuple((titles[key](id), a, b) for id, (a, b) in ranked.items())
        sums = None if key == "rules" else _sums(pairs)
        made.append(Moved(said(language, *heading) + when, rows, sums, money))
    return made


def sums_name(language: Language) -> str:
    """What the row of `Moved.sums` is called."""
    return said(language, "合计（含没有差别的）", "total, what does not differ included")


def verdict(found: Comparison, language: Language) -> list[str]:
    """Cost, exits, broken statements, winners and losers, each in a sentence."""
    first, second = found.first, found.second
    saved = first.cost - second.cost
    size = money(abs(saved), language)
    if saved:
        zh, en = ("少花", "less") if saved > 0 else ("多花", "more")
        texts = [
            said(language, f"乙比甲{zh}公共资金 {size}。", f"The second costs {size} {en} of public money.")
        ]
    else:
        texts = [said(language, "两者的公共成本相同。", "Both cost the same.")]
    persons = sum(b - a for a, b in found.out.values())
    if persons:
        zh, en = ("多", "more") if persons > 0 else ("少", "fewer")
        texts.append(
            said(
                language,
                f"期末脱贫人数{zh} {abs(persons):,} 人。",
                f"It has {abs(persons):,} {en} persons out at the end.",
            )
        )
    else:
        texts.append(said(language, "期末脱贫人数相同。", "The same number of persons are out at the end."))
    texts.append(
        said(
            language,
            f"违反必须遵守的条款：甲 {first.broken:,} 处，乙 {second.broken:,} 处。",
            f"Hard statements violated: {first.broken:,} in the first, {second.broken:,} in the second.",
        )
    )
    texts.append(
        said(
            language,
            f"得到更多资金的地区 {len(found.winners)} 个，更少的 {len(found.losers)} 个。",
            f"Regions that get more: {len(found.winners)}; that get less: {len(found.losers)}.",
        )
    )
    return texts


def _exits(found: Comparison, language: Language) -> RenderableType:
    sides = [_reached(side) for side in (found.first, found.second)]
    keys = list(dict.fromkeys((*sides[0], *sides[1])))
    rows = []
    for kind, year in keys:
        (a, target), (b, _) = (side.get((kind, year), (0, None)) for side in sides)
        shown = "–" if target is None else f"{target:,}"
        rows.append([word(kind, language), str(year), f"{a:,}", f"{b:,}", _signed(b - a), shown])
    columns = [text_column(""), text_column(word("year", language)), *_sides(language),
               number_column(said(language, "目标", "target"))]  # fmt: skip
    return table(said(language, "累计退出", "Out by the end of the year"), columns, rows)


def _reached(side: Side) -> dict[tuple[str, int], tuple[int, int | None]]:
    return {
        (exit.kind.value, exit.year): (exit.reached, exit.target)
        for exit in exits(side.case, side.allocation, side.audit)
    }


def _sides(language: Language) -> list[Any]:
    names = (("甲", "first"), ("乙", "second"), ("乙－甲", "difference"))
    return [number_column(said(language, *pair)) for pair in names]


def _titles(found: Comparison, language: Language) -> Mapping[str, Callable[[str], str]]:
    cases = (found.second.case, found.first.case)

    def of(collection: str) -> Callable[[str], str]:
        return lambda id: next(
            (getattr(case, collection)[id].title.said(language) for case in cases
             if id in getattr(case, collection)), id)  # fmt: skip

    def region(id: str) -> str:
        return next((case.regions[id].name for case in cases if id in case.regions), id)

    severities = {f.rule: f.severity for side in (found.first, found.second) for f in side.audit.findings}

    def rule(id: str) -> str:
        title = f"{id}  {named(found.second.case, id).title.said(language)}"
        severity = severities.get(id, Severity.HARD)
        if severity is Severity.HARD:
            return title
        return title + said(language, f"（{word(severity, language)}）", f" ({word(severity, language)})")

    return {
        "by_region": region, "out": region, "by_measure": of("measures"), "by_fund": of("funds"),
        "by_year": str, "rules": rule,
    }  # fmt: skip


def uncounted(found: Comparison, language: Language) -> str:
    """That the tables hold money which the cost does not count; empty where they do not."""
    funds = {**found.first.case.funds, **found.second.case.funds}
    titles = [
        funds[id].title.said(language)
        for id, pair in found.by_fund.items()
        if id in funds and not funds[id].cost_weight and any(pair)
    ]
    if not titles:
        return ""
    listed = said(language, "、", "; ").join(titles)
    zh = f"以下各表的金额也包括不计入公共成本的资金：{listed}。"
    en = f"The tables below also hold money that is not public cost: {listed}."
    return said(language, zh, en)


def _ranked(pairs: Pairs, *, in_order: bool) -> Pairs:
    """Those that differ, most first; years in their order."""
    moved = [(key, pair) for key, pair in pairs.items() if pair[0] != pair[1]]
    if not in_order:
        moved.sort(key=lambda item: (-abs(item[1][1] - item[1][0]), item[0]))
    return dict(moved)


def _sums(pairs: Pairs) -> tuple[int, int]:
    """Both sides added up, what does not differ included."""
    return sum(a for a, _ in pairs.values()), sum(b for _, b in pairs.values())


def _table(moved: Moved, language: Language) -> list[RenderableType]:
    title = moved.title + (said(language, "（万元）", " (万元)") if moved.money else "")
    if not moved.rows:
        return [sentence(f"{title}{said(language, '：没有差别', ': no difference')}", "dim")]
    show = wan if moved.money else "{:,}".format
    shown = list(moved.rows[:MOST])
    if moved.sums is not None:
        shown.append((sums_name(language), *moved.sums))
    rows = [[name, show(a), show(b), _plus(b - a) if moved.money else _signed(b - a)] for name, a, b in shown]
    parts = [table(title, [text_column(""), *_sides(language)], rows)]
    if len(moved.rows) > MOST:
        rest = len(moved.rows) - MOST
        zh, en = (f"另有 {rest} 行", f"and {rest} more")
        if moved.sums is not None:
            zh, en = f"{zh}未列出，已计入合计", f"{en}, which the total has"
        parts.append(sentence(said(language, zh, en), "dim"))
    return parts


def _signed(value: int) -> str:
    return f"{value:+,}" if value else "0"


def _why(why: Attribution, found: Comparison, language: Language) -> list[RenderableType]:
    title = said(language, "公共成本的差别从何而来", "Where the difference in public cost comes from")
    if not why.separable or why.start is None:
        text = said(
            language,
            "两个案例的地区、年份或条目不同，无法逐项区分原因。",
            "The cases differ in their regions, years or items, so causes cannot be told apart.",
        )
        return [sentence(title, "bold"), sentence(text)]
    if not why.steps:
        return [sentence(title, "bold"),
                sentence(said(language, "两个案例的数据、单价、资金和规则都相同。",
                              "The cases have the same data, prices, money and rules."))]  # fmt: skip
    rows = [[said(language, "甲方案", "the first plan"), wan(found.first.cost), "", ""]]
    for label, move in _moves(why, found, language):
        rows.append([label, _cost(move.cost, language), _plus(move.change), _upto(move.slack)])
    whole = found.second.cost - found.first.cost
    rows.append([said(language, "合计（乙－甲）", "in all (second less first)"), "", _plus(whole), ""])
    columns = [text_column(""), number_column(said(language, "公共成本（万元）", "public cost (万元)")),
               number_column(said(language, "变动", "change")),
               number_column(said(language, "至多高出最省", "above the least by at most"))]  # fmt: skip
    notes = [
        said(
            language,
            "按上面的次序逐项替换，每一步重新求解，各项变动之和正好是合计；次序不同，各项的数会不同。"
            "最后一栏是求解差距（--gap）：变动小于它的，不能算作该原因造成的。",
            "Taken over in this order, each step planned anew; the changes add up to the whole exactly. "
            "Another order gives other parts. The last column is what --gap leaves open: a change smaller "
            "than it is not due to its cause for certain.",
        )
    ]
    if any(move.cost is None for _, move in _moves(why, found, language)):
        notes.append(
            said(
                language,
                "标“无可行方案”的一步单独替换时无解，它的变动并入下一步。",
                "Where there is no plan the step cannot stand alone: what it changes is in the next one.",
            )
        )
    return [table(title, columns, rows), *(sentence(note, "dim") for note in notes)]


def _moves(why: Attribution, found: Comparison, language: Language) -> list[tuple[str, Move]]:
    """Every part of the difference in cost with its label, the first plan's own and the second's included."""
    moves = why.moves(found.first.cost, found.second.cost)
    labels = [said(language, "按甲的案例重新编制", "planned anew for the first's case")]
    labels += [
        said(
            language,
            f"换成乙的{_CAUSES[step.cause.value][0]}",
            f"with the second's {_CAUSES[step.cause.value][1]}",
        )
        for step in why.steps
    ]
    labels = [*labels[: len(moves) - 1], said(language, "乙方案本身", "the second plan itself")]
    return list(zip(labels, moves, strict=True))


def _upto(slack: int | None) -> str:
    return "" if slack is None else wan(slack)


def _plus(fen: int | None) -> str:
    """A difference in 万元; one that would be rounded to nothing says so."""
    if fen is None:
        return ""
    if fen and abs(fen) < LEAST_SHOWN:
        return "<0.01" if fen > 0 else ">-0.01"
    return f"{'+' if fen > 0 else ''}{wan(fen)}"


def _cost(fen: int | None, language: Language) -> str:
    return said(language, "无可行方案", "no plan") if fen is None else wan(fen)


def comparison_object(found: Comparison, why: Attribution | None, language: Language) -> dict[str, Any]:
    """JSON: every pair as [first, second], money in fen."""
    titles = _titles(found, language)
    body: dict[str, Any] = {
        "first": _side(found.first, language),
        "second": _side(found.second, language),
        "cost_difference_fen": found.second.cost - found.first.cost,
        "level": found.level.value,
        "winners": list(found.winners),
        "losers": list(found.losers),
        "verdict": verdict(found, language),
    }
    for key in _HEADINGS:
        body[key] = [
            {"id": id, "title": titles[key](id), "first": a, "second": b, "difference": b - a}
            for id, (a, b) in getattr(found, key).items()
        ]
    body["why"] = None if why is None else {
        "separable": why.separable,
        "start_fen": None if why.start is None else why.start.cost,
        "steps": [{"cause": s.cause.value, "status": s.status.value, "cost_fen": s.cost} for s in why.steps],
        "moves": [
            {"cause": None if move.cause is None else move.cause.value, "title": label,
             "cost_fen": move.cost, "change_fen": move.change, "slack_fen": move.slack}
            for label, move in _moves(why, found, language)
        ],
    }  # fmt: skip
    return body


def _side(side: Side, language: Language) -> dict[str, Any]:
    case: Case = side.case
    return {
        "name": side.name,
        "case": case.id,
        "title": case.title.said(language),
        "sha256": case.sha256,
        "patches": list(case.patches),
        "cost_fen": side.cost,
        "broken": side.broken,
        "exits": [
            {"kind": kind, "year": year, "reached": reached, "target": target}
            for (kind, year), (reached, target) in _reached(side).items()
        ],
    }


def comparison_csv(found: Comparison, language: Language, why: Attribution | None = None) -> str:
    """One row for each id of each table; and one for each part of the difference in cost (`why`)."""
    titles = _titles(found, language)
    rows: list[Sequence[object]] = []
    for key in _HEADINGS:
        counted = key in _COUNTED
        for id, (a, b) in getattr(found, key).items():
            amounts = [a, b, b - a] if counted else [yuan(a), yuan(b), yuan(b - a)]
            unit = {"out": "人", "rules": "处"}.get(key, "元")
            rows.append([key, id, titles[key](id), *amounts, unit])
    known = found.first.cost
    for label, move in [] if why is None else _moves(why, found, language):
        after = known if move.cost is None else move.cost
        part = "" if move.change is None else yuan(move.change)
        cause = "plan" if move.cause is None else move.cause.value
        rows.append(["why", cause, label, yuan(known), "" if move.cost is None else yuan(after), part, "元"])
        known = after
    return csv_text(["table", "id", "title", "first", "second", "difference", "unit"], rows)
