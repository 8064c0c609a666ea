"""`st2c test`: find the rehearsals, run them, tell what differs, record, and add up what they cover."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from st2lang.commands import files
from st2lang.commands.options import UsageError, choice, colour_option, count, pack_option
from st2lang.commands.terminal import Paint, wants_colour

if TYPE_CHECKING:
    from st2runtime.rehearsal.coverage import Coverage
    from st2runtime.rehearsal.outcome import Outcome
    from st2runtime.rehearsal.work import Plan

SUMMARY = "rehearse workflows with mocked actions and compare what comes of them"

FORMATS = ("text", "json", "junit")
COVERAGES = ("text", "lcov", "html")
OUTPUTS = {"lcov": "coverage.lcov", "html": "coverage.html"}
EPILOG = """examples:
  st2c test                               all rehearsals below the current folder
  st2c test tests/deploy.yaml --bless     record what happens, then read it
  st2c test -k rollback --fail-fast
  st2c test --coverage=html --fail-under 90
  st2c test --format json --base-path packs tests/rehearsals

exit codes: 0 all passed, 1 failures or too little coverage, 2 wrong use or no rehearsals found

A rehearsal is a YAML file with a `workflow` and what is expected of it; docs/rehearsals.md tells all.
Paths in it are relative to --base-path or else to the pack that it lies in, the folder around that
pack, the current folder, or the folder of the rehearsal, whichever has them."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders (default: the current folder)"
    )
    _reading(parser.add_argument_group("what is rehearsed"))
    _output(parser.add_argument_group("how it is shown"))
    _coverage(parser.add_argument_group("coverage"))
    _running(parser.add_argument_group("the run"))


def _reading(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--base-path", metavar="FOLDER", help="where paths in rehearsals begin")
    pack_option(group)
    group.add_argument(
        "-k",
        "--filter",
        metavar="TEXT",
        help="only files with this in their path; several words must all be in it",
    )
    group.add_argument(
        "--bless", action="store_true", help="record what happens in the files that fail"
    )
    group.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of rehearsals, and no more"
    )


def _output(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--format",
        type=choice(*FORMATS),
        choices=FORMATS,
        default="text",
        metavar="FORMAT",
        help=f"one of {', '.join(FORMATS)} (default: text)",
    )
    colour_option(group)
    volume = group.add_mutually_exclusive_group()
    volume.add_argument(
        "-v", "--verbose", action="store_true", help="also name the rehearsals that pass"
    )
    volume.add_argument("-q", "--quiet", action="store_true", help="failures only, no summary")


def _coverage(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--coverage",
        nargs="?",
        const="text",
        type=_coverage_kind,
        choices=COVERAGES,
        metavar="FORMAT",
        help="tell which tasks and transitions are reached: text (default), lcov or html",
    )
    group.add_argument(
        "--coverage-output",
        metavar="FILE",
        help="where to write it (default: coverage.lcov, coverage.html; - is standard output)",
    )
    group.add_argument(
        "--cover",
        action="append",
        metavar="PATH",
        help="count the workflows of this file or folder even if none of them is rehearsed",
    )
    group.add_argument(
        "--fail-under",
        type=_percent,
        metavar="PERCENT",
        help="exit 1 when less of all tasks and transitions is reached",
    )


def _running(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-j", "--jobs", type=count, metavar="N", help="processes (default: by the number of files)"
    )
    group.add_argument("-x", "--fail-fast", action="store_true", help="stop at the first failure")
    group.add_argument(
        "--limit",
        type=count,
        metavar="N",
        help="give up on a workflow after so many actions (default: 10000)",
    )
    cache = group.add_mutually_exclusive_group()
    cache.add_argument("--cache-dir", metavar="FOLDER", help="where the index of packs is kept")
    cache.add_argument("--no-cache", action="store_true", help="keep no index of packs")


def _coverage_kind(text: str) -> str:
    if text not in COVERAGES:
        raise argparse.ArgumentTypeError(
            f"`{text}` is not one of {', '.join(COVERAGES)}; a path goes before --coverage, or the "
            "format is given as --coverage=text"
        )
    return text


def _percent(text: str) -> float:
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"`{text}` is not a percentage from 0 to 100")
    return value


def run(args: argparse.Namespace) -> int:
    """Rehearse, print, and give the exit code."""
    if args.schema:
        return _print_schema()
    plan, found = _prepare(args)
    started = time.perf_counter()
    paint = Paint(wants_colour(args.color, sys.stdout))
    outcomes: list[Outcome] = []
    for outcome in _progress(args, plan, found):
        outcomes.append(outcome)
        if args.format == "text":
            _print_case(outcome, paint, args.verbose)
        if args.fail_fast and not outcome.passed:
            break
    seconds = time.perf_counter() - started
    _print_end(args, outcomes, seconds, paint)
    enough = _print_coverage(args, plan, outcomes)
    failed = any(not outcome.passed for outcome in outcomes)
    return 1 if failed or not enough else 0


def _print_schema() -> int:
    from st2lang import schemas

    print(schemas.text("rehearsal"), end="")
    return 0


def _prepare(args: argparse.Namespace) -> tuple[Plan, list[str]]:
    """The plan and the case files. Raises `UsageError`."""
    from st2lang.commands.setup import cache_dir
    from st2runtime.rehearsal.drive import LIMIT
    from st2runtime.rehearsal.work import Plan

    for folder in (args.base_path, *(args.pack_dir or ())):
        if folder is not None and not os.path.isdir(folder):
            raise UsageError(f"there is no folder `{folder}`")
    if args.coverage_output and args.coverage is None:
        raise UsageError("--coverage-output needs --coverage")
    paths = args.paths or ["."]
    for path in (*paths, *(args.cover or ())):
        if not os.path.exists(path):
            raise UsageError(f"there is no file or folder `{path}`")
    plan = Plan(
        base_path=args.base_path,
        pack_dirs=tuple(args.pack_dir or ()),
        cache_dir=None if args.no_cache else args.cache_dir or cache_dir(),
        limit=args.limit or LIMIT,
        bless=args.bless,
    )
    found = [path for path in _cases(paths) if _chosen(path, args.filter)]
    if not found:
        matching = f" with `{args.filter}` in their path" if args.filter else ""
        raise UsageError(f"no rehearsals{matching} in {', '.join(f'`{p}`' for p in paths)}")
    return plan, found


def _cases(paths: Iterable[str]) -> Iterator[str]:
    """The files that are named, and those below the folders that are rehearsals."""
    from st2runtime.rehearsal.read import is_rehearsal

    for file in files.find(paths, files.Excludes()):
        if file.named:
            yield file.path
            continue
        try:
            with open(file.path, encoding="utf-8-sig", errors="replace") as opened:
                text = opened.read()
        except OSError:
            continue
        if is_rehearsal(text):
            yield file.path


def _chosen(path: str, words: str | None) -> bool:
    return words is None or all(word.casefold() in path.casefold() for word in words.split())


def _progress(args: argparse.Namespace, plan: Plan, found: Sequence[str]) -> Iterator[Outcome]:
    from st2runtime.rehearsal.work import rehearse_all

    outcomes = rehearse_all(plan, found, args.jobs)
    if len(found) > 50 and sys.stderr.isatty() and not args.quiet:
        from st2lang.commands.progress import track

        return track(outcomes, len(found), "rehearsing")
    return outcomes


def _print_case(outcome: Outcome, paint: Paint, verbose: bool) -> None:
    from st2runtime.rehearsal.reports import text

    for line in text.case(outcome, paint, verbose=verbose):
        print(line)


def _print_end(
    args: argparse.Namespace, outcomes: Sequence[Outcome], seconds: float, paint: Paint
) -> None:
    match args.format:
        case "json":
            from st2runtime.rehearsal.reports import json

            json.write(outcomes, sys.stdout)
        case "junit":
            from st2runtime.rehearsal.reports import junit

            junit.write(outcomes, seconds, sys.stdout)
        case _ if not args.quiet:
            from st2runtime.rehearsal.reports import text

            print(text.summary(outcomes, seconds, paint))


def _print_coverage(args: argparse.Namespace, plan: Plan, outcomes: Sequence[Outcome]) -> bool:
    """Write the coverage that is asked for; False when there is too little of it."""
    if args.coverage is None and args.fail_under is None:
        return True
    from st2runtime.rehearsal.coverage import total

    coverages = _gather(args, plan, outcomes)
    if args.coverage is not None:
        _write_coverage(args, coverages)
    share = total(coverages)
    if args.fail_under is None or share >= args.fail_under:
        return True
    print(f"st2c: {share:.1f} % is covered, less than {args.fail_under:g} %", file=sys.stderr)
    return False


def _gather(args: argparse.Namespace, plan: Plan, outcomes: Sequence[Outcome]) -> list[Coverage]:
    """The coverage of every workflow that was rehearsed or has to be counted, by path."""
    from st2lang.commands.report import display
    from st2runtime.rehearsal.coverage import Hits, cover
    from st2runtime.rehearsal.work import workflows

    hits: dict[str, Hits] = {}
    for outcome in outcomes:
        if outcome.workflow is not None and outcome.actual is not None:
            hits.setdefault(outcome.workflow, Hits()).add(outcome.actual)
    for file in files.find(args.cover or (), files.Excludes()):
        hits.setdefault(os.path.abspath(file.path), Hits())
    known = workflows(plan)
    loaded = {path: known.load(path) for path in sorted(hits)}
    return [
        cover(display(path), one.graph, hits[path], one.source.text)
        for path, one in loaded.items()
        if one.graph is not None
    ]


def _write_coverage(args: argparse.Namespace, coverages: Sequence[Coverage]) -> None:
    from st2runtime.rehearsal.reports import coverage_html, coverage_lcov, coverage_text

    output = args.coverage_output or OUTPUTS.get(args.coverage, "-")
    out = sys.stdout if args.format == "text" else sys.stderr
    colour = output == "-" and wants_colour(args.color, out)
    match args.coverage:
        case "lcov":
            text = coverage_lcov.render(coverages)
        case "html":
            text = coverage_html.render(coverages)
        case _:
            text = coverage_text.render(coverages, Paint(colour))
    if output == "-":
        out.write(text)
        return
    from st2runtime.rehearsal.files import write

    try:
        write(output, text)
    except OSError as error:
        raise UsageError(f"cannot write `{output}`: {error.strerror or error}") from error
    if args.format == "text" and not args.quiet:
        print(f"coverage written to {output}")
