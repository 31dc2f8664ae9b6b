"""The pandas view of an allocation: exact, complete, in the order of the case."""

from __future__ import annotations

from pathlib import Path

from optimizer.present.frames import money_frame
from optimizer.read import read_case
from optimizer.study.planning import PlanOptions, make_plan

RUYUAN = Path(__file__).parents[2] / "inputs" / "ruyuan"


def test_the_frame_holds_every_payment_to_the_fen() -> None:
    case = read_case(RUYUAN)
    allocation = make_plan(case, PlanOptions()).plan.allocation
    assert allocation is not None
    frame = money_frame(case, allocation)
    assert len(frame) == len(allocation.money)
    assert int(frame["fen"].sum()) == sum(allocation.money.values())
    by_fund = frame.groupby("fund", observed=True)["fen"].sum()
    for fund, fen in by_fund.items():
        assert int(fen) == sum(amount for key, amount in allocation.money.items() if key[2] == fund)
    assert list(frame["measure"].cat.categories) == list(case.measures)
    assert frame["measure"].cat.codes.is_monotonic_increasing
