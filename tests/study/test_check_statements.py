"""Figures of the documents against each other: each kind by hand, slips, and altered copies of two cases."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from models.case import Case
from models.citation import Language, Text
from models.finding import Finding, State
from models.policy import Severity
from models.stated import Expect, FigurePath, Stated, StatedKind, StatedValue
from optimizer.read import read_case
from optimizer.study.check import check_case
from tests.study.check_builder import STATED, found, one, valley, values

INPUTS = Path(__file__).parents[2] / "inputs"
PERSON = "person"


def number(value: int | str, unit: str | None = PERSON) -> StatedValue:
    return StatedValue(text=str(value), value=Fraction(value), unit=unit)


def path(kind: str, id: str, field: str, *keys: str) -> StatedValue:
    text = f"{kind}.{id}{'[' + ','.join(keys) + ']' if keys else ''}.{field}"
    return StatedValue(text=text, path=FigurePath(kind=kind, id=id, keys=frozenset(keys), field=field))


def stating(kind: StatedKind, parts: list[StatedValue], **fields: Any) -> Case:
    """The small valley with one statement."""
    statement = Stated(
        id="s", title=Text(zh="人数", en="people"), kind=kind, parts=tuple(parts), citation=STATED, **fields
    )
    return valley(statements={"s": statement})


PASSING = [
    (StatedKind.SUM, [number(10), number(6)], {"total": number(16)}, (16, 16)),
    # The stock of the valley: 10 in A, 6 in B.
    (StatedKind.SUM, [path("stock", "poor", "members")], {"total": number(16)}, (16, 16)),
    (StatedKind.EQUAL, [path("stock", "poor", "members", "A"), number(10)], {"total": number(10)}, (10, 10)),
    (StatedKind.EQUAL, [path("target", "exit", "amount", "2019")], {"total": number(16)}, (16, 16)),
    (
        StatedKind.HUNDRED,
        [number("0.333", "%"), number("0.4", "%"), number("0.267", "%")],
        {},
        (100, 100),
    ),
    # 10 of 16 are 62.5 %: 63 % rounded half up, 62.5 % with a decimal.
    (
        StatedKind.PERCENT,
        [number(10)],
        {"total": number(16), "percent": number("0.625", "%")},
        ("62.5", "62.5"),
    ),
    (
        StatedKind.PERCENT,
        [number(10)],
        {"total": number(16), "percent": number("0.63", "%"), "digits": 0},
        (63, 63),
    ),
    (
        StatedKind.PRODUCT,
        [number(2944, "household"), number(15, "kw")],
        {"total": number(44160, "kw")},
        (44160, 44160),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "parts", "fields", "sides"), PASSING)
def test_figures_that_agree_pass(
    kind: StatedKind, parts: list[StatedValue], fields: dict[str, Any], sides: tuple[Any, Any]
) -> None:
    finding = one(stating(kind, parts, **fields), "statement.s")
    assert values(finding) == (State.PASS, Fraction(sides[0]), Fraction(sides[1]))
    assert finding.citation == STATED


FAILING = [
    (StatedKind.SUM, [number(10), number(7)], {"total": number(16)}, (17, 16)),
    (StatedKind.EQUAL, [number(16), path("stock", "poor", "members")], {"total": number(17)}, (16, 17)),
    (StatedKind.HUNDRED, [number("0.333", "%"), number("0.4", "%")], {}, ("73.3", 100)),
    (StatedKind.PERCENT, [number(10)], {"total": number(16), "percent": number("0.62", "%")}, (63, 62)),
    (StatedKind.PRODUCT, [number(3), number(5)], {"total": number(16)}, (15, 16)),
]


@pytest.mark.parametrize(("kind", "parts", "fields", "sides"), FAILING)
def test_figures_that_do_not_agree_are_found_with_both_values(
    kind: StatedKind, parts: list[StatedValue], fields: dict[str, Any], sides: tuple[Any, Any]
) -> None:
    finding = one(stating(kind, parts, **fields), "statement.s")
    assert values(finding) == (State.VIOLATED, Fraction(sides[0]), Fraction(sides[1]))
    assert finding.broken


def test_the_message_names_the_parts_and_where_they_stand() -> None:
    case = stating(StatedKind.SUM, [path("stock", "poor", "members"), number(1)], total=number(16))
    finding = one(case, "statement.s")
    assert finding.message.zh == (
        "P地 人数：stock.poor.members（16 人） + 1 = 17 人，总数 16 人，相差 1 人（应相等）。"
        "见 stocks.csv, statements.yaml：与文件不符：请核对这些数"
    )
    assert finding.message.said(Language.EN) == (
        "P地, people: stock.poor.members (16 persons) + 1 = 17 persons, the total 16 persons;"
        " they differ by 1 person and must be equal. See stocks.csv, statements.yaml:"
        " this is not what the document says: look these figures up"
    )


def test_money_is_compared_in_fen() -> None:
    cost = path("measure", "house", "cost")
    finding = one(stating(StatedKind.EQUAL, [cost], total=number(10_000, "money")), "statement.s")
    assert values(finding) == (State.PASS, 10_000, 10_000)
    assert "100.00 元" in finding.message.zh
    finding = one(stating(StatedKind.EQUAL, [cost], total=number(1_000_000, "money")), "statement.s")
    assert values(finding) == (State.VIOLATED, 10_000, 1_000_000)


def test_a_slip_of_the_document_is_reported_and_no_fault() -> None:
    slip: dict[str, Any] = {"expect": Expect.SLIP, "why": Text(zh="多一人", en="one too many")}
    finding = one(stating(StatedKind.SUM, [number(17)], total=number(16), **slip), "statement.s")
    assert values(finding) == (State.VIOLATED, 17, 16)
    assert finding.severity is Severity.ADVISORY
    assert "多一人" in finding.message.zh
    assert "one too many" in finding.message.said(Language.EN)


def test_a_slip_that_is_gone_is_a_fault() -> None:
    slip: dict[str, Any] = {"expect": Expect.SLIP, "why": Text(zh="多一人")}
    finding = one(stating(StatedKind.SUM, [number(16)], total=number(16), **slip), "statement.s")
    assert finding.broken
    assert values(finding) == (State.VIOLATED, 16, 16)
    assert "the document's slip is gone" in finding.message.said(Language.EN)


def test_a_patched_case_is_not_what_the_document_prints() -> None:
    case = stating(StatedKind.EQUAL, [path("stock", "poor", "members")], total=number(17))
    finding = one(case.model_copy(update={"patches": ("stock.poor.members=16",)}), "statement.s")
    assert (finding.state, finding.severity) == (State.VIOLATED, Severity.ADVISORY)
    printed = stating(StatedKind.EQUAL, [number(16)], total=number(17))
    assert one(printed.model_copy(update={"patches": ("stock.poor.members=16",)}), "statement.s").broken


def test_a_share_of_nothing_is_not_evaluated() -> None:
    case = stating(StatedKind.PERCENT, [number(10)], total=number(0), percent=number("0.5", "%"))
    assert [f.state for f in found(case, "statement.s")] == [State.NOT_EVALUATED]
    assert check_case(case).clean


# --- altered copies of the cases --------------------------------------------------------------


def altered(tmp_path: Path, case: str, file: str, old: str, new: str) -> list[Finding]:
    """The statements that do not hold in a copy of a case in which one text was changed."""
    for folder in (case, "base"):
        if (INPUTS / folder).is_dir():
            shutil.copytree(INPUTS / folder, tmp_path / folder)
    text = (tmp_path / case / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / case / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    findings = check_case(read_case(tmp_path / case)).findings
    return [finding for finding in findings if finding.broken]


ALTERED = [
    # a part: the households unable to work, the 2016 exits of the able
    ("ruyuan", "stocks.csv", ",253,137,", ",353,137,", "statement.unable-general", 353, 253),
    ("ruyuan", "stocks.csv", ",5352,1530,", ",5352,1350,", "printed.R010", 1350, 1530),
    ("ruyuan", "targets.yaml", "{2016: 321}", "{2016: 312}", "statement.exits-2016-parts", 2491, 2500),
    ("ruyuan", "statements.yaml", "3021人", "3012人", "statement.register", 7499, 7508),
    # a percentage
    ("ruyuan", "statements.yaml", "percent: 40%", "percent: 41%", "statement.share-2017", 40, 41),
    ("ruyuan", "needs.yaml", "due: {2018: 90%}", "due: {2018: 80%}", "printed.R156", 80, 90),
    # a target, a yearly exit
    ("ruyuan", "targets.yaml", "2017: 5500, 2018: 7508", "2017: 5050, 2018: 7508",
     "statement.exits-2017", 5500, 5050),
    ("ruyuan", "targets.yaml", "{2016: 2500, 2017: 3000, 2018: 2008}", "{2016: 2500, 2017: 3000, 2018: 2080}",
     "statement.exits", 7580, 7508),
    # a need
    ("ruyuan", "needs.csv", "housing,,1398", "housing,,1389", "printed.R016", 1389, 1398),
    # a unit: 元 for 万元, in a rule and in a table
    ("ruyuan", "rules.yaml", "right: 1万元/人", "right: 1元/人", "statement.share-each", 10_001, 20_000),
    ("ruyuan", "costs.csv", "cost(元)", "cost(万元)", "printed.R046", 2 * 10**10, 2 * 10**6),
    # Henan: a target, villages, a fund, a ratio, a spending floor
    ("henan", "targets.yaml", "2019: 1850000", "2019: 1580000", "statement.exits-2019", 1_850_000, 1_580_000),
    ("henan", "targets.yaml", "{2018: 2365,", "{2018: 2635,", "printed.N025", 2635, 2365),
    ("henan", "funds.csv", "transfer,410000,2019,120000,", "transfer,410000,2019,12000,",
     "statement.transfers",
     2520 * 10**8, 3600 * 10**8),
    ("henan", "rules.yaml", "right: 40% *", "right: 4% *", "printed.N250", 4, 40),
    ("henan", "funds.yaml", "spending_floor: 92%", "spending_floor: 82%", "printed.N255", 82, 92),
    ("henan", "rules.yaml", "50万元/村", "50元/村", "printed.N055", 50, 500_000),
]  # fmt: skip


@pytest.mark.parametrize(("case", "file", "old", "new", "check", "left", "right"), ALTERED)
def test_an_altered_figure_is_found_with_both_values(
    case: str, file: str, old: str, new: str, check: str, left: Any, right: Any, tmp_path: Path
) -> None:
    findings = {finding.rule: finding for finding in altered(tmp_path, case, file, old, new)}
    finding = findings[f"check.{check}"]
    assert (finding.left, finding.right) == (left, right)
    assert finding.citation is not None


@pytest.mark.parametrize("name", ["ruyuan", "henan"])
def test_the_statements_of_a_case_hold(name: str) -> None:
    case = read_case(INPUTS / name)
    broken = [finding.message.zh for finding in check_case(case).findings if finding.broken]
    assert broken == []
    assert len(case.statements) > 40
    slips = [stated for stated in case.statements.values() if stated.expect]
    assert slips
