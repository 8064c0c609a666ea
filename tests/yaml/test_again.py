"""A text parsed again after an edit has the tree that it has when it is parsed for the first time."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.yaml import Alias, Mapping, Node, Scalar, YamlFile, parse
from st2lang.yaml.again import parse_again

WORKFLOW = """---
# A workflow with a bit of everything.
version: 1.0

description: >
  folded 𝔘
  text

input:
- host
- port: 22
vars: [a: 1, b: {c: 2}]
tasks:
  first:
    action: core.echo message="<% ctx().host %>"
    # a comment
    next:
      - when: <% succeeded() %>
        publish: x=<% result().stdout %>
        do: second, third
  second:
    action: core.local
    input:
      cmd: |
        echo one
          echo two

      text: 'it''s'
      other: "a
        b"
  third: {action: core.noop, join: all}
  last:
output:
  - x: <% ctx().x %>
"""

SNIPPETS = (
    *("\n", "\n\n", "\r\n", " ", "  ", "    ", "a", "x:", ": ", "- ", "-", "#", "# c\n", "'", '"'),
    *(
        "[",
        "]",
        "{",
        "}",
        ",",
        "|",
        ">",
        "|\n",
        "&a ",
        "*a",
        "!!str ",
        "<%",
        "%>",
        "{{",
        "}}",
        "\t",
    ),
    *("\x85", "\u2028", "\0", "😀", "  key: 1\n", "    key: 1\n", "  key:\n    k: v\n", "---\n"),
    *(
        "...\n",
        "? ",
        "%",
        "first:",
        "  first: 2\n",
        "version: 2\n",
        "@",
        "`",
        "\\",
        "key",
        "\n  new",
    ),
)


def plain(node: Node) -> Any:
    """Everything that a node is, for comparison."""
    places = (node.start, node.end)
    match node:
        case Alias():
            return ("alias", node.name, node.defined, places)
        case Scalar():
            written = node.text[node.start : node.end]
            data = (type(node.data), repr(node.data))
            return (node.value, node.style, places, written, node.text, node.tag, node.anchor, data)
        case Mapping():
            entries = [(plain(key), plain(value)) for key, value in node.entries]
            index = [
                (repr(key), node.entries.index(e))
                for key, e in node.index.items()
                if e in node.entries
            ]
            return ("mapping", entries, index, places, node.flow, node.tag, node.anchor)
        case _:
            items = [plain(item) for item in node.items]
            return ("sequence", items, places, node.flow, node.tag, node.anchor)


def whole(file: YamlFile) -> Any:
    problems = sorted(map(repr, file.problems))
    return [plain(node) for node in file.documents], problems, file.broken, file.linked, file.text


def edited(text: str, at: int, length: int, new: str) -> str:
    return text[:at] + new + text[at + length :]


@settings(max_examples=300)
@given(st.data())
def test_edits_one_after_the_other(data: st.DataObject) -> None:
    text, file = WORKFLOW, parse(WORKFLOW)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.sampled_from((0, 0, 0, 1, 1, 2, 5, 20, 80)))
        new = data.draw(st.sampled_from(("", *SNIPPETS)))
        text = edited(text, at, length, new)
        file = parse(text, file)
        assert whole(file) == whole(parse(text))


@pytest.mark.parametrize("style", ["\n", "\r\n"])
def test_every_character_typed_and_deleted(style: str) -> None:
    """Each is put in and taken out again; nearly always without parsing the whole."""
    text = WORKFLOW.replace("\n", style)
    before, again = parse(text), 0
    for at in range(len(text) + 1):
        if text[at - 1 : at + 1] == "\r\n":
            continue
        typed = edited(text, at, 0, "x")
        file = parse(typed, before)
        again += parse_again(before, typed) is not None
        assert whole(file) == whole(parse(typed)), at
        assert whole(parse(text, file)) == whole(before), at
    assert again > 0.75 * len(text)


def test_broken_where_others_run_on() -> None:
    """A text that is broken is taken apart along its lines: a quote elsewhere that runs on matters then."""
    before = parse(WORKFLOW.replace('        b"', 'b"'))
    assert not before.problems
    at = before.text.index("action: core.echo")
    typed = edited(before.text, at, 0, " ")
    assert parse_again(before, typed) is None
    assert parse_again(before, edited(before.text, at, 0, "x")) is not None


@pytest.mark.parametrize("wrong", ["    action: again\n", "    delay: 2020-99-99\n"])
def test_problems_elsewhere_move_along(wrong: str) -> None:
    at = WORKFLOW.index("    next:")
    text = WORKFLOW[:at] + wrong + WORKFLOW[at:]
    before, again = parse(text), 0
    assert len(before.problems) == 1
    for at in range(len(text) + 1):
        typed = edited(text, at, 0, "x")
        again += parse_again(before, typed) is not None
        assert whole(parse(typed, before)) == whole(parse(typed)), at
    assert again > 0.6 * len(text)


def test_corpus(corpus: Path, fuzz_factor: int) -> None:
    """Random edits in real workflows; most of them are read without the rest."""
    files = sorted(corpus.glob("packs/*/actions/workflows/**/*.yaml"))
    rng = random.Random(fuzz_factor)
    done = again = 0
    for path in rng.sample(files, min(len(files), 10 * fuzz_factor)):
        text = path.read_text(encoding="utf-8")
        before = parse(text)
        for _ in range(10):
            at = rng.randrange(len(text) + 1)
            typed, file = text, before
            for near in range(at, at + 3):
                length, new = rng.choice((0, 0, 0, 1, 3)), rng.choice(("", *SNIPPETS, *"abc:-' "))
                typed = edited(typed, near, length, new)
                again += parse_again(file, typed) is not None
                done += 1
                file = parse(typed, file)
                assert whole(file) == whole(parse(typed)), (path, typed[near - 20 : near + 20])
    assert again > done / 4
