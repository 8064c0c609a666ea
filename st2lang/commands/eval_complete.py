"""What may stand at the cursor of `st2c eval`: keys that are there, methods that fit, functions, filters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from st2lang.functions.overload import Overload

_PATH = re.compile(
    r"""((?:\$\w*|\w+\(\s*(?:'\w*'|"\w*"|\w*)\s*\)|\w+)
    (?:\??\.\w+(?:\(\))?|\[\s*(?:-?\w+|'\w*'|"\w*")\s*\])*)\??\.\w*$""",
    re.VERBOSE,
)
"""`$.hosts[0].name.` and the like: the receiver of what is being typed."""

_KEY_ARGUMENT = re.compile(r"""\bctx\(\s*['"]?\w*$""")
_FILTER, _TEST = re.compile(r"\|\s*\w*$"), re.compile(r"\bis\s+(?:not\s+)?\w*$")
_UNKNOWN: Any = object()

Candidates = list[tuple[str, str]]


def candidates(before: str, word: str, context: Any, language: str | None) -> Candidates:
    """What begins with the word before the cursor, and what it is, as a word to show.

    `before` is the text up to the cursor, the word included; `context` the data; `language` what the
    conversation is in, None for YAQL.
    """
    table = _table(before, language)
    found = dict(_offered(before, context, table))
    return [(text, kind) for text, kind in found.items() if text.startswith(word)]


def _table(before: str, language: str | None) -> str:
    """The language at the cursor, which delimiters may change."""
    jinja = "jinja-chain" if language == "chain" else "jinja"
    opened = {before.rfind("<%"): "yaql", before.rfind("{{"): jinja, before.rfind("{%"): jinja}
    position = max(opened)
    if position >= 0:
        return opened[position]
    return jinja if language in ("jinja", "chain") else "yaql"


def _offered(before: str, context: Any, table: str) -> Iterator[tuple[str, str]]:
    from st2lang import functions
    from st2lang.functions import Kind

    if table != "yaql" and _FILTER.search(before):
        yield from _named(functions.names(table, Kind.FILTER), "filter")
    elif table != "yaql" and _TEST.search(before):
        yield from _named(functions.names(table, Kind.TEST), "test")
    elif _KEY_ARGUMENT.search(before):
        yield from _named(_keys(context), "variable")
    elif receiver := _PATH.search(before):
        value = _value(receiver[1], context, table)
        yield from _named(_keys(value), "key")
        if table == "yaql":
            yield from _named(_methods(value), "method")
    else:
        yield from _names(context, table)


def _names(context: Any, table: str) -> Iterator[tuple[str, str]]:
    """What an expression may begin with."""
    from st2lang import functions

    if table == "yaql":
        yield from _named(("$", "$data"), "data")
    if table == "jinja-chain":
        yield from _named(_keys(context), "variable")
    for name in functions.names(table):
        record = functions.lookup(table, name)
        if record and any(form.as_function for form in record.signatures):
            yield name, "function"


def _named(names: Iterable[str], kind: str) -> Iterator[tuple[str, str]]:
    return ((name, kind) for name in names)


def _value(expression: str, context: Any, table: str) -> Any:
    """What stands before a dot, or a mark for what cannot be told."""
    from st2lang.commands.eval import evaluate
    from st2lang.evaluation import EvaluationError

    try:
        if table == "jinja-chain":
            return _chain_value(expression, context)
        written = f"{{{{ {expression} }}}}" if table == "jinja" else expression
        return evaluate(written, context, None)
    except EvaluationError:
        return _UNKNOWN


def _chain_value(expression: str, context: Any) -> Any:
    """The value itself, not its text as in the chain."""
    from st2lang.evaluation import Scope
    from st2lang.evaluation.sandbox import Program
    from st2lang.functions.values import Run

    scope = Scope(context if isinstance(context, dict) else None)
    try:
        return Program(expression, expression=True, workflow=False).run(Run(scope))
    except Exception:  # whatever jinja2 raises for half an expression
        return _UNKNOWN


def _keys(value: Any) -> list[str]:
    """The keys of a dict, or of the dicts in a list, that may be written after a dot."""
    if isinstance(value, list):
        return list(dict.fromkeys(key for item in value for key in _keys(item)))
    if not isinstance(value, Mapping):
        return []
    return [
        key
        for key in value
        if isinstance(key, str) and key.isidentifier() and not key.startswith("__")
    ]


def _methods(value: Any) -> list[str]:
    """The methods of YAQL that take such a value; all of them where that is not known."""
    from st2lang.functions import implementations
    from st2lang.functions.values import freeze

    kind = type(freeze(value))

    def fits(overload: Overload) -> bool:
        receiver = overload.parameters[0].takes if overload.parameters else overload.rest
        takes = value is _UNKNOWN or (receiver is not None and receiver.takes(kind))
        return overload.as_method and takes

    known = implementations("yaql")
    return [name for name in sorted(known) if any(map(fits, known[name]))]
