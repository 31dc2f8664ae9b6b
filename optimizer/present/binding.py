"""Which rules, targets and limits hold with nothing to spare, and in how many places."""

from __future__ import annotations

from collections import Counter

from models.finding import Audit, State
from optimizer.present.titles import BY_NATURE


def binding_rows(audit: Audit) -> Counter[str]:
    """Rule id -> places where it binds; zero against zero does not count."""
    return Counter(
        finding.rule
        for finding in audit.findings
        if finding.state is State.BINDING
        and finding.rule.split(".")[0] not in BY_NATURE
        and (finding.left or finding.right)
    )
