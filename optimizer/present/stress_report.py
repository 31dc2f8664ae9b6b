"""How often a plan holds when figures turn out otherwise: counts over draws, as texts, objects and CSV."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from models.case import Case
from models.citation import Language
from optimizer.present.csv_texts import csv_text
from optimizer.present.terminal import Screen, number_column, render, sentence, table, text_column
from optimizer.present.titles import named
from optimizer.present.words import money, said, word

#: Rows shown in a terminal; the file has all of them.
MOST = 15
#: Normal quantile of a 95 % interval.
NEARLY_TWO = 1.959964


@dataclass(frozen=True)
class Held:
    """A statement in a year: in how many draws it is missed, and how much is then missing on average."""

    rule: str
    year: int
    missed: int
    share: float
    """Part of what was asked for that is missing, on average over the draws that miss it."""
    first: int
    """In how many draws it is what breaks first."""


@dataclass(frozen=True)
class StressReport:
    """What `fenpei stress` found. `unanswered`: draws for which the solver gave no answer in time."""

    case: Case
    plan: str
    draws: int
    seed: int
    unanswered: int
    whole: int
    """Draws in which nothing at all is missed."""
    statements: tuple[Held, ...]
    seconds: float = 0.0
    resumed: int = 0
    out: str | None = None
    reserve: int = 0
    """Fen that funds without a limit may bring beyond the plan: a protected plan counts on it."""

    @property
    def answered(self) -> int:
        """Draws that count."""
        return self.draws - self.unanswered


def interval(hits: int, draws: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson)."""
    if not draws:
        return 0.0, 1.0
    share, z = hits / draws, NEARLY_TWO
    middle = (share + z * z / (2 * draws)) / (1 + z * z / draws)
    half = z / (1 + z * z / draws) * math.sqrt(share * (1 - share) / draws + z * z / (4 * draws * draws))
    return max(0.0, middle - half), min(1.0, middle + half)


def stress_sentences(report: StressReport, language: Language) -> list[str]:
    """How often everything holds, what breaks most often and what first."""
    low, high = interval(report.whole, report.answered)
    share = f"{report.whole / report.answered:.1%}" if report.answered else "–"
    between = f"95% 区间 {low:.1%}–{high:.1%}"
    zh = f"{report.answered:,} 次抽样中，方案的全部目标在 {share} 的情况下仍能达到（{between}）。"
    en = (
        f"In {report.answered:,} draws the plan still reaches everything in {share} "
        f"(95 % interval {low:.1%} to {high:.1%})."
    )
    texts = [said(language, zh, en)]
    if report.statements:
        often = max(report.statements, key=lambda held: held.missed)
        first = max(report.statements, key=lambda held: held.first)
        texts.append(_about("missed most often", "最常落空", often, often.missed, report, language))
        texts.append(
            _about("breaks first most often", "最先落空的多为", first, first.first, report, language)
        )
    if report.unanswered:
        zh = f"{report.unanswered} 次抽样在时限内没有结果，未计入。"
        texts.append(
            said(language, zh, f"Draws without an answer in time, not counted: {report.unanswered}.")
        )
    return texts


def _about(
    english: str, chinese: str, held: Held, hits: int, report: StressReport, language: Language
) -> str:
    title = _title(report, held, language)
    share = f"{hits / report.answered:.1%}"
    zh = f"{chinese}：{title}（{held.year}年），{share} 的抽样；落空时平均缺 {held.share:.1%}。"
    en = f"What is {english}: {title} ({held.year}), in {share} of the draws; {held.share:.1%} is missing."
    if english.startswith("breaks"):
        en = f"What {english}: {title} ({held.year}), in {share} of the draws."
        zh = f"{chinese}：{title}（{held.year}年），{share} 的抽样。"
    return said(language, zh, en)


def stress_text(report: StressReport, language: Language, screen: Screen) -> str:
    """The screen of `fenpei stress`."""
    parts: list[RenderableType] = [sentence(f"{report.case.title.said(language)}  [{report.plan}]", "bold")]
    parts += [sentence(text) for text in stress_sentences(report, language)]
    shown = sorted(report.statements, key=lambda held: (-held.missed, held.year, held.rule))
    if shown:
        title = said(language, "各项目标仍能达到的机会", "How often each target is still met")
        names = (("仍达到", "still met"), ("落空时缺", "missing then"), ("最先落空", "breaks first"))
        columns = [text_column(""), text_column(word("year", language)),
                   *(number_column(said(language, *pair)) for pair in names)]  # fmt: skip
        rows = [
            [
                _title(report, held, language),
                str(held.year),
                f"{1 - held.missed / report.answered:.1%}",
                f"{held.share:.1%}",
                f"{held.first / report.answered:.1%}",
            ]
            for held in shown[:MOST]
        ]
        parts += ["", table(title, columns, rows)]
        if len(shown) > MOST:
            more = len(shown) - MOST
            parts.append(
                sentence(
                    said(language, f"另有 {more} 项，见 stress.csv", f"{more} more in stress.csv"), "dim"
                )
            )
    parts += ["", sentence(_note(report, language), "dim")]
    if report.out is not None:
        parts.append(sentence(said(language, f"已写入 {report.out}", f"Written to {report.out}")))
    return render(parts, screen)


def _note(report: StressReport, language: Language) -> str:
    """What the draws rest on."""
    zh, en = "不另增资金", "with nothing added"
    if report.reserve:
        size = money(report.reserve, language)
        zh = f"没有限额的资金可比方案多出 {size}（编制方案时为单价上涨留的余地），此外不增资金"
        en = f"funds without a limit may bring {size} more, which the protected plan counts on, and no more"
    return said(
        language,
        f"方案按原定数量执行，钱不够就少办，{zh}；未列出的目标在所有抽样中都能达到。数量不取整。",
        f"The plan is carried out as far as its money lasts, {en}; targets that are not listed "
        "hold in every draw. Quantities are not made whole.",
    )


def stress_object(report: StressReport, language: Language) -> dict[str, Any]:
    """JSON."""
    low, high = interval(report.whole, report.answered)
    return {
        "case": report.case.id,
        "sha256": report.case.sha256,
        "plan": report.plan,
        "draws": report.draws,
        "seed": report.seed,
        "answered": report.answered,
        "holds": report.whole,
        "holds_interval": [low, high],
        "uncertain": [_figure(item) for item in report.case.uncertain.values()],
        "statements": [
            {
                "rule": held.rule,
                "title": _title(report, held, language),
                "year": held.year,
                "missed": held.missed,
                "missing_share": held.share,
                "first": held.first,
            }
            for held in report.statements
        ],
        "sentences": stress_sentences(report, language),
        "seconds": round(report.seconds, 3),
        "resumed": report.resumed,
        "out": report.out,
        "open_reserve_fen": report.reserve,
    }


def _title(report: StressReport, held: Held, language: Language) -> str:
    return named(report.case, held.rule).title.said(language)


def _figure(item: Any) -> Mapping[str, object]:
    mode = None if item.mode is None else float(item.mode)
    low, high = float(item.low), float(item.high)
    return {"id": item.id, "path": item.path, "low": low, "high": high, "mode": mode}


def stress_csv(report: StressReport, language: Language) -> str:
    """One line for every statement and year that some draw misses."""
    rows: list[Sequence[object]] = [
        [held.rule, _title(report, held, language), held.year, report.answered, held.missed,
         f"{held.share:.6f}", held.first]
        for held in report.statements
    ]  # fmt: skip
    return csv_text(["rule", "title", "year", "draws", "missed", "missing_share", "first"], rows)
