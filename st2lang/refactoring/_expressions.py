"""Parts of expressions that can be taken out of them: found by a place, compared, given a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.dialects.orquesta import ENGINE_COMMANDS
from st2lang.expressions import jinja_ast, yaql_ast
from st2lang.patterns import lazy
from st2lang.query import nodes
from st2lang.record import field, record
from st2lang.source import Span
from st2lang.symbols import Place

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.expressions.embedded import Embedded
    from st2lang.query.nodes import AnyNode

_WORD = lazy(r"[A-Za-z_]\w*")
_CALLED = lazy(r"([A-Za-z_]\w*)\(")
_STRING = lazy(r"'[^']*'|\"[^\"]*\"")


@record
class Part:
    """An expression, or a part of one that has a value of its own.

    `start:end` are its characters in the place's string, `outer` those of all with its delimiters. `above` are
    the nodes that it is in, the outermost first; `whole` is true for all of what stands between the delimiters.
    """

    place: Place = field(compare=False)
    embedded: Embedded = field(compare=False)
    node: AnyNode
    above: tuple[AnyNode, ...] = field(compare=False)
    start: int
    end: int
    outer: tuple[int, int]

    @property
    def language(self) -> str:
        """`yaql` or `jinja`."""
        return self.embedded.language

    @property
    def code(self) -> str:
        """The text of the expression."""
        return self.place.text.text[self.start : self.end]

    @property
    def whole(self) -> bool:
        """Whether it is all of the expression."""
        return not any(_is_value(node) for node in self.above)


def at_place(document: Document, span: Span) -> Part | None:
    """The whole expression around a cursor, the part of one that a selection is (blanks apart)."""
    text = document.source.text
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    for place in document.places:
        if place.text.mixed or not place.piece.span.start <= start <= end <= place.piece.span.end:
            continue
        for part in _parts(place):
            where = place.locate(part.start, part.end)
            outer = place.locate(*part.outer)
            if start == end:
                if part.whole and start in outer:
                    return part
            elif Span(start, end) in (where, outer if part.whole else where):
                return part
    return None


def same(document: Document, part: Part) -> Iterator[Part]:
    """Every part in the file that reads as the same expression, none inside of another."""
    for place in document.places:
        if place.text.mixed:
            continue
        end = -1
        for other in _parts(place):
            if other.start >= end and other.language == part.language and other.node == part.node:
                end = other.end
                yield other


def _parts(place: Place) -> Iterator[Part]:
    """The parts of a string's expressions that have values, the outer ones first."""
    for embedded in place.text.expressions:
        if embedded.node is None or embedded.inert:
            continue
        for root, outer in _roots(embedded):
            pending: list[tuple[AnyNode, tuple[AnyNode, ...]]] = [(root, ())]
            while pending:
                node, above = pending.pop()
                if _is_value(node) and not (above and _is_member(node, above[-1])):
                    start, end = embedded.base + node.span.start, embedded.base + node.span.end
                    yield Part(place, embedded, node, above, start, end, outer)
                pending.extend((child, (*above, node)) for child in reversed(nodes.children(node)))


def _roots(embedded: Embedded) -> Iterator[tuple[AnyNode, tuple[int, int]]]:
    """The expressions between delimiters, with their place; none where a template has tags."""
    match embedded.node:
        case jinja_ast.Template(body=body):
            if not all(isinstance(n, jinja_ast.Text | jinja_ast.Output) for n in body):
                return
            for node in body:
                if isinstance(node, jinja_ast.Output) and len(node.values) == 1:
                    start, end = node.span
                    yield node.values[0], (embedded.base + start, embedded.base + end)
        case node if node is not None:
            yield node, (embedded.start, embedded.end)


def _is_value(node: AnyNode) -> bool:
    return not isinstance(
        node, yaql_ast.Keyword | yaql_ast.NamedArgument | jinja_ast.Argument | jinja_ast.Slice
    )


def _is_member(node: AnyNode, parent: AnyNode) -> bool:
    """Whether a node is what is called or looked up, not a value."""
    match parent:
        case yaql_ast.Member(member=member):
            return node is member
        case jinja_ast.Call(function=function):
            return node is function
        case _:
            return False


def name_for(document: Document, part: Part) -> str:
    """A name that says what the expression is, and that nothing has yet."""
    assert document.workflow is not None
    word = _last_words(part.code)
    taken = set(document.flow.names(document.flow.ever)) | set(document.workflow.tasks)
    taken |= {a.name.text for a in (*document.workflow.inputs, *document.workflow.vars)}
    taken |= {a.name.text for a in document.workflow.output} | {*ENGINE_COMMANDS, *dir(dict)}
    taken |= {r.name for r in document.references}
    name, number = word, 1
    while name in taken:
        number += 1
        name = f"{word}_{number}"
    return name


def _last_words(code: str) -> str:
    """The last names in an expression, those of functions left out where there are others."""
    bare = _STRING.sub("", code)
    words = [w for w in _WORD.findall(bare) if w not in _NO_NAMES]
    called = set(_CALLED.findall(bare))
    words = [w for w in words if w not in called] or words
    found = "_".join(words[-2:]).lower().strip("_")
    return found if 1 < len(found) <= 40 else (words[-1].lower() if words else "value")


_NO_NAMES = frozenset(
    [
        "ctx",
        "and",
        "or",
        "not",
        "in",
        "is",
        "if",
        "else",
        "true",
        "false",
        "null",
        "none",
        "True",
        "False",
        "None",
        "item",
        "result",
        "task",
    ]
)
