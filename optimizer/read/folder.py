"""A case folder, or a workbook with the same in it, to a Case, or every problem of it at once.

The files are read in an order in which each finds the ids it refers to: case.yaml, the policy items, the
regions, the tables; then the checks that look across files; then the patches, and the checks once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.case import Case, Tables
from models.rules.source import nearest
from optimizer.read.base import CHECKS, read_base
from optimizer.read.check_case import checked
from optimizer.read.check_register import check_register
from optimizer.read.check_statements import check_statements
from optimizer.read.csv_table import Rows, uncollected
from optimizer.read.decode import decoded
from optimizer.read.files import read_files
from optimizer.read.patch import apply_patches, check_scenarios, check_uncertain
from optimizer.read.policy import Policy, read_policy
from optimizer.read.printed import FILE as PRINTED
from optimizer.read.printed import check_printed, read_printed
from optimizer.read.problems import CaseErrors, Log, Place
from optimizer.read.regions import FILE, Regions, read_regions
from optimizer.read.register import FILE as REGISTER
from optimizer.read.register import read_register
from optimizer.read.shapes import FILES, REQUIRED_FILES
from optimizer.read.sources import Sources
from optimizer.read.tables import COLUMNS, Figures, read_tables
from optimizer.read.yaml_nodes import Node, read_yaml

if TYPE_CHECKING:
    from optimizer.read.workbook.gather import Gathered

YAML_FILES = ("case.yaml", *FILES)
CSV_FILES = (FILE, *(f"{name}.csv" for name in COLUMNS), REGISTER, PRINTED)
#: What the bytes of a workbook go by in the hash of a case, whatever the file is called.
WORKBOOK = "case.xlsx"
ALL_FILES = (*YAML_FILES, *CSV_FILES)


def read_case(path: Path, patches: Sequence[str] = (), scenario: str | None = None) -> Case:
    """The case in a folder or workbook, with the patches of a scenario and then `patches` applied.

    Raises CaseErrors with every problem of the files, or else with every problem of the patches.
    """
    case, _ = read_folder(path)
    if scenario is not None:
        if scenario not in case.scenarios:
            log = Log()
            known, near = " ".join(case.scenarios) or "-", nearest(scenario, case.scenarios)
            log.add("unknown-scenario", Place(f"--scenario {scenario}"), scenario, known=known, near=near)
            log.check()
        patches = (*case.scenarios[scenario].patches, *patches)
    return apply_patches(case, patches)


@uncollected()
def read_folder(path: Path) -> tuple[Case, Sources]:
    """The case in a folder or workbook, unpatched, and where its parts stand. Raises CaseErrors."""
    log = Log()
    if is_workbook(path):
        return _read_workbook(path, log)
    raw = _files(path, log)
    texts = {name: text for name in raw if (text := decoded(name, raw[name], log)) is not None}
    roots = {
        name: read_yaml(name, texts[name], log) if name in texts else None
        for name in YAML_FILES
        if name in raw
    }
    return _read(_Given(path, roots, texts, frozenset(raw), raw), log, ALL_FILES)


def is_workbook(path: Path) -> bool:
    """Whether a path leads to a file that is to be read as a workbook."""
    return path.is_file() and path.suffix.lower() not in (".yaml", ".yml", ".csv", ".md", ".txt", ".json")


@dataclass(frozen=True)
class _Given:
    """What there is to read, by the names of the folder's files."""

    home: Path
    """Where ways to a base begin."""
    roots: Mapping[str, Node | None]
    texts: Mapping[str, str | Rows]
    there: frozenset[str]
    """Files that are there, readable or not."""
    raw: Mapping[str, bytes]


def _read_workbook(path: Path, log: Log) -> tuple[Case, Sources]:
    """The case in a workbook; places are its sheets and cells."""
    from optimizer.read.sheets import book_bytes, sheets_of
    from optimizer.read.workbook.gather import gather

    raw = book_bytes(path, log) or b""
    log.check()
    sheets = sheets_of(raw, path.name, log)
    log.check()
    return read_gathered(gather(sheets, path.name, log), path.parent, raw, log)


def read_gathered(found: Gathered, home: Path, raw: bytes, log: Log) -> tuple[Case, Sources]:
    """The case of a workbook's contents; `log` has what was wrong with its sheets and cells."""
    from optimizer.read.workbook.gather import ORDER

    given = _Given(home, found.roots, found.tables, frozenset(found.there), {WORKBOOK: raw})
    try:
        return _read(given, log, ORDER)
    except CaseErrors as errors:
        raise CaseErrors(found.relocated(errors.problems)) from None


def _read(given: _Given, log: Log, order: Sequence[str]) -> tuple[Case, Sources]:
    """The case of what is given; `order` is the order in which problems are listed."""
    texts, there = given.texts, given.there
    base = read_base(given.home, given.roots.get("case.yaml"), log)
    policy = read_policy(given.roots, log, base)
    regions = read_regions(texts[FILE], policy) if FILE in texts else Regions()
    if regions.ids is None:
        policy.broken.add("regions")
    policy.declared["regions"] = set(regions.ids or ())
    policy.broken |= {
        name for name in CSV_FILES if name not in texts and (name in there or name in REQUIRED_FILES)
    }
    policy.broken |= {key for file in REQUIRED_FILES if file not in there for key in FILES.get(file, {})}
    tables, figures = read_tables(texts, policy, regions)
    figures["clauses"] = read_register(texts, policy)
    figures["printed"] = read_printed(texts, policy)
    case = _case(policy, regions, tables, figures, _sha256({**given.raw, **base.raw}))
    sources = _sources(policy, regions, figures)
    case = checked(case, sources, log)
    log.check((*base.raw, *order))
    check_scenarios(case, sources, log)
    check_uncertain(case, sources, log)
    check_statements(case, sources, log)
    check_register(case, sources, log)
    check_printed(case, sources, log)
    log.check((*base.raw, *order))
    return case, sources


def _files(path: Path, log: Log) -> dict[str, bytes]:
    """The bytes of the case's files; what is missing, unreadable or unknown is on the log."""
    if not path.is_dir():
        code = "not-a-folder" if path.exists() else "folder-missing"
        log.add(code, Place(str(path)))
        log.check()
    return read_files(path, (*ALL_FILES, CHECKS), REQUIRED_FILES, log)


def _sha256(raw: Mapping[str, bytes]) -> str:
    """Hash of the names and bytes of all files that were read, those of the base included."""
    digest = hashlib.sha256()
    for name in sorted(raw):
        digest.update(f"{name}\0{len(raw[name])}\0".encode())
        digest.update(raw[name])
    return digest.hexdigest()


def _case(
    policy: Policy, regions: Regions, tables: Tables, figures: Mapping[str, Figures], sha256: str
) -> Case:
    """The case as far as it could be read; years that could not be read are (0, 0)."""
    first, last = policy.years or (0, 0)
    return Case(
        id=policy.id,
        title=policy.title,
        first_year=first,
        last_year=last,
        goal=policy.goal,
        first_goals=policy.first_goals,
        documents=policy.documents,
        regions=regions.tree,
        attributes=policy.attributes,
        tables=tables,
        sha256=sha256,
        groups=policy.items["groups"],
        needs=policy.items["needs"],
        measures=policy.items["measures"],
        funds=policy.items["funds"],
        resources=policy.items["resources"],
        exclusions=policy.items["exclusions"],
        standards=policy.items["standards"],
        targets=policy.items["targets"],
        rules=policy.items["rules"],
        checklist=policy.items["checklist"],
        scenarios=policy.items["scenarios"],
        uncertain=policy.items["uncertain"],
        statements=policy.items["statements"],
        clauses=figures["clauses"].values,
        printed=tuple(figures["printed"].values.values()),
    )


def _sources(policy: Policy, regions: Regions, figures: Mapping[str, Figures]) -> Sources:
    declared = {**policy.declared, "documents": set(policy.documents), "attributes": set(policy.attributes)}
    places = Figures(FILE, values=regions.lines, lines=list(regions.lines.values()))
    return Sources(
        places=policy.places,
        figures={**figures, "regions": places},
        declared=declared,
        broken=frozenset(policy.broken),
        tree=regions.whole,
        horizon=policy.years is not None,
    )
