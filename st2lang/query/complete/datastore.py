"""Keys of the datastore: those that the pack's files use somewhere.

What a datastore holds is known to the server that it belongs to. What a pack asks of it stands in its
files; they are gone through word by word, without parsing them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache

from st2lang.query import _loose
from st2lang.query.complete.asking import Ask
from st2lang.query.complete.model import Idea, Sort
from st2lang.query.segments import Form, lex, segments
from st2lang.symbols import Use

_MOST_FILES = 500


def keys(ask: Ask) -> Iterator[Idea]:
    """The keys with their scopes, those of this file first."""
    here = keys_in(ask.document.source.text)
    for key in sorted(here):
        yield Idea(key, Sort.DATASTORE_KEY, rank=2, detail="used in this file")
    for key in sorted(_elsewhere(ask) - here):
        yield Idea(key, Sort.DATASTORE_KEY, rank=3, detail="used in this pack")
    for scope in ("system", "user"):
        yield Idea(f"{scope}.", Sort.DATASTORE_KEY, rank=5, detail=f"a key of the {scope} scope")


def _elsewhere(ask: Ask) -> set[str]:
    home = ask.document.catalog.home if ask.document.catalog is not None else None
    if home is None or not home.path:
        return set()
    own = os.path.abspath(ask.document.source.path)
    found: set[str] = set()
    for path in pack_files(home.path):
        if path != own:
            found |= keys_in(ask.workspace.text(path))
    return found


def pack_files(pack: str) -> Iterable[str]:
    """The YAML files of a pack's actions and what lies beside them."""
    found: list[str] = []
    for folder, folders, files in os.walk(pack):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED)
        found += (os.path.join(folder, f) for f in sorted(files) if f.endswith((".yaml", ".yml")))
        if len(found) > _MOST_FILES:
            break
    return found[:_MOST_FILES]


_SKIPPED = frozenset({"node_modules", "venv", "virtualenvs", "__pycache__", "tests"})


@lru_cache(maxsize=1024)
def keys_in(text: str) -> frozenset[str]:
    """The keys that a text asks the datastore for."""
    if "st2kv" not in text:
        return frozenset()
    found: set[str] = set()
    for segment in segments(text):
        code = text[segment.base : segment.stop]
        if "st2kv" in code:
            found.update(_called(segment.language, code))
            found.update(_dotted(segment.language, code))
    return frozenset(found)


def _called(language: str, code: str) -> Iterator[str]:
    for use, name, _ in _loose.uses(language, code, True):
        if use is Use.KEY and name:
            yield name


def _dotted(language: str, code: str) -> Iterator[str]:
    """`st2kv.system.key`."""
    words = lex(language, code)
    for at, word in enumerate(words):
        if word.text == "st2kv" and word.form is Form.NAME:
            names = [w.text for w in words[at + 2 : at + 12 : 2] if w.form is Form.NAME]
            if len(names) > 1 and names[0] in ("system", "user"):
                yield ".".join(names[:2])
