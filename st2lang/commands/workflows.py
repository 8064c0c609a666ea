"""Workflows for the commands that go on with them: read, placed among packs, and analysed as `st2c check` does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from st2lang.commands import files, formats
from st2lang.commands.options import UsageError, choice, config_options, pack_option
from st2lang.commands.report import UNREADABLE_FILE, Report, Run, display, failure
from st2lang.commands.setup import Setup, prepare
from st2lang.commands.terminal import wants_colour
from st2lang.commands.work import Plan, bug, catalog, shown
from st2lang.problem import Problem

if TYPE_CHECKING:
    from st2lang.document import Document

KINDS = ("auto", "orquesta", "action-chain")


class Opened(NamedTuple):
    """A file: what is wrong with it, and its document, None for one that is no workflow."""

    file: files.File
    report: Report
    document: Document | None


def declare(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Declare the arguments that say how workflows are read; gives their group."""
    group = parser.add_argument_group("how workflows are read")
    group.add_argument(
        "--kind",
        type=choice(*KINDS),
        choices=KINDS,
        default="auto",
        metavar="KIND",
        help=f"what they are: {', '.join(KINDS)} (default: auto)",
    )
    group.add_argument(
        "--stdin-filename", metavar="NAME", help="the name of what `-` reads from standard input"
    )
    pack_option(group)
    config_options(group)
    cache = group.add_mutually_exclusive_group()
    cache.add_argument("--cache-dir", metavar="FOLDER", help="where the index of packs is kept")
    cache.add_argument("--no-cache", action="store_true", help="keep no index of packs")
    return group


def setup(args: argparse.Namespace) -> Setup | None:
    """A run with these arguments, in everything else like `st2c check`.

    None when the configuration is refused (printed). Raises `UsageError`.
    """
    from st2lang.commands import check
    from st2lang.commands.main import parser_for

    usual = vars(parser_for("check", check).parse([]))
    return prepare(argparse.Namespace(**{**usual, **vars(args)}))


def open_all(ready: Setup, analysed: bool = True) -> Iterator[Opened]:
    """The workflows among the files of a run, and every file that was named itself."""
    if ready.args.paths == ["-"]:
        named = files.File(ready.args.stdin_filename or "-", named=True)
        yield _open(ready.plan, named, sys.stdin.buffer.read(), analysed)
        return
    for file in files.find(ready.args.paths, ready.excludes):
        try:
            with open(file.path, "rb") as opened:
                data = opened.read()
        except OSError as error:
            reason = error.strerror or str(error)
            what = failure(display(file.path), UNREADABLE_FILE, f"cannot be read: {reason}")
            yield Opened(file, what, None)
            continue
        found = _open(ready.plan, file, data, analysed)
        if found.document is not None or file.named or found.report.failed:
            yield found


def _open(plan: Plan, file: files.File, data: bytes, analysed: bool) -> Opened:
    from st2lang.document import Document
    from st2lang.yaml.decode import decode

    path = "" if file.path == "-" else file.path
    try:
        source, first = decode(path, data)
        document = Document(source, kind=plan.kind, catalog=catalog(plan), settings=plan.settings)
        kind, problems = document.kind, (*first, *document.yaml.problems)
        if document.workflow is not None and analysed:
            document, problems = _analysed(plan, document, first)
    except Exception as error:
        return Opened(file, bug(file.path, error), None)
    report = Report(display(file.path), kind, source, problems)
    return Opened(file, report, document if document.workflow is not None else None)


def _analysed(
    plan: Plan, document: Document, first: tuple[Problem, ...]
) -> tuple[Document, tuple[Problem, ...]]:
    from st2lang.analysis import analyse

    analysis = analyse(
        document.source, kind=document.kind, catalog=catalog(plan), settings=plan.settings
    )
    return analysis.document, shown(plan, analysis, first)


def print_problems(reports: list[Report], ready: Setup) -> None:
    """Print what is wrong with some files as `st2c check` does, to the standard error."""
    told = [report for report in reports if report.problems]
    if told:
        colour = wants_colour(ready.args.color, sys.stderr)
        formats.write(ready.format, Run(told, colour=colour, summary=False), sys.stderr)


def no_workflow(opened: Opened) -> UsageError:
    """Why a file that was named cannot be gone on with."""
    path, kind = opened.report.path, opened.report.kind
    if kind == "action":
        return UsageError(f"`{path}` is the metadata of an action, no workflow{_instead(opened)}")
    if kind == "pack":
        return UsageError(f"`{path}` is the manifest of a pack, no workflow")
    hint = "" if kind != "unknown" else ", as far as can be told; --kind says what it is"
    return UsageError(f"`{path}` is no workflow{hint}")


def _instead(opened: Opened) -> str:
    """The workflow that metadata names."""
    from st2lang.yaml import parse
    from st2lang.yaml.walk import to_data

    documents = parse(opened.report.source.text).documents
    data = to_data(documents[0]) if documents else None
    entry = data.get("entry_point") if isinstance(data, dict) else None
    if not isinstance(entry, str) or not entry:
        return ""
    path = os.path.join(os.path.dirname(opened.file.path), entry)
    return f": its workflow is `{display(path)}`" if os.path.isfile(path) else ""
