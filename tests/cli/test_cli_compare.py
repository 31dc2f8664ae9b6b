"""`fenpei baseline` and `fenpei compare` as a user calls them."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

from .conftest import Fenpei

# The tiny case has two townships, jia and yi, that share the county's money.


def test_a_baseline_is_an_ordinary_allocation_that_audit_and_compare_take(fenpei: Fenpei) -> None:
    made = fenpei("baseline", "tiny", "--method", "equal", "--out", "habit", "--format", "json", "--quiet")
    assert made.code == 0
    assert made.object["baseline"] == "equal"
    assert made.object["out"] == "habit"
    audited = fenpei("audit", "tiny", "habit", "--format", "json")
    broken = [f for f in audited.object["findings"] if f["state"] == "violated" and f["severity"] == "hard"]
    assert len(broken) == made.object["audit"]["broken"]
    assert audited.code == (1 if broken else 0)

    assert fenpei("plan", "tiny", "--out", "best", "--quiet").code == 0
    said = fenpei("compare", "habit", "best", "--format", "json")
    assert said.code == 0
    habit, best = (json.loads(Path(name, "plan.json").read_text()) for name in ("habit", "best"))
    assert said.object["cost_difference_fen"] == best["cost_fen"] - habit["cost_fen"]
    assert said.object["first"]["broken"] == len(broken)
    assert said.object["second"]["broken"] == 0
    assert said.object["why"] is None  # the same case


def test_what_habit_gives_each_region_is_shown_and_written(fenpei: Fenpei) -> None:
    # The centre's 200,000 元 a year are for two townships.
    said = fenpei("baseline", "tiny", "--method", "equal", "--out", "habit", "--lang", "zh", "--quiet")
    assert "各地区按此法分得的资金（1 项共用资金合计，万元）" in said.out
    with Path("habit/shares.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["fund"], row["region"], row["year"]): row["share(元)"] for row in rows} == {
        ("central", region, year): "100000.00" for region in ("dong", "xi") for year in ("2018", "2019")
    }
    with Path("habit/spending.csv").open(encoding="utf-8-sig", newline="") as file:
        paid = sum(Decimal(row["amount(元)"]) for row in csv.DictReader(file) if row["fund"] == "central")
    assert sum(Decimal(row["spent(元)"]) for row in rows) == paid > 0
    package = json.loads(Path("habit/datapackage.json").read_text(encoding="utf-8"))
    assert "shares.csv" in {resource["path"] for resource in package["resources"]}


def test_the_table_says_who_wins_and_who_loses_in_both_languages(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--out", "one", "--quiet")
    fenpei("plan", "tiny", "--out", "two", "--quiet", "--set", "measure.house.cost=2x")
    english = fenpei("compare", "one", "two", "--lang", "en", "--quiet")
    assert english.code == 0
    assert "of public money" in english.out
    assert "with the second's prices and measures" in english.out
    chinese = fenpei("compare", "one", "two", "--lang", "zh", "--quiet")
    assert "换成乙的单价和措施" in chinese.out
    assert fenpei("compare", "one", "two", "--format", "csv", "--quiet").out.startswith("table,id,title")


def test_tables_add_up_and_say_what_they_hold(fenpei: Fenpei) -> None:
    # The county's money no longer counts as public cost; the advisory rule is not among the hard ones.
    fenpei("plan", "tiny", "--out", "one", "--quiet", "--set", "fund.county.cost_weight=0")
    lines = Path("one/allocation.csv").read_text(encoding="utf-8-sig").splitlines()
    money = [line for line in lines if line.startswith("money,") and ",2018," in line]
    assert len(money) == len([line for line in lines if line.startswith("money,")])
    moved = [line.replace(",2018,", ",2019,") if line in money else line for line in lines]
    Path("one/late.csv").write_text("\n".join(moved) + "\n", encoding="utf-8")
    said = fenpei("compare", "one", "one/late.csv", "--lang", "zh", "--quiet")
    assert said.code == 0, said.err
    assert "以下各表的金额也包括不计入公共成本的资金：县财政资金" in said.out
    years = [line.split() for line in said.out.split("各年支出（万元）")[1].splitlines()[3:6]]
    assert [row[0] for row in years] == ["2018", "2019", "合计（含没有差别的）"]
    firsts, seconds = ([Decimal(row[at].replace(",", "")) for row in years] for at in (1, 2))
    assert firsts[0] == firsts[2] == seconds[2] == seconds[1] > 0 == firsts[1] == seconds[0]
    assert "steady  县级投入不低于上年（参考）" in said.out


def test_a_bare_file_needs_its_case(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--out", "one", "--quiet")
    Path("bare.csv").write_bytes(Path("one", "allocation.csv").read_bytes())
    refused = fenpei("compare", "bare.csv", "one")
    assert refused.code == 2
    assert "--case" in refused.err
    Path("one/other.csv").write_bytes(Path("bare.csv").read_bytes())
    inside = fenpei("compare", "one/other.csv", "one", "--format", "json")  # its folder knows the case
    assert inside.code == 0
    assert inside.object["first"]["case"] == "qingshan"
    level = fenpei("compare", "one", "one", "--level", "village")
    assert level.code == 2
    assert "--level may be: county, township" in level.err
    named = fenpei("compare", "bare.csv", "one", "--case", "tiny", "--format", "json")
    assert named.code == 0
    assert named.object["cost_difference_fen"] == 0


def test_bad_factors_are_refused_with_their_place(fenpei: Fenpei) -> None:
    unknown = fenpei("baseline", "tiny", "--method", "factor", "--factors", "hubai-5311")
    assert unknown.code == 2
    assert "hubei-5311" in unknown.err
    Path("f.yaml").write_text(
        "id: f\ntitle: f\ncitation: {document: d, section: s, basis: assumed}\n"
        "factors:\n  - {factor: need, weight: 1}\n  - {factor: poor_person, weight: 0}\n"
    )
    said = fenpei("baseline", "tiny", "--method", "factor", "--factors", "f.yaml")
    assert said.code == 2
    assert "f.yaml:5" in said.err
    assert "f.yaml:6" in said.err
    assert not Path("outputs").exists()


def test_every_preset_reads_and_runs(fenpei: Fenpei) -> None:
    for name in ("hubei-5311", "index-631", "rules-2021"):
        said = fenpei(
            "baseline", "tiny", "--method", "factor", "--factors", name, "--format", "json", "--quiet"
        )
        assert said.code == 0, said.err
        assert said.object["options"]["factors"] == name


def test_last_year_needs_its_table(fenpei: Fenpei) -> None:
    assert fenpei("baseline", "tiny", "--method", "last-year").code == 2
    fenpei("plan", "tiny", "--out", "last", "--quiet")
    said = fenpei(
        "baseline", "tiny", "--method", "last-year", "--last", "last", "--growth", "5%", "--format", "json"
    )  # fmt: skip
    assert said.code == 0, said.err


def test_a_preset_names_its_source_and_that_nobody_verified_it(fenpei: Fenpei) -> None:
    words = ("baseline", "tiny", "--method", "factor", "--factors", "hubei-5311", "--quiet")
    assert "unverified" in " ".join(fenpei(*words, "--lang", "en").out.split())
    chinese = fenpei(*words, "--lang", "zh").out.replace("\n", "")
    assert "贫困人口 50.0%、收入差距 30.0%、贫困村 10.0%、均等 10.0%" in chinese
    assert "（未经核实）" in chinese


def test_options_of_another_method_are_refused(fenpei: Fenpei) -> None:
    gone = fenpei("baseline", "tiny", "--method", "last-year", "--last", "tiny", "--growth=-150%")
    assert gone.code == 2
    assert "-100%" in gone.err
    said = fenpei("baseline", "tiny", "--method", "equal", "--growth", "5%")
    assert said.code == 2
    assert "last-year" in said.err


def test_the_causes_add_up_to_the_fen(fenpei: Fenpei) -> None:
    fenpei("plan", "tiny", "--out", "one", "--quiet")
    fenpei("plan", "tiny", "--out", "two", "--quiet", "--set", "measure.house.cost=1.01x",
           "--set", "fund.central.amount=2x")  # fmt: skip
    found = fenpei("compare", "one", "two", "--format", "json", "--quiet").object
    moves = found["why"]["moves"]
    assert [move["cause"] for move in moves] == [None, "price", "money", None]
    assert sum(move["change_fen"] for move in moves) == found["cost_difference_fen"] != 0
    assert found["why"]["moves"][1]["slack_fen"] >= 0
    rows = [line.split(",") for line in fenpei("compare", "one", "two", "--format", "csv").out.splitlines()]
    assert [row[1] for row in rows if row[0] == "why"] == ["plan", "price", "money", "plan"]
