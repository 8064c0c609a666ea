"""Patterns as in `.gitignore`, matched as Git matches them: against one path, not what is below it.

Written from gitignore(5) and held against Git by a test. A library exists, but it lets `!a` bring
back all that is below `a`, which Git does not do, and takes longer to import than a check.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence

_FLAGS = re.DOTALL | (re.IGNORECASE if sys.platform in ("win32", "darwin") else 0)
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class Patterns:
    """The patterns of one file or list; those further down win."""

    def __init__(self, root: str, lines: Iterable[str]) -> None:
        self._root = os.path.abspath(root)
        self._rules = [rule for rule in map(_rule, lines) if rule is not None]
        self._rules.reverse()

    def __bool__(self) -> bool:
        return bool(self._rules)

    def match(self, path: str, *, folder: bool) -> bool | None:
        """True for excluded, False for brought back by `!`, None when no pattern speaks of it."""
        relative = os.path.relpath(os.path.abspath(path), self._root).replace(os.sep, "/")
        if relative == "." or relative.startswith("../"):
            return None
        name = relative.rpartition("/")[2]
        for excluded, folders_only, anchored, pattern in self._rules:
            if (folder or not folders_only) and pattern.fullmatch(relative if anchored else name):
                return excluded
        return None


def excluded(path: str, folder: bool, patterns: Sequence[Patterns]) -> bool:
    """Whether a path itself is excluded: the last patterns that speak of it decide."""
    for each in reversed(patterns):
        verdict = each.match(path, folder=folder)
        if verdict is not None:
            return verdict
    return False


def excluded_anywhere(path: str, folder: bool, patterns: Sequence[Patterns]) -> bool:
    """Whether a path or a folder above it is excluded."""
    path = os.path.abspath(path)
    while patterns:
        if excluded(path, folder, patterns):
            return True
        parent = os.path.dirname(path)
        if parent == path:
            break
        path, folder = parent, True
    return False


def _rule(line: str) -> tuple[bool, bool, bool, re.Pattern[str]] | None:
    """Excluding?, folders only?, matched against the whole path?, the pattern."""
    text = line.rstrip("\r\n")
    if text.startswith("#"):
        return None
    text = re.sub(r"(?<!\\) +$", "", text)
    exclude = not text.startswith("!")
    text = text if exclude else text[1:]
    folders_only = text.endswith("/")
    text = text[:-1] if folders_only else text
    anchored = "/" in text
    text = text.removeprefix("/")
    pattern = _translate(text) if text else None
    return None if pattern is None else (exclude, folders_only, anchored, pattern)


def _translate(text: str) -> re.Pattern[str] | None:
    """The regular expression of a glob; None when it cannot match (an open bracket, a last `\\`)."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "*":
            at = _stars(text, at, parts)
        elif char == "?":
            parts.append("[^/]")
            at += 1
        elif char == "[":
            end = _bracket(text, at, parts)
            if end is None:
                return None
            at = end
        else:
            at += char == "\\"
            if at >= len(text):
                return None
            parts.append(re.escape(text[at]))
            at += 1
    try:
        return re.compile("".join(parts), _FLAGS)
    except re.error:
        return None


def _stars(text: str, at: int, parts: list[str]) -> int:
    """Stars from `at` on: two or more between slashes (or the ends) cross folders."""
    end = at
    while end < len(text) and text[end] == "*":
        end += 1
    opens = at == 0 or text[at - 1] == "/"
    if end - at >= 2 and opens and text[end : end + 1] == "/":
        parts.append("(?:[^/]+/)*")
        return end + 1
    crosses = end - at >= 2 and opens and end == len(text)
    parts.append(".*" if crosses else "[^/]*")
    return end


def _bracket(text: str, at: int, parts: list[str]) -> int | None:
    """A character class; gives where it ends, None when it does not."""
    at += 1
    negated = text[at : at + 1] in ("!", "^")
    at += negated
    members: list[str] = []
    first = True
    while at < len(text) and (first or text[at] != "]"):
        first = False
        named = re.compile(r"\[:(\w+):\]").match(text, at)
        if named and named[1] in _CLASSES:
            members.append(_CLASSES[named[1]])
            at = named.end()
            continue
        low, at = _member(text, at)
        if text[at : at + 1] == "-" and text[at + 1 : at + 2] not in ("", "]"):
            high, at = _member(text, at + 1)
            if low <= high:
                members.append(f"{re.escape(low)}-{re.escape(high)}")
                continue
        members.append(re.escape(low))  # a range that runs backwards is its first character
    if at >= len(text):
        return None
    inner = "".join(members)
    if negated:
        parts.append(f"[^/{inner}]")
    else:
        parts.append(f"(?!/)[{inner}]" if inner else "(?!)")
    return at + 1


def _member(text: str, at: int) -> tuple[str, int]:
    """One character of a class, and where the next begins."""
    at += text[at] == "\\" and at + 1 < len(text)
    return text[at], at + 1
