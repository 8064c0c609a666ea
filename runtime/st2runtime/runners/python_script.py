"""`python-script`: a Python action of a pack, unmodified, in a process of its own.

Specified by `contrib/runners/python_runner/python_runner/python_runner.py`. What the action imports of
StackStorm is a stand-in (`python_child/`) that only this process has on its path.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from st2runtime.runners import _keys, _processes
from st2runtime.runners._arguments import action_variables, own, seconds, timeout_of
from st2runtime.runners._channel import Channel
from st2runtime.runners._outcomes import refused, why
from st2runtime.runners._processes import KILLED, TERMINATED, Finished
from st2runtime.runners._worktree import WorktreeError, entry_point_at
from st2runtime.runners.base import Invocation, Outcome, Services

NAMES = ("python-script",)

_TIMEOUT = 600.0
_INVALID_STATUS = 220
_WRAPPER = Path(__file__).with_name("python_child") / "wrapper.py"


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Run the method `run` of the action's class with the action's parameters."""
    if not invocation.entry_point:
        return refused(f"`{invocation.ref}` has no `entry_point`, the file with the action's class")
    try:
        async with entry_point_at(invocation) as (path, pack_path):
            return await _run_file(invocation, services, path, pack_path)
    except WorktreeError as error:
        return refused(str(error))
    except (OSError, ValueError) as error:
        return refused(f"the action could not be started: {why(error)}", invocation.secrets)


async def _run_file(
    invocation: Invocation, services: Services, path: str, pack_path: str
) -> Outcome:
    python = services.python(invocation.pack) if services.python else sys.executable
    job = _job(invocation, services, path)
    channel = Channel(job, functools.partial(_keys.answer, services.datastore, job["user"]))
    await channel.open()
    limit = timeout_of(invocation, _TIMEOUT)
    try:
        finished = await _processes.run(
            (python, "-u", str(_WRAPPER), *channel.arguments),
            line=services.line,
            timeout=limit,
            environment=_environment(invocation, python, pack_path),
            stdin=channel.stdin,
            inherit=channel.inherit,
            started=channel.started,
        )
        return _outcome(finished, await channel.result(), limit, invocation)
    finally:
        await channel.close()


def _job(invocation: Invocation, services: Services, path: str) -> dict[str, Any]:
    """What the process is told. Parameters and configuration are on no command line."""
    return {
        "pack": invocation.pack,
        "path": path,
        "user": str(invocation.context.get("user") or "stanley"),
        "config": dict(services.config(invocation.pack)),
        "parameters": own(invocation),
        "log_level": str(invocation.parameters.get("log_level") or "DEBUG"),
    }


def _environment(invocation: Invocation, python: str, pack_path: str) -> dict[str, str]:
    """Variables of the process: its PYTHONPATH has the pack's libraries, which `env` cannot change."""
    given = invocation.parameters.get("env") or {}
    allowed = {name: value for name, value in given.items() if str(name).lower() != "pythonpath"}
    libraries = [os.path.join(pack_path, part) for part in ("lib", os.path.join("actions", "lib"))]
    found = [folder for folder in libraries if pack_path and os.path.isdir(folder)]
    found += filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    variables = {
        "PYTHONPATH": os.pathsep.join(found),
        "PATH": _search_path(python),
        **({"PYTHONIOENCODING": "utf-8"} if sys.platform == "win32" else {}),
    }
    return _processes.environment(variables, allowed, action_variables(invocation))


def _search_path(python: str) -> str:
    """PATH; the programs of a virtual environment come first in it."""
    path, programs = os.environ.get("PATH", os.defpath), os.path.dirname(python)
    if os.path.exists(os.path.join(programs, os.pardir, "pyvenv.cfg")):
        return os.pathsep.join((programs, path))
    return path


def _outcome(
    finished: Finished,
    told: Mapping[str, Any] | None,
    limit: float | None,
    invocation: Invocation,
) -> Outcome:
    if finished.code == _INVALID_STATUS and told is None:
        return refused(finished.stderr, invocation.secrets)
    output: dict[str, Any] = {
        "stdout": finished.stdout,
        "stderr": finished.stderr,
        "exit_code": finished.code,
        # StackStorm's own word for an action that ended without a result.
        "result": "None" if told is None else told["result"],
    }
    if finished.timed_out:
        output["error"] = f"Action failed to complete in {seconds(limit)} seconds"
        return Outcome("timeout", output)
    if finished.code in (KILLED, TERMINATED):
        output["error"] = f"The action was killed from outside by signal {-finished.code}"
        return Outcome("timeout" if finished.code == KILLED else "failed", output)
    failed = finished.code != 0 or (told is not None and told["status"] is False)
    return Outcome("failed" if failed else "succeeded", output)
