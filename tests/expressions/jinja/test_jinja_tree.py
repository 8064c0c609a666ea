"""Spans, the helpers of the tree, names that statements bind, and nesting without end."""

from __future__ import annotations

import pytest
from expressions.jinja.jinja_texts import FACTOR, TEMPLATES, blocks, expressions, mutations
from hypothesis import given, settings

from st2lang.expressions import jinja_ast as ast
from st2lang.expressions import jinja_statements as stmt
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.expressions.jinja import parse_expression, parse_template

EXPRESSIONS = (
    *(ast.Name, ast.Const, ast.ListDisplay, ast.DictDisplay, ast.Attribute, ast.Item, ast.Call),
    *(ast.Filter, ast.Test, ast.Conditional, ast.Binary, ast.Compare, ast.Unary),
)


def template(text: str) -> ast.Template:
    result = parse_template(text)
    assert not isinstance(result, ExpressionSyntaxError), result
    return result


def assert_spans(text: str, tree: ast.Node) -> None:
    """Children are inside their parents and do not overlap; names are where they are said to be."""
    for node in ast.walk(tree):
        below = sorted(ast.children(node), key=lambda child: child.span)
        at = node.span.start
        for child in below:
            if isinstance(node, stmt.Binding) and isinstance(child, ast.Const) and len(below) == 2:
                continue  # `from x import a`: the name there and the name here are one word
            assert at <= child.span.start <= child.span.end <= node.span.end, (node, child)
            at = child.span.end
        assert_names(text, node)


def assert_names(text: str, node: ast.Node) -> None:
    match node:
        case ast.Name(name):
            assert text[slice(*node.span)] == name
        case ast.Attribute(name=name, name_span=span) | stmt.Block(name=name, name_span=span):
            assert text[slice(*span)] == name
        case ast.Filter(name=name, name_span=span) | ast.Test(name=name, name_span=span):
            assert "".join(text[slice(*span)].split()) == name
        case ast.Argument(name=str() as name, name_span=span):
            assert span is not None
            assert text[slice(*span)] == name


@pytest.mark.parametrize("text", TEMPLATES)
def test_spans_of_templates(text: str) -> None:
    assert_spans(text, template(text))


@settings(max_examples=200 * FACTOR)
@given(mutations() | blocks())
def test_spans_of_edited_templates(text: str) -> None:
    result = parse_template(text)
    assert 0 <= result.span.start <= result.span.end <= len(text)
    if isinstance(result, ast.Template):
        assert_spans(text, result)


@settings(max_examples=200 * FACTOR)
@given(expressions())
def test_span_of_an_expression_is_that_expression(text: str) -> None:
    """Cut out and parsed alone, it is the same node."""
    result = parse_expression(text)
    assert 0 <= result.span.start <= result.span.end <= len(text)
    if isinstance(result, ExpressionSyntaxError):
        return
    assert_spans(text, result)
    for node in ast.walk(result):
        if isinstance(node, EXPRESSIONS):
            alone = parse_expression(text[slice(*node.span)])
            assert alone == node or swallowed(text, node)


def swallowed(text: str, node: ast.Node) -> bool:
    """`not` as the argument of a test, or behind an operator, is a name there but not alone."""
    return any(isinstance(part, ast.Name) and part.name == "not" for part in ast.walk(node))


def test_spans_count_carriage_returns() -> None:
    text = "a\r\n\r{{ x }}\r\n{% if y %}\r\n{{ 'a\r\nb' }}{% endif %}\r\n"
    first, output, _, branch = template(text).body
    assert isinstance(first, ast.Text)
    assert first.value == "a\n\n"
    assert text[slice(*output.span)] == "{{ x }}"
    assert text[slice(*branch.span)] == text[text.index("{%") :].rstrip()
    assert ast.Const("a\nb", output.span) in list(ast.walk(branch))


def names(found: tuple[ast.Name, ...]) -> list[str]:
    return [name.name for name in found]


@pytest.mark.parametrize(
    ("text", "outside", "inside"),
    [
        ("{% for a, (b, c) in d %}{% endfor %}", [], ["a", "b", "c"]),
        ("{% set a, b = c %}", ["a", "b"], []),
        ("{% set ns.a = c %}", [], []),
        ("{% set a %}{% endset %}", ["a"], []),
        ("{% with a = b, c = d %}{% endwith %}", [], ["a", "c"]),
        ("{% macro m(a, b=c) %}{% endmacro %}", ["m"], ["a", "b"]),
        ("{% call(a) m() %}{% endcall %}", [], ["a"]),
        ("{% import 'x' as a %}", ["a"], []),
        ("{% from 'x' import a, b as c %}", ["a", "c"], []),
        ("{% include 'x' %}", [], []),
    ],
)
def test_names_that_a_statement_binds(text: str, outside: list[str], inside: list[str]) -> None:
    (node,) = template(text).body
    assert names(stmt.names_set(node)) == outside
    assert names(stmt.names_inside(node)) == inside


DEEP = 4_000


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * DEEP + "1" + ")" * DEEP + " }}",
        "{{ " + "[" * DEEP + "]" * DEEP + " }}",
        "{{ " + "not " * DEEP + "a }}",
        "{{ " + "a + " * DEEP + "a }}",
        "{{ " + "f(" * DEEP + ")" * DEEP + " }}",
        "{{ a" + "|f" * DEEP + " }}",
        "{% if a %}" * DEEP + "{% endif %}" * DEEP,
        "{% for a in b %}{% if c %}" * DEEP + "{% endif %}{% endfor %}" * DEEP,
        "{% set " + "(" * DEEP + "a" + ")" * DEEP + " = 1 %}",
    ],
    ids=lambda text: text[:12],
)
def test_nesting_has_no_limit(text: str) -> None:
    assert sum(1 for _ in ast.walk(template(text))) > 1
    broken = parse_template(text[:-20])
    assert isinstance(broken, ExpressionSyntaxError)


def test_results_are_cached_by_text() -> None:
    assert parse_expression("ctx().cached") is parse_expression("ctx()." + "cached")
    assert parse_template("{{ ctx().cached }}") is parse_template("{{ ctx()." + "cached }}")
