"""Puts Jinja's tags together with what stands between them.

A stack of the tags that are open: no nesting is too deep, and an error can point at the tag that is
never closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from st2lang.expressions._jinja_tables import LITERALS, ROWS, STARTS
from st2lang.expressions.errors import ExpressionSyntaxError, Rejection
from st2lang.expressions.jinja_ast import Node, Output, Text
from st2lang.expressions.jinja_builder import reject, span_of
from st2lang.expressions.jinja_statements import Block, Body, For, If
from st2lang.expressions.jinja_tags import Marker, Opening, Tag
from st2lang.expressions.lalr import END, Token
from st2lang.record import replace
from st2lang.source import Span
from st2lang.suggest import did_you_mean

_MIDDLE = {"if": ("elif", "else"), "for": ("else",)}
_EXTENSIONS = ("break", "continue", "debug", "do", "pluralize", "trans")
_TAGS = {LITERALS[kind]: kind for kind in ROWS[STARTS["tag"]] if kind in LITERALS}


class _Open:
    """A tag whose end has not been seen. `done` are its bodies that `elif` or `else` have ended."""

    __slots__ = ("body", "done", "mark", "node", "span", "wanted", "word")

    def __init__(self, opening: Opening, span: Span) -> None:
        self.word = opening.word
        self.node: Any = opening.node
        self.span = span
        self.wanted = (*_MIDDLE.get(opening.word, ()), f"end{opening.word}")
        self.mark: Marker | None = None
        self.done: list[tuple[Marker | None, Body]] = []
        self.body: list[Node] = []

    def end_body(self, marker: Marker) -> None:
        """What comes next belongs to `marker`."""
        self.done.append((self.mark, tuple(self.body)))
        self.mark, self.body = marker, []
        if marker.word == "else":
            self.wanted = self.wanted[-1:]

    def closed(self, marker: Marker, end: int) -> Node:
        """The node with its bodies."""
        self.end_body(marker)
        span = Span(self.span.start, end)
        body = self.done[0][1]
        otherwise = next((body for mark, body in self.done if mark and mark.word == "else"), ())
        match self.node:
            case If(branches):
                more = [(mark.test, body) for mark, body in self.done if mark and mark.test]
                return replace(
                    self.node,
                    branches=((branches[0][0], body), *more),
                    otherwise=otherwise,
                    span=span,
                )
            case For():
                return replace(self.node, body=body, otherwise=otherwise, span=span)
            case Block() as block:
                _check_block(block, body, marker.name)
        return replace(self.node, body=body, span=span)


class Blocks:
    """The tags that are open, outermost first."""

    def __init__(self, body: list[Node]) -> None:
        """`body` is what stands before the first tag."""
        self._outermost = body
        self._open: list[_Open] = []

    def take(self, tag: Tag, span: Span) -> list[Node]:
        """Adds a tag that covers `span` and returns the list for what follows it.

        Raises `Rejection` for a tag that ends what is not open.
        """
        if isinstance(tag, Opening):
            self._open.append(_Open(tag, span))
        elif isinstance(tag, Marker):
            self._mark(tag, span)
        else:
            self._body().append(replace(tag, span=span))
        return self._body()

    def check_closed(self) -> None:
        """Raises `Rejection` at the innermost tag that is still open."""
        if self._open:
            innermost = self._open[-1]
            end = f"`{{% end{innermost.word} %}}`"
            message = f"`{{% {innermost.word} %}}` is never closed, expected {end}"
            raise Rejection(ExpressionSyntaxError(innermost.span, message, (end,)))

    def _body(self) -> list[Node]:
        return self._open[-1].body if self._open else self._outermost

    def _mark(self, marker: Marker, span: Span) -> None:
        if not self._open or marker.word not in self._open[-1].wanted:
            raise Rejection(self._misplaced(marker.word, span))
        if marker.word.startswith("end"):
            innermost = self._open.pop()
            self._body().append(innermost.closed(marker, span.end))
        else:
            self._open[-1].end_body(marker)

    def _misplaced(self, word: str, span: Span) -> ExpressionSyntaxError:
        """The error for an end, `else` or `elif` that the innermost open tag does not know."""
        found = f"{{% {word} %}}"
        if not self._open:
            return ExpressionSyntaxError(
                span, f"`{found}` without a tag that it belongs to", (), found
            )
        innermost = self._open[-1]
        expected = tuple(f"`{{% {wanted} %}}`" for wanted in innermost.wanted)
        message = f"`{found}` inside `{{% {innermost.word} %}}`, expected {expected[-1]} first"
        if word == "else" and innermost.mark:
            message = f"a second `{found}`, expected {expected[-1]}"
        return ExpressionSyntaxError(span, message, expected, found)


def _check_block(block: Block, body: Body, end_name: Token | None) -> None:
    """A required block is empty; the name behind `endblock` is that of the block."""
    if end_name and end_name[1] != block.name:
        raise reject(span_of(end_name), f"`{end_name[1]}` ends the block `{block.name}`")
    if not block.required:
        return
    for node in body:
        if not ((isinstance(node, Text) and node.value.isspace()) or node == Output((), node.span)):
            raise reject(node.span, "a required block can hold only comments and whitespace")


def tag_tokens(tokens: Iterator[Token]) -> Iterator[Token]:
    """The tokens of one tag, its name checked, and the parenthesis behind `call` told apart.

    Raises `Rejection` for an unknown tag.
    """
    kind, word, start, end = first = next(tokens)
    if kind == END:
        raise reject(Span(start, end), "the tag has no name")
    if word not in _TAGS:
        hint = did_you_mean(word, _TAGS)
        advice = "It needs a Jinja extension that StackStorm does not load." * (word in _EXTENSIONS)
        message = f"unknown tag `{word}`{hint if not advice else ''}"
        raise Rejection(ExpressionSyntaxError(span_of(first), message, (), word, advice))
    yield _TAGS[word], word, start, end
    if word == "call":
        kind, *rest = next(tokens)
        yield ("_SIGNATURE" if kind == "LPAR" else kind, *rest)  # type: ignore[misc]
    yield from tokens
