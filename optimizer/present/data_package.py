"""datapackage.json: the CSV files of a plan as a tabular data package (Frictionless).

Every column has a type, a title in both languages and, where it has one, a unit; keys are named where they
hold. Amounts of money are decimal numbers with two places, never binary fractions.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.case import Case
from models.citation import Language
from optimizer.present.objects import to_json

DATA_PACKAGE = "datapackage.json"


@dataclass(frozen=True)
class Field:
    """A column: its type, what it is in both languages, its unit, what it may hold."""

    type: str
    zh: str
    en: str
    unit: str | None = None
    required: bool = False
    pattern: str | None = None


_ID, _YEAR = "string", "integer"
#: An exact number: a whole one, a decimal or a fraction a/b.
_EXACT = r"^-?[0-9]+(\.[0-9]+)?(/[0-9]+)?$"


def _money(zh: str, en: str) -> Field:
    return Field("number", zh, en, "CNY", required=True)


#: Columns that mean the same wherever they stand.
_COLUMNS: Mapping[str, Field] = {
    "region": Field(_ID, "地区编号", "id of the region"),
    "name": Field("string", "名称", "name"),
    "title": Field("string", "名称", "title"),
    "measure": Field(_ID, "措施编号", "id of the measure"),
    "measure_title": Field("string", "措施", "title of the measure"),
    "fund": Field(_ID, "资金编号", "id of the fund"),
    "fund_title": Field("string", "资金", "title of the fund"),
    "group": Field(_ID, "人群或退出标准编号", "id of the group or of the exit standard"),
    "year": Field(_YEAR, "年份", "year"),
    "unit": Field("string", "单位", "unit"),
    "status": Field("string", "方案状态", "status of the plan", required=True),
    "kind": Field("string", "类别", "kind", required=True),
    "level": Field("string", "级次", "level", required=True),
    "document": Field("string", "文件编号", "id of the document"),
    "section": Field("string", "章节", "section"),
    "basis": Field("string", "依据性质", "basis: stated, derived, assumed or illustrative"),
    "clause": Field("string", "条款登记编号", "numbers in the register of clauses"),
    "amount(元)": _money("金额（元）", "yuan"),
    "carried_in(元)": _money("上年结转（元）", "carried in, yuan"),
    "brought(元)": _money("当年到位（元）", "brought in, yuan"),
    "recovered(元)": _money("收回本金（元）", "principal recovered, yuan"),
    "spent(元)": _money("当年支出（元）", "spent, yuan"),
    "carried_out(元)": _money("结转下年（元）", "carried out, yuan"),
    "lapsed(元)": _money("结余（元）", "lapsed, yuan"),
}


@dataclass(frozen=True)
class Table:
    """A file: its title, its key, the columns that point to another file's key, its own columns."""

    zh: str
    en: str
    key: tuple[str, ...] = ()
    points: tuple[tuple[str, str, str], ...] = ()
    """(column, file or "" for this one, column there)"""
    columns: Mapping[str, Field] = field(default_factory=dict)


_REGION, _MEASURE, _FUND = ((name, f"{name}s", name) for name in ("region", "measure", "fund"))
_SIDE = Field("string", "数值（精确）", "exact number: decimal, or a fraction a/b", pattern=_EXACT)

#: The files that a plan's folder can have.
TABLES: Mapping[str, Table] = {
    "allocation.csv": Table(
        "分配方案", "the allocation: one line per amount that is not zero",
        ("item", "region", "measure", "fund", "group", "year"), (_REGION, _MEASURE, _FUND),
        {
            "item": Field("string", "项目", "kind of line: money, units, serves, exits, ...", required=True),
            "amount": Field("number", "数额", "amount, in the unit of the line", required=True),
            "year": Field(_YEAR, "年份", "year", required=True),
        },
    ),
    "spending.csv": Table(
        "按资金、年份、措施、地区的支出", "money by fund, year, measure and region",
        ("fund", "year", "measure", "region"), (_REGION, _MEASURE, _FUND),
    ),
    "exits.csv": Table(
        "各年累计脱贫、出列、摘帽", "persons, villages and counties out by the end of each year",
        ("kind", "year"), (),
        {
            "reached": Field("integer", "累计达到", "out to date", required=True),
            "target": Field("integer", "累计目标", "target to date"),
        },
    ),
    "needs.csv": Table(
        "需求满足情况", "needs, and what is met of them", ("need", "year"), (),
        {
            "need": Field(_ID, "需求编号", "id of the need", required=True),
            "needed": Field("integer", "需求量", "needed", required=True),
            "met": Field("string", "已满足（存量为累计，应享为当年；精确数）",
                         "met: backlog to date, entitlement in the year; exact", None, True, _EXACT),
        },
    ),
    "accounts.csv": Table(
        "资金收支", "what every fund has at every pool in every year", ("fund", "pool", "year"),
        (_FUND, ("pool", "regions", "region")),
        {"pool": Field(_ID, "统筹地区编号", "id of the region that pools it", required=True)},
    ),
    "findings.csv": Table(
        "审核结果", "every finding of the audit", (), (_REGION,),
        {
            "rule": Field(_ID, "条款编号", "id of the rule", required=True),
            "severity": Field("string", "效力", "severity", required=True),
            "state": Field("string", "结论", "state", required=True),
            "left": _SIDE, "right": _SIDE, "margin": _SIDE,
            "compare": Field("string", "关系", "comparison", required=True),
            "message": Field("string", "内容", "what was found"),
            "evidence": Field("string", "证据位置", "cells that show it"),
            "remedy": Field("string", "整改建议", "remedy"),
            "waiver": Field("string", "豁免理由", "why it is accepted"),
            "waiver_document": Field("string", "豁免文件", "the document that accepts it"),
            "waiver_date": Field("date", "豁免日期", "when"),
        },
    ),
    "checklist.csv": Table(
        "人工核对清单", "clauses for a person to check", ("id",), (),
        {
            "id": Field(_ID, "编号", "id", required=True),
            "note": Field("string", "说明", "note"),
            "found": Field("string", "核对结果（待填）", "what was found, to be filled in"),
        },
    ),
    "shares.csv": Table(
        "按习惯做法分得的份额", "what habit gives each region of each fund", ("fund", "region", "year"),
        (_FUND, _REGION),
        {"share(元)": _money("分得（元）", "share, yuan")},
    ),
    "alternatives.csv": Table(
        "其他方案", "other plans that cost nearly as little", ("file",), (),
        {
            "file": Field("string", "文件", "file with its allocation", required=True),
            "cost(元)": Field("number", "公共成本（元）", "public cost, yuan", "CNY"),
            "moved": Field("number", "挪动的资金比例", "share of the money that is elsewhere"),
        },
    ),
    "ranges.csv": Table(
        "各地区资金可变范围", "the least and the most that a region gets in plans as good",
        ("region",), (_REGION,),
        {
            "least(元)": Field("number", "最少（元）", "least, yuan", "CNY"),
            "plan(元)": Field("number", "本方案（元）", "in this plan, yuan", "CNY"),
            "most(元)": Field("number", "最多（元）", "most, yuan", "CNY"),
        },
    ),
    "regions.csv": Table(
        "地区", "regions", ("region",), (("parent", "", "region"),),
        {
            "parent": Field(_ID, "上级地区编号", "id of the region above"),
            "code": Field("string", "行政区划代码（GB/T 2260）", "GB/T 2260 code"),
        },
    ),
    "measures.csv": Table(
        "措施", "measures", ("measure",), (),
        {"subject_codes": Field("string", "功能科目", "subject codes: one, or year=code where they differ")},
    ),
    "funds.csv": Table(
        "资金", "funds", ("fund",), (),
        {
            "pooled_at": Field("string", "统筹级次", "level at which it is pooled"),
            "public_cost": Field("boolean", "是否计入公共成本", "whether it counts as public cost"),
        },
    ),
}  # fmt: skip


def data_package(case: Case, files: Mapping[str, bytes], status: str) -> str:
    """The text of datapackage.json for CSV files as they are written, bytes and all.

    Raises KeyError for a file or a column that has no entry here.
    """
    zh, en = case.title.zh, case.title.said(Language.EN)
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"fenpei-{slug(case.id)}",
        "title": zh if zh == en else f"{zh} / {en}",
        "description": f"分配方案 / allocation plan ({status}). sha256 of the case: {case.sha256}. "
        "Whoever publishes the plan decides under which licence.",
        "sources": [{"title": document.title.zh} for document in case.documents.values()],
        "resources": [_resource(name, content, set(files)) for name, content in files.items()],
    }
    return to_json(package)


def table_of(name: str) -> Table:
    """What a file holds; an alternative plan is an allocation. Raises KeyError for an unknown file."""
    return TABLES["allocation.csv" if re.fullmatch(r"alternative-\d+\.csv", name) else name]


def titles(name: str) -> tuple[str, str]:
    """What a file holds, in both languages."""
    table = table_of(name)
    return table.zh, table.en


def slug(text: str) -> str:
    """Lower-case letters, digits and dashes; what has none of them becomes its code points."""
    found = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return found or "-".join(f"{ord(character):x}" for character in text)


def _resource(name: str, content: bytes, there: set[str]) -> dict[str, Any]:
    table = table_of(name)
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    schema: dict[str, Any] = {"fields": [_field(table, column) for column in header], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": [there_column]}}
        for column, other, there_column in table.points
        if column in header and (not other or f"{other}.csv" in there)
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": name.removesuffix(".csv"),
        "path": name,
        "title": f"{table.zh} / {table.en}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _field(table: Table, column: str) -> dict[str, Any]:
    known = table.columns.get(column) or _COLUMNS[column]
    constraints: dict[str, Any] = {"required": True} if known.required or column in table.key[:1] else {}
    if known.pattern is not None:
        constraints["pattern"] = known.pattern
    found: dict[str, Any] = {"name": column, "type": known.type, "title": f"{known.zh} / {known.en}"}
    if known.unit is not None:
        found["unit"] = known.unit
    return found | ({"constraints": constraints} if constraints else {})
