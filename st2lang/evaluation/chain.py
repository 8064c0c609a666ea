"""Renders values as an ActionChain does: everything to text, lists and dicts by way of JSON.

Specified by `st2common.util.jinja.render_values`. A value that rendering does not change keeps its
type; the types of parameters are restored by `cast`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from st2lang.evaluation.datastore import decrypted
from st2lang.evaluation.jinja import explained
from st2lang.functions._orquesta import Scope
from st2lang.functions._stackstorm import FUNCTIONS, to_complex
from st2lang.functions.failure import EvaluationError
from st2lang.source import Span

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

_ORQUESTA_ONLY = frozenset(("json", "json_dump", "json_parse", "yaml_dump", "yaml_parse"))


def render_chain(value: Any, scope: Scope) -> Any:
    """The value rendered with the scope's variables as names, and all of them as `__context`.

    Raises `EvaluationError`; of kind `json` when a list or dict is no JSON any more once it is rendered.
    """
    structure = isinstance(value, list | dict)
    if not structure and not isinstance(value, str):
        return value
    text = json.dumps(value) if structure else value
    if not _renders(text):
        return value
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
        return _template(text).render({"__context": scope.variables, **scope.variables})
    except EvaluationError as error:
        error.expression = text
        error.span = error.span or Span(0, len(text))
        raise
    except Exception as error:
        raise explained(error, text, Span(0, len(text))) from error


@lru_cache(maxsize=1024)
def _template(text: str) -> Template:
    return environment().from_string(text)


@cache
def environment() -> SandboxedEnvironment:
    """jinja2 as StackStorm sets it up for ActionChains."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    env = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    filters: Mapping[str, Callable[..., Any]] = {
        name: call for name, call in FUNCTIONS.items() if name not in _ORQUESTA_ONLY
    }
    env.filters.update(filters, to_complex=to_complex, decrypt_kv=decrypted)
    return env
