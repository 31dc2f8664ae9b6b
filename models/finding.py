"""The Finding: one verdict of the auditor about one rule, place and year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from models.citation import Citation, Text
from models.policy import Severity
from models.rules.tree import Comparison
from models.submission import Spot


class State(StrEnum):
    """What the auditor found."""

    PASS = "pass"
    BINDING = "binding"  # holds with nothing to spare
    VIOLATED = "violated"
    NOT_APPLICABLE = "not_applicable"  # and the message says why
    NOT_EVALUATED = "not_evaluated"  # an error: the allocation does not say enough, or the data are missing


@dataclass(frozen=True, slots=True)
class Waiver:
    """豁免: a finding that is accepted, by whom and why. It stays visible."""

    reason: str
    document: str
    """Name or number of the approving document."""
    date: datetime.date


class Wording(Protocol):
    """What can be put into a sentence when somebody asks for it. Equal ones say the same."""

    def text(self) -> Text:
        """The sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """发现: left `compare` right, exactly, with the margin by which it holds (>= 0) or fails (< 0).

    `rule` is the rule's or target's id, or `family.subject` (`account.central`, `cost.house`);
    docs/mathematics.md lists the families. `unit` is `money` (fen), `person`, `village`, `region` or a unit
    of the case. Left, right and margin are None when nothing was computed. For an equality the margin is
    minus the absolute difference. `words` say it, or know how to: a sentence for each of twenty thousand
    findings takes longer than the sums. `evidence` are the cells of somebody's table that show it.
    """

    rule: str
    severity: Severity
    state: State
    region: str
    year: int | None
    left: Fraction | None
    compare: Comparison
    right: Fraction | None
    margin: Fraction | None
    unit: str
    words: Text | Wording
    citation: Citation | None = None
    evidence: tuple[Spot, ...] = ()
    remedy: Text | None = None
    waiver: Waiver | None = None

    @property
    def message(self) -> Text:
        """What was found, as a sentence in both languages."""
        return self.words if isinstance(self.words, Text) else self.words.text()

    @property
    def broken(self) -> bool:
        """A hard statement that is violated and not waived."""
        return self.state is State.VIOLATED and self.severity is Severity.HARD and self.waiver is None


@dataclass(frozen=True)
class Audit:
    """Everything the auditor found, hard and soft, in a fixed order."""

    findings: tuple[Finding, ...]

    def count(self, state: State) -> int:
        """How many findings are in `state`."""
        return sum(finding.state is state for finding in self.findings)

    @property
    def clean(self) -> bool:
        """No hard rule violated (unless waived) and nothing hard left unevaluated."""
        return not any(
            finding.broken or (finding.severity is Severity.HARD and finding.state is State.NOT_EVALUATED)
            for finding in self.findings
        )
