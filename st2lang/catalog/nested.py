"""What is inside a list or a mapping that is passed to a parameter.

The keywords that metadata really uses are judged here; a schema with any other (alternatives,
dependencies …) is left to jsonschema, which takes longer to load than everything else takes to run, and
whose findings are told in our words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from st2lang.catalog.models import TYPES, mapping, types_of
from st2lang.catalog.values import describe, is_a, is_dynamic, limits, mismatch, words_for
from st2lang.suggest import did_you_mean, listing

Path = tuple[str | int, ...]
Wrong = tuple[Path, str]

_SIMPLE = frozenset(
    [
        "type",
        "enum",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "items",
        "minItems",
        "maxItems",
        "properties",
        "additionalProperties",
        "required",
        "default",
        "description",
        "title",
        "secret",
        "immutable",
        "position",
    ]
)


def check_nested(schema: Mapping[str, Any], value: Any) -> str | None:
    """What is wrong inside a list or mapping (or with alternatives), as the rest of a sentence."""
    wrong = _simply(schema, value, ()) if _is_simple(schema) else _by_jsonschema(schema, value)
    if wrong is None:
        return None
    path, said = wrong
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"is wrong at `{place.lstrip('.')}`: {said}" if path else said


def _is_simple(schema: Any, depth: int = 0) -> bool:
    """True for a sound schema of the common keywords, down to the last level."""
    if not isinstance(schema, Mapping) or depth > 50:
        return False
    if not schema.keys() <= _SIMPLE or not isinstance(schema.get("type", ""), str):
        return False
    properties, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
    return (
        isinstance(properties, Mapping)
        and all(_is_simple(inner, depth + 1) for inner in properties.values())
        and ("items" not in schema or _is_simple(schema["items"], depth + 1))
        and (isinstance(rest, bool) or _is_simple(rest, depth + 1))
    )


def _simply(schema: Mapping[str, Any], value: Any, path: Path) -> Wrong | None:
    """The first thing wrong by a simple schema."""
    types = types_of(schema)
    if is_dynamic(value) or any(name not in TYPES for name in types):
        return None
    if types and not any(is_a(name, value) for name in types):
        return path, f"expects {words_for(types)}, not {describe(value)}"
    if told := limits(schema, value):
        return path, told
    if isinstance(value, list):
        return _list(schema, value, path)
    return _mapping(schema, value, path) if isinstance(value, Mapping) else None


def _list(schema: Mapping[str, Any], value: list[Any], path: Path) -> Wrong | None:
    for keyword, beyond in (("minItems", len(value).__lt__), ("maxItems", len(value).__gt__)):
        limit = schema.get(keyword)
        if isinstance(limit, int) and not isinstance(limit, bool) and beyond(limit):
            return path, _count(keyword, limit, len(value))
    items = mapping(schema.get("items"))
    found = (_simply(items, item, (*path, index)) for index, item in enumerate(value))
    return next((wrong for wrong in found if wrong), None)


def _mapping(schema: Mapping[str, Any], value: Mapping[str, Any], path: Path) -> Wrong | None:
    properties, rest = mapping(schema.get("properties")), schema.get("additionalProperties")
    missing = [n for n, p in properties.items() if p.get("required") is True and n not in value]
    if missing:
        return path, f"lacks {listing(missing, 'and')}"
    extra = [str(name) for name in value if name not in properties]
    if rest is False and extra:
        return path, _unknown(extra, properties)
    for name, item in value.items():
        inner = mapping(properties.get(name, rest))
        if item is None and name in properties and inner.get("required") is not True:
            continue  # StackStorm lets an optional property be null
        if wrong := _simply(inner, item, (*path, name)):
            return wrong
    return None


def _count(keyword: str, limit: int, count: int) -> str:
    entries = "1 entry" if count == 1 else f"{count or 'no'} entries"
    bound = "at least" if keyword.startswith("min") else "at most"
    return f"has {entries}, {bound} {limit} {'must' if bound == 'at least' else 'may'} be there"


def _unknown(extra: list[str], known: Mapping[str, Any]) -> str:
    hint = did_you_mean(extra[0], known) if len(extra) == 1 else ""
    return f"does not know {listing(extra, 'and')}{hint}"


def _by_jsonschema(schema: Mapping[str, Any], value: Any) -> Wrong | None:
    import jsonschema

    standard = draft4(schema)
    try:
        jsonschema.Draft4Validator.check_schema(standard)
        errors = jsonschema.Draft4Validator(standard).iter_errors(value)
        known = [e for e in _leaves(errors) if not is_dynamic(e.instance)]
    except Exception:  # a schema from a file can be broken in more ways than can be named
        return None
    if not known:
        return None
    worst = max(known, key=lambda error: len(error.absolute_path))
    return tuple(worst.absolute_path), _explain(worst)


def draft4(schema: Any, depth: int = 0) -> Any:
    """A StackStorm schema in standard Draft 4: `required: true` moves out of the properties.

    References are left out: StackStorm does not follow them to anywhere useful, and nothing is fetched.
    """
    if isinstance(schema, list):
        return [draft4(item, depth + 1) for item in schema]
    if not isinstance(schema, Mapping) or depth > 50:
        return schema
    plain = {
        key: item if key in ("enum", "default") else draft4(item, depth + 1)
        for key, item in schema.items()
        if key not in ("required", "$ref", "id", "$schema") or isinstance(item, Mapping)
    }
    properties = mapping(schema.get("properties"))
    names = [n for n, p in properties.items() if mapping(p).get("required") is True]
    listed = schema.get("required")
    names += [n for n in listed if isinstance(n, str)] if isinstance(listed, list) else []
    return {**plain, "required": sorted(set(names))} if names else plain


def _leaves(errors: Any) -> Iterator[Any]:
    """The errors that say something: the branches of an alternative rather than the alternative."""
    for error in errors:
        if error.validator in ("anyOf", "oneOf") and error.context:
            if not any(is_dynamic(inner.instance) for inner in error.context):
                yield error
        else:
            yield error


def _explain(error: Any) -> str:
    wrong, limit = error.instance, error.validator_value
    match error.validator:
        case "type":
            names = (limit,) if isinstance(limit, str) else tuple(limit)
            return f"expects {words_for(names)}, not {describe(wrong)}"
        case "required":
            return f"lacks {listing([name for name in limit if name not in wrong], 'and')}"
        case "additionalProperties":
            known = mapping(error.schema.get("properties"))
            patterns = mapping(error.schema.get("patternProperties"))
            extra = [n for n in wrong if n not in known and all(mismatch(p, n) for p in patterns)]
            return _unknown(extra, known)
        case "anyOf" | "oneOf":
            types = types_of(error.schema)
            fits = not types or any(is_a(name, wrong) for name in types)
            hint = "" if fits else f": expects {words_for(types)}"
            return f"does not take {describe(wrong)}{hint}"
        case "minItems" | "minProperties" | "maxItems" | "maxProperties" as keyword:
            return _count(keyword, limit, len(wrong))
        case "uniqueItems":
            return "must not have the same entry twice"
    return limits(error.schema, wrong) or f"does not take {describe(wrong)}"
