"""An expression calls a function or a method that does not exist.

The expression fails when it is evaluated, and with it the task or the workflow (“Unknown function”, in
Jinja “is undefined”). Orquesta's own inspection does not look at names of functions, so this is found only
when the workflow comes to that place.

What exists depends on the language:

- YAQL in Orquesta has the standard library of the `yaql` package and the functions of Orquesta and
  StackStorm. Some are functions (`str(x)`), some are methods (`x.first()`), some are both.
- Jinja in Orquesta has Jinja's own few functions (`range`, `dict` …) and those of Orquesta and StackStorm.
  Methods are Python's methods of strings, lists and dicts.
- Jinja in an ActionChain has Jinja's functions only: `ctx()`, `result()` and `st2kv()` do not exist there.

Functions that the expression defines itself (`def` in YAQL, macros in Jinja) are known. A method in Jinja
is reported only where the type of the value before the dot is certain.

## Bad

```yaml
version: 1.0
input:
  - names
tasks:
  greet:
    action: core.echo
    input:
      message: <% ctx().names.uppercase() %>
```

```yaml
version: 1.0
input:
  - count
tasks:
  greet:
    action: core.echo
    input:
      message: <% string(ctx().count) %>
```

## Good

```yaml
version: 1.0
input:
  - name
  - count
tasks:
  greet:
    action: core.echo
    input:
      message: <% ctx().name.toUpper() + str(ctx().count) %>
```
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from st2lang import functions
from st2lang.calls import Found, calls
from st2lang.checks import Check
from st2lang.checks._names import replacement
from st2lang.document import Document
from st2lang.functions.calls import NOT_A_METHOD, ONLY_A_METHOD
from st2lang.functions.record import Kind
from st2lang.problem import Problem, Severity

if TYPE_CHECKING:
    from st2lang.expressions import jinja_ast
    from st2lang.expressions.embedded import Embedded
    from st2lang.inference import Inference
    from st2lang.source import Span
    from st2lang.symbols import Place

_STYLE = (NOT_A_METHOD, ONLY_A_METHOD)
_WORDS = {
    "yaql": "YAQL",
    "jinja": "Jinja in Orquesta",
    "jinja-chain": "Jinja in an ActionChain",
}
_SYNONYMS = {
    "yaql": {
        "boolean": "bool",
        "from_json": "from_json_string",
        "has_key": "containsKey",
        "integer": "int",
        "length": "len",
        "lower": "toLower",
        "lowercase": "toLower",
        "size": "len",
        "sort": "orderBy",
        "string": "str",
        "strip": "trim",
        "to_json": "to_json_string",
        "tojson": "to_json_string",
        "upper": "toUpper",
        "uppercase": "toUpper",
    },
}
"""What people call it in other languages."""

_FILTERS = {"len": "length", "str": "string"}
"""Python's functions that are filters under another name in Jinja."""


def run(document: Document) -> Iterator[Problem]:
    """Calls of what is not there."""
    for found in calls(document, Kind.FUNCTION):
        if not found.site.defined:
            yield from _function(found)
    if any(e.language == "jinja" for p in document.places for e in p.text.expressions):
        yield from _methods(document)


def _function(found: Found) -> Iterator[Problem]:
    site = found.site
    if found.function is None:
        if site.name == "st2kv" and found.language == "jinja-chain":
            return  # `st2kv-attribute` knows better
        yield _unknown(found)
        return
    for problem in found.misfits:
        if problem.reason in _STYLE:
            yield CHECK.problem(problem.message, found.span(site.name_span), found.place.path)


def _unknown(found: Found) -> Problem:
    site, language = found.site, found.language
    word = "method" if site.method else "function"
    guess = _SYNONYMS.get(language, {}).get(site.name) or functions.suggest(language, site.name)
    message = f"{_WORDS[language]} has no {word} `{site.name}`"
    fits = guess is not None and _is_called(language, guess, site.method)
    if fits:
        message += f"; did you mean `{guess}`?"
    elif guess is not None:
        other = f"{guess}(value)" if site.method else f"value.{guess}()"
        message += f"; did you mean `{other}`?"
    return CHECK.problem(
        message,
        found.span(site.name_span),
        found.place.path,
        help="" if guess else _advice(language, site.name),
        fix=replacement(found, guess) if fits else None,
    )


def _is_called(language: str, name: str, method: bool) -> bool:
    """True when something of that name is called in this way."""
    record = functions.lookup(language, name)
    return record is not None and any(
        s.as_method if method else s.as_function for s in record.signatures
    )


def _advice(language: str, name: str) -> str:
    if language == "yaql":
        return ""
    other = _FILTERS.get(name, name)
    if functions.lookup(language, other, Kind.FILTER):
        return f"There is a filter for it: `value | {other}`."
    if language == "jinja-chain" and functions.lookup("jinja", name):
        return "Only Orquesta has it. In an ActionChain parameters and results are plain names."
    return ""


def _methods(document: Document) -> Iterator[Problem]:
    from st2lang.inference import Inference

    inference = Inference.of(document)
    for place in document.places:
        if "." in place.text.text and "(" in place.text.text:
            for embedded, base, name, span in _called(place.text.text, place.orquesta):
                yield from _method(inference, place, embedded, base, name, span)


@lru_cache(maxsize=8192)
def _called(written: str, orquesta: bool) -> tuple[tuple[Embedded, jinja_ast.Node, str, Span], ...]:
    """What looks like the call of a method in the Jinja of a string, with what it is called on."""
    from st2lang.expressions.embedded import scan
    from st2lang.expressions.jinja_ast import Attribute, Call, walk

    found = []
    for embedded in scan(written, orquesta).expressions:
        if embedded.language == "jinja" and embedded.node is not None and not embedded.inert:
            for node in walk(embedded.jinja):
                match node:
                    case Call(function=Attribute(base=base, name=name, name_span=span)):
                        found.append((embedded, base, name, span))
    return tuple(found)


def _method(
    inference: Inference,
    place: Place,
    embedded: Embedded,
    base: jinja_ast.Node,
    name: str,
    span: Span,
) -> Iterator[Problem]:
    from st2lang.inference.jinja import infer

    language = "jinja" if place.orquesta else "jinja-chain"
    kind = infer(base, language, inference.lookup(place.task))
    known = _python_methods(kind)
    if known and name not in known:
        from st2lang.suggest import did_you_mean

        yield CHECK.problem(
            f"a {kind} has no method `{name}` in Jinja{did_you_mean(name, known)}",
            place.span_of(embedded, span),
            place.path,
        )


def _python_methods(kind: object) -> tuple[str, ...]:
    """The methods of Python's type for a kind of value; none where the type is not certain."""
    from st2lang import types

    match kind:
        case types.STRING:
            return tuple(dir(str))
        case types.List():
            return tuple(dir(list))
        case _:
            return ()


CHECK = Check(
    "unknown-function",
    Severity.ERROR,
    "An expression calls a function or a method that does not exist.",
    run,
)
