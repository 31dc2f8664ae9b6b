"""Workbooks: one careful opening of an .xlsx that never reads silently wrong.

In goes a path; out come the sheets with every cell as it stands there: text, number, date, error, or a
formula that nobody has calculated. What is wrong with the file as a whole is on the log.
"""

from optimizer.read.sheets.archive import LIMITS
from optimizer.read.sheets.book import book_bytes, read_sheets, sheets_of
from optimizer.read.sheets.table import CellKind, SheetCell, SheetTable

__all__ = ["LIMITS", "CellKind", "SheetCell", "SheetTable", "book_bytes", "read_sheets", "sheets_of"]
