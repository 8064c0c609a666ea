"""A pack's file as it was at a revision: the parameter `content_version`.

Specified by `GitWorktreeActionRunner` in `st2common/runners/base.py`: a Git work tree of the pack, made for the
action and removed after it. The pack may also be a folder inside the repository.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from st2runtime.runners import _processes
from st2runtime.runners._processes import Finished
from st2runtime.runners.base import Invocation

_TIMEOUT = 60.0


class WorktreeError(Exception):
    """The revision cannot be had; the message says why."""


@asynccontextmanager
async def entry_point_at(invocation: Invocation) -> AsyncIterator[tuple[str, str]]:
    """The paths of the action's file and of its pack, at the revision that `content_version` names if any.

    Raises WorktreeError.
    """
    revision = invocation.parameters.get("content_version")
    if not revision:
        yield invocation.entry_point, invocation.pack_path
        return
    pack = invocation.pack_path
    if not pack:
        raise WorktreeError(
            "`content_version` is for actions of packs that lie in a Git repository"
        )
    folder = tempfile.mkdtemp(prefix="st2-git-worktree-")
    try:
        inside = await _git(pack, "rev-parse", "--show-prefix")
        await _git(pack, "worktree", "add", "--detach", "--", folder, str(revision))
        relative = os.path.relpath(os.path.realpath(invocation.entry_point), os.path.realpath(pack))
        there = os.path.join(folder, inside.strip())
        yield os.path.join(there, relative), there
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        await _run_git(pack, "worktree", "prune")


async def _git(pack: str, *arguments: str) -> str:
    finished = await _run_git(pack, *arguments)
    if finished.code:
        told = finished.stderr.strip().splitlines() or ["git failed"]
        raise WorktreeError(f"`content_version` needs a Git work tree of {pack}: {told[-1]}")
    return finished.stdout


async def _run_git(pack: str, *arguments: str) -> Finished:
    try:
        return await _processes.run(
            ("git", "-C", pack, *arguments),
            line=lambda stream, text: None,
            timeout=_TIMEOUT,
            environment=_processes.environment({"GIT_TERMINAL_PROMPT": "0"}),
        )
    except OSError as error:
        raise WorktreeError(f"`content_version` needs Git: {error.strerror}") from error
