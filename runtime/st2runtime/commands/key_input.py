"""Where `st2c key` gets values and files of keys from; nothing of them is ever repeated in a message."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from st2lang.commands.options import UsageError

if TYPE_CHECKING:
    from st2runtime.datastore import Entry


def value(name: str, given: str, convert: bool) -> str:
    """The value to set: as given, for - from the standard input; with `convert` JSON of what it says.

    One line break at the end of the standard input is dropped. On a terminal the value is asked for and
    not shown.
    """
    text = _asked(name) if given == "-" else given
    return _converted(text) if convert else text


def entries(file: str, user: str, convert: bool) -> tuple[Entry, ...]:
    """The keys that a file lists. Raises `UsageError` that names every mistake in it."""
    import time

    from st2lang.commands.terminal import printable
    from st2runtime.datastore import LoadError, entries_from

    shown = "the standard input" if file == "-" else f"`{os.path.normpath(file)}`"
    try:
        return entries_from(_read(file, shown), time.time, user, convert)
    except LoadError as error:
        lines = [f"{shown} cannot be loaded, nothing was changed:"]
        lines += [f"  {printable(mistake)}" for mistake in error.mistakes]
        raise UsageError("\n".join(lines)) from None


def _asked(name: str) -> str:
    if sys.stdin.isatty():
        from getpass import getpass

        from st2lang.commands.terminal import printable

        return getpass(f"value of `{printable(name)}`: ")
    text = _read("-", "the standard input")
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def _converted(text: str) -> str:
    from st2runtime.datastore import LoadError, text_of
    from st2runtime.datastore.loading import parsed

    try:
        return text_of(parsed(text))
    except LoadError as error:
        raise UsageError(f"the value cannot be converted: {error}") from None


def _read(file: str, shown: str) -> str:
    """The text of a file, line breaks as they are there."""
    try:
        if file == "-":
            content = sys.stdin.buffer.read()
        else:
            with open(file, "rb") as opened:
                content = opened.read()
        return content.decode("utf-8-sig" if file != "-" else "utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {shown}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise UsageError(f"{shown} is not text: it has bytes that are no UTF-8") from None
