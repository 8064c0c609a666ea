"""What the checks of variables share: who sets a variable, who uses one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from st2lang.dialects.model import Assignment, Name
from st2lang.document import Document
from st2lang.patterns import lazy
from st2lang.problem import Related
from st2lang.symbols import Reference, Use

_WORD = lazy(r"\w+")


def assignments(document: Document) -> Iterator[Assignment]:
    """Everything that sets a variable: inputs, vars, publishes, in the order of the file."""
    workflow = document.workflow
    if workflow is None:
        return
    yield from workflow.inputs
    yield from workflow.vars
    for task in workflow.tasks.values():
        yield from task.publish
        for transition in task.transitions:
            yield from transition.publish


def assignments_of(document: Document, name: str) -> list[Name]:
    """The places that set a variable."""
    return [a.name for a in assignments(document) if a.name.text == name]


def related_places(names: Iterable[Name], message: str, most: int = 4) -> tuple[Related, ...]:
    """The first few of some names as related places of a problem."""
    return tuple(Related(message, name.span) for name in list(names)[:most])


def uses_of_variables(document: Document) -> Iterator[Reference]:
    """The uses of variables that fail when the variable is not set.

    A string that anywhere tests or defaults a variable is taken to know what it does. In an
    ActionChain whose action metadata is not known any name may be a parameter: then only the names of
    nodes are certain to be results.
    """
    workflow = document.workflow
    assert workflow is not None
    chain_parameters_known = workflow.orquesta or bool(document.actions)
    handled = {
        (id(r.place), r.name) for r in document.references if r.use is Use.VARIABLE and r.guarded
    }
    for reference in document.references:
        if reference.use is not Use.VARIABLE or (id(reference.place), reference.name) in handled:
            continue
        if chain_parameters_known or reference.name in workflow.tasks:
            yield reference


def names_used(document: Document) -> frozenset[str] | None:
    """Every variable that some expression uses, or None when that cannot be known.

    It cannot where the context is used as a whole. In an expression that does not parse, every word
    counts as used.
    """
    names = set()
    for reference in document.references:
        if reference.use is Use.CONTEXT:
            return None
        if reference.use in (Use.VARIABLE, Use.NAME):
            names.add(reference.name)
    for place in document.places:
        if place.text.mixed or any(e.error or e.inert for e in place.text.expressions):
            names.update(_WORD.findall(place.text.text))
    return frozenset(names)


def unset_at_first(document: Document, reference: Reference, state: tuple[int, int]) -> bool:
    """Whether a variable that may be set is certain to be unset when its task runs for the first time."""
    task, flow = reference.place.task, document.flow
    if task is None or state[1] & flow.bit(reference.name) or task.name.text not in flow.cyclic:
        return False
    return not flow.set_before_first(task.name.text, reference.name)
