"""Which store the commands about executions look into, and how its errors are told."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from st2lang.commands.options import Formatter, UsageError, choice

if TYPE_CHECKING:
    from st2runtime.distributed.store import PostgresStore
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
    database_option(parser)
    parser.add_argument(
        "--format",
        type=choice(*FORMATS),
        choices=FORMATS,
        default="text",
        metavar="FORMAT",
        help="text (default) or json",
    )


def database_option(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """The option that names a database."""
    parser.add_argument(
        "--database",
        metavar="URL",
        help="executions of many machines: postgresql://USER@HOST/NAME (ST2C_DATABASE names one too)",
    )


def database(args: argparse.Namespace) -> str:
    """The URL of the database that the arguments name; "" when a file is meant."""
    from st2runtime.distributed.address import named

    if args.database and getattr(args, "store", None):
        raise UsageError("--store is a file of this machine, --database is for many: give one")
    return "" if getattr(args, "store", None) else named(args.database)


def open_store(args: argparse.Namespace) -> Store:
    """The store that the arguments name. Raises `JournalError`."""
    url = database(args)
    if url:
        return open_database(url)
    from st2runtime.journal.file import FileStore

    return FileStore(args.store)


def open_database(url: str) -> PostgresStore:
    """The store of many machines. Raises `JournalError`."""
    from st2runtime.distributed.address import Address

    address = Address(url)  # says what is missing before it is imported
    from st2runtime.distributed.store import PostgresStore

    return PostgresStore(address)


def of_many(store: Store) -> PostgresStore | None:
    """The store if workers go on with what is in it; None for a file."""
    return cast("PostgresStore", store) if store.of_many else None


@contextmanager
def told() -> Iterator[None]:
    """Turns what is wrong with a journal into a `UsageError`."""
    from st2lang.commands.terminal import printable
    from st2runtime.journal.errors import JournalError

    try:
        yield
    except JournalError as error:
        raise UsageError(printable(str(error))) from error
