"""What `fenpei explain` shows: a screen of sentences, the JSON object of the contract, and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rich.console import RenderableType

from models.case import Case
from models.citation import Language
from models.explanation import Change, ConflictSet, Explanation, Price, Repair, RepairKind
from models.plan import Status
from optimizer.present.csv_texts import csv_text
from optimizer.present.explain_prices import (
    price_sentence,
    price_sentences,
    share_sentences,
    tie_sentences,
    toll_sentence,
    true_sentence,
)
from optimizer.present.explain_ways import (
    change_sentences,
    closing,
    command,
    command_lines,
    conflict_head,
    kind_heading,
    members,
    repair_head,
)
from optimizer.present.objects import citation, exact
from optimizer.present.terminal import Screen, render, sentence, verbatim
from optimizer.present.titles import documents, named
from optimizer.present.words import cited, money, said

#: Sentences of one kind on the screen; --format json has them all.
MOST_FUNDS, MOST_OTHERS, MOST_TOLLS = 24, 16, 8


@dataclass(frozen=True)
class ExplainReport:
    """An explanation with the case, where it was read from, and the options that make the same case again."""

    case: Case
    found: Explanation
    path: str
    made_with: str = ""


def explain_text(report: ExplainReport, language: Language, screen: Screen) -> str:
    """The screen."""
    case, found = report.case, report.found
    parts: list[RenderableType] = [sentence(f"{case.title.said(language)}  [{case.id}]", "bold")]
    if found.plan.status is Status.INFEASIBLE:
        parts += _infeasible(report, language)
    elif found.plan.allocation is None:
        zh = "未得出方案，也未证明无解（求解提前停止），因此无从解释。"
        en = "No plan was found, nor was it proven that there is none: there is nothing to explain."
        parts.append(sentence(said(language, zh, en), "red"))
    else:
        parts += _feasible(report, language)
    seconds = sum(found.seconds.values())
    parts += ["", sentence(said(language, f"用时 {seconds:.1f} 秒", f"{seconds:.1f} s"), "dim")]
    return render(parts, screen)


# --- no plan ----------------------------------------------------------------------------------------


def _infeasible(report: ExplainReport, language: Language) -> list[RenderableType]:
    case, found = report.case, report.found
    zh, en = (
        "无解：没有任何方案能同时满足全部必须遵守的条款。",
        "Infeasible: no plan can keep all hard statements.",
    )
    parts: list[RenderableType] = [sentence(said(language, zh, en), "red")]
    texts = documents(case, language)
    if not found.conflicts:
        took = found.seconds.get("explain", 0.0)
        zh = f"无解已证明；是哪些条款互相矛盾，用了 {took:.0f} 秒仍未能指出，可放宽 --time-limit 再试。"
        en = f"That is proven; which statements contradict each other could not be named in {took:.0f} s:"
        en += " try a longer --time-limit."
        parts += ["", sentence(said(language, zh, en))]
    shown: set[str] = set()
    for position, conflict in enumerate(found.conflicts, start=1):
        parts += ["", sentence(conflict_head(position, found.conflicts, language))]
        for item in members(case, conflict, language):
            parts.append(sentence(f"[{item.id}] {item.text}", "bold", 2))
            source = cited(item.citation, texts, language)
            if source and item.id not in shown:
                parts.append(sentence(source, "dim", 4))
            shown.add(item.id)
    parts += _ways(report, language)
    return parts + [sentence(text) for text in ["", *closing(case, found, language)] if text]


def _ways(report: ExplainReport, language: Language) -> list[RenderableType]:
    """The ways out by what becomes of the promises; in each group the plan that costs least first."""
    case, found = report.case, report.found
    if not found.repairs:
        return []
    zh = "可行的办法（每个都已照改并重新编出方案，金额精确到分；各类之内公共成本由低到高）："
    en = "Ways out (each was applied and planned anew, exact to the fen; in each group the cheapest first):"
    parts: list[RenderableType] = ["", sentence(said(language, zh, en), "bold")]
    position = 0
    for kind in RepairKind:
        group = [repair for repair in found.repairs if repair.kind is kind]
        if group:
            parts.append(sentence(kind_heading(kind, language), "bold", 1))
        for repair in group:
            position += 1
            cheapest = len(found.repairs) > 1 and repair is found.repairs[0]
            parts.append(sentence(repair_head(position, repair, language, cheapest=cheapest), "", 2))
            parts += [sentence(f"· {text}", "", 4) for text in change_sentences(case, repair, language)]
            *lines, last = command_lines(report.path, report.made_with, repair)
            parts += [verbatim(f"{line} \\", "dim", 4) for line in lines] + [verbatim(last, "dim", 4)]
    return parts


# --- a plan -----------------------------------------------------------------------------------------


def _feasible(report: ExplainReport, language: Language) -> list[RenderableType]:
    case, found = report.case, report.found
    cost = money(found.plan.cost or 0, language)
    zh, en = f"有合规方案，公共成本 {cost}。", f"There is a lawful plan; it costs {cost} of public money."
    parts: list[RenderableType] = [
        sentence(said(language, zh, en), "green"),
        sentence(_basis(found, language)),
    ]
    funds = [price for price in found.prices if price.id.startswith("supply.")]
    others = [price for price in found.prices if not price.id.startswith("supply.")]
    for heading, prices, most in (
        (
            said(
                language,
                "每项资金多一点、少一点值多少：",
                "What a little more or less of each fund is worth:",
            ),
            funds,
            MOST_FUNDS,
        ),
        (
            said(language, "每条目标、需求、规则要花多少：", "What each target, need and rule costs:"),
            others,
            MOST_OTHERS,
        ),
    ):
        texts = price_sentences(case, _dearest_first(prices), language)
        parts += _listed(heading, texts, most, language)
    if not funds:
        zh = "各项资金都不限额（案例未给金额）：多一点少一点都不改变方案。"
        parts += ["", sentence(said(language, zh, "No fund has an amount: none of them limits the plan."))]
    tolls = [toll_sentence(case, toll, language) for toll in found.tolls]
    parts += _listed(
        said(language, "整条不要，能省多少：", "What each costs altogether:"), tolls, MOST_TOLLS, language
    )
    true = [true_sentence(case, one, language) for one in found.true_differences]
    heading = said(
        language,
        "摘帽安排和不可分项目全部放开、重新求解的核对（数量按可分计）：",
        "Checked by solving anew, exits and indivisible projects free (quantities divisible):",
    )
    parts += _listed(heading, true, MOST_TOLLS, language)
    if found.share is not None:
        head, *rest = share_sentences(case, found.share, language)
        parts += _listed(head, rest, MOST_FUNDS, language)
    ties = tie_sentences(case, found.ties, language)
    heading = said(language, "最先会变的选择：", "The choices that would change first:")
    parts += _listed(heading, ties, MOST_OTHERS, language)
    return parts


def _basis(found: Explanation, language: Language) -> str:
    if found.whole_numbers:
        zh = f"以下价格在选定的项目和摘帽安排下成立（{found.whole_numbers} 个整数选择不变），数量按可分计。"
        en = f"Prices hold at the chosen projects and exits ({found.whole_numbers} whole numbers stay fixed)"
        en += " and for divisible quantities."
    else:
        zh, en = (
            "以下价格是精确的：案例没有整数选择，数量按可分计。",
            "Prices are exact for divisible quantities: the case has no whole-number choices.",
        )
    if not found.complete:
        zh, en = zh + "时限已到，只列出已算完的。", en + " Time ran out: only what was finished is listed."
    return said(language, zh, en)


def _dearest_first(prices: Sequence[Price]) -> list[Price]:
    stake: dict[tuple[str, int | None, str | None], float] = {}
    for price in prices:
        key = (price.id, price.year, price.region)
        stake[key] = max(stake.get(key, 0.0), abs(price.price) * max(1.0, float(price.value or 1)))
    return sorted(prices, key=lambda price: -stake[price.id, price.year, price.region])


def _listed(heading: str, texts: Sequence[str], most: int, language: Language) -> list[RenderableType]:
    if not texts:
        return []
    parts: list[RenderableType] = ["", sentence(heading, "bold")]
    parts += [sentence(f"· {text}", "", 2) for text in texts[:most]]
    if len(texts) > most:
        count = len(texts) - most
        parts.append(
            sentence(
                said(language, f"另有 {count} 项，见 --format json", f"and {count} more: see --format json"),
                "dim",
                2,
            )
        )
    return parts


# --- data -------------------------------------------------------------------------------------------


def explain_object(report: ExplainReport, language: Language) -> dict[str, Any]:
    """The object of `fenpei explain`."""
    case, found = report.case, report.found
    first = found.conflicts[0] if found.conflicts else None
    infeasible = found.plan.status is Status.INFEASIBLE
    return {
        "case": case.id,
        "title": case.title.said(language),
        "status": found.plan.status.value,
        "cost_fen": found.plan.cost,
        "conflict": None if not infeasible else [] if first is None else list(first.ids),
        "conflicts": [_conflict(case, conflict, language) for conflict in found.conflicts],
        "repairs": [_repair(report, repair, language) for repair in found.repairs],
        "kept": list(found.kept),
        "prices": [_price(case, price, language) for price in found.prices],
        "whole_numbers_fixed": found.whole_numbers,
        "tolls": [
            {"id": toll.id, "worth": toll.worth, "sentence": toll_sentence(case, toll, language)}
            for toll in found.tolls
        ],
        "true_differences": [
            {"id": one.id, "year": one.year, "set": one.patch, "expected": one.expected,
             "low": _finite(one.low), "high": _finite(one.high),
             "sentence": true_sentence(case, one, language)}
            for one in found.true_differences
        ],
        "region": _share(case, found, language),
        "near_ties": [
            {"region": tie.region, "measure": tie.measure, "year": tie.year, "cost_fen": tie.cost,
             "saving_fen": tie.saving, "share": tie.share,
             "sentence": tie_sentences(case, [tie], language)[0]}
            for tie in found.ties
        ],
        "complete": found.complete,
        "seconds": {step: round(time, 3) for step, time in found.seconds.items()},
        "patches": list(case.patches),
        "sha256": case.sha256,
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return None if value in (float("inf"), float("-inf")) else value


def plain(value: Fraction | None) -> int | float | None:
    """A whole number as int, any other as the nearest float."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def _conflict(case: Case, conflict: ConflictSet, language: Language) -> dict[str, Any]:
    texts = documents(case, language)
    words = {item.id: item for item in members(case, conflict, language)}
    return {
        "ids": list(conflict.ids),
        "proven": True,
        "irreducible": conflict.irreducible,
        "smallest": conflict.smallest,
        "whole_numbers": conflict.whole,
        "apart": conflict.apart,
        "fixed": conflict.fixed,
        "members": [
            {"id": member.id, "title": named(case, member.id).title.said(language),
             "years": list(member.years), "regions": list(member.regions),
             "citation": citation(words[member.id].citation, texts)}
            for member in conflict.members
        ],
    }  # fmt: skip


def _repair(report: ExplainReport, repair: Repair, language: Language) -> dict[str, Any]:
    return {
        "changes": [_change(change) for change in repair.changes],
        "cost_fen": repair.cost,
        "added_fen": repair.added,
        "proven": repair.proven,
        "changes_law": repair.law,
        "least": repair.least,
        "kind": repair.kind.value,
        "set": [change.patch for change in repair.changes],
        "sentences": change_sentences(report.case, repair, language),
        "command": command(report.path, report.made_with, repair),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "kind": change.kind.value,
        "year": change.year,
        "region": change.region,
        "from": plain(change.before),
        "to": plain(change.after),
        "unit": change.unit,
        "effect": plain(change.effect),
        "counted": change.counted,
        "set": change.patch,
    }


def _price(case: Case, price: Price, language: Language) -> dict[str, Any]:
    return {
        "id": price.id,
        "kind": price.kind.value,
        "year": price.year,
        "region": price.region,
        "value": plain(price.value),
        "price": price.price,
        "unit": price.unit,
        "from": plain(price.low),
        "to": plain(price.high),
        "side": price.side.value,
        "checked": price.checked,
        "alone": price.alone,
        "end": None if price.end is None else price.end.value,
        "sentence": price_sentence(case, [price], language),
    }


def _share(case: Case, found: Explanation, language: Language) -> dict[str, Any] | None:
    share = found.share
    if share is None:
        return None
    return {
        "region": share.region,
        "fen": share.fen,
        "total_fen": share.total,
        "measures": [
            {"measure": one.measure, "units": exact(one.units), "fen": one.fen,
             "by_fund": dict(one.by_fund), "driver": one.driver}
            for one in share.spent
        ],
        "drivers": [{"id": driver.id, "part": driver.part} for driver in share.drivers],
        "sentences": share_sentences(case, share, language),
    }  # fmt: skip


def explain_csv(report: ExplainReport, language: Language) -> str:
    """Infeasible: a row for every change of every repair; else a row for every price."""
    case, found = report.case, report.found
    if found.plan.status is Status.INFEASIBLE:
        head = [
            "repair",
            "kind",
            "cost_fen",
            "added_fen",
            "id",
            "year",
            "region",
            "from",
            "to",
            "unit",
            "set",
        ]
        rows = [
            [position, repair.kind.value, repair.cost, repair.added, change.id, change.year, change.region,
             plain(change.before), plain(change.after), change.unit, change.patch]
            for position, repair in enumerate(found.repairs, start=1)
            for change in repair.changes
        ]  # fmt: skip
        return csv_text(head, rows)
    head = ["id", "title", "year", "region", "value", "price", "unit", "from", "to", "side", "checked"]
    return csv_text(
        head,
        (
            [price.id, named(case, price.id).title.said(language), price.year, price.region,
             plain(price.value), price.price, price.unit, plain(price.low), plain(price.high),
             price.side.value, "yes" if price.checked else "no"]
            for price in found.prices
        ),
    )  # fmt: skip
