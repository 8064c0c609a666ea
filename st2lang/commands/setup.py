"""From arguments and configuration to one run that is ready to go. Arguments win."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NamedTuple

from st2lang.commands import files, formats
from st2lang.commands.config import Config
from st2lang.commands.options import UsageError, flat
from st2lang.commands.report import Report, Run, display
from st2lang.commands.rules import Rules
from st2lang.commands.terminal import wants_colour
from st2lang.commands.work import Plan
from st2lang.problem import Severity
from st2lang.settings import DEFAULT, Settings

STDIN = ["-"]
"""The paths that mean standard input."""


class Setup(NamedTuple):
    """One run, ready to go: arguments and configuration put together."""

    args: argparse.Namespace
    plan: Plan
    excludes: files.Excludes
    format: str
    jobs: int | None


def prepare(args: argparse.Namespace) -> Setup | None:
    """Arguments and configuration together; None when the configuration is refused (printed)."""
    args.paths = args.paths or ["."]
    _refuse_nonsense(args)
    config = configuration(args)
    if config is None:
        return None
    context = config.context_variables
    plan = Plan(
        kind=args.kind,
        rules=_rules(args, config),
        settings=DEFAULT if context is None else Settings(frozenset(context)),
        pack_dirs=tuple(args.pack_dir or config.pack_dirs),
        roots=_roots(args),
        cache_dir=None if args.no_cache else args.cache_dir or config.cache_dir or cache_dir(),
        fix=args.fix or args.diff,
        unsafe=args.unsafe_fixes,
    )
    excludes = files.Excludes(config.root, config.exclude, args.force_exclude)
    return Setup(
        args, plan, excludes, args.format or config.format or "text", args.jobs or config.jobs
    )


def _refuse_nonsense(args: argparse.Namespace) -> None:
    if "-" in args.paths and len(args.paths) > 1:
        raise UsageError("`-` (standard input) cannot be checked together with other paths")
    if args.stdin_filename and args.paths != STDIN:
        raise UsageError("--stdin-filename needs `-` as the only path")
    if args.unsafe_fixes and not (args.fix or args.diff):
        raise UsageError("--unsafe-fixes needs --fix or --diff")
    if args.fix and args.diff:
        raise UsageError("--diff changes nothing, so it cannot be combined with --fix")
    if args.watch and args.paths == STDIN:
        raise UsageError("--watch needs files or folders, not standard input")
    for folder in args.pack_dir or ():
        if not os.path.isdir(folder):
            raise UsageError(f"--pack-dir: there is no folder `{folder}`")


def configuration(args: argparse.Namespace) -> Config | None:
    """What the project's configuration says; None when it is refused (printed)."""
    if args.no_config:
        return Config()
    from st2lang.commands import config

    first = args.stdin_filename or args.paths[0]
    path = (
        args.config
        or os.environ.get("ST2C_CONFIG")
        or config.find(first if os.path.lexists(first) else ".")
    )
    if path is None:
        return Config()
    try:
        found, source, problems = config.load(path)
    except OSError as error:
        raise UsageError(f"the configuration `{path}` cannot be read: {error.strerror}") from error
    if source is not None and problems:
        report = Report(display(path), "config", source, problems)
        shown = Run([report], colour=wants_colour(args.color, sys.stderr), summary=False)
        formats.write("concise", shown, sys.stderr)
        return None
    return found


def _rules(args: argparse.Namespace, config: Config) -> Rules:
    select, ignore = flat(args.select), flat(args.ignore) or []
    _refuse_unknown([*(select or ()), *ignore])
    ignored = ignore if select is not None else [*config.ignore, *ignore]
    return Rules(
        select=tuple(select if select is not None else config.select or ("*",)),
        ignore=tuple(ignored),
        severities=config.severities,
        per_file=config.per_file_ignores,
        root=config.root,
        least=Severity(args.severity),
    )


def _refuse_unknown(names: list[str]) -> None:
    if not names:
        return
    from st2lang.commands.config import unknown_check
    from st2lang.suppress import known_checks

    known = known_checks()
    for name in names:
        message = unknown_check(name, known)
        if message:
            raise UsageError(f"{message} (see `st2c explain`)")


def _roots(args: argparse.Namespace) -> tuple[str, ...]:
    """The folders in which packs are looked for: those named, and those of the files named."""
    paths = [args.stdin_filename or "."] if args.paths == STDIN else args.paths
    folders = (path if os.path.isdir(path) else os.path.dirname(path) or "." for path in paths)
    return tuple(dict.fromkeys(folders))


def cache_dir() -> str:
    """Where the system wants caches (XDG on Unix); ST2C_CACHE_DIR overrides it."""
    chosen = os.environ.get("ST2C_CACHE_DIR")
    if chosen:
        return chosen
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/AppData/Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "st2lang")
