"""The catalogue of named checks: complete as shipped, changed by a base or a case, and closed."""

from __future__ import annotations

import datetime
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from models.catalogue import Catalogue, Check, Family
from models.citation import Basis, Language
from models.policy import Severity
from optimizer.audit.practice import CHECKS
from optimizer.read import CaseErrors, read_case
from optimizer.read.catalogue import SHIPPED as FILES
from optimizer.read.catalogue import read_catalogue, shipped
from optimizer.read.waivers import read_waivers
from tests.audit.test_practice_planted import PLANTED
from tests.read.conftest import Folder

PAGE = (Path(__file__).parents[2] / "docs" / "practice.md").read_text(encoding="utf-8")
READ = Path(__file__).parents[2] / "optimizer" / "read"
SHIPPED = shipped()
OWN_FAMILY = SHIPPED.of(Family.PRACTICE)


@pytest.mark.parametrize("one", OWN_FAMILY, ids=[check.id for check in OWN_FAMILY])
def test_every_check_of_the_catalogue_is_whole(one: Check) -> None:
    for text in (one.title, one.looks_at, one.remedy, *(t.title for t in one.thresholds.values())):
        assert text.zh.strip()
        assert text.said(Language.EN) != text.zh
    assert one.citation.document in SHIPPED.documents
    assert one.citation.section
    assert (
        one.citation.basis in (Basis.STATED, Basis.DERIVED)
        or "nverified" in (one.citation.note or "")
        or ("No limit" in (one.citation.note or ""))
    )
    assert one.id in CHECKS
    assert f"`practice.{one.id}`" in PAGE
    assert all(f"`{threshold}`" in PAGE for threshold in one.thresholds)
    assert one.id in {planted.check for planted in PLANTED}


def test_the_catalogue_and_the_functions_are_the_same_list() -> None:
    assert [check.id for check in OWN_FAMILY] == list(CHECKS)


def test_what_contradicts_itself_may_never_be_waived() -> None:
    for rule in ("practice.sum", "practice.negative_list", "known.money", "manifest", "account.central"):
        assert SHIPPED.unwaivable(rule)
    for pattern in ("*", "practice.*", "kno*", "account.*"):
        assert SHIPPED.unwaivable(pattern)
    assert SHIPPED.unwaivable("practice.per_head") is None


# --- what a case changes --------------------------------------------------------------------------

OWN = """\
checks:
  - id: management_fee
    severity: advisory
    set: {cap: 2%, words: [管理费]}
    citation: {document: plan, section: 九, basis: stated}
  - id: concentration
    off: {zh: 不适用, en: does not apply}
never_waived: [house-first]
"""


def practice(folder: Folder) -> Catalogue:
    return read_catalogue(folder.path, read_case(folder.path))


def test_a_case_changes_what_it_names_and_nothing_else(folder: Folder) -> None:
    before = folder.read().sha256
    folder.write("practice.yaml", OWN)
    case, found = folder.read(), practice(folder)
    fee = found.checks["practice.management_fee"]
    assert (fee.severity, fee.number("cap"), fee.words("words")) == (
        Severity.ADVISORY,
        Fraction(1, 50),
        ("管理费",),
    )
    assert fee.words("tags") == SHIPPED.checks["practice.management_fee"].words("tags")
    assert fee.citation.section == "九"
    off = found.checks["practice.concentration"].off
    assert off is not None
    assert off.zh == "不适用"
    assert found.never_waived == (*SHIPPED.never_waived, "house-first")
    others = set(SHIPPED.checks) - {"practice.management_fee", "practice.concentration"}
    assert all(found.checks[name] == SHIPPED.checks[name] for name in others)
    assert case.sha256 != before


def test_without_a_file_the_catalogue_is_the_shipped_one(folder: Folder) -> None:
    assert practice(folder) == SHIPPED
    assert read_catalogue(folder.path / "case.yaml", folder.read()) == SHIPPED


def test_the_base_comes_first_and_the_case_has_the_last_word(folder: Folder) -> None:
    base = folder.path / "base"
    base.mkdir()
    (base / "base.yaml").write_text(
        "base: b\ntitle: 共用\ndocuments: [{id: d, title: 文}]\n", encoding="utf-8"
    )
    text = "checks:\n  - {id: per_head, set: {high: 4, low: 1/4}}\n  - {id: unit_cost, severity: advisory}\n"
    (base / "practice.yaml").write_text(text, encoding="utf-8")
    folder.change("case.yaml", "case: small", "case: small\nbase: base/")
    folder.write("practice.yaml", "checks:\n  - {id: per_head, set: {high: 5}}\n")
    found = practice(folder)
    assert found.checks["practice.per_head"].number("high") == 5
    assert found.checks["practice.per_head"].number("low") == Fraction(1, 4)
    assert found.checks["practice.unit_cost"].severity is Severity.ADVISORY


BOTH = """\
checks:
  - {id: practice.per_head, set: {high: 5}}
  - {id: paid.pass_down, set: {days: 60}}
  - {id: twice, severity: advisory}
never_waived: [paid.twice]
"""


def test_one_file_changes_the_checks_of_both_families(folder: Folder) -> None:
    folder.write("practice.yaml", BOTH)
    found = practice(folder)
    assert found.checks["practice.per_head"].number("high") == 5
    assert found.checks["paid.pass_down"].number("days") == 60
    assert found.checks["paid.twice"].severity is Severity.ADVISORY
    assert found.unwaivable("paid.twice") == "paid.twice"
    assert found.unwaivable("paid.*") == "paid.twice"
    assert SHIPPED.unwaivable("paid.*") is None
    assert list(found.checks) == list(SHIPPED.checks)


def test_the_file_of_thresholds_has_the_last_word(folder: Folder, tmp_path: Path) -> None:
    folder.write("practice.yaml", BOTH)
    file = tmp_path / "more" / "own.yaml"
    file.parent.mkdir()
    file.write_text("checks:\n  - {id: pass_down, set: {days: 45}}\n", encoding="utf-8")
    found = read_catalogue(folder.path, folder.read(), file)
    assert found.checks["paid.pass_down"].number("days") == 45
    assert found.checks["practice.per_head"].number("high") == 5
    with pytest.raises(CaseErrors) as raised:
        read_catalogue(folder.path, folder.read(), tmp_path / "more" / "none.yaml")
    assert [problem.code for problem in raised.value.problems] == ["file-not-found"]


def test_every_name_in_the_catalogue_means_one_thing() -> None:
    ids = [check.id for check in SHIPPED.checks.values()]
    assert len(ids) == len(set(ids)) == 40, "a file of changes may leave the family out"
    texts = [(READ / name).read_text(encoding="utf-8") for name in FILES]
    given = [id for text in texts for id in re.findall(r"^  - id: (\w+)$", text, re.MULTILINE)]
    assert sorted(given) == sorted([*ids, *SHIPPED.documents])


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("checks:\n  - {id: management_fees}\n", "practice.yaml:2:5", "unknown-id"),
        ("checks:\n  - {id: sum, set: {cap: 1%}}\n", "practice.yaml:2:21", "unknown-field"),
        ("checks:\n  - {id: management_fee, set: {cap: -1%}}\n", "practice.yaml:2:37", "out-of-range"),
        ("checks:\n  - {id: management_fee, set: {tags: special}}\n", "practice.yaml:2:38", "not-a-list"),
        ("checks:\n  - {id: sum, waivable: yes}\n", "practice.yaml:2:15", "unknown-field"),
        ("checks:\n  - {id: sum, severity: soft}\n", "practice.yaml:2:25", "unknown-word"),
        ("checks:\n  - {id: sum}\n  - {id: sum}\n", "practice.yaml:3:5", "duplicate-id"),
        ("checks:\n  - {id: sum}\n  - {id: practice.sum}\n", "practice.yaml:3:5", "duplicate-id"),
        ("checks:\n  - {id: paid.sum}\n", "practice.yaml:2:5", "unknown-id"),
        (
            "checks:\n  - {id: sum, citation: {document: x, section: 一, basis: stated}}\n",
            "practice.yaml:2:5",
            "unknown-id",
        ),
        ("check: []\n", "practice.yaml:1:1", "unknown-field"),
        ("- a\n", "practice.yaml:1:1", "not-a-mapping"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str, place: str, code: str, folder: Folder) -> None:
    folder.write("practice.yaml", text)
    with pytest.raises(CaseErrors) as raised:
        practice(folder)
    [problem] = raised.value.problems
    assert (str(problem.place), problem.code) == (place, code)


def test_all_faults_come_at_once(folder: Folder) -> None:
    folder.write("practice.yaml", "checks:\n  - {id: a}\n  - {id: sum, off: no, more: 1}\nx: 1\n")
    with pytest.raises(CaseErrors) as raised:
        practice(folder)
    assert sorted(problem.code for problem in raised.value.problems) == [
        "unknown-field", "unknown-field", "unknown-id",
    ]  # fmt: skip


def test_the_cases_here_use_the_shipped_catalogue(tmp_path: Path) -> None:
    inputs = Path(__file__).parents[2] / "inputs"
    for name in ("ruyuan", "anhui"):
        assert read_catalogue(inputs / name, read_case(inputs / name)) == SHIPPED
    shutil.copytree(inputs / "ruyuan", tmp_path / "ruyuan")
    text = "checks:\n  - {id: growth, set: {tags: [special], floor: 10%}}\n"
    (tmp_path / "ruyuan" / "practice.yaml").write_text(text, encoding="utf-8")
    changed = read_catalogue(tmp_path / "ruyuan", read_case(tmp_path / "ruyuan"))
    assert changed.checks["practice.growth"].number("floor") == Fraction(1, 10)


def test_the_examples_of_the_page_can_be_read(folder: Folder, tmp_path: Path) -> None:
    [yaml] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    [csv] = re.findall(r"```text\n(rule,.*?)```", PAGE, re.DOTALL)
    folder.write("practice.yaml", yaml)
    changed = practice(folder)
    assert changed.checks["practice.growth"].number("floor") == Fraction(1, 10)
    assert changed.checks["paid.pass_down"].number("days") == 60
    assert changed.unwaivable("practice.unit_cost")
    assert changed.unwaivable("paid.twice")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "w.csv").write_text(csv.replace("440232", "a"), encoding="utf-8")
    lines = read_waivers(tmp_path / "more" / "w.csv", folder.read(), SHIPPED, datetime.date(2020, 1, 1))
    assert [line.rule for line in lines] == ["practice.unit_cost", "practice.per_head"]
