"""The names that stand in the YAML itself: of tasks, variables, parameters, actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from st2lang.dialects.model import Assignment, Name, Task, Workflow
from st2lang.dialects.orquesta import ENGINE_COMMANDS
from st2lang.patterns import lazy
from st2lang.problem import SpecPath
from st2lang.query import parts
from st2lang.query.parts import Part
from st2lang.query.symbol import Access, Kind, Occurrence, Symbol
from st2lang.source import Span
from st2lang.yaml import Mapping, Node, Scalar, Sequence, deref, node_at

if TYPE_CHECKING:
    from st2lang.catalog import Action
    from st2lang.document import Document

_ALIAS_PARAMETER = lazy(r"\{\{\s*(\w+)\s*(?:=.*?)?\}\}")
"""A parameter in the format of an alias (st2common/models/utils/action_alias_utils.py)."""


def names(document: Document) -> Iterator[Occurrence]:
    """Every name in the structure of a file, in no particular order."""
    if document.workflow is not None:
        owners = item_owners(document, document.workflow)
        for part in parts.of(document.workflow):
            yield from _in_part(document, part, owners)
    elif document.kind == "action":
        yield from _metadata(document)
    elif document.kind == "unknown":
        yield from _user_of_actions(document)


def names_near(document: Document, offset: int) -> Iterator[Occurrence]:
    """The names in the structure of a workflow among which the one at an offset is, if there is one."""
    if document.workflow is not None:
        owners = item_owners(document, document.workflow)
        for part in parts.near(document, offset):
            yield from _in_part(document, part, owners)


def setting(document: Document, symbol: Symbol) -> Iterator[Occurrence]:
    """The names in the structure of a file among which all are that define a thing or give it a value."""
    workflow = document.workflow
    if workflow is None or document.yaml.linked:
        yield from names(document)
        return
    outside: tuple[int, ...] = ()
    tasks: Iterable[Task] = ()
    match symbol.kind:
        case Kind.TASK:
            tasks = _named(workflow, symbol.name)
        case Kind.ITEM:
            tasks = _named(workflow, symbol.owner)
        case Kind.VARIABLE:
            outside = (parts.BEFORE,)
            yield from _published(document, workflow.publishing(symbol.name), symbol.name)
        case Kind.OUTPUT:
            outside = (parts.BEHIND,)
        case Kind.PARAMETER:
            tasks = workflow.calling(symbol.owner)
    for part in (*(Part(workflow, n) for n in outside), *(Part(workflow, 1, t) for t in tasks)):
        yield from _in_part(document, part, {})


def _published(document: Document, tasks: Iterable[Task], name: str) -> Iterator[Occurrence]:
    for task in tasks:
        for block in (task.publish, *(transition.publish for transition in task.transitions)):
            named = tuple(assignment for assignment in block if assignment.name.text == name)
            yield from _assigned(document, named, Kind.VARIABLE, Access.WRITE)


def _named(workflow: Workflow, name: str) -> Iterator[Task]:
    if name in workflow.tasks:
        yield workflow.tasks[name]
    yield from workflow.repeated


def is_dynamic(text: str) -> bool:
    """True for a name that is known only when the workflow runs."""
    return "<%" in text or "{{" in text or "{%" in text


def item_owners(document: Document, workflow: Workflow) -> dict[str, str]:
    """For every task whose items may belong to another one, which that is: the first that has the same names at
    the same place. They differ where a `with` is an alias."""
    if not document.yaml.linked:
        return {}
    first: dict[tuple[Span, ...], str] = {}
    owners = {}
    for name, task in workflow.tasks.items():
        spans = tuple(n.span for n in task.items.names) if task.items else ()
        owners[name] = first.setdefault(spans, name) if spans else name
    return owners


def occurrence(
    document: Document, symbol: Symbol, name: Name, access: Access, end: int = 0
) -> Iterator[Occurrence]:
    """A name of the model as an occurrence, `end` being where what it defines ends.

    Nothing for a name that is an expression or was not found in the text as it reads.
    """
    if not name.text or is_dynamic(name.text):
        return
    around = node_at(document.yaml, name.span.start)
    scalar = around[-1] if around else None
    if not isinstance(scalar, Scalar):
        return
    start = 0 if name.span == scalar.span else scalar.offset_at(name.span.start)
    if start is None or scalar.value[start : start + len(name.text)] != name.text:
        return
    span = scalar.locate(start, start + len(name.text))
    extent = Span(name.span.start, max(end, name.span.end))
    yield Occurrence(symbol, span, access, scalar, start, start + len(name.text), name.path, extent)


def _end(name: Name, *nodes: Node | None) -> int:
    """Where a definition ends: with the last of its nodes that is written behind the name."""
    behind = [n.end for n in nodes if n is not None and n.start >= name.span.end]
    return max(behind, default=name.span.end)


def _in_part(document: Document, part: Part, owners: dict[str, str]) -> Iterator[Occurrence]:
    workflow = part.workflow
    if part.task is not None:
        yield from _task(document, workflow, part.task, owners)
    elif part.number == parts.BEFORE:
        yield from _assigned(document, workflow.inputs, Kind.VARIABLE, Access.DEFINE)
        yield from _assigned(document, workflow.vars, Kind.VARIABLE, Access.DEFINE)
    else:
        if workflow.default is not None:
            yield from _task_name(document, workflow, workflow.default)
        yield from _assigned(document, workflow.output, Kind.OUTPUT, Access.DEFINE)


def _assigned(
    document: Document,
    assignments: Iterable[Assignment],
    kind: Kind,
    access: Access,
    owner: str = "",
) -> Iterator[Occurrence]:
    for assignment in assignments:
        name, value = assignment.name, assignment.value
        symbol = Symbol(kind, name.text, owner)
        end = _end(name, value.node) if value and not value.inline else name.span.end
        if value is not None and value.inline:
            end = value.span.end
        yield from occurrence(document, symbol, name, access, end)


def _task(
    document: Document, workflow: Workflow, task: Task, owners: dict[str, str]
) -> Iterator[Occurrence]:
    symbol = Symbol(Kind.TASK, task.name.text)
    for found in occurrence(document, symbol, task.name, Access.DEFINE, _end(task.name, task.node)):
        yield found if workflow.orquesta else _of_node(found, task)
    for name in task.items.names if task.items else ():
        item = Symbol(Kind.ITEM, name.text, owners.get(task.name.text, task.name.text))
        yield from occurrence(document, item, name, Access.DEFINE)
    if task.action is not None and not is_dynamic(task.action.text):
        ref = task.action.text
        yield from occurrence(document, Symbol(Kind.ACTION, ref), task.action, Access.READ)
        yield from _assigned(document, task.inputs, Kind.PARAMETER, Access.WRITE, ref)
    yield from _assigned(document, task.publish, Kind.VARIABLE, Access.WRITE)
    for transition in task.transitions:
        yield from _assigned(document, transition.publish, Kind.VARIABLE, Access.WRITE)
        for target in transition.targets:
            yield from _task_name(document, workflow, target)


def _of_node(found: Occurrence, task: Task) -> Occurrence:
    """The definition of a chain's node: its name stands somewhere inside what it defines."""
    return Occurrence(
        found.symbol,
        found.span,
        found.access,
        found.scalar,
        found.start,
        found.end,
        found.path,
        task.node.span,
    )


def _task_name(document: Document, workflow: Workflow, name: Name) -> Iterator[Occurrence]:
    command = workflow.orquesta and name.text in ENGINE_COMMANDS
    symbol = Symbol(Kind.COMMAND if command else Kind.TASK, name.text)
    yield from occurrence(document, symbol, name, Access.READ)


def action_of(document: Document) -> Action:
    """The action that a metadata document describes."""
    from st2lang.catalog.read import read_action

    home = document.catalog.home if document.catalog is not None else None
    return read_action(document.yaml, home.ref if home else "", document.source.path)


def _metadata(document: Document) -> Iterator[Occurrence]:
    root = deref(document.root) if document.root is not None else None
    if not isinstance(root, Mapping):
        return
    ref = action_of(document).ref
    yield from _scalar(document, Kind.ACTION, ref, root.get("name"), ("name",), Access.DEFINE)
    parameters = root.get("parameters")
    if isinstance(parameters, Mapping):
        for key, value in parameters.items():
            name = Name(key.value, key.span, ("parameters", key.value))
            symbol = Symbol(Kind.PARAMETER, key.value, ref)
            yield from occurrence(document, symbol, name, Access.DEFINE, _end(name, value))


def _scalar(
    document: Document,
    kind: Kind,
    name: str,
    node: Node | None,
    path: SpecPath,
    access: Access = Access.READ,
) -> Iterator[Occurrence]:
    """The occurrence that a whole value is; `name` is what it names."""
    target = deref(node) if node is not None else None
    if isinstance(target, Scalar) and target.is_string:
        written = Name(target.value, target.span, path)
        yield from occurrence(document, Symbol(kind, name or target.value), written, access)


def _user_of_actions(document: Document) -> Iterator[Occurrence]:
    """Rules, aliases and policies: what else in a pack names actions and their parameters."""
    root = deref(document.root) if document.root is not None else None
    if not isinstance(root, Mapping):
        return
    action = root.get("action")
    if isinstance(action, Mapping) and "trigger" in root:
        yield from _scalar(document, Kind.ACTION, "", action.get("ref"), ("action", "ref"))
        yield from _passed(document, action.get("ref"), action.get("parameters"))
    elif "action_ref" in root:
        yield from _scalar(document, Kind.ACTION, "", root.get("action_ref"), ("action_ref",))
        yield from _formats(document, root)
    elif "policy_type" in root:
        yield from _scalar(document, Kind.ACTION, "", root.get("resource_ref"), ("resource_ref",))
        yield from _attributes(document, root)


def _passed(document: Document, ref: Node | None, parameters: Node | None) -> Iterator[Occurrence]:
    if not isinstance(ref, Scalar) or not isinstance(parameters, Mapping):
        return
    for key, value in parameters.items():
        name = Name(key.value, key.span, ("action", "parameters", key.value))
        symbol = Symbol(Kind.PARAMETER, key.value, ref.value)
        yield from occurrence(document, symbol, name, Access.WRITE, _end(name, value))


def _formats(document: Document, root: Mapping) -> Iterator[Occurrence]:
    """`{{ parameter }}` in the formats of an alias: texts, or mappings with `display` and
    `representation`."""
    ref, formats = root.get("action_ref"), root.get("formats")
    if not isinstance(ref, Scalar) or not isinstance(formats, Sequence):
        return
    pending: list[Node] = list(formats.items)
    while pending:
        match deref(pending.pop()):
            case Scalar() as text if text.is_string:
                for match in _ALIAS_PARAMETER.finditer(text.value):
                    symbol = Symbol(Kind.PARAMETER, match[1], ref.value)
                    start, end = match.span(1)
                    span = text.locate(start, end)
                    yield Occurrence(
                        symbol, span, Access.WRITE, text, start, end, ("formats",), span
                    )
            case Mapping() as form:
                pending += [n for key in ("display", "representation") if (n := form.get(key))]
            case Sequence(items=items):
                pending.extend(items)


def _attributes(document: Document, root: Mapping) -> Iterator[Occurrence]:
    """The parameters that a concurrency policy compares (st2actions/policies/concurrency_by_attr.py)."""
    ref, parameters = root.get("resource_ref"), root.get("parameters")
    attributes = parameters.get("attributes") if isinstance(parameters, Mapping) else None
    if not isinstance(ref, Scalar) or not isinstance(attributes, Sequence):
        return
    for i, node in enumerate(attributes.items):
        target = deref(node)
        if isinstance(target, Scalar) and target.is_string:
            name = Name(target.value, target.span, ("parameters", "attributes", i))
            symbol = Symbol(Kind.PARAMETER, target.value, ref.value)
            yield from occurrence(document, symbol, name, Access.READ)
