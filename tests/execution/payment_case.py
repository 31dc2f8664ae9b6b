"""A made-up city of two counties, one with two townships; ledgers and registers written by hand for it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

from models.allocation import Allocation, Item
from models.case import Case
from models.finding import Finding, State
from models.submission import Submission
from optimizer.execution.audit import ExecutionAudit, audit_execution
from optimizer.read import read_case
from optimizer.read.catalogue import read_catalogue

CITED = "citation: {document: plan, section: 一, basis: illustrative}"
ROW = "plan,一,illustrative"


def _measure(id: str, title: str, does: str) -> str:
    return f"  - {{id: {id}, title: {title}, unit: 户, {does}, payers: fund.level != social, {CITED}}}\n"


def _fund(id: str, title: str, kind: str) -> str:
    held = "supply: open, pooled_at: county, cost_weight: 1"
    return f"  - {{id: {id}, title: {title}, {kind}, {held}, {CITED}}}\n"


FILES = {
    "case.yaml": """\
        case: payments
        title: {zh: 支付试例, en: payments}
        years: [2016, 2019]
        documents:
          - {id: plan, title: {zh: 计划, en: plan}}
        """,
    "groups.yaml": f"""\
        groups:
          - {{id: able, title: 有劳力, counts: persons, {CITED}}}
          - {{id: unable, title: 无劳力, counts: persons, {CITED}}}
        """,
    "needs.yaml": f"""\
        needs:
          - {{id: schooling, title: 助学, unit: 人, kind: entitlement, {CITED}}}
          - {{id: housing, title: 危房, unit: 户, kind: backlog, {CITED}}}
        """,
    "measures.yaml": "measures:\n"
    + _measure("house", "危房改造", "meets: {housing: 1}")
    + _measure("resettle", "搬迁", "meets: {housing: 1}")
    + _measure("grant", "助学金", "meets: {schooling: 1}")
    + _measure("yulu", "雨露计划", "meets: {schooling: 1}")
    + _measure("pv", "光伏", "serves: {able: {lift: 2000元, most: 1}}")
    + "exclusions:\n"
    + f"  - {{id: one-home, title: 建房与搬迁不重复, measures: [house, resettle], need: housing, {CITED}}}\n"
    + f"  - {{id: one-grant, title: 助学不重复, measures: [grant, yulu], need: schooling, {CITED}}}\n",
    "funds.yaml": "funds:\n"
    + _fund("special", "{zh: 专项资金, en: special fund}", "level: central, tags: [special]")
    + _fund("pooled", "{zh: 整合资金, en: pooled fund}", "level: county, tags: [integrated]")
    + _fund("own", "{zh: 县级资金, en: own fund}", "level: county, spending_floor: 50%")
    + _fund("self", "{zh: 自筹, en: households}", "level: household"),
    "regions.csv": f"""\
        region,name,level,parent,code,document,section,basis
        city,某市,city,,410000,{ROW}
        jia,甲县,county,city,410001,{ROW}
        dong,东乡,township,jia,,{ROW}
        xi,西乡,township,jia,,{ROW}
        yi,乙山回族自治县,county,city,410002,{ROW}
        """,
    "needs.csv": f"""\
        region,need,year,amount,document,section,basis
        jia,schooling,,9,{ROW}
        jia,housing,,9,{ROW}
        """,
    "stocks.csv": f"""\
        region,group,members,document,section,basis
        dong,able,9,{ROW}
        dong,unable,9,{ROW}
        """,
    "costs.csv": "measure,region,year,cost(元),document,section,basis\n"
    + "".join(f"{id},,,1000,{ROW}\n" for id in ("house", "resettle", "grant", "yulu", "pv")),
    "funds.csv": "fund,region,year,amount(万元),document,section,basis\n",
}
#: Plenty for everything: what a test is not about is not exceeded, and nothing of it is left idle.
PLENTY = 10**12
HEADER = "日期,县,措施,资金来源,收款人代码,金额(元)"
#: Checks about the plan's money, which a ledger of a few rows cannot use up.
ABOUT_IDLE = ("paid.spending_floor", "paid.idle_two", "paid.idle_one")


@cache
def the_case() -> Case:
    """The case, read from its files."""
    with TemporaryDirectory() as folder:
        for name, text in FILES.items():
            (Path(folder) / name).write_text(dedent(text), encoding="utf-8")
        return read_case(Path(folder))


def plan(money: Mapping[tuple[str, str, str, int], int] | None = None) -> Allocation:
    """A plan of money alone; by default PLENTY of everything at the counties in every year."""
    case = the_case()
    if money is None:
        money = {
            (region, measure, fund, year): PLENTY
            for region in ("jia", "yi")
            for measure in case.measures
            for fund in case.funds
            for year in case.years
        }
    return Allocation(money=money, covers=frozenset({Item.MONEY}))


def audited(
    folder: Path,
    ledger: str,
    *,
    money: Mapping[tuple[str, str, str, int], int] | None = None,
    register: str | None = None,
    as_of: str | None = None,
    thresholds: str | None = None,
    submission: Submission | None = None,
    name: str = "ledger.csv",
) -> ExecutionAudit:
    """The audit of a ledger written by hand."""
    (folder / name).write_text(dedent(ledger), encoding="utf-8")
    files: dict[str, Path | None] = {"register.csv": None, "thresholds.yaml": None}
    for file, text in (("register.csv", register), ("thresholds.yaml", thresholds)):
        if text is not None:
            files[file] = folder / file
            (folder / file).write_text(dedent(text), encoding="utf-8")
    return audit_execution(
        the_case(),
        plan(money),
        folder / name,
        read_catalogue(folder / "case.yaml", the_case(), files["thresholds.yaml"]),
        files["register.csv"],
        None if as_of is None else datetime.date.fromisoformat(as_of),
        submission,
    )


def broken(found: ExecutionAudit, *without: str) -> list[Finding]:
    """What is violated, without the rules named."""
    violated = [finding for finding in found.audit.findings if finding.state is State.VIOLATED]
    return [finding for finding in violated if finding.rule not in without]


def lines(finding: Finding) -> list[int]:
    """The lines of its evidence."""
    return [int(spot.cell.split(":")[0]) for spot in finding.evidence]


Brief = tuple[str, str, int | None, int | None, int | None, list[int]]


def briefly(found: ExecutionAudit, *without: str) -> list[Brief]:
    """Rule, region, year, left, right and lines of what is violated."""
    return [
        (
            one.rule.removeprefix("paid."),
            one.region,
            one.year,
            None if one.left is None else int(one.left),
            None if one.right is None else int(one.right),
            lines(one),
        )
        for one in broken(found, *(without or ABOUT_IDLE))
    ]


def state(found: ExecutionAudit, rule: str) -> set[State]:
    """The states of a rule's findings."""
    return {finding.state for finding in found.audit.findings if finding.rule == f"paid.{rule}"}
