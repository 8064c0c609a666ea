"""Writes the expressions of a string in the other language: YAQL as Jinja, Jinja as YAQL.

Only what is known to give the same: paths into the context, literals, comparisons, `and`, `or` and `not`, the
functions of the engine and lengths. Where that hangs on the type of a value that nothing tells (`.name` of a list is
a list in YAQL and an error in Jinja) the title says what is taken for granted. Data that itself looks like an
expression is evaluated again by either language, each in its own way.

All expressions of a string are written anew, because no engine evaluates both languages in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from st2lang.expressions import jinja_ast, yaql_ast
from st2lang.expressions.embedded import Embedded, scan
from st2lang.problem import Edit
from st2lang.query import results
from st2lang.refactoring import REWRITE, Asked, Change, Offer, Refactoring
from st2lang.refactoring._translation import Translated, UntranslatableError
from st2lang.refactoring._writing import Part, changed
from st2lang.symbols import Place
from st2lang.types import Type

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.query.nodes import AnyNode


def offers(asked: Asked) -> Iterator[Offer]:
    """One for the string at the place, when all of its expressions can be converted."""
    document = asked.document
    workflow = document.workflow
    if workflow is None or not workflow.orquesta:
        return
    for place in document.places:
        if not asked.touches(place.piece.span) or place.text.mixed:
            continue
        expressions = place.text.expressions
        if not any(asked.touches(place.locate(e.start, e.end)) for e in expressions):
            continue
        assumes: list[str] = []
        edits = _edits(document, place, assumes)
        if edits is not None:
            target = "Jinja" if expressions[0].language == "yaql" else "YAQL"
            where = f" (as long as {' and '.join(assumes[:2])})" if assumes else ""
            yield Offer(f"Convert to {target}{where}", partial(Change, edits))
            return


def _edits(document: Document, place: Place, assumes: list[str]) -> tuple[Edit, ...] | None:
    piece = place.piece
    if piece.scalar.anchor is not None or piece.scalar.tag is not None:
        return None
    parts = []
    for embedded in place.text.expressions:
        try:
            text = converted(document, place, embedded, assumes)
        except UntranslatableError:
            return None
        parts.append(Part(piece.start + embedded.start, piece.start + embedded.end, text))
    if not _is_read_back(place, parts):
        return None
    return changed(document, piece.scalar, parts)


def converted(document: Document, place: Place, embedded: Embedded, assumes: list[str]) -> str:
    """An expression with its delimiters in the other language. Raises `UntranslatableError`."""
    if embedded.node is None or embedded.inert:
        raise UntranslatableError
    lookup = results.inference(document).lookup(place.task)

    def type_of(node: AnyNode) -> Type:
        if isinstance(node, jinja_ast.Node):
            from st2lang.inference import jinja

            return jinja.infer(node, "jinja", lookup)
        from st2lang.inference import yaql

        return yaql.infer(node, lookup)

    def text_of(node: AnyNode) -> str:
        start, end = node.span
        return place.text.text[embedded.base + start : embedded.base + end]

    def is_certain(name: str) -> bool:
        state = document.scope.at(place)
        return state is not None and bool(state[1] & document.flow.bit(name))

    about = Translated(type_of, text_of, is_certain)
    text = _translated(embedded, about)
    assumes += [one for one in about.assumes if one not in assumes]
    return text


def _translated(embedded: Embedded, about: Translated) -> str:
    if embedded.language == "yaql":
        from st2lang.refactoring import _to_jinja

        return f"{{{{ {_to_jinja.translate(cast('yaql_ast.Node', embedded.node), about)} }}}}"
    from st2lang.refactoring import _to_yaql

    match embedded.node:
        case jinja_ast.Template(body=(jinja_ast.Output(values=(only,)),)):
            return f"<% {_to_yaql.translate(only, about)} %>"
        case _:
            raise UntranslatableError


def _is_read_back(place: Place, parts: list[Part]) -> bool:
    """Whether the changed string has as many expressions, all of them sound, and whole where it was."""
    text, base = place.text.text, place.piece.start
    for part in reversed(parts):
        text = text[: part.start - base] + part.text + text[part.end - base :]
    found = scan(text)
    sound = all(e.node is not None and not e.inert for e in found.expressions)
    return (
        sound
        and not found.mixed
        and len(found.expressions) == len(parts)
        and found.whole == place.text.whole
    )


REFACTORING = Refactoring(
    "convert-language",
    REWRITE,
    "Write the expressions of a string in the other language.",
    offers,
)
