"""The names that stand in expressions, of both languages, in strings that parse and in half-typed ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from st2lang.calls import jinja_sites, yaql_sites
from st2lang.dialects.chain import CONTEXT
from st2lang.dialects.model import Workflow
from st2lang.expressions import jinja_ast, yaql_ast
from st2lang.expressions.embedded import Embedded, scan
from st2lang.query import _dotted, _locals, _loose
from st2lang.query.segments import segments, tree
from st2lang.query.symbol import Access, Kind, Occurrence, Symbol
from st2lang.query.written import action_of, item_owners
from st2lang.source import Span
from st2lang.symbols import Place, Use, jinja, yaql
from st2lang.yaml import Mapping, Scalar, deref, walk

if TYPE_CHECKING:
    from st2lang.document import Document

Named = tuple[Symbol, Access, int, int]
"""A symbol and the characters of the string that name it."""

Spanned = tuple[Symbol, Access, Span]

_KINDS = {Use.TASK: Kind.TASK, Use.KEY: Kind.KEY}

ENGINE_NAMES = frozenset(CONTEXT) - {"user"}
"""What hides a chain's own names. A parameter called `user` is itself: the runner adds no such name
(contrib/runners/action_chain_runner, `_resolve_params`)."""


def names(document: Document) -> Iterator[Occurrence]:
    """Every name in the expressions of a file, in the order of the text."""
    if document.workflow is not None:
        known = _Names(document.workflow, document.settings.context_variables)
        for number, place in enumerate(document.places):
            for symbol, access, start, end in _in_place(place, number, known):
                yield _occurrence(place, symbol, access, start, end)
    elif document.kind == "action":
        yield from _in_metadata(document)


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

    def __init__(self, workflow: Workflow, context: frozenset[str]) -> None:
        self.workflow = workflow
        self.engine = context if workflow.orquesta else ENGINE_NAMES
        self.owners = item_owners(workflow)
        self.set = {a.name.text for a in (*workflow.inputs, *workflow.vars)}
        for task in (*workflow.tasks.values(), *workflow.repeated):
            for block in (task.publish, *(t.publish for t in task.transitions)):
                self.set.update(a.name.text for a in block)

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


def _in_place(place: Place, number: int, known: _Names) -> Iterator[Named]:
    """The names in one string."""
    for at, embedded in enumerate(place.text.expressions):
        if embedded.node is not None:
            yield from _placed(place, embedded, f"{number}.{at}", known)
    text = place.text.text
    for at, segment in enumerate(segments(text, place.orquesta)):
        if _is_parsed(place, segment.start):
            continue
        alone = tree(text, segment)
        if alone is not None:
            yield from _placed(place, alone, f"{number}.{at}+", known)
            continue
        code = text[segment.base : segment.stop]
        for symbol, access, span in _half_typed(place, segment.language, code, known):
            yield symbol, access, segment.base + span.start, segment.base + span.end


def _placed(place: Place, embedded: Embedded, owner: str, known: _Names) -> Iterator[Named]:
    for symbol, access, span in _in_expression(place, embedded, owner, known):
        yield symbol, access, embedded.base + span.start, embedded.base + span.end


def _half_typed(place: Place, language: str, code: str, known: _Names) -> Iterator[Spanned]:
    """The names in code that is no expression, spans in the code."""
    for use, name, span in _loose.uses(language, code, place.orquesta):
        if use is not Use.ITEM or known.has_item(place, name):
            for symbol, access in _symbol(place, use, name, known):
                yield symbol, access, span
    for owner, name, span in _loose.calls(language, code, place.orquesta):
        yield Symbol(Kind.FUNCTION, name, owner), Access.READ, span


def _is_parsed(place: Place, start: int) -> bool:
    return any(e.node is not None and e.start <= start < e.end for e in place.text.expressions)


def _in_expression(
    place: Place, embedded: Embedded, owner: str, known: _Names
) -> Iterator[Spanned]:
    """The names in one expression, spans from its base."""
    node = embedded.node
    if embedded.language == "yaql":
        tree = cast("yaql_ast.Node", node)
        found, sites, language = yaql.uses(tree), yaql_sites(tree), "yaql"
    else:
        template = cast("jinja_ast.Template", node)
        found = jinja.uses(template, place.orquesta)
        sites = jinja_sites(template)
        language = "jinja" if place.orquesta else "jinja-chain"
    for use, name, span, _ in found:
        for symbol, access in _symbol(place, use, name, known):
            yield symbol, access, Span(span.end - len(name), span.end) if use is Use.NAME else span
    for site in sites:
        if not site.defined:
            symbol = Symbol(Kind.FUNCTION, site.name, f"{language} {site.kind.value}")
            yield symbol, Access.READ, site.name_span
    for use, name, span in _dotted.uses(embedded, place.orquesta):
        if use is not Use.ITEM or known.has_item(place, name):
            for symbol, access in _symbol(place, use, name, known):
                yield symbol, access, span
    for name, span, defines in _locals.names(embedded):
        yield Symbol(Kind.LOCAL, name, owner), _access(defines), span


def _access(defines: bool) -> Access:
    return Access.DEFINE if defines else Access.READ


def _symbol(place: Place, use: Use, name: str, known: _Names) -> Iterator[tuple[Symbol, Access]]:
    if not name:
        return
    if use is Use.VARIABLE or (use is Use.NAME and name in known.set):
        yield known.variable(place, name), Access.READ
    elif use is Use.ITEM:
        yield known.item(place, name), Access.READ
    elif use in _KINDS:
        yield Symbol(_KINDS[use], name), Access.READ


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
