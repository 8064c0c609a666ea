"""The file of `--mock`: results for tasks and actions, in the format of rehearsal files or shorter.

mock_action_executions:            # as in a rehearsal file, which may be given itself
  - {task_id: build, status: failed, result: {stderr: no space}}
  - {action: core.http, result: {status_code: 200}}

build: {status: failed}            # or by name: a task, or (with a dot) an action
core.http: {result: {status_code: 200}}
"""

from __future__ import annotations

import os
from typing import Any

from st2lang import yaml
from st2lang.commands.options import UsageError
from st2lang.dialects.rehearsal_shape import CASE, MOCK
from st2lang.dialects.shape import Shape, validate
from st2lang.problem import Problem, Severity
from st2lang.source import Source
from st2lang.yaml import Mapping, Node, deref, to_data
from st2runtime.rehearsal.case import SUCCEEDED, Mock
from st2runtime.rehearsal.data import plain

_LIST = "mock_action_executions"
_SHORT: Shape = {
    **MOCK,
    "properties": {k: v for k, v in MOCK["properties"].items() if k not in ("task_id", "action")},
}


def read(path: str) -> tuple[Mock, ...]:
    """The mocks in a file. Raises `UsageError` with the places of all mistakes."""
    from st2lang.yaml.decode import decode

    try:
        with open(path, "rb") as file:
            source, first = decode(path, file.read())
    except OSError as error:
        raise UsageError(f"--mock: `{path}` cannot be read: {error.strerror or error}") from error
    parsed = yaml.parse(source.text)
    root = deref(parsed.root) if parsed.root is not None else None
    problems = [*first, *parsed.problems]
    if root is not None and not problems:
        problems = _wrong(root)
    grave = [problem for problem in problems if problem.severity is Severity.ERROR]
    if grave:
        raise UsageError("--mock: " + "\n".join(_told(source, problem) for problem in grave))
    return tuple(_mock(entry, path) for entry in _entries(plain(to_data(root))))


def _wrong(root: Node) -> list[Problem]:
    if isinstance(root, Mapping) and root.get(_LIST) is not None:
        return list(validate(root, CASE, (), ()))
    shape: Shape
    if isinstance(root, Mapping):
        shape = {"type": "object", "title": "a mapping of names to results"}
        shape["additionalProperties"] = _SHORT
    else:
        shape = {"type": "array", "title": "a list of mocks", "items": MOCK}
    return list(validate(root, shape, (), ()))


def _told(source: Source, problem: Problem) -> str:
    line, column = source.position(problem.span.start)
    return f"{source.path}:{line}:{column}: {problem.message}"


def _entries(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, dict) and _LIST in data:
        data = data[_LIST]
    if isinstance(data, dict):
        return [
            {"action" if "." in name else "task_id": name, **(entry or {})}
            for name, entry in data.items()
        ]
    return list(data or ())


def _mock(entry: dict[str, Any], path: str) -> Mock:
    if "task_id" not in entry and "action" not in entry:
        raise UsageError(f"--mock: {path}: a mock needs a `task_id` or an `action`")
    result = entry.get("result", entry.get("result_expression"))
    if "result_path" in entry:
        result = _content(entry["result_path"], path)
    return Mock(
        task=entry.get("task_id"),
        status=entry.get("status", SUCCEEDED),
        result=result,
        action=entry.get("action"),
        expression="result_expression" in entry,
        item=entry.get("item_id"),
        seq=entry.get("seq_id"),
        route=entry.get("route"),
        times=entry.get("num_iter", 1),
    )


def _content(name: str, near: str) -> Any:
    """What a file holds that lies where it says, or beside the mocks: data, or text."""
    beside = os.path.join(os.path.dirname(near), name)
    try:
        with open(beside if os.path.isfile(beside) else name, encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"--mock: `{name}` cannot be read: {reason}") from error
    if not name.endswith((".json", ".yaml", ".yml")):
        return text
    parsed = yaml.parse(text)
    if parsed.problems:
        raise UsageError(f"--mock: `{name}`: {parsed.problems[0].message}")
    return plain(to_data(parsed.root))
