"""How what is being called wants to be called: its signatures, and the argument that is being written.

Functions, methods, filters and tests of both languages, finished or half-typed; and actions whose
parameters are written behind their names (`core.echo message=…`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.functions.calls import parameter_at
from st2lang.functions.signature import split
from st2lang.patterns import lazy
from st2lang.query import cursor as cursors
from st2lang.query import describe as words
from st2lang.query.code import Code, Open, of_cursor
from st2lang.query.complete.arguments import called
from st2lang.query.kinds import assumed
from st2lang.query.receivers import Receivers
from st2lang.record import record
from st2lang.types import ANY, MAPPING_RULE, assignable

if TYPE_CHECKING:
    from st2lang.catalog import Action
    from st2lang.document import Document
    from st2lang.functions.record import Function, Parameter, Signature
    from st2lang.query.cursor import Cursor
    from st2lang.query.workspace import Workspace

_INLINE = lazy(r"(?P<ref>[\w-]+\.[\w.-]+)\s+(?P<rest>.*)\Z", 16)
_QUOTED = lazy(r"\"[^\"]*\"?|'[^']*'?|<%.*?(?:%>|\Z)|\{\{.*?(?:\}\}|\Z)", 16)
_GIVEN = lazy(r"(\w+)=(\S*)")
_MOST = 12
"""How many parameters of an action are shown; required ones come first."""


@record
class Argument:
    """A part of a signature's text, with what there is to say about it."""

    start: int
    end: int
    documentation: str = ""


@record
class Form:
    """One way to call: `active` is the number of the argument that the cursor is in, None outside all."""

    text: str
    arguments: tuple[Argument, ...]
    documentation: str = ""
    active: int | None = None


@record
class Help:
    """All ways to call it, and which of them fits what stands there already."""

    forms: tuple[Form, ...]
    active: int = 0


def find(
    document: Document, offset: int, workspace: Workspace | None = None, chosen: int | None = None
) -> Help | None:
    """Help for the innermost call around an offset; None outside of calls. Never raises.

    `chosen` is the form that the user looks at: it stays while it fits.
    """
    cursor = cursors.at(assumed(document), offset)
    code = of_cursor(cursor)
    if code is None:
        return _of_action(cursor, workspace)
    call = code.call
    record = called(code, call) if call is not None else None
    if call is None or record is None:
        return None
    signatures = [s for s in record.signatures if _is_way(s, call)]
    if not signatures:
        return None
    forms = tuple(_form(record, signature, call) for signature in signatures)
    fitting = [i for i, s in enumerate(signatures) if _fits(s, call)]
    if chosen in fitting:
        return Help(forms, chosen)
    return Help(forms, _best(cursor, code, call, signatures, fitting or [0]))


def _is_way(signature: Signature, call: Open) -> bool:
    """Whether a signature is of the way in which something is called."""
    if call.calls == "method":
        return signature.as_method
    return signature.as_function or call.calls in ("filter", "test")


def _takes_any(parameter: Parameter) -> bool:
    """Whether a parameter takes arguments of any name (`**kwargs`; in YAQL `*mappings`, too)."""
    return parameter.any_keyword or (parameter.variadic and parameter.type == MAPPING_RULE)


def _receiver(call: Open) -> bool:
    return call.calls != "function"


def _fits(signature: Signature, call: Open) -> bool:
    """Whether what stands there and the argument being written may belong to a signature."""
    names = {p.name for p in signature.parameters}
    free = any(_takes_any(p) for p in signature.parameters)
    if not free and not set(call.keywords) <= names:
        return False
    if call.keyword or not (call.positional or call.argument):
        return True
    return parameter_at(signature, call.positional + _receiver(call)) is not None


def _best(
    cursor: Cursor, code: Code, call: Open, signatures: list[Signature], fitting: list[int]
) -> int:
    """Of the forms that fit the first whose receiver has the type of what it is called on."""
    if call.calls != "method" or len(fitting) < 2:
        return fitting[0]
    kind = Receivers(cursor.document, code, cursor.task).type_before(call.at - 2)
    made = (
        i for i in fitting if kind != ANY and assignable(kind, signatures[i].parameters[0].type)
    )
    return next(made, fitting[0])


def _form(record: Function, signature: Signature, call: Open) -> Form:
    parameters = signature.parameters[1:] if _has_receiver(signature) else signature.parameters
    places = tuple(_places(signature, record.name))
    arguments = tuple(
        Argument(start, end, "May be left out." if not parameter.required else "")
        for (start, end), parameter in zip(places, parameters, strict=True)
    )
    if call.keyword:
        active = next((i for i, p in enumerate(parameters) if p.name == call.keyword), None)
        if active is None:
            active = next((i for i, p in enumerate(parameters) if _takes_any(p)), None)
    else:
        at = parameter_at(signature, call.positional + _receiver(call))
        active = next((i for i, p in enumerate(parameters) if p is at), None)
    return Form(signature.text, arguments, words.function_text(record), active)


def _has_receiver(signature: Signature) -> bool:
    """Whether the receiver is written in front of the call."""
    return signature.text.startswith("(")


def _places(signature: Signature, name: str) -> Iterator[tuple[int, int]]:
    """Where the arguments stand in the text of a signature."""
    text = signature.text
    at = text.index(f"{name}(", text.index(")") if _has_receiver(signature) else 0) + len(name) + 1
    inside = text[at : text.rindex(")", 0, text.rindex(" -> "))]
    for part in split(inside.removeprefix("this ")):
        at = text.index(part, at)
        if part != "*":
            yield at, at + len(part)
        at += len(part)


# -- actions -------------------------------------------------------------------------------------


def _of_action(cursor: Cursor, workspace: Workspace | None) -> Help | None:
    """`core.echo message=… ¦`: the parameters of an action behind its name."""
    path, document = cursor.path, cursor.document
    if document.kind != "orquesta" or len(path) != 3 or path[::2] != ("tasks", "action"):
        return None
    match = _INLINE.match(cursor.text)
    catalog = workspace.catalog if workspace is not None else document.catalog
    action = catalog.find_action(match["ref"]) if match is not None and catalog else None
    if match is None or action is None:
        return None
    rest = _QUOTED.sub(lambda found: "x" * len(found[0]), match["rest"])
    given = list(_GIVEN.finditer(rest))
    writing = given[-1][1] if given and given[-1].end() == len(rest) else ""
    return Help((_form_of_action(action, {found[1] for found in given}, writing),))


def _form_of_action(action: Action, given: set[str], writing: str) -> Form:
    known = [p for p in action.all_parameters.values() if not p.immutable]
    own = action.parameters
    known.sort(key=lambda p: (p.name not in given, not p.must_be_given, p.name not in own))
    text, arguments, active = action.ref, [], None
    for number, parameter in enumerate(known[:_MOST]):
        shown = f"{parameter.name}={words.parameter_type(parameter)}"
        shown = shown if parameter.must_be_given else f"[{shown}]"
        documentation = words.parameter_text(parameter, action)
        arguments.append(Argument(len(text) + 1, len(text) + 1 + len(shown), documentation))
        text = f"{text} {shown}"
        active = number if parameter.name == writing else active
    more = " …" if len(known) > _MOST else ""
    return Form(text + more, tuple(arguments), action.description, active)
