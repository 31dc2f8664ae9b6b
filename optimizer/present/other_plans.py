"""What `plan --prefer`, `plan --alternatives` and `replan` say beside the plan: texts, objects and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rich.console import RenderableType

from models.case import Case
from models.citation import Language
from models.money import wan, yuan
from optimizer.present.csv_texts import csv_text
from optimizer.present.objects import exact
from optimizer.present.studies import Others, Wish, other_file
from optimizer.present.terminal import Screen, number_column, render, sentence, table, text_column
from optimizer.present.words import money, said

#: Regions shown in a terminal; the file has all of them.
MOST = 20


def wish_object(wish: Wish) -> dict[str, Any]:
    """The key `preference` of a plan's JSON."""
    return {
        "prefer": wish.kind,
        "within": str(wish.within),
        "reached_fen": _fen(wish.reached),
        "bound_fen": _fen(wish.bound),
        "without_fen": _fen(wish.before),
        "people_apart": wish.people,
        "people_apart_without": wish.people_before,
        "other_fund_fen": wish.payers,
        "other_fund_without_fen": wish.payers_before,
    }


def _fen(value: Fraction | None) -> int | str | None:
    return exact(value)


def wish_text(wish: Wish, language: Language) -> str:
    """What the preference reached, in one sentence."""
    if wish.reached is None or wish.before is None:
        return said(
            language, "时限内没有得到符合偏好的方案。", "No plan with the preference was found in time."
        )
    reached, before = money(int(wish.reached), language), money(int(wish.before), language)
    if wish.kind == "even":
        zh = f"各地人均资金最高与最低相差 {reached}；不考虑均衡时 {before}。"
        en = (
            f"Money per poor person differs by {reached} between regions; without the preference by {before}."
        )
    else:
        zh = f"与对照方案不同的资金（增减合计）为 {reached}；不考虑时为 {before}。"
        en = (
            f"Money that differs from the other plan, more and less together: {reached}; "
            f"without the preference {before}."
        )
    if wish.bound is not None:
        bound = money(max(0, int(wish.bound)), language)
        zh, en = (
            f"{zh}在允许的成本内不可能低于 {bound}。",
            f"{en} Within the cost it cannot be below {bound}.",
        )
    if wish.people is not None and wish.people_before is not None:
        people, without = f"{wish.people:,}", f"{wish.people_before:,}"
        zh += f"各年末脱贫（出列）的人数、村数与对照方案各年合计相差 {people}；不考虑时 {without}。"
        en += (
            f" Who is out at the end of a year differs by {people}, all years added up; without it {without}."
        )
    if wish.payers is not None and wish.payers_before is not None:
        paid, without = money(wish.payers, language), money(wish.payers_before, language)
        zh += f"只换资金来源、用途不变的资金为 {paid}；不考虑时为 {without}。"
        en += f" Money that only another fund pays: {paid}; without it {without}."
    return said(language, zh, en)


def others_object(case: Case, found: Others) -> dict[str, Any]:
    """The keys `alternatives`, `ranges` and `alternatives_complete` of a plan's JSON."""
    return {
        "alternatives": [
            {
                "file": other_file(number),
                "status": other.plan.status.value,
                "cost_fen": other.plan.cost,
                "moved": float(other.moved),
            }
            for number, other in enumerate(found.plans, start=1)
        ],
        "alternatives_complete": found.complete,
        "ranges": [
            {"region": r.region, "name": case.regions[r.region].name, "least_fen": r.least, "now_fen": r.now,
             "most_fen": r.most}
            for r in found.reaches
        ],
    }  # fmt: skip


def others_title(found: Others, language: Language) -> str:
    """The heading of the other plans."""
    percent = f"{float(found.within):.2%}"
    return said(
        language, f"成本相差不超过 {percent} 的其他方案", f"Other plans within {percent} of the least cost"
    )


def this_plan(language: Language) -> str:
    """What the plan itself is called beside the others."""
    return said(language, "本方案", "This plan")


def plan_name(number: int, language: Language) -> str:
    """What the other plan of this number is called."""
    return said(language, f"方案{number}", f"Plan {number}")


def incomplete(language: Language) -> str:
    """What is said where fewer other plans were found than were asked for."""
    return said(language, "没有找到更多明显不同的方案。", "No further different plan was found.")


def others_text(case: Case, found: Others, language: Language, screen: Screen) -> str:
    """The alternatives and the ranges as tables."""
    rows = [
        [other_file(number), _wan(other.plan.cost), f"{float(other.moved):.1%}"]
        for number, other in enumerate(found.plans, start=1)
    ]
    moved = said(language, "用处不同的资金", "money spent elsewhere")
    columns = [text_column(""), number_column(said(language, "公共成本（万元）", "cost (万元)")),
               number_column(moved)]  # fmt: skip
    title = others_title(found, language)
    parts: list[RenderableType] = ["", table(title, columns, rows)] if rows else []
    if not found.complete:
        parts.append(sentence(incomplete(language), "dim"))
    if found.reaches:
        parts += ["", *_reaches(case, found, language)]
    return render(parts, screen)


def _wan(fen: int | None) -> str:
    return "–" if fen is None else wan(fen)


def _reaches(case: Case, found: Others, language: Language) -> list[RenderableType]:
    percent, reaches = f"{float(found.within):.2%}", found.reaches
    title = said(
        language,
        f"各地可得公共资金的范围（成本比最省的多出不超过 {percent}；万元）：任何方案都不会低于或高于此数",
        f"What each region could get at a cost within {percent} (万元): no plan gives less or more",
    )
    names = (("最少", "least"), ("本方案", "this plan"), ("最多", "most"))
    columns = [text_column(""), *(number_column(said(language, *pair)) for pair in names)]
    rows = [
        [case.regions[r.region].name, *(_wan(fen) for fen in (r.least, r.now, r.most))]
        for r in reaches[:MOST]
    ]
    parts: list[RenderableType] = [table(title, columns, rows)]
    if len(reaches) > MOST:
        more = len(reaches) - MOST
        parts.append(
            sentence(
                said(language, f"另有 {more} 个地区，见 ranges.csv", f"{more} more in ranges.csv"), "dim"
            )
        )
    return parts


def other_files(case: Case, found: Others, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """alternatives.csv, one allocation for each alternative (`texts`), and ranges.csv."""
    yield "alternatives.csv", csv_text(
        ["file", "status", "cost(元)", "moved"],
        (
            [other_file(number), other.plan.status.value,
             "" if other.plan.cost is None else yuan(other.plan.cost), f"{float(other.moved):.6f}"]
            for number, other in enumerate(found.plans, start=1)
        ),
    )  # fmt: skip
    for number, text in enumerate(texts, start=1):
        yield other_file(number), text
    yield (
        "ranges.csv",
        csv_text(
            ["region", "name", "least(元)", "plan(元)", "most(元)"],
            (
                [
                    r.region,
                    case.regions[r.region].name,
                    *("" if fen is None else yuan(fen) for fen in (r.least, r.now, r.most)),
                ]
                for r in found.reaches
            ),
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Shield:
    """What a plan is protected against; costs in fen, None where no plan was found."""

    protection: Fraction
    budgets: Mapping[int, Fraction]
    worse: Mapping[str, Fraction]
    cost: int | None
    plain: int | None
    patches: tuple[str, ...] = ()
    """The worse ends as `--set` takes them: the plan's case has them, what is drawn later does not."""
    opened: int = 0
    """Fen that funds without a limit must be able to bring beyond the plan, all years together."""


def shield_object(shield: Shield) -> dict[str, Any]:
    """The key `protection` of a plan's JSON."""
    return {
        "protect": float(shield.protection),
        "budgets": {str(count): float(budget) for count, budget in sorted(shield.budgets.items())},
        "worse_ends": {id: float(factor) for id, factor in shield.worse.items()},
        "cost_fen": shield.cost,
        "unprotected_cost_fen": shield.plain,
        "patches": list(shield.patches),
        "open_reserve_fen": shield.opened,
    }


def shield_texts(case: Case, shield: Shield, language: Language) -> list[str]:
    """What the protection rests on and what it costs, a sentence each."""
    share = f"{float(shield.protection) * 100:g}%"
    texts = []
    if shield.cost is None:
        zh = "没有方案能按下面的要求防范；少要一些把握（--protect 取低一点），或从上面的矛盾着手。"
        en = "No plan can be protected as asked below: ask for less (--protect), or see what conflicts above."
        texts.append(said(language, zh, en))
    for count, budget in sorted(shield.budgets.items()):
        texts.append(_budget_text(count, f"{float(budget):g}", share, language))
    if shield.opened:
        size = money(shield.opened, language)
        zh = f"没有限额的资金不留余钱；单价上涨时，须能比方案多筹 {size}（各年合计，按 {share} 的把握）。"
        en = (
            "Funds without a limit keep no reserve: should costs rise, they must be able to bring "
            f"{size} more than planned, all years together ({share})."
        )
        texts.append(said(language, zh, en))
    for id, factor in shield.worse.items():
        title = case.uncertain[id].title.said(language)
        zh = f"{title}：按案例数的 {float(factor):.1%} 编制。"
        texts.append(said(language, zh, f"{title}: planned at {float(factor):.1%} of the case's figure."))
    if shield.cost is not None and shield.plain is not None:
        more = shield.cost - shield.plain
        size = money(abs(more), language)
        zh = f"比不防范的方案{'多' if more >= 0 else '少'}花 {size}（预留的资金没有花掉，不计在内）。"
        what = "more" if more >= 0 else "less"
        en = f"It costs {size} {what} than the plan without (the reserve is not spent and not counted)."
        texts.append(said(language, zh, en))
    return texts


def _budget_text(count: int, size: str, share: str, language: Language) -> str:
    """What the reserve of an account with so many uncertain costs covers."""
    zh = f"有限额的账户（付款涉及 {count} 项不确定单价的）留有余钱，"
    en = f"Accounts with a limit that pay {count} uncertain"
    if size != str(count):
        zh += f"其中任意 {size} 项涨到最高也够用（按 {share} 的把握）。"
        en += f" costs keep a reserve for any {size} of them at their highest ({share})."
    elif count == 1:
        zh += f"它涨到最高也够用（按 {share} 的把握）。"
        en += f" cost keep a reserve, enough even if it is at its highest ({share})."
    else:
        zh += f"{count} 项都涨到最高也够用（按 {share} 的把握）。"
        en += f" costs keep a reserve, enough even if all are at their highest ({share})."
    return said(language, zh, en)
