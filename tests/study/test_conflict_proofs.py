"""Conflicts narrowed down by the proofs of an LP, and the search that uses them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from models.case import Case
from optimizer.program import build
from optimizer.read import read_case
from optimizer.study.conflict import find, find_conflicts, smallest
from optimizer.study.conflict.elastic import Elastic
from optimizer.study.conflict.narrow import Group, Narrow, narrowed
from optimizer.study.conflict.smallest import Search
from optimizer.study.conflict.statements import Stated, stated
from optimizer.study.explain import ways
from tests.situations.random_case import write_random_case
from tests.situations.small import small_case
from tests.study.conflict_checks import holds, possible
from tests.study.test_explain_conflicts import INFEASIBLE, MOST, explained, houses


def grouped(of: Stated, *ids: str) -> list[Group]:
    """The statements of these ids in this order, else of all."""
    return [tuple(one for one in of.statements if one.id == id) for id in ids or of.ids]


def ids_of(groups: list[Group]) -> set[str]:
    return {group[0].id for group in groups}


def always() -> float:
    return math.inf


#: 10 houses at 100 元 are due; the fund has 700 元, and a rule allows 800 元.
CONFLICTS = ({"most", "due.house"}, {"supply.fund", "due.house"})


@pytest.fixture(name="short")
def _short() -> Stated:
    return stated(build(houses(extra=MOST), tight=False))


def test_one_of_two_conflicts_is_left(short: Stated) -> None:
    found = narrowed(short, grouped(short), always)
    assert found is not None
    assert (ids_of(found[0]) in CONFLICTS, found[1]) == (True, True)


def test_without_what_the_two_conflicts_share_nothing_is_left(short: Stated) -> None:
    for id, other in (("most", {"supply.fund", "due.house"}), ("supply.fund", {"most", "due.house"})):
        found = narrowed(short, grouped(short, *(one for one in short.ids if one != id)), always)
        assert found is not None
        assert ids_of(found[0]) == other
    assert narrowed(short, grouped(short, *(one for one in short.ids if one != "due.house")), always) is None


def test_what_can_hold_is_not_narrowed(short: Stated) -> None:
    assert narrowed(short, grouped(short, "most", "due.house")[:1], always) is None
    assert narrowed(short, grouped(short, "supply.fund", "most"), always) is None


def built(*, due: str, funds: dict[str, str], patches: Sequence[str] = ()) -> Case:
    """10 houses at 100 元, due by these years, and funds with rows of funds.csv."""
    return small_case(
        years=(2017, 2018),
        tables={
            "needs": "county,house,,10",
            "costs": "build,,,100",
            "funds": "\n".join(funds.values()),
        },
        lists={
            "needs": f"id: house, title: house, unit: house, kind: backlog, due: {{{due}}}",
            "measures": "id: build, title: build, unit: house, meets: {house: 1}, "
            "payers: fund.level == county",
            "funds": "\n".join(
                f"id: {id}, title: {id}, level: county, supply: up_to, pooled_at: county, cost_weight: 1"
                for id in funds
            ),
        },
        patches=patches,
    )


def test_the_years_of_a_statement_are_narrowed_too() -> None:
    # One house by 2017 can be paid with the 350 元 of that year; all ten by 2018 not with 700 元.
    rows = {"alpha": "alpha,county,2017,350,\nalpha,county,2018,350,"}
    of = stated(build(built(due="2017: 10%, 2018: 100%", funds=rows), tight=False))
    found = narrowed(of, [(one,) for one in of.statements], always)
    assert found is not None
    assert {(one.id, one.year) for (one,) in found[0]} == {
        ("supply.alpha", 2017),
        ("supply.alpha", 2018),
        ("due.house", 2018),
    }


def test_a_proof_names_what_cannot_hold(short: Stated) -> None:
    groups = grouped(short)
    narrow = Narrow(short, groups, always)
    verdict, telling = narrow.possible(groups)
    assert verdict is False
    assert ids_of(telling) in CONFLICTS
    assert narrow.possible([group for group in groups if group[0].id != "due.house"]) == (True, [])
    assert narrow.possible([])[0] is True


def after(questions: int) -> Callable[[], float]:
    """Time for so many questions."""

    def ticking() -> Iterator[float]:
        yield from [math.inf] * questions
        while True:
            yield 0.0

    clock = ticking()
    return lambda: next(clock)


def test_when_time_runs_out_what_is_left_still_conflicts_and_is_not_called_irreducible(short: Stated) -> None:
    groups = grouped(short)
    # The proof takes a question, and one more where more has to be let go than was changed.
    for changed, proof in (((), 1), (("supply.fund",), 2)):
        assert narrowed(short, groups, after(proof - 1), changed) is None
        irreducible = []
        for questions in range(proof, proof + 4):
            found = narrowed(short, groups, after(questions), changed)
            assert found is not None
            irreducible.append(found[1])
            assert not possible(short.program, ids_of(found[0]), whole=False)
        assert (irreducible[0], irreducible[-1]) == (False, True)


def test_what_was_changed_is_in_the_conflict_where_the_rest_can_hold(short: Stated) -> None:
    for id, other in (("most", "supply.fund"), ("supply.fund", "most")):
        groups = grouped(short, *(one for one in short.ids if one != other))
        found = narrowed(short, groups, always, (id,))
        assert found is not None
        assert (ids_of(found[0]), found[1]) == ({id, "due.house"}, True)


def test_where_more_than_what_was_changed_contradicts_itself_any_conflict_is_found(short: Stated) -> None:
    found = narrowed(short, grouped(short), always, ("supply.fund",))
    assert found is not None
    assert (ids_of(found[0]) in CONFLICTS, found[1]) == (True, True)
    assert narrowed(short, grouped(short, "supply.fund", "most"), always, ("most",)) is None


def test_how_far_it_must_be_missed_is_asked_where_the_simplex_method_finds_nothing(
    short: Stated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Narrow, "possible", lambda *_: (None, []))
    found = narrowed(short, grouped(short), always)
    assert found is not None
    assert (ids_of(found[0]) in CONFLICTS, found[1]) == (True, True)


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("seed", INFEASIBLE)
def test_a_narrowed_conflict_of_a_random_case_is_irreducible(seed: int, changed: bool) -> None:
    with TemporaryDirectory() as folder:
        write_random_case(Path(folder), seed)
        program = build(read_case(Path(folder)), tight=False)
    of = stated(program)
    found = narrowed(of, grouped(of), always, of.ids[seed % len(of.ids) :] if changed else ())
    if found is None:  # only whole numbers are in the way
        assert possible(program, set(of.ids), whole=False)
        return
    kept, irreducible = ids_of(found[0]), found[1]
    assert irreducible
    assert not possible(program, kept, whole=False)
    for id in kept:
        assert possible(program, kept - {id}, whole=False), id


def test_what_was_shown_irreducible_stays_so_when_time_runs_out(
    short: Stated, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = np.zeros_like(short.program.integer)
    search = Search(Elastic(short, none, math.inf), [1000] * len(short.ids))
    first = search.next()
    assert first is not None
    assert first.irreducible
    monkeypatch.setattr(search, "_proven", lambda _: (first.ids, False))
    search._learn(*search.reduce(first.ids))
    assert search.conflicts[first.ids]


def test_without_patience_a_conflict_is_named_but_not_called_the_smallest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = build(houses(extra=MOST), tight=False)
    assert all(one.smallest for one in find_conflicts(program))
    monkeypatch.setattr(find, "SMALLER", 0.0)
    first, *_ = find_conflicts(program)
    assert first.proven
    assert first.irreducible
    assert not first.smallest


def test_a_conflict_that_shares_a_statement_is_named_without_time_to_search_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Without the fund the rule is still in the way of the houses that are due, and the other way round: each
    # shows when the first conflict is taken apart, before any search for smaller or further ones.
    monkeypatch.setattr(find, "SMALLER", 0.0)
    monkeypatch.setattr(find, "SHARING_SECONDS", 0.0)
    found = find_conflicts(build(houses(extra=MOST), tight=False))
    assert {frozenset(one.ids) for one in found} == {frozenset(ids) for ids in CONFLICTS}
    assert [one.apart for one in found] == [True, False]
    assert all(one.proven and one.irreducible for one in found)


def test_whole_numbers_are_left_to_the_other_way(short: Stated) -> None:
    search = Search(Elastic(short, ~short.program.money, math.inf), [1000] * len(short.ids))
    every = frozenset(range(len(short.ids)))
    assert search._proven(every) is None
    reduced, irreducible = search.reduce(every)
    assert irreducible
    named = {short.ids[n] for n in reduced}
    assert named in CONFLICTS
    assert len(named) < smallest.FIRST_LOOK


# --- ways out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fund", ["alpha", "beta"])
@pytest.mark.parametrize("large", [False, True])
def test_the_money_that_was_just_changed_is_put_back_first(
    fund: str, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 10 houses at 100 元; two funds of 600 元 each, one of which is halved: either may have the 100 元 more.
    rows = {id: f"{id},county,2017,0,\n{id},county,2018,600," for id in ("alpha", "beta")}
    case = built(due="2018: 100%", funds=rows, patches=[f"fund.{fund}.amount=0.5x"])
    if large:
        monkeypatch.setattr(ways, "LARGE", 0)
    [repair] = explained(case, most=1).repairs
    # In a large case the change is rounded outwards, by a fifth of a percent at the least.
    more = 10_100 if large else 10_000
    assert {change.id for change in repair.changes} == {f"supply.{fund}"}
    assert (repair.cost, repair.added) == (100_000, more)
    holds(case, repair)
    kinds = [[change.id for change in repair.changes] for repair in explained(case).repairs]
    assert [f"supply.{fund}"] in kinds
    assert ["due.house"] in kinds
