"""One place whose figure stands far above all others."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.case import Case
from models.citation import Language
from models.finding import State
from models.policy import Severity
from models.region import RegionTree
from optimizer.study.check import check_case
from tests.audit.case_builder import with_rows
from tests.study.check_builder import one, valley, values


def three_places(a: int, b: int, c: int, need: str = "houses") -> Case:
    """The valley with a third place, and these needs of houses."""
    case = valley()
    regions = {region.id: region for region in case.regions}
    regions["C"] = regions["B"].model_copy(update={"id": "C", "name": "C地"})
    rows = {("A", need, None): a, ("B", need, None): b, ("C", need, None): c}
    return with_rows(
        case.model_copy(update={"regions": RegionTree(regions)}),
        "needs",
        {key: Fraction(amount) for key, amount in rows.items()},
    )


@pytest.mark.parametrize(("largest", "state"), [(999, State.PASS), (1_000, State.VIOLATED)])
def test_a_zero_too_many_is_found_with_both_values(largest: int, state: State) -> None:
    """20 is the second largest: 1,000 is fifty times that."""
    finding = one(three_places(10, largest, 20), "stands_out.need.houses")
    assert values(finding) == (state, largest, 1_000)
    assert finding.severity is Severity.ADVISORY
    if state is State.VIOLATED:
        assert finding.region == "B"
        assert "1,000" in finding.message.zh
        assert "needs.csv" in finding.message.said(Language.EN)


def test_two_places_and_places_without_a_figure_say_nothing() -> None:
    case = three_places(0, 100_000, 1)
    assert not [f for f in check_case(case).findings if f.rule.startswith("check.stands_out.need")]
