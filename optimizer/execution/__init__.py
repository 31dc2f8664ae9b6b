"""Execution: a payment ledger of any length held against the plan, the case and the register.

`optimizer.execution.audit.audit_execution` is the door. The ledger is read in blocks and looked at by
column (polars): text becomes whole fen exactly, every row keeps its line, and what cannot be read is
reported, not dropped. Importing the room costs the engine's import; the command line does it only when asked
to.
"""
