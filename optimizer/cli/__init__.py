"""The command line. Thin: options in, a call to the rooms, text and an exit code out.

Importing this costs click and nothing else; what a command needs is imported when it runs.
"""

from optimizer.cli import study_commands as study_commands  # adds its commands to the group
from optimizer.cli.commands import main

__all__ = ["main"]
