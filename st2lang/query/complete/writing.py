"""How a text is written at a place: quoted where YAML needs it, escaped as the quotes around ask.

Two kinds of places: an empty one, where a value or a key is begun (`Fresh`), and a part of a scalar that
stands already (`Within`). Both give the text as it must be inserted, with the edits around it.
"""

from __future__ import annotations

from st2lang.patterns import lazy
from st2lang.problem import Edit
from st2lang.query.complete.model import Hole, Parts, mapped, plain
from st2lang.record import record
from st2lang.source import Span
from st2lang.yaml import Scalar, Style
from st2lang.yaml.resolve import construct_scalar

_INDICATOR = lazy(r"[,\[\]{}#&*!|>'\"%@`]|[-?:](?:\s|$)|---|\.\.\.")
_ENDS = lazy(r":(?:\s|$)|\s#|[\n\r\t\x00-\x1f]")
_FLOW = lazy(r"[,\[\]{}]|:(?:[,\[\]{}]|$)|^\?")

Written = tuple[Parts, tuple[Edit, ...]]
"""A text to insert, and what else has to change."""


def is_plain(value: str, flow: bool, text: bool = True) -> bool:
    """Whether a text can stand without quotes and is read back as it is; `text`: as a string."""
    if not value or value != value.strip() or _INDICATOR.match(value) or _ENDS.search(value):
        return False
    if flow and _FLOW.search(value):
        return False
    return not text or isinstance(construct_scalar(value, True, None), str)


def quoted(parts: Parts, around: str = "") -> Parts:
    """The parts in quotes; in double ones unless these would have to be escaped."""
    quote = _best_quote(plain(parts) + around)
    return (quote, *mapped(parts, _ESCAPES[quote]), quote)


def _best_quote(text: str) -> str:
    return "'" if ('"' in text or "\\" in text) and "\n" not in text else '"'


_ESCAPES = {"'": {"'": "''"}, '"': {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}}


@record
class Fresh:
    """An empty place. `prefix` has to stand in front of whatever is inserted there."""

    span: Span
    prefix: str = ""
    flow: bool = False

    def write(self, parts: Parts, literal: bool) -> Written:
        """A value that begins here."""
        if not literal and not is_plain(plain(parts), self.flow):
            parts = quoted(parts)
        return (self.prefix, *parts) if self.prefix else parts, ()


@record
class Within:
    """The decoded characters `start:end` of a scalar, which `span` is in the file.

    `offset` is the cursor; it may stand behind the scalar, with blanks between.
    """

    scalar: Scalar
    start: int
    end: int
    span: Span
    offset: int
    flow: bool = False

    def write(self, parts: Parts, literal: bool) -> Written:
        """A text in the place of these characters."""
        style = self.scalar.style
        if style is Style.SINGLE or style is Style.DOUBLE:
            return mapped(parts, _ESCAPES[style.value]), ()
        if style.block:
            return mapped(parts, {"\n": "\n" + " " * self._indent()}), ()
        whole = self._value(plain(parts))
        if literal or is_plain(whole.replace("\n", " "), self.flow):
            return parts, ()
        return self._quoted(parts, whole)

    def _value(self, inserted: str) -> str:
        value = self.scalar.value
        between = ""
        if self.offset > self.scalar.end:
            between = self.scalar.text[self.scalar.end : self.offset]
        return value[: self.start] + between + inserted + value[self.end :]

    def _indent(self) -> int:
        text = self.scalar.text
        line = text.rfind("\n", 0, self.offset) + 1
        return len(text[line:]) - len(text[line:].lstrip(" "))

    def _quoted(self, parts: Parts, whole: str) -> Written:
        """The plain scalar put into quotes: what the text needs now that it has these characters."""
        scalar = self.scalar
        quote = _best_quote(whole)
        escapes = _ESCAPES[quote]
        parts = mapped(parts, escapes)
        edits = []
        text, first, last = scalar.text, scalar.start, max(scalar.end, self.offset)
        if self.span.start == first:
            parts = (quote, *parts)
        else:
            edits.append(Edit(Span(first, first), quote))
        if self.span.end >= last:
            parts = (*parts, quote)
        else:
            edits.append(Edit(Span(last, last), quote))
        for at in range(first, last):
            inside = self.span.start <= at < self.span.end
            if not inside and text[at] in escapes and text[at] not in "\n":
                edits.append(Edit(Span(at, at + 1), escapes[text[at]]))
        if edits and edits[-1].span.start == first and len(edits) > 1:
            edits = _merged(edits)
        return parts, tuple(sorted(edits, key=lambda edit: edit.span))


def _merged(edits: list[Edit]) -> list[Edit]:
    """No two edits at one place: an editor may apply them in either order."""
    by_start: dict[int, Edit] = {}
    for edit in edits:
        known = by_start.get(edit.span.start)
        if known is not None:
            edit = Edit(known.span.cover(edit.span), known.text + edit.text)
        by_start[edit.span.start] = edit
    return list(by_start.values())


def key(name: str, flow: bool = False) -> str:
    """A key as it is written."""
    return name if is_plain(name, flow) else plain(quoted((name,)))


def with_hole(text: str, number: int = 1) -> Parts:
    """A text with the cursor behind it."""
    return (text, Hole(number))
