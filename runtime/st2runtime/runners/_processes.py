"""One process of an action: run to its end, its time limit or its cancellation, with all it has started.

Specified by `st2common/util/green/shell.py`: a session of its own, an exit code of -9 when the time is over,
the output so far kept. There, an action also waits for those who hold its output open after it has ended;
here the time limit ends that as well.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from st2lang.record import record
from st2runtime.runners._child import Child, start
from st2runtime.runners._family import MARK, Family
from st2runtime.runners._output import Stream

KILLED = -9
TERMINATED = -15

_REAP = 1.0
"""How many seconds the system may take to tell of a killed process."""

Line = Callable[[str, str], None]


@record
class Finished:
    """How a process ended: `code` is negative for a signal, -9 when `timed_out`; its output as text."""

    code: int
    stdout: str
    stderr: str
    timed_out: bool = False


async def run(
    command: Sequence[str] | str,
    *,
    line: Line,
    timeout: float | None,
    environment: Mapping[str, str],
    cwd: str | None = None,
    stdin: bytes | None = None,
    inherit: Sequence[int] = (),
    started: Callable[[], None] = lambda: None,
) -> Finished:
    """Run a program to its end.

    A text as command goes to Windows' shell. `timeout` is in seconds, None for no limit; 0 is over at
    once. `stdin` (at most 4 KiB) is given to the process; without it, it reads nothing. `inherit` are
    file descriptors that the process shall have; `started` is called when it has them. Raises OSError (no
    such program, folder …) or ValueError (a null character) when it cannot be started. Cancelled, it ends
    the process with all that it has started. When very many run already, it waits for one to end; the time
    limit begins when the process does.
    """
    async with _gate():
        return await _run(command, line, timeout, environment, cwd, stdin, inherit, started)


async def _run(
    command: Sequence[str] | str,
    line: Line,
    timeout: float | None,
    environment: Mapping[str, str],
    cwd: str | None,
    stdin: bytes | None,
    inherit: Sequence[int],
    started: Callable[[], None],
) -> Finished:
    mark = secrets.token_hex(8)
    stdout, stderr = (
        Stream(lambda text: line("stdout", text)),
        Stream(lambda text: line("stderr", text)),
    )
    child = await start(
        command,
        (stdout, stderr),
        cwd=cwd,
        environment={**environment, MARK: mark},
        stdin=stdin,
        inherit=inherit,
    )
    try:
        started()
        timed_out = await _wait(child, mark, timeout)
        code = child.code
    finally:
        child.close()
    stdout.close()
    stderr.close()
    ended = KILLED if timed_out or code is None else code
    return Finished(ended, stdout.text(), stderr.text(), timed_out)


def _gate() -> asyncio.Semaphore:
    """Lets so many processes run at once as this one may have files open for."""
    loop = asyncio.get_running_loop()
    gate = _GATES.get(loop)
    if gate is None:
        gate = _GATES[loop] = asyncio.Semaphore(_most())
    return gate


_GATES: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _most() -> int:
    """How many: a process takes up to five files, and others need some, too."""
    try:
        import resource

        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    except ImportError:
        files = 1024
    return max(4, min(512, (files - 64) // 5)) if files > 0 else 512


async def _wait(child: Child, mark: str, timeout: float | None) -> bool:
    """Wait for the end; True when the time was over first. What is left then is ended."""
    try:
        async with asyncio.timeout(timeout):
            await child.ended.wait()
    except TimeoutError:
        await _end(child, mark)
        return True
    except asyncio.CancelledError:
        await _end(child, mark)
        raise
    return False


async def _end(child: Child, mark: str) -> None:
    await Family(child.pid, mark, lambda: child.code is not None).end()
    with suppress(TimeoutError):
        async with asyncio.timeout(_REAP):
            await child.exited.wait()


def environment(*layers: Mapping[str, Any]) -> dict[str, str]:
    """This process's environment with layers of variables over it, later ones winning.

    Values that are no text are written as Python writes them, null as nothing.
    """
    merged = dict(os.environ)
    for layer in layers:
        merged |= {str(k): "" if v is None else str(v) for k, v in layer.items()}
    return merged
