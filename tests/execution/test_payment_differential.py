"""The columns against the plain loop: random ledgers, the same findings with the same amounts."""

from __future__ import annotations

import datetime
import random
import re
from pathlib import Path

import pytest

from models.finding import Finding
from optimizer.execution import verdicts
from optimizer.execution.audit import audit_execution
from optimizer.execution.ledger import read_ledger
from optimizer.read.catalogue import shipped

from . import plain_audit
from .payment_case import broken, lines, plan, the_case

HEADER = "日期,县,措施,资金来源,收款人代码,金额(元),收到日期,下达日期,合同号,合同金额(元)"
AMOUNTS = ("100", "100.00", "250.5", "0.01", "-100", "-250.5", "99.999", "约100", "", "-0.01", "75")


def random_rows(seed: int, count: int) -> list[list[str]]:
    """Few payees, amounts and days, so that they meet; now and then a cell that cannot be read."""
    pick = random.Random(seed)
    rows: list[list[str]] = []
    for _ in range(count):
        if rows and pick.random() < 0.05:
            rows.append(list(pick.choice(rows)))
            continue
        date = datetime.date(2015, 12, 1) + datetime.timedelta(pick.randrange(4 * 366 + 60))
        received = date - datetime.timedelta(pick.randrange(5, 60)) if pick.random() < 0.5 else None
        passed = (
            received + datetime.timedelta(pick.randrange(50)) if received and pick.random() < 0.7 else None
        )
        contract = pick.choice(("", "", "", "HT-1", "HT-2"))
        rows.append(
            [
                "2018-02-30" if pick.random() < 0.02 else date.isoformat(),
                pick.choice(("jia", "yi", "dong", "xi")),
                pick.choice(("house", "resettle", "grant", "yulu")),
                pick.choice(("special", "pooled", "own", "self")),
                pick.choice(("", *(f"P{i}" for i in range(9)))),
                pick.choice(AMOUNTS),
                received.isoformat() if received else "",
                passed.isoformat() if passed else "",
                contract,
                pick.choice(("", "500", "650.25")) if contract else "",
            ]
        )
    return rows


def briefly(finding: Finding, text: str) -> tuple[object, ...]:
    """A finding in the words of `plain_audit`."""
    check = finding.rule.removeprefix("paid.")
    left = None if finding.left is None else int(finding.left)
    right = None if finding.right is None else int(finding.right)
    case = the_case()
    fund = next((id for id, fund in case.funds.items() if fund.title.zh in text), None)
    first = lines(finding)[0] if finding.evidence else None
    match check:
        case "unreadable":
            header = finding.evidence[0].cell.split(":")[1]
            return check, first, {"日期": "date", "金额(元)": "amount", "收款人代码": "payee"}[header]
        case "outside_years":
            return check, finding.year, left
        case "duplicate_row" | "reversal":
            return check, first, left
        case "twice" | "exclusive":
            return check, first, left, right
        case "above_plan":
            measure = next(id for id, one in case.measures.items() if f"「{one.title.zh}」" in text)
            return check, finding.region, measure, fund, finding.year, left, right
        case "above_contract":
            found = re.search(r"HT-\d", text)
            return check, found.group() if found else "", left, right
        case "pass_down":
            return check, finding.region, fund, first, left
        case "spending_floor":
            return check, finding.region, fund, finding.year, left, right
        case "idle_one" | "idle_two":
            return check, finding.region, fund, finding.year, left
    return (check,)


@pytest.mark.parametrize("seed", range(12))
def test_the_columns_agree_with_the_plain_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(verdicts, "MOST", 10_000)
    rows = random_rows(seed, 40 if seed < 6 else 400)
    pick = random.Random(seed)
    case = the_case()
    money = {
        (region, measure, fund, year): pick.choice((10_000, 30_000, 200_000))
        for region in ("jia", "yi")
        for measure in ("house", "resettle", "grant", "yulu")
        for fund in case.funds
        for year in case.years
        if pick.random() < 0.7
    }
    as_of = datetime.date(2018, 6, 30) if seed % 2 else datetime.date(2019, 12, 31)
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join([HEADER, *(",".join(row) for row in rows)]), encoding="utf-8")
    found = audit_execution(case, plan(money), path, shipped(), None, as_of)
    payments, expected = plain_audit.read(rows)
    expected |= plain_audit.rows_and_payees(case, payments)
    expected |= plain_audit.amounts_and_time(case, payments, money, as_of)
    got = [
        briefly(one, one.message.zh) for one in broken(found, "paid.contract_differs", "paid.dates_reversed")
    ]
    assert len(got) == len(set(got))
    assert set(got) == expected
    assert found.ledger.amount == sum(one.fen for one in payments)
    if seed >= 6:
        assert {one[0] for one in got} >= {"unreadable", "duplicate_row", "twice", "exclusive", "above_plan"}


@pytest.mark.parametrize("seed", range(6))
def test_small_blocks_and_odd_rows_change_nothing(tmp_path: Path, seed: int) -> None:
    pick = random.Random(seed)
    rows = random_rows(seed, 60)
    path = tmp_path / "ledger.csv"
    text = [HEADER]
    for row in rows:
        quoted = [f'"{cell}"' if pick.random() < 0.1 else cell for cell in row]
        text += [",".join(quoted), *([""] if pick.random() < 0.05 else [])]
    path.write_text("\n".join(text), encoding="utf-8")
    whole = read_ledger(path, the_case())
    for size in (64, 200, 1000):
        parts = read_ledger(path, the_case(), size=size)
        wanted = ("line", "fen", "date", "region", "fund", "measure", "row")
        assert parts.table.select(wanted).equals(whole.table.select(wanted))
        assert parts.bad == whole.bad
