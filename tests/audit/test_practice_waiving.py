"""Waived findings stay in sight and no longer count; a waiver that accepts nothing is a finding itself."""

from __future__ import annotations

import datetime
from dataclasses import replace
from fractions import Fraction

from models.catalogue import Waiving
from models.finding import Audit, Finding, State, Waiver
from models.policy import Severity
from models.submission import Spot
from optimizer.audit.practice import examined, waived
from tests.audit.practice_case import (
    SHIPPED,
    clean_lines,
    county_case,
    plus_line,
    submitted,
    with_check,
    with_line,
)

CASE = county_case()
GOOD = Waiver(reason="山区运距远", document="县长办公会纪要", date=datetime.date(2018, 3, 1))
LINE = Waiving(Spot("w.csv", None, "2:rule"), "practice.unit_cost", "B", 2018, "", GOOD)


def findings() -> tuple[Finding, ...]:
    """Roads in B too dear (cell F8), and a reception."""
    wanted = {"region": "B", "year": 2018, "measure": "road"}
    lines = with_line(clean_lines(), wanted, amount=2_400_000, unit_cost=Fraction(1_200_000))
    more = {"region": "A", "year": 2018, "measure": "care", "fund": "central", "amount": 900}
    return examined(CASE, submitted(plus_line(lines, **more, project="招待费")), SHIPPED).findings


def broken(found: tuple[Finding, ...]) -> list[str]:
    return [f.rule for f in found if f.broken]


def test_a_waived_finding_is_violated_and_does_not_count() -> None:
    before = findings()
    after = waived(CASE, before, [LINE], SHIPPED)
    assert broken(before) == ["practice.negative_list", "practice.unit_cost"]
    assert broken(after) == ["practice.negative_list"]
    [found] = [f for f in after if f.waiver is not None]
    assert (found.rule, found.state, found.waiver) == ("practice.unit_cost", State.VIOLATED, GOOD)
    assert len(after) == len(before)
    assert not Audit(after).clean


def test_wildcards_and_cells() -> None:
    for line in (
        replace(LINE, region="*"),
        replace(LINE, year=None),
        replace(LINE, rule="practice.unit*"),
        replace(LINE, cell="F8"),
        replace(LINE, cell="表.xlsx:明细:F8"),
    ):
        assert "practice.unit_cost" not in broken(waived(CASE, findings(), [line], SHIPPED)), line


def test_a_waiver_that_accepts_nothing_is_reported() -> None:
    for line in (
        replace(LINE, region="C"),
        replace(LINE, year=2019),
        replace(LINE, rule="practice.per_head"),
        replace(LINE, cell="F9"),
    ):
        after = waived(CASE, findings(), [line], SHIPPED)
        assert "practice.unit_cost" in broken(after)
        [unused] = [f for f in after if f.rule == "waiver.unused"]
        assert (unused.state, unused.severity, unused.evidence) == (
            *(State.VIOLATED, Severity.ADVISORY),
            (line.spot,),
        )
        assert line.rule in unused.message.zh
        assert not unused.broken


def test_what_may_never_be_waived_is_not() -> None:
    line = replace(LINE, rule="practice.negative_list", region="A")
    assert "practice.negative_list" in broken(waived(CASE, findings(), [line], SHIPPED))


def test_a_case_may_forbid_more() -> None:
    strict = with_check(SHIPPED, "unit_cost", waivable=False)
    assert "practice.unit_cost" in broken(waived(CASE, findings(), [LINE], strict))


def test_of_two_waivers_the_first_is_shown_and_both_are_used() -> None:
    other = replace(LINE, waiver=replace(GOOD, document="另一文件"))
    after = waived(CASE, findings(), [LINE, other], SHIPPED)
    assert [f.waiver for f in after if f.waiver is not None] == [GOOD]
    assert "waiver.unused" not in {f.rule for f in after}
