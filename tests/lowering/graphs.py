"""What the tests of the graph share: compiling, validating, and graphs made at random."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from st2lang import graph as ir
from st2lang.catalog import Catalog
from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.graph.damage import schema
from st2lang.source import Source

HERE = Path(__file__).parent
ALL = sorted([*HERE.glob("orquesta/*.yaml"), *HERE.glob("action-chain/*.yaml")])


def compiled(path: Path, text: str | None = None, name: str | None = None) -> ir.Graph:
    """The graph of a case; of another text, or under another name, where they are given."""
    content = path.read_text(encoding="utf-8") if text is None else text
    catalog = Catalog(installed=None) if path.stem == "known_action" else None
    source = Source(name or path.name, content)
    return compile_document(Document(source, kind=path.parent.name, catalog=catalog))


@lru_cache(maxsize=1)
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def errors_of(data: Any) -> Iterator[str]:
    """How data differs from the published schema."""
    for error in validator().iter_errors(data):
        yield f"{error.json_path}: {error.message}"


texts = st.text(max_size=6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
given_values = json_values.filter(lambda value: value is not None)
optional = st.none() | given_values
places = st.builds(ir.Place, *[st.integers(1, 99)] * 4)
maybe_place = st.none() | places
schemas = st.dictionaries(texts, st.dictionaries(texts, json_values, max_size=2), max_size=2)


def tuples(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


assignments = tuples(
    st.builds(ir.Assignment, texts, json_values, st.just(True), maybe_place)
    | st.builds(ir.Assignment, texts, st.none(), st.just(False), maybe_place)
)
transitions = st.builds(
    ir.Transition,
    st.integers(0, 9),
    optional,
    st.sampled_from(("any", "success", "failure")),
    assignments,
    tuples(texts | st.sampled_from(ir.COMMANDS)),
    maybe_place,
)
tasks = st.builds(
    ir.Task,
    texts,
    st.none()
    | st.builds(ir.Action, texts, st.none() | texts, st.none() | texts, st.none() | schemas, maybe_place),
    optional,
    st.none() | st.builds(ir.Items, tuples(texts), json_values, optional, maybe_place),
    st.none() | st.just("all") | st.integers(),
    optional,
    st.none() | st.builds(ir.Retry, optional, optional, optional, maybe_place),
    assignments,
    tuples(transitions),
    st.booleans(),
    st.booleans(),
    optional,
    maybe_place,
    st.dictionaries(texts, places, max_size=2),
)  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> ir.Graph:
    """Graphs of any content; their names refer to anything, as those of broken workflows do."""
    named = {task.name: task for task in draw(st.lists(tasks, max_size=3))}
    starts = draw(st.lists(st.sampled_from(sorted(named)), max_size=3)) if named else []
    return ir.Graph(
        draw(st.sampled_from((ir.ORQUESTA, ir.CHAIN))),
        draw(texts),
        named,
        tuple(starts),
        draw(assignments),
        draw(assignments),
        draw(assignments),
        draw(schemas),
        source=draw(texts),
    )
