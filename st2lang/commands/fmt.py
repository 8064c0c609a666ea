"""`st2c fmt`: format YAML files in place, or say which ones would change."""

from __future__ import annotations

import argparse
import os
import sys

from st2lang.commands import files
from st2lang.commands.options import UsageError
from st2lang.commands.terminal import wants_colour
from st2lang.formatting import UnformattableError, format_text
from st2lang.source import Source

SUMMARY = "format workflows and other YAML files"

EPILOG = """examples:
  st2c fmt                     format every YAML file below the current folder
  st2c fmt actions/a.yaml      format one file
  st2c fmt --check             say which files would change, change nothing
  st2c fmt --diff              show what would change, change nothing
  st2c fmt - < a.yaml          format the standard input

Indentation (two spaces), the space after `-` and `:`, blank lines and the ends of lines are put in order.
Quotes, comments and expressions stay as they are, and so does what the file means.

exit codes: 0 done, or nothing to do; 1 files would change (--check, --diff);
2 wrong use, or a file that cannot be read or is not valid YAML"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders (default: the current folder)"
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--check", action="store_true", help="only say which files would change")
    way.add_argument("--diff", action="store_true", help="only show what would change")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")


def run(args: argparse.Namespace) -> int:
    """Format; see EPILOG for the exit codes."""
    paths = args.paths or ["."]
    if paths == ["-"]:
        return _stream()
    if "-" in paths:
        raise UsageError("`-` (standard input) cannot be formatted together with other paths")
    changed, failed, seen = [], 0, 0
    for file in files.find(paths, files.Excludes()):
        seen += 1
        try:
            if _format(file.path, args):
                changed.append(file.path)
        except (OSError, UnformattableError, UnicodeDecodeError) as error:
            failed += 1
            print(f"st2c: {file.path}: {_reason(error)}", file=sys.stderr)
    if not seen:
        print(f"st2c: no YAML files in {', '.join(paths)}", file=sys.stderr)
    if not args.quiet:
        _summary(changed, seen - failed, args)
    if failed:
        return 2
    return 1 if changed and (args.check or args.diff) else 0


def _format(path: str, args: argparse.Namespace) -> bool:
    """Format one file; True when it changes, or would."""
    from st2lang.commands.fix import diff, write

    with open(path, "rb") as file:
        data = file.read()
    mark = data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    formatted = format_text(text)
    if formatted == text:
        return False
    if args.diff:
        sys.stdout.writelines(diff(os.path.normpath(path).replace(os.sep, "/"), text, formatted))
    elif not args.check:
        write(path, Source(path, formatted, mark))
    return True


def _stream() -> int:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
        formatted = format_text(text)
    except (UnformattableError, UnicodeDecodeError) as error:
        print(f"st2c: standard input: {_reason(error)}", file=sys.stderr)
        return 2
    sys.stdout.buffer.write(formatted.encode())
    sys.stdout.flush()
    return 0


def _summary(changed: list[str], seen: int, args: argparse.Namespace) -> None:
    if args.diff:
        return
    bold, plain = ("\x1b[1m", "\x1b[0m") if wants_colour("auto", sys.stdout) else ("", "")
    for path in changed:
        print(f"{'would format' if args.check else 'formatted'} {bold}{path}{plain}")
    rest = seen - len(changed)
    print(
        f"{len(changed)} file{'s' * (len(changed) != 1)} {'would change' if args.check else 'changed'}, {rest} left alone"
    )


def _reason(error: Exception) -> str:
    match error:
        case OSError():
            return f"cannot be used: {error.strerror or error}"
        case UnicodeDecodeError():
            return "is not UTF-8"
        case _:
            return f"is left alone: {error}"
