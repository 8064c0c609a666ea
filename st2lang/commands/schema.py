"""`st2c schema`: JSON Schemas of the files in a pack, for editors without a language server."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from st2lang.commands.options import UsageError

if TYPE_CHECKING:
    from st2lang.schemas import Kind

SUMMARY = "print the JSON Schema of workflows, metadata or rehearsals"

ALL = "all"
EPILOG = """examples:
  st2c schema                            the kinds of files there are
  st2c schema orquesta -o orquesta.schema.json
  st2c schema all -o .schemas            all of them, and the settings for an editor that go with them

In an editor with yaml-language-server, the first line of a file may name its schema:
  # yaml-language-server: $schema=orquesta.schema.json
The schemas are of draft 7. They know what a file may look like, and nothing of expressions and of other
files: `st2c lsp` and `st2c check` tell more."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "kind",
        nargs="?",
        metavar="KIND",
        help="a kind of files, or `all` (default: list the kinds)",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        help="the file to write, - for the standard output (default); for `all` the folder",
    )


def run(args: argparse.Namespace) -> int:
    """Print or write a schema; without a kind, list the kinds."""
    from st2lang import schemas
    from st2lang.commands import output

    if args.kind is None:
        for kind in schemas.KINDS.values():
            print(f"{kind.name:<14}{kind.summary}")
    elif args.kind == ALL:
        if args.output in (None, "-"):
            raise UsageError("`st2c schema all` writes several files: name a folder with -o")
        for name in schemas.KINDS:
            path = os.path.join(args.output, schemas.file_name(name))
            output.write(path, schemas.text(name))
        output.write(None, settings(args.output, schemas.KINDS.values()))
    elif args.kind in schemas.KINDS:
        output.write(args.output, schemas.text(args.kind))
    else:
        from st2lang.suggest import did_you_mean, listing

        known = [*schemas.KINDS, ALL]
        near = did_you_mean(args.kind, known)
        raise UsageError(f"there is no kind `{args.kind}`: it is one of {listing(known)}{near}")
    return 0


def settings(folder: str, kinds: Iterable[Kind]) -> str:
    """The settings of yaml-language-server that give every kind of files its schema."""
    import json

    from st2lang.schemas import file_name

    shown = folder.replace(os.sep, "/").rstrip("/")
    place = shown if os.path.isabs(folder) or shown.startswith(("./", "../")) else f"./{shown}"
    found = {f"{place}/{file_name(kind.name)}": [f"**/{p}" for p in kind.files] for kind in kinds}
    return json.dumps({"yaml.schemas": found}, indent=2) + "\n"
