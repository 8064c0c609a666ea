"""Spans and the helpers of the tree."""

from __future__ import annotations

import pytest
from expressions.yaql.yaql_texts import ACCEPTED, FACTOR, expressions
from hypothesis import given, settings

from st2lang.expressions import yaql_ast as ast
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.expressions.yaql import parse
from st2lang.source import Span


def tree(text: str) -> ast.Node:
    result = parse(text)
    assert not isinstance(result, ExpressionSyntaxError), result
    return result


def assert_spans(text: str) -> None:
    """A node's span, cut out and parsed alone, is the same node; children follow each other in it."""
    for node in ast.walk(tree(text)):
        start, end = node.span
        if isinstance(node, ast.NamedArgument):
            assert tree(f"[{text[start:end]}]") == ast.ListDisplay((node,), node.span)
        else:
            assert tree(text[start:end]) == node
        for child in ast.children(node):
            assert start <= child.span.start < child.span.end <= end
            start = child.span.end
        if isinstance(node, ast.Call):
            assert text[slice(*node.name_span)] == node.name
        if isinstance(node, ast.Binary):
            assert text[slice(*node.operator_span)] == node.operator


@pytest.mark.parametrize("text", ACCEPTED)
def test_spans_of_a_case(text: str) -> None:
    assert_spans(text)


@settings(max_examples=150 * FACTOR)
@given(expressions())
def test_spans(text: str) -> None:
    assert_spans(text)


def test_spans_survive_space_and_line_breaks() -> None:
    text = " \n ctx( hosts )\r\n . len(\t) "
    member = tree(text)
    assert isinstance(member, ast.Member)
    assert text[slice(*member.span)] == text.strip()
    assert text[slice(*member.member.span)] == "len(\t)"


def test_tree() -> None:
    at = Span(0, 0)
    assert tree("$?.f(1,, a => 'x').b") == ast.Member(
        ast.Member(
            ast.Variable("$", at),
            ast.Call(
                "f",
                (
                    ast.Literal(1, at),
                    None,
                    ast.NamedArgument(ast.Keyword("a", at), ast.Literal("x", at), at),
                ),
                at,
                at,
            ),
            True,
            at,
        ),
        ast.Keyword("b", at),
        False,
        at,
    )


def test_walk_goes_through_the_text_parents_first() -> None:
    text = "f(a + [b], {c => d}, not (e))[g].h"
    nodes = list(ast.walk(tree(text)))
    names = [node.name for node in nodes if isinstance(node, ast.Keyword)]
    assert names == list("abcdegh")
    starts = [(node.span.start, -node.span.end) for node in nodes]
    assert starts == sorted(starts)


def test_walk_does_not_recurse() -> None:
    depth = 20_000
    assert sum(1 for _ in ast.walk(tree("(" * depth + "1" + ")" * depth))) == depth + 1


def test_ungrouped() -> None:
    assert ast.ungrouped(tree("((a))")) == ast.Keyword("a", Span(2, 3))


def test_the_same_text_is_parsed_once() -> None:
    assert parse("ctx().once") is parse("ctx().once")
