"""Changes at places: `cases/REFACTORING/NAME.yaml` with the texts that are offered in `NAME.out` beside it.

One `¦` marks a cursor, two a selection. The file lies in the pack `mypack`, with other files of the pack that
`pack/` beside the cases has. `pytest --bless` writes the answers anew: read them before committing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from refactoring.applying import asked_at, changed, problems_of

from st2lang import refactoring
from st2lang.catalog import Catalog
from st2lang.document import Document
from st2lang.source import Source, Span

CASES = Path(__file__).parent / "cases"
MARK = "¦"
ALL = sorted(CASES.glob("*/*.yaml"))


def placed(case: Path, folder: Path) -> tuple[Document, Span]:
    """The case as a file of a pack, and the place that is asked about."""
    pack = folder / "mypack"
    shutil.copytree(CASES.parent / "pack", pack)
    text = case.read_bytes().decode()
    before, *rest = text.split(MARK)
    start = len(before)
    end = start + (len(rest[0]) if len(rest) > 1 else 0)
    text = text.replace(MARK, "")
    chain = "\nchain:" in f"\n{text}"
    target = pack / "actions" / ("chains" if chain else "workflows") / case.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode())
    catalog = Catalog(roots=[str(folder)], installed=None)
    return Document(Source(str(target), text), catalog=catalog), Span(start, end)


def answers(case: Path, folder: Path) -> Iterator[str]:
    document, span = placed(case, folder)
    one = next(r for r in refactoring.all() if r.id == case.parent.name)
    found = list(one.offers(asked_at(document, span, problems_of(document))))
    if not found:
        yield "nothing is offered\n"
    for offer in found:
        change = offer.make()
        marks = [*(p.check for p in offer.answers), *(["preferred"] if offer.preferred else [])]
        yield f"## {offer.title}{' [' + ', '.join(marks) + ']' if marks else ''}\n"
        if change.edits:
            yield changed(document, change).source.text
        for file in change.files:
            yield f"-- {Path(file.path).relative_to(folder).as_posix()}\n{file.text}"


@pytest.mark.parametrize("case", ALL, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_change(case: Path, tmp_path: Path, bless: bool) -> None:
    found = "".join(answers(case, tmp_path))
    expected = case.with_suffix(".out")
    if bless:
        expected.write_bytes(found.encode())
    assert found == expected.read_bytes().decode()


def test_every_refactoring_has_cases() -> None:
    ids = {one.id for one in refactoring.all()}
    assert {path.parent.name for path in ALL} == ids
    assert {case.with_suffix(".out") for case in ALL} == set(CASES.glob("*/*.out"))
