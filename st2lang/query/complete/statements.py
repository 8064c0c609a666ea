"""Words of the languages: Jinja's statements, and operators behind a finished value."""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.query.code import Code
from st2lang.query.complete.asking import Ask
from st2lang.query.complete.model import Idea, Sort
from st2lang.query.segments import segments
from st2lang.query.words import JINJA_WORDS

_OPERATORS = {
    "yaql": {"and": "both hold", "or": "one of both holds", "in": "is an element of"},
    "jinja": {
        "and": "both hold",
        "or": "one of both holds",
        "in": "is an element of",
        "not in": "is no element of",
        "is": "a test: `is defined`",
        "is not": "a test: `is not defined`",
        "if": "a value only when …: `a if condition else b`",
        "else": "the value otherwise",
    },
}


def is_word(code: Code) -> bool:
    """Whether the first word of a statement is being typed."""
    return not code.words


def words(ask: Ask, code: Code) -> Iterator[Idea]:
    """The words that may begin a statement; those that end what is open first."""
    opened = _open_blocks(code)
    wanted = f"end{opened[-1]}" if opened else ""
    for word, documentation in JINJA_WORDS.items():
        if word.startswith("end") and word != wanted:
            continue
        if word in ("elif", "else") and not (opened and opened[-1] in ("if", "for")):
            continue
        rank = 1 if word == wanted else 3
        yield Idea(word, Sort.KEYWORD, rank=rank, detail="statement", documentation=documentation)


def _open_blocks(code: Code) -> list[str]:
    """The statements in front of the cursor that have no end yet."""
    opened: list[str] = []
    text = code.scalar.value[: code.base]
    for segment in segments(text, False):
        found = text[segment.base : segment.stop].split()
        word = found[0] if segment.opening == "{%" and found else ""
        if word.startswith("end"):
            if opened and opened[-1] == word[3:]:
                opened.pop()
        elif f"end{word}" in JINJA_WORDS and not (word == "set" and "=" in found):
            opened.append(word)
    return opened


def operators(code: Code) -> Iterator[Idea]:
    """Words that may stand between two values."""
    if code.opening == "{%" and code.words[0].text == "for" and len(code.words) == 2:
        yield Idea("in", Sort.KEYWORD, rank=1, detail="operator")
        return
    for word, meaning in _OPERATORS[code.language].items():
        yield Idea(word, Sort.KEYWORD, rank=4, detail="operator", documentation=meaning)
