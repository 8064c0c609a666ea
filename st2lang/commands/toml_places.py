"""Where keys and values stand in a TOML text.

`tomllib` gives values without places; a mistake in a configuration deserves a line and a column.
This reads a text that `tomllib` has accepted, so it need not find mistakes itself (TOML 1.0,
https://toml.io/en/v1.0.0).
"""

from __future__ import annotations

import re

from st2lang.patterns import lazy
from st2lang.source import Span

TomlPath = tuple[str | int, ...]

_BLANK = lazy(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = lazy(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_DOT = lazy(r"[ \t]*\.[ \t]*")
_EQUALS = lazy(r"[ \t]*=[ \t]*")
_STRING = lazy(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_PLAIN = lazy(r"[^,\]}#\n]*")


class Places:
    """`keys` and `values`: spans by path, an index for an item of an array."""

    def __init__(self, text: str) -> None:
        self.keys: dict[TomlPath, Span] = {}
        self.values: dict[TomlPath, Span] = {}
        self._text = text
        self._at = 0
        self._document()

    def value(self, path: TomlPath) -> Span:
        """The place of a value, or of the nearest thing around it that has one."""
        for end in range(len(path), 0, -1):
            for found in (self.values, self.keys):
                if path[:end] in found:
                    return found[path[:end]]
        return Span(0, 0)

    def key(self, path: TomlPath) -> Span:
        """The place of a key (the first time it is written)."""
        return self.keys.get(path) or self.value(path)

    def _document(self) -> None:
        tables: dict[TomlPath, int] = {}
        table: TomlPath = ()
        while True:
            self._skip(_BLANK)
            if self._at >= len(self._text):
                return
            if self._text[self._at] != "[":
                before = self._at
                self._pair(table)
                self._at = max(self._at, before + 1)
                continue
            array = self._text.startswith("[[", self._at)
            self._at += 2 if array else 1
            self._skip(_BLANK)
            table = self._dotted(())
            if array:
                tables[table] = tables.get(table, -1) + 1
                table = (*table, tables[table])
            self._at += 2 if array else 1

    def _pair(self, table: TomlPath) -> None:
        path = self._dotted(table)
        self._skip(_EQUALS)
        self._value(path)

    def _dotted(self, path: TomlPath) -> TomlPath:
        while True:
            start, raw = self._at, self._skip(_KEY)
            if not raw:  # not TOML after all: step over it rather than stand still
                self._at += 1
                return path
            path = (*path, raw[1:-1] if raw[0] in "\"'" else raw)
            self.keys.setdefault(path, Span(start, self._at))
            if not self._skip(_DOT):
                return path

    def _value(self, path: TomlPath) -> None:
        start = self._at
        opening = self._text[start : start + 1]
        if opening == "[":
            self._items(path, "]")
        elif opening == "{":
            self._items(path, "}")
        elif not self._skip(_STRING):
            self._at = start + len(self._skip(_PLAIN).rstrip())
        self.values[path] = Span(start, self._at)

    def _items(self, path: TomlPath, closing: str) -> None:
        before = self._at
        self._at += 1
        index = 0
        while before < self._at:
            before = self._at
            self._skip(_BLANK)
            if self._at >= len(self._text):
                return
            char = self._text[self._at]
            if char in (closing, ","):
                self._at += 1
                if char == closing:
                    return
            elif closing == "}":
                self._pair(path)
            else:
                self._value((*path, index))
                index += 1

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found.group()
