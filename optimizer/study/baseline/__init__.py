"""What habit would do: money divided among regions by a formula, then spent as well as it can be."""

from optimizer.study.baseline.habit import Baseline, make_baseline
from optimizer.study.baseline.shares import Habit, Method, NothingToDivideError

__all__ = ["Baseline", "Habit", "Method", "NothingToDivideError", "make_baseline"]
