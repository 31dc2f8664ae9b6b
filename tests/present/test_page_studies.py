"""Other plans, ranges and the old plan on the page: figures of the plans, bars where they belong, numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from models.citation import Language
from optimizer.present.page import plan_page
from optimizer.present.page.figures import scale_for
from optimizer.present.page.studies_view import others_view
from optimizer.present.studies import Reach
from tests.present.page_case import TOTAL, report_of, six_counties
from tests.present.page_reader import Main, Page
from tests.present.studied_case import with_anew, with_others

ZH, EN = Language.ZH, Language.EN


@cache
def page(kind: str) -> Page:
    reports = {"others": with_others, "anew": with_anew}
    return Page(plan_page(reports[kind](), EN, "5" * 64))


def english(kind: str) -> Main:
    return page(kind).mains["en"]


def test_the_pages_are_well_formed_and_lead_nowhere() -> None:
    for kind in ("others", "anew"):
        assert page(kind).faults == []


def test_other_plans_with_what_they_cost() -> None:
    table = english("others").table("Other plans within 2.00% of the least cost")
    assert table.row("This plan") == ["proven within the gap", "170,000.05", "–", "–", "allocation.csv"]
    cost, more, elsewhere, file = table.row("Plan 1")[1:]
    assert (cost, more, elsewhere, file) == ("170,000.06", "+<0.1%", "33.3%", "alternative-1.csv")


def test_ranges_to_the_fen() -> None:
    table = english("others").table("What each region could get")
    assert table.head == ["region", "least", "this plan", "most", "Plan 1"]
    assert table.row("County A") == ["30,000.00", "90,000.03", "120,000.00", "30,000.01"]
    assert table.row("County D") == ["0.00", "0.00", "–", "80,000.03"]


def test_bars_begin_and_end_where_the_figures_are() -> None:
    view = others_view(with_others(), scale_for(TOTAL), EN)
    assert view is not None
    a, b, c, d = view.ranges
    assert [one.name for one in view.ranges] == ["County A", "County B", "County C", "County D"]
    # The longest goes to 120,000 yuan: A from 25 to 100 %, its plan at 75 %, the other plan at 25 %.
    reach, other, now = a.bar
    assert (reach.kind, reach.start, reach.length) == ("span", 25.0, 75.0)
    assert other.start + other.length / 2 == pytest.approx(25, abs=0.01)
    assert now.start + now.length / 2 == pytest.approx(75, abs=0.01)
    assert b.bar[0].length == 0.3, "no room at all is still a line"
    assert c.bar[0].start == 0
    assert [segment.kind for segment in d.bar] == ["span-other", "span-now"], "nobody knows its most"
    assert not any(one.cut for one in view.ranges)
    assert a.hint == "County A: least 30.0, this plan 90.0, most 120.0 thousand yuan"


def test_a_region_that_dwarfs_the_others_is_cut_and_says_so() -> None:
    report = with_others()
    assert report.others is not None
    wide = [Reach(letter, 0, 1_000_000 + number, 2_000_000) for number, letter in enumerate("BCDEF")]
    giant = Reach("A", 100_000_000, 500_000_000, 900_000_000)
    found = replace(report.others, reaches=(*wide, giant))
    view = others_view(replace(report, others=found), scale_for(TOTAL), EN)
    assert view is not None
    assert [one.cut for one in view.ranges] == [True, False, False, False, False, False]
    assert all(segment.start + segment.length <= 100.31 for segment in view.ranges[0].bar)
    html = plan_page(replace(report, others=found), EN, "5" * 64)
    assert "Bars with a slash are longer than the drawing; the figures count." in html


def test_the_old_plan_and_the_new_one() -> None:
    main = english("anew")
    table = main.table("before 2019 and from 2019 on")
    assert table.row("public money from 2019 on (yuan)") == ["20,000.00", "65,000.02", "+45,000.02"]
    assert table.row("persons out at the end of 2019") == ["60", "60", "0"]
    funds = main.table("Money by fund, from 2019 on")
    assert [row[0] for row in funds.rows[1:]] == [
        "central grant", "own money", "total, what does not differ included"
    ]  # fmt: skip
    assert "Money that differs from the other plan" in main.text
    assert "also hold money that is not public cost: own money" in main.text


def test_chapters_are_numbered_with_what_there_is() -> None:
    def chapters(html: str) -> list[str]:
        chinese = html[html.index('<main class="zh"') :]
        return re.findall(r"<h2>([一二三四五六七八九十]、[^<]*)</h2>", chinese[: chinese.index("</main>")])

    plain = chapters(plan_page(report_of(six_counties()), EN, "5" * 64))
    assert [title[0] for title in plain] == list("一二三四五六七八")
    beside = chapters(plan_page(with_others(), EN, "5" * 64))
    assert beside == [*plain[:4], "五、还可以怎样分", *(
        number + title[1:] for number, title in zip("六七八九", plain[4:], strict=True)
    )]  # fmt: skip
    assert chapters(plan_page(with_anew(), EN, "5" * 64))[4] == "五、与原方案相比"


def test_nothing_is_said_of_what_was_not_asked_for() -> None:
    html = plan_page(report_of(six_counties()), EN, "5" * 64)
    for words in ("Other plans", "其他方案", "与原方案", "Against the old plan", 'class="span'):
        assert words not in html
    ranges_alone = plan_page(with_others(plans=False), EN, "5" * 64)
    assert "Other plans within" not in ranges_alone
    assert "What each region could get" in ranges_alone


def test_a_preference_is_told_with_the_cost() -> None:
    anew = with_anew().anew
    assert anew is not None
    report = replace(report_of(six_counties()), wish=anew.wish)
    main = Page(plan_page(report, EN, "5" * 64)).mains["en"]
    assert "Within the cost it cannot be below" in main.text
