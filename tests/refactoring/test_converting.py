"""Both languages of a converted expression give the same, over generated contexts, in texts and by themselves."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from st2lang.document import Document
from st2lang.evaluation import EvaluationError, Scope, render
from st2lang.expressions.embedded import scan
from st2lang.refactoring._translation import UntranslatableError
from st2lang.refactoring.convert_language import converted
from st2lang.source import Source

NAMES = ("a", "b", "items_of", "name")
LEAVES = st.sampled_from([0, 1, -1, 2.5, 3, "", "a", "b", "x y", True, False, None])
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=6,
)
CONTEXTS = st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=2)
NUMBERS = st.sampled_from(["0", "1", "2.5", "3"])
LITERALS = NUMBERS | st.sampled_from(["'a'", '"b"', "''", "true", "false"])


def paths(ctx: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    steps = st.sampled_from([".a", ".name", "['b']", "[0]", "[1]", ""])
    return st.tuples(ctx, steps, steps).map("".join)


def operands(null: str, ctx: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(LITERALS, max_size=3).map(lambda some: f"[{', '.join(some)}]")
    return paths(ctx) | LITERALS | st.just(null) | lists


def combined(leaf: st.SearchStrategy[str], comparisons: list[str]) -> st.SearchStrategy[str]:
    compared = st.tuples(leaf, st.sampled_from(comparisons), leaf).map(" ".join)
    return st.recursive(
        compared | leaf,
        lambda inner: (
            st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
                lambda t: f"({' '.join(t)})"
            )
            | inner.map(lambda text: f"not ({text})")
            | inner.map(lambda text: f"({text})")
        ),
        max_leaves=4,
    )


DOTTED = st.sampled_from(NAMES).map("ctx().{}".format)
YAQL_OPERANDS = operands("null", DOTTED | st.sampled_from(NAMES).map("ctx({})".format))
YAQL = combined(
    YAQL_OPERANDS
    | YAQL_OPERANDS.map("len({})".format)
    | paths(DOTTED).map("{}.len()".format)
    | st.sampled_from(["succeeded()", "result().a", "result()", "item()", "item(name)"]),
    ["=", "!=", "<", "<=", ">", ">=", "in"],
)
JINJA_OPERANDS = operands("none", DOTTED | st.sampled_from(NAMES).map("ctx('{}')".format))
JINJA = combined(
    JINJA_OPERANDS
    | paths(DOTTED).map("{} | length".format)
    | paths(DOTTED).map("{} is none".format)
    | paths(DOTTED).map("{} is not none".format)
    | st.sampled_from(["failed()", "result().a", "result()", "item()", "item('name')"]),
    ["==", "!=", "<", "<=", ">", ">=", "in", "not in"],
)

FAILED = object()
WORKFLOW = """version: 1.0
tasks:
  t:
    action: core.noop
    next:
      - publish:
          - x: {}
"""


def value(text: str, scope: Scope) -> Any:
    """What a text gives, as data tells it apart; `FAILED` for an error."""
    try:
        return json.dumps(render(text, scope), sort_keys=True, default=repr)
    except EvaluationError:
        return FAILED


def translated(text: str) -> tuple[str, list[str]]:
    """The text in the other language, and what is taken for granted."""
    document = Document(Source("a.yaml", WORKFLOW.format(json.dumps(text))), kind="orquesta")
    (place,) = document.places
    (embedded,) = scan(text).expressions
    assumes: list[str] = []
    made = converted(document, place, embedded, assumes)
    return made, assumes


def scope_of(context: dict[str, Any], done: Any) -> Scope:
    entry = {"status": "succeeded", "result": done}
    return Scope(
        {**context},
        task={"id": "t", "route": 0, "result": done},
        item={"name": done},
        status=lambda name, route: "succeeded",
        find=lambda name, route: entry,
    )


def holds(assumed: str, scope: Scope) -> bool:
    """Whether what was taken for granted is so."""
    _, expression, what = assumed.split("`")
    try:
        found = render(
            f"<% {expression} %>" if scan(f"<% {expression} %>").expressions[0].node else "", scope
        )
    except EvaluationError:
        return True
    kinds: dict[str, Any] = {
        " is a mapping": dict,
        " is a list": list,
        " is a text": str,
        " is a number": (int, float),
    }
    return isinstance(found, kinds[what]) and not (
        what == " is a number" and isinstance(found, bool)
    )


def same(code: str, opening: str, closing: str, context: dict[str, Any], done: Any) -> None:
    text = f"{opening} {code} {closing}"
    assume(scan(text).expressions and scan(text).expressions[0].node is not None)
    try:
        made, assumes = translated(text)
    except UntranslatableError:
        return
    scope = scope_of(context, done)
    if not all(holds(one, scope) for one in assumes):
        return
    assert value(text, scope) == value(made, scope), (text, made, assumes)
    assert value(f"it: {text}!", scope) == value(f"it: {made}!", scope), (text, made, assumes)


@given(YAQL, CONTEXTS, VALUES)
def test_yaql_to_jinja(code: str, context: dict[str, Any], done: Any) -> None:
    same(code, "<%", "%>", context, done)


@given(JINJA, CONTEXTS, VALUES)
def test_jinja_to_yaql(code: str, context: dict[str, Any], done: Any) -> None:
    same(code, "{{", "}}", context, done)
