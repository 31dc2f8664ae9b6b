"""Floats -> whole fen: a point of the lattice at which every row of the program holds exactly.

`settle` makes whole columns from a solver's answer; `read_off` turns them into an Allocation.
docs/settling.md describes the steps.
"""

from optimizer.settle.allocation import read_off
from optimizer.settle.lattice import Broken, broken_rows
from optimizer.settle.settle import Settled, SettleError, settle, settle_money

__all__ = ["Broken", "SettleError", "Settled", "broken_rows", "read_off", "settle", "settle_money"]
