"""What may stand behind a dot: variables behind the context, fields of a known value, methods."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from st2lang import types
from st2lang.catalog.models import mapping
from st2lang.query import describe, receivers
from st2lang.query.code import Code
from st2lang.query.complete import calling, datastore, names
from st2lang.query.complete.asking import Ask
from st2lang.query.complete.model import Idea, Sort
from st2lang.query.receivers import Receivers
from st2lang.query.words import ACTION_CONTEXT, DATASTORE_SCOPES, PARENT, ST2
from st2lang.types import Type
from st2lang.yaml import Mapping as YamlMapping

_LOOP = ("index", "index0", "first", "last", "length", "revindex", "previtem", "nextitem")


def offers(ask: Ask, code: Code) -> Iterator[Idea]:
    """The members of the operand in front of the dot."""
    around = Receivers(ask.document, code, ask.cursor.task)
    dot = len(code.words) - 1
    operand = around.text(dot)
    if not operand:
        return
    if receivers.is_context(operand) and ask.orquesta:
        yield from names.variables(ask, only_identifiers=True)
        if code.language == "yaql":
            yield from calling.methods(code, types.DICT)
        return
    known = _given(ask, operand)
    if known is not None:
        yield from known
        return
    kind = receivers.null_left_out(around.type_before(dot))
    yield from _fields(ask, code, operand, kind)
    if code.language == "yaql":
        yield from calling.methods(code, kind)
    else:
        yield from calling.python_methods(code, kind)


def _fields(ask: Ask, code: Code, operand: str, kind: Type) -> Iterator[Idea]:
    """The fields of a value, described by the output schema where they are part of a result."""
    task = ask.cursor.task
    if operand.replace(" ", "") == "item()" and len(names.items(ask)) > 1:
        for name in names.items(ask):
            yield Idea(name, Sort.ITEM, rank=2, detail="item of this task")
    schema = mapping(
        receivers.schema_of(ask.document, task, operand, code.language).get("properties")
    )
    listed = dict(receivers.members(kind))
    many = isinstance(kind, types.List) and code.language == "jinja"
    for name, part in listed.items() if not many else ():
        if name.isidentifier():
            yield Idea(
                name,
                Sort.FIELD,
                rank=2,
                detail=describe.type_words(part),
                documentation=describe.schema(schema.get(name)),
            )
    if task is not None and operand == "loop" and code.language == "jinja":
        yield from _words(dict.fromkeys(_LOOP, ""), "of the loop")


def _given(ask: Ask, operand: str) -> Iterator[Idea] | None:
    """The members of what the engine gives; None for any other operand."""
    match operand:
        case "ctx().st2" if ask.orquesta and "st2" in ask.document.settings.context_variables:
            return _words(ST2, "given by StackStorm")
        case "ctx().parent" if ask.orquesta and "parent" in ask.document.settings.context_variables:
            return _words(PARENT, "given by StackStorm")
        case "st2kv" if not ask.orquesta:
            return _words(DATASTORE_SCOPES, "datastore")
        case "st2kv.system" | "st2kv.user" if not ask.orquesta:
            return _keys(ask, operand.partition(".")[2])
        case "action_context" if not ask.orquesta:
            return _words(ACTION_CONTEXT, "given by StackStorm")
        case "action_context.parent" if not ask.orquesta:
            words = {"execution_id": "The id of the execution.", "user": "Who has started it."}
            return _words(words, "given by StackStorm")
        case "config_context" if not ask.orquesta:
            return _words(_configuration(ask), "of the pack's configuration")
        case "__results" if not ask.orquesta:
            return names.tasks(ask)
    return None


def _words(words: Mapping[str, str], detail: str) -> Iterator[Idea]:
    for name, documentation in words.items():
        yield Idea(name, Sort.FIELD, None, 2, detail, documentation)


def _keys(ask: Ask, scope: str) -> Iterator[Idea]:
    for idea in datastore.keys(ask):
        inside = idea.label.removeprefix(f"{scope}.")
        if inside and inside != idea.label and "." not in inside:
            yield Idea(inside, Sort.DATASTORE_KEY, rank=idea.rank, detail=idea.detail)


def _configuration(ask: Ask) -> dict[str, str]:
    """The attributes of the pack's configuration with their descriptions."""
    home = ask.document.catalog.home if ask.document.catalog is not None else None
    path = os.path.join(home.path, "config.schema.yaml") if home is not None and home.path else ""
    document = ask.workspace.document(path) if path else None
    root = document.root if document is not None else None
    if not isinstance(root, YamlMapping):
        return {}
    found = {}
    for key, value in root.items():
        node = value.get("description") if isinstance(value, YamlMapping) else None
        found[key.value] = getattr(node, "value", "")
    return found
