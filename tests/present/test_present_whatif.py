"""What a what-if says beside its figures: where a curve has a value and whole lots have no plan."""

from __future__ import annotations

import shlex
from fractions import Fraction
from pathlib import Path

from models.citation import Language
from optimizer.cli import main
from optimizer.present.terminal import Screen
from optimizer.present.whatif_exact import (
    CurveReport,
    Piece,
    YearReport,
    curve_object,
    curve_text,
    level_title,
    year_text,
)
from optimizer.present.whatif_remarks import explained_run, least_is_higher, without_a_plan
from optimizer.present.whatif_report import RunRecord, RunStatus, SweepReport
from optimizer.read import read_case
from optimizer.study.whatif.curve import solved_curve
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.level import level_of
from optimizer.study.whatif.threshold import least
from tests.study.whatif_cases import ten_houses, three_to_a_house

CENTRAL = "fund.central.amount"
WIDE = Screen(200, False)


def test_a_level_is_called_by_names_and_not_by_codes() -> None:
    case = read_case(Path(__file__).parents[2] / "inputs" / "ruyuan")
    path = "fund.dongguan[ruyuan,2017].amount"
    assert level_title(case, path, Language.ZH) == "东莞对口帮扶资金（乳源瑶族自治县、2017年）"
    assert level_title(case, path, Language.EN) == "pairing funds from Dongguan (乳源瑶族自治县, 2017)"
    assert level_title(case, "fund.*[2017].amount", Language.ZH) == "全部资金（2017年）"


def test_a_fund_that_cannot_wait_is_said_to_be_needed_on_time() -> None:
    late = ("fund.central[2018,county].amount=0元",)
    records = (
        (2018, RunRecord("a", (), RunStatus.OPTIMAL, cost=1)),
        (2019, RunRecord("b", late, RunStatus.INFEASIBLE)),
    )
    case = three_to_a_house((2018, 2020))
    report = YearReport(case, "latest", "central", 2018, records, proven=True, seconds=0.0, source="houses")
    chinese = year_text(report, Language.ZH, WIDE)
    assert "一年也推迟不得，须从 2018 年起按时到位。" in chinese
    assert "2019年：--set 'fund.central[2018,county].amount=0元'" in chinese
    assert "fenpei explain houses --set 'fund.central[2018,county].amount=0元'" in chinese
    assert "cannot be put off by a single year" in year_text(report, Language.EN, WIDE)


def houses(first: int, last: int) -> CurveReport:
    """The curve of three people to a house: 7/3 houses or more, 30,000 yuan each, no other money."""
    case = three_to_a_house()
    level = level_of(case, CENTRAL)
    found = solved_curve(case, level, first, last, RunOptions())
    assert found.curve is not None
    ends = [found.curve.first, *found.curve.breaks, found.curve.last]
    pieces = tuple(
        Piece(start, end, line(start), line(end), line.slope)
        for line, start, end in zip(found.curve.lines, ends, ends[1:], strict=False)
    )
    return CurveReport(
        case, level.path, level.total, pieces, found.curve.exact, found.chosen, found.solved, 0, 0.0,
        source="my case",
    )  # fmt: skip


def test_a_level_that_is_enough_for_parts_of_houses_only_is_explained_in_words() -> None:
    # The curve begins at 70,000 yuan (7/3 houses), a plan needs three whole houses: 90,000.
    report = houses(10_000_00, 200_000_00)
    assert report.pieces[0].first == 70_000_00
    assert without_a_plan(report.solved) == (70_000_00,)
    zh, en = (curve_text(report, language, WIDE) for language in (Language.ZH, Language.EN))
    assert "额度为 7.00 万元时曲线上有数值，整数方案却无解" in zh
    assert "最低额度比曲线的起点高" in zh
    assert "At 7.00 万元 the curve has a value and the whole-number plan is infeasible." in en
    assert "the least level is higher than where the curve begins" in en
    command = "fenpei whatif 'my case' --least fund.central.amount"
    assert [text.splitlines().count(f"  {command}") for text in (zh, en)] == [1, 1]
    options = main.commands["whatif"].make_context("whatif", shlex.split(command)[2:]).params
    found = least(report.case, options["least"], RunOptions())
    assert found.fen == 90_000_00 > report.pieces[0].first  # and it is so


def test_the_object_of_a_curve_names_those_levels_and_has_the_curve_beside_each_plan() -> None:
    found = curve_object(houses(10_000_00, 200_000_00), Language.EN)
    assert found["no_plan_at_fen"] == [70_000_00]
    assert found["remark"].startswith("At 7.00 万元 the curve has a value")
    assert [(run["level_fen"], run["curve_value"], run["status"]) for run in found["solved"]] == [
        (70_000_00, 70_000_00, "infeasible"), (200_000_00, 70_000_00, "optimal")
    ]  # fmt: skip


def test_nothing_is_said_where_every_level_has_its_plan() -> None:
    report = houses(90_000_00, 200_000_00)
    found = curve_object(report, Language.ZH)
    assert (found["no_plan_at_fen"], found["remark"]) == ([], "")
    assert "--least" not in curve_text(report, Language.ZH, WIDE)


def run(name: str, *, planned: bool) -> RunRecord:
    status = RunStatus.OPTIMAL if planned else RunStatus.INFEASIBLE
    return RunRecord(name, (), status, objective=Fraction(1) if planned else None)


def test_the_least_level_is_called_higher_only_where_plans_lie_above() -> None:
    low, high = (1, run("low", planned=False)), (3, run("high", planned=False))
    plan = 2, run("plan", planned=True)
    assert least_is_higher((low, plan))
    assert not least_is_higher((plan, high))  # money that has to be spent, say
    assert not least_is_higher((low, plan, high))
    assert not least_is_higher((low,))
    assert not least_is_higher((plan,))


def test_of_infeasible_runs_the_one_next_to_a_plan_is_explained() -> None:
    def chosen(*planned: bool) -> str | None:
        records = tuple(run(str(number), planned=one) for number, one in enumerate(planned))
        found = explained_run(SweepReport(ten_houses(), records, (), relaxed=False, options={}, seconds=0.0))
        return None if found is None else found.name

    assert chosen(True, True) is None
    assert chosen(True, False, False, True) == "2"
    assert chosen(True, True, False, False) == "2"
    assert chosen(True, False, False) == "1"
    assert chosen(False, True, False) == "0"
