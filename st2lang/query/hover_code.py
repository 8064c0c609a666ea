"""What stands in an expression and is no name of a thing: fields, operators, words, names of arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang import functions
from st2lang.catalog.models import mapping
from st2lang.functions.record import Kind
from st2lang.query import describe as words
from st2lang.query import receivers
from st2lang.query.code import Code, of_cursor, opened
from st2lang.query.complete.arguments import called
from st2lang.query.describe import code as inline
from st2lang.query.describe import paragraphs, type_words
from st2lang.query.receivers import Receivers
from st2lang.query.segments import Form, Lexeme, lex
from st2lang.query.words import ACTION_CONTEXT, DATASTORE_SCOPES, JINJA_WORDS, ST2, STATUSES
from st2lang.record import replace
from st2lang.source import Span
from st2lang.types import ANY

if TYPE_CHECKING:
    from st2lang.query.cursor import Cursor

Found = tuple[Span, str]

_GIVEN = {
    "ctx().st2": ST2,
    "action_context": ACTION_CONTEXT,
    "st2kv": DATASTORE_SCOPES,
}


def find(cursor: Cursor) -> Found | None:
    """The lexeme under a cursor with what is known about it."""
    code = of_cursor(cursor)
    if code is None:
        return None
    whole = code.before + code.after
    lexemes = lex(code.language, whole)
    at = _at(lexemes, code.offset - code.base)
    if at is None:
        return None
    word = lexemes[at]
    code = replace(code, before=whole, after="", words=lexemes)
    text = _describe(cursor, code, at)
    span = code.scalar.locate(code.base + word.start, code.base + word.end)
    return (span, text) if text else None


def _at(lexemes: tuple[Lexeme, ...], offset: int) -> int | None:
    """The lexeme at an offset; of two that touch the one that begins there, names before marks."""
    found = [i for i, word in enumerate(lexemes) if word.start <= offset <= word.end]
    names = [i for i in found if lexemes[i].form is not Form.MARK]
    chosen = names or found
    return chosen[-1] if chosen else None


def _describe(cursor: Cursor, code: Code, at: int) -> str:
    word = code.words[at]
    before = code.words[at - 1].text if at else ""
    match word.form:
        case Form.NAME if before in (".", "?."):
            return _member(cursor, code, at)
        case Form.NAME if at + 1 < len(code.words) and code.words[at + 1].text in ("=>", "="):
            return _keyword(code, at)
        case Form.STRING:
            return _status(code, at)
        case Form.VARIABLE if word.text == "$":
            kind = _around(cursor, code).type_before(at + 1)
            return paragraphs(
                ["**$**" + (f": {type_words(kind)}" if kind != ANY else ""), "The element."]
            )
        case Form.OPERATOR | Form.MARK | Form.WORD:
            return _word(code, at)
        case Form.NAME if code.language == "jinja":
            return _word(code, at)
    return ""


def _around(cursor: Cursor, code: Code) -> Receivers:
    return Receivers(cursor.document, code, cursor.task)


def _member(cursor: Cursor, code: Code, at: int) -> str:
    """A field of a value of which something is known."""
    around, name = _around(cursor, code), code.words[at].text
    operand = around.text(at - 1)
    given = _GIVEN.get(operand.replace(" ", ""), {}).get(name)
    if given is not None:
        return paragraphs([f"**{name}**", given])
    property_ = functions.lookup("yaql", name, Kind.PROPERTY) if code.language == "yaql" else None
    receiver = around.type_before(at - 1)
    kind = dict(receivers.members(receiver)).get(name, ANY)
    schema = mapping(receivers.schema_of(cursor.document, cursor.task, operand, code.language))
    about = words.schema(mapping(schema.get("properties")).get(name))
    if kind == ANY and not about:
        return words.function(property_) if property_ is not None and receiver != ANY else ""
    return paragraphs([f"**{name}**: {type_words(kind)}", about, f"Field of {inline(operand)}"])


def _keyword(code: Code, at: int) -> str:
    """The name of an argument."""
    call = next(iter(reversed(opened(code.words[:at], code.language))), None)
    record = called(code, call) if call is not None and call.name else None
    for signature in record.signatures if record is not None else ():
        for parameter in signature.parameters:
            if parameter.name == code.words[at].text and record is not None:
                default = f" = {parameter.default}" if parameter.default else ""
                head = f"**{parameter.name}**: {parameter.type}{default}"
                return paragraphs([head, f"Argument of {inline(signature.text)}"])
    return ""


def _status(code: Code, at: int) -> str:
    text = code.words[at].text[1:-1]
    about = STATUSES.get(text)
    mentions = any(
        word.text in ("task_status", "task_state", "status", "state") for word in code.words
    )
    return paragraphs([f"**{text}** (status)", f"It {about}."]) if about and mentions else ""


def _word(code: Code, at: int) -> str:
    """An operator, or a word that begins a statement."""
    text = code.words[at].text
    if code.opening == "{%" and at == 0:
        return paragraphs([f"**{text}** (statement)", JINJA_WORDS.get(text, "")])
    if text == "in" and at and code.words[at - 1].text == "not":
        text = "not in"
    record = functions.lookup(code.table, text, Kind.OPERATOR) if text not in (".", "(") else None
    return words.function(record) if record is not None else ""
