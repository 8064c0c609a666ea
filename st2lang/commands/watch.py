"""`st2c check --watch`: run, wait until a file changes, run again."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

from st2lang.commands.work import forget

WATCHED = (".yaml", ".yml", ".toml")


def watch(paths: Iterable[str], once: Callable[[], int]) -> int:
    """Run `once` now and after every change below `paths`, until interrupted.

    Gives the exit code of the last run when the watching ends by itself.
    """
    from watchfiles import watch as changes

    code = once()
    _say("watching for changes; Ctrl-C ends it")
    for changed in changes(*_existing(paths), watch_filter=lambda _, path: path.endswith(WATCHED)):
        if sys.stdout.isatty():
            print("\x1b[2J\x1b[H", end="")
        names = sorted(os.path.basename(path) for _, path in changed)
        _say(f"changed: {', '.join(names[:3])}{' and more' if len(names) > 3 else ''}")
        forget()  # packs may have changed as well
        code = once()
        sys.stdout.flush()
    return code


def _existing(paths: Iterable[str]) -> list[str]:
    """What can be watched: a file that is not there yet is seen through its folder."""
    return [path if os.path.exists(path) else os.path.dirname(path) or "." for path in paths]


def _say(text: str) -> None:
    print(f"st2c: {text}", file=sys.stderr, flush=True)
