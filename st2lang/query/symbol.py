"""What is named in a file, and every place where the name stands.

A `Symbol` is the identity of a named thing: two occurrences mean the same thing exactly when their symbols
are equal. An `Occurrence` is one place where it is written, in the YAML or in an expression of either
language. What writes names is told apart in `written` (the YAML) and `used` (the expressions).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING

from st2lang.problem import SpecPath
from st2lang.query._memo import per_document
from st2lang.record import field, record
from st2lang.source import Span
from st2lang.yaml import Scalar

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.symbols import Place


class Kind(Enum):
    """What a name names; the value is how a message calls it.

    `COMMAND` is an engine command in `do` (`fail`), `ENGINE` a name that the ActionChain runner gives to
    every expression (`action_context`), `LOCAL` a name that an expression binds itself. A `PARAMETER` is
    one of an action: in its metadata, where a task passes it, where a rule does. In an Orquesta
    workflow the same thing is a `VARIABLE` from `input` on; `family` knows that they belong together.
    """

    TASK = "task"
    COMMAND = "engine command"
    VARIABLE = "variable"
    ENGINE = "engine variable"
    OUTPUT = "output"
    ITEM = "item"
    PARAMETER = "parameter"
    ACTION = "action"
    KEY = "datastore key"
    FUNCTION = "function"
    LOCAL = "local name"


class Access(Enum):
    """What an occurrence does with the thing.

    `DEFINE` brings it into being (a task, an input, an item's name), `WRITE` gives it a value (a publish, a
    parameter that is passed), `READ` is everything else.
    """

    DEFINE = "define"
    WRITE = "write"
    READ = "read"


@record
class Symbol:
    """The identity of a named thing in one file.

    `owner` tells things of the same name apart: the task of an item, the reference of the action that has
    a parameter, the table of functions (`yaql function`), the expression that binds a local name.
    """

    kind: Kind
    name: str
    owner: str = ""


@record
class Occurrence:
    """One place where a named thing is written.

    `span` is the name itself in the file, quotes left out. `scalar` is the YAML scalar that it stands in, and
    `start:end` the decoded characters of the name in it. `extent` is all of what a definition defines (a
    task with its body), else the name. `place` is the string with expressions, for uses in one.
    """

    symbol: Symbol
    span: Span
    access: Access
    scalar: Scalar = field(compare=False)
    start: int
    end: int
    path: SpecPath = ()
    extent: Span = field(compare=False, default=Span(0, 0))
    place: Place | None = field(compare=False, default=None)


@per_document
def occurrences(document: Document) -> tuple[Occurrence, ...]:
    """Every occurrence of every named thing in a file, in the order of the text, each span once.

    What an alias brings to several places is written once and counts once, as what the first of them
    makes of it.
    """
    return _each_once(_all(document))


def _each_once(names: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    found: dict[tuple[Span, Kind], Occurrence] = {}
    for occurrence in names:
        found.setdefault((occurrence.span, occurrence.symbol.kind), occurrence)
    return tuple(sorted(found.values(), key=lambda o: (o.span, o.symbol.kind.value)))


@per_document
def _all(document: Document) -> tuple[Occurrence, ...]:
    return tuple(_names(document))


def _names(document: Document) -> Iterator[Occurrence]:
    from st2lang.query import rehearsals, used, written

    yield from written.names(document)
    yield from used.names(document)
    yield from rehearsals.names(document)


def ahead(document: Document) -> Iterator[None]:
    """Find all names of a file a few at a time, so that whoever asks for them later has them at once."""
    found = []
    for number, occurrence in enumerate(_names(document)):
        found.append(occurrence)
        if number % 50 == 49:
            yield
    _all.remember(document, tuple(found))
    yield
    occurrences(document)
    yield
    by_symbol(document)


@per_document
def by_symbol(document: Document) -> dict[Symbol, tuple[Occurrence, ...]]:
    """The occurrences in a file by what they name."""
    found: dict[Symbol, list[Occurrence]] = {}
    for occurrence in occurrences(document):
        found.setdefault(occurrence.symbol, []).append(occurrence)
    return {symbol: tuple(named) for symbol, named in found.items()}


@per_document
def shared(document: Document) -> frozenset[Span]:
    """The places that an alias makes several things of."""
    first: dict[tuple[Span, Kind], Symbol] = {}
    return frozenset(
        o.span
        for o in _all(document)
        if first.setdefault((o.span, o.symbol.kind), o.symbol) != o.symbol
    )


def of(document: Document, symbol: Symbol) -> tuple[Occurrence, ...]:
    """The occurrences of one thing in a file."""
    return by_symbol(document).get(symbol, ())


def at(document: Document, offset: int) -> Occurrence | None:
    """The name that stands at an offset, its end included; of two that touch the one that begins there.

    In a workflow it is told without the rest of the file: somebody who points at a name need not wait for all
    others.
    """
    from st2lang.query import used, written

    here: dict[tuple[Span, Kind], Occurrence] = {}
    for found in used.names_at(document, offset):
        if offset in found.span:
            here.setdefault((found.span, found.symbol.kind), found)
    if here:
        return max(here.values(), key=lambda o: (o.span, o.symbol.kind.value))
    if document.workflow is None:
        return among(occurrences(document), offset)
    return among(_each_once(written.names_near(document, offset)), offset)


def among(known: tuple[Occurrence, ...], offset: int) -> Occurrence | None:
    """`at`, among all occurrences of a file."""
    for i in range(bisect_right(known, offset, key=lambda o: o.span.start) - 1, -1, -1):
        if offset in known[i].span:
            return known[i]
        if offset - known[i].span.start > _LONGEST:
            return None
    return None


_LONGEST = 1000
"""Names do not nest; none that begins further back than this reaches the offset."""


def definitions(document: Document, symbol: Symbol) -> tuple[Occurrence, ...]:
    """Where a thing is defined or set in a file. Expressions themselves define but names of their own.

    All names need not be known for it; where they are, they are not looked for again.
    """
    from st2lang.query import rehearsals, used, written

    if by_symbol.knows(document):
        known = of(document, symbol)
    elif symbol.kind is Kind.LOCAL:
        known = _each_once(used.bound(document, symbol))
    else:
        known = _each_once((*written.setting(document, symbol), *rehearsals.names(document)))
    return tuple(o for o in known if o.symbol == symbol and o.access is not Access.READ)
