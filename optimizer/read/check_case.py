"""All the checks that look across the parts of a case, for one just read and for a patched one."""

from __future__ import annotations

from collections.abc import Sequence

from models.case import Case
from optimizer.read.check_figures import check_figures
from optimizer.read.check_items import check_items
from optimizer.read.check_references import check_conditions, check_references
from optimizer.read.check_rules import check_rules
from optimizer.read.problems import Log
from optimizer.read.sources import Sources


def checked(case: Case, sources: Sources, log: Log) -> Case:
    """The case with the units of its rules, after every check that looks across files."""
    check_references(case, sources, log)
    faulty = check_conditions(case, sources, log)
    case = case.model_copy(update={"rules": check_rules(case, sources, log)})
    check_items(case, sources, log)
    check_figures(case, sources, faulty, log)
    return case


def whole_sources(case: Case, patches: Sequence[str] = ()) -> Sources:
    """Sources of a case that has been read before: everything in it is known, no place is."""
    collections = (
        "groups",
        "needs",
        "measures",
        "funds",
        "resources",
        "projects",
        "standards",
        "documents",
        "attributes",
    )
    declared = {name: set(getattr(case, name)) for name in collections}
    declared["regions"] = set(case.regions.ids)
    return Sources(declared=declared, patches=tuple(patches))
