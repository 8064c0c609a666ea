"""Who holds an execution: a process, told apart from one that has its number later.

A holder that has not been heard of for a while has lost what it holds, be it that it is stopped or that its
machine is gone. Time is that of a clock that nobody sets; it begins anew with the machine.
"""

from __future__ import annotations

import json
import os
import time
from functools import cache
from pathlib import Path

SILENCE = 20.0
"""After how many seconds without a sign a holder has lost what it holds; ST2C_SILENCE says otherwise."""


def silence() -> float:
    """How many seconds a holder may be silent."""
    try:
        return max(0.5, float(os.environ.get("ST2C_SILENCE", SILENCE)))
    except ValueError:
        return SILENCE


def tick() -> float:
    """Seconds by a clock that nobody sets, sleep of the machine included where the system tells."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@cache
def boot() -> str:
    """What names the time since the machine has started; "" where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When a process began, as the system counts; "" when it is not there or the system does not tell."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    state, *rest = text.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]


def myself() -> str:
    """This process as the text that a lease keeps."""
    pid = os.getpid()
    return json.dumps([pid, _started(pid), boot()])


def name(holder: str) -> str:
    """A holder for people."""
    pid, _, _ = _read(holder)
    return f"process {pid}"


def lives(holder: str, renewed: float) -> bool:
    """Whether a holder that was last heard of at this tick still holds what it has."""
    pid, began, then = _read(holder)
    if then != boot() or not 0 <= tick() - renewed < silence():
        return False
    if began:
        return _started(pid) == began
    if os.name == "nt":  # where asking would end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _read(holder: str) -> tuple[int, str, str]:
    try:
        pid, began, then = json.loads(holder)
        return int(pid), str(began), str(then)
    except (ValueError, TypeError):
        return 0, "?", "?"
