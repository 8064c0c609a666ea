"""Passes all parameters that the action of a task requires and the task leaves out.

Each gets a value to be replaced: a variable of the same name that is certain to be set and fits, the first
allowed value, else an empty value of its type.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from st2lang import types
from st2lang.checks._actions import Call, calls, parameters
from st2lang.query import results
from st2lang.query.complete.parameters import choices_of
from st2lang.query.complete.writing import key
from st2lang.refactoring import QUICKFIX, Asked, Change, Offer, Refactoring, _layout
from st2lang.refactoring._tasks import is_own
from st2lang.refactoring._writing import Part, changed, quoted, value
from st2lang.suggest import listing
from st2lang.symbols import Use
from st2lang.yaml import Mapping, Scalar

if TYPE_CHECKING:
    from st2lang.catalog import Parameter
    from st2lang.document import Document
    from st2lang.problem import Edit

CHECK = "missing-parameter"
_EMPTY: dict[str, Any] = {"boolean": False, "integer": 0, "number": 0, "array": [], "object": {}}


def offers(asked: Asked) -> Iterator[Offer]:
    """One for each call at the place that leaves out something."""
    document = asked.document
    for call in calls(document):
        if not asked.touches(call.ref.span) or not is_own(document, call.task):
            continue
        known = parameters(call.action)
        if known is None or not call.complete:
            continue
        missing = [p for n, p in known.items() if p.must_be_given and n not in call.given]
        edits = _edits(document, call, missing) if missing else None
        if edits is not None:
            names = listing([p.name for p in missing], "and")
            answers = tuple(p for p in asked.problems if p.check == CHECK)
            yield Offer(f"Add {names}", partial(Change, edits), answers, bool(answers))


def _edits(document: Document, call: Call, missing: list[Parameter]) -> tuple[Edit, ...] | None:
    """The edits, wherever the call has its parameters; None where they cannot be written there."""
    task = call.task.node
    assert isinstance(task, Mapping)
    orquesta = call.ref.path[-1:] != ("ref",)
    action = _layout.own(task, "action" if orquesta else "ref")
    if action is None or not isinstance(action.value, Scalar):
        return None
    if any(a.value is not None and a.value.inline for a in call.given.values()):
        return _inline(document, call, action.value, missing)
    names = [name for name in ("input", "parameters", "params") if name in task]
    if not names:
        return _new(document, call, task, action.value, missing, orquesta)
    entry = _layout.own(task, names[0]) if len(names) == 1 else None
    if entry is None:
        return None
    block = entry.value
    if isinstance(block, Scalar) and block.is_null and block.start == block.end and not task.flow:
        column = _layout.column_of(document, entry.key.start) + len(_layout.indent(document))
        return (_layout.below(document, entry.key.end, _lines(document, call, missing), column),)
    if not isinstance(block, Mapping):
        return None
    if block.flow:
        written = ", ".join(_lines(document, call, missing, flow=True))
        return (_layout.into_flow(document, block, written),)
    column = _layout.column_of(document, block.entries[0].key.start)
    return (_layout.below(document, block.end, _lines(document, call, missing), column),)


def _new(
    document: Document,
    call: Call,
    task: Mapping,
    action: Scalar,
    missing: list[Parameter],
    orquesta: bool,
) -> tuple[Edit, ...]:
    """A new `input` (in a chain: `parameters`) behind the action."""
    name = "input" if orquesta else "parameters"
    if task.flow:
        inner = ", ".join(_lines(document, call, missing, flow=True))
        return (_layout.into_flow(document, task, f"{name}: {{{inner}}}"),)
    lines = [_layout.indent(document) + line for line in _lines(document, call, missing)]
    column = _layout.column_of(document, task.entries[0].key.start)
    return (_layout.below(document, action.end, [f"{name}:", *lines], column),)


def _inline(
    document: Document, call: Call, action: Scalar, missing: list[Parameter]
) -> tuple[Edit, ...] | None:
    """` name=value` behind those that stand behind the action's name."""
    parts = []
    for parameter in missing:
        written = value(_placeholder(document, call, parameter), flow=True)
        if not parameter.name.isidentifier() or "{" in written.replace("{{", ""):
            return None
        parts.append(f" {parameter.name}={written}")
    end = len(action.value.rstrip())
    return changed(document, action, (Part(end, end, "".join(parts)),))


def _lines(
    document: Document, call: Call, missing: list[Parameter], flow: bool = False
) -> list[str]:
    return [
        f"{key(p.name, flow)}: {_written(_placeholder(document, call, p), flow)}" for p in missing
    ]


def _written(data: Any, flow: bool) -> str:
    return quoted(data) if data == "" else value(data, flow)


def _placeholder(document: Document, call: Call, parameter: Parameter) -> Any:
    variable = _variable(document, call, parameter)
    if variable:
        return variable
    choices = choices_of(parameter)
    if choices and parameter.types != ("boolean",):
        return choices[0]
    return next((_EMPTY[kind] for kind in parameter.types if kind in _EMPTY), "")


def _variable(document: Document, call: Call, parameter: Parameter) -> str:
    """The expression for a variable of the parameter's name that is set on every way to the task."""
    name = parameter.name
    assert document.workflow is not None
    state = document.flow.entry.get(call.task.name.text)
    if state is None or not name.isidentifier() or not state[1] & document.flow.bit(name):
        return ""
    kind = results.inference(document).lookup(call.task)(Use.VARIABLE, name)
    if types.assignable(kind, types.from_json_schema(parameter.schema)) is False:
        return ""
    if not document.workflow.orquesta:
        return f"{{{{ {name} }}}}"
    jinja = {e.language for place in document.places for e in place.text.expressions} == {"jinja"}
    return f"{{{{ ctx().{name} }}}}" if jinja else f"<% ctx().{name} %>"


REFACTORING = Refactoring(
    "missing-parameters",
    QUICKFIX,
    "Pass all parameters that the action requires.",
    offers,
)
