"""Where parser events come from: libyaml through PyYAML, as StackStorm itself reads YAML.

Events with marks are far cheaper than anything that composes nodes. PyYAML's binding is used
rather than another one because the scanner then is the very one that will load the file later:
ruamel.yaml's, for example, brings an older libyaml, which refuses `{url: http://host}` and
`[<% ctx(x)?.y %>]`. Where PyYAML comes without libyaml its own parser gives the same events, more
slowly. Marks count characters in both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from yaml import SafeLoader, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

Parser: Callable[[str], Any]
try:
    from yaml._yaml import CParser

    Parser = CParser
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    Parser = SafeLoader

__all__ = [
    "ILLEGAL",
    "AliasEvent",
    "DocumentEndEvent",
    "DocumentStartEvent",
    "Failure",
    "MappingEndEvent",
    "MappingStartEvent",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "YAMLError",
    "event_source",
    "failure",
]


ILLEGAL = "illegal characters"
"""The reason of a failure for characters that no YAML may have."""


class Failure(NamedTuple):
    """Why the parser stopped: its own words, and the offsets of the place and of its context."""

    reason: str
    offset: int
    context: str = ""
    context_offset: int | None = None


def event_source(text: str) -> Callable[[], Any]:
    """A function that returns the next event of the text, raising YAMLError."""
    get: Callable[[], Any] = Parser(text).get_event
    return get


def failure(error: Any, base: int) -> Failure:
    """What a YAMLError says about a chunk that starts at offset `base`."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Failure(ILLEGAL if hasattr(error, "character") else str(error), base)
    context = error.context_mark
    return Failure(
        str(error.problem),
        base + mark.index,
        str(error.context or ""),
        None if context is None else base + context.index,
    )
