"""The page of a plan, read back: well formed, nothing from outside, every figure the plan's own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from models.allocation import Allocation
from models.case import Case
from models.citation import Language, Text
from models.finding import Audit, Finding, State
from models.plan import Status
from models.policy import Severity
from optimizer.present.page import plan_page
from optimizer.present.sentences import weighted_cost
from optimizer.study.planning import PlanOptions, make_plan
from tests.present.page_case import (
    ALLOCATION,
    HOUSE,
    PUBLIC,
    TOTAL,
    TRAINING,
    report_of,
    six_counties,
    with_money,
)
from tests.present.page_reader import Main, Page, fen
from tests.situations.small import small_case

ZH, EN = Language.ZH, Language.EN


@cache
def case() -> Case:
    return six_counties()


@cache
def html() -> str:
    return plan_page(report_of(case()), EN, "5" * 64)


@cache
def page() -> Page:
    return Page(html())


def english() -> Main:
    return page().mains["en"]


def test_it_is_well_formed_and_leads_nowhere() -> None:
    assert page().faults == []
    assert not {"link", "img", "iframe", "object", "embed", "form", "a:href"} & set(page().tags)
    assert re.findall(r"https?:|//[\w.]+/|@import|url\((?!#)", html()) == []
    assert len(page().scripts) == 1


def test_the_reader_sees_faults() -> None:
    assert Page("<p><b>x</p>").faults
    assert Page('<img src="http://a/b.png">').faults
    assert Page('<p onclick="x()">y</p>').faults
    assert Page('<p id="a"></p><p id="a"></p>').faults
    assert Page('<svg role="img"></svg>').faults
    assert Page('<a href="#gone">x</a>').faults


def test_what_each_fund_pays_is_what_the_plan_says() -> None:
    table = english().table("Each fund by year")
    assert table.numbers("central grant") == [5 * HOUSE, 1_500_000, 5 * HOUSE + 1_500_000]
    assert table.numbers("own money") == [0, 1_500_001, 1_500_001]
    assert table.numbers("provincial money") == [0, 10 * TRAINING, 10 * TRAINING]
    assert table.numbers("total") == [5 * HOUSE, HOUSE + 10 * TRAINING, TOTAL]
    assert "idle money" not in [row[0] for row in table.rows]
    assert "Not used:" in english().text
    assert "idle money" in english().text


def test_levels_measures_and_places_add_up_to_the_same_total() -> None:
    for words in ("by year and level", "Each fund by year", "Each measure by year", "Each place by year"):
        table = english().table(words)
        body = [row for row in table.rows[1:] if row[0] != "total"]
        amounts = [[fen(cell) for cell in row if re.fullmatch(r"[\d,]+\.\d\d", cell)] for row in body]
        assert [sum(column) for column in zip(*amounts, strict=True)] == table.numbers("total"), words
        assert table.numbers("total")[-1] == TOTAL


def test_places_show_poor_people_money_per_head_and_year_of_leaving() -> None:
    table = english().table("Each place by year")
    # A: 90,000.03 yuan for 60 poor people; D: nothing for 20; the province itself: 5,000
    assert table.row("County A") == ["60", "1,500", "2018", "90,000.03", "0.00", "90,000.03"]
    assert table.row("County D") == ["20", "0", "–", "0.00", "0.00", "0.00"]
    assert table.row("Prov (itself)") == ["–", "–", "–", "0.00", "5,000.00", "5,000.00"]


def test_measures_show_what_is_bought() -> None:
    table = english().table("Each measure by year")
    assert table.row("house rebuilt")[0] == "6 home"
    assert table.numbers("house rebuilt") == [5 * HOUSE, HOUSE, 6 * HOUSE]


def test_cost_bound_and_gap() -> None:
    table = english().table("Cost and proof")
    assert table.row("Public cost") == [f"{PUBLIC // 100:,}.{PUBLIC % 100:02d} yuan"]
    bound = PUBLIC * 99 // 100
    assert table.row("Lower bound (no lawful plan costs less)") == [
        f"{bound // 100:,}.{bound % 100:02d} yuan"
    ]
    assert table.row("Gap") == ["1.00 %"]
    assert "No lawful plan costs less than 99.00\N{NO-BREAK SPACE}% of this one" in english().text
    assert "own money" in english().text.split("Not counted as public cost:")[1].split("3. Who pays")[0]


def test_exits_against_targets() -> None:
    table = english().table("Persons out of poverty")
    assert table.rows[1:] == [["2018", "50", "40", "+10"], ["2019", "60", "60", "0"]]
    assert "By the end of 2019, 60 persons are out of poverty" in english().text
    counties = english().table("Counties off the list")
    assert counties.rows[1:] == [["2018", "1", "–", "–"], ["2019", "2", "–", "–"]]


def test_a_soft_target_that_is_missed_shows_its_price() -> None:
    text = english().text
    assert "10 persons" in text
    assert "200.00 yuan" in text  # 10 persons at 20 yuan
    assert english().table("Cost and proof").row("Price of soft statements missed") == ["200.00 yuan"]
    assert any("Soft statements are missed in 1 places" in warning for warning in english().warnings)


def test_the_price_is_what_the_goal_counts() -> None:
    """Two houses at 100 yuan are wanted, 150 yuan are there; half a house short costs 7 yuan a house."""
    poor = small_case(
        years=(2020, 2020),
        tables={"needs": "county,homes,,2", "costs": "house,,,100", "funds": "grant,county,2020,150,"},
        lists={
            "needs": "id: homes, title: homes, unit: home, kind: backlog",
            "measures": "id: house, title: house, unit: home, meets: {homes: 1}, payers: fund == grant",
            "funds": "id: grant, title: grant, level: central, supply: up_to, pooled_at: county, "
            "cost_weight: 0",
            "targets": "id: all, title: all homes, kind: met, need: homes, cumulative: yes, "
            "amounts: {2020: 2}, severity: soft, price: 7元",
        },
    )
    planned = make_plan(poor, PlanOptions())
    report = replace(report_of(poor, planned.plan.allocation or Allocation()), plan=planned.plan)
    assert planned.plan.objective is not None
    assert planned.plan.objective - weighted_cost(report) == 700
    main = Page(plan_page(report, EN)).mains["en"]
    assert main.table("Cost and proof").row("Price of soft statements missed") == ["7.00 yuan"]


def test_every_finding_is_counted() -> None:
    audit = report_of(case()).audit
    assert audit is not None
    table = english().table("Findings by state")
    for state, words in (
        (State.PASS, "pass"),
        (State.BINDING, "binding"),
        (State.VIOLATED, "violated or missed"),
    ):
        assert table.row(words)[0] == f"{audit.count(state):,}"
    assert table.row("total")[0] == f"{len(audit.findings):,}"


def test_the_money_by_basis_adds_up_and_says_what_is_not_known() -> None:
    table = english().headed("basis")
    assert table.row("illustrative")[1:] == ["100.0%", f"{TOTAL // 100:,}.{TOTAL % 100:02d}"]
    assert table.row("stated")[1:] == ["0.0%", "0.00"]


def test_what_binds_has_its_law_and_margin() -> None:
    table = english().table("nothing to spare, or missed")
    (row,) = [row for row in table.rows if row[0].startswith("persons out")]
    assert row[1:3] == ["binding", "1 / 2"]
    assert "made up, 1" in row[3]
    assert row[4] == "0 persons"
    (missed,) = [row for row in table.rows if row[0].startswith("more persons out")]
    assert missed[1] == "missed"
    assert missed[4] == "-10 persons"


def test_the_english_part_is_english() -> None:
    """Every name of this case is ASCII, so that any Chinese would be ours."""
    assert re.findall(r"[⺀-鿿]+", english().text) == []


def test_the_chinese_part_is_chinese() -> None:
    ours = set(re.findall(r"[A-Za-z]{3,}", page().mains["zh"].text)) - set(_names(case()))
    assert ours == {"fenpei", "audit", "SHA", "csv", "allocation", "spending", "set"}


def _names(known: Case) -> list[str]:
    kinds = (known.funds, known.measures, known.targets, known.needs, known.standards, known.groups)
    items = [known.id, known.title.zh, known.sha256, "made up by hand solver none supply leave some"]
    items += [region.name for region in known.regions]
    items += [text for kind in kinds for item in kind.values() for text in (item.id, item.title.zh)]
    items += [measure.unit for measure in known.measures.values()]
    items += [need.unit for need in known.needs.values()]
    return re.findall(r"[A-Za-z]{3,}", " ".join(items))


def test_both_languages_say_the_same() -> None:
    zh, en = page().mains["zh"], page().mains["en"]
    assert [len(table.rows) for table in zh.tables] == [len(table.rows) for table in en.tables]
    numbers = re.compile(r"^[\d,]+\.\d\d$")
    for left, right in zip(zh.tables, en.tables, strict=True):
        if "scale" not in left.caption and "exact" in "".join(right.caption):
            assert [[c for c in row if numbers.match(c)] for row in left.rows] == [
                [c for c in row if numbers.match(c)] for row in right.rows
            ]


def test_the_first_language_is_open() -> None:
    assert list(page().mains) == ["en", "zh"]
    assert '<html lang="en">' in html()
    assert re.search(r'id="say-en" checked', html())
    chinese = plan_page(report_of(case()), ZH)
    assert list(Page(chinese).mains) == ["zh", "en"]
    assert re.search(r'id="say-zh" checked', chinese)
    assert not re.search(r'id="say-en" checked', chinese)


HOSTILE = "<script>alert(\"1\")</script>&amp; 'x' </style><!-- ]]> {{ 7*7 }}"


def test_titles_are_text_whatever_they_hold() -> None:
    plain = case()
    hostile = plain.model_copy(
        update={
            "title": Text(zh=HOSTILE),
            "measures": {
                k: m.model_copy(update={"title": Text(zh=HOSTILE), "unit": "<b>"})
                for k, m in plain.measures.items()
            },
            "funds": {k: f.model_copy(update={"title": Text(zh=HOSTILE)}) for k, f in plain.funds.items()},
            "targets": {
                k: t.model_copy(update={"title": Text(zh=HOSTILE)}) for k, t in plain.targets.items()
            },
            "documents": {
                k: d.model_copy(update={"title": Text(zh=HOSTILE)}) for k, d in plain.documents.items()
            },
            "patches": (HOSTILE,),
        }
    )
    report = report_of(hostile)
    found = Page(plan_page(replace(report, scenario=HOSTILE, options={HOSTILE: HOSTILE}), ZH))
    assert found.faults == []
    assert len(found.scripts) == 1
    assert "alert" not in found.scripts[0]
    assert found.mains["zh"].texts.count(HOSTILE) > 5
    assert "49" not in [text for text in found.mains["zh"].texts if "7*7" in text]
    assert sorted(set(found.tags)) == sorted(set(page().tags))


@pytest.mark.parametrize(
    ("status", "gap", "words"),
    [
        (Status.OPTIMAL, Fraction(1, 100), "Proven within 1.00 %, audit passed"),
        (Status.FEASIBLE, Fraction(1, 50), "Lawful, but not proven best"),
        (Status.FEASIBLE, None, "without a bound nobody knows how much could be saved"),
    ],
)
def test_an_unproven_plan_says_so_loudly(status: Status, gap: Fraction | None, words: str) -> None:
    report = report_of(case(), status=status)
    main = Page(plan_page(replace(report, plan=replace(report.plan, gap=gap)), EN)).mains["en"]
    assert words in main.text
    assert main.alerts == (status is not Status.OPTIMAL)
    assert ("not proven best" in " ".join(main.warnings)) == (status is not Status.OPTIMAL)


def test_an_unlawful_plan_says_so_first() -> None:
    twice = with_money({("A", "house", "central", 2018): 6 * HOUSE})
    report = report_of(case(), twice, Status.FEASIBLE)
    assert report.broken
    audit = report.audit
    assert audit is not None
    broken = [finding for finding in audit.findings if finding.broken]
    main = Page(plan_page(report, EN)).mains["en"]
    text = main.text
    assert main.alerts == 1
    assert "Unlawful: do not use" in text
    assert f"This plan violates hard statements ({len(broken)} findings)" in text
    assert all(finding.message.said(EN) in text for finding in broken)
    assert "No lawful plan costs less" not in text
    assert main.table("Cost and proof").row("Public cost") == ["260,000.08 yuan"]  # 170,000.05 + 90,000.03


def test_years_before_a_plan_begins_are_history() -> None:
    """A was overpaid in 2018; a plan that begins in 2019 does not answer for it, and still shows it."""
    twice = with_money({("A", "house", "central", 2018): 6 * HOUSE})
    report = replace(report_of(case(), twice), since=2019)
    audit = report.audit
    assert audit is not None
    broken = [finding for finding in audit.findings if finding.broken]
    assert {finding.year for finding in broken} == {2018}
    assert not report.broken
    main = Page(plan_page(report, EN)).mains["en"]
    assert main.alerts == 0
    assert "Violations of years before this plan begins" in main.text
    assert all(finding.message.said(EN) in main.text for finding in broken)


def test_a_baseline_says_that_it_is_one() -> None:
    report = replace(report_of(case()), options={"baseline": "equal"}, notes=("Divided by habit <equal>.",))
    main = Page(plan_page(report, EN)).mains["en"]
    assert "Baseline (what habit would do)" in main.text
    assert main.texts.index("Divided by habit <equal>.") < main.texts.index("What is reached")
    assert "Baseline" not in english().text


def test_what_was_not_evaluated_is_no_pass() -> None:
    report = report_of(case())
    assert report.audit is not None
    unknown = replace(report.audit.findings[0], state=State.NOT_EVALUATED, severity=Severity.HARD)
    unsure = replace(report, audit=Audit((*report.audit.findings, unknown)))
    main = Page(plan_page(replace(unsure, plan=replace(report.plan, status=Status.FEASIBLE)), EN)).mains["en"]
    assert "Not fully checked" in main.text
    assert any("not evaluated in 1 places" in warning for warning in main.warnings)


def test_more_violations_than_a_page_holds_are_counted() -> None:
    report = report_of(case())
    assert report.audit is not None
    (missed,) = [f for f in report.audit.findings if f.state is State.VIOLATED]
    many: list[Finding] = [replace(missed, severity=Severity.ADVISORY) for _ in range(321)]
    main = Page(plan_page(replace(report, audit=Audit(tuple(many))), EN)).mains["en"]
    assert "and 21 more: see findings.csv." in main.text
    assert main.text.count("short by 10 persons") == 300 + 1  # and once as the place where it is tightest


def test_an_allocation_of_nothing_makes_a_page_of_zeros() -> None:
    empty = Page(plan_page(report_of(case(), Allocation()), EN))
    assert empty.faults == []
    assert empty.mains["en"].table("Cost and proof").row("Total") == ["0.00 yuan"]
    assert "nan" not in html().lower().split("</style>")[1]


def test_without_an_allocation_there_is_no_page() -> None:
    report = report_of(case())
    with pytest.raises(ValueError, match="needs an allocation"):
        plan_page(replace(report, plan=replace(report.plan, allocation=None)), EN)


def test_the_clock_leaves_no_trace() -> None:
    slow = replace(report_of(case()), seconds={"solve": 123.456})
    assert plan_page(slow, EN, "5" * 64) == html()


def test_the_same_bytes_in_every_process() -> None:
    code = (
        "import hashlib; from models.citation import Language; from optimizer.present.page import plan_page; "
        "from tests.present.page_case import report_of, six_counties; "
        "print(hashlib.sha256(plan_page(report_of(six_counties()), Language.ZH).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_the_drawings_have_words() -> None:
    assert html().count('<svg class="chart"') == html().count("<desc id=") - html().count(
        '<svg class="tiles"'
    )
    assert ALLOCATION.money  # the drawings above are of something
