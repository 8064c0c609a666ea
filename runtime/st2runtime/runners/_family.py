"""All processes that an action has started: who they are, and how they are ended.

StackStorm ends the processes of the action's session (`pkill -s`, st2common/util/shell.py). Here they are the
members of the session, every descendant, and on Linux whoever has inherited the mark that each run leaves
in its environment: a process that has left the session and lost its parent is found by that.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Collection, Iterable

GRACE = 3.0
"""How many seconds processes have to end by themselves after SIGTERM."""

MARK = "ST2C_PROCESS"
"""The variable of the environment that names one run; its value is nobody else's."""

_STEP = 0.02
_ROUNDS = 5

Key = tuple[int, str]
"""A process: its id and when it began, since ids are used again."""


class Family:
    """The processes that began with the leader of a session.

    `pid` is the leader's, `mark` the value of MARK in its environment, `gone` tells whether it has ended
    and been waited for.
    """

    def __init__(self, pid: int, mark: str, gone: Callable[[], bool]) -> None:
        self._pid = pid
        self._mark = f"{MARK}={mark}".encode()
        self._gone = gone
        self._seen: set[Key] = set()

    async def end(self) -> None:
        """End them all: SIGTERM, a time of grace, SIGKILL. Cancelled meanwhile, it kills at once."""
        if sys.platform == "win32":
            await _windows_end(self._pid)
            return
        try:
            await self._signal_until_gone(signal.SIGTERM, GRACE)
        finally:
            for _ in range(_ROUNDS):
                if not await self._signal_until_gone(signal.SIGKILL, _STEP * 5):
                    break

    async def _signal_until_gone(self, number: int, seconds: float) -> bool:
        """Signal each of them once, also those that come to light later; whether any is left."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        told: set[Key] = set()
        while alive := self._alive():
            # Parents first: a shell that sees its child killed would say so in the action's output.
            waiting = sorted(alive - told, key=lambda key: (key[0] != self._pid, key))
            refused = [pid for pid, _ in waiting if not _send(pid, number)]
            told |= alive
            if refused:
                await _send_as_root(refused, number)
            if loop.time() >= deadline:
                return True
            await asyncio.sleep(_STEP)
        return False

    def _alive(self) -> set[Key]:
        """Those that live now, with what they have started since the last look."""
        table = _table()
        session, leader = self._pid, self._pid
        if self._gone() and any(pid == leader for pid, *_ in table):
            # An id is not used again while it names a session: of ours nobody is left.
            session = leader = -1
        known = self._seen | {row[::3] for row in table if _has(row[0], self._mark)}
        ids = {pid for pid, _ in known}
        found = True
        while found:
            found = False
            for pid, parent, belongs, began in table:
                if (pid, began) in known or pid == os.getpid():
                    continue
                if belongs == session or pid == leader or parent in ids:
                    known.add((pid, began))
                    ids.add(pid)
                    found = True
        self._seen = known
        return known & {(pid, began) for pid, _, _, began in table}


def _has(pid: int, mark: bytes) -> bool:
    """Whether a mark is in the environment that a process was started with."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return pid != os.getpid() and mark in file.read()
    except OSError:  # another user's, or no /proc
        return False


def _send(pid: int, number: int) -> bool:
    """Whether the signal could be sent, or there is nobody any more to send it to."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return True


async def _send_as_root(pids: Iterable[int], number: int) -> None:
    """Signal what `sudo` has started, as StackStorm does; in vain where sudo asks for a password."""
    await _quietly("sudo", "-n", "kill", f"-{number}", *map(str, pids))


async def _windows_end(pid: int) -> None:
    await _quietly("taskkill", "/T", "/F", "/PID", str(pid))


async def _quietly(*command: str) -> None:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return
    await process.wait()


Row = tuple[int, int, int, str]
"""Of a process: its id, its parent's, its session's (or process group's) and when it began."""


def _table() -> list[Row]:
    """All processes that are not dead already."""
    try:
        ids: Collection[str] = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        ids = ()
    if not ids:
        return _table_by_ps()
    return [row for row in map(_row, ids) if row is not None]


def _row(pid: str) -> Row | None:
    """From /proc/PID/stat (proc(5)): the name in parentheses may hold anything."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    if len(fields) < 20 or fields[0] in (b"Z", b"X"):
        return None
    return int(pid), int(fields[1]), int(fields[3]), fields[19].decode("ascii")


def _table_by_ps() -> list[Row]:
    """Where there is no /proc (macOS, BSD); the process group stands for the session."""
    import subprocess

    try:
        command = ["ps", "-A", "-o", "pid=,ppid=,pgid=,stat=,lstart="]
        listed = subprocess.run(command, capture_output=True, check=False).stdout
    except OSError:
        return []
    rows = []
    for line in listed.decode("utf-8", "replace").splitlines():
        fields = line.split(None, 4)
        if len(fields) == 5 and not fields[3].startswith("Z"):
            rows.append((int(fields[0]), int(fields[1]), int(fields[2]), fields[4]))
    return rows
