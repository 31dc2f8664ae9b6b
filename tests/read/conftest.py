"""A small sound case as files, and a folder in which a test changes one thing."""

from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from models.case import Case
from models.citation import Language
from optimizer.read import CaseErrors, Problem, read_case

CITED = "{document: plan, section: 一(一), basis: stated}"
FILES = {
    "case.yaml": """\
        case: small
        title: {zh: 小案例, en: a small case}
        years: [2017, 2018]
        documents:
          - {id: plan, title: 规划}
        attributes:
          - {id: rural_population, title: 农村人口, unit: person}
          - {id: collective_income, title: 集体收入, unit: money}
          - {id: score, title: 绩效考核得分, unit: "1", by_year: yes}
        """,
    "groups.yaml": """\
        groups:
          - {id: able, title: 有劳力, counts: persons, relapse: 1%, citation: CITED}
          - {id: unable, title: 无劳力, counts: persons, revoked: 2%, waits: yes, citation: CITED}
          - {id: poor_village, title: 贫困村, counts: villages, citation: CITED}
        """,
    "needs.yaml": """\
        needs:
          - id: housing
            title: 危房
            unit: 户
            kind: backlog
            holds: {able: 3}
            brought_by: {able: 1/4}
            due: {2018: 100%}
            citation: CITED
          - id: schooling
            title: 助学
            unit: 人
            kind: entitlement
            tags: [education]
            citation: CITED
        """,
    "measures.yaml": """\
        measures:
          - id: house
            title: 危房改造
            unit: 户
            tags: [building]
            profile: [60%, 40%]
            meets: {housing: 1}
            payers: fund.tag == special
            shares:
              - {payer: fund.level == central, share: 70%}
              - {payer: fund.level == county, share: 3/10}
            citation: CITED
          - id: pv
            title: 光伏
            unit: 千瓦
            lot: 0.5
            smallest: 3
            upkeep: 50元
            lag: 1
            lifetime: 20
            serves:
              able: {lift: 2000元, most: 3}
            adds: {collective_income: 600元}
            uses: {land: 0.02}
            payers: fund.level in (central, enterprise)
            after: [{measure: grid, ratio: 30}]
            citation: CITED
          - id: grid
            title: 电网
            unit: 处
            indivisible: yes
            payers: fund == company
            citation: CITED
          - id: grant
            title: 助学金
            unit: 人
            where: region.tag == national_poor
            years: [2017, 2018]
            meets: {schooling: 1}
            serves:
              unable: {lift: 300元, most: 1}
              able: {lift: 300元, most: 1}
            payers: fund.level == county
            subject_codes: {2018: "2050299"}
            citation: CITED
        exclusions:
          - {id: one-help, title: 不重复享受, measures: [pv, grant], group: able, citation: CITED}
        """,
    "funds.yaml": """\
        funds:
          - id: central
            title: 中央专项
            level: central
            tags: [special]
            supply: given
            pooled_at: county
            cost_weight: 1
            carry_over: yes
            spending_floor: 92%
            citation: CITED
          - id: local
            title: 县级
            level: county
            tags: [special, own]
            supply: up_to
            pooled_at: county
            cost_weight: 1
            citation: CITED
          - id: company
            title: 企业
            level: enterprise
            supply: open
            pooled_at: province
            cost_weight: 0
            pays: measure in (grid, pv)
            citation: CITED
        resources:
          - {id: land, title: 用地, unit: 亩, citation: CITED}
        """,
    "exits.yaml": """\
        standards:
          - id: county_exit
            title: 县摘帽
            where: region.tag == national_poor
            citation: CITED
            conditions:
              - id: rate
                kind: poor_share
                share: 2%
                of: rural_population
                groups: [able, unable]
                citation: CITED
              - {id: homes, kind: need, share: 1, need: housing, citation: CITED}
              - {id: villages, kind: group_out, share: 90%, groups: [poor_village], citation: CITED}
              - {id: income, kind: attribute, of: collective_income, amount: 5万元, citation: CITED}
        """,
    "targets.yaml": """\
        targets:
          - id: persons
            title: 脱贫人数
            kind: exits
            groups: [able, unable]
            cumulative: yes
            amounts: {2017: 40, 2018: 110}
            citation: CITED
          - id: counties
            title: 摘帽县
            kind: listed
            standard: county_exit
            cumulative: yes
            shares: {2018: 100%}
            severity: soft
            price: 100万元
            citation: CITED
        """,
    "rules.yaml": """\
        rules:
          - id: match-central
            title: 县级配套不低于中央的10%
            years: [2016, 2020]
            severity: hard
            for_each: [year, region]
            where: region.level == county
            left: available(fund.tag == own)
            is: ">="
            right: 10% * available(fund.level == central)
            citation: CITED
          - id: enough-houses
            title: 每年至少改造5户
            years: [2017, 2018]
            severity: soft
            price: 1万元
            for_each: [year]
            left: units(measure.tag == building)
            is: ">="
            right: 5户
            citation: CITED
        """,
    "checklist.yaml": """\
        checklist:
          - {id: C-1, title: 公示公告, citation: CITED}
        """,
    "scenarios.yaml": """\
        scenarios:
          - id: cut
            title: 中央资金减少
            why: 压力测试
            patches:
              - fund.central.amount=0.92x
        """,
    "regions.csv": """\
        region,name,level,parent,tags,code,rural_population,collective_income(元),SOURCE
        p,某省,province,,,410000,,,CITED
        a,甲县,county,p,national_poor deep_poor,410225,40000,20000,CITED
        b,乙县,county,p,,,30000,60000.5,CITED
        """,
    "stocks.csv": """\
        region,group,members,households,SOURCE
        a,able,80,30,CITED
        a,unable,20,,CITED
        a,poor_village,2,,CITED
        b,able,10,4,CITED
        """,
    "entrants.csv": """\
        region,group,year,kind,members,SOURCE
        b,able,2018,new,2,CITED
        a,unable,2017,revoked,1,CITED
        """,
    "revoked.csv": """\
        region,group,year,members,SOURCE
        a,unable,2018,1,CITED
        """,
    "needs.csv": """\
        region,need,year,amount,SOURCE
        a,housing,,12,CITED
        b,housing,,3,CITED
        a,schooling,,15,CITED
        a,schooling,2018,14,CITED
        """,
    "costs.csv": """\
        measure,region,year,cost(元),SOURCE
        house,,,20000,CITED
        house,a,2018,21000.5,CITED
        pv,,,7000,CITED
        grid,,,300000,CITED
        grant,a,,1250,CITED
        """,
    "gaps.csv": """\
        group,region,year,gap(元),SOURCE
        able,,,1500,CITED
        able,a,2018,1600,CITED
        """,
    "funds.csv": """\
        fund,region,year,amount(万元),at_least(万元),SOURCE
        central,a,2016,90,,CITED
        central,a,2017,100,,CITED
        central,a,2018,110.5,,CITED
        central,b,2017,20,,CITED
        central,b,2018,20,,CITED
        local,a,2017,50,5,CITED
        local,a,2018,50,,CITED
        local,b,2017,10,,CITED
        local,b,2018,10,,CITED
        """,
    "capacity.csv": """\
        measure,region,year,most,SOURCE
        pv,p,total,500.5,CITED
        pv,a,2018,200,CITED
        """,
    "resources.csv": """\
        resource,region,year,amount,SOURCE
        land,p,2017,10,CITED
        """,
    "attributes.csv": """\
        attribute,region,year,amount,SOURCE
        score,a,2016,88.5,CITED
        score,a,2017,91,CITED
        """,
}


def base_text(file: str) -> str:
    text = dedent(FILES[file])
    if file.endswith(".csv"):
        return text.replace("SOURCE", "document,section,basis").replace("CITED", "plan,一(一),stated")
    return text.replace("CITED", CITED)


class Folder:
    """The case folder of one test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for file in FILES:
            self.write(file, base_text(file))

    def write(self, file: str, content: str | bytes) -> None:
        raw = content.encode() if isinstance(content, str) else content
        (self.path / file).write_bytes(raw)

    def text(self, file: str) -> str:
        return (self.path / file).read_text(encoding="utf-8")

    def change(self, file: str, old: str, new: str) -> None:
        text = self.text(file)
        assert old in text, f"{old!r} is not in {file}"
        self.write(file, text.replace(old, new, 1))

    def read(self, patches: Sequence[str] = (), scenario: str | None = None) -> Case:
        return read_case(self.path, patches, scenario)

    def problems(self, patches: Sequence[str] = (), scenario: str | None = None) -> tuple[Problem, ...]:
        with pytest.raises(CaseErrors) as caught:
            self.read(patches, scenario)
        return caught.value.problems

    def said(self, language: Language) -> list[str]:
        return [problem.said(language) for problem in self.problems()]

    def place_of(self, file: str, needle: str) -> tuple[int, int]:
        """Line and column, from 1, of the first place where the text stands in the file."""
        before = self.text(file)[: self.text(file).index(needle)]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[[str], Folder]:
    def make(name: str) -> Folder:
        (tmp_path / name).mkdir()
        return Folder(tmp_path / name)

    return make
