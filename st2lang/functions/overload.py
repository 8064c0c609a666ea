"""Overloads: which implementation a call means, decided by the types of its arguments.

YAQL chooses as `yaql.language.runner` does: every overload that takes the arguments is a candidate,
the one with the narrower types wins, and two that neither is narrower are an error. All checks look
at the type of a value only, so the choice is made once for every combination of types and kept.

An implementation module has a `Family` and decorates its functions; the annotations (`Text`, `Int`,
`Lambda` …) say what a parameter takes. A first parameter `env` gets the names the call sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

from st2lang.functions.failure import EvaluationError
from st2lang.functions.values import Env, LazyRule, Names, Rule, limited

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "?", "__slots__": ()})()
"""The default of a parameter that knows whether it was given."""

_NULL = type(None)


class Takes:
    """What a parameter takes, and what becomes of the value."""

    __slots__ = ("convert", "excluding", "known", "lazy", "name", "nullable", "python")

    def __init__(
        self,
        name: str,
        python: type | tuple[type, ...],
        nullable: bool = False,
        excluding: tuple[type, ...] = (),
        convert: Callable[[Any, Env], Any] | None = None,
        lazy: str = "",
    ) -> None:
        self.name = name
        self.python = python
        self.nullable = nullable
        self.excluding = excluding
        self.convert = convert
        self.lazy = lazy
        self.known: dict[type, bool] = {}

    def takes(self, kind: type) -> bool:
        """Whether values of this type are taken."""
        answer = self.known.get(kind)
        if answer is None:
            if kind is _NULL:
                answer = self.nullable
            else:
                answer = issubclass(kind, self.python) and not issubclass(kind, self.excluding)
            self.known[kind] = answer
        return answer

    def narrower(self, other: Takes) -> bool:
        """Whether this takes less than the other one, as far as Python's classes tell."""
        if self.lazy or other.lazy:
            return False
        ours, theirs = self.python, other.python
        if isinstance(ours, tuple) or isinstance(theirs, tuple):
            return False
        return issubclass(ours, theirs) and not issubclass(theirs, ours)


def _limit(value: Any, env: Env) -> Any:
    return value if isinstance(value, Sequence | Mapping | Set) else limited(value, env[None])


def _aware(value: datetime, env: Env) -> datetime:
    if value.tzinfo is not None:
        return value
    from dateutil.tz import tzutc

    return value.replace(tzinfo=tzutc())


ITERABLE = Takes("list", Iterable, excluding=(str, Mapping), convert=_limit)
ANY = Takes("any value", object, nullable=True)

Value = Annotated[Any, ANY]
Given = Annotated[Any, Takes("a value", object)]
Null = Annotated[None, Takes("null", _NULL, nullable=True)]
Text = Annotated[str, Takes("string", str)]
OptionalText = Annotated[str | None, Takes("string or null", str, nullable=True)]
Int = Annotated[int, Takes("integer", int)]
OptionalInt = Annotated[int | None, Takes("integer or null", int, nullable=True)]
StrictInt = Annotated[int, Takes("integer", int, excluding=(bool,))]
Number = Annotated[Any, Takes("number", (int, float), excluding=(bool,))]
OptionalNumber = Annotated[Any, Takes("number or null", (int, float), True, (bool,))]
Flag = Annotated[bool, Takes("boolean", bool)]
OptionalFlag = Annotated[bool | None, Takes("boolean or null", bool, nullable=True)]
Items = Annotated[Iterable[Any], ITERABLE]
Unordered = Annotated[
    Iterable[Any],
    Takes("list", Iterable, excluding=(str, Mapping, Set), convert=_limit),
]
Lazy = Annotated[Iterator[Any], Takes("iterator", Iterator)]
Listed = Annotated[Sequence[Any], Takes("list", Sequence, excluding=(str, dict))]
Dict = Annotated[Mapping[Any, Any], Takes("dict", Mapping)]
Members = Annotated[Any, Takes("set", Set)]
Pattern = Annotated[re.Pattern[str], Takes("regex", re.Pattern)]
Moment = Annotated[datetime, Takes("datetime", datetime, convert=_aware)]
PlainMoment = Annotated[datetime, Takes("datetime", datetime)]
Span = Annotated[timedelta, Takes("timespan", timedelta)]
OptionalSpan = Annotated[timedelta | None, Takes("timespan or null", timedelta, nullable=True)]
Pair = Annotated[Rule, Takes("key => value", Rule)]
Scope = Annotated[Names, Takes("names", Names)]
Lambda = Annotated[Callable[..., Any], Takes("expression", object, True, lazy="lambda")]
OptionalLambda = Annotated[
    Callable[..., Any] | None, Takes("expression", object, True, lazy="lambda")
]
InNames = Annotated[Callable[..., Any], Takes("expression", object, True, lazy="names")]
OptionalInNames = Annotated[
    Callable[..., Any] | None, Takes("expression", object, True, lazy="names")
]
LazyPair = Annotated[LazyRule, Takes("key => value", object, lazy="rule")]


class Parameter:
    """One parameter of an implementation, by the name that YAQL knows it under."""

    __slots__ = ("default", "name", "takes")

    def __init__(self, name: str, takes: Takes, default: Any) -> None:
        self.name = name
        self.takes = takes
        self.default = default


REQUIRED: Any = object()
"""The `default` of a parameter without one."""


class Overload:
    """One implementation: what it takes and how it may be called.

    `plain` ones take no named arguments: `a => b` is a pair to them.
    """

    __slots__ = (
        "as_function", "as_method", "call", "env", "keywords", "name", "parameters", "plain", "rest",
    )  # fmt: skip

    def __init__(
        self, name: str, call: Callable[..., Any], function: bool, method: bool, plain: bool
    ) -> None:
        self.name = name
        self.call = call
        self.as_function = function
        self.as_method = method
        self.plain = plain
        code: Any = call.__code__
        names = code.co_varnames[: code.co_argcount]
        self.env = names[:1] in (("env",), ("scope",))
        if names[:1] == ("scope",):
            self.call = _with_scope(name, call)
        defaults: tuple[Any, ...] = call.__defaults__ or ()
        given = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
        takes = {key: _takes(value) for key, value in call.__annotations__.items()}
        self.parameters = tuple(
            Parameter(camel(key), takes[key], given.get(key, REQUIRED))
            for key in names[int(self.env) :]
        )
        index = code.co_argcount
        self.rest = takes[code.co_varnames[index]] if code.co_flags & 4 else None
        self.keywords = bool(code.co_flags & 8)


def _takes(annotation: Any) -> Takes:
    found = getattr(annotation, "__metadata__", (ANY,))[0]
    return found if isinstance(found, Takes) else ANY


def _with_scope(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def in_workflow(env: Env, *args: Any, **kwargs: Any) -> Any:
        scope = env[None].scope
        if scope is None:
            raise EvaluationError(f"`{name}()` has a value in workflows only", "unknown-function")
        return call(scope, *args, **kwargs) if args or kwargs else call(scope)

    return in_workflow


def camel(name: str) -> str:
    """`max_splits` as `maxSplits`, `from_` as `from`: YAQL's naming convention."""
    return re.sub(r"(?!^)_(\w)", lambda match: match[1].upper(), name.rstrip("_"))


_F = TypeVar("_F", bound=Callable[..., Any])


class Family:
    """The implementations of one module, by name."""

    def __init__(self) -> None:
        self.overloads: dict[str, list[Overload]] = {}

    def function(self, *names: str, plain: bool = False) -> Callable[[_F], _F]:
        """Decorates what is called as `name(…)`."""
        return self._adds(names, True, False, plain)

    def method(self, *names: str, plain: bool = False) -> Callable[[_F], _F]:
        """Decorates what is called as `value.name(…)`."""
        return self._adds(names, False, True, plain)

    def both(self, *names: str, plain: bool = False) -> Callable[[_F], _F]:
        """Decorates what is called either way."""
        return self._adds(names, True, True, plain)

    def _adds(self, names: Iterable[str], *flags: bool) -> Callable[[_F], _F]:
        def add(call: _F) -> _F:
            for name in names:
                self.overloads.setdefault(name, []).append(Overload(name, call, *flags))
            return call

        return add
