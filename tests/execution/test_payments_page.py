"""docs/payments.md lists every check with its severity, and its thresholds are read as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

from optimizer.execution.audit import CHECKS
from optimizer.read.payment_checks import read_payment_checks

PAGE = (Path(__file__).parents[2] / "docs" / "payments.md").read_text(encoding="utf-8")


def test_the_page_lists_every_check_with_its_severity() -> None:
    checks = read_payment_checks().checks
    listed: dict[str, str] = {}
    for ids, severities in re.findall(r"^\| ((?:`paid\.\w+`(?:, )?)+) \| ([\w, ]+) \|", PAGE, re.MULTILINE):
        names = re.findall(r"`paid\.(\w+)`", ids)
        words = severities.split(", ")
        listed.update(zip(names, words if len(words) > 1 else words * len(names), strict=True))
    assert listed == {id: check.severity.value for id, check in checks.items()}
    assert set(checks) == set(CHECKS)


def test_the_thresholds_of_the_page_are_read(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    checks = read_payment_checks(tmp_path / "own.yaml").checks
    assert checks["pass_down"].number("days") == 60
    assert checks["twice"].headings("periods") == {"month": ("relief",), "day": ("meals",)}
    assert checks["other_county"].off is not None
