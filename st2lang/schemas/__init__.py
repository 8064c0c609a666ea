"""What files look like, as JSON Schema, for editors and people without a language server.

The schemas are made of the shapes that the checks validate with: whatever `st2c check` finds no mistake in
is valid. They say less than the checks do, for they know nothing of expressions, nor of other files.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from st2lang.record import record
from st2lang.schemas import made

Schema = dict[str, Any]


@record
class Kind:
    """A kind of files. `files` are patterns of where they usually lie in a pack."""

    name: str
    summary: str
    files: tuple[str, ...]
    make: Callable[[], Schema]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("orquesta", "an Orquesta workflow", ("actions/workflows/*.yaml",), made.orquesta),
        Kind("action-chain", "an ActionChain", ("actions/chains/*.yaml",), made.chain),
        Kind("action", "the metadata of an action", ("actions/*.yaml",), made.action),
        Kind("pack", "`pack.yaml`", ("pack.yaml",), made.pack),
        Kind("config", "`config.schema.yaml`", ("config.schema.yaml",), made.config),
        Kind(
            "rehearsal",
            "a case for `st2c test`",
            ("tests/rehearsals/*.yaml",),
            made.rehearsal,
        ),
    )
}


def schema(name: str) -> Schema:
    """The JSON Schema (draft 7) of a kind of files. Raises KeyError."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": file_name(name),
        **KINDS[name].make(),
    }


def text(name: str) -> str:
    """A schema as a file. Raises KeyError."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def file_name(name: str) -> str:
    """What the file of a schema is called."""
    return f"{name}.schema.json"
