from __future__ import annotations

from pathlib import Path

import pytest

from models.catalogue import Family
from models.finding import State
from models.policy import Severity
from models.submission import Line, Spot, Submission
from optimizer.read.catalogue import read_catalogue, shipped

from .payment_case import HEADER, audited, briefly, broken, plan, state, the_case

YUAN = 100


# ------------------------------------------------------------------------------------------- the plan


def test_paid_above_the_plan_by_place_measure_fund_and_year(tmp_path: Path) -> None:
    money = {
        ("jia", "house", "special", 2017): 100 * YUAN,
        ("jia", "house", "special", 2018): 100 * YUAN,
        ("yi", "house", "special", 2018): 500 * YUAN,
    }
    ledger = f"""\
        {HEADER}
        2017-05-01,甲县,house,special,P1,60
        2018-05-01,甲县,house,special,P2,100
        2018-06-01,东乡,house,special,P3,41
        2018-06-02,甲县,house,special,P4,5
        2018-06-02,乙山,house,special,P5,500
        2018-06-03,乙山,house,own,P6,1
        """
    # jia may pay 100 of 2018 and the 40 left of 2017; yi has no money of its own fund in the plan
    assert briefly(audited(tmp_path, ledger, money=money)) == [
        ("above_plan", "jia", 2018, 14_600, 14_000, [4, 5]),
        ("above_plan", "yi", 2018, 100, 0, [7]),
    ]


def test_with_a_budget_year_every_year_stands_alone(tmp_path: Path) -> None:
    money = {("jia", "house", "special", 2017): 100 * YUAN, ("jia", "house", "special", 2018): 100 * YUAN}
    ledger = f"""\
        {HEADER},预算年度
        2017-05-01,甲县,house,special,P1,60,2017
        2018-05-01,甲县,house,special,P2,101,2018年
        2018-05-01,甲县,house,special,P3,40,2017
        """
    assert briefly(audited(tmp_path, ledger, money=money)) == [
        ("above_plan", "jia", 2018, 10_100, 10_000, [3])
    ]


def test_an_overpayment_is_found_in_one_year_only(tmp_path: Path) -> None:
    money = {("jia", "house", "special", year): 100 * YUAN for year in (2016, 2017, 2018)}
    ledger = f"""\
        {HEADER}
        2016-05-01,甲县,house,special,P1,150
        2017-05-01,甲县,house,special,P2,50
        2018-05-01,甲县,house,special,P3,150
        """
    assert briefly(audited(tmp_path, ledger, money=money)) == [
        ("above_plan", "jia", 2016, 15_000, 10_000, [2])
    ]


def test_a_plan_by_township_and_a_ledger_by_county_meet_at_the_county(tmp_path: Path) -> None:
    money = {("dong", "house", "special", 2018): 100 * YUAN, ("xi", "house", "special", 2018): 50 * YUAN}
    clean = f"{HEADER}\n2018-05-01,甲县,house,special,P1,150\n"
    assert briefly(audited(tmp_path, clean, money=money)) == []
    over = f"{HEADER}\n2018-05-01,甲县,house,special,P1,150.01\n"
    assert briefly(audited(tmp_path, over, money=money)) == [("above_plan", "jia", 2018, 15_001, 15_000, [2])]
    moved = f"{HEADER}\n2018-05-01,东乡,house,special,P1,120\n2018-05-01,xi,house,special,P2,30\n"
    assert briefly(audited(tmp_path, moved, money=money)) == [
        ("above_plan", "dong", 2018, 12_000, 10_000, [2])
    ]


def test_an_excess_of_a_township_is_not_found_again_at_its_county(tmp_path: Path) -> None:
    money = {("dong", "house", "special", 2018): 100 * YUAN, ("xi", "house", "special", 2018): 50 * YUAN}
    ledger = f"""\
        {HEADER}
        2018-05-01,东乡,house,special,P1,110
        2018-05-01,西乡,house,special,P2,40
        2018-05-02,甲县,house,special,P3,5
        """
    assert briefly(audited(tmp_path, ledger, money=money)) == [
        ("above_plan", "dong", 2018, 11_000, 10_000, [2])
    ]


def test_without_measures_the_plan_is_compared_by_fund(tmp_path: Path) -> None:
    money = {("jia", "house", "special", 2018): 60 * YUAN, ("jia", "grant", "special", 2018): 40 * YUAN}
    ledger = """\
        日期,县,项目,资金来源,收款人代码,金额(元)
        2018-05-01,甲县,A1,special,P1,60
        2018-05-02,甲县,A2,special,P2,41
        """
    found = audited(tmp_path, ledger, money=money)
    assert briefly(found) == [("above_plan", "jia", 2018, 10_100, 10_000, [3])]
    assert state(found, "exclusive") == {State.NOT_EVALUATED}


def test_projects_of_the_plan_are_compared(tmp_path: Path) -> None:
    spot = Spot("plan.csv", None, "2:amount")
    details = (
        Line(spot, 60 * YUAN, project="A1 路"),
        Line(spot, 10 * YUAN, project="a1路"),
        Line(spot, 5 * YUAN, project="B"),
    )
    ledger = """\
        日期,县,项目,措施,资金来源,收款人代码,金额(元)
        2018-05-01,甲县,A1路,house,special,P1,70
        2018-05-02,甲县,B,house,special,P2,5
        2018-05-03,甲县,B,house,special,P3,2
        2018-05-04,甲县,C,house,special,P4,1
        """
    found = audited(tmp_path, ledger, submission=Submission(plan(), details))
    assert briefly(found) == [
        ("above_project", "jia", None, 700, 500, [3, 4]),
        ("above_project", "jia", None, 100, 0, [5]),
    ]
    assert state(audited(tmp_path, ledger), "above_project") == {State.NOT_APPLICABLE}


def test_a_project_of_one_name_is_another_one_in_another_county(tmp_path: Path) -> None:
    # 助学 has 60 in jia and 60 in yi. Yi is paid 70: jia, which is paid 20, does not make up for it.
    spot = Spot("plan.csv", None, "2:amount")
    details = (
        Line(spot, 60 * YUAN, region="jia", project="助学"),
        Line(spot, 60 * YUAN, region="yi", project="助学"),
    )
    ledger = """\
        日期,县,项目,措施,资金来源,收款人代码,金额(元)
        2018-05-01,甲县,助学,house,special,P1,20
        2018-05-02,乙山,助学,house,special,P2,40
        2018-05-03,乙山,助学,house,special,P3,30
        """
    found = audited(tmp_path, ledger, submission=Submission(plan(), details))
    assert ("above_project", "yi", None, 7000, 6000, [3, 4]) in briefly(found)
    assert [one[1] for one in briefly(found) if one[0] == "above_project"] == ["yi"]


def test_paid_above_the_contract(tmp_path: Path) -> None:
    ledger = """\
        日期,县,措施,资金来源,收款人代码,金额(元),合同号,合同金额(万元)
        2018-05-01,甲县,house,special,F1,60,HT-1,0.01
        2018-06-01,甲县,house,special,F1,40,HT-1,0.01
        2018-07-01,甲县,house,special,F1,0.01,HT-1,0.01
        2018-07-01,甲县,house,special,F2,70,HT-2,0.01
        2018-08-01,甲县,house,special,F2,-20,HT-2,0.01
        2018-09-01,甲县,house,special,F2,50,HT-2,0.01
        2018-09-01,甲县,house,special,F3,50,HT-3,0.02
        2018-09-02,甲县,house,special,F3,50,HT-3,0.01
        """
    found = audited(tmp_path, ledger)
    assert briefly(found) == [
        ("above_contract", "jia", None, 10_001, 10_000, [2, 3, 4]),
        ("contract_differs", "jia", None, 20_000, 10_000, [8, 9]),
    ]
    assert not next(one for one in broken(found) if one.rule == "paid.contract_differs").broken


# ------------------------------------------------------------------------------------------ time


def test_late_pass_down_by_batch(tmp_path: Path) -> None:
    ledger = f"""\
        {HEADER},收到日期,下达日期,文号
        2018-05-01,甲县,house,special,P1,10,2018-01-01,2018-01-31,1号
        2018-05-01,甲县,house,special,P2,20,2018-01-01,2018-02-01,2号
        2018-05-02,甲县,house,special,P3,30,2018-01-01,2018-02-01,2号
        2018-02-01,甲县,house,special,P4,40,2018-01-02,,3号
        2018-02-02,甲县,house,special,P5,50,2018-01-02,,4号
        2018-02-10,甲县,house,special,P6,60,,,5号
        """
    found = audited(tmp_path, ledger)
    assert briefly(found) == [
        ("pass_down", "jia", 2018, 31, 30, [3, 4]),
        ("pass_down", "jia", 2018, 31, 30, [6]),
    ]
    assert "50.00 元" in broken(found)[0].message.zh
    opened = [one for one in found.audit.findings if one.state is State.NOT_EVALUATED]
    assert any("1 行没有收到日期" in one.message.zh for one in opened)


def test_dates_that_contradict_each_other(tmp_path: Path) -> None:
    ledger = f"""\
        {HEADER},收到日期,下达日期
        2018-05-01,甲县,house,special,P1,10,2018-04-01,2018-03-31
        2018-03-01,甲县,house,special,P2,20,2018-03-02,2018-03-05
        2018-03-01,甲县,house,special,P3,30,2018-03-01,2018-03-01
        """
    assert briefly(audited(tmp_path, ledger)) == [
        ("dates_reversed", "jia", 2018, -1, 0, [2]),
        ("dates_reversed", "jia", 2018, -1, 0, [3]),
    ]


def test_without_received_dates_pass_down_is_not_evaluated(tmp_path: Path) -> None:
    found = audited(tmp_path, f"{HEADER}\n2018-05-01,甲县,house,special,P1,10\n")
    assert state(found, "pass_down") == {State.NOT_EVALUATED}


MONEY = {
    ("jia", "house", "special", 2016): 100 * YUAN,
    ("jia", "house", "special", 2017): 100 * YUAN,
    ("jia", "house", "pooled", 2016): 100 * YUAN,
    ("jia", "house", "own", 2016): 100 * YUAN,
    ("jia", "house", "self", 2016): 100 * YUAN,
}
SPENT = f"""\
    {HEADER}
    2016-05-01,甲县,house,special,P1,92
    2016-05-01,甲县,house,pooled,P2,79.99
    2016-12-31,甲县,house,own,P3,50
    2017-05-01,甲县,house,special,P4,99.99
    """


def test_floors_of_spending_oldest_money_first(tmp_path: Path) -> None:
    # special 2017: 8 of the 99.99 go to what 2016 left, 91.99 to 2017; own has its own floor of 50 %
    found = audited(tmp_path, SPENT, money=MONEY, as_of="2017-12-31")
    assert [one for one in briefly(found, "paid.idle_one") if one[0] == "spending_floor"] == [
        ("spending_floor", "jia", 2017, 9_199, 9_200, []),
        ("spending_floor", "jia", 2016, 7_999, 8_000, []),
    ]
    before = audited(tmp_path, SPENT, money=MONEY)
    assert before.as_of.isoformat() == "2017-05-01"
    assert state(before, "spending_floor") == {State.VIOLATED, State.NOT_EVALUATED}


def test_the_case_s_own_floor_is_cited(tmp_path: Path) -> None:
    ledger = f"{HEADER}\n2016-05-01,甲县,house,own,P1,49.99\n"
    found = audited(tmp_path, ledger, money={("jia", "house", "own", 2016): 100 * YUAN}, as_of="2016-12-31")
    (one,) = broken(found, "paid.idle_one")
    assert one.rule == "paid.spending_floor"
    assert [one.left, one.right] == [4_999, 5_000]
    assert one.citation is not None
    assert one.citation.document == "plan"


def test_idle_money_by_age(tmp_path: Path) -> None:
    day = "2018-12-31"
    found = audited(tmp_path, SPENT, money=MONEY, as_of=day)
    assert briefly(found, "paid.spending_floor") == [
        ("idle_two", "jia", 2016, 2_001, 0, []),
        ("idle_two", "jia", 2016, 5_000, 0, []),
        ("idle_one", "jia", 2017, 801, 0, []),
    ]
    day_before = briefly(audited(tmp_path, SPENT, money=MONEY, as_of="2018-12-30"), "paid.spending_floor")
    assert [one[0] for one in day_before] == ["idle_one", "idle_one"]
    assert state(audited(tmp_path, SPENT, money=MONEY, as_of="2017-01-01"), "idle_two") == {
        State.NOT_APPLICABLE
    }


def test_payments_after_the_day_of_audit_do_not_count_as_spent(tmp_path: Path) -> None:
    ledger = f"{HEADER}\n2016-05-01,甲县,house,special,P1,100\n2017-05-01,甲县,house,special,P2,100\n"
    money = {("jia", "house", "special", 2016): 200 * YUAN}
    late = audited(tmp_path, ledger, money=money, as_of="2018-12-31")
    assert [one for one in briefly(late) if one[0].startswith("idle")] == []
    early = audited(tmp_path, ledger, money=money, as_of="2017-04-30")
    assert [one.rule for one in broken(early)] == ["paid.spending_floor"]


# ----------------------------------------------------------------------------------------- payees


def test_the_same_beneficiary_paid_twice(tmp_path: Path) -> None:
    ledger = f"""\
        {HEADER}
        2018-03-01,甲县,house,special,P1,100
        2018-09-01,乙山,house,own,P1,80
        2018-03-01,甲县,house,special,P2,100
        2019-03-01,甲县,house,special,P2,100
        2018-03-01,甲县,grant,special,P3,100
        2018-03-01,甲县,pv,special,P3,100
        """
    assert briefly(audited(tmp_path, ledger)) == [("twice", "jia", 2018, 18_000, 10_000, [2, 3])]


def test_more_findings_than_are_listed_are_counted_and_summed(tmp_path: Path) -> None:
    rows = [f"2018-0{month}-01,甲县,house,special,P{i},{i + month}" for i in range(150) for month in (3, 4)]
    found = [one for one in broken(audited(tmp_path, "\n".join([HEADER, *rows]))) if one.rule == "paid.twice"]
    assert len(found) == 101
    assert [one.left for one in found[:2]] == [3 * YUAN + 4 * YUAN, 4 * YUAN + 5 * YUAN]
    # beyond the larger payment i + 4, each of the 150 was paid i + 3: listed are i = 0 to 99
    assert found[-1].left == sum(i + 3 for i in range(100, 150)) * YUAN
    assert "50 项未逐项列出" in found[-1].message.zh
    assert f"全部 150 项共 {sum(i + 3 for i in range(150)):,}.00 元" in found[-1].message.zh


def test_periods_of_the_ledger_and_of_the_thresholds(tmp_path: Path) -> None:
    monthly = f"{HEADER}\n2018-03-01,甲县,grant,special,P1,10\n2018-04-01,甲县,grant,special,P1,10\n"
    assert [one[0] for one in briefly(audited(tmp_path, monthly))] == ["twice"]
    changed = "checks:\n  - {id: twice, set: {periods: {month: [grant]}}}\n"
    assert briefly(audited(tmp_path, monthly, thresholds=changed)) == []
    named = f"""\
        {HEADER},所属期
        2018-03-01,甲县,grant,special,P1,10,2018春
        2018-04-01,甲县,grant,special,P1,10,2018秋
        2018-05-01,甲县,grant,special,P1,10,2018秋
        """
    assert briefly(audited(tmp_path, named)) == [("twice", "jia", 2018, 2_000, 1_000, [3, 4])]


def test_instalments_of_a_contract_and_reversed_payments_are_not_twice(tmp_path: Path) -> None:
    ledger = f"""\
        {HEADER},合同号
        2018-03-01,甲县,house,special,F1,100,HT-1
        2018-04-01,甲县,house,special,F1,100,HT-1
        2018-03-01,甲县,house,special,P1,100,
        2018-04-01,甲县,house,special,P1,-100,
        2018-05-01,甲县,house,special,P1,100,
        2018-03-01,甲县,house,special,P2,100,
        2018-04-01,甲县,house,special,P2,-40,
        2018-05-01,甲县,house,special,P2,100,
        """
    assert briefly(audited(tmp_path, ledger)) == [("twice", "jia", 2018, 20_000, 10_000, [7, 9])]


def test_exclusive_measures(tmp_path: Path) -> None:
    ledger = f"""\
        {HEADER}
        2016-03-01,甲县,house,special,P1,100
        2018-03-01,甲县,resettle,special,P1,300
        2018-03-01,甲县,grant,special,P2,10
        2018-09-01,甲县,yulu,special,P2,15
        2018-03-01,甲县,grant,special,P3,10
        2019-09-01,甲县,yulu,special,P3,15
        """
    found = audited(tmp_path, ledger)
    assert briefly(found) == [
        ("exclusive", "jia", 2016, 40_000, 30_000, [2, 3]),
        ("exclusive", "jia", 2018, 2_500, 1_500, [4, 5]),
    ]
    assert {one.citation.document for one in broken(found, "paid.spending_floor") if one.citation} >= {"plan"}


REGISTER = """\
    对象代码,县(市、区),人群,纳入日期,退出日期
    P1,甲县,able,2018-01-01,2018-12-31
    P2,东乡,有劳力,2018-01-01,
    P3,乙山,unable,,2018-06-30
    P4,甲县,unable,2016-01-01,2016-12-31
    P4,甲县,unable,2018-01-01,
    """


def test_the_register(tmp_path: Path) -> None:
    ledger = f"""\
        {HEADER}
        2018-01-01,甲县,house,special,P1,1
        2019-01-01,甲县,house,special,P1,2
        2017-12-31,甲县,house,special,P2,4
        2018-05-01,西乡,house,special,P2,8
        2018-06-30,乙山,pv,special,P3,16
        2017-05-01,甲县,grant,special,P4,32
        2018-05-01,甲县,grant,special,P4,64
        2018-05-01,甲县,grant,special,P9,128
        """
    assert briefly(audited(tmp_path, ledger, register=REGISTER)) == [
        ("not_registered", "jia", 2018, 12_800, 0, [9]),
        ("before_eligible", "jia", 2017, 400, 0, [4]),
        ("after_eligible", "jia", 2019, 200, 0, [3]),
        ("after_eligible", "jia", 2017, 3_200, 0, [7]),
        ("other_county", "xi", 2018, 800, 0, [5]),
        ("other_group", "yi", 2018, 1_600, 0, [6]),
    ]


def test_without_a_register_nothing_is_said_about_it(tmp_path: Path) -> None:
    found = audited(tmp_path, f"{HEADER}\n2018-05-01,甲县,house,special,P1,10\n")
    for rule in ("not_registered", "before_eligible", "after_eligible", "other_county", "other_group"):
        assert state(found, rule) == {State.NOT_EVALUATED}


# ------------------------------------------------------------------------------------ thresholds


def test_thresholds_severity_and_off(tmp_path: Path) -> None:
    ledger = f"{HEADER},收到日期,下达日期\n2018-05-01,甲县,house,special,P1,10,2018-01-01,2018-02-01\n"
    assert [one[0] for one in briefly(audited(tmp_path, ledger))] == ["pass_down"]
    assert (
        briefly(audited(tmp_path, ledger, thresholds="checks:\n  - {id: pass_down, set: {days: 31}}\n")) == []
    )
    softer = audited(tmp_path, ledger, thresholds="checks:\n  - {id: pass_down, severity: advisory}\n")
    (one,) = broken(softer, "paid.spending_floor", "paid.idle_two", "paid.idle_one")
    assert one.severity is Severity.ADVISORY
    off = audited(
        tmp_path,
        ledger,
        thresholds="checks:\n  - {id: pass_down, off: {zh: 本省另有规定, en: other rules}}\n",
    )
    assert state(off, "pass_down") == {State.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("checks:\n  - {id: pas_down, severity: hard}\n", "unknown-id"),
        ("checks:\n  - {id: pass_down, set: {day: 31}}\n", "unknown-field"),
        ("checks:\n  - {id: pass_down, set: {days: soon}}\n", "not-a-number"),
        ("checks:\n  - {id: pass_down, severity: harsh}\n", "unknown-word"),
        ("checks:\n  - {id: pass_down, days: 3}\n", "unknown-field"),
        ("check: []\n", "unknown-field"),
        (
            "checks:\n  - {id: pass_down, severity: hard}\n  - {id: pass_down, severity: hard}\n",
            "duplicate-id",
        ),
    ],
)
def test_a_file_of_thresholds_is_closed(tmp_path: Path, text: str, code: str) -> None:
    from optimizer.read import CaseErrors

    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CaseErrors) as caught:
        read_catalogue(tmp_path / "case.yaml", the_case(), file)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_every_check_has_law_and_remedy_in_both_languages() -> None:
    catalogue = shipped()
    for check in catalogue.of(Family.PAID):
        assert check.title.en
        assert check.remedy.en
        assert check.citation.document in catalogue.documents
