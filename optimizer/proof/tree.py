"""Proofs by cases: a column is at most k or at least k + 1; each case is shown to be impossible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.proof.bound import contradicts
from optimizer.proof.box import Box, narrowed
from optimizer.proof.system import System


@dataclass(frozen=True)
class Leaf:
    """A case that narrowing alone, or the contradiction of the rows with these weights, rules out."""

    weights: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Branch:
    """Two cases: `column` at most `at`, and at least `at + 1`."""

    column: int
    at: int
    low: Node
    high: Node


Node = Leaf | Branch


def refutes(system: System, proof: Node) -> bool:
    """Whether the proof shows that the system has no whole solution. Floats have no say in this."""
    waiting: list[tuple[Node, Box | None]] = [(proof, narrowed(system, system.box))]
    while waiting:
        node, box = waiting.pop()
        if box is None:
            continue
        if isinstance(node, Branch):
            cases = (
                (node.low, box.with_upper(node.column, node.at)),
                (node.high, box.with_lower(node.column, node.at + 1)),
            )
            waiting += [(case, narrowed(system, part, (node.column,))) for case, part in cases]
        elif not contradicts(system, box, node.weights):
            return False
    return True


def size(proof: Node) -> int:
    """How many cases the proof tells apart."""
    waiting, cases = [proof], 0
    while waiting:
        node = waiting.pop()
        if isinstance(node, Branch):
            waiting += [node.low, node.high]
        else:
            cases += 1
    return cases
