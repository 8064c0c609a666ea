"""Problems with the keys of a mapping: duplicates, keys that cannot be keys, and merge keys."""

from __future__ import annotations

from typing import Any

from st2lang.problem import Problem, Related, SpecPath
from st2lang.source import Span
from st2lang.yaml.nodes import Mapping, Node, Scalar, Sequence, deref, is_merge
from st2lang.yaml.report import error, shorten, step


def key_problems(mapping: Mapping, path: SpecPath) -> list[Problem]:
    """What is wrong with the keys of this mapping.

    Keys are equal when PyYAML's are: `1` and `"1"` differ, `yes` and `true` do not. A key that a
    merge brings in as well is no duplicate.
    """
    problems: list[Problem] = []
    seen: dict[Any, Scalar] = {}
    for key, value in mapping.entries:
        target = deref(key)
        here = (*path, step(key))
        if not isinstance(target, Scalar):
            problems.append(_complex_key(target, key.span, here))
        elif is_merge(key):
            problems += _merge_problems(value, here)
        elif target.data in seen:
            problems.append(_duplicate(target, key.span, seen[target.data], here))
        else:
            seen[target.data] = target
    return problems


def _duplicate(key: Scalar, span: Span, first: Scalar, path: SpecPath) -> Problem:
    message = (
        f"the key `{shorten(key.value)}` is used twice in this mapping: only the last one counts"
    )
    if key.value != first.value:
        message = (
            f"the keys `{shorten(first.value)}` and `{shorten(key.value)}` are the same in YAML 1.1"
            f" ({key.data!r}): only the last one counts"
        )
    related = (Related("first defined here", first.span),)
    return error("duplicate-key", message, span, path, "Rename or remove one.", related)


def _complex_key(key: Node, span: Span, path: SpecPath) -> Problem:
    kind = "list" if isinstance(key, Sequence) else "mapping"
    return error(
        "yaml-complex-key",
        f"a {kind} cannot be a key",
        span,
        path,
        "If this is text, put it in quotes.",
    )


def _merge_problems(value: Node, path: SpecPath) -> list[Problem]:
    target = deref(value)
    items = target.items if isinstance(target, Sequence) else (value,)
    return [
        error(
            "yaml-bad-merge",
            "`<<` can only merge a mapping, or a list of mappings",
            item.span,
            path,
            "Name an anchored mapping, as in `<<: *defaults`.",
        )
        for item in items
        if not isinstance(deref(item), Mapping)
    ]
