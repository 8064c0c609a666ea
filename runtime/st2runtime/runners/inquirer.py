"""`inquirer` (`core.ask`): questions to a person, whose answers must fit a schema.

Specified by `contrib/runners/inquirer_runner` and `st2common/services/inquiry.py`. In StackStorm the action is
`pending` until somebody responds; so it is here when there is nobody to ask.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from st2runtime.runners._outcomes import refused
from st2runtime.runners.base import Invocation, Outcome, Services

NAMES = ("inquirer",)

_TRIES = 3
_TTL = 1440
_CONTINUE: Mapping[str, Any] = {
    "title": "response_data",
    "type": "object",
    "properties": {"continue": {"type": "boolean", "required": True}},
}


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Ask for what `schema` describes.

    The result is the inquiry with `response`, the answers. Without answers after `ttl` minutes (0: no limit)
    the status is `timeout`, without anybody to ask `pending`.
    """
    parameters = invocation.parameters
    given = parameters.get("ttl")
    ttl = float(_TTL if given is None else given)
    inquiry: dict[str, Any] = {
        "schema": parameters.get("schema") or _CONTINUE,
        "roles": parameters.get("roles") or [],
        "users": parameters.get("users") or [],
        "route": parameters.get("route") or "",
        "ttl": _TTL if given is None else given,
    }
    try:
        async with asyncio.timeout(ttl * 60 or None):
            return await _ask(inquiry, services)
    except TimeoutError:
        return Outcome("timeout", inquiry)


async def _ask(inquiry: Mapping[str, Any], services: Services) -> Outcome:
    """Ask until the answers fit; whoever is asked sees in the context what was wrong."""
    if services.ask is None:
        return Outcome("pending", dict(inquiry))
    context = {name: value for name, value in inquiry.items() if name != "schema"}
    wrong = ""
    for _ in range(_TRIES):
        asked = {**context, "error": wrong} if wrong else context
        response = await services.ask(inquiry["schema"], asked)
        if response is None:
            return Outcome("pending", dict(inquiry))
        wrong = mistakes(inquiry["schema"], response)
        if not wrong:
            return Outcome("succeeded", {**inquiry, "response": response})
    return refused(f"the answers do not fit the schema of the inquiry: {wrong}")


def mistakes(schema: Any, response: Any) -> str:
    """What the schema has against the answers; "" for nothing."""
    import jsonschema

    from st2lang.catalog.nested import draft4

    standard = draft4(schema)
    try:
        jsonschema.Draft4Validator.check_schema(standard)
    except jsonschema.SchemaError as error:
        return f"the schema itself is wrong: {error.message}"
    found = jsonschema.Draft4Validator(standard).iter_errors(response)
    errors = sorted(found, key=lambda error: list(map(str, error.absolute_path)))
    if not errors:
        return ""
    place = ".".join(map(str, errors[0].absolute_path))
    return f"{place}: {errors[0].message}" if place else str(errors[0].message)
