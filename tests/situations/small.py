"""A case folder from a few lines of text: what a hand-worked situation needs and nothing more.

`small_case` completes citations and citation columns, so that a test shows only the figures it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

from models.case import Case
from models.plan import Status
from optimizer.read import read_case
from optimizer.study.planning import Planned, PlanOptions, make_plan

CITATION = "{document: made_up, section: '1', basis: illustrative}"

HEADS = {
    "regions": "region,name,level,parent,tags,code",
    "stocks": "region,group,members,households",
    "entrants": "region,group,year,kind,members",
    "revoked": "region,group,year,members",
    "needs": "region,need,year,amount",
    "costs": "measure,region,year,cost(元)",
    "gaps": "group,region,year,gap(元)",
    "funds": "fund,region,year,amount(元),at_least(元)",
    "capacity": "measure,region,year,most",
    "resources": "resource,region,year,amount",
    "attributes": "attribute,region,year,amount",
}

#: The one county that a situation has unless it says otherwise.
ONE_COUNTY = "county,county,county,,,"


def write_small(folder: Path, *, years: tuple[int, int], goal: str = "least cost", attributes: str = "",
                tables: dict[str, str], lists: dict[str, str]) -> None:  # fmt: skip
    """Write the folder. `tables`: CSV rows without header and citation; `lists`: YAML items by list name.

    `attributes`: names with commas between; `score by year` is kept in attributes.csv and has no unit.
    """
    case = f"case: small\ntitle: small\nyears: [{years[0]}, {years[1]}]\ngoal: {goal}\n"
    case += "documents: [{id: made_up, title: made up}]\n"
    named = [name.strip() for name in attributes.split(",") if name.strip()]
    numbers = [name for name in named if not name.endswith(" by year")]
    yearly = [name.removesuffix(" by year") for name in named if name not in numbers]
    if named:
        case += "attributes:\n" + "".join(f"  - {{id: {n}, title: {n}, unit: person}}\n" for n in numbers)
        case += "".join(f"  - {{id: {n}, title: {n}, unit: '1', by_year: yes}}\n" for n in yearly)
    files = {"case.yaml": case}
    homes = {"exclusions": "measures", "projects": "measures", "resources": "funds", "standards": "exits"}
    for name, items in lists.items():
        text = "\n".join(f"  - {{{line.strip()}, citation: {CITATION}}}" for line in _lines(items))
        file = f"{homes.get(name, name)}.yaml"
        files[file] = files.get(file, "") + f"{name}:\n{text}\n"
    for name, rows in {"regions": ONE_COUNTY, "funds": "", **tables}.items():
        head = HEADS[name] + ("," + ",".join(numbers) if name == "regions" and numbers else "")
        body = "\n".join(f"{row.strip()},made_up,1,illustrative" for row in _lines(rows))
        files[f"{name}.csv"] = f"{head},document,section,basis\n{body}\n"
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")


def small_case(
    *,
    years: tuple[int, int],
    goal: str = "least cost",
    attributes: str = "",
    tables: dict[str, str],
    lists: dict[str, str],
    patches: Sequence[str] = (),
) -> Case:
    """The case of such a folder."""
    with TemporaryDirectory() as folder:
        write_small(Path(folder), years=years, goal=goal, attributes=attributes, tables=tables, lists=lists)
        return read_case(Path(folder), patches)


def planned(case: Case) -> Planned:
    """Its plan, proven to be the best, which the auditor has nothing against."""
    found = make_plan(case, PlanOptions(gap=1e-9))
    assert found.plan.status is Status.OPTIMAL, found.plan.message
    assert found.audit is not None
    assert [finding.message.en for finding in found.audit.findings if finding.broken] == []
    return found


def _lines(text: str) -> list[str]:
    """The lines of a text; one that is indented continues the line before."""
    lines: list[str] = []
    for line in dedent(text).strip().splitlines():
        if line.startswith(" ") and lines:
            lines[-1] += " " + line.strip()
        elif line.strip():
            lines.append(line)
    return lines
