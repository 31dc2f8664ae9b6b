"""The page of a plan: verdict, exits, cost and proof, money, rules, audit, checklist, sources.

A PlanReport with an allocation comes in, one HTML text goes out. Nothing on it depends on the clock or on how
long anything took.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.allocation import Allocation
from models.case import Case, Goal
from models.citation import Language, Text
from models.finding import Audit
from models.money import spelled
from models.plan import Plan, Status
from optimizer.present.other_plans import wish_text
from optimizer.present.page.document import document
from optimizer.present.page.figures import whole_yuan
from optimizer.present.page.findings_view import AuditView, audit_view
from optimizer.present.page.goals_view import goals_view
from optimizer.present.page.map_view import maps
from optimizer.present.page.money_view import Money, money_view
from optimizer.present.page.places import Place
from optimizer.present.page.studies_view import anew_view, others_view
from optimizer.present.page.trust_view import trust_view
from optimizer.present.report import PlanReport
from optimizer.present.sentences import at_most, proof_sentences, status_sentences
from optimizer.present.words import said, word


@dataclass(frozen=True)
class Verdict:
    """What a reader must know first. `kind` is proven, unproven, unchecked or broken."""

    kind: str
    mark: str
    short: str
    sentence: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """The cost and how sure it is. Texts; empty where there is nothing to say."""

    public: str
    public_exact: str
    other: str
    proof: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    soft_price: str


def plan_page(report: PlanReport, language: Language, allocation_sha256: str | None = None) -> str:
    """The page of a plan as one HTML text in both languages, `language` first.

    Raises ValueError when the report has no allocation or no audit: there is nothing to show then.
    """
    allocation, audit = report.plan.allocation, report.audit
    if allocation is None or audit is None:
        raise ValueError("a report page needs an allocation and its audit")
    title = report.case.title
    return document(
        "plan.html.jinja",
        Text(zh=f"{title.zh}：资金分配方案", en=f"{title.said(Language.EN)}: plan"),
        language,
        lambda lang: _context(report, allocation, audit, allocation_sha256, lang),
    )


def _context(
    report: PlanReport, allocation: Allocation, audit: Audit, sha256: str | None, language: Language
) -> Mapping[str, object]:
    case = report.case
    money = money_view(case, allocation, language)
    found = audit_view(case, audit, language, report.since)
    goals = goals_view(report, audit, language)
    return {
        "case": case,
        "heading": case.title.said(language),
        "scenario": _scenario(report, language),
        "verdict": verdict(report, found, language),
        "goals": goals,
        "cost": _cost(report, money, found, language),
        "money": money,
        "per_head": _per_head(money.place_list, language),
        "maps": maps(case, money.place_list, money.scale, language),
        "audit": found,
        "trust": trust_view(case, allocation, money.scale, language),
        "highlights": _highlights(money),
        "inputs": _inputs(report, sha256, language),
        "documents": [
            (
                document.title.said(language),
                " ".join(part for part in (document.issuer, document.date) if part),
            )
            for document in case.documents.values()
        ],
        "others": others_view(report, money.scale, language),
        "anew": anew_view(report, money.scale, language),
        "wish": "" if report.wish is None else wish_text(report.wish, language),
        "chapter": _chapters(report, language),
        "baseline": "baseline" in report.options,
        "notes": report.notes,
    }


def _chapters(report: PlanReport, language: Language) -> Mapping[str, str]:
    """Chapter -> its number as it stands before the heading; what nobody asked for has none."""
    studies = {"others": report.others, "anew": report.anew}
    names = ("reached", "cost", "pays", "goes", *(s for s, found in studies.items() if found is not None),
             "binds", "audit", "human", "inputs")  # fmt: skip
    return {
        name: said(language, f"{zh}、", f"{number}. ")
        for number, (name, zh) in enumerate(zip(names, "一二三四五六七八九十", strict=False), start=1)
    }


def _scenario(report: PlanReport, language: Language) -> str:
    if report.scenario is None:
        return ""
    known = report.case.scenarios.get(report.scenario)
    return report.scenario if known is None else known.title.said(language)


def verdict(report: PlanReport, found: AuditView, language: Language) -> Verdict:
    """Whether the plan may be used: unproven, unchecked and unlawful plans say so first."""
    sentence = status_sentences(report, language)[0]
    if "baseline" in report.options:
        zh = "这是按习惯做法得出的分配表，只供对照，不求最优。"
        sentence = said(
            language, zh, "This is what habit would do, for comparison; it does not seek the best."
        )
    warnings = []
    if found.broken:
        sentence = said(language, "审核没有通过。", "The audit was not passed.")
        zh = f"本方案违反必须遵守的条款 {found.broken} 处，不得据此下达资金。逐条见“审核结果”。"
        en = (
            f"This plan violates hard statements ({found.broken} findings). It is not lawful; no money may "
            "be allotted by it. Each violation is listed under “What the audit found”."
        )
        warnings.append(said(language, zh, en))
    if found.open_hard:
        zh = f"必须遵守的条款有 {found.open_hard} 处未能核对，不能算通过。"
        en = f"Hard statements were not evaluated in {found.open_hard} places, which is not a pass."
        warnings.append(said(language, zh, en))
    if report.plan.status is not Status.OPTIMAL and not found.broken:
        warnings.append(_unproven(report, language))
    if found.soft.count:
        zh = f"“尽量”类条款有 {found.soft.count} 处未达到，见“审核结果”。"
        en = f"Soft statements are missed in {found.soft.count} places; see “What the audit found”."
        warnings.append(said(language, zh, en))
    if found.broken:
        kind, mark, short = "broken", "✕", said(language, "违规，不可执行", "Unlawful: do not use")
    elif found.open_hard:
        kind, mark, short = "unchecked", "!", said(language, "未核对完，不可下结论", "Not fully checked")
    elif report.plan.status is not Status.OPTIMAL:
        kind, mark = "unproven", "!"
        short = said(language, "合规，但未证明最优", "Lawful, but not proven best")
    else:
        gap = at_most(report.plan.gap or Fraction(0))
        zh = f"已证明最优（差距不超过 {gap}），审核通过"
        kind, mark, short = "proven", "✓", said(language, zh, f"Proven within {gap}, audit passed")
    return Verdict(kind, mark, short, sentence, tuple(warnings))


def _unproven(report: PlanReport, language: Language) -> str:
    if report.plan.gap is None:
        zh = "本方案未证明最优，也没有可以比较的界限：不知道还能省多少，不得称为“最省”。"
        en = "This plan is not proven best, and without a bound nobody knows how much could be saved."
        return said(language, zh, en)
    gap = at_most(report.plan.gap)
    if report.case.goal is not Goal.LEAST_COST:
        zh = f"本方案未证明最优：离理论上限还有最多 {gap} 的差距，不得称为“最优”。"
        en = f"This plan is not proven best: a better one may exist, by at most {gap}."
    else:
        zh = f"本方案未证明最优：可能还有更省的合规方案，最多再省 {gap}，不得称为“最省”。"
        en = f"This plan is not proven best: a lawful one may save up to {gap}. Do not call it cheapest."
    return said(language, zh, en)


def _cost(report: PlanReport, money: Money, found: AuditView, language: Language) -> Cost:
    plan, scale = report.plan, money.scale
    other = money.total - money.public
    rows = [
        (said(language, "公共成本", "Public cost"), _yuan(money.public, language)),
        (
            said(language, "其他资金（企业、农户、社会等）", "Other money (firms, households, donors ...)"),
            _yuan(other, language),
        ),
        (said(language, "合计", "Total"), _yuan(money.total, language)),
    ]
    if not found.broken:
        rows += _bound_rows(report.case, plan, language)
    if found.soft_price:
        rows.append(
            (
                said(language, "未达到的“尽量”类条款折价", "Price of soft statements missed"),
                _yuan(found.soft_price, language),
            )
        )
    return Cost(
        public=scale.said(money.public, language),
        public_exact=spelled(money.public),
        other=scale.said(other, language) if other else "",
        proof=tuple(_proof(report, found, language)),
        rows=tuple(rows),
        soft_price=_yuan(found.soft_price, language) if found.soft_price else "",
    )  # fmt: skip


def _proof(report: PlanReport, found: AuditView, language: Language) -> list[str]:
    """How sure the cost is; an unlawful plan's cost proves nothing."""
    if found.broken:
        zh = "方案不合规，其成本不能与合规方案相比。"
        return [said(language, zh, "The plan is unlawful: its cost says nothing about lawful plans.")]
    return [text.replace(" %", "\N{NO-BREAK SPACE}%") for text in proof_sentences(report, language)]


def _yuan(fen: int, language: Language) -> str:
    return f"{spelled(fen)} {said(language, '元', 'yuan')}"


def _bound_rows(case: Case, plan: Plan, language: Language) -> list[tuple[str, str]]:
    """Status, bound and gap; the bound of a least cost is rounded down to the fen, others up."""
    rows = [(said(language, "状态", "Status"), word(plan.status, language))]
    if plan.bound is not None and plan.objective is not None and case.goal is Goal.LEAST_COST:
        low, value = math.floor(plan.bound), math.ceil(plan.objective)
        compared = said(
            language, "比较用的成本（按权重，含折价）", "Cost as compared (weighted, with prices)"
        )
        bound = said(language, "成本下限（任何合规方案都不低于）", "Lower bound (no lawful plan costs less)")
        saved = said(language, "最多还能省", "At most that much could be saved")
        rows.append((compared, _yuan(value, language)))
        rows.append((bound, _yuan(low, language)))
        rows.append((saved, _yuan(max(0, value - low), language)))
    elif plan.bound is not None:
        limit = said(language, "上限（任何合规方案都不超过）", "Upper bound (no lawful plan reaches more)")
        rows.append((limit, f"{math.ceil(plan.bound):,}"))
    if plan.gap is not None:
        rows.append((said(language, "差距", "Gap"), at_most(plan.gap)))
    return rows  # fmt: skip


def _per_head(found: tuple[Place, ...], language: Language) -> str:
    """Who gets most and least per poor person."""
    known = [(place.per_head, place.name) for place in found if place.per_head is not None]
    if len(known) < 2:
        return ""
    (low, poorest), (high, richest) = min(known), max(known)
    middle = sorted(head for head, _ in known)[len(known) // 2]
    most, least, between = whole_yuan(high), whole_yuan(low), whole_yuan(middle)

    return said(
        language,
        f"按期初每名贫困人口计，最多的是{richest}（{most} 元），最少的是{poorest}（{least} 元），"
        f"居中的为 {between} 元。",
        f"Per poor person at the start, {richest} gets most ({most} yuan), {poorest} least "
        f"({least} yuan); the middle one gets {between} yuan.",
    )


def _highlights(money: Money) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Share and name of who pays, and of the three measures that take most."""
    return {
        "pays": tuple((share, name) for _, name, _, share in money.ranked_levels),
        "goes": tuple((bar.share, bar.name) for bar in money.measures.bars[:3]),
    }


#: Names of the goals and of the options of a run.
_GOALS: Mapping[Goal, tuple[str, str]] = {
    Goal.LEAST_SHORTFALL: ("未达成最少", "least shortfall"),
    Goal.LEAST_COST: ("成本最低", "least cost"),
    Goal.MOST_BENEFIT: ("效益最大", "most benefit"),
    Goal.MOST_EXITS: ("脱贫人数最多", "most exits"),
}
_OPTIONS: Mapping[str, tuple[str, str]] = {
    "solver": ("求解器", "solver"),
    "gap": ("允许差距", "gap allowed"),
    "time_limit": ("时限（秒）", "time limit (seconds)"),
    "seed": ("随机种子", "seed"),
    "round_fen": ("金额取整到（分）", "money in whole (fen)"),
    "cross_check": ("复核用的求解器", "cross-check with"),
    "baseline": ("习惯做法", "habit"),
    "factors": ("因素", "factors"),
    "growth": ("增长", "growth"),
    "from": ("起始年份", "from"),
    "within": ("允许多花", "may cost more by"),
}


def _inputs(report: PlanReport, sha256: str | None, language: Language) -> list[tuple[str, str]]:
    """What the plan was made from and with."""
    case = report.case
    goals = [said(language, *_GOALS[goal]) for goal in (*case.first_goals, case.goal)]
    rows = [
        (said(language, "案例", "Case"), case.id),
        (said(language, "规划期", "Years"), f"{case.first_year}–{case.last_year}"),
        (said(language, "目标", "Goal"), said(language, "，其次", ", then ").join(goals)),
        (said(language, "情景", "Scenario"), report.scenario or "–"),
        (said(language, "修改（--set）", "Patches (--set)"), "  ".join(case.patches) or "–"),
        (said(language, "案例数据的 SHA-256", "SHA-256 of the case"), case.sha256),
    ]
    if sha256 is not None:
        rows.append((said(language, "allocation.csv 的 SHA-256", "SHA-256 of allocation.csv"), sha256))
    rows.append((said(language, "得出方案的求解器", "Solver that found it"), report.plan.solver))
    for option, value in report.options.items():
        name = said(language, *_OPTIONS[option]) if option in _OPTIONS else option
        rows.append(
            (said(language, f"选项：{name}", f"Option: {name}"), "–" if value is None else str(value))
        )
    return rows
