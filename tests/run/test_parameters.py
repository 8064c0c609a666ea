"""Defaults, templates and casts of parameters, as `st2common/util/param.py` does them."""

from __future__ import annotations

from typing import Any

import pytest
from st2runtime.actions import complaints, parameters
from st2runtime.actions.errors import ActionError
from st2runtime.actions.runnable import Runnable

from st2lang.evaluation import st2kv


def action(own: dict[str, Any], inherited: dict[str, Any] | None = None) -> Runnable:
    return Runnable("p.a", "p", "noop", own=own, inherited=inherited or {})


def looked_up(key: str, decrypt: bool) -> str:
    return {"system.region": "north", "user.name": "ada"}[key]


def around() -> dict[str, Any]:
    return {
        "st2kv": st2kv(looked_up),
        "config_context": {"url": "http://host", "port": 80},
        "action_context": {"user": "stanley", "parent": {"user": "ada"}},
    }


def final(runnable: Runnable, given: dict[str, Any]) -> dict[str, Any]:
    return parameters.final(runnable, parameters.live(runnable, given, around), around)


def test_defaults_come_from_the_action_then_from_the_runner() -> None:
    found = action(
        {"a": {"default": 1}, "sudo": {"default": True, "immutable": True}, "cmd": {}},
        {"sudo": {"type": "boolean", "default": False}, "cmd": {"default": "ls"}, "t": {}},
    )
    assert final(found, {}) == {"a": 1, "sudo": True, "cmd": "ls", "t": None}


def test_null_means_the_default() -> None:
    assert final(action({"a": {"default": 1}}), {"a": None}) == {"a": 1}


def test_an_immutable_parameter_keeps_its_default() -> None:
    found = action({"a": {"default": "x", "immutable": True}})
    assert parameters.final(found, {"a": "mine"}, around) == {"a": "x"}


def test_parameters_may_need_each_other() -> None:
    found = action(
        {
            "command": {"default": "{{ tool }} {{ arguments }}"},
            "arguments": {"default": "-n {{ count }}"},
            "tool": {"type": "string", "default": "ping"},
            "count": {"type": "integer", "default": 3},
        }
    )
    assert final(found, {"count": 5})["command"] == "ping -n 5"


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ config_context.url }}/x", "http://host/x"),
        ("{{ st2kv.system.region }}", "north"),
        ("{{ st2kv.user.name }}", "ada"),
        ("{{ st2kv.system.none }}", ""),
        ("{{ action_context.parent.user }}", "ada"),
        ("{% if true %}yes{% endif %}", "yes"),
        ("{{ unknown }}", "{{ unknown }}"),
        ("{{ not jinja", "{{ not jinja"),
    ],
)
def test_what_a_template_may_name(template: str, value: str) -> None:
    assert final(action({"a": {"type": "string", "default": template}}), {})["a"] == value
    assert final(action({"a": {"type": "string"}}), {"a": template})["a"] == value


def test_the_type_comes_back_by_the_cast() -> None:
    found = action({"port": {"type": "integer", "default": "{{ config_context.port }}"}})
    assert final(found, {}) == {"port": 80}


def test_lists_and_mappings_are_rendered_with_types_kept() -> None:
    found = action(
        {
            "all": {"type": "object", "default": {"n": "{{count}}", "t": "n is {{ count }}"}},
            "count": {"type": "integer", "default": 2},
        }
    )
    assert final(found, {})["all"] == {"n": 2, "t": "n is 2"}


def test_given_values_are_rendered_once() -> None:
    found = action({"a": {"type": "string"}, "b": {"type": "string"}})
    assert parameters.live(found, {"a": "{{ b }}", "b": "x"}, dict) == {"a": "x", "b": "x"}
    assert parameters.final(found, {"a": "{{ b }}"}, around) == {"a": "{{ b }}", "b": None}


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"a": {"default": "{{ b }}"}, "b": {"default": "{{ a }}"}}, "need each other in a circle"),
        (
            {"a": {"default": "{{ b }} {{ nobody }}"}, "b": {}},
            "needs `nobody`, which is no parameter",
        ),
        ({"a": {"default": "{{ b.c.d }}"}, "b": {"default": "x"}}, "`a` cannot be rendered"),
        ({"a": {"type": "integer", "default": "{{ b }}"}, "b": {"default": "x"}}, "no integer"),
    ],
)
def test_templates_that_fail_are_explained(own: dict[str, Any], message: str) -> None:
    with pytest.raises(ActionError, match=message):
        parameters.live(action(own), {}, around)


def test_everything_wrong_is_told_at_once() -> None:
    found = action(
        {
            "host": {"type": "string", "required": True, "description": "Where.\nMore."},
            "count": {"type": "integer"},
            "mode": {"type": "string", "enum": ["fast", "slow"]},
            "fixed": {"type": "string", "default": "x", "immutable": True},
            "must": {"type": "string", "required": True},
        }
    )
    told = complaints.about(
        found, {"count": "x", "mode": "fats", "fixed": "y", "hots": 1, "must": None}
    )
    assert told == (
        'parameter `count` expects a whole number, not the text "x"',
        'parameter `mode` must be `fast` or `slow`, not the text "fats"; did you mean `fast`?',
        "parameter `fixed` is immutable: `p.a` sets it itself",
        "`p.a` has no parameter `hots`; did you mean `host`?",
        "parameter `must` is required and cannot be null",
        "parameter `host` (text: Where) is required and was not given",
    )


def test_secrets_are_found_where_the_schema_says() -> None:
    found = action(
        {
            "token": {"type": "string", "secret": True},
            "login": {
                "type": "object",
                "properties": {"name": {}, "password": {"secret": True}},
            },
            "keys": {"type": "array", "items": {"properties": {"key": {"secret": True}}}},
        }
    )
    values = {
        "token": "t0ken",
        "login": {"name": "ada", "password": "pass"},
        "keys": [{"key": "k1", "id": 1}],
    }
    assert list(parameters.secrets_in(found, values)) == ["t0ken", "pass", "k1"]
