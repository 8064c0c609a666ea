"""Regular expressions that are compiled when they are first used.

Compiling is slow (up to two milliseconds for a class of Unicode characters), and one run of `st2c check`
uses a few of the many patterns that its modules define.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "split", "pattern")


class _Lazy:
    """Stands for a compiled pattern and takes over its methods on first use."""

    __slots__ = ("_text", "_flags", *_METHODS)

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        """Called while a slot is empty: compile, and fill the slots."""
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            object.__setattr__(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(text: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, but compiled on first use. Raises `re.error` then for a bad pattern."""
    return cast("re.Pattern[str]", _Lazy(text, flags))
