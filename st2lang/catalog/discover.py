"""Where packs are, and how a reference to an action is resolved.

A pack is looked for, in this order: the pack that the workflow lies in, the packs beside it, the folders
named by the user (`roots`: the workspace, `pack_dirs`: folders of packs), StackStorm's own place for packs
when it exists, StackStorm's built-in packs. The first that has the action answers. What was read for other
workflows plays no part in the answer, so that one file, many files and an editor agree.
"""

# Paths are strings here, not Path objects: they are made for thousands of files.

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from copy import copy

from st2lang.catalog import builtin
from st2lang.catalog.cache import Cache
from st2lang.catalog.folder import PackFolder, is_pack
from st2lang.catalog.models import Action, Pack

INSTALLED = "/opt/stackstorm/packs"
_SKIPPED = {"node_modules", "venv", "virtualenvs", "__pycache__", "site-packages"}
_DEPTH = 5


class _Disk:
    """What has been read, shared by all views of one catalog."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.forget()

    def forget(self) -> None:
        self.folders: dict[str, PackFolder] = {}
        self.shelves: dict[str, tuple[str, ...]] = {}
        self.trees: dict[str, tuple[str, ...]] = {}
        self.homes: dict[str, str | None] = {}

    def without(self, changed: Iterable[str]) -> _Disk:
        """What has been read of the packs that no file or folder at these paths is in, or above."""
        other = _Disk(self.cache)
        other.folders = {
            path: folder
            for path, folder in self.folders.items()
            if not any(_below(path, place) or _below(place, path) for place in changed)
        }
        return other

    def folder(self, path: str) -> PackFolder:
        if path not in self.folders:
            self.folders[path] = PackFolder(path, self.cache)
        return self.folders[path]

    def shelf(self, path: str) -> tuple[str, ...]:
        """The packs directly in a folder, by name."""
        if path not in self.shelves:
            self.shelves[path] = tuple(p for p in _subfolders(path) if is_pack(p))
        return self.shelves[path]

    def tree(self, root: str) -> tuple[str, ...]:
        """The packs in a folder and below it, by path."""
        if root not in self.trees:
            self.trees[root] = tuple(_walk(root, _DEPTH))
        return self.trees[root]

    def home(self, folder: str) -> str | None:
        """The pack folder that `folder` lies in: the nearest with a manifest, else with `actions`."""
        if folder not in self.homes:
            self.homes[folder] = _home(folder)
        return self.homes[folder]


class Catalog:
    """The packs that can be known about from one place.

    `roots` are folders of the workspace (searched to some depth), `pack_dirs` folders that hold packs,
    `cache_dir` where to keep what was read (None: nowhere), `installed` StackStorm's folder of packs.
    Nothing is read before it is asked for. `near(path)` is the same catalog seen from a workflow.
    """

    def __init__(
        self,
        pack_dirs: Iterable[str] = (),
        roots: Iterable[str] = (),
        cache_dir: str | None = None,
        installed: str | None = INSTALLED,
    ) -> None:
        self._disk = _Disk(Cache(cache_dir))
        self._roots = tuple(os.path.abspath(root) for root in roots)
        places = (*pack_dirs, *((installed,) if installed else ()))
        self._shelves = tuple(os.path.abspath(place) for place in places)
        self._home: str | None = None
        self._resolved: dict[str, tuple[PackFolder, ...]] = {}
        self._suggested: dict[str, str | None] = {}
        self._views: dict[str | None, Catalog] = {None: self}

    def near(self, path: str) -> Catalog:
        """The catalog as a file at `path` sees it: its own pack and the packs beside that first."""
        home = self._disk.home(os.path.dirname(os.path.abspath(path)))
        if home not in self._views:
            view = copy(self)
            view._home, view._resolved, view._suggested = home, {}, {}
            self._views[home] = view
        return self._views[home]

    def refresh(self) -> None:
        """Forget what was read; the next question looks at the disk again."""
        self._disk.forget()
        for view in self._views.values():
            view._resolved.clear()
            view._suggested.clear()

    def renewed(self, changed: Iterable[str]) -> Catalog:
        """A catalog for the disk as it is now, files or folders at `changed` having been made, changed or
        deleted. It shares with this one, which stays as it is, what has been read of all other packs."""
        other = copy(self)
        other._disk = self._disk.without([os.path.abspath(path) for path in changed])
        other._home, other._resolved, other._suggested, other._views = None, {}, {}, {}
        other._views[None] = other
        return other

    def unread(self) -> tuple[PackFolder, ...]:
        """The packs whose actions have not all been read yet."""
        return tuple(folder for folder in self._all_folders() if "actions" not in folder.__dict__)

    @property
    def home(self) -> Pack | None:
        """The pack that the file of this view lies in, or None."""
        return self._disk.folder(self._home).pack if self._home else None

    def find_action(self, ref: str) -> Action | None:
        """The action with the reference `pack.name`, or None."""
        pack, dot, name = ref.partition(".")
        if not (pack and dot and name):
            return None
        for folder in self._folders(pack):
            action = folder.find(name)
            if action is not None and action.ref == ref:
                return action
        return builtin.action(ref)

    def pack(self, ref: str) -> Pack | None:
        """The pack with this ref; None when nothing is known about it."""
        found = (folder.pack for folder in self._folders(ref) if folder.pack.ref == ref)
        return next(found, None) or builtin.pack(ref)

    def packs(self) -> tuple[Pack, ...]:
        """Every known pack, the first of each ref."""
        found: dict[str, Pack] = {}
        for pack in (*(folder.pack for folder in self._all_folders()), *builtin.packs()):
            found.setdefault(pack.ref, pack)
        return tuple(found.values())

    def actions(self, pack: str | None = None) -> tuple[Action, ...]:
        """Every known action, of one pack or of all; the first of each reference."""
        found: dict[str, Action] = {}
        folders = self._all_folders() if pack is None else self._folders(pack)
        for folder in folders:
            for action in folder.actions.values():
                found.setdefault(action.ref, action)
        for ref in builtin.action_refs():
            if ref not in found and (known := builtin.action(ref)):
                found[ref] = known
        return tuple(a for a in found.values() if pack in (None, a.pack))

    def action_refs(self) -> tuple[str, ...]:
        """The references of all known actions, in order of precedence, without reading any metadata.

        Those of a pack that has not been read yet are told from the names of its files.
        """
        found: dict[str, None] = {}
        for folder in self._all_folders():
            ref = folder.pack.ref
            found.update(dict.fromkeys(f"{ref}.{name}" for name in folder.likely_names))
        found.update(dict.fromkeys(builtin.action_refs()))
        return tuple(found)

    def metadata_for(self, workflow_path: str) -> tuple[Action, ...]:
        """The actions of the enclosing pack whose entry point is this file, by metadata file name."""
        path = os.path.abspath(workflow_path)
        home = self._disk.home(os.path.dirname(path))
        if home is None:
            return ()
        folder = self._disk.folder(home)
        relative = os.path.relpath(path, folder.actions_path)
        return folder.running(relative.replace(os.sep, "/"))

    def suggest_action(self, ref: str) -> str | None:
        """The known reference that `ref` is most likely a slip of, or None.

        Looks in the named pack when it is known, else in the pack with the most similar name.
        """
        if ref not in self._suggested:
            self._suggested[ref] = self._suggestion(ref)
        return self._suggested[ref]

    def _suggestion(self, ref: str) -> str | None:
        from st2lang.suggest import nearest

        pack, _, name = ref.partition(".")
        home = pack if self.pack(pack) is not None else nearest(pack, [p.ref for p in self.packs()])
        if home is None:
            return None
        if home != pack and self.find_action(f"{home}.{name}") is not None:
            return f"{home}.{name}"
        close = nearest(name, [action.name for action in self.actions(home)])
        return f"{home}.{close}" if close else None

    def _folders(self, ref: str) -> tuple[PackFolder, ...]:
        """The packs on disk with this ref, in order of precedence."""
        if ref not in self._resolved:
            found = tuple(self._named(ref))
            if not found and builtin.pack(ref) is None:
                found = tuple(self._declaring(ref))
            self._resolved[ref] = found
        return self._resolved[ref]

    def _named(self, ref: str) -> Iterator[PackFolder]:
        """Packs whose folder has the ref as its name, and the enclosing pack if it is the one."""
        if self._home:
            home = self._disk.folder(self._home)
            if home.pack.ref == ref or not home.manifest:
                yield home
        for path in self._paths(ref):
            if path != self._home and self._disk.folder(path).pack.ref == ref:
                yield self._disk.folder(path)

    def _paths(self, name: str) -> Iterator[str]:
        """The pack folders with this name, in order of precedence."""
        if name != os.path.basename(name) or name.strip(".") == "":
            return
        if self._home:
            yield from _if_pack(os.path.join(os.path.dirname(self._home), name))
        for root in self._roots:
            yield from (p for p in self._disk.tree(root) if os.path.basename(p) == name)
        for place in self._shelves:
            yield from _if_pack(os.path.join(place, name))

    def _declaring(self, ref: str) -> Iterator[PackFolder]:
        """Packs in folders of another name: those whose manifest mentions the ref are read."""
        for folder in self._all_folders():
            if ref in folder.manifest and folder.pack.ref == ref:
                yield folder

    def _all_folders(self) -> Iterator[PackFolder]:
        paths: list[str] = [self._home] if self._home else []
        if self._home:
            paths.extend(self._disk.shelf(os.path.dirname(self._home)))
        for root in self._roots:
            paths.extend(self._disk.tree(root))
        for shelf in self._shelves:
            paths.extend(self._disk.shelf(shelf))
        return (self._disk.folder(path) for path in dict.fromkeys(paths))


def _below(path: str, folder: str) -> bool:
    """Whether a path is that of a folder or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _if_pack(path: str) -> Iterator[str]:
    if is_pack(path):
        yield path


def _subfolders(path: str, follow_links: bool = True) -> list[str]:
    try:
        with os.scandir(path) as entries:
            names = [e.name for e in entries if e.is_dir(follow_symlinks=follow_links)]
    except OSError:
        return []
    return [
        os.path.join(path, name)
        for name in sorted(names)
        if not name.startswith(".") and name not in _SKIPPED
    ]


def _walk(folder: str, depth: int) -> Iterator[str]:
    if is_pack(folder):
        yield folder
    elif depth:
        for child in _subfolders(folder, follow_links=False):
            yield from _walk(child, depth - 1)


def _home(folder: str) -> str | None:
    without_manifest: str | None = None
    while True:
        if is_pack(folder):
            return folder
        parent = os.path.dirname(folder)
        if os.path.basename(folder) == "actions" and without_manifest is None:
            without_manifest = parent
        if parent == folder:
            return without_manifest
        folder = parent
