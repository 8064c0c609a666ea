"""What a process writes, as it comes and as a result: in bounded memory, decoded, stripped, perhaps JSON.

Specified by `st2common/util/misc.py` (what is stripped), `st2common/util/jsonify.py` (what becomes data) and
`contrib/runners/local_runner`. StackStorm collects without a bound and then cannot store more than 16 MiB;
here a stream keeps its beginning and its end.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

KEEP = 8 * 1024 * 1024
"""How many bytes of a stream are kept of its beginning, and as many of its end."""

_LONGEST_LINE = 64 * 1024


class Stream:
    """One output stream of a process: tells every line, keeps what a result may hold.

    `line` is called with each line, decoded and without its end; a line of more than 64 KiB comes in
    pieces. Give it bytes by `feed`, end it by `close`, then `text` is all of it.
    """

    __slots__ = ("_dropped", "_head", "_line", "_rest", "_tail")

    def __init__(self, line: Callable[[str], None]) -> None:
        self._line = line
        self._rest = bytearray()
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0

    def feed(self, data: bytes) -> None:
        """The next bytes."""
        self._keep(data)
        self._rest += data
        if b"\n" in data:
            *lines, self._rest = self._rest.split(b"\n")
            for line in lines:
                self._tell(line)
        while len(self._rest) > _LONGEST_LINE:
            self._tell(self._rest[:_LONGEST_LINE])
            del self._rest[:_LONGEST_LINE]

    def close(self) -> None:
        """There is no more: what stands after the last line end is a line, too."""
        if self._rest:
            self._tell(self._rest)
        self._rest = bytearray()

    def text(self) -> str:
        """Everything, or beginning and end with a remark between, decoded as UTF-8."""
        dropped = self._dropped + max(0, len(self._tail) - KEEP)
        if not dropped:
            return (self._head + self._tail).decode("utf-8", "replace")
        remark = f"\n[... {dropped} bytes left out ...]\n"
        tail = self._tail[-KEEP:].decode("utf-8", "replace")
        return self._head.decode("utf-8", "replace") + remark + tail

    def _tell(self, line: bytearray) -> None:
        self._line(line.removesuffix(b"\r").decode("utf-8", "replace"))

    def _keep(self, data: bytes) -> None:
        room = KEEP - len(self._head)
        if room >= len(data):
            self._head += data
            return
        self._head += data[:room]
        self._tail += data[room:]
        if len(self._tail) > 2 * KEEP:  # not each time: moving the bytes down costs
            self._dropped += len(self._tail) - KEEP
            del self._tail[:-KEEP]


def stripped(text: str) -> str:
    """Output without its last line end: one `\\n`, then one `\\r`."""
    return text.removesuffix("\n").removesuffix("\r")


def as_data(text: str) -> Any:
    """What output says when it is JSON from end to end, else the text itself.

    JSON is what StackStorm's decoder (orjson) takes: no NaN, no lone surrogates; whole numbers of more than
    64 bits become floating-point numbers. So `echo 10` gives the number 10, and `echo null` nothing.
    """
    try:
        return strict_json(text)
    except (ValueError, RecursionError):
        return text


def strict_json(text: str) -> Any:
    """The value of a JSON text, read as orjson reads it. Raises ValueError or RecursionError."""
    if not text or text[0] not in _STARTS:  # most output is not JSON: no exception for it
        raise ValueError("not JSON")
    value = json.loads(text, parse_int=_integer, parse_float=_real, parse_constant=_refuse)
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # refuses lone surrogates
    return value


_STARTS = frozenset('{["-0123456789tfn \t\r\n')


def _integer(digits: str) -> int | float:
    if len(digits) < 19:
        return int(digits)
    if len(digits) > 20:
        return _finite(float(digits))
    number = int(digits)
    return number if -(2**63) <= number < 2**64 else float(number)


def _real(digits: str) -> float:
    return _finite(float(digits))


def _finite(number: float) -> float:
    if math.isinf(number):
        raise ValueError("the number is too large")
    return number


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
