"""From decoded text to source and back, for every way in which YAML can write a scalar.

A known text is written in each style, at random indentation and with random line ends; then every
range of it must be found again exactly where it was written.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.source import Span
from st2lang.yaml import Mapping, Scalar, Sequence, parse

BREAKS = ("\n", "\r\n", "\r", "\x85")
LETTERS = "abcxyz<%>(){}$._=é漢😀𝔘\xa0"
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\x1b": "\\e", "\xa0": "\\_"}


class Writer:
    """Writes characters and remembers, for every decoded character, where it stands."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.end = rng.choice(BREAKS)
        self.text = ""
        self.value = ""
        self.places: list[Span] = []

    def raw(self, text: str) -> None:
        """Text that decodes to nothing."""
        self.text += text

    def put(self, decoded: str, written: str | None = None) -> None:
        """One decoded character, written as itself or as something else."""
        start = len(self.text)
        self.text += decoded if written is None else written
        self.value += decoded
        self.places.append(Span(start, len(self.text)))

    def word(self) -> None:
        """A few characters that stand for themselves in every style."""
        for character in self.rng.choices(LETTERS, k=self.rng.randint(1, 6)):
            self.put(character)

    def fold(self, indent: str) -> None:
        """A break between two lines of text: a blank, or one line feed for every empty line."""
        self.raw(self.rng.choice(("", " ", "\t")))
        empty = self.rng.randint(0, 2)
        if empty:
            self.raw(self.end)
        else:
            self.put(" ", self.end)
        for _ in range(empty):
            self.raw(self.rng.choice(("", "  ")))
            self.put("\n", self.end)
        self.raw(indent + self.rng.choice(("", " ", "\t")))


def write_plain(writer: Writer, indent: str) -> None:
    writer.put("p")
    for _ in range(writer.rng.randint(0, 5)):
        if writer.rng.random() < 0.4:
            writer.fold(indent)
            writer.put("w")
        elif writer.rng.random() < 0.4:
            writer.put(" ")
            writer.put("w")
        writer.word()


def write_single(writer: Writer, indent: str) -> None:
    writer.raw("'")
    writer.put("s")
    for _ in range(writer.rng.randint(0, 5)):
        writer.word()
        kind = writer.rng.randint(0, 3)
        if kind == 0:
            writer.put("'", "''")
        elif kind == 1:
            writer.fold(indent)
            writer.put("w")
        elif kind == 2:
            writer.put("\\")
            writer.put('"')
    writer.raw("'")


def write_double(writer: Writer, indent: str) -> None:
    writer.raw('"')
    for _ in range(writer.rng.randint(0, 8)):
        kind = writer.rng.randint(0, 4)
        if kind == 0:
            writer.word()
            writer.fold(indent)
            writer.put("w")
        elif kind == 1:
            writer.put("c")
            writer.put(" ")
            writer.raw(f"\\{writer.end}{indent}")
            writer.put("d")
        elif kind == 2:
            writer.put(" ")
            writer.word()
        else:
            character = writer.rng.choice('ab"\\\n\t\x1b\xa0é漢😀')
            writer.put(character, writer.rng.choice(ways_to_escape(character)))
    writer.put(".")
    writer.raw('"')


def ways_to_escape(character: str) -> list[str]:
    code = ord(character)
    ways = [f"\\U{code:08x}"]
    if code <= 0xFFFF:
        ways.append(f"\\u{code:04X}")
    if code <= 0xFF:
        ways.append(f"\\x{code:02x}")
    if character in ESCAPES:
        ways.append(ESCAPES[character])
    return ways


def write_block(writer: Writer, indent: str, width: int) -> None:
    """A literal or folded scalar; `width` is how much deeper its lines are than the parent."""
    rng = writer.rng
    folded, chomp, explicit = rng.random() < 0.5, rng.choice(("", "-", "+")), rng.random() < 0.5
    indicators = [str(width) if explicit else "", chomp]
    rng.shuffle(indicators)
    writer.raw((">" if folded else "|") + "".join(indicators) + rng.choice(("", " ", "  # no")))
    writer.raw(writer.end)
    more: list[bool] = [explicit and rng.random() < 0.3]
    more += [rng.random() < 0.3 for _ in range(rng.randint(0, 4))]
    for _ in range(rng.randint(0, 2)):  # empty lines in front
        writer.put("\n", writer.end)
    for number, deeper in enumerate(more):
        writer.raw(indent)
        if deeper:
            writer.put(rng.choice(" \t"))
        else:
            writer.put("w")
        writer.word()
        if number + 1 < len(more):
            write_block_break(writer, folded and not deeper and not more[number + 1])
    final = rng.randint(0, 2)
    if chomp == "-":
        writer.raw(writer.end * (final + 1))
    elif chomp == "":
        writer.put("\n", writer.end)
        writer.raw(writer.end * final)
    else:
        for _ in range(final + 1):
            writer.put("\n", writer.end)


def write_block_break(writer: Writer, folds: bool) -> None:
    empty = writer.rng.randint(0, 2)
    if not folds:
        writer.put("\n", writer.end)
    elif empty:
        writer.raw(writer.end)
    else:
        writer.put(" ", writer.end)
    for _ in range(empty):
        writer.put("\n", writer.end)


def write_file(style: str, rng: Random) -> Writer:
    """A file with one scalar under `key`, below mappings and perhaps in a list."""
    writer = Writer(rng)
    step, depth, item = rng.randint(1, 4), rng.randint(0, 4), rng.random() < 0.5
    writer.raw(f"# 漢 😀{writer.end}")
    for level in range(depth):
        writer.raw(f"{' ' * (step * level)}é😀{level}:{writer.end}")
    column = step * depth
    writer.raw(f"{' ' * column}{'- ' if item else ''}key: ")
    if rng.random() < 0.2:
        writer.raw("&anchor ")
    if rng.random() < 0.2:
        writer.raw("!!str ")
    column += 2 if item else 0
    width = rng.randint(1, 5)
    indent = " " * (column + width)
    if style == "block":
        write_block(writer, indent, width)
    else:
        {"plain": write_plain, "single": write_single, "double": write_double}[style](
            writer, indent
        )
        writer.raw(rng.choice(("", " ", "  # comment")) + writer.end)
    writer.raw(f"{' ' * column}last: 😀{writer.end}")
    return writer


def scalar_of(text: str) -> Scalar:
    """The value of the only `key` in a file."""
    file = parse(text)
    assert not file.problems, file.problems
    node = file.root
    while True:
        if isinstance(node, Sequence):
            node = node.items[0]
        assert isinstance(node, Mapping)
        key, value = node.entries[0]
        if isinstance(key, Scalar) and key.value == "key":
            assert isinstance(value, Scalar)
            return value
        node = value


STYLES = ("plain", "single", "double", "block")


@pytest.mark.parametrize("style", STYLES)
def test_every_range_is_found_where_it_was_written(style: str, fuzz_factor: int) -> None:
    @settings(max_examples=150 * fuzz_factor)
    @given(st.randoms(use_true_random=False))
    def check(rng: Random) -> None:
        writer = write_file(style, rng)
        scalar = scalar_of(writer.text)
        assert scalar.value == writer.value
        places = writer.places
        for start in range(len(places)):
            assert scalar.locate(start, start) == Span(places[start].start, places[start].start)
            assert scalar.offset_at(places[start].start) == start
            end = rng.randint(start + 1, len(places))
            found = scalar.locate(start, end)
            assert found == Span(places[start].start, places[end - 1].end)
        last = places[-1].end
        assert scalar.locate(len(places), len(places)) == Span(last, last)
        assert scalar.start <= places[0].start
        assert last <= scalar.end
        assert scalar.offset_at(scalar.start - 1) is None
        assert scalar.offset_at(scalar.end + 1) is None

    check()


@pytest.mark.parametrize(
    ("text", "value", "span"),
    [
        ("a:\nb: 1\n", "", "2:2"),
        ("a: ''\n", "", "3:5"),
        ("a: |\n\n\nb: 1\n", "", "3:4"),
        ("a: |+\n\n\nb: 1\n", "\n\n", "3:8"),
        ("a: >-\n  x\n\n\n# c\nb: 1\n", "x", "3:9"),
        ("a: |\n  x  \n\nb: 1\n", "x  \n", "3:11"),
        ("a: |\n  x", "x", "3:8"),
        ("a: &x\nb: 1\n", "", "5:5"),
        ("a: !!str\n  x # c\n", "x", "11:12"),
        ("a: one\n\n  two # c\n", "one\ntwo", "3:13"),
        ("[a, &x b]", None, ""),
    ],
)
def test_extent(text: str, value: str | None, span: str) -> None:
    root = parse(text).root
    if value is None:
        assert isinstance(root, Sequence)
        assert [text[slice(*item.span)] for item in root.items] == ["a", "b"]
        return
    assert isinstance(root, Mapping)
    node = root.entries[0].value
    assert isinstance(node, Scalar)
    assert (node.value, f"{node.start}:{node.end}") == (value, span)


def test_ranges_outside_are_clamped() -> None:
    scalar = scalar_of("key: 'it''s'\n")
    assert scalar.locate(-3, 99) == Span(6, 11)
    assert scalar.locate(3, 1) == Span(10, 10)
    assert scalar.offset_at(9) == 2
