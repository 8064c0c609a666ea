"""The last step of recovery: one broken value, key or line, its problem and its likeliest reading.

Every method reports exactly one problem and hands out nodes with exact spans. `chunk` is a slice of
the text that starts at offset `base`; other offsets are those of the chunk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from st2lang.patterns import lazy
from st2lang.problem import Edit, Fix, Problem, Severity, SpecPath
from st2lang.source import Span
from st2lang.yaml import phrases
from st2lang.yaml.build import TOO_DEEP
from st2lang.yaml.events import Failure
from st2lang.yaml.lines import KEY, Line, is_content, lines_of, opening, without_comment
from st2lang.yaml.nodes import Mapping, Node, Scalar, Sequence, Style
from st2lang.yaml.report import shorten
from st2lang.yaml.resolve import construct_scalar
from st2lang.yaml.scalars import BREAKS, quoted_map, source_map

if TYPE_CHECKING:
    from st2lang.yaml.recover import Recovery

_PROPERTIES = lazy(r"(?:[&!][^\s,\[\]{}]*[ \t]+)*")
_BREAK = lazy(rf"[{BREAKS}]")
_WORD = lazy(r"[\w.$-]+\Z")
_TIGHT = lazy(r"([A-Za-z_][\w.-]*):(?=[^\s:/])")
_ESCAPE = lazy(
    r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0abt\tnvfre \"'/\\N_LP\n\r\x85\u2028\u2029]"
    r"|(?P<bad>.))",
    re.DOTALL,
)
_ENTRY = lazy(r"^[ \t]*(?:#|-(?=\s|\Z)|[\w.-]+:(?=\s|\Z))", re.MULTILINE)
_EXPRESSION = lazy(r"<%|\{\{|\{%")
_CLOSING = {"[": "]", "{": "}", "'": "'", '"': '"'}
_CLOSE = {"<%": "%>", "{{": "}}", "{%": "%}"}


class Leaves:
    """Reads what the parser refuses; reports to the recovery that owns it."""

    def __init__(self, recovery: Recovery) -> None:
        self._recovery = recovery
        self._builder = recovery.builder
        self._source = recovery.builder.text

    # Nodes that no parser has seen

    def empty(self, offset: int) -> Scalar:
        """A value that was left out."""
        return Scalar("", Style.PLAIN, offset, offset, self._source, None, None, None)

    def plain(self, start: int, end: int) -> Scalar:
        """The source between two offsets as a plain scalar, lines folded."""
        raw = self._source[start:end]
        value = raw
        if _BREAK.search(raw):
            pieces = source_map(self._source, start, end, "", "").pieces
            value = "".join(piece.text for piece in pieces)
        data = construct_scalar(value, True, None)
        return Scalar(value, Style.PLAIN, start, end, self._source, None, None, data)

    def quoted_scalar(self, start: int, end: int) -> Scalar:
        """A quoted scalar whose closing quote may be missing and whose escapes may be wrong."""
        style = Style(self._source[start])
        value = quoted_map(self._source, start, end)[1]
        return Scalar(value, style, start, end, self._source, None, None, value)

    def key(self, chunk: str, match: re.Match[str], base: int) -> Scalar:
        """The key that `KEY` has found."""
        start, end = base + match.start("key"), base + match.end("key")
        if chunk[match.start("key")] in "\"'":
            return self.quoted_scalar(start, end)
        return self.plain(start, end)

    # Structure

    def wrong_indent(self, head: Line, column: int, base: int, path: SpecPath) -> None:
        """A line between two levels of indentation."""
        self._report(
            f"this line is indented by {_spaces(head.indent)}, its neighbours above by {column}",
            Span(base + head.start, base + head.content),
            path,
            f"Indent it by {_spaces(column)}, or less to end the block above.",
        )

    def missing_dash(self, chunk: str, head: Line, base: int, path: SpecPath) -> None:
        """A line without `-` between list items."""
        text = without_comment(chunk[head.content : head.end])
        self._report(
            f"`{shorten(text)}` stands between list items but does not start with `- `",
            Span(base + head.content, base + head.content + len(text)),
            path,
            "Start it with `- `, or indent it like the text of the item above.",
        )

    def keyless(
        self, chunk: str, head: Line, base: int, path: SpecPath, children: list[Node]
    ) -> None:
        """A line among keys that has no `key:`."""
        text = without_comment(chunk[head.content : head.end])
        start, end = base + head.content, base + head.content + len(text)
        body = chunk[head.next :]
        tight = _TIGHT.match(text)
        if tight is not None:
            colon = start + tight.end()
            fix = Fix(
                "insert a space after the colon", (Edit(Span(colon, colon), " "),), safe=False
            )
            message = f"a space is missing after the colon of `{tight.group(1)}:`"
            self._report(message, Span(start, end), path, fix=fix)
            children += [self.plain(start, start + tight.end(1)), self.plain(colon, end)]
            return
        if _WORD.match(text) or any(is_content(body, line) for line in lines_of(body)):
            key = self.plain(start, end)
            fix = Fix("add a colon", (Edit(Span(end, end), ":"),), safe=False)
            message = f"`{shorten(text)}` is not followed by a colon"
            hint = "Every line of this block must be `key: value`."
            self._report(message, key.span, path, hint, fix)
            value = self._recovery.region(body, base + head.next, (*path, key.value))
            children += [key, value if value is not None else self.empty(end)]
            return
        message, hint = phrases.keyless(text)
        self._report(message, Span(start, end), path, hint)

    def after_key(
        self, chunk: str, head: Line, at: int, base: int, path: SpecPath, children: list[Node]
    ) -> None:
        """The value at `at`, on the line of its key, which is the last of `children`."""
        body = chunk[head.next :]
        if chunk[at] in "|>" and self._block(chunk, head, base, path, children):
            return
        if any(is_content(body, line) for line in lines_of(body)):
            alone = self._recovery.attempt(
                chunk[head.start : head.end], base + head.start, path[:-1]
            )
            if isinstance(alone, Mapping) and len(alone.entries) == 1:
                children[-1:] = alone.entries[0]
                self._stray(body, base + head.next, path, children)
                return
        children.append(self.value(chunk, at, base, path))

    def _block(
        self, chunk: str, head: Line, base: int, path: SpecPath, children: list[Node]
    ) -> bool:
        """A block scalar that a less indented line ends too early; False if that is not it."""
        below = [line for line in lines_of(chunk) if line.start >= head.next]
        filled = [line for line in below if chunk[line.content : line.end].strip()]
        cut = next((line for line in filled if line.indent < filled[0].indent), None)
        if cut is None:
            return False
        made = self._recovery.attempt(chunk[: cut.start], base, path[:-1])
        if not isinstance(made, Mapping) or len(made.entries) != 1:
            return False
        children[-1:] = made.entries[0]
        self._recovery.give_up(base + cut.start, base + len(chunk.rstrip()))
        self._report(
            f"this line is indented by {_spaces(cut.indent)}, the text above by {filled[0].indent}",
            Span(base + cut.content, base + cut.end),
            path,
            "All lines of a `|` or `>` text must be indented at least like its first line.",
        )
        return True

    def _stray(self, body: str, base: int, path: SpecPath, children: list[Node]) -> None:
        """A block below a value that is already complete: its keys belong to the value's mapping."""
        first = next(line for line in lines_of(body) if is_content(body, line))
        text = without_comment(body[first.content : first.end])
        match = KEY.match(body, first.content, first.end)
        name = match["key"] if match else text
        self._report(
            f"`{shorten(name)}` is indented below `{path[-1]}`, which already has a value",
            Span(base + first.content, base + first.content + len(name)),
            path[:-1],
            f"Indent it like `{path[-1]}`, or remove the value of `{path[-1]}`.",
        )
        node = self._recovery.region(body, base, path[:-1])
        if isinstance(node, Mapping):
            children += [part for entry in node.entries for part in entry]
        elif node is not None:
            self._recovery.give_up(node.start, node.end)

    # Values

    def value(self, chunk: str, at: int, base: int, path: SpecPath) -> Node:
        """A value that the parser refuses, from `at` on."""
        properties = _PROPERTIES.match(chunk, at)
        at = properties.end() if properties else at
        first = chunk[at : at + 1]
        if first in ("'", '"'):
            return self._quoted(chunk, at, base, path)
        if first in ("[", "{") and chunk[at : at + 2] not in _CLOSE:
            return self._flow(chunk, at, base, path)
        return self._text(chunk, at, base, path)

    def _text(self, chunk: str, at: int, base: int, path: SpecPath) -> Node:
        """A value that only quotes would make valid, taken as the text it is."""
        stop = _line_end(chunk, at)
        found = _EXPRESSION.search(chunk, at, stop)
        end = at + len(without_comment(chunk[at:stop]))
        if found is not None:
            close = chunk.rfind(_CLOSE[found.group()], found.end(), stop)
            if close < 0:  # the expression goes on below
                end = len(chunk.rstrip())
            else:
                end = close + 2 + len(without_comment(chunk[close + 2 : stop]))
        node = self.plain(base + at, base + max(end, at))
        self._recovery.give_up(node.start, base + len(chunk.rstrip()))
        problem = phrases.value(node, path, expression=found is not None)
        self._builder.problems.append(problem)
        return node

    def _quoted(self, chunk: str, at: int, base: int, path: SpecPath) -> Node:
        close = opening(chunk, at).end
        line_end = _line_end(chunk, at)
        rest = without_comment(chunk[close : _line_end(chunk, close)]).strip() if close else ""
        if not close or (rest and close > line_end):
            end = base + len(chunk[:line_end].rstrip())
            self._recovery.give_up(base + at, base + len(chunk.rstrip()))
            message = f"the quote `{chunk[at]}` that opens here is never closed"
            self._report(message, Span(base + at, end), path, "Close it where the text ends.")
            if not close and not _ENTRY.search(chunk, line_end):
                end = base + len(chunk.rstrip())  # a text of several lines, still being typed
            return self.quoted_scalar(base + at, end)
        node = self.quoted_scalar(base + at, base + close)
        self._recovery.give_up(node.start, base + _line_end(chunk, close))
        if rest:
            start = base + chunk.index(rest, close)
            self._report(
                f"unexpected `{shorten(rest)}` after the closing quote",
                Span(start, start + len(rest)),
                path,
                "Put the whole value in one pair of quotes, or remove what follows it.",
            )
        elif node.style is Style.DOUBLE:
            self._escapes(chunk, at, close, base, path)
        return node

    def _escapes(self, chunk: str, at: int, end: int, base: int, path: SpecPath) -> None:
        bad = [match.start() + base for match in _ESCAPE.finditer(chunk, at, end) if match["bad"]]
        if not bad:
            return
        shown = self._source[bad[0] : bad[0] + 2]
        fix = Fix(
            "double the backslash",
            tuple(Edit(Span(place, place), "\\") for place in bad),
            safe=True,
        )
        self._report(
            f"`{shown}` is not an escape that double quotes know",
            Span(bad[0], bad[0] + 2),
            path,
            f"Write `\\{shown}`, or put the value in single quotes, where `\\` is a plain character.",
            fix,
        )

    def _flow(self, chunk: str, at: int, base: int, path: SpecPath) -> Node:
        text = chunk[at:].rstrip()
        start = base + at
        self._recovery.give_up(start, start + len(text))
        state = opening(text)
        if state.end:
            rest = without_comment(text[state.end : _line_end(text, state.end)]).strip()
            node = self._recovery.attempt(text[: state.end], start, path)
            if rest and node is not None and not isinstance(node, Failure):
                place = start + text.index(rest, state.end)
                message = f"unexpected `{shorten(rest)}` after the closing bracket"
                self._report(message, Span(place, place + len(rest)), path)
                return node
        made = self._recovery.attempt(text + state.closers, start, path, len(state.closers))
        failed = made if isinstance(made, Failure) else None
        unclosed = state.innermost if failed is None or state.quote else None
        if unclosed is not None:
            character, place = unclosed
            kind = "quote" if state.quote else "bracket"
            message = f"the {kind} `{character}` that opens here is never closed"
            hint = f"Close it with `{_CLOSING[character]}`."
            self._report(message, Span(start + place, start + place + 1), path, hint)
        if made is not None and not isinstance(made, Failure):
            return made
        problems = len(self._builder.problems)
        front = self._prefix(text, failed, start, path)
        if failed is not None and unclosed is None and not self._told(failed.offset, problems):
            self.generic(failed, Span(start, start + len(text)), path)
        return front

    def _told(self, offset: int, since: int) -> bool:
        """Whether an unquoted expression right before the offset has been reported."""
        return any(
            problem.check == "yaml-unquoted-expression"
            and not self._source[problem.span.end : offset].strip()
            for problem in self._builder.problems[since:]
        )

    def _prefix(self, text: str, failed: Failure | None, start: int, path: SpecPath) -> Node:
        """What stands before the failure inside brackets."""
        if failed is not None and failed.reason != TOO_DEEP:
            front = text[: failed.offset - start].rstrip().removesuffix(",")
            closers = opening(front).closers
            made = self._recovery.attempt(front + closers, start, path, len(closers))
            if isinstance(made, Mapping | Sequence):
                made.end = start + len(text)
                return made
        end = start + len(text)
        if text[0] == "[":
            return Sequence((), start, end, True)
        return Mapping((), start, end, True)

    def generic(self, failure: Failure, within: Span, path: SpecPath) -> None:
        """What the parser says, in words for people."""
        offset = max(within.start, min(failure.offset, within.end))
        span = Span(offset, min(offset + 1, len(self._source)))
        if failure.reason == TOO_DEEP:
            self._builder.problems.append(phrases.too_deep(span, path))
        else:
            message, hint = phrases.reason(failure, self._source[span.start : span.end])
            self._report(message, span, path, hint)
        self._recovery.give_up(offset, within.end)

    def _report(
        self, message: str, span: Span, path: SpecPath, hint: str = "", fix: Fix | None = None
    ) -> None:
        self._recovery.give_up(*span)
        problem = Problem("yaml-syntax", Severity.ERROR, message, span, path, hint, fix=fix)
        self._builder.problems.append(problem)


def _line_end(chunk: str, at: int) -> int:
    match = _BREAK.search(chunk, at)
    return len(chunk) if match is None else match.start()


def _spaces(count: int) -> str:
    return f"{count} space" if count == 1 else f"{count} spaces"
