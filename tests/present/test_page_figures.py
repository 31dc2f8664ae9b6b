"""Rounded money, exact yuan, amounts with units, shares: what a page shows of a number."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.citation import Language
from models.money import spelled
from optimizer.present.page.figures import amount, number, percent, scale_for
from optimizer.present.page.map_view import bounds

ZH, EN = Language.ZH, Language.EN


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (8_069_400_881_005, "806.94 亿元", "80,694 million yuan"),
        (61_309_524_000, "61,310 万元", "613.10 million yuan"),
        (18_500_006, "18.50 万元", "185.0 thousand yuan"),
        (0, "0.00 万元", "0.0 thousand yuan"),
        (-18_500_006, "-18.50 万元", "-185.0 thousand yuan"),
    ],
)
def test_money_in_the_scale_of_its_total(fen: int, zh: str, en: str) -> None:
    scale = scale_for(fen)
    assert (scale.said(fen, ZH), scale.said(fen, EN)) == (zh, en)


def test_what_would_vanish_is_less_than_the_least() -> None:
    scale = scale_for(10**12)
    assert (scale.show(1, ZH), scale.show(-1, ZH), scale.show(0, ZH)) == ("<0.01", "-<0.01", "0.00")
    assert scale.show(50_000_000, ZH) == "0.01"  # half of a hundredth of 亿元 rounds up
    assert scale.show(49_999_999, ZH) == "<0.01"
    assert scale.show(1, EN) == "<1"


def test_parts_that_do_not_add_up_are_noticed() -> None:
    scale = scale_for(10**10)  # whole 万元
    assert scale.adds_up([1_000_000, 2_000_000])
    assert not scale.adds_up([1_400_000, 1_400_000])  # 1 + 1 is not 3
    assert not scale.adds_up([500_000, 500_000])  # 1 + 1 is not 1


@given(st.integers(-(10**16), 10**16), st.integers(-(10**16), 10**16))
def test_rounding_is_by_half_a_quantum_at_most_and_keeps_the_order(fen: int, other: int) -> None:
    scale = scale_for(10**12)
    assert abs(scale.steps(fen) * scale.quantum - fen) * 2 <= scale.quantum
    assert (scale.steps(fen) <= scale.steps(other)) == (fen <= other) or scale.steps(fen) == scale.steps(
        other
    )


@given(st.integers(-(10**16), 10**16))
def test_exact_yuan_reads_back(fen: int) -> None:
    assert int(spelled(fen).replace(",", "").replace(".", "")) == fen


@given(st.integers(10**8, 10**15))
def test_both_languages_show_the_same_amount(fen: int) -> None:
    scale = scale_for(fen)
    zh, en = (int(scale.show(fen, language).replace(",", "").replace(".", "")) for language in (ZH, EN))
    assert zh == en == scale.steps(fen)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 3, "33.3%"),
        (0, 5, "0.0%"),
        (1, 10_000, "<0.1%"),
        (9_999, 10_000, ">99.9%"),
        (5, 5, "100.0%"),
        (1, 0, "–"),
    ],
)
def test_shares(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (Fraction(-105), "money", "-1.05 元", "-1.05 yuan"),
        (Fraction(1, 3), "money", "≈0 元", "≈0 yuan"),
        (Fraction(1), "person", "1 人", "1 person"),
        (Fraction(12_345), "village", "12,345 村", "12,345 villages"),
        (Fraction(5, 2), "户", "2.5 户", "2.5 households"),
    ],
)
def test_amounts_with_their_units(value: Fraction, unit: str, zh: str, en: str) -> None:
    assert (amount(value, unit, ZH), amount(value, unit, EN)) == (zh, en)


def test_numbers_say_when_they_are_not_exact() -> None:
    assert [number(value) for value in (Fraction(7, 2), Fraction(2, 3), 1_000)] == ["3.5", "≈0.67", "1,000"]


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=60))
def test_the_steps_of_a_map_hold_every_place_once(heads: list[int]) -> None:
    steps = bounds(heads)
    assert 1 <= len(steps) <= 5
    assert all(sum(low <= head <= high for low, high in steps) == 1 for head in heads)
    assert all(before[1] < after[0] for before, after in pairwise(steps))
