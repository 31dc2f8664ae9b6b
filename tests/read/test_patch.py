"""`PATH=VALUE`: what each form changes, what it leaves alone, and what is refused."""

from fractions import Fraction

import pytest

from models.case import Case, Goal, Supplied
from models.citation import Language
from models.policy import Severity, Supply
from optimizer.read import CaseErrors, apply_patches
from tests.read.conftest import Folder


@pytest.fixture
def case(folder: Folder) -> Case:
    return folder.read()


def most(case: Case, fund: str) -> dict[tuple[str, int], int]:
    """Amounts of a fund in 元."""
    return {key[1:]: (row.most or 0) // 100 for key, row in case.tables.supplied.items() if key[0] == fund}


def test_multiplying_leaves_history_and_other_funds_alone(case: Case) -> None:
    patched = apply_patches(case, ["fund.central.amount=0.92x"])
    assert most(patched, "central") == {
        ("a", 2016): 900_000,
        ("a", 2017): 920_000,
        ("a", 2018): 1_016_600,
        ("b", 2017): 184_000,
        ("b", 2018): 184_000,
    }
    assert most(patched, "local") == most(case, "local")
    assert patched.tables.supplied["central", "a", 2017] == Supplied(92_000_000, 92_000_000)


def test_history_changes_when_its_year_is_named(case: Case) -> None:
    assert most(apply_patches(case, ["fund.central[2016].amount=1万元"]), "central")["a", 2016] == 10_000


def test_a_star_means_every_id(case: Case) -> None:
    patched = apply_patches(case, ["fund.*[2018].amount=50%x"])
    assert most(patched, "central")["a", 2018] == 552_500
    assert most(patched, "local") == {
        ("a", 2017): 500_000,
        ("a", 2018): 250_000,
        ("b", 2017): 100_000,
        ("b", 2018): 50_000,
    }


@pytest.mark.parametrize(
    ("patch", "amount"),
    [
        ("fund.local[2018,a].amount=3万元", 30_000),
        ("fund.local[a,2018].amount = +1.5万元", 515_000),
        ("fund.local[2018,a].amount=-1元", 499_999),
        ("fund.local[2018,a].amount=1/3x", 166_666),
    ],
)
def test_setting_adding_subtracting(case: Case, patch: str, amount: int) -> None:
    assert most(apply_patches(case, [patch]), "local")["a", 2018] == amount
    assert most(apply_patches(case, [patch]), "local")["a", 2017] == 500_000


def test_money_is_rounded_half_up_to_whole_fen(case: Case) -> None:
    patched = apply_patches(case, ["measure.house[2018].cost=0.1x", "measure.house[2018].cost=0.5x"])
    assert patched.tables.costs["house", "a", 2018] == 105_003  # 2100050 -> 210005 -> 105002.5


def test_every_kind_of_path(case: Case) -> None:
    patched = apply_patches(
        case,
        [
            "fund.local[a,2017].at_least=6万元",
            "target.persons[2017].amount=30",
            "target.counties[2018].share=50%",
            "need.housing[a].amount=+2",
            "need.housing[2018].due=90%",
            "measure.pv.cost=1.1x",
            "measure.pv.upkeep=60元",
            "measure.grid.indivisible=no",
            "capacity.pv[2018].most=150.5",
            "capacity.pv[total].most=2x",
            "stock.able[b].members=9",
            "gap.able[2018].amount=-100元",
            "resource.land.amount=12.5",
            "group.able.relapse=0",
            "group.unable.revoked=5%",
            "group.unable.waits=no",
            "entrants.able[new].members=3x",
            "entrants.unable[a,2017].members=0",
            "revoked.unable.members=+1",
            "target.persons.entrants=no",
            'rule.match-central.right="20% * available(fund.level == central)"',
            "rule.enough-houses.severity=advisory",
            "target.counties.price=5万元",
            "case.goal=most exits",
        ],
    )
    tables = patched.tables
    assert tables.supplied["local", "a", 2017] == Supplied(6_000_000, 50_000_000)
    assert patched.targets["persons"].amounts == {2017: 30, 2018: 110}
    assert patched.targets["counties"].shares == {2018: Fraction(1, 2)}
    assert (tables.needs["a", "housing", None], tables.needs["b", "housing", None]) == (14, 3)
    assert patched.needs["housing"].due == {2018: Fraction(9, 10)}
    assert (tables.costs["pv", None, None], patched.measures["pv"].upkeep) == (770_000, 6_000)
    assert patched.measures["grid"].indivisible is False
    assert tables.capacities == {("pv", "p", None): 1001, ("pv", "a", 2018): Fraction(301, 2)}
    assert tables.stocks["b", "able"] == 9
    assert (tables.gaps["able", "a", 2018], tables.gaps["able", None, None]) == (150_000, 150_000)
    assert tables.limits["land", "p", 2017] == Fraction(25, 2)
    assert patched.groups["able"].relapse == 0
    assert (patched.groups["unable"].revoked, patched.groups["unable"].waits) == (Fraction(1, 20), False)
    assert list(tables.entrants.values()) == [6, 0]
    assert list(tables.revoked.values()) == [2]
    assert patched.targets["persons"].entrants is False
    added = apply_patches(case, ["target.counties[2017].share=10%"])  # a year that it did not name
    assert added.targets["counties"].shares[2017] == Fraction(1, 10)
    assert patched.rules["match-central"].right_text.startswith("20%")
    assert (patched.rules["enough-houses"].severity, patched.rules["enough-houses"].price) == (
        Severity.ADVISORY,
        None,
    )
    assert (patched.targets["counties"].price, patched.goal) == (5_000_000, Goal.MOST_EXITS)
    assert case.tables.stocks["b", "able"] == 10, "the case itself is as it was"


def test_supply_decides_what_an_amount_means(case: Case) -> None:
    ranged = apply_patches(case, ["fund.central.supply=up_to"])
    assert ranged.funds["central"].supply is Supply.UP_TO
    assert ranged.tables.supplied["central", "a", 2017] == Supplied(0, 100_000_000)
    assert apply_patches(ranged, ["fund.central.supply=given"]).tables.supplied == {
        **case.tables.supplied,
    }


def test_patches_one_by_one_or_together_are_the_same(case: Case) -> None:
    first, second = "fund.central.amount=0.92x", "case.goal=most exits"
    apart = apply_patches(apply_patches(case, [first]), [second])
    together = apply_patches(case, [first, second])
    assert (apart.sha256, apart.patches, apart.tables) == (together.sha256, together.patches, together.tables)
    assert together.patches == (first, second)


def test_a_scenario_comes_before_the_patches_of_the_command_line(folder: Folder) -> None:
    case = folder.read(["fund.central[2017,b].amount=+1元"], scenario="cut")
    assert case.patches == ("fund.central.amount=0.92x", "fund.central[2017,b].amount=+1元")
    assert most(case, "central")["b", 2017] == 184_001


@pytest.mark.parametrize(
    ("patch", "code", "remedy"),
    [
        ("fund.central", "patch-syntax", "Rewrite it"),
        ("fnd.central.amount=1x", "patch-kind", "Did you mean 'fund'? Correct it"),
        ("cost.house.amount=1x", "patch-kind", "Write 'measure.house.cost'. Correct it"),
        ("fund.centrl.amount=1x", "patch-id", "Did you mean 'central'? Correct it; * means all"),
        ("fund.central.amonut=1x", "patch-field", "Did you mean 'amount'? Correct it"),
        ("fund.central[2019].amount=1x", "patch-nothing", "Check years and regions in the brackets"),
        ("target.persons[2019].amount=5", "patch-nothing", "Check years and regions in the brackets"),
        ("target.counties[2017].share=1.1x", "patch-nothing", "Check years and regions in the brackets"),
        ("target.counties[2017].amount=1", "patch-nothing", "Check years and regions in the brackets"),
        ("target.*[2017].share=10%", "patch-nothing", "Check years and regions in the brackets"),
        (
            "fund.company.amount=1x",
            "patch-open",
            "Set an amount for every year, e.g. fund.company.amount=2000万元",
        ),
        ("fund.central[2018].supply=open", "patch-brackets", "Remove the brackets"),
        ("fund.central.amount=100", "money-unit-missing", "Add the unit: 分 元 万元 亿元"),
        ("fund.central.amount=0.9.2x", "not-a-number", "Correct it"),
        ("fund.central[b].amount=-30万元", "negative", "Correct it"),
        ("measure.pv.lot=0", "out-of-range", "Correct it; 40 per cent is 40% or 0.4"),
        ("stock.able.members=1.5", "not-whole", "Correct it: households, persons and things are counted"),
        ("target.persons.severity=weak", "unknown-word", "Write one of them"),
        ("rule.match-central.right=availabel()", "rule-syntax", "The grammar is in docs/rules.md"),
        ("case.gaol=most exits", "patch-field", "Did you mean 'goal'? Correct it"),
    ],
)
def test_bad_patches(case: Case, patch: str, code: str, remedy: str) -> None:
    with pytest.raises(CaseErrors) as caught:
        apply_patches(case, [patch])
    [problem] = caught.value.problems
    assert (problem.code, problem.place.file) == (code, f"--set {patch}")
    assert problem.remedy.en == remedy


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ("rule.enough-houses.right=5万元", "rule-units"),
        ("rule.match-central.left=available(fund.tag == owns)", "unknown-in-condition"),
        ("target.persons.severity=soft", "price-missing"),
        ("measure.pv.upkeep=50.01元", "lot-not-fen"),
        ("fund.company.supply=given", "fund-without-amounts"),
    ],
)
def test_a_patched_case_is_checked_like_any_other(case: Case, patch: str, code: str) -> None:
    with pytest.raises(CaseErrors) as caught:
        apply_patches(case, [patch])
    found = {problem.code: problem for problem in caught.value.problems}
    assert code in found
    assert found[code].said(Language.EN).startswith(f"--set {patch}: ")


def test_all_bad_patches_are_named(case: Case) -> None:
    with pytest.raises(CaseErrors) as caught:
        apply_patches(case, ["fund.x.amount=1x", "need.y.amount=1"])
    assert [problem.code for problem in caught.value.problems] == ["patch-id", "patch-id"]


def test_an_unknown_scenario_lists_the_names(folder: Folder) -> None:
    [problem] = folder.problems(scenario="cuts")
    assert problem.said(Language.ZH) == (
        "--scenario cuts: 没有情景「cuts」：应为下列之一：cut。是不是「cut」？请更正。"
    )
