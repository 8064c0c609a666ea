"""Whatever a metadata file holds, there is an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.catalog import builtin, nested
from st2lang.catalog.models import Parameter
from st2lang.catalog.read import read_action
from st2lang.catalog.rules import ATTRIBUTES, TYPE_NAMES, check_parameters
from st2lang.catalog.values import check_value

WORKSPACE = Path(__file__).parent / "workspace"

_leaves: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*TYPE_NAMES, "{{ x }}", "[1, 2]", "(", "(a|a)*$", 10**900, -(10**900)])
)
_keys = st.sampled_from([*ATTRIBUTES, "$ref", "x"])
_data = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=12,
)
_schemas = st.dictionaries(_keys, _data, max_size=5)
_typed = st.builds(
    lambda schema, kind: {**schema, "type": kind}, _schemas, st.sampled_from(TYPE_NAMES)
)


@settings(max_examples=150)
@given(_schemas | _typed, _data)
def test_any_value_is_judged_by_any_schema(schema: dict[str, Any], value: Any) -> None:
    told = check_value(Parameter("p", schema), value)
    assert told is None or told.startswith("parameter `p` ")


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(["cmd", "sudo", "hosts", "a-b", "x"]), _data, max_size=4))
def test_any_parameters_block_is_judged(block: dict[str, Any]) -> None:
    for path, message, check in check_parameters(block, builtin.runner("remote-shell-cmd")):
        assert path[0] in block
        assert message
        assert check in ("unknown-key", "wrong-type", "invalid-value", "missing-key")


@settings(max_examples=100)
@given(_data, _data, _data)
def test_models_over_any_data(parameters: Any, runner_type: Any, rest: Any) -> None:
    from st2lang.catalog.read import action_of

    data = {"parameters": parameters, "runner_type": runner_type, "entry_point": rest, "name": rest}
    action = action_of(data, "p", "x/actions/a.yaml")
    for parameter in action.all_parameters.values():
        assert isinstance(parameter.types, tuple)
        assert isinstance(parameter.must_be_given, bool)
        assert parameter.position is None or isinstance(parameter.position, int)
    assert isinstance(action.entry_point, str)
    assert isinstance(action.enabled, bool)


def test_every_beginning_of_a_metadata_file_is_read() -> None:
    text = (WORKSPACE / "alpha" / "actions" / "a_file_of_another_name.yml").read_text("utf-8")
    known: set[str] = set()
    for end in range(len(text) + 1):
        action = read_action(text[:end], "alpha", "run.yaml")
        assert action.ref.startswith("alpha.")
        known.update(action.all_parameters)
    assert {"hosts", "sudo", "dry_run", "password"} <= known


def _sound(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of the common keywords, as people write them."""
    names = st.sampled_from(["a", "b"])
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["array", "boolean", "integer", "number", "object", "string"]),
            "enum": st.lists(
                st.sampled_from(["x", 1, 2, True]), min_size=1, max_size=2, unique=True
            ),
            "minItems": st.integers(0, 2),
            "maximum": st.integers(0, 2),
            "maxLength": st.integers(0, 2),
            "items": inner,
            "properties": st.dictionaries(names, inner, max_size=2),
            "additionalProperties": st.booleans() | inner,
            "required": st.booleans(),
        },
    )


_values = st.recursive(
    st.sampled_from(["", "x", "long", 0, 1, 3, 1.5, True, False]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(st.recursive(st.just({}), _sound, max_leaves=6), _values)
def test_common_schemas_are_judged_as_jsonschema_judges_them(
    schema: dict[str, Any], value: Any
) -> None:
    assert nested._is_simple(schema)
    simply = nested._simply(schema, value, ())
    thoroughly = nested._by_jsonschema(schema, value)
    assert (simply is None) == (thoroughly is None), (simply, thoroughly)
