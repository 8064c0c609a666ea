"""What people are told about an expression that is not YAQL.

`cases/errors.txt`: blocks of an expression, a line that marks the offending characters, the message and
the help. `--bless` rewrites all but the expressions.
"""

from __future__ import annotations

import pytest
from expressions.yaql.yaql_oracle import accepted_by_package
from expressions.yaql.yaql_texts import CASES

from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.expressions.yaql import parse
from st2lang.source import Span

FILE = CASES / "errors.txt"


def expectations() -> dict[str, str]:
    """Expression -> its whole block."""
    blocks = FILE.read_text("utf-8").rstrip("\n").split("\n\n")
    return {block.split("\n")[0]: block for block in blocks}


def error(text: str) -> ExpressionSyntaxError:
    result = parse(text)
    assert isinstance(result, ExpressionSyntaxError), result
    return result


def render(text: str) -> str:
    problem = error(text)
    start, end = problem.span
    lines = [text, " " * start + "^" * max(1, end - start), problem.message, problem.help]
    return "\n".join(lines).rstrip("\n")


def test_the_case_file_is_complete(bless: bool) -> None:
    blocks = [render(text) for text in expectations()]
    if bless:
        FILE.write_text("\n\n".join(blocks) + "\n", "utf-8")
    assert FILE.read_text("utf-8") == "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("text", expectations())
def test_case(text: str) -> None:
    assert not accepted_by_package(text)
    assert render(text) == expectations()[text]


def test_the_end_of_the_text_is_the_place_of_what_is_missing() -> None:
    assert error("").span == Span(0, 0)
    assert error(" \n").message == "the expression is empty"
    assert error("ctx(x) + \n").span == Span(10, 10)


def test_expected_and_found() -> None:
    problem = error("f(a = 1 b)")
    assert problem.found == "b"
    assert problem.expected == ("an operator", "`)`", "`,`", "`=>`")


def test_expectations_are_those_of_the_context() -> None:
    """The tables merge contexts: after `(x` only `)` closes, although a list would end with `]`."""
    assert error("[f(x").expected == ("an operator", "`)`", "`,`", "`=>`")
    assert error("f([x").expected == ("an operator", "`,`", "`=>`", "`]`")
    assert error("f((x").expected == ("an operator", "`)`")


def test_unprintable_characters_are_named() -> None:
    assert error("a \x00").message == "unexpected character U+0000 (a control character)"
    assert error("a\u200b").message == "unexpected character U+200B (zero width space)"


def test_a_backslash_cannot_continue_a_line() -> None:
    problem = error("f('a\\\nb')")
    assert problem.span == Span(2, 3)
    assert "backslash at the end of a line" in problem.message


def test_numbers_that_python_refuses() -> None:
    problem = error("1 + " + "9" * 5000)
    assert problem.span == Span(4, 5004)
    assert len(problem.message) < 100


def test_long_and_multiline_finds_are_cut_in_messages() -> None:
    assert "unexpected `'x…`" in error("a 'x\ny'").message
    assert len(error(f"a '{'y' * 1000}'").message) < 150
