"""The sentences of a run: what was found, what it costs, how sure that is, and why a plan is missing."""

from __future__ import annotations

from fractions import Fraction

from models.case import Goal
from models.citation import Language
from models.finding import Audit, Finding, State
from models.plan import Status
from optimizer.present.report import PlanReport
from optimizer.present.words import money, said


def status_sentence(report: PlanReport, language: Language) -> str:
    """The verdict, the amount and how sure it is, in one line."""
    return said(language, "", " ").join(status_sentences(report, language))


def status_sentences(report: PlanReport, language: Language) -> list[str]:
    """The verdict, the amount and how sure it is, each a sentence."""
    plan = report.plan
    match plan.status:
        case Status.OPTIMAL:
            head = said(
                language, "已得出最优方案，并通过审核。", "The best plan was found and passed the audit."
            )
        case Status.FEASIBLE if report.broken:
            head = said(
                language,
                "得出了方案，但审核发现违反必须遵守的条款，因此不写出。",
                "A plan was found, but the audit found hard statements violated, so it is not written.",
            )
        case Status.FEASIBLE if report.audit is not None and not report.audit.clean:
            head = said(
                language,
                "得出了方案，但有必须遵守的条款未能核对。",
                "A plan was found, but hard statements could not be evaluated.",
            )
        case Status.FEASIBLE:
            head = said(
                language,
                "得出了合规方案，但未证明最优（求解提前停止）。",
                "A lawful plan was found, but it is not proven to be the best (the solver stopped early).",
            )
        case Status.INFEASIBLE:
            head = said(
                language,
                "无解：没有任何方案能同时满足全部必须遵守的条款。",
                "Infeasible: no plan can keep all hard statements together.",
            )
        case Status.UNKNOWN if plan.allocation is not None:
            head = said(
                language,
                "这是一份分配表，不是合规方案：审核发现违反必须遵守的条款，或有条款未能核对。",
                "This is an allocation, no lawful plan: hard statements are violated or not evaluated.",
            )
        case Status.UNKNOWN:
            head = said(
                language,
                "未得出方案，也未证明无解（求解提前停止）。",
                "No plan was found, nor was it proven that there is none (the solver stopped early).",
            )
    if plan.allocation is None:
        return [head]
    return [head, *amount_sentences(report, language), *proof_sentences(report, language)]


def amount_sentences(report: PlanReport, language: Language) -> list[str]:
    """What the plan costs and, for other goals, what it achieves."""
    plan = report.plan
    texts = []
    if plan.objective is not None and report.case.goal is not Goal.LEAST_COST:
        texts.append(_achieved(report.case.goal, plan.objective, language))
    if plan.cost is not None:
        cost = money(plan.cost, language)
        texts.append(said(language, f"公共成本 {cost}。", f"It costs {cost} of public money."))
    return texts


def _achieved(goal: Goal, value: Fraction, language: Language) -> str:
    shown = f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.2f}"
    if goal is Goal.MOST_EXITS:
        return said(language, f"脱贫 {shown} 人。", f"{shown} persons are out of poverty.")
    return said(language, f"效益合计 {shown}。", f"Its benefit is {shown}.")


def proof_sentences(report: PlanReport, language: Language) -> list[str]:
    """How close the plan is to what no lawful plan can beat."""
    plan = report.plan
    if plan.bound is None or plan.gap is None or plan.objective is None:
        return [said(language, "没有可用的界限。", "There is no bound to compare it with.")]
    gap = at_most(plan.gap)
    if report.case.goal is not Goal.LEAST_COST:
        limit = f"{float(plan.bound):,.0f}"
        zh = f"任何合规方案都不超过 {limit}（差距 {gap}）。"
        return [said(language, zh, f"No lawful plan reaches more than {limit} (gap {gap}).")]
    if plan.gap <= 0:
        texts = [said(language, "没有更省的合规方案。", "No lawful plan costs less.")]
    else:
        share = at_least(1 - plan.gap)
        zh = f"任何合规方案的成本都不低于本方案的 {share}（差距 {gap}）。"
        texts = [said(language, zh, f"No lawful plan costs less than {share} of this one (gap {gap}).")]
    weighted = weighted_cost(report)
    if weighted != plan.cost:
        shown = money(int(weighted), language)
        zh = f"比较时各项资金按权重计，合 {shown}。"
        texts.append(said(language, zh, f"Weighted by fund the cost counts as {shown} in the comparison."))
    penalty = plan.objective - weighted
    if penalty > 0:
        price = money(int(penalty), language)
        zh = f"比较时计入未达成的“尽量”类条款的折价 {price}。"
        texts.append(said(language, zh, f"Both count {price} as the price of soft statements missed."))
    return texts


def weighted_cost(report: PlanReport) -> Fraction:
    """Money spent, each fund's fen times its cost weight: what "least cost" compares."""
    paid = report.plan.allocation.money if report.plan.allocation is not None else {}
    funds = report.case.funds
    return sum((funds[fund].cost_weight * fen for (_, _, fund, _), fen in paid.items()), Fraction(0))


def at_least(share: Fraction) -> str:
    """A percentage with two decimals, rounded down: what is claimed holds."""
    scaled = max(share, Fraction(0)) * 10_000
    return _percent(scaled.numerator // scaled.denominator)


def at_most(gap: Fraction) -> str:
    """A percentage with two decimals, rounded up."""
    scaled = max(gap, Fraction(0)) * 10_000
    return _percent(-(-scaled.numerator // scaled.denominator))


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def conflict_sentence(report: PlanReport, language: Language) -> str:
    """What contradicts what."""
    if not report.conflict:
        return said(
            language,
            "在时限内未能指出是哪些条款互相矛盾；可放宽 --time-limit 再试。",
            "Which statements contradict each other could not be named in time; try a longer --time-limit.",
        )
    if len(report.conflict) == 1:
        return said(
            language,
            "这一条与案例自身的数据（存量、账目、成本）不能同时成立：",
            "This cannot hold with the case's own figures (stocks, accounts, costs):",
        )
    if report.irreducible:
        return said(
            language,
            "以下条款不能同时成立；去掉其中任何一条，其余即可同时成立：",
            "These cannot hold together; without any one of them the others can:",
        )
    return said(
        language,
        "以下条款不能同时成立（可能还可精简）：",
        "These cannot hold together (perhaps fewer already cannot):",
    )


def check_sentence(audit: Audit, language: Language) -> str:
    """Whether the case contradicts itself, and how much there is to look up."""
    broken = sum(finding.broken for finding in audit.findings)
    doubtful = audit.count(State.VIOLATED) - broken
    text = (
        said(language, f"发现矛盾 {broken} 处", f"Contradictions found: {broken}")
        if broken
        else said(language, "没有发现矛盾", "No contradiction was found")
    )
    if doubtful:
        text += said(language, f"，另有 {doubtful} 处请留意", f"; points to look at: {doubtful}")
    return text + said(language, "。", ".")


def audit_sentence(audit: Audit, language: Language) -> str:
    """The auditor's verdict in one sentence."""
    broken = sum(finding.broken for finding in audit.findings)
    waived = sum(finding.waiver is not None for finding in audit.findings)
    soft = audit.count(State.VIOLATED) - broken - waived
    open_ = audit.count(State.NOT_EVALUATED)
    parts = [
        said(language, f"违反必须遵守的条款 {broken} 处", f"Hard statements violated: {broken}")
        if broken
        else said(language, "必须遵守的条款无一违反", "No hard statement is violated")
    ]
    if soft:
        parts.append(
            said(language, f"“尽量”“参考”类未达到 {soft} 处", f"soft or advisory ones missed: {soft}")
        )
    if waived:
        parts.append(said(language, f"已豁免 {waived} 处", f"waived: {waived}"))
    if open_:
        zh = f"未能核对 {open_} 处（不算通过）"
        parts.append(said(language, zh, f"not evaluated: {open_} (which does not count as passed)"))
    return said(language, "，", "; ").join(parts) + said(language, "。", ".")


def waiver_sentence(finding: Finding, language: Language) -> str:
    """Why a finding is accepted, by which document, and when; nothing where it is not."""
    waiver = finding.waiver
    if waiver is None:
        return ""
    return said(
        language,
        f"{waiver.reason}（{waiver.document}，{waiver.date.isoformat()}）",
        f"{waiver.reason} ({waiver.document}, {waiver.date.isoformat()})",
    )
