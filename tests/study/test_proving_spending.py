"""Cuts of rules about money: a share of what is spent, in whole quantities at their costs, on paper."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import pytest

from optimizer.program import build
from optimizer.proof import Cut
from optimizer.study.proving import spending, tightening
from optimizer.study.proving.least import least_whole
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.level import level_of, with_level
from optimizer.study.whatif.threshold import least

from .whatif_cases import policies_and_works

CENTRAL = "fund.central.amount"
#: Fen of a policy; of which works are worth multiples.
POLICY, STEP = 10_000_00, 20_000_00


def on_paper(counties: int) -> int:
    """Policies, and works for 1.5 times as much, rounded up to what whole works can be worth."""
    policies = 7 * counties * POLICY
    return policies + ceil(Fraction(3 * policies, 2 * STEP)) * STEP


def bound(counties: int) -> Fraction | None:
    """What the level is at least by the relaxation with cuts."""
    case = policies_and_works(counties)
    level = level_of(case, CENTRAL)
    program = with_level(case, build(case), level)
    return least_whole(program, len(program.lower) - 1, 10 * level.total, 20.0)


@pytest.mark.parametrize("counties", [1, 2, 3, 30])
def test_works_for_half_as_much_again_as_policies_are_whole_works(
    counties: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Seven policies of a county are 70,000 yuan and ask for works worth 105,000: in whole ones 120,000.
    # Two counties ask for 210,000: 220,000. Where the sum is in steps already nothing is gained.
    relaxed = Fraction(5, 2) * 7 * counties * POLICY
    monkeypatch.setattr(tightening, "found_cuts", lambda *_, **__: ())
    assert bound(counties) == on_paper(counties)
    monkeypatch.setattr(tightening, "spending_cuts", lambda *_: ())
    assert bound(counties) == relaxed < on_paper(counties)


def test_where_works_are_whole_already_no_cut_says_more() -> None:
    # Four counties: 280,000 yuan of policies ask for 420,000 of works, which are 21 steps.
    assert on_paper(4) == Fraction(5, 2) * 28 * POLICY
    assert bound(4) == on_paper(4)


def test_the_least_level_is_the_one_on_paper_and_one_fen_less_is_impossible() -> None:
    found = least(policies_and_works(3), CENTRAL, RunOptions())
    assert (found.fen, found.impossible, found.exactly) == (on_paper(3), on_paper(3) - 1, True)


def test_a_wrong_step_is_no_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    # Weights and steps are hints: with twice the true step the bound may be weaker, never above the least.
    true = spending._cut

    def doubled(*asked: object) -> Cut | None:
        cut = true(*asked)  # type: ignore[arg-type]
        return None if cut is None else Cut(cut.weights, 2 * cut.denominator, cut.columns_at_upper)

    monkeypatch.setattr(spending, "_cut", doubled)
    for counties in (1, 2, 3, 5):
        found = bound(counties)
        assert found is not None
        assert found <= on_paper(counties)
