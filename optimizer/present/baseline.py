"""The texts and objects of `fenpei baseline`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from models.money import wan, yuan
from optimizer.present.csv_texts import csv_text
from optimizer.present.objects import counts, plan_object
from optimizer.present.report import PlanReport
from optimizer.present.sentences import amount_sentences, audit_sentence
from optimizer.present.tables import broken_tables, exits_tables, money_tables
from optimizer.present.terminal import Screen, number_column, render, sentence, table, text_column
from optimizer.present.words import said, word

#: Broken statements, and regions, shown in full.
MOST = 12
#: (fund, region, year) -> fen
Shares = Mapping[tuple[str, str, int], int]


def shares_csv(case: Case, shares: Shares, made: Allocation, language: Language) -> str:
    """shares.csv: what each region has of each fund in each year, and what it spends of that."""
    spent = _spent(case, shares, made)
    return csv_text(
        ["fund", "fund_title", "region", "name", "year", "share(元)", "spent(元)"],
        (
            [fund, case.funds[fund].title.said(language), region, case.regions[region].name, year,
             yuan(fen), yuan(spent.get((fund, region, year), 0))]
            for (fund, region, year), fen in shares.items()
        ),
    )  # fmt: skip


def _spent(case: Case, shares: Shares, made: Allocation) -> Shares:
    """The same of what is spent."""
    inside = {below: region for _, region, _ in shares for below in case.regions.subtree(region)}
    spent: dict[tuple[str, str, int], int] = defaultdict(int)
    for (region, _, fund, year), fen in made.money.items():
        if region in inside:
            spent[fund, inside[region], year] += fen
    return spent


def _shares_tables(case: Case, shares: Shares, made: Allocation, language: Language) -> list[RenderableType]:
    """Who gets how much in each year, all divided funds together; most first."""
    spent = _spent(case, shares, made)
    given: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    used: dict[str, int] = defaultdict(int)
    for key, fen in shares.items():
        given[key[1]][key[2]] += fen
        used[key[1]] += spent.get(key, 0)
    whole = {region: sum(years.values()) for region, years in given.items()}
    ranked = sorted(whole, key=lambda region: (-whole[region], region))
    total = word("total", language)
    years = case.years
    columns = [text_column(word("region", language)), *(number_column(str(year)) for year in years),
               number_column(total), number_column(said(language, "其中用去", "spent of it"))]  # fmt: skip
    rows: list[Sequence[str]] = [
        [case.regions[region].name, *(wan(given[region][year]) for year in years), wan(whole[region]),
         wan(used[region])]
        for region in ranked[:MOST]
    ]  # fmt: skip
    sums = [sum(years_of[year] for years_of in given.values()) for year in years]
    rows.append([total, *map(wan, sums), wan(sum(sums)), wan(sum(used.values()))])
    funds = len({fund for fund, _, _ in shares})
    title = said(
        language,
        f"各地区按此法分得的资金（{funds} 项共用资金合计，万元）",
        f"What each region gets by habit ({funds} shared fund{'s' if funds > 1 else ''} together, 万元)",
    )
    rest = len(ranked) - MOST
    more = (
        said(language, f"合计含另外 {rest} 个地区；", f"the total has {rest} more regions; ")
        if rest > 0
        else ""
    )
    where = said(language, "按资金、地区、年份见 shares.csv", "by fund, region and year: shares.csv")
    return ["", table(title, columns, rows), sentence(f"{more}{where}", "dim")]


def baseline_text(report: PlanReport, shares: Shares, language: Language, screen: Screen) -> str:
    """The screen of `fenpei baseline`."""
    parts: list[RenderableType] = [sentence(report.case.title.said(language), "bold")]
    parts += [sentence(text) for text in report.notes]
    parts += [sentence(text) for text in amount_sentences(report, language)]
    if report.plan.allocation is not None:
        parts += _shares_tables(report.case, shares, report.plan.allocation, language)
    parts += ["", *exits_tables(report, language), *money_tables(report, language)]
    if report.audit is not None:
        parts += broken_tables(report.case, report.audit, language, MOST)
        parts += ["", sentence(audit_sentence(report.audit, language))]
    place = report.out or "-"
    parts.append(
        sentence(
            said(
                language,
                f"已写入 {place}；与方案比较：fenpei compare {place} 方案文件夹",
                f"Written to {place}; to hold it against a plan: fenpei compare {place} PLAN",
            )
        )
    )
    return render(parts, screen)


def baseline_object(report: PlanReport, lawful: bool, language: Language) -> dict[str, Any]:
    """The object of `fenpei plan`, and whether the hard rules could be kept with habit's shares."""
    found = plan_object(report, language)
    broken = sum(finding.broken for finding in report.audit.findings) if report.audit is not None else None
    audit = None if report.audit is None else {**counts(report.audit), "broken": broken}
    return found | {"baseline": report.options["baseline"], "rules_kept": lawful, "audit": audit}
