"""Values rendered as an ActionChain does, and cast to the types of parameters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from st2lang.evaluation import EvaluationError, Scope, cast, render_chain, st2kv

VARIABLES: dict[str, Any] = {"s": "x", "n": 5, "l": [1, "a"], "d": {"k": "v"}, "q": 'say "hi"'}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{{ s }}", "x"),
        ("{{ n }}", "5"),
        ("{{ l }}", "[1, 'a']"),
        ("{{ l | to_json_string }}", '[1,"a"]'),
        ("{{ l | to_complex }}", '[1, "a"]'),
        ("plain", "plain"),
        ("<% ctx(a) %>", "<% ctx(a) %>"),
        (5, 5),
        (None, None),
        (True, True),
        (["{{ s }}", 1], ["x", 1]),
        ({"{{ s }}": {"a": "{{ n }}"}}, {"x": {"a": "5"}}),
        (["plain", 1], ["plain", 1]),
        ("{% for i in l %}{{ i }};{% endfor %}", "1;a;"),
        ("{{ __context.s }}", "x"),
        ("{{ none | use_none }}", "%*****__%NONE%__*****%"),
        ("{{ 'a' in s }}", "False"),
        ("{# nothing #}", ""),
        ("a line\n", "a line"),
    ],
)
def test_rendered(value: Any, expected: Any) -> None:
    assert render_chain(value, Scope(VARIABLES)) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("{{ zz }}", "undefined"),
        ("{{ s ", "syntax"),
        ("{{ s.zz.y }}", "undefined"),
        (["{{ q }}"], "json"),
        (['{{ d["k"] }}'], "syntax"),
        ("{{ s | regex_replace('(', '') }}", "value"),
        ("{{ ''.__class__.mro() }}", "value"),
    ],
)
def test_errors(value: Any, kind: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        render_chain(value, Scope(VARIABLES))
    assert caught.value.kind == kind or kind == "value"
    assert caught.value.expression


def test_datastore() -> None:
    secrets = {"system.a.b": "plain", "user.p": "secret"}

    def find(key: str, decrypt: bool) -> str:
        return secrets[key].upper() if decrypt else secrets[key]

    scope = Scope({"st2kv": st2kv(find)})
    assert render_chain("{{ st2kv.system.a.b }}", scope) == "plain"
    assert render_chain("{{ st2kv['system']['a.b'] }}", scope) == "plain"
    assert render_chain("{{ st2kv.user.p | decrypt_kv }}", scope) == "SECRET"
    assert render_chain("{{ st2kv.system.nope }}", scope) == ""
    with pytest.raises(EvaluationError, match=r"no key `system\.nope`"):
        render_chain("{{ st2kv.system.nope | decrypt_kv }}", scope)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("5", "integer", 5),
        (5.9, "integer", 5),
        ("5", "number", 5.0),
        ("true", "boolean", True),
        ("False", "boolean", False),
        (1, "boolean", 1),
        ('{"a": [1]}', "object", {"a": [1]}),
        ("{'a': True}", "object", {"a": True}),
        ("[1, 2]", "array", [1, 2]),
        ([1], "array", [1]),
        ("x", "string", "x"),
        (None, "integer", None),
        ("%*****__%NONE%__*****%", "string", None),
        ("%*****__%NONE%__*****%", "array", None),
        ("x", "other", "x"),
    ],
)
def test_cast(value: Any, kind: str, expected: Any) -> None:
    found = cast(value, {"type": kind})
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "kind"),
    [("x", "integer"), ("", "number"), ("maybe", "boolean"), ("x y", "object"), (5, "string"),
     ([1], "integer"), ("", "array"), ("%*****__%NONE%__*****%", "integer")],
)  # fmt: skip
def test_cast_fails(value: Any, kind: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        cast(value, {"type": kind})
    assert caught.value.kind == "cast"


@given(
    st.text(min_size=1),
    st.sampled_from(["array", "boolean", "integer", "number", "object", "string"]),
)
def test_any_text_is_cast_or_refused(value: str, kind: str) -> None:
    assert _kind_of_cast(value, kind) in ("cast", "value")


def _kind_of_cast(value: str, kind: str) -> str:
    try:
        cast(value, {"type": kind})
    except EvaluationError as error:
        return error.kind
    return "value"


def test_without_a_type_nothing_is_cast() -> None:
    assert cast("5", None) == "5"
    assert cast("5", {}) == "5"
    assert cast("5", {"type": ["string", "null"]}) == "5"
