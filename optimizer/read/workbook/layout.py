"""The sheets of a case workbook and their columns, made from the tables by which the folder is read.

A `Sheet` is a CSV file, a list of a YAML file, the head of case.yaml, or a `part`: a list inside the items of
another list (the conditions of a standard), with a column that says whose it is. `resolve` says where in an
item the value of a column belongs; `columns` lists what a new sheet has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from optimizer.read import printed, regions, register
from optimizer.read.base import LIKE
from optimizer.read.cells import CITATION_COLUMNS
from optimizer.read.csv_table import Column
from optimizer.read.kinds import ID_KIND, MONEY, YEAR, Form, Kind
from optimizer.read.shapes import (
    AFTER,
    ATTRIBUTE,
    BASE_FILES,
    CITATION,
    CONDITION_OF_STANDARD,
    DOCUMENT,
    FILES,
    HEAD,
    LAYER,
    SERVES,
    SHARE,
    Field,
    Shape,
)
from optimizer.read.tables import COLUMNS

CITED = "citation"
#: Columns of the sheet of case.yaml: one field a row.
HEAD_COLUMNS = ("field", "value")
NOTE_COLUMN = "text"


class Role(Enum):
    """What the rows of a sheet become."""

    HEAD = "the fields of case.yaml"
    LIST = "items of a list"
    PART = "lists inside the items of another list"
    TABLE = "rows of a CSV file"
    NOTES = "lines of README.md"


@dataclass(frozen=True)
class Sheet:
    """One sheet; its title is `zh key`, and `key` alone will do."""

    key: str
    zh: str
    role: Role
    file: str = ""
    """The file of the folder: as places call it in a TABLE."""
    shape: Shape = field(default_factory=lambda: Shape(()))
    table: tuple[Column, ...] = ()
    parent: str = ""
    """PART: key of the sheet of the items, and `owner` the column that names the item."""
    owner: str = ""
    by: str = ""
    """PART of a mapping: the column with its keys."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Column -> field, where the field's name says too little on a sheet of its own."""

    @property
    def title(self) -> str:
        """What the sheet is called in a new workbook."""
        return f"{self.zh} {self.key}"

    @property
    def place(self) -> str:
        """What places call it while the case is read."""
        return self.file if self.role is Role.TABLE else self.key

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields of its items by name."""
        return {field.name: field for field in self.shape.fields}


def _head() -> Shape:
    return Shape(tuple(field for field in HEAD.fields if field.name not in ("documents", "attributes")))


def _list(key: str, zh: str, file: str) -> Sheet:
    shape = FILES[file][key][0]
    if file in BASE_FILES:
        id, *others = shape.fields
        shape = Shape((id, Field(LIKE, ID_KIND, required=False), *others))
    return Sheet(key, zh, Role.LIST, file, shape)


def _table(key: str, zh: str, name: str) -> Sheet:
    return Sheet(key, zh, Role.TABLE, f"{name}.csv", table=(*COLUMNS[name], *CITATION_COLUMNS))


#: All sheets, in the order in which a clerk fills them in.
SHEETS: tuple[Sheet, ...] = (
    Sheet("case", "案例", Role.HEAD, "case.yaml", _head()),
    Sheet("documents", "文件依据", Role.LIST, "case.yaml", DOCUMENT),
    Sheet("attributes", "地区属性", Role.LIST, "case.yaml", ATTRIBUTE),
    Sheet("regions", "地区", Role.TABLE, regions.FILE, table=regions.COLUMNS),
    _list("groups", "人群", "groups.yaml"),
    _table("stocks", "人数", "stocks"),
    _table("entrants", "新增纳入", "entrants"),
    _table("revoked", "撤销退出", "revoked"),
    _table("gaps", "收入缺口", "gaps"),
    _list("needs", "需求", "needs.yaml"),
    _table("need_amounts", "需求数量", "needs"),
    _list("measures", "措施", "measures.yaml"),
    Sheet("serves", "措施增收", Role.PART, shape=SERVES, parent="measures", owner="measure", by="group"),
    Sheet("shares", "措施分担", Role.PART, shape=SHARE, parent="measures", owner="measure"),
    Sheet("layers", "分层支付", Role.PART, shape=LAYER, parent="measures", owner="measure"),
    Sheet(
        "after",
        "措施先后",
        Role.PART,
        shape=AFTER,
        parent="measures",
        owner="measure",
        renamed={"after": "measure"},
    ),
    _table("costs", "单价", "costs"),
    _table("capacity", "能力上限", "capacity"),
    _list("exclusions", "互斥", "measures.yaml"),
    _list("projects", "项目", "measures.yaml"),
    _list("funds", "资金", "funds.yaml"),
    _table("fund_amounts", "资金额度", "funds"),
    _list("resources", "资源", "funds.yaml"),
    _table("resource_limits", "资源限额", "resources"),
    _table("attribute_amounts", "属性数值", "attributes"),
    _list("standards", "退出标准", "exits.yaml"),
    Sheet(
        "conditions", "退出条件", Role.PART, shape=CONDITION_OF_STANDARD, parent="standards", owner="standard"
    ),
    _list("targets", "目标", "targets.yaml"),
    _list("rules", "规则", "rules.yaml"),
    _list("checklist", "清单", "checklist.yaml"),
    _list("scenarios", "情景", "scenarios.yaml"),
    _list("uncertain", "不确定", "uncertainty.yaml"),
    _list("statements", "数字关系", "statements.yaml"),
    Sheet("clauses", "条款", Role.TABLE, register.FILE, table=register.COLUMNS),
    Sheet("printed", "文件数字", Role.TABLE, printed.FILE, table=printed.COLUMNS),
    Sheet("notes", "附注", Role.NOTES, "README.md"),
)
BY_KEY: Mapping[str, Sheet] = {sheet.key: sheet for sheet in SHEETS}
#: The sheet that says how to fill the others in; it is not read.
GUIDE = ("说明", "guide")
#: Sheets of the user's own, which are left alone.
OWN_PREFIX = "_"


@dataclass(frozen=True)
class Header:
    """A column of a sheet. `path` leads from the item to the value: ("match", "by"), ("due", "2018")."""

    name: str
    path: tuple[str, ...]
    kind: Kind | None = None
    """None for the column of a CSV file."""
    money: bool = False
    required: bool = False

    @property
    def text(self) -> str:
        """What stands in a new sheet: money in 元, funds in 万元 as docs/format.md has them."""
        return f"{self.name}(元)" if self.money else self.name


def parts_of(parent: str) -> tuple[Sheet, ...]:
    """The sheets with lists inside the items of a list."""
    return tuple(sheet for sheet in SHEETS if sheet.parent == parent)


def part_field(sheet: Sheet) -> str:
    """The field of the parent's items that a PART holds: it has the name of the sheet."""
    return sheet.key


def resolve(sheet: Sheet, name: str) -> Header | None:
    """The column of a list's sheet with this name (without its unit), or None where there is none."""
    if sheet.role is Role.PART and name in (sheet.owner, sheet.by):
        return Header(name, (name,), ID_KIND, required=True)
    first, *rest = sheet.renamed.get(name, name).split(".")
    if name in sheet.renamed.values() and name not in sheet.renamed:
        return None
    fields = sheet.fields
    if not rest and first not in fields and CITED in fields:
        return _cited(first)
    if first not in fields or first == CITED:
        return None
    kind, required = fields[first].kind, fields[first].required
    for step in rest:
        inner = _inner(kind, step)
        if inner is None:
            return None
        kind, required = inner, False
    if kind.form is Form.TITLE and not rest:
        rest = ["zh"]
    return Header(name, (first, *rest), kind, kind is MONEY, required)


def _cited(name: str) -> Header | None:
    for one in CITATION.fields:
        if one.name == name:
            return Header(name, (CITED, name), one.kind, required=one.required)
    return None


def _inner(kind: Kind, step: str) -> Kind | None:
    """The kind of a part of a value."""
    if kind.form is Form.TITLE:
        return kind if step in ("zh", "en") else None
    if kind.form is Form.MAPPING:
        return kind.of if step else None
    if kind.form is Form.SHAPE:
        return next((field.kind for field in kind.fields if field.name == step), None)
    return None


def columns(sheet: Sheet, years: Sequence[int]) -> tuple[Header, ...]:
    """The columns of a new sheet; mappings by year have one for each of `years`."""
    if sheet.role is Role.TABLE:
        return tuple(
            Header(column.name, (column.name,), None, column.money, not column.optional)
            for column in sheet.table
        )
    names = [sheet.owner, sheet.by] if sheet.role is Role.PART else []
    apart = {part_field(part) for part in parts_of(sheet.key)}
    back = {field: column for column, field in sheet.renamed.items()}
    for one in sheet.fields.values():
        if one.name not in apart:
            names += _column_names(back.get(one.name, one.name), one.kind, years)
    found = (resolve(sheet, name) for name in names if name)
    return tuple(header for header in found if header is not None)


def _column_names(name: str, kind: Kind, years: Sequence[int]) -> list[str]:
    if name == CITED:
        return [field.name for field in CITATION.fields]
    if kind.form is Form.TITLE:
        return [name, f"{name}.en"]
    if kind.form is Form.SHAPE:
        return [f"{name}.{field.name}" for field in kind.fields]
    if kind.form is Form.MAPPING and kind.keys is YEAR:
        return [f"{name}.{year}" for year in years]
    return [name]
