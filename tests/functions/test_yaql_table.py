"""The YAQL families against the package: every overload it registers, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from functions.oracles import STACKSTORM, WORKFLOW, yaql_context
from yaql.language import specs, utils, yaqltypes

from st2lang import functions
from st2lang.functions import Function, Kind, Parameter, Signature

_CONSTANTS = {None: "null", True: "true", False: "false"}
_OPERATORS = {"*equal": "=", "*not_equal": "!=", "#indexer": "[]"}
_SYNTAX = {"#list", "#map", "#get_context_data", "#finalize", "#iter"}


def _registered() -> dict[str, list[specs.FunctionDefinition]]:
    found: dict[str, list[specs.FunctionDefinition]] = {}
    context = yaql_context()
    while context is not None:
        for name, overloads in context._functions.items():
            found.setdefault(name, []).extend(overloads)
        context = context.parent
    return found


REGISTERED = _registered()
NAMES = sorted(name for name in REGISTERED if name[0].isalpha())


def _default(parameter: specs.ParameterDefinition) -> str:
    value = parameter.default
    if value is utils.NO_VALUE:
        return "?"
    if value is None or isinstance(value, bool):
        return _CONSTANTS[value]
    return repr(value) if isinstance(value, int | str) else "…"


def _theirs(definition: specs.FunctionDefinition) -> tuple[Any, ...]:
    """An overload of the package as a comparable value: style, then parameters."""
    visible = [
        (key, parameter)
        for key, parameter in definition.parameters.items()
        if not isinstance(parameter.value_type, yaqltypes.HiddenParameterType)
    ]
    ordered = sorted(visible, key=lambda pair: _place(pair[1]))
    shapes = []
    for key, parameter in ordered:
        name = parameter.alias or parameter.name
        if key in ("*", "**"):
            shapes.append(key + name)
        elif parameter.default is specs.NO_DEFAULT:
            shapes.append(name)
        else:
            shapes.append(f"{name}={_default(parameter)}")
    return (definition.is_function, definition.is_method, *shapes)


def _place(parameter: specs.ParameterDefinition) -> tuple[bool, int]:
    return parameter.position is None, parameter.position or 0


def _ours(signature: Signature) -> tuple[Any, ...]:
    return (signature.as_function, signature.as_method, *map(_shape, signature.parameters))


def _shape(parameter: Parameter) -> str:
    if parameter.variadic:
        return f"*{parameter.name}"
    if parameter.any_keyword:
        return f"**{parameter.name}"
    if parameter.required:
        return parameter.name
    default = parameter.default or "?"
    return f"{parameter.name}={default if default != 'timespan()' else '…'}"


def test_same_names() -> None:
    assert sorted(functions.names("yaql")) == sorted(
        {*NAMES, *STACKSTORM, *WORKFLOW} - {"to_complex"} | {"jsonpath_query"}
    )


_FREE_KEYWORDS = {
    "zip": {(True, False, "*args", "pad=null"): (True, False, "*args", "**kwargs")},
    "zipLongest": {
        (False, True, "collections", "*collections", "default=null"): (
            False,
            True,
            "*collections",
            "**kwargs",
        )
    },
}
"""Python functions that take any keyword and look at one: our table names that one."""


@pytest.mark.parametrize(
    "name", [n for n in NAMES if (n not in STACKSTORM and n not in WORKFLOW) or n == "zip"]
)
def test_same_overloads(name: str) -> None:
    record = functions.lookup("yaql", name)
    assert record is not None
    ours = [_normal(name, _ours(signature)) for signature in record.signatures]
    assert sorted(set(ours)) == sorted(set(map(_theirs, REGISTERED[name])))


def _normal(name: str, shape: tuple[Any, ...]) -> tuple[Any, ...]:
    shape = _FREE_KEYWORDS.get(name, {}).get(shape, shape)
    # A method that takes any number of lists takes the receiver as the first of them.
    return (*shape[:2], *shape[3:]) if shape[2:4] == ("collections", "*collections") else shape


@pytest.mark.parametrize("name", sorted({*STACKSTORM, *WORKFLOW} - {"to_complex", "zip", "st2kv"}))
def test_stackstorm_parameters_are_named_as_yaql_names_them(name: str) -> None:
    record = functions.lookup("yaql", name)
    assert record is not None
    (signature,) = record.signatures
    (definition,) = REGISTERED[name]
    names = [parameter.name for parameter in signature.parameters]
    visible = [
        parameter.alias
        for parameter in definition.parameters.values()
        if not isinstance(parameter.value_type, yaqltypes.HiddenParameterType)
    ]
    assert names == visible
    assert not signature.as_method


def _operator_name(name: str) -> str:
    return _OPERATORS.get(name) or name.removeprefix("#unary_operator_").removeprefix("#operator_")


def test_same_operators() -> None:
    special = [name for name in REGISTERED if name[0] in "#*" and "#property" not in name]
    theirs = {_operator_name(name) for name in special if name not in _SYNTAX}
    assert theirs == set(functions.names("yaql", Kind.OPERATOR))


def test_same_properties() -> None:
    theirs = {name.removeprefix("#property#") for name in REGISTERED if "#property#" in name}
    assert theirs == set(functions.names("yaql", Kind.PROPERTY))


def _operand(kind: object) -> str:
    """The type of an operand as our table would write it."""
    name = type(kind).__name__
    if name == "PythonType":
        python = kind.python_type  # type: ignore[attr-defined]
        name = python.__name__ if isinstance(python, type) else python[0].__name__
    table = {"Number": "number", "String": "string", "DateTime": "datetime", "Integer": "integer"}
    table |= {"timedelta": "timespan", "int": "integer", "NoneType": "null", "Pattern": "regex"}
    table |= {"Iterable": "list", "Sequence": "list", "Set": "list", "Mapping": "dict"}
    return table.get(name, "any value")


@pytest.mark.parametrize("name", ["+", "-", "*", "/", "mod", "<", "<=", ">", ">=", "=~", "!~"])
def test_every_combination_of_operands_is_known(name: str) -> None:
    record: Function | None = functions.lookup("yaql", name, Kind.OPERATOR)
    assert record is not None
    ours = {tuple(str(p.type).split(" of")[0] for p in s.parameters) for s in record.signatures}
    for key in (f"#operator_{name}", f"#unary_operator_{name}"):
        for definition in REGISTERED.get(key, []):
            parameters = sorted(definition.parameters.values(), key=_place)
            operands = tuple(
                _operand(p.value_type)
                for p in parameters
                if not isinstance(p.value_type, yaqltypes.HiddenParameterType)
            )
            if operands == ("string",) and name == "+":
                operands = ("string", "string")
            if operands == ("null", "null"):
                continue
            assert operands in ours
