"""Checking the files of a run, in this process or in several; one broken file costs no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from st2lang.commands.files import File
from st2lang.commands.report import INTERNAL_ERROR, UNREADABLE_FILE, Report, display, failure
from st2lang.commands.rules import Rules
from st2lang.problem import Problem
from st2lang.settings import DEFAULT, Settings
from st2lang.source import Source

if TYPE_CHECKING:
    from st2lang.analysis import Analysis
    from st2lang.catalog import Catalog

WORTH_A_PROCESS = 150
"""So many files keep one more process busy for longer than it takes to start it."""


class Plan(NamedTuple):
    """How every file is checked. Hashable, and small enough to hand to another process."""

    kind: str = "auto"
    rules: Rules = Rules()
    settings: Settings = DEFAULT
    pack_dirs: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    cache_dir: str | None = None
    fix: bool = False
    unsafe: bool = False


def check_all(plan: Plan, files: Sequence[File], jobs: int | None) -> Iterator[Report]:
    """The reports in the order of the files; `jobs` None chooses by their number."""
    if jobs is None:
        jobs = min(os.cpu_count() or 1, len(files) // WORTH_A_PROCESS)
    jobs = min(jobs, len(files))
    if jobs < 2:
        for file in files:
            yield check_file(plan, file)
        return
    done = 0
    for report in _in_processes(plan, files, jobs):
        done += 1
        yield report
    for file in files[done:]:  # a process died: go on without them
        yield check_file(plan, file)


def _in_processes(plan: Plan, files: Sequence[File], jobs: int) -> Iterator[Report]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    _load(plan)  # forked processes start with everything imported and the catalog in memory
    chunk = max(1, min(32, len(files) // (jobs * 4)))
    with ProcessPoolExecutor(jobs, initializer=_leave_interrupts_to_the_parent) as pool:
        try:
            yield from pool.map(check_file, [plan] * len(files), files, chunksize=chunk)
        except BrokenProcessPool:
            return
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def check_file(plan: Plan, file: File) -> Report:
    """Read and check one file. Never raises for what is in the file, or for its not being there."""
    try:
        with open(file.path, "rb") as opened:
            data = opened.read()
    except OSError as error:
        reason = error.strerror or str(error)
        return failure(display(file.path), UNREADABLE_FILE, f"cannot be read: {reason}")
    return check_data(plan, file, data)


def check_data(plan: Plan, file: File, data: bytes) -> Report:
    """Check the content of a file. A bug in a check becomes a problem of this file."""
    try:
        return _check(plan, file, data)
    except Exception as error:
        return bug(file.path, error)


def bug(path: str, error: Exception) -> Report:
    """The report of a file on which st2c itself failed."""
    if os.environ.get("ST2C_DEBUG"):
        import traceback

        traceback.print_exception(error)
    return failure(
        display(path),
        INTERNAL_ERROR,
        f"st2c failed on this file: {_describe(error)}",
        "this is a bug in st2c, please report it; ST2C_DEBUG=1 shows the traceback",
    )


def _check(plan: Plan, file: File, data: bytes) -> Report:
    from st2lang.yaml.decode import decode

    source, first = decode(file.path, data)
    kind, problems = inspect(plan, source, first)
    if kind == "unknown" and not file.named:  # none of our business how it is encoded
        problems = tuple(p for p in problems if p not in first)
    shown = display(file.path)
    if not plan.fix:
        return Report(shown, kind, source, problems)
    from st2lang.commands.fix import settle, writes_back

    if not writes_back(source, data):
        return Report(shown, kind, source, problems)

    def again(text: str) -> tuple[Source, tuple[Problem, ...]]:
        changed = Source(source.path, text, source.bom)
        return changed, inspect(plan, changed, ())[1]

    settled = settle(source, problems, again, unsafe=plan.unsafe)
    before = source.text if settled.source.text != source.text else None
    return Report(shown, kind, settled.source, settled.problems, before, settled.fixed)


def inspect(
    plan: Plan, source: Source, first: tuple[Problem, ...]
) -> tuple[str, tuple[Problem, ...]]:
    """The kind of a text, and its problems that are neither suppressed nor deselected."""
    from st2lang.analysis import analyse

    analysis = analyse(source, kind=plan.kind, catalog=catalog(plan), settings=plan.settings)
    return analysis.kind, shown(plan, analysis, first)


def shown(plan: Plan, analysis: Analysis, first: tuple[Problem, ...] = ()) -> tuple[Problem, ...]:
    """The problems of an analysis, and those found before it, that are neither suppressed nor deselected."""
    source, problems = analysis.source, (*first, *analysis.problems)
    if "st2c:" in source.text and analysis.kind != "unknown":
        from st2lang import suppress

        problems = suppress.apply(source, problems, tree=analysis.document.yaml)
    ordered = sorted(problems, key=lambda p: (p.span.start, p.severity.rank, p.check, p.message))
    return plan.rules.apply(source.path, ordered)


def catalog(plan: Plan) -> Catalog:
    """The catalog of a run; every process builds it once."""
    return _catalog(plan.pack_dirs, plan.roots, plan.cache_dir)


@lru_cache(maxsize=1)
def _catalog(pack_dirs: tuple[str, ...], roots: tuple[str, ...], cache_dir: str | None) -> Catalog:
    from st2lang.catalog import Catalog

    return Catalog(pack_dirs=pack_dirs, roots=roots, cache_dir=cache_dir)


def forget() -> None:
    """Forget the catalog, because its files may have changed."""
    _catalog.cache_clear()


def _load(plan: Plan) -> Callable[..., object]:
    from st2lang.analysis import analyse

    catalog(plan)
    return analyse


def _leave_interrupts_to_the_parent() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _describe(error: Exception) -> str:
    """The error and the place in our code that raised it, on one line."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = ""
    if where is not None:
        name = os.path.basename(where.tb_frame.f_code.co_filename)
        place = f" ({name}:{where.tb_lineno})"
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}{place}" if text else f"{type(error).__name__}{place}"
