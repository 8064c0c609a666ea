"""Things in words: the Markdown that hover and completion show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from st2lang import types
from st2lang.catalog.models import mapping, text
from st2lang.functions.record import Example, Function
from st2lang.query.results import inference, type_of
from st2lang.query.words import CHAIN_CONTEXT, COMMANDS
from st2lang.types import ANY, Type

if TYPE_CHECKING:
    from st2lang.catalog import Action, Parameter
    from st2lang.dialects.model import Task, Value
    from st2lang.document import Document
    from st2lang.query.variables import Source

MASK = "••••••"
_MOST = 12
"""How many lines a list has in a description."""

_LONG = 80


def one_line(value: object) -> str:
    """A value as JSON, shortened."""
    try:
        shown = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        shown = str(value)
    return shown if len(shown) <= _LONG else f"{shown[: _LONG - 1]}…"


def code(value: str) -> str:
    """Text as inline code, whatever backticks and line breaks it has."""
    flat = " ".join(value.split())
    fence = "``" if "`" in flat else "`"
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}"


def paragraphs(parts: Iterable[str]) -> str:
    """Markdown of several blocks, the empty ones left out."""
    return "\n\n".join(part for part in parts if part)


# -- functions -----------------------------------------------------------------------------------


def function(record: Function) -> str:
    """Signatures, what it does, examples."""
    return paragraphs(["\n".join(["```text", *record.forms, "```"]), function_text(record)])


def function_text(record: Function) -> str:
    """What a function does, with examples."""
    return paragraphs(
        [
            record.doc,
            f"Since StackStorm {record.since}." if record.since else "",
            f"**Deprecated:** {record.deprecated}" if record.deprecated else "",
            "\n".join(map(_example, record.examples[:3])),
        ]
    )


def _example(example: Example) -> str:
    line = f"- {code(example.expression)} gives {code(_result(example.result))}"
    return line if example.data is None else f"{line} for {code(_result(example.data))}"


def _result(value: object) -> str:
    return one_line(sorted(value) if isinstance(value, set) else value)


# -- actions -------------------------------------------------------------------------------------


def parameter_type(parameter: Parameter) -> str:
    """The types of a parameter in words."""
    return " or ".join(parameter.types) or "any type"


def parameter_detail(parameter: Parameter) -> str:
    """Type, required, default, in one line."""
    kind = parameter_type(parameter)
    if parameter.must_be_given:
        return f"{kind}, required"
    if parameter.has_default and parameter.default is not None:
        return f"{kind} = {default_of(parameter)}"
    return kind


def default_of(parameter: Parameter) -> str:
    """The default as text; masked for secrets."""
    return MASK if parameter.secret else one_line(parameter.default)


def parameter_text(parameter: Parameter, action: Action | None = None) -> str:
    """Everything about one parameter."""
    facts = [parameter_type(parameter)]
    if parameter.must_be_given:
        facts.append("required")
    if parameter.secret:
        facts.append("secret")
    if parameter.immutable:
        facts.append("immutable")
    if action is not None and parameter.name not in action.parameters:
        facts.append(f"of the runner `{action.runner_type}`")
    lines = [f"**{parameter.name}**: {', '.join(facts)}", parameter.description]
    if parameter.enum is not None:
        shown = [code(one_line(value)) for value in parameter.enum[:_MOST]]
        lines.append(f"One of {', '.join(shown)}{', …' if len(parameter.enum) > _MOST else ''}.")
    if parameter.has_default and parameter.default is not None:
        lines.append(f"Default: {code(default_of(parameter))}")
    return paragraphs(lines)


def action(found: Action, path: str = "") -> str:
    """Its metadata: description, runner, parameters."""
    runner = found.runner
    head = f"**{found.ref}**"
    facts = [f"runner `{found.runner_type}`" if found.runner_type else ""]
    if found.entry_point:
        facts.append(f"runs `{found.entry_point}`")
    if not found.enabled:
        facts.append("**disabled**")
    if runner is not None and runner.removed:
        facts.append(f"its runner was removed in StackStorm {runner.removed}")
    where = f"Defined in `{path or found.path}`." if found.path else "Part of StackStorm."
    return paragraphs(
        [
            head,
            found.description,
            " · ".join(fact for fact in facts if fact),
            _table(found),
            _output(found),
            where,
        ]
    )


def _table(found: Action) -> str:
    known = found.all_parameters
    names = [n for n, p in known.items() if p.must_be_given or n in found.parameters]
    names.sort(key=lambda name: not known[name].must_be_given)
    rows = ["| parameter | type | |", "|---|---|---|"]
    for name in names[:_MOST]:
        parameter = known[name]
        if parameter.immutable and not parameter.description:
            continue
        about = [parameter.description]
        if parameter.must_be_given:
            about.insert(0, "**required**")
        elif parameter.has_default and parameter.default is not None:
            about.append(f"default {code(default_of(parameter))}")
        rows.append(f"| `{name}` | {parameter_type(parameter)} | {_cell(about)} |")
    if len(names) > _MOST:
        rows.append(f"| … | | {len(names) - _MOST} more |")
    return "\n".join(rows) if len(rows) > 2 else ""


def _cell(parts: Iterable[str]) -> str:
    return " ".join("; ".join(part for part in parts if part).split()).replace("|", "\\|")


def _output(found: Action) -> str:
    from st2lang.query.results import of_action

    properties = mapping(of_action(found).get("properties"))
    names = [code(name) for name in properties]
    return f"Result: {', '.join(names)}" if names else ""


# -- the workflow --------------------------------------------------------------------------------


def type_words(kind: Type) -> str:
    """A type as people read it, with the fields of a dict."""
    if isinstance(kind, types.Dict) and kind.fields:
        names = [name for name, _ in kind.fields]
        more = ", …" if len(names) > 6 or kind.value != types.NEVER else ""
        return f"dict with {', '.join(names[:6])}{more}"
    return str(kind)


def variable(document: Document, name: str, sources: Iterable[Source], note: str = "") -> str:
    """Its type, where it is set, an example."""
    kind = inference(document).variable(name)
    head = f"**{name}**" + (f": {type_words(kind)}" if kind != ANY else "")
    return paragraphs([head, note, "\n".join(_source_lines(document, sources))])


def _source_lines(document: Document, sources: Iterable[Source]) -> Iterator[str]:
    given = list(sources)
    for source in given[:_MOST]:
        place, value = "", ""
        if source.assignment is not None:
            line = document.source.position(source.assignment.name.span.start).line
            place = f" (line {line})"
            value = _written(document, source)
        elif source.kind == "parameter":
            value = " ".join(["", *(code(action.ref) for action in document.actions[:1])])
        yield f"- {source.words}{place}{value}"
    if len(given) > _MOST:
        yield f"- and {len(given) - _MOST} more"


def _written(document: Document, source: Source) -> str:
    value = source.assignment.value if source.assignment is not None else None
    shown = written(document, value) if value is not None else ""
    if not shown:
        return ""
    return f": `{MASK}`" if is_secret(document, source) else f": {shown}"


def written(document: Document, value: Value) -> str:
    """A value as it stands in the file, shortened, as code; "" for an empty one."""
    shown = " ".join(document.source.text[value.span.start : value.span.end].split())
    return code(shown if len(shown) <= _LONG else shown[: _LONG - 1] + "…") if shown else ""


def is_secret(document: Document, source: Source) -> bool:
    """Whether the action's metadata calls an input secret."""
    if source.kind not in ("input", "parameter") or source.assignment is None:
        return False
    name = source.assignment.name.text
    known = (action.parameters.get(name) for action in document.actions)
    return any(parameter is not None and parameter.secret for parameter in known)


def result(document: Document, task: Task) -> str:
    """What a task's result is, in one line."""
    kind = type_of(document, task)
    if task.items is not None:
        kind = types.List(kind)
    return "" if kind == ANY else f"Result: {type_words(kind)}"


def command(name: str) -> str:
    """An engine command."""
    return paragraphs([f"**{name}** (engine command)", COMMANDS[name]])


def given(name: str) -> str:
    """A name that the engine gives to every expression."""
    return paragraphs([f"**{name}**", CHAIN_CONTEXT.get(name, "Given by StackStorm.")])


def schema(found: object) -> str:
    """The description of a part of a result."""
    return text(mapping(found).get("description"))
