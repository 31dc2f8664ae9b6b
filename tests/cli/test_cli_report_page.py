"""`fenpei plan` writes the report page beside its tables; the page says which allocation it is of."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from optimizer.present.folder import digest, recorded
from tests.cli.conftest import Fenpei
from tests.present.page_reader import Page, fen


def test_a_plan_has_its_page(fenpei: Fenpei) -> None:
    assert fenpei("plan", "tiny", "--out", "run", "--lang", "zh").code == 0
    run = Path("run")
    assert (recorded(run) or {})["report.html"] == digest(run / "report.html")
    page = Page((run / "report.html").read_text(encoding="utf-8"))
    assert page.faults == []
    assert list(page.mains) == ["zh", "en"]
    assert "report.html" in (run / "README.txt").read_text(encoding="utf-8")
    made_from = page.mains["en"].table("Made from")
    assert made_from.row("SHA-256 of allocation.csv") == [digest(run / "allocation.csv")]

    plan = json.loads((run / "plan.json").read_text(encoding="utf-8"))
    cost = page.mains["en"].table("Cost and proof").row("Public cost")[0]
    assert fen(cost.removesuffix(" yuan")) == plan["cost_fen"]
    funds = page.mains["en"].table("Each fund by year")
    with (run / "spending.csv").open(encoding="utf-8-sig", newline="") as file:
        spent = [fen(line["amount(元)"]) for line in csv.DictReader(file)]
    assert funds.numbers("total")[-1] == sum(spent)


def test_the_same_plan_has_the_same_page(fenpei: Fenpei) -> None:
    for name in ("one", "two"):
        assert fenpei("plan", "tiny", "--out", name).code == 0
    assert Path("one/report.html").read_bytes() == Path("two/report.html").read_bytes()
    assert '<html lang="en">' in Path("one/report.html").read_text(encoding="utf-8")
