"""The datastore is read in the way of the other dialect.

In Orquesta `st2kv` is a function: `st2kv('system.region')`. Written as `st2kv.system.region` it fails when it
is evaluated, in YAQL as in Jinja, and Orquesta's own inspection does not notice.

In an ActionChain it is the other way round: `st2kv.system.region` is right (as in rules and in defaults of
action metadata), and `st2kv('system.region')` fails because nothing can be called there. An encrypted value
is read with the filter `decrypt_kv`.

## Bad

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo
    input:
      message: Hello <% st2kv.system.region %>
```

```yaml
chain:
  - name: greet
    ref: core.echo
    parameters:
      message: "Hello {{ st2kv('system.region') }}"
```

## Good

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo
    input:
      message: Hello <% st2kv('system.region') %>
```

```yaml
chain:
  - name: greet
    ref: core.echo
    parameters:
      message: "Hello {{ st2kv.system.region }}"
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.checks import Check
from st2lang.checks._names import written_as_read
from st2lang.document import Document
from st2lang.patterns import lazy
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.source import Span
from st2lang.symbols import Place
from st2lang.yaml import Style

if TYPE_CHECKING:
    from st2lang.expressions import jinja_ast, yaql_ast
    from st2lang.expressions.embedded import Embedded

_PATH = lazy(r"(?:system|user)(?:\.[A-Za-z_]\w*)+")


def run(document: Document) -> Iterator[Problem]:
    """Uses of `st2kv` that only the other dialect understands."""
    for place in document.places:
        if "st2kv" not in place.text.text or place.text.mixed:
            continue
        for embedded in place.text.expressions:
            if embedded.node is None or embedded.inert:
                continue
            if not place.orquesta:
                yield from _called(place, embedded)
            elif embedded.language == "yaql":
                yield from _attributes(place, embedded, _yaql_paths(embedded.yaql))
            else:
                yield from _attributes(place, embedded, _jinja_paths(embedded.jinja))


def _yaql_paths(node: yaql_ast.Node) -> Iterator[tuple[Span, str]]:
    """The longest `st2kv.a.b` chains: their spans and what follows `st2kv.`."""
    from st2lang.expressions.yaql_ast import Keyword, Member, walk

    seen = -1  # where the last chain began: its parts begin there too, and come behind it
    for current in walk(node):
        if isinstance(current, Member) and current.span.start != seen:
            seen = current.span.start
            names: list[str] = []
            base: yaql_ast.Node = current
            while isinstance(base, Member) and isinstance(base.member, Keyword):
                names.append(base.member.name)
                base = base.receiver
            if isinstance(base, Keyword) and base.name == "st2kv":
                yield current.span, ".".join(reversed(names))


def _jinja_paths(node: jinja_ast.Node) -> Iterator[tuple[Span, str]]:
    from st2lang.expressions.jinja_ast import Attribute, Name, walk

    seen = -1
    for current in walk(node):
        if isinstance(current, Attribute) and current.span.start != seen:
            seen = current.span.start
            names: list[str] = []
            base: jinja_ast.Node = current
            while isinstance(base, Attribute):
                names.append(base.name)
                base = base.base
            if isinstance(base, Name) and base.name == "st2kv":
                yield current.span, ".".join(reversed(names))


def _attributes(
    place: Place, embedded: Embedded, paths: Iterator[tuple[Span, str]]
) -> Iterator[Problem]:
    for span, path in paths:
        quote = '"' if place.piece.scalar.style is Style.SINGLE else "'"
        right = f"st2kv({quote}{path}{quote})"
        yield _problem(
            place,
            embedded,
            span,
            f"`st2kv` is a function in Orquesta: `st2kv.{path}` fails",
            right,
            safe=path.partition(".")[0] in ("system", "user"),
        )


def _called(place: Place, embedded: Embedded) -> Iterator[Problem]:
    from st2lang.expressions.jinja_ast import Argument, Call, Const, Name, walk

    for node in walk(embedded.jinja):
        match node:
            case Call(function=Name(name="st2kv"), arguments=arguments, span=span):
                match arguments:
                    case (Argument(value=Const(value=str(path)), name=None, stars=""),):
                        right = f"st2kv.{path}" if _PATH.fullmatch(path) else ""
                    case _:
                        right = ""
                message = "`st2kv` is no function in an ActionChain: calling it fails"
                yield _problem(place, embedded, span, message, right, safe=True)


def _problem(
    place: Place, embedded: Embedded, span: Span, message: str, right: str, *, safe: bool
) -> Problem:
    start, end = embedded.base + span.start, embedded.base + span.end
    source = written_as_read(place, start, end)
    quoted = place.piece.scalar.style in (Style.DOUBLE, Style.SINGLE) or place.piece.start > 0
    clean = place.piece.scalar.style.value not in right or not quoted
    fix = None
    if source is not None and right and clean:
        fix = Fix(f"Write `{right}`", (Edit(source, right),), safe=safe)
    return CHECK.problem(
        message,
        place.locate(start, end),
        place.path,
        help=f"Write `{right}`." if right else "Write `st2kv.system.name`.",
        fix=fix,
    )


CHECK = Check(
    "st2kv-attribute",
    Severity.ERROR,
    "The datastore is read in the way of the other dialect.",
    run,
)
