"""Texts with expressions: as the reference engine has evaluated them, and faster than jinja2 would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from st2lang.evaluation import EvaluationError, Scope, render
from st2lang.evaluation import jinja as engine
from st2lang.evaluation.context import scope_from
from st2lang.evaluation.lookup import UNKNOWN, lookup_of
from st2lang.evaluation.output import to_json
from st2lang.expressions import jinja as parser
from st2lang.functions.values import Run

RECORDED = json.loads(Path(__file__).with_name("orquesta_texts.json").read_text(encoding="utf-8"))
"""What Orquesta gave, with the yaql package; `fails` where it gave an error. Sets are lists there."""


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["text"])
def test_recorded(case: dict[str, Any]) -> None:
    scope = scope_from(RECORDED["context"])
    if "fails" in case:
        with pytest.raises(EvaluationError) as caught:
            render(case["text"], scope)
        assert caught.value.expression
    else:
        found = json.loads(to_json(render(case["text"], scope)))
        assert json.dumps(found, sort_keys=True) == json.dumps(case["value"], sort_keys=True)


_NAMES = st.sampled_from(["a", "b", "items", "get", "x_1", "keys", "_p", "c"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "x", "{{ 1 }}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=8,
)
_STEPS = st.lists(
    _NAMES.map(lambda name: f".{name}")
    | _NAMES.map(lambda name: f"['{name}']")
    | st.integers(-3, 3).map(lambda index: f"[{index}]"),
    max_size=4,
)
_STARTS = st.sampled_from(["ctx()", "ctx('a')", "item()", "item('b')", "result()"])


@given(st.dictionaries(_NAMES, _JSON, max_size=4), _JSON, _STARTS, _STEPS)
def test_a_lookup_gives_what_jinja2_gives(
    variables: dict[str, Any], item: Any, start: str, steps: list[str]
) -> None:
    body = start + "".join(steps)
    scope = Scope(variables, task={"id": "t", "route": 0, "result": item}, item=item)
    node = parser.parse_expression(body)
    lookup = lookup_of(node)  # type: ignore[arg-type]
    if lookup is None:
        return
    try:
        value = lookup(scope)
    except EvaluationError:
        with pytest.raises(Exception):  # noqa: B017, PT011 (whatever jinja2 raises)
            engine._expression(body)(Run(scope))
    else:
        assert value is UNKNOWN or value == engine._expression(body)(Run(scope))


def test_keys_and_lists_are_rendered() -> None:
    scope = Scope({"a": "x", "l": [1]})
    assert render({"<% ctx(a) %>": ["{{ ctx().l }}", 1, None, "plain"]}, scope) == {
        "x": [[1], 1, None, "plain"]
    }


def test_values_are_not_copied() -> None:
    big = {"k": [1, 2]}
    assert render("<% ctx(big).k %>", Scope({"big": big})) is big["k"]
    assert render("{{ ctx().big }}", Scope({"big": big})) is big


@pytest.mark.parametrize(
    "text", ["<% ctx(loop) %>", "{{ ctx().jloop }}", "<% ctx(two) %>", "{{ ctx().block }}"]
)
def test_text_that_gives_itself_ends_in_an_error(text: str) -> None:
    scope = Scope(
        {
            "loop": "<% ctx(loop) %>",
            "jloop": "x {{ ctx().jloop }}",
            "two": "a <% ctx(two) %> b",
            "block": "{% if true %}{{ ctx().block }}{% endif %}",
        }
    )
    with pytest.raises(EvaluationError) as caught:
        render(text, scope)
    assert caught.value.kind == "limit"


def _failure(text: str, scope: Scope) -> tuple[str, str]:
    with pytest.raises(EvaluationError) as caught:
        render(text, scope)
    error = caught.value
    assert error.span is not None
    return error.message, error.expression[error.span.start : error.span.end]


@pytest.mark.parametrize(
    ("text", "message", "part"),
    [
        ("<% ctx().hst %>", "there is no variable `hst`; there is `host`; did you mean `host`?", "hst"),
        ("at <% ctx(host).nme %>!", "there is no key `nme`; there are `name` and `port`; did you mean `name`?", "nme"),
        ("{{ ctx().host.nme }}", "there is no key `nme`; there are `name` and `port`; did you mean `name`?", "nme"),
        ("{{ ctx('hst') }}", "there is no variable `hst`; there is `host`; did you mean `host`?", "ctx('hst')"),
        ("{{ host }}", "`host` is undefined: the variable of the workflow is `ctx().host`", "host"),
        ("<% ctx(host).port + 'x' %>", "`+` does not work with an integer and a string", "+"),
        ("<% ctx(host).nam() %>", "there is no method `nam`", "nam"),
        ("<% lenn(ctx(host)) %>", "there is no function `lenn`; did you mean `len`?", "lenn"),
        ("<% toLower(ctx(host).name) %>", "there is no function `toLower`; it is called as `value.toLower()`", "toLower"),
        ("<% [1].select($.foo) %>", "an integer has no `.foo`", "foo"),
        ("<% 1 / 0 %>", "`/`: division by zero", "/"),
        ("<% [1][3] %>", "`[]`: the list has no element at this position", "[1][3]"),
        ("<% ctx('__x') %>", "the variable `__x` is private", "ctx"),
        ("<% task(nope) %>", "`task`: the task `nope` has not run", "task"),
    ],
)  # fmt: skip
def test_errors_say_what_and_where(text: str, message: str, part: str) -> None:
    scope = Scope({"host": {"name": "web", "port": 80}, "__x": 1}, item=3)
    found, where = _failure(text, scope)
    assert found.startswith(message.removeprefix("`task`: "))
    assert where == part


_ALPHABET = st.text(st.sampled_from("<%>{}$.()[] ctxa1'|+-=,\n"), max_size=25)


@given(_ALPHABET, _JSON)
def test_any_text_gives_a_value_or_an_error_of_ours(text: str, value: Any) -> None:
    for written in (f"<% {text} %>", f"{{{{ {text} }}}}", text):
        assert _answer(written, value)


def _answer(text: str, value: Any) -> str:
    try:
        return f"value: {render(text, Scope({'a': value}))!r}"
    except EvaluationError as error:
        return str(error)
