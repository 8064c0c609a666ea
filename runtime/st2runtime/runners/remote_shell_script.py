"""`remote-shell-script`: a file of the pack, copied to other machines over SSH and run there.

Specified by `contrib/runners/remote_runner/remote_runner/remote_script_runner.py` and
`st2common/models/system/paramiko_script_action.py`. The folder `lib` beside the file goes with it; what
was copied is removed afterwards.
"""

from __future__ import annotations

import os
import posixpath
import re
import shlex
from typing import TYPE_CHECKING

from st2runtime.runners._arguments import joined, script_arguments
from st2runtime.runners._outcomes import refused
from st2runtime.runners._remote import Command, command_line, run_on_hosts
from st2runtime.runners.base import Invocation, Outcome, Services

if TYPE_CHECKING:
    from st2runtime.runners._ssh import Host

NAMES = ("remote-shell-script",)


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Run the entry point on each of the `hosts`, with the action's parameters as arguments."""
    script = invocation.entry_point
    if not script:
        return refused(f"`{invocation.ref}` has no `entry_point`, the file to run")
    if not os.path.isfile(script):
        return refused(f"the file of `{invocation.ref}` is not there: {script}")
    parameters = invocation.parameters
    unique = re.sub(r"[^\w.-]", "-", invocation.id) or "action"
    folder = posixpath.join(str(parameters.get("dir") or "/tmp"), unique)
    there = posixpath.join(folder, os.path.basename(script))
    started_in = shlex.quote(str(parameters.get("cwd") or "/tmp"))
    arguments = joined([there, *script_arguments(invocation)])
    line = command_line(invocation, f"cd {started_in} && {arguments}")

    async def on_host(host: Host) -> Command:
        await host.copy(script, there, os.path.join(os.path.dirname(script), "lib"))
        return line

    async def afterwards(host: Host) -> None:
        await host.run(f"rm -rf {shlex.quote(folder)}", lambda stream, text: None, 30)

    return await run_on_hosts(invocation, services, on_host, afterwards)
