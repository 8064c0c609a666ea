"""Ignore comments, on the cases in `suppress/` and on arbitrary texts.

In a case every `BAD1` is a problem of the check `bad-one`, every `BAD2` one of `bad-two`. Beside it
stand the problems that are left and, if it changes anything, the text after their fixes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang import suppress
from st2lang.commands.fix import apply, disjoint, wanted
from st2lang.problem import Problem, Severity
from st2lang.source import Source, Span

CASES = Path(__file__).parent / "suppress"
IDS = {"BAD1": "bad-one", "BAD2": "bad-two"}
KNOWN = frozenset({"bad-one", "bad-two", suppress.UNUSED, suppress.INVALID})


def check(text: str) -> tuple[Problem, ...]:
    found = [
        Problem(IDS[match.group()], Severity.ERROR, "bad", Span(*match.span()))
        for match in re.finditer("BAD[12]", text)
    ]
    return suppress.apply(Source("x.yaml", text), found, known=KNOWN)


def fixed(text: str) -> str:
    return apply(text, disjoint(wanted(check(text))))


def render(text: str) -> str:
    source = Source("x.yaml", text)
    lines = []
    for problem in sorted(check(text), key=lambda problem: problem.span):
        start, end = source.position(problem.span.start), source.position(problem.span.end)
        place = f"{start.line}:{start.column}-{end.line}:{end.column}"
        lines.append(f"{place} {problem.severity.value} {problem.check}: {problem.message}")
    after = fixed(text)
    if after != text:
        lines += ["", "--- fixed ---", after]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_case(case: Path, bless: bool) -> None:
    got = render(case.read_text(encoding="utf-8"))
    expected = case.with_suffix(".out")
    if bless:
        expected.write_text(got, encoding="utf-8", newline="\n")
    assert got == expected.read_text(encoding="utf-8")


def test_without_comments_problems_are_the_same_objects() -> None:
    problem = Problem("bad-one", Severity.ERROR, "bad", Span(0, 1))
    assert suppress.apply(Source("", "a: 1\n"), [problem], known=KNOWN)[0] is problem


def test_deleting_a_comment_keeps_line_breaks() -> None:
    assert fixed("a: 1 # st2c: ignore[bad-one] why\r\nb: 2\r\n") == "a: 1\r\nb: 2\r\n"
    assert fixed("a: 1\r\n# st2c: ignore[bad-one]\r\nb: 2\r\n") == "a: 1\r\nb: 2\r\n"
    assert fixed("a: 1\n# st2c: ignore[bad-one]") == "a: 1\n"


PIECES = [
    "a: BAD1", "b: 'x BAD2'", "- ", "\n", "\n", "  ", " # st2c: ignore[bad-one]", ": |", "k: >-",
    "# st2c: ignore-file[bad-two, bad-one] why", " # st2c: ignore", '"', "'", "{", "]", "# c",
]  # fmt: skip


def without_comments(text: str) -> list[str]:
    lines = (line.partition("#")[0].rstrip() for line in text.splitlines())
    return [line for line in lines if line]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=150)
def test_fixes_settle_and_touch_only_comments(text: str) -> None:
    for _ in range(5):
        after = fixed(text)
        if after == text:
            break
        assert without_comments(after) == without_comments(text)
        text = after
    assert not list(wanted(check(text)))


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=150)
def test_only_named_checks_are_silenced(text: str) -> None:
    named = {name for name in IDS.values() if f"{name}" in text}
    before = [IDS[word] for word in re.findall("BAD[12]", text)]
    after = [problem.check for problem in check(text)]
    for name in IDS.values():
        if name not in named:
            assert after.count(name) == before.count(name)
