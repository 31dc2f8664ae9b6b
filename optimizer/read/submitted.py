"""Whatever an auditor is handed: a plan's folder or an allocation.csv as they are, and any other table as a
foreign one."""

from __future__ import annotations

from pathlib import Path

from models.case import Case
from models.submission import Submission
from optimizer.read.allocation_file import is_allocation, read_allocation_lines
from optimizer.read.foreign import TableOptions, read_submission
from optimizer.read.problems import Log, Place


def read_submitted(path: Path, case: Case, options: TableOptions | None = None) -> Submission:
    """The table at `path`, with the place of every figure. Raises CaseErrors."""
    given = options or TableOptions()
    if not is_allocation(path):
        return read_submission(path, case, given)
    if given != TableOptions():
        log = Log()
        log.add("foreign-options-unwanted", Place(path.name))
        log.check()
    return read_allocation_lines(path, case)
