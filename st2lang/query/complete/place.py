"""The record of a place in the YAML where something can be typed."""

from __future__ import annotations

from st2lang.problem import SpecPath
from st2lang.query.complete.writing import Fresh
from st2lang.record import record
from st2lang.yaml import Scalar


@record
class Slot:
    """A place for a key (of the mapping at `path`) or for the value at `path`.

    `fresh` is where and how a text that begins there is written; a value that stands there already is
    `scalar`, the cursor at `offset`. `typed` is what has been typed of it. Lines below it are indented
    from `column`. `taken` are the keys that the mapping has already, `followed` tells that a colon stands
    behind the key, `alone` that it is the first key of its mapping, `opened` that the place has just
    come into being: it is right behind the key or dash that it belongs to, or on the line below. `heads` is
    the JSON type of a block on the lines below that a key typed here would have for its value, "" for none.
    """

    path: SpecPath
    key: bool
    fresh: Fresh
    typed: str = ""
    column: int = 0
    scalar: Scalar | None = None
    offset: int = 0
    taken: frozenset[str] = frozenset()
    followed: bool = False
    alone: bool = False
    opened: bool = False
    heads: str = ""
    flow: bool = False
