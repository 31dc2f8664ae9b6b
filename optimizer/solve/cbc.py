"""CBC as PuLP brings it: a scaled Problem in, an Answer out, through PuLP's MPS file and its own process.

PuLP's own status is not used: it says Optimal when time ran out. CBC's log and solution file are read, both
must agree, and the numbers come from its binary solution file, since the readable one has 8 digits.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from optimizer.solve.files import PulpModel, pulp_model
from optimizer.solve.problem import FloatArray, Options, Problem, Progress, SolveError, Stop
from optimizer.solve.verdict import Answer
from optimizer.solve.watch import Ended, watch
from optimizer.solve.way import Way

#: What CBC's log says after "Result - ".
RESULTS = {
    "Optimal solution found": Stop.OPTIMAL,
    "Optimal solution found (within gap tolerance)": Stop.OPTIMAL,
    "Linear relaxation infeasible": Stop.INFEASIBLE,
    "Problem proven infeasible": Stop.INFEASIBLE,
    "Linear relaxation unbounded": Stop.UNBOUNDED,
    "Stopped on time limit": Stop.TIME_LIMIT,
    "Stopped on node limit": Stop.UNKNOWN,
    "Stopped on solution limit": Stop.UNKNOWN,
    "Stopped on iteration limit": Stop.UNKNOWN,
    "User ctrl-c": Stop.INTERRUPTED,
    "User ctrl-cuser ctrl-c": Stop.INTERRUPTED,
    "Difficulties during run": Stop.FAILED,
}
#: How the first line of CBC's solution file begins.
FIRST_LINES = {
    "Optimal": Stop.OPTIMAL,
    "Infeasible": Stop.INFEASIBLE,
    "Integer infeasible": Stop.INFEASIBLE,
    "Unbounded": Stop.UNBOUNDED,
    "Stopped on time": Stop.TIME_LIMIT,
    "Stopped on iterations": Stop.UNKNOWN,
    "Stopped on difficulties": Stop.FAILED,
    "Stopped on ctrl-c": Stop.INTERRUPTED,
}
LP_COMMANDS = {
    Way.FIRST: ["-barrier"],
    Way.OTHER: ["-dualSimplex"],
    Way.AGAIN: ["-presolve", "off", "-dualSimplex"],
}
MIP_COMMANDS = {
    Way.FIRST: ["-solve"],
    Way.OTHER: ["-preprocess", "off", "-solve"],
    Way.AGAIN: ["-presolve", "off", "-preprocess", "off", "-solve"],
}
#: CBC's own doubt: it solved another problem than it was given, and neither point nor bound means anything.
DOUBT = "Postprocessing changed objective"
#: Seconds that CBC has to write what it has; its interior point does not listen, and is killed.
PATIENCE = 3.0
#: CBC prints its bound with three decimals.
BOUND_DIGITS = 5e-4


def ask(problem: Problem, options: Options, way: Way, limit: float | None) -> Answer:
    """Solve the scaled problem in one way within `limit` seconds, in a process that is stopped from here."""
    started = time.monotonic()
    rows, columns = _numbered("r", problem.rows), _numbered("x", problem.columns)
    pulp_form = pulp_model(problem, rows, columns)
    with tempfile.TemporaryDirectory(prefix="fenpei-cbc-") as name:
        folder = Path(name)
        pulp_form.model.writeMPS(str(folder / "p.mps"))
        left = None if limit is None else limit - (time.monotonic() - started)
        if left is not None and left <= 0:
            return Answer(Stop.TIME_LIMIT, "CBC: time ran out while the model was written")
        ended = _run(_commands(folder, problem, options, way, left, columns), folder, options, left)
        return _read(folder, problem, pulp_form, ended, options)


def _commands(
    folder: Path, problem: Problem, options: Options, way: Way, limit: float | None, columns: list[str]
) -> list[str]:
    import pulp

    seed = str(options.seed + 1 + (way is not Way.FIRST))
    commands = [str(Path(pulp.PULP_CBC_CMD.pulp_cbc_path).resolve()), "p.mps", "-randomSeed", seed]
    if limit is not None:
        commands += ["-timeMode", "elapsed", "-sec", f"{limit:.3f}"]
    if problem.is_mip:
        commands += ["-randomCbcSeed", seed, "-ratioGap", f"{options.gap:.9g}", "-allowableGap", "1e-9"]
        if options.threads > 1:
            commands += ["-threads", str(options.threads)]
        if options.start is not None:
            _write_start(folder / "start.sol", columns, options.start)
            commands += ["-mipStart", "start.sol"]
    commands += (MIP_COMMANDS if problem.is_mip else LP_COMMANDS)[way]
    return [*commands, "-solution", "p.sol", "-saveSolution", "p.bin"]


def _run(commands: list[str], folder: Path, options: Options, limit: float | None) -> Ended:
    report = options.progress

    def tick(seconds: float) -> None:
        if report is not None:
            report(Progress(seconds, None, None))

    with (folder / "log").open("wb") as log:
        try:
            process = subprocess.Popen(
                commands, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        except OSError as error:
            raise SolveError(f"CBC cannot be started: {error}") from error
        try:
            return watch(process.wait, lambda: _stop(process), limit, tick, PATIENCE).ended
        finally:
            process.kill()
            process.wait()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """CBC answers an interrupt by writing what it has."""
    if os.name == "nt":
        process.terminate()
    else:
        process.send_signal(signal.SIGINT)


def _read(folder: Path, problem: Problem, pulp_form: PulpModel, ended: Ended, options: Options) -> Answer:
    log = (folder / "log").read_text(encoding="utf-8", errors="replace")
    solution = folder / "p.sol"
    first_line = solution.read_text(encoding="utf-8").split("\n", 1)[0] if solution.exists() else ""
    stop, message = verdict(log, first_line)
    if ended is not Ended.BY_ITSELF:
        stop = Stop.TIME_LIMIT if ended is Ended.TOLD_TIME else Stop.INTERRUPTED
    answer = Answer(stop, message, either=stop is Stop.INFEASIBLE and "infeasible or unbounded" in log)
    saved = folder / "p.bin"
    if not saved.exists():
        return answer
    values, row_duals = _saved(saved, problem, pulp_form)
    if problem.is_mip:
        return replace(answer, values=values, bound=proven_bound(log, stop, options.gap))
    return replace(answer, values=values, row_duals=row_duals)


def verdict(log: str, first_line: str) -> tuple[Stop, str]:
    """What log and solution file say together; UNKNOWN when they disagree or CBC doubts itself."""
    found = re.findall(r"^Result - (.*?)\s*$", log, re.MULTILINE)
    said = [RESULTS.get(found[-1], Stop.UNKNOWN)] if found else []
    prefix = max((p for p in FIRST_LINES if first_line.startswith(p)), key=len, default=None)
    if prefix is not None:
        said.append(FIRST_LINES[prefix])
    known = {stop for stop in said if stop is not Stop.UNKNOWN}
    message = f'CBC: result "{found[-1] if found else ""}", solution file "{first_line.strip()}"'
    if DOUBT in log:
        return Stop.UNKNOWN, f"{message}; postprocessing changed the objective"
    if len(known) == 1:
        return known.pop(), message
    return Stop.UNKNOWN, message


def proven_bound(log: str, stop: Stop, gap: float) -> float | None:
    """CBC's bound from its log; without one, "optimal" means within the gap that CBC was given."""
    if DOUBT in log:
        return None
    bounds = re.findall(r"^Lower bound:\s+(\S+)\s*$", log, re.MULTILINE)
    if bounds:
        return float(bounds[-1]) - BOUND_DIGITS
    objectives = re.findall(r"^Objective value:\s+(\S+)\s*$", log, re.MULTILINE)
    if stop is Stop.OPTIMAL and objectives:
        objective = float(objectives[-1])
        return objective - gap * abs(objective)
    return None


def _saved(path: Path, problem: Problem, pulp_form: PulpModel) -> tuple[FloatArray, FloatArray]:
    """CBC's binary solution: counts, objective, row activities, row duals, column values, reduced costs."""
    content = path.read_bytes()
    rows, columns = (int(n) for n in np.frombuffer(content[:8], dtype=np.int32))
    if (rows, columns) != (len(pulp_form.rows), len(pulp_form.columns)):
        raise SolveError(
            f"CBC holds {rows} rows and {columns} columns, {len(pulp_form.rows)} and "
            f"{len(pulp_form.columns)} were sent"
        )
    numbers = np.frombuffer(content[16:], dtype=np.float64)
    values = np.zeros(problem.columns + 1)  # the last for the constant, whose number is -1
    values[pulp_form.columns] = numbers[2 * rows : 2 * rows + columns]
    duals = np.bincount(
        np.array(pulp_form.rows, dtype=np.intp), weights=numbers[rows : 2 * rows], minlength=problem.rows
    )
    return values[:-1], duals.astype(np.float64, copy=False)


def _write_start(path: Path, columns: list[str], start: FloatArray) -> None:
    lines = [
        f"{j} {name} {value!r} 0" for j, (name, value) in enumerate(zip(columns, start.tolist(), strict=True))
    ]
    path.write_text("\n".join(["Stopped on time - objective value 0", *lines, ""]), encoding="ascii")


def _numbered(letter: str, count: int) -> list[str]:
    return [f"{letter}{number:08d}" for number in range(count)]
