"""The classes of the protocol, defined in less time.

lsprotocol has more than five hundred of them, and attrs writes methods for each when it is imported: that is half of
what the server needs until it can answer. A `__repr__` and the second class that `slots` takes are nearly half of
that, and nobody here prints these objects, except to a log for debugging, or has so many of them that slots would save
memory.
"""

from __future__ import annotations

import importlib
from functools import partial

import attrs


def load() -> None:
    """Import lsprotocol's types, before anything else does; where they are imported already, they stay as they are."""
    define = attrs.define
    attrs.define = partial(define, repr=False, slots=False)
    try:
        importlib.import_module("lsprotocol.types")
    finally:
        attrs.define = define
