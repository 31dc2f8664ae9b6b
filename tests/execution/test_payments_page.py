"""docs/payments.md lists every check with its severity, and its thresholds are read as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

from models.catalogue import Family
from optimizer.execution.audit import CHECKS
from optimizer.read.catalogue import read_catalogue, shipped
from tests.execution.payment_case import the_case

PAGE = (Path(__file__).parents[2] / "docs" / "payments.md").read_text(encoding="utf-8")


def test_the_page_lists_every_check_with_its_severity() -> None:
    checks = shipped().of(Family.PAID)
    listed: dict[str, str] = {}
    for ids, severities in re.findall(r"^\| ((?:`paid\.\w+`(?:, )?)+) \| ([\w, ]+) \|", PAGE, re.MULTILINE):
        names = re.findall(r"`paid\.(\w+)`", ids)
        words = severities.split(", ")
        listed.update(zip(names, words if len(words) > 1 else words * len(names), strict=True))
    assert listed == {check.id: check.severity.value for check in checks}
    assert [check.id for check in checks] == list(CHECKS)


def test_the_thresholds_of_the_page_are_read(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    checks = read_catalogue(tmp_path / "case.yaml", the_case(), tmp_path / "own.yaml").checks
    assert checks["paid.pass_down"].number("days") == 60
    assert checks["paid.twice"].headings("periods") == {"month": ("relief",), "day": ("meals",)}
    assert checks["paid.other_county"].off is not None
