"""`st2c completion`: a script that teaches a shell our commands and options."""

from __future__ import annotations

import argparse

from st2lang.commands.options import UsageError, choice

SUMMARY = "print a script for a shell that completes commands and options"

SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")
EPILOG = """examples:
  st2c completion bash > ~/.local/share/bash-completion/completions/st2c
  st2c completion zsh > ~/.zfunc/_st2c        (a folder of $fpath)
  st2c completion fish > ~/.config/fish/completions/st2c.fish
  st2c completion tcsh >> ~/.tcshrc"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "shell",
        type=choice(*SHELLS),
        choices=SHELLS,
        metavar="SHELL",
        help=f"one of {', '.join(SHELLS)}",
    )


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    if args.shell not in shtab.SUPPORTED_SHELLS:
        known = ", ".join(shtab.SUPPORTED_SHELLS)
        raise UsageError(f"the installed shtab knows {known} only; a newer one knows {args.shell}")
    print(shtab.complete(whole_parser(), args.shell))
    return 0


def whole_parser() -> argparse.ArgumentParser:
    """One parser with every command in it: shells complete them all."""
    import shtab

    from st2lang.commands.main import DESCRIPTION, known_commands, load
    from st2lang.commands.options import Formatter, Parser

    parser = Parser(prog="st2c", description=DESCRIPTION)
    parser.add_argument("-V", "--version", action="store_true", help="show the version")
    commands = parser.add_subparsers(dest="command")
    for name in known_commands():
        try:
            command = load(name)
        except UsageError:  # installed beside us and broken: complete the others
            continue
        sub = commands.add_parser(
            name,
            help=command.SUMMARY,
            description=command.SUMMARY,
            formatter_class=Formatter,
        )
        command.configure(sub)
        _complete_files(sub, shtab)
    return parser


def _complete_files(parser: argparse.ArgumentParser, shtab: object) -> None:
    """Arguments that are paths complete as paths; their metavar tells."""
    kinds = {"PATH": shtab.FILE, "FILE": shtab.FILE, "FOLDER": shtab.DIRECTORY}  # type: ignore[attr-defined]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                _complete_files(sub, shtab)
        elif action.metavar in kinds:
            action.complete = kinds[str(action.metavar)]  # type: ignore[attr-defined]
