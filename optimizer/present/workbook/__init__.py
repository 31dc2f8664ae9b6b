"""The workbook that goes up the line: a plan, or the audit of anybody's table, as one .xlsx file.

Only models come in and bytes come out. The same plan gives the same bytes.
"""

from optimizer.present.workbook.audit_book import audit_workbook
from optimizer.present.workbook.plan_book import WORKBOOK, plan_workbook

__all__ = ["WORKBOOK", "audit_workbook", "plan_workbook"]
