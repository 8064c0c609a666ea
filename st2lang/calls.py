"""Every call of a function, filter or test in the expressions of a workflow, in one form for both
languages, so that the checks of calls need not know how each language writes them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from st2lang.functions.record import Function, Kind
from st2lang.record import record
from st2lang.source import Span
from st2lang.symbols import Place
from st2lang.types import ANY, Type

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.expressions import jinja_ast, yaql_ast
    from st2lang.expressions.embedded import Embedded
    from st2lang.functions.calls import CallProblem

    AnyNode = yaql_ast.Node | jinja_ast.Node

_DEFINES = frozenset({"def"})
"""YAQL functions whose first argument is the name of a new function."""


@record
class Site:
    """One call. Spans count from the base of the expression that it stands in.

    `receiver` is what a method, filter or test is called on. `keywords` are the named arguments;
    `spread` means that Jinja's `*args` makes their number unknown. `defined` tells that the expression
    itself defines the name (a macro, a loop variable, YAQL's `def`).
    """

    kind: Kind
    name: str
    name_span: Span
    span: Span
    arguments: tuple[AnyNode | None, ...] = ()
    keywords: tuple[tuple[str, AnyNode, Span], ...] = ()
    receiver: AnyNode | None = None
    method: bool = False
    spread: bool = False
    defined: bool = False


_Call: TypeAlias = "tuple[Site, Function | None, tuple[CallProblem, ...]]"


@record
class Found:
    """A call with the place where it stands; `language` is the table of functions that applies.

    `function` is the record of what is called, None when there is none of that name and kind; `misfits` are
    the reasons why none of its overloads takes the call, whatever the receiver is.
    """

    site: Site
    place: Place
    embedded: Embedded
    language: str
    function: Function | None
    misfits: tuple[CallProblem, ...]

    def span(self, span: Span) -> Span:
        """The place in the file of a span of the expression."""
        return self.place.span_of(self.embedded, span)


def calls(document: Document, kind: Kind | None = None) -> Iterator[Found]:
    """Every call (of one kind) in the document's expressions, in the order of the text. What no engine
    evaluates has none."""
    for place in document.places:
        for embedded, language, sites in _sites(place.text.text, place.orquesta):
            for site, function, misfits in sites:
                if kind is None or site.kind is kind:
                    yield Found(site, place, embedded, language, function, misfits)


@lru_cache(maxsize=8192)
def _sites(written: str, orquesta: bool) -> tuple[tuple[Embedded, str, tuple[_Call, ...]], ...]:
    """The expressions of a string with their languages and calls. Several checks ask for the same ones."""
    from st2lang.expressions.embedded import scan
    from st2lang.functions import lookup

    text = scan(written, orquesta)
    found = []
    for embedded in () if text.mixed else text.expressions:
        if embedded.node is None or embedded.inert:
            continue
        if embedded.language == "yaql":
            sites, language = yaql_sites(embedded.yaql), "yaql"
        else:
            sites = jinja_sites(embedded.jinja)
            language = "jinja" if orquesta else "jinja-chain"
        known = [
            (site, lookup(language, site.name, site.kind), _misfits_of(site, language, ANY))
            for site in sites
        ]
        found.append((embedded, language, tuple(known)))
    return tuple(found)


def misfits(found: Found, receiver: Type) -> tuple[CallProblem, ...]:
    """Why no overload of what is called takes the call; nothing for what is unknown or takes it.

    `receiver` is what is known of the type of the value that a method is called on.
    """
    return _misfits_of(found.site, found.language, receiver)


def _misfits_of(site: Site, language: str, receiver: Type) -> tuple[CallProblem, ...]:
    if site.defined:
        return ()
    keywords = tuple(name for name, _, _ in site.keywords)
    return _misfits(
        language,
        site.kind,
        site.name,
        len(site.arguments),
        keywords,
        site.method,
        site.spread,
        receiver,
    )


@lru_cache(maxsize=4096)
def _misfits(
    language: str,
    kind: Kind,
    name: str,
    positional: int,
    keywords: tuple[str, ...],
    method: bool,
    spread: bool,
    receiver: Type,
) -> tuple[CallProblem, ...]:
    from st2lang.functions import lookup
    from st2lang.functions.calls import check_call

    record = lookup(language, name, kind)
    if record is None:
        return ()
    return tuple(
        check_call(record, positional, keywords, method, receiver_type=receiver, spread=spread)
    )


def yaql_sites(node: yaql_ast.Node) -> Iterator[Site]:
    """The calls in a YAQL expression."""
    from st2lang.expressions.yaql_ast import Call, Keyword, Literal, Member, children

    own: set[str] = set()
    pending: list[tuple[yaql_ast.Node, yaql_ast.Node | None]] = [(node, None)]
    while pending:
        current, receiver = pending.pop()
        below: list[tuple[yaql_ast.Node, yaql_ast.Node | None]]
        below = [(child, None) for child in children(current)]
        match current:
            case Call(name=name, args=(Keyword(name=new) | Literal(value=str(new)), *_)) if (
                name in _DEFINES
            ):
                own.add(new)
            case Member(receiver=base, member=Call() as call):
                below = [(base, None), (call, base)]
        if isinstance(current, Call):
            yield _yaql_site(current, receiver, current.name in own)
        pending.extend(reversed(below))


def _yaql_site(call: yaql_ast.Call, receiver: yaql_ast.Node | None, defined: bool) -> Site:
    from st2lang.expressions.yaql_ast import Keyword, NamedArgument

    positional: list[yaql_ast.Node | None] = []
    keywords = []
    for argument in call.args:
        match argument:
            case NamedArgument(name=Keyword(name=name, span=span), value=value):
                keywords.append((name, value, span))
            case _:
                positional.append(argument)
    return Site(
        Kind.FUNCTION,
        call.name,
        call.name_span,
        call.span,
        tuple(positional),
        tuple(keywords),
        receiver,
        method=receiver is not None,
        defined=defined,
    )


def jinja_sites(node: jinja_ast.Node) -> Iterator[Site]:
    """The calls, filters and tests in a Jinja template. Calls of methods are left out: they are
    Python's."""
    from st2lang.expressions.jinja_ast import Call, Filter, Name, Test, walk

    own: frozenset[str] | None = None
    for current in walk(node):
        match current:
            case Call(function=Name(name=name, span=name_span)):
                own = _names_of(node) if own is None else own
                arguments = current.arguments
                yield _jinja_site(Kind.FUNCTION, current, name, name_span, arguments, name in own)
            case Filter(name=name, arguments=arguments, name_span=name_span):
                yield _jinja_site(Kind.FILTER, current, name, name_span, arguments)
            case Test(name=name, arguments=arguments, name_span=name_span):
                yield _jinja_site(Kind.TEST, current, name, name_span, arguments)


def _names_of(template: jinja_ast.Node) -> frozenset[str]:
    """The names that a template binds anywhere, and those that its statements have by themselves."""
    from st2lang.expressions.jinja_ast import walk

    statements = [n for n in walk(template) if type(n).__module__.endswith("jinja_statements")]
    names = {"loop", "caller", "varargs", "kwargs", "self", "super"} if statements else set()
    if statements:
        from st2lang.expressions.jinja_statements import names_inside, names_set

        for statement in statements:
            names.update(n.name for n in (*names_set(statement), *names_inside(statement)))
    return frozenset(names)


def _jinja_site(
    kind: Kind,
    node: jinja_ast.Call | jinja_ast.Filter | jinja_ast.Test,
    name: str,
    name_span: Span,
    arguments: tuple[jinja_ast.Argument, ...],
    defined: bool = False,
) -> Site:
    return Site(
        kind,
        name,
        name_span,
        node.span,
        tuple(a.value for a in arguments if not a.name and not a.stars),
        tuple((a.name, a.value, a.name_span or a.span) for a in arguments if a.name),
        getattr(node, "base", None),
        method=kind is not Kind.FUNCTION,
        spread=any(a.stars for a in arguments),
        defined=defined,
    )
