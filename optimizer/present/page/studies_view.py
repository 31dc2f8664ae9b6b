"""What studies found beside a plan, as rows for the page: other plans, ranges of regions, the old plan.

A PlanReport comes in; texts and bars go out, None for a study that nobody asked for. A range is drawn from
the least to the most that a region could get, with a mark for this plan and thinner ones for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.case import Case
from models.citation import Language
from models.money import spelled
from optimizer.present.comparison import moves, sums_name, uncounted
from optimizer.present.folder import ALLOCATION
from optimizer.present.other_plans import incomplete, others_title, plan_name, this_plan, wish_text
from optimizer.present.page.figures import Scale, percent
from optimizer.present.page.money_view import MOST_PLACE_BARS, MOST_PLACES, Segment, room
from optimizer.present.replanned import difference_title, side_names
from optimizer.present.report import PlanReport
from optimizer.present.studies import Anew, Line, Others, Reach, other_file
from optimizer.present.words import said, word

#: Rows of a table of what changed; the workbook has all of them.
MOST_CHANGES = 12
#: Widths of the marks of this plan and of another, percent of the drawing.
_MARK, _THIN = 1.2, 0.6


@dataclass(frozen=True)
class Range:
    """A region: its bar (the range, then the marks of the plans), and least, this plan, most, rounded."""

    name: str
    bar: tuple[Segment, ...]
    hint: str
    shown: tuple[str, str, str]
    cut: bool
    """It goes on beyond the drawing."""


@dataclass(frozen=True)
class Rows:
    """A table of texts: the first cell of each row names it."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...] = ()
    more: int = 0
    """Rows that are left out."""


@dataclass(frozen=True)
class OthersView:
    """Other plans and ranges; `exact` has every region to the fen with what each plan gives it."""

    plans: Rows | None
    note: str
    """Said where fewer plans were found than asked for."""
    sentence: str
    ranges: tuple[Range, ...]
    left: int
    exact: Rows


@dataclass(frozen=True)
class AnewView:
    """A plan made anew against the old one."""

    lines: Rows
    wish: str
    also: str
    """That the changes hold money which the cost does not count."""
    changes: tuple[Rows, ...]
    same: tuple[str, ...]
    """Titles of the tables in which nothing differs."""


def others_view(report: PlanReport, scale: Scale, language: Language) -> OthersView | None:
    """The other plans; None where nobody asked for any."""
    found, case = report.others, report.case
    if found is None:
        return None
    ranked = sorted(found.reaches, key=lambda reach: -reach.now)
    tops = sorted((_top(reach) for reach in ranked), reverse=True)
    longest = max(1, room(tops))
    return OthersView(
        plans=_plans(report, found, language) if found.asked else None,
        note="" if found.complete else incomplete(language),
        sentence=_sentence(found, language),
        ranges=tuple(
            _range(case, found, reach, longest, scale, language) for reach in ranked[:MOST_PLACE_BARS]
        ),
        left=max(0, len(ranked) - MOST_PLACE_BARS),
        exact=_exact(case, found, ranked, language),
    )


def _plans(report: PlanReport, found: Others, language: Language) -> Rows:
    headings = (("方案", "plan"), ("结论", "status"), ("公共成本（元）", "public cost (yuan)"),
                ("比本方案", "against this plan"), ("用处不同的资金", "money spent elsewhere"),
                ("文件", "file"))  # fmt: skip
    cost = report.plan.cost or 0
    rows = [(this_plan(language), word(report.plan.status, language), spelled(cost), "–", "–", ALLOCATION)]
    for number, other in enumerate(found.plans, start=1):
        theirs = other.plan.cost or 0
        sign = "+" if theirs > cost else "-" if theirs < cost else ""
        rows.append((
            plan_name(number, language), word(other.plan.status, language), spelled(theirs),
            f"{sign}{percent(abs(theirs - cost), cost)}", percent(other.moved, 1), other_file(number),
        ))  # fmt: skip
    return Rows(others_title(found, language), tuple(said(language, *h) for h in headings), tuple(rows))


def _sentence(found: Others, language: Language) -> str:
    size = f"{float(found.within):.2%}"
    return said(
        language,
        f"成本比最省的多出不超过 {size} 的任何合规方案，给一地的公共资金（各年合计）"
        "不会少于“最少”，也不会多于“最多”；须整个建设的项目可能使两端达不到，各地的最少（或最多）也不能同时达到。",
        f"No lawful plan within {size} of the least cost gives a region less public money (all years) than "
        "the least or more than the most. Where things are built whole the ends may be out of reach, and not "
        "all regions can have their least (or most) at once.",
    )


def _top(reach: Reach) -> int:
    return reach.now if reach.most is None else max(reach.now, reach.most)


def _range(case: Case, found: Others, reach: Reach, longest: int, scale: Scale, language: Language) -> Range:
    bar = []
    if reach.least is not None and reach.most is not None:
        start, end = (min(100.0, 100 * fen / longest) for fen in (reach.least, reach.most))
        bar.append(Segment("span", round(start, 2), round(max(end - start, 0.3), 2)))
    for other in found.plans:
        bar.append(_mark("span-other", other.by_region.get(reach.region, 0), longest, _THIN))
    bar.append(_mark("span-now", reach.now, longest, _MARK))
    shown = tuple(
        "–" if fen is None else scale.show(fen, language) for fen in (reach.least, reach.now, reach.most)
    )
    least, now, most = shown
    name, unit = case.regions[reach.region].name, scale.unit.said(language)
    hint = said(
        language,
        f"{name}：最少 {least}，本方案 {now}，最多 {most} {unit}",
        f"{name}: least {least}, this plan {now}, most {most} {unit}",
    )
    return Range(name, tuple(bar), hint, (least, now, most), _top(reach) > longest)


def _mark(kind: str, fen: int, longest: int, width: float) -> Segment:
    middle = min(100.0, 100 * fen / longest)
    return Segment(kind, round(min(max(middle - width / 2, 0.0), 100.0 - width), 2), width)


def _exact(case: Case, found: Others, ranked: list[Reach], language: Language) -> Rows:
    headings = (
        said(language, "地区", "region"),
        said(language, "最少可得", "least"),
        said(language, "本方案", "this plan"),
        said(language, "最多可得", "most"),
        *(plan_name(number, language) for number in range(1, len(found.plans) + 1)),
    )
    rows = tuple(
        (
            case.regions[reach.region].name,
            *("–" if fen is None else spelled(fen) for fen in (reach.least, reach.now, reach.most)),
            *(spelled(other.by_region.get(reach.region, 0)) for other in found.plans),
        )
        for reach in ranked[:MOST_PLACES]
    )
    return Rows("", headings, rows, more=max(0, len(ranked) - MOST_PLACES))


def anew_view(report: PlanReport, scale: Scale, language: Language) -> AnewView | None:
    """The difference to the old plan; None where there is none."""
    found = report.anew
    if found is None:
        return None
    names = tuple(side_names(language))
    unit, item = scale.unit.said(language), said(language, "名称", "name")
    changes, same = [], []
    for moved in moves(found.changes, language, found.start):
        if not moved.rows:
            same.append(moved.title)
            continue
        title = moved.title + (said(language, f"（{unit}）", f" ({unit})") if moved.money else "")
        rows = tuple(
            (name, *_three(before, now, scale if moved.money else None, language))
            for name, before, now in moved.rows[:MOST_CHANGES]
        )
        foot: tuple[str, ...] = ()
        if moved.sums is not None:
            foot = (sums_name(language), *_three(*moved.sums, scale if moved.money else None, language))
        changes.append(Rows(title, (item, *names), rows, foot, max(0, len(moved.rows) - MOST_CHANGES)))
    return AnewView(
        lines=_lines(found, names, language),
        also=uncounted(found.changes, language),
        wish="" if found.wish is None else wish_text(found.wish, language),
        changes=tuple(changes),
        same=tuple(same),
    )


def _three(before: int, now: int, scale: Scale | None, language: Language) -> tuple[str, str, str]:
    def show(value: int) -> str:
        return f"{value:,}" if scale is None else scale.show(value, language)

    return show(before), show(now), f"{'+' if now > before else ''}{show(now - before)}"


def _lines(found: Anew, names: tuple[str, ...], language: Language) -> Rows:
    rows = tuple(
        (
            line.title.said(language) + (said(language, "（元）", " (yuan)") if line.money else ""),
            _figure(line, line.plan),
            _figure(line, line.now),
            ("+" if (line.difference or 0) > 0 else "") + _figure(line, line.difference),
        )
        for line in found.lines
    )
    return Rows(difference_title(found.start, language), (said(language, "项目", "item"), *names), rows)


def _figure(line: Line, value: int | None) -> str:
    if value is None:
        return "–"
    return spelled(value) if line.money else f"{value:,}"
