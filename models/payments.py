"""The named checks of a payment ledger: law, severity and thresholds as data.

A `PaymentChecks` is the catalogue that an audit of execution uses: the one that comes with fenpei, changed by
a file of the user's where local rules say something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

from models.citation import Citation, Closed, Document, Text
from models.policy import Severity

#: Family of the rule ids of these checks: `paid.twice`.
FAMILY = "paid"


class ThresholdKind(StrEnum):
    """What a threshold is."""

    NUMBER = "number"  # a number or rate of at least 0
    WORDS = "words"  # a list of words
    HEADINGS = "headings"  # heading -> the words below it


class PaymentThreshold(Closed):
    """阈值: a figure or list of words on which a check turns."""

    id: str
    title: Text
    kind: ThresholdKind
    value: Fraction | tuple[str, ...] | Mapping[str, tuple[str, ...]]


class PaymentCheck(Closed):
    """检查: one named check. Its rule id is `paid.` and `id`."""

    id: str
    title: Text
    looks_at: Text
    """What it compares, in a sentence."""
    severity: Severity
    citation: Citation
    remedy: Text
    thresholds: Mapping[str, PaymentThreshold] = {}
    off: Text | None = None
    """Why it is not wanted; then it is NOT_APPLICABLE and says so."""

    @property
    def rule(self) -> str:
        """The rule id of its findings."""
        return f"{FAMILY}.{self.id}"

    def number(self, threshold: str) -> Fraction:
        """A threshold that is a number or a rate."""
        value = self.thresholds[threshold].value
        if not isinstance(value, Fraction):
            raise TypeError(f"{self.id}.{threshold} is no number")
        return value

    def words(self, threshold: str) -> tuple[str, ...]:
        """A threshold that is a list of words."""
        value = self.thresholds[threshold].value
        if not isinstance(value, tuple):
            raise TypeError(f"{self.id}.{threshold} is no list of words")
        return value

    def headings(self, threshold: str) -> Mapping[str, tuple[str, ...]]:
        """A threshold that gives words below headings."""
        value = self.thresholds[threshold].value
        if not isinstance(value, Mapping):
            raise TypeError(f"{self.id}.{threshold} has no headings")
        return value


class PaymentChecks(Closed):
    """支付检查目录: the checks by id, in their order, and the documents they cite."""

    documents: Mapping[str, Document]
    checks: Mapping[str, PaymentCheck]
