"""A made-up payment ledger of any length: the rows of a province's payment system, with faults planted.

Made from whole numbers by a fixed rule (no random state to remember), so that a test can say beforehand what
is in it. `write_ledger` writes it block by block; ten million rows are about 800 MB and take a minute.
"""

from __future__ import annotations

import datetime
from pathlib import Path

BLOCK = 200_000
HEADER = "支付日期,县(市、区),项目,措施,资金来源,收款人代码,金额(元),收到日期,下达日期,文号\n"
FIRST_DAY = datetime.date(2018, 1, 1)
#: One of each planted fault for every so many rows.
EVERY = 1_000_000


def write_ledger(
    path: Path, rows: int, regions: tuple[str, ...], measures: tuple[str, ...], funds: tuple[str, ...]
) -> int:
    """Write `rows` rows; returns the sum of their readable amounts in fen.

    Row i pays payee i // 2 once in each of two years. Of every EVERY rows one has a text for an amount, one
    a county that nobody knows, one is a copy of the row before it.
    """
    days = [(FIRST_DAY + datetime.timedelta(days=day)).isoformat() for day in range(730)]
    total = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(HEADER)
        for start in range(0, rows, BLOCK):
            lines = []
            for i in range(start, min(start + BLOCK, rows)):
                line, amount = _row(i, days, regions, measures, funds)
                at = i % EVERY
                if at == 777:
                    line = line.replace(f",{amount // 100}.", ",约", 1)
                    amount = 0
                elif at == 1_777:
                    line = line.replace(regions[i // 2 % len(regions)], "不存在县", 1)
                elif at == 2_777:
                    line, amount = _row(i - 1, days, regions, measures, funds)
                total += amount
                lines.append(line)
            out.write("".join(lines))
    return total


def _row(
    i: int, days: list[str], regions: tuple[str, ...], measures: tuple[str, ...], funds: tuple[str, ...]
) -> tuple[str, int]:
    payee = i // 2
    year = i % 2
    day = 40 + payee * 7919 % 320
    amount = 10_000 + payee * 104_729 % 1_990_001
    region = regions[payee % len(regions)]
    measure = measures[payee // 3 % len(measures)]
    fund = funds[payee // 5 % len(funds)]
    received = day // 40 * 40 - 20
    line = (
        f"{days[year * 365 + day]},{region},{region}-{payee % 4000:04d},{measure},{fund},P{payee:011d},"
        f"{amount // 100}.{amount % 100:02d},{days[year * 365 + received]},"
        f"{days[year * 365 + received + 15]},{year + 2018}-{received:03d}\n"
    )
    return line, amount


def write_register(path: Path, rows: int, regions: tuple[str, ...]) -> None:
    """Everybody who is paid in a ledger of so many rows, eligible throughout."""
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("对象代码,县(市、区),纳入日期,退出日期\n")
        for start in range(0, (rows + 1) // 2, BLOCK):
            numbers = range(start, min(start + BLOCK, (rows + 1) // 2))
            out.write("".join(f"P{p:011d},{regions[p % len(regions)]},2017-12-31,\n" for p in numbers))


_CITED = "citation: {document: plan, section: 一, basis: illustrative}"


def _measure(id: str) -> str:
    return f"  - {{id: {id}, title: 措施{id}, unit: 户, payers: fund.level == central, {_CITED}}}\n"


def _fund(id: str) -> str:
    held = "level: central, supply: open, pooled_at: county, cost_weight: 1"
    return f"  - {{id: {id}, title: 资金{id}, {held}, {_CITED}}}\n"


def write_case(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """A province of 120 counties, 15 measures and 5 funds; beside it a plan.csv that is nowhere exceeded."""
    regions = tuple(f"c{i:03d}" for i in range(1, 121))
    measures = tuple(f"m{i:02d}" for i in range(15))
    funds = tuple(f"f{i}" for i in range(5))
    folder.mkdir(parents=True)
    texts = {
        "case.yaml": "case: bench\ntitle: 测算\nyears: [2018, 2019]\n"
        "documents:\n  - {id: plan, title: 计划}\n",
        "measures.yaml": "measures:\n" + "".join(_measure(id) for id in measures),
        "funds.yaml": "funds:\n" + "".join(_fund(id) for id in funds),
        "regions.csv": "region,name,level,parent,document,section,basis\n"
        "prov,某省,province,,plan,一,illustrative\n"
        + "".join(f"{id},县{id},county,prov,plan,一,illustrative\n" for id in regions),
        "costs.csv": "measure,region,year,cost(元),document,section,basis\n"
        + "".join(f"{id},,,1000,plan,一,illustrative\n" for id in measures),
        "funds.csv": "fund,region,year,amount(万元),document,section,basis\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    plan = "".join(
        f"{region},{measure},{fund},{year},90000000,元\n"
        for region in regions
        for measure in measures
        for fund in funds
        for year in (2018, 2019)
    )
    (folder.parent / "plan.csv").write_text(f"region,measure,fund,year,amount,unit\n{plan}", encoding="utf-8")
    return regions, measures, funds
