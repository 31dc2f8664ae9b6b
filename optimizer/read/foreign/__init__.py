"""Tables that nobody prepared for us: a bureau's workbook or CSV to a `Submission`, with the cell of every
figure."""

from optimizer.read.foreign.options import TableOptions
from optimizer.read.foreign.submission import read_submission

__all__ = ["TableOptions", "read_submission"]
