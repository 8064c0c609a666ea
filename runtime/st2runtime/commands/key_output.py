"""How `st2c key` shows keys: a table on a terminal, plain lines in a pipe, JSON or YAML for programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from st2lang.commands.terminal import printable, wants_colour

if TYPE_CHECKING:
    from st2runtime.datastore import Item


def one(item: Item, style: str) -> None:
    """One key: in a pipe its value alone, so that `$(st2c key get NAME)` is the value."""
    if style != "text":
        _data(item.data(), style)
    elif sys.stdout.isatty():
        _table([item])
    else:
        print(item.shown)


def many(items: Sequence[Item], style: str) -> None:
    """Several keys: in a pipe one a line, name, value, scope and user between tabs."""
    if style != "text":
        _data([item.data() for item in items], style)
    elif sys.stdout.isatty():
        _table(items)
    else:
        for item in items:
            parts = (item.name, item.shown, item.scope, item.user)
            print("\t".join(map(printable, parts)).rstrip("\t"))


def done(verb: str, items: Sequence[Item], style: str) -> None:
    """What was done to which keys."""
    if style != "text":
        _data([item.data() for item in items], style)
        return
    for item in items:
        whose = "the system" if item.scope == "system" else f"the user `{item.user}`"
        notes = ", encrypted" if item.encrypted else ""
        notes += f", until {item.expire_timestamp}" if item.expires is not None else ""
        print(printable(f"{verb} `{item.name}` of {whose}{notes}"))


def _data(found: Any, style: str) -> None:
    if style == "json":
        import json

        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    print(to_yaml(found), end="")


def to_yaml(found: Any) -> str:
    """YAML that reads back as it was; PyYAML alone takes unusual line breaks in plain texts for spaces."""
    import yaml

    class Exact(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = None if value.isprintable() else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)

    Exact.add_representer(str, text)
    return str(yaml.dump(found, Dumper=Exact, allow_unicode=True, sort_keys=False))


def _table(items: Sequence[Item]) -> None:
    """A table for people. Values are text, never markup, and cannot steer the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def lines(text: str) -> str:
        return "\n".join(map(printable, text.split("\n")))

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    table.add_column("name", style="cyan", overflow="fold")
    for column in ("value", "scope", "user", "expires"):
        table.add_column(column, overflow="fold")
    for item in items:
        value = Text(lines(item.shown), style="dim" if item.encrypted else "")
        expires = f"{item.expire_timestamp[:19]}Z" if item.expire_timestamp else ""
        rest = (item.scope, item.user, expires)
        table.add_row(Text(lines(item.name)), value, *(Text(printable(part)) for part in rest))
    colour = wants_colour("auto", sys.stdout)
    Console(file=sys.stdout, no_color=not colour, highlight=False).print(table)
