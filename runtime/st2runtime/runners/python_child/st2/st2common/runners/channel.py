"""The line between an action's process and the runner: frames of JSON on a socket.

A frame is four bytes with the length, then so much UTF-8. The runner answers every call; the datastore is
never opened here, since the pack's interpreter need not have what that takes.
"""

from __future__ import annotations

import json
import socket
import struct
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from logging import Logger
    from typing import Any

_ERRORS: dict[str, type[Exception]] = {"ValueError": ValueError}


class Channel:
    """One end of the line. Calls may come from several threads."""

    current: Channel | None = None
    """The channel of this process, for clients that nobody hands it to."""

    def __init__(self, connection: socket.socket) -> None:
        self._file = connection.makefile("rwb")
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def connect(cls, arguments: list[str]) -> Channel:
        """By what the runner says: the number of a socket that was inherited, or port and password file.

        The password comes on standard input, so that no other process can see it.
        """
        if arguments[0] == "fd":
            connection = socket.socket(fileno=int(arguments[1]))
            connection.set_inheritable(False)
            cls.current = cls(connection)
        else:
            import sys

            connection = socket.create_connection(("127.0.0.1", int(arguments[1])))
            cls.current = cls(connection)
            cls.current.send({"password": sys.stdin.readline().strip()})
        return cls.current

    @classmethod
    def of_process(cls) -> Channel:
        """The channel of this process. Raises RuntimeError outside of an action's process."""
        if cls.current is None:
            raise RuntimeError("the datastore can be reached from an action's process only")
        return cls.current

    def send(self, message: Any) -> None:
        """Send one frame."""
        data = json.dumps(message).encode("utf-8")
        self._file.write(struct.pack(">I", len(data)) + data)
        self._file.flush()

    def receive(self) -> Any:
        """Wait for one frame. Raises EOFError when the runner is gone."""
        head = self._file.read(4)
        if len(head) < 4:
            raise EOFError("the runner does not answer any more")
        return json.loads(self._file.read(struct.unpack(">I", head)[0]).decode("utf-8"))

    def call(self, method: str, arguments: dict[str, Any], logger: Logger | None = None) -> Any:
        """What the runner gives for a call. Raises what it says went wrong."""
        with self._lock:
            self.send({"call": method, "arguments": arguments})
            answer = self.receive()
        for message in answer.get("log", ()):
            if logger is not None:
                logger.error(message)
        if "error" in answer:
            raise _ERRORS.get(answer.get("kind", ""), RuntimeError)(answer["error"])
        return answer["value"]
