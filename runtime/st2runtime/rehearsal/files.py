"""Writing files in one step."""

from __future__ import annotations

import os
import tempfile


def write(path: str, text: str) -> None:
    """Write a text to a file: whoever reads meanwhile sees the old or the new one. Raises `OSError`."""
    target = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(prefix=".st2c-", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
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
