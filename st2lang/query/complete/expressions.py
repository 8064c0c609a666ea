"""What can be typed in an expression: told from the lexeme in front of the cursor."""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.query.code import Code
from st2lang.query.complete import arguments, calling, members, operands, statements
from st2lang.query.complete.asking import Ask, Offers
from st2lang.query.complete.model import Idea
from st2lang.query.segments import Form
from st2lang.record import replace

_BEFORE_OPERANDS = frozenset({"(", "[", "{", ",", ":"})
_WORDS_BEFORE_OPERANDS = frozenset(
    {"and", "or", "not", "in", "mod", "if", "else", "elif", "is", "recursive"}
)


def offers(ask: Ask, code: Code) -> Offers:
    """What fits at the cursor of an expression, in the place of the name that is being typed."""
    if not _wanted(ask, code):
        return
    target = ask.target(code)
    written = code.scalar.locate(code.start, code.end)
    if written.start > ask.cursor.offset:
        return  # in the indentation of a text of several lines
    front = " " if not code.before and code.opening != "{#" else ""
    back = " " if front and code.closed and not code.after else ""
    for idea in _ideas(ask, code):
        if front:
            idea = replace(idea, parts=(front, *idea.text, back))
        yield idea, target


def _wanted(ask: Ask, code: Code) -> bool:
    """Whether the character that has just been typed is a reason to offer something."""
    last, begun = code.last, bool(code.typed)
    match ask.trigger:
        case "":
            return True
        case ".":
            return not begun and last is not None and last.text in (".", "?.") and not code.quote
        case "(":
            return not begun and last is not None and last.text == "(" and not code.quote
        case "|":
            return not begun and last is not None and last.text == "|" and not code.quote
        case "'" | '"':
            return not begun and code.quote == ask.trigger
        case "%" | "{":
            return not code.before and code.opening in ("<%", "{%", "{{")
        case " ":
            return not begun and not code.quote and expects_operand(code)
        case _:
            return False


def expects_operand(code: Code) -> bool:
    """Whether a value (a filter, a test) has to come next, and not an operator."""
    last = code.last
    if last is None or last.form is Form.OPERATOR:
        return True
    if last.form is Form.MARK:
        return last.text in _BEFORE_OPERANDS
    return last.form is Form.WORD and last.text in _WORDS_BEFORE_OPERANDS


def _ideas(ask: Ask, code: Code) -> Iterator[Idea]:
    last = code.last
    if code.quote:
        yield from arguments.in_string(ask, code)
    elif code.opening == "{%" and statements.is_word(code):
        yield from statements.words(ask, code)
    elif last is not None and last.text in (".", "?.") and last.form is Form.MARK:
        yield from members.offers(ask, code)
    elif last is not None and last.form is Form.NUMBER and not code.gap:
        return
    elif code.language == "jinja" and last is not None and last.text == "|":
        yield from calling.filters(code)
    elif code.language == "jinja" and _is_test(code):
        yield from calling.tests(code)
    elif expects_operand(code):
        named = tuple(arguments.named(ask, code))
        yield from named
        if not (named and ask.trigger == "("):
            yield from arguments.keywords(code)
            yield from operands.offers(ask, code)
    elif code.gap:
        yield from statements.operators(code)


def _is_test(code: Code) -> bool:
    texts = [word.text for word in code.words[-2:]]
    return texts[-1:] == ["is"] or texts == ["is", "not"]
