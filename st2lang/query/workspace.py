"""The files around a document: those of the packs that are worked on.

What an editor holds open wins over what is on disk. Nothing of a closed file is read before it is asked for,
and a file is parsed only when its text mentions what is looked for.
"""

from __future__ import annotations

import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from st2lang.catalog.folder import read_bytes
from st2lang.document import Document
from st2lang.settings import DEFAULT, Settings
from st2lang.source import Source
from st2lang.yaml.decode import decode

if TYPE_CHECKING:
    from st2lang.catalog import Action, Catalog

_KEPT = 128
"""Closed files whose documents are kept."""

_FOLDERS = ("rules", "aliases", "policies")
_SUFFIXES = (".yaml", ".yml")
_SKIPPED = frozenset({"node_modules", "venv", "virtualenvs", "__pycache__", "site-packages"})

Stamp = tuple[int, int]

T = TypeVar("T")


def _nothing_open(path: str) -> Document | None:
    return None


class Workspace:
    """Files by path, as the editor and the disk have them.

    `opened(path)` gives the document of a file that is open in the editor, None for others. `roots` are the
    folders that are searched and may be changed. Paths are absolute.
    """

    def __init__(
        self,
        catalog: Catalog | None,
        roots: Iterable[str] = (),
        opened: Callable[[str], Document | None] = _nothing_open,
        settings: Settings = DEFAULT,
    ) -> None:
        self.catalog = catalog
        self._roots = tuple(os.path.abspath(root) for root in roots)
        self._opened = opened
        self._settings = settings
        self._closed: OrderedDict[str, tuple[Stamp, Document]] = OrderedDict()
        self._texts: dict[str, tuple[Stamp, str]] = {}
        self._facts: dict[tuple[str, object], tuple[int, Any]] = {}

    @classmethod
    def around(cls, document: Document) -> Workspace:
        """The workspace that a document alone tells of: its own pack, and the packs beside that."""
        home = document.catalog.home if document.catalog is not None else None
        roots = (os.path.dirname(home.path),) if home is not None and home.path else ()
        own = os.path.abspath(document.source.path) if document.source.path else ""
        opened = {own: document}.get
        return cls(document.catalog, roots, opened, document.settings)

    def action(self, ref: str, document: Document) -> Action | None:
        """The action that a reference in a document means, or None."""
        catalog = document.catalog if document.catalog is not None else self.catalog
        return catalog.find_action(ref) if catalog is not None else None

    def shown(self, path: str) -> str:
        """A path as people read it: from the folder of the workspace that it lies in."""
        for root in self._roots:
            if path.startswith(root + os.sep):
                return os.path.relpath(path, root).replace(os.sep, "/")
        return path

    def owns(self, path: str) -> bool:
        """True for a file that lies in one of the roots."""
        return any(path == root or path.startswith(root + os.sep) for root in self._roots)

    def document(self, path: str) -> Document | None:
        """The document of a file ("" is a text that has none yet); None for one that cannot be read."""
        path = os.path.abspath(path) if path else ""
        found = self._opened(path)
        if found is not None or not path:
            return found
        stamp = _stamp(path)
        if stamp is None:
            return None
        known = self._closed.get(path)
        if known is not None and known[0] == stamp:
            self._closed.move_to_end(path)
            return known[1]
        source = decode(path, read_bytes(path))[0]
        document = Document(source, catalog=self.catalog, settings=self._settings)
        self._closed[path] = stamp, document
        while len(self._closed) > _KEPT:
            self._closed.popitem(last=False)
        return document

    def fact(self, path: str, of: Callable[[Document], T]) -> T:
        """What a function says of a file, asked again only when the file has changed.

        The document itself is not kept, so that small facts can be known of very many files. Raises
        `OSError` for a file that is not there.
        """
        opened = self._opened(path)
        if opened is not None:
            return of(opened)
        stamp = os.stat(path).st_mtime_ns
        known = self._facts.get((path, of))
        if known is not None and known[0] == stamp:
            return known[1]  # type: ignore[no-any-return]
        found = of(Document(_source(path), catalog=self.catalog, settings=self._settings))
        self._facts[path, of] = stamp, found
        return found

    def text(self, path: str) -> str:
        """The text of a file without parsing it; "" for one that cannot be read."""
        found = self._opened(path)
        if found is not None:
            return found.source.text
        stamp, known = _stamp(path), self._texts.get(path)
        if stamp is None:
            return ""
        if known is None or known[0] != stamp:
            known = self._texts[path] = stamp, _source(path).text
        return known[1]

    def entry_point(self, action: Action) -> str | None:
        """The file that an action runs; None when there is none, or it leads out of the pack."""
        if not action.path or not action.entry_point:
            return None
        folder = os.path.dirname(action.path)
        path = os.path.normpath(os.path.join(folder, action.entry_point))
        pack = os.path.dirname(folder)
        return path if path.startswith(pack + os.sep) and os.path.isfile(path) else None

    def pack_folders(self) -> tuple[str, ...]:
        """The folders of the packs that may be changed."""
        packs = self.catalog.packs() if self.catalog is not None else ()
        return tuple(pack.path for pack in packs if pack.path and self.owns(pack.path))

    def files(self) -> Iterator[str]:
        """Every file of these packs that may run actions: workflows, rules, aliases and policies."""
        for pack in self.pack_folders():
            actions = os.path.join(pack, "actions")
            for folder in _subfolders(actions):
                yield from _files(folder, deep=True)
            for name in _FOLDERS:
                yield from _files(os.path.join(pack, name), deep=False)

    def tests_mentioning(self, word: str) -> Iterator[Document]:
        """The documents in the `tests` of these packs whose text has a word in it."""
        for pack in self.pack_folders():
            for path in _files(os.path.join(pack, "tests"), deep=True):
                if word in self.text(path) and (document := self.document(path)) is not None:
                    yield document

    def mentioning(self, word: str) -> Iterator[Document]:
        """The documents of `files` whose text has a word in it."""
        for path in self.files():
            if word in self.text(path):
                document = self.document(path)
                if document is not None:
                    yield document


def _source(path: str) -> Source:
    return decode(path, read_bytes(path))[0]


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return (status.st_mtime_ns, status.st_size) if stat.S_ISREG(status.st_mode) else None


def _subfolders(path: str) -> list[str]:
    try:
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
    return [os.path.join(path, n) for n in names if not n.startswith(".") and n not in _SKIPPED]


def _files(folder: str, deep: bool) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_file())
    except OSError:
        return
    yield from (os.path.join(folder, name) for name in names if name.endswith(_SUFFIXES))
    for below in _subfolders(folder) if deep else ():
        yield from _files(below, deep)
