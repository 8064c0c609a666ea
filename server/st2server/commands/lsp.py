"""`st2c lsp`: the language server, for editors to start."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import sys
from typing import TYPE_CHECKING

from st2lang.commands.options import UsageError, choice

if TYPE_CHECKING:
    from st2server.app import Server

SUMMARY = "run the language server"

LOOPBACK = ("127.0.0.1", "localhost")
LEVELS = ("error", "warning", "info", "debug")
EPILOG = """examples:
  st2c lsp                            over standard input and output, as editors start it
  st2c lsp --tcp 2087                 for one editor, on 127.0.0.1
  st2c lsp --ws 0                     WebSocket on any free port; prints the address with its token
  st2c lsp --log-file st2c.log --log-level debug

How to set up an editor: docs/editors.md"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="standard input and output (default)")
    way.add_argument("--tcp", type=port, metavar="PORT", help="a port of 127.0.0.1 (0: any)")
    way.add_argument(
        "--ws", type=port, metavar="PORT", help="WebSocket on a port of 127.0.0.1 (0: any)"
    )
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
    gc.set_threshold(50_000)  # an analysis is many small objects and few cycles
    gc.disable()
    try:
        from st2server import quick_types

        if args.log_level != "debug":  # where messages are written out
            quick_types.load()
        from st2server.app import create

        server = create()
    except ImportError as error:
        raise UsageError(f"the language server cannot be loaded: {error}") from error
    gc.freeze()  # what has been loaded stays
    gc.enable()
    _log(args.log_level, args.log_file)
    try:
        return asyncio.run(_serve(server, args))
    except OSError as error:
        raise UsageError(f"the server cannot listen: {error.strerror or error}") from error
    except KeyboardInterrupt:
        return 130


async def _serve(server: Server, args: argparse.Namespace) -> int:
    from st2server import transport

    if args.tcp is not None:
        return await transport.over_tcp(server.protocol, args.tcp)
    if args.ws is not None:
        return await transport.over_websocket(server.protocol, args.ws)
    return await transport.over_stdio(server.protocol)


def port(text: str) -> int:
    """An argument type: a port of this machine, as a number or after a name of the loopback interface."""
    host, colon, number = text.rpartition(":")
    if colon and host not in LOOPBACK:
        raise argparse.ArgumentTypeError(
            f"`{host}` is not this machine: the server listens on 127.0.0.1 only"
        )
    if not (number.isdecimal() and number.isascii()) or int(number) > 65535:
        raise argparse.ArgumentTypeError(f"`{number}` is not a port: 0 to 65535")
    return int(number)


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
