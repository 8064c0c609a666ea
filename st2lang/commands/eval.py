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
  st2c eval --context context.yaml                        a prompt that completes with Tab
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
        help='evaluate {"kind": "yaql", "orquesta" or "chain", "expr": …, "data": …} line by line, '
        'and print {"value": …} or {"error": …} for each; - for the standard input',
    )


def run(args: argparse.Namespace) -> int:
    """Evaluate; see EPILOG for the exit codes."""
    if args.batch is not None:
        if args.expression is not None or args.context is not None:
            raise UsageError("--batch brings its own expressions and data")
        from st2lang.commands.eval_batch import answer_all

        return answer_all(args.batch)
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
    from st2lang.evaluation import EvaluationError, Scope, evaluate_yaql, render, render_chain
    from st2lang.evaluation.context import scope_from

    delimited = any(mark in text for mark in ("<%", "{{", "{%"))
    if isinstance(context, dict):
        scope = scope_from(context)
    elif delimited or language in ("jinja", "chain"):
        raise EvaluationError("the context is no dict: it has the variables by their names")
    else:
        scope = Scope()
    if language == "chain":
        return render_chain(text if delimited else f"{{{{ {text} }}}}", scope)
    if language == "jinja" and not delimited:
        return render(f"{{{{ {text} }}}}", scope)
    if delimited:
        return render(text, scope)
    return evaluate_yaql(text, context, scope, {"data": context})


def _context(name: str | None) -> Any:
    """What a file of JSON or YAML says; an empty dict for no file, and for an empty one."""
    if name is None:
        return {}
    import json

    text = _read(name)
    try:
        return json.loads(text)  # a hundred times faster than YAML
    except ValueError:
        found = _from_yaml(name, text)
    except RecursionError as error:
        raise UsageError(f"{name}: nested too deeply") from error
    return {} if found is None else found


def _from_yaml(name: str, text: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        reason = getattr(error, "problem", None) or str(error)
        raise UsageError(f"{place}: neither JSON nor YAML: {reason}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name}: cannot be read: {error}") from error


def _read(name: str) -> str:
    """The text of a file, or of the standard input for -."""
    try:
        if name == "-":
            return sys.stdin.read()
        with open(name, encoding="utf-8-sig") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read `{name}`: it is no UTF-8 text") from error
    except OSError as error:
        raise UsageError(f"cannot read `{os.path.normpath(name)}`: {error.strerror}") from error
