"""Would StackStorm take this value for this parameter?

StackStorm casts what it is given to the declared type before it validates (st2common util/casts.py,
util/param.py, util/schema): `"5"` is fine for an integer and `"[1, 2]"` for an array, while the number 5 is
refused where text is asked for. What the cast accepts is no mistake here either. Text with an expression
in it is never judged: its value is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from st2lang.catalog.models import Parameter, types_of
from st2lang.suggest import did_you_mean, listing

_LONGEST = 2000
_NESTED = {
    "items",
    "properties",
    "patternProperties",
    "additionalProperties",
    "dependencies",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "uniqueItems",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
}
_WORDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}


def check_value(parameter: Parameter, value: Any) -> str | None:
    """What is wrong with passing `value`, as a sentence about the parameter; None when it would be taken.

    `value` is plain data as YAML gives it.
    """
    if value is None:
        if parameter.must_be_given and "null" not in parameter.types:
            return f"parameter `{parameter.name}` is required and cannot be null"
        return None
    complaint = check_against(parameter.schema, value)
    return f"parameter `{parameter.name}` {complaint}" if complaint else None


def check_against(schema: Mapping[str, Any], value: Any) -> str | None:
    """What is wrong with `value` after the cast, as the rest of a sentence, or None."""
    if is_dynamic(value):
        return None
    given, types = value, types_of(schema)
    if any(name not in _WORDS for name in types):
        return None
    if len(types) == 1:
        try:
            value = cast(types[0], value)
        except _CAST_ERRORS:
            return _expects(types, given)
        if value is None:
            return None
    if types and not any(is_a(name, value) for name in types):
        return _expects(types, given)
    told = limits(schema, value)
    if told is None and _NESTED & schema.keys():
        from st2lang.catalog.nested import check_nested

        told = check_nested(schema, value)
    return told


def is_dynamic(value: Any) -> bool:
    """True for text that holds an expression, so that its value is known only when it runs."""
    return isinstance(value, str) and ("<%" in value or "{{" in value or "{%" in value)


_CAST_ERRORS = (ValueError, TypeError, SyntaxError, OverflowError, MemoryError, RecursionError)


def cast(name: str, value: Any) -> Any:
    """`value` as StackStorm casts it to the type `name`. Raises one of a few errors when it refuses."""
    match name:
        case "integer":
            return int(value)
        case "number":
            return float(value)
        case "boolean" if isinstance(value, str):
            return _literal(value.capitalize())
        case "array" | "object" if isinstance(value, str):
            return _json(value)
        case "string" if not isinstance(value, str):
            raise ValueError("only text is text")
    return value


def is_a(name: str, value: Any) -> bool:
    """True when `value` is of this JSON type."""
    match name:
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, Mapping)
        case "boolean":
            return isinstance(value, bool)
        case "null":
            return value is None
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
    return False


def words_for(types: tuple[str, ...]) -> str:
    """`a whole number or text`."""
    words = [_WORDS.get(name, name) for name in types]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" or {words[-1]}"


def describe(value: Any) -> str:
    """A value in a message: short and with its kind."""
    match value:
        case None | True | False:
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return f'the text "{value}"' if len(value) <= 60 else f'the text "{value[:57]}..."'
        case int() | float():
            return f"the number {value}" if not _huge(value) else "a very long number"
        case list():
            return "a list" if value else "an empty list"
        case Mapping():
            return "a mapping" if value else "an empty mapping"
    return f"`{value}`"


def _huge(value: float) -> bool:
    return isinstance(value, int) and value.bit_length() > 200


def _expects(types: tuple[str, ...], value: Any) -> str:
    message = f"expects {words_for(types)}, not {describe(value)}"
    if types == ("string",) and not isinstance(value, (list, Mapping)):
        message += " (StackStorm does not turn it into text: put it in quotes)"
    return message


def _literal(value: str) -> Any:
    import ast
    import warnings

    if len(value) > _LONGEST:
        raise ValueError("too long to be a literal")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.literal_eval(value)


def _json(value: str) -> Any:
    import json

    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return _literal(value)


def limits(schema: Mapping[str, Any], value: Any) -> str | None:
    """What is wrong by enum, pattern, length and range; None when nothing is."""
    allowed = schema.get("enum")
    if isinstance(allowed, list) and not any(_same(value, option) for option in allowed):
        names = [_plain(option) for option in allowed]
        hint = did_you_mean(value, names) if isinstance(value, str) else ""
        return f"must be {listing(names)}, not {describe(value)}{hint}"
    if isinstance(value, str):
        return _text_limits(schema, value)
    if is_a("number", value):
        return _range(schema, value)
    return None


def _plain(value: Any) -> str:
    """A value of an enumeration as one would write it."""
    return value if isinstance(value, str) else str(value).lower()


def _same(value: Any, option: Any) -> bool:
    """JSON equality: 1 is not true."""
    return bool(value == option) and isinstance(value, bool) == isinstance(option, bool)


def _text_limits(schema: Mapping[str, Any], value: str) -> str | None:
    least, most = _bound(schema, "minLength"), _bound(schema, "maxLength")
    if least is not None and len(value) < least:
        return f"must have at least {least} characters, {describe(value)} has {len(value)}"
    if most is not None and len(value) > most:
        return f"must have at most {most} characters, {describe(value)} has {len(value)}"
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and len(value) <= _LONGEST and mismatch(pattern, value):
        return f"must match the pattern `{pattern}`, {describe(value)} does not"
    return None


def mismatch(pattern: str, value: str) -> bool:
    """True when the pattern is sound and found nowhere in the text."""
    try:
        return re.search(pattern, value) is None
    except (re.error, RecursionError, OverflowError):
        return False


def _range(schema: Mapping[str, Any], value: float) -> str | None:
    least, most = _bound(schema, "minimum"), _bound(schema, "maximum")
    above, below = (schema.get(f"exclusive{name}") is True for name in ("Minimum", "Maximum"))
    if least is not None and (value < least or (above and value == least)):
        return f"must be {'more than' if above else 'at least'} {least}, not {_short(value)}"
    if most is not None and (value > most or (below and value == most)):
        return f"must be {'less than' if below else 'at most'} {most}, not {_short(value)}"
    return None


def _short(number: float) -> str:
    if _huge(number):
        return "a very long number"
    return f"{number:.15g}" if isinstance(number, float) else str(number)


def _bound(schema: Mapping[str, Any], name: str) -> float | None:
    bound = schema.get(name)
    return bound if isinstance(bound, (int, float)) and not isinstance(bound, bool) else None
