"""分层支付: a unit's bill passed from payer to payer, in whole fen.

Each layer sees what the ones before it left. The auditor works the same out in code of its own
(`optimizer.audit.chains`).
"""

from __future__ import annotations

from collections.abc import Sequence

from models.policy import Layer


def layer_amounts(layers: Sequence[Layer], bill: int) -> tuple[int, ...]:
    """Fen of the bill that each layer pays, in order: at most what is left, rounded down to whole fen."""
    left = bill
    paid = []
    for layer in layers:
        above = max(0, left - layer.deductible)
        part = above * layer.rate.numerator // layer.rate.denominator
        part = part if layer.cap is None else min(part, layer.cap)
        paid.append(part)
        left -= part
    return tuple(paid)


def borne(layers: Sequence[Layer], bill: int) -> int:
    """Fen of the bill that the case's own funds pay: all of it where there are no layers."""
    if not layers:
        return bill
    amounts = layer_amounts(layers, bill)
    return sum(part for layer, part in zip(layers, amounts, strict=True) if layer.payer is not None)
