"""Walking, looking up and loading: what the rest of the house does with a tree."""

from __future__ import annotations

import pytest
import yaml as pyyaml

from st2lang.yaml import (
    Alias,
    Mapping,
    Scalar,
    Sequence,
    deref,
    events,
    node_at,
    parse,
    to_data,
    walk,
)
from st2lang.yaml.decode import decode

TEXT = """\
base: &base {retry: 1, delay: 2}
task:
  <<: *base
  delay: 5
  items:
    - one
    - *base
"""


def mapping(text: str) -> Mapping:
    root = parse(text).root
    assert isinstance(root, Mapping)
    return root


def test_get_follows_aliases_and_merges() -> None:
    task = mapping(TEXT).get("task")
    assert isinstance(task, Mapping)
    assert task.entries[0].key.start == TEXT.index("<<")
    assert {key.value: to_data(value) for key, value in task.items()} == {
        "retry": 1,
        "delay": 5,
        "items": ["one", {"retry": 1, "delay": 2}],
    }
    assert "retry" in task
    assert task.get("none") is None
    entry = task.entry("retry")
    assert entry is not None
    assert entry.key.start == TEXT.index("retry")


def test_walk_does_not_follow_aliases() -> None:
    root = mapping(TEXT)
    found = dict(walk(root))
    assert isinstance(found["task", "items", 1], Alias)
    assert ("task", "items", 1, "retry") not in found
    assert deref(found["task", "items", 1]) is root.get("base")
    assert to_data(None) is None


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        ("task:", [Mapping, Scalar]),
        ("*base\n  delay", [Mapping, Mapping, Alias]),
        ("5", [Mapping, Mapping, Scalar]),
        ("one", [Mapping, Mapping, Sequence, Scalar]),
        ("2}", [Mapping, Mapping, Scalar]),
    ],
)
def test_node_at(place: str, kinds: list[type]) -> None:
    file = parse(TEXT)
    assert [type(node) for node in node_at(file, TEXT.index(place))] == kinds


def test_node_at_outside() -> None:
    assert node_at(parse("  a: 1\n\n"), 0) == ()
    assert node_at(parse("  a: 1\n\n"), 8) == ()
    assert node_at(parse(""), 0) == ()


def test_values_that_were_left_out() -> None:
    root = mapping("a:\nb: {c, d: }\n")
    empty = root.entries[0].value
    assert isinstance(empty, Scalar)
    assert (empty.value, empty.data, empty.is_string, empty.span) == ("", None, False, (2, 2))


@pytest.mark.parametrize(
    ("data", "text", "bom", "problems"),
    [
        (b"a: 1", "a: 1", False, 0),
        (b"", "", False, 0),
        (b"\xef\xbb\xbfa", "a", True, 0),
        ("\ufeffa: é😀".encode("utf-16-le"), "a: é😀", True, 0),
        ("\ufeffa: é😀".encode("utf-16-be"), "a: é😀", True, 0),
        (b"\xff\xfea\0b", "a\ufffd", True, 1),
        ("é: ".encode() + b"\xe9\xe9 x", "é: \ufffd\ufffd x", False, 1),
    ],
)
def test_decode(data: bytes, text: str, bom: bool, problems: int) -> None:
    source, found = decode("x.yaml", data)
    assert (source.path, source.text, source.bom) == ("x.yaml", text, bom)
    assert [problem.check for problem in found] == ["yaml-encoding"] * problems
    assert all(text[slice(*problem.span)] == "\ufffd" for problem in found)


def test_text_that_cannot_be_encoded() -> None:
    file = parse("a: \ud800\nb: 1\n")
    assert [problem.check for problem in file.problems] == ["yaml-encoding"]
    assert to_data(file.root) == {"a": "\ufffd", "b": 1}


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML's own parser gives the same tree, whole or broken."""
    text = TEXT + "text: |\n  é😀\n  漢\nquoted: 'a\n  b'\nhalf\nopen: [1, 2\nlast: x\n"
    fast = parse(text)
    monkeypatch.setattr(events, "Parser", pyyaml.SafeLoader)
    slow = parse(text)
    assert fast.root is not None
    assert slow.root is not None
    assert [(path, node.span) for path, node in walk(slow.root)] == [
        (path, node.span) for path, node in walk(fast.root)
    ]
    assert [problem.span for problem in slow.problems] == [p.span for p in fast.problems]
    assert len(slow.problems) == 2
    assert [p.check for p in parse("a: \0").problems] == ["yaml-encoding"]
