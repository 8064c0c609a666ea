"""Broken and unusual texts: `cases/NAME.yaml` and what is read from it in `NAME.expected.json`.

The expected side holds the data that can be read, the problems with their places and the text that
was given up. `--bless` rewrites it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from st2lang.problem import Problem, format_path
from st2lang.source import Source, Span
from st2lang.yaml import parse, to_data
from st2lang.yaml.decode import decode

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def place(source: Source, span: Span) -> str:
    start, end = source.position(span.start), source.position(span.end)
    return f"{start.line}:{start.column}-{end.line}:{end.column} {source.text[slice(*span)]!r}"


def shown(source: Source, problem: Problem) -> dict[str, Any]:
    record: dict[str, Any] = {
        "check": problem.check,
        "at": place(source, problem.span),
        "path": format_path(problem.path),
        "message": problem.message,
        "help": problem.help,
    }
    if problem.related:
        record["related"] = [f"{r.message}: {place(source, r.span)}" for r in problem.related]
    if problem.fix is not None:
        record["fix"] = problem.fix.title
    return record


def plain(value: object) -> object:
    """What JSON does not have: sets in order, anything else as text."""
    return sorted(value) if isinstance(value, set) else str(value)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case: Path, bless: bool) -> None:
    source, problems = decode(case.name, case.read_bytes())
    file = parse(source.text)
    found = {
        "documents": [to_data(document) for document in file.documents],
        "problems": [shown(source, problem) for problem in (*problems, *file.problems)],
        "broken": [place(source, span) for span in file.broken],
    }
    expected = case.with_suffix(".expected.json")
    if bless:
        text = json.dumps(found, indent=2, ensure_ascii=False, default=plain)
        expected.write_bytes(f"{text}\n".encode())
    assert json.loads(json.dumps(found, default=plain)) == json.loads(expected.read_bytes())
