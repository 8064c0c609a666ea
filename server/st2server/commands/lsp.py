"""`st2c lsp`: the language server, for editors to start."""

from __future__ import annotations

import argparse
import logging
import sys

from st2lang.commands.options import UsageError, choice, count

SUMMARY = "run the language server"

LEVELS = ("error", "warning", "info", "debug")
EPILOG = """examples:
  st2c lsp                            over standard input and output, as editors start it
  st2c lsp --tcp 2087                 for one editor, on 127.0.0.1
  st2c lsp --log-file st2c.log --log-level debug

How to set up an editor: docs/editors.md"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="standard input and output (default)")
    way.add_argument("--tcp", type=count, metavar="PORT", help="a port of 127.0.0.1")
    way.add_argument("--ws", type=count, metavar="PORT", help="WebSocket on a port of 127.0.0.1")
    parser.add_argument(
        "--log-level",
        type=choice(*LEVELS),
        choices=LEVELS,
        default="warning",
        metavar="LEVEL",
        help="error, warning (default), info or debug",
    )
    parser.add_argument("--log-file", metavar="FILE", help="where the log goes (default: stderr)")


def run(args: argparse.Namespace) -> int:
    """Serve until the editor leaves."""
    try:
        from st2server.app import create
    except ImportError as error:
        raise UsageError(f"the language server cannot be loaded: {error}") from error
    _log(args.log_level, args.log_file)
    server = create()
    try:
        if args.tcp:
            server.start_tcp("127.0.0.1", args.tcp)
        elif args.ws:
            server.start_ws("127.0.0.1", args.ws)
        else:
            server.start_io()
    except OSError as error:
        raise UsageError(f"the server cannot listen: {error.strerror or error}") from error
    return 0


def _log(level: str, name: str | None) -> None:
    try:
        handler: logging.Handler = (
            logging.FileHandler(name, encoding="utf-8")
            if name
            else logging.StreamHandler(sys.stderr)
        )
    except OSError as error:
        raise UsageError(f"cannot write the log to `{name}`: {error.strerror}") from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler])
