"""The base that cases share: what an item takes from a template and what not, and what is said of faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from models.citation import Language
from optimizer.read import read_case
from optimizer.read.messages import MESSAGES
from tests.read.conftest import CITED, Folder

BASE_YAML = """\
    base: shared
    title: {zh: 公共部分, en: what cases share}
    documents:
      - {id: codes, title: 政府收支分类科目}
    """
MEASURES = """\
    measures:
      - id: rebuilt
        title: {zh: 危房改造, en: house rebuilt}
        unit: 户
        tags: [building]
        profile: [60%, 40%]
        lifetime: 30
        subject_codes: {2017: "2210105", 2018: "2210105"}
        citation: {document: codes, section: "22101", basis: assumed}
      - {id: spare, unit: 件}
    """
OWN = """\
    title: 危房改造
    unit: 户
    tags: [building]
    profile: [60%, 40%]
"""


@pytest.fixture
def shared(make_folder: Callable[[str], Folder]) -> Folder:
    """The small case, and beside it a base from which its house takes title, unit, tags and profile."""
    folder = make_folder("county")
    (folder.path.parent / "base").mkdir()
    write(folder, "base.yaml", BASE_YAML)
    write(folder, "measures.yaml", MEASURES)
    folder.change("case.yaml", "years:", "base: ../base\nyears:")
    folder.change("measures.yaml", OWN, "    like: rebuilt\n")
    return folder


def write(folder: Folder, file: str, text: str) -> None:
    (folder.path.parent / "base" / file).write_text(dedent(text), encoding="utf-8")


def change(folder: Folder, file: str, old: str, new: str) -> None:
    path = folder.path.parent / "base" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def said(folder: Folder) -> list[str]:
    return [f"{problem.place} {problem.code}" for problem in folder.problems()]


def test_an_item_takes_what_it_does_not_give_itself(shared: Folder) -> None:
    house = shared.read().measures["house"]
    assert (house.title.en, house.unit, house.lifetime) == ("house rebuilt", "户", 30)
    assert house.tags == frozenset({"building"})
    assert house.subject_codes == {2017: "2210105", 2018: "2210105"}
    assert house.citation.document == "plan"
    assert house.shares, "what the item gives stays"
    assert "rebuilt" not in shared.read().measures, "a template is no item"


def test_without_the_templates_own_fields_it_is_the_case_as_before(shared: Folder, folder: Folder) -> None:
    change(
        shared,
        "measures.yaml",
        'lifetime: 30\n    subject_codes: {2017: "2210105", 2018: "2210105"}',
        "lag: 0",
    )
    change(shared, "measures.yaml", "{zh: 危房改造, en: house rebuilt}", "危房改造")
    assert shared.read().measures == folder.read().measures


def test_what_the_item_gives_stands_and_is_taken_whole(shared: Folder) -> None:
    shared.change(
        "measures.yaml", "like: rebuilt", "like: rebuilt\n    title: 重建\n    subject_codes: {2018: 2130599}"
    )
    house = shared.read().measures["house"]
    assert (house.title.zh, house.title.en) == ("重建", None)
    assert house.subject_codes == {2018: "2130599"}


def test_an_item_cites_for_itself(shared: Folder) -> None:
    shared.change("measures.yaml", f"    citation: {CITED}\n", "")
    assert said(shared) == ["measures.yaml:2:5 missing-field"]


def test_what_neither_gives_is_missing_at_the_item(shared: Folder) -> None:
    change(shared, "measures.yaml", "    unit: 户\n", "")
    assert said(shared) == ["measures.yaml:2:5 missing-field"]


def test_a_template_that_is_not_there(shared: Folder) -> None:
    shared.change("measures.yaml", "like: rebuilt", "like: rebilt")
    [problem] = shared.problems()
    assert problem.said(Language.EN) == (
        "measures.yaml:3:11: there is no template 'rebilt' of a measure in ../base/measures.yaml."
        " Did you mean 'rebuilt'? Correct it, or add it there."
    )
    assert problem.said(Language.ZH) == (
        "measures.yaml:3:11: ../base/measures.yaml 里没有编号为「rebilt」的措施模板。"
        "是不是「rebuilt」？请更正，或在那里加上。"
    )


def test_like_needs_a_base(shared: Folder) -> None:
    shared.change("case.yaml", "base: ../base\n", "")
    assert said(shared) == ["measures.yaml:3:11 like-without-base"]


def test_like_is_for_lists_that_have_templates(shared: Folder) -> None:
    shared.change("rules.yaml", "  - id: enough-houses", "  - id: enough-houses\n    like: x")
    assert said(shared) == ["rules.yaml:13:5 unknown-field"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../bases", "base-missing"),
        ("/base", "base-path"),
        ("..\\base", "base-path"),
        ("C:/base", "base-path"),
        ("../county/case.yaml", "base-missing"),
        ("[../base]", "not-a-value"),
        ('""', "empty-value"),
    ],
)
def test_the_base_is_found_where_case_yaml_says_and_nowhere_else(
    shared: Folder, path: str, code: str
) -> None:
    shared.change("case.yaml", "../base", path)
    assert said(shared) == [f"case.yaml:3:7 {code}"]


def test_a_base_may_lie_anywhere_that_is_named(shared: Folder) -> None:
    (shared.path.parent / "base").rename(shared.path.parent / "elsewhere")
    assert said(shared) == ["case.yaml:3:7 base-missing"]
    shared.change("case.yaml", "../base", "../county/../elsewhere/")
    assert shared.read().measures["house"].lifetime == 30


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("measures.yaml", "lifetime: 30", "lifetime: x", "../base/measures.yaml:7:15 not-a-number"),
        ("measures.yaml", "unit: 件", "unti: 件", "../base/measures.yaml:10:17 unknown-field"),
        ("measures.yaml", "unit: 件", "like: rebuilt", "../base/measures.yaml:10:17 unknown-field"),
        ("measures.yaml", "id: spare, ", "", "../base/measures.yaml:10:5 missing-field"),
        ("measures.yaml", "id: spare", "id: rebuilt", "../base/measures.yaml:10:5 duplicate-id"),
        ("measures.yaml", "document: codes", "document: code", "../base/measures.yaml:9:26 unknown-id"),
        ("measures.yaml", "profile: [60%", "profile: [50%", "../base/measures.yaml:6:14 not-one"),
        ("measures.yaml", "measures:", "measures: [", "../base/measures.yaml:2:3 yaml-syntax"),
        ("measures.yaml", "measures:", "need: []\nmeasures:", "../base/measures.yaml:1:1 unknown-field"),
        ("base.yaml", "base: shared", "base: a b", "../base/base.yaml:1:7 bad-id"),
    ],
)
def test_a_fault_of_the_base_is_named_once_at_its_place_there(
    file: str, old: str, new: str, expected: str, shared: Folder
) -> None:
    change(shared, file, old, new)
    assert said(shared) == [expected]


def test_a_reference_in_a_template_is_looked_up_in_the_case(shared: Folder) -> None:
    change(shared, "measures.yaml", "lifetime: 30", "meets: {housin: 1}")
    shared.change("measures.yaml", "    meets: {housing: 1}\n", "")
    assert said(shared) == ["../base/measures.yaml:7:13 unknown-id"]


def test_the_base_has_its_own_files_and_no_others(shared: Folder) -> None:
    write(shared, "costs.csv", "a")
    write(shared, "README.md", "a")
    assert said(shared) == ["../base/costs.csv unknown-file"]
    (shared.path.parent / "base" / "costs.csv").unlink()
    (shared.path.parent / "base" / "base.yaml").unlink()
    assert said(shared) == ["../base/base.yaml file-missing"]


def test_a_base_that_cannot_be_read_does_not_make_items_look_wrong(shared: Folder) -> None:
    for text in ("[", "measures: x\n", "- x\n", ""):
        write(shared, "measures.yaml", text)
        assert {problem.place.file for problem in shared.problems()} == {"../base/measures.yaml"}
    shared.write("case.yaml", "[")
    assert {problem.place.file for problem in shared.problems()} == {"case.yaml"}


def test_the_hash_of_a_case_counts_its_base(shared: Folder) -> None:
    before = shared.read().sha256
    assert shared.read().sha256 == before
    change(shared, "measures.yaml", "unit: 件", "unit: 个")
    assert shared.read().sha256 != before, "even of a template that it does not use"


def test_templates_of_every_list(shared: Folder) -> None:
    write(shared, "groups.yaml", "groups: [{id: poor, counts: persons, relapse: 1%}]")
    write(shared, "needs.yaml", "needs: [{id: unsafe, unit: 户, kind: backlog}]")
    write(shared, "funds.yaml", "funds: [{id: f, level: central}]\nresources: [{id: mu, unit: 亩}]")
    write(shared, "exits.yaml", "standards: [{id: s, where: region.tag == national_poor}]")
    shared.change("groups.yaml", "counts: persons, relapse: 1%", "like: poor")
    shared.change("needs.yaml", "    unit: 户\n    kind: backlog\n", "    like: unsafe\n")
    shared.change("funds.yaml", "    level: central\n", "    like: f\n")
    shared.change("funds.yaml", "unit: 亩", "like: mu")
    shared.change("exits.yaml", "    where: region.tag == national_poor\n", "    like: s\n")
    case = shared.read()
    assert case.groups["able"].relapse
    assert case.needs["housing"].unit == "户"
    assert case.funds["central"].level == "central"
    assert case.resources["land"].unit == "亩"
    assert case.standards["county_exit"].where.text == "region.tag == national_poor"


def test_a_condition_of_a_template_cites_a_document_of_the_base_and_of_the_case(shared: Folder) -> None:
    condition = (
        "id: c, kind: need, share: 1, need: housing, citation: {document: codes, section: 一, basis: assumed}"
    )
    write(shared, "exits.yaml", f"standards: [{{id: s, conditions: [{{{condition}}}]}}]")
    assert shared.read().standards
    text = shared.text("exits.yaml")
    shared.write("exits.yaml", text[: text.index("    conditions:")] + "    like: s\n")
    assert [line.partition(":")[0] for line in said(shared)] == ["../base/exits.yaml"]
    shared.change("case.yaml", "documents:\n", "documents:\n  - {id: codes, title: 科目}\n")
    assert shared.read().standards["county_exit"].conditions[0].id == "c"


def test_patches_reach_fields_of_templates(shared: Folder) -> None:
    assert shared.read(["measure.house.lifetime=20"]).measures["house"].lifetime == 20


def test_a_case_without_a_base_reads_as_ever(tmp_path: Path, folder: Folder) -> None:
    (tmp_path / "base").mkdir()
    assert read_case(folder.path).measures
    assert {"like-without-base", "unknown-template"} < set(MESSAGES)
