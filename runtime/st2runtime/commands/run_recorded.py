"""What the tasks of a workflow gave when it last ran, as mocks for a run in which nothing is real."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2runtime.journal.errors import JournalError
from st2runtime.rehearsal.case import SUCCEEDED, Mock

if TYPE_CHECKING:
    from st2runtime.actions.secrets import Secrets
    from st2runtime.conducting.state import TaskRun
    from st2runtime.journal.store import Store


def recorded(store_path: str | None, source: str, secrets: Secrets) -> tuple[Mock, ...]:
    """The results of the tasks that succeeded in the latest kept run of a workflow file.

    None without a run that is kept, or that cannot be read. What was secret in it becomes secret here.
    """
    from st2runtime.journal.file import FileStore

    store = FileStore(store_path)
    try:
        return tuple(_mocks(store, os.path.realpath(source), secrets))
    except JournalError:
        return ()
    finally:
        store.close()


def _mocks(store: Store, source: str, secrets: Secrets) -> Iterator[Mock]:
    from st2runtime.journal.fold import Fold
    from st2runtime.journal.store import Query

    for summary in store.executions(Query(source=source, limit=1)):
        run = Fold(store.graph).read(store.entries(summary.id))
        secrets.add(store.secrets(summary.id))
        for begin, execution in zip(run.begins, run.executions, strict=False):
            if os.path.realpath(begin.entry_point) == source:
                for task in execution.conductor.sequence:
                    yield from _of(task)
                return


def _of(run: TaskRun) -> Iterator[Mock]:
    """One mock for a task run, or one for each of its items."""
    if run.status != SUCCEEDED:
        return
    if run.items is None:
        yield Mock(task=run.task, status=SUCCEEDED, result=run.result)
    elif isinstance(run.result, list):
        for item, result in enumerate(run.result):
            yield Mock(task=run.task, status=SUCCEEDED, result=result, item=item)
