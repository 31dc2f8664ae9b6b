"""Which rules, targets and funds contradict each other in a case that has no lawful plan.

A conflict is a set of statements (rows by id and year, fund amounts by `supply.f` and year) that cannot hold
together with the physical facts (accounts, costs, stocks), and, when `irreducible`, can once any of them is
dropped. `find_conflicts` names the smallest ones first.
"""

from optimizer.study.conflict.find import MOST, Conflict, Member, find_conflict, find_conflicts
from optimizer.study.conflict.statements import is_fact, touched

__all__ = ["MOST", "Conflict", "Member", "find_conflict", "find_conflicts", "is_fact", "touched"]
