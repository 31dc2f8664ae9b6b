"""The charts of a what-if: what is varied, what the marks mean, nothing beyond the edge."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from itertools import product

import pytest
from rich.cells import cell_len

from models.citation import Language
from optimizer.present.whatif_chart import curve_svg
from optimizer.present.whatif_exact import said_slope
from optimizer.present.whatif_files import CELL, chart_svg
from optimizer.present.whatif_report import Axis, RunRecord, RunStatus, SweepReport
from tests.study.whatif_cases import ten_houses

from .test_present_whatif import houses

PATHS = ("fund.central.amount", "measure.build.cost", "need.house.amount")
LEVELS = ("0.75x", "0.85x")


def grid(paths: int, *, relaxed: bool = False, costs: tuple[int, ...] = (100, 300)) -> SweepReport:
    """A grid of runs that cost what they are told to; every fifth is infeasible."""
    axes = tuple(Axis(path, LEVELS) for path in PATHS[:paths])
    records = [RunRecord("base", (), RunStatus.OPTIMAL, cost=costs[0])]
    for number, levels in enumerate(product(LEVELS, repeat=paths)):
        patches = tuple(f"{one.path}={level}" for one, level in zip(axes, levels, strict=True))
        planned = number % 5 != 4
        status = RunStatus.OPTIMAL if planned else RunStatus.INFEASIBLE
        cost = costs[number % len(costs)] if planned else None
        records.append(RunRecord(str(number), patches, status, cost=cost, spent={"central": {2018: 100}}))
    return SweepReport(ten_houses(), tuple(records), axes, relaxed=relaxed, options={}, seconds=0.0)


def texts(svg: str) -> list[ElementTree.Element]:
    return [one for one in ElementTree.fromstring(svg).iter() if one.tag.endswith("}text")]


def shown(one: ElementTree.Element) -> str:
    return one.text or ""


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("paths", "relaxed"), [(1, False), (2, False), (3, False), (1, True), (3, True)])
def test_no_text_leaves_the_picture(language: Language, paths: int, relaxed: bool) -> None:
    svg = chart_svg(grid(paths, relaxed=relaxed), language)
    root = ElementTree.fromstring(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    down = next(float(g.attrib["transform"][len("translate(0,") : -1]) for g in root if g.tag.endswith("}g"))
    for one in texts(svg):
        x, y, long = float(one.attrib["x"]), float(one.attrib["y"]), CELL * cell_len(shown(one))
        if "transform" in one.attrib:  # a run's name hangs down to the left
            assert y + down + long * 0.87 <= height
            assert x - long / 2 >= 0
        elif one.attrib["text-anchor"] == "start":
            assert x + long <= width
        else:
            assert x - long >= 0 or one.attrib["text-anchor"] == "middle"


def test_the_picture_says_what_is_varied_and_what_its_marks_mean() -> None:
    assert "fund.central.amount = 0.75x … 0.85x" in [
        shown(one) for one in texts(chart_svg(grid(1), Language.ZH))
    ]
    said = [shown(one) for one in texts(chart_svg(grid(3), Language.ZH))]
    assert {"A = fund.central.amount", "B = measure.build.cost", "C = need.house.amount"} <= set(said)
    assert {"已证明", "无解"} <= set(said)
    assert "未证明" not in said
    assert {"proven", "infeasible"} <= {shown(one) for one in texts(chart_svg(grid(3), Language.EN))}


def test_names_of_runs_on_three_axes_stay_apart() -> None:
    names = [shown(one) for one in texts(chart_svg(grid(3), Language.EN)) if "transform" in one.attrib]
    assert len(names) == len(set(names)) == 9
    assert "A=0.85x B=0.75x C=0.85x" in names


def test_equal_costs_have_one_figure_beside_the_axis() -> None:
    equal = [shown(one) for one in texts(chart_svg(grid(1, costs=(5_000_000,)), Language.EN))]
    assert equal.count("5.00") == 1


def test_the_curve_has_a_cross_where_whole_lots_have_no_plan() -> None:
    for language, words in ((Language.ZH, "整数方案无解"), (Language.EN, "no whole-number plan")):
        svg = curve_svg(houses(10_000_00, 200_000_00), language)
        crosses = [one for one in texts(svg) if shown(one) == "×"]
        assert len(crosses) == 2  # on the axis, and in the legend
        assert words in [shown(one) for one in texts(svg)]
        assert f"7 万元: {words}" in svg
    assert "×" not in curve_svg(houses(90_000_00, 200_000_00), Language.ZH)


@pytest.mark.parametrize(
    ("slope", "said"),
    [(Fraction(0), "0"), (Fraction(-1, 2), "-0.5000"), (Fraction(-42, 10**6), "-0.000042"),
     (Fraction(1, 10**7), "+0.00000010")],
)  # fmt: skip
def test_a_slope_that_is_not_zero_does_not_look_like_zero(slope: Fraction, said: str) -> None:
    assert said_slope(ten_houses(), slope) == said
