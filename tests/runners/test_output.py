"""Output: lines as they come, bounded text, JSON as StackStorm's decoder takes it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from st2runtime.runners import _output
from st2runtime.runners._output import Stream, as_data, stripped


def fed(*chunks: bytes) -> tuple[Stream, list[str]]:
    lines: list[str] = []
    stream = Stream(lines.append)
    for chunk in chunks:
        stream.feed(chunk)
    stream.close()
    return stream, lines


@given(st.lists(st.binary(max_size=20)))
def test_however_it_is_cut(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    stream, lines = fed(*chunks)
    assert stream.text() == whole.decode("utf-8", "replace")
    expected = [line.removesuffix(b"\r") for line in whole.removesuffix(b"\n").split(b"\n")]
    assert lines == ([line.decode("utf-8", "replace") for line in expected] if whole else [])


def test_long_output_keeps_beginning_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_output, "KEEP", 10)
    stream, lines = fed(*(b"%05d\n" % n for n in range(100)))
    assert stream.text() == "00000\n0000\n[... 580 bytes left out ...]\n098\n00099\n"
    assert len(lines) == 100


def test_output_of_twice_the_bound_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_output, "KEEP", 10)
    assert fed(b"0123456789", b"abcdefghij")[0].text() == "0123456789abcdefghij"


def test_a_line_without_end_comes_in_pieces() -> None:
    _, lines = fed(*[b"x" * 50_000] * 4)
    assert [len(line) for line in lines] == [65536, 65536, 65536, 200_000 - 3 * 65536]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a\r", "a"), ("a\n\r", "a\n"), ("", "")],
)
def test_stripped(text: str, expected: str) -> None:
    assert stripped(text) == expected


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("10", 10),
        ("true", True),
        ("null", None),
        ('"a"', "a"),
        (' {"a": [1, 2.5]}\n', {"a": [1, 2.5]}),
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("18446744073709551616", 18446744073709551616.0),
        ("1" * 30, float("1" * 30)),
        (r'"\ud83d\ude00"', "\U0001f600"),
    ],
)
def test_json_becomes_data(text: str, data: object) -> None:
    assert as_data(text) == data
    assert type(as_data(text)) is type(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "9" * 400,
        r'"\ud800"',
        "[1",
        "010",
        "[" * 99999,
    ],
)
def test_what_is_no_json_stays_text(text: str) -> None:
    assert as_data(text) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_whatever_is_written_as_json_is_read(value: object) -> None:
    assert as_data(json.dumps(value)) == value
    assert as_data(json.dumps(value, ensure_ascii=False)) == value
