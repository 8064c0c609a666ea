"""What the expressions of a string name, without regard to the workflow around it.

While a file is typed, nearly all of its strings stay as they are: the facts about a string are remembered by
its text, and only what has changed is gone through again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, cast

from st2lang.calls import jinja_sites, yaql_sites
from st2lang.expressions import jinja_ast, yaql_ast
from st2lang.expressions.embedded import Embedded, Text, scan
from st2lang.query import _dotted, _locals, _loose
from st2lang.query.segments import Segment, segments, tree
from st2lang.symbols import Use, jinja, yaql


class Fact(NamedTuple):
    """A name in a string, `start:end` being its characters.

    Of `use`, `table` and `binder` one is set: what is used of the workflow, the table that a function is
    looked up in, the expression that binds a local name (`defines` where it does). A use with `item` is one
    only where the task names its items so.
    """

    name: str
    start: int
    end: int
    use: Use | None = None
    table: str = ""
    binder: str = ""
    defines: bool = False
    item: bool = False


@lru_cache(maxsize=8192)
def facts(text: str, orquesta: bool) -> tuple[Fact, ...]:
    """The names in the expressions of a string: of those that parse, of parts that do by themselves, and
    what can be recognised in half-typed ones."""
    scanned = scan(text, orquesta)
    found: list[Fact] = []
    for at, embedded in enumerate(scanned.expressions):
        if embedded.node is not None:
            found += _in_expression(embedded, str(at), orquesta)
    for at, segment in enumerate(segments(text, orquesta)):
        if not _is_parsed(scanned, segment):
            alone = tree(text, segment)
            if alone is not None:
                found += _in_expression(alone, f"{at}+", orquesta)
            else:
                found += _half_typed(text, segment, orquesta)
    return tuple(found)


def _is_parsed(text: Text, segment: Segment) -> bool:
    return any(e.node is not None and e.start <= segment.start < e.end for e in text.expressions)


def _in_expression(embedded: Embedded, binder: str, orquesta: bool) -> Iterator[Fact]:
    node, base = embedded.node, embedded.base
    if embedded.language == "yaql":
        tree = cast("yaql_ast.Node", node)
        found, sites, language = yaql.uses(tree), yaql_sites(tree), "yaql"
    else:
        template = cast("jinja_ast.Template", node)
        found, sites = jinja.uses(template, orquesta), jinja_sites(template)
        language = "jinja" if orquesta else "jinja-chain"
    for use, name, span, _ in found:
        if name:  # of `$.name` the name alone
            start = span.end - len(name) if use is Use.NAME else span.start
            yield Fact(name, base + start, base + span.end, use)
    for site in sites:
        if not site.defined:
            start, end = site.name_span
            table = f"{language} {site.kind.value}"
            yield Fact(site.name, base + start, base + end, table=table)
    for use, name, span in _dotted.uses(embedded, orquesta):
        item = use is Use.ITEM
        yield Fact(name, base + span.start, base + span.end, use, item=item)
    for name, span, defines in _locals.names(embedded):
        yield Fact(name, base + span.start, base + span.end, binder=binder, defines=defines)


def _half_typed(text: str, segment: Segment, orquesta: bool) -> Iterator[Fact]:
    base, code = segment.base, text[segment.base : segment.stop]
    for use, name, span in _loose.uses(segment.language, code, orquesta):
        item = use is Use.ITEM
        yield Fact(name, base + span.start, base + span.end, use, item=item)
    for table, name, span in _loose.calls(segment.language, code, orquesta):
        yield Fact(name, base + span.start, base + span.end, table=table)
