"""The workspace: its folders, their configuration, and the packs that are known in them.

What has changed on the disk is read into catalogs that take the place of those in use, and share with them
what has not changed: whoever still works with an older one is not disturbed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from typing import Any

from st2lang.catalog import Catalog
from st2lang.commands import config
from st2lang.commands.rules import Rules
from st2lang.commands.setup import cache_dir
from st2lang.commands.work import Plan
from st2lang.problem import Problem, Severity
from st2lang.record import record
from st2lang.settings import DEFAULT, Settings
from st2lang.source import Source


@record(eq=False)
class Project:
    """How the files below one configuration are analysed; `problems` are the configuration's own."""

    plan: Plan
    catalog: Catalog
    config_path: str | None = None
    source: Source | None = None
    problems: tuple[Problem, ...] = ()


class Projects:
    """One project for each configuration file in use, and one for files without any."""

    def __init__(self) -> None:
        self.folders: tuple[str, ...] = ()
        self.pack_dirs: tuple[str, ...] = ()
        self.context_variables: frozenset[str] | None = None
        self._projects: dict[str | None, Project] = {}
        self._nearest: dict[str, str | None] = {}
        self._catalogs: dict[tuple[str, ...], Catalog] = {}

    def of(self, path: str) -> Project:
        """The project that a file belongs to."""
        folder = os.path.dirname(path)
        if folder not in self._nearest:
            self._nearest[folder] = config.find(folder) if os.path.isdir(folder) else None
        place = self._nearest[folder]
        if place not in self._projects:
            self._projects[place] = self._load(place)
        return self._projects[place]

    def forget(self) -> None:
        """Read every configuration anew, and the packs when they are next asked for."""
        self._projects.clear()
        self._nearest.clear()
        self._catalogs.clear()

    def renew(self, changed: Collection[str]) -> None:
        """Read every configuration anew, and the packs that these files or folders belong to."""
        self._projects.clear()
        self._nearest.clear()
        catalogs = self._catalogs.items()
        self._catalogs = {key: catalog.renewed(changed) for key, catalog in catalogs}

    def catalogs(self) -> tuple[Catalog, ...]:
        """The catalogs in use; every folder of the workspace has one."""
        for folder in self.folders:
            self.of(os.path.join(folder, "any"))
        return tuple(self._catalogs.values())

    def places(self) -> list[dict[str, Any]]:
        """What these catalogs are made from, for another process to make the same."""
        self.catalogs()
        return [self._place(pack_dirs) for pack_dirs in self._catalogs]

    def unread(self) -> int:
        """How many packs have not been read to the end yet."""
        return sum(len(catalog.unread()) for catalog in self.catalogs())

    def reading(self) -> Iterator[tuple[str, Iterator[None]]]:
        """The reference of every pack that has not been read to the end, and the steps of reading it."""
        for catalog in self.catalogs():
            for folder in catalog.unread():
                yield folder.pack.ref, folder.reading()

    def _load(self, place: str | None) -> Project:
        loaded: config.Loaded = (config.Config(), None, ())
        if place is not None:
            try:
                loaded = config.load(place)
            except OSError:
                place = None
        found, source, problems = loaded
        context = found.context_variables
        plan = Plan(
            rules=Rules(
                select=found.select or ("*",),
                ignore=found.ignore,
                severities=found.severities,
                per_file=found.per_file_ignores,
                root=found.root,
                least=Severity.HINT,
            ),
            settings=self._settings(None if context is None else frozenset(context)),
            pack_dirs=(*found.pack_dirs, *self.pack_dirs),
            roots=self.folders,
            cache_dir=found.cache_dir or cache_dir(),
        )
        if plan.pack_dirs not in self._catalogs:
            self._catalogs[plan.pack_dirs] = self._catalog(plan.pack_dirs)
        return Project(plan, self._catalogs[plan.pack_dirs], place, source, problems)

    def _settings(self, configured: frozenset[str] | None) -> Settings:
        chosen = self.context_variables if configured is None else configured
        return DEFAULT if chosen is None else Settings(chosen)

    def _catalog(self, pack_dirs: tuple[str, ...]) -> Catalog:
        return Catalog(**self._place(pack_dirs))

    def _place(self, pack_dirs: tuple[str, ...]) -> dict[str, Any]:
        return {"pack_dirs": pack_dirs, "roots": self.folders, "cache_dir": cache_dir()}
