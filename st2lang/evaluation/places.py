"""Says what jinja2 complains about, and where: it knows names and lines, our tree knows the places."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import TracebackType

from st2lang.expressions import jinja_ast as ast
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.functions.failure import EvaluationError, failure
from st2lang.source import Span

Tree = Callable[[str], ast.Node | ExpressionSyntaxError]


def explained(error: Exception, text: str, parse: Tree, language: str) -> EvaluationError:
    """What jinja2 raises for a text, as our error with its place in the text.

    `parse` makes the text's tree; `language` is the table of functions that names are suggested from.
    """
    from jinja2 import TemplateSyntaxError, UndefinedError
    from jinja2.exceptions import SecurityError, TemplateAssertionError

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
    if isinstance(error, TemplateAssertionError):
        _unknown_name(found, tree, language)
    elif isinstance(error, TemplateSyntaxError):
        found.kind = "syntax"
    elif isinstance(error, SecurityError):
        found.kind = "unsafe"
    elif isinstance(error, UndefinedError):
        found.kind, found.message = getattr(message, "kind", "undefined"), str(error)
    name = getattr(message, "name", None)
    found.span = found.span or _named(tree, name) or _called(tree, error) or _line(text, error)
    return found


def _unknown_name(found: EvaluationError, tree: ast.Node, language: str) -> None:
    """`No filter named 'x'.`: the place of the filter, and what may be meant."""
    from st2lang import functions
    from st2lang.functions import Kind

    found.kind = "syntax"
    named = re.match(r"No (filter|test) named '([^']*)'", found.message)
    if named is None:
        return
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
    if name is None:
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
