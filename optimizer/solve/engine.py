"""What each engine can do and what it gets wrong, as data with the reason beside each quirk.

`engines()` says what is installed without importing any of it; `require` refuses an engine that is missing,
too old or known to return wrong answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from importlib import metadata

from optimizer.solve.problem import EngineUnavailable


@dataclass(frozen=True)
class BadVersion:
    """A release that must not be used, and why."""

    version: str
    reason: str


@dataclass(frozen=True)
class Engine:
    """One engine: its abilities, the versions it needs, and the quirks this room works around."""

    name: str
    title: str
    package: str
    module: str
    adapter: str
    minimum_version: str
    lp: bool
    mip: bool
    mip_start: bool
    reports_bound: bool
    reports_progress: bool
    stops_from_outside: bool
    bad_versions: tuple[BadVersion, ...] = ()
    quirks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    version: str | None = None

    @property
    def installed(self) -> bool:
        """Whether the package is installed, whatever its version."""
        return self.version is not None


_ENGINES = (
    Engine(
        name="highs",
        title="HiGHS",
        package="highspy",
        module="highspy",
        adapter="optimizer.solve.highs",
        minimum_version="1.15.1",
        lp=True,
        mip=True,
        mip_start=True,
        reports_bound=True,
        reports_progress=True,
        stops_from_outside=True,
        bad_versions=(BadVersion("1.14.0", 'it returns wrong "optimal" values on models of two variables'),),
        quirks=(
            "a NaN cost gives optimal with objective NaN: numbers are checked before and after",
            "refused rows and options only return a code: every code is checked, sizes are compared",
            "coefficients up to 1e-9 are dropped with a warning: they are refused before",
            "interior point can end unknown with a right objective: dual simplex is asked next",
            "1.16 prints a banner before it can be told not to: it is told while it is being made",
            "a time limit can be overrun: a watch cancels, and leaves a solver that does not answer",
        ),
        aliases=("highspy",),
    ),
    Engine(
        name="ortools",
        title="OR-Tools (GLOP, SCIP)",
        package="ortools",
        module="ortools.math_opt.python.mathopt",
        adapter="optimizer.solve.or_tools",
        minimum_version="9.12",
        lp=True,
        mip=True,
        mip_start=True,
        reports_bound=True,
        reports_progress=False,
        stops_from_outside=False,
        quirks=(
            "SCIP on an unbounded problem can end in an internal error: that is FAILED, never a guess",
            "an interrupter makes SCIP print errors: it gets none, and is left behind when interrupted",
            "its CP-SAT with several workers can corrupt memory (issue 5048): it is not used",
        ),
        aliases=("or-tools",),
    ),
    Engine(
        name="cbc",
        title="CBC (PuLP)",
        package="PuLP",
        module="pulp",
        adapter="optimizer.solve.cbc",
        minimum_version="3.3",
        lp=True,
        mip=True,
        mip_start=True,
        reports_bound=True,
        reports_progress=False,
        stops_from_outside=True,
        quirks=(
            "PuLP says Optimal when CBC ran out of time: CBC's own log is read, for status and for bound",
            "CBC's preprocessing can lose the optimum, as its log hints: it is asked without it",
            "CBC can say infeasible when unbounded or out of time: it is asked again",
            "PuLP writes 13 digits: larger numbers are rounded",
            "PuLP's MPS leaves the constant of the objective out: it is added by a column fixed at 1",
        ),
        aliases=("pulp",),
    ),
)


def engines() -> tuple[Engine, ...]:
    """Every engine this room knows, with the version that is installed or None."""
    return tuple(replace(engine, version=_installed_version(engine.package)) for engine in _ENGINES)


def require(name: str) -> Engine:
    """The engine of that name or alias, fit for use, or EngineUnavailable."""
    wanted = name.strip().lower()
    engine = next((e for e in engines() if wanted in (e.name, *e.aliases)), None)
    if engine is None:
        known = ", ".join(e.name for e in _ENGINES)
        raise EngineUnavailable(f'there is no engine "{name}"; choose one of {known}')
    if engine.version is None:
        raise EngineUnavailable(f"{engine.title} is not installed; pip install {engine.package}")
    remedy = f"install {engine.package} {engine.minimum_version} or later"
    for bad in engine.bad_versions:
        if _numbers(engine.version) == _numbers(bad.version):
            raise EngineUnavailable(f"{engine.package} {bad.version} is refused: {bad.reason}; {remedy}")
    if _numbers(engine.version) < _numbers(engine.minimum_version):
        raise EngineUnavailable(f"{engine.package} {engine.version} is too old; {remedy}")
    return engine


def _installed_version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version without trailing zeros, for comparing."""
    found = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in found.group().split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
