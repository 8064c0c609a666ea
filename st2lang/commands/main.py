"""`st2c`: finds the subcommand, imports that one and runs it.

Reading the entry points of every installed distribution takes longer than checking a file, so the
commands of this distribution stand in a table (a test holds it against `pyproject.toml`) and the
entry points are read only for a name that is not in it, and for `--help`.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol

from st2lang.commands.options import Formatter, Parser, UsageError

GROUP = "st2c.commands"
COMMANDS = {
    "check": "st2lang.commands.check",
    "compile": "st2lang.commands.compile",
    "completion": "st2lang.commands.completion",
    "eval": "st2lang.commands.eval",
    "execution": "st2runtime.commands.execution",
    "explain": "st2lang.commands.explain",
    "fmt": "st2lang.commands.fmt",
    "graph": "st2lang.commands.graph",
    "inquiry": "st2runtime.commands.inquiry",
    "key": "st2runtime.commands.key",
    "lsp": "st2server.commands.lsp",
    "resume": "st2runtime.commands.resume",
    "run": "st2runtime.commands.run",
    "schema": "st2lang.commands.schema",
    "test": "st2runtime.commands.test",
    "worker": "st2runtime.commands.worker",
}
DESCRIPTION = "Check StackStorm workflows: Orquesta, ActionChain, and the YAQL and Jinja in them."
EXAMPLES = """examples:
  st2c check                      check every workflow below the current folder
  st2c check actions/ --fix       check a folder and apply the safe fixes
  st2c check --format json a.yaml print the problems for another program
  st2c explain undefined-task     what a check looks for, with examples

`st2c COMMAND --help` tells more about a command.
exit codes: 0 clean, 1 problems, 2 wrong use or unreadable input"""


class Command(Protocol):
    """What a command's module offers."""

    SUMMARY: str

    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run `st2c` with these arguments (the process's own by default); gives the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    try:
        code = _dispatch(arguments)
        if not sys.stdout.closed:  # the language server closes it when it leaves
            sys.stdout.flush()
    except UsageError as mistake:
        print(f"st2c: error: {mistake}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away; keep the interpreter from complaining when it flushes on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except SystemExit as leaving:  # argparse, after --help or a usage error
        return leaving.code if isinstance(leaving.code, int) else 2
    return code


def _dispatch(arguments: list[str]) -> int:
    name = arguments[0] if arguments else ""
    if name in ("", "-h", "--help", "help"):
        if name == "help" and len(arguments) > 1:
            return _dispatch([arguments[1], "--help"])
        print(overview(), file=sys.stdout if name else sys.stderr)
        return 0 if name else 2
    if name in ("-V", "--version"):
        from st2lang import __version__

        print(f"st2c {__version__}")
        return 0
    command = load(name)
    parser = parser_for(name, command)
    return command.run(parser.parse(arguments[1:]))


def load(name: str) -> Command:
    """The module of a command.

    Raises `UsageError` when there is no such command, or when an installed one cannot be imported.
    """
    place = COMMANDS.get(name) or installed().get(name)
    if place is None:
        from st2lang.suggest import did_you_mean

        kind = "option" if name.startswith("-") else "command"
        known = ["--help", "--version"] if kind == "option" else known_commands()
        raise UsageError(f"unknown {kind} `{name}`{did_you_mean(name, known)} (see `st2c --help`)")
    try:
        command: Command = importlib.import_module(place)
    except ImportError as error:
        raise UsageError(f"the command `{name}` cannot be loaded: {error}") from error
    return command


def installed() -> dict[str, str]:
    """Commands that other distributions bring: name → module."""
    from importlib.metadata import entry_points

    return {point.name: point.module for point in entry_points(group=GROUP)}


def known_commands() -> list[str]:
    """The names of all commands, sorted."""
    return sorted({*COMMANDS, *installed()})


def parser_for(name: str, command: Command) -> Parser:
    """The argument parser of one command."""
    parser = Parser(
        prog=f"st2c {name}",
        description=command.SUMMARY,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    command.configure(parser)
    return parser


def overview() -> str:
    """The text of `st2c --help`."""
    lines = [DESCRIPTION, "", "usage: st2c COMMAND [OPTIONS]", "", "commands:"]
    for name in known_commands():
        try:
            summary = load(name).SUMMARY
        except UsageError as mistake:
            summary = f"({mistake})"
        lines.append(f"  {name:<12} {summary}")
    lines += [
        "",
        "options:",
        "  -h, --help     show this help",
        "  -V, --version  show the version",
    ]
    return "\n".join([*lines, "", EXAMPLES])


def _speak_utf8() -> None:
    """Problems quote what people wrote: no code page may stop them from being printed."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
