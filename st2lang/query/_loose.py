"""Names in code that does not parse: recognised by the words around them.

While an expression is being typed there is no tree, and yet the parts that stand already mean what they
will mean. Nothing is concluded from these names; they are shown, jumped to and completed.
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.query.segments import Form, Lexeme, lex
from st2lang.source import Span
from st2lang.symbols import Use
from st2lang.symbols.yaql import GUARDS, ITEM_FUNCTIONS, KEY_FUNCTIONS, TASK_FUNCTIONS

_FUNCTIONS = {
    "ctx": Use.VARIABLE,
    **dict.fromkeys(TASK_FUNCTIONS, Use.TASK),
    **dict.fromkeys(ITEM_FUNCTIONS, Use.ITEM),
    **dict.fromkeys(KEY_FUNCTIONS, Use.KEY),
}


def uses(language: str, code: str, orquesta: bool) -> Iterator[tuple[Use, str, Span]]:
    """(use, name, span in the code) for what looks like a use of a variable, task, item or key."""
    words = lex(language, code)
    for i, word in enumerate(words):
        if orquesta and word.form is Form.FUNCTION and word.text in _FUNCTIONS:
            yield from _called(words, i, _FUNCTIONS[word.text])
        elif not orquesta and word.form is Form.NAME and not _is_member(words, i):
            yield Use.VARIABLE, word.text, Span(word.start, word.end)


def _is_member(words: tuple[Lexeme, ...], at: int) -> bool:
    """True for an attribute, and for the name of an argument."""
    return _text(words, at - 1) == "." or _text(words, at + 1) == "="


def _called(words: tuple[Lexeme, ...], at: int, use: Use) -> Iterator[tuple[Use, str, Span]]:
    """`f(name`, `f('name'`, and for the context and the item `f().name`, `f().get(name`."""
    if _text(words, at + 1) != "(":
        return
    argument = _name(words, at + 2)
    if argument is not None:
        yield use, *argument
    elif use in (Use.VARIABLE, Use.ITEM) and _text(words, at + 2) == ")":
        if _text(words, at + 3) in (".", "?."):
            at += 4
            if _text(words, at) in GUARDS and _text(words, at + 1) == "(":
                at += 2
            member = _name(words, at)
            if member is not None:
                yield use, *member
        elif _text(words, at + 3) == "[" and (member := _name(words, at + 4)) is not None:
            yield use, *member


def _name(words: tuple[Lexeme, ...], at: int) -> tuple[str, Span] | None:
    """The name that a bare word or a string is."""
    word = words[at] if at < len(words) else None
    if word is None:
        return None
    if word.form is Form.NAME:
        return word.text, Span(word.start, word.end)
    if word.form is Form.STRING and "\\" not in word.text and len(word.text) > 2:
        return word.text[1:-1], Span(word.start + 1, word.end - 1)
    return None


def _text(words: tuple[Lexeme, ...], at: int) -> str:
    return words[at].text if 0 <= at < len(words) else ""


def calls(language: str, code: str, orquesta: bool) -> Iterator[tuple[str, str, Span]]:
    """(table of functions, name, span) for everything that is called or a filter."""
    table = language if language == "yaql" or orquesta else "jinja-chain"
    words = lex(language, code)
    for i, word in enumerate(words):
        if word.form is not Form.FUNCTION:
            continue
        if _text(words, i - 1) == "|":
            yield f"{table} filter", word.text, Span(word.start, word.end)
        elif language == "yaql" or _text(words, i - 1) != ".":
            yield f"{table} function", word.text, Span(word.start, word.end)
