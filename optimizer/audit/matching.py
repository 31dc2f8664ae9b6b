"""Which regions, funds, measures, groups, needs and years a condition lets through.

Every test speaks of one subject, so it is a set of ids; a condition is made of them by and, or, not.
`Matcher` keeps the sets, so that a condition is asked once and not for every line of a table. It keeps the
conditions too and knows them again by identity: the hash of a tree takes longer than the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from models.case import Case
from models.policy import Fund, Group, Measure, Need, Project
from models.region import Region
from models.rules.tree import And, Comparison, Condition, Not, Subject, Test

#: What is being asked about: the id of each subject; a year as its four digits.
Bound = Mapping[Subject, str]

_COMPARE: Mapping[Comparison, Callable[[Fraction, Fraction], bool]] = {
    Comparison.EQUAL: lambda left, right: left == right,
    Comparison.NOT_EQUAL: lambda left, right: left != right,
    Comparison.AT_LEAST: lambda left, right: left >= right,
    Comparison.AT_MOST: lambda left, right: left <= right,
    Comparison.MORE: lambda left, right: left > right,
    Comparison.LESS: lambda left, right: left < right,
}


def bound_to(year: int | None = None, **ids: str) -> dict[Subject, str]:
    """`bound_to(2018, fund="central")`: the ids a condition is asked about."""
    found = {Subject(subject): identifier for subject, identifier in ids.items()}
    if year is not None:
        found[Subject.YEAR] = str(year)
    return found


def tests(condition: Condition) -> Iterator[Test]:
    """Every test of a condition, from left to right."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests(condition.inner)
    else:
        for part in condition.parts:
            yield from tests(part)


class Matcher:
    """Answers conditions for one case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._everywhere = frozenset(case.regions.ids)
        self._by_test: dict[int, tuple[Test, frozenset[str]]] = {}
        self._others: dict[int, tuple[Condition, tuple[Test, ...]]] = {}
        self._by_pattern: dict[tuple[int, tuple[bool, ...]], frozenset[str]] = {}

    def holds(self, condition: Condition | None, bound: Bound) -> bool:
        """Whether the condition (None: no condition) lets `bound` through.

        Raises ValueError for a test of a subject that is not bound; the reader lets no such condition in.
        """
        if condition is None:
            return True
        if isinstance(condition, Test):
            return self._holds(condition, bound)
        if isinstance(condition, Not):
            return not self.holds(condition.inner, bound)
        answers = (self.holds(part, bound) for part in condition.parts)
        return all(answers) if isinstance(condition, And) else any(answers)

    def regions(self, condition: Condition | None, bound: Bound) -> frozenset[str]:
        """The regions it lets through, when everything else is `bound`."""
        if condition is None:
            return self._everywhere
        known = self._others.get(id(condition))
        if known is None:
            others = tuple(test for test in tests(condition) if test.subject is not Subject.REGION)
            known = self._others[id(condition)] = condition, others
        key = id(condition), tuple([self._holds(test, bound) for test in known[1]])
        if key not in self._by_pattern:
            self._by_pattern[key] = self._set(condition, bound)
        return self._by_pattern[key]

    def _set(self, condition: Condition, bound: Bound) -> frozenset[str]:
        if isinstance(condition, Test):
            if condition.subject is Subject.REGION:
                return self._ids(condition)
            return self._everywhere if self._holds(condition, bound) else frozenset()
        if isinstance(condition, Not):
            return self._everywhere - self._set(condition.inner, bound)
        sets = [self._set(part, bound) for part in condition.parts]
        return frozenset.intersection(*sets) if isinstance(condition, And) else frozenset.union(*sets)

    def _holds(self, test: Test, bound: Bound) -> bool:
        if test.subject is Subject.PROJECT and test.subject not in bound and Subject.MEASURE in bound:
            return self._case.measures[bound[Subject.MEASURE]].project in test.values
        if test.subject not in bound:
            raise ValueError(f"a condition on {test.subject} where there is none")
        identifier = bound[test.subject]
        if test.subject is Subject.YEAR:
            year = Fraction(identifier)
            return any(_COMPARE[test.compare](year, Fraction(value)) for value in test.values)
        return identifier in self._ids(test)

    def _ids(self, test: Test) -> frozenset[str]:
        known = self._by_test.get(id(test))
        if known is None:
            known = self._by_test[id(test)] = test, frozenset(_passing(self._case, test))
        return known[1]


def _passing(case: Case, test: Test) -> Iterator[str]:
    """The ids of the test's subject for which it holds."""
    if test.subject is Subject.REGION and test.field not in ("id", "level", "tag"):
        yield from _with_attribute(case, test)
        return
    for identifier, properties in _properties(case, test):
        if not properties.isdisjoint(test.values):
            yield identifier


def _properties(case: Case, test: Test) -> Iterator[tuple[str, frozenset[str]]]:
    """Each id with what its field holds: one word, or its tags."""
    items: dict[Subject, Iterable[Fund | Measure | Group | Need | Project | Region]] = {
        Subject.FUND: case.funds.values(),
        Subject.MEASURE: case.measures.values(),
        Subject.GROUP: case.groups.values(),
        Subject.NEED: case.needs.values(),
        Subject.PROJECT: case.projects.values(),
        Subject.REGION: case.regions,
    }
    for item in items[test.subject]:
        if test.field == "tag" and not isinstance(item, Project):
            yield item.id, item.tags
        else:  # id, level, counts, kind
            yield item.id, frozenset({str(getattr(item, test.field))})


def _with_attribute(case: Case, test: Test) -> Iterator[str]:
    """Regions whose attribute compares so with one of the values; one without the attribute does not."""
    limits = [Fraction(value) for value in test.values]
    for region in case.regions:
        value = region.attributes.get(test.field)
        if value is not None and any(_COMPARE[test.compare](value, limit) for limit in limits):
            yield region.id
