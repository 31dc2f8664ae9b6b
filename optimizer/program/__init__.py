"""Case -> linear program: whole-number sparse rows with named blocks, one module per family of clauses.

`build` makes a `Program`; `again` makes that of a case with other amounts of funds from it. The mathematics
stands in docs/mathematics.md, family by family.
"""

from optimizer.program.again import again
from optimizer.program.build import build
from optimizer.program.matrix import ColumnBlock, Objective, Program, RowBlock

__all__ = ["ColumnBlock", "Objective", "Program", "RowBlock", "again", "build"]
