"""The parameters of the action that is called: as keys, inline behind its name, and their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from st2lang.patterns import lazy
from st2lang.query.complete import calls
from st2lang.query.complete.asking import Ask, Offers
from st2lang.query.complete.calls import Call
from st2lang.query.complete.keys import scalar_text
from st2lang.query.complete.model import Hole, Idea, Parts, Sort
from st2lang.query.complete.place import Slot
from st2lang.query.complete.slots import lines, within
from st2lang.query.complete.writing import key, quoted
from st2lang.query.describe import parameter_detail, parameter_text

if TYPE_CHECKING:
    from st2lang.catalog import Action, Parameter

_INLINE_NAME = lazy(r"(?:^|\s)(\w*)\Z")
_INLINE_GIVEN = lazy(r"(\w+)=")
_REST_OF_NAME = lazy(r"\w*")
_INLINE_QUOTES = lazy(r"\"[^\"]*\"|'[^']*'|<%.*?%>|\{\{.*?\}\}")
_MOST_CHOICES = 8


def offers(ask: Ask, slot: Slot) -> Offers:
    """Names of parameters where one is begun, values where one of a few is asked for."""
    call = calls.at(ask.document, slot.path)
    if call is not None and slot.key and not call.inside:
        yield from _keys(ask, slot, call)
    elif call is not None and not slot.key and len(call.inside) == 1:
        yield from _values(ask, slot, call)
    elif not slot.key and ask.orquesta and slot.scalar is not None and is_action(slot):
        yield from _inline(ask, slot)


def is_action(slot: Slot) -> bool:
    """Whether a slot is the value of a task's `action`."""
    return len(slot.path) == 3 and slot.path[0] == "tasks" and slot.path[2] == "action"


def parameters_of(action: Action) -> list[tuple[Parameter, int]]:
    """What a task may pass, with a rank: required ones, the action's own, the runner's."""
    own = action.parameters
    known = [p for p in action.all_parameters.values() if not p.immutable]
    return sorted(
        ((p, 1 if p.must_be_given else 3 if p.name in own else 5) for p in known),
        key=lambda pair: pair[1],
    )


def missing(action: Action, given: Iterable[str]) -> list[Parameter]:
    """The parameters that have to be passed and are not."""
    return [p for p in action.all_parameters.values() if p.must_be_given and p.name not in given]


def _keys(ask: Ask, slot: Slot, call: Call) -> Offers:
    action = calls.action_of(ask.document, call)
    if action is None:
        return
    needed = missing(action, slot.taken)
    if len(needed) > 1 and not (slot.followed or slot.heads or slot.flow):
        parts = lines(all_required(needed), slot.column)
        names = ", ".join(p.name for p in needed)
        yield (
            Idea(
                "all required parameters",
                Sort.SNIPPET,
                parts,
                rank=0,
                detail=names,
                documentation=f"`{action.ref}` cannot run without {names}.",
                typed=f"{needed[0].name} all required parameters",
                literal=True,
            ),
            slot.fresh,
        )
    for parameter, rank in parameters_of(action):
        if parameter.name in slot.taken:
            continue
        yield (
            Idea(
                parameter.name,
                Sort.PARAMETER,
                _key_parts(slot, parameter),
                rank=rank,
                detail=parameter_detail(parameter),
                documentation=parameter_text(parameter, action),
                literal=True,
            ),
            slot.fresh,
        )


def _key_parts(slot: Slot, parameter: Parameter) -> Parts:
    """A parameter as a key, with the beginning of its value."""
    written = key(parameter.name, slot.flow)
    if slot.followed:
        return (written,)
    return (f"{written}:",) if slot.heads else (f"{written}: ", *_hole(parameter, slot.flow))


def all_required(needed: Iterable[Parameter]) -> Parts:
    """One line for each parameter, with a hole for its value."""
    parts: list[str | Hole] = []
    for number, parameter in enumerate(needed, 1):
        start = "\n" if parts else ""
        parts += [f"{start}{key(parameter.name)}: ", *_hole(parameter, False, number)]
    return tuple(parts)


def _hole(parameter: Parameter, flow: bool, number: int = 1) -> Parts:
    choices = tuple(map(scalar_text, choices_of(parameter)))
    safe = not flow and all("\n" not in choice for choice in choices)
    return (Hole(number, choices=choices if 1 < len(choices) <= _MOST_CHOICES and safe else ()),)


def choices_of(parameter: Parameter) -> tuple[object, ...]:
    """The values of which one has to be chosen; () where any may be given."""
    if parameter.enum is not None:
        return parameter.enum
    return (True, False) if parameter.types == ("boolean",) else ()


def _values(ask: Ask, slot: Slot, call: Call) -> Offers:
    """The values that a parameter can have, its default last."""
    action = calls.action_of(ask.document, call)
    parameter = action.all_parameters.get(str(call.inside[0])) if action is not None else None
    if parameter is None:
        return
    for value, detail in _known_values(parameter):
        yield from value_offer(slot, value, detail)


def _known_values(parameter: Parameter) -> Iterator[tuple[object, str]]:
    choices = choices_of(parameter)
    for value in choices:
        default = parameter.has_default and value == parameter.default
        yield value, "the default" if default else ""
    plain = isinstance(parameter.default, str | int | float) and parameter.default != ""
    if not choices and plain and not parameter.secret and "\n" not in str(parameter.default):
        yield parameter.default, "the default"


def value_offer(slot: Slot, value: object, detail: str = "", sort: Sort = Sort.VALUE) -> Offers:
    """A value in the place of a whole scalar, or where none stands yet."""
    text = value if isinstance(value, str) else scalar_text(value)
    literal = not isinstance(value, str)
    idea = Idea(text, sort, (text,), rank=2, detail=detail, literal=literal)
    scalar = slot.scalar
    if scalar is None:
        yield idea, slot.fresh
    elif slot.offset <= scalar.end and " " not in scalar.value and "\n" not in scalar.value:
        yield idea, within(slot, 0, len(scalar.value))


def _inline(ask: Ask, slot: Slot) -> Offers:
    """`name=` behind the reference of an action."""
    scalar = slot.scalar
    before = _INLINE_QUOTES.sub(lambda match: "x" * len(match[0]), slot.typed)
    found = _INLINE_NAME.search(before)
    if scalar is None or found is None or found.start() == 0:
        return
    action = (
        ask.document.catalog.find_action(before.split(" ")[0]) if ask.document.catalog else None
    )
    if action is None:
        return
    name = _REST_OF_NAME.match(scalar.value, len(slot.typed))
    end = name.end() if name else len(slot.typed)
    if scalar.value[end : end + 1].strip():
        return
    given = set(_INLINE_GIVEN.findall(scalar.value))
    target = within(slot, found.start(1), min(end, len(scalar.value)))
    for parameter, rank in parameters_of(action):
        if parameter.name not in given and parameter.name.isidentifier():
            yield (
                Idea(
                    parameter.name,
                    Sort.PARAMETER,
                    _inline_parts(parameter),
                    rank=rank,
                    detail=parameter_detail(parameter),
                    documentation=parameter_text(parameter, action),
                ),
                target,
            )


def _inline_parts(parameter: Parameter) -> Parts:
    choices = tuple(
        scalar_text(value).strip('"')
        for value in choices_of(parameter)
        if '"' not in str(value) and "\n" not in str(value)
    )
    hole = Hole(1, choices=choices if 1 < len(choices) <= _MOST_CHOICES else ())
    if set(parameter.types) & {"string", "array", "object"} or not parameter.types:
        return (f"{parameter.name}=", *quoted((hole,)))
    return (f"{parameter.name}=", hole)
