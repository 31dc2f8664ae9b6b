"""`fenpei audit --executed`: a payment ledger held against the plan, and what a reader must know of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.allocation import Allocation
from models.case import Case
from models.catalogue import Catalogue
from models.finding import Finding
from models.money import spelled
from models.submission import Submission
from optimizer.cli.failures import refuse
from optimizer.cli.language import say

if TYPE_CHECKING:
    from optimizer.execution.audit import ExecutionAudit
    from optimizer.present.terminal import Screen


@dataclass(frozen=True)
class Execution:
    """What `--executed` and the options beside it ask for."""

    payments: Path | None = None
    beneficiaries: Path | None = None
    as_of: datetime.date | None = None


@dataclass(frozen=True)
class Executed:
    """The findings about execution, and the facts about the ledger."""

    findings: tuple[Finding, ...] = ()
    facts: dict[str, Any] | None = None
    """The `ledger` of the JSON object; None without a ledger."""
    note: str = ""
    """The same in a few lines."""


def asked(options: dict[str, Any]) -> Execution:
    """Take the options of execution out of those of the command; without a ledger there are none."""
    as_of = options.pop("as_of")
    wanted = Execution(
        options.pop("executed"),
        options.pop("beneficiaries"),
        None if as_of is None else as_of.date(),
    )
    given = [name for name in ("beneficiaries", "as_of") if getattr(wanted, name) is not None]
    if wanted.payments is None and given:
        name = f"--{given[0].replace('_', '-')}"
        refuse(f"{name} 要和 --executed 一起用。", f"{name} goes with --executed.")
    return wanted


def executed(
    case: Case,
    plan: Allocation,
    wanted: Execution,
    catalogue: Catalogue,
    submission: Submission | None = None,
) -> Executed:
    """Audit the ledger that is asked for, if one is. `submission`: the plan's table, for its projects."""
    if wanted.payments is None:
        return Executed()
    from optimizer.execution.audit import audit_execution

    found = audit_execution(
        case, plan, wanted.payments, catalogue, wanted.beneficiaries, wanted.as_of, submission
    )
    return Executed(found.audit.findings, _facts(found), _note(found))


def _facts(found: ExecutionAudit) -> dict[str, Any]:
    ledger = found.ledger
    return {
        "file": ledger.file,
        "sheet": ledger.header.sheet,
        "rows": ledger.rows,
        "payments": len(ledger.table),
        "unreadable_rows": ledger.bad_rows,
        "total_lines": list(ledger.totals),
        "amount_fen": ledger.amount,
        "as_of": found.as_of.isoformat(),
        "as_of_given": found.as_of_given,
        "columns": {name: ledger.header.written[name] for name in ledger.header.columns},
        "units": dict(ledger.header.units),
        "ignored": list(ledger.header.ignored),
    }


def _note(found: ExecutionAudit) -> str:
    from optimizer.execution.columns import LEDGER
    from optimizer.execution.verdicts import rows_text

    ledger = found.ledger
    head = ledger.header
    words = {field.name: field.titles for field in LEDGER}  # the first two: Chinese, English
    columns = "；".join(f"{head.written[name]} → {words[name][0]}" for name in head.columns)
    columns_en = "; ".join(f"{head.written[name]} -> {words[name][1]}" for name in head.columns)
    ignored_zh = f"。未使用的列：{'、'.join(head.ignored)}" if head.ignored else ""
    ignored_en = f". Not used: {', '.join(head.ignored)}" if head.ignored else ""
    totals_zh = f"，另有合计行 {len(ledger.totals)} 行不计" if ledger.totals else ""
    totals_en = f"; {rows_text(len(ledger.totals))} of totals apart" if ledger.totals else ""
    day_zh = "" if found.as_of_given else "（台账最后一笔支付的日期，可用 --as-of 指定）"
    day_en = "" if found.as_of_given else " (the ledger's last payment; --as-of gives another)"
    paid = f"{len(ledger.table):,}", spelled(ledger.amount), f"{ledger.bad_rows:,}"
    lines_zh = (
        f"支付台账 {ledger.file}：{ledger.rows:,} 行，读出支付 {paid[0]} 笔、净额 {paid[1]} 元，"
        f"读不出的 {paid[2]} 行{totals_zh}。",
        f"审计日 {found.as_of}{day_zh}。",
        f"列的含义：{columns}{ignored_zh}。",
    )
    lines_en = (
        f"Ledger {ledger.file}: {rows_text(ledger.rows)}, {paid[0]} payments of {paid[1]} yuan net, "
        f"{rows_text(ledger.bad_rows)} that cannot be read{totals_en}.",
        f"Day of audit {found.as_of}{day_en}.",
        f"Columns: {columns_en}{ignored_en}.",
    )
    return say("\n".join(lines_zh), "\n".join(lines_en))


def with_note(text: str, note: str, screen: Screen) -> str:
    """The screen of an audit with the note about the ledger below its title."""
    if not note:
        return text
    from optimizer.present.terminal import render, sentence

    head, line, rest = text.partition("\n")
    return head + line + render([sentence(part, "dim") for part in note.splitlines()], screen) + rest
