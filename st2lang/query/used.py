"""The names that stand in expressions, of both languages, in strings that parse and in half-typed ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from st2lang.dialects.chain import CONTEXT
from st2lang.dialects.model import Workflow
from st2lang.expressions import jinja_ast
from st2lang.expressions.embedded import scan
from st2lang.query import parts
from st2lang.query.facts import Fact, facts
from st2lang.query.parts import Part
from st2lang.query.symbol import Access, Kind, Occurrence, Symbol
from st2lang.query.tree import scalar_at
from st2lang.query.written import action_of, item_owners
from st2lang.symbols import Place, Use, jinja
from st2lang.yaml import Mapping, Scalar, deref, walk

if TYPE_CHECKING:
    from st2lang.document import Document

Named = tuple[Symbol, Access, int, int]
"""A symbol and the characters of the string that name it."""

ENGINE_NAMES = frozenset(CONTEXT) - {"user"}
"""What hides a chain's own names. A parameter called `user` is itself: the runner adds no such name
(contrib/runners/action_chain_runner, `_resolve_params`)."""


def names(document: Document) -> Iterator[Occurrence]:
    """Every name in the expressions of a file, in the order of the text."""
    if document.workflow is not None:
        known = _Names(document, document.workflow)
        for part in parts.of(document.workflow):
            yield from _in_part(part, known)
    elif document.kind == "action":
        yield from _in_metadata(document)


def names_at(document: Document, offset: int) -> Iterator[Occurrence]:
    """The names in the expressions of the string at an offset, without going through all others."""
    workflow, scalar = document.workflow, scalar_at(document, offset)
    if workflow is not None and scalar is not None:
        known = _Names(document, workflow)
        for part in parts.near(document, offset):
            yield from _in_part(part, known, scalar)


def bound(document: Document, symbol: Symbol) -> Iterator[Occurrence]:
    """The names in the part of a workflow that an expression binds a local name in."""
    if document.workflow is not None:
        known = _Names(document, document.workflow)
        for part in parts.of(document.workflow):
            if symbol.owner.startswith(f"{part.number}."):
                yield from _in_part(part, known)


def _in_part(part: Part, known: _Names, only: Scalar | None = None) -> Iterator[Occurrence]:
    """The names in the strings of a part, or in those of one scalar of it."""
    for number, place in enumerate(part.places()):
        if only is None or place.piece.scalar is only:
            for symbol, access, start, end in _in_place(place, f"{part.number}.{number}", known):
                yield _occurrence(place, symbol, access, start, end)


def _occurrence(place: Place, symbol: Symbol, access: Access, start: int, end: int) -> Occurrence:
    piece = place.piece
    span = place.locate(start, end)
    return Occurrence(
        symbol,
        span,
        access,
        piece.scalar,
        piece.start + start,
        piece.start + end,
        place.path,
        span,
        place,
    )


class _Names:
    """What a variable or an item of a string is, given what the workflow sets."""

    def __init__(self, document: Document, workflow: Workflow) -> None:
        self.workflow = workflow
        self.engine = document.settings.context_variables if workflow.orquesta else ENGINE_NAMES
        self.owners = item_owners(document, workflow)
        self.set = {a.name.text for a in (*workflow.inputs, *workflow.vars)}
        self.set.update(workflow.tasks.publishers)
        self.set.update(a.name.text for task in workflow.repeated for a in task.publish)

    def symbol(self, place: Place, fact: Fact) -> Symbol | None:
        """What a use is a use of. `$.x` and a bare `x` in Orquesta's Jinja do not work (`undefined-name`), but
        where there is a variable x they are meant as it."""
        match fact.use:
            case Use.VARIABLE:
                return self.variable(place, fact.name)
            case Use.NAME:
                return self.variable(place, fact.name) if fact.name in self.set else None
            case Use.ITEM:
                named = not fact.item or self.has_item(place, fact.name)
                return self.item(place, fact.name) if named else None
            case Use.TASK:
                return Symbol(Kind.TASK, fact.name)
            case Use.KEY:
                return Symbol(Kind.KEY, fact.name)
        return None

    def variable(self, place: Place, name: str) -> Symbol:
        """In an Orquesta output an earlier output hides the variable. In a chain, variables hide the
        results of nodes, which hide what the runner gives."""
        if self.workflow.orquesta:
            earlier = self.workflow.output[: place.index] if _is_output(place) else ()
            if any(a.name.text == name for a in earlier):
                return Symbol(Kind.OUTPUT, name)
        if name in self.set:
            return Symbol(Kind.VARIABLE, name)
        if name in self.workflow.tasks and not self.workflow.orquesta:
            return Symbol(Kind.TASK, name)
        return Symbol(Kind.ENGINE if name in self.engine else Kind.VARIABLE, name)

    def item(self, place: Place, name: str) -> Symbol:
        """An item belongs to the task that the string stands in."""
        task = place.task.name.text if place.task else ""
        return Symbol(Kind.ITEM, name, self.owners.get(task, task))

    def has_item(self, place: Place, name: str) -> bool:
        """True where the task names its items so."""
        items = place.task.items if place.task else None
        return items is not None and any(n.text == name for n in items.names)


def _is_output(place: Place) -> bool:
    return place.task is None and place.path[:1] == ("output",)


def _in_place(place: Place, number: str, known: _Names) -> Iterator[Named]:
    """The names in one string."""
    for fact in facts(place.text.text, place.orquesta):
        if fact.use is not None:
            symbol = known.symbol(place, fact)
            if symbol is not None:
                yield symbol, Access.READ, fact.start, fact.end
        elif fact.table:
            yield Symbol(Kind.FUNCTION, fact.name, fact.table), Access.READ, fact.start, fact.end
        else:
            access = Access.DEFINE if fact.defines else Access.READ
            symbol = Symbol(Kind.LOCAL, fact.name, f"{number}.{fact.binder}")
            yield symbol, access, fact.start, fact.end


def _in_metadata(document: Document) -> Iterator[Occurrence]:
    """The parameters that templates in action metadata use: a default may be made from another one."""
    root = deref(document.root) if document.root is not None else None
    parameters = root.get("parameters") if isinstance(root, Mapping) else None
    if not isinstance(parameters, Mapping):
        return
    ref = action_of(document).ref
    names = {key.value for key, _ in parameters.items()}
    for path, node in walk(parameters, ("parameters",)):
        if not isinstance(node, Scalar) or "{{" not in node.value or not node.is_string:
            continue
        for embedded in scan(node.value, False).expressions:
            if embedded.node is None:
                continue
            for use, name, span, _ in jinja.uses(cast("jinja_ast.Node", embedded.node), False):
                if use is Use.VARIABLE and name in names:
                    start, end = embedded.base + span.start, embedded.base + span.end
                    where = node.locate(start, end)
                    symbol = Symbol(Kind.PARAMETER, name, ref)
                    yield Occurrence(symbol, where, Access.READ, node, start, end, path, where)
