"""A PostgreSQL server of its own for tests, in a temporary folder, and workers as real processes."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Self
from unittest import mock

from st2lang.commands.main import main

if TYPE_CHECKING:
    import pwd

SILENCE = "3"
"""After how many seconds a worker that is stopped has lost what it holds."""


def missing() -> str:
    """Why there can be no server or no workers here; "" when there can."""
    from importlib.util import find_spec

    if os.name == "nt":
        return "workers are killed and stopped with signals that Windows does not have"
    if find_spec("dbos") is None or find_spec("psycopg") is None:
        return "st2lang[distributed] is not installed"
    if _binaries() is None:
        return "there is no PostgreSQL here (initdb)"
    if os.getuid() == 0 and _user() is None:
        return "PostgreSQL does not run as root, and there is no user for it"
    return ""


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: one.parts)
    return installed[-1].parent if installed else None


def _user() -> pwd.struct_passwd | None:
    import pwd

    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


class Cluster:
    """A server that listens on a socket in its folder. `url` leads to its one database."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="st2c-"))
        self._data = self._folder / "data"
        root = os.getuid() == 0
        self._owner = _user() if root else None
        if self._owner is not None:
            os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
        os.chmod(self._folder, 0o755)
        self.url = f"postgresql://st2c:opensesame@/st2c?host={self._folder}"
        self.restarts = 0

    def __enter__(self) -> Self:
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "st2c", "--no-sync")
        self._start()
        self._run("createdb", "-h", str(self._folder), "-U", "st2c", "st2c")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def crash(self) -> None:
        """Stop at once, without a word to anybody, and start again from what is on the disk."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")
        self._start()
        self.restarts += 1

    def dump(self) -> str:
        """All that is stored, as text."""
        return self._run("pg_dump", "-h", str(self._folder), "-U", "st2c", "st2c")

    def _start(self) -> None:
        own = f"-c listen_addresses='' -c unix_socket_directories={self._folder}"
        self._run(
            "pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"),
            "-o", f"{own} -c max_connections=200", "start",
        )  # fmt: skip

    def _run(self, program: str, *words: str) -> str:
        folder = _binaries()
        assert folder is not None
        owner = self._owner
        done = subprocess.run(
            [str(folder / program), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "pg_dump" else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
            cwd=self._folder,
            user=None if owner is None else owner.pw_uid,
            group=None if owner is None else owner.pw_gid,
            extra_groups=None if owner is None else [],
        )
        return done.stdout or ""


class Worker:
    """`st2c worker` as a process; what it says goes to a file."""

    def __init__(self, url: str, folder: Path, *words: str, packs: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / f"worker-{os.urandom(3).hex()}.log"
        more = ["--pack-dir", str(packs)] if packs else []
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "st2lang.commands.main", "worker", "--no-config", *more, *words],
                env=surroundings(url, folder),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )  # fmt: skip

    @property
    def said(self) -> str:
        """What it has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to come to its end; gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def freeze(self) -> None:
        """Stop it without its noticing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)


def surroundings(url: str, folder: Path) -> dict[str, str]:
    """The environment of everything that takes part."""
    return {
        **os.environ,
        "ST2C_DATABASE": url,
        "ST2C_KEY_FILE": str(folder / "key"),
        "ST2C_SILENCE": SILENCE,
        "ST2C_CACHE_DIR": str(folder / "cache"),
        "PYTHONUNBUFFERED": "1",
    }


def st2c(url: str, folder: Path, *words: str, code: int | None = 0) -> tuple[str, str]:
    """What a command prints, on standard output and standard error; done in this process, which is quicker."""
    out, errors = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, surroundings(url, folder)),
        redirect_stdout(out),
        redirect_stderr(errors),
    ):
        try:
            came = main(words)
        except SystemExit as ended:
            came = int(ended.code or 0)
    assert code is None or came == code, (words, out.getvalue(), errors.getvalue())
    return out.getvalue(), errors.getvalue()
