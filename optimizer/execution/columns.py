"""Which column is what: headers of payment ledgers and registers, in Chinese and English, as data.

The header of a column of money states its unit, as in `金额(元)`; a unit is never guessed. Two columns that
mean the same are an error that lists both, and so is a column that is needed and missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.citation import Text
from models.money import MONEY_UNITS
from optimizer.execution.refusal import LedgerErrors


@dataclass(frozen=True)
class Field:
    """What a column can mean. `titles`: its headers; messages name the first (zh) and the second (en)."""

    name: str
    titles: tuple[str, ...]
    money: bool = False
    required: bool = False
    weak: tuple[str, ...] = ()
    """Headers that count only where none of `titles` stands beside them: 收款人 may be a name."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


#: The columns of a payment ledger.
LEDGER = (
    Field(
        "date",
        _words(
            "支付日期|date|日期|付款日期|拨付日期|发放日期|支付时间|拨付时间|交易日期|payment date|"
            "paid on|pay date|date paid"
        ),
        required=True,
    ),
    Field(
        "region",
        _words(
            "县(市、区)|county|县|县市区|县(区)|县(市)|县区|地区|区县|县名|县名称|行政区划|所属县|"
            "区域|region|district"
        ),
        required=True,
    ),
    Field(
        "project",
        _words("项目|project|项目名称|项目编号|项目代码|project name|project code|project id"),
    ),
    Field(
        "measure",
        _words("措施|measure|措施编号|措施名称|补助类型|补助项目|支出类型|资金用途|measure id|measure name"),
    ),
    Field(
        "fund",
        _words(
            "资金来源|fund|资金|资金名称|资金编号|资金性质|来源|资金类别|funding|fund name|fund id|"
            "source of funds|fund source"
        ),
        required=True,
    ),
    Field(
        "payee",
        _words(
            "收款人代码|payee code|收款人编码|收款人编号|收款人身份证号|收款人代码/身份证号|身份证号|"
            "身份证号码|身份证号hash|身份证号哈希|身份证哈希|对象代码|受益人代码|受益对象代码|"
            "收款单位代码|payee id|beneficiary code|beneficiary id"
        ),
        required=True,
        weak=_words("收款人|payee|beneficiary"),
    ),
    Field(
        "amount",
        _words(
            "金额|amount|支付金额|拨付金额|发放金额|付款金额|实付金额|支出金额|amount paid|paid|"
            "paid amount|payment amount"
        ),
        money=True,
        required=True,
    ),
    Field(
        "received",
        _words(
            "收到日期|received date|到账日期|资金到达日期|收文日期|接到日期|上级下达日期|received|"
            "received on|date received"
        ),
    ),
    Field(
        "passed",
        _words(
            "下达日期|pass-down date|分配下达日期|转下达日期|指标下达日期|passed down|passed down on|"
            "pass down date|passdown date|date passed down"
        ),
    ),
    Field(
        "contract",
        _words("合同号|contract number|合同编号|contract no|contract id"),
        weak=_words("合同|contract"),
    ),
    Field(
        "contract_amount",
        _words("合同金额|contract amount|合同价|合同总价|合同总额|contract price|contract value"),
        money=True,
    ),
    Field(
        "document",
        _words("文号|document number|资金文号|指标文号|下达文号|document|document no|凭证文号"),
    ),
    Field(
        "period",
        _words("所属期|period|期间|补助期间|发放期间|发放期|发放批次|学期|所属月份"),
    ),
    Field(
        "budget_year",
        _words("预算年度|budget year|资金年度|指标年度|所属年度|年度|年份|fund year|year of the money"),
    ),
)

#: The columns of a register of beneficiaries.
REGISTER = (
    Field(
        "payee",
        _words(
            "对象代码|payee code|受益人代码|受益对象代码|收款人代码|收款人编码|身份证号|身份证号码|"
            "身份证号hash|身份证号哈希|人员代码|证件号码|payee id|beneficiary code|beneficiary id"
        ),
        required=True,
        weak=_words("收款人|payee|beneficiary|code"),
    ),
    Field(
        "region",
        _words("县(市、区)|county|县|县市区|县(区)|县(市)|县区|地区|区县|行政区划|所属县|region|district"),
    ),
    Field(
        "group",
        _words("人群|group|人群编号|对象类别|贫困户属性|人员类别|贫困户类型"),
    ),
    Field(
        "eligible_from",
        _words(
            "享受起始日期|eligible from|资格起始日期|起始日期|开始日期|纳入日期|识别日期|认定日期|"
            "from|start|valid from"
        ),
    ),
    Field(
        "eligible_until",
        _words(
            "享受截止日期|eligible until|资格截止日期|截止日期|终止日期|退出日期|结束日期|until|to|"
            "end|valid until"
        ),
    ),
)

_UNIT = re.compile(r"(.*?)[(\[]\s*(?:单位[::]?\s*|unit[::]?\s*)?([^()\[\]]+?)\s*[)\]]$")


@dataclass(frozen=True)
class Header:
    """Where each field stands: field -> column number from 0, and the header as written."""

    columns: Mapping[str, int]
    written: Mapping[str, str]
    """Field -> its header as written."""
    units: Mapping[str, str]
    """Money field -> its unit."""
    ignored: tuple[str, ...] = ()
    """Headers that mean nothing here; they are named, never used."""
    width: int = 0
    line: int = 1
    sheet: str | None = None

    def has(self, *names: str) -> bool:
        """Whether all these fields have a column."""
        return all(name in self.columns for name in names)


def plain(header: str) -> str:
    """A header as it is compared: full-width as half-width, lower case, no blanks, marks or asterisks."""
    narrow = unicodedata.normalize("NFKC", header).strip().strip("*").lower()
    return re.sub(r"[\s_\-:]+", "", narrow)


def split_unit(header: str) -> tuple[str, str | None]:
    """`金额(元)` as ("金额", "元"); a bracket that holds no unit of money is part of the name."""
    narrow = unicodedata.normalize("NFKC", header).strip()
    found = _UNIT.fullmatch(narrow)
    if found and found.group(2).lower() in MONEY_UNITS:
        return found.group(1), found.group(2).lower()
    return narrow, None


def meaning(header: str, fields: Sequence[Field]) -> tuple[Field, str | None] | None:
    """The field that a header names, with the unit it states; None for any other."""
    name, unit = split_unit(header)
    for candidate in fields:
        if plain(name) in {plain(title) for title in (*candidate.titles, *candidate.weak)}:
            return candidate, unit
    return None


def _is_weak(header: str, wanted: Field) -> bool:
    return plain(split_unit(header)[0]) in {plain(title) for title in wanted.weak}


def recognised(row: Sequence[str], fields: Sequence[Field]) -> int:
    """How many cells of a row are headers: the row of a file that has most is its header."""
    return sum(meaning(cell, fields) is not None for cell in row)


def read_header(
    file: str, row: Sequence[str], fields: Sequence[Field], line: int, sheet: str | None = None
) -> Header:
    """The header of a file. Raises LedgerErrors with everything that is wrong with it."""
    problems: list[Text] = []
    found: dict[str, list[tuple[int, str, str | None]]] = {}
    ignored = []
    for at, cell in enumerate(row):
        what = meaning(cell, fields)
        if what is None:
            if cell.strip():
                ignored.append(cell.strip())
            continue
        found.setdefault(what[0].name, []).append((at, cell.strip(), what[1]))
    place = f"{file}:{sheet}:{line}" if sheet else f"{file}:{line}"
    for candidate in fields:
        hits = found.get(candidate.name, [])
        strong = [hit for hit in hits if not _is_weak(hit[1], candidate)]
        if strong and len(strong) < len(hits):
            ignored += [hit[1] for hit in hits if hit not in strong]
            found[candidate.name] = strong
        problems += _faults(place, candidate, found.get(candidate.name, []), row)
    if fields is LEDGER and not {"project", "measure"} & set(found):
        problems.append(_missing(place, fields[2], row))
    if problems:
        raise LedgerErrors(problems)
    single = {name: hits[0] for name, hits in found.items()}
    return Header(
        columns={name: hit[0] for name, hit in single.items()},
        written={name: hit[1] for name, hit in single.items()},
        units={name: hit[2] for name, hit in single.items() if hit[2] is not None},
        ignored=tuple(ignored),
        width=len(row),
        line=line,
        sheet=sheet,
    )


def _faults(
    place: str, wanted: Field, hits: Sequence[tuple[int, str, str | None]], row: Sequence[str]
) -> list[Text]:
    if not hits:
        return [_missing(place, wanted, row)] if wanted.required else []
    if len(hits) > 1:
        both_zh, both_en = (
            "、".join(f"「{hit[1]}」" for hit in hits),
            ", ".join(repr(hit[1]) for hit in hits),
        )
        return [
            Text(
                zh=f"{place}: 有 {len(hits)} 列都像是「{wanted.titles[0]}」：{both_zh}。"
                "请只留一列，或改掉其余列名。",
                en=f"{place}: {len(hits)} columns could be {wanted.titles[1]!r}: {both_en}. "
                "Keep one of them, or rename the others.",
            )
        ]
    if wanted.money and hits[0][2] is None:
        return [
            Text(
                zh=f"{place}: 列「{hits[0][1]}」没有写明单位，应如「{wanted.titles[0]}(元)」或"
                f"「{wanted.titles[0]}(万元)」。请在表头写明单位，单位不作猜测。",
                en=f"{place}: column {hits[0][1]!r} states no unit, expected "
                f"{wanted.titles[1] + '(元)'!r} or {wanted.titles[1] + '(万元)'!r}. "
                "Write the unit in the header: it is never guessed.",
            )
        ]
    return []


def _missing(place: str, wanted: Field, row: Sequence[str]) -> Text:
    there_zh = "、".join(cell.strip() for cell in row if cell.strip()) or "无"
    there_en = ", ".join(cell.strip() for cell in row if cell.strip()) or "none"
    zh, en = wanted.titles[0], wanted.titles[1]
    if wanted.name == "project":
        zh, en = "项目」或「措施", "project' or 'measure"
    also = "、".join(wanted.titles[2:6])
    return Text(
        zh=f"{place}: 缺少列「{zh}」（现有：{there_zh}）。请补上这一列；也认得：{also}。",
        en=f"{place}: column '{en}' is missing (there are: {there_en}). Add it; also understood: "
        f"{', '.join(wanted.titles[2:6])}.",
    )
