"""A province at village level must be read in a blink; for the times: -n 0 -m bench --junitxml FILE."""

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.allocation import Item
from models.case import Case
from optimizer.read import apply_patches, read_allocation
from tests.read.conftest import CITED, Folder

VILLAGES, MEASURES = 4_600, 15
Record = Callable[[str, object], None]
CITATION = "plan,一(一),stated"


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.fixture
def large(folder: Folder) -> Folder:
    """4,600 villages, 15 needs and measures: 69,000 rows in needs.csv and costs.csv, no two the same."""
    villages = [f"v{n}" for n in range(VILLAGES)]
    for file in (
        "exits.yaml",
        "targets.yaml",
        "rules.yaml",
        "scenarios.yaml",
        "capacity.csv",
        "resources.csv",
    ):
        (folder.path / file).unlink()
    (folder.path / "gaps.csv").unlink()
    folder.write(
        "regions.csv",
        folder.text("regions.csv")
        + "".join(
            f"{village},村{village},village,{'ab'[n % 2]},,,{n},,{CITATION}\n"
            for n, village in enumerate(villages)
        ),
    )
    items = {
        "needs": "  - {{id: n{n}, title: 需求, unit: 户, kind: backlog, citation: {cited}}}\n",
        "measures": "  - {{id: m{n}, title: 措施, unit: 户, meets: {{n{n}: 1}}, payers: fund == central, "
        "citation: {cited}}}\n",
    }
    for name, text in items.items():
        lines = "".join(text.format(n=n, cited=CITED) for n in range(MEASURES))
        folder.write(f"{name}.yaml", f"{name}:\n{lines}")
    folder.change("funds.yaml", "    pays: measure in (grid, pv)\n", "")
    folder.write(
        "stocks.csv",
        "region,group,members,document,section,basis\n"
        + "".join(f"{v},able,9,{CITATION}\n" for v in villages),
    )
    needs, costs = (
        ["region,need,year,amount,document,section,basis"],
        ["measure,region,year,cost(元),document,section,basis"],
    )
    for place, village in enumerate(villages):
        for n in range(MEASURES):
            needs.append(f"{village},n{n},,{place * MEASURES + n},{CITATION}")
            costs.append(f"m{n},{village},,{place * MEASURES + n}.{n:02d},{CITATION}")
    folder.write("needs.csv", "\n".join(needs))
    folder.write("costs.csv", "\n".join(costs))
    return folder


@pytest.mark.bench
def test_a_large_case_is_read_and_patched_quickly(large: Folder, record_testsuite_property: Record) -> None:
    case = large.read()
    assert len(case.tables.costs) == len(case.tables.needs) == VILLAGES * MEASURES
    took = seconds(large.read)
    patched = seconds(lambda: apply_patches(case, ["measure.*.cost=1.1x"]))
    record_testsuite_property("read", took)
    record_testsuite_property("patch", patched)
    assert took < 2.0
    assert patched < 2.0


@pytest.mark.bench
@pytest.mark.parametrize("table", ["needs", "costs"])
def test_a_table_of_70000_rows_takes_well_under_half_a_second(
    large: Folder, table: str, record_testsuite_property: Record
) -> None:
    with_table = min(seconds(large.read) for _ in range(3))
    text = large.text(f"{table}.csv").splitlines()
    rows = text[:1] if table == "needs" else [text[0], *(f"m{n},,,1,{CITATION}" for n in range(MEASURES))]
    large.write(f"{table}.csv", "\n".join(rows))
    without = min(seconds(large.read) for _ in range(3))
    record_testsuite_property(f"{table}.csv", with_table - without)
    assert with_table - without < 0.5


@pytest.mark.bench
def test_an_allocation_of_a_million_lines(
    large: Folder, tmp_path: Path, record_testsuite_property: Record
) -> None:
    case: Case = large.read()
    lines = ["item,region,measure,fund,group,year,amount,unit"]
    for n in range(1_000_000):
        lines.append(
            f"money,v{n % VILLAGES},m{n // VILLAGES % 15},f{n // VILLAGES // 15 % 8},,"
            f"{2017 + n // 552_000},{n}.05,元"
        )
    path = tmp_path / "allocation.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    took = seconds(lambda: read_allocation(path, case))
    allocation = read_allocation(path, case)
    assert len(allocation.money) == 1_000_000
    assert allocation.covers == {Item.MONEY}
    record_testsuite_property("a million lines", took)
    assert took < 15
