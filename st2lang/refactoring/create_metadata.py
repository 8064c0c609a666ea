"""Creates the metadata that makes a workflow an action: `actions/NAME.yaml`, beside the folder it is in.

Its inputs become parameters: with the type that their default or their use tells, required where they have no
default. Of a chain the parameters are the variables that it reads and nothing in it sets.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from st2lang import types
from st2lang.query import results
from st2lang.query.complete.writing import key
from st2lang.refactoring import QUICKFIX, Asked, Change, NewFile, Offer, Refactoring
from st2lang.refactoring._writing import value
from st2lang.symbols import Role, Use
from st2lang.types import ANY, Type

if TYPE_CHECKING:
    from st2lang.document import Document

_NAMES: dict[Type, str] = {
    types.STRING: "string",
    types.INTEGER: "integer",
    types.NUMBER: "number",
    types.BOOLEAN: "boolean",
}
_FIRST_LINES = ("version", "description", "tags", "input", "chain", "vars", "default", "tasks")


def offers(asked: Asked) -> Iterator[Offer]:
    """One at the top of a workflow in a pack that has no metadata."""
    document = asked.document
    workflow = document.workflow
    home = document.catalog.home if document.catalog is not None else None
    if workflow is None or home is None or not home.path or document.actions:
        return
    place = metadata_path(document.source.path, home.path)
    if place is None or os.path.exists(place) or not _at_top(asked):
        return
    name = os.path.basename(place)
    yield Offer(f"Create the metadata `{name}`", partial(_made, document, place))


def _at_top(asked: Asked) -> bool:
    """Whether the place is on a key at the top of the file that speaks of the workflow as a whole."""
    workflow = asked.document.workflow
    assert workflow is not None
    return any(
        getattr(e.key, "value", "") in _FIRST_LINES and asked.touches(e.key.span)
        for e in workflow.root.entries
    )


def metadata_path(path: str, pack: str) -> str | None:
    """Where the metadata of a workflow belongs; None for one that lies elsewhere than below `actions`."""
    actions = os.path.join(os.path.abspath(pack), "actions")
    path = os.path.abspath(path)
    if not path.startswith(actions + os.sep) or os.path.dirname(path) == actions:
        return None
    stem = os.path.splitext(os.path.basename(path))[0]
    return os.path.join(actions, f"{stem}.yaml")


def _made(document: Document, place: str) -> Change:
    workflow = document.workflow
    assert workflow is not None
    stem = os.path.splitext(os.path.basename(place))[0]
    entry_point = os.path.relpath(document.source.path, os.path.dirname(place))
    lines = [
        f"name: {value(stem)}",
        "description: " + value(_description(document, stem)),
        f"runner_type: {'orquesta' if workflow.orquesta else 'action-chain'}",
        "enabled: true",
        f"entry_point: {value(entry_point.replace(os.sep, '/'))}",
    ]
    parameters = _inputs(document) if workflow.orquesta else _read(document)
    if parameters:
        lines.append("parameters:")
    for name, schema in parameters.items():
        lines.append(f"  {key(name)}:")
        lines += [f"    {word}: {value(data)}" for word, data in schema.items()]
    return Change(files=(NewFile(place, "\n".join(lines) + "\n"),))


def _description(document: Document, stem: str) -> str:
    workflow = document.workflow
    assert workflow is not None
    written = getattr(workflow.root.get("description"), "value", "")
    return " ".join(written.split()) or stem.replace("_", " ").replace("-", " ").capitalize() + "."


def _inputs(document: Document) -> dict[str, dict[str, Any]]:
    """The inputs as parameters. A default that is worked out when the workflow runs stays with it."""
    assert document.workflow is not None
    found: dict[str, dict[str, Any]] = {}
    dynamic = {
        p.assignment.name.text for p in document.places if p.role is Role.INPUT and p.assignment
    }
    for assignment in document.workflow.inputs:
        name = assignment.name.text
        schema: dict[str, Any] = {"type": _type(document, name)}
        data = assignment.value.data if assignment.value is not None else None
        if assignment.value is None:
            schema["required"] = True
        elif data is not None and name not in dynamic:
            schema["default"] = data
        found[name] = schema
    return found


def _read(document: Document) -> dict[str, dict[str, Any]]:
    """The variables that a chain reads and does not set."""
    assert document.workflow is not None
    own = {a.name.text for task in document.workflow.tasks.values() for a in task.publish}
    own |= {a.name.text for a in document.workflow.vars} | set(document.workflow.tasks)
    from st2lang.dialects.chain import CONTEXT

    names = {
        r.name: r.guarded
        for r in reversed(document.references)
        if r.use is Use.VARIABLE and r.name not in own and r.name not in CONTEXT
    }
    return {
        name: {"type": _type(document, name), **({} if guarded else {"required": True})}
        for name, guarded in sorted(names.items())
    }


def _type(document: Document, name: str) -> str:
    """The type of a parameter: of its default, else of what it is passed to."""
    assert document.workflow is not None
    values = (a.value for a in document.workflow.inputs if a.name.text == name)
    given = next((value for value in values if value is not None), None)
    kind = results.inference(document).type_of(given) if given is not None else ANY
    if kind in (ANY, types.NULL):
        kind = _passed_to(document, name)
    match kind:
        case types.List():
            return "array"
        case types.Dict():
            return "object"
        case _:
            return _NAMES.get(kind, "string")


def _passed_to(document: Document, name: str) -> Type:
    """The type of the parameters that a variable is passed to as it is, and of items gone through."""
    found: set[Type] = set()
    written = (f"<% ctx().{name} %>", f"<% ctx({name}) %>", f"{{{{ ctx().{name} }}}}")
    chain = (f"{{{{ {name} }}}}", f"{{{{{name}}}}}")
    for place in document.places:
        if place.text.text not in (*written, *chain) or place.task is None:
            continue
        if place.role is Role.ITEMS:
            found.add(types.LIST)
        action = document.called_actions.get(place.task.action.text if place.task.action else "")
        if place.role is Role.PARAMETER and action is not None and place.assignment is not None:
            parameter = action.all_parameters.get(place.assignment.name.text)
            if parameter is not None:
                found.add(types.from_json_schema(parameter.schema))
    return found.pop() if len(found) == 1 else ANY


REFACTORING = Refactoring(
    "create-metadata",
    QUICKFIX,
    "Create the metadata that makes a workflow an action.",
    offers,
    creates=True,
)
