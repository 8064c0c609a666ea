"""Writing what a command has made: to a file in one step, or to the standard output byte by byte."""

from __future__ import annotations

import os
import sys

from st2lang.commands.options import UsageError


def write(path: str | None, text: str) -> None:
    """Write to a file, or to the standard output for None and `-`.

    Whoever reads the file meanwhile sees the old or the new one; missing folders are made. Raises
    `UsageError` when it cannot be written.
    """
    if path is None or path == "-":
        sys.stdout.flush()
        buffer = getattr(sys.stdout, "buffer", None)
        if buffer is None:
            sys.stdout.write(text)
        else:
            buffer.write(text.encode("utf-8"))
        return
    try:
        _replace(os.path.realpath(path), text.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"`{path}` cannot be written: {reason}") from error


def _replace(target: str, data: bytes) -> None:
    import tempfile

    if os.path.exists(target) and not os.path.isfile(target):
        if os.path.isdir(target):
            raise IsADirectoryError(None, "this is a folder", target)
        with open(target, "wb") as device:  # /dev/null, a pipe: nothing to replace
            device.write(data)
        return
    folder = os.path.dirname(target)
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".st2c-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(target: str) -> int:
    """The permissions of a file, or those that a new one gets."""
    try:
        return os.stat(target).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
