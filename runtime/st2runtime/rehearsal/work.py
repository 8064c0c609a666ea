"""Rehearses many case files, in this process or in several; one broken file costs no other."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from st2lang.commands.report import INTERNAL_ERROR, display
from st2lang.problem import Problem, Severity
from st2lang.record import replace
from st2lang.source import Source, Span
from st2lang.suggest import did_you_mean
from st2runtime.rehearsal import inspection
from st2runtime.rehearsal.bless import bless, wanted
from st2runtime.rehearsal.case import Case
from st2runtime.rehearsal.compare import Failure, compare
from st2runtime.rehearsal.drive import LIMIT, StateError, rehearse
from st2runtime.rehearsal.outcome import Outcome, Trouble
from st2runtime.rehearsal.read import Reading, read, span_of, unknown_tasks
from st2runtime.rehearsal.workflows import Base, Loaded, Workflows, from_state

WORTH_A_PROCESS = 400
"""So many cases keep one more process busy for longer than it takes to start it."""


class Plan(NamedTuple):
    """How every case is rehearsed. Hashable, and small enough to hand to another process."""

    base_path: str | None = None
    pack_dirs: tuple[str, ...] = ()
    cache_dir: str | None = None
    limit: int = LIMIT
    bless: bool = False


def rehearse_all(plan: Plan, files: Sequence[str], jobs: int | None = None) -> Iterator[Outcome]:
    """The outcomes in the order of the files; `jobs` None chooses by their number."""
    if jobs is None:
        jobs = min(os.cpu_count() or 1, len(files) // WORTH_A_PROCESS)
    jobs = min(jobs, len(files))
    done = 0
    if jobs > 1:
        for outcome in _in_processes(plan, files, jobs):
            done += 1
            yield outcome
    for file in files[done:]:
        yield rehearse_file(plan, file)


def _in_processes(plan: Plan, files: Sequence[str], jobs: int) -> Iterator[Outcome]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    workflows(plan)
    chunk = max(1, min(64, len(files) // (jobs * 4)))  # neighbours are often of one workflow
    with ProcessPoolExecutor(jobs, initializer=_leave_interrupts_to_the_parent) as pool:
        try:
            yield from pool.map(rehearse_file, [plan] * len(files), files, chunksize=chunk)
        except BrokenProcessPool:
            return
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _leave_interrupts_to_the_parent() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


@lru_cache(maxsize=1)
def workflows(plan: Plan) -> Workflows:
    """The workflows of a run; every process reads them once."""
    from st2lang.catalog import Catalog

    return Workflows(Catalog(pack_dirs=plan.pack_dirs, cache_dir=plan.cache_dir))


def rehearse_file(plan: Plan, path: str) -> Outcome:
    """Rehearse one case file. Never raises for what is in it; a bug of ours becomes its problem."""
    started = time.perf_counter()
    try:
        outcome = _rehearse(plan, path)
    except Exception as error:
        if os.environ.get("ST2C_DEBUG"):
            import traceback

            traceback.print_exc()
        text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        message = f"st2c failed on this case: {text}"
        hint = "this is a bug in st2c, please report it; ST2C_DEBUG=1 shows the traceback"
        outcome = _unusable(path, Source(path, ""), _problem(INTERNAL_ERROR, message, hint))
    return replace(outcome, seconds=time.perf_counter() - started)


def _rehearse(plan: Plan, path: str) -> Outcome:
    from st2lang.yaml.decode import decode

    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        return _unusable(path, Source(path, ""), _problem("unreadable-file", message))
    source, first = decode(path, data)
    base = Base(path, plan.base_path)
    reading = read(source, base.find, first)
    if reading.case is None:
        return _unusable(path, source, *reading.problems)
    loaded = _workflow(plan, reading, reading.case, base)
    if isinstance(loaded, Problem):
        return _unusable(path, source, loaded)
    return _conduct(plan, path, reading, reading.case, loaded)


def _workflow(plan: Plan, reading: Reading, case: Case, base: Base) -> Loaded | Problem:
    """The workflow that a case is about, or why there is none."""
    assert reading.root is not None
    if case.workflow is None:
        saved = from_state(case.state, case.path)
        if saved is not None:
            return saved
        span = span_of(reading.root, ("workflow_state",))
        message = "the saved state has no workflow in it; name its file with `workflow`"
        return Problem("missing-workflow", Severity.ERROR, message, span, ("workflow_state",))
    path = base.find(case.workflow)
    if path is not None:
        return workflows(plan).load(path)
    folders = ", ".join(f"`{display(folder)}`" for folder in base.folders)
    message = f"there is no workflow `{case.workflow}`{_nearest(case.workflow, base)}"
    span = span_of(reading.root, ("workflow",))
    hint = f"looked for below {folders}; --base-path says where paths begin"
    return Problem("missing-workflow", Severity.ERROR, message, span, ("workflow",), hint)


def _nearest(name: str, base: Base) -> str:
    """A file in the same folder whose name is close."""
    inside, wanted_name = os.path.split(name)
    for folder in base.folders:
        try:
            there = os.listdir(os.path.join(folder, inside))
        except OSError:
            continue
        found = did_you_mean(wanted_name, there)
        if found:
            return found
    return ""


def _conduct(plan: Plan, path: str, reading: Reading, case: Case, loaded: Loaded) -> Outcome:
    shown, source = display(path), reading.source
    if loaded.errors or case.expected.inspection_errors:
        return _inspected(plan, path, reading, case, loaded)
    assert loaded.graph is not None
    problems = unknown_tasks(reading, loaded.graph)
    if problems:
        return _unusable(path, source, *problems)
    try:
        actual = rehearse(loaded.graph, case, limit=plan.limit)
    except StateError as error:
        assert reading.root is not None
        span = span_of(reading.root, error.path)
        return _unusable(
            path, source, Problem("invalid-value", Severity.ERROR, str(error), span, error.path)
        )
    failures = compare(case, actual, chain=loaded.chain)
    counted = os.path.abspath(loaded.path) if case.workflow is not None else None
    outcome = Outcome(shown, failures, actual=actual, workflow=counted)
    if plan.bless and failures and not actual.complaints:
        return _blessed(path, source, wanted(case, actual, chain=loaded.chain), outcome)
    return outcome


def _inspected(plan: Plan, path: str, reading: Reading, case: Case, loaded: Loaded) -> Outcome:
    """A case whose workflow has errors, or should have: nothing is run, as in Orquesta."""
    failures = inspection.compare_errors(case, loaded.errors)
    surplus = inspection.unexpected(case, loaded.errors)
    shown = display(path)
    if plan.bless and (failures or surplus) and "expected_inspection_errors" in case.given:
        recorded = inspection.recorded(loaded.errors)
        values = {"expected_inspection_errors": recorded}
        return _blessed(path, reading.source, values, Outcome(shown, failures))
    troubles = (Trouble(display(loaded.path), loaded.source, surplus),) if surplus else ()
    return Outcome(shown, failures, troubles)


def _blessed(path: str, source: Source, values: Mapping[str, object], outcome: Outcome) -> Outcome:
    from st2lang.commands.fix import write

    try:
        write(path, replace(source, text=bless(source, values), _starts=None))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        failure = Failure("case", f"cannot be rewritten: {reason}")
        return replace(outcome, failures=(*outcome.failures, failure))
    return replace(outcome, failures=(), troubles=(), blessed=True)


def _unusable(path: str, source: Source, *problems: Problem) -> Outcome:
    shown = display(path)
    return Outcome(shown, troubles=(Trouble(shown, source, tuple(problems)),))


def _problem(check: str, message: str, hint: str = "") -> Problem:
    return Problem(check, Severity.ERROR, message, Span(0, 0), help=hint)
