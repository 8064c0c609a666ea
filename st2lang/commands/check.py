"""`st2c check`: find the files, check them, print what is wrong, and perhaps put it right."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time

from st2lang.commands import files, formats
from st2lang.commands.options import (
    choice,
    colour_option,
    config_options,
    count,
    pack_option,
    words,
)
from st2lang.commands.report import Report, Run
from st2lang.commands.setup import STDIN, Setup, prepare
from st2lang.commands.terminal import wants_colour
from st2lang.commands.work import check_all, check_data
from st2lang.problem import Severity

SUMMARY = "find mistakes in workflows, actions and packs"

KINDS = ("auto", "orquesta", "action-chain", "action", "pack")
SEVERITIES = tuple(severity.value for severity in Severity)
EPILOG = """examples:
  st2c check                              everything below the current folder
  st2c check packs/deploy --pack-dir /opt/stackstorm/packs
  st2c check --select 'yaml-*,undefined-task' a.yaml
  st2c check --diff                       what --fix would change
  st2c check --stdin-filename a.yaml - < a.yaml
  st2c check --format sarif > st2c.sarif

exit codes: 0 nothing that fails the run (infos and hints never do), 1 problems,
2 wrong use, a file that cannot be read, or a bug in a check

Options win over `[tool.st2c]` in pyproject.toml or st2c.toml; with --select, the
configuration's `ignore` is set aside as well."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders (default: the current folder)"
    )
    _selection(parser.add_argument_group("what is shown"))
    _output(parser.add_argument_group("how it is shown"))
    _fixing(parser.add_argument_group("fixing"))
    _reading(parser.add_argument_group("how files are read"))
    _running(parser.add_argument_group("the run"))


def _selection(group: argparse._ArgumentGroup) -> None:
    for name, text in (
        ("--select", "only these checks; ids or patterns like 'yaml-*', separated by commas"),
        ("--ignore", "not these checks"),
    ):
        group.add_argument(name, type=words, action="append", metavar="CHECKS", help=text)
    group.add_argument(
        "--severity",
        type=choice(*SEVERITIES),
        choices=SEVERITIES,
        default="info",
        metavar="LEVEL",
        help="the least severity shown: error, warning, info (default) or hint",
    )


def _output(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--format",
        type=choice(*formats.NAMES),
        choices=formats.NAMES,
        metavar="FORMAT",
        help=f"one of {', '.join(formats.NAMES)} (default: text)",
    )
    colour_option(group)
    group.add_argument(
        "--statistics", action="store_true", help="afterwards, how often each check spoke"
    )
    group.add_argument("-q", "--quiet", action="store_true", help="problems only, no summary")


def _fixing(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--fix", action="store_true", help="apply the safe fixes")
    group.add_argument(
        "--unsafe-fixes", action="store_true", help="with --fix or --diff: the others as well"
    )
    group.add_argument(
        "--diff", action="store_true", help="print what --fix would change, and change nothing"
    )


def _reading(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--kind",
        type=choice(*KINDS),
        choices=KINDS,
        default="auto",
        metavar="KIND",
        help=f"what the files are: {', '.join(KINDS)} (default: auto)",
    )
    group.add_argument(
        "--stdin-filename", metavar="NAME", help="the name of what `-` reads from standard input"
    )
    pack_option(group)
    group.add_argument(
        "--force-exclude", action="store_true", help="leave out excluded files even when named"
    )
    config_options(group)


def _running(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-j", "--jobs", type=count, metavar="N", help="processes (default: by the number of files)"
    )
    cache = group.add_mutually_exclusive_group()
    cache.add_argument("--cache-dir", metavar="FOLDER", help="where the index of packs is kept")
    cache.add_argument("--no-cache", action="store_true", help="keep no index of packs")
    group.add_argument("--exit-zero", action="store_true", help="exit 0 even with problems")
    group.add_argument(
        "--fail-on",
        type=choice("error", "warning"),
        choices=("error", "warning"),
        default="warning",
        metavar="LEVEL",
        help="the least severity that gives exit code 1: error or warning (default)",
    )
    group.add_argument("--watch", action="store_true", help="check again whenever a file changes")


def run(args: argparse.Namespace) -> int:
    """Check, print, and give the exit code."""
    setup = prepare(args)
    if setup is None:
        return 2
    if args.watch:
        from st2lang.commands.watch import watch

        return watch(setup.args.paths, lambda: once(setup))
    return once(setup)


def once(setup: Setup) -> int:
    """One run over all files."""
    args = setup.args
    started = time.perf_counter()
    gc.set_threshold(50_000)  # an analysis makes many small objects and few cycles
    reports = list(_reports(setup))
    if args.diff:
        return _print_diff(reports)
    written = not args.fix or _write_fixes(reports, setup)
    run = Run(
        reports,
        colour=wants_colour(args.color, sys.stdout),
        summary=not args.quiet,
        seconds=time.perf_counter() - started,
    )
    out = sys.stderr if args.fix and args.paths == STDIN else sys.stdout
    formats.write(setup.format, run, out)
    if setup.format in formats.FOR_PEOPLE and not args.quiet:
        _notices(reports, setup)
    if args.statistics:
        from st2lang.commands.formats.summary import statistics

        print(statistics(run), file=out if setup.format in formats.FOR_PEOPLE else sys.stderr)
    return _exit_code(run, args) if written else 2


def _exit_code(run: Run, args: argparse.Namespace) -> int:
    if any(report.failed for report in run.reports):
        return 2
    threshold = Severity(args.fail_on).rank
    fails = any(problem.severity.rank <= threshold for problem in run.problems)
    return 1 if fails and not args.exit_zero else 0


def _reports(setup: Setup) -> list[Report]:
    args, plan = setup.args, setup.plan
    if args.paths == STDIN:
        name = files.File(args.stdin_filename or "-", named=True)
        return [check_data(plan, name, sys.stdin.buffer.read())]
    found = list(files.find(args.paths, setup.excludes))
    reports = check_all(plan, found, setup.jobs)
    if len(found) > 50 and sys.stderr.isatty() and not args.quiet:
        from st2lang.commands.progress import track

        return list(track(reports, len(found)))
    return list(reports)


def _notices(reports: list[Report], setup: Setup) -> None:
    """What a person may wonder about although it is no problem."""
    if not reports:
        where = ", ".join(setup.args.paths)
        print(f"st2c: no YAML files to check in {where}", file=sys.stderr)
    if setup.plan.kind != "auto" or len(setup.args.paths) > 3:
        return
    named = {os.path.normpath(path) for path in setup.args.paths}
    for report in reports:
        if (
            report.kind == "unknown"
            and not report.failed
            and os.path.normpath(report.path) in named
        ):
            print(
                f"st2c: {report.path}: neither a workflow, an action nor a pack, as far as can be "
                "told; --kind says what it is",
                file=sys.stderr,
            )


def _write_fixes(reports: list[Report], setup: Setup) -> bool:
    """Write what was fixed; False when a file could not be written."""
    from st2lang.commands.fix import encode, write

    if setup.args.paths == STDIN:
        sys.stdout.buffer.write(encode(reports[0].source))
        sys.stdout.flush()
        return True
    fine = True
    for report in reports:
        if report.before is not None:
            try:
                write(report.path, report.source)
            except OSError as error:
                fine = False
                print(f"st2c: {report.path}: cannot be written: {error.strerror}", file=sys.stderr)
    return fine


def _print_diff(reports: list[Report]) -> int:
    from st2lang.commands.fix import diff

    changed = False
    for report in reports:
        if report.before is not None:
            changed = True
            sys.stdout.writelines(diff(report.path, report.before, report.source.text))
    if any(report.failed for report in reports):
        return 2
    return 1 if changed else 0
