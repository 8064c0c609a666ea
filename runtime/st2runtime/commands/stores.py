"""Which store the commands about executions look into, and how its errors are told."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import Formatter, UsageError, choice

if TYPE_CHECKING:
    from st2runtime.journal.store import Store

FORMATS = ("text", "json")


def verb(verbs: Any, name: str, summary: str) -> argparse.ArgumentParser:
    """A subcommand with the options that all of them have."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        name, help=summary, description=summary, formatter_class=Formatter, allow_abbrev=False
    )
    options(parser)
    return parser


def options(parser: argparse.ArgumentParser) -> None:
    """The options that all commands about executions have."""
    parser.add_argument(
        "--store", metavar="FILE", help="the journal to look into (ST2C_STORE names one too)"
    )
    parser.add_argument(
        "--format",
        type=choice(*FORMATS),
        choices=FORMATS,
        default="text",
        metavar="FORMAT",
        help="text (default) or json",
    )


def open_store(args: argparse.Namespace) -> Store:
    """The store that the arguments name."""
    from st2runtime.journal.file import FileStore

    return FileStore(args.store)


@contextmanager
def told() -> Iterator[None]:
    """Turns what is wrong with a journal into a `UsageError`."""
    from st2lang.commands.terminal import printable
    from st2runtime.journal.errors import JournalError

    try:
        yield
    except JournalError as error:
        raise UsageError(printable(str(error))) from error
