"""Solving: arrays in, a re-checked Outcome out, by HiGHS, OR-Tools or CBC.

This room knows nothing of counties and funds. Engines are imported when they are asked, not before.
"""

from optimizer.solve.engine import BadVersion, Engine, engines
from optimizer.solve.files import write
from optimizer.solve.problem import (
    BoolArray,
    EnginesDisagree,
    EngineUnavailable,
    FloatArray,
    IntArray,
    Options,
    Outcome,
    Problem,
    ProblemError,
    Progress,
    SolveError,
    Stop,
    check,
)
from optimizer.solve.run import cross_check, solve
from optimizer.solve.selftest import SelfTestResult, selftest

__all__ = [
    "BadVersion",
    "BoolArray",
    "Engine",
    "EngineUnavailable",
    "EnginesDisagree",
    "FloatArray",
    "IntArray",
    "Options",
    "Outcome",
    "Problem",
    "ProblemError",
    "Progress",
    "SelfTestResult",
    "SolveError",
    "Stop",
    "check",
    "cross_check",
    "engines",
    "selftest",
    "solve",
    "write",
]
