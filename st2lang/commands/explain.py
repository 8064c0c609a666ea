"""`st2c explain`: the documentation of a check, which is its module's docstring."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from st2lang.commands.links import url
from st2lang.commands.options import UsageError, choice, colour_option
from st2lang.commands.terminal import wants_colour

if TYPE_CHECKING:
    from st2lang.checks import Check

SUMMARY = "tell what a check looks for, and how to put it right"

FORMATS = ("text", "json")
EPILOG = """examples:
  st2c explain                    all checks
  st2c explain undefined-task     one, with a bad and a good example"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "check", nargs="?", metavar="CHECK", help="the id of a check (default: list all of them)"
    )
    parser.add_argument(
        "--format",
        type=choice(*FORMATS),
        choices=FORMATS,
        default="text",
        metavar="FORMAT",
        help="text (default) or json",
    )
    colour_option(parser)


def run(args: argparse.Namespace) -> int:
    """Print one documentation, or the list."""
    from st2lang import checks

    if args.check is None:
        _list(checks.all(), args.format)
        return 0
    found = checks.get(args.check)
    if found is None:
        from st2lang.suggest import did_you_mean

        hint = did_you_mean(args.check, [check.id for check in checks.all()])
        raise UsageError(f"unknown check `{args.check}`{hint} (see `st2c explain`)")
    if args.format == "json":
        _print_json(record(found))
    else:
        _show(found, wants_colour(args.color, sys.stdout))
    return 0


def record(check: Check) -> dict[str, str]:
    """A check as plain data."""
    return {
        "id": check.id,
        "severity": check.severity.value,
        "summary": check.summary,
        "documentation": check.documentation,
        "url": url(check.id),
    }


def _list(checks: tuple[Check, ...], style: str) -> None:
    if style == "json":
        _print_json([record(check) for check in checks])
        return
    width = max((len(check.id) for check in checks), default=0)
    for check in checks:
        print(f"{check.id:<{width}}  {check.severity.value:<7}  {check.summary}")


def _show(check: Check, colour: bool) -> None:
    text = f"# {check.id} ({check.severity.value})\n\n{check.documentation}\n"
    if not colour:
        print(text, end="")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(force_terminal=True).print(Markdown(text))


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))
