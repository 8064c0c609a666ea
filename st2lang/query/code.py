"""Code up to the cursor, as far as it has been written: which name is being typed, in which call.

There is no tree for `ctx().na` without an end, or for a call that is not closed. What an editor is asked
about there is told from the lexemes in front of the cursor, which are the same in finished code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from st2lang.patterns import lazy
from st2lang.query.segments import Form, Lexeme, Segment, lex, segments
from st2lang.record import field, record
from st2lang.yaml import Scalar

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.query.cursor import Cursor

_NAME_BEFORE = lazy(r"\$?\w*\Z")
_NAME_AFTER = lazy(r"\w*")
_QUOTED_AFTER = lazy(r"[^'\"`\s,(){}\[\]%]*")
_CLOSES = {")": "(", "]": "[", "}": "{"}


@record
class Open:
    """A bracket that is open at the cursor.

    `name` is the function whose arguments it holds ("" for others), `at` the place of the bracket among
    the lexemes. `argument` counts the commas so far, `keyword` is the name of the argument that is being
    written, `keywords` are all names given in this call so far. `positional` is how many arguments stand
    before the one being written without a name. `calls` says how the function is called: "function",
    "method", "filter" or "test".
    """

    bracket: str
    at: int
    name: str = ""
    calls: str = ""
    argument: int = 0
    keyword: str = ""
    keywords: tuple[str, ...] = ()
    positional: int = 0


@record
class Code:
    """The region of code that the cursor is in.

    All offsets count in the decoded text of `scalar`: `base` is where the code begins, `offset` the cursor.
    `before` and `after` are the code on both sides. `start:end` is the name being typed, `typed` what of
    it stands in front of the cursor. `quote` is the quotation mark of the string that is open there, ""
    outside of one; `words` are the lexemes in front of the name or the string. `opened` are the brackets
    that are open, the innermost last.
    """

    language: str
    orquesta: bool
    opening: str
    scalar: Scalar = field(compare=False)
    base: int
    offset: int
    before: str
    after: str
    start: int
    end: int
    quote: str
    quote_closed: bool
    words: tuple[Lexeme, ...]
    opened: tuple[Open, ...]
    closed: bool

    @property
    def table(self) -> str:
        """The functions that may be used: a language of `st2lang.functions`."""
        return self.language if self.language == "yaql" or self.orquesta else "jinja-chain"

    @property
    def typed(self) -> str:
        """What has been typed of the name."""
        return self.before[self.start - self.base :]

    @property
    def last(self) -> Lexeme | None:
        """The lexeme in front of the name."""
        return self.words[-1] if self.words else None

    @property
    def call(self) -> Open | None:
        """The innermost call whose arguments the cursor is among, brackets in between passed by."""
        return next((o for o in reversed(self.opened) if o.bracket == "(" and o.name), None)

    @property
    def gap(self) -> str:
        """The blanks between the last lexeme and the name."""
        name = self.start - self.base - len(self.quote)
        return self.before[self.words[-1].end if self.words else 0 : name]


def of_cursor(cursor: Cursor) -> Code | None:
    """The code around a cursor; None in plain text, behind a finished expression and in a comment."""
    document = cursor.document
    if cursor.scalar is None:
        return None
    workflow = document.workflow
    orquesta = workflow is not None and workflow.orquesta
    return at(cursor.scalar, cursor.offset, cursor.text, orquesta, reads_code(document))


def reads_code(document: Document) -> bool:
    """Whether strings of a document can hold expressions at all."""
    return document.kind in ("orquesta", "action-chain", "action")


def at(scalar: Scalar, offset: int, text: str, orquesta: bool, reads: bool = True) -> Code | None:
    """The code at an offset of the file in a scalar, `text` being the decoded text up to there."""
    rest = "" if offset > scalar.end else scalar.value[len(text) :]
    if not reads:
        return None
    here = len(text)
    for segment in segments(text + rest, orquesta):
        if segment.base <= here <= segment.stop:
            return None if segment.opening == "{#" else _code(scalar, text, rest, segment, orquesta)
    return None


def _code(scalar: Scalar, text: str, rest: str, segment: Segment, orquesta: bool) -> Code:
    before = text[segment.base :]
    after = rest[: segment.stop - len(text)]
    quoted_at = open_string(before, segment.language)
    if quoted_at >= 0:
        start = quoted_at + 1
        found = _QUOTED_AFTER.match(after)
        words = lex(segment.language, before[:quoted_at])
    else:
        name = _NAME_BEFORE.search(before)
        start = name.start() if name else len(before)
        found = _NAME_AFTER.match(after)
        words = lex(segment.language, before[:start])
    end = found.end() if found else 0
    quote = before[quoted_at] if quoted_at >= 0 else ""
    return Code(
        segment.language,
        orquesta,
        segment.opening[:2],
        scalar,
        segment.base,
        len(text),
        before,
        after,
        segment.base + start,
        len(text) + end,
        quote,
        bool(quote) and after[end : end + 1] == quote,
        words,
        opened(words, segment.language),
        segment.closed,
    )


def open_string(code: str, language: str) -> int:
    """Where the string begins that is open at the end of a piece of code; -1 when none is."""
    marks = "'\"`" if language == "yaql" else "'\""
    start, at = -1, 0
    while at < len(code):
        character = code[at]
        if start >= 0 and character == "\\":
            at += 1
        elif start >= 0 and character == code[start]:
            start = -1
        elif start < 0 and character in marks:
            start = at
        at += 1
    return start


def opened(words: Sequence[Lexeme], language: str) -> tuple[Open, ...]:
    """The brackets that are open at the end of some lexemes."""
    stack: list[int] = []
    for i, word in enumerate(words):
        if word.form is not Form.MARK:
            continue
        if word.text in ("(", "[", "{"):
            stack.append(i)
        elif word.text in _CLOSES and stack:
            stack.pop()
    return tuple(_open(words, at, language) for at in stack)


def _open(words: Sequence[Lexeme], at: int, language: str) -> Open:
    name = words[at - 1] if at else None
    if words[at].text != "(" or name is None or name.form is not Form.FUNCTION:
        return Open(words[at].text, at)
    assign = "=>" if language == "yaql" else "="
    depth, argument, keyword, positional = 0, 0, "", 0
    keywords: list[str] = []
    for i in range(at + 1, len(words)):
        text = words[i].text if words[i].form is not Form.STRING else ""
        if text in ("(", "[", "{"):
            depth += 1
        elif text in _CLOSES:
            depth -= 1
        elif depth:
            continue
        elif text == ",":
            positional += not keyword
            argument, keyword = argument + 1, ""
        elif text == assign and not keyword and words[i - 1].form is Form.NAME:
            keyword = words[i - 1].text
            keywords.append(keyword)
    return Open(
        "(", at, name.text, _calls(words, at - 1), argument, keyword, tuple(keywords), positional
    )


def _calls(words: Sequence[Lexeme], name: int) -> str:
    before = words[name - 1].text if name else ""
    if before in (".", "?."):
        return "method"
    if before == "|":
        return "filter"
    if before == "is" or (before == "not" and name > 1 and words[name - 2].text == "is"):
        return "test"
    return "function"


def receiver_start(words: Sequence[Lexeme], end: int) -> int:
    """Where among the lexemes the operand begins that ends in front of `words[end]` (a dot, a bar)."""
    at = end
    while at > 0:
        at = _operand_start(words, at - 1)
        if at < 2 or words[at - 1].text not in (".", "?."):
            break
        at -= 1
    return max(at, 0)


def _operand_start(words: Sequence[Lexeme], last: int) -> int:
    """Where the name, literal, call or bracket begins that ends with a lexeme."""
    word = words[last]
    if word.form is not Form.MARK or word.text not in _CLOSES:
        return last
    depth = 0
    for at in range(last, -1, -1):
        text = words[at].text if words[at].form is Form.MARK else ""
        if text in _CLOSES:
            depth += 1
        elif text in ("(", "[", "{"):
            depth -= 1
            if not depth:
                return _before_bracket(words, at)
    return 0


def _before_bracket(words: Sequence[Lexeme], at: int) -> int:
    """The start of what a bracket belongs to: a call, what is indexed, or the bracket alone."""
    before = words[at - 1] if at else None
    if before is None or words[at].text == "{":
        return at
    if words[at].text == "(":
        return at - 1 if before.form is Form.FUNCTION else at
    indexed = before.form in (Form.NAME, Form.VARIABLE, Form.STRING) or before.text in (")", "]")
    return _operand_start(words, at - 1) if indexed else at
