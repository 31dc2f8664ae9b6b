"""Reading: a case folder to a `Case`, a table to an `Allocation`, patches to a changed `Case`.

Whatever is wrong with an input comes as one `CaseErrors` with every problem in it, each with its place,
what was found, what was expected and what to do, in Chinese and English.
"""

from optimizer.read.allocation_file import read_allocation, write_allocation
from optimizer.read.folder import read_case, read_folder
from optimizer.read.patch import apply_patches
from optimizer.read.problems import CaseErrors, Place, Problem
from optimizer.read.runs_file import RunLine, at_place, read_runs

__all__ = [
    "CaseErrors",
    "Place",
    "Problem",
    "RunLine",
    "apply_patches",
    "at_place",
    "read_allocation",
    "read_case",
    "read_folder",
    "read_runs",
    "write_allocation",
]
