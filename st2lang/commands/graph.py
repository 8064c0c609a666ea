"""`st2c graph`: draw a workflow, or a graph that was compiled from one."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from st2lang.commands import output, workflows
from st2lang.commands.options import UsageError, choice, colour_option, count
from st2lang.drawing import FORMATS
from st2lang.problem import Severity

if TYPE_CHECKING:
    from st2lang.graph import Graph

SUMMARY = "draw a workflow"

SUFFIXES = {
    ".svg": "svg",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".json": "json",
    ".txt": "ascii",
}
EPILOG = """examples:
  st2c graph deploy.yaml                       in the terminal
  st2c graph deploy.yaml -o deploy.svg         the suffix says the format
  st2c graph deploy.json --format mermaid      of a compiled graph
  st2c graph deploy.yaml --format dot | dot -Tpdf -o deploy.pdf

A workflow with errors is drawn as far as it goes: tasks that do not exist and tasks
that no way leads to are dashed.

exit codes: 0 drawn, 2 wrong use, or a file that is no workflow"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "path", metavar="FILE", help="a workflow or a compiled graph; - for the standard input"
    )
    parser.add_argument(
        "--format",
        type=choice(*FORMATS),
        choices=FORMATS,
        metavar="FORMAT",
        help=f"one of {', '.join(FORMATS)} (default: by the suffix of -o, else ascii)",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the file to write (default: the standard output)"
    )
    group = parser.add_argument_group("ascii alone")
    group.add_argument(
        "--width", type=count, metavar="N", help="columns (default: those of the terminal, or 100)"
    )
    group.add_argument("--plain", action="store_true", help="7-bit characters only")
    colour_option(group)
    workflows.declare(parser)


def run(args: argparse.Namespace) -> int:
    """Draw; see EPILOG for the exit codes."""
    from st2lang.commands.terminal import Paint, wants_colour
    from st2lang.drawing import DrawingError, draw

    suffix = os.path.splitext(args.output or "")[1].lower()
    form = args.format or SUFFIXES.get(suffix, "ascii")
    graph = _graph(args)
    if graph is None:
        return 2
    to_file = args.output not in (None, "-")
    colour = wants_colour("never" if to_file and args.color == "auto" else args.color, sys.stdout)
    try:
        text = draw(
            graph,
            form,
            width=args.width or _columns(),
            plain=args.plain,
            paint=Paint(True) if colour else None,
        )
    except DrawingError as error:
        raise UsageError(str(error)) from error
    output.write(args.output, text)
    return 0


def _columns() -> int:
    """The width of the terminal; 100 where there is none."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 20:
        return int(told)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 100
    except (OSError, ValueError):
        return 100


def _graph(args: argparse.Namespace) -> Graph | None:
    """The graph of the file; None when it or the configuration cannot be read (printed)."""
    if args.path.lower().endswith(".json"):
        return _compiled(args.path)
    args.paths = [args.path]
    if os.path.isdir(args.path):
        raise UsageError(f"`{args.path}` is a folder: one workflow is drawn at a time")
    ready = workflows.setup(_for_check(args))
    if ready is None:
        return None
    opened = next(workflows.open_all(ready, analysed=False))
    if opened.report.failed:
        workflows.print_problems([opened.report], ready)
        return None
    if opened.document is None:
        if opened.report.source.text.lstrip().startswith("{"):
            return _read(opened.report.path, opened.report.source.text)
        raise workflows.no_workflow(opened)
    from st2lang.compile import compile_document

    if any(problem.severity is Severity.ERROR for problem in opened.report.problems):
        path = opened.report.path
        print(
            f"st2c: not all of `{path}` could be read: `st2c check {path}` tells why",
            file=sys.stderr,
        )
    return compile_document(opened.document)


def _for_check(args: argparse.Namespace) -> argparse.Namespace:
    """The arguments without our `--format`, which is none of problems."""
    return argparse.Namespace(**{**vars(args), "format": None})


def _compiled(path: str) -> Graph:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return _read(path, file.read())
    except OSError as error:
        raise UsageError(f"cannot read `{path}`: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"`{path}` is not UTF-8") from error


def _read(path: str, text: str) -> Graph:
    from st2lang.graph import GraphError, from_text

    try:
        return from_text(text)
    except GraphError as error:
        raise UsageError(f"`{path}`: {error}") from error
