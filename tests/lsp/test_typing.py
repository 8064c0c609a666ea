"""Typing, through a real server: after the last keystroke it says what `st2c check` says about that text.

Workflows are typed character by character, and edited at random: insertions, deletions, pastes, undo, characters
outside the Basic Multilingual Plane, Windows line breaks; several changes in one message now and then. Between
keystrokes the server is at times given the time to analyse what is there, broken as it is, and at times not.
A few workflows are tried in each run; with ST2C_FUZZ the whole corpus, with 2,000 edits to each.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lsp.wire import Wire, edit
from st2server.convert import Converter

from st2lang.commands.rules import Rules
from st2lang.commands.work import Plan, inspect
from st2lang.problem import Severity
from st2lang.source import Source, Span

ENCODINGS = ("utf-8", "utf-16", "utf-32")
PLAN = Plan(rules=Rules(least=Severity.HINT))
PASTED = (
    *(
        "\n",
        "\r\n",
        "  ",
        "a",
        "x",
        ":",
        ": ",
        "- ",
        "'",
        '"',
        "#",
        "[",
        "{",
        "<% ",
        " %>",
        "{{ ",
        " }}",
    ),
    *(
        "ctx().",
        "😀",
        "𝔘𝔫𝔦",
        "é",
        "\t",
        "# st2c: ignore[undefined-variable]\n",
        "&a ",
        "*a",
        "\u2028",
    ),
    *(
        "    next:\n      - do: fail\n",
        "  another:\n    action: core.noop\n",
        "    action: core.local\r\n",
    ),
)
RANKS = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3, Severity.HINT: 4}


class Typist:
    """Edits one document of a server, and knows what its text must be by now."""

    def __init__(self, wire: Wire, path: Path, text: str, encoding: str) -> None:
        self.wire, self.path, self.uri, self.text = wire, path, path.as_uri(), text
        self.converter = Converter(encoding)
        self.version = 1
        self.keys = 0
        self._told: tuple[int, list[dict[str, Any]]] = (0, [])
        wire.open(self.uri, text)

    def change(self, *edits: tuple[int, int, str]) -> None:
        """Replace ranges of characters, one after the other."""
        changes = []
        for start, end, new in edits:
            span = Span(start, end)
            place = self.converter.range(Source("", self.text), span)
            changes.append(
                {
                    "range": {
                        "start": {"line": place.start.line, "character": place.start.character},
                        "end": {"line": place.end.line, "character": place.end.character},
                    },
                    "text": new,
                }
            )
            self.text = self.text[:start] + new + self.text[end:]
        self.version += 1
        self.keys += 1
        self.wire.notify("textDocument/didChange", edit(self.uri, self.version, *changes))

    def pause(self) -> list[dict[str, Any]]:
        """Wait for the diagnostics of the text as it is."""
        if self._told[0] != self.version:
            self._told = self.version, self.wire.published(self.uri, self.version)
        return self._told[1]

    def compare(self) -> None:
        """What the server says now is what the command line says."""
        source = Source(str(self.path), self.text)
        kind, problems = inspect(PLAN, source, ())
        expected = []
        for problem in problems if kind != "unknown" or not self.text.strip() else ():
            place = self.converter.range(source, problem.span)
            places = (place.start.line, place.start.character, place.end.line, place.end.character)
            text = f"{problem.message}\n{problem.help}" if problem.help else problem.message
            expected.append((problem.check, RANKS[problem.severity], places, text))
        found = []
        for one in self.pause():
            start, end = one["range"]["start"], one["range"]["end"]
            places = (start["line"], start["character"], end["line"], end["character"])
            found.append((one["code"], one["severity"], places, one["message"]))
        assert found == expected, (self.path, self.version)
        self.wire.notify("textDocument/didClose", {"textDocument": {"uri": self.uri}})
        self.wire.heard.clear()


@pytest.fixture(params=ENCODINGS)
def typing(request: pytest.FixtureRequest) -> Iterator[tuple[Wire, str]]:
    with Wire() as wire:
        wire.begin(encodings=[request.param])
        assert wire.capabilities["positionEncoding"] == request.param
        yield wire, request.param
        assert wire.end() == 0


def workflows(corpus: Path) -> list[Path]:
    files = sorted(corpus.glob("packs/*/actions/**/*.yaml"))
    return [
        path
        for path in files
        if b"\ntasks:" in path.read_bytes() or b"\nchain:" in path.read_bytes()
    ]


def chosen(corpus: Path, factor: int, encoding: str, few: int) -> list[Path]:
    """A few workflows for an encoding; with a factor all of the corpus, shared out among the encodings."""
    found = workflows(corpus)
    if factor > 1:
        return found[ENCODINGS.index(encoding) :: len(ENCODINGS)]
    return random.Random(encoding).sample(found, few)


def decoded(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")


def test_character_by_character(typing: tuple[Wire, str], corpus: Path, fuzz_factor: int) -> None:
    wire, encoding = typing
    keys = 0
    for path in chosen(corpus, fuzz_factor, encoding, few=2):
        text, rng = decoded(path), random.Random(path.name)
        typist = Typist(wire, path, "", encoding)
        for at in range(len(text)):
            if text[at - 1 : at + 1] == "\r\n":
                continue
            length = 2 if text[at : at + 2] == "\r\n" else 1
            typist.change((len(typist.text), len(typist.text), text[at : at + length]))
            if rng.random() < 0.02:
                typist.pause()
        assert typist.text == text
        typist.compare()
        keys += typist.keys
    assert keys > 100


def test_random_edits(typing: tuple[Wire, str], corpus: Path, fuzz_factor: int) -> None:
    wire, encoding = typing
    keys = 0
    for path in chosen(corpus, fuzz_factor, encoding, few=2):
        typist = Typist(wire, path, decoded(path), encoding)
        rng, done = random.Random(path.name), [typist.text]
        for _ in range(2000 if fuzz_factor > 1 else 150):
            if len(done) > 1 and rng.random() < 0.3:
                undone = done.pop()
                typist.change((0, len(typist.text), undone))
            else:
                done.append(typist.text)
                typist.change(*edits(rng, typist.text))
            if rng.random() < 0.05:
                typist.pause()
        typist.compare()
        keys += typist.keys
    assert keys >= 300


def edits(rng: random.Random, text: str) -> list[tuple[int, int, str]]:
    """One change, at times two in one message; neither splits a Windows line break."""
    found = []
    for _ in range(rng.choice((1, 1, 1, 2))):
        at = near = rng.randrange(len(text) + 1)
        if rng.random() < 0.4:
            near = min(len(text), at + rng.choice((1, 1, 2, 10, 60)))
        new = "" if rng.random() < 0.3 else rng.choice(PASTED)
        if rng.random() < 0.1:
            start = rng.randrange(len(text) + 1)
            new = text[start : start + rng.randrange(200)]
        if any(text[place - 1 : place + 1] == "\r\n" for place in (at, near)):
            continue
        text = text[:at] + new + text[near:]
        found.append((at, near, new))
    return found or [(0, 0, "")]
