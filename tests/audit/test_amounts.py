"""How the auditor writes values for reading."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optimizer.audit.statement import amount


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (2017, "年", "2017 年", "2017"),
        (Fraction(2020), "年", "2020 年", "2020"),
        (3, "年", "3 年", "3 years"),
        (12_345, "年", "12,345 年", "12,345 years"),
        (2017, "person", "2,017 人", "2,017 persons"),
        (201_700, "money", "2,017.00 元", "2,017.00 yuan"),
    ],
)
def test_a_year_has_no_separator_and_what_is_counted_has(
    value: int | Fraction, unit: str, zh: str, en: str
) -> None:
    assert amount(value, unit) == (zh, en)
