"""`fenpei audit` and `fenpei check`: findings, and exit code 1 when a hard one is violated."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.case import Case
from models.citation import Text
from models.finding import Audit, Finding, State
from models.policy import Severity
from models.rules.tree import Comparison
from optimizer.cli.examining import examination
from optimizer.cli.executing import Execution, executed, with_note
from optimizer.cli.failures import ExitCode
from optimizer.cli.language import language, say
from optimizer.cli.output import message, result, screen
from optimizer.present.csv_texts import findings_csv
from optimizer.present.folder import ALLOCATION, altered, digest, manifest, replacing, require_ours
from optimizer.present.mapping import mapping_lines
from optimizer.present.objects import audit_object, to_json
from optimizer.read import read_case
from optimizer.read.catalogue import read_catalogue

if TYPE_CHECKING:
    from optimizer.present.audit_files import AuditReport


def audit_one(
    case: Path,
    allocation: Path,
    patches: tuple[str, ...],
    scenario: str | None,
    form: str,
    quiet: bool,
    out: Path | None = None,
    maps: tuple[str, ...] = (),
    sheets: tuple[str, ...] = (),
    unit: str | None = None,
    waivers: Path | None = None,
    execution: Execution | None = None,
    thresholds: Path | None = None,
) -> ExitCode:
    """Audit an allocation and, if asked, a payment ledger against it.

    A plan's folder is held against its manifest first.
    """
    from optimizer.present.audit_files import AuditReport, audit_report_object
    from optimizer.present.tables import audit_text
    from optimizer.read.foreign import TableOptions
    from optimizer.read.submitted import read_submitted

    known = read_case(case, patches, scenario)
    catalogue = read_catalogue(case, known, thresholds)
    if out is not None:
        require_ours(Path(os.path.realpath(out)))
    submission = read_submitted(allocation, known, TableOptions(maps, sheets, unit))
    if not quiet:
        for line in mapping_lines(known, submission, language()):
            message(line)
    changed = _manifest_findings(known, allocation, quiet) if allocation.is_dir() else ()
    paid = executed(known, submission.allocation, execution or Execution(), catalogue, submission)
    known, found = examination(known, submission, catalogue, (*changed, *paid.findings), waivers)
    title = say(
        f"审核 {allocation}：{known.title.zh}", f"Audit of {allocation}: {known.title.said(language())}"
    )
    sources = () if out is None else _sources(allocation, execution)
    report = AuditReport(known, submission, found, str(allocation), scenario, sources, paid.facts)
    if out is not None:
        _write(report, out, quiet)
    return _show(
        known,
        found,
        form,
        lambda: with_note(audit_text(known, found, language(), screen(), title), paid.note, screen()),
        lambda: audit_report_object(report, language()),
    )


def _sources(allocation: Path, execution: Execution | None) -> tuple[tuple[str, str], ...]:
    """The files that are audited with their sha256; of a plan's folder its allocation."""
    paths = [allocation / ALLOCATION if allocation.is_dir() else allocation]
    if execution is not None:
        paths += [path for path in (execution.payments, execution.beneficiaries) if path is not None]
    return tuple((path.name, digest(path)) for path in paths)


def _write(report: AuditReport, out: Path, quiet: bool) -> None:
    """The audit's folder, whole or not at all."""
    from optimizer.present.audit_files import audit_files

    facts = {"kind": "audit", "case": report.case.id, "case_sha256": report.case.sha256}
    with replacing(out, facts) as folder:
        for name, content in audit_files(report, language()):
            folder.write(name, content)
    if not quiet:
        message(say(f"已写出 {out}", f"Written to {out}"))


def check_one(case: Path, patches: tuple[str, ...], scenario: str | None, form: str, quiet: bool) -> ExitCode:
    """Cross-check a case from its data alone."""
    from optimizer.present.tables import check_text
    from optimizer.study.check import check_case

    known = read_case(case, patches, scenario)
    found = check_case(known, read_catalogue(case, known))
    title = say(f"核对案例：{known.title.zh}", f"Check of {known.title.said(language())}")
    return _show(
        known,
        found,
        form,
        lambda: check_text(known, found, language(), screen(), title),
        lambda: audit_object(known, found, language()),
    )


def _show(
    case: Case,
    found: Audit,
    form: str,
    table: Callable[[], str],
    whole: Callable[[], dict[str, Any]],
) -> ExitCode:
    if form == "json":
        result(to_json(whole()), data=True)
    elif form == "csv":
        result(findings_csv(case, found, language()), data=True)
    else:
        result(table())
    broken = any(finding.broken for finding in found.findings)
    return ExitCode.BROKEN if broken else ExitCode.DONE


def _manifest_findings(case: Case, folder: Path, quiet: bool) -> tuple[Finding, ...]:
    """A violated finding for every file that is not as it was written."""
    facts = manifest(folder)
    if facts is not None and facts.get("case_sha256") != case.sha256 and not quiet:
        made_with = facts.get("made_with") or say("（无 --scenario 和 --set）", "(no --scenario, no --set)")
        message(
            say(
                f"注意：案例数据与编制该方案时的不同。编制时用的是：{made_with}",
                f"Note: the case is not as it was when the plan was made. It was made with: {made_with}",
            )
        )
    return tuple(_manifest_finding(case, text) for text in altered(folder))


def _manifest_finding(case: Case, text: Text) -> Finding:
    return Finding(
        rule="manifest",
        severity=Severity.HARD,
        state=State.VIOLATED,
        region=case.regions.root,
        year=None,
        left=None,
        compare=Comparison.EQUAL,
        right=None,
        margin=None,
        unit="file",
        words=text,
    )
