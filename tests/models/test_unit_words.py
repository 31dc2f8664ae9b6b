"""Units in sentences: words of the language, of one thing and of many."""

from __future__ import annotations

from models.citation import Language
from models.unit_words import unit_word


def test_a_rate_is_said_part_by_part() -> None:
    assert unit_word("元/人", Language.ZH) == "元/人"
    assert unit_word("元/人", Language.EN) == "yuan/person"
    assert unit_word("户/村", Language.EN, 1) == "household/village"
    assert unit_word("户/村", Language.EN, 2) == "households/village"


def test_a_product_is_said_factor_by_factor() -> None:
    assert unit_word("person*mu", Language.ZH) == "人 × 亩"
    assert unit_word("person*mu", Language.EN) == "persons × mu"


def test_a_unit_without_a_word_stands_as_it_is_written() -> None:
    assert unit_word("栋", Language.EN) == "栋"
    assert unit_word("栋/人", Language.EN) == "栋/person"
