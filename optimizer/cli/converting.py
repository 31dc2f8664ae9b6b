"""`fenpei template` and `fenpei convert`: what was written, and what of the original it does not hold."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

from optimizer.cli.failures import ExitCode, refuse
from optimizer.cli.language import language, say
from optimizer.cli.output import message, result
from optimizer.read.workbook.convert import ENDING, Converted, template, to_folder, to_workbook

_YEARS = re.compile(r"((?:19|20|21)\d\d)(?:[-–~]((?:19|20|21)\d\d))?")


def write_template(
    file: Path, source: Path | None, years: str | None, force: bool, form: str, quiet: bool
) -> ExitCode:
    """An empty workbook, or one filled from a case."""
    if source is not None:
        if years is not None:
            refuse(
                "--from 的案例自有年份，不能再给 --years",
                "the case of --from has its years: leave --years out",
            )
        done = to_workbook(source, file, language(), force=force)
    else:
        done = template(file, _years(years), language(), force=force)
    return _told(done, form, quiet)


def convert_case(source: Path, target: Path, force: bool, form: str, quiet: bool) -> ExitCode:
    """A folder to a workbook, a workbook to a folder, or a workbook laid out anew."""
    if target.suffix.lower() == ENDING:
        done = to_workbook(source, target, language(), force=force)
    else:
        done = to_folder(source, target)
    return _told(done, form, quiet)


def _years(given: str | None) -> range:
    """The years of `--years 2016-2018`; three from this one on without it."""
    if given is None:
        first = datetime.date.today().year
        return range(first, first + 3)
    found = _YEARS.fullmatch(given.strip())
    if found is None:
        refuse(f"--years 应如 2016-2018，现为「{given}」", f'--years is written as 2016-2018, not "{given}"')
    first, last = int(found.group(1)), int(found.group(2) or found.group(1))
    if not first <= last < first + 50:
        refuse(
            "--years 的末年须不早于首年，且不超过 50 年", "--years must run forward, over at most 50 years"
        )
    return range(first, last + 1)


def _told(done: Converted, form: str, quiet: bool) -> ExitCode:
    left = [text.said(language()) for text in done.left]
    if form == "json":
        facts = {
            "out": str(done.out),
            "case": None if done.case is None else done.case.id,
            "sha256": None if done.case is None else done.case.sha256,
            "not_carried": left,
        }
        result(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", data=True)
    elif form == "csv":
        result(f"out\n{done.out}\n", data=True)
    else:
        result(say(f"已写出 {done.out}\n", f"Written: {done.out}\n"))
    if left and not quiet:
        message(say("没有带过去的：", "Not carried over: ") + say("；", "; ").join(left))
    return ExitCode.DONE
