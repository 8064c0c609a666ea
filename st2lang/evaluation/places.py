"""Says what jinja2 complains about, and where: it knows names and lines, our tree knows the places."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from st2lang.expressions import jinja_ast as ast
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.functions.failure import EvaluationError, failure
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.evaluation.tracing import Mark

Tree = Callable[[str], ast.Node | ExpressionSyntaxError]


def explained(
    error: Exception,
    text: str,
    parse: Tree,
    language: str,
    variables: Mapping[Any, Any],
    trace: Callable[[], Mark | None],
) -> EvaluationError:
    """What jinja2 raises for a text, as our error with its place in the text.

    `parse` makes the text's tree; `language` is the table of functions that names are suggested from;
    `trace` runs the text once more and tells which part of it fails.
    """
    from jinja2 import TemplateSyntaxError, UndefinedError
    from jinja2.exceptions import SecurityError, TemplateRuntimeError

    found = failure(error, "", None)
    found.expression = text
    if isinstance(error, EvaluationError) and error.span is not None:
        return found
    message = error.args[0] if error.args else ""
    tree = parse(text)
    if isinstance(tree, ExpressionSyntaxError):
        if isinstance(error, TemplateSyntaxError):
            found.message, found.kind = tree.message, "syntax"
        found.span = tree.span
        return found
    if isinstance(error, TemplateSyntaxError):
        found.kind = "syntax"
    elif isinstance(error, SecurityError):
        found.kind = "unsafe"
    elif isinstance(error, UndefinedError):
        found.kind, found.message = getattr(message, "kind", "undefined"), str(error)
        if getattr(message, "bare", False):
            name = getattr(message, "name", "")
            found.message = _undefined(name, language, variables)
    if isinstance(error, TemplateSyntaxError | TemplateRuntimeError):
        _unknown_name(found, tree, language)
    found.message = found.message.removeprefix("do_")  # jinja2's names for what its filters do
    if found.span is None and found.kind not in ("syntax", "limit"):
        found.span = _traced(tree, text, trace())
    name = getattr(message, "name", None)
    found.span = found.span or _named(tree, name) or _called(tree, error) or _line(text, error)
    return found


def _undefined(name: str, language: str, variables: Mapping[Any, Any]) -> str:
    """About a name that is neither a function nor, in an ActionChain, a variable."""
    from st2lang import functions
    from st2lang.functions._orquesta import missing

    if language == "jinja-chain":
        return missing(name, variables, "variable").message
    if name in variables:
        return f"`{name}` is undefined: the variable of the workflow is `ctx().{name}`"
    near = functions.suggest(language, name)
    known = [key for key in variables if isinstance(key, str) and key.isidentifier()]
    variable = None if near else functions.nearest(name, known)
    if variable:
        near = f"ctx().{variable}"
    return f"`{name}` is undefined{f'; did you mean `{near}`?' if near else ''}"


def _traced(tree: ast.Node, text: str, mark: Mark | None) -> Span | None:
    from st2lang.evaluation.tracing import place_of

    place = None if mark is None else place_of(mark, tree)
    if mark is None or place is None or mark.kind != "operator":
        return place
    start = text.find(mark.name, place.start, place.end)  # brackets may be around it
    return Span(start, start + len(mark.name)) if start >= 0 else place


def _unknown_name(found: EvaluationError, tree: ast.Node, language: str) -> None:
    """`No filter named 'x'.`: the place of the filter, and what may be meant."""
    named = re.match(r"No (filter|test) named '([^']*)'", found.message)
    if named is None:
        return
    from st2lang import functions
    from st2lang.functions import Kind

    what, name = named[1], named[2]
    kind, node_type = (Kind.FILTER, ast.Filter) if what == "filter" else (Kind.TEST, ast.Test)
    near = functions.suggest(language, name, kind)
    hint = f"; did you mean `{near}`?" if near else ""
    found.message, found.kind = f"there is no {what} `{name}`{hint}", "unknown-function"
    for node in ast.walk(tree):
        if isinstance(node, node_type) and node.name == name:
            found.span = node.name_span
            return


def _named(tree: ast.Node, name: object) -> Span | None:
    """The first place where something is looked up by a name."""
    if not isinstance(name, str | int):
        return None
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(name=found, name_span=place) if found == name:
                return place
            case ast.Item(index=ast.Const(found), span=place) if found == name:
                return place
            case ast.Name(found, place) if found == name:
                return place
            case ast.Call(arguments=(ast.Argument(ast.Const(found)),), span=place) if found == name:
                return place
    return None


def _called(tree: ast.Node, error: Exception) -> Span | None:
    """The filter or function in which the error has arisen, where its name tells."""
    running = {frame.tb_frame.f_code.co_name for frame in _frames(error.__traceback__)}
    for node in ast.walk(tree):
        match node:
            case ast.Filter(name=name, name_span=place) if (
                name in running or f"do_{name}" in running
            ):
                return place
            case ast.Call(function=ast.Name(name, place)) if name in running:
                return place
    return None


def _frames(traceback: TracebackType | None) -> list[TracebackType]:
    found = []
    while traceback is not None:
        found.append(traceback)
        traceback = traceback.tb_next
    return found


def _line(text: str, error: Exception) -> Span:
    """The line of a template that was running, or all of the text."""
    lines = [f.tb_lineno for f in _frames(error.__traceback__) if _is_template(f)]
    number = getattr(error, "lineno", None) or (lines[-1] if lines else 0)
    written = text.split("\n")
    if not 0 < number <= len(written) or len(written) == 1:
        return Span(0, len(text))
    start = sum(len(line) + 1 for line in written[: number - 1])
    return Span(start, start + len(written[number - 1]))


def _is_template(frame: TracebackType) -> bool:
    return frame.tb_frame.f_code.co_filename in ("<template>", "<unknown>")
