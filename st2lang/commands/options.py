"""How arguments are declared: argparse with messages that suggest what was meant."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from st2lang.suggest import did_you_mean, listing


class UsageError(Exception):
    """The command was called in a way that makes no sense; the message says what to change."""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help in the width of the terminal.

    argparse makes a formatter for every argument declared, and the first one imports `shutil` to
    measure the terminal: 6 ms, which a run that shows no help need not spend.
    """

    def __init__(self, prog: str, **options: Any) -> None:
        options.setdefault("width", _columns() - 2)
        super().__init__(prog, **options)


def _columns() -> int:
    """The width that COLUMNS tells, or the terminal has."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 20:
        return int(told)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that answers an unknown option with the nearest one there is.

    With `intermixed`, arguments of one list may stand before, between and after options.
    """

    intermixed = False

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse all arguments; one that nobody knows ends the program with code 2."""
        parse = self.parse_known_intermixed_args if self.intermixed else self.parse_known_args
        found, unknown = parse(arguments)
        if unknown:
            self.error(self._unknown(unknown[0]))
        return found

    def error(self, message: str) -> NoReturn:
        """Print the mistake and where to read more; exit with code 2."""
        self.exit(2, f"{self.prog}: error: {message}\nsee `{self.prog} --help`\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if isinstance(action, argparse._SubParsersAction) and value not in action.choices:
            known = listing(action.choices)
            near = did_you_mean(value, action.choices)
            self.error(f"there is no command `{value}`: it is one of {known}{near}")
        super()._check_value(action, value)

    def _unknown(self, argument: str) -> str:
        if not argument.startswith("-"):
            return f"unexpected argument `{argument}`"
        name = argument.partition("=")[0]
        known = [option for action in self._actions for option in action.option_strings]
        return f"unknown option `{name}`{did_you_mean(name, known)}"


def choice(*allowed: str) -> Callable[[str], str]:
    """An argument type that accepts these words; give the same words as `choices` for completion."""

    def convert(text: str) -> str:
        if text not in allowed:
            raise argparse.ArgumentTypeError(
                f"`{text}` is not one of {listing(allowed)}{did_you_mean(text, allowed)}"
            )
        return text

    return convert


def words(text: str) -> list[str]:
    """An argument type: a list separated by commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def count(text: str) -> int:
    """An argument type: a whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 1 on")
    return int(text)


COLOURS = ("auto", "always", "never")


def colour_option(group: argparse._ActionsContainer) -> None:
    """The option for colours; see `terminal.wants_colour`."""
    group.add_argument(
        "--color",
        type=choice(*COLOURS),
        choices=COLOURS,
        default="auto",
        metavar="WHEN",
        help="auto (default; NO_COLOR and FORCE_COLOR count), always or never",
    )


def pack_option(group: argparse._ActionsContainer) -> None:
    """The option for folders of packs."""
    group.add_argument(
        "--pack-dir",
        action="append",
        metavar="FOLDER",
        help="a folder of packs whose actions are known (repeatable)",
    )


def config_options(group: argparse._ActionsContainer) -> None:
    """The options for a configuration file."""
    source = group.add_mutually_exclusive_group()
    source.add_argument(
        "--config", metavar="FILE", help="this configuration file (ST2C_CONFIG names one too)"
    )
    source.add_argument("--no-config", action="store_true", help="no configuration file")


def flat(lists: Iterable[Sequence[str]] | None) -> list[str] | None:
    """An option given several times as one list; None when it was not given."""
    return None if lists is None else [word for each in lists for word in each]
