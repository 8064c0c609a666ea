"""The project's configuration: `st2c.toml`, or `[tool.st2c]` in `pyproject.toml`.

The nearest one above the first path given (or the current folder) counts. It is checked like any
other file: a key that nobody knows is a problem with a place and a suggestion, never passed over.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from st2lang.commands import formats
from st2lang.problem import Problem, Severity
from st2lang.record import record
from st2lang.source import Source, Span
from st2lang.suggest import did_you_mean, listing

if TYPE_CHECKING:
    from st2lang.commands.toml_places import Places, TomlPath

CHECK_ID = "invalid-config"
OFF = "off"


@record
class Config:
    """What a project decided. None, or empty, where it did not.

    `root` is the folder of the file: patterns and paths in it are relative to that.
    """

    root: str = ""
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    exclude: tuple[str, ...] = ()
    pack_dirs: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    context_variables: tuple[str, ...] | None = None
    format: str | None = None
    jobs: int | None = None
    cache_dir: str | None = None


Loaded = tuple[Config, Source | None, tuple[Problem, ...]]


def find(start: str) -> str | None:
    """The configuration file that counts for a file or folder; None when there is none."""
    folder = os.path.abspath(start)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    while True:
        own = os.path.join(folder, "st2c.toml")
        if os.path.isfile(own):
            return own
        shared = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(shared) and _speaks_of_us(shared):
            return shared
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def load(path: str, known: Iterable[str] | None = None) -> Loaded:
    """Read a configuration file: what it says, its text, and what is wrong with it.

    `known` are the ids of the checks there are (the registry's by default). Raises `OSError` when
    the file cannot be read.
    """
    import tomllib

    with open(path, "rb") as file:
        data = file.read()
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    source = Source(path, text)
    if "\ufffd" in text and "\ufffd".encode() not in data:
        at = text.index("\ufffd")
        wrong = Problem(CHECK_ID, Severity.ERROR, "not UTF-8, as TOML has to be", Span(at, at + 1))
        return Config(), source, (wrong,)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Config(), source, (_syntax(source, str(error)),)
    prefix: TomlPath = ()
    if os.path.basename(path) == "pyproject.toml":
        prefix = ("tool", "st2c")
        tools = document.get("tool")
        document = tools.get("st2c", {}) if isinstance(tools, dict) else {}
    reader = _Reader(text, prefix, known)
    root = os.path.dirname(os.path.abspath(path))
    return reader.read(document, root), source, tuple(reader.problems)


def _speaks_of_us(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    if b"st2c" not in data:
        return False
    import tomllib

    try:
        return "st2c" in tomllib.loads(data.decode("utf-8-sig")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError):
        return b"[tool.st2c" in data  # broken, and ours: say so rather than look further up


def _syntax(source: Source, message: str) -> Problem:
    """A `TOMLDecodeError` at its place, which only its message tells before Python 3.14."""
    import re

    at = len(source.text)
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if found:
        at = source.offset(int(found[1]), int(found[2]))
    text = re.sub(r" \(at .*\)$", "", message)
    return Problem(CHECK_ID, Severity.ERROR, f"not valid TOML: {text}", Span(at, at))


class _Reader:
    """Turns the table into a `Config`, collecting what is wrong in `problems`."""

    def __init__(self, text: str, prefix: TomlPath, known: Iterable[str] | None) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._prefix = prefix
        self._places: Places | None = None
        self._known = None if known is None else frozenset(known)

    def read(self, table: Any, root: str) -> Config:
        if not isinstance(table, dict):
            self._wrong((), "a table", table)
            return Config(root)
        readers: dict[str, Callable[[str, Any], Any]] = {
            "select": self._checks,
            "ignore": self._checks,
            "severity": self._severities,
            "exclude": self._strings,
            "pack-dirs": self._strings,
            "per-file-ignores": self._per_file,
            "context-variables": self._strings,
            "format": self._format,
            "jobs": self._count,
            "cache-dir": self._string,
        }
        found: dict[str, Any] = {}
        for key, value in table.items():
            if key not in readers:
                self._problem((key,), f"unknown key `{key}`{did_you_mean(key, readers)}", key=True)
            else:
                found[key] = readers[key](key, value)
        return _assemble(root, found)

    def _strings(self, key: str, value: Any) -> tuple[str, ...] | None:
        if not isinstance(value, list):
            self._wrong((key,), "a list of strings", value)
            return None
        for index, item in enumerate(value):
            if not isinstance(item, str):
                self._wrong((key, index), "a string", item)
        return tuple(item for item in value if isinstance(item, str))

    def _string(self, key: str, value: Any) -> str | None:
        if isinstance(value, str):
            return value
        self._wrong((key,), "a string", value)
        return None

    def _count(self, key: str, value: Any) -> int | None:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self._wrong((key,), "a whole number from 1 on", value)
            return None
        return value

    def _format(self, key: str, value: Any) -> str | None:
        if value in formats.NAMES:
            return str(value)
        hint = did_you_mean(value, formats.NAMES) if isinstance(value, str) else ""
        self._wrong((key,), listing(formats.NAMES), value, hint)
        return None

    def _checks(self, key: str, value: Any) -> tuple[str, ...] | None:
        return self._check_ids((key,), value)

    def _severities(self, key: str, value: Any) -> list[tuple[str, Severity | None]] | None:
        if not isinstance(value, dict):
            self._wrong((key,), "a table of checks and severities", value)
            return None
        allowed = [*(severity.value for severity in Severity), OFF]
        found: list[tuple[str, Severity | None]] = []
        for check, level in value.items():
            self._known_check((key, check), check, key=True)
            if level not in allowed:
                hint = did_you_mean(level, allowed) if isinstance(level, str) else ""
                self._wrong((key, check), listing(allowed), level, hint)
            else:
                found.append((check, None if level == OFF else Severity(level)))
        return found

    def _per_file(self, key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
        if not isinstance(value, dict):
            self._wrong((key,), "a table of file patterns and lists of checks", value)
            return None
        return tuple(
            (glob, self._check_ids((key, glob), checks) or ()) for glob, checks in value.items()
        )

    def _check_ids(self, path: TomlPath, value: Any) -> tuple[str, ...] | None:
        if not isinstance(value, list):
            self._wrong(path, "a list of check ids", value)
            return None
        for index, item in enumerate(value):
            if isinstance(item, str):
                self._known_check((*path, index), item)
            else:
                self._wrong((*path, index), "a check id", item)
        return tuple(item for item in value if isinstance(item, str))

    def _known_check(self, path: TomlPath, check: str, *, key: bool = False) -> None:
        message = unknown_check(check, self._ids())
        if message:
            self._problem(path, message, key=key)

    def _ids(self) -> frozenset[str]:
        if self._known is None:
            from st2lang import checks

            self._known = frozenset(check.id for check in checks.all())
        return self._known

    def _wrong(self, path: TomlPath, expected: str, value: Any, hint: str = "") -> None:
        name = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
        self._problem(
            path, f"`{name or 'tool.st2c'}` must be {expected}, not {_shown(value)}{hint}"
        )

    def _problem(self, path: TomlPath, message: str, *, key: bool = False) -> None:
        if self._places is None:
            from st2lang.commands.toml_places import Places

            self._places = Places(self._text)
        full = (*self._prefix, *path)
        span = self._places.key(full) if key else self._places.value(full)
        self.problems.append(Problem(CHECK_ID, Severity.ERROR, message, span))


def _assemble(root: str, found: dict[str, Any]) -> Config:
    def below(path: str) -> str:
        return os.path.normpath(os.path.join(root, os.path.expanduser(path)))

    severities = found.get("severity") or []
    off = tuple(check for check, severity in severities if severity is None)
    cache_dir = found.get("cache-dir")
    return Config(
        root=root,
        select=found.get("select"),
        ignore=(*(found.get("ignore") or ()), *off),
        severities=tuple((check, severity) for check, severity in severities if severity),
        exclude=found.get("exclude") or (),
        pack_dirs=tuple(below(path) for path in found.get("pack-dirs") or ()),
        per_file_ignores=found.get("per-file-ignores") or (),
        context_variables=found.get("context-variables"),
        format=found.get("format"),
        jobs=found.get("jobs"),
        cache_dir=None if cache_dir is None else below(cache_dir),
    )


def unknown_check(check: str, known: Iterable[str]) -> str:
    """What to say about a check id, or pattern of ids, that means no check; "" when it does."""
    from fnmatch import fnmatchcase

    names = list(known)
    if any(fnmatchcase(name, check) for name in names):
        return ""
    if any(char in check for char in "*?["):
        return f"the pattern `{check}` matches no check"
    return f"unknown check `{check}`{did_you_mean(check, names)}"


def _shown(value: Any) -> str:
    match value:
        case bool():
            return f"the boolean {str(value).lower()}"
        case str():
            return f'the string "{value}"'
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"the value {value}"
