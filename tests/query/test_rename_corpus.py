"""Renaming real workflows: nothing new is wrong afterwards, and renaming back gives the same bytes."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from st2lang.analysis import analyse
from st2lang.catalog import Catalog
from st2lang.document import Document
from st2lang.problem import Edit
from st2lang.query import rename, symbol
from st2lang.query.renaming_text import apply
from st2lang.query.symbol import Kind, Occurrence
from st2lang.query.workspace import Workspace
from st2lang.yaml.decode import decode

FRESH = "a_fresh_name"
RENAMED = frozenset({Kind.TASK, Kind.VARIABLE, Kind.ITEM, Kind.OUTPUT, Kind.LOCAL})
FILES = int(os.environ.get("ST2C_RENAME_FILES", "7"))
"""How many workflows to take; the corpus has 130."""

Edits = tuple[tuple[str, tuple[Edit, ...]], ...]


class Packs:
    """A copy of the corpus that is written to."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.workspace = self.anew()

    def anew(self) -> Workspace:
        return Workspace(Catalog(roots=[self.root], installed=None), [self.root])

    def document(self, path: str) -> Document:
        document = self.workspace.document(path)
        assert document is not None
        return document

    def write(self, edits: Edits) -> None:
        """Make edits and look at the disk again."""
        for path, changes in edits:
            source = decode(path, Path(path).read_bytes())[0]
            mark = b"\xef\xbb\xbf" if source.bom else b""
            Path(path).write_bytes(mark + apply(source.text, changes).encode())
        self.workspace = self.anew()

    def problems(self, path: str) -> Counter[str]:
        source = decode(path, Path(path).read_bytes())[0]
        return Counter(p.check for p in analyse(source, catalog=self.workspace.catalog).problems)


@pytest.fixture
def packs(corpus: Path, tmp_path: Path) -> Packs:
    return Packs(Path(shutil.copytree(corpus / "packs", tmp_path / "packs", symlinks=True)))


def there_and_back(packs: Packs, path: str, occurrence: Occurrence) -> bool:
    """Rename one thing and back; False when it was refused."""
    old = occurrence.symbol
    found = rename.rename(packs.document(path), occurrence.span.start, FRESH, packs.workspace)
    if isinstance(found, rename.Refusal):
        return False
    paths = [name for name, _ in found.files]
    bytes_before = {name: Path(name).read_bytes() for name in paths}
    before = {name: packs.problems(name) for name in paths}
    packs.write(found.files)
    for name in paths:
        assert not packs.problems(name) - before[name], (name, old)
    renamed = symbol.Symbol(old.kind, FRESH, old.owner)
    where = symbol.of(packs.document(path), renamed)[0].span.start
    back = rename.rename(packs.document(path), where, old.name, packs.workspace)
    assert isinstance(back, rename.Renamed), (path, old, back)
    packs.write(back.files)
    assert {name: Path(name).read_bytes() for name in paths} == bytes_before, (path, old)
    return True


def test_renaming_there_and_back(packs: Packs) -> None:
    rng = random.Random(6)
    files = sorted(str(p) for p in Path(packs.root).glob("*/actions/**/*.yaml"))
    workflows = [path for path in files if packs.document(path).workflow is not None]
    done: Counter[bool] = Counter()
    for path in rng.sample(workflows, min(FILES, len(workflows))):
        seen = {
            o.symbol: o
            for o in symbol.occurrences(packs.document(path))
            if o.symbol.kind in RENAMED
        }
        for occurrence in rng.sample(list(seen.values()), min(6, len(seen))):
            done[there_and_back(packs, path, occurrence)] += 1
    assert done[True] > 4 * done[False]
