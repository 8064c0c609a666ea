"""`st2c eval`: what an expression gives, at once or in a conversation."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError, choice

if TYPE_CHECKING:
    from st2lang.evaluation import EvaluationError

SUMMARY = "evaluate an expression"

LANGUAGES = ("yaql", "jinja", "chain")
EPILOG = """examples:
  st2c eval '1 + 1'                                       a bare expression is YAQL
  st2c eval '$.hosts.len()' --context context.yaml        `$` is the context
  st2c eval '<% ctx(hosts) %>' --context context.yaml     with delimiters: as in a workflow
  st2c eval '{{ ctx().hosts | length }}' --context -      the context from the standard input
  st2c eval 'name | upper' --language chain --context c.json
  st2c eval --context context.yaml                        a prompt
  st2c eval --batch expressions.jsonl                     one JSON object a line

exit codes: 0 there is a value, 1 the expression fails, 2 wrong use"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "expression", nargs="?", metavar="EXPR", help="the expression (default: ask for some)"
    )
    parser.add_argument(
        "--context",
        metavar="FILE",
        help="JSON or YAML: the variables of `ctx()`, and what `$` is; - for the standard input",
    )
    parser.add_argument(
        "--language",
        type=choice(*LANGUAGES),
        choices=LANGUAGES,
        metavar="LANGUAGE",
        help="what an expression without delimiters is: yaql (default), jinja, or chain for Jinja "
        "as in an ActionChain",
    )
    parser.add_argument(
        "--batch",
        metavar="FILE",
        help='evaluate {"kind": "yaql" or "orquesta", "expr": …, "data": …} line by line; '
        "- for the standard input",
    )


def run(args: argparse.Namespace) -> int:
    """Evaluate; see EPILOG for the exit codes."""
    if args.batch is not None:
        if args.expression is not None or args.context is not None:
            raise UsageError("--batch brings its own expressions and data")
        return _batch(args.batch)
    if args.expression is None and args.context == "-":
        raise UsageError("the standard input cannot be both the context and the conversation")
    context = _context(args.context)
    if args.expression is None:
        from st2lang.commands.eval_prompt import converse

        return converse(context, args.language)
    return show(args.expression, context, args.language)


def show(text: str, context: Any, language: str | None) -> int:
    """Print the value of an expression as JSON, or why it has none; gives the exit code."""
    from st2lang.evaluation import EvaluationError
    from st2lang.evaluation.output import to_json

    try:
        print(to_json(evaluate(text, context, language), indent=2))
    except EvaluationError as error:
        complain(error)
        return 1
    return 0


def complain(error: EvaluationError) -> None:
    """Print what is wrong, and where."""
    from st2lang.evaluation.output import excerpt

    print(f"error: {error}", file=sys.stderr)
    place = excerpt(error)
    if place:
        print(place, file=sys.stderr)


def evaluate(text: str, context: Any, language: str | None) -> Any:
    """The value of what somebody has typed. Raises `EvaluationError`.

    A text with delimiters is rendered over the context as a workflow does it; a bare expression is of
    the language, YAQL unless something else is asked for, with the context as `$` and `$data`.
    """
    from st2lang.evaluation import Scope, evaluate_yaql, render, render_chain
    from st2lang.evaluation.context import scope_from

    scope = scope_from(context) if isinstance(context, dict) else Scope()
    delimited = any(mark in text for mark in ("<%", "{{", "{%"))
    if language == "chain":
        return render_chain(text if delimited else f"{{{{ {text} }}}}", scope)
    if language == "jinja" and not delimited:
        return render(f"{{{{ {text} }}}}", scope)
    if delimited:
        return render(text, scope)
    return evaluate_yaql(text, context, scope, {"data": context})


def _context(name: str | None) -> Any:
    """What a file of JSON or YAML says; an empty dict for no file."""
    if name is None:
        return {}
    import yaml

    text = _read(name)
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(f"{name}: neither JSON nor YAML: {error}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name}: cannot be read: {error}") from error
    return {} if found is None else found


def _read(name: str) -> str:
    """The text of a file, or of the standard input for -."""
    try:
        if name == "-":
            return sys.stdin.read()
        with open(name, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"cannot read `{os.path.normpath(name)}`: {reason}") from error


def _batch(name: str) -> int:
    """One line of JSON for each line: its value, or its error. 2 when a line is none of ours."""
    code = 0
    for number, line in enumerate(_read(name).splitlines(), 1):
        if not line.strip():
            continue
        try:
            print(_answer(line))
        except UsageError as mistake:
            print(_error(str(mistake)))
            print(f"st2c: error: line {number}: {mistake}", file=sys.stderr)
            code = 2
    return code


def _answer(line: str) -> str:
    from st2lang.evaluation import EvaluationError
    from st2lang.evaluation.output import to_json

    kind, text, data = _request(line)
    try:
        return f'{{"value": {to_json(_evaluate(kind, text, data))}}}'
    except EvaluationError as error:
        return _error(error.message)


def _request(line: str) -> tuple[str, str, Any]:
    import json

    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"no JSON: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("expr"), str):
        raise UsageError('a line is an object with "kind", "expr" and "data"')
    kind = found.get("kind", "yaql")
    if kind not in _KINDS:
        raise UsageError(f'"kind" is {" or ".join(_KINDS)}, not {kind!r}')
    return kind, found["expr"], found.get("data")


_KINDS = ("yaql", "orquesta", "chain")


def _evaluate(kind: str, text: str, data: Any) -> Any:
    from st2lang.evaluation import evaluate_yaql, render, render_chain
    from st2lang.evaluation.context import scope_from

    if kind == "yaql":
        return evaluate_yaql(text, data, names={"data": data})
    scope = scope_from(data if isinstance(data, dict) else {})
    return render(text, scope) if kind == "orquesta" else render_chain(text, scope)


def _error(message: str) -> str:
    import json

    return json.dumps({"error": message}, ensure_ascii=False)
