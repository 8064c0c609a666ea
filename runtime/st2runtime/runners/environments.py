"""Virtual environments for packs: what their `requirements.txt` asks for, installed once.

StackStorm makes one for each pack when it is installed (`st2common/util/virtualenvs.py`). Here it is made when
somebody asks for it, in the cache, and named by what it was made from: packs with the same requirements
share one, and a changed file gets a new one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

from st2runtime.runners import _processes

Line = Callable[[str, str], None]

_FILE = "requirements.txt"
_FORMAT = 2
BASE = ("six>=1.9,<2",)
"""What StackStorm gives every pack with its requirements (BASE_PACK_REQUIREMENTS in `constants/pack.py`)."""


class DependencyError(Exception):
    """A pack's requirements cannot be installed; the message says what pip said."""


def cache_folder() -> Path:
    """Where environments are kept: ST2C_ENVIRONMENTS, else in the platform's folder for caches."""
    named = os.environ.get("ST2C_ENVIRONMENTS")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_cache_dir("st2lang", appauthor=False)) / "environments"


async def ensure(
    pack_path: str | os.PathLike[str],
    *,
    line: Line = lambda stream, text: None,
    python: str = sys.executable,
    cache: str | os.PathLike[str] | None = None,
) -> str:
    """The interpreter to run a pack's Python actions with: one that has the pack's requirements.

    Without a `requirements.txt` in the pack it is `python` itself. `line(stream, text)` is told every line
    that installing prints; `cache` is where environments are kept (`cache_folder()` by default). Raises
    DependencyError. Cancelled, it leaves nothing behind.
    """
    requirements = Path(pack_path) / _FILE
    if not requirements.is_file():
        return python
    folder = Path(cache) if cache is not None else cache_folder()
    pointer = folder / f"{_key(requirements, python)}.json"
    async with _building(pointer):
        return _made(pointer) or await _make(pointer, requirements, python, line)


def _building(pointer: Path) -> asyncio.Lock:
    """Lets an environment be built once, though many actions ask for it at the same time."""
    locks = _LOCKS.setdefault(asyncio.get_running_loop(), {})
    return locks.setdefault(pointer, asyncio.Lock())


_LOCKS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Path, asyncio.Lock]] = WeakKeyDictionary()


async def _make(pointer: Path, requirements: Path, python: str, line: Line) -> str:
    """A new environment, and the small file that tells of it; its interpreter.

    It is built under a name of its own: two processes that build it do not disturb each other.
    """
    folder = pointer.parent
    home = folder / f"{pointer.stem}-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = await _build(home, requirements, python, line)
        written = pointer.with_suffix(f".{secrets.token_hex(4)}")
        written.write_text(json.dumps({"python": made}), encoding="utf-8")
        written.replace(pointer)
    except BaseException as error:
        shutil.rmtree(home, ignore_errors=True)
        if isinstance(error, OSError):
            told = f"no environment can be made in {folder}: {error.strerror}"
            raise DependencyError(told) from None
        raise
    return made


def _key(requirements: Path, python: str) -> str:
    """By what is asked for, files that it includes among them, and for which interpreter."""
    digest = hashlib.sha256(f"{_FORMAT} {python}\n".encode())
    seen: set[Path] = set()
    waiting = [requirements]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # pip will say that it is not there
        digest.update(text.encode("utf-8", "replace") + b"\0")
        waiting += [path.parent / name for name in _included(text)]
    return digest.hexdigest()[:24]


def _included(text: str) -> list[str]:
    """Files that a requirements file includes: `-r other.txt`, `-c constraints.txt`."""
    found = []
    for line in text.splitlines():
        option, _, name = line.strip().replace("=", " ", 1).partition(" ")
        if option in ("-r", "--requirement", "-c", "--constraint"):
            found.append(name.strip())
    return found


def _made(pointer: Path) -> str | None:
    """The interpreter of an environment that is complete and still there."""
    try:
        python = json.loads(pointer.read_text(encoding="utf-8"))["python"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return python if isinstance(python, str) and os.path.exists(python) else None


async def _build(home: Path, requirements: Path, python: str, line: Line) -> str:
    """A new environment; its interpreter."""
    line("stdout", f"making an environment for {requirements}")
    borrowed = await _has_pip(python)
    without = ("--without-pip",) if borrowed else ()
    await _run((python, "-m", "venv", *without, str(home)), requirements, line)
    parts = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    made = str(home.joinpath(*parts))
    pip = (python, "-m", "pip", "--python", made) if borrowed else (made, "-m", "pip")
    options = ("--disable-pip-version-check", "--no-input")
    await _run((*pip, "install", *options, "-r", _FILE), requirements, line)
    if BASE:
        try:
            await _run((*pip, "install", *options, *BASE), requirements, line)
        except DependencyError as error:  # the pack may do without
            line("stderr", f"without {', '.join(BASE)}: {error}")
    return made


async def _has_pip(python: str) -> bool:
    """Whether the interpreter has a pip that can install for another one (22.3): that saves seconds."""
    test = "import pip, sys; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < (22, 3))"
    finished = await _processes.run(
        (python, "-c", test),
        line=lambda stream, text: None,
        timeout=None,
        environment=_processes.environment(),
    )
    return finished.code == 0


async def _run(command: Sequence[str], requirements: Path, line: Line) -> None:
    finished = await _processes.run(
        command,
        line=line,
        timeout=None,
        environment=_processes.environment({"PYTHONPATH": ""}),
        cwd=str(requirements.parent),
    )
    if finished.code:
        told = [text for text in finished.stderr.splitlines() if text.strip()]
        raise DependencyError(f"{requirements} cannot be installed: " + "\n".join(told[-5:]))
