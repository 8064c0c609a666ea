"""Parameters of scripts, as StackStorm orders, serialises and quotes them."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runners.helpers import invocation
from st2runtime.runners._arguments import as_user, joined, own, script_arguments


def arguments(
    given: dict[str, Any], own: dict[str, dict[str, Any]], runner: str = "local-shell-script"
) -> list[str]:
    return script_arguments(invocation(runner, given, own))


@pytest.mark.parametrize(
    ("declared", "value", "expected"),
    [
        ("string", "test string", "test string"),
        ("string", "", ""),
        ("string", None, ""),
        ("integer", 1, "1"),
        ("integer", 0, ""),
        ("integer", None, ""),
        ("number", 2.55, "2.55"),
        ("number", 0, "0"),
        ("boolean", True, "1"),
        ("boolean", False, "0"),
        ("boolean", None, ""),
        ("array", ["a", "b", 3], "a,b,3"),
        ("array", [], ""),
        ("array", None, ""),
        ("object", {"foo": "bär", "n": [1]}, '{"foo":"bär","n":[1]}'),
        ("object", {}, ""),
        ("null", "x", ""),
        (None, "x", "x"),
        (None, 0, ""),
    ],
)
def test_positional(declared: str | None, value: object, expected: str) -> None:
    schema: dict[str, Any] = {"position": 0} | ({"type": declared} if declared else {})
    assert arguments({"p": value}, {"p": schema}) == [expected]


def test_named_come_first_then_positions_in_order() -> None:
    schemas: dict[str, dict[str, Any]] = {
        "second": {"type": "string", "position": 10},
        "named": {"type": "string"},
        "first": {"type": "string", "position": 2},
        "absent": {"type": "string", "position": 3},
    }
    given = {"second": "2", "named": "a b", "first": "1"}
    assert arguments(given, schemas) == ["--named=a b", "1", "", "2"]


def test_named_values() -> None:
    given = {"yes": True, "no": False, "nothing": None, "empty": "", "zero": 0, "list": ["a", 1]}
    schemas: dict[str, dict[str, Any]] = {name: {} for name in given}
    assert arguments(given, schemas) == ["--yes", "--zero=0", "--list=['a', 1]"]


@pytest.mark.parametrize(("operator", "expected"), [("-", "-n=1"), ("", "n=1"), (None, "--n=1")])
def test_kwarg_op(operator: str | None, expected: str) -> None:
    assert arguments({"n": 1, "kwarg_op": operator}, {"n": {}}) == [expected]


def test_runner_parameters_are_no_arguments() -> None:
    given = {"n": 1, "timeout": 5, "env": {"A": "1"}, "sudo": False, "cwd": "/"}
    assert arguments(given, {"n": {}, "timeout": {"type": "integer", "default": 5}}) == ["--n=1"]


def test_declared_parameters_are_null_when_not_given() -> None:
    assert own(invocation("python-script", {"a": 1}, {"a": {}, "b": {}, "timeout": {}})) == {
        "a": 1,
        "b": None,
    }


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_a_shell_reads_what_was_meant(parts: list[str]) -> None:
    assert shlex.split(joined(parts)) == parts


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "echo 'a'"),
        ({"sudo": True}, "sudo -E -- bash -c 'echo '\"'\"'a'\"'\"''"),
        ({"sudo": True, "sudo_password": "x"}, "sudo -S -E -- bash -c 'echo '\"'\"'a'\"'\"''"),
        ({"user": "some body"}, "sudo -E -H -u 'some body' -- bash -c 'echo '\"'\"'a'\"'\"''"),
    ],
)
def test_sudo(given: dict[str, Any], expected: str) -> None:
    assert as_user("echo 'a'", invocation("local-shell-cmd", given)) == expected


def test_a_parameter_user_of_the_action_is_no_account() -> None:
    action = invocation("local-shell-cmd", {"user": "somebody"}, {"user": {"type": "string"}})
    assert as_user("id", action) == "id"
