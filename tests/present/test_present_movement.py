"""Who came in and who left, year by year, on a plan followed by hand."""

from __future__ import annotations

from models.citation import Language
from models.policy import Counts
from optimizer.present.movement import Movement, headings, movements
from tests.situations.small import planned
from tests.situations.test_people_come_and_go import county


def test_every_way_in_and_out_stands_in_its_column() -> None:
    """100 poor, 4 new, 6 past exits undone: half of 110 leave. 2019: 5 % of 55 less 7 fall back, 3."""
    rows = "county,able,2018,new,4\ncounty,able,2018,revoked,6\ncounty,able,2019,relapsed,2"
    case = county(group=", relapse: 5%", tables={"entrants": rows, "revoked": "county,able,2019,7"})
    allocation = planned(case).plan.allocation
    assert allocation is not None
    assert movements(case, allocation) == (
        Movement(Counts.PERSONS, 2018, poor_before=100, new=4, relapsed=0, revoked=6, left=55),
        Movement(Counts.PERSONS, 2019, poor_before=55, new=0, relapsed=3 + 2, revoked=7, left=67),
    )
    assert [row.poor_after for row in movements(case, allocation)] == [55, 0]
    assert all(
        len(headings(language)) == len(row.figures)
        for language in Language
        for row in movements(case, allocation)
    )


def test_nothing_is_said_where_nobody_comes() -> None:
    case = county()
    allocation = planned(case).plan.allocation
    assert allocation is not None
    assert movements(case, allocation) == ()
