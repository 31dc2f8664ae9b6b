"""Made-up counties for what-if questions, small enough to be worked out on paper."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from models.case import Case
from optimizer.read import read_case
from tests.situations.random_case import write_random_case
from tests.situations.small import small_case


def ten_houses(county: str = "up_to", central: str = "up_to") -> Case:
    """Ten houses at 30,000 yuan in one year, all due. Central money counts half, county money (200,000 at
    most) in full: of a central level T between 100,000 and 300,000 yuan each yuan saves half a yuan."""
    return small_case(
        years=(2018, 2018),
        tables={
            "stocks": "county,poor,10,10",
            "needs": "county,house,,10",
            "costs": "build,,,30000",
            "funds": """
                central,county,2018,150000,
                local,county,2018,200000,
            """,
        },
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "needs": "id: house, title: house, unit: house, kind: backlog, due: {2018: 100%}",
            "measures": "id: build, title: build, unit: house, meets: {house: 1},"
            " payers: fund == central or fund == local",
            "funds": f"""
                id: central, title: central, level: central, supply: {central}, pooled_at: county,
                 cost_weight: 1/2
                id: local, title: local, level: county, supply: {county}, pooled_at: county, cost_weight: 1
            """,
        },
    )


def three_to_a_house(years: tuple[int, int] = (2018, 2018)) -> Case:
    """Ten poor people, three held back by each of three unsafe houses at 30,000 yuan, central money only.

    By the last year eight must be out, so that two thirds of a house may stay: 7/3 houses (70,000 yuan), in
    whole houses 3 (90,000 yuan). All money comes in the first year and may be carried.
    """
    first, last = years
    funds = "\n".join(
        f"central,county,{year},{200000 if year == first else 0}," for year in range(first, last + 1)
    )
    return small_case(
        years=years,
        tables={
            "stocks": "county,poor,10,10",
            "needs": "county,house,,3",
            "costs": "build,,,30000",
            "funds": funds,
        },
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "needs": "id: house, title: house, unit: house, kind: backlog, holds: {poor: 3}",
            "measures": "id: build, title: build, unit: house, meets: {house: 1}, payers: fund == central",
            "funds": "id: central, title: central, level: central, supply: up_to, pooled_at: county,"
            " cost_weight: 1, carry_over: yes",
            "targets": "id: out, title: out, kind: exits, groups: [poor], cumulative: yes,"
            f" amounts: {{{last}: 8}}",
        },
    )


def two_kinds_of_house(counties: int) -> Case:
    """Counties as in `three_to_a_house`, one year, each with two ways to build a house: at 30,000 and at
    30,001 yuan. Eight of ten must be out in each, that is 7/3 houses of both kinds together, whole ones 3.

    The money of all lies in one pot of their province.
    """
    names = [f"c{i:02}" for i in range(counties)]
    regions = "p,p,province,,,\n" + "\n".join(f"{name},{name},county,p,," for name in names)
    return small_case(
        years=(2018, 2018),
        tables={
            "regions": regions,
            "stocks": "\n".join(f"{name},poor,10,10" for name in names),
            "needs": "\n".join(f"{name},house,,3" for name in names),
            "costs": "build,,,30000\nrebuild,,,30001",
            "funds": f"central,p,2018,{100000 * counties},",
        },
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "needs": "id: house, title: house, unit: house, kind: backlog, holds: {poor: 3}",
            "measures": """
                id: build, title: build, unit: house, meets: {house: 1}, payers: fund == central
                id: rebuild, title: rebuild, unit: house, meets: {house: 1}, payers: fund == central
            """,
            "funds": "id: central, title: central, level: central, supply: up_to, pooled_at: province,"
            " cost_weight: 1",
            "targets": "id: out, title: out, kind: exits, groups: [poor], each: county, cumulative: yes,"
            " amounts: {2018: 8}",
        },
    )


def random_case(seed: int) -> Case:
    """The random case of a seed."""
    with TemporaryDirectory() as folder:
        write_random_case(Path(folder), seed)
        return read_case(Path(folder))


def policies_and_works(counties: int) -> Case:
    """Counties with seven policies each at 10,000 yuan, all due, and works at 40,000 and at 60,000 yuan that
    nobody asks for but a rule: three fifths of what is spent must be for works. All money lies in one pot.

    Works take 1.5 times as much as the policies, in whole ones: steps of 20,000 yuan.
    """
    names = [f"c{i:02}" for i in range(counties)]
    regions = "p,p,province,,,\n" + "\n".join(f"{name},{name},county,p,," for name in names)
    return small_case(
        years=(2018, 2018),
        tables={
            "regions": regions,
            "needs": "\n".join(f"{name},policy,,7\n{name},road,,20" for name in names),
            "costs": "insure,,,10000\npave,,,40000\nwiden,,,60000",
            "funds": f"central,p,2018,{1000000 * counties},",
        },
        lists={
            "needs": """
                id: policy, title: policy, unit: policy, kind: backlog, due: {2018: 100%}
                id: road, title: road, unit: road, kind: backlog
            """,
            "measures": """
                id: insure, title: insure, unit: policy, meets: {policy: 1}, payers: fund == central
                id: pave, title: pave, unit: road, meets: {road: 1}, payers: fund == central, tags: [works]
                id: widen, title: widen, unit: road, meets: {road: 1}, payers: fund == central, tags: [works]
            """,
            "funds": "id: central, title: central, level: central, supply: up_to, pooled_at: province,"
            " cost_weight: 1",
            "rules": "id: works-share, title: works, years: [2018, 2018], severity: hard,"
            " for_each: [year], left: spent(measure.tag == works), is: '>=', right: 60% * spent()",
        },
    )
