"""A connection to another machine over SSH, on asyncssh.

Specified by `st2common/runners/paramiko_ssh.py` and `st2common/util/ip_utils.py`, but for two things. The host's
key must be known, where StackStorm takes any. And what the action does not say comes from the user's own
`~/.ssh/config`, keys and agent, where StackStorm has its own user and key.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import asyncssh

from st2lang.record import record
from st2runtime.runners._outcomes import why
from st2runtime.runners._output import Stream
from st2runtime.runners._processes import KILLED, Finished

ERRORS = (asyncssh.Error, asyncssh.SFTPError, OSError, TimeoutError, ValueError)
"""What may go wrong with one host."""

ACCEPT = "ST2C_SSH_UNKNOWN_HOSTS"
"""The variable that, set to `accept`, takes any host's key, as StackStorm does."""

_CONNECT_TIMEOUT = 60.0
_GRACE = 3.0
_PRIVATE_KEY = "private key-----"
_SCRIPT_MODE = 0o744


@record
class Address:
    """A host as it was written, its name, and its port (None: not said)."""

    text: str
    name: str
    port: int | None


def address(text: str) -> Address:
    """From `host`, `host:port`, an IP address, `[address]` or `[address]:port`. Raises ValueError."""
    with suppress(ValueError):
        return Address(text, str(ipaddress.ip_address(text)), None)
    if text.startswith("[") and text.endswith("]"):
        return Address(text, text[1:-1], None)
    name, colon, port = text.rpartition(":")
    if not colon:
        return Address(text, text, None)
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"Invalid port {port} specified.")
    return Address(text, name.strip("[]"), int(port))


@record
class Login:
    """How to get in: asyncssh's options, the port that is meant where none is said, the host between."""

    options: Mapping[str, Any]
    port: int | None
    bastion: Address | None


def login(parameters: Mapping[str, Any]) -> Login:
    """By a password, else by a private key (its text, or its file), else as the user's own ssh does.

    Raises ValueError or OSError for a key that cannot be read.
    """
    options: dict[str, Any] = {}
    password, key = parameters.get("password"), parameters.get("private_key")
    if parameters.get("username"):
        options["username"] = str(parameters["username"])
    if password:
        options |= {"password": str(password), "client_keys": None, "agent_path": None}
    elif key:
        options |= {"client_keys": [_key(str(key), parameters.get("passphrase"))]}
        options |= {"agent_path": None}
    if os.environ.get(ACCEPT) == "accept":
        options["known_hosts"] = None
    bastion, port = parameters.get("bastion_host"), parameters.get("port")
    return Login(
        options, None if port is None else int(port), address(str(bastion)) if bastion else None
    )


def _key(key: str, passphrase: Any) -> asyncssh.SSHKey:
    secret = None if passphrase is None else str(passphrase)
    try:
        if _PRIVATE_KEY in key.lower():
            return asyncssh.import_private_key(key.strip() + "\n", secret)
        return asyncssh.read_private_key(os.path.expanduser(key), secret)
    except (asyncssh.KeyEncryptionError, asyncssh.KeyImportError) as error:
        raise ValueError(f"the private key cannot be used: {error}") from None


@asynccontextmanager
async def connected(target: Address, way: Login, limit: float | None) -> AsyncIterator[Host]:
    """A connection to a host, by the bastion host if there is one. Raises one of ERRORS."""
    options = {**way.options, "connect_timeout": _patience(limit)}
    async with AsyncExitStack() as stack:
        for hop in (way.bastion, target):
            if hop is None:
                continue
            port = hop.port or way.port
            if port is not None:
                options["port"] = port
            else:
                options.pop("port", None)
            connection = await asyncssh.connect(hop.name, **options)
            stack.push_async_callback(_hang_up, connection)
            options["tunnel"] = connection
        yield Host(connection)


def _patience(limit: float | None) -> float:
    """How long to wait for a connection: no longer than the action may take, but not less than 10 seconds."""
    return _CONNECT_TIMEOUT if limit is None else min(_CONNECT_TIMEOUT, max(limit, 10.0))


async def _hang_up(connection: asyncssh.SSHClientConnection) -> None:
    connection.close()
    try:
        async with asyncio.timeout(_GRACE):
            await connection.wait_closed()
    except TimeoutError:
        connection.abort()


def unreachable(target: Address, error: Exception) -> str:
    """Why there is no connection, and what can be done."""
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        port = f" -p {target.port}" if target.port else ""
        return (
            f"Connection error. {error}. If it is the right host, add its key with "
            f"`ssh-keyscan{port} {target.name} >> ~/.ssh/known_hosts`, or take any host's key with "
            f"{ACCEPT}=accept in the environment"
        )
    if isinstance(error, TimeoutError):
        return f"Failed connecting to host {target.name}. There was no answer in time"
    kind = "Connection error." if isinstance(error, asyncssh.Error) else ""
    return f"{kind or f'Failed connecting to host {target.name}.'} {why(error)}"


class Host:
    """A machine that one is connected to."""

    def __init__(self, connection: asyncssh.SSHClientConnection) -> None:
        self._connection = connection

    async def copy(self, script: str, there: str, libraries: str) -> None:
        """Copy a script into a new folder, and a folder of libraries beside it if it exists."""
        folder = os.path.dirname(there)
        async with self._connection.start_sftp_client() as sftp:
            await sftp.mkdir(folder)
            await sftp.put(script, there)
            await sftp.chmod(there, _SCRIPT_MODE)
            if os.path.isdir(libraries):
                await sftp.put(libraries, folder, recurse=True, preserve=True)

    async def run(
        self,
        command: str,
        line: Callable[[str, str], None],
        limit: float | None,
        stdin: bytes = b"",
        terminal: bool = False,
    ) -> Finished:
        """Run a command to its end; its process is ended when the time is over, or on cancellation."""
        session = _Session(line)
        channel, _ = await self._connection.create_session(
            lambda: session,
            command,
            encoding=None,
            term_type="xterm" if terminal else None,
        )
        timed_out = False
        try:
            if stdin:
                channel.write(stdin)
            channel.write_eof()
            async with asyncio.timeout(limit):
                await session.closed.wait()
        except TimeoutError:
            timed_out = True
            await _end(channel, session)
        except asyncio.CancelledError:
            await _end(channel, session)
            raise
        finally:
            channel.close()
        return session.finished(timed_out)


async def _end(channel: asyncssh.SSHClientChannel[bytes], session: _Session) -> None:
    """Signal the remote process, politely first. A server may not know signals: then hanging up must do."""
    for number in ("TERM", "KILL"):
        with suppress(OSError, TimeoutError):
            channel.send_signal(number)
            async with asyncio.timeout(_GRACE):
                await session.closed.wait()
            return


class _Session(asyncssh.SSHClientSession[bytes]):
    """Collects what a remote command writes, and how it ended."""

    def __init__(self, line: Callable[[str, str], None]) -> None:
        self.closed = asyncio.Event()
        self._code = -1  # as paramiko says when the process was killed by a signal
        self._stdout = Stream(lambda text: line("stdout", text))
        self._stderr = Stream(lambda text: line("stderr", text))

    def data_received(self, data: bytes, datatype: int | None) -> None:
        (self._stdout if datatype is None else self._stderr).feed(data)

    def exit_status_received(self, status: int) -> None:
        self._code = status

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()

    def finished(self, timed_out: bool) -> Finished:
        """What there is when all has been received."""
        for stream in (self._stdout, self._stderr):
            stream.close()
        code = KILLED if timed_out else self._code
        return Finished(code, self._stdout.text(), self._stderr.text(), timed_out)
