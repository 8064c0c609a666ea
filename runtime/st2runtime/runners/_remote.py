"""What the two remote shell runners share: many hosts at once, and one result out of theirs.

Specified by `st2common/runners/parallel_ssh.py` (results, errors) and `paramiko_ssh_runner.py` (statuses).
"""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from st2lang.record import record
from st2runtime.runners._arguments import action_variables, seconds, sudo_refused, timeout_of
from st2runtime.runners._outcomes import masked, refused, strings, why
from st2runtime.runners._output import as_data, stripped
from st2runtime.runners.base import Invocation, Outcome, Services

_TIMEOUT = 60.0
_AT_ONCE = 50
_FAILED = 255
_TIMED_OUT = -9


@record
class Command:
    """A command line for a remote shell. `stdin` is what it reads; `terminal` joins its two outputs."""

    text: str
    stdin: bytes = b""
    terminal: bool = False


def command_line(invocation: Invocation, command: str) -> Command:
    """A command with the action's variables set, by sudo when asked for.

    Where sudo needs a password it reads it from its standard input: StackStorm writes it into the command.
    """
    parameters = invocation.parameters
    variables = {**(parameters.get("env") or {}), **action_variables(invocation)}
    exports = " ".join(
        f"{shlex.quote(str(name))}={shlex.quote('' if value is None else str(value))}"
        for name, value in variables.items()
    )
    whole = f"export {exports} && {command}"
    if not parameters.get("sudo"):
        return Command(whole)
    password = parameters.get("sudo_password")
    if password:
        return Command(f"sudo -S -E -- bash -c {shlex.quote(whole)}", f"{password}\n".encode())
    return Command(f"sudo -E -- bash -c {shlex.quote(whole)}", terminal=True)


async def run_on_hosts(
    invocation: Invocation,
    services: Services,
    on_host: Callable[[Any], Awaitable[Command]],
    afterwards: Callable[[Any], Awaitable[None]] | None = None,
) -> Outcome:
    """Run what `on_host` prepares on all hosts at once; `afterwards` cleans up on each.

    The result has a mapping for each host, by its name without the port (with it when a name is there
    twice). `succeeded` is when all hosts have, `timeout` when the time was over on all of them.
    """
    from st2runtime.runners import _ssh

    try:
        addresses = [_ssh.address(text) for text in strings(invocation.parameters.get("hosts"))]
        # A key's passphrase is slow to check, on purpose: not in the event loop.
        login = await asyncio.to_thread(_ssh.login, invocation.parameters)
    except (ValueError, OSError) as error:
        return refused(why(error), invocation.secrets)
    if not addresses:
        return refused(f"`{invocation.ref}` has no hosts to run on: give the parameter `hosts`")
    names = [address.name for address in addresses]
    names = [n if names.count(n) == 1 else a.text for n, a in zip(names, addresses, strict=True)]
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(address: Any, name: str) -> tuple[bool, dict[str, Any]]:
        line = services.line
        if len(addresses) > 1:
            line = lambda stream, text: services.line(stream, f"[{name}] {text}")  # noqa: E731
        async with gate:
            return await _run_on(address, login, invocation, line, on_host, afterwards)

    told = await asyncio.gather(*map(one, addresses, names))
    results = {name: result for name, (_, result) in zip(names, told, strict=True)}
    if not any(connected for connected, _ in told):
        listed = json.dumps(results, indent=2, ensure_ascii=False)
        return refused(
            f"Unable to connect to any one of the hosts: {names}.\n\n connect_errors={listed}",
            invocation.secrets,
        )
    return Outcome(_status(results), results)


def _status(results: Mapping[str, Mapping[str, Any]]) -> str:
    if all(result["succeeded"] for result in results.values()):
        return "succeeded"
    return "timeout" if all(result.get("timeout") for result in results.values()) else "failed"


async def _run_on(
    address: Any,
    login: Any,
    invocation: Invocation,
    line: Callable[[str, str], None],
    on_host: Callable[[Any], Awaitable[Command]],
    afterwards: Callable[[Any], Awaitable[None]] | None,
) -> tuple[bool, dict[str, Any]]:
    """Whether the host could be reached, and its result."""
    from st2runtime.runners._ssh import ERRORS, connected, unreachable

    limit = timeout_of(invocation, _TIMEOUT)
    reached = False
    try:
        async with connected(address, login, limit) as host:
            reached = True
            try:
                return True, await _on(host, address.name, invocation, line, on_host, limit)
            finally:
                if afterwards is not None:
                    with suppress(*ERRORS):
                        await afterwards(host)
    except ERRORS as error:
        if reached:
            raise
        return False, _error(unreachable(address, error), invocation)


async def _on(
    host: Any,
    name: str,
    invocation: Invocation,
    line: Callable[[str, str], None],
    on_host: Callable[[Any], Awaitable[Command]],
    limit: float | None,
) -> dict[str, Any]:
    """The result of a host that answers."""
    from st2runtime.runners._ssh import ERRORS

    try:
        command = await on_host(host)
    except ERRORS as error:
        told = f"Failed sending file(s) in path {invocation.entry_point} to host {name}"
        return _error(f"{told} {why(error)}", invocation)
    shown = f'Failed executing command "{command.text}" on host "{name}"'
    try:
        done = await host.run(command.text, line, limit, command.stdin, command.terminal)
    except ERRORS as error:
        return _error(f"{shown} {why(error)}", invocation)
    stdout, stderr = (_clean(text, command.terminal) for text in (done.stdout, done.stderr))
    if done.timed_out:
        told = f"{shown} Command didn't finish in {seconds(limit)} seconds"
        return _error(told, invocation, stdout, stderr, timed_out=True)
    if command.stdin and (wrong := sudo_refused(stderr)):
        return _error(f"{shown} {wrong}", invocation)
    return {
        "stdout": as_data(stdout),
        "stderr": as_data(stderr),
        "return_code": done.code,
        "succeeded": done.code == 0,
        "failed": done.code != 0,
    }


def _clean(text: str, terminal: bool) -> str:
    """Output without its last line end; a terminal's line ends become ordinary ones."""
    return stripped(text).replace("\r\n", "\n") if terminal else stripped(text)


def _error(
    message: str,
    invocation: Invocation,
    stdout: str = "",
    stderr: str = "",
    timed_out: bool = False,
) -> dict[str, Any]:
    return {
        "failed": True,
        "succeeded": False,
        "timeout": timed_out,
        "return_code": _TIMED_OUT if timed_out else _FAILED,
        "stdout": stdout,
        "stderr": stderr,
        "error": masked(message, invocation.secrets),
        "traceback": "",
    }
