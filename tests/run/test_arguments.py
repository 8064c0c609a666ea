"""`name=value` as `st2 run` reads it: by the declared types, with every mistake told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from st2runtime.actions import arguments
from st2runtime.actions.runnable import Runnable

OWN: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "count": {"type": "integer"},
    "ratio": {"type": "number"},
    "flag": {"type": "boolean"},
    "hosts": {"type": "array"},
    "ports": {"type": "array", "items": {"type": "integer"}},
    "labels": {"type": "array", "items": {"type": "string"}},
    "env": {"type": "object"},
    "limits": {"type": "object", "properties": {"cpu": {"type": "integer"}}},
    "either": {"type": ["string", "integer"]},
    "any": {},
}
ACTION = Runnable("p.a", "p", "noop", own=OWN)
SHELL = Runnable("core.local", "core", "local-shell-cmd", own={"cmd": {"type": "string"}})
LOOSE = Runnable("p.w", "p", "orquesta", own={"x": {}}, loose=True)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("text=5", "5"),
        ("text=a=b", "a=b"),
        ("text=", ""),
        ("count=5", 5),
        ("ratio=2", 2.0),
        ("flag=TRUE", True),
        ("flag=false", False),
        ("hosts=a, b,c", ["a", "b", "c"]),
        ('hosts=["a", 1]', ["a", 1]),
        ("hosts=51", ["51"]),
        ("hosts=", []),
        ("hosts=null", None),
        ("ports=80,443", [80, 443]),
        ("ports=80", [80]),
        ("labels=1,2", ["1", "2"]),
        ("labels=[1, 2]", ["1", "2"]),
        ("env=a=1,b=x=y", {"a": "1", "b": "x=y"}),
        ('env={"a": 1}', {"a": 1}),
        ("limits=cpu=4,mem=8", {"cpu": 4, "mem": "8"}),
        ("either=7", 7),
        ("either=seven", "seven"),
        ("any=7", "7"),
        ("nobody=knows", "knows"),
    ],
)
def test_a_value_by_its_type(word: str, value: Any) -> None:
    (found,) = arguments.read([word], ACTION).values.values()
    assert found == value
    assert type(found) is type(value)


def test_without_metadata_json_is_data() -> None:
    found = arguments.read(["x=5", 'y=["a"]', "z=word"], LOOSE).values
    assert found == {"x": 5, "y": ["a"], "z": "word"}


def test_words_are_the_command() -> None:
    assert arguments.read(["ls", "-l", "a=b"], SHELL).values == {"cmd": "ls -l a=b"}
    assert arguments.read(["ls --color=auto"], SHELL).values == {"cmd": "ls --color=auto"}
    assert arguments.read(["cmd=ls -l"], SHELL).values == {"cmd": "ls -l"}


def test_the_content_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("first\nsecond\n", encoding="utf-8")
    assert arguments.read([f"@text={path}"], ACTION).values == {"text": "first\nsecond\n"}


def test_every_mistake_is_told() -> None:
    found = arguments.read(
        ["count=x", "flag=7", "env=a", "hosts=[1,", "@text=none.txt", "word"], ACTION
    )
    assert found.values == {}
    assert tuple(found.wrong.values()) == (
        "parameter `count` expects a whole number: `x` is none",
        "parameter `flag` expects true or false: `7` is neither true nor false",
        "parameter `env` expects a mapping: `a` is neither JSON nor `key=value`",
        "parameter `hosts` expects a list: `[1,` is no JSON",
        "the file `none.txt` cannot be read: No such file or directory",
        "`word` is no parameter: they are written `name=value`",
    )
