"""Broken text: never a crash, always a problem, and nothing lost but the broken place.

The sample workflow is broken in one line after the other; whatever stands in the other tasks must
be read as before, at the same places, and exactly one problem must say what is wrong.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.problem import Severity
from st2lang.source import Span
from st2lang.yaml import Alias, Mapping, Node, Scalar, Sequence, YamlFile, node_at, parse, walk

SAMPLE = """\
version: 1.0
description: >
  Folded text
  over lines

input:
  - host
  - port: 80
vars: {limit: 3, names: [a, "b"]}
tasks:
  first:
    action: core.local cmd="echo <% ctx().host %>"
    next:
      - when: <% succeeded() and ctx().limit > 2 %>
        publish:
          - answer: '<% result().stdout %>'
        do: second, third
  second:
    action: core.remote
    input:
      hosts: <% ctx(host) %>
      cmd: |
        set -e
        echo "done"
    retry:
      count: 3
  third: # the last
    action: core.noop
output:
  - answer: "<% ctx().answer %>"
"""

BREAKAGES = {
    "a bare word": "{indent}wor",
    "an unclosed quote": '{indent}key: "text',
    "an unclosed bracket": "{indent}key: [1, {{a: 2",
    "a second colon": "{indent}key: one: two",
    "a wrong first character": "{indent}key: @text",
    "an unquoted expression": "{indent}key: <% dict(a: 1) %> {{{{ x }}}}",
    "a bad escape": '{indent}key: "\\d+"',
    "a stray closer": "{indent}}}",
    "no space after a colon": "{indent}key:value",
}
ANYWHERE = "%@`\"'[]{}:,-?&*!|>#\\\t \n\r\0\x85\ufeffé😀ab1<~="


def places(node: Node) -> list[tuple[Any, ...]]:
    """Everything that a node says about itself and what is below it."""
    found: list[tuple[Any, ...]] = []
    for path, each in walk(node):
        value = each.value if isinstance(each, Scalar) else None
        found.append((path, type(each).__name__, each.span, value))
    return found


def entries(file: YamlFile, *path: str) -> dict[str, Node]:
    """The entries of the mapping at a path, by key."""
    node: Node | None = file.root
    for step in path:
        assert isinstance(node, Mapping)
        node = node.get(step)
    assert isinstance(node, Mapping)
    return {entry.key.value: entry.value for entry in node.entries if isinstance(entry.key, Scalar)}


@pytest.mark.parametrize("breakage", BREAKAGES)
@pytest.mark.parametrize("task", ["first", "second", "third"])
def test_a_broken_line_leaves_the_rest(breakage: str, task: str) -> None:
    lines = SAMPLE.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith(f"  {task}:")) + 2
    text = "".join(lines[:at]) + BREAKAGES[breakage].format(indent="    ") + "\n"
    shift = len(text) - len("".join(lines[:at]))
    text += "".join(lines[at:])
    start = len("".join(lines[:at]))

    good, broken = parse(SAMPLE), parse(text)
    assert len(broken.problems) == 1
    problem = broken.problems[0]
    assert start <= problem.span.start <= problem.span.end <= start + shift
    assert problem.path[:2] == ("tasks", task)
    assert all(start <= span.start and span.end <= start + shift for span in broken.broken)
    assert broken.broken

    def moved(record: tuple[Any, ...]) -> tuple[Any, ...]:
        path, kind, span, value = record
        return path, kind, Span(*(at + shift if at >= start else at for at in span)), value

    for name, node in entries(good, "tasks").items():
        after = entries(broken, "tasks")[name]
        if name == task:
            kept = [record for record in places(after) if record[0] and record[0][0] != "key"]
            kept = [record for record in kept if record[0][0] not in ("wor", "key", "}")]
            assert kept == [moved(record) for record in places(node) if record[0]]
        else:
            assert places(after) == [moved(record) for record in places(node)]
    for name, node in entries(good).items():
        if name != "tasks":
            assert places(entries(broken)[name]) == [moved(record) for record in places(node)]


def test_two_broken_places_are_two_problems() -> None:
    text = SAMPLE.replace("core.remote", '"core.remote').replace("port: 80", "port: [80")
    assert [problem.path for problem in parse(text).problems] == [
        ("input", 1, "port"),
        ("tasks", "second", "action"),
    ]


def test_a_half_typed_key_is_a_key() -> None:
    text = SAMPLE.replace("    retry:\n      count: 3\n", "    ret\n")
    value = entries(parse(text), "tasks", "second")["ret"]
    assert isinstance(value, Scalar)
    assert (value.value, value.data, value.start) == ("", None, text.index("ret\n") + 3)


def check(text: str) -> YamlFile:
    """Whatever the text is: a tree inside the text, and errors where the loader fails."""
    file = check_tree(text)
    try:
        pyyaml.load(text, Loader=pyyaml.CSafeLoader)
    except (pyyaml.YAMLError, ValueError):
        assert any(problem.severity is Severity.ERROR for problem in file.problems)
    return file


def check_tree(text: str) -> YamlFile:
    """A tree and problems that stay inside the text."""
    file = parse(text)
    for problem in file.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        assert problem.message
        assert "expected <" not in problem.message
    for document in file.documents:
        for _, node in walk(document):
            assert 0 <= node.start <= node.end <= len(text)
            assert isinstance(node, Scalar | Mapping | Sequence | Alias)
            if isinstance(node, Scalar):
                assert node.start <= node.locate(0, len(node.value)).end <= node.end
    return file


def test_every_prefix_has_one_problem_at_most() -> None:
    for end in range(len(SAMPLE) + 1):
        file = check(SAMPLE[:end])
        assert len(file.problems) <= 1, SAMPLE[:end]
        if file.root is not None:
            assert node_at(file, file.root.start)


def test_every_prefix_of_real_workflows(corpus: Path, fuzz_factor: int) -> None:
    rng = Random(20)
    files = sorted(corpus.glob("packs/*/actions/workflows/*.yaml"))
    for path in files:
        text = path.read_text(encoding="utf-8")
        for _ in range(3 * fuzz_factor):
            end = rng.randint(0, len(text))
            file = check(text[:end])
            assert len([p for p in file.problems if p.check.startswith("yaml-")]) <= 1, (path, end)


def test_random_edits_of_real_workflows(corpus: Path, fuzz_factor: int) -> None:
    rng = Random(30)
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted(corpus.glob("packs/*/actions/workflows/*.yaml"))
    ]
    for _ in range(300 * fuzz_factor):
        text = rng.choice(texts)
        for _ in range(rng.randint(1, 4)):
            at = rng.randint(0, len(text))
            end = at + rng.choice((0, 0, 1, 3, 30))
            text = text[:at] + "".join(rng.choices(ANYWHERE, k=rng.randint(0, 3))) + text[end:]
        check(text)


def test_random_text(fuzz_factor: int) -> None:
    @settings(max_examples=200 * fuzz_factor)
    @given(st.text(st.sampled_from(ANYWHERE), max_size=60))
    def run(text: str) -> None:
        check(text)

    run()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "{" * 50_000,
        "- " * 5_000,
        "".join(f"{' ' * level}k:\n" for level in range(400)),
        "a: " * 5_000,
        "? " * 5_000,
        "a: [\n" * 500,
        'a: "\n' * 500,
        "- [\n" * 500,
        "\tx\n" * 500,
        "---\na: [\n" * 500,
        '- "x\n]\n' * 500,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_a_lot_of_it(text: str) -> None:
    """Without the loader, which crashes the interpreter on some of these."""
    assert check_tree(text).problems


def test_nesting_is_bounded() -> None:
    for text in ("[" * 500 + "]" * 500, "".join(f"{' ' * n}k:\n" for n in range(300)) + " x: y\n"):
        file = parse(f"good: 1\nbad:\n {text}" if text[0] == "[" else text)
        assert "yaml-too-deep" in [problem.check for problem in file.problems]
        assert all(len(path) <= 101 for root in file.documents for path, _ in walk(root))


def test_aliases_are_bounded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 12):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]")
    file = parse("\n".join(lines))
    assert [problem.check for problem in file.problems] == ["yaml-alias-bomb"]
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300))
    assert [problem.check for problem in parse(chain).problems] == ["yaml-alias-bomb"]
