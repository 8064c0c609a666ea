"""The expressions inside a string: `<% YAQL %>` and `{{ Jinja }}` / `{% blocks %}`.

Finds them as the engines do and parses each in place. Orquesta (orquesta/expressions/{yql,jinja}.py)
looks for the shortest `<% … %>`, `{{ … }}` and `{% … %}` on one line. A Jinja text without blocks it
takes apart, one `{{ … }}` after the other; with blocks it is one template, as in an ActionChain.
Offsets count characters of the string; `Scalar.locate` maps them to the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.patterns import lazy
from st2lang.record import record
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.expressions import jinja_ast, yaql_ast

_YAQL = lazy(r"<%.*?%>")
_YAQL_LINES = lazy(r"<%(?:(?!<%|%>).)*%>", re.DOTALL)
_JINJA_INLINE = lazy(r"\{\{.*?\}\}")
_JINJA_BLOCK = lazy(r"\{%.*?%\}")


@record
class Embedded:
    """One expression in a string.

    `start:end` covers the delimiters; the tree's own spans count from `base`. `node` is None exactly
    when `error` says why. A Jinja node is always a `Template`: of one `{{ … }}`, or of the whole string
    where it is rendered as a whole. `inert` marks text that looks like an expression but that Orquesta
    leaves as it is, because it does not look across line breaks.
    """

    language: str
    start: int
    end: int
    base: int
    node: yaql_ast.Node | jinja_ast.Template | None
    error: ExpressionSyntaxError | None = None
    inert: bool = False

    @property
    def yaql(self) -> yaql_ast.Node:
        """The tree of what is YAQL and could be parsed."""
        return cast("yaql_ast.Node", self.node)

    @property
    def jinja(self) -> jinja_ast.Template:
        """The tree of what is Jinja and could be parsed."""
        return cast("jinja_ast.Template", self.node)


@record
class Text:
    """A string with the expressions in it, in their order. `mixed`: both languages, which no engine
    evaluates."""

    text: str
    expressions: tuple[Embedded, ...]
    mixed: bool = False

    @property
    def whole(self) -> bool:
        """True when the string is one single expression, so that its value keeps its type.

        A space or a line break beside the expression is enough to make it text.
        """
        if len(self.expressions) != 1:
            return False
        only = self.expressions[0]
        if only.inert or (only.start, only.end) != (0, len(self.text)):
            return False
        if only.language == "yaql" or only.node is None:
            return True
        from st2lang.expressions.jinja_ast import Output, Template

        match only.node:
            case Template(body=(Output(span=span),)):
                return (only.base + span.start, only.base + span.end) == (0, len(self.text))
            case _:
                return False


def scan(text: str, yaql: bool = True) -> Text:
    """Find and parse the expressions of a string. With `yaql=False` (ActionChain) only Jinja counts."""
    if "<%" not in text and "{{" not in text and "{%" not in text and "{#" not in text:
        return Text(text, ())
    return _scan_orquesta(text) if yaql else _scan_chain(text)


@lru_cache(maxsize=8192)
def _scan_orquesta(text: str) -> Text:
    yaql = tuple(_yaql(text)) if "<%" in text else ()
    jinja = tuple(_jinja(text)) if "{{" in text or "{%" in text else ()
    mixed = any(not e.inert for e in yaql) and any(not e.inert for e in jinja)
    if not (yaql and jinja):
        return Text(text, yaql or jinja)
    found = sorted((*yaql, *jinja), key=lambda e: e.inert)
    return Text(text, tuple(sorted(_apart(found), key=lambda e: e.start)), mixed)


def _apart(found: list[Embedded]) -> Iterator[Embedded]:
    """Without the inert text that another language's expression goes over; live ones come first."""
    taken: list[Embedded] = []
    for e in found:
        if not (e.inert and any(e.start < other.end and other.start < e.end for other in taken)):
            taken.append(e)
            yield e


@lru_cache(maxsize=8192)
def _scan_chain(text: str) -> Text:
    if "{{" not in text and "{%" not in text and "{#" not in text:
        return Text(text, ())
    return Text(text, (_template(text),))


def _yaql(text: str) -> Iterator[Embedded]:
    """What stands on one line, and between that what goes over several."""
    end = 0
    for match in _YAQL.finditer(text):
        yield from _inert_yaql(text, end, match.start())
        yield _one_yaql(match[0], match.start())
        end = match.end()
    yield from _inert_yaql(text, end, len(text))


def _inert_yaql(text: str, start: int, end: int) -> Iterator[Embedded]:
    if "\n" in text[start:end]:
        for match in _YAQL_LINES.finditer(text, start, end):
            yield _one_yaql(match[0], match.start(), inert=True)


def _one_yaql(written: str, start: int, inert: bool = False) -> Embedded:
    from st2lang.expressions import yaql

    body, base = _without_delimiters(written, "<%>", start)
    result = yaql.parse(body)
    if isinstance(result, ExpressionSyntaxError):
        return Embedded("yaql", start, start + len(written), base, None, result, inert)
    return Embedded("yaql", start, start + len(written), base, result, None, inert)


def _without_delimiters(written: str, delimiters: str, start: int) -> tuple[str, int]:
    """What Orquesta cuts off: any of the delimiters' characters and spaces around, in this order."""
    inner = written.lstrip(delimiters)
    body = inner.lstrip()
    base = start + len(written) - len(body)
    return body.rstrip(delimiters).rstrip(), base


def _jinja(text: str) -> Iterator[Embedded]:
    """Jinja as Orquesta finds it."""
    inline = list(_JINJA_INLINE.finditer(text)) if "{{" in text else []
    block = "{%" in text and _JINJA_BLOCK.search(text) is not None
    template = _template(text)
    if template.node is None or block:
        if inline or block:
            yield next(filter(None, map(_unknown_trim, inline)), template)
        return
    end = 0
    for match in inline:
        yield from _inert_jinja(template, end, match.start())
        yield _one_jinja(match)
        end = match.end()
    yield from _inert_jinja(template, end, len(text))


def _template(text: str) -> Embedded:
    from st2lang.expressions import jinja

    result = jinja.parse_template(text)
    if isinstance(result, ExpressionSyntaxError):
        return Embedded("jinja", 0, len(text), 0, None, result)
    return Embedded("jinja", 0, len(text), 0, result)


def _one_jinja(match: re.Match[str]) -> Embedded:
    from st2lang.expressions import jinja
    from st2lang.expressions.jinja_ast import Output, Template

    trim = _unknown_trim(match)
    if trim is not None:
        return trim
    start, end = match.span()
    body, base = _without_delimiters(match[0], "{}", start)
    result = jinja.parse_expression(body)
    if isinstance(result, ExpressionSyntaxError):
        return Embedded("jinja", start, end, base, None, _early_end(result))
    span = Span(start - base, end - base)
    return Embedded("jinja", start, end, base, Template((Output((result,), span),), span))


def _early_end(error: ExpressionSyntaxError) -> ExpressionSyntaxError:
    """The same error with a hint: Jinja itself has accepted the text, so `}}` has cut it short."""
    help = (
        error.help or "Orquesta ends an expression at the first `}}`: put a space between the two."
    )
    return ExpressionSyntaxError(error.span, error.message, error.expected, error.found, help)


def _unknown_trim(match: re.Match[str]) -> Embedded | None:
    """`-}}` is an error: to Orquesta the dash belongs to the expression."""
    if match[0][-3] not in "-+":
        return None
    at = match.end() - 3
    error = ExpressionSyntaxError(
        Span(0, 1),
        f"unexpected `{match[0][-3]}` before `}}}}`: Orquesta does not know whitespace control here",
        found=match[0][-3],
        help="Leave the dash out; YAML's `>-` and `|-` drop a line break at the end.",
    )
    return Embedded("jinja", match.start(), match.end(), at, None, error)


def _inert_jinja(template: Embedded, start: int, end: int) -> Iterator[Embedded]:
    """The outputs of a template that stand in a part of the text where Orquesta has found nothing."""
    from st2lang.expressions.jinja_ast import Output, Template

    assert isinstance(template.node, Template)
    for node in template.node.body:
        if isinstance(node, Output) and start <= node.span.start and node.span.end <= end:
            only = Template((node,), node.span)
            yield Embedded("jinja", *node.span, 0, only, inert=True)
