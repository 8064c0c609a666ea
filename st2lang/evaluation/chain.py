"""Renders values as an ActionChain does: everything to text, lists and dicts by way of JSON.

Specified by `st2common.util.jinja.render_values`. A value that rendering does not change keeps its
type; the types of parameters are restored by `cast`.
"""

from __future__ import annotations

import json
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from st2lang.evaluation.places import explained
from st2lang.evaluation.text import Renderer
from st2lang.expressions import jinja as parser
from st2lang.functions._orquesta import Scope
from st2lang.functions.failure import EvaluationError
from st2lang.functions.values import Run
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.evaluation.tracing import Mark


def render_chain(value: Any, scope: Scope) -> Any:
    """The value rendered with the scope's variables as names, and all of them as `__context`.

    Raises `EvaluationError`; of kind `json` when a list or dict is no JSON any more once it is rendered.
    """
    return chain_renderer(value)(scope)


def chain_renderer(value: Any) -> Renderer:
    """What renders a value: the same as `render_chain`, for what is rendered again and again.

    The value must not be changed afterwards.
    """
    structure = isinstance(value, list | dict)
    text = json.dumps(value) if structure else value
    if not (isinstance(text, str) and _renders(text)):
        return lambda scope: value
    return lambda scope: _rendered(value, text, structure, scope)


def _rendered(value: Any, text: str, structure: bool, scope: Scope) -> Any:
    output = _render(text, scope)
    if output == text:
        return value
    if not structure:
        return output
    try:
        return json.loads(output)
    except ValueError as error:
        message = f"what is rendered into the list or dict makes no JSON of it: {error}"
        found = EvaluationError(message, "json", Span(0, len(text)))
        found.expression = text
        raise found from error


def _renders(text: str) -> bool:
    """Whether jinja2 would change a text; it drops a line break at the end of any."""
    return "{{" in text or "{%" in text or "{#" in text or text.endswith("\n") or "\r" in text


def _render(text: str, scope: Scope) -> str:
    try:
        return str(_program(text).run(Run(scope)))
    except Exception as error:
        trace = partial(_trace, text, scope)
        found = explained(error, text, parser.parse_template, "jinja-chain", scope.variables, trace)
        if found is error:
            raise
        raise found from error


def _trace(text: str, scope: Scope) -> Mark | None:
    from st2lang.evaluation.sandbox import Program

    return Program(text, expression=False, workflow=False).trace(Run(scope), bool)


@lru_cache(maxsize=1024)
def _program(text: str) -> Any:
    from st2lang.evaluation.sandbox import Program

    return Program(text, expression=False, workflow=False)
