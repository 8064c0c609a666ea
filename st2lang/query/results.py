"""What a task's result consists of: by its action's output schema, its runner, its sub-workflow.

An action's `output_schema` describes what the runner puts under its `output_key` (StackStorm 3.8,
st2common/util/output_schema.py); older metadata lists the properties without the schema around them.
Types found here help people who write; they are never held against anybody.
"""

from __future__ import annotations

import os
from collections.abc import Mapping as MappingType
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import proxy

from st2lang import types
from st2lang.catalog.models import TYPES, mapping, text
from st2lang.inference import Inference
from st2lang.query._memo import per_document
from st2lang.types import ANY, Type

if TYPE_CHECKING:
    from st2lang.catalog import Action
    from st2lang.dialects.model import Task
    from st2lang.document import Document

Schema = MappingType[str, Any]


@per_document
def inference(document: Document) -> Inference:
    """The types of the workflow's values, results of its tasks included."""
    here = proxy(document)  # which is not to be kept alive by what it keeps itself
    return Inference(document, lambda task: type_of(here, task))


def action_of(document: Document, task: Task) -> Action | None:
    """The action that a task runs, when it is known."""
    if document.catalog is None or task.action is None:
        return None
    return document.catalog.find_action(task.action.text)


def schema_of(document: Document, task: Task) -> Schema:
    """The schema of one result of a task's action (of one item, for a task with items); {} if unknown."""
    action = action_of(document, task)
    return {} if action is None else of_action(action)


def of_action(action: Action) -> Schema:
    """The schema of the result of an action."""
    runner = action.runner
    if runner is None or runner.keyed_by:
        return {}
    schema = dict(runner.output_schema)
    own = _whole(action.output_schema)
    key = text(action.data.get("output_key")) or runner.output_key
    if own and key:
        schema["properties"] = {**mapping(schema.get("properties")), key: own}
    elif own:
        schema = dict(own)
    return schema


def _whole(schema: Schema) -> Schema:
    """An output schema as a schema, whichever way it is written."""
    if not schema:
        return {}
    declared = schema.get("type")
    if isinstance(declared, str) and declared in TYPES:
        return schema
    if isinstance(declared, list) or isinstance(schema.get("anyOf"), list):
        return schema
    return {"type": "object", "properties": dict(schema)}


def type_of(document: Document, task: Task) -> Type:
    """The type of one result of a task's action; `ANY` where nothing is known."""
    schema = schema_of(document, task)
    found = types.from_json_schema(schema) if schema else ANY
    action = action_of(document, task)
    if action is None or action.output_schema or not isinstance(found, types.Dict):
        return found
    outputs = outputs_of(document, action)
    if not outputs:
        return found
    fields = dict(found.fields)
    fields["output"] = types.Dict(ANY, tuple((name, ANY) for name in sorted(outputs)))
    return types.Dict(found.value, tuple(sorted(fields.items())))


def outputs_of(document: Document, action: Action) -> tuple[str, ...]:
    """The names that a workflow action returns under `output`, read from the workflow itself."""
    runner = action.runner
    if runner is None or runner.name != "orquesta" or not action.path or not action.entry_point:
        return ()
    folder = os.path.dirname(action.path)
    path = os.path.normpath(os.path.join(folder, action.entry_point))
    if not path.startswith(os.path.dirname(folder) + os.sep):
        return ()
    if path == os.path.abspath(document.source.path):
        workflow = document.workflow
        return tuple(a.name.text for a in workflow.output) if workflow is not None else ()
    return _outputs(path, _changed(path))


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return -1


@lru_cache(maxsize=512)
def _outputs(path: str, stamp: int) -> tuple[str, ...]:
    """The outputs of a workflow file; `stamp` tells one state of it from another."""
    from st2lang.catalog.folder import read_bytes
    from st2lang.document import Document
    from st2lang.yaml.decode import decode

    other = Document(decode(path, read_bytes(path))[0], kind="orquesta")
    workflow = other.workflow
    return tuple(a.name.text for a in workflow.output) if workflow is not None else ()


def descend(schema: Schema, names: tuple[str, ...]) -> Schema:
    """The schema below some keys; {} where it says nothing."""
    for name in names:
        schema = mapping(mapping(schema.get("properties")).get(name))
    return schema
