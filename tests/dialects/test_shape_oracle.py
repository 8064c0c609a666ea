"""The shapes are JSON Schemas: what we accept and reject, and where, is held against `jsonschema`.

Documents are drawn from the shape itself, with something else here and there, so that most of them are
nearly right.
"""

from __future__ import annotations

import datetime
import string
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from st2lang.catalog.schemas import ACTION_SCHEMA, PACK_SCHEMA
from st2lang.dialects.chain_shape import CHAIN
from st2lang.dialects.orquesta_shape import WORKFLOW
from st2lang.dialects.shape import validate
from st2lang.yaml import parse

SHAPES: dict[str, Mapping[str, Any]] = {
    "workflow": WORKFLOW,
    "chain": CHAIN,
    "action": ACTION_SCHEMA,
    "pack": PACK_SCHEMA,
}
WORDS = st.text(string.ascii_lowercase + "_", min_size=1, max_size=4)
TEXTS = st.sampled_from(
    [
        "",
        "all",
        "1.0",
        "1.2.3",
        "x in <% ctx().y %>",
        "<% [1,\n2] %>",
        "a b in {{ c }}",
        ">=3.0.0",
        "2",
    ]
) | st.text("ab \n<%{}>", max_size=6)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.sampled_from([0.5, 1.0, -1.0, datetime.date(2024, 1, 31), b"x"])
    | TEXTS
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=4,
)


def values(shape: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that mostly have the shape."""
    return st.integers(0, 9).flatmap(lambda n: JUNK if n == 0 else fitting(shape))


def fitting(shape: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values of the type that the shape asks for; their parts mostly have the shape."""
    if "oneOf" in shape:
        return st.one_of([fitting(branch) for branch in shape["oneOf"]])
    if "enum" in shape:
        return st.sampled_from(shape["enum"])
    kinds = shape.get("type", "any")
    match kinds if isinstance(kinds, str) else "any":
        case "object":
            return mappings(shape)
        case "array":
            return st.lists(values(shape.get("items", {})), max_size=3)
        case "string":
            return TEXTS
        case "integer" | "number":
            return st.integers(-1, 3)
        case "boolean":
            return st.booleans()
        case _:
            return JUNK


def mappings(shape: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Mappings with the required keys, some of the others, and now and then an unknown one."""
    known = shape.get("properties", {})
    rest = shape.get("additionalProperties", {})
    rest = rest if isinstance(rest, Mapping) else {}
    required = {name: known[name] for name in shape.get("required", ())}
    fixed = st.fixed_dictionaries(
        {name: values(part) for name, part in required.items()},
        optional={name: values(part) for name, part in known.items() if name not in required},
    )
    free = st.dictionaries(WORDS, values(rest), max_size=0 if known else 2)
    odd = st.dictionaries(WORDS, JUNK, max_size=1)
    return st.builds(
        lambda a, b, c, n: {**a, **b, **(c if n == 0 else {})}, fixed, free, odd, st.integers(0, 9)
    )


def described_places(problems: Any) -> set[tuple[Any, ...]]:
    """The paths of our problems; of a key that does not belong somewhere, the mapping that it is in."""
    return {p.path[:-1] if p.check == "unknown-key" else p.path for p in problems}


@pytest.mark.parametrize("name", SHAPES)
@given(data=st.data())
def test_accepts_and_rejects_what_jsonschema_does(name: str, data: st.DataObject) -> None:
    shape = SHAPES[name]
    text = pyyaml.safe_dump(data.draw(values(shape)), allow_unicode=True)
    file = parse(text)
    assert file.root is not None
    assert not file.problems
    ours = list(validate(file.root, shape))
    schema = jsonschema.Draft4Validator(shape)
    theirs = [tuple(e.absolute_path) for e in schema.iter_errors(pyyaml.safe_load(text))]
    assert bool(ours) == bool(theirs), (text, ours, theirs)
    places = described_places(ours)
    for path in theirs:  # a oneOf complains about the whole, we about the part that is wrong
        assert any(place[: len(path)] == path for place in places), (text, path, places)
    for problem in ours:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        assert problem.message
        assert "None" not in problem.message
