"""Types of the values of a workflow: what flows into a variable, an item, a result."""

from __future__ import annotations

import pytest

from st2lang import types
from st2lang.document import Document
from st2lang.inference import Inference
from st2lang.source import Source
from st2lang.symbols import Use

WORKFLOW = """
version: 1.0
input:
  - given
  - defaulted: 1
vars:
  - number: 1
  - text: abc
  - names: [a, b]
  - point: {x: 1, y: abc}
  - whole: <% ctx().number + 1 %>
  - spaced: "<% ctx().number %> "
  - choice: "{% if ctx().number %}1{% endif %}"
  - lines: |
      <% ctx().number %>
  - kept: "{{ ctx('names') }}"
  - loop: <% ctx().pool %>
  - pool: <% ctx().loop %>
  - grows: 0
  - when: <% now() %>
  - both: 1
  - deep: {a: [{b: "<% ctx().names %>"}]}
  - "<% ctx().text %>": 1
tasks:
  one:
    with: name in <% ctx().names %>
    action: core.echo message=<% item(name) %>
    next:
      - publish:
          - grows: <% ctx().grows + 1 %>
          - both: "two"
          - results: <% result() %>
  two:
    with: <% item() %>
    action: core.echo message=<% item() %>
output:
  - total: <% ctx().names.len() %>
"""

EXPECTED = [
    ("given", types.ANY),
    ("defaulted", types.ANY),
    ("number", types.INTEGER),
    ("text", types.STRING),
    ("names", types.List(types.STRING)),
    ("point", types.Dict(types.NEVER, (("x", types.INTEGER), ("y", types.STRING)))),
    ("whole", types.INTEGER),
    ("spaced", types.STRING),
    ("choice", types.STRING),
    ("lines", types.STRING),
    ("kept", types.List(types.STRING)),
    ("loop", types.ANY),
    ("grows", types.NUMBER),
    ("when", types.ANY),
    ("both", types.join(types.INTEGER, types.STRING)),
    ("results", types.List(types.ANY)),
    ("total", types.INTEGER),
    ("unknown", types.ANY),
]


@pytest.fixture(scope="module")
def document() -> Document:
    return Document(Source("w.yaml", WORKFLOW), kind="orquesta")


@pytest.mark.parametrize(("name", "kind"), EXPECTED)
def test_variable(document: Document, name: str, kind: types.Type) -> None:
    assert Inference(document).variable(name) == kind


def test_items(document: Document) -> None:
    assert document.workflow is not None
    inference = Inference(document)
    one, two = document.workflow.tasks["one"], document.workflow.tasks["two"]
    assert inference.lookup(one)(Use.ITEM, "name") == types.STRING
    assert inference.lookup(one)(Use.ITEM, "other") == types.ANY
    assert inference.lookup(two)(Use.ITEM, "") == types.ANY


def test_result_is_asked_of_the_caller(document: Document) -> None:
    assert document.workflow is not None
    inference = Inference(document, lambda task: types.STRING)
    nullable = types.join(types.STRING, types.NULL)
    assert inference.lookup(None)(Use.TASK, "one") == types.List(nullable)
    assert inference.variable("results") == types.List(nullable)


def test_names_in_action_chains_are_not_known() -> None:
    text = "chain:\n  - name: a\n    ref: core.noop\nvars:\n  n: 1\n"
    document = Document(Source("c.yaml", text), kind="action-chain")
    assert Inference(document).variable("n") == types.ANY


def test_long_ways_and_deep_expressions_end() -> None:
    steps = "".join(f"  - v{i}: <% {'(' * 300}ctx().v{i + 1}{')' * 300} %>\n" for i in range(300))
    text = f"version: 1.0\nvars:\n{steps}tasks:\n  t:\n    action: core.noop\n"
    document = Document(Source("w.yaml", text), kind="orquesta")
    assert Inference(document).variable("v0") == types.ANY
