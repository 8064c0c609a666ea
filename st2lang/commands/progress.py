"""A progress bar on standard error, for runs that take long enough to wonder about."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 0.7
"""Seconds that pass before a bar is shown."""


def track(reports: Iterable[T], total: int, doing: str = "checking") -> Iterator[T]:
    """Pass the reports on; once `PATIENCE` is used up, show how far they are."""
    started = time.monotonic()
    arriving = iter(reports)
    done = 0
    for report in arriving:
        done += 1
        yield report
        if time.monotonic() - started > PATIENCE:
            break
    else:
        return
    yield from _with_bar(arriving, done, total, doing)


def _with_bar(arriving: Iterator[T], done: int, total: int, doing: str) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, completed=done)
        for report in arriving:
            bar.advance(task)
            yield report
