"""The lines of a chunk of YAML, and what one can tell from a line alone.

Only broken text is looked at this way; healthy text is the parser's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from st2lang.patterns import lazy
from st2lang.yaml.scalars import BREAKS

_LINE = lazy(rf"( *)([^{BREAKS}]*)(\r\n|[{BREAKS}]|\Z)")

KEY = lazy(
    r"""(?:(?:&[\w-]+|![^\s,\[\]{}]*)[ \t]+)*
    (?P<key>"(?:[^"\\]|\\.)*" | '(?:[^']|'')*'
      | (?:[^\s\-?:,\[\]{}#&*!|>'"%@`] | [-?:](?=\S)) (?:[^\s:#] | :(?=\S) | (?<=\S)\# | [ \t]+(?=[^\s:#]))*)
    [ \t]*:(?=\s|\Z)""",
    re.VERBOSE,
)
"""`key:` at the start of a line's content."""

DASH = lazy(r"-(?=\s|\Z)")
COMMENT = lazy(r"(?:^|(?<=\s))#.*")


class Line(NamedTuple):
    """A line of a chunk: offsets of its start, its content, the end of the content, the next line."""

    start: int
    content: int
    end: int
    next: int

    @property
    def indent(self) -> int:
        """How many blanks stand in front of the content."""
        return self.content - self.start


def lines_of(chunk: str) -> Iterator[Line]:
    """The lines of a chunk, in order."""
    at = 0
    while at < len(chunk):
        match = _LINE.match(chunk, at)
        if match is None:  # pragma: no cover - the pattern matches everywhere
            return
        yield Line(at, match.end(1), match.end(2), match.end())
        at = match.end()


def is_content(chunk: str, line: Line) -> bool:
    """False for a blank line and for one with a comment only."""
    rest = chunk[line.content : line.end].strip()
    return bool(rest) and not rest.startswith("#")


def without_comment(text: str) -> str:
    """A line's text up to a comment, without blanks at its end. Quotes are not looked at."""
    return COMMENT.sub("", text).rstrip()


class Opening(NamedTuple):
    """Brackets and the quote that are open where a text ends, with the offsets where they opened.

    `end` is where the first of them was closed, 0 if it was not.
    """

    brackets: tuple[tuple[str, int], ...]
    quote: tuple[str, int] | None
    end: int = 0

    @property
    def innermost(self) -> tuple[str, int] | None:
        """The last one opened, or None when nothing is open."""
        return self.quote or (self.brackets[-1] if self.brackets else None)

    @property
    def closers(self) -> str:
        """What would close everything."""
        closing = (self.quote[0] if self.quote else "") + "".join(
            "]" if bracket == "[" else "}" for bracket, _ in reversed(self.brackets)
        )
        return f"\n{closing}" if closing and not self.quote else closing


_FLOW_TOKEN = lazy(
    r"""(?P<double>"(?:[^"\\]|\\.)*(?P<double_end>"|\Z)?)
    | (?P<single>'(?:[^']|'')*(?P<single_end>')?)
    | (?P<open>[\[{]) | (?P<close>[\]}])
    | (?P<comment>(?<=\s)\#[^\n\r]*)
    | [^\[\]{},:\s"'][^\[\]{},:\s]* | .""",
    re.VERBOSE | re.DOTALL,
)


def opening(text: str, start: int = 0) -> Opening:
    """What is open at the end of a text that begins, at `start`, with a bracket or a quote.

    Reading stops where the first bracket or quote is closed again.
    """
    brackets: list[tuple[str, int]] = []
    for match in _FLOW_TOKEN.finditer(text, start):
        kind = match.lastgroup
        if match["double"] is not None:
            if match["double_end"] != '"':
                return Opening(tuple(brackets), ('"', match.start()))
        elif match["single"] is not None:
            if match["single_end"] is None:
                return Opening(tuple(brackets), ("'", match.start()))
        elif kind == "open":
            brackets.append((match.group(), match.start()))
        elif kind == "close" and brackets:
            brackets.pop()
        if not brackets:
            return Opening((), None, match.end())
    return Opening(tuple(brackets), None)
