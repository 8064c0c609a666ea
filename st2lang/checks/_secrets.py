"""Where secrets come from, and which names they flow into.

A secret is a parameter that the workflow's own action declares `secret`, or a value decrypted from the
datastore. It flows on where an expression keeps the text of it: put into a text, a list or a mapping,
joined, formatted, converted. Comparing, counting or hashing it gives something else. Flow follows names:
what is given to a variable anywhere may be in it everywhere, unless something else is given to it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from st2lang.checks._own_action import own_actions
from st2lang.checks._variables import assignments
from st2lang.dialects.model import Assignment
from st2lang.document import Document
from st2lang.expressions import jinja_ast as jinja
from st2lang.expressions import yaql_ast as yaql
from st2lang.source import Span
from st2lang.symbols import Place, Role
from st2lang.symbols.jinja import is_context as is_jinja_context
from st2lang.symbols.yaql import is_context

Leak = tuple[str, Span]
"""What the secret is called in a message, and its place in the file."""

_Secret = Callable[[str], bool]

_KEEPING = """
    str string concat format join replace tolower toupper lower upper trim trimleft trimright norm
    json tojson tojsonstring toyamlstring parsejsonstring jsonescape jsonparse coalesce list dict set
    default d urlencode b64encode tocomplex usenone escape e safe indent items values first last
"""
_KEEPS = frozenset(_KEEPING.split())
"""Functions and filters whose result still shows what they were given (names without underscores)."""

_DECRYPTED = "the decrypted value of "


class Secrets:
    """The secrets of one workflow."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.declared = frozenset(_declared(document))
        self.names = self.declared
        self._follow()

    def in_place(self, place: Place) -> Iterator[Leak]:
        """The secrets that are part of a string's value, each once."""
        seen: set[str] = set()
        for embedded in place.text.expressions:
            if embedded.node is None or embedded.inert or place.text.mixed:
                continue
            if embedded.language == "yaql":
                found = _yaql(embedded.yaql, self.names.__contains__)
            else:
                found = _jinja(embedded.jinja, self.names.__contains__, place.orquesta)
            for name, span in found:
                if name not in seen:
                    seen.add(name)
                    yield name, place.span_of(embedded, span)

    def _follow(self) -> None:
        """Let the secrets flow into the variables until nothing changes."""
        given: dict[int, list[Place]] = {}
        for place in self._document.places:
            if place.role in (Role.VARS, Role.PUBLISH) and place.assignment is not None:
                given.setdefault(id(place.assignment), []).append(place)
        workflow = self._document.workflow
        inputs = workflow.inputs if workflow is not None else ()
        variables = [a for a in assignments(self._document) if not any(a is i for i in inputs)]
        ended: set[str] = set()
        for _ in range(len(variables) + 1):
            names = set(self.declared) - ended
            while self._spread(names, variables, given, ended):
                pass
            self.names = frozenset(names)
            others = {
                a.name.text
                for a in variables
                if a.name.text in names and not _empty(a) and not self._holds(a, given)
            }
            if others <= ended:
                return
            ended |= others

    def _spread(
        self,
        names: set[str],
        variables: list[Assignment],
        given: dict[int, list[Place]],
        ended: set[str],
    ) -> bool:
        """Add the variables that are given a secret directly; True when there were any."""
        self.names = frozenset(names)
        new = {
            a.name.text
            for a in variables
            if a.name.text not in names and a.name.text not in ended and self._holds(a, given)
        }
        names |= new
        return bool(new)

    def _holds(self, assignment: Assignment, given: dict[int, list[Place]]) -> bool:
        return any(True for p in given.get(id(assignment), ()) for _ in self.in_place(p))


def _declared(document: Document) -> Iterator[str]:
    """The secret parameters that arrive in the workflow."""
    workflow = document.workflow
    if workflow is None:
        return
    arriving = {a.name.text for a in workflow.inputs} if workflow.orquesta else None
    for action in own_actions(document):
        for name, parameter in action.parameters.items():
            if parameter.secret and (arriving is None or name in arriving):
                yield name


def _empty(assignment: Assignment) -> bool:
    """True for a value that only reserves the name."""
    return assignment.value is None or not assignment.value.data


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _yaql(node: yaql.Node, secret: _Secret) -> Iterator[Leak]:
    """The secrets in the value of a YAQL expression."""
    pending: list[yaql.Node | None] = [node]
    while pending:
        current = pending.pop()
        variable = _yaql_variable(current)
        match current:
            case _ if variable is not None:
                if secret(variable[0]):
                    yield variable
            case yaql.Call(name="st2kv", args=args, name_span=span):
                if any(map(_says_decrypt, args)):
                    yield f"{_DECRYPTED}`st2kv`", span
            case yaql.Member(receiver=receiver, member=yaql.Call(name=name, args=args)):
                pending += [receiver, *args] if _plain(name) in _KEEPS else []
            case yaql.Member(receiver=inner) | yaql.Index(receiver=inner):
                pending.append(inner)
            case yaql.Call(name=name, args=args):
                pending += args if _plain(name) in _KEEPS else ()
            case yaql.Binary(operator="+", left=left, right=right):
                pending += [left, right]
            case yaql.Group(inner=inner) | yaql.NamedArgument(value=inner):
                pending.append(inner)
            case yaql.ListDisplay(items=items) | yaql.DictDisplay(items=items):
                pending += items
            case _:
                pass


def _yaql_variable(node: yaql.Argument) -> Leak | None:
    """The variable of the context that a node is, with the place of its name."""
    match node:
        case yaql.Member(receiver=receiver, member=yaql.Keyword(name, span)) if is_context(
            receiver
        ):
            return name, span
        case yaql.Member(receiver=receiver, member=yaql.Call(args=(first, *_))) if is_context(
            receiver
        ):
            return _yaql_name(first)
        case yaql.Index(receiver=receiver, args=(first,)) if is_context(receiver):
            return _yaql_name(first)
        case yaql.Call(name="ctx", args=(first,)):
            return _yaql_name(first)
        case _:
            return None


def _yaql_name(argument: yaql.Argument) -> Leak | None:
    match argument:
        case yaql.Keyword(name, span) | yaql.Literal(value=str(name), span=span):
            return name, span
        case _:
            return None


def _says_decrypt(argument: yaql.Argument) -> bool:
    match argument:
        case yaql.NamedArgument(name=yaql.Keyword(name="decrypt"), value=yaql.Literal(value=True)):
            return True
        case _:
            return False


def _jinja(node: jinja.Node, secret: _Secret, orquesta: bool) -> Iterator[Leak]:
    """The secrets in the value of a Jinja expression, or in the text of a template."""
    pending: list[jinja.Node | None] = [node]
    while pending:
        match pending.pop():
            case jinja.Template(body=items) | jinja.Output(values=items):
                pending += items
            case jinja.Name(name=name, span=span):
                if not orquesta and secret(name):
                    yield name, span
            case jinja.Attribute(base=base, name=name, name_span=span) if is_jinja_context(base):
                if secret(name):
                    yield name, span
            case jinja.Attribute(base=base) | jinja.Item(base=base):
                pending.append(base)
            case jinja.Call() as call:
                yield from _jinja_call(call, secret)
            case jinja.Filter(base=base, name="decrypt_kv", name_span=span):
                yield f"{_DECRYPTED}`decrypt_kv`", span
            case jinja.Filter(base=base, name=name, arguments=arguments):
                if _plain(name) in _KEEPS:
                    pending += [base, *(argument.value for argument in arguments)]
            case jinja.Conditional(then=then, otherwise=otherwise):
                pending += [then, otherwise]
            case jinja.Binary(operator="+" | "~" | "%", left=left, right=right):
                pending += [left, right]
            case jinja.ListDisplay(items=items) | jinja.TupleDisplay(items=items):
                pending += items
            case jinja.DictDisplay(pairs=pairs):
                pending += [value for _, value in pairs]
            case _:
                pass


def _jinja_call(call: jinja.Call, secret: _Secret) -> Iterator[Leak]:
    match call.function:
        case jinja.Name(name="ctx") if call.arguments:
            value = call.arguments[0].value
            name = value.value if isinstance(value, jinja.Const) else None
            if isinstance(name, str) and secret(name):
                yield name, value.span
        case jinja.Name(name="st2kv", span=span):
            for argument in call.arguments:
                value = argument.value
                if argument.name == "decrypt" and isinstance(value, jinja.Const) and value.value:
                    yield f"{_DECRYPTED}`st2kv`", span
        case _:
            pass
