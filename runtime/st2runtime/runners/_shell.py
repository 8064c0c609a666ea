"""What the two local shell runners share: a command run here, and its result.

Specified by `contrib/runners/local_runner/local_runner/base.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from st2runtime.runners import _processes
from st2runtime.runners._arguments import action_variables, seconds, sudo_refused, timeout_of
from st2runtime.runners._outcomes import refused, why
from st2runtime.runners._output import as_data, stripped
from st2runtime.runners._processes import KILLED, TERMINATED, Finished
from st2runtime.runners.base import Invocation, Outcome, Services

_TIMEOUT = 60.0


async def run_command(
    invocation: Invocation, services: Services, command: Sequence[str] | str
) -> Outcome:
    """Run a command with the invocation's `cwd`, `env`, `timeout` and `sudo_password`.

    The result has `stdout` and `stderr` (data when they are JSON), `return_code`, `succeeded`, `failed` and,
    when something beside the command went wrong, `error`. Raises FileNotFoundError, PermissionError or
    another OSError when the program cannot be started although the working directory is there.
    """
    parameters = invocation.parameters
    password, limit = parameters.get("sudo_password"), timeout_of(invocation, _TIMEOUT)
    finished = await _processes.run(
        command,
        line=services.line,
        timeout=limit,
        environment=_processes.environment(
            parameters.get("env") or {}, action_variables(invocation)
        ),
        cwd=parameters.get("cwd") or None,
        stdin=f"{password}\n\n".encode() if password else None,
    )
    return _outcome(finished, limit, bool(password))


def _outcome(finished: Finished, limit: float | None, with_password: bool) -> Outcome:
    code, error = finished.code, ""
    if finished.timed_out:
        error = f"Action failed to complete in {seconds(limit)} seconds"
    elif code in (KILLED, TERMINATED):
        error = f"The command was killed from outside by signal {-code}"
    if with_password and (wrong := sudo_refused(finished.stderr)):
        error, code = wrong, -1
    result: dict[str, Any] = {
        "failed": code != 0,
        "succeeded": code == 0,
        "return_code": code,
        "stdout": as_data(stripped(finished.stdout)),
        "stderr": as_data(stripped(finished.stderr)),
    }
    if error:
        result["error"] = error
    return Outcome(_STATUSES.get(code, "failed"), result)


_STATUSES = {0: "succeeded", KILLED: "timeout", TERMINATED: "abandoned"}
"""As StackStorm concludes from exit codes, whoever sent the signal."""


def not_started(error: Exception, invocation: Invocation) -> Outcome:
    """The outcome when the command's process could not be made."""
    return refused(f"the command could not be started: {why(error)}", invocation.secrets)
