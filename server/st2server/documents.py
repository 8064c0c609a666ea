"""The documents of a session: their texts as the editor has them, and what is known about each.

The text is kept here, in one piece, edit by edit: the protocol's lines end at `\\n`, `\\r\\n` and `\\r`
alone, unlike Python's `splitlines`. What a document means is computed once for each version and each
state of the packs around it, when somebody first asks, from the tree of the version before and from what is
remembered of every expression by its text.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence

from lsprotocol import types as lsp
from pygls.uris import from_fs_path, to_fs_path

from st2lang.analysis import Analysis, steps
from st2lang.commands.work import shown
from st2lang.document import Document
from st2lang.problem import Problem
from st2lang.source import Source
from st2lang.yaml import YamlFile
from st2lang.yaml.decode import decode
from st2server.convert import Converter
from st2server.projects import Project, Projects


class OpenDocument:
    """One version of a text. `version` is None for a file that no editor has open."""

    def __init__(
        self,
        uri: str,
        source: Source,
        version: int | None,
        project: Project,
        before: OpenDocument | None = None,
    ) -> None:
        self.uri = uri
        self.source = source
        self.version = version
        self.project = project
        self.first: tuple[Problem, ...] = ()
        self._before = before.last_tree if before is not None else None
        self._past = before.past if before is not None else None
        self._document: Document | None = None
        self._analysis: Analysis | None = None
        self._steps: Generator[None, None, Analysis] | None = None
        self._problems: tuple[Problem, ...] | None = None

    @property
    def document(self) -> Document:
        """The tree, the model, the scopes: each computed when it is first asked for."""
        if self._document is None:
            plan = self.project.plan
            self._document = Document(
                self.source,
                kind=plan.kind,
                catalog=self.project.catalog,
                settings=plan.settings,
                before=self._before,
            )
            self._before = None
        return self._document

    @property
    def last_tree(self) -> YamlFile | None:
        """The tree of this version or, where nobody has asked for that yet, of an earlier one."""
        return self._before if self._document is None else self._document.last_tree

    @property
    def past(self) -> Document | None:
        """The last version that was analysed to the end, this one or an earlier one that is still there."""
        return self._past if self._analysis is None else self._document

    def let_go(self) -> None:
        """Drop the version before. That is a hundred thousand objects: nobody who asks should wait for it."""
        self._past = None

    @property
    def analysis(self) -> Analysis:
        """The document with everything that is wrong with it, silenced or not."""
        while self._analysis is None:
            self.advance()
        return self._analysis

    def advance(self) -> bool:
        """Do a part of the analysis; False when nothing is left to do. What it raises, it raises again."""
        if self._analysis is not None:
            return False
        if self._steps is None:
            self._steps = steps(self.document)
        try:
            next(self._steps)
        except StopIteration as done:
            self._analysis = done.value
        except BaseException:
            self._steps = None
            raise
        return True

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What `st2c check` says about this text."""
        if self._problems is None:
            self._problems = shown(self.project.plan, self.analysis, self.first)
        return self._problems


class Documents:
    """Every document that the editor has open, by URI."""

    def __init__(self, projects: Projects, converter: Converter) -> None:
        self.projects = projects
        self.converter = converter
        self._open: dict[str, OpenDocument] = {}

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(tuple(self._open.values()))

    def open(self, item: lsp.TextDocumentItem) -> OpenDocument:
        """The editor has opened a document."""
        text = item.text.removeprefix("\ufeff")
        return self._keep(item.uri, Source(path_of(item.uri), text), item.version)

    def change(
        self,
        uri: str,
        version: int,
        changes: Sequence[lsp.TextDocumentContentChangeEvent],
    ) -> OpenDocument | None:
        """The editor has changed a document; None for one that it has never opened."""
        before = self._open.get(uri)
        if before is None:
            return None
        source = before.source
        for change in changes:
            text = change.text
            if isinstance(change, lsp.TextDocumentContentChangePartial):
                span = self.converter.span(source, change.range)
                text = source.text[: span.start] + text + source.text[span.end :]
            source = Source(source.path, text)
        return self._keep(uri, source, version)

    def close(self, uri: str) -> None:
        """The editor has closed a document."""
        self._open.pop(uri, None)

    def opened(self, uri: str) -> OpenDocument | None:
        """A document that the editor has open."""
        return self._open.get(uri)

    def opened_at(self, path: str) -> OpenDocument | None:
        """A document that the editor has open, by its path."""
        wanted = os.path.normcase(os.path.abspath(path))
        for document in self._open.values():
            if os.path.normcase(document.source.path) == wanted:
                return document
        return None

    def get(self, uri: str) -> OpenDocument:
        """A document as the editor has it, else as it is on the disk (empty when it is not there)."""
        found = self._open.get(uri)
        if found is not None:
            return found
        path = path_of(uri)
        try:
            with open(path, "rb") as file:
                data = file.read()
        except (OSError, ValueError):
            data = b""
        source, first = decode(path, data)
        document = OpenDocument(uri, source, None, self.projects.of(path))
        document.first = first
        return document

    def saved(self, uri: str) -> str | None:
        """The text as it is on the disk, whoever has it open; None when it is not there."""
        path = path_of(uri)
        try:
            with open(path, "rb") as file:
                return decode(path, file.read())[0].text
        except (OSError, ValueError):
            return None

    def at(self, path: str) -> OpenDocument:
        """`get` by path."""
        return self.get(self.uri(path))

    def uri(self, path: str) -> str:
        """The URI of a path, as the editor wrote it for a document that it has open."""
        found = self.opened_at(path)
        return found.uri if found is not None else from_fs_path(os.path.abspath(path)) or ""

    def forget(self) -> None:
        """The packs or the configuration have changed: everything is to be computed anew."""
        for document in self:
            self._keep(document.uri, document.source, document.version)

    def _keep(self, uri: str, source: Source, version: int | None) -> OpenDocument:
        before = self._open.get(uri)
        document = OpenDocument(uri, source, version, self.projects.of(source.path), before)
        self._open[uri] = document
        return document


def path_of(uri: str) -> str:
    """The path that a URI means; for other schemes (a text never saved) what it has for one."""
    path = to_fs_path(uri)
    return os.path.abspath(path) if path else uri.partition(":")[2]
