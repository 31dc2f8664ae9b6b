"""Where money goes: places, tiles, short names, charts and the bars; all on figures made up here."""

from __future__ import annotations

import csv
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.allocation import Allocation
from models.case import Case, Tables
from models.citation import Basis, Citation, Language
from models.region import Level, Region, RegionTree
from optimizer.present.page.charts import WIDTH, against_targets, stacked
from optimizer.present.page.map_view import maps
from optimizer.present.page.money_view import money_view
from optimizer.present.page.places import cells, places, short_name, tile_grid
from optimizer.present.page.trust_view import basis_of_money
from optimizer.read import read_case
from tests.present.page_case import ALLOCATION, HOUSE, TOTAL, TRAINING, six_counties, with_money

ROOT = Path(__file__).parents[2]
LAW = Citation(document="made_up", section="1", basis=Basis.ILLUSTRATIVE)


def case_of(*ids: str, level: Level = Level.COUNTY, code: bool = False) -> Case:
    """The case of six counties with other regions below the province."""
    below = {
        id: Region(id=id, name=id, level=level, parent="P", citation=LAW, code=id if code else None)
        for id in ids
    }
    root = Region(id="P", name="Prov", level=Level.PROVINCE, parent=None, citation=LAW)
    return six_counties().model_copy(
        update={"regions": RegionTree({"P": root, **below}), "tables": Tables(stocks={})}
    )


def test_places_and_what_stands_apart_add_up_to_everything() -> None:
    found = places(six_counties(), ALLOCATION)
    assert sum(place.total for place in found) == TOTAL
    assert [place.id for place in found] == ["A", "B", "C", "D", "E", "F", "P"]
    assert found[-1].apart
    assert found[-1].total == 10 * TRAINING
    assert (found[0].poor, found[0].per_head, found[0].left) == (60, 150_000, 2018)  # 9,000,003 / 60
    assert found[3].per_head == 0


def test_money_below_a_county_counts_for_the_county() -> None:
    case = six_counties()
    town = Region(id="a1", name="Town", level=Level.TOWNSHIP, parent="A", citation=LAW)
    deeper = case.model_copy(update={"regions": RegionTree({**{r.id: r for r in case.regions}, "a1": town})})
    found = places(deeper, with_money({("a1", "house", "central", 2019): 7}))
    assert found[0].total == 3 * HOUSE + 7
    assert sum(place.total for place in found) == TOTAL + 7


def test_a_county_with_townships_shows_the_townships() -> None:
    case = case_of("c")
    towns = {
        name: Region(id=name, name=name, level=Level.TOWNSHIP, parent="c", citation=LAW) for name in "stuvw"
    }
    case = case.model_copy(update={"regions": RegionTree({**{r.id: r for r in case.regions}, **towns})})
    found = places(
        case, Allocation(money={("s", "house", "central", 2018): 5, ("c", "house", "central", 2018): 9})
    )
    assert [(place.id, place.total, place.apart) for place in found if place.total] == [
        ("s", 5, False),
        ("c", 9, True),
    ]
    assert [place.id for place in found if not place.apart] == list("stuvw")


def test_no_map_of_fewer_than_four() -> None:
    case = case_of("x", "y", "z")
    assert tile_grid(case, places(case, Allocation())) is None
    assert (
        maps(case, places(case, Allocation()), money_view(case, Allocation(), Language.EN).scale, Language.EN)
        == []
    )


def test_unknown_places_stand_in_the_order_of_the_case() -> None:
    case = case_of(*"abcdefghij")
    grid = tile_grid(case, places(case, Allocation()))
    assert grid is not None
    assert not grid.known
    spots = [(tile.row, tile.column) for tile in grid.tiles]
    assert spots == sorted(spots)
    assert len(set(spots)) == 10
    assert max(row for row, _ in spots) < grid.rows
    assert max(column for _, column in spots) < grid.columns


def test_places_without_a_position_stand_below_the_others() -> None:
    case = case_of("410324", "410325", "410326", "410327", "elsewhere", code=True)
    grid = tile_grid(case, places(case, Allocation()))
    assert grid is not None
    assert grid.known
    last = grid.tiles[-1]
    assert last.place.id == "elsewhere"
    assert grid.strip is not None
    assert all(tile.row < grid.strip for tile in grid.tiles[:-1])
    assert last.row == grid.strip
    assert [tile.name for tile in grid.tiles[:2]] == ["栾川", "嵩县"]


def test_no_two_tiles_share_a_spot_and_every_tile_is_of_a_case() -> None:
    text = (ROOT / "optimizer/present/page/tiles.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    spots = Counter((line["layout"], line["row"], line["column"]) for line in lines)
    assert [spot for spot, count in spots.items() if count > 1] == []
    assert all(cells(line["name"]) <= 10 for line in lines)
    for layout in {line["layout"] for line in lines}:
        case = read_case(ROOT / "inputs" / layout)
        known = {key for region in case.regions for key in (region.id, region.code)}
        mine = [line["place"] for line in lines if line["layout"] == layout]
        assert [place for place in mine if place not in known] == []
        grid = tile_grid(case, places(case, Allocation()))
        assert grid is not None
        assert grid.known
        assert len({(tile.row, tile.column) for tile in grid.tiles}) == len(grid.tiles)
        assert sum(grid.strip is None or tile.row < grid.strip for tile in grid.tiles) == len(mine)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("栾川县", "栾川"),
        ("嵩县", "嵩县"),
        ("长阳土家族自治县", "长阳"),
        ("乳源瑶族自治县", "乳源"),
        ("神农架林区", "神农架"),
        ("丹江口市", "丹江口"),
        ("其他县(市、区)合计", "其他"),
        ("省定贫困县1(占位)", "省定…1"),
        ("第十二个有脱贫任务的区", "第十二…"),
        ("Qingshan", "Qingshan"),
        ("Qingshanxian", "Qingsh…"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short
    assert cells(short) <= 8


@given(st.dictionaries(st.sampled_from(["central", "county", "own"]), st.integers(0, 10**15), min_size=1))
def test_columns_are_as_high_as_their_amounts(amounts: dict[str, int]) -> None:
    names = {kind: kind for kind in amounts}
    chart = stacked([2018], {kind: {2018: fen} for kind, fen in amounts.items()}, str, names)
    total = sum(amounts.values())
    whole = sum(part.height for part in chart.parts)
    for part in chart.parts:
        assert part.height == pytest.approx(whole * amounts[part.kind] / total, abs=0.2)
        assert part.x >= 0
        assert part.x + part.width <= WIDTH
    assert [label.text for label in chart.totals] == [str(total)]
    assert len(chart.parts) == sum(fen > 0 for fen in amounts.values())


@given(st.lists(st.tuples(st.integers(0, 10**7), st.none() | st.integers(0, 10**7)), min_size=1, max_size=5))
def test_lines_stay_in_the_drawing_and_higher_is_more(points: list[tuple[int, int | None]]) -> None:
    reached, asked = [point[0] for point in points], [point[1] for point in points]
    chart = against_targets(list(range(2016, 2016 + len(points))), reached, asked)
    assert [label.text for label in chart.reached_labels] == [f"{value:,}" for value in reached]
    assert [label.text for label in chart.asked_labels] == [
        f"{value:,}" for value in asked if value is not None
    ]
    assert sum(len(run) for run in chart.asked) == len(chart.asked_labels)
    for dot in chart.reached:
        assert 0 < dot.y <= chart.ground
    for label in (*chart.reached_labels, *chart.asked_labels):
        assert 8 <= label.y <= chart.ground
    order = sorted(range(len(points)), key=lambda i: reached[i])
    assert all(chart.reached[a].y >= chart.reached[b].y for a, b in pairwise(order))


def test_a_bar_out_of_proportion_is_cut_and_the_others_keep_their_scale() -> None:
    case = six_counties()
    money = {("A", "house", "central", 2018): 100, ("B", "house", "central", 2018): 10,
             ("C", "house", "central", 2018): 5}  # fmt: skip
    listed = money_view(case, Allocation(money=money), Language.EN).places
    assert listed is not None
    assert [(bar.name, bar.cut) for bar in listed.bars[:3]] == [
        ("County A", True),
        ("County B", False),
        ("County C", False),
    ]
    assert [bar.segments[0].length for bar in listed.bars[:3]] == [100.0, 100.0, 50.0]


def test_bars_of_funds_and_measures_keep_their_proportion() -> None:
    money = money_view(six_counties(), ALLOCATION, Language.EN)
    assert not any(bar.cut for bar in (*money.funds.bars, *money.measures.bars))
    lengths = [sum(segment.length for segment in bar.segments) for bar in money.funds.bars]
    # 165,000.05 of central money, 15,000.01 of the household's own, 5,000 of the province
    assert lengths == pytest.approx([100, 9.09, 3.03], abs=0.02)


def test_money_rests_on_the_weakest_of_its_unit_costs() -> None:
    case = six_counties()
    assert basis_of_money(case, ALLOCATION) == {
        ("house", Basis.ILLUSTRATIVE): 6 * HOUSE,
        ("training", Basis.ILLUSTRATIVE): 10 * TRAINING,
    }
    costs: dict[tuple[str, str | None, int | None], int] = {
        ("house", None, None): 1,
        ("house", None, 2019): 2,
    }
    stated = LAW.model_copy(update={"basis": Basis.STATED})
    sources: dict[object, Citation] = {("house", None, None): stated, ("house", None, 2019): LAW}
    changed = case.model_copy(update={"tables": Tables(costs=costs, sources={"costs": sources})})
    bought = Allocation(
        money={
            ("A", "house", "central", 2018): 5,
            ("A", "house", "central", 2019): 7,
            ("B", "house", "own", 2018): 1,
        },
        units={
            ("A", "house", 2018): Fraction(1),
            ("A", "house", 2019): Fraction(1),
            ("B", "house", 2018): Fraction(1),
        },
    )
    assert basis_of_money(changed, bought) == {("house", Basis.STATED): 6, ("house", Basis.ILLUSTRATIVE): 7}
