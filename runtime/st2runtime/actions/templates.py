"""Parameters that are templates: rendered in the order in which they need each other.

Specified by `st2common/util/param.py`: a parameter's value may name other parameters, the datastore
(`st2kv`), the pack's configuration (`config_context`) and the action's context (`action_context`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from st2lang.patterns import lazy
from st2runtime.actions.errors import ActionError

if TYPE_CHECKING:
    from jinja2 import Environment

_WHOLE = lazy(r'"{{([A-z0-9_-]+)}}"')


def is_template(value: Any) -> bool:
    """Whether a value holds Jinja as StackStorm looks for it: anywhere in a text, list or mapping."""
    if isinstance(value, list | dict):
        value = str(value)
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def resolve(values: Mapping[str, Any], around: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """The values with all templates rendered, over each other and what is `around` them.

    A template that needs nothing there is stays as it is. Raises `ActionError` for one that needs something
    else besides, for those that need each other, and for those that cannot be rendered.
    """
    templates = {
        name: needs
        for name, value in values.items()
        if is_template(value) and (needs := _needs(str(value))) is not None
    }
    if not templates:
        return dict(values)
    outside = around()
    known = {**outside, **values}
    for name in tuple(templates):
        if _stays(name, templates, known):
            del templates[name]
    found: dict[str, Any] = {**outside, **{n: v for n, v in values.items() if n not in templates}}
    for name in _ordered(templates):
        found[name] = _render(name, values[name], found)
    return {name: found[name] for name in values}


@lru_cache(maxsize=1024)
def _needs(text: str) -> frozenset[str] | None:
    """The names that a template needs; None for what is no template after all."""
    from jinja2 import TemplateSyntaxError, meta

    try:
        return frozenset(meta.find_undeclared_variables(_parser().parse(text)))
    except TemplateSyntaxError:
        return None


@cache
def _parser() -> Environment:
    from jinja2 import Environment

    return Environment(trim_blocks=True, lstrip_blocks=True)  # it only parses


def _stays(name: str, templates: Mapping[str, frozenset[str]], known: Mapping[str, Any]) -> bool:
    """Whether all that a template needs, directly or not, is unknown: then it is no template but text."""
    needed: dict[str, None] = {}
    waiting = sorted(templates[name])
    while waiting:
        one = waiting.pop()
        if one not in needed:
            needed[one] = None
            waiting += sorted(templates.get(one, ()))
    unknown = sorted(one for one in needed if one not in known)
    if unknown and len(unknown) < len(needed):
        raise ActionError(
            f"the parameter `{name}` needs `{unknown[0]}`, which is no parameter",
            kind="ParamException",
        )
    return bool(unknown)


def _ordered(templates: Mapping[str, frozenset[str]]) -> Iterable[str]:
    """The templates, each after those that it needs."""
    from graphlib import CycleError, TopologicalSorter

    graph = {name: sorted(needs & templates.keys()) for name, needs in templates.items()}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(f"`{name}`" for name in error.args[1])
        raise ActionError(
            f"parameters need each other in a circle: {circle}", kind="ParamException"
        ) from error


def _render(name: str, template: Any, known: Mapping[str, Any]) -> Any:
    from st2lang.evaluation import EvaluationError, Scope, render_chain

    structure = isinstance(template, list | dict)
    text = _WHOLE.sub(r"{{\1 | to_complex}}", json.dumps(template)) if structure else template
    try:
        rendered = render_chain(text, Scope(known))
        return json.loads(rendered) if structure else rendered
    except EvaluationError as error:
        raise ActionError(
            f"the parameter `{name}` cannot be rendered: {error.message}", kind="ParamException"
        ) from error
    except ValueError as error:
        raise ActionError(
            f"the parameter `{name}` cannot be rendered: the result is no JSON ({error})",
            kind="ParamException",
        ) from error
