"""`local-shell-script`: a file of the pack, run as a program on this machine.

Specified by `contrib/runners/local_runner/local_runner/local_shell_script_runner.py`. There, a shell makes the file
executable and starts it; here it is started itself, and the shell only when the system will not.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from contextlib import suppress

from st2runtime.runners._arguments import as_user, joined, script_arguments
from st2runtime.runners._outcomes import refused
from st2runtime.runners._shell import not_started, run_command
from st2runtime.runners._worktree import WorktreeError, entry_point_at
from st2runtime.runners.base import Invocation, Outcome, Services

NAMES = ("local-shell-script",)

_WINDOWS_PROGRAMS = {
    ".ps1": ("powershell", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File"),
    ".py": (sys.executable,),
    ".sh": ("bash",),
}


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Run the entry point with the action's parameters as arguments."""
    if not invocation.entry_point:
        return refused(f"`{invocation.ref}` has no `entry_point`, the file to run")
    try:
        async with entry_point_at(invocation) as (script, _):
            return await _run_file(invocation, services, script)
    except WorktreeError as error:
        return refused(str(error))
    except (OSError, ValueError) as error:
        return not_started(error, invocation)


async def _run_file(invocation: Invocation, services: Services, script: str) -> Outcome:
    arguments = script_arguments(invocation)
    if sys.platform == "win32":
        program = _WINDOWS_PROGRAMS.get(os.path.splitext(script)[1].lower(), ())
        found = [shutil.which(program[0]) or program[0], *program[1:]] if program else []
        return await run_command(invocation, services, [*found, script, *arguments])
    _make_executable(script)
    line = joined([script, *arguments])
    shell_line = as_user(line, invocation)
    if shell_line == line and os.access(script, os.X_OK):
        with suppress(OSError):  # no `#!` line, or nothing that it names: let the shell say it
            return await run_command(invocation, services, [script, *arguments])
    return await run_command(invocation, services, ("/bin/sh", "-c", shell_line))


def _make_executable(script: str) -> None:
    """As `chmod +x`, which StackStorm runs each time: where the file may not be changed, it stays."""
    with suppress(OSError):
        mode = os.stat(script).st_mode
        if not mode & stat.S_IXUSR:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(script, mode | (0o111 & ~mask))
