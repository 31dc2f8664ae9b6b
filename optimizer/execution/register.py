"""The register of beneficiaries (名册): who may be paid, where, in which group, from when until when.

A payee may stand on it several times, for several spells. Unlike a ledger, a register with rows that cannot
be read is refused with all of them: whoever is missing from it would be called unregistered.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from models.case import Case
from models.citation import Text
from optimizer.execution import cells
from optimizer.execution.blocks import Block, open_source
from optimizer.execution.columns import REGISTER, Header
from optimizer.execution.names import Names, group_names, region_names
from optimizer.execution.refusal import LedgerErrors

#: Problems that are listed one by one.
_SHOWN = 20


@dataclass(frozen=True)
class Register:
    """`table`: line u32, payee (categories shared with the ledger), region and group i32 (null: not said),
    eligible_from, eligible_until (dates, null: open)."""

    file: str
    header: Header
    table: pl.DataFrame


def read_register(path: Path, case: Case, payees: pl.Categories) -> Register:
    """The register of a .csv, .csv.gz or .xlsx file. Raises LedgerErrors with everything wrong, OSError."""
    source = open_source(path, REGISTER)
    header, regions, groups = source.header, region_names(case), group_names(case)
    parts = []
    problems: list[Text] = []
    count = 0
    for block in source.blocks:
        for one in block.uneven:
            count += 1
            problems.append(
                Text(
                    zh=f"{source.file}:{one.line}: 列数与表头（{header.width} 列）不符",
                    en=f"{source.file}:{one.line}: not as many cells as the header ({header.width})",
                )
            )
        part = _typed(block, header, regions, groups, pl.Categorical(payees))
        faulty, wrong = _faults(source.file, block, part, header)
        count += faulty
        problems += wrong[: max(0, _SHOWN - len(problems))]
        parts.append(part)
    if count:
        more = count - min(count, _SHOWN)
        rest = [Text(zh=f"{source.file}: 另有 {more:,} 处", en=f"{source.file}: and {more:,} more")]
        raise LedgerErrors([*problems[:_SHOWN], *(rest if more else [])])
    if not parts:
        raise LedgerErrors([Text(zh=f"{source.file}: 名册里没有人。", en=f"{source.file}: nobody is on it.")])
    return Register(source.file, header, pl.concat(parts))


def _typed(block: Block, header: Header, regions: Names, groups: Names, kind: pl.Categorical) -> pl.DataFrame:
    text = cells.stripped(block.cells.select(pl.col(str(at)).alias(n) for n, at in header.columns.items()))
    columns = [block.lines.alias("line"), text.select(cells.codes(pl.col("payee")).cast(kind)).to_series()]
    for name in ("eligible_from", "eligible_until"):
        found = (
            cells.dates(text[name]) if name in text.columns else pl.Series([None] * len(text), dtype=pl.Date)
        )
        columns.append(found.alias(name))
    for name, names in (("region", regions), ("group", groups)):
        if name in text.columns:
            different = text[name].unique()
            numbers = [names.number(one) if one else None for one in different]
            columns.append(text[name].replace_strict(different, numbers, return_dtype=pl.Int32).alias(name))
        else:
            columns.append(pl.Series(name, [None] * len(text), dtype=pl.Int32))
    return pl.DataFrame(columns)


def _faults(file: str, block: Block, part: pl.DataFrame, header: Header) -> tuple[int, list[Text]]:
    """How many cells are wrong, and the first ones."""
    count, problems = 0, []
    for name in header.columns:
        text = block.cells[str(header.columns[name])].str.strip_chars()
        wrong = part[name] < 0 if name in ("region", "group") else part[name].is_null()
        wrong = wrong.fill_null(False)
        if name != "payee":
            wrong &= text != ""
        count += int(wrong.sum())
        shown = zip(block.lines.filter(wrong).head(_SHOWN), text.filter(wrong).head(_SHOWN), strict=True)
        for line, found in shown:
            place = f"{file}:{line}:{header.written[name]}"
            zh, en = _CAUSES[name]
            problems.append(Text(zh=f"{place}: {zh}：现为「{found}」", en=f"{place}: {en}: found {found!r}"))
    backwards = (part["eligible_until"] < part["eligible_from"]).fill_null(False)
    count += int(backwards.sum())
    for line in block.lines.filter(backwards).head(_SHOWN):
        zh, en = "截止日期早于起始日期", "the last day of eligibility is before the first"
        problems.append(Text(zh=f"{file}:{line}: {zh}", en=f"{file}:{line}: {en}"))
    return count, problems


_CAUSES = {
    "payee": (
        "代码是空的，或被改成了科学计数法、被星号遮盖",
        "no code, or one spoilt by a spreadsheet or asterisks",
    ),
    "region": ("案例没有这个地区", "the case has no such region"),
    "group": ("案例没有这个人群", "the case has no such group"),
    "eligible_from": ("不是日期", "not a date"),
    "eligible_until": ("不是日期", "not a date"),
}
