"""Text to numbers, against Fraction."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import MONEY_UNITS
from optimizer.read import figures

DIGITS = st.text("0123456789", min_size=1, max_size=18)
DECIMALS = st.text("0123456789", max_size=12)
SIGNS = st.sampled_from(["", "-"])


def written(sign: str, digits: str, decimals: str) -> str:
    return sign + digits + ("." + decimals if decimals else "")


@given(SIGNS, DIGITS, DECIMALS)
def test_numbers_are_exact(sign: str, digits: str, decimals: str) -> None:
    text = written(sign, digits, decimals)
    assert figures.number(text) == Fraction(text)
    assert figures.number(text + "%") == Fraction(text) / 100


@given(SIGNS, DIGITS, DECIMALS, st.sampled_from(sorted(MONEY_UNITS)))
def test_money_is_whole_fen_or_refused(sign: str, digits: str, decimals: str, unit: str) -> None:
    text = written(sign, digits, decimals)
    exact = Fraction(text) * MONEY_UNITS[unit]
    if exact.denominator == 1:
        assert figures.money(text, unit) == exact
        assert figures.money_with_unit(text + unit) == exact
    else:
        with pytest.raises(figures.Fault, match="not-fen"):
            figures.money(text, unit)


@given(SIGNS, DIGITS, DECIMALS)
def test_whole_numbers_are_whole_or_refused(sign: str, digits: str, decimals: str) -> None:
    text = written(sign, digits, decimals)
    if Fraction(text).denominator == 1:
        assert figures.whole(text) == Fraction(text)
    else:
        with pytest.raises(figures.Fault, match="not-whole"):
            figures.whole(text)


@given(st.integers(-(10**12), 10**12), st.integers(0, 8), st.integers(0, 8))
def test_decimal_text_comes_back(top: int, twos: int, fives: int) -> None:
    value = Fraction(top, 2**twos * 5**fives)
    text = figures.plain_text(value)
    assert text is not None
    assert Fraction(text) == value
    assert not text.endswith("0") or "." not in text


def test_a_third_has_no_decimal_text() -> None:
    assert figures.plain_text(Fraction(1, 3)) is None


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_fault(text: str) -> None:
    for read in (figures.number, figures.whole, figures.money_with_unit):
        try:
            read(text)
        except figures.Fault:
            continue
