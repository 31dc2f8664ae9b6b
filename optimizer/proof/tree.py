"""Proofs by cases: a column is at most k or at least k + 1; each case is shown to be impossible.

Cuts may come first: they hold wherever the case holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.proof.bound import contradicts
from optimizer.proof.box import Box
from optimizer.proof.cut import Round, with_cuts
from optimizer.proof.narrowing import narrowed
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


@dataclass(frozen=True)
class WithCuts:
    """The rows of these cuts are added, in this order; the rest is about all of them."""

    cuts: tuple[Round, ...]
    rest: Node


Node = Leaf | Branch | WithCuts


def refutes(system: System, proof: Node) -> bool:
    """Whether the proof shows that the system has no whole solution. Floats have no say in this."""
    waiting: list[tuple[System, Node, Box | None]] = [(system, proof, narrowed(system, system.box))]
    while waiting:
        rows, node, box = waiting.pop()
        if box is None:
            continue
        if isinstance(node, WithCuts):
            more, left = with_cuts(rows, box, node.cuts)
            waiting.append((more, node.rest, left))
        elif isinstance(node, Branch):
            cases = (
                (node.low, box.with_upper(node.column, node.at)),
                (node.high, box.with_lower(node.column, node.at + 1)),
            )
            waiting += [(rows, case, narrowed(rows, part, (node.column,))) for case, part in cases]
        elif not contradicts(rows, box, node.weights):
            return False
    return True


def size(proof: Node) -> int:
    """How many cases the proof tells apart."""
    waiting, cases = [proof], 0
    while waiting:
        node = waiting.pop()
        if isinstance(node, WithCuts):
            waiting.append(node.rest)
        elif isinstance(node, Branch):
            waiting += [node.low, node.high]
        else:
            cases += 1
    return cases
