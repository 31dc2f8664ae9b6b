"""The report page: a plan, or the audit of somebody's table, as one HTML file that needs nothing else.

Case, plan and audit come in, the text of the file goes out, with Chinese and English in it. It opens from a
USB stick without a network, is complete without scripts and on paper, and its bytes depend on nothing but
what comes in. The templates stand beside the code.
"""

from optimizer.present.page.audit_view import audit_page
from optimizer.present.page.plan_view import plan_page

__all__ = ["audit_page", "plan_page"]
