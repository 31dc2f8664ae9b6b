"""Case + Allocation -> Findings, exactly. It imports `models` and the standard library, and nothing else."""

from optimizer.audit.auditor import audit

__all__ = ["audit"]
