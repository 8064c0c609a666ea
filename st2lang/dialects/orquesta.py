"""Orquesta workflows: from the YAML tree to the model.

Facts: orquesta/specs/native/v1/models.py and orquesta/utils/parameters.py of Orquesta 1.6 (the string
forms of `with`, `do`, `publish` and of inline parameters).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from st2lang.dialects.model import (
    Assignment,
    Join,
    Name,
    Piece,
    Task,
    Transition,
    Value,
    With,
    Workflow,
)
from st2lang.dialects.tasks import Tasks
from st2lang.patterns import lazy
from st2lang.problem import SpecPath
from st2lang.yaml import Mapping, Node, Scalar, Sequence, deref

KIND = "orquesta"

ENGINE_COMMANDS = ("continue", "noop", "fail", "retry")
"""Names in `do` that are no tasks but commands to the engine."""

TASK_METHODS = frozenset(
    {
        "detect_actionless_with_items",
        "detect_reserved_names",
        "detect_start_tasks",
        "detect_undefined_tasks",
        "detect_unreachable_tasks",
        "get_next_tasks",
        "get_prev_tasks",
        "get_start_tasks",
        "get_task",
        "has_task",
        "has_tasks",
        "in_cycle",
        "inspect_context",
        "inspect_semantics",
        "is_join_task",
        "is_split_task",
        "items",
        "keys",
        "spec",
    }
)
"""What Orquesta calls on its mapping of tasks, so that no task can have such a name:
orquesta/specs/base.py and native/v1/models.py."""

_EXPRESSION = r"<%.*?%>|\{\{.*?\}\}"
_INLINE = lazy(
    r"(?P<name>\w+)=(?P<value>\[.*\]\s*|\"[^\"]*\"\s*|'[^']*'\s*|-?\d*\.\d+|-?\d+"
    rf"|(?i:true)|(?i:false)|null|{_EXPRESSION})"
)
_WHOLE = lazy(_EXPRESSION)
_WITH = lazy(rf"^\s*(?:(?P<names>\w+(?:,\s*\w+)*)\s+in\s+)?(?P<items>{_EXPRESSION})\s*$")
_WORD = lazy(r"\w+")
_TARGET = lazy(r"[^,]+")


def read(root: Mapping) -> Workflow:
    """The model of a workflow; parts in a wrong shape are left out."""
    tasks: dict[str, tuple[Node, Callable[[], Task]]] = {}
    block = root.get("tasks")
    if isinstance(block, Mapping):
        for key, value in block.items():
            if key.is_string:
                tasks.setdefault(key.value, (value, partial(_task, key, value)))
    return Workflow(
        KIND,
        root,
        Tasks(tasks),
        inputs=tuple(_pairs(root.get("input"), ("input",), bare=True)),
        vars=tuple(_pairs(root.get("vars"), ("vars",))),
        output=tuple(_pairs(root.get("output"), ("output",))),
    )


def _name(key: Node, path: SpecPath) -> Name | None:
    key = deref(key)
    if not isinstance(key, Scalar) or not key.is_string:
        return None
    return Name(key.value, key.span, (*path, key.value))


def _pairs(node: Node | None, path: SpecPath, bare: bool = False) -> Iterator[Assignment]:
    """`- name: value` items (and with `bare` also `- name`)."""
    node = deref(node) if node is not None else None
    if not isinstance(node, Sequence):
        return
    for i, item in enumerate(node.items):
        target = deref(item)
        if isinstance(target, Mapping):
            for key, value in target.items():
                name = _name(key, (*path, i))
                if name is not None:
                    yield Assignment(name, Value(value, name.path))
        elif bare and isinstance(target, Scalar) and target.is_string:
            yield Assignment(Name(target.value, target.span, (*path, i)), None)


def _task(key: Scalar, node: Node) -> Task:
    node, path = deref(node), ("tasks", key.value)
    name = Name(key.value, key.span, path)
    if not isinstance(node, Mapping):
        return Task(name, path, node)
    action, action_value, inline = _action(node.get("action"), (*path, "action"))
    inputs, input_value = _inputs(node.get("input"), (*path, "input"))
    return Task(
        name,
        path,
        node,
        action=action,
        action_value=action_value,
        inputs=inline or inputs,
        input_value=None if inline else input_value,
        items=_with(node.get("with"), (*path, "with")),
        join=_join(node.get("join"), (*path, "join")),
        delay=_value(node.get("delay"), (*path, "delay")),
        retry=_retry(node.get("retry"), (*path, "retry")),
        transitions=tuple(_transitions(node.get("next"), (*path, "next"))),
    )


def _value(node: Node | None, path: SpecPath) -> Value | None:
    return None if node is None else Value(node, path)


def _text(node: Node | None) -> Scalar | None:
    node = deref(node) if node is not None else None
    return node if isinstance(node, Scalar) and node.is_string and node.value else None


def _action(
    node: Node | None, path: SpecPath
) -> tuple[Name | None, Value | None, tuple[Assignment, ...]]:
    """The action's name and its inline parameters (`core.echo message="x" n=3`)."""
    scalar = _text(node)
    if scalar is None:
        return None, None, ()
    inline = tuple(_inline(scalar, (*path[:-1], "input")))
    text = scalar.value
    end = text.index(" ") if inline and " " in text else len(text)
    piece = Piece(scalar, 0, end, path)
    value = Value(scalar, path, piece, piece.text)
    return Name(piece.text, piece.span, path), value, inline


def _inline(scalar: Scalar, path: SpecPath, listed: bool = False) -> Iterator[Assignment]:
    """`a=1 b="x"`; `listed` for what stands for a list of one-key mappings."""
    for i, match in enumerate(_INLINE.finditer(scalar.value)):
        here = (*path, i, match["name"]) if listed else (*path, match["name"])
        name_start, name_end = match.span("name")
        start, end = match.span("value")
        end = start + len(match["value"].rstrip())
        quoted = scalar.value[start] in "\"'" and end - start >= 2
        piece = Piece(scalar, start + quoted, end - quoted, here)
        name = Name(match["name"], scalar.locate(name_start, name_end), here)
        yield Assignment(name, Value(scalar, here, piece, _inline_data(piece.text, quoted)))


def inline_data(text: str) -> Iterator[tuple[str, object]]:
    """The parameters that stand behind an action's name, as the engine reads them."""
    for match in _INLINE.finditer(text):
        written = match["value"].rstrip()
        quoted = written[0] in "\"'" and len(written) >= 2
        yield match["name"], _inline_data(written[1:-1] if quoted else written, quoted)


def is_one_expression(text: str) -> bool:
    """Whether a text is one expression and nothing else, which an inline value may be without quotes."""
    match = _WHOLE.match(text)
    return match is not None and match.end() == len(text)


def _inline_data(text: str, quoted: bool) -> object:
    """What the engine makes of an inline value: JSON where it is JSON, text in quotes."""
    if quoted and not (text.startswith("{") and text.endswith("}")):
        return text
    import json

    try:
        return json.loads(text.lower() if text.lower() in ("true", "false") else text)
    except (ValueError, RecursionError):
        return text


def _inputs(node: Node | None, path: SpecPath) -> tuple[tuple[Assignment, ...], Value | None]:
    node = deref(node) if node is not None else None
    if isinstance(node, Mapping):
        found = []
        for key, value in node.items():
            name = _name(key, path)
            if name is not None:
                found.append(Assignment(name, Value(value, name.path)))
        return tuple(found), None
    if isinstance(node, Sequence):  # wrong, but its expressions are written to be read
        return (), Value(node, path)
    scalar = _text(node)
    return (), Value(scalar, path) if scalar is not None else None


def _with(node: Node | None, path: SpecPath) -> With | None:
    node = deref(node) if node is not None else None
    if isinstance(node, Mapping):
        items = _text(node.get("items"))
        concurrency = _value(node.get("concurrency"), (*path, "concurrency"))
        names, value = _items(items, (*path, "items")) if items else ((), None)
        return With(path, names, value, concurrency)
    scalar = _text(node)
    if scalar is None:
        return None
    names, value = _items(scalar, (*path, "items"))
    return With(path, names, value, None)


def _items(scalar: Scalar, path: SpecPath) -> tuple[tuple[Name, ...], Value]:
    """`a, b in <% … %>`: the names and the list."""
    match = _WITH.match(scalar.value)
    if match is None:
        return (), Value(scalar, path)
    start, end = match.span("items")
    piece = Piece(scalar, start, end, path)
    names = []
    if match["names"]:
        offset = match.start("names")
        for word in _WORD.finditer(match["names"]):
            span = scalar.locate(offset + word.start(), offset + word.end())
            names.append(Name(word[0], span, path))
    return tuple(names), Value(scalar, path, piece, piece.text)


def _join(node: Node | None, path: SpecPath) -> Join | None:
    node = deref(node) if node is not None else None
    if not isinstance(node, Scalar):
        return None
    data = node.data
    if data == "all":
        return Join(None, path, node.span)
    if isinstance(data, int) and not isinstance(data, bool):
        return Join(data, path, node.span)
    return None


def _retry(node: Node | None, path: SpecPath) -> dict[str, Value]:
    node = deref(node) if node is not None else None
    if not isinstance(node, Mapping):
        return {}
    members = ((key, node.get(key)) for key in ("when", "count", "delay"))
    return {key: Value(value, (*path, key)) for key, value in members if value is not None}


def _transitions(node: Node | None, path: SpecPath) -> Iterator[Transition]:
    node = deref(node) if node is not None else None
    if not isinstance(node, Sequence):
        return
    for i, item in enumerate(node.items):
        target = deref(item)
        here = (*path, i)
        if isinstance(target, Mapping):
            yield Transition(
                i,
                here,
                target.entries[0].key.span if target.entries else target.span,
                when=_value(target.get("when"), (*here, "when")),
                publish=_publish(target.get("publish"), (*here, "publish")),
                targets=tuple(_targets(target.get("do"), (*here, "do"))),
            )


def _publish(node: Node | None, path: SpecPath) -> tuple[Assignment, ...]:
    scalar = _text(node)
    return tuple(_inline(scalar, path, listed=True) if scalar else _pairs(node, path))


def _targets(node: Node | None, path: SpecPath) -> Iterator[Name]:
    """Task names in `do`: one, a comma list, or a list."""
    node = deref(node) if node is not None else None
    if isinstance(node, Sequence):
        for i, item in enumerate(node.items):
            scalar = _text(item)
            if scalar is not None:
                yield Name(scalar.value, scalar.span, (*path, i))
        return
    scalar = _text(node)
    if scalar is None:
        return
    text = scalar.value
    for match in _TARGET.finditer(text):
        word = match[0].strip()
        start = match.start() + match[0].index(word) if word else match.start()
        span = scalar.span if word == text else scalar.locate(start, start + len(word))
        yield Name(word, span, path)
