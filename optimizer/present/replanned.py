"""What `fenpei replan` says of the difference to the plan that was followed: what happened, what comes of it.

In go the plan that was followed and the new one, whose past is what happened; out come the same figures of
both, before the first year that was planned anew and from it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rich.console import RenderableType

from models.allocation import Allocation, Item
from models.case import Case
from models.citation import Language, Text
from models.money import wan
from models.policy import Counts
from optimizer.present.studies import Line
from optimizer.present.terminal import Screen, number_column, render, table, text_column
from optimizer.present.words import said


def lines(case: Case, plan: Allocation, now: Allocation, start: int) -> tuple[Line, ...]:
    """What happened before `start` against the plan, and what is planned from then on."""
    last = case.last_year
    told = {Item.CARRIED} <= plan.covers and (plan.carried or plan.brought)

    def spent(allocation: Allocation, wanted: Callable[[int], bool]) -> int:
        return _public(case, ((f, fen) for (_, _, f, year), fen in allocation.money.items() if wanted(year)))

    def carried(allocation: Allocation) -> int:
        return _public(case, ((f, n) for (_, f, year), n in allocation.carried.items() if year == start - 1))

    both: tuple[tuple[str, Text, Callable[[Allocation], int], bool], ...] = (
        ("spent_before",
         Text(zh=f"{start}年以前的公共支出（已成事实）", en=f"public money before {start}, which is history"),
         lambda a: spent(a, lambda year: year < start), True),
        ("out_before",
         Text(zh=f"{start - 1}年末累计脱贫人数", en=f"persons out at the end of {start - 1}"),
         lambda a: _out(case, a, start - 1), False),
        ("carried_in",
         Text(zh=f"结转到{start}年的公共资金（负数为欠账）",
              en=f"public money carried into {start} (below 0: owed)"),
         carried, True),
        ("spent_after",
         Text(zh=f"{start}年起的公共支出", en=f"public money from {start} on"),
         lambda a: spent(a, lambda year: year >= start), True),
        ("out_after",
         Text(zh=f"{last}年末累计脱贫人数", en=f"persons out at the end of {last}"),
         lambda a: _out(case, a, last), False),
        ("spent",
         Text(zh="公共支出合计", en="public money in all"),
         lambda a: spent(a, lambda _: True), True),
    )  # fmt: skip
    return tuple(
        Line(key, title, None if key == "carried_in" and not told else of(plan), of(now), money)
        for key, title, of, money in both
    )


def _public(case: Case, amounts: Iterable[tuple[str, int]]) -> int:
    public = case.public_funds
    return sum(fen for fund, fen in amounts if fund in public)


def _out(case: Case, allocation: Allocation, year: int) -> int:
    persons = {group.id for group in case.groups.values() if group.counts is Counts.PERSONS}
    moves: tuple[tuple[int, Mapping[tuple[str, str, int], int]], ...] = (
        (1, allocation.exits), (-1, allocation.returned), (-1, allocation.revoked),
    )  # fmt: skip
    return sum(
        sign * members
        for sign, moved in moves
        for (_, group, when), members in moved.items()
        if group in persons and when <= year
    )


def difference_title(start: int, language: Language) -> str:
    """The heading of `lines`."""
    return said(
        language,
        f"与原方案的差别从何而来：{start}年以前已发生的，和此后重新编制的",
        f"Where the difference to the plan comes from: before {start} and from {start} on",
    )


def side_names(language: Language) -> list[str]:
    """Headings of the columns: the plan that was followed, the new one, the difference."""
    names = (("原方案", "old plan"), ("现在", "now"), ("变动", "difference"))
    return [said(language, *pair) for pair in names]


def difference_text(found: tuple[Line, ...], start: int, language: Language, screen: Screen) -> str:
    """The table of `lines`."""
    title = difference_title(start, language) + said(language, "（金额：万元）", " (money: 万元)")
    columns = [text_column(""), *map(number_column, side_names(language))]
    rows = [
        [line.title.said(language), *(_cell(line, value) for value in (line.plan, line.now)), _moved(line)]
        for line in found
    ]
    parts: list[RenderableType] = [table(title, columns, rows)]
    return render(parts, screen)


def _cell(line: Line, value: int | None) -> str:
    if value is None:
        return "–"
    return wan(value) if line.money else f"{value:,}"


def _moved(line: Line) -> str:
    moved = line.difference
    return "–" if moved is None else f"{'+' if moved > 0 else ''}{_cell(line, moved)}"


def difference_object(found: tuple[Line, ...], language: Language) -> list[dict[str, Any]]:
    """The key `difference` of the JSON of `fenpei replan`; money in fen."""
    return [
        {
            "id": line.key,
            "title": line.title.said(language),
            "unit": "fen" if line.money else "person",
            "plan": line.plan,
            "now": line.now,
            "difference": line.difference,
        }
        for line in found
    ]
