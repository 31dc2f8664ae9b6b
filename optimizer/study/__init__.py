"""Studies: each a few calls to the other rooms (planning, naming a conflict, checking a case)."""
