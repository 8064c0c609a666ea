"""`st2c eval --batch`: one answer a line, for other programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from st2lang.commands.options import UsageError

KINDS = ("yaql", "orquesta", "chain")


def answer_all(name: str) -> int:
    """Print one line of JSON for each line of a file, - for the standard input, and empty ones for empty ones.

    `{"value": …}`, or `{"error": …}` with what is wrong. Gives the exit code: 2 when a line is no request.
    """
    code = 0
    for number, line in enumerate(_lines(name), 1):
        try:
            answer = _answer(line) if line.strip() else ""
        except UsageError as mistake:
            answer, code = _error(str(mistake)), 2
            print(f"st2c: error: line {number}: {mistake}", file=sys.stderr)
        # Another program may wait for the answer before it writes the next line.
        print(answer, flush=name == "-")
    return code


def _lines(name: str) -> Iterator[str]:
    try:
        if name == "-":
            yield from sys.stdin
            return
        with open(name, encoding="utf-8-sig") as file:
            yield from file
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read `{name}`: it is no UTF-8 text") from error
    except OSError as error:
        raise UsageError(f"cannot read `{name}`: {error.strerror}") from error


def _answer(line: str) -> str:
    from st2lang.evaluation import EvaluationError
    from st2lang.evaluation.output import to_json

    kind, expression, data = _request(line)
    try:
        value = to_json(_evaluate(kind, expression, data), ascii_only=True)
    except EvaluationError as error:
        return _error(error.message)
    return f'{{"value": {value}}}'


def _request(line: str) -> tuple[str, Any, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"no JSON: {error}") from error
    if not isinstance(found, dict) or "expr" not in found:
        raise UsageError('a line is an object with "kind", "expr" and "data"')
    kind, expression = found.get("kind", "yaql"), found["expr"]
    if kind not in KINDS:
        raise UsageError(f'"kind" is {", ".join(KINDS[:-1])} or {KINDS[-1]}, not {kind!r}')
    if kind == "yaql" and not isinstance(expression, str):
        raise UsageError('"expr" is the text of an expression')
    return kind, expression, found.get("data")


def _evaluate(kind: str, expression: Any, data: Any) -> Any:
    from st2lang.evaluation import EvaluationError, evaluate_yaql, render, render_chain
    from st2lang.evaluation.context import scope_from

    if kind == "yaql":
        return evaluate_yaql(expression, data, names={"data": data})
    if data and not isinstance(data, dict):
        raise EvaluationError("the context is a dict: the variables by their names")
    scope = scope_from(data or {})
    return render(expression, scope) if kind == "orquesta" else render_chain(expression, scope)


def _error(message: str) -> str:
    return json.dumps({"error": message})
