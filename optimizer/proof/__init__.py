"""Proofs about whole-number programs in whole-number arithmetic, checked without a solver and without
floats.

A solver only gives hints (weights of rows, which cuts, where to branch). What is said here rests on them in
no way: a wrong hint proves less or nothing. This room imports nothing of ours; docs/whatif.md, "How the
proof works", says it in words.
"""

from optimizer.proof.bound import contradicts, least_value
from optimizer.proof.box import Box
from optimizer.proof.cut import Cut, Round, derived, with_cuts
from optimizer.proof.narrowing import narrowed
from optimizer.proof.system import Row, System
from optimizer.proof.tree import Branch, Leaf, Node, WithCuts, refutes, size

__all__ = [
    "Box",
    "Branch",
    "Cut",
    "Leaf",
    "Node",
    "Round",
    "Row",
    "System",
    "WithCuts",
    "contradicts",
    "derived",
    "least_value",
    "narrowed",
    "refutes",
    "size",
    "with_cuts",
]
