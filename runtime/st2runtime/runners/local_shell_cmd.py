"""`local-shell-cmd`: a command line, run by the shell of this machine.

Specified by `contrib/runners/local_runner/local_runner/local_shell_command_runner.py`.
"""

from __future__ import annotations

import sys

from st2runtime.runners._arguments import as_user
from st2runtime.runners._outcomes import refused
from st2runtime.runners._shell import not_started, run_command
from st2runtime.runners.base import Invocation, Outcome, Services

NAMES = ("local-shell-cmd",)


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Run `cmd` with /bin/sh; on Windows with the shell that COMSPEC names."""
    command = invocation.parameters.get("cmd")
    if not isinstance(command, str):
        return refused(f"`{invocation.ref}` has no command: give the parameter `cmd`")
    try:
        if sys.platform == "win32":
            return await run_command(invocation, services, command)
        return await run_command(
            invocation, services, ("/bin/sh", "-c", as_user(command, invocation))
        )
    except (OSError, ValueError) as error:
        return not_started(error, invocation)
