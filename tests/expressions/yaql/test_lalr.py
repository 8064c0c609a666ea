"""The table generator and the driver, on small grammars of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

from st2lang.expressions.errors import ExpressionSyntaxError, Rejection, unexpected
from st2lang.expressions.generate import GrammarError, generate, main
from st2lang.expressions.lalr import Lexer, Parser
from st2lang.source import Span

TERMINALS = """
IF: "if"
NAME: /[a-z]+/
NUMBER: /[0-9]+/
SPACE: /[ ]+/
%ignore SPACE
"""


def tables(grammar: str, *starts: str) -> Any:
    module = ModuleType("tables")
    exec(generate("test", grammar + TERMINALS, starts or ("start",)), module.__dict__)
    return module


class Names(dict[str, Any]):
    """Every action makes a tuple of its name and its children, tokens as their text."""

    def __missing__(self, name: str) -> Any:
        return lambda span, *children: (name, *map(_text, children))


def _text(child: Any) -> Any:
    is_token = isinstance(child, tuple) and len(child) == 4 and isinstance(child[3], int)
    return child[1] if is_token else child


def run(grammar: str, text: str, start: str = "start", **options: Any) -> Any:
    module = tables(grammar, start)
    return Parser[Any](module, Names(), **options).parse(Lexer(module).tokenize(text), start)


def test_the_committed_tables_are_fresh() -> None:
    assert main(["--check"]) == 0


def test_tables_do_not_depend_on_the_hash_seed() -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "st2lang.expressions.generate", "--check"]
        done = subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout


def test_parsing_does_not_import_lark() -> None:
    code = (
        "import sys; from st2lang.expressions import yaql; yaql.parse('a b'); yaql.parse('a.b');"
        "print('lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


PRECEDENCE = """
?start: sum | product | power | minus | NUMBER -> number
sum.1: start PLUS start
product.2: start STAR start
minus.4: MINUS start
power.5: start HAT start
PLUS.1: "+"
STAR.2: "*"
MINUS.3: "-"
HAT.6: "^"
"""


@pytest.mark.parametrize(
    ("text", "grouping"),
    [
        ("1+2+3", "((1+2)+3)"),
        ("1+2*3", "(1+(2*3))"),
        ("1*2+3", "((1*2)+3)"),
        ("1^2^3", "(1^(2^3))"),
        ("-1^2*3", "((-(1^2))*3)"),
        ("1*-2+3", "((1*(-2))+3)"),
    ],
)
def test_precedence_and_associativity(text: str, grouping: str) -> None:
    def grouped(node: Any) -> str:
        if node[0] == "number":
            return str(node[1])
        return f"({''.join(part if isinstance(part, str) else grouped(part) for part in node[1:])})"

    assert grouped(run(PRECEDENCE, text)) == grouping


@pytest.mark.parametrize(
    ("grammar", "text", "tree"),
    [
        ('start: "(" NAME ")"', "(x)", ("start", "x")),
        ('!start: "(" NAME ")"', "(x)", ("start", "(", "x", ")")),
        ("start: NAME*", "", ("start",)),
        ("start: NAME*", "x y z", ("start", "x", "y", "z")),
        ('start: NAME ("," NAME)*', "x, y,z", ("start", "x", "y", "z")),
        ("start: item+\nitem: NAME NUMBER?", "x 1 y", ("start", ("item", "x", 1), ("item", "y"))),
        ("start: _pair _pair\n_pair: NAME NUMBER", "x 1 y 2", ("start", "x", "1", "y", "2")),
        ("start: _list NUMBER\n_list: | _list NAME", "x y 1", ("start", "x", "y", "1")),
        ("?start: one | two\n?one: NAME\ntwo: NUMBER", "1", ("two", "1")),
        ("?start: NAME -> alias", "x", ("alias", "x")),
        ("start: x\n?x: y\n?y: z\nz: NAME", "n", ("start", ("z", "n"))),
    ],
)
def test_notation(grammar: str, text: str, tree: object) -> None:
    assert _plain(run(grammar, text)) == _plain(tree)


def _plain(tree: Any) -> Any:
    return tuple(map(_plain, tree)) if isinstance(tree, tuple) else str(tree)


@pytest.mark.parametrize(
    ("grammar", "message"),
    [
        ('start: start PLUS start | NAME\nPLUS: "+"', "shift/reduce"),
        ("start: x | y\nx: NAME\ny: NAME", "reduce/reduce"),
        ("start: [NAME] NUMBER", r"write x\?"),
        ("?start: _list\n_list: NAME+", "whether the list has one item"),
    ],
)
def test_grammars_that_are_refused(grammar: str, message: str) -> None:
    with pytest.raises(GrammarError, match=message):
        tables(grammar)


def test_keywords_win_over_names_unless_they_may_be_names() -> None:
    grammar = "start: NAME IF NAME"
    assert run(grammar, "x if y") == ("start", "x", "if", "y")
    assert isinstance(run(grammar, "x if if"), ExpressionSyntaxError)
    assert run(grammar, "if if if", fallback={"IF": "NAME"}) == ("start", "if", "if", "if")


def test_several_starts() -> None:
    module = tables("x: NAME y\ny: NUMBER", "x", "y")
    parser = Parser[Any](module, Names())
    assert parser.parse(Lexer(module).tokenize("a 1"), "x") == ("x", "a", ("y", "1"))
    assert parser.parse(Lexer(module).tokenize("1"), "y") == ("y", "1")
    assert isinstance(parser.parse(Lexer(module).tokenize("1"), "x"), ExpressionSyntaxError)


def test_spans_of_rules() -> None:
    module = tables('start: "(" a b c ")"\na: \nb: NAME "," NAME\nc: ')
    spans: dict[str, Span] = {}

    def action(name: str) -> Any:
        return lambda span, *_: spans.__setitem__(name, span)

    actions = {name: action(name) for name in ("start", "a", "b", "c")}
    Parser[Any](module, actions).parse(Lexer(module).tokenize(" ( x , y ) "))
    assert spans == {"start": (1, 10), "a": (3, 3), "b": (3, 8), "c": (9, 9)}


def test_errors_name_the_expected_terminals_in_groups() -> None:
    grammar = 'start: (NAME | NUMBER) (PLUS | "*" | IF) NAME\nPLUS: "+"'
    words = (
        ("a value", frozenset(("NAME", "NUMBER"))),
        ("an operator", frozenset(("PLUS", "STAR"))),
    )
    assert run(grammar, "+", words=words).expected == ("a value",)
    assert run(grammar, "x", words=words).expected == ("an operator", "`if`")
    assert run(grammar, "x+y z", words=words) == unexpected(
        Span(4, 5), "z", ("the end of the expression",)
    )
    assert run(grammar, "x+#", words=words) == unexpected(Span(2, 3), "#", ("`NAME`",))


def test_an_action_can_reject() -> None:
    module = tables("start: NAME")
    error = ExpressionSyntaxError(Span(0, 1), "not this one")

    def reject(*_: object) -> None:
        raise Rejection(error)

    assert Parser[Any](module, {"start": reject}).parse(Lexer(module).tokenize("x")) is error


def test_tokens_are_read_no_further_than_the_error() -> None:
    def tokens() -> Any:
        yield ("NUMBER", "1", 0, 1)
        raise AssertionError("read too far")

    module = tables("start: NAME")
    assert isinstance(Parser[Any](module, Names()).parse(tokens()), ExpressionSyntaxError)


def test_tokens_without_an_end_are_a_mistake_of_the_lexer() -> None:
    module = tables("start: NAME")
    with pytest.raises(ValueError, match="END"):
        Parser[Any](module, Names()).parse([("NAME", "x", 0, 1)])
