"""A run and its journal: where it is kept, who looks into its mailbox, what is said when it cannot be kept."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from st2runtime.engines.contexts import new_id
from st2runtime.engines.journal import Journal
from st2runtime.journal.errors import JournalError
from st2runtime.journal.writer import Writer

if TYPE_CHECKING:
    from st2runtime.actions.secrets import Secrets
    from st2runtime.engines.local import LocalEngine
    from st2runtime.engines.mail import Mailbox
    from st2runtime.journal.store import Log, Store

_PATHS = ("pack_dir", "config_dir", "datastore", "mock", "config")
ASKED = ("user", "context", "with_dependencies", "force", "concurrency")
"""What of the arguments goes with a run to whatever machine goes on with it."""
_KEPT = ("target", *ASKED, "no_config", *_PATHS)


class Keeping:
    """The journal of a run in this process, which `stays` while an inquiry has a deadline."""

    def __init__(
        self, store: Store, log: Log, around: Mapping[str, Any], stays: bool = False
    ) -> None:
        self.store, self.log, self.stays = store, log, stays
        self.writer = Writer(log, around, _no_loop)
        self.mailbox: Mailbox | None = None

    @property
    def journal(self) -> Journal:
        """What the engine tells."""
        return self.writer

    @asynccontextmanager
    async def during(self, engine: LocalEngine) -> AsyncIterator[None]:
        """While a run is in progress its mailbox is looked into; afterwards others may have it."""
        from st2runtime.engines.mail import Mailbox

        self.writer.soon = engine.soon
        self.mailbox = Mailbox(engine, self.log, self.writer)
        listening = engine.jobs.aside(self.mailbox.listen)
        try:
            yield
            self.writer.flush()
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            with suppress(JournalError):
                self.log.release()


def _no_loop(call: Any, urgent: bool) -> None:
    """Nothing is kept before the run has begun."""


def begin(args: argparse.Namespace, secrets: Secrets) -> Keeping | None:
    """The journal for a new run; None when it is not to be kept. Raises `JournalError`."""
    if args.no_store or args.dry_run or args.until or args.mock_all:
        return None
    from st2runtime.journal.file import FileStore

    store = FileStore(args.store)
    execution, stays = os.environ.get(DETACHED) or new_id(), in_background()
    return Keeping(store, store.create(execution, secrets), around(args), stays)


def in_background() -> bool:
    """Whether this process is a background worker. Tells it once: what it starts is none."""
    return os.environ.pop(DETACHED, None) is not None


DETACHED = "ST2C_DETACHED"
"""The variable that tells a background worker the id of the run that it is to begin; "" to go on with one."""


def around(args: argparse.Namespace) -> dict[str, Any]:
    """What of the arguments a run needs to go on later, paths from the root."""
    found: dict[str, Any] = {"cwd": os.getcwd()}
    for name in _KEPT:
        value = getattr(args, name)
        if name in _PATHS and value:
            value = (
                [os.path.abspath(one) for one in value]
                if isinstance(value, list)
                else os.path.abspath(value)
            )
        if name == "target" and os.path.isfile(value):
            value = os.path.abspath(value)
        if value:
            found[name] = value
    return found
