"""Says what is wrong with data that is no graph, by the published schema."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import resources
from typing import Any

from st2lang.suggest import did_you_mean

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def schema() -> dict[str, Any]:
    """The JSON Schema of the written form (draft 2020-12)."""
    text = resources.files("st2lang.graph").joinpath("graph.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def explain(data: Any) -> str:
    """Where data differs from the schema, and how: the first place in the order of the data."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(schema()).iter_errors(data))
    if error is None:
        return "the graph is damaged"
    return f"the graph is damaged: {_where(error.absolute_path, data)}{_what(error)}"


def _where(path: Iterable[str | int], data: Any) -> str:
    """`tasks[3].join: `, with the name of the task."""
    steps = list(path)
    shown = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in steps).lstrip(".")
    if len(steps) > 1 and steps[0] == "tasks":
        task = data["tasks"][steps[1]]
        name = task.get("name") if isinstance(task, dict) else None
        if isinstance(name, str) and steps[2:] != ["name"]:
            shown += f" (task `{name}`)"
    return f"{shown}: " if shown else ""


def _what(error: Any) -> str:
    """One `jsonschema.ValidationError` in our words."""
    value, expected = error.instance, error.validator_value
    match error.validator:
        case "type":
            names = [expected] if isinstance(expected, str) else expected
            return f"must be {_or(_TYPES[name] for name in names)}, not {_shown(value)}"
        case "const":
            return f"must be {_shown(expected)}, not {_shown(value)}"
        case "enum":
            return f"must be {_or(map(_shown, expected))}, not {_shown(value)}"
        case "required":
            missing = next(name for name in expected if name not in value)
            return f"`{missing}` is missing"
        case "additionalProperties":
            known = error.schema.get("properties", {})
            other = next(name for name in value if name not in known)
            return f"`{other}` is unknown{did_you_mean(other, known)}"
        case "minimum":
            return f"must be at least {expected}, not {_shown(value)}"
        case "pattern":
            return f"must be a place such as `5:13-5:22`, not {_shown(value)}"
        case _:
            return str(error.message)


def _or(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"
