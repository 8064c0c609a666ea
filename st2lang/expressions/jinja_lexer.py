"""Cuts a Jinja text into what is printed as it stands and the tokens between delimiters.

The same cuts as `jinja2.lexer` makes (3.1) for an environment with default delimiters, `trim_blocks`
and `lstrip_blocks`, which is Orquesta's. The odd ones too: `{{-1}}` is one, not minus one; a comment
or `{% raw %}` that begins where the text ends needs no end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from st2lang.expressions._jinja_tables import LITERALS
from st2lang.expressions.errors import ExpressionSyntaxError, Rejection, unexpected
from st2lang.expressions.jinja_ast import Text
from st2lang.expressions.lalr import END, Token
from st2lang.patterns import lazy
from st2lang.source import Span

_OPENING = lazy(
    r"\{(?:%(?P<raw_sign>[-+]?)\s*(?P<raw>raw)\s*(?:-%\}\s*|%\})|(?P<kind>[{%#])(?P<sign>[-+]?))"
)
_COMMENT_END = lazy(r"\+#\}|-#\}\s*|#\}(?:\r\n|\r|\n)?")
_RAW_END = lazy(r"\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\}(?:\r\n|\r|\n)?)")
_NEWLINE = lazy(r"\r\n|\r|\n")
_ASSIGNED = lazy(r"\s*=(?!=)")

_TOKEN = lazy(
    r"""\s*+(?:
      (?P<FLOAT> (?<!\.) (?:\d+_)*\d+
        (?: (?:\.(?:\d+_)*\d+)? [eE][+-]? (?:\d+_)*\d+ | \.(?:\d+_)*\d+ ))
    | (?P<INTEGER>
          0[bB](?:_?[01])+ | 0[oO](?:_?[0-7])+ | 0[xX](?:_?[\da-fA-F])+ | [1-9](?:_?\d)* | 0(?:_?0)* )
    | (?P<KEY>\w++)(?=\s*=(?!=))
    | (?P<NAME>\w++)
    | (?P<STRING>'[^'\\]*+(?:\\.[^'\\]*+)*+' | "[^"\\]*+(?:\\.[^"\\]*+)*+")
    | (?P<MARK>\*\* | // | [=!<>]= | [-+*/%~()\[\]{}<>=.:|,;])
    | (?P<END>\Z) )
    """,
    re.DOTALL | re.VERBOSE,
).match
_CLOSING = {
    "{{": re.compile(r"-\}\}\s*|\}\}").match,
    "{%": re.compile(r"\+%\}|-%\}\s*|%\}(?:\r\n|\r|\n)?").match,
}

_KINDS = {text: kind for kind, text in LITERALS.items()}
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_DELIMITERS = {"": "", "{{": "}}", "{%": "%}"}


def _no_match(text: str, start: int, end: int) -> None:
    """An expression on its own has no closing delimiter."""


class Scanner:
    """Goes through a text once: `skip_text`, then `tokens` of the delimiter found, and so on."""

    def __init__(self, text: str) -> None:
        """The last line break of a text does not count (`keep_trailing_newline` is off)."""
        self._text = text
        self._end = len(text)
        if text.endswith(("\n", "\r")):
            self._end -= 2 if text.endswith("\r\n") else 1
        self._position = 0
        self._at_line_start = True
        self.enclosed = Span(0, 0)

    def skip_text(self) -> tuple[list[Text], str]:
        """The texts up to the next `{{` or `{%`, and that delimiter ("" at the end of the text).

        `enclosed` is the place of the delimiter, and once its tokens are read all that it encloses.
        Raises `Rejection` for comments and `{% raw %}` that do not end.
        """
        texts: list[Text] = []
        while match := _OPENING.search(self._text, self._position, self._end):
            sign = match["raw_sign"] or match["sign"] or ""
            self._keep(texts, match.start(), sign, strip_line=match["kind"] != "{")
            self._move(match.end())
            if match["raw"]:
                self._raw(texts, match.start())
            elif match["kind"] == "#":
                self._comment(match.start())
            else:
                self.enclosed = Span(match.start(), match.start() + 2)
                return texts, "{" + match["kind"]
        self._keep(texts, self._end, "+", strip_line=False)
        return texts, ""

    def tokens(self, opening: str) -> Iterator[Token]:
        """The tokens up to what closes `opening`, or up to the end of the text for "".

        Raises `Rejection` where jinja2's lexer does, and when the delimiter is never closed.
        """
        text, end, position = self._text, self._end, self._position
        closing, closes = _DELIMITERS[opening], _CLOSING.get(opening, _no_match)
        brackets: list[Token] = []
        while match := _TOKEN(text, position, end):
            kind = match.lastgroup or END
            start, position = match.span(kind)
            word = text[start:position]
            if kind == "MARK":
                if word in "}%-+" and not brackets and (found := closes(text, start, end)):
                    yield self._close(closing, found)
                    return
                kind = _KINDS.get(word, kind)
                if word in "([{":
                    brackets.append((kind, word, start, position))
                elif word in ")]}":
                    self._check_bracket(brackets, word, start, closing)
            elif kind == "NAME" or kind == "KEY":
                if not word.isascii() or text[position : position + 1] > "\x7f":
                    kind, word, position = self._unicode_name(start, position)
                if kind == "NAME":
                    kind = _KINDS.get(word, kind)
            elif kind == END:
                if opening or brackets:
                    break
                yield kind, word, start, position
                return
            yield kind, word, start, position
        raise self._stuck(position, brackets, opening)

    def _close(self, closing: str, match: re.Match[str]) -> Token:
        """The end of what stands between two delimiters."""
        self._move(match.end())
        end = match.start() + len(match[0].rstrip())
        self.enclosed = Span(self.enclosed.start, end)
        return END, closing, match.start(), end

    def _move(self, position: int) -> None:
        self._at_line_start = self._text[position - 1 : position] in ("\n", "\r")
        self._position = position

    def _keep(self, texts: list[Text], end: int, sign: str, strip_line: bool) -> None:
        """Adds the text up to a delimiter, without the whitespace that belongs to the delimiter."""
        start = self._position
        chunk = self._text[start:end]
        if sign == "-":
            chunk = chunk.rstrip()
        elif strip_line and sign != "+":
            line = max(chunk.rfind("\n"), chunk.rfind("\r")) + 1
            if (line or self._at_line_start) and chunk[line:].isspace():
                chunk = chunk[:line]
        if chunk:
            value = _NEWLINE.sub("\n", chunk) if "\r" in chunk else chunk
            texts.append(Text(value, Span(start, start + len(chunk))))

    def _comment(self, opened: int) -> None:
        if self._position == self._end:
            return
        match = _COMMENT_END.search(self._text, self._position, self._end)
        if not match:
            raise _never_closed("{#", "#}", Span(opened, opened + 2))
        self._move(match.end())

    def _raw(self, texts: list[Text], opened: int) -> None:
        if self._position == self._end:
            return
        match = _RAW_END.search(self._text, self._position, self._end)
        if not match:
            raise _never_closed("{% raw %}", "{% endraw %}", Span(opened, self._position))
        self._keep(texts, match.start(), match[1], strip_line=True)
        self._move(match.end())

    def _unicode_name(self, start: int, position: int) -> tuple[str, str, int]:
        """A name with characters beyond ASCII, combining marks included."""
        text = self._text
        while position < self._end and ("_" + text[position]).isidentifier():
            position += 1
        word = text[start:position]
        if not word.isidentifier():
            wrong = next(i for i in range(len(word)) if not word[: i + 1].isidentifier())
            raise _refused(start + wrong, word[wrong], "it cannot be part of a name")
        kind = "KEY" if _ASSIGNED.match(text, position, self._end) else "NAME"
        return kind, word, position

    def _check_bracket(self, brackets: list[Token], word: str, start: int, closing: str) -> None:
        """Takes the bracket that `word` closes from the stack."""
        wanted = _BRACKETS[brackets[-1][1]] if brackets else ""
        if wanted == word:
            brackets.pop()
            return
        found = closing if closing and self._text.startswith(closing, start) else word
        missing = wanted or closing
        if missing:
            raise Rejection(unexpected(Span(start, start + len(found)), found, (f"`{missing}`",)))
        raise _refused(start, found, "nothing is open that it closes")

    def _stuck(self, position: int, brackets: list[Token], opening: str) -> Rejection:
        """Why no token can be read: the text is over, or the character begins none."""
        rest = self._text[position : self._end]
        start = position + len(rest) - len(rest.lstrip())
        if start < self._end:
            found = self._text[start]
            if found in "'\"":
                return _never_closed(found, found, Span(start, start + 1))
            return _refused(start, found, "it has no meaning in Jinja")
        if brackets:
            _, word, at, end = brackets[-1]
            return _never_closed(word, _BRACKETS[word], Span(at, end))
        return _never_closed(opening, _DELIMITERS[opening], self.enclosed)


def _refused(start: int, found: str, reason: str) -> Rejection:
    span = Span(start, start + len(found))
    return Rejection(ExpressionSyntaxError(span, f"unexpected `{found}`, {reason}", (), found))


def _never_closed(opening: str, closing: str, span: Span) -> Rejection:
    message = f"`{opening}` is never closed, expected `{closing}`"
    return Rejection(ExpressionSyntaxError(span, message, (f"`{closing}`",), ""))
