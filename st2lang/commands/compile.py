"""`st2c compile`: checked workflows as graphs, which run without their YAML."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from st2lang.commands import formats, output, workflows
from st2lang.commands.options import UsageError, choice, colour_option
from st2lang.commands.report import Report, display
from st2lang.commands.setup import Setup
from st2lang.commands.workflows import Opened
from st2lang.problem import Severity

if TYPE_CHECKING:
    from st2lang.graph import Graph

SUMMARY = "compile workflows to graphs"

EPILOG = """examples:
  st2c compile deploy.yaml                       the graph on the standard output
  st2c compile deploy.yaml -o deploy.json
  st2c compile packs/deploy -o build --pack-dir /opt/stackstorm/packs
  st2c compile - --kind orquesta < deploy.yaml

A workflow with errors is not compiled, and then nothing is written at all. The same
workflow always gives the same bytes. `docs/graph.md` describes the graph.

exit codes: 0 everything is compiled, 1 there are errors, 2 wrong use, a file that
cannot be read or written, or a bug in st2c"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "paths", nargs="+", metavar="FILE", help="workflows, or folders with workflows"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        help="the file to write, - for the standard output (default); for several workflows the "
        "folder to write them to",
    )
    parser.add_argument(
        "--force", action="store_true", help="compile workflows with errors as far as they go"
    )
    workflows.declare(parser)
    group = parser.add_argument_group("how problems are shown")
    levels = tuple(severity.value for severity in Severity)
    group.add_argument(
        "--severity",
        type=choice(*levels),
        choices=levels,
        default="warning",
        metavar="LEVEL",
        help="the least severity shown: error, warning (default), info or hint",
    )
    group.add_argument(
        "--format",
        type=choice(*formats.NAMES),
        choices=formats.NAMES,
        metavar="FORMAT",
        help=f"one of {', '.join(formats.NAMES)} (default: text)",
    )
    colour_option(group)
    group.add_argument("-q", "--quiet", action="store_true", help="show errors only")


def run(args: argparse.Namespace) -> int:
    """Compile; see EPILOG for the exit codes."""
    if args.quiet:
        args.severity = Severity.ERROR.value
    ready = workflows.setup(args)
    if ready is None:
        return 2
    opened = list(workflows.open_all(ready))
    reports = [one.report for one in opened]
    workflows.print_problems(reports, ready)
    if any(report.failed for report in reports):
        return 2
    for one in opened:
        if one.document is None and not _grave(one.report):
            raise workflows.no_workflow(one)
    failing = [one for one in opened if one.document is None or _grave(one.report)]
    if failing and not (args.force and all(one.document for one in failing)):
        what = ", ".join(f"`{one.report.path}`" for one in failing)
        print(f"st2c: not compiled because of errors in {what}", file=sys.stderr)
        return 1
    if not opened:
        raise UsageError(f"there is no workflow below `{', '.join(args.paths)}`")
    for path, graph in _graphs(opened, ready):
        output.write(path, graph.to_text())
    return 0


def _grave(report: Report) -> bool:
    return any(problem.severity is Severity.ERROR for problem in report.problems)


def _graphs(opened: list[Opened], ready: Setup) -> list[tuple[str | None, Graph]]:
    """Everything that is to be written, all of it made before anything is written."""
    from st2lang.compile import compile_document
    from st2lang.record import replace

    targets = _targets([one.file.path for one in opened], ready.args)
    made: dict[str | None, str] = {}
    graphs = []
    for one, target in zip(opened, targets, strict=True):
        assert one.document is not None
        if target in made:
            raise UsageError(
                f"`{made[target]}` and `{one.report.path}` would both be written to `{target}`"
            )
        made[target] = one.report.path
        graph = compile_document(one.document)
        graphs.append((target, replace(graph, source=_source(one))))
    return graphs


def _source(one: Opened) -> str:
    """The path that a graph remembers: inside the pack, of a workflow outside of packs as it was named.

    So the bytes depend neither on the machine nor on the folder in which `st2c` runs.
    """
    assert one.document is not None
    path = one.document.source.path
    pack = one.document.catalog.home if one.document.catalog is not None else None
    if path and pack is not None and pack.path:
        return os.path.relpath(path, pack.path).replace(os.sep, "/")
    shown = display(os.path.normpath(path)) if path else ""
    return os.path.basename(shown) if os.path.isabs(shown) else shown


def _targets(paths: list[str], args: argparse.Namespace) -> list[str | None]:
    """Where each workflow is written: below a folder as below the one in which it was found."""
    folders = [path for path in args.paths if os.path.isdir(path)]
    several = bool(folders) or len(paths) > 1
    if not several and (args.output in (None, "-") or not os.path.isdir(args.output)):
        return [args.output]
    if args.output in (None, "-"):
        raise UsageError("several workflows need a folder to be written to: -o FOLDER")
    return [os.path.join(args.output, _below(path, folders)) for path in paths]


def _below(path: str, folders: list[str]) -> str:
    """`sub/deploy.json` for a file below a folder that was named, `deploy.json` for any other."""
    stem = os.path.splitext(path)[0] + ".json"
    inside = (os.path.relpath(stem, folder) for folder in folders)
    return next((name for name in inside if not name.startswith(os.pardir)), os.path.basename(stem))
