"""The workspace: its folders, their configuration, and the packs that are known in them.

The packs are read in the background into a catalog of their own, which then takes the place of the one in
use: whoever asks meanwhile is answered from what was known before, and no lock is needed.
"""

from __future__ import annotations

import os
from collections.abc import Callable

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

    def reindexed(self, tell: Callable[[str, int, int], bool]) -> dict[tuple[str, ...], Catalog]:
        """Catalogs for all projects in use, read to the end; safe to call from another thread.

        `tell(pack, done, of)` is told about every pack and says whether to go on.
        """
        wanted = {project.plan.pack_dirs for project in tuple(self._projects.values())}
        fresh = {pack_dirs: self._catalog(pack_dirs) for pack_dirs in wanted or {self.pack_dirs}}
        for catalog in fresh.values():
            packs = [pack for pack in catalog.packs() if pack.path]
            for done, pack in enumerate(packs):
                if not tell(pack.ref, done, len(packs)):
                    return {}
                catalog.actions(pack.ref)
        return fresh

    def adopt(self, catalogs: dict[tuple[str, ...], Catalog]) -> None:
        """Use these catalogs from now on."""
        self._projects.clear()
        self._nearest.clear()
        self._catalogs = catalogs

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
        return Catalog(pack_dirs=pack_dirs, roots=self.folders, cache_dir=cache_dir())
