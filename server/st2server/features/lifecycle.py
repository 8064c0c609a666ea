"""The session: its beginning, its folders, its configuration, and files that change outside."""

from __future__ import annotations

import os
from typing import Any

from lsprotocol import types as lsp
from pygls.uris import to_fs_path

from st2lang.query.hints import Sort
from st2server.app import Server
from st2server.documents import path_of

CONFIGURATION = ("st2c.toml", "pyproject.toml")
WATCHED = ("**/*.yaml", "**/*.yml", "**/actions/**", *(f"**/{name}" for name in CONFIGURATION))
ANY_FILE = lsp.FileOperationRegistrationOptions(
    [lsp.FileOperationFilter(lsp.FileOperationPattern("**"), scheme="file")]
)


def register(server: Server) -> None:
    """Follow the session."""

    @server.feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        encoding = server.workspace.position_encoding
        server.converter.encoding = str(getattr(encoding, "value", encoding) or "utf-16")
        _configure(server, params.initialization_options)
        _use_folders(server)

    @server.feature(lsp.INITIALIZED)
    def initialized(params: lsp.InitializedParams) -> None:
        _watch(server)
        server.index.start()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(params: lsp.DidChangeWorkspaceFoldersParams) -> None:
        _use_folders(server)
        server.index.start()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configuration_changed(params: lsp.DidChangeConfigurationParams) -> None:
        hints = server.hints
        packs, options = _configure(server, params.settings)
        if packs:
            server.index.start()
        elif options:
            server.survey.changed()
        if server.hints != hints:
            server.refresh_hints()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(params: lsp.DidChangeWatchedFilesParams) -> None:
        _changed(server, [c.uri for c in params.changes if not _typed(server, c)])

    @server.feature(lsp.WORKSPACE_DID_CREATE_FILES, ANY_FILE)
    def files_created(params: lsp.CreateFilesParams) -> None:
        _changed(server, [file.uri for file in params.files])

    @server.feature(lsp.WORKSPACE_DID_DELETE_FILES, ANY_FILE)
    def files_deleted(params: lsp.DeleteFilesParams) -> None:
        _changed(server, [file.uri for file in params.files])

    @server.feature(lsp.WORKSPACE_DID_RENAME_FILES, ANY_FILE)
    def files_renamed(params: lsp.RenameFilesParams) -> None:
        _changed(server, [uri for file in params.files for uri in (file.old_uri, file.new_uri)])


def _typed(server: Server, change: lsp.FileEvent) -> bool:
    """Whether a file was but saved by the editor, which has told about every keystroke before."""
    opened = server.documents.opened(change.uri)
    return opened is not None and change.type == lsp.FileChangeType.Changed


def _changed(server: Server, uris: list[str]) -> None:
    paths = {path_of(uri) for uri in uris}
    if any(os.path.basename(path) in CONFIGURATION for path in paths):
        server.index.start()
    elif paths:
        server.index.changed(paths)


def _use_folders(server: Server) -> None:
    workspace = server.workspace
    uris = [folder.uri for folder in workspace.folders.values()]
    if not uris and workspace.root_uri:
        uris = [workspace.root_uri]
    paths = [path for uri in uris if (path := to_fs_path(uri)) and os.path.isdir(path)]
    server.projects.folders = tuple(paths)


def _configure(server: Server, settings: Any) -> tuple[bool, bool]:
    """Take over what the editor's settings say under `st2lang`; whether packs, or anything else, are others."""
    if not isinstance(settings, dict):
        return False, False
    settings = settings.get("st2lang", settings)
    if not isinstance(settings, dict):
        return False, False
    options = server.options.take(settings)
    if "inlayHints" in settings:
        _choose_hints(server, settings["inlayHints"])
    if "packDirs" not in settings:
        return False, options
    packs = settings.get("packDirs")
    chosen = tuple(p for p in packs if isinstance(p, str)) if isinstance(packs, list) else ()
    changed = chosen != server.projects.pack_dirs
    server.projects.pack_dirs = chosen
    return changed, options


def _choose_hints(server: Server, chosen: Any) -> None:
    """Inlay hints are all on or off, or one by one: `{"types": true, "joins": false}`."""
    if isinstance(chosen, bool):
        server.hints = frozenset(Sort) if chosen else frozenset()
    elif isinstance(chosen, dict):
        server.hints = frozenset(sort for sort in Sort if chosen.get(sort.value, True) is not False)


def _watch(server: Server) -> None:
    """Ask to be told about files that change outside, if the editor can."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if not (watching and watching.dynamic_registration):
        return
    watchers = [lsp.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED]
    server.client_register_capability(
        lsp.RegistrationParams(
            [
                lsp.Registration(
                    id="st2lang-watched-files",
                    method=lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                    register_options=lsp.DidChangeWatchedFilesRegistrationOptions(watchers),
                )
            ]
        )
    )
