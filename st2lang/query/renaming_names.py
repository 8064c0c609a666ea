"""May a thing have this name? What each kind of name must look like, and which names are taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from st2lang.dialects.orquesta import ENGINE_COMMANDS, TASK_METHODS
from st2lang.expressions.jinja_ast import Attribute
from st2lang.patterns import lazy
from st2lang.query import symbol as symbols
from st2lang.query.family import Member
from st2lang.query.nodes import around
from st2lang.query.symbol import Kind, Symbol
from st2lang.query.used import ENGINE_NAMES
from st2lang.query.workspace import Workspace
from st2lang.query.written import action_of, is_dynamic

if TYPE_CHECKING:
    from st2lang.document import Document

_WORD = lazy(r"\w+")
_IDENTIFIER = lazy(r"[^\W\d]\w*")
_DOTTED = lazy(r"[\w.-]+")

_YAQL_WORDS = frozenset({"and", "or", "not", "in", "mod", "true", "false", "null"})
_JINJA_VALUES = frozenset({"true", "false", "none", "True", "False", "None"})
_JINJA_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "elif"}) | _JINJA_VALUES

_METHODS = frozenset(name for name in dir(dict) if not name.startswith("_"))
"""In Jinja `ctx().items` is the method of a mapping, not the variable."""


def refused(name: str, members: Iterable[Member], workspace: Workspace) -> str:
    """Why a thing, known in these files, cannot have a name; "" when it can."""
    if not name.strip():
        return "a name cannot be empty"
    if is_dynamic(name) or any(not c.isprintable() for c in name) or name != name.strip():
        return f"`{name}` cannot be a name"
    reasons = (reason for member in members for reason in _reasons(name, *member, workspace))
    return next(reasons, "")


def _reasons(name: str, document: Document, symbol: Symbol, workspace: Workspace) -> Iterator[str]:
    yield from _malformed(name, document, symbol)
    yield from _reserved(name, document, symbol)
    yield from _taken(name, document, symbol, workspace)


def _malformed(name: str, document: Document, symbol: Symbol) -> Iterator[str]:
    workflow = document.workflow
    what = _a(symbol.kind.value)
    words_only = symbol.kind is Kind.ITEM or (
        symbol.kind is Kind.TASK and workflow is not None and workflow.orquesta
    )
    if words_only and not _WORD.fullmatch(name):
        yield f"the name of {what} may have only letters, digits and underscores, `{name}` has others"
    if symbol.kind in _DOTTED_KINDS and not _DOTTED.fullmatch(name):
        yield f"the name of {what} may have letters, digits and `_.-`, `{name}` has others"
    bare = symbol.kind is Kind.LOCAL or _is_bare(document, symbol, ("yaql", "jinja"))
    if bare and not _IDENTIFIER.fullmatch(name):
        yield (
            f"expressions could not name {what} `{name}`: a name begins with a letter or an underscore"
            " and has only letters, digits and underscores"
        )
    if name in _YAQL_WORDS and _is_bare(document, symbol, ("yaql",)):
        yield f"`{name}` is a word of YAQL"
    chain = workflow is not None and not workflow.orquesta
    if name in _JINJA_WORDS and chain and _is_bare(document, symbol, ("jinja",)):
        yield f"`{name}` is a word of Jinja"


_DOTTED_KINDS = frozenset({Kind.VARIABLE, Kind.PARAMETER, Kind.OUTPUT, Kind.ACTION})


def _is_bare(document: Document, symbol: Symbol, languages: tuple[str, ...]) -> bool:
    """True when expressions of these languages name the thing without quotes."""
    for occurrence in symbols.of(document, symbol):
        place = occurrence.place
        if place is None:
            continue
        value, start = occurrence.scalar.value, occurrence.start
        at = start - place.piece.start
        language = next(
            (e.language for e in place.text.expressions if e.start <= at < e.end), "yaql"
        )
        if (
            language in languages
            and value[start - 1 : start] not in "'\"`"
            and value[start] not in "'\"`"
        ):
            return True
    return False


def _reserved(name: str, document: Document, symbol: Symbol) -> Iterator[str]:
    workflow = document.workflow
    orquesta = workflow is not None and workflow.orquesta
    if symbol.kind is Kind.TASK and orquesta:
        if name in ENGINE_COMMANDS:
            yield f"`{name}` is a command to Orquesta and cannot be the name of a task"
        if name in TASK_METHODS:
            yield f"Orquesta fails with a task named `{name}`: it has a function of that name"
    if symbol.kind in (Kind.VARIABLE, Kind.OUTPUT) and orquesta:
        if name.startswith("__"):
            yield f"`{name}` would be private to Orquesta: it begins with two underscores"
        if symbol.kind is Kind.VARIABLE and name in document.settings.context_variables:
            yield f"`{name}` is given by StackStorm"
        if name in _METHODS and _is_jinja_attribute(document, symbol):
            yield f"in Jinja `ctx().{name}` is a method, not a variable"
    if workflow is not None and not orquesta and name in ENGINE_NAMES:
        yield f"`{name}` is given by StackStorm to every expression of a chain"


def _is_jinja_attribute(document: Document, symbol: Symbol) -> bool:
    """True when Jinja reads the thing as an attribute of the context."""
    for occurrence in symbols.of(document, symbol):
        place = occurrence.place
        if place is None:
            continue
        at = occurrence.start - place.piece.start
        for embedded in place.text.expressions:
            if embedded.language == "jinja" and embedded.start <= at < embedded.end:
                stack = around(embedded, at)
                if stack and isinstance(stack[0], Attribute):
                    return True
    return False


def _taken(name: str, document: Document, symbol: Symbol, workspace: Workspace) -> Iterator[str]:
    what = symbol.kind.value
    if symbol.kind is Kind.ACTION:
        ref = f"{symbol.name.partition('.')[0]}.{name}"
        if workspace.action(ref, document) is not None:
            yield f"there is an action `{ref}` already"
        return
    here = {o.symbol for o in symbols.occurrences(document)}
    if Symbol(symbol.kind, name, symbol.owner) in here:
        defined = symbols.definitions(document, Symbol(symbol.kind, name, symbol.owner))
        yield (
            f"there is {_a(what)} `{name}` already"
            if defined
            else f"`{name}` is already used as the name of {_a(what)}, though none is defined"
        )
    workflow = document.workflow
    if workflow is not None and not workflow.orquesta:
        other = {Kind.TASK: Kind.VARIABLE, Kind.VARIABLE: Kind.TASK}.get(symbol.kind)
        if other is not None and Symbol(other, name) in here:
            yield f"there is {_a(other.value)} `{name}` already: a chain has one namespace for both"
    if symbol.kind is Kind.PARAMETER and document.kind == "action":
        runner = action_of(document).runner
        if runner is not None and name in runner.parameters:
            yield f"`{name}` is a parameter of the runner `{runner.name}`"


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
