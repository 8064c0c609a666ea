"""Questions about places: `cases/QUESTION/NAME.yaml` with the answers in `NAME.out` beside it.

`¦` marks a cursor (`|` is YAML's and Jinja's); a file may have several, which are asked one after the other.
A case may be a folder: its files are packs, and what has a mark is asked. A first line `# rename: NAME` gives
the new name, `# kind: KIND` the kind of a file where nothing tells. `pytest --bless` writes the answers
anew: read them before committing.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from st2lang.catalog import Catalog
from st2lang.document import Document
from st2lang.query import (
    calls_hierarchy,
    completion,
    cursor,
    definition,
    folding,
    highlight,
    hints,
    hover,
    implementation,
    linked,
    links,
    outline,
    references,
    rename,
    selection,
    signatures,
    tokens,
    workspace_symbols,
)
from st2lang.query.renaming_text import apply
from st2lang.query.workspace import Workspace
from st2lang.source import Source, Span

CASES = Path(__file__).parent / "cases"
MARK = "¦"
TOLD = re.compile(r"^# (kind|rename|query): (.*)$", re.MULTILINE)
ALL = sorted(p for p in CASES.glob("*/*") if p.is_dir() or p.suffix == ".yaml")


class Asked:
    """A file of a case with the places that are asked about."""

    def __init__(self, root: Path, path: Path, text: str) -> None:
        self.root, self.path = root, path
        parts = text.split(MARK)
        self.text = "".join(parts)
        lengths = [len(part) for part in parts[:-1]]
        self.offsets = [sum(lengths[: i + 1]) for i in range(len(lengths))]
        self.told = dict(TOLD.findall(text))
        self.workspace = Workspace(Catalog(roots=[str(root)], installed=None), [str(root)])
        source = Source(str(path), self.text)
        kind = self.told.get("kind", "auto")
        self.document = Document(source, kind=kind, catalog=self.workspace.catalog)

    def text_of(self, path: str) -> Source:
        if path == str(self.path):
            return self.document.source
        return Source(path, Path(path).read_text(encoding="utf-8"))

    def show(self, span: Span, path: str | None = None) -> str:
        """`file:line:column `text`` of a place."""
        source = self.document.source if path is None else self.text_of(path)
        line, column = source.position(span.start)
        written = source.text[span.start : span.end]
        shown = written if len(written) < 60 else f"{written[:25]}…{written[-25:]}"
        where = "" if path is None or path == str(self.path) else f"{self.relative(path)}:"
        return f"{where}{line}:{column} [{shown}]".replace("\n", "⏎")

    def relative(self, path: str) -> str:
        return Path(path).relative_to(self.root).as_posix()


def ask_cursor(asked: Asked, offset: int) -> Iterator[str]:
    found = cursor.at(asked.document, offset)
    path = ".".join(map(str, found.path))
    yield f"{found.where.value} {path or '(top)'} text={found.text!r}"
    if found.task is not None:
        transition = "" if found.transition is None else f" transition {found.transition.index}"
        yield f"task {found.task.name.text}{transition}"
    if found.fragment is not None:
        stack = " ".join(type(node).__name__ for node in found.fragment.stack)
        yield f"{found.fragment.language} before={found.fragment.before!r} in {stack or 'no tree'}"
    if found.occurrence is not None:
        symbol = found.occurrence.symbol
        owner = f" of {symbol.owner}" if symbol.owner else ""
        yield f"{symbol.kind.value} {symbol.name}{owner} ({found.occurrence.access.value})"


def ask_definition(asked: Asked, offset: int) -> Iterator[str]:
    for target in definition.find(asked.document, offset, asked.workspace):
        reaches = "" if target.reaches else " (does not reach)"
        yield asked.show(target.name, target.path) + reaches
        yield f"    in {asked.show(target.span, target.path)}"


def ask_completion(asked: Asked, offset: int) -> Iterator[str]:
    """The best offers, each with the text that it replaces and the text that it brings."""
    found = completion.answer(asked.document, offset, None, asked.workspace)
    for offer in found.items[:10]:
        before = asked.text[offer.span.start : offer.span.end]
        rest = " and more" if offer.edits else ""
        detail = f" ({offer.detail})" if offer.detail else ""
        yield f"{offer.sort.value} {offer.label}{detail}"
        if (before, offer.text) != ("", offer.label):
            yield f"    {before!r} becomes {offer.text!r}{rest}"
    more = len(found.items) - 10
    if more > 0 or found.incomplete:
        yield f"and {max(more, 0)} more" + (
            ", others for other letters" if found.incomplete else ""
        )


def ask_hover(asked: Asked, offset: int) -> Iterator[str]:
    found = hover.find(asked.document, offset, asked.workspace)
    if found is not None:
        yield asked.show(found.span)
        yield from (f"    {line}".rstrip() for line in found.text.split("\n"))


def ask_hints(asked: Asked) -> Iterator[str]:
    for hint in hints.find(asked.document):
        line = asked.text[asked.text.rfind("\n", 0, hint.offset) + 1 : hint.offset]
        yield f"{line} «{hint.text}»"
        tooltip = hints.tooltip(asked.document, hint.topic)
        yield from (f"    {part}".rstrip() for part in tooltip.split("\n"))


def ask_signatures(asked: Asked, offset: int) -> Iterator[str]:
    found = signatures.find(asked.document, offset, asked.workspace)
    for number, form in enumerate(found.forms if found is not None else ()):
        assert found is not None
        shown = form.text
        if form.active is not None:
            argument = form.arguments[form.active]
            start, end = argument.start, argument.end
            shown = f"{shown[:start]}[{shown[start:end]}]{shown[end:]}"
        yield f"{'*' if number == found.active else ' '} {shown}"


def ask_implementation(asked: Asked, offset: int) -> Iterator[str]:
    for target in implementation.find(asked.document, offset, asked.workspace):
        yield asked.relative(target.path)


def ask_references(asked: Asked, offset: int) -> Iterator[str]:
    for found in references.find(asked.document, offset, asked.workspace):
        yield f"{found.access.value} {asked.show(found.span, found.path)}"


def ask_highlight(asked: Asked, offset: int) -> Iterator[str]:
    for found in highlight.find(asked.document, offset):
        yield f"{'write' if found.writes else 'read'} {asked.show(found.span)}"


def ask_linked(asked: Asked, offset: int) -> Iterator[str]:
    yield from map(asked.show, linked.find(asked.document, offset))


def ask_selection(asked: Asked, offset: int) -> Iterator[str]:
    yield from map(asked.show, selection.ranges(asked.document, offset))


def ask_calls(asked: Asked, offset: int) -> Iterator[str]:
    for item in calls_hierarchy.prepare(asked.document, offset, asked.workspace):
        yield f"{item.name} {asked.show(item.name_span, item.path)}"
        for word, found in (
            ("from", calls_hierarchy.incoming(item, asked.workspace)),
            ("to", calls_hierarchy.outgoing(item, asked.workspace)),
        ):
            for call in found:
                yield f"    {word} {call.item.name} ({call.item.detail}) {len(call.spans)}x"
                yield f"        {asked.show(call.item.name_span, call.item.path)}"


def ask_rename(asked: Asked, offset: int) -> Iterator[str]:
    ready = rename.prepare(asked.document, offset, asked.workspace)
    if isinstance(ready, rename.Refusal):
        yield f"refused: {ready.reason}"
        return
    yield f"{ready.placeholder} {asked.show(ready.span)}"
    found = rename.rename(asked.document, offset, asked.told["rename"], asked.workspace)
    if isinstance(found, rename.Refusal):
        yield f"refused: {found.reason}"
        return
    for path, edits in found.files:
        before = asked.text_of(path).text
        yield asked.relative(path)
        changes = difflib.ndiff(before.splitlines(), apply(before, edits).splitlines())
        yield from (line for line in changes if line[:1] in "+-")


def ask_outline(asked: Asked) -> Iterator[str]:
    def lines(items: Iterable[outline.Item], indent: str) -> Iterator[str]:
        for item in items:
            detail = f" ({item.detail})" if item.detail else ""
            yield f"{indent}{item.sort.value} {item.name}{detail}"
            yield f"{indent}    {asked.show(item.name_span)} in {asked.show(item.span)}"
            yield from lines(item.children, f"{indent}  ")

    yield from lines(outline.find(asked.document), "")


def ask_folding(asked: Asked) -> Iterator[str]:
    for found in folding.find(asked.document):
        yield f"{found.kind.value} {asked.show(found.span)}"


def ask_tokens(asked: Asked) -> Iterator[str]:
    for token in tokens.find(asked.document):
        words = [token.type.value, *sorted(m.value for m in token.modifiers)]
        yield f"{asked.show(token.span)} {' '.join(words)}"


def ask_links(asked: Asked) -> Iterator[str]:
    for link in links.find(asked.document, asked.workspace):
        yield f"{asked.show(link.span)} {asked.relative(link.path)}: {link.tooltip}"


def ask_workspace_symbols(asked: Asked) -> Iterator[str]:
    for query in asked.told["query"].split(","):
        yield f"{query.strip()}:"
        for found in workspace_symbols.find(query, asked.workspace):
            place = asked.show(found.span, found.path)
            yield f"    {found.kind.value} {found.name} in {found.container} {place}"


def files_of(case: Path, folder: Path) -> Iterator[Asked]:
    """The files of a case that are asked about, written to a folder without their marks."""
    texts = {}
    for path in sorted(case.rglob("*")) if case.is_dir() else [case]:
        if path.is_file():
            target = folder / (path.relative_to(case) if case.is_dir() else path.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            texts[target] = path.read_text(encoding="utf-8")
            target.write_text(texts[target].replace(MARK, ""), encoding="utf-8")
    for target, text in texts.items():
        if not case.is_dir() or MARK in text or TOLD.search(text):
            yield Asked(folder, target, text)


def answers(case: Path, folder: Path) -> Iterator[str]:
    question = globals()[f"ask_{case.parent.name}"]
    for asked in files_of(case, folder):
        if not asked.offsets:
            yield from question(asked)
        for offset in asked.offsets:
            line, column = asked.document.source.position(offset)
            yield f"{line}:{column}"
            yield from (f"    {answer}" for answer in question(asked, offset))


@pytest.mark.parametrize("case", ALL, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_case(case: Path, tmp_path: Path, bless: bool) -> None:
    found = "\n".join(answers(case, tmp_path)).replace(str(tmp_path), "ROOT") + "\n"
    expected = case.with_name(f"{case.name.removesuffix('.yaml')}.out")
    if bless:
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


def test_no_answer_is_left_over() -> None:
    assert {case.with_name(f"{case.name.removesuffix('.yaml')}.out") for case in ALL} == set(
        CASES.glob("*/*.out")
    )
