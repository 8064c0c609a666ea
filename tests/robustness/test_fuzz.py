"""Half-typed, damaged and random text: never a crash, and damage stays where it is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.analysis import Analysis, analyse
from st2lang.source import Source

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
KINDS = ("orquesta", "action-chain")


def check(text: str, kind: str) -> Analysis:
    """Analyse, and hold every problem to what a printer needs."""
    analysis = analyse(Source("fuzz.yaml", text), kind=kind)
    for problem in analysis.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        assert problem.message
        analysis.source.position(problem.span.start)
    return analysis


def workflows(corpus: Path) -> Iterator[tuple[str, str]]:
    """(kind, text) of every workflow and chain of the corpus."""
    for path in sorted(corpus.glob("packs/*/actions/**/*.yaml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if "\ntasks:" in text:
            yield "orquesta", text
        elif "chain:" in text and "runner_type" not in text:
            yield "action-chain", text


def test_every_prefix_of_the_examples() -> None:
    for path in sorted(EXAMPLES.glob("**/*.yaml")):
        text = path.read_text(encoding="utf-8")
        kind = "action-chain" if "chain:" in text else "orquesta"
        for end in range(0, len(text), 3):
            check(text[:end], kind)


def test_prefixes_of_the_corpus(corpus: Path, fuzz_factor: int) -> None:
    for number, (kind, text) in enumerate(workflows(corpus)):
        step = max(7, len(text) // (12 * fuzz_factor))
        for end in range(number % step, len(text), step):
            check(text[:end], kind)


_SCRAPS = [
    "<%", "%>", "{{", "}}", "{%", "%}", "'", '"', "[", "]", "{", "}", ":", ": ", "- ", "\t", "\n", "#", "&a ",
    "*a", "!!python/x ", "|", ">", "<<: ", "ctx().", "\u2028", "\U0001f600", "\x00", "---\n", "? ",
]  # fmt: skip


def damage(text: str, rng: random.Random) -> str:
    """One random edit: characters deleted, doubled, moved, or a scrap put in."""
    at = rng.randrange(len(text) + 1)
    match rng.randrange(4):
        case 0:
            return text[:at] + text[at + rng.randrange(1, 30) :]
        case 1:
            return text[:at] + rng.choice(_SCRAPS) + text[at:]
        case 2:
            return text[:at] + text[at : at + rng.randrange(40)] + text[at:]
        case _:
            other = rng.randrange(len(text) + 1)
            return text[:at] + text[other : other + rng.randrange(60)] + text[at:]


def test_random_edits_of_the_corpus(corpus: Path, fuzz_factor: int) -> None:
    rng = random.Random(20261123)
    texts = list(workflows(corpus))
    for _ in range(600 * fuzz_factor):
        kind, text = rng.choice(texts)
        for _ in range(rng.randrange(1, 4)):
            text = damage(text, rng)
        check(text, kind)


@settings(max_examples=150)
@given(st.text(max_size=300), st.sampled_from(KINDS))
def test_any_text(text: str, kind: str) -> None:
    check(text, kind)


SOUND = """\
version: 1.0
input:
  - host
tasks:
  first:
    action: core.echo message=<% ctx().hots %>
    next:
      - do: secnod
  second:
    action: core.echo
    input:
      message: <% ctx().nobody %>
  third:
    action: core.echo
    input:
      message: <% ctx(.x) %>
    nxt: []
"""
BREAKS = ["    'unclosed", "   half", "    key: [1, 2", "    @bad", "    key: a: b", "  }"]


@pytest.mark.parametrize("line", BREAKS)
@pytest.mark.parametrize("task", ["first", "second", "third"])
def test_a_broken_line_leaves_the_other_problems_in_place(line: str, task: str) -> None:
    def found(text: str, skip: set[str]) -> set[tuple[str, str]]:
        analysis = check(text, "orquesta")
        return {
            (p.check, analysis.source.line_text(analysis.source.position(p.span.start).line))
            for p in analysis.problems
            if p.check
            in ("undefined-variable", "undefined-task", "expression-syntax", "unknown-key")
        } - {("", s) for s in skip}

    before = found(SOUND, set())
    assert {check for check, _ in before} == {
        "undefined-variable", "undefined-task", "expression-syntax", "unknown-key"
    }  # fmt: skip
    lines = SOUND.splitlines()
    at = next(i for i, text in enumerate(lines) if text.startswith(f"  {task}:"))
    lines.insert(at + 2, line)
    block = set(lines[at : at + 5])
    after = found("\n".join(lines) + "\n", set())
    lost = {(c, text) for c, text in before - after if text not in block}
    assert not lost
