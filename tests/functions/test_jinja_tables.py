"""The Jinja families against the package: every filter, test and function it has, and its parameters."""

from __future__ import annotations

import inspect
from typing import Any

import jinja2
import pytest
from functions.oracles import STACKSTORM, WORKFLOW
from jinja2 import defaults, filters, tests

from st2lang import functions
from st2lang.functions import Kind, Parameter

_CONSTANTS = {None: "null", True: "true", False: "false"}
_DESCRIBED_BETTER = {"map", "select", "reject", "selectattr", "rejectattr"}
"""Filters that take anything and look at it themselves; our forms say what they look for."""

_HANDED_IN = ("environment", "env", "context", "eval_ctx")

_OPAQUE = {"dict", "range"}
"""Built-in types that tell nothing of their parameters."""


def _default(value: object) -> str:
    if value is inspect.Parameter.empty:
        return ""
    if value is None or isinstance(value, bool):
        return "=" + _CONSTANTS[value]
    return f"={value!r}"


def _theirs(function: Any) -> list[str]:
    parameters = list(inspect.signature(function).parameters.values())
    if parameters and parameters[0].name in _HANDED_IN:
        parameters = parameters[1:]
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return [f"{marks.get(p.kind, '')}{p.name}{_default(p.default)}" for p in parameters]


def _shape(parameter: Parameter) -> str:
    if parameter.variadic or parameter.any_keyword:
        return f"{'*' if parameter.variadic else '**'}{parameter.name}"
    return parameter.name if parameter.required else f"{parameter.name}={parameter.default}"


PACKAGE: list[tuple[Kind, dict[str, Any]]] = [
    (Kind.FILTER, filters.FILTERS),
    (Kind.TEST, tests.TESTS),
    (Kind.FUNCTION, defaults.DEFAULT_NAMESPACE),
]


@pytest.mark.parametrize(
    ("kind", "theirs"), PACKAGE, ids=lambda value: str(getattr(value, "value", ""))
)
def test_same_names(kind: Kind, theirs: dict[str, Any]) -> None:
    added = {name for name in STACKSTORM if name not in ("to_complex",)} | {"jsonpath_query"}
    if kind is Kind.FUNCTION:
        added |= WORKFLOW.keys()
    expected = {*theirs} if kind is Kind.TEST else {*theirs, *added}
    assert set(functions.names("jinja", kind)) == expected


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, theirs in PACKAGE
        for name in sorted(theirs)
        if name not in _DESCRIBED_BETTER | _OPAQUE
    ],
)
def test_same_parameters(kind: Kind, name: str) -> None:
    record = functions.lookup("jinja", name, kind)
    assert record is not None
    (signature,) = record.signatures
    assert list(map(_shape, signature.parameters)) == _theirs(dict(PACKAGE)[kind][name])
    assert signature.as_method is (kind is not Kind.FUNCTION)
    assert signature.as_function is (kind is Kind.FUNCTION)


def test_jinja_version_is_the_one_described() -> None:
    assert jinja2.__version__.startswith("3.1")


def test_action_chains_have_filters_but_no_workflow_functions() -> None:
    chain = set(functions.names("jinja-chain", Kind.FILTER))
    assert {"decrypt_kv", "to_complex", "regex_match", "use_none"} <= chain
    assert not chain & {"json_dump", "json_parse", "yaml_dump", "yaml_parse", "json", "zip", "ctx"}
    assert set(functions.names("jinja-chain")) == set(defaults.DEFAULT_NAMESPACE)


def test_builtins_are_the_same_records_in_both_jinjas() -> None:
    for kind, theirs in PACKAGE:
        for name in theirs:
            orquesta = functions.lookup("jinja", name, kind)
            assert orquesta is functions.lookup("jinja-chain", name, kind)
