"""Text to case: through the YAML layer, so that whatever is wrong with a case has its exact place."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from st2lang import yaml
from st2lang.dialects.rehearsal_shape import CASE
from st2lang.dialects.shape import validate
from st2lang.graph import Graph
from st2lang.patterns import lazy
from st2lang.problem import Problem, Severity, SpecPath
from st2lang.record import record
from st2lang.source import Source, Span
from st2lang.suggest import did_you_mean
from st2lang.yaml import Mapping, Node, Sequence, deref, to_data
from st2runtime.events import RerunTask
from st2runtime.rehearsal.case import SUCCEEDED, Case, Expected, Mock
from st2runtime.rehearsal.data import plain

Find = Callable[[str], str | None]
"""Where a file that a case names is; None when there is no such file."""

_RESULTS = ("result", "result_path", "result_expression")
_TELLING = frozenset(name for name in CASE["properties"] if name.startswith("expected_")) | {
    "mock_action_executions"
}

_KEY = lazy(r"""^(?:([a-z_]+)|"([a-z_]+)"|'([a-z_]+)')[ \t]*:(?=\s|\Z)""", re.MULTILINE)


@record
class Reading:
    """A case file that was read. `case` is None when something is wrong with it."""

    source: Source
    root: Node | None
    case: Case | None
    problems: tuple[Problem, ...] = ()


def is_rehearsal(text: str) -> bool:
    """Whether a text looks like a rehearsal file: what a folder is searched for."""
    if not any(name in text for name in _TELLING):  # most files
        return False
    if text.lstrip()[:1] == "{":
        root = yaml.parse(text).root
        names = {key.value for key, _ in root.items()} if isinstance(root, Mapping) else set()
    else:  # keys of the top level begin a line; a folder may hold many files, some broken
        names = {match[1] or match[2] or match[3] for match in _KEY.finditer(text)}
    return bool(names & {"workflow", "workflow_state"} and names & _TELLING)


def read(source: Source, find: Find, first: tuple[Problem, ...] = ()) -> Reading:
    """Read a case. Never raises: `problems` say what is wrong, `first` being those known already."""
    file = yaml.parse(source.text)
    problems = [*first, *file.problems]
    root = deref(file.root) if file.root is not None else None
    if not isinstance(root, Mapping):
        if not problems:
            problems.append(_error("wrong-type", "a rehearsal is a mapping", Span(0, 0)))
        return Reading(source, root, None, tuple(problems))
    problems += validate(root, CASE, (), file.broken)
    grave = any(problem.severity is Severity.ERROR for problem in problems)
    if grave:
        return Reading(source, root, None, tuple(problems))
    data = plain(to_data(root))
    problems += _incomplete(data, root)
    mocks = [_mock(one, i, find, root, problems) for i, one in enumerate(_list(data, "mocks"))]
    if problems:
        return Reading(source, root, None, tuple(problems))
    return Reading(source, root, _case(source.path, data, tuple(mocks)))


def _list(data: dict[str, Any], what: str) -> list[Any]:
    name = "mock_action_executions" if what == "mocks" else what
    return data.get(name) or []


def _incomplete(data: dict[str, Any], root: Mapping) -> Iterator[Problem]:
    if "workflow" not in data and "workflow_state" not in data:
        message = "a rehearsal needs the key `workflow`, the path of a workflow file"
        yield _error("missing-key", message, span_of(root, ()))
    try:
        _time(data.get("time"))
    except ValueError:
        message = f"there is no such time as `{data['time']}`"
        yield _error("invalid-value", message, span_of(root, ("time",)), ("time",))
    for i, mock in enumerate(_list(data, "mocks")):
        path = ("mock_action_executions", i)
        if ("task_id" in mock) == ("action" in mock):
            which = "only one of them" if "action" in mock else "one of them"
            message = f"a mock is for a `task_id` or for an `action`, and needs {which}"
            yield _error("missing-key", message, span_of(root, path), path)
        given = [name for name in _RESULTS if name in mock]
        if len(given) > 1:
            message = f"`{given[0]}` and `{given[1]}` cannot both be the result"
            yield _error("invalid-value", message, span_of(root, (*path, given[1])), path)


def _mock(
    data: dict[str, Any], index: int, find: Find, root: Mapping, problems: list[Problem]
) -> Mock:
    path: SpecPath = ("mock_action_executions", index)
    result = data.get("result")
    if "result_path" in data:
        try:
            result = _load(data["result_path"], find)
        except _NoResultError as error:
            here = (*path, "result_path")
            problems.append(_error("missing-result", str(error), span_of(root, here), here))
    elif "result_expression" in data:
        result = data["result_expression"]
    return Mock(
        task=data.get("task_id"),
        status=data.get("status", SUCCEEDED),
        result=result,
        action=data.get("action"),
        expression="result_expression" in data,
        item=data.get("item_id"),
        seq=data.get("seq_id"),
        route=data.get("route"),
        times=data.get("num_iter", 1),
        path=path,
    )


class _NoResultError(Exception):
    """A result cannot be read; the message says why."""


def _load(name: str, find: Find) -> Any:
    """What a file holds: data for JSON and YAML, text for others."""
    path = find(name)
    if path is None:
        raise _NoResultError(f"there is no file `{name}`")
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _NoResultError(f"`{name}` cannot be read: {reason}") from error
    suffix = os.path.splitext(path)[1]
    if suffix == ".json":
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _NoResultError(f"`{name}` is no JSON: {error}") from error
    if suffix in (".yaml", ".yml"):
        read = yaml.parse(text)
        if read.problems:
            problem = read.problems[0]
            line, column = Source(path, text).position(problem.span.start)
            raise _NoResultError(f"`{name}` is no YAML: {problem.message} ({line}:{column})")
        return plain(to_data(read.root))
    return text


def _case(path: str, data: dict[str, Any], mocks: tuple[Mock, ...]) -> Case:
    rerun = data.get("rerun_tasks")
    again = "rerun_tasks" in data or "workflow_state" in data
    return Case(
        path=path,
        workflow=data.get("workflow"),
        inputs=data.get("inputs") or {},
        mocks=mocks,
        expected=_expected(data),
        context=data.get("context") or {},
        datastore={key: _stored(one) for key, one in (data.get("datastore") or {}).items()},
        time=_time(data.get("time")),
        seed=data.get("seed"),
        state=data.get("workflow_state"),
        rerun=tuple(
            RerunTask(one["task_id"], one.get("route", 0), one.get("reset_items", False))
            for one in rerun or ()
        )
        if again
        else None,
        given=frozenset(data),
    )


def _time(text: str | None) -> float | None:
    """Seconds since 1970; a time without a zone is in UTC. Raises ValueError for what is none."""
    if text is None:
        return None
    from datetime import UTC, datetime

    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _stored(value: Any) -> tuple[Any, bool]:
    if isinstance(value, dict):
        return value["value"], value.get("secret", False)
    return value, False


def _expected(data: dict[str, Any]) -> Expected:
    def several(name: str) -> tuple[Any, ...] | None:
        return tuple(data[name]) if data.get(name) is not None else None

    inspection = data.get("expected_inspection_errors") or {}
    return Expected(
        task_sequence=several("expected_task_sequence"),
        routes=tuple(tuple(route) for route in data.get("expected_routes", [[]])),
        status=data.get("expected_workflow_status", SUCCEEDED),
        output=data.get("expected_output"),
        errors=several("expected_errors"),
        term_tasks=several("expected_term_tasks"),
        inspection_errors={name: tuple(errors) for name, errors in inspection.items() if errors},
    )


def unknown_tasks(reading: Reading, graph: Graph) -> tuple[Problem, ...]:
    """Mocks and reruns of tasks that the workflow does not have."""
    case = reading.case
    if case is None or reading.root is None:
        return ()
    named = [(mock.task, (*mock.path, "task_id")) for mock in case.mocks if mock.task is not None]
    named += [(one.task, ("rerun_tasks", i, "task_id")) for i, one in enumerate(case.rerun or ())]
    return tuple(
        _error(
            "undefined-task",
            f"the workflow has no task `{task}`{did_you_mean(task, graph.tasks)}",
            span_of(reading.root, path),
            path,
        )
        for task, path in named
        if task not in graph.tasks
    )


def span_of(root: Node, path: SpecPath) -> Span:
    """Where to point for the node at a path: itself, or its first key; what is there of the path."""
    node = deref(root)
    for step in path:
        match node:
            case Mapping() if (found := node.get(step)) is not None:
                node = found
            case Sequence() if isinstance(step, int) and step < len(node.items):
                node = deref(node.items[step])
            case _:
                break
    if isinstance(node, Mapping) and node.entries and not node.flow:
        return node.entries[0].key.span
    return node.span


def _error(check: str, message: str, span: Span, path: SpecPath = ()) -> Problem:
    return Problem(check, Severity.ERROR, message, span, path)
