"""`remote-shell-cmd`: a command line, run by the shell of other machines over SSH.

Specified by `contrib/runners/remote_runner/remote_runner/remote_command_runner.py` and
`st2common/models/system/paramiko_command_action.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2runtime.runners._outcomes import refused
from st2runtime.runners._remote import Command, command_line, run_on_hosts
from st2runtime.runners.base import Invocation, Outcome, Services

if TYPE_CHECKING:
    from st2runtime.runners._ssh import Host

NAMES = ("remote-shell-cmd",)


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Run `cmd` on each of the `hosts`; the result has one mapping a host, as a local command gives it."""
    command = invocation.parameters.get("cmd")
    if not isinstance(command, str):
        return refused(f"`{invocation.ref}` has no command: give the parameter `cmd`")
    folder = str(invocation.parameters.get("cwd") or "/tmp")
    # Not quoted, as in StackStorm: `~` and variables mean something here.
    line = command_line(invocation, f"cd {folder} && {command}")

    async def on_host(host: Host) -> Command:
        return line

    return await run_on_hosts(invocation, services, on_host)
