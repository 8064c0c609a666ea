"""Every case in `cases/CHECK/` gives exactly the problems of that check that are written beside it.

A case is a file `NAME.yaml`, or a folder `NAME/` that stands for a pack; `NAME.out` has a line for each
problem, with its path in the document, and indented below it the help, the related places and the fix.
`pytest --bless` writes these files anew: read them before committing. A first line `# kind: KIND` says
what a file is where nothing tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from st2lang import checks
from st2lang.analysis import analyse
from st2lang.catalog import Catalog
from st2lang.problem import Problem, format_path
from st2lang.source import Source, Span
from st2lang.yaml.decode import decode

CASES = Path(__file__).parent / "cases"
KIND = re.compile(r"# kind: (\S+)")
ALL = sorted(p for p in CASES.glob("*/*") if p.is_dir() or p.suffix in (".yaml", ".yml"))


def sources(case: Path) -> Iterator[Source]:
    """The files of a case."""
    for path in sorted(case.rglob("*.y*ml")) if case.is_dir() else [case]:
        yield decode(str(path), path.read_bytes())[0]


def problems(source: Source, check: str) -> list[Problem]:
    told = KIND.match(source.text)
    kind = told[1] if told else "auto"
    found = analyse(source, kind=kind, catalog=Catalog(installed=None)).problems
    return [p for p in found if p.check == check]


def described(case: Path, source: Source, problem: Problem) -> Iterator[str]:
    def place(span: Span, path: str | None = None) -> str:
        file = Path(path or source.path)
        text = source if path is None else decode(path, file.read_bytes())[0]
        line, column = text.position(span.start)
        name = file.relative_to(case).as_posix() if case.is_dir() else file.name
        return f"{name}:{line}:{column} [{text.text[span.start : span.end]}]"

    where = format_path(problem.path)
    severity = problem.severity.value
    yield f"{place(problem.span)}: {severity}: {problem.message} ({where})".replace(str(case), "")
    if problem.help:
        yield f"    help: {problem.help}".replace(str(case), "CASE")
    for related in problem.related:
        yield f"    {place(related.span, related.path)}: {related.message}"
    if problem.fix is not None:
        yield f"    fix{'' if problem.fix.safe else '?'}: {problem.fix.title}"


@pytest.mark.parametrize("case", ALL, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_case(case: Path, bless: bool) -> None:
    check = case.parent.name
    assert checks.get(check) is not None
    lines = [
        line
        for source in sources(case)
        for problem in problems(source, check)
        for line in described(case, source, problem)
    ]
    found = "\n".join(lines) + "\n" if lines else ""
    expected = case.with_name(f"{case.name.removesuffix(case.suffix)}.out")
    if bless:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", ALL, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_fix_resolves_its_problem(case: Path) -> None:
    check = case.parent.name
    for source in sources(case):
        before = problems(source, check)
        for problem in before:
            if problem.fix is None:
                continue
            text = source.text
            for edit in sorted(problem.fix.edits, key=lambda e: e.span, reverse=True):
                text = text[: edit.span.start] + edit.text + text[edit.span.end :]
            after = problems(Source(source.path, text, source.bom), check)
            assert len(after) < len(before), problem.fix.title


def test_no_expectation_is_left_over() -> None:
    names = {case.with_name(f"{case.name.removesuffix(case.suffix)}.out") for case in ALL}
    assert set(CASES.glob("*/*.out")) == names
