"""The documented examples give with us what they say; `functions` holds them against the packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from st2lang import functions
from st2lang.evaluation import Scope, World, evaluate_yaql, render
from st2lang.evaluation.sandbox import Program
from st2lang.functions import Example, Function, Kind
from st2lang.functions._orquesta import OF_THE_WORKFLOW
from st2lang.functions.values import Run


def _scope(world: Any) -> Scope:
    """The world of an example (see `functions.oracles`) as a scope."""
    if not isinstance(world, Mapping):
        return Scope()
    tasks: Mapping[str, str] = world.get("tasks", {})
    current = {"id": "current", "route": 0, "result": world.get("result")}

    def status(name: str, route: int) -> str | None:
        return world.get("status") if name == "current" else tasks.get(name)

    def datastore(key: str, decrypt: bool) -> Any:
        return world["kv"][key]

    return Scope(
        world.get("vars"),
        task=current,
        item=world.get("item"),
        status=status,
        find=lambda name, route: {"status": tasks[name]},
        outside=World(datastore),
    )


YAQL = [
    pytest.param(example, id=f"{record.kind.value}:{record.name}:{number}")
    for record in functions.table("yaql").values()
    for number, example in enumerate(record.examples)
]


@pytest.mark.parametrize("example", YAQL)
def test_yaql_example(example: Example) -> None:
    found = evaluate_yaql(example.expression, example.data, _scope(example.data), sets=set)
    assert found == example.result


JINJA = [
    pytest.param(record, example, id=f"{record.kind.value}:{record.name}:{number}")
    for record in functions.table("jinja").values()
    for number, example in enumerate(record.examples)
    if not isinstance(example.data, dict) or record.name in OF_THE_WORKFLOW
]


@pytest.mark.parametrize(("record", "example"), JINJA)
def test_jinja_example(record: Function, example: Example) -> None:
    found = render(f"{{{{ {example.expression} }}}}", _scope(example.data))
    if record.name == "zip":  # tuples, which are lists as soon as they are data
        found = list(map(list, found))
    assert found == example.result


CHAIN = [
    pytest.param(example, id=f"{record.name}:{number}")
    for record in functions.table("jinja-chain").values()
    for number, example in enumerate(record.examples)
    if record.kind is Kind.FILTER
]


@pytest.mark.parametrize("example", CHAIN)
def test_chain_example(example: Example) -> None:
    names = example.data if isinstance(example.data, dict) else {}
    run = Run(Scope(names))
    found = Program(example.expression, expression=True, workflow=False).run(run)
    assert (list(found) if hasattr(found, "__next__") else found) == example.result
