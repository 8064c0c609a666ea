"""A real SSH server of this machine, on a port of its own: commands by its shell, files by SFTP."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import asyncssh


class Server(asyncssh.SSHServer):
    """Lets in the password `right` and one public key; forwards connections, as a bastion does."""

    def __init__(self, keys: asyncssh.SSHAuthorizedKeys, seen: list[str]) -> None:
        self._keys, self._seen = keys, seen

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn

    def begin_auth(self, username: str) -> bool:
        self._seen.append(username)
        self._connection.set_authorized_keys(self._keys)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == "right"

    def connection_requested(self, *where: Any) -> bool:
        self._seen.append("forward")
        return True


class Command:
    """Runs the command of a connection with /bin/sh; a `deaf` server knows no signals."""

    def __init__(self, process: asyncssh.SSHServerProcess[bytes], deaf: bool) -> None:
        self._there, self._deaf = process, deaf
        self.ended = asyncio.Event()

    async def run(self) -> None:
        """To its end, or until the connection breaks."""
        try:
            await self._run()
        finally:
            self.ended.set()

    def end(self) -> None:
        """End it whatever it does."""
        self._deaf = False
        self._kill("KILL")

    async def _run(self) -> None:
        pipe = asyncio.subprocess.PIPE
        command = self._there.command or ""
        self._here = here = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
        listening = asyncio.ensure_future(self._listen())
        assert here.stdout is not None
        assert here.stderr is not None
        await asyncio.gather(
            self._pass(here.stdout, self._there.stdout), self._pass(here.stderr, self._there.stderr)
        )
        code = await here.wait()
        listening.cancel()
        if code < 0:
            self._there.exit_with_signal(signal.Signals(-code).name[3:])
        else:
            self._there.exit(code)

    async def _listen(self) -> None:
        """Pass on what there is to read, and signals."""
        assert self._here.stdin is not None
        while True:
            try:
                data = await self._there.stdin.read(65536)
            except asyncssh.SignalReceived as error:
                self._kill(error.signal)
                continue
            if data:
                self._here.stdin.write(data)
                continue
            self._here.stdin.close()
            if self._there.is_closing():
                self._kill("KILL")
                return
            await asyncio.sleep(0.01)

    def _kill(self, name: str) -> None:
        if not self._deaf and self._here.returncode is None:
            os.killpg(self._here.pid, getattr(signal, f"SIG{name}"))

    async def _pass(self, source: asyncio.StreamReader, target: Any) -> None:
        while data := await source.read(65536):
            if not self._there.is_closing():
                target.write(data)


class Machine:
    """A running server: `port`, the users that came (`seen`), and its key for a known_hosts file."""

    def __init__(self, key: asyncssh.SSHKey, client_key: asyncssh.SSHKey) -> None:
        self.key = key
        self.seen: list[str] = []
        self._commands: list[Command] = []
        self._authorized = asyncssh.import_authorized_keys(client_key.export_public_key().decode())

    async def start(self, deaf: bool = False) -> None:
        """Listen on a free port."""
        self._listener = await asyncssh.create_server(
            lambda: Server(self._authorized, self.seen),
            "127.0.0.1",
            0,
            server_host_keys=[self.key],
            process_factory=lambda process: self._command(Command(process, deaf)),
            sftp_factory=True,
            encoding=None,
        )
        self.port = self._listener.get_port()

    async def _command(self, command: Command) -> None:
        self._commands.append(command)
        await command.run()

    async def stop(self) -> None:
        """End what still runs, close the port and all connections."""
        for command in self._commands:
            command.end()
            await command.ended.wait()
        self._listener.close()
        await self._listener.wait_closed()

    def known(self) -> str:
        """The line of this machine in a known_hosts file."""
        return f"[127.0.0.1]:{self.port} {self.key.export_public_key().decode()}"


def know(home: Path, *machines: Machine) -> None:
    """Write the machines' keys where ssh looks for them."""
    folder = home / ".ssh"
    folder.mkdir(exist_ok=True)
    (folder / "known_hosts").write_text("".join(machine.known() for machine in machines))
