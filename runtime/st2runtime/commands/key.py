"""`st2c key`: the keys of the local datastore, in StackStorm's words."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from st2lang.commands.options import Formatter, Parser, UsageError, choice, count
from st2lang.suggest import nearest
from st2runtime.commands.stores import database_option

if TYPE_CHECKING:
    from st2runtime.datastore import Datastore

SUMMARY = "read and write the keys of the local datastore"

FORMATS = ("text", "json", "yaml")
EPILOG = """examples:
  st2c key set region eu-west-1                    `st2kv('system.region')` in a workflow
  st2c key set token - --encrypt                   asks for the value, or reads it from a pipe
  st2c key set attempts 3 --ttl 3600 --scope user  gone after an hour; `st2kv.user.attempts`
  st2c key set hosts '[a, b]' --convert            JSON from YAML: ["a", "b"]
  st2c key get token --decrypt
  st2c key list --prefix aws. --format json
  st2c key load keys.yaml                          a list of {name, value, scope, secret, ttl, user}
  st2c key delete region

The file is ST2C_DATASTORE, else one in your folder for data; the key file for secrets is
ST2C_KEY_FILE, else FILE.key beside it. --database (or ST2C_DATABASE) has the keys of many machines.
exit codes: 0 found or done, 1 there is no such key, 2 wrong use or unusable datastore"""


class _Careful(Parser):
    """A parser that does not repeat what it does not understand: it may be a part of a secret."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self._refuse(unknown)
        return found, []

    def _refuse(self, unknown: list[str]) -> NoReturn:
        known = [option for action in self._actions for option in action.option_strings]
        for word in unknown:
            name = word.partition("=")[0]
            near = nearest(name, known) if name.startswith("--") else None
            if near:
                self.error(f"unknown option `{name}`; did you mean `{near}`?")
        self.error(
            "there is more than it takes: put a value with spaces in quotes, and `--` before one "
            "that begins with `-`"
        )


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the commands and their arguments."""
    parser.epilog = EPILOG
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="COMMAND", parser_class=_Careful
    )

    get = _verb(verbs, "get", "print the value of a key")
    get.add_argument("name", metavar="NAME", help="the name of the key")
    _decrypt(get)
    _scope(get, "system", "system (default) or user")

    write = _verb(verbs, "set", "write a key")
    write.add_argument("name", metavar="NAME", help="the name of the key")
    write.add_argument("value", metavar="VALUE", help="its value; - for the standard input")
    secret = ("-e", "--encrypt", "--secret")
    write.add_argument(*secret, dest="secret", action="store_true", help="keep it encrypted")
    write.add_argument("-l", "--ttl", type=count, metavar="SECONDS", help="how long to keep it")
    write.add_argument(
        "-c", "--convert", action="store_true", help="VALUE is JSON or YAML: keep it as JSON"
    )
    _scope(write, "system", "system (default) or user")

    show = _verb(verbs, "list", "list keys")
    show.add_argument(
        "-p", "--prefix", metavar="PREFIX", default="", help="only names that begin with this"
    )
    _decrypt(show)
    show.add_argument("-n", "--limit", type=count, metavar="N", help="at most so many")
    _scope(show, "all", "system, user or all (default)", "all")

    delete = _verb(verbs, "delete", "remove a key")
    delete.add_argument("name", metavar="NAME", help="the name of the key")
    _scope(delete, "system", "system (default) or user")

    load = _verb(verbs, "load", "write all keys that a file lists, or none if it has a mistake")
    load.add_argument("file", metavar="FILE", help="JSON or YAML; - for the standard input")
    load.add_argument(
        "-c", "--convert", action="store_true", help="values that are no text become JSON"
    )


def _verb(verbs: Any, name: str, summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(
        name, help=summary, description=summary, formatter_class=Formatter, allow_abbrev=False
    )
    parser.add_argument("-u", "--user", metavar="NAME", help="whose keys the scope user means")
    parser.add_argument("--datastore", metavar="FILE", help="the file to use")
    database_option(parser)
    parser.add_argument(
        "--format",
        type=choice(*FORMATS),
        choices=FORMATS,
        default="text",
        metavar="FORMAT",
        help=f"one of {', '.join(FORMATS)} (default: text)",
    )
    return parser


def _scope(parser: argparse.ArgumentParser, default: str, words: str, *more: str) -> None:
    scopes = ("system", "user", *more)
    parser.add_argument(
        "-s",
        "--scope",
        type=choice(*scopes),
        choices=scopes,
        default=default,
        metavar="SCOPE",
        help=words,
    )


def _decrypt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-d", "--decrypt", action="store_true", help="show secrets in clear")


def run(args: argparse.Namespace) -> int:
    """Do it; see EPILOG for the exit codes."""
    from st2lang.commands.terminal import printable
    from st2runtime.datastore import DEFAULT_USER, DatastoreError, default_path
    from st2runtime.datastore.opening import opened
    from st2runtime.distributed.address import named

    if args.user is not None and getattr(args, "scope", "") == "system":
        raise UsageError("--user goes with --scope user: the system's keys are nobody's")
    if args.datastore and args.database:
        raise UsageError("--datastore is a file of this machine, --database is for many: give one")
    place = args.datastore or named(args.database) or str(default_path())
    try:
        with opened(place, DEFAULT_USER if args.user is None else args.user) as store:
            return _VERBS[args.verb](store, args)
    except DatastoreError as error:
        raise UsageError(printable(str(error))) from error


def _get(store: Datastore, args: argparse.Namespace) -> int:
    from st2runtime.commands import key_output

    item = store.get(args.name, args.scope, args.decrypt)
    if item is None:
        return _missing(store, args)
    key_output.one(item, args.format)
    if item.encrypted and args.format == "text":
        print("st2c: it is a secret: --decrypt shows it", file=sys.stderr)
    return 0


def _set(store: Datastore, args: argparse.Namespace) -> int:
    from st2runtime.commands import key_input, key_output

    value = key_input.value(args.name, args.value, args.convert)
    before = store.get(args.name, args.scope)
    item = store.set(args.name, value, scope=args.scope, secret=args.secret, ttl=args.ttl)
    key_output.done("set", [item], args.format)
    if before is not None and before.secret and not item.secret:
        print(
            "st2c: warning: it was a secret and its new value is not: --encrypt keeps it one",
            file=sys.stderr,
        )
    return 0


def _list(store: Datastore, args: argparse.Namespace) -> int:
    from st2runtime.commands import key_output

    limit = None if args.limit is None else args.limit + 1
    items = store.list(args.prefix, args.scope, args.decrypt, args.user, limit)
    key_output.many(items[: args.limit], args.format)
    if args.limit is not None and len(items) > args.limit:
        print("st2c: there are more: raise --limit to see them", file=sys.stderr)
    return 0


def _delete(store: Datastore, args: argparse.Namespace) -> int:
    from st2runtime.commands import key_output

    item = store.get(args.name, args.scope)
    if item is None or not store.delete(args.name, args.scope):
        return _missing(store, args)
    key_output.done("deleted", [item], args.format)
    return 0


def _load(store: Datastore, args: argparse.Namespace) -> int:
    from st2runtime.commands import key_input, key_output

    items = store.put(key_input.entries(args.file, store.user, args.convert))
    key_output.done("set", items, args.format)
    if not items:
        print("st2c: there are no keys in it", file=sys.stderr)
    return 0


def _missing(store: Datastore, args: argparse.Namespace) -> int:
    """Say that there is no such key, and where there is one."""
    from st2lang.commands.terminal import printable
    from st2lang.suggest import did_you_mean

    whose = "of the system" if args.scope == "system" else f"of the user `{store.user}`"
    other = "user" if args.scope == "system" else "system"
    if store.get(args.name, other):
        hint = f"; there is one with --scope {other}"
    else:
        user = store.user if args.scope == "user" else None
        known = store.list("", args.scope, user=user)
        hint = did_you_mean(args.name, [item.name for item in known])
    message = f"there is no key `{args.name}` {whose}{hint}"
    print(f"st2c: {printable(message)}", file=sys.stderr)
    return 1


_VERBS = {"get": _get, "set": _set, "list": _list, "delete": _delete, "load": _load}
