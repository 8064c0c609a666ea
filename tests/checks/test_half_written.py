"""Files as they are while they are typed: a broken place gives one problem, the rest keeps its own.

`half-written/NAME.yaml` with `NAME.out` beside it, which has all problems of the file. `pytest --bless`
writes them anew: read them before committing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from st2lang.analysis import analyse
from st2lang.source import Source

FILES = sorted((Path(__file__).parent / "half-written").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_file(file: Path, bless: bool) -> None:
    source = Source(f"actions/workflows/{file.name}", file.read_text(encoding="utf-8"))
    found = ""
    for problem in analyse(source).problems:
        line, column = source.position(problem.span.start)
        found += f"{line}:{column}: {problem.severity.value}: {problem.message} [{problem.check}]\n"
    expected = file.with_suffix(".out")
    if bless:
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")
